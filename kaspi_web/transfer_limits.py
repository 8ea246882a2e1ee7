"""Limits on transfers from their data file: dated rows, added and never changed."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sqlmodel import select

from kaspi_web.domain.transfers.models import TransferLimit
from kaspi_web.kernel.database import Unit
from kaspi_web.service_tables import BadServiceFile, Table
from kaspi_web.settings import ROOT

SHIPPED = ROOT / "kaspi_web" / "transfer_limits.toml"
KINDS = ("phone", "own", "card")


def read(file: Path = SHIPPED) -> list[TransferLimit]:
    """The limits in the file, as rows of no database yet; raises BadServiceFile."""
    try:
        given = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadServiceFile(f"{file}: {error}") from None
    whole = Table(file, "limits", given)
    whole.only("limit")
    return [_limit(each) for each in whole.several("limit")]


def _limit(table: Table) -> TransferLimit:
    table.only("kind", "valid_from", "per_operation", "per_day")
    valid_from = table.day("valid_from")
    if valid_from is None:
        raise table.bad("valid_from", "a date such as 2026-01-01")
    once, day = table.sum("per_operation", ""), table.sum("per_day", "")
    if not 0 < once.tiyn <= day.tiyn:
        raise table.bad("per_day", "a sum not below per_operation, which is above zero")
    kind = table.one_of("kind", KINDS)
    return TransferLimit(kind=kind, valid_from=valid_from, per_operation_tiyn=once.tiyn, per_day_tiyn=day.tiyn)


def save(unit: Unit, *, found: list[TransferLimit]) -> None:
    """Add the limits of days that have none yet: a limit that was in force stays what it was."""
    there = {(row.kind, row.valid_from) for row in unit.exec(select(TransferLimit))}
    for row in found:
        if (row.kind, row.valid_from) not in there:
            # A copy: the unit may be run again, and the rows that were read belong to no bank.
            unit.add(TransferLimit(**row.model_dump(exclude={"id"})))
