"""A transfer as its sender sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from kaspi_web.domain.cards import charges
from kaspi_web.domain.cards.models import Card
from kaspi_web.domain.transfers.models import ReturnRequest, Transfer
from kaspi_web.domain.transfers.recipients import is_known
from kaspi_web.domain.wallet.models import Operation
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money

ASK_WITHIN_DAYS = 7


@dataclass(frozen=True, slots=True)
class TransferView:
    """A transfer; `goes_to` is wallet, phone (without a wallet yet), card (of this bank) or bank_card.

    `bonus` is the part of `amount` that bonuses pay. `source` is empty, `wallet`, `bonus` (for the whole) or a card's
    public id, whose last digits are `source_last4`. `charge_state` is how the charge on another bank's card stands,
    `return_state` how a request to give it back does: both empty for none.
    """

    id: int
    public_id: str
    kind: str
    goes_to: str
    masked_name: str
    phone: str
    brand: str
    last4: str
    is_known: bool
    amount: Money | None
    bonus: Money
    source: str
    source_last4: str
    note: str
    proposal: int
    state: str
    reason: str
    is_expired: bool
    undo_until: datetime | None
    started_at: datetime | None
    waits_until: datetime | None
    finished_at: datetime | None
    charge_id: int | None
    charge_key: str
    charge_state: str
    return_state: str
    return_expires_at: datetime | None
    can_ask_back: bool
    receipt: str


def view(unit: Unit, row: Transfer) -> TransferView:
    """What the sender sees of the row."""
    assert row.id is not None
    card = unit.get(Card, row.card_id) if row.card_id is not None else None
    charge = charges.charge(unit, charge_id=row.charge_id) if row.charge_id is not None else None
    asked = unit.exec(select(ReturnRequest).where(ReturnRequest.transfer_id == row.id)).one_or_none()
    return TransferView(
        id=row.id,
        public_id=row.public_id,
        kind=row.kind,
        goes_to=goes_to(row),
        masked_name=row.masked_name,
        phone=row.phone,
        brand=row.brand,
        last4=row.last4,
        is_known=is_known(unit, row),
        amount=Money(row.amount_tiyn) if row.amount_tiyn is not None else None,
        bonus=Money(row.bonus_tiyn),
        source=card.public_id if card is not None else row.source,
        source_last4=card.last4 if card is not None else "",
        note=row.note,
        proposal=row.proposal,
        state=row.state,
        reason=row.reason,
        is_expired=row.state == "draft" and real_now() >= row.expires_at,
        undo_until=row.undo_until,
        started_at=row.started_at,
        waits_until=row.waits_until,
        finished_at=row.finished_at,
        charge_id=row.charge_id,
        charge_key=charge.key if charge is not None else "",
        charge_state=charge.state if charge is not None else "",
        return_state=asked.state if asked is not None else "",
        return_expires_at=asked.expires_at if asked is not None else None,
        can_ask_back=asked is None and may_ask_back(unit, row),
        receipt=_receipt(unit, row),
    )


def goes_to(row: Transfer) -> str:
    """Where the money goes: wallet, phone (without a wallet yet), card (of this bank) or bank_card."""
    if row.token:
        return "bank_card"
    if row.to_card_id is not None:
        return "card"
    return "wallet" if row.recipient_id is not None else "phone"


def may_ask_back(unit: Unit, row: Transfer) -> bool:
    """Whether the recipient may still be asked: they are one of ours, and it was delivered within seven days."""
    if row.state != "done" or row.kind == "own" or row.recipient_id is None or row.finished_at is None:
        return False
    return (unit.clock.now() - row.finished_at).days < ASK_WITHIN_DAYS


def _receipt(unit: Unit, row: Transfer) -> str:
    if row.state == "draft":
        return ""
    of = (Operation.customer_id == row.customer_id, Operation.subject == f"transfer:{row.id}")
    return unit.exec(select(Operation.receipt).where(*of)).one_or_none() or ""


def bonus_spent(unit: Unit, *, customer_id: int, subject: str) -> Money:
    """The bonuses that a customer's transfer was paid with, for its receipt; zero for an operation about none."""
    word, _, number = subject.partition(":")
    if word != "transfer" or not number.isdecimal():
        return ZERO
    mine = (Transfer.id == int(number), Transfer.customer_id == customer_id)
    return Money(unit.exec(select(Transfer.bonus_tiyn).where(*mine)).one_or_none() or 0)


def page_of(unit: Unit, *, customer_id: int, subject: str) -> str:
    """Where a customer finds the transfer that an operation is about: `t/{id}`, or `in/{id}` for its recipient.

    Empty for an operation that is about no transfer of theirs.
    """
    word, _, number = subject.partition(":")
    if word not in ("transfer", "return_request") or not number.isdecimal():
        return ""
    this = Transfer.id == int(number)
    if word == "return_request":
        this = Transfer.id == select(ReturnRequest.transfer_id).where(ReturnRequest.id == int(number)).scalar_subquery()
    row = unit.exec(select(Transfer).where(this)).one_or_none()
    if row is None or customer_id not in (row.customer_id, row.recipient_id):
        return ""
    return f"t/{row.public_id}" if row.customer_id == customer_id else f"in/{row.public_id}"
