"""Intents to pay a bill: issued before the biller is asked, paid once, ended after ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import select

from kaspi_web.domain.bills.billers import BillerView, biller
from kaspi_web.domain.bills.models import PaymentIntent
from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.sms import codes
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import ordered_key, public_id
from kaspi_web.kernel.database import Unit, lock_name, prepared
from kaspi_web.kernel.errors import Busy, DomainError, Invalid, NotFound, Refused
from kaspi_web.kernel.money import Money

LIFETIME = timedelta(minutes=10)
CODE_ABOVE = Money.tenge(5_000)
"""A payment strictly above this needs a code from an SMS."""
SOURCES = ("wallet",)
MAX_ISSUED = 30


class IntentExpired(Refused):
    """The ten minutes are over; nothing was paid."""

    code = "intent_expired"


class IntentContentChanged(Refused):
    """The intent was paid with another sum or source; the first answer stands."""

    code = "intent_content_changed"


class IntentProposalChanged(Refused):
    """Another sum or source was proposed meanwhile, in another window: look at it again; nothing was paid."""

    code = "intent_proposal_changed"


class AmountOutOfRange(Invalid):
    """Below the least or above the most that the biller takes at once."""

    code, field = "amount_out_of_range", "amount"


class SourceUnknown(Invalid):
    """There is no such source of money."""

    code, field = "source_unknown", "source"


class NotAnswered(Refused):
    """The biller has not said yet that it takes payments for this account."""

    code = "not_answered"


class CodeNeeded(Refused):
    """The sum is above 5 000.00 tenge and no code was typed for it."""

    code = "code_needed"


@dataclass(frozen=True, slots=True)
class IntentView:
    """An intent as its owner sees it."""

    id: str
    key: str
    biller: BillerView
    account: str
    owner_name: str
    address: str
    debt: Money | None
    amount: Money | None
    source: str
    expires_at: datetime
    is_expired: bool
    is_confirmed: bool
    payment_id: int | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a payment would do, before it is made."""

    amount: Money
    bonus: Money
    needs_code: bool
    resend_at: datetime | None


def issue(unit: Unit, *, customer_id: int, slug: str, account: str) -> IntentView:
    """Make an intent before the biller is asked; raises NotFound, or Busy above 30 in ten minutes."""
    now = real_now()
    lock_name(unit, f"intent:{customer_id}")
    recent = (PaymentIntent.customer_id == customer_id, PaymentIntent.issued_at > now - LIFETIME)
    count, first = unit.exec(select(func.count(), func.min(PaymentIntent.issued_at)).where(*recent)).one()
    if count >= MAX_ISSUED:
        raise Busy(until=first + LIFETIME)
    biller(unit, slug=slug)
    row = PaymentIntent(
        id=public_id(),
        key=ordered_key(),
        customer_id=customer_id,
        biller=slug,
        account=account,
        issued_at=now,
        expires_at=now + LIFETIME,
    )
    unit.add(row)
    unit.flush()
    return _view(unit, row)


def answered(
    unit: Unit, *, customer_id: int, intent_id: str, owner_name: str, address: str, debt: Money | None
) -> IntentView:
    """Note what the biller said of the account."""
    row = owned(unit, customer_id=customer_id, intent_id=intent_id)
    row.answered_at = real_now()
    row.owner_name, row.address = owner_name[:120], address[:200]
    row.debt_tiyn = debt.tiyn if debt is not None else None
    return _view(unit, row)


def intent(unit: Unit, *, customer_id: int, intent_id: str) -> IntentView:
    """A customer's intent; raises NotFound, also for somebody else's."""
    return _view(unit, owned(unit, customer_id=customer_id, intent_id=intent_id, lock=False))


