"""A biller gives a payment back: it asks the bank, whose answer decides.

The wish is written down before the bank is asked, under a number of its own: no answer is not a no, and asking again
with the same number cancels once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from kaspi_web.kernel.money import Money
from kaspi_web.simulators.biller.accounts import Biller
from kaspi_web.simulators.biller.book import Book, Cancellation

_TIMEOUT_S = 10.0


class BadCancellation(Exception):
    """A wish that was not understood; says what was expected."""


@dataclass(frozen=True, slots=True)
class Bank:
    """Where the bank takes cancellations, and the password that the simulated billers have there."""

    url: str = ""
    secret: str = ""


def read(biller: Biller, given: Mapping[str, Any], book: Book) -> Cancellation:
    """The cancellation in a JSON object: `txn_id`, and `sum` unless all of it; raises BadCancellation."""
    row = book.find(biller.code, str(given.get("txn_id", "")))
    if row is None:
        raise BadCancellation("txn_id: a payment of this biller")
    try:
        amount = Money.from_wire(str(given["sum"])) if given.get("sum") else row.sum - row.cancelled
    except ValueError:
        raise BadCancellation("sum: such as 200.00") from None
    if amount.tiyn <= 0:
        raise BadCancellation("sum: above zero")
    number = str(given.get("cancel_id") or uuid.uuid4())[:64]
    return Cancellation(number, biller.code, row.txn_id, amount, str(given.get("reason") or "")[:200])


async def ask(bank: Bank, wish: Cancellation) -> tuple[str, dict[str, Any]]:
    """The new state of the cancellation and what the bank said: its status and its body."""
    body = {"cancel_id": wish.cancel_id, "txn_id": wish.txn_id, "sum": wish.sum.wire, "reason": wish.reason}
    where = f"{bank.url.rstrip('/')}/billers/{wish.biller}/cancellations"
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as http:
            answer = await http.post(where, json=body, auth=(wish.biller, bank.secret))
    except httpx.HTTPError as error:
        return "asked", {"status": 0, "answer": type(error).__name__}
    state = "done" if answer.is_success else "refused" if answer.is_client_error else "asked"
    return state, {"status": answer.status_code, "answer": answer.text[:2000]}
