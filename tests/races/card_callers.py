"""What callers of a crowd do with cards, bonuses, refunds and transfers; see callers.py."""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.bills import outcomes, payments, refunds
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.transfers import returns, sending
from kaspi_web.kernel.money import Money

Write = Any


async def says_yes_or_gives_back(
    write: Write, number: int, *, payment_id: int, slug: str, txn_id: str, part: Money, cancels: int
) -> str:
    """Write down the biller's yes, or what it gives back under one of so many numbers."""
    if number % 4 == 0:
        await write(outcomes.accepted, payment_id=payment_id, biller_txn="77")
        return "yes"
    cancel_id = f"c{number % cancels}"
    made = await write(refunds.refund, slug=slug, cancel_id=cancel_id, txn_id=txn_id, amount=part)
    return f"refund {made.id}"


async def says_yes_or_no_to_a_return(write: Write, number: int, *, owner: int, transfer_id: str) -> str:
    """Give a transfer back, or refuse to."""
    deed = returns.accept if number % 2 else returns.decline
    return (await write(deed, customer_id=owner, transfer_id=transfer_id)).return_state


async def undoes_or_hurries(write: Write, number: int, *, owner: int, transfer_ids: list[str]) -> tuple[str, str]:
    """Undo one of the transfers, or send it now."""
    transfer_id = transfer_ids[number % len(transfer_ids)]
    deed = sending.undo if (number // len(transfer_ids) + number % len(transfer_ids)) % 2 else sending.send_now
    return transfer_id, (await write(deed, customer_id=owner, transfer_id=transfer_id)).state


async def pays_from(write: Write, number: int, *, owner: int, keys: list[str], amount: Money, source: str) -> int:
    """Pay a proposal of one's own."""
    return (await write(payments.pay, customer_id=owner, key=keys[number], amount=amount, source=source)).id


async def pays_or_takes_the_card_away(
    write: Write, number: int, *, owner: int, keys: list[str], amount: Money, card: str, how: str
) -> str:
    """Pay by the card, or freeze or unlink it."""
    if number % 16 == 7:
        deed = cards.freeze if how == "freeze" else cards.unlink
        await write(deed, customer_id=owner, public_id=card)
        return how
    await write(payments.pay, customer_id=owner, key=keys[number], amount=amount, source="card")
    return "paid"


async def refuses_or_pays(
    write: Write, number: int, *, owner: int, payment_ids: list[int], keys: list[str], amount: Money, source: str
) -> str:
    """Write down a biller's no to a mixed payment, or make another one."""
    if number % 2:
        await write(outcomes.refused, payment_id=payment_ids[number // 2], word="7")
        return "refused"
    await write(payments.pay, customer_id=owner, key=keys[number // 2], amount=amount, source=source)
    return "paid"


async def gives_back_or_pays(
    write: Write, number: int, *, owner: int, txn_ids: list[str], slug: str, keys: list[str], amount: Money
) -> str:
    """Give a mixed payment by a card back, or make another one from the same card and bonuses."""
    if number % 2:
        await write(refunds.refund, slug=slug, cancel_id=f"c{number}", txn_id=txn_ids[number // 2])
        return "refunded"
    await write(payments.pay, customer_id=owner, key=keys[number // 2], amount=amount, source="card")
    return "paid"
