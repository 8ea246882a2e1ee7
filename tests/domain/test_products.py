"""The product's card, prices that lists show, and reviews."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from kaspi_web.domain.catalogue import prices, products, reviews
from kaspi_web.domain.catalogue.reviews import AlreadyReviewed, NotReceived, ReviewTooLong, StarsMissing
from kaspi_web.domain.catalogue.views import ReviewView
from kaspi_web.domain.merchants import queries, service
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from tests.make import goods
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import sql


def changed(bank: Bank, product_id: int, statement: str, **params: object) -> None:
    assert sql(bank, statement, **params) == 1
    bank.db.write_now(prices.refresh, [product_id])


class TestTheCard:
    def test_says_what_the_product_is_and_where_it_hangs(self, bank: Bank):
        product_id = goods.product(bank, brand="Tulpar", text_kk="Жақсы", text_ru="Хороший", text_en="Good")
        leaf = sql(bank, "SELECT category_id FROM product WHERE id = :id", id=product_id)[0][0]
        attribute = goods.attribute(bank, leaf)
        goods.fact(bank, product_id, attribute, "blue")
        goods.picture(bank, product_id, "phone-1-2", position=2)
        goods.picture(bank, product_id, "phone-1-1", position=1)
        seen = goods.seen(bank, product_id)
        assert (seen.brand, seen.texts["kk"], seen.pictures) == ("Tulpar", "Жақсы", ("phone-1-1", "phone-1-2"))
        assert [(fact.names["en"], fact.values["ru"]) for fact in seen.facts] == [("colour", "blue ru")]
        assert [each.depth for each in seen.path] == [1, 2, 3]
        assert [each.parent for each in seen.path] == ["", seen.path[0].slug, seen.path[1].slug]

    def test_has_the_cheapest_offer_first_and_of_equal_ones_the_best_rated(self, bank: Bank):
        product_id = goods.product(bank)
        loved, known, dear = (goods.merchant(bank, rating_hundredths=rating) for rating in (490, 310, 500))
        for seller, sum in ((dear, 11_000), (known, 10_000), (loved, 10_000)):
            goods.offer(bank, Money.tenge(sum), product_id=product_id, merchant_id=seller)
        assert [each.merchant.id for each in goods.seen(bank, product_id).offers] == [loved, known, dear]

    def test_tells_free_pieces_of_each_point_and_leaves_out_points_without_any(self, bank: Bank):
        seller = goods.merchant(bank)
        full, half, empty = (goods.point(bank, seller, city=city) for city in ("almaty", "astana", "karaganda"))
        offer_id = goods.offer(bank, merchant_id=seller, pieces={full: 5, half: 3, empty: 2})
        assert sql(bank, "UPDATE stock SET reserved = quantity - 1 WHERE point_id = :id", id=half) == 1
        assert sql(bank, "UPDATE stock SET reserved = quantity WHERE point_id = :id", id=empty) == 1
        seen = goods.offered(bank, offer_id)
        assert [(each.id, each.city, each.free) for each in seen.points] == [(full, "almaty", 5), (half, "astana", 1)]
        assert seen.free == 6

    def test_is_found_by_nobody_once_it_is_taken_off_sale(self, bank: Bank):
        product_id = goods.product(bank, slug="gone")
        assert sql(bank, "UPDATE product SET is_live = false WHERE id = :id", id=product_id) == 1
        for slug in ("gone", "never-was"):
            with pytest.raises(NotFound):
                bank.db.read_now(products.product, slug)

    def test_knows_terms_of_delivery(self, bank: Bank):
        seller = goods.offered(bank, goods.offer(bank)).merchant
        assert seller.delivery_of(Money.tenge(19_999, 99)) == Money.tenge(990)
        assert seller.delivery_of(Money.tenge(20_000)) == Money(0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE offer SET active = false WHERE id = :offer",
        "UPDATE merchant SET active = false WHERE id = (SELECT merchant_id FROM offer WHERE id = :offer)",
        "UPDATE product SET is_live = false WHERE id = (SELECT product_id FROM offer WHERE id = :offer)",
        "UPDATE stock SET reserved = quantity WHERE offer_id = :offer",
        "UPDATE pickup_point SET active = false WHERE id = (SELECT point_id FROM stock WHERE offer_id = :offer)",
    ],
)
def test_an_offer_that_nobody_can_buy_has_no_points(bank: Bank, statement: str):
    offer_id = goods.offer(bank)
    assert goods.offered(bank, offer_id).free == 10
    assert sql(bank, statement, offer=offer_id) == 1
    assert goods.offered(bank, offer_id).points == ()


def test_an_unknown_offer_or_product_is_not_found(bank: Bank):
    with pytest.raises(NotFound):
        bank.db.read_now(products.offer, 999)
    with pytest.raises(NotFound):
        bank.db.read_now(products.slug_of, product_id=999)


class TestPricesOfLists:
    def test_are_those_of_the_cheapest_offer_in_stock(self, bank: Bank):
        product_id = goods.product(bank)
        cheap = goods.offer(bank, Money.tenge(900), product_id=product_id, old_price_tiyn=Money.tenge(1200).tiyn)
        goods.offer(bank, Money.tenge(1000), product_id=product_id)
        seen = goods.seen(bank, product_id)
        assert (seen.price, seen.old_price, seen.sellers) == (Money.tenge(900), Money.tenge(1200), 2)
        changed(bank, product_id, "UPDATE stock SET reserved = quantity WHERE offer_id = :id", id=cheap)
        seen = goods.seen(bank, product_id)
        assert (seen.price, seen.old_price, seen.sellers) == (Money.tenge(1000), None, 1)

    def test_are_none_once_nobody_has_it_and_come_back_with_stock(self, bank: Bank):
        product_id = goods.product(bank)
        offer_id = goods.offer(bank, product_id=product_id, pieces=1)
        changed(bank, product_id, "UPDATE stock SET quantity = 0 WHERE offer_id = :id", id=offer_id)
        seen = goods.seen(bank, product_id)
        assert (seen.price, seen.sellers, seen.offers) == (None, 0, ())
        changed(bank, product_id, "UPDATE stock SET quantity = 1 WHERE offer_id = :id", id=offer_id)
        assert goods.seen(bank, product_id).sellers == 1

    def test_do_not_count_offers_and_sellers_that_are_withdrawn(self, bank: Bank):
        product_id = goods.product(bank)
        first, second, _ = (goods.offer(bank, Money.tenge(n), product_id=product_id) for n in (100, 200, 300))
        changed(bank, product_id, "UPDATE offer SET active = false WHERE id = :id", id=first)
        seller = goods.offered(bank, second).merchant.id
        changed(bank, product_id, "UPDATE merchant SET active = false WHERE id = :id", id=seller)
        seen = goods.seen(bank, product_id)
        assert (seen.price, seen.sellers) == (Money.tenge(300), 1)

    def test_of_other_products_stay(self, bank: Bank):
        one, other = goods.product(bank), goods.product(bank)
        for product_id in (one, other):
            goods.offer(bank, product_id=product_id)
        assert sql(bank, "UPDATE stock SET quantity = 0") == 2
        bank.db.write_now(prices.refresh, [one])
        assert (goods.seen(bank, one).sellers, goods.seen(bank, other).sellers) == (0, 1)


def sold_out(unit: Unit, offer_id: int, product_id: int) -> None:
    unit.sql(text("UPDATE stock SET quantity = 0 WHERE offer_id = :offer"), offer=offer_id)
    prices.refresh(unit, [product_id])


def test_prices_follow_when_all_sellers_run_out_at_once(bank: Bank):
    product_id = goods.product(bank)
    offers = [goods.offer(bank, Money.tenge(100 + n), product_id=product_id) for n in range(8)]
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda offer_id: bank.db.write_now(sold_out, offer_id, product_id), offers))
    seen = goods.seen(bank, product_id)
    assert (seen.price, seen.sellers) == (None, 0)


def written(bank: Bank, customer_id: int, product_id: int, stars: int = 5, **overrides: object) -> ReviewView:
    usual = {"words": "Жақсы тауар", "locale": "kk", "received": True}
    asked = {"customer_id": customer_id, "product_id": product_id, "stars": stars} | usual | overrides
    return bank.db.write_now(reviews.write_review, **asked)


class TestReviews:
    def test_show_a_masked_name_and_change_the_rating(self, bank: Bank):
        product_id, first, second = goods.product(bank), customer(bank), customer(bank, phone=OTHER_PHONE)
        assert written(bank, first, product_id, 5).author == "Айгүл Н."
        written(bank, second, product_id, 2, words="")
        page = bank.db.read_now(products.reviews, product_id=product_id)
        assert [each.stars for each in page.reviews] == [2, 5]
        assert (page.total, page.rating_hundredths, page.stars) == (2, 350, {5: 1, 4: 0, 3: 0, 2: 1, 1: 0})
        seen = goods.seen(bank, product_id)
        assert (seen.rating_hundredths, seen.reviews) == (350, 2)

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"stars": 0}, StarsMissing),
            ({"stars": 6}, StarsMissing),
            ({"stars": True}, StarsMissing),
            ({"words": "ж" * 2001}, ReviewTooLong),
            ({"received": False}, NotReceived),
            ({"product_id": 999}, NotFound),
        ],
    )
    def test_that_are_refused_leave_nothing(self, bank: Bank, changes: dict, refusal: type[Exception]):
        product_id = goods.product(bank)
        with pytest.raises(refusal):
            written(bank, customer(bank), **({"product_id": product_id} | changes))
        assert sql(bank, "SELECT COUNT(*) FROM review")[0][0] == 0
        assert goods.seen(bank, product_id).reviews == 0

    def test_are_written_once_by_a_buyer(self, bank: Bank):
        product_id, buyer = goods.product(bank), customer(bank)
        assert not bank.db.read_now(reviews.has_reviewed, customer_id=buyer, product_id=product_id)
        written(bank, buyer, product_id, 4)
        with pytest.raises(AlreadyReviewed):
            written(bank, buyer, product_id, 1)
        assert goods.seen(bank, product_id).rating_hundredths == 400
        assert bank.db.read_now(reviews.has_reviewed, customer_id=buyer, product_id=product_id)

    def test_that_come_at_once_are_all_in_the_rating(self, bank: Bank):
        product_id = goods.product(bank)
        buyers = [customer(bank, phone=f"+770100002{number:02}") for number in range(10)]
        with ThreadPoolExecutor(10) as crowd:
            list(crowd.map(lambda buyer: written(bank, buyer, product_id, 1 + buyer % 5), buyers))
        seen = goods.seen(bank, product_id)
        page = bank.db.read_now(products.reviews, product_id=product_id)
        assert (seen.reviews, seen.rating_hundredths) == (10, page.rating_hundredths)

    def test_come_by_pages_without_gaps(self, bank: Bank):
        product_id = goods.product(bank)
        for number in range(23):
            sql(
                bank,
                "INSERT INTO review (product_id, author, stars, words, locale, written_at)"
                " VALUES (:product, 'A.', :stars, '', 'ru', '2026-11-01 00:00:00+00:00')",
                product=product_id,
                stars=number % 5 + 1,
            )
        seen, before = [], None
        while True:
            page = bank.db.read_now(products.reviews, product_id=product_id, before=before)
            seen += [each.id for each in page.reviews]
            before = page.next
            if before is None:
                break
        assert len(seen) == 23
        assert seen == sorted(set(seen), reverse=True)

    @pytest.mark.parametrize(
        ("stars", "rating"), [({}, 0), ({5: 1}, 500), ({5: 1, 4: 2}, 433), ({5: 2, 4: 1}, 467), ({4: 1, 5: 7}, 488)]
    )
    def test_are_rounded_to_hundredths_of_a_star(self, stars: dict[int, int], rating: int):
        assert reviews.rating_of(stars) == rating


def test_a_merchants_token_lets_its_owner_in_and_nobody_else(bank: Bank):
    owner = goods.merchant(bank, token="s" * 40)
    goods.merchant(bank)
    found = bank.db.read_now(service.authenticate, token="s" * 40)
    assert found is not None
    assert found.id == owner
    for wrong in ("", "s" * 39, "x"):
        assert bank.db.read_now(service.authenticate, token=wrong) is None
    assert sql(bank, "UPDATE merchant SET active = false WHERE id = :id", id=owner) == 1
    assert bank.db.read_now(service.authenticate, token="s" * 40) is None


def test_a_merchants_points_and_their_owner_are_found(bank: Bank):
    seller = goods.merchant(bank, slug="dos")
    first, closed = goods.point(bank, seller), goods.point(bank, seller, active=False)
    goods.point(bank, goods.merchant(bank))
    assert [each.id for each in bank.db.read_now(queries.places, merchant_id=seller)] == [first]
    assert not bank.db.read_now(queries.place, point_id=closed).active
    assert bank.db.read_now(queries.by_slug, slug="dos").id == seller
    with pytest.raises(NotFound):
        bank.db.read_now(queries.by_slug, slug="nobody")
    with pytest.raises(NotFound):
        bank.db.read_now(queries.place, point_id=999)
