"""From the draft to the moment of sending: what would be sent is proposed, checked and confirmed by a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from kaspi_web.domain.bonus.spending import BonusShort, BonusTooMuch
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.models import Card, CardCharge
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.sms import codes
from kaspi_web.domain.transfers import limits
from kaspi_web.domain.transfers.models import Transfer
from kaspi_web.domain.transfers.recipients import WALLET, is_known
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError, Invalid, NotFound, Refused
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.phone import spoken

CODE_ABOVE = Money.tenge(5_000)
"""A transfer strictly above this needs a code from an SMS, wherever it goes and whatever it is paid with."""
BONUS = "bonus"
"""The name of the bonus account among one's sources."""
LEAST_TO_WAIT = Money.tenge(100)
"""The least that is sent to a number without a wallet: it costs the bank an SMS to a stranger."""
MAX_NOTE = 100


class TransferExpired(Refused):
    """The ten minutes are over; nothing was sent."""

    code = "transfer_expired"


class TransferContentChanged(Refused):
    """It was sent with other content; the first answer stands."""

    code = "transfer_content_changed"


class TransferProposalChanged(Refused):
    """Something else was proposed meanwhile, in another window: look at it again; nothing was sent."""

    code = "intent_proposal_changed"


class SourceUnknown(Invalid):
    """There is no such source of money for this transfer."""

    code, field = "source_unknown", "source"


class CodeNeeded(Refused):
    """The sum is above 5 000.00 tenge and no code was typed for it."""

    code = "code_needed"


class TooLittleToWait(Invalid):
    """Less than may be sent to a number without a wallet; `minimum` says how much that is."""

    code, field = "too_little_to_wait", "amount"


class NoteTooLong(Invalid):
    """The words for the recipient are longer than a hundred letters."""

    code, field = "words_too_long", "note"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the money of a transfer may come from; `value` is `wallet`, `bonus` or a card's public id.

    `kind` is wallet, bonus, own or bank; `balance` is None for another bank's card.
    """

    value: str
    kind: str
    brand: str
    last4: str
    balance: Money | None
    is_frozen: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What sending would do, before it is done; `number` is what Send has to name.

    `money` comes from the source and `spent` from bonuses.
    """

    number: int
    amount: Money
    money: Money
    spent: Money
    source: str
    needs_code: bool
    can_be_undone: bool
    waits_for_wallet: bool


