"""Bonuses: what a payment earns."""
