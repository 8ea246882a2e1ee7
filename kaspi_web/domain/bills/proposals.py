"""What paying would do, agreed before it is done: the sum, where the money comes from, and the code above 5 000."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kaspi_web.domain.bills import offers
from kaspi_web.domain.bills.billers import BillerView, biller
from kaspi_web.domain.bills.intents import needs_code, owned
from kaspi_web.domain.bills.models import PaymentIntent
from kaspi_web.domain.bills.offers import Chosen
from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.cards import means
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.sms import codes
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit, prepared
from kaspi_web.kernel.errors import DomainError, Invalid, Refused
from kaspi_web.kernel.money import ZERO, BadAmount, Money

SOURCES = ("wallet", "bonus", "card")


class IntentExpired(Refused):
    """The ten minutes are over; nothing was paid."""

    code = "intent_expired"


class IntentContentChanged(Refused):
    """The intent was paid with another sum or source; the first answer stands."""

    code = "intent_content_changed"


class IntentProposalChanged(Refused):
    """Something else was proposed meanwhile, in another window: look at it again; nothing was paid."""

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
class Proposal:
    """What a payment would do: `money` comes from the source and `spent` from bonuses; `bonus` is what it earns."""

    amount: Money
    money: Money
    spent: Money
    bonus: Money
    source: str
    card: cards.CardView | None
    needs_code: bool
    number: int


def propose(
    unit: Unit,
    *,
    customer_id: int,
    intent_id: str,
    amount: Money | None,
    source: str,
    card: str = "",
    spend: Money = ZERO,
    chosen: Chosen | None = None,
) -> Proposal:
    """What paying would do, with everything checked that can be checked before; `card` is a card's public id.

    Raises NotFound, IntentExpired, IntentContentChanged, NotAnswered, AmountOutOfRange, SourceUnknown, BonusShort,
    BonusTooMuch, InsufficientFunds, the refusals of offers.total and those of cards that cannot be used.
    """
    row = owned(unit, customer_id=customer_id, intent_id=intent_id)
    before = _content(row)
    row.chosen = offers.chosen_text(chosen or Chosen())
    amount = _sum(unit, row, amount)
    of = check_content(unit, row, amount, source)
    spend = amount if source == "bonus" else spend
    used = means.usable(unit, customer_id=customer_id, public_id=card) if source == "card" else None
    means.check(unit, customer_id=customer_id, source=source, used=used, money=amount - spend, spend=spend)
    row.amount_tiyn, row.source, row.spend_bonus_tiyn = amount.tiyn, source, spend.tiyn
    row.card_id = used.id if used else None
    # The same again, as from a second tab, is the proposal that was seen already.
    row.proposal += _content(row) != before
    earned = bonus.earned(
        amount - spend, basis_points=bonus.rate(unit, service=of.slug, category=of.category, merchant=of.bin)
    )
    return Proposal(amount, amount - spend, spend, earned, source, used, needs_code(row, amount), row.proposal)


def _content(row: PaymentIntent) -> tuple[object, ...]:
    return row.amount_tiyn, row.source, row.card_id, row.spend_bonus_tiyn, row.chosen


def _sum(unit: Unit, row: PaymentIntent, amount: Money | None) -> Money:
    """The sum by what was chosen of the offer, on the bank's business day."""
    if row.offer != offers.NOTHING or row.chosen != offers.NOTHING:
        off, chosen = offers.holidays(unit), offers.chosen_of(row.chosen)
        amount = offers.total(offers.read(row.offer), chosen, amount, day=unit.clock.today(), off=off)
    if amount is None:
        raise BadAmount
    return amount


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


def check_agreed(unit: Unit, row: PaymentIntent, amount: Money, source: str, *, number: int = 0) -> None:
    """Refuse what is not what was proposed last: whoever presses Pay must have seen what is paid.

    A sum that depends on the day, as a fine's discount, is worked out again.
    """
    if number and number != row.proposal:
        raise IntentProposalChanged
    if row.amount_tiyn is None:
        if source != "wallet" or row.offer != offers.NOTHING:
            raise IntentProposalChanged
        return
    if (row.amount_tiyn, row.source) != (amount.tiyn, source):
        raise IntentProposalChanged
    if row.offer != offers.NOTHING and _still_costs(unit, row, amount) != amount:
        raise IntentProposalChanged


def _still_costs(unit: Unit, row: PaymentIntent, amount: Money) -> Money | None:
    try:
        return _sum(unit, row, amount)
    except Invalid:
        return None


_PAID = prepared("UPDATE payment_intent SET amount_tiyn = ?, source = ?, payment_id = ? WHERE id = ?")


def note_paid(unit: Unit, row: PaymentIntent, amount: Money, source: str, *, payment_id: int | None) -> None:
    """Note what the intent was paid with and by which payment; from here on the answer stands."""
    unit.run(_PAID, amount.tiyn, source, payment_id, row.id)
    unit.expire(row)


def send_code(
    unit: Unit, *, customer_id: int, intent_id: str, amount: Money, source: str, again: bool = False, number: int = 0
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
    check_agreed(unit, row, amount, source, number=number)
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


def _operation(row: PaymentIntent, phone: str) -> dict[str, Any]:
    # The code belongs to this intent, which has one payee, and to this sum: another sum needs another code,
    # and renews no limit.
    return {"phone": phone, "purpose": "pay", "subject": row.id, "content": str(row.amount_tiyn)}


def confirm(
    unit: Unit, *, customer_id: int, intent_id: str, amount: Money, source: str, typed: str, number: int = 0
) -> DomainError | None:
    """Check the code for the proposed sum; answers the refusal so that a wrong try stays counted.

    Raises NotFound, IntentProposalChanged, or Busy when the tries are used up.
    """
    row = owned(unit, customer_id=customer_id, intent_id=intent_id)
    if row.payment_id is not None:
        return None
    if real_now() >= row.expires_at:
        return IntentExpired()
    check_agreed(unit, row, amount, source, number=number)
    phone = customers.card(unit, customer_id=customer_id).phone
    refusal = codes.try_code(unit, **_operation(row, phone), typed=typed)
    if refusal is None:
        row.confirmed_tiyn = row.amount_tiyn
    return refusal
