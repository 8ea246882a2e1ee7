"""The catalogue: categories, one card for each product, offers of several sellers, stock and reviews.

No money moves here.
"""
