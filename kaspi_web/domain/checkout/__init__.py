"""Buying a basket: what is agreed, the stock set aside for it, and the one transaction that makes the orders."""
