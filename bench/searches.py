"""Lists, searches and facets of a shop of 100 000 goods, beside the same of 1 000."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import uvloop
from sqlalchemy import text

from bench.figures import Plan, interleaved
from bench.measure import Round, Transfer, loop_of_tasks
from bench.report import Report
from kaspi_web import shop_goods
from kaspi_web.domain.catalogue import listing
from kaspi_web.domain.catalogue.asking import SORTS
from kaspi_web.domain.catalogue.listing import Asked
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from tests.databases import make_sqlite_template, open_bank, postgres_copy

FULL, QUICK = (1_000, 100_000), (200, 1_000)
_DEEP = 0.2
"""How many of the lists are further pages."""


class Shop(NamedTuple):
    """A bank with goods, and the words that its visitors ask with."""

    bank: Bank
    places: list[str]
    leaves: dict[str, list[str]]
    """Codes of colours by category."""
    sellers: list[str]
    brands: list[str]
    things: list[str]
    colours: list[str]


@contextmanager
def sqlite_shop(folder: Path, goods: int) -> Iterator[Shop]:
    """So many goods in a fresh SQLite file."""
    folder.mkdir()
    make_sqlite_template(folder / "bank.db")
    with open_bank(f"sqlite:///{folder / 'bank.db'}", folder) as bank:
        yield _furnished(bank, goods)


@contextmanager
def postgres_shop(server: str, folder: Path, goods: int) -> Iterator[Shop]:
    """The same in a fresh database of the server, which has the template already."""
    folder.mkdir()
    with postgres_copy(server) as url, open_bank(url, folder) as bank:
        shop = _furnished(bank, goods)
        with bank.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        yield shop


def _furnished(bank: Bank, goods: int) -> Shop:
    shop_goods.load(bank, goods)
    return bank.db.read_now(_words, bank)


def _words(unit: Unit, bank: Bank) -> Shop:
    def column(statement: str) -> list[str]:
        return [row[0] for row in unit.sql(text(statement))]

    leaves: dict[str, list[str]] = {}
    colours = text(
        "SELECT DISTINCT c.slug, v.code FROM category c JOIN attribute a ON a.category_id IN (c.id, c.parent_id)"
        " JOIN attribute_value v ON v.attribute_id = a.id WHERE c.depth = 3 AND a.code = 'colour' ORDER BY 1, 2"
    )
    for slug, code in unit.sql(colours):
        leaves.setdefault(slug, []).append(code)
    return Shop(
        bank=bank,
        places=["", *column("SELECT slug FROM category ORDER BY id")],
        leaves=leaves,
        sellers=column("SELECT slug FROM merchant ORDER BY id"),
        brands=column("SELECT DISTINCT brand FROM product WHERE id <= 200 AND brand <> '' ORDER BY brand"),
        things=[name for locale in ("kk", "ru", "en") for name in column(f"SELECT name_{locale} FROM category")],
        colours=column("SELECT DISTINCT v.name_ru FROM attribute_value v JOIN attribute a ON a.id = attribute_id"
                       " WHERE a.code = 'colour'"),
    )  # fmt: skip


def lists(shop: Shop, rolled: random.Random) -> Asked:
    """A list as people ask for it: mostly a place of the tree in some order, often narrowed."""
    leaf = rolled.choice(list(shop.leaves))
    lowest = rolled.randint(1, 200) * 1_000
    narrowed: list[dict[str, Any]] = [
        {"category": leaf, "facets": {"colour": (rolled.choice(shop.leaves[leaf]),)}},
        {"category": leaf, "brands": (rolled.choice(shop.brands),)},
        {"category": rolled.choice(shop.places), "brands": (rolled.choice(shop.brands),)},
        {"category": leaf, "price_from": Money.tenge(lowest), "price_to": Money.tenge(lowest * 2)},
        {"category": rolled.choice(shop.places), "price_from": Money.tenge(lowest)},
        {"merchant": rolled.choice(shop.sellers)},
    ]
    whole = {"category": rolled.choice(shop.places)}
    return Asked(
        sort=rolled.choice(("popular", *SORTS)), **(rolled.choice(narrowed) if rolled.random() < 0.5 else whole)
    )


def searches(shop: Shop, rolled: random.Random) -> Asked:
    """A search as people type it: a thing, a brand, both, a colour of one; one in ten has a slip."""
    thing, brand, colour = rolled.choice(shop.things), rolled.choice(shop.brands), rolled.choice(shop.colours)
    words = rolled.choice((thing, brand, f"{thing} {brand}", f"{colour} {thing}"))
    if rolled.random() < 0.1:
        place = rolled.randrange(len(words))
        words = words[:place] + words[place + 1 :]
    narrowed = {"sort": rolled.choice(SORTS)} if rolled.random() < 0.2 else {}
    return Asked(text=words, **narrowed)


def visits(shop: Shop, what: str, *, callers: int, seconds: float, seed: int) -> Round:
    """So many visitors, each of whom asks again when the last page is there; all shops are asked alike."""
    rolled = random.Random(seed)

    async def deed(_: Transfer) -> None:
        asked = searches(shop, rolled) if what == "search" else lists(shop, rolled)
        if what == "facets":
            await shop.bank.db.read(listing.facets, asked)
            return
        page = await shop.bank.db.read(listing.page, asked)
        if page.next and rolled.random() < _DEEP:
            await shop.bank.db.read(listing.page, asked, page.next)

    async def run() -> Round:
        return await loop_of_tasks(deed, lambda: Transfer("", 0, 0), callers=callers, seconds=seconds)

    return uvloop.run(run())


def on_both(report: Report, plan: Plan, folder: Path, server: str, *, sizes: tuple[int, int]) -> None:
    """What a hundred times as many goods cost: p95 of lists and searches at most three times as long."""
    few, many = sizes
    for where, shop_of in (
        ("SQLite", lambda goods: sqlite_shop(folder / f"goods-sqlite-{goods}", goods)),
        ("PostgreSQL", lambda goods: postgres_shop(server, folder / f"goods-postgres-{goods}", goods)),
    ):
        report.headline(f"lists, searches and facets on {where}, {few:_} and {many:_} goods")
        with shop_of(few) as little, shop_of(many) as large:
            for what in ("list", "search", "facets"):
                for callers in (1, 8):
                    _compare(report, plan, f"{where}: {what}, {callers} callers", what, callers, (little, large), sizes)


def _compare(
    report: Report, plan: Plan, name: str, what: str, callers: int, shops: tuple[Shop, Shop], sizes: tuple[int, int]
) -> None:
    seeds = iter(range(10**6))

    def of(shop: Shop) -> Callable[[], Round]:
        return lambda: visits(shop, what, callers=callers, seconds=plan.seconds, seed=next(seeds) // 2)

    few, many = (f"{goods:_} goods" for goods in sizes)
    rounds = interleaved(plan.rounds, {few: of(shops[0]), many: of(shops[1])})
    report.compared("shop", name, rounds, to=few)
    if what != "facets":
        times = sorted(
            large.percentile_ms(95) / little.percentile_ms(95)
            for little, large in zip(rounds[few], rounds[many], strict=True)
        )
        report.aim(f"{name}: p95 of {many}, times that of {few}", times[len(times) // 2], most=3.0)
