"""The page of a checkout, tap by tap: ways, sources, what changed, the code, and that one purchase comes of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kaspi_web.i18n import LOCALES, words
from kaspi_web.i18n.format import money
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.ui.basket.state import BasketState
from kaspi_web.ui.checkout.state import CheckoutState as C
from tests.make import shop
from tests.make.ledger import assert_clean, sql
from tests.make.sms import last_code, other_than
from tests.make.sources import own_card
from tests.ui.harness import Page, Site, play, signed_in
from tests.workers.waiting import until

DEAR = Money.tenge(60_000)


def ways(seller: shop.Seller, way: str = "") -> dict[str, str]:
    """The form's field of a seller; the first point unless told otherwise."""
    return {f"way-{seller.slug}": f"{seller.slug}/{way or f'point:{seller.points[0]}'}"}


def purchases(bank: Bank) -> list[tuple[str, str, int]]:
    return [tuple(row) for row in sql(bank, "SELECT state, source, amount_tiyn FROM purchase ORDER BY id")]


def phone_of(bank: Bank, owner: int) -> str:
    return sql(bank, "SELECT phone FROM customer WHERE id = :id", id=owner)[0][0]


async def press(page: Page, form: dict[str, str]) -> None:
    """Press the button with the sum that the page shows."""
    await page.call(C.order, {"sum": page.shows(C).total.get("sum", ""), **form})


async def at_checkout(site: Site, owner: int, wanted: dict[int, int], *, locale: str = "en") -> Page:
    """The page of a fresh checkout of these pieces."""
    made = await asyncio.to_thread(shop.opened, site.bank, owner, wanted)
    return await site.open(f"/{locale}/checkout/{made}", cookie=signed_in(site.bank, owner))


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_begins_with_the_nearest_point_and_the_wallet_and_says_what_each_way_costs(
    app: Any, bank: Bank, locale: str
):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1}, locale=locale)
        shown = page.shows(C)
        assert (shown.step, shown.city, shown.brings) == ("choose", "almaty", False)
        (each,) = shown.sellers
        assert [way["checked"] for way in each["ways"]] == [True, False]
        assert [option["value"] for option in shown.options if option["checked"]] == ["wallet"]
        await page.call(C.choose_way, f"{seller.slug}/brought")
        assert page.shows(C).brings
        assert page.shows(C).total["amount"] == ("₸4,990" if locale == "en" else "4\u00a0990\u00a0₸")
        await page.call(C.choose_city, "astana")
        (each,) = page.shows(C).sellers
        assert [way["value"] for way in each["ways"]] == [f"{seller.slug}/brought"], "no point there"
        assert each["no_pickup"]

    play(app, bank, story)
    assert purchases(bank) == []


def test_up_to_five_thousand_one_tap_is_one_purchase_and_a_second_tap_nothing_more(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller, Money.tenge(5_000))

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        form = {"source": "wallet", "city": "almaty", **ways(seller)}
        await press(page, form)
        await press(page, form)
        ((made,),) = sql(bank, "SELECT public_id FROM purchase")
        assert page.went_to == [f"/en/purchases/{made}"]
        again = await site.open(page.path, cookie=page.cookie)
        assert again.went_to == [f"/en/purchases/{made}"], "a reload leads to what became of it"
        assert again.shows(C).step == "bought"

    play(app, bank, story)
    assert purchases(bank) == [("placed", "wallet", 500_000)]
    assert shop.stock_of(bank, offer) == (9, 0)
    assert_clean(bank)


