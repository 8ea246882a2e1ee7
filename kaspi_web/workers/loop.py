"""One loop of work: done when news says so, and looked for every second in case no news came."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from kaspi_web.kernel.bank import Bank

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
_AFTER_TROUBLE_S = 2.0


async def keep_doing(bank: Bank, name: str, work: Callable[[], Awaitable[int]]) -> None:
    """Call `work` until cancelled; it answers how much it found, and is called again at once while it finds any."""
    awake = asyncio.Event()
    stop = bank.news.listen(lambda topic: awake.set() if topic == f"job:{name}" else None)
    try:
        while True:
            awake.clear()
            try:
                found = await work()
            except Exception:
                # A loop that ends would leave money under way for ever; the row is found again.
                log.exception("the %s loop had trouble", name)
                found = 0
                await asyncio.sleep(_AFTER_TROUBLE_S)
            if not found:
                await _wait(awake)
    finally:
        stop()


async def _wait(awake: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_EVERY_S):
            await awake.wait()
    except TimeoutError:
        return
