"""Lists of the shop: orders, narrowing, pages that neither skip nor repeat, and what cannot be read."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from kaspi_web.domain.catalogue import counting, finding, indexing, listing
from kaspi_web.domain.catalogue.asking import SORTS, ListUnreadable, PriceRangeEmpty
from kaspi_web.domain.catalogue.listing import Asked
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from tests.make import goods, listings
from tests.make.ledger import sql

Way = Callable[[], None]


@pytest.fixture(params=["few", "many"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of finding, whatever the number: all at once, and step by step."""
    if request.param == "many":
        monkeypatch.setattr(finding, "MANY", 0)
        monkeypatch.setattr(counting, "_READ", 0)
        monkeypatch.setattr(counting, "_READ_OF_SELLER", 0)
    return request.param


def some_list(rolled: random.Random) -> Asked:
    """A list that somebody may ask for."""
    category = rolled.choice(("", "section", "left", "right", "left-one", "right-two"))
    colours = tuple(rolled.sample(listings.COLOURS, rolled.randint(1, 2)))
    facets: dict[str, Any] = rolled.choice(({}, {"colour": colours}, {"colour": colours, "size": ("m",)}))
    lowest = rolled.choice((None, None, Money.tenge(rolled.randint(0, 100_000))))
    highest = rolled.choice((None, None, (lowest or Money(0)) + Money.tenge(rolled.randint(0, 100_000))))
    return Asked(
        category=category,
        facets=facets if category else {},
        brands=tuple(rolled.sample(listings.BRANDS, rolled.choice((0, 0, 1, 2)))),
        price_from=lowest,
        price_to=highest,
        merchant=rolled.choice(("", "", "east")),
        text=rolled.choice(("", "", *listings.WORDS)),
        sort=rolled.choice(SORTS),
    )


def test_any_list_has_the_products_and_the_order_that_plain_reckoning_gives(bank: Bank, way: str) -> None:
    made, rolled = listings.town(bank, 130), random.Random(5)
    for _ in range(40):
        asked = some_list(rolled)
        assert listings.all_pages(bank, asked) == listings.in_order(made, asked), asked


def test_any_facets_have_the_numbers_that_plain_reckoning_gives(bank: Bank, way: str) -> None:
    made, rolled = listings.town(bank, 130), random.Random(6)
    for _ in range(40):
        asked = some_list(rolled)
        assert listings.counted(bank, asked) == listings.must_count(made, asked), asked


@pytest.mark.parametrize("sort", SORTS)
def test_pages_do_not_skip_or_repeat_what_stays_while_goods_change(bank: Bank, way: str, sort: str) -> None:
    made = listings.town(bank, 80)
    asked = Asked(category="section", sort=sort)
    before = listings.in_order(made, asked)
    first = bank.db.read_now(listing.page, asked)
    # What was on the first page is sold out, gone and dearer; new ones have come to the top.
    shown = [card.id for card in first.cards]
    _sell_out(bank, shown[3])
    assert sql(bank, "UPDATE product SET is_live = false WHERE id = :id", id=shown[5]) == 1
    fresh = {row["id"] for row in listings.add(bank, made, 20)}
    rest = [id for id in _rest(bank, asked, first.next) if id not in fresh]
    # What was sold out meanwhile stands last and is met again.
    assert [id for id in rest if id != shown[3]] == before[24:]


def _sell_out(bank: Bank, product_id: int) -> None:
    statement = "UPDATE product SET price_tiyn = NULL, sellers = 0 WHERE id = :id"
    assert sql(bank, statement, id=product_id) == 1


def _rest(bank: Bank, asked: Asked, after: str | None) -> list[int]:
    found: list[int] = []
    while after:
        shown = bank.db.read_now(listing.page, asked, after)
        found += [card.id for card in shown.cards]
        after = shown.next
    return found


def test_a_page_has_24_cards_and_the_last_one_no_next(bank: Bank) -> None:
    listings.town(bank, 25)
    first = bank.db.read_now(listing.page, Asked())
    assert len(first.cards) == 24
    assert first.next
    second = bank.db.read_now(listing.page, Asked(), first.next)
    assert (len(second.cards), second.next) == (1, None)


