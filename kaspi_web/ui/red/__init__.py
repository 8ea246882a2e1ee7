"""Kaspi RED: the rules and joining, and for members the limit, the bills and paying them."""
