"""A basket for each customer, the same on every device."""
