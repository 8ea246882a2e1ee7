"""What the full-text index holds of a product, and how it is asked.

A term is a stem, or a mark that no text can be read as: its category at each level, brand, values and sellers, and the
stems of its name once more, so that a list can be found by all of them in one question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kaspi_web.domain.catalogue import words
from kaspi_web.domain.catalogue.asking import Narrowed
from kaspi_web.kernel.database import Unit

Term = str
Wish = tuple[tuple[Term, ...], ...]
"""Alternatives, each of them terms that stand together."""

NOTHING: Wish = (("_",),)
"""What no product has."""


@dataclass(frozen=True, slots=True)
class Question:
    """Products that fulfil every wish, and if there are any `unlike`, not all of those."""

    wishes: tuple[Wish, ...] = ()
    unlike: tuple[Wish, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wishes)

    def also(self, *wishes: Wish) -> Question:
        """The same, narrowed."""
        return Question((*self.wishes, *wishes), self.unlike)

    def written(self, unit: Unit) -> str:
        """The question in the words of this database."""
        write = _for_fts5 if unit.on_sqlite else _for_tsquery
        return write(self.wishes, self.unlike)


def of_category(category_id: int) -> Term:
    """A product of the category, or below it."""
    return f"c_{category_id}"


def of_brand(brand: str) -> Term:
    """A product of exactly this brand."""
    return f"b_{brand.encode().hex()}"


def of_value(value_id: int) -> Term:
    """A product with this value of its attribute."""
    return f"v_{value_id}"


def of_merchant(merchant_id: int) -> Term:
    """A product that the merchant offers."""
    return f"m_{merchant_id}"


def in_name(stem: str) -> Term:
    """A product with this stem in its name or brand."""
    return f"n_{stem}"


def any_of(terms: Iterable[Term]) -> Wish:
    """One of these, whichever."""
    return tuple((term,) for term in terms)


def of_word(word: str) -> Wish:
    """A word that somebody typed: a stem of it, or number and unit apart."""
    apart = words.parted(word)
    together = (tuple(words.stems(part)[0] for part in apart),) if apart else ()
    return any_of(words.stems(word)) + together


def named(wish: Wish) -> Wish:
    """The same wish, to be fulfilled by the name alone."""
    return tuple(tuple(in_name(term) for term in terms) for terms in wish)


def question(asked: Narrowed, words: tuple[Wish, ...] = (), *, unlike: tuple[Wish, ...] = ()) -> Question:
    """What a narrowed list and words ask for.

    A list of a category and nothing else asks nothing of words: the tree has indexes of its own.
    """
    wishes = list(words)
    if asked.merchant_id:
        wishes.append(any_of([of_merchant(asked.merchant_id)]))
    if asked.brands:
        wishes.append(any_of(map(of_brand, asked.brands)))
    wishes += [any_of(map(of_value, ids)) for ids in asked.chosen.values()]
    if wishes and asked.category_id:
        wishes.append(any_of([of_category(asked.category_id)]))
    return Question(tuple(wishes), unlike)


def _for_fts5(wishes: tuple[Wish, ...], unlike: tuple[Wish, ...]) -> str:
    text, but = (_joined(each, '"', " AND ", " OR ") for each in (wishes, unlike))
    return f"({text}) NOT ({but})" if unlike else text


def _for_tsquery(wishes: tuple[Wish, ...], unlike: tuple[Wish, ...]) -> str:
    text, but = (_joined(each, "'", " & ", " | ") for each in (wishes, unlike))
    return f"({text}) & !({but})" if unlike else text


def _joined(wishes: tuple[Wish, ...], quote: str, both: str, either: str) -> str:
    return both.join(_one(wish, quote, both, either) for wish in wishes)


def _one(wish: Wish, quote: str, both: str, either: str) -> str:
    return f"({either.join('(' + both.join(quote + term + quote for term in terms) + ')' for terms in wish)})"
