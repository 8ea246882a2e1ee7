"""The HTTP doors that are mounted in front of Reflex; each street adds its own here."""

from __future__ import annotations

from starlette.routing import BaseRoute

from kaspi_web.api import (
    auth,
    cancellations,
    cards,
    carrier,
    identity,
    merchant_orders,
    osmp,
    papers,
    pictures,
    requisites,
    shop_pages,
    sim_seller,
    sitemaps,
)
from kaspi_web.kernel.bank import Bank


def routes(bank: Bank) -> list[BaseRoute]:
    """Every endpoint of this bank besides the pages and their socket."""
    return [
        *auth.routes(bank),
        *cancellations.routes(bank),
        *osmp.routes(bank),
        *cards.routes(bank),
        *carrier.routes(bank),
        *identity.routes(bank),
        *merchant_orders.routes(bank),
        *papers.routes(bank),
        *pictures.routes(bank),
        *requisites.routes(bank),
        *shop_pages.routes(bank),
        *sim_seller.routes(bank),
        *sitemaps.routes(bank),
    ]
