"""Services from data files: what an operator writes becomes rows, and what cannot be is told by file and key.

A folder holds *.toml files; each may hold services, rules about bonuses, holidays, and words to search by.
docs/services.md has the form. Adding a service takes a file and no code.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, insert, select

from kaspi_web.domain.bills.models import Biller, Holiday
from kaspi_web.domain.bonus.models import BonusRule
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.iin import check_digit
from kaspi_web.service_tables import BadServiceFile, Table
from kaspi_web.settings import ROOT, Settings

SHIPPED = ROOT / "kaspi_web" / "services"
KINDS = ("digits", "text", "phone", "plate", "own_iin")
_DOORS = {"osmp": "/osmp/", "kaspi_json": "/kaspi/", "kaspi_xml": "/kaspi/"}
_RULES = ("all", "category", "service", "merchant")
_SLUG, _NAME = re.compile(r"[a-z0-9-]{2,32}", re.ASCII), re.compile(r"[a-z_]{2,20}", re.ASCII)
_OWN_WORDS = {"command", "txn_id", "txn_date", "account", "sum", "by", "lines", "readings", "service_id"}
"""Parameters that the bank itself sends: no further field may be called so."""
_MAX_SEARCH = 500


@dataclass(slots=True)
class Found:
    """What the files of some folders hold, as values of columns; services by slug, words by group and name."""

    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    rules: list[dict[str, Any]] = field(default_factory=list)
    holidays: set[date] = field(default_factory=set)
    words: dict[str, dict[str, dict[str, str]]] = field(default_factory=lambda: {"category": {}, "city": {}})


def folders(settings: Settings) -> list[Path]:
    """Where this installation's files are: those shipped, and the folder of the setting SERVICES_DIR."""
    return [SHIPPED, *([settings.services_dir] if settings.services_dir else [])]


def read(folders: Iterable[Path]) -> Found:
    """Everything in the *.toml files of `folders`, the shipped words for searching too; raises BadServiceFile."""
    found = Found()
    files = [file for folder in folders for file in _files(folder)]
    parsed = {file: _parsed(file) for file in dict.fromkeys([SHIPPED / "words.toml", *files])}
    for file, given in parsed.items():
        _read_words(found, Table(file, "words", given.get("words", {})))
    for file, given in parsed.items():
        _read_file(found, file, given)
    return found


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BadServiceFile(f"{folder}: no such folder")
    return sorted(folder.glob("*.toml"))


