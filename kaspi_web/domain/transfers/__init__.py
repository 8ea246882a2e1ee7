"""Transfers: to a phone, between one's own accounts, to a card; limits, undoing, and asking money back."""
