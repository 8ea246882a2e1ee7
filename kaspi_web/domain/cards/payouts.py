"""Payouts to other banks' cards: asked of the processor by one key until its last word.

A payout moves no money in our ledger: the street that began it holds the money first, and posts it to `card_payouts`
when it is told that the payout was done, or gives it back when it was declined. A time-out is unknown, not no.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import select

from kaspi_web.domain.cards import jobs
from kaspi_web.domain.cards.jobs import JOB, ChargeKeyReused
from kaspi_web.domain.cards.models import CardPayout
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import ordered_key
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.processing import PaidOut


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A payout as a street sees it: `state` is new, done or declined; `changed` tells whether this answer was news."""

    id: int
    key: str
    customer_id: int
    last4: str
    amount: Money
    subject: str
    state: str
    reason: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class PayoutJob:
    """What a worker needs to ask the processor for one payout."""

    id: int
    key: str
    token: str
    amount: Money


def begin(unit: Unit, *, customer_id: int, token: str, last4: str, amount: Money, subject: str) -> int:
    """Ask for a payout to the card of this token, once for a subject; answers its id.

    Raises ChargeKeyReused when the subject has another payout.
    """
    lock_name(unit, f"card_payout:{subject}")
    first = unit.exec(select(CardPayout).where(CardPayout.subject == subject)).one_or_none()
    if first is not None:
        if (first.token, first.amount_tiyn) != (token, amount.tiyn):
            raise ChargeKeyReused
        return _id(first)
    now = real_now()
    row = CardPayout(
        key=ordered_key(),
        customer_id=customer_id,
        token=token,
        last4=last4,
        amount_tiyn=amount.tiyn,
        subject=subject,
        created_at=unit.clock.now(),
        due_at=now,
        leased_until=now,
    )
    unit.tell(JOB)
    return unit.put(row)


def payout(unit: Unit, *, payout_id: int) -> PayoutView:
    """A payout, for the street that began it; raises NotFound."""
    found = unit.get(CardPayout, payout_id, populate_existing=True)
    if found is None:
        raise NotFound
    return _view(found)


def claim(unit: Unit, *, most: int = 10) -> list[PayoutJob]:
    """Take payouts that are due; each is leased for a minute."""
    rows = jobs.claim(unit, CardPayout, most)
    return [PayoutJob(_id(row), row.key, row.token, Money(row.amount_tiyn)) for row in rows]


def hand_back(unit: Unit, *, payout_ids: list[int]) -> None:
    """End the leases of a worker that stops before it had its answers."""
    jobs.hand_back(unit, CardPayout, payout_ids)


def noted(unit: Unit, *, payout_id: int, answer: PaidOut) -> PayoutView:
    """Write the processor's last word down; a second word changes nothing. For `domain/sagas`; raises NotFound."""
    row = _locked(unit, payout_id)
    if row.state != "new" or answer.state not in ("done", "declined"):
        return _view(row)
    row.state, row.reason, row.leased_until = answer.state, answer.reason[:24], real_now()
    unit.flush()
    unit.tell(f"customer:{row.customer_id}")
    return _view(row, changed=True)


def unknown(unit: Unit, *, payout_id: int, word: str) -> None:
    """Nothing is known: ask again later, and never give up. Raises NotFound."""
    row = _locked(unit, payout_id)
    if row.state == "new":
        jobs.put_off(row, word)
        unit.tell(JOB)


def _locked(unit: Unit, payout_id: int) -> CardPayout:
    row = unit.exec(select(CardPayout).where(CardPayout.id == payout_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    return row


def _id(row: CardPayout) -> int:
    assert row.id is not None
    return row.id


def _view(row: CardPayout, *, changed: bool = False) -> PayoutView:
    amount = Money(row.amount_tiyn)
    return PayoutView(
        _id(row), row.key, row.customer_id, row.last4, amount, row.subject, row.state, row.reason, changed
    )
