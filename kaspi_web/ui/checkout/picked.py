"""What a buyer has picked on the page of a checkout: read from what the browser sends, which may be anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kaspi_web.domain.checkout.chosen import LOCAL, PICKUP
from kaspi_web.domain.checkout.fetching import Choices, Fetch
from kaspi_web.domain.checkout.views import CheckoutView
from kaspi_web.kernel.money import ZERO, Money

BROUGHT = "brought"
_MOST = 2**63


@dataclass(frozen=True, slots=True)
class Picked:
    """The choice so far; `ways` are by the sellers' slugs, `source` is `wallet`, `card:name`, `red:3` and so on."""

    ways: Mapping[str, str] = field(default_factory=dict)
    """`brought`, or `point:` and a number."""
    city: str = ""
    address: str = ""
    source: str = ""
    spend: Money = ZERO

    @property
    def kind(self) -> str:
        """wallet, bonus, card, red, instalment or credit."""
        return self.source.partition(":")[0]

    @property
    def card(self) -> str:
        """The card's name in addresses."""
        return self.source.partition(":")[2] if self.kind == "card" else ""

    @property
    def months(self) -> int:
        """The months of a plan."""
        tail = self.source.partition(":")[2]
        return int(tail) if self.kind != "card" and tail.isascii() and tail.isdecimal() and len(tail) < 4 else 0

    @property
    def fetching(self) -> dict[str, Fetch]:
        """How each seller's goods are to come."""
        return {slug: fetch for slug, way in self.ways.items() if (fetch := _fetch(way)) is not None}

    @property
    def spent(self) -> Money:
        """The bonuses beside a source; the source that is all bonuses counts them itself."""
        return ZERO if self.kind == "bonus" else self.spend

    def by_way(self, slug: str, way: str) -> Picked:
        """The same with another way for one seller."""
        return replace(self, ways={**self.ways, slug: way})


def _fetch(way: str) -> Fetch | None:
    if way == BROUGHT:
        return Fetch(LOCAL)
    number = way.removeprefix("point:")
    is_point = way != number and number.isascii() and number.isdecimal() and len(number) < 19
    return Fetch(PICKUP, int(number)) if is_point else None


def begun(picked: Picked, found: CheckoutView) -> Picked:
    """The choice to begin with, or one that still fits: what was agreed last, else the nearest point of each seller."""
    city = picked.city if picked.city in found.cities else _city(found)
    ways = {each.group.merchant.slug: _way(each, picked, found, city) for each in found.groups}
    address = picked.address or next((each.address for each in found.agreed if each.address), "")
    return replace(picked, ways=ways, city=city, address=address, source=picked.source or _source(found))


def _city(found: CheckoutView) -> str:
    agreed = (each.city for each in found.agreed)
    lying = (each.point.city for choices in found.groups for each in choices.pickups)
    return next((city for city in (*agreed, *lying) if city in found.cities), found.cities[0])


def _way(choices: Choices, picked: Picked, found: CheckoutView, city: str) -> str:
    slug = choices.group.merchant.slug
    here = [f"point:{each.point.id}" for each in choices.pickups if each.point.city == city]
    fitting = (*here, BROUGHT) if choices.deliveries else tuple(here)
    before = (picked.ways.get(slug, ""), _agreed(found, slug))
    return next((way for way in (*before, *fitting) if way in fitting), "")


def _agreed(found: CheckoutView, slug: str) -> str:
    order = next((each for each in found.agreed if each.merchant == slug), None)
    if order is None:
        return ""
    return f"point:{order.point_id}" if order.mode == PICKUP else BROUGHT


def _source(found: CheckoutView) -> str:
    if found.source == "card":
        return f"card:{found.card}"
    return f"{found.source}:{found.months}" if found.months else found.source or "wallet"
