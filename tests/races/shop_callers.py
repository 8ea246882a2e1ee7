"""What callers of a crowd do in the shop; see callers.py."""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.checkout import expiring
from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.checkout.service import Fetch
from kaspi_web.domain.orders import dropping
from kaspi_web.kernel.money import Money

Write = Any


async def _proposes_and_buys(write: Write, owner: int, checkout_id: str, fetching: dict[str, Any], **more: Any) -> str:
    this = {"customer_id": owner, "checkout_id": checkout_id}
    ways = {slug: Fetch(*way) for slug, way in fetching.items()}
    agreed = await write(checkout.propose, **this, fetching=ways, source="wallet", **more)
    tap = {"amount": agreed.amount, "source": "wallet", "number": agreed.number}
    return (await write(checkout.buy, **this, **tap)).id


async def buys(write: Write, number: int, *, checkouts: list[tuple[int, str]], fetching: dict[str, Any]) -> str:
    """Propose one of the checkouts and buy it; the purchase."""
    owner, checkout_id = checkouts[number % len(checkouts)]
    return await _proposes_and_buys(write, owner, checkout_id, fetching)


async def presses(write: Write, number: int, *, owner: int, checkout_id: str, amount: Money, proposal: int) -> str:
    """Press Buy for what was proposed; the purchase."""
    this = {"customer_id": owner, "checkout_id": checkout_id, "number": proposal}
    return (await write(checkout.buy, **this, amount=amount, source="wallet")).id


async def buys_or_lets_go(
    write: Write, number: int, *, checkouts: list[tuple[int, str]], fetching: dict[str, Any], over: list[str]
) -> str:
    """Buy, or do what the worker does for checkouts whose time is over."""
    if number % 4 == 3:
        await write(expiring.settle, subject=over[number % len(over)])
        return "let go"
    owner, checkout_id = checkouts[number % len(checkouts)]
    await _proposes_and_buys(write, owner, checkout_id, fetching)
    return "bought"


async def buys_or_cancels(
    write: Write,
    number: int,
    *,
    checkouts: list[tuple[int, str]],
    fetching: dict[str, Any],
    orders: list[tuple[int, str]],
    spend: Money,
) -> str:
    """Buy from several sellers with bonuses beside, or cancel an order: opposite ways through the same rows."""
    if number % 2:
        owner, order_id = orders[number // 2 % len(orders)]
        await write(dropping.cancel_by_buyer, customer_id=owner, order_id=order_id)
        return "cancelled"
    owner, checkout_id = checkouts[number // 2 % len(checkouts)]
    await _proposes_and_buys(write, owner, checkout_id, fetching, spend=spend)
    return "bought"
