"""The simulated sellers of a demo, told what happens at their counters."""

from __future__ import annotations

import json

import httpx

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import Refused

CLIENT = "bank"
_TIMEOUT_S = 12.0
_MOST_BYTES = 4 * 1024


class SellerSilent(Refused):
    """The simulated sellers did not answer: whether they did what they were told is seen on the order."""

    code = "seller_silent"


class SellerRefused(Refused):
    """The seller could not do it; `why` is the word of the bank's door."""

    code = "seller_refused"


def secret_of(bank: Bank) -> str:
    """The bank's password at the simulated sellers, derived from the master key."""
    return bank.keys.secret("merchants", CLIENT)


async def tell(bank: Bank, *, merchant: str, deed: str, **words: str) -> None:
    """Tell a seller of a demo to do something; raises SellerSilent or SellerRefused."""
    given = {"merchant": merchant, "deed": deed} | words
    address = bank.settings.merchant_address.rstrip("/")
    try:
        async with httpx.AsyncClient(auth=(CLIENT, secret_of(bank)), timeout=_TIMEOUT_S, trust_env=False) as http:
            answer = await http.post(f"{address}/deeds", json=given)
    except httpx.HTTPError:
        raise SellerSilent from None
    if answer.status_code == httpx.codes.CONFLICT:
        raise SellerRefused(why=_why(answer.content))
    if answer.status_code != httpx.codes.NO_CONTENT:
        raise SellerSilent


def _why(body: bytes) -> str:
    try:
        return str(json.loads(body[:_MOST_BYTES])["code"])[:40]
    except (ValueError, TypeError, KeyError, RecursionError):
        return "unreadable"
