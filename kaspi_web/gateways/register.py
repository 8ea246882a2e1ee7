"""The population register, asked over HTTP: whose number an IIN is, and in demos the issuing of identity cards.

An IIN travels in bodies and never in an address; neither it nor what the register says of a person is logged.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx

from kaspi_web.domain.customers.names import Person
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import Refused

CLIENT = "bank"
_TIMEOUT_S = 5.0
_PARALLEL = 8
_MOST_BYTES = 32 * 1024


class RegisterSilent(Refused):
    """The register did not answer, or not so that it can be relied on: nothing was decided, try later."""

    code = "register_silent"


@dataclass(frozen=True, slots=True)
class IdentityCard:
    """A demo's identity card, as its owner holds it."""

    iin: str
    person: Person


def secret_of(bank: Bank) -> str:
    """The bank's password at the simulated register, derived from the master key."""
    return bank.keys.secret("register", CLIENT)


class Register:
    """A client of the register; made and closed on one event loop."""

    def __init__(self, bank: Bank, *, timeout_s: float = _TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        # No proxies or passwords from the environment: the register is reached as the settings say.
        self._http = httpx.AsyncClient(
            base_url=bank.settings.register_address.rstrip("/"),
            auth=(CLIENT, secret_of(bank)),
            timeout=timeout_s,
            limits=httpx.Limits(max_connections=_PARALLEL),
            # No compression: a small packed answer could unpack to gigabytes.
            headers={"Accept-Encoding": "identity"},
            trust_env=False,
        )

    async def aclose(self) -> None:
        """Release the connections."""
        await self._http.aclose()

    async def find(self, iin: str) -> Person | None:
        """Whose number it is; None for one that nobody has. Raises RegisterSilent."""
        status, said = await self._ask("/people/find", {"iin": iin})
        if status == httpx.codes.NOT_FOUND:
            return None
        if status != httpx.codes.OK:
            raise RegisterSilent
        return _person(_object(said))

    async def issue(self, reference: str, phone: str, person: Person) -> None:
        """Have a demo's identity card issued, once for each reference; raises RegisterSilent."""
        names = {name: getattr(person, name) for name in ("given_name", "family_name", "patronymic")}
        given = {"reference": reference, "phone": phone, **names, "born_on": person.born_on.isoformat()}
        status, _ = await self._ask("/people", given)
        if status != httpx.codes.NO_CONTENT:
            raise RegisterSilent

    async def cards(self, phone: str) -> list[IdentityCard]:
        """The identity cards of a demo's number, newest first, for the simulated phone. Raises RegisterSilent."""
        status, said = await self._ask("/people/of-phone", {"phone": phone})
        people = _object(said).get("people") if status == httpx.codes.OK else None
        if not isinstance(people, list):
            raise RegisterSilent
        return [IdentityCard(_text(each, "iin"), _person(each)) for each in people]

    async def _ask(self, path: str, given: dict[str, str]) -> tuple[int, bytes]:
        try:
            # httpx counts each read alone; a register that drips bytes would never end.
            async with asyncio.timeout(self._timeout_s), self._http.stream("POST", path, json=given) as response:
                return response.status_code, await _limited(response)
        except (TimeoutError, httpx.HTTPError, httpx.StreamError):
            raise RegisterSilent from None


async def _limited(response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > _MOST_BYTES:
            raise RegisterSilent
    return bytes(body)


def _object(said: bytes) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        raise RegisterSilent from None
    if not isinstance(found, dict):
        raise RegisterSilent
    return found


def _person(said: Any) -> Person:
    given_name, family_name, patronymic = (_text(said, name) for name in ("given_name", "family_name", "patronymic"))
    try:
        return Person(given_name, family_name, patronymic, date.fromisoformat(_text(said, "born_on")))
    except ValueError:
        raise RegisterSilent from None


def _text(said: Any, name: str) -> str:
    value = said.get(name) if isinstance(said, dict) else None
    if not isinstance(value, str):
        raise RegisterSilent
    return value
