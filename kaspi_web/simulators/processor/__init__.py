"""The simulated processor of other banks' cards: tokens, 3-D Secure by SMS, charges, refunds and payouts.

A program of its own, which stands for the card network and every bank behind it. It knows the test numbers of
docs/simulators.md and no others, and keeps none of them: in its file a card is a token.
"""
