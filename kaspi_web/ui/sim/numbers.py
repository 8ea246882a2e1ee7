"""Whose simulated phone a number is: of the browser that was the first to ask for its registration code."""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.customers import service as customers
from kaspi_web.ui.session import bank, browser_of, counter


async def bind(state: Any, phone: str) -> None:
    """Give the number to this browser if nobody asked for it before; a wallet's number is somebody's already."""
    browser = browser_of(state)
    if not browser or not bank().settings.demo:
        return
    if await bank().db.read(customers.card_by_phone, phone=phone) is None:
        await counter().phone.bind(phone, browser)
