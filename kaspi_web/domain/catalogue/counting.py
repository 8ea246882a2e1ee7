"""How many products each choice of a list would leave.

Few products are read, once, and counted for all choices together. Of many, each choice is asked for by itself, up to a
bound: the full-text index answers that from its own lists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kaspi_web.domain.catalogue import finding, terms
from kaspi_web.domain.catalogue.asking import Narrowed, Trait
from kaspi_web.domain.catalogue.finding import Shelf
from kaspi_web.domain.catalogue.terms import Wish
from kaspi_web.kernel.database import Unit

_READ, _READ_OF_SELLER = 4_000, 20_000
"""So many are read at once. What a seller has is looked up for each product, so it is better done once for longer."""
_SAMPLE = 300
"""The most popular products, among whose brands those to be counted are chosen."""
_BRANDS = 16


@dataclass(slots=True)
class Counted:
    """Products that fulfil everything; and by category, brand and value, as if of its kind none was chosen."""

    total: int = 0
    categories: Counter[int] = field(default_factory=Counter)
    brands: Counter[str] = field(default_factory=Counter)
    values: Counter[int] = field(default_factory=Counter)


def counted(
    unit: Unit,
    asked: Narrowed,
    words: tuple[Wish, ...],
    offered: Sequence[Trait],
    below: Sequence[int],
    *,
    most: int,
) -> Counted:
    """The numbers for the traits and the categories below; `most` stands for that many or more."""
    bare = replace(asked, brands=(), chosen={})
    at_once = _READ_OF_SELLER if asked.merchant_id else _READ
    rows = finding.rows(unit, Shelf(bare, terms.question(bare, words)), most=at_once)
    if rows is not None:
        return _read(rows, asked, offered)
    return _asked_for(unit, asked, words, offered, below, most)


def _read(rows: Iterable[finding.Row], asked: Narrowed, offered: Sequence[Trait]) -> Counted:
    chosen = {trait: {str(id) for id in ids} for trait, ids in asked.chosen.items()}
    of_trait = {trait.id: {str(value.id) for value in trait.values} for trait in offered}
    done, values = Counted(), Counter[str]()
    for row in rows:
        has = row.value_ids.split()
        missed = [trait for trait, ids in chosen.items() if ids.isdisjoint(has)]
        is_other = bool(asked.brands) and row.brand not in asked.brands
        if not missed:
            done.brands[row.brand] += 1
        if is_other or len(missed) > 1:
            continue
        if missed:
            values.update(of_trait[missed[0]].intersection(has))
        else:
            done.total += 1
            done.categories.update((row.section_id, row.group_id, row.category_id))
            values.update(has)
    done.values.update({int(id): number for id, number in values.items()})
    return done


def _asked_for(
    unit: Unit, asked: Narrowed, words: tuple[Wish, ...], offered: Sequence[Trait], below: Sequence[int], most: int
) -> Counted:
    def number(of: Narrowed) -> int:
        return finding.count(unit, Shelf(of, terms.question(of, words)), most=most)

    return Counted(
        total=number(asked),
        categories=Counter({id: number(asked.below(id)) for id in below}),
        brands=Counter({brand: number(replace(asked, brands=(brand,))) for brand in _sample(unit, asked, words)}),
        values=Counter(
            {
                value.id: number(replace(asked, chosen={**asked.chosen, trait.id: (value.id,)}))
                for trait in offered
                for value in trait.values
            }
        ),
    )


def _sample(unit: Unit, asked: Narrowed, words: tuple[Wish, ...]) -> Iterable[str]:
    """The brands that are met most often among what is popular, and those that were chosen."""
    others = replace(asked, brands=())
    shelf = Shelf(others, terms.question(others, words), is_out=False)
    popular = finding.some(unit, shelf, sort="popular", after=None, most=_SAMPLE)
    met = Counter(finding.brands(unit, [place.product_id for place in popular]))
    met.pop("", None)
    return dict.fromkeys([brand for brand, _ in met.most_common(_BRANDS)] + list(asked.brands))
