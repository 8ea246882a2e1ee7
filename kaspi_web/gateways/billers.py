"""The doors of all billers, one client each, with what may be said of an account."""

from __future__ import annotations

from kaspi_web.gateways.biller_client import BillerClient, RegistryRow
from kaspi_web.kernel.bill_lines import Debt
from kaspi_web.kernel.errors import Invalid, Refused
from kaspi_web.kernel.kaspi_biller import BillAnswer
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.osmp import Answer, Result
from kaspi_web.settings import Settings

__all__ = ["AccountUnknown", "BillerRefused", "BillerSilent", "Billers", "Debt", "RegistryRow", "debt_of"]


class AccountUnknown(Invalid):
    """The biller knows no such account."""

    code, field = "account_unknown", "account"


class BillerSilent(Refused):
    """The biller did not answer, or not so that it can be relied on: nothing was moved, try later."""

    code = "biller_silent"


class BillerRefused(Refused):
    """The biller takes no payments for this account."""

    code = "biller_refused"


class Billers:
    """Clients of billers by address, made on first use on the running loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clients: dict[tuple[str, str], BillerClient] = {}

    def at(self, address: str, dialect: str = "osmp") -> BillerClient:
        """The client of one biller; a path is below the simulated biller's address."""
        url = address if "://" in address else self._settings.biller_address.rstrip("/") + address
        if (url, dialect) not in self._clients:
            timeout_s = self._settings.biller_timeout_s
            self._clients[url, dialect] = BillerClient(url, timeout_s=timeout_s, dialect=dialect)
        return self._clients[url, dialect]

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
    owner = answer.value("FIO") or answer.value("name")
    lines, menu = (answer.lines, answer.menu) if isinstance(answer, BillAnswer) else ((), ())
    return Debt(owner, answer.value("address"), _owed(answer), lines, menu)


def _owed(answer: Answer) -> Money | None:
    """What the biller names itself, else what its lines come to, else the sum of its answer."""
    said = _amount(answer.value("debt") or answer.value("balance"))
    if said is not None or not isinstance(answer, BillAnswer):
        # The other family puts anything into the sum of a check.
        return said
    return sum((line.pay for line in answer.lines), start=ZERO) if answer.lines else answer.sum


def _amount(text: str) -> Money | None:
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    try:
        return Money(sign * Money.from_wire(digits).tiyn)
    except ValueError:
        return None
