"""Purchases and orders as their owner sees them: frozen views, a page of a list at a time, NotFound for others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlmodel import col, select

from kaspi_web.domain.catalogue.models import Product, ProductImage
from kaspi_web.domain.catalogue.views import in_languages
from kaspi_web.domain.loans.models import Loan
from kaspi_web.domain.merchants import queries as merchants
from kaspi_web.domain.orders import parts, rows, transitions
from kaspi_web.domain.orders.models import Order, OrderLine, OrderReturn, Purchase
from kaspi_web.domain.orders.returns import OPEN, RETURN_WITHIN, last_day
from kaspi_web.domain.orders.shapes import LineView, OrderCard, OrderView, PurchaseView, ReturnView
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money

__all__ = [
    "GROUPS",
    "PAGE",
    "LineView",
    "OrderCard",
    "OrderView",
    "PurchaseView",
    "ReturnView",
    "order",
    "orders",
    "purchase",
    "return_view",
    "view_of",
]

PAGE = 20
GROUPS = {
    "open": ("SIGN_REQUIRED", "NEW", "PICKUP", "DELIVERY", "KASPI_DELIVERY"),
    "archive": ("ARCHIVE",),
}
"""What the list may be narrowed to, with the states in it."""


def orders(
    unit: Unit, *, customer_id: int, group: str = "", before: int | None = None, most: int = PAGE
) -> list[OrderCard]:
    """A page of a customer's orders, newest first, older than the row `before`; `group` is open, archive or all."""
    mine = select(Order).where(Order.customer_id == customer_id)
    if group in GROUPS:
        mine = mine.where(col(Order.state).in_(GROUPS[group]))
    if before is not None:
        mine = mine.where(col(Order.id) < before)
    return cards(unit, list(unit.exec(mine.order_by(col(Order.id).desc()).limit(most))))


def cards(unit: Unit, page: list[Order]) -> list[OrderCard]:
    """Rows of orders as cards of a list, for whoever has shown that they are theirs."""
    lines, sellers = _lines(unit, page), merchants.merchants(unit, ids={row.merchant_id for row in page})
    pictures = _pictures(unit, [line for each in lines.values() for line in each])
    return [_card(row, sellers[row.merchant_id].name, lines[rows.id_of(row)], pictures) for row in page]


def order(unit: Unit, *, customer_id: int, order_id: str) -> OrderView:
    """A customer's order; raises NotFound, also for somebody else's."""
    return view_of(unit, rows.found(unit, *rows.of_customer(customer_id, order_id)))


