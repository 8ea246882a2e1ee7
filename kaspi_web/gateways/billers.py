"""The doors of all billers, one client each, with what may be said of an account."""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.gateways.osmp_client import OsmpClient
from kaspi_web.kernel.errors import Invalid, Refused
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.osmp import Answer, Result
from kaspi_web.settings import Settings


class AccountUnknown(Invalid):
    """The biller knows no such account."""

    code, field = "account_unknown", "account"


class BillerSilent(Refused):
    """The biller did not answer, or not so that it can be relied on: nothing was moved, try later."""

    code = "biller_silent"


class BillerRefused(Refused):
    """The biller takes no payments for this account."""

    code = "biller_refused"


@dataclass(frozen=True, slots=True)
class Debt:
    """What a biller says of an account; `amount` is None when it does not say, below zero for paid in advance."""

    owner_name: str
    address: str
    amount: Money | None


class Billers:
    """Clients of billers by address, made on first use on the running loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clients: dict[str, OsmpClient] = {}

    def at(self, address: str) -> OsmpClient:
        """The client of one biller; a path is below the simulated biller's address."""
        url = address if "://" in address else self._settings.biller_address.rstrip("/") + address
        if url not in self._clients:
            self._clients[url] = OsmpClient(url, timeout_s=self._settings.biller_timeout_s)
        return self._clients[url]

    async def aclose(self) -> None:
        """Release the connections."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()


def debt_of(answer: Answer) -> Debt:
    """What the answer to a check says; raises AccountUnknown, BillerRefused or BillerSilent."""
    if answer.result in (Result.NO_ACCOUNT, Result.BAD_ACCOUNT):
        raise AccountUnknown
    if answer.result in (Result.INACTIVE, Result.FORBIDDEN, Result.TECHNICAL):
        raise BillerRefused
    if answer.result != Result.OK:
        raise BillerSilent
    return Debt(answer.value("FIO"), answer.value("address"), _amount(answer.value("debt") or answer.value("balance")))


def _amount(text: str) -> Money | None:
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    try:
        return Money(sign * Money.from_wire(digits).tiyn)
    except ValueError:
        return None