def _parsed(file: Path) -> dict[str, Any]:
    try:
        given = _toml(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadServiceFile(f"{file}: {error}") from None
    unknown = set(given) - {"shared", "service", "rule", "holidays", "words"}
    if unknown:
        raise BadServiceFile(f"{file}: unknown key {min(unknown)}")
    return given


@lru_cache(maxsize=64)
def _toml(text: str) -> dict[str, Any]:
    # Never changed by whoever reads it, so that one reading of a text serves all.
    return tomllib.loads(text)


def _read_words(found: Found, given: Table) -> None:
    for group in given.data:
        if group not in found.words:
            raise given.bad(group, "category or city")
        for name in given.table(group).data:
            found.words[group][name] = given.table(group).names(name)


def _read_file(found: Found, file: Path, given: dict[str, Any]) -> None:
    shared = Table(file, "shared", given.get("shared", {}))
    for each in _tables(file, "service", given):
        row = _service(each, shared, found)
        if row["slug"] in found.services:
            raise each.bad("slug", "another one: a service is called so already")
        found.services[row["slug"]] = row | {"position": len(found.services)}
    found.rules += [_rule(each) for each in _tables(file, "rule", given)]
    found.holidays |= _holidays(file, given.get("holidays", []))


def _rule(given: Table) -> dict[str, Any]:
    given.only("applies", "name", "basis_points", "from", "until")
    applies = given.one_of("applies", _RULES)
    first, last = given.day("from"), given.day("until")
    if first is None:
        raise given.bad("from", "a date such as 2026-01-01")
    if last is not None and last < first:
        raise given.bad("until", "a day not before `from`")
    return {
        "applies": applies,
        "name": "" if applies == "all" else given.text("name", most=32),
        "basis_points": given.number("basis_points", most=10_000),
        "valid_from": first,
        "valid_until": last,
    }


def _tables(file: Path, name: str, given: dict[str, Any]) -> list[Table]:
    several = given.get(name, [])
    if not isinstance(several, list):
        raise BadServiceFile(f"{file}: {name}: expected [[{name}]]")
    return [
        Table(file, f"{name} {each.get('slug', number) if isinstance(each, dict) else number}", each)
        for number, each in enumerate(several, start=1)
    ]


def _holidays(file: Path, given: Any) -> set[date]:
    if not isinstance(given, list) or not all(type(day) is date for day in given):
        raise BadServiceFile(f"{file}: holidays: expected a list of dates, 2026-01-01")
    return set(given)


_TEXTS = ("slug", "category", "city", "bin", "address", "dialect", "prefixes", "kbk", "knp", "minimum", "maximum")
_KEYS = (*_TEXTS, "name", "search", "tells_owner", "needs_iin", "active", "way", "extra", "simulator")


def _service(given: Table, shared: Table, found: Found) -> dict[str, Any]:
    given.only(*_KEYS)
    slug, names = given.matching("slug", _SLUG, "2 to 32 small letters, digits and dashes"), given.names("name")
    dialect, least, most = (
        given.one_of("dialect", _DOORS, "osmp"),
        given.sum("minimum", "10.00"),
        given.sum("maximum", "1000000.00"),
    )
    if not 0 < least.tiyn <= most.tiyn:
        raise given.bad("minimum", "a sum above zero and not above the maximum")
    category, city = (
        given.one_of("category", found.words["category"]),
        given.one_of("city", ["", *found.words["city"]], ""),
    )
    return {
        "slug": slug,
        "category": category,
        "city": city,
        **{f"name_{locale}": name for locale, name in names.items()},
        "search": _search(given, names, found.words["category"][category], found.words["city"].get(city, {})),
        "bin": _bin(given),
        "address": given.text("address", _DOORS[dialect] + slug, most=200),
        "dialect": dialect,
        "tells_owner": given.flag("tells_owner", False),
        "needs_iin": given.flag("needs_iin", False),
        "fields": json.dumps(_fields(given, shared), ensure_ascii=False),
        "prefixes": given.text("prefixes", "", most=80),
        "kbk": given.text("kbk", "", most=6),
        "knp": given.text("knp", "", most=3),
        "minimum_tiyn": least.tiyn,
        "maximum_tiyn": most.tiyn,
        "active": given.flag("active", True),
    }


def _bin(given: Table) -> str:
    number = given.text("bin", most=12)
    # Companies' numbers end in the same check digit as people's.
    if not re.fullmatch("[0-9]{12}", number, re.ASCII) or check_digit(number[:-1]) != int(number[-1]):
        raise given.bad("bin", "12 digits of which the last one is the check digit")
    return number


def _search(given: Table, names: Mapping[str, str], *groups: Mapping[str, str]) -> str:
    words = " ".join([given.data["slug"], *names.values(), *(word for group in groups for word in group.values())])
    text = f"{words} {given.text('search', '', most=200)}".casefold()
    unique = " ".join(dict.fromkeys(text.split()))
    if len(unique) > _MAX_SEARCH:
        raise given.bad("search", f"words that come to {_MAX_SEARCH} characters together with the names")
    return unique


def _fields(given: Table, shared: Table) -> dict[str, Any]:
    ways = [_field(each, shared) for each in given.several("way")]
    extra = [_field(each, shared) for each in given.several("extra")]
    if not ways:
        raise given.bad("way", "one [[service.way]] at least")
    names = [each["name"] for each in ways + extra]
    if len(set(names)) < len(names):
        raise given.bad("extra", "names of fields that differ")
    taken = next((each["name"] for each in extra if each["name"] in _OWN_WORDS or each["kind"] == "own_iin"), None)
    if taken:
        raise given.bad("extra", f"another name or kind than {taken}")
    return {"ways": ways, "extra": extra}


def _field(given: Table, shared: Table) -> dict[str, Any]:
    like = given.text("like", "")
    if like and like not in shared.data:
        raise given.bad("like", "the name of a table [shared.NAME] of the same file")
    full = Table(given.file, given.place, (shared.table(like).data if like else {}) | given.data)
    full.only("like", "name", "kind", "label", "hint", "pattern", "example")
    kind, name = full.one_of("kind", KINDS), full.matching("name", _NAME, "2 to 20 small letters")
    own = kind == "own_iin"
    return {
        "name": name,
        "kind": kind,
        "label": full.names("label"),
        "hint": full.names("hint", usual=""),
        "pattern": "" if own else _pattern(full, kind),
        "example": "" if own else full.text("example", most=60),
    }


def _pattern(given: Table, kind: str) -> str:
    pattern = given.text("pattern", most=200)
    try:
        fits = re.fullmatch(pattern, given.text("example", most=60), re.ASCII if kind in ("digits", "phone") else 0)
    except re.error as error:
        raise given.bad("pattern", f"a regular expression: {error}") from None
    if not fits:
        raise given.bad("example", "something that the pattern accepts")
    return pattern


def save(unit: Unit, *, found: Found, replace: bool) -> int:
    """Add what is missing of services, rules and holidays; answers how many services were written.

    What is there already stays as somebody may have edited it, unless it is to `replace`. Nothing is ever taken
    away: payments refer to services. A service that is not to be offered any more gets `active = false`.
    """
    there = dict(unit.exec(select(Biller.slug, Biller.search)).all())
    # A row that cannot be found is of a time when services had no words to be searched by.
    rows = [row for slug, row in found.services.items() if replace or not there.get(slug)]
    _put(unit, Biller, [row for row in rows if row["slug"] not in there])
    for row in rows:
        if row["slug"] in there:
            unit.merge(Biller(**row))
    _save_rules(unit, found.rules, replace)
    known = {holiday.day for holiday in unit.exec(select(Holiday))}
    _put(unit, Holiday, [{"day": day} for day in sorted(found.holidays - known)])
    return len(rows)


def _put(unit: Unit, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """One statement for all rows: a demo bank is made anew often."""
    if rows:
        unit.execute(insert(table), rows)


def _save_rules(unit: Unit, rules: list[dict[str, Any]], replace: bool) -> None:
    there = {(rule.applies, rule.name, rule.valid_from): rule for rule in unit.exec(select(BonusRule))}
    for rule in rules:
        same = there.get((rule["applies"], rule["name"], rule["valid_from"]))
        if same is None:
            unit.add(BonusRule(**rule))
        elif replace:
            same.basis_points, same.valid_until = rule["basis_points"], rule["valid_until"]
