"""How lines and menus travel in the bank's own dialect, in JSON and in XML.

A line is a set of short texts, the same in both: JSON members, or attributes of `<line>`; its tariffs are a list
below it. Names in several languages are one text, `kk | ru | en`, as bills print them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kaspi_web.kernel.answers import BrokenAnswer
from kaspi_web.kernel.bill_lines import Choice, Line, Tier
from kaspi_web.kernel.money import ZERO, Money

MAX_LINES = 50
MAX_CHOICES = 100
MAX_TARIFFS = 10
_LOCALES = ("kk", "ru", "en")
_WHOLE = re.compile(r"[0-9]{1,10}", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)


def names_of(text: str) -> dict[str, str]:
    """The names in `kk | ru | en`; a language that is missing takes the last one given."""
    parts = [part.strip() for part in text.split("|")]
    return {locale: parts[min(place, len(parts) - 1)] for place, locale in enumerate(_LOCALES)}


def joined(names: Mapping[str, str]) -> str:
    """Names as they travel."""
    return " | ".join(names[locale] for locale in _LOCALES)


def written_line(line: Line) -> dict[str, Any]:
    """The line as texts, without those that say nothing; `tariffs` is a list of such sets."""
    texts = {
        "code": line.code,
        "name": joined(line.names),
        "measure": line.unit,
        "prev_count": _number(line.previous),
        "last_count": _number(line.last),
        "debt": _sum(line.debt),
        "fine": _sum(line.penalty),
        "fix_sum": _sum(line.fixed),
        "pay_sum": line.pay.wire,
        "issued": line.issued_on.isoformat() if line.issued_on else "",
        "delivered": line.delivered_on.isoformat() if line.delivered_on else "",
        "discount": _number(line.discount_percent or None),
    }
    said: dict[str, Any] = {name: text for name, text in texts.items() if text}
    if line.tiers:
        said["tariffs"] = [_written_tier(tier) for tier in line.tiers]
    return said


def _written_tier(tier: Tier) -> dict[str, str]:
    return ({} if tier.up_to is None else {"to": str(tier.up_to)}) | {"price": tier.price.wire}


def written_choice(choice: Choice) -> dict[str, str]:
    """One tariff of a menu as texts."""
    return {"id": choice.id, "name": joined(choice.names)} | (
        {} if choice.amount is None else {"sum": choice.amount.wire}
    )


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _sum(money: Money) -> str:
    return money.wire if money else ""


def read_line(given: Mapping[str, Any]) -> Line:
    """The line in these texts; raises BrokenAnswer."""
    return Line(
        code=_code(given, "code"),
        names=names_of(_text(given, "name", most=300)),
        unit=_text(given, "measure", most=20),
        previous=_whole(given, "prev_count"),
        last=_whole(given, "last_count"),
        tiers=_tiers(given.get("tariffs", [])),
        debt=_signed(given, "debt"),
        penalty=_signed(given, "fine"),
        fixed=_signed(given, "fix_sum"),
        pay=_plain_sum(given, "pay_sum") or ZERO,
        issued_on=_day(given, "issued"),
        delivered_on=_day(given, "delivered"),
        discount_percent=_percent(given),
    )


def read_choice(given: Mapping[str, Any]) -> Choice:
    """The tariff in these texts; raises BrokenAnswer."""
    return Choice(_code(given, "id"), names_of(_text(given, "name", most=300)), _plain_sum(given, "sum"))


def _text(given: Mapping[str, Any], name: str, *, most: int) -> str:
    text = given.get(name, "")
    if not isinstance(text, str) or len(text) > most:
        raise BrokenAnswer(name)
    return text.strip()


def _code(given: Mapping[str, Any], name: str) -> str:
    # It goes into `code:sum;code:sum`, and so holds neither mark.
    code = _text(given, name, most=32)
    if not _CODE.fullmatch(code):
        raise BrokenAnswer(name)
    return code


def _whole(given: Mapping[str, Any], name: str) -> int | None:
    text = _text(given, name, most=20)
    if text and not _WHOLE.fullmatch(text):
        raise BrokenAnswer(name)
    return int(text) if text else None


def _percent(given: Mapping[str, Any]) -> int:
    percent = _whole(given, "discount") or 0
    if percent > 100:
        raise BrokenAnswer("discount")
    return percent


def _plain_sum(given: Mapping[str, Any], name: str) -> Money | None:
    text = _text(given, name, most=20)
    try:
        return Money.from_wire(text) if text else None
    except ValueError:
        raise BrokenAnswer(name) from None


def _signed(given: Mapping[str, Any], name: str) -> Money:
    text = _text(given, name, most=20)
    found = _plain_sum({name: text.removeprefix("-")}, name) or ZERO
    return -found if text.startswith("-") else found


def _day(given: Mapping[str, Any], name: str) -> date | None:
    text = _text(given, name, most=10)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BrokenAnswer(name) from None


def _tiers(given: Any) -> tuple[Tier, ...]:
    if not isinstance(given, list) or len(given) > MAX_TARIFFS:
        raise BrokenAnswer("tariffs")
    tiers = tuple(_tier(each) for each in given)
    ends = [tier.up_to for tier in tiers[:-1]]
    if any(end is None for end in ends) or ends != sorted(set(ends), key=lambda end: end or 0):
        raise BrokenAnswer("tariffs")
    return tiers


def _tier(given: Any) -> Tier:
    if not isinstance(given, dict):
        raise BrokenAnswer("tariffs")
    price = _plain_sum(given, "price")
    if price is None:
        raise BrokenAnswer("price")
    return Tier(_whole(given, "to"), price)