def test_above_five_thousand_the_code_is_asked_for_on_the_same_page(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller, Money.tenge(5_001))

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        await press(page, {"source": "wallet", **ways(seller)})
        assert (page.shows(C).step, purchases(bank)) == ("code", [])
        assert page.shows(C).resend_at > 0
        code = last_code(bank, phone_of(bank, owner))
        await page.call(C.confirm, {"code": other_than(code)})
        assert (page.shows(C).step, purchases(bank)) == ("code", [])
        assert page.shows(C).errors["code"]
        await page.call(C.change)
        assert page.shows(C).step == "choose"
        await press(page, {"source": "wallet", **ways(seller)})
        for _ in range(3):
            await page.call(C.confirm, {"code": code})
        assert len(set(page.went_to)) == 1
        assert code not in page.everything

    play(app, bank, story)
    assert purchases(bank) == [("placed", "wallet", 500_100)]
    assert_clean(bank)


def test_a_price_that_changed_is_shown_first_and_bought_only_at_the_next_tap(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        sql(bank, "UPDATE offer SET price_tiyn = 410000 WHERE id = :id", id=offer)
        await press(page, {"source": "wallet", **ways(seller)})
        (change,) = page.shows(C).changes
        assert (change["before"], change["now"]) == ("₸4,000", "₸4,100")
        assert page.shows(C).total["amount"] == "₸4,100"
        assert (purchases(bank), shop.stock_of(bank, offer)) == ([], (10, 0))
        await press(page, {"source": "wallet", **ways(seller)})

    play(app, bank, story)
    assert purchases(bank) == [("placed", "wallet", 410_000)]


def test_another_sum_than_the_buttons_is_never_bought(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        # The tap says delivery, which the button did not know of.
        form = {"source": "wallet", "city": "almaty", "address": "Abay 1", **ways(seller, "brought")}
        await press(page, form)
        assert (page.shows(C).step, purchases(bank)) == ("choose", [])
        assert page.shows(C).notice
        assert page.shows(C).total["amount"] == "₸4,990"
        await press(page, form)

    play(app, bank, story)
    assert purchases(bank) == [("placed", "wallet", 499_000)]


def test_a_tap_on_the_sum_that_was_read_does_not_buy_for_the_one_that_is_on_its_way(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller)
    form = {"source": "wallet", "city": "almaty", "address": "Abay 1", **ways(seller, "brought")}

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        read = page.shows(C).total["sum"]
        # Delivery is touched, and the button pressed before the answer arrives.
        await page.call(C.choose_way, f"{seller.slug}/brought")
        for said in (read, "", "4990", "x"):
            await page.call(C.order, {"sum": said, **form})
            assert (page.shows(C).step, purchases(bank)) == ("choose", []), said
            assert page.shows(C).notice, said
        await press(page, form)

    play(app, bank, story)
    assert purchases(bank) == [("placed", "wallet", 499_000)]


def test_the_source_may_be_switched_there_and_back_and_the_last_one_pays(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.known(bank, shop.member(bank, shop.buyer(bank)))
    offer = shop.offer(bank, seller, DEAR)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        for source in ("red:3", "instalment:12", "credit:24", "wallet", "instalment:3", "wallet"):
            await page.call(C.choose_source, source)
            months = page.shows(C).burden["months"]
            assert len(months) == {"wallet": 0}.get(source, int(source.partition(":")[2] or 0)), source
        await press(page, {"source": "wallet", **ways(seller)})
        await page.call(C.confirm, {"code": last_code(bank, phone_of(bank, owner))})

    play(app, bank, story)
    assert purchases(bank) == [("placed", "wallet", DEAR.tiyn)]
    assert_clean(bank)


def test_plans_are_compared_and_those_that_cannot_be_had_say_why(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller, Money.tenge(12_000))

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        plans = {plan["value"]: plan for plan in page.shows(C).plans}
        assert plans["red:3"]["disabled"]
        assert plans["red:3"]["payment"] == "₸4,000 × 3"
        assert (plans["instalment:24"]["disabled"], plans["instalment:24"]["payment"]) == (True, "")
        assert "50,000" in plans["instalment:24"]["note"]
        assert page.shows(C).needs == ["red", "iin"], "each kind of plan says what it lacks"
        await press(page, {"source": "red:3", **ways(seller)})
        assert page.shows(C).errors["source"]

    play(app, bank, story)
    assert purchases(bank) == []
    assert shop.stock_of(bank, offer) == (10, 0), "nothing is set aside for what is refused"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_plan_shows_what_each_month_leaves_of_the_wallet_and_what_being_late_costs(app: Any, bank: Bank, locale: str):
    seller, owner = shop.seller(bank), shop.known(bank, shop.buyer(bank, money=Money.tenge(50_000)))
    offer, w = shop.offer(bank, seller, DEAR), words(locale)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1}, locale=locale)
        await page.call(C.choose_source, "instalment:3")
        burden = page.shows(C).burden
        left = [money(Money.tenge(each), locale) for each in (30_000, 10_000, -10_000)]
        assert [month["left"] for month in burden["months"]] == left
        assert [month["is_short"] for month in burden["months"]] == [False, False, True]
        assert burden["late"] == w("plans.late_rule", day=2, fine=money(Money.tenge(2_000), locale))
        sql(bank, "UPDATE loan_rule SET value = 300000 WHERE name = 'fine'")
        await page.call(C.choose_source, "instalment:6")
        assert page.shows(C).burden["late"] == w("plans.late_rule", day=2, fine=money(Money.tenge(3_000), locale)), (
            "the rule in force, not a number in the words"
        )

    play(app, bank, story)


def test_a_card_that_is_short_is_not_told_to_fill_the_wallet(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer, card = shop.offer(bank, seller), own_card(bank, owner)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        await press(page, {"source": f"card:{card.public_id}", **ways(seller)})
        said = words("en")("checkout.card_short", missing="₸4,000")
        assert page.shows(C).errors == {"source": said}

    play(app, bank, story)
    assert purchases(bank) == []


def test_news_that_come_beside_another_page_take_nothing_of_the_checkout_away(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        here = page.path
        await page.call(C.choose_way, f"{seller.slug}/brought")
        await page.call(C.keep_address, "Abay 1, 2")
        # The profile follows no news, so the checkout goes on hearing them.
        await page.go("/en/profile")
        other = await site.open("/en/basket", cookie=page.cookie)
        before = other.shows(BasketState).basket["count"]
        await asyncio.to_thread(shop.laid, bank, owner, {offer: 1})
        await until(lambda: other.shows(BasketState).basket["count"] != before)
        await page.go(here)
        assert (page.shows(C).address, page.shows(C).brings) == ("Abay 1, 2", True)

    play(app, bank, story)


def test_credit_shows_what_it_costs_and_leads_to_its_contract(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.known(bank, shop.buyer(bank))
    offer = shop.offer(bank, seller, DEAR)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        await page.call(C.choose_source, "credit:12")
        assert page.shows(C).burden["overpay"]
        assert page.shows(C).burden["gesv"]
        await press(page, {"source": "credit:12", **ways(seller)})
        ((made,),) = sql(bank, "SELECT public_id FROM purchase")
        assert page.went_to == [f"/en/purchases/{made}/contract"]

    play(app, bank, story)
    assert purchases(bank) == [("signing", "credit", DEAR.tiyn)]


def test_a_part_in_bonuses_lowers_what_the_source_pays(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank, bonus=Money.tenge(600))
    offer = shop.offer(bank, seller)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        await page.call(C.spend, "600")
        total = page.shows(C).total
        assert (total["spent"], total["money"], total["amount"]) == ("−₸600", "₸3,400", "₸4,000")
        await page.call(C.spend, "lots")
        assert page.shows(C).errors["bonus"]
        await press(page, {"source": "wallet", "bonus": "601", **ways(seller)})
        assert page.shows(C).errors["bonus"]
        assert purchases(bank) == []
        await press(page, {"source": "wallet", "bonus": "600", **ways(seller)})

    play(app, bank, story)
    assert sql(bank, "SELECT spent_bonus_tiyn FROM purchase")[0][0] == 60_000
    assert_clean(bank)


def test_a_wrong_choice_is_named_at_its_place_and_keeps_what_was_typed(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank, money=Money.tenge(100))
    offer = shop.offer(bank, seller)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        await page.call(C.choose_way, f"{seller.slug}/brought")
        await press(page, {"source": "wallet", "address": " ", **ways(seller, "brought")})
        assert set(page.shows(C).errors) == {"address"}
        await page.call(C.keep_address, "Abay 1, 2")
        assert page.shows(C).address != "", "what was typed is shown again"
        await press(page, {"source": "wallet", "address": "Abay 1, 2", **ways(seller, "brought")})
        assert set(page.shows(C).errors) == {"source"}
        await press(page, {"source": "card:nobodys", **ways(seller)})
        assert page.shows(C).errors
        again = await site.open(page.path, cookie=page.cookie, token=page.token)
        assert again.shows(C).address == "Abay 1, 2"

    play(app, bank, story)
    assert purchases(bank) == []


def test_addresses_of_earlier_orders_are_offered_in_their_city_and_the_last_one_stands_there(app: Any, bank: Bank):
    seller, owner, other = shop.seller(bank), shop.buyer(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller)
    for street in ("Satpayev 1", "Satpayev 2"):
        shop.bought(bank, owner, {offer: 1}, fetching=seller.brought(), city="almaty", address=street)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        assert (page.shows(C).former, page.shows(C).address) == (["Satpayev 2", "Satpayev 1"], "Satpayev 2")
        await page.call(C.choose_city, "astana")
        assert (page.shows(C).former, page.shows(C).address) == ([], ""), "a street stays in its city"
        await page.call(C.keep_address, "Saryarka 3")
        await page.call(C.choose_city, "almaty")
        assert page.shows(C).address == "Saryarka 3", "what was typed is not written over"
        strange = await at_checkout(site, other, {offer: 1})
        assert (strange.shows(C).former, strange.shows(C).address) == ([], "")
        assert "Satpayev" not in strange.everything

    play(app, bank, story)


def test_what_went_meanwhile_leads_back_to_the_basket(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller, pieces=1)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        sql(bank, "UPDATE stock SET quantity = 0 WHERE offer_id = :id", id=offer)
        await press(page, {"source": "wallet", **ways(seller)})
        assert page.shows(C).errors["form"]
        assert not page.shows(C).can_be_ordered
        assert page.shows(C).sellers[0]["problem"]

    play(app, bank, story)
    assert purchases(bank) == []


def test_my_checkout_is_missing_for_somebody_else_whatever_is_called(app: Any, bank: Bank):
    seller, me, other = shop.seller(bank, name="Very Private Seller"), shop.buyer(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller, Money.tenge(7_000))

    async def story(site: Site) -> None:
        page = await at_checkout(site, me, {offer: 1})
        await press(page, {"source": "wallet", **ways(seller)})
        code, before = last_code(bank, phone_of(bank, me)), shop.left_behind(bank)
        thief = await site.open(page.path, cookie=signed_in(bank, other))
        assert thief.shows(C).step == "missing"
        await press(thief, {"source": "wallet", **ways(seller)})
        await thief.call(C.confirm, {"code": code})
        await thief.call(C.resend)
        for door, given in ((C.choose_way, f"{seller.slug}/brought"), (C.choose_source, "red:3"), (C.spend, "1")):
            await thief.call(door, given)
        assert "Very Private Seller" not in thief.everything
        assert shop.left_behind(bank) == before

    play(app, bank, story)


def test_an_old_checkout_is_over_and_sells_nothing(app: Any, bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    offer = shop.offer(bank, seller)

    async def story(site: Site) -> None:
        page = await at_checkout(site, owner, {offer: 1})
        sql(bank, "UPDATE checkout SET expires_at = issued_at")
        await press(page, {"source": "wallet", **ways(seller)})
        assert page.shows(C).step == "expired"

    play(app, bank, story)
    assert purchases(bank) == []
    assert shop.has(bank, "holds") == ZERO
