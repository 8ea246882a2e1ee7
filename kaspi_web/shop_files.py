"""The demo's shop as the files of kaspi_web/shop say it: the tree, attributes, words of goods, and sellers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from kaspi_web.settings import ROOT

FOLDER = ROOT / "kaspi_web" / "shop"
LOCALES = ("kk", "ru", "en")

Names = tuple[str, str, str]
"""Kazakh, Russian, English."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an attribute; `paint` is the colour it is drawn in, 0 if it is none."""

    code: str
    names: Names
    paint: int


@dataclass(frozen=True, slots=True)
class Feature:
    """An attribute; `named` ones are part of what goods are called."""

    code: str
    names: Names
    values: tuple[Value, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category of the third level: what its goods are called, look like, cost and have."""

    slug: str
    names: Names
    thing: Names
    kind: str
    brands: tuple[str, ...]
    models: str
    least: int
    most: int
    own: tuple[Feature, ...]
    weight: int
    paints: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A category of the second level; its features are those of all its shelves."""

    slug: str
    names: Names
    commission: int
    features: tuple[Feature, ...]
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A category of the first level."""

    slug: str
    names: Names
    picture: str
    commission: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What names, descriptions and reviews are made of."""

    letters: tuple[str, ...]
    series: tuple[Names, ...]
    titles: tuple[Names, ...]
    authors: tuple[Names, ...]
    book: Names
    """How a book is called, from its thing, author, title, volume and language."""
    first: tuple[Names, ...]
    second: tuple[Names, ...]
    people: tuple[str, ...]
    reviews: dict[str, tuple[str, ...]]
    """By good, fair or poor and a language: `good_kk`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a seller's goods lie."""

    city: str
    address: Names


@dataclass(frozen=True, slots=True)
class Seller:
    """A merchant of the demo; no sections means that they sell everything."""

    slug: str
    name: str
    sections: tuple[str, ...]
    places: tuple[Place, ...]
    delivery: int
    free_from: int
    rating: int


@dataclass(frozen=True, slots=True)
class Shop:
    """All that the files say."""

    sections: tuple[Section, ...]
    words: Words
    sellers: tuple[Seller, ...]


@cache
def read() -> Shop:
    """What the shipped files say; read once."""
    features = {name: _feature(name, each) for name, each in _file("attributes").items()}
    words = _file("words")
    tree = _file("tree")["section"]
    sections = tuple(_section(each, features, words["brands"]) for each in tree)
    return Shop(sections, _words(words), _sellers(_file("sellers")))


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def _names(text: str) -> Names:
    kk, ru, en = text.split("|")
    return kk, ru, en


def _feature(name: str, given: dict[str, Any]) -> Feature:
    paints = given.get("colours", [0] * len(given["values"]))
    values = []
    for text, paint in zip(given["values"], paints, strict=True):
        code, _, rest = text.partition("|")
        values.append(Value(code, _names(rest), paint))
    return Feature(given.get("code", name), _names(given["name"]), tuple(values), given.get("named", False))


def _had(given: dict[str, Any], features: dict[str, Feature]) -> tuple[Feature, ...]:
    return tuple(features[name] for name in given.get("has", "").split())


def _section(given: dict[str, Any], features: dict[str, Feature], brands: dict[str, list[str]]) -> Section:
    groups = tuple(
        Group(
            slug=each["slug"],
            names=_names(each["name"]),
            commission=each.get("commission", given["commission"]),
            features=_had(each, features),
            shelves=tuple(_shelf(shelf, features, brands) for shelf in each["categories"]),
        )
        for each in given["group"]
    )
    return Section(given["slug"], _names(given["name"]), given["picture"], given["commission"], groups)


def _shelf(given: dict[str, Any], features: dict[str, Feature], brands: dict[str, list[str]]) -> Shelf:
    least, most = given["price"]
    return Shelf(
        slug=given["slug"],
        names=_names(given["name"]),
        thing=_names(given["thing"]),
        kind=given["kind"],
        brands=tuple(brands[given["brands"]]) if "brands" in given else (),
        models=given.get("models", "letters"),
        least=least,
        most=most,
        own=_had(given, features),
        weight=given.get("weight", 1),
        paints=tuple(given.get("colours", range(1, 10))),
    )


def _words(given: dict[str, Any]) -> Words:
    models, texts, reviews = given["models"], given["texts"], given["reviews"]
    return Words(
        letters=tuple(models["letters"]),
        series=tuple(map(_names, models["series"])),
        titles=tuple(map(_names, models["titles"])),
        authors=tuple(map(_names, models["authors"])),
        book=_names(models["book"]),
        first=tuple(map(_names, texts["first"])),
        second=tuple(map(_names, texts["second"])),
        people=tuple(reviews["names"]),
        reviews={name: tuple(several) for name, several in reviews.items() if name != "names"},
    )


def _sellers(given: dict[str, Any]) -> tuple[Seller, ...]:
    streets = given["streets"]
    found = []
    for each in given["seller"]:
        delivery, free_from = each["delivery"]
        places = tuple(_place(text, streets) for text in each["points"])
        sections = tuple(each.get("sections", "").split())
        found.append(Seller(each["slug"], each["name"], sections, places, delivery, free_from, each["rating"]))
    return tuple(found)


def _place(text: str, streets: dict[str, dict[str, str]]) -> Place:
    city, street, house = text.split()
    kk, ru, en = _names(streets[city][street])
    return Place(city, (f"{kk}, {house}", f"{ru}, {house}", f"{house} {en}"))
