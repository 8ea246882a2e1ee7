"""The page of a product: prices and plans, sellers in the buyer's city, the basket, and what buyers say."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, update

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.catalogue.models import Product, Stock
from kaspi_web.domain.merchants.models import Merchant
from kaspi_web.i18n import words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.shop.product import ProductState as P
from kaspi_web.ui.shop.reviews import ReviewsState as R
from kaspi_web.ui.shop.state import ShopState as S
from tests.make import goods, orders
from tests.make.customers import customer
from tests.make.ledger import sql
from tests.make.shelves import Shelf, shelf
from tests.ui.harness import Page, Site, play, signed_in, stranger


@pytest.fixture
def one(bank: Bank) -> Shelf:
    return shelf(bank, count=1)


def path(one: Shelf, locale: str = "en") -> str:
    return f"/{locale}/shop/p/{one.slugs[0]}"


async def opened(site: Site, one: Shelf, locale: str = "en", cookie: str = "") -> Page:
    return await site.open(path(one, locale), cookie=cookie or stranger())


def test_a_guest_sees_everything_that_is_known_of_a_product(app: Any, bank: Bank, one: Shelf):
    async def story(site: Site) -> None:
        page = await opened(site, one)
        shown = page.shows(P)
        assert (shown.ready, shown.missing, shown.signed_in, page.went_to) == (True, False, False, [])
        assert (shown.sheet["price"], shown.sheet["monthly"]) == ("₸10,000", "₸3,334")
        assert shown.sheet["document"] == f"{one.slugs[0]}: price and sellers"
        assert [each["name"] for each in shown.pictures] == ["phone-1-1"]
        assert [(each["name"], each["value"]) for each in shown.facts] == [("colour", "red")]
        assert [each["slug"] for each in shown.path][-1] == one.category
        assert [each["offer"] for each in shown.sellers] == one.offers
        assert shown.sheet["seller"] == shown.sellers[0]["name"] != ""

    play(app, bank, story)


def test_plans_stand_beside_one_another_with_what_each_costs(app: Any, bank: Bank):
    dear = shelf(bank, count=1)
    goods.offer(bank, Money.tenge(9_000), product_id=dear.ids[0], merchant_id=goods.merchant(bank))

    async def story(site: Site) -> None:
        page = await opened(site, dear)
        plans = page.shows(P).plans
        assert page.shows(P).late == words("en")("plans.late_rule", day=2, fine="₸2,000"), "also without interest"
        assert [(each["kind"], each["months"], each["payment"], each["total"], each["gesv"]) for each in plans] == [
            ("red", 3, "₸3,000", "₸9,000", "")
        ]

    play(app, bank, story)


def test_credit_tells_what_is_paid_in_all_and_its_yearly_rate(app: Any, bank: Bank):
    dear = shelf(bank, count=41)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/shop/p/{dear.slugs[40]}", cookie=stranger())
        plans = {(each["kind"], each["months"]): each for each in page.shows(P).plans}
        assert plans["instalment", 12]["total"] == "₸50,000"
        assert not plans["instalment", 12]["gesv"]
        credit = plans["credit", 12]
        assert credit["gesv"].endswith("%")
        assert credit["total"] > "₸50,000"

    play(app, bank, story)


def test_what_nobody_has_says_so_and_offers_no_plan(app: Any, bank: Bank, one: Shelf):
    bank.db.write_now(lambda unit: unit.exec(update(Stock).values(quantity=0)) and None)
    from kaspi_web.domain.catalogue import prices

    bank.db.write_now(prices.refresh, one.ids)

    async def story(site: Site) -> None:
        shown = (await opened(site, one)).shows(P)
        assert (shown.sheet["price"], shown.sheet["best"], shown.sellers, shown.plans) == ("", 0, [], [])

    play(app, bank, story)


@pytest.mark.parametrize("slug", ["nothing", "%00", "x" * 300])
def test_a_product_that_is_not_there_is_said_to_be_missing(app: Any, bank: Bank, one: Shelf, slug: str):
    async def story(site: Site) -> None:
        page = await site.open(f"/ru/shop/p/{slug}", cookie=stranger())
        assert (page.shows(P).ready, page.shows(P).missing) == (True, True)

    play(app, bank, story)


def test_a_withdrawn_product_is_missing(app: Any, bank: Bank, one: Shelf):
    bank.db.write_now(
        lambda unit: unit.exec(update(Product).where(col(Product.id) == one.ids[0]).values(is_live=False)) and None
    )

    async def story(site: Site) -> None:
        assert (await opened(site, one)).shows(P).missing

    play(app, bank, story)


def test_another_product_is_shown_only_when_it_is_there(app: Any, bank: Bank):
    two = shelf(bank, count=2)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/shop/p/{two.slugs[0]}", cookie=stranger())
        sent = len(page.wire)
        await page.go(f"/en/shop/p/{two.slugs[1]}")
        assert page.shows(P).sheet["name"] == two.slugs[1]
        first, then = (text.replace(" ", "") for text in page.wire[sent:] if "product_state" in text)
        assert '"ready_rx_state_":false' in first, "what was shown of the first product leaves first"
        assert '"ready_rx_state_":true' in then

    play(app, bank, story)


def test_a_buyer_in_another_city_gets_it_later_and_has_nowhere_to_fetch_it(app: Any, bank: Bank, one: Shelf):
    async def story(site: Site) -> None:
        page = await opened(site, one)
        (near,) = page.shows(P).sellers
        assert near["pickup"] == "Pickup today: 1 point"
        assert len(near["points"]) == 1
        assert "₸990" in near["delivery"]
        await page.call(P.choose_city, "astana")
        (far,) = page.shows(P).sellers
        assert (far["pickup"], far["points"]) == ("No pickup in your city", [])
        assert far["delivery"] != near["delivery"]
        assert page.shows(P).city == "astana"

    play(app, bank, story)


@pytest.mark.parametrize("city", ["paris", None, {"a": 1}, ["astana"], 5])
def test_a_city_that_is_none_of_ours_changes_nothing(app: Any, bank: Bank, one: Shelf, city: object):
    async def story(site: Site) -> None:
        page = await opened(site, one)
        await page.call(P.choose_city, city)
        assert page.shows(P).city == "almaty"

    play(app, bank, story)


def test_delivery_costs_nothing_from_the_sellers_sum_on(app: Any, bank: Bank, one: Shelf):
    bank.db.write_now(
        lambda unit: unit.exec(update(Merchant).values(free_delivery_from_tiyn=Money.tenge(10_000).tiyn)) and None
    )

    async def story(site: Site) -> None:
        assert (await opened(site, one)).shows(P).sellers[0]["delivery"].endswith("free")

    play(app, bank, story)


def test_the_last_pieces_are_counted(app: Any, bank: Bank):
    few = goods.product(bank)
    goods.offer(bank, pieces=2, product_id=few)

    async def story(site: Site) -> None:
        slug = bank.db.read_now(lambda unit: unit.get(Product, few).slug)
        page = await site.open(f"/ru/shop/p/{slug}", cookie=stranger())
        assert page.shows(P).sellers[0]["few"] == "Осталось 2 штуки"

    play(app, bank, story)


def test_an_offer_goes_into_the_basket_and_the_count_follows(app: Any, bank: Bank, one: Shelf):
    me = customer(bank)

    async def story(site: Site) -> None:
        page = await opened(site, one, cookie=signed_in(bank, me))
        assert (page.shows(P).signed_in, page.shows(S).basket) == (True, "")
        await page.call(P.add, one.offers[0])
        assert (page.shows(P).added, page.shows(P).refused, page.shows(S).basket) == (one.offers[0], "", "1")
        await page.call(P.add, one.offers[0])
        assert page.shows(S).basket == "2"

    play(app, bank, story)
    assert bank.db.read_now(baskets.count, customer_id=me) == 2


def test_a_guest_is_led_to_sign_in_and_puts_nothing_anywhere(app: Any, bank: Bank, one: Shelf):
    async def story(site: Site) -> None:
        page = await opened(site, one)
        await page.call(P.add, one.offers[0])
        assert page.went_to == ["/en/login"]

    play(app, bank, story)


@pytest.mark.parametrize("offer", [None, "1", True, 0, -1, 10**30, 1.5, {"a": 1}, [1]])
def test_an_offer_that_is_no_number_of_one_is_not_taken(app: Any, bank: Bank, one: Shelf, offer: object):
    me = customer(bank)

    async def story(site: Site) -> None:
        page = await opened(site, one, cookie=signed_in(bank, me))
        await page.call(P.add, offer)
        assert (page.shows(P).added, page.shows(S).basket) == (0, "")

    play(app, bank, story)


def test_a_sold_out_offer_is_refused_in_words(app: Any, bank: Bank, one: Shelf):
    me = customer(bank)

    async def story(site: Site) -> None:
        page = await opened(site, one, cookie=signed_in(bank, me))
        bank.db.write_now(lambda unit: unit.exec(update(Stock).values(quantity=0)) and None)
        await page.call(P.add, one.offers[0])
        assert page.shows(P).added == 0
        assert page.shows(P).refused

    play(app, bank, story)
    assert bank.db.read_now(baskets.count, customer_id=me) == 0


# --- reviews


def said(bank: Bank, product_id: int, *stars: int) -> None:
    from kaspi_web.domain.catalogue import reviews

    for number, each in enumerate(stars):
        buyer = customer(bank, phone=f"+770100{number:05}")
        bank.db.write_now(
            reviews.write_review,
            **{"customer_id": buyer, "product_id": product_id, "stars": each},
            **{"words": f"word {number}", "locale": "en", "received": True},
        )


def test_reviews_are_summed_up_and_come_by_pages(app: Any, bank: Bank, one: Shelf):
    said(bank, one.ids[0], *[5] * 9, *[4] * 3)

    async def story(site: Site) -> None:
        page = await opened(site, one)
        shown = page.shows(R)
        assert shown.summary["count"] == "12 reviews"
        assert shown.summary["stars"] == "4.8"
        assert [(each["stars"], each["percent"]) for each in shown.summary["shares"]][:2] == [(5, 75), (4, 25)]
        assert (len(shown.reviews_1), shown.has_more, shown.may_write) == (10, True, False)
        await page.call(R.more)
        assert [each["words"] for each in page.shows(R).reviews_2] == ["word 1", "word 0"]
        assert not page.shows(R).has_more
        assert page.shows(P).sheet["stars"] == "4.8"

    play(app, bank, story)


def test_who_has_received_it_says_once_what_it_is_like_and_everybody_reads_it(app: Any, bank: Bank):
    made = orders.handed_over(bank, orders.bought(bank))
    ((slug,),) = sql(
        bank,
        "SELECT slug FROM product JOIN offer ON offer.product_id = product.id WHERE offer.id = :id",
        id=made.offers[0],
    )

    async def story(site: Site) -> None:
        page = await site.open(f"/en/shop/p/{slug}", cookie=signed_in(bank, made.customer_id))
        assert page.shows(R).may_write
        await page.call(R.write, {"stars": "", "words": "warm"})
        assert set(page.shows(R).errors) == {"stars"}
        assert (page.shows(R).may_write, page.shows(R).summary["count"]) == (True, "")
        await page.call(R.write, {"stars": "4", "words": "  Warm, but short  "})
        shown = page.shows(R)
        assert (shown.written, shown.may_write, shown.errors) == (True, False, {})
        assert (shown.summary["count"], shown.summary["stars"]) == ("1 review", "4.0")
        assert [(each["words"], each["fill"], each["locale"]) for each in shown.reviews_1] == [
            ("Warm, but short", 80, "en")
        ]
        await page.call(R.write, {"stars": "1", "words": "I have changed my mind"})
        assert page.shows(R).errors["form"]
        guest = await site.open(f"/ru/shop/p/{slug}", cookie=stranger())
        assert [each["words"] for each in guest.shows(R).reviews_1] == ["Warm, but short"]
        assert not guest.shows(R).may_write

    play(app, bank, story)
    assert [tuple(row) for row in sql(bank, "SELECT customer_id, stars FROM review")] == [(made.customer_id, 4)]


def test_who_has_not_received_it_may_not_write_whatever_is_sent(app: Any, bank: Bank, one: Shelf):
    me = customer(bank)

    async def story(site: Site) -> None:
        page = await opened(site, one, cookie=signed_in(bank, me))
        assert not page.shows(R).may_write
        await page.call(R.write, {"stars": "5", "words": "great"})
        assert page.shows(R).errors["form"]
        assert not page.shows(R).written

    play(app, bank, story)


@pytest.mark.parametrize("stars", ["", "0", "6", "٥", "5.0", None])
def test_stars_that_were_not_given_are_asked_for(app: Any, bank: Bank, one: Shelf, stars: object):
    me = customer(bank)

    async def story(site: Site) -> None:
        page = await opened(site, one, cookie=signed_in(bank, me))
        await page.call(R.write, {"stars": stars, "words": "great"})
        assert page.shows(R).errors["stars"]

    play(app, bank, story)
