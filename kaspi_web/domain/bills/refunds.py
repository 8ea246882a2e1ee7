"""Refunds: what a biller gives back of a payment, each part to where it came from, and the bonus that is due then.

After refunds the bonus due is the rule on what remains of the money, so that parts add up to the whole. What was
given too much is taken from the bonus account first; what is spent already is withheld from the money that comes back.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import select

from kaspi_web.domain.bills.billers import biller
from kaspi_web.domain.bills.funding import lock_way_back, locked, money_of
from kaspi_web.domain.bills.models import BillPayment, BillRefund
from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.bonus.spending import source_words
from kaspi_web.domain.cards import charges
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.models import Card
from kaspi_web.domain.cards.refunds import RefundView as CardRefundView
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.sms.outbox import text_to
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import NotFound, Refused
from kaspi_web.kernel.money import ZERO, Money

MAX_REASON = 200


class RefundUnknown(Refused):
    """The biller has no payment with this number."""

    code = "refund_unknown"


class NotPaidYet(Refused):
    """The payment was refused, or its biller has not confirmed it: there is nothing to give back."""

    code = "refund_not_paid"


class RefundTooMuch(Refused):
    """More was to be given back than is left of the payment; `left` says how much that is."""

    code = "refund_too_much"


class SameIdOtherRefund(Refused):
    """The number of the cancellation was used before with another payment or sum."""

    code = "refund_same_id"


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund: what went to bonuses and to money, where the money went, what bonus it cost, and its operation."""

    id: int
    payment_id: int
    amount: Money
    to_bonus: Money
    to_money: Money
    goes_to: str
    taken_back: Money
    withheld: Money
    reason: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """How a refund is split: the gross parts, and the bonus that is taken back and withheld."""

    to_bonus: Money
    money: Money
    taken: Money
    withheld: Money


def refund(
    unit: Unit, *, slug: str, cancel_id: str, txn_id: str, amount: Money | None = None, reason: str = ""
) -> RefundView:
    """A biller gives back `amount` of a payment, or all that is left of it, once for a `cancel_id`.

    Raises RefundUnknown, NotPaidYet, RefundTooMuch or SameIdOtherRefund; then nothing is moved.
    """
    lock_name(unit, f"refund:{slug}:{cancel_id}")
    row = _payment(unit, slug, txn_id)
    first = unit.exec(select(BillRefund).where(BillRefund.biller == slug, BillRefund.cancel_id == cancel_id)).first()
    if first is not None:
        if row is None or first.payment_id != row.id or first.asked_tiyn != (amount.tiyn if amount else None):
            raise SameIdOtherRefund
        return _view(first)
    if row is None:
        raise RefundUnknown
    if row.state != "done":
        raise NotPaidYet
    left = Money(row.amount_tiyn - row.refunded_tiyn)
    given = left if amount is None else amount
    if not ZERO < given <= left:
        raise RefundTooMuch(left=left)
    made = BillRefund(
        payment_id=row.id or 0,
        biller=row.biller,
        cancel_id=cancel_id,
        asked_tiyn=amount.tiyn if amount else None,
        amount_tiyn=given.tiyn,
        reason=reason[:MAX_REASON],
        refunded_at=unit.clock.now(),
    )
    return _give_back(unit, row, made)


def _payment(unit: Unit, slug: str, txn_id: str) -> BillPayment | None:
    if not (txn_id.isascii() and txn_id.isdecimal() and len(txn_id) < 19):
        return None
    return locked(unit, BillPayment.biller == slug, BillPayment.txn_id == int(txn_id))


def _give_back(unit: Unit, row: BillPayment, made: BillRefund) -> RefundView:
    lock_way_back(unit, row)
    amount, goes_to = Money(made.amount_tiyn), _destination(unit, row)
    parts = _parts(unit, row, amount)
    made.goes_to, made.to_bonus_tiyn = goes_to, parts.to_bonus.tiyn
    made.to_money_tiyn = (parts.money - parts.withheld).tiyn
    made.taken_back_tiyn, made.withheld_tiyn = parts.taken.tiyn, parts.withheld.tiyn
    made.id = unit.put(made)
    subject = f"bill_refund:{made.id}"
    moves = _moves(unit, row, parts, goes_to)
    ledger.post(unit, kind="bill_refunded", key=f"{subject}:posted", moves=moves, subject=subject)
    if goes_to == "bank_card" and made.to_money_tiyn:
        _to_card(unit, row, Money(made.to_money_tiyn), subject)
    row.refunded_tiyn += amount.tiyn
    row.taken_back_tiyn += (parts.taken + parts.withheld).tiyn
    unit.flush()
    _note(unit, row, made)
    return _view(made)


def _parts(unit: Unit, row: BillPayment, amount: Money) -> _Parts:
    to_bonus = _bonus_share(row, row.refunded_tiyn + amount.tiyn) - _bonus_share(row, row.refunded_tiyn)
    money = amount - to_bonus
    gone = row.refunded_tiyn + amount.tiyn - _bonus_share(row, row.refunded_tiyn + amount.tiyn).tiyn
    due = bonus.earned(money_of(row) - Money(gone), basis_points=row.bonus_basis_points)
    excess = Money(row.bonus_tiyn - row.taken_back_tiyn) - due
    have = ledger.locked_balance(unit, ledger.account(unit, "bonus", str(row.customer_id))) + to_bonus
    taken = min(excess, have)
    return _Parts(to_bonus, money, taken, min(excess - taken, money))


