"""Simulated sellers: one real program that works for the sellers of a demo through the merchants' order API.

    MERCHANT_SECRET=... MERCHANT_TOKENS='{"slug": "token"}' python -m kaspi_web.simulators.merchant --port 3103

It accepts new orders after a moment, brings parcels on their way, and at the counter asks for the buyer's code and
types what the buyer says. It keeps nothing: the orders are the bank's. docs/simulators.md says what can be asked of it.
"""
