"""The page of the basket: pieces, what changed, what is taken out and put back, and the way to the checkout."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kaspi_web.domain.checkout import service as checkout
from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.basket import page as basket_page
from kaspi_web.ui.basket.state import BasketState as B
from tests.make import shop
from tests.make.ledger import sql
from tests.ui.harness import Site, play, signed_in
from tests.workers.waiting import until


def lines(bank: Bank) -> list[tuple[int, int]]:
    return [tuple(row) for row in sql(bank, "SELECT offer_id, quantity FROM basket_line ORDER BY id")]


@pytest.mark.parametrize("locale", LOCALES)
def test_lines_stand_under_their_sellers_with_what_each_costs(app: Any, bank: Bank, locale: str):
    first, second = shop.seller(bank), shop.seller(bank)
    owner = shop.buyer(bank)
    near, other = shop.offer(bank, first), shop.offer(bank, second, Money.tenge(30_000))
    shop.laid(bank, owner, {near: 2, other: 1})

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/basket", cookie=signed_in(bank, owner))
        basket = page.shows(B).basket
        assert [group["slug"] for group in basket["groups"]] == [first.slug, second.slug]
        assert [[line["quantity"] for line in group["lines"]] for group in basket["groups"]] == [[2], [1]]
        assert basket["total"] == ("₸38,000" if locale == "en" else "38\u00a0000\u00a0₸")
        assert basket["can_be_ordered"]
        assert basket["groups"][0]["delivery"] != basket["groups"][1]["delivery"], "one of them delivers for nothing"

    play(app, bank, story)


def test_pieces_are_added_and_taken_away_and_a_line_can_be_put_back(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller, pieces=3)
    shop.laid(bank, owner, {offer: 1})

    async def story(site: Site) -> None:
        page = await site.open("/en/basket", cookie=signed_in(bank, owner))
        await page.call(B.more, offer)
        await page.call(B.more, offer)
        assert lines(bank) == [(offer, 3)]
        (line,) = page.shows(B).basket["groups"][0]["lines"]
        assert not line["can_more"], "there are no more pieces"
        await page.call(B.fewer, offer)
        await page.call(B.remove, offer)
        assert lines(bank) == []
        assert page.shows(B).gone
        await page.call(B.put_back)
        assert lines(bank) == [(offer, 2)]
        assert page.shows(B).gone == ""
        await page.call(B.fewer, offer)
        await page.call(B.fewer, offer)
        assert lines(bank) == [], "the last piece takes the line out"

    play(app, bank, story)


def test_a_changed_price_is_shown_beside_the_old_one_and_what_is_short_stands_in_the_way(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    dearer, short = shop.offer(bank, seller), shop.offer(bank, seller, pieces=2)
    shop.laid(bank, owner, {dearer: 1, short: 2})

    async def story(site: Site) -> None:
        sql(bank, "UPDATE offer SET price_tiyn = 450000 WHERE id = :id", id=dearer)
        sql(bank, "UPDATE stock SET quantity = 1 WHERE offer_id = :id", id=short)
        page = await site.open("/en/basket", cookie=signed_in(bank, owner))
        first, second = page.shows(B).basket["groups"][0]["lines"]
        assert (first["was"], first["total"], first["problem"]) == ("₸4,000", "₸4,500", "")
        assert second["problem"] == "Only 1 left"
        assert not page.shows(B).basket["can_be_ordered"]

    play(app, bank, story)


def test_the_button_opens_a_checkout_and_an_empty_basket_has_none(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller)

    async def story(site: Site) -> None:
        page = await site.open("/en/basket", cookie=signed_in(bank, owner))
        assert page.shows(B).basket["count"] == ""
        await page.call(B.order)
        assert page.went_to == []
        assert page.shows(B).errors["form"]
        shop.laid(bank, owner, {offer: 1})
        await page.call(B.order)
        ((made,),) = sql(bank, "SELECT id FROM checkout")
        assert page.went_to == [f"/en/checkout/{made}"]

    play(app, bank, story)


def test_goods_apart_are_ordered_one_by_one_and_stop_no_other_seller(app: Any, bank: Bank):
    apart, other, owner = shop.seller(bank, "almaty", "astana"), shop.seller(bank), shop.buyer(bank)
    here, there = shop.offer(bank, apart, pieces={0: 5}), shop.offer(bank, apart, pieces={1: 5})
    near = shop.offer(bank, other)
    shop.laid(bank, owner, {here: 1, there: 2, near: 1})

    def opened() -> list[int]:
        (chosen,) = sql(bank, "SELECT chosen FROM checkout ORDER BY id DESC LIMIT 1")[0]
        return [offer for offer, _, _ in json.loads(chosen)["lines"]]

    async def story(site: Site) -> None:
        page = await site.open("/en/basket", cookie=signed_in(bank, owner))
        basket = page.shows(B).basket
        assert not basket["can_be_ordered"]
        assert [group["can_be_ordered"] for group in basket["groups"]] == [False, True]
        assert [line["is_apart"] for group in basket["groups"] for line in group["lines"]] == [True, True, False]
        await page.call(B.order_line, there)
        assert opened() == [there]
        await page.call(B.order_of, other.slug)
        assert opened() == [near]
        assert page.went_to == [f"/en/checkout/{made}" for (made,) in sql(bank, "SELECT id FROM checkout ORDER BY id")]
        await page.call(B.order_line, -1)
        await page.call(B.order_of, "nobody")
        assert len(page.went_to) == 2

    play(app, bank, story)
    alone = bank.db.write_now(checkout.open, customer_id=owner, offers=[there])
    shop.bought_from(bank, owner, alone, apart, fetching=apart.fetched(1))
    assert lines(bank) == [(here, 1), (near, 1)], "the rest stays in the basket"


def test_what_is_sold_out_before_it_is_put_back_is_said_in_an_empty_basket(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller, pieces=1)
    shop.laid(bank, owner, {offer: 1})

    async def story(site: Site) -> None:
        page = await site.open("/en/basket", cookie=signed_in(bank, owner))
        await page.call(B.remove, offer)
        sql(bank, "UPDATE stock SET quantity = 0 WHERE offer_id = :id", id=offer)
        await page.call(B.put_back)
        assert page.shows(B).errors["form"]
        assert page.shows(B).basket["count"] == ""

    play(app, bank, story)
    drawn = str(basket_page._empty(words("en")))
    assert "errors" in drawn, "the page of an empty basket says it"


def test_what_another_device_puts_in_appears_by_itself(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller)

    async def story(site: Site) -> None:
        page = await site.open("/en/basket", cookie=signed_in(bank, owner))
        shop.laid(bank, owner, {offer: 1})
        await until(lambda: bool(page.shows(B).basket["count"]))

    play(app, bank, story)


def test_offers_that_are_not_in_my_basket_and_strange_ones_change_nothing(app: Any, bank: Bank):
    seller, owner, other = shop.seller(bank), shop.buyer(bank), shop.buyer(bank)
    mine, theirs = shop.offer(bank, seller), shop.offer(bank, seller)
    shop.laid(bank, owner, {mine: 1})
    shop.laid(bank, other, {theirs: 1})

    async def story(site: Site) -> None:
        page = await site.open("/en/basket", cookie=signed_in(bank, owner))
        for strange in (theirs, -1, 0, True, "x", None, [mine], 2.5, 10**30):
            for door in (B.more, B.fewer, B.remove):
                await page.call(door, strange)
        await page.call(B.put_back)

    play(app, bank, story)
    assert lines(bank) == [(mine, 1), (theirs, 1)]
