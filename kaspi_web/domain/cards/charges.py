"""Charges on other banks' cards: asked for, proved by a code, then captured or voided; and their refunds.

    new ──> challenge ──> authorised ──capture──> captured ──refund──> captured, so much less
     │          │             └─────────void────> voided
     └──────────┴──> declined

A charge moves no money in our ledger: the street that began it posts what the card has paid when its own deed
succeeds, `card_processor` to whoever is paid, and is told of every answer through `domain/sagas`. A time-out is
unknown, not no: the same key is asked again. A charge that is not authorised within a quarter of an hour is voided;
capturing and voiding never give up. All of it in real time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select, update

from kaspi_web.domain.cards import jobs, refunds
from kaspi_web.domain.cards.jobs import JOB, ChargeKeyReused
from kaspi_web.domain.cards.models import Card, CardCharge, CardRefund
from kaspi_web.domain.cards.service import CardGone, usable
from kaspi_web.domain.customers import service as customers
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import ordered_key
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import NotFound, Refused
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.processing import Charged

AUTHORISE_WITHIN = timedelta(minutes=15)
_LOOK_AGAIN = timedelta(seconds=20)
"""How often the processor is asked what became of a code, should the answer to it have been lost."""
_RANKS = {"new": 0, "challenge": 1, "authorised": 2, "captured": 3, "voided": 3, "declined": 3}
ENDS = ("captured", "voided", "declined")


class ChargeNotAuthorised(Refused):
    """Nothing can be captured or given back: the card has not agreed, or the charge is over."""

    code = "charge_not_authorised"


class ChargeCaptured(Refused):
    """The charge is captured, or about to be: it can be refunded and not voided."""

    code = "charge_captured"


class RefundTooLarge(Refused):
    """More would be given back than is left of the charge."""

    code = "refund_too_large"


@dataclass(frozen=True, slots=True)
class ChargeView:
    """A charge as a street sees it; `changed` tells whether the last answer changed anything.

    `wanted` is what the processor is still to be asked for: authorise, capture, void or nothing.
    """

    id: int
    key: str
    customer_id: int
    card_id: int
    amount: Money
    subject: str
    state: str
    wanted: str
    reason: str
    refunded: Money
    changed: bool = False


@dataclass(frozen=True, slots=True)
class ChargeJob:
    """What a worker needs to ask the processor: `deed` is authorise, look, capture or void."""

    id: int
    deed: str
    key: str
    token: str
    amount: Money
    phone: str
    language: str
    payee: str


def begin(unit: Unit, *, customer_id: int, card_id: int, amount: Money, subject: str, payee: str = "") -> int:
    """Ask for a charge on a customer's card of another bank, once for a subject; answers its id.

    Raises NotFound, CardGone, CardFrozen, or ChargeKeyReused when the subject has another charge; then nothing is
    asked.
    """
    lock_name(unit, f"card_charge:{subject}")
    first = unit.exec(select(CardCharge).where(CardCharge.subject == subject)).one_or_none()
    if first is not None:
        if (first.card_id, first.amount_tiyn) != (card_id, amount.tiyn):
            raise ChargeKeyReused
        return _id(first)
    card = usable(unit, customer_id=customer_id, card_id=card_id)
    if card.is_own:
        raise NotFound
    now = real_now()
    row = CardCharge(
        key=ordered_key(),
        customer_id=customer_id,
        card_id=card_id,
        token=card.token,
        amount_tiyn=amount.tiyn,
        payee=payee[:120],
        subject=subject,
        created_at=unit.clock.now(),
        due_at=now,
        leased_until=now,
        gives_up_at=now + AUTHORISE_WITHIN,
    )
    unit.tell(JOB)
    return unit.put(row)


def charge(unit: Unit, *, charge_id: int) -> ChargeView:
    """A charge, for the street that began it; raises NotFound."""
    found = unit.get(CardCharge, charge_id, populate_existing=True)
    if found is None:
        raise NotFound
    return _view(found)


def capture(unit: Unit, *, charge_id: int) -> ChargeView:
    """Take the authorised money, after the commit; a second time changes nothing. Raises ChargeNotAuthorised."""
    row = _locked(unit, charge_id)
    if row.state == "captured" or row.wanted == "capture":
        return _view(row)
    if row.state != "authorised" or row.wanted == "void":
        raise ChargeNotAuthorised
    return _want(unit, row, "capture")


def void(unit: Unit, *, charge_id: int) -> ChargeView:
    """Give the charge up, after the commit, also when nothing is known of it yet; a second time changes nothing.

    Raises ChargeCaptured.
    """
    row = _locked(unit, charge_id)
    if row.state == "captured" or row.wanted == "capture":
        raise ChargeCaptured
    if row.state in ENDS or row.wanted == "void":
        return _view(row)
    return _want(unit, row, "void")


def _want(unit: Unit, row: CardCharge, wanted: str) -> ChargeView:
    row.wanted, row.due_at, row.tries = wanted, real_now(), 0
    unit.flush()
    unit.tell(JOB)
    return _view(row)


def claim(unit: Unit, *, most: int = 10) -> list[ChargeJob]:
    """Take charges of which the processor is to be asked now; each is leased for a minute."""
    return [_job(unit, row) for row in jobs.claim(unit, CardCharge, most)]


def _job(unit: Unit, row: CardCharge) -> ChargeJob:
    owner = customers.card(unit, customer_id=row.customer_id)
    deed = "look" if row.state == "challenge" and row.wanted == "authorise" else row.wanted
    amount = Money(row.amount_tiyn)
    return ChargeJob(_id(row), deed, row.key, row.token, amount, owner.phone, owner.language, row.payee)


def hand_back(unit: Unit, *, charge_ids: list[int]) -> None:
    """End the leases of a worker that stops before it had its answers."""
    jobs.hand_back(unit, CardCharge, charge_ids)


def noted(unit: Unit, *, charge_id: int, answer: Charged) -> ChargeView:
    """Write the processor's answer down. An older answer that comes late changes nothing, nor does one after the end.

    For `domain/sagas`, which tells the street; raises NotFound.
    """
    row = _locked(unit, charge_id)
    row.leased_until = real_now()
    if not _is_news(row, answer.state):
        return _view(row, changed=_stay(row, answer))
    row.state, row.reason, row.tries = answer.state, answer.reason[:24], 0
    if answer.state in ENDS or (answer.state == "authorised" and row.wanted == "authorise"):
        row.wanted = ""
    elif answer.state == "challenge" and row.wanted == "authorise":
        row.due_at = real_now() + _LOOK_AGAIN
    if answer.state == "voided":
        refunds.lapsed(unit, row)
    return _told(unit, row)


def _is_news(row: CardCharge, state: str) -> bool:
    # A card that has agreed is never declined after all: the processor answers for what it has authorised.
    agreed_before = row.state == "authorised" and state == "declined"
    return _RANKS.get(state, -1) > _RANKS[row.state] and not agreed_before


def _stay(row: CardCharge, answer: Charged) -> bool:
    if row.wanted in ("capture", "void"):
        jobs.put_off(row, answer.reason or answer.state)
    elif row.wanted:
        row.due_at = real_now() + _LOOK_AGAIN
        return _given_up_in_time(row)
    return False


def unknown(unit: Unit, *, charge_id: int, word: str) -> ChargeView:
    """Nothing is known: ask again later; what is not authorised in time is given up, which is news. Raises NotFound."""
    row = _locked(unit, charge_id)
    if not row.wanted:
        return _view(row)
    jobs.put_off(row, word)
    unit.tell(JOB)
    return _view(row, changed=_given_up_in_time(row))


def _given_up_in_time(row: CardCharge) -> bool:
    is_over = row.wanted == "authorise" and real_now() >= row.gives_up_at
    if is_over:
        row.wanted, row.due_at = "void", real_now()
    return is_over


def _told(unit: Unit, row: CardCharge) -> ChargeView:
    unit.flush()
    unit.tell(f"customer:{row.customer_id}")
    unit.tell(JOB)
    return _view(row, changed=True)


def refund(unit: Unit, *, charge_id: int, amount: Money, key: str, subject: str) -> int:
    """Give back a part or the whole of a charge to its card, once for a key; answers the refund's id.

    It is sent when the charge is captured. Raises ChargeNotAuthorised, RefundTooLarge, or CardGone when the card was
    unlinked: then the street credits the wallet instead; ChargeKeyReused when the key has another refund. Nothing is
    asked of the processor in any of these.
    """
    charged = _locked(unit, charge_id)
    first = unit.exec(select(CardRefund).where(CardRefund.key == key)).one_or_none()
    if first is not None:
        if (first.charge_id, first.amount_tiyn) != (charge_id, amount.tiyn):
            raise ChargeKeyReused
        return _refund_id(first)
    if charged.state != "captured" and charged.wanted != "capture":
        raise ChargeNotAuthorised
    of = unit.exec(select(Card).where(Card.id == charged.card_id).with_for_update()).one()
    if of.unlinked_at is not None:
        raise CardGone
    left = (col(CardCharge.id) == charge_id, col(CardCharge.refunded_tiyn) + amount.tiyn <= CardCharge.amount_tiyn)
    more = update(CardCharge).where(*left).values(refunded_tiyn=CardCharge.refunded_tiyn + amount.tiyn)
    if unit.exec(more).rowcount != 1:
        raise RefundTooLarge
    now = real_now()
    row = CardRefund(key=key, charge_id=charge_id, amount_tiyn=amount.tiyn, subject=subject)
    row.created_at, row.due_at, row.leased_until = unit.clock.now(), now, now
    unit.tell(JOB)
    return unit.put(row)


def _refund_id(row: CardRefund) -> int:
    assert row.id is not None
    return row.id


def _locked(unit: Unit, charge_id: int) -> CardCharge:
    found = select(CardCharge).where(CardCharge.id == charge_id).with_for_update()
    row = unit.exec(found.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _id(row: CardCharge) -> int:
    assert row.id is not None
    return row.id


def _view(row: CardCharge, *, changed: bool = False) -> ChargeView:
    return ChargeView(
        _id(row),
        row.key,
        row.customer_id,
        row.card_id,
        Money(row.amount_tiyn),
        row.subject,
        row.state,
        row.wanted,
        row.reason,
        Money(row.refunded_tiyn),
        changed,
    )
