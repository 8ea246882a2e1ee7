"""Kaspi RED, instalments and credit: plans, their bills, what is paid and what is late."""
