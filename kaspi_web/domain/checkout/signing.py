"""A credit's contract: shown with its schedule, signed by a code from an SMS within three days of the bank's clock.

signing ──sign──> placed
   └────declined, three days──> refused
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from kaspi_web.domain.checkout import ending, telling
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.loans import offers
from kaspi_web.domain.loans import service as loans
from kaspi_web.domain.loans.models import Loan
from kaspi_web.domain.loans.terms import gesv_of
from kaspi_web.domain.merchants.models import Merchant
from kaspi_web.domain.orders import rows, transitions
from kaspi_web.domain.orders.models import Order, Purchase
from kaspi_web.domain.orders.timeline import note
from kaspi_web.domain.sms import codes
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST, Due
from kaspi_web.kernel.errors import DomainError, NotFound, Refused
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.schedules import Line


class SigningOver(Refused):
    """The contract was not signed in time, or its purchase was given up; nothing was lent."""

    code = "signing_over"


@dataclass(frozen=True, slots=True)
class Part:
    """The plan of one order; `gesv` and `rate` are in basis points a year."""

    order: str
    code: str
    seller: str
    amount: Money
    rate: int
    gesv: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ContractView:
    """What is signed: a plan for each order, and all together, as if the goods came on the day of the signature."""

    purchase: str
    state: str
    version: str
    borrower: str
    sign_until: datetime
    months: int
    amount: Money
    spent_bonus: Money
    parts: tuple[Part, ...]

    @property
    def lent(self) -> Money:
        """What is borrowed."""
        return sum((part.amount for part in self.parts), ZERO)

    @property
    def total(self) -> Money:
        """What is paid back in all."""
        return sum((line.payment for part in self.parts for line in part.lines), ZERO)

    @property
    def overpay(self) -> Money:
        """The interest."""
        return self.total - self.lent

    @property
    def payment(self) -> Money:
        """The first month's payment."""
        return sum((part.lines[0].payment for part in self.parts if part.lines), ZERO)

    @property
    def gesv(self) -> int:
        """The highest yearly effective rate among the plans."""
        return max((part.gesv for part in self.parts), default=0)


def contract(unit: Unit, *, customer_id: int, purchase_id: str) -> ContractView:
    """The contract of a customer's purchase on credit; raises NotFound, also for somebody else's or one of none."""
    row = _owned(unit, customer_id, purchase_id, lock=False)
    assert row.sign_until is not None, "it waited for a signature"
    buyer = customers.card(unit, customer_id=customer_id)
    return ContractView(
        purchase=row.public_id,
        state=row.state,
        version=loans.CONTRACT,
        borrower=f"{buyer.given_name} {buyer.family_name}",
        sign_until=row.sign_until,
        months=row.months,
        amount=Money(row.amount_tiyn),
        spent_bonus=Money(row.spent_bonus_tiyn),
        parts=_parts(unit, row),
    )


def _parts(unit: Unit, row: Purchase) -> tuple[Part, ...]:
    of: Any = (
        select(Order, Loan, Merchant.name)
        .join(Loan, col(Loan.id) == Order.loan_id)
        .join(Merchant, col(Merchant.id) == Order.merchant_id)
        .where(Order.purchase_id == row.id)
        .order_by(col(Order.id))
    )
    # What was signed stays as it was read, whatever drops out of the orders afterwards.
    day = row.finished_at.astimezone(ALMATY).date() if row.finished_at else unit.clock.today()
    lent = row.state != "refused"
    return tuple(_part(unit, order, loan, seller, day, lent) for order, loan, seller in unit.exec(of))


def _part(unit: Unit, order: Order, loan: Loan, seller: str, day: date, lent: bool) -> Part:
    amount = Money(order.money_tiyn) if lent else ZERO
    lines = tuple(offers.as_of(unit, loan, amount, day)) if amount else ()
    effective = gesv_of(amount, day, list(lines)) if lines else 0
    return Part(order.public_id, order.code, seller, amount, loan.rate_basis_points, effective, lines)


