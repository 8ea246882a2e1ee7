"""An operator settles by hand what the registry could not: one payment that is on the list of differences."""

from __future__ import annotations

from kaspi_web.domain.bills import differences, outcomes
from kaspi_web.domain.bills.funding import locked
from kaspi_web.domain.bills.models import BillPayment
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound, Refused

WORDS = ("done", "refused")
_NUMBER_DIGITS = 18


class NotByHand(Refused):
    """The payment is still asked about, or its last word was another: that is never changed."""

    code = "not_by_hand"


def settle(unit: Unit, *, txn_id: str, word: str) -> None:
    """Write down `word`, which the operator has from the biller, and resolve what is open about the payment.

    A payment that had its last word keeps it, and only the same word is taken; one that is not ours can only be
    refused. Raises NotFound for a payment without an open difference, and NotByHand.
    """
    assert word in WORDS
    row = _payment(unit, txn_id)
    billers = {each.biller for each in differences.differences(unit, txn_id=txn_id)}
    if not billers:
        raise NotFound
    if row is not None and row.biller in billers:
        billers, state = {row.biller}, _settled(unit, row, word)
    elif word == "refused":
        state = ""
    else:
        raise NotByHand
    for biller in sorted(billers):
        differences.resolved_by_hand(unit, biller=biller, txn_id=txn_id, our_state=state)


def _payment(unit: Unit, txn_id: str) -> BillPayment | None:
    if not (txn_id.isascii() and txn_id.isdecimal() and len(txn_id) <= _NUMBER_DIGITS):
        return None
    return locked(unit, BillPayment.txn_id == int(txn_id))


def _settled(unit: Unit, row: BillPayment, word: str) -> str:
    assert row.id is not None
    if row.state == "registry" and word == "done":
        outcomes.accepted(unit, payment_id=row.id, biller_txn="")
    elif row.state == "registry":
        outcomes.refused(unit, payment_id=row.id, word="registry")
    elif row.state != word:
        raise NotByHand
    return word