def owned(unit: Unit, *, customer_id: int, intent_id: str = "", key: str = "", lock: bool = True) -> PaymentIntent:
    """The only way to an intent's row, by address or key, locked unless it is only read; raises NotFound."""
    this = PaymentIntent.id == intent_id if intent_id else PaymentIntent.key == key
    mine = (this, PaymentIntent.customer_id == customer_id)
    found = select(PaymentIntent).where(*mine)
    row = unit.exec(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        raise NotFound
    return row


def propose(unit: Unit, *, customer_id: int, intent_id: str, amount: Money, source: str) -> Proposal:
    """What paying `amount` would do, with everything checked that can be checked before.

    Raises NotFound, IntentExpired, IntentContentChanged, AmountOutOfRange, SourceUnknown, InsufficientFunds.
    """
    row = owned(unit, customer_id=customer_id, intent_id=intent_id)
    of = check_content(unit, row, amount, source)
    left = wallet.balances(unit, customer_id=customer_id).wallet
    if amount > left:
        raise InsufficientFunds(missing=amount - left)
    row.amount_tiyn, row.source = amount.tiyn, source
    earned = bonus.earned(amount, basis_points=of.bonus_basis_points)
    return Proposal(amount, earned, needs_code(row, amount), None)


def check_content(unit: Unit, row: PaymentIntent, amount: Money, source: str) -> BillerView:
    """Refuse an unanswered or ended intent, an unknown source or a sum out of the biller's range."""
    if row.payment_id is not None:
        raise IntentContentChanged
    if row.answered_at is None:
        raise NotAnswered
    if real_now() >= row.expires_at:
        raise IntentExpired
    if source not in SOURCES:
        raise SourceUnknown
    of = biller(unit, slug=row.biller)
    if not of.minimum <= amount <= of.maximum:
        raise AmountOutOfRange(minimum=of.minimum, maximum=of.maximum)
    return of


def check_agreed(row: PaymentIntent, amount: Money, source: str) -> None:
    """Refuse what is not what was proposed last: whoever presses Pay must have seen what is paid."""
    if row.amount_tiyn is not None and (row.amount_tiyn, row.source) != (amount.tiyn, source):
        raise IntentProposalChanged


_PAID = prepared("UPDATE payment_intent SET amount_tiyn = ?, source = ?, payment_id = ? WHERE id = ?")


def note_paid(unit: Unit, row: PaymentIntent, amount: Money, source: str, *, payment_id: int | None) -> None:
    """Note what the intent was paid with and by which payment; from here on the answer stands."""
    unit.run(_PAID, amount.tiyn, source, payment_id, row.id)
    unit.expire(row)


def needs_code(row: PaymentIntent, amount: Money) -> bool:
    """Whether a code has still to be typed for this sum."""
    return amount > CODE_ABOVE and row.confirmed_tiyn != amount.tiyn


def send_code(
    unit: Unit, *, customer_id: int, intent_id: str, amount: Money, source: str, again: bool = False
) -> codes.Sent:
    """Send the code for the proposed sum, unless one can still be typed; `again` sends another.

    The SMS names the sum and the payee. Raises NotFound, IntentExpired, IntentContentChanged,
    IntentProposalChanged, Busy or TooManyCodes.
    """
    row = owned(unit, customer_id=customer_id, intent_id=intent_id)
    if row.payment_id is not None or row.amount_tiyn is None:
        raise IntentContentChanged
    if real_now() >= row.expires_at:
        raise IntentExpired
    check_agreed(row, amount, source)
    owner, of = customers.card(unit, customer_id=customer_id), biller(unit, slug=row.biller)
    this = _operation(row, owner.phone)
    sent = None if again else codes.pending(unit, **this)
    return sent or codes.send(
        unit,
        **this,
        deliver=True,
        language=owner.language,
        template="code_pay",
        amount_tiyn=row.amount_tiyn,
        payee=of.names[owner.language],
    )


def _operation(row: PaymentIntent, phone: str) -> dict[str, str]:
    # The code belongs to this intent, which has one payee, and to this sum: another sum needs another code,
    # and renews no limit.
    return {"phone": phone, "purpose": "pay", "subject": row.id, "content": str(row.amount_tiyn)}


def confirm(
    unit: Unit, *, customer_id: int, intent_id: str, amount: Money, source: str, typed: str
) -> DomainError | None:
    """Check the code for the proposed sum; answers the refusal so that a wrong try stays counted.

    Raises NotFound, IntentProposalChanged, or Busy when the tries are used up.
    """
    row = owned(unit, customer_id=customer_id, intent_id=intent_id)
    if row.payment_id is not None:
        return None
    if real_now() >= row.expires_at:
        return IntentExpired()
    check_agreed(row, amount, source)
    phone = customers.card(unit, customer_id=customer_id).phone
    refusal = codes.try_code(unit, **_operation(row, phone), typed=typed)
    if refusal is None:
        row.confirmed_tiyn = row.amount_tiyn
    return refusal


def _view(unit: Unit, row: PaymentIntent) -> IntentView:
    debt = Money(row.debt_tiyn) if row.debt_tiyn is not None else None
    amount = Money(row.amount_tiyn) if row.amount_tiyn is not None else None
    return IntentView(
        row.id,
        row.key,
        biller(unit, slug=row.biller),
        row.account,
        row.owner_name,
        row.address,
        debt,
        amount,
        row.source,
        row.expires_at,
        real_now() >= row.expires_at,
        amount is not None and not needs_code(row, amount),
        row.payment_id,
    )
