"""The billers that data files describe: the same files that the bank reads, and their `simulator` tables."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kaspi_web.kernel.bill_lines import Choice, Tier
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.simulators.biller.accounts import Account, Biller, FineSpec, Habit, LineSpec

SHIPPED = Path(__file__).resolve().parents[2] / "services"
_CITIES = {"almaty": "Алматы", "astana": "Астана", "karaganda": "Караганда"}


@cache
def shipped() -> dict[str, Biller]:
    """The billers of the shipped files."""
    return billers_in([SHIPPED])


def billers_in(folders: Iterable[Path]) -> dict[str, Biller]:
    """Every service of the *.toml files in `folders`, by its slug; raises ValueError that names the file."""
    files = [file for folder in folders for file in sorted(folder.glob("*.toml"))]
    parsed = {file: tomllib.loads(file.read_text("utf-8")) for file in files}
    holidays = frozenset(day for given in parsed.values() for day in given.get("holidays", []))
    found: dict[str, Biller] = {}
    for file, given in parsed.items():
        for service in given.get("service", []):
            try:
                found[service["slug"]] = _biller(service, given.get("shared", {}), holidays)
            except (KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"{file}: {service.get('slug')}: {error!r}") from None
    return found


def _biller(given: dict[str, Any], shared: dict[str, Any], holidays: frozenset[date]) -> Biller:
    plays: dict[str, Any] = given.get("simulator", {})
    return Biller(
        code=given["slug"],
        title=_names(given["name"])["ru"],
        city=_CITIES.get(given.get("city", ""), "Алматы"),
        dialect=given.get("dialect", "osmp"),
        bin=given["bin"],
        kind=plays.get("kind", "accounts"),
        tells_owner=given.get("tells_owner", False),
        minimum=Money.from_wire(given.get("minimum", "10.00")),
        maximum=Money.from_wire(given.get("maximum", "1000000.00")),
        ways={full["name"]: full.get("pattern", "") for full in (_full(way, shared) for way in given["way"])},
        required=tuple(_full(each, shared)["name"] for each in given.get("extra", [])),
        prefix=plays.get("prefix", ""),
        digits=plays.get("digits", 8),
        own=tuple(_account(each) for each in plays.get("account", [])),
        lines=tuple(_line(each) for each in plays.get("line", [])),
        tariffs=tuple(_tariff(each) for each in plays.get("tariff", [])),
        fines=tuple(_fine(each) for each in plays.get("fine", [])),
        holidays=holidays,
    )


def _full(field: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    return shared.get(field.get("like", ""), {}) | field


def _names(given: str | dict[str, str]) -> dict[str, str]:
    return dict.fromkeys(("kk", "ru", "en"), given) if isinstance(given, str) else given


def _account(given: dict[str, Any]) -> Account:
    owed, habit = Money.from_wire(given.get("owed", "0")), Habit(given.get("habit", "plain"))
    return Account(given["number"], given.get("owner", ""), given.get("address", ""), owed, habit)


def _line(given: dict[str, Any]) -> LineSpec:
    least, _, most = given.get("usual", "0-0").partition("-")
    return LineSpec(
        given["code"],
        _names(given["name"]),
        given.get("unit", ""),
        tuple(Tier(tier.get("to"), Money.from_wire(tier["price"])) for tier in given.get("tiers", [])),
        (int(least), int(most)),
        tuple(given.get("sums", "").split()),
        Money.from_wire(given["fixed"]) if "fixed" in given else ZERO,
    )


def _tariff(given: dict[str, Any]) -> Choice:
    return Choice(given["id"], _names(given["name"]), Money.from_wire(given["sum"]) if "sum" in given else None)


def _fine(given: dict[str, Any]) -> FineSpec:
    amount, names = Money.from_wire(given["sum"]), _names(given["name"])
    return FineSpec(given["plate"], given["notice"], amount, given["days_ago"], names)