def _bonus_share(row: BillPayment, refunded: int) -> Money:
    """What of the first `refunded` tiyn goes back to bonuses: their share of the payment, so that parts add up."""
    return Money(refunded * row.spent_bonus_tiyn // row.amount_tiyn)


def _destination(unit: Unit, row: BillPayment) -> str:
    # What a charge that lapsed had promised goes back to the processor, which has taken nothing from any card.
    if row.charge_id is not None and charges.charge(unit, charge_id=row.charge_id).state == "voided":
        return "bank_card"
    if row.card_id is None or not cards.is_live(unit, card_id=row.card_id):
        return "wallet"
    return "card" if row.charge_id is None else "bank_card"


def _to_card(unit: Unit, row: BillPayment, amount: Money, subject: str) -> None:
    assert row.charge_id is not None, "money of another bank's card was charged"
    if charges.charge(unit, charge_id=row.charge_id).state != "voided":
        charges.refund(unit, charge_id=row.charge_id, amount=amount, key=subject, subject=subject)


def _moves(unit: Unit, row: BillPayment, parts: _Parts, goes_to: str) -> list[Move]:
    payable = ledger.account(unit, "biller_payable", row.biller)
    expense = ledger.account(unit, "bonus_expense")
    bonuses = ledger.account(unit, "bonus", str(row.customer_id))
    back = _account(unit, row, goes_to)
    moves = (
        Move(payable, bonuses, parts.to_bonus),
        Move(payable, back, parts.money - parts.withheld),
        Move(payable, expense, parts.withheld),
        Move(bonuses, expense, parts.taken),
    )
    return [move for move in moves if move.amount]


def _account(unit: Unit, row: BillPayment, goes_to: str) -> int:
    if goes_to == "bank_card":
        # The processor owes the bank that much less, and sends it to the card.
        return ledger.account(unit, "card_processor")
    if goes_to == "card":
        assert row.card_id is not None, "a card was used"
        return cards.account_id(unit, card_id=row.card_id)
    return wallet.account_id(unit, row.customer_id)


def _note(unit: Unit, row: BillPayment, made: BillRefund) -> None:
    money = Money(made.to_money_tiyn)
    wallet.note(
        unit,
        customer_id=row.customer_id,
        kind="refund",
        subject=f"bill_refund:{made.id}",
        counterparty=row.biller,
        account=row.account,
        amount=Money(made.amount_tiyn),
        state="done",
        wallet=money if made.goes_to == "wallet" else ZERO,
        source=_source(unit, row, made),
        category=biller(unit, slug=row.biller).category,
    )
    _text(unit, row, made, "payment_refunded")


def _text(unit: Unit, row: BillPayment, made: BillRefund, template: str) -> None:
    owner = customers.card(unit, customer_id=row.customer_id)
    payee = biller(unit, slug=row.biller).names[owner.language]
    text_to(
        unit,
        phone=owner.phone,
        language=owner.language,
        template=template,
        amount_tiyn=made.amount_tiyn,
        payee=payee,
    )


def _source(unit: Unit, row: BillPayment, made: BillRefund) -> str:
    """Where the parts went to, as the list of operations says it."""
    if not made.to_money_tiyn and made.to_bonus_tiyn:
        return "bonus"
    card = unit.get(Card, row.card_id) if made.goes_to != "wallet" else None
    return source_words("card" if card else "wallet", Money(made.to_bonus_tiyn), card.last4 if card else "")


def card_answered(unit: Unit, view: CardRefundView) -> None:
    """The card's bank has answered a refund: what it does not take comes to the wallet."""
    if view.state == "declined":
        _to_wallet_instead(unit, int(view.subject.partition(":")[2]))


def _to_wallet_instead(unit: Unit, refund_id: int) -> None:
    made = unit.exec(select(BillRefund).where(BillRefund.id == refund_id).with_for_update()).one()
    if made.goes_to != "bank_card":
        return
    row = unit.get_one(BillPayment, made.payment_id)
    money, subject = Money(made.to_money_tiyn), f"bill_refund:{made.id}"
    move = Move(ledger.account(unit, "card_processor"), wallet.account_id(unit, row.customer_id), money)
    ledger.post(unit, kind="refund_to_wallet", key=f"{subject}:to_wallet", moves=[move], subject=subject)
    made.goes_to = "wallet"
    unit.flush()
    source = source_words("wallet", Money(made.to_bonus_tiyn), "")
    wallet.turn(unit, customer_id=row.customer_id, subject=subject, state="done", wallet=money, source=source)
    _text(unit, row, made, "refund_to_wallet")


def refund_of(unit: Unit, *, customer_id: int, refund_id: int) -> RefundView:
    """A refund of the customer's; raises NotFound, also for somebody else's."""
    mine = (BillRefund.id == refund_id, BillPayment.customer_id == customer_id)
    row = unit.exec(select(BillRefund).join(BillPayment).where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    return _view(row)


def _view(row: BillRefund) -> RefundView:
    assert row.id is not None
    return RefundView(
        row.id,
        row.payment_id,
        Money(row.amount_tiyn),
        Money(row.to_bonus_tiyn),
        Money(row.to_money_tiyn),
        row.goes_to,
        Money(row.taken_back_tiyn),
        Money(row.withheld_tiyn),
        row.reason,
    )
