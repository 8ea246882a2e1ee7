"""Goods out of thin air: the same number makes the same goods on every machine, and knows nothing of a database."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from kaspi_web import shop_files
from kaspi_web.pictures import files as pictures
from kaspi_web.shop_files import LOCALES, Feature, Group, Names, Section, Seller, Shelf, Value

SEED = "goods:1"
_FIRST_NUMBER = 100_001
_CYRILLIC = map(chr, (*range(0x430, 0x450), 0x451, 0x4D9, 0x456, 0x4A3, 0x493, 0x4AF, 0x4B1, 0x49B, 0x4E9, 0x4BB))
_SOUNDS = "a.b.v.g.d.e.zh.z.i.i.k.l.m.n.o.p.r.s.t.u.f.kh.ts.ch.sh.sh..y..e.yu.ya.e.a.i.n.g.u.u.q.o.h"
_LATIN = dict(zip(_CYRILLIC, _SOUNDS.split("."), strict=True))


@dataclass(frozen=True, slots=True)
class Aisle:
    """A shelf with what is above it."""

    section: Section
    group: Group
    shelf: Shelf


@dataclass(frozen=True, slots=True)
class MadeOffer:
    """What a seller asks, in tenge, and pieces at each of the seller's points."""

    seller: int
    price: int
    old_price: int | None
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MadeReview:
    """What a buyer says, so many hours before now."""

    author: str
    stars: int
    words: str
    locale: str
    hours_ago: int


@dataclass(frozen=True, slots=True)
class Made:
    """Goods with all that belongs to them; facts are codes of attributes and values."""

    number: int
    aisle: Aisle
    slug: str
    brand: str
    names: Names
    texts: Names
    facts: tuple[tuple[Feature, Value], ...]
    pictures: tuple[str, ...]
    offers: tuple[MadeOffer, ...]
    reviews: tuple[MadeReview, ...]
    sold: int


@cache
def aisles() -> tuple[Aisle, ...]:
    """Every shelf as often as its weight says, shuffled, so that a few goods show something of everything."""
    found = [
        Aisle(section, group, shelf)
        for section in shop_files.read().sections
        for group in section.groups
        for shelf in group.shelves
        for _ in range(shelf.weight)
    ]
    Random(SEED).shuffle(found)
    return tuple(found)


def made(number: int) -> Made:
    """The goods of this number, from 0 on."""
    dice, aisle = Random(f"{SEED}:{number}"), aisles()[number % len(aisles())]
    facts = tuple((each, dice.choice(each.values)) for each in (*aisle.group.features, *aisle.shelf.own))
    brand, names = _called(dice, aisle, facts)
    paint = next((value.paint for _, value in facts if value.paint), 0) or dice.choice(aisle.shelf.paints)
    price = _price(dice, aisle.shelf)
    reviews = _reviews(dice)
    return Made(
        number=number,
        aisle=aisle,
        slug=f"{_slugged(names[2])}-{_FIRST_NUMBER + number}",
        brand=brand,
        names=names,
        texts=_texts(dice, names, facts),
        facts=facts,
        pictures=tuple(pictures.name_of(aisle.shelf.kind, paint, view) for view in _views(dice)),
        offers=_offers(dice, aisle.section.slug, price),
        reviews=reviews,
        sold=dice.randrange(12) * dice.randrange(1, 40) + len(reviews),
    )


def _views(dice: Random) -> tuple[int, ...]:
    return (1, 2, 3, 4) if dice.random() < 0.7 else (1, 4, 2)


def _called(dice: Random, aisle: Aisle, facts: Sequence[tuple[Feature, Value]]) -> tuple[str, Names]:
    """Brand, and what the goods are called in each language."""
    shelf, words = aisle.shelf, shop_files.read().words
    if shelf.models == "titles":
        return "", _book(dice, shelf, facts)
    brand = dice.choice(shelf.brands)
    model = _model(dice, words.letters) if shelf.models == "letters" else dice.choice(words.series)
    quoted = shelf.models == "series"
    marked = tuple(value for feature, value in facts if feature.named)
    colour = next((value for _, value in facts if value.paint), None)
    return brand, tuple(  # type: ignore[return-value]
        _name(shelf.thing, locale, brand, _in_marks(model[locale], locale) if quoted else model[locale], marked, colour)
        for locale in range(3)
    )


def _in_marks(word: str, locale: int) -> str:
    return word if locale == 2 else f"«{word}»"


