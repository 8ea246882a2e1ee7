"""Customers: who they are, how they prove it, and what their names look like to others."""
