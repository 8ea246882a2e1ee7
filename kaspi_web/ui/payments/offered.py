"""What pages of services show, put into words: tiles that lead on, and fields to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from kaspi_web.domain.bills.billers import OWN_IIN, BillerView, FieldView
from kaspi_web.domain.bills.favourites import FavouriteView
from kaspi_web.domain.bills.lately import Paid
from kaspi_web.i18n import words
from kaspi_web.ui.payments.catalogue import EVERYWHERE, city_order

_TYPED_AS = {"digits": "numeric", "phone": "tel"}


@dataclass
class Tile:
    """A service, a favourite or a past payment that leads to a filled-in form."""

    key: str
    href: str
    category: str
    title: str
    note: str


@dataclass
class CityGroup:
    """Services of one city; without a title where there is nothing to tell apart."""

    title: str
    tiles: list[Tile]


@dataclass
class Field:
    """One thing to fill in; nothing is asked where `asks` is false."""

    name: str = ""
    label: str = ""
    hint: str = ""
    input_mode: str = "text"
    asks: bool = True
    value: str = ""


def service_tile(of: BillerView, locale: str) -> Tile:
    """A service, with its city where it has one."""
    href = f"/{locale}/payments/s/{of.slug}"
    return Tile(of.slug, href, of.category, of.names[locale], city_words(of.city, locale) if of.city else "")


def favourite_tile(kept: FavouriteView, locale: str) -> Tile:
    """A favourite under its own name."""
    payee = kept.biller.names[locale]
    href = f"/{locale}/payments/s/{kept.biller.slug}?favourite={kept.id}"
    note = f"{payee} · {kept.account}" if kept.name else kept.account
    return Tile(str(kept.id), href, kept.biller.category, kept.name or payee, note)


def paid_tile(paid: Paid, of: BillerView, locale: str) -> Tile:
    """An account that was paid before."""
    href = f"/{locale}/payments/s/{of.slug}?repeat={paid.receipt}"
    return Tile(paid.receipt, href, of.category, of.names[locale], paid.account)


def by_city(offered: list[BillerView], *, last: str, locale: str) -> list[CityGroup]:
    """Services under their cities, the person's last one first."""
    ordered = sorted(offered, key=lambda each: city_order(each.city, last=last))
    groups = [(city, list(each)) for city, each in groupby(ordered, key=lambda each: each.city)]
    if len(groups) == 1 and groups[0][0] == EVERYWHERE:
        return [CityGroup("", [service_tile(each, locale) for each in offered])]
    return [
        CityGroup(city_words(city, locale), [_without_city(service_tile(each, locale)) for each in services])
        for city, services in groups
    ]


def _without_city(tile: Tile) -> Tile:
    tile.note = ""
    return tile


def city_words(city: str, locale: str) -> str:
    """A city in words; a data file may name one that we have no word for."""
    w, name = words(locale), city or "all"
    return w(f"services.city.{name}") if w.has(f"services.city.{name}") else city.capitalize()


def field_shown(field: FieldView, locale: str, *, value: str = "") -> Field:
    """A field of a service with its label and hint."""
    example = words(locale)("services.example", example=field.example) if field.example else ""
    hint = field.hint.get(locale, "").strip().rstrip(".")
    return Field(
        field.name,
        field.label.get(locale, field.name),
        ". ".join(filter(None, (hint, example))),
        _TYPED_AS.get(field.kind, "text"),
        field.kind != OWN_IIN,
        value,
    )


def fields_shown(fields: tuple[FieldView, ...], locale: str, values: Mapping[str, str]) -> list[Field]:
    """Fields of a service, with what is known of them."""
    return [field_shown(each, locale, value=values.get(each.name, "")) for each in fields]