def _model(dice: Random, letters: Sequence[str]) -> Names:
    word = f"{dice.choice(letters)}{dice.choice((5, 7, 9, 11, 15, 20, 21, 30, 52, 70, 210, 340, 500))}"
    return word, word, word


def _name(thing: Names, locale: int, brand: str, model: str, marked: Sequence[Value], colour: Value | None) -> str:
    first = f"{brand} {model} {thing[2]}" if locale == 2 else f"{thing[locale]} {brand} {model}"
    said = " ".join([first, *(value.names[locale] for value in marked)])
    return said if colour is None else f"{said}, {colour.names[locale]}"


def _book(dice: Random, shelf: Shelf, facts: Sequence[tuple[Feature, Value]]) -> Names:
    """A book's name: in whatever language it is written, catalogues tell it in the reader's."""
    words = shop_files.read().words
    title, author = dice.choice(words.titles), dice.choice(words.authors)
    volume = dice.randrange(1, 6)
    written = next(value for feature, value in facts if feature.code == "language")
    told = {"volume": volume}
    return tuple(  # type: ignore[return-value]
        pattern.format(thing=shelf.thing[at], author=author[at], title=title[at], language=written.names[at], **told)
        for at, pattern in enumerate(words.book)
    )


def _slugged(name: str) -> str:
    """A name in small Latin letters, digits and dashes."""
    latin = "".join(_LATIN.get(sign, sign) for sign in name.casefold())
    bare = unicodedata.normalize("NFKD", latin)
    kept = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in bare)
    return "-".join(part for part in kept.split("-") if part)[:100].strip("-")


def _texts(dice: Random, names: Names, facts: Sequence[tuple[Feature, Value]]) -> Names:
    words = shop_files.read().words
    first, second = dice.choice(words.first), dice.sample(words.second, 2)
    found = []
    for locale in range(3):
        had = "; ".join(f"{each.names[locale]}: {value.names[locale]}" for each, value in facts)
        lines = [f"{names[locale]}.", first[locale], *(each[locale] for each in second), f"{had}." if had else ""]
        found.append("\n\n".join(line for line in lines if line))
    return found[0], found[1], found[2]


def _price(dice: Random, shelf: Shelf) -> int:
    """Tenge, ending as prices do; most goods are nearer to the cheapest than to the dearest."""
    share = min(dice.randrange(1001), dice.randrange(1001))
    return _ending(shelf.least + (shelf.most - shelf.least) * share // 1000)


def _ending(price: int) -> int:
    step = 1000 if price >= 10_000 else 100
    return max(price // step * step + step - 10, 90)


@cache
def _selling(section: str) -> tuple[tuple[int, Seller], ...]:
    sellers = enumerate(shop_files.read().sellers)
    return tuple((place, each) for place, each in sellers if not each.sections or section in each.sections)


def _offers(dice: Random, section: str, price: int) -> tuple[MadeOffer, ...]:
    selling = _selling(section)
    count = min(dice.choice((1, 1, 2, 2, 3, 3, 4, 5, 6)), len(selling))
    return tuple(_offer(dice, place, seller, price) for place, seller in dice.sample(selling, count))


def _offer(dice: Random, place: int, seller: Seller, price: int) -> MadeOffer:
    asked = _ending(price * dice.randrange(96, 113) // 100)
    old = _ending(asked * dice.randrange(112, 145) // 100) if dice.random() < 0.3 else None
    pieces = tuple(dice.choice((0, 1, 2, 3, 5, 8, 14, 25)) for _ in seller.places)
    return MadeOffer(place, asked, old if old and old > asked else None, pieces)


def _reviews(dice: Random) -> tuple[MadeReview, ...]:
    count = dice.choice((0, 0, 0, 1, 2, 3, 5, 8, 13)) if dice.random() < 0.8 else 0
    liked = dice.choice(((5, 5, 5, 4), (5, 5, 5, 5, 4), (5, 4, 4, 3), (5, 4, 3, 2), (5, 5, 4, 4, 3, 1)))
    said = tuple(_review(dice, dice.choice(liked)) for _ in range(count))
    return tuple(sorted(said, key=lambda review: -review.hours_ago))


def _review(dice: Random, stars: int) -> MadeReview:
    words = shop_files.read().words
    locale = LOCALES[dice.choice((0, 0, 0, 1, 1, 1, 1, 2))]
    mood = "good" if stars >= 4 else "fair" if stars == 3 else "poor"
    text = dice.choice(words.reviews[f"{mood}_{locale}"])
    return MadeReview(dice.choice(words.people), stars, text, locale, dice.randrange(24, 24 * 300))
