"""A customer at the screen of a payment: looks, proposes a sum, presses Pay, and writes down what the page says."""

from __future__ import annotations

from collections.abc import Callable

from kaspi_web.ui.payments.intent import IntentState
from tests.kill.books import Diary
from tests.kill.slips import Slip
from tests.wire import Page

WAS_PAID = "tried again later: was paid, and shown so"
WAS_NOT = "tried again later: nothing had been moved, paid then"


async def pay(page: Page, slip: Slip, diary: Diary, *, tapped: Callable[[], None] = lambda: None) -> None:
    """Pay the slip once; the diary knows of it before the tap and of the answer after.

    One that was pressed before, and has no answer, is looked at first, as anybody would.
    """
    if slip.intent_id not in diary.pressed or not await _was_paid(page, slip, diary):
        await propose(page, slip)
        diary.pressed[slip.intent_id] = slip
        tapped()
        await press(page, slip)
    read(page, slip, diary)


async def _was_paid(page: Page, slip: Slip, diary: Diary) -> bool:
    await page.go(slip.path)
    was_paid = page.shows(IntentState).step == "result"
    diary.retried[WAS_PAID if was_paid else WAS_NOT] += 1
    return was_paid


async def press(page: Page, slip: Slip) -> None:
    """Press Pay, as often as this customer does, and wait for the page to change."""
    shown = page.shows(IntentState)
    for _ in range(slip.taps):
        page.send(IntentState.pay)
    await page.until(lambda: shown.step != "review" or shown.errors)


async def propose(page: Page, slip: Slip) -> None:
    """Type the sum and come to the window that asks to confirm it."""
    page.path = slip.path
    await page.call(IntentState.propose, {"amount": slip.amount.wire, "source": "wallet"})
    shown = page.shows(IntentState)
    assert shown.step == "review", (slip, shown)


def read(page: Page, slip: Slip, diary: Diary) -> None:
    """Write down that the page shows the payment."""
    shown = page.shows(IntentState)
    assert shown.step == "result", (slip, shown)
    diary.told[slip.intent_id] = (slip.intent_id, shown.result["receipt"].removeprefix("/en/receipt/"))
