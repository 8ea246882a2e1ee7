"""Merchants who sell in the shop, and the points where their goods wait."""
