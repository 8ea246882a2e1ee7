"""Reconciling: the bank's book of a day beside that of a biller."""
