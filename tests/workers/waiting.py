"""Waiting for what a worker or a push will have done soon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(done: Callable[[], object], *, seconds: float = 5.0, look_every_s: float = 0.02) -> None:
    """Wait until `done()` holds; fails when it does not come to hold in time."""
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110  what is waited for tells nobody
            await asyncio.sleep(look_every_s)
