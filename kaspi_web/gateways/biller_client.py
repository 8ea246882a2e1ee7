"""One biller's door: check and pay in its dialect, and its registry of a day."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, datetime

from kaspi_web.gateways.osmp_client import OsmpClient, Unknown
from kaspi_web.kernel.kaspi_biller import parse
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.osmp import Answer, Check, Pay, parse_answer, parse_txn_date

MAX_REGISTRY = 16 * 1024 * 1024
"""Bytes of one day's registry."""
_REGISTRY_TIMEOUT_S = 60.0
_COLUMNS = {"txn_id", "account", "sum", "txn_date", "prv_txn", "state"}
_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
STATES = ("done", "pending", "refused")


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """One payment as the biller has it: `state` is done, pending or refused, `cancelled` what it gave back since."""

    txn_id: str
    account: str
    sum: Money
    at: datetime
    prv_txn: str
    state: str
    cancelled: Money = ZERO


class BillerClient(OsmpClient):
    """A biller that speaks `dialect`: osmp, kaspi_json or kaspi_xml; answers are the same for all."""

    def __init__(self, base_url: str, *, timeout_s: float, dialect: str = "osmp") -> None:
        super().__init__(base_url, timeout_s=timeout_s)
        self._dialect = dialect

    def _read(self, body: bytes, request: Check | Pay) -> Answer:
        if self._dialect == "osmp":
            return parse_answer(body, txn_id=request.txn_id)
        command = "pay" if isinstance(request, Pay) else "check"
        return parse(body, form=self._dialect, command=command, txn_id=request.txn_id)

    async def registry(self, day: date) -> list[RegistryRow]:
        """Every payment of the accounting day, whatever its state; raises Unknown.

        It is a CSV file at the biller's address with `/registry` behind it.
        """
        where = self._url.copy_with(path=self._url.path.rstrip("/") + "/registry")
        asking = self._http.build_request("GET", where.copy_set_param("day", day.isoformat()))
        body = await self._body(asking, most=MAX_REGISTRY, timeout_s=_REGISTRY_TIMEOUT_S)
        if len(body) > MAX_REGISTRY:
            raise Unknown("broken_size")
        try:
            return _rows(body.decode())
        except (ValueError, KeyError, TypeError, csv.Error):
            raise Unknown("broken_registry") from None


def _rows(text: str) -> list[RegistryRow]:
    reader = csv.DictReader(text.splitlines(), strict=True)
    if not set(reader.fieldnames or ()) >= _COLUMNS:
        raise ValueError("not a registry")
    return [_row(each) for each in reader]


def _row(given: dict[str, str]) -> RegistryRow:
    if not _DIGITS.fullmatch(given["txn_id"]) or given["state"] not in STATES:
        raise ValueError("not a row of a registry")
    return RegistryRow(
        given["txn_id"],
        given["account"],
        Money.from_wire(given["sum"]),
        parse_txn_date(given["txn_date"]),
        given["prv_txn"],
        given["state"],
        Money.from_wire(given.get("cancelled") or "0"),
    )
