"""What one caller of a crowd does: real deeds of the bank, each through `write`, with plain answers."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from kaspi_web.domain.bills import asking, outcomes, payments, proposals
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.onboarding import service as onboarding
from kaspi_web.domain.settlements import service as settlements
from kaspi_web.domain.sms import codes
from kaspi_web.domain.terminals import topups
from kaspi_web.domain.transfers import sending
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Busy, Refused
from kaspi_web.kernel.money import Money

Write = Any


class ThoughtBetter(Refused):
    """A deed that refuses after it has posted."""

    code = "thought_better"


async def pays(write: Write, number: int, *, owner: int, keys: list[str], amounts: list[Money]) -> int:
    """Press Pay with one of the keys and one of the sums."""
    key, amount = keys[number % len(keys)], amounts[number % len(amounts)]
    return (await write(payments.pay, customer_id=owner, key=key, amount=amount, source="wallet")).id


async def spends_in_some_way(
    write: Write, number: int, *, owner: int, wallet: int, shop: int, keys: list[str], amount: Money
) -> str:
    """Pay a bill, move money or hold it: three ways out of one wallet."""
    key = f"race:{number}"
    if number % 3 == 0:
        await write(payments.pay, customer_id=owner, key=keys[number], amount=amount, source="wallet")
        return "paid"
    if number % 3 == 1:
        await write(ledger.post, kind="test", key=key, moves=[Move(wallet, shop, amount)])
        return "moved"
    await write(ledger.hold, kind="test_held", key=key, account_id=wallet, amount=amount, subject=key)
    return "held"


async def posts(write: Write, number: int, *, moves: list[Move], key: str = "") -> int:
    """Post one of the moves, under a key of one's own or the key of all."""
    return await write(ledger.post, kind="test", key=key or f"race:{number}", moves=[moves[number % len(moves)]])


async def moves_there_or_back(write: Write, number: int, *, there: list[Move], times: int) -> int:
    """Move money along a way, or along the same way backwards, several times."""
    back = [Move(move.credit, move.debit, move.amount) for move in reversed(there)]
    for turn in range(times):
        moves = there if (number + turn) % 2 else back
        await write(ledger.post, kind="test", key=f"race:{number}:{turn}", moves=moves)
    return times


async def posts_and_may_think_better(write: Write, number: int, *, move: Move) -> int:
    """Post, and in every second unit refuse afterwards."""
    return await write(_post, number=number, move=move)


def _post(unit: Unit, *, number: int, move: Move) -> int:
    made = ledger.post(unit, kind="test", key=f"race:{number}", moves=[move])
    if number % 2:
        raise ThoughtBetter
    return made


def _takes_sides(number: int, things: int) -> int:
    """0 or 1: half of those who come for a thing are of each side, and neither side always comes first."""
    return (number // things + number % things) % 2


async def captures_or_releases(write: Write, number: int, *, holds: list[int], amount: Money, to: int) -> tuple:
    """Capture one of the holds, or release it."""
    hold_id, captures = holds[number % len(holds)], _takes_sides(number, len(holds))
    this = {"hold_id": hold_id, "amount": amount, "key": f"race:{number}"}
    if captures:
        await write(ledger.capture, to=to, kind="test_captured", **this)
    else:
        await write(ledger.release, kind="test_released", **this)
    return hold_id, "captured" if captures else "released"


async def says_yes_or_no(write: Write, number: int, *, payment_ids: list[int]) -> None:
    """Write down a biller's yes, or its no."""
    payment_id = payment_ids[number % len(payment_ids)]
    if _takes_sides(number, len(payment_ids)):
        await write(outcomes.accepted, payment_id=payment_id, biller_txn="77")
    else:
        await write(outcomes.refused, payment_id=payment_id, word="5")


async def claims(write: Write, number: int) -> list[int]:
    """Take payments whose billers are to be asked."""
    return [asking.id for asking in await write(asking.claim, most=1 + number % 3)]


async def types_a_code(write: Write, number: int, *, phone: str, typed: str) -> bool:
    """Type a code of a registration; whether it was right."""
    return await write(codes.try_code, phone=phone, purpose="register", subject=phone, typed=typed) is None


async def types_the_code_and_pays(
    write: Write, number: int, *, owner: int, intent_id: str, key: str, amount: Money, typed: str
) -> tuple[bool, int]:
    """Confirm a payment with the code from the SMS and press Pay; whether the code counted, and the payment."""
    this = {"customer_id": owner, "amount": amount, "source": "wallet"}
    refusal = await write(proposals.confirm, intent_id=intent_id, typed=typed, **this)
    return refusal is None, (await write(payments.pay, key=key, **this)).id


async def opens_an_account(write: Write, number: int, *, kind: str, owner: str) -> int:
    """Use an account, which is opened on first use."""
    return await write(ledger.account, kind=kind, owner=owner)


async def opens_a_wallet(write: Write, number: int, *, cookies: list[str]) -> str:
    """Take the last step of a registration."""
    return await write(onboarding.open_wallet, cookie=cookies[number % len(cookies)], password_hash="x")


async def tells_of_cash(write: Write, number: int, *, txn_ids: list[str], told: dict[str, Any]) -> int:
    """Tell of cash taken by a terminal, as often as a network does that the bank has told to come again."""
    for _ in range(20):
        with suppress(Busy):
            return (await write(topups.pay, txn_id=txn_ids[number % len(txn_ids)], **told)).id
    raise Busy


async def settles(write: Write, number: int, *, day: Any) -> dict[str, Money]:
    """Settle a business day."""
    return await write(settlements.settle_day, day=day)


async def undoes_or_sends_now(write: Write, number: int, *, owner: int, transfers: list[str]) -> tuple[str, str]:
    """Undo one of the held transfers, or do not wait; the transfer, and what became of it."""
    transfer_id = transfers[number % len(transfers)]
    deed = sending.undo if _takes_sides(number, len(transfers)) else sending.send_now
    return transfer_id, (await write(deed, customer_id=owner, transfer_id=transfer_id)).state


async def sends(write: Write, number: int, *, drafts: list[tuple[int, str]]) -> str:
    """Send one of the drafts, each of its own sender; what became of it."""
    owner, transfer_id = drafts[number % len(drafts)]
    return (await write(sending.send, customer_id=owner, transfer_id=transfer_id, proposal=1)).state
