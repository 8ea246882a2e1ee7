"""No list reads all products: the database is asked how it would answer each statement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from kaspi_web.domain.catalogue import counting, finding, listing
from kaspi_web.domain.catalogue.asking import SORTS
from kaspi_web.domain.catalogue.listing import Asked
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Prepared, Unit
from kaspi_web.kernel.money import Money
from tests.make import listings

SORTED = [Asked(category=category, sort=sort) for category in ("", "section", "left", "left-one") for sort in SORTS]
"""What is browsed most: each has an index of its own, and nothing is sorted."""
NARROWED = [
    Asked(category="left-one", brands=("Alma",), facets={"colour": ("red",)}, sort="rated"),
    Asked(category="section", price_from=Money.tenge(10_000), price_to=Money.tenge(30_000)),
    Asked(merchant="east", sort="new"),
    Asked(merchant="east", category="left", sort="dear", price_from=Money.tenge(1)),
    Asked(merchant="east", brands=("Alma",), sort="cheap"),
    Asked(text="Чехол Alma"),
    Asked(text="чихол", sort="cheap"),
]


@pytest.fixture(params=[True, False], ids=["few", "many"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    if not request.param:
        monkeypatch.setattr(finding, "MANY", 0)
        monkeypatch.setattr(counting, "_READ", 0)
        monkeypatch.setattr(counting, "_READ_OF_SELLER", 0)
    return request.param


@pytest.fixture
def asked_of(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Statements that went to the database, by whichever way."""
    noted: list[tuple[str, Any]] = []
    run = Unit.run

    def noting(self: Unit, statement: Prepared, *values: Any) -> Any:
        noted.append((statement.sqlite if self.on_sqlite else statement.postgresql, values))
        return run(self, statement, *values)

    monkeypatch.setattr(Unit, "run", noting)
    return noted


def plan(bank: Bank, statement: str, values: Any) -> list[str]:
    with bank.db.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        if connection.dialect.name == "sqlite":
            rows = driver.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            return [row[3] for row in rows]
        # So small a table is read whole otherwise; what has no index still is.
        driver.execute("SET LOCAL enable_seqscan = off")
        rows = driver.execute(f"EXPLAIN (COSTS OFF) {statement}", values).fetchall()
        driver.rollback()
        return [row[0].strip() for row in rows]


def reads_all(bank: Bank, line: str) -> bool:
    """Whether a step of a plan goes through all rows of a table of ours in no order."""
    if bank.db.engine.dialect.name == "sqlite":
        scans = line.startswith("SCAN") and " USING " not in line and " VIRTUAL TABLE " not in line
        return scans and line.split()[1] in (
            "product",
            "offer",
            "listed",
            "listed_terms",
            "product_image",
            "catalogue_word",
        )
    return line.lstrip("-> ").startswith("Seq Scan on")


def sorts(line: str) -> bool:
    return "TEMP B-TREE FOR" in line or line.lstrip("-> ").startswith(("Sort", "Incremental Sort"))


def plans(bank: Bank, asked_of: list[tuple[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    for statement, values in list(asked_of):
        yield statement, plan(bank, statement, values)


@pytest.mark.parametrize("what", ["page", "facets"])
def test_no_list_and_no_search_reads_all_products(
    bank: Bank, few: bool, asked_of: list[tuple[str, Any]], what: str
) -> None:
    listings.town(bank, 60)
    # Facets of a whole shop that is known to be small are counted by reading it.
    for asked in [
        each for each in SORTED + NARROWED if not (few and what == "facets" and each in SORTED[: len(SORTS)])
    ]:
        asked_of.clear()
        bank.db.read_now(getattr(listing, what), asked)
        for statement, lines in plans(bank, asked_of):
            assert not [line for line in lines if reads_all(bank, line)], f"{asked}: {statement}: {lines}"


@pytest.mark.parametrize("asked", SORTED, ids=lambda asked: f"{asked.category or 'shop'}-{asked.sort}")
def test_a_category_in_an_order_is_read_from_its_index(
    sqlite_bank: Bank, asked_of: list[tuple[str, Any]], asked: Asked
) -> None:
    listings.town(sqlite_bank, 60)
    first = sqlite_bank.db.read_now(listing.page, asked)
    sqlite_bank.db.read_now(listing.page, asked, first.next or "")
    found = [(each, lines) for each, lines in plans(sqlite_bank, asked_of) if "FROM listed " in each]
    assert found
    level = {"": "shop", "left": "group", "left-one": "category"}.get(asked.category, asked.category)
    for statement, lines in found:
        assert not [line for line in lines if sorts(line)], (statement, lines)
        assert f"ix_listed_{level}_" in " ".join(lines)


@pytest.mark.parametrize("sort", ["cheap", "dear"])
def test_what_a_seller_has_is_read_in_the_order_of_the_sellers_own_prices(
    sqlite_bank: Bank, asked_of: list[tuple[str, Any]], sort: str
) -> None:
    listings.town(sqlite_bank, 90)
    asked = Asked(merchant="east", sort=sort, price_from=Money.tenge(1))
    first = sqlite_bank.db.read_now(listing.page, asked)
    assert sqlite_bank.db.read_now(listing.page, asked, first.next or "").cards
    found = [lines for each, lines in plans(sqlite_bank, asked_of) if "ORDER BY offer.price_tiyn" in each]
    assert len(found) == 2
    for lines in found:
        assert not [line for line in lines if sorts(line)], lines
        assert "ix_offer_there" in lines[0]


def test_every_index_of_lists_is_there_for_a_sort_of_a_level(bank: Bank) -> None:
    there = {index["name"] for index in sa.inspect(bank.db.engine).get_indexes("listed")}
    levels, keys = ("shop", "section", "group", "category"), ("popular", "price", "rated", "new")
    assert there == {f"ix_listed_{level}_{key}" for level in levels for key in keys}