def test_exactly_24_products_are_one_page(bank: Bank) -> None:
    listings.town(bank, 24)
    only = bank.db.read_now(listing.page, Asked())
    assert (len(only.cards), only.next) == (24, None)


def test_a_card_says_what_the_product_costs_now(bank: Bank) -> None:
    product_id = goods.product(bank, brand="Alma")
    goods.picture(bank, product_id, "phone-1-1")
    goods.offer(bank, Money.tenge(500), product_id=product_id, old_price_tiyn=60_000)
    bank.db.write_now(indexing.index, [product_id])
    (card,) = bank.db.read_now(listing.page, Asked()).cards
    assert (card.id, card.brand, card.picture, card.sellers) == (product_id, "Alma", "phone-1-1", 1)
    assert (card.price, card.old_price) == (Money.tenge(500), Money.tenge(600))


class TestListsFollowProducts:
    def test_a_price_that_changes_moves_the_product_without_being_indexed_again(self, bank: Bank, way: str) -> None:
        made = listings.town(bank, 40)
        dear = listings.in_order(made, Asked(sort="dear"))[0]
        sql(bank, "UPDATE product SET price_tiyn = 100, sellers = 1 WHERE id = :id", id=dear)
        asked = Asked(sort="cheap", price_to=Money.tenge(2))
        assert [card.id for card in bank.db.read_now(listing.page, asked).cards] == [dear]
        assert listings.all_pages(bank, Asked(sort="cheap"))[0] == dear

    def test_sales_and_stars_move_it_too(self, bank: Bank, way: str) -> None:
        made = listings.town(bank, 40)
        last = next(row["id"] for row in made.products if row["asks"].get("east"))
        statement = "UPDATE product SET sold = 123456, reviews = 900, rating_hundredths = 500 WHERE id = :id"
        sql(bank, statement, id=last)
        for sort in ("popular", "rated"):
            assert listings.all_pages(bank, Asked(sort=sort, merchant="east"))[0] == last

    @pytest.mark.parametrize(
        "sold", [0, 1, 2, 3, 9, 10, 99, 100, 101, 999, 1_005, 9_999, 10_000, 29_999, 30_000, 123_456]
    )
    def test_the_database_reckons_popularity_and_its_step_as_the_program_does(self, bank: Bank, sold: int) -> None:
        _same_after_change(bank, sold=sold)

    @pytest.mark.parametrize("price", [None, 1, 9_999, 10_000, 49_999, 50_000, 1_999_999, 123_456_789, 10**11, 10**14])
    def test_the_database_reckons_the_step_of_a_price_as_the_program_does(self, bank: Bank, price: int | None) -> None:
        _same_after_change(bank, price_tiyn=price, sellers=int(price is not None))

    @pytest.mark.parametrize(("rating", "reviews"), [(500, 0), (500, 1), (417, 3), (100, 1_000_000), (499, 77)])
    def test_the_database_weighs_stars_as_the_program_does(self, bank: Bank, rating: int, reviews: int) -> None:
        _same_after_change(bank, rating_hundredths=rating, reviews=reviews)

    def test_what_is_not_live_is_in_no_list_and_comes_back_by_being_indexed(self, bank: Bank) -> None:
        made = listings.town(bank, 3)
        gone = next(row["id"] for row in made.products if row["asks"].get("east"))
        sql(bank, "UPDATE product SET is_live = false WHERE id = :id", id=gone)
        assert gone not in listings.all_pages(bank, Asked())
        assert gone not in listings.all_pages(bank, Asked(merchant="east"))
        assert bank.db.read_now(listing.facets, Asked()).total.number == 2
        sql(bank, "UPDATE product SET is_live = true WHERE id = :id", id=gone)
        bank.db.write_now(indexing.index, [gone])
        assert gone in listings.all_pages(bank, Asked())

    def test_indexing_again_changes_nothing(self, bank: Bank) -> None:
        made = listings.town(bank, 30)
        before = _kept(bank)
        bank.db.write_now(indexing.index, [row["id"] for row in made.products] * 2)
        assert _kept(bank) == before
        assert listings.all_pages(bank, Asked(text="Чехол")) == listings.in_order(made, Asked(text="Чехол"))


