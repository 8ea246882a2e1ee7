"""Refunds of charges on their way to the processor, begun by `charges.refund`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select, update

from kaspi_web.domain.cards import jobs
from kaspi_web.domain.cards.jobs import JOB
from kaspi_web.domain.cards.models import CardCharge, CardRefund
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.processing import PaidOut


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund as a street sees it: `state` is new, done or declined; `changed` tells whether this answer was news."""

    id: int
    key: str
    charge_id: int
    customer_id: int
    amount: Money
    subject: str
    state: str
    reason: str
    changed: bool


@dataclass(frozen=True, slots=True)
class RefundJob:
    """What a worker needs to ask the processor for one refund."""

    id: int
    key: str
    charge_key: str
    amount: Money


def claim(unit: Unit, *, most: int = 10) -> list[RefundJob]:
    """Take refunds of captured charges that are due; each is leased for a minute."""
    return [_job(unit, row) for row in jobs.claim(unit, CardRefund, most)]


def _job(unit: Unit, row: CardRefund) -> RefundJob:
    key = unit.exec(select(CardCharge.key).where(CardCharge.id == row.charge_id)).one()
    assert row.id is not None
    return RefundJob(row.id, row.key, key, Money(row.amount_tiyn))


def hand_back(unit: Unit, *, refund_ids: list[int]) -> None:
    """End the leases of a worker that stops before it had its answers."""
    jobs.hand_back(unit, CardRefund, refund_ids)


def noted(unit: Unit, *, refund_id: int, answer: PaidOut) -> RefundView:
    """Write the processor's last word down; what was declined can be asked for again under another key.

    A second word changes nothing. For `domain/sagas`; raises NotFound.
    """
    row = _locked(unit, refund_id)
    if row.state != "new" or answer.state not in ("done", "declined"):
        return _view(unit, row, changed=False)
    row.state, row.reason, row.leased_until = answer.state, answer.reason[:24], real_now()
    if answer.state == "declined":
        less = update(CardCharge).where(col(CardCharge.id) == row.charge_id)
        unit.exec(less.values(refunded_tiyn=CardCharge.refunded_tiyn - row.amount_tiyn))
    unit.flush()
    return _view(unit, row, changed=True)


def lapsed(unit: Unit, charge: CardCharge) -> None:
    """The charge was voided before it was captured: what was to go back to the card never left it; nobody is told."""
    charge.refunded_tiyn = 0
    unit.flush()
    waiting = (col(CardRefund.charge_id) == charge.id, col(CardRefund.state) == "new")
    unit.exec(update(CardRefund).where(*waiting).values(state="declined", reason="lapsed"))


def unknown(unit: Unit, *, refund_id: int, word: str) -> None:
    """Nothing is known: ask again later, and never give up. Raises NotFound."""
    row = _locked(unit, refund_id)
    if row.state == "new":
        jobs.put_off(row, word)
        unit.tell(JOB)


def _locked(unit: Unit, refund_id: int) -> CardRefund:
    row = unit.exec(select(CardRefund).where(CardRefund.id == refund_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    return row


def _view(unit: Unit, row: CardRefund, *, changed: bool) -> RefundView:
    owner = unit.exec(select(CardCharge.customer_id).where(CardCharge.id == row.charge_id)).one()
    assert row.id is not None
    amount = Money(row.amount_tiyn)
    return RefundView(row.id, row.key, row.charge_id, owner, amount, row.subject, row.state, row.reason, changed)
