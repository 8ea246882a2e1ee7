"""Everything that is done with a checkout, from opening it to the one tap, under one name."""

from __future__ import annotations

from kaspi_web.domain.checkout.buying import Bought, CodeNeeded, buy, charge_of, purchase
from kaspi_web.domain.checkout.confirming import confirm, send_code
from kaspi_web.domain.checkout.fetching import Fetch
from kaspi_web.domain.checkout.intents import BasketEmpty, CheckoutContentChanged, CheckoutExpired, open
from kaspi_web.domain.checkout.proposals import CheckoutProposalChanged, Proposal, propose
from kaspi_web.domain.checkout.views import CheckoutView, view

__all__ = [
    "BasketEmpty",
    "Bought",
    "CheckoutContentChanged",
    "CheckoutExpired",
    "CheckoutProposalChanged",
    "CheckoutView",
    "CodeNeeded",
    "Fetch",
    "Proposal",
    "buy",
    "charge_of",
    "confirm",
    "open",
    "propose",
    "purchase",
    "send_code",
    "view",
]
