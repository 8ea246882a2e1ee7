"""Top-ups and the networks that tell of them."""

from __future__ import annotations

import itertools
from typing import Any

from kaspi_web.domain.terminals import topups
from kaspi_web.domain.terminals.models import TerminalNetwork
from kaspi_web.domain.terminals.topups import TopUpResult, secret_digest
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from tests.make.customers import PHONE

SLOW_TERMINAL = "almaty-02"
_numbers = itertools.count(1)


def top_up(bank: Bank, amount: Money = Money.tenge(20_000), **overrides: Any) -> TopUpResult:  # noqa: B008
    """A network's `pay`."""
    usual = {
        "network": "kaspi",
        "txn_id": str(next(_numbers)),
        "txn_date": bank.clock.now(),
        "account": PHONE,
        "amount": amount,
    }
    return bank.db.write_now(topups.pay, **(usual | overrides))


def network(bank: Bank, slug: str = "other", *, secret: str = "s", **overrides: Any) -> str:
    """Another terminal network."""
    bank.db.write_now(_network, slug, secret, **overrides)
    return slug


def _network(unit: Unit, slug: str, secret: str, **overrides: Any) -> None:
    usual = {
        "name": slug.title(),
        "secret_digest": secret_digest(unit, slug, secret),
        "minimum_tiyn": Money.tenge(100).tiyn,
        "maximum_tiyn": Money.tenge(500_000).tiyn,
    }
    unit.add(TerminalNetwork(slug=slug, **(usual | overrides)))
