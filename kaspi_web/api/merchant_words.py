"""The resources of the merchants' order API, as JSON:API has them: orders, their entries, users and returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from kaspi_web.domain.orders.selling import Sold, SoldPage, SoldReturn, Wanted
from kaspi_web.domain.orders.views import LineView
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.money import ZERO, Money

LAST_MS = 4_102_444_800_000
"""The first moment of 2100: no date of an order is beyond."""
_PAYMENT = {"red": "PAY_WITH_CREDIT", "instalment": "PAY_WITH_CREDIT", "credit": "PAY_WITH_CREDIT"}


def milliseconds(moment: datetime) -> int:
    """A moment as the protocol writes it: milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def error(status: int, code: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A refusal: the fact's code, and what it says, as JSON:API's `errors`."""
    meta = {name: _plain(value) for name, value in (params or {}).items()}
    return {"errors": [{"status": str(status), "code": code, "title": code.replace("_", " "), "meta": meta}]}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return milliseconds(value)
    return value.wire if isinstance(value, Money) else value if isinstance(value, int | str) else str(value)


def page(found: SoldPage, wanted: Wanted, *, include_users: bool) -> dict[str, Any]:
    """A page of orders with the number of pages; users beside them where asked for."""
    pages = -(-found.total // wanted.size)
    body: dict[str, Any] = {
        "data": [order(each) for each in found.orders],
        "meta": {"pageCount": pages, "totalCount": found.total},
    }
    if include_users:
        body["included"] = list({each.buyer: _user(each) for each in found.orders}.values())
    return body


def order(found: Sold) -> dict[str, Any]:
    """One order; sums are of what is neither cancelled nor returned."""
    seen = found.order
    return {
        "type": "orders",
        "id": seen.id,
        "attributes": {
            "code": seen.code,
            "totalPrice": _sum(seen.left),
            "state": seen.state,
            "status": seen.status,
            "customer": {"id": found.buyer, "name": found.buyer_name},
            "signatureRequired": seen.state == "SIGN_REQUIRED",
            "preOrder": False,
            "express": False,
            "assembled": seen.spaces > 0,
            "deliveryMode": seen.delivery_mode,
            "isKaspiDelivery": seen.delivery_mode == "DELIVERY_REGIONAL_TODOOR",
            "deliveryAddress": {"town": seen.city, "formattedAddress": seen.address},
            "pickupPointId": seen.point.code,
            "paymentMode": _PAYMENT.get(seen.source, "PREPAID"),
            "creationDate": milliseconds(seen.made_at),
            "approvedByBankDate": milliseconds(seen.made_at),
            "plannedDeliveryDate": _day(seen.planned_on),
            "reservationDate": _day(seen.due_on),
            "deliveryCost": _sum(_delivery(seen.lines)),
            "cancellationReason": seen.cancellation_reason,
        },
        "relationships": {"user": {"data": {"type": "customers", "id": found.buyer}}},
    }


def _user(found: Sold) -> dict[str, Any]:
    return {"type": "customers", "id": found.buyer, "attributes": {"name": found.buyer_name}}


def _delivery(lines: tuple[LineView, ...]) -> Money:
    return sum((line.total for line in lines if line.kind == "delivery" and line.left), ZERO)


def entry(found: Sold, line: LineView) -> dict[str, Any]:
    """Pieces of one product that are neither cancelled nor returned."""
    return {
        "type": "orderentries",
        "id": f"{found.order.id}-{line.number}",
        "attributes": {
            "entryNumber": line.number,
            "quantity": line.left,
            "basePrice": _sum(line.price),
            "totalPrice": _sum(Money(line.price.tiyn * line.left)),
            "deliveryCost": 0,
            "offer": {"code": line.sku, "name": line.names["ru"]},
        },
    }


def returned(found: SoldReturn) -> dict[str, Any]:
    """A return."""
    seen = found.view
    return {
        "type": "returns",
        "id": seen.id,
        "attributes": {
            "orderId": found.order,
            "entryNumber": seen.line,
            "quantity": seen.pieces,
            "reason": seen.reason,
            "words": seen.words,
            "state": seen.state,
            "refusal": seen.refusal,
            "creationDate": milliseconds(seen.asked_at),
        },
    }


def _sum(amount: Money) -> int | float:
    """Tenge as a JSON number; whole ones without a point."""
    whole, tiyn = divmod(amount.tiyn, 100)
    return whole if not tiyn else float(amount.wire)


def _day(day: date) -> int:
    return milliseconds(datetime.combine(day, time(), ALMATY))