def purchase(unit: Unit, *, customer_id: int, purchase_id: str) -> PurchaseView:
    """A customer's purchase with its orders; raises NotFound, also for somebody else's."""
    mine = (Purchase.public_id == purchase_id, Purchase.customer_id == customer_id)
    row = unit.exec(select(Purchase).where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    of = unit.exec(select(Order).where(Order.purchase_id == row.id).order_by(col(Order.id)))
    return PurchaseView(
        id=row.public_id,
        state=row.state,
        source=row.source,
        months=row.months,
        amount=Money(row.amount_tiyn),
        spent_bonus=Money(row.spent_bonus_tiyn),
        reason=row.reason,
        made_at=row.made_at,
        sign_until=row.sign_until,
        finished_at=row.finished_at,
        orders=tuple(view_of(unit, each) for each in of),
    )


def view_of(unit: Unit, row: Order) -> OrderView:
    """What may be seen of an order's row, by whoever has shown that it is theirs."""
    of, lines = unit.get_one(Purchase, row.purchase_id), rows.lines_of(unit, row)
    asked = list(
        unit.exec(select(OrderReturn).where(OrderReturn.order_id == row.id).order_by(col(OrderReturn.id).desc()))
    )
    pictures, left = _pictures(unit, lines), parts.left_of(lines)
    plan = unit.get(Loan, row.loan_id) if row.loan_id is not None else None
    return OrderView(
        id=row.public_id,
        code=row.code,
        purchase=of.public_id,
        merchant=merchants.merchant(unit, merchant_id=row.merchant_id),
        point=merchants.place(unit, point_id=row.point_id),
        source=of.source,
        state=row.state,
        status=row.status,
        delivery_mode=row.delivery_mode,
        city=row.city,
        address=row.address,
        amount=Money(row.amount_tiyn),
        bonus=Money(row.bonus_tiyn),
        money=Money(row.money_tiyn),
        left=left.total,
        commission=left.commission,
        promised_bonus=Money(row.promised_bonus_tiyn),
        taken_back=Money(row.taken_back_tiyn),
        plan=plan.public_id if plan else "",
        backing=_backing(row),
        cancellation_reason=row.cancellation_reason,
        spaces=row.spaces,
        planned_on=row.planned_on,
        due_on=row.due_on,
        made_at=row.made_at,
        accepted_at=row.accepted_at,
        handed_over_at=row.handed_over_at,
        cancelled_at=row.cancelled_at,
        lines=tuple(_line(row, each, asked, pictures) for each in lines),
        returns=tuple(return_view(each, lines) for each in asked),
        may_cancel=transitions.may(row, "cancel_by_buyer"),
        may_refuse_parcel=transitions.may(row, "refuse_parcel"),
        return_until=_until(row),
    )


def _backing(row: Order) -> str:
    if row.loan_id is not None:
        return "plan"
    return "money" if row.hold_id is not None or row.bonus_hold_id is not None else ""


def _until(row: Order) -> dict[str, date]:
    days = {reason: last_day(row, reason) for reason in RETURN_WITHIN}
    return {reason: day for reason, day in days.items() if day is not None}


def return_view(made: OrderReturn, lines: Iterable[OrderLine]) -> ReturnView:
    """A return's row as others see it."""
    return ReturnView(
        id=made.public_id,
        line=next(each.number for each in lines if each.id == made.line_id),
        pieces=made.quantity,
        reason=made.reason,
        words=made.words,
        state=made.state,
        refusal=made.refusal,
        to_bonus=Money(made.to_bonus_tiyn),
        to_money=Money(made.to_money_tiyn),
        off_plan=Money(made.off_plan_tiyn),
        taken_back=Money(made.taken_back_tiyn),
        withheld=Money(made.withheld_tiyn),
        goes_to=made.goes_to,
        asked_at=made.asked_at,
        answered_at=made.answered_at,
        done_at=made.done_at,
    )


def _line(row: Order, line: OrderLine, asked: list[OrderReturn], pictures: Mapping[int, tuple[str, str]]) -> LineView:
    left = line.quantity - parts.gone_of(line)
    is_open = any(each.line_id == line.id and each.state in OPEN for each in asked)
    may_return = line.kind == "goods" and row.status == "COMPLETED" and not is_open
    slug, picture = pictures.get(line.product_id or 0, ("", ""))
    return LineView(
        number=line.number,
        kind=line.kind,
        product=slug,
        picture=picture,
        sku=line.sku,
        names=in_languages(line, "name"),
        quantity=line.quantity,
        price=Money(line.price_tiyn),
        bonus=Money(line.bonus_tiyn),
        money=Money(line.money_tiyn),
        cancelled=line.cancelled,
        returned=line.returned,
        left=left,
        may_return=left if may_return else 0,
    )


def _card(row: Order, merchant: str, lines: list[OrderLine], pictures: Mapping[int, tuple[str, str]]) -> OrderCard:
    goods = [line for line in lines if line.kind == "goods"]
    _, picture = pictures.get(goods[0].product_id or 0, ("", ""))
    return OrderCard(
        row=rows.id_of(row),
        id=row.public_id,
        code=row.code,
        merchant=merchant,
        state=row.state,
        status=row.status,
        amount=Money(row.amount_tiyn),
        left=parts.left_of(lines).total,
        pieces=sum(line.quantity for line in goods),
        names=in_languages(goods[0], "name"),
        picture=picture,
        backing=_backing(row),
        planned_on=row.planned_on,
        made_at=row.made_at,
    )


def _lines(unit: Unit, page: list[Order]) -> dict[int, list[OrderLine]]:
    found: dict[int, list[OrderLine]] = {rows.id_of(row): [] for row in page}
    of = select(OrderLine).where(col(OrderLine.order_id).in_(found)).order_by(col(OrderLine.number))
    for line in unit.exec(of) if found else ():
        found[line.order_id].append(line)
    return found


def _pictures(unit: Unit, lines: Iterable[OrderLine]) -> dict[int, tuple[str, str]]:
    """Slug and first picture by product."""
    ids = {line.product_id for line in lines if line.product_id is not None}
    if not ids:
        return {}
    of: Any = select(Product.id, Product.slug, ProductImage.picture).join(ProductImage, isouter=True)
    found: dict[int, tuple[str, str]] = {}
    for number, slug, picture in unit.exec(of.where(col(Product.id).in_(ids)).order_by(ProductImage.position)):
        found.setdefault(number, (slug, picture or ""))
    return found
