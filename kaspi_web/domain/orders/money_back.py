"""Where the money of an order goes back to, and how: the wallet, a card of ours, another bank's card, or the plan.

A card that was unlinked meanwhile, or whose bank refuses, gives way to the wallet.
"""

from __future__ import annotations

from kaspi_web.domain.bonus import spending
from kaspi_web.domain.cards import charges
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.models import Card
from kaspi_web.domain.cards.refunds import RefundView
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.merchants import queries as merchants
from kaspi_web.domain.orders import rows
from kaspi_web.domain.orders.models import Order, OrderReturn, Purchase
from kaspi_web.domain.orders.texts import text_buyer
from kaspi_web.domain.orders.timeline import note
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money

WORD = "order_refund"
"""What the subjects of refunds begin with: those of cards, and those in the list of operations."""


def destination(unit: Unit, row: Order) -> str:
    """wallet, card, bank_card or plan; locks the card, which comes before the accounts."""
    of = unit.get_one(Purchase, row.purchase_id)
    if row.loan_id is not None:
        return "plan"
    # What a charge that lapsed had promised goes back to the processor, which has taken nothing from any card.
    if of.charge_id is not None and charges.charge(unit, charge_id=of.charge_id).state == "voided":
        return "bank_card"
    if of.card_id is None or not cards.is_live(unit, card_id=of.card_id):
        return "wallet"
    return "card" if of.charge_id is None else "bank_card"


def is_paid(unit: Unit, row: Order) -> bool:
    """Whether the money of an order is the bank's to give: that of another bank's card only once it is captured."""
    charge_id = unit.get_one(Purchase, row.purchase_id).charge_id
    return charge_id is None or charges.charge(unit, charge_id=charge_id).state == "captured"


def account(unit: Unit, row: Order, goes_to: str) -> int:
    """The account of the ledger that the money goes to; of a plan, the wallet for what was overpaid."""
    if goes_to == "bank_card":
        # The processor owes the bank that much less, and sends it to the card.
        return ledger.account(unit, "card_processor")
    if goes_to == "card":
        card_id = unit.get_one(Purchase, row.purchase_id).card_id
        assert card_id is not None, "a card was used"
        return cards.account_id(unit, card_id=card_id)
    return wallet.account_id(unit, row.customer_id)


def lock_accounts(unit: Unit, row: Order, *others: int) -> None:
    """Lock whatever giving back may post to, in the order that everybody keeps."""
    accounts = [wallet.account_id(unit, row.customer_id), spending.account_id(unit, row.customer_id), *others]
    card_id = unit.get_one(Purchase, row.purchase_id).card_id
    if card_id is not None and unit.get_one(Card, card_id).kind == "own":
        accounts.append(ledger.account(unit, "card", str(card_id)))
    ledger.lock_accounts(unit, *accounts)


def send_to_card(unit: Unit, row: Order, goes_to: str, amount: Money, subject: str) -> None:
    """Have the processor bring money to another bank's card, after the commit."""
    charge_id = unit.get_one(Purchase, row.purchase_id).charge_id
    if goes_to != "bank_card" or not amount:
        return
    assert charge_id is not None, "another bank's card was charged"
    # Of a charge that lapsed nothing was taken.
    if charges.charge(unit, charge_id=charge_id).state != "voided":
        charges.refund(unit, charge_id=charge_id, amount=amount, key=subject, subject=subject)


def list_operation(
    unit: Unit, row: Order, *, subject: str, amount: Money, bonus: Money, money: Money, to_wallet: Money, goes_to: str
) -> None:
    """Put what came back into the customer's list, with a receipt; `to_wallet` is what of it the wallet got."""
    if not amount:
        return
    wallet.note(
        unit,
        customer_id=row.customer_id,
        kind=WORD,
        subject=subject,
        counterparty=merchants.merchant(unit, merchant_id=row.merchant_id).slug,
        account=row.code,
        amount=amount,
        bonus=bonus,
        state="done",
        wallet=to_wallet,
        source=_source(unit, row, goes_to, bonus, money),
        category="shop",
    )


def _source(unit: Unit, row: Order, goes_to: str, bonus: Money, money: Money) -> str:
    """Where the parts went to, as the list of operations says it."""
    of = unit.get_one(Purchase, row.purchase_id)
    if not money:
        return "bonus" if bonus else of.source
    if goes_to == "plan":
        return spending.source_words(of.source, bonus, "")
    used = unit.get(Card, of.card_id) if goes_to != "wallet" else None
    return spending.source_words("card" if used else "wallet", bonus, used.last4 if used else "")


def card_answered(unit: Unit, view: RefundView) -> None:
    """The card's bank has answered a refund: what it does not take comes to the wallet."""
    if view.state == "declined":
        _to_wallet_instead(unit, view)


def _to_wallet_instead(unit: Unit, view: RefundView) -> None:
    _, deed, number, *_ = view.subject.split(":")
    made = unit.get_one(OrderReturn, int(number)) if deed == "return" else None
    row = rows.locked(unit, Order.id == (made.order_id if made else int(number)))
    to = wallet.account_id(unit, row.customer_id)
    move = Move(ledger.account(unit, "card_processor"), to, view.amount)
    ledger.post(unit, kind="refund_to_wallet", key=f"{view.subject}:to_wallet", moves=[move], subject=view.subject)
    bonus = ZERO
    if made is not None:
        made.goes_to, bonus = "wallet", Money(made.to_bonus_tiyn)
    else:
        bonus = wallet.operation_of(unit, customer_id=row.customer_id, subject=view.subject).bonus
    source = spending.source_words("wallet", bonus, "")
    this = {"customer_id": row.customer_id, "subject": view.subject}
    wallet.turn(unit, **this, state="done", wallet=view.amount, source=source)
    note(unit, order_id=rows.id_of(row), kind="to_wallet_instead", amount=view.amount)
    text_buyer(unit, row, "order_refund_to_wallet", amount_tiyn=view.amount.tiyn)
