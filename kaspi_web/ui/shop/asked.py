"""What the address of a list of goods asks for, and the addresses that ask for something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from kaspi_web.kernel.money import Money
from kaspi_web.ui import forms

SORTS = ("popular", "cheap", "dear", "rated", "new")
"""The first stands for an address that names none."""
FACET = "f."
"""What stands before an attribute's code in an address: `?f.ram=8,16`."""
_PRICES = ("from", "to")
_MOST_VALUES, _MOST_FACETS = 40, 12
_CODE = re.compile(r"[a-z0-9_-]{1,40}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9_-]{1,60}", re.ASCII)
_VALUE = re.compile(r"(?:\\.|[^,\\])+")
"""A value of several, parted by commas; a comma of its own stands behind a backslash."""
_SUM = re.compile(r"0*([0-9]{1,9})(?:[.,][0-9]{1,2})?", re.ASCII)
"""The tiyn of a price are nobody's filter."""
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_LONGEST_TEXT, _LONGEST_PLACE = 80, 200


@dataclass(frozen=True, slots=True)
class Wish:
    """An address, read; whatever in it cannot be read is left out."""

    q: str = ""
    sort: str = SORTS[0]
    brands: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prices: Mapping[str, str] = field(default_factory=dict)
    """`from` and `to` in whole tenge, as digits."""
    place: str = ""
    """The category that the goods of a seller are narrowed to, by its slug."""
    after: str = ""
    """Where the page of the list begins; the list's own word."""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words and order is asked for."""
        return bool(self.brands or self.facets or self.prices or self.place)

    def price(self, name: str) -> Money | None:
        """One end of the prices asked for."""
        return Money.tenge(int(self.prices[name])) if name in self.prices else None

    def to(self, here: str, **changes: Any) -> str:
        """The address at `here` with these changes; the list begins anew unless `after` is among them."""
        asked = replace(self, **{"after": "", **changes})
        params = {"q": asked.q, "sort": asked.sort if asked.sort != SORTS[0] else ""}
        params |= {"in": asked.place}
        params |= {name: asked.prices.get(name, "") for name in _PRICES}
        params |= {"brand": _listed(asked.brands)}
        params |= {f"{FACET}{code}": _listed(values) for code, values in sorted(asked.facets.items())}
        kept = {name: value for name, value in (params | {"after": asked.after}).items() if value}
        return f"{here}?{urlencode(kept, safe=',', quote_via=quote)}" if kept else here

    def bare(self) -> Wish:
        """The same words in the same order, of all categories, brands, prices and properties."""
        return Wish(q=self.q, sort=self.sort)

    def without_place(self) -> Wish:
        """The same in all categories; what is known of one category's goods is not asked for in others."""
        return replace(self, place="", facets={}, after="")

    def without_brand(self, name: str) -> Wish:
        """The same but for one brand."""
        return replace(self, brands=tuple(each for each in self.brands if each != name), after="")

    def without_value(self, code: str, value: str) -> Wish:
        """The same but for one value of an attribute."""
        left = tuple(each for each in self.facets.get(code, ()) if each != value)
        others = {name: values for name, values in self.facets.items() if name != code}
        return replace(self, facets={**others, **({code: left} if left else {})}, after="")

    def without_price(self, name: str) -> Wish:
        """The same but for one end of the prices."""
        return replace(self, prices={each: value for each, value in self.prices.items() if each != name}, after="")


def wish_in(given: Mapping[str, Any]) -> Wish:
    """What the parameters of an address ask for."""
    sent = {str(name): forms.clean(str(value)) for name, value in given.items()}
    codes = [name for name in sent if name.startswith(FACET) and _CODE.fullmatch(name[len(FACET) :])]
    return Wish(
        q=words_in(sent.get("q", "")),
        sort=sent["sort"] if sent.get("sort") in SORTS else SORTS[0],
        brands=_values(sent.get("brand", "")),
        facets={name[len(FACET) :]: values for name in codes[:_MOST_FACETS] if (values := _values(sent[name]))},
        prices=_prices(sent),
        after=sent.get("after", "")[:_LONGEST_PLACE],
        place=sent["in"] if _SLUG.fullmatch(sent.get("in", "")) else "",
    )


def narrowed(wish: Wish, form: Any) -> Wish:
    """The same words and place with what the form says: ticks `brand.X` and `f.ram.8`, `from`, `to`, `sort`."""
    sent = form if isinstance(form, dict) else {}
    ticks = [str(name)[:_LONGEST_TEXT] for name, value in sent.items() if value]
    brands = tuple(name.removeprefix("brand.") for name in ticks if name.startswith("brand."))
    facets: dict[str, tuple[str, ...]] = {}
    for name in ticks:
        code, _, value = name.removeprefix(FACET).partition(".")
        if name.startswith(FACET) and _CODE.fullmatch(code) and _CODE.fullmatch(value):
            facets[code] = (*facets.get(code, ()), value)
    sort = forms.text(sent, "sort", most=20)
    return Wish(
        q=wish.q,
        place=wish.place,
        sort=sort if sort in SORTS else wish.sort,
        brands=_values(_listed(tuple(map(forms.clean, brands)))),
        facets={code: values[:_MOST_VALUES] for code, values in list(facets.items())[:_MOST_FACETS]},
        prices=_prices(_typed(sent)),
    )


def has_unreadable_price(form: Any) -> bool:
    """Whether an end of the prices was typed that is no sum."""
    sent = _typed(form if isinstance(form, dict) else {})
    return any(text and not _SUM.fullmatch(text) for text in _digits(sent).values())


def _typed(sent: Mapping[str, Any]) -> dict[str, str]:
    return {name: forms.text(sent, name, most=_LONGEST_TEXT) for name in _PRICES}


def words_in(typed: str) -> str:
    """What is searched for: words one space apart."""
    return _SPACES.sub(" ", forms.clean(typed)).strip()[:_LONGEST_TEXT]


def _prices(sent: Mapping[str, str]) -> dict[str, str]:
    """Whole tenge, however the groups are written."""
    found = {name: _SUM.fullmatch(text) for name, text in _digits(sent).items()}
    return {name: str(int(sum[1])) for name, sum in found.items() if sum and int(sum[1])}


def _digits(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: _SPACES.sub("", sent.get(name, "")).removesuffix("₸") for name in _PRICES}


def _listed(values: tuple[str, ...]) -> str:
    return ",".join(re.sub(r"([,\\])", r"\\\1", value) for value in values)


def _values(listed: str) -> tuple[str, ...]:
    """Values between commas, each once."""
    parts = [re.sub(r"\\(.)", r"\1", part) for part in _VALUE.findall(listed)[: _MOST_VALUES * 2]]
    found = (part.strip()[:_LONGEST_TEXT] for part in parts)
    return tuple(dict.fromkeys(part for part in found if part))[:_MOST_VALUES]
