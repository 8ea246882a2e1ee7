"""The pages of orders: the list, where one stands, cancelling, giving back, and that nobody else's can be touched."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.catalogue.reviews import write_review
from kaspi_web.domain.orders import lifecycle, returns
from kaspi_web.i18n import LOCALES
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.orders.listing import OrdersState
from kaspi_web.ui.orders.state import OrderState as O
from tests.make import orders, shop
from tests.make.ledger import assert_clean, sql
from tests.ui.harness import Page, Site, play, signed_in
from tests.workers.waiting import until


@pytest.fixture
def made(bank: Bank) -> orders.Bought:
    """An order of three kinds of goods, one of them twice."""
    prices = ((Money.tenge(6_000), 2), (Money.tenge(3_000), 1), (Money.tenge(1_000), 1))
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offers = tuple(shop.offer(bank, seller, price) for price, _ in prices)
    wanted = {offer: many for offer, (_, many) in zip(offers, prices, strict=True)}
    purchase = shop.bought(bank, owner, wanted, seller)
    ((order_id, name),) = sql(bank, "SELECT id, public_id FROM shop_order")
    ((phone,),) = sql(bank, "SELECT phone FROM customer WHERE id = :id", id=owner)
    return orders.Bought(
        owner, phone, purchase.id, name, order_id, seller.id, seller.slug, seller.points[0], offers, None
    )


async def at_order(site: Site, made: orders.Bought, *, locale: str = "en", by: int = 0) -> Page:
    return await site.open(f"/{locale}/orders/{made.order}", cookie=signed_in(site.bank, by or made.customer_id))


def status(bank: Bank) -> str:
    return sql(bank, "SELECT status FROM shop_order")[0][0]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_list_leads_to_the_order_with_its_lines_sums_and_story(
    app: Any, bank: Bank, made: orders.Bought, locale: str
):
    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/orders", cookie=signed_in(bank, made.customer_id))
        (row,) = page.shows(OrdersState).rows
        assert row["href"] == f"/{locale}/orders/{made.order}"
        await page.go(f"/{locale}/orders?show=archive")
        assert (page.shows(OrdersState).rows, page.shows(OrdersState).narrowed) == ([], "archive")
        await page.go(row["href"])
        shown = page.shows(O)
        assert [line["may_cancel"] for line in shown.lines] == [2, 1, 1]
        assert [event["kind"] for event in shown.events][-1] == "placed"
        assert shown.order["may_cancel"]
        assert shown.order["receipt"]
        assert shown.order["disc"] == "on_way"

    play(app, bank, story)


def test_the_list_goes_on_page_by_page(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller, Money.tenge(100), pieces=99)
    for _ in range(23):
        shop.bought(bank, owner, {offer: 1}, seller)

    async def story(site: Site) -> None:
        page = await site.open("/en/orders?show=open", cookie=signed_in(bank, owner))
        first = [row["href"] for row in page.shows(OrdersState).rows]
        await page.go(page.shows(OrdersState).older)
        second = [row["href"] for row in page.shows(OrdersState).rows]
        assert (len(first), len(second), len({*first, *second})) == (20, 3, 23)
        assert page.shows(OrdersState).newest == "/en/orders?show=open"

    play(app, bank, story)


def test_an_order_is_cancelled_after_a_question_and_once(app: Any, bank: Bank, made: orders.Bought):
    async def story(site: Site) -> None:
        page = await at_order(site, made)
        await page.call(O.ask_cancel)
        assert (page.shows(O).asked, status(bank)) == ("cancel", "APPROVED_BY_BANK")
        await page.call(O.close)
        assert page.shows(O).asked == ""
        await page.call(O.ask_cancel)
        await page.call(O.cancel)
        await page.call(O.cancel)
        assert page.shows(O).order["disc"] == "over"
        assert page.shows(O).order["reason"]
        assert not page.shows(O).order["may_cancel"]

    play(app, bank, story)
    assert status(bank) == "CANCELLED"
    assert shop.has(bank, "wallet", made.customer_id) == shop.RICH
    assert_clean(bank)


def test_one_piece_of_a_line_drops_out_and_a_second_tap_drops_no_more(app: Any, bank: Bank, made: orders.Bought):
    async def story(site: Site) -> None:
        page = await at_order(site, made)
        await page.call(O.ask_line, 1)
        assert page.shows(O).pieces == ["1", "2"]
        await page.call(O.cancel_line, {"pieces": "1"})
        await page.call(O.cancel_line, {"pieces": "1"})
        assert page.shows(O).lines[0]["dropped"] == "1 cancelled"
        assert page.shows(O).order["left"] == "₸10,000.00"

    play(app, bank, story)
    assert shop.has(bank, "wallet", made.customer_id) == shop.RICH - Money.tenge(10_000)
    assert_clean(bank)


def test_one_line_of_three_is_given_back_and_the_page_follows_what_the_seller_does(
    app: Any, bank: Bank, made: orders.Bought
):
    orders.handed_over(bank, made)

    async def story(site: Site) -> None:
        page = await at_order(site, made)
        assert page.shows(O).order["disc"] == "done"
        assert [line["may_return"] for line in page.shows(O).lines] == [2, 1, 1]
        await page.call(O.ask_return, 2)
        await page.call(O.give_back, {"pieces": "1", "reason": "defective", "words": "  "})
        assert set(page.shows(O).errors) == {"words"}
        assert page.shows(O).asked == "return", "the window stays open with what was typed"
        await page.call(O.give_back, {"pieces": "9", "reason": "unused"})
        assert set(page.shows(O).errors) == {"pieces"}
        await page.call(O.give_back, {"pieces": "1", "reason": "strange"})
        assert set(page.shows(O).errors) == {"reason"}
        await page.call(O.give_back, {"pieces": "1", "reason": "defective", "words": "Does not turn on"})
        assert page.shows(O).asked == ""
        (asked,) = page.shows(O).returns
        this = {"merchant_id": made.merchant_id, "return_id": asked["id"]}
        await bank.db.write(returns.approve, **this)
        await until(lambda: page.shows(O).returns[0]["is_approved"])
        await bank.db.write(orders.giving_back.receive, **this)
        await until(lambda: bool(page.shows(O).returns[0]["sums"]))
        assert page.shows(O).lines[1]["dropped"] == "1 returned"

    play(app, bank, story)
    assert shop.has(bank, "wallet", made.customer_id) == shop.RICH - Money.tenge(13_000)
    assert_clean(bank)


def test_a_product_is_reviewed_once_and_then_not_asked_about(app: Any, bank: Bank, made: orders.Bought):
    orders.handed_over(bank, made)

    async def story(site: Site) -> None:
        page = await at_order(site, made)
        assert [line["may_review"] for line in page.shows(O).lines] == [True, True, True]
        ((product,),) = sql(bank, "SELECT product_id FROM offer WHERE id = :id", id=made.offers[1])
        said = {"stars": 5, "words": "", "locale": "en", "received": True}
        await bank.db.write(write_review, customer_id=made.customer_id, product_id=product, **said)
        again = await at_order(site, made)
        assert [line["may_review"] for line in again.shows(O).lines] == [True, False, True]

    play(app, bank, story)


def test_a_return_that_was_refused_says_why_and_one_that_waits_can_be_withdrawn(
    app: Any, bank: Bank, made: orders.Bought
):
    orders.handed_over(bank, made)

    async def story(site: Site) -> None:
        page = await at_order(site, made)
        await page.call(O.ask_return, 1)
        await page.call(O.give_back, {"pieces": "1", "reason": "unused"})
        (asked,) = page.shows(O).returns
        await page.call(O.withdraw, asked["id"])
        assert not page.shows(O).returns[0]["may_withdraw"]
        await page.call(O.ask_return, 1)
        await page.call(O.give_back, {"pieces": "2", "reason": "unused"})
        waiting = page.shows(O).returns[0]["id"]
        refused = {"merchant_id": made.merchant_id, "return_id": waiting, "refusal": "It was used"}
        await bank.db.write(returns.refuse, **refused)
        await until(lambda: page.shows(O).returns[0]["refusal"] == "Reason: It was used")

    play(app, bank, story)


def test_a_parcel_on_its_way_can_be_refused(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller)
    way = {"fetching": seller.brought(), "city": "astana", "address": "Abay 1"}
    shop.bought(bank, owner, {offer: 1}, seller, **way)
    ((name,),) = sql(bank, "SELECT public_id FROM shop_order")
    this = {"merchant_id": seller.id, "order_id": name}
    bank.db.write_now(lifecycle.accept, **this)
    bank.db.write_now(lifecycle.assemble, spaces=2, **this)
    bank.db.write_now(lifecycle.transmit, **this)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/orders/{name}", cookie=signed_in(bank, owner))
        assert page.shows(O).order["may_refuse_parcel"]
        assert not page.shows(O).order["may_cancel"]
        await page.call(O.ask_refuse)
        await page.call(O.refuse_parcel)
        assert not page.shows(O).order["may_refuse_parcel"]

    play(app, bank, story)
    assert status(bank) == "KASPI_DELIVERY_RETURN_REQUESTED"


def test_my_order_is_missing_for_somebody_else_whatever_is_called(app: Any, bank: Bank, made: orders.Bought):
    orders.handed_over(bank, made)
    waiting = orders.asked_back(bank, made)
    other = shop.buyer(bank)
    before = shop.left_behind(bank)

    async def story(site: Site) -> None:
        thief = await at_order(site, made, by=other)
        assert thief.shows(O).order["id"] == ""
        for door, given in ((O.ask_line, 1), (O.ask_return, 1), (O.withdraw, waiting)):
            await thief.call(door, given)
        for door in (O.ask_cancel, O.ask_refuse, O.cancel, O.refuse_parcel):
            await thief.call(door)
        await thief.call(O.cancel_line, {"pieces": "1"})
        await thief.call(O.give_back, {"pieces": "1", "reason": "unused"})
        assert thief.shows(O).lines == []
        assert made.phone not in thief.everything

    play(app, bank, story)
    assert shop.left_behind(bank) == before
    assert sql(bank, "SELECT state FROM order_return") == [("asked",)]
