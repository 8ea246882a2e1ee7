"""The one tap: in one unit the stock, the purchase with its orders, the money or the plan, and the promised bonus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.cards import charges
from kaspi_web.domain.cards.charges import ChargeView
from kaspi_web.domain.checkout import reserving, telling
from kaspi_web.domain.checkout.chosen import Chosen, read
from kaspi_web.domain.checkout.intents import CheckoutContentChanged, Intent, became, check_open, needs_code, owned
from kaspi_web.domain.checkout.placing import Tap, place
from kaspi_web.domain.checkout.proposals import check_agreed
from kaspi_web.domain.merchants.models import Merchant
from kaspi_web.domain.orders.models import Order, Purchase
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound, Refused
from kaspi_web.kernel.money import ZERO, Money


class CodeNeeded(Refused):
    """The sum is above 5 000.00 tenge and no code was typed for it."""

    code = "code_needed"


@dataclass(frozen=True, slots=True)
class BoughtOrder:
    """One seller's order: `code` is the number that people say."""

    id: str
    code: str
    merchant: str
    name: str
    amount: Money
    status: str


@dataclass(frozen=True, slots=True)
class Bought:
    """What a tap made; `state` is funding, signing, placed or refused. All of it is in orders.views.purchase."""

    id: str
    state: str
    source: str
    months: int
    amount: Money
    spent_bonus: Money
    bonus: Money
    reason: str
    made_at: datetime
    sign_until: datetime | None
    receipt: str
    orders: tuple[BoughtOrder, ...]

    @property
    def money(self) -> Money:
        """The part that is not paid with bonuses."""
        return self.amount - self.spent_bonus


def buy(unit: Unit, *, customer_id: int, checkout_id: str, amount: Money, source: str, number: int) -> Bought:
    """Buy what was proposed last, once; the same tap again answers with the first purchase.

    Raises NotFound, CheckoutContentChanged for the same checkout with another sum or source, CheckoutProposalChanged
    for what is not the last proposal (`number` names the one that was seen), CheckoutExpired, CodeNeeded,
    SetAsideOver, InsufficientFunds, BonusShort, CardGone, CardFrozen and the refusals of loans.reserve; then nothing
    is moved.
    """
    row = owned(unit, customer_id=customer_id, checkout_id=checkout_id)
    if row.purchase_id is not None:
        if (row.amount_tiyn, row.source) != (amount.tiyn, source):
            raise CheckoutContentChanged
        return bought(unit, Purchase.id == row.purchase_id)
    check_open(row)
    check_agreed(row, amount, source, number=number)
    if needs_code(row, amount, source):
        raise CodeNeeded
    return _buy(unit, row, read(row.chosen))


def _buy(unit: Unit, row: Intent, chosen: Chosen) -> Bought:
    reserving.sell(unit, checkout_id=row.id, pieces=chosen.pieces)
    placed = place(unit, row, chosen)
    became(unit, row, placed.purchase_id)
    pieces = {line.offer_id: line.quantity for line in chosen.lines}
    baskets.bought(unit, customer_id=placed.row.customer_id, pieces=pieces)
    if placed.row.state == "placed":
        telling.placed(unit, placed.row.customer_id, Money(placed.row.amount_tiyn), chosen.sellers)
    made = placed.row
    orders = tuple(
        BoughtOrder(each.public_id, each.code, each.agreed.merchant, each.agreed.name, each.share.amount, status)
        for each in placed.orders
        for status in ("FUNDING" if made.state == "funding" else "APPROVED_BY_BANK",)
    )
    return _view(made, placed.promised, placed.receipt, orders)


def bought(unit: Unit, *which: bool) -> Bought:
    """The one purchase that this is true of; raises NotFound."""
    made = unit.exec(select(Purchase).where(*which)).one_or_none()
    if made is None:
        raise NotFound
    asked = select(Order, Merchant.slug, Merchant.name).join(Merchant, col(Merchant.id) == Order.merchant_id)
    found = unit.exec(asked.where(Order.purchase_id == made.id).order_by(col(Order.id))).all()
    orders = tuple(
        BoughtOrder(row.public_id, row.code, slug, name, Money(row.amount_tiyn), row.status)
        for row, slug, name in found
    )
    promised = sum((Money(row.promised_bonus_tiyn) for row, _, _ in found), ZERO)
    noted = wallet.operation_of(unit, customer_id=made.customer_id, subject=f"purchase:{made.id}")
    return _view(made, promised, noted.receipt, orders, made.reason)


def _view(
    made: Purchase | Tap, promised: Money, receipt: str, orders: tuple[BoughtOrder, ...], reason: str = ""
) -> Bought:
    return Bought(
        id=made.public_id,
        state=made.state,
        source=made.source,
        months=made.months,
        amount=Money(made.amount_tiyn),
        spent_bonus=Money(made.spent_bonus_tiyn),
        bonus=promised,
        reason=reason,
        made_at=made.made_at,
        sign_until=made.sign_until,
        receipt=receipt,
        orders=orders,
    )


def purchase(unit: Unit, *, customer_id: int, purchase_id: str) -> Bought:
    """A customer's purchase in short; raises NotFound, also for somebody else's."""
    return bought(unit, Purchase.public_id == purchase_id, Purchase.customer_id == customer_id)


def charge_of(unit: Unit, *, customer_id: int, purchase_id: str) -> ChargeView:
    """The charge on another bank's card of a customer's purchase; raises NotFound for somebody else's, or none."""
    mine = (Purchase.public_id == purchase_id, Purchase.customer_id == customer_id)
    charge_id = unit.exec(select(Purchase.charge_id).where(*mine)).one_or_none()
    if charge_id is None:
        raise NotFound
    return charges.charge(unit, charge_id=charge_id)