def owned(unit: Unit, *, customer_id: int, transfer_id: str, lock: bool = True) -> Transfer:
    """The only way for a sender to a transfer's row, locked unless it is only read; raises NotFound."""
    mine = (Transfer.public_id == transfer_id, Transfer.customer_id == customer_id)
    row = locked(unit, *mine) if lock else unit.exec(select(Transfer).where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    return row


def locked(unit: Unit, *which: Any) -> Transfer | None:
    """The one row that this is true of, locked after its charge: answers of the processor come in that order."""
    charge_id = unit.exec(select(Transfer.charge_id).where(*which)).first()
    if charge_id is not None:
        unit.exec(select(CardCharge.id).where(CardCharge.id == charge_id).with_for_update()).one()
    found = select(Transfer).where(*which).with_for_update()
    return unit.exec(found.execution_options(populate_existing=True)).one_or_none()


def sources(unit: Unit, *, customer_id: int, transfer_id: str) -> list[Source]:
    """The accounts and cards that this transfer may be paid from: not the one that it goes to. Raises NotFound."""
    row = owned(unit, customer_id=customer_id, transfer_id=transfer_id, lock=False)
    return _sources(unit, row)


def _sources(unit: Unit, row: Transfer) -> list[Source]:
    have = wallet.balances(unit, customer_id=row.customer_id)
    found = [Source(BONUS, "bonus", "", "", have.bonus, False)]
    if row.kind != "own" or row.to_card_id is not None:
        found.insert(0, Source(WALLET, "wallet", "", "", have.wallet, False))
    for card in cards.cards(unit, customer_id=row.customer_id):
        if card.id != row.to_card_id:
            found.append(Source(card.public_id, card.kind, card.brand, card.last4, card.balance, card.is_frozen))
    return found


def propose(
    unit: Unit,
    *,
    customer_id: int,
    transfer_id: str,
    amount: Money,
    source: str,
    spend: Money = ZERO,
    note: str = "",
) -> Proposal:
    """What sending `amount` would do, `spend` of it in bonuses, with everything checked that can be checked before.

    Raises NotFound, TransferExpired, TransferContentChanged, SourceUnknown, CardFrozen, NoteTooLong, TooLittleToWait,
    LimitsMissing, OverOperationLimit, OverDayLimit, BonusTooMuch, BonusShort or InsufficientFunds.
    """
    row = owned(unit, customer_id=customer_id, transfer_id=transfer_id)
    check_draft(row)
    of = _source(unit, row, source)
    words = " ".join(note.split())
    if len(words) > MAX_NOTE:
        raise NoteTooLong(maximum=MAX_NOTE)
    waits = row.recipient_id is None and not row.token
    if waits and amount < LEAST_TO_WAIT:
        raise TooLittleToWait(minimum=LEAST_TO_WAIT)
    kinds = limits.kinds_of(row.kind, token=row.token, from_another_bank=of.kind == "bank")
    limits.check(unit, customer_id=customer_id, kinds=kinds, amount=amount)
    spend = amount if of.kind == "bonus" else spend
    _check_means(unit, customer_id, of, amount - spend, spend)
    is_card = of.kind in ("own", "bank")
    card_id = cards.card(unit, customer_id=customer_id, public_id=source).id if is_card else None
    # What bonuses pay wholly is paid from the bonus account, however that was said.
    row.source, row.card_id = "card" if is_card else BONUS if spend == amount else WALLET, card_id
    row.amount_tiyn, row.bonus_tiyn = amount.tiyn, spend.tiyn
    row.note, row.proposal = words, row.proposal + 1
    unit.flush()
    money, later = amount - spend, can_be_undone(unit, row)
    return Proposal(row.proposal, amount, money, spend, row.source, needs_code(row), later, waits)


def _check_means(unit: Unit, customer_id: int, of: Source, money: Money, spend: Money) -> None:
    have = wallet.balances(unit, customer_id=customer_id).bonus
    if spend < ZERO or money < ZERO or (of.kind in ("own", "bank") and not money):
        raise BonusTooMuch
    if spend > have:
        raise BonusShort(have=have)
    # What is on another bank's card nobody knows but that bank.
    if of.kind != "bonus" and of.balance is not None and money > of.balance:
        raise InsufficientFunds(missing=money - of.balance)


def _source(unit: Unit, row: Transfer, value: str) -> Source:
    found = next((each for each in _sources(unit, row) if each.value == value), None)
    if found is None:
        raise SourceUnknown
    if found.is_frozen:
        raise cards.CardFrozen
    return found


def check_draft(row: Transfer) -> None:
    """Refuse what was sent already, and a draft that has ended."""
    if row.state != "draft":
        raise TransferContentChanged
    if real_now() >= row.expires_at:
        raise TransferExpired


def check_agreed(row: Transfer, proposal: int) -> None:
    """Refuse what is not what was proposed last: whoever presses Send must have seen it."""
    if row.amount_tiyn is None or row.proposal != proposal:
        raise TransferProposalChanged


def from_another_bank(unit: Unit, row: Transfer) -> bool:
    """Whether another bank's card pays."""
    card = unit.get(Card, row.card_id) if row.card_id is not None else None
    return card is not None and card.kind == "bank"


def can_be_undone(unit: Unit, row: Transfer) -> bool:
    """Whether there is time to think better of it: for the first transfer to somebody else."""
    return row.kind != "own" and not is_known(unit, row)


def needs_code(row: Transfer) -> bool:
    """Whether a code has still to be typed for the proposed sum."""
    return Money(row.amount_tiyn or 0) > CODE_ABOVE and row.confirmed_tiyn != row.amount_tiyn


def payee(row: Transfer) -> str:
    """Whom an SMS names: a masked name, a number, or the last digits of a card; nothing for one's own wallet."""
    return row.masked_name or (spoken(row.phone) if row.phone else f"*{row.last4}" if row.last4 else "")


def send_code(unit: Unit, *, customer_id: int, transfer_id: str, proposal: int, again: bool = False) -> codes.Sent:
    """Send the code for the last proposal, unless one can still be typed; `again` sends another.

    Raises NotFound, TransferExpired, TransferContentChanged, TransferProposalChanged, Busy or TooManyCodes.
    """
    row = owned(unit, customer_id=customer_id, transfer_id=transfer_id)
    check_draft(row)
    check_agreed(row, proposal)
    owner = customers.card(unit, customer_id=customer_id)
    this = _operation(row, owner.phone)
    sent = None if again else codes.pending(unit, **this)
    return sent or codes.send(
        unit,
        **this,
        language=owner.language,
        template="code_transfer" if payee(row) else "code_to_wallet",
        amount_tiyn=row.amount_tiyn,
        payee=payee(row),
    )


def _operation(row: Transfer, phone: str) -> dict[str, Any]:
    # The code belongs to this transfer, which has one recipient, and to this sum.
    return {"phone": phone, "purpose": "transfer", "subject": row.public_id, "content": str(row.amount_tiyn)}


def confirm(unit: Unit, *, customer_id: int, transfer_id: str, proposal: int, typed: str) -> DomainError | None:
    """Check the code for the last proposal; answers the refusal so that a wrong try stays counted.

    Raises NotFound, TransferProposalChanged, or Busy when the tries are used up.
    """
    row = owned(unit, customer_id=customer_id, transfer_id=transfer_id)
    if row.state != "draft":
        return None
    if real_now() >= row.expires_at:
        return TransferExpired()
    check_agreed(row, proposal)
    phone = customers.card(unit, customer_id=customer_id).phone
    refusal = codes.try_code(unit, **_operation(row, phone), typed=typed)
    if refusal is None:
        row.confirmed_tiyn = row.amount_tiyn
    return refusal