def _owned(unit: Unit, customer_id: int, purchase_id: str, *, lock: bool) -> Purchase:
    mine = select(Purchase).where(
        Purchase.public_id == purchase_id, Purchase.customer_id == customer_id, Purchase.source == "credit"
    )
    found = mine.with_for_update().execution_options(populate_existing=True) if lock else mine
    row = unit.exec(found).one_or_none()
    if row is None:
        raise NotFound
    return row


def _check_waits(unit: Unit, row: Purchase) -> None:
    if row.state != "signing" or row.sign_until is None or unit.clock.now() >= row.sign_until:
        raise SigningOver


def send_code(unit: Unit, *, customer_id: int, purchase_id: str, again: bool = False) -> codes.Sent:
    """Send the code that signs, unless one can still be typed; `again` sends another.

    Raises NotFound, SigningOver, HasOverdue, Busy or TooManyCodes.
    """
    row = _owned(unit, customer_id, purchase_id, lock=True)
    _check_waits(unit, row)
    offers.check_nothing_late(unit, customer_id)
    buyer = customers.card(unit, customer_id=customer_id)
    this = _operation(row, buyer.phone)
    sent = None if again else codes.pending(unit, **this)
    words = {"amount_tiyn": row.amount_tiyn - row.spent_bonus_tiyn, "payee": telling.sellers_of(unit, _id(row))}
    return sent or codes.send(unit, **this, language=buyer.language, template="code_sign", **words)


def _operation(row: Purchase, phone: str) -> dict[str, Any]:
    content = str(row.amount_tiyn - row.spent_bonus_tiyn)
    return {"phone": phone, "purpose": "sign", "subject": row.public_id, "content": content}


def sign(unit: Unit, *, customer_id: int, purchase_id: str, typed: str) -> DomainError | None:
    """Sign with the code: the orders are the sellers' from here on. Signed before, it changes nothing.

    Answers the refusal so that a wrong try stays counted. Raises NotFound, SigningOver, HasOverdue, or Busy when the
    tries are used up.
    """
    row = _owned(unit, customer_id, purchase_id, lock=True)
    if row.state == "placed":
        return None
    _check_waits(unit, row)
    offers.check_nothing_late(unit, customer_id)
    phone = customers.card(unit, customer_id=customer_id).phone
    refusal = codes.try_code(unit, **_operation(row, phone), typed=typed)
    if refusal is None:
        _sign(unit, row)
    return refusal


def _sign(unit: Unit, row: Purchase) -> None:
    orders = ending.orders_of(unit, row)
    for order in orders:
        assert order.loan_id is not None, "what is signed is lent"
        loans.signed(unit, loan_id=order.loan_id)
        note(unit, order_id=rows.id_of(order), kind="signed")
        note(unit, order_id=rows.id_of(order), kind="plan_reserved", amount=Money(order.money_tiyn))
    ending.placed(unit, row, orders, "sign")


def decline(unit: Unit, *, customer_id: int, purchase_id: str) -> None:
    """The buyer does not want the credit; declined before, it changes nothing. Raises NotFound or SigningOver."""
    row = _owned(unit, customer_id, purchase_id, lock=True)
    if row.state == "refused":
        return
    if row.state != "signing":
        raise SigningOver
    ending.refuse(unit, row, word="not_wanted", reason=transitions.BY_BUYER)


def expire(unit: Unit, *, purchase_id: int) -> None:
    """Give up a contract whose three days are over; what was signed meanwhile stays."""
    row = unit.exec(select(Purchase).where(Purchase.id == purchase_id).with_for_update()).one()
    if row.state == "signing" and row.sign_until is not None and row.sign_until <= unit.clock.now():
        ending.refuse(unit, row, word="not_signed", reason=transitions.NOT_SIGNED)


def due(unit: Unit, *, until: datetime) -> list[Due]:
    """Purchases whose time to sign is over by then, by the bank's clock, oldest first."""
    waiting = select(Purchase.id, Purchase.sign_until).where(
        Purchase.state == "signing", col(Purchase.sign_until) <= until
    )
    rows_ = unit.exec(waiting.order_by(col(Purchase.sign_until), col(Purchase.id)).limit(MOST))
    return [Due(f"purchase:{number}", at) for number, at in rows_ if at is not None]


def _id(row: Purchase) -> int:
    assert row.id is not None
    return row.id
