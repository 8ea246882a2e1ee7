"""Services as a customer sees them: who is paid, what has to be filled in, and finding one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from kaspi_web.domain.bills.models import Biller
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid, NotFound
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.phone import BadPhone, parse_phone

OWN_IIN = "own_iin"
"""The kind of a field that asks nothing: the customer's own IIN, once it is matched, names the account."""
MAX_SEARCH = 60


class BadAccount(Invalid):
    """What was filled in has not the form that this service uses; `example` shows it."""

    code, field = "account_format", "account"


class WayUnknown(Invalid):
    """The account is named in a way that this service does not know."""

    code, field = "way_unknown", "way"


@dataclass(frozen=True, slots=True)
class FieldView:
    """One thing to fill in; `kind` is digits, text, phone, plate or own_iin."""

    name: str
    kind: str
    label: Mapping[str, str]
    hint: Mapping[str, str]
    pattern: str
    example: str


@dataclass(frozen=True, slots=True)
class BillerView:
    """A service: names by language, limits, what has to be filled in, and where and how it answers."""

    slug: str
    category: str
    city: str
    names: dict[str, str]
    bin: str
    address: str
    dialect: str
    tells_owner: bool
    needs_iin: bool
    ways: tuple[FieldView, ...]
    extra: tuple[FieldView, ...]
    prefixes: tuple[str, ...]
    kbk: str
    knp: str
    minimum: Money
    maximum: Money


@dataclass(frozen=True, slots=True)
class Filled:
    """What a customer filled in: the way the account is named, the account, and the further fields by name."""

    way: str
    account: str
    extra: dict[str, str]


def biller(unit: Unit, *, slug: str) -> BillerView:
    """One service; raises NotFound."""
    row = unit.get(Biller, slug)
    if row is None:
        raise NotFound
    return view_of(row)


def in_use(unit: Unit, *, slug: str) -> BillerView:
    """A service that payments may be made to now; raises NotFound, also for one that was taken out of use."""
    row = unit.get(Biller, slug)
    if row is None or not row.active:
        raise NotFound
    return view_of(row)


def billers(unit: Unit, *, category: str | None = None) -> list[BillerView]:
    """Every service in use, or those of a category, in the order they are shown."""
    rows = select(Biller).where(col(Biller.active)).order_by(col(Biller.position), col(Biller.slug))
    return [view_of(row) for row in unit.exec(rows.where(Biller.category == category) if category else rows)]


def found(unit: Unit, *, words: str, most: int = 30) -> list[BillerView]:
    """The services in whose names, category or city each of the typed words occurs, in any of the languages."""
    rows = select(Biller).where(col(Biller.active)).order_by(col(Biller.position), col(Biller.slug)).limit(most)
    for word in words[:MAX_SEARCH].casefold().split():
        rows = rows.where(col(Biller.search).contains(word, autoescape=True))
    return [view_of(row) for row in unit.exec(rows)]


def filled(typed: Mapping[str, str], *, of: BillerView, way: str = "") -> Filled:
    """What was typed, as the service writes it: `account` by the chosen way, and its further fields by name.

    The account of a way of kind own_iin stays empty. Raises WayUnknown, or BadAccount for the field it concerns.
    """
    chosen = next((each for each in of.ways if each.name == way), None) if way else of.ways[0]
    if chosen is None:
        raise WayUnknown
    account = "" if chosen.kind == OWN_IIN else _parsed(typed.get("account", ""), chosen, "account")
    return Filled(chosen.name, account, {each.name: _parsed(typed.get(each.name, ""), each) for each in of.extra})


def _parsed(typed: str, field: FieldView, name: str = "") -> str:
    text = " ".join(typed.split()) if field.kind == "text" else re.sub(r"[\s\u00a0\-–№]+", "", typed)
    text = text.upper() if field.kind == "plate" else _national(text) if field.kind == "phone" else text
    if not re.fullmatch(field.pattern, text, re.ASCII if field.kind in ("digits", "phone") else 0):
        refusal = BadAccount(example=field.example)
        refusal.field = name or field.name
        raise refusal
    return text


def _national(typed: str) -> str:
    """Ten digits of a mobile number, however it was spelt; what is none stays as it is and fails the pattern."""
    try:
        return parse_phone(typed).removeprefix("+7")
    except BadPhone:
        return typed


def suggested(offered: list[BillerView], phone: str) -> BillerView | None:
    """The operator that the first digits of a mobile number suggest; numbers move, so it is only a suggestion."""
    digits = _national(re.sub(r"[^0-9+]", "", phone))
    return next((each for each in offered if any(digits.startswith(prefix) for prefix in each.prefixes)), None)


def view_of(row: Biller) -> BillerView:
    """What others see of a service's row."""
    fields = json.loads(row.fields)
    return BillerView(
        row.slug,
        row.category,
        row.city,
        {"kk": row.name_kk, "ru": row.name_ru, "en": row.name_en},
        row.bin,
        row.address,
        row.dialect,
        row.tells_owner,
        row.needs_iin,
        tuple(FieldView(**each) for each in fields.get("ways", ())),
        tuple(FieldView(**each) for each in fields.get("extra", ())),
        tuple(row.prefixes.split()),
        row.kbk,
        row.knp,
        Money(row.minimum_tiyn),
        Money(row.maximum_tiyn),
    )