def _same_after_change(bank: Bank, **changed: Any) -> None:
    product_id = listings.town(bank, 1).products[0]["id"]
    assignments = ", ".join(f"{name} = :{name}" for name in changed)
    sql(bank, f"UPDATE product SET {assignments} WHERE id = :id", id=product_id, **changed)
    followed = _kept(bank)
    bank.db.write_now(indexing.index, [product_id])
    assert _kept(bank) == followed


def _kept(bank: Bank) -> list[Any]:
    statement = "SELECT listed.*, terms, steps FROM listed JOIN listed_terms USING (product_id) ORDER BY product_id"
    return [tuple(row) for row in sql(bank, statement)]


class TestWhatCannotBeRead:
    @pytest.mark.parametrize(
        "after",
        [
            "1",
            "x:1:1",
            "0:1",
            "9:1:1",
            "0:1:1:1",
            "0:-1:1",
            "0:1:99999999999999999999",
            "0:١:1",
            "0:1:1 OR 1=1",
            "'",
            "0:1:1\n",
        ],
    )
    def test_a_cursor_that_no_page_gave_is_refused(self, bank: Bank, after: str) -> None:
        listings.town(bank, 1)
        with pytest.raises(ListUnreadable) as refused:
            bank.db.read_now(listing.page, Asked(), after)
        assert refused.value.field == "after"

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            (Asked(sort="; DROP TABLE product"), "sort"),
            (Asked(text="a" * 101), "text"),
            (Asked(brands=("\x00",)), "brands"),
            (Asked(brands=("\ud800",)), "brands"),
            (Asked(brands=("",)), "brands"),
            (Asked(brands=("a",) * 41), "brands"),
            (Asked(category="section", facets={"colour": ("unknown",)}), "facets"),
            (Asked(category="section", facets={"nothing": ("red",)}), "facets"),
            (Asked(facets={"colour": ("red",)}), "facets"),
            (Asked(category="section", facets={"colour": ("red",) * 50}), "facets"),
            (Asked(price_from=Money(-1)), "price_from"),
            (Asked(price_to=Money(10**16)), "price_from"),
        ],
    )
    @pytest.mark.parametrize("what", ["page", "facets"])
    def test_a_list_that_no_page_of_ours_asks_for_is_refused(
        self, bank: Bank, asked: Asked, field: str, what: str
    ) -> None:
        listings.town(bank, 1)
        with pytest.raises(ListUnreadable) as refused:
            bank.db.read_now(getattr(listing, what), asked)
        assert refused.value.field == field

    def test_a_range_of_prices_upside_down_is_refused(self, bank: Bank) -> None:
        with pytest.raises(PriceRangeEmpty):
            bank.db.read_now(listing.page, Asked(price_from=Money(2), price_to=Money(1)))

    @pytest.mark.parametrize("slug", ["nowhere", "\x00", "\ud800", "' OR 1=1 --", "x" * 1_000])
    def test_a_category_or_a_seller_who_is_not_there_is_not_found(self, bank: Bank, slug: str) -> None:
        for asked in (Asked(category=slug), Asked(merchant=slug)):
            with pytest.raises(NotFound):
                bank.db.read_now(listing.page, asked)

    def test_a_seller_who_sells_no_more_is_not_found(self, bank: Bank) -> None:
        goods.merchant(bank, slug="gone", active=False)
        with pytest.raises(NotFound):
            bank.db.read_now(listing.page, Asked(merchant="gone"))


def test_numbers_are_exact_to_a_thousand_and_then_more(bank: Bank) -> None:
    made = listings.town(bank, 1_000)
    assert bank.db.read_now(listing.facets, Asked()).total == listing.Count(1_000)
    listings.add(bank, made, 1)
    for asked in (Asked(), Asked(category="section")):
        told = bank.db.read_now(listing.facets, asked)
        assert told.total == listing.Count(1_000, more=True)
        assert told.categories[0].count.number == (1_000 if not asked.category else must_be(made, "left"))


def must_be(made: listings.Town, category: str) -> int:
    return len(listings.in_order(made, Asked(category=category)))
