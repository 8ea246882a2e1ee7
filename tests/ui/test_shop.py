"""The shop's home and its lists: open to guests, told by their addresses, a page at a time."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.shop.asked import Wish, narrowed, wish_in
from kaspi_web.ui.shop.facets import FacetsState as F
from kaspi_web.ui.shop.lists import ListState as L
from kaspi_web.ui.shop.state import ShopState as S
from tests.make import goods
from tests.make.shelves import Shelf, listed, shelf
from tests.ui.harness import Page, Site, play, stranger


def names(page: Page, *pages: str) -> list[str]:
    """The slugs that are shown."""
    return [good["slug"] for name in pages or ("goods_1",) for good in page.shows(L)[name]]


def ticks(page: Page) -> dict[str, tuple[str, bool]]:
    """Boxes of the filters with their counts, and whether they are on."""
    return {each["name"]: (each["count"], each["is_on"]) for group in page.shows(F).groups for each in group["ticks"]}


@pytest.fixture
def three(bank: Bank) -> Shelf:
    return shelf(bank)


async def opened(site: Site, path: str) -> Page:
    return await site.open(path, cookie=stranger())


def test_the_home_shows_sections_and_what_is_bought_most_to_a_guest(app: Any, bank: Bank, three: Shelf):
    async def story(site: Site) -> None:
        page = await opened(site, "/ru/shop")
        shown = page.shows(S)
        assert three.section in [each["slug"] for each in shown.sections]
        assert {each["slug"] for each in shown.popular} == set(three.slugs)
        assert (shown.deals, shown.basket, page.went_to) == ([], "", [])

    play(app, bank, story)


def test_what_costs_less_than_it_did_has_a_shelf(app: Any, bank: Bank, three: Shelf):
    cheaper = goods.product(bank)
    goods.offer(bank, Money.tenge(900), product_id=cheaper, old_price_tiyn=Money.tenge(1_000).tiyn)
    listed(bank, [cheaper])

    async def story(site: Site) -> None:
        deals = (await opened(site, "/en/shop")).shows(S).deals
        assert [(each["price"], each["old"], each["monthly"]) for each in deals] == [("₸900", "₸1,000", "")]

    play(app, bank, story)


def test_a_card_says_the_price_and_a_month_of_three_without_interest(app: Any, bank: Bank, three: Shelf):
    dear = goods.product(bank)
    goods.offer(bank, Money.tenge(2_999), product_id=dear)
    goods.offer(bank, Money.tenge(12_990), product_id=three.ids[0], merchant_id=goods.merchant(bank))
    listed(bank, [dear, *three.ids])

    async def story(site: Site) -> None:
        page = await opened(site, "/ru/shop/search?sort=cheap")
        first, second = page.shows(L).goods_1[:2]
        assert (first["price"], first["monthly"]) == ("2\u00a0999\u00a0₸", "")
        assert (second["price"], second["monthly"]) == ("10\u00a0000\u00a0₸", "3\u00a0334\u00a0₸")
        assert second["sellers"] == "2 продавца"

    play(app, bank, story)


def test_a_category_has_its_path_its_goods_and_their_count(app: Any, bank: Bank, three: Shelf):
    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/c/{three.category}")
        shown = page.shows(L)
        assert (shown.missing, shown.title, len(shown.path)) == (False, three.category, 2)
        assert shown.path[0]["slug"] == three.section
        assert set(names(page)) == set(three.slugs)
        assert page.shows(F).found == "3 products"
        assert shown.document.startswith(three.category)
        above = await opened(site, f"/en/shop/c/{shown.path[1]['slug']}")
        assert three.category in [each["slug"] for each in above.shows(L).below]

    play(app, bank, story)


@pytest.mark.parametrize("path", ["/ru/shop/c/nothing", "/ru/shop/m/nobody", "/ru/shop/c/%00"])
def test_what_is_not_there_is_said_to_be_missing(app: Any, bank: Bank, three: Shelf, path: str):
    async def story(site: Site) -> None:
        page = await opened(site, path)
        assert (page.shows(L).ready, page.shows(L).missing) == (True, True)

    play(app, bank, story)


def test_the_address_narrows_the_list_and_every_filter_can_be_taken_back(app: Any, bank: Bank, three: Shelf):
    here = f"/en/shop/c/{three.category}"

    async def story(site: Site) -> None:
        page = await opened(site, f"{here}?brand=Alma,Bulak&f.colour=red&from=9000&to=10500")
        assert names(page) == three.slugs[:1]
        shown = page.shows(F)
        assert shown.found == "1 product"
        assert ticks(page)["brand.Alma"][1]
        assert ticks(page)["f.colour.red"][1]
        assert "f.colour.blue" not in ticks(page), "nothing blue would be left"
        assert [each["text"] for each in shown.chips] == ["Alma", "Bulak", "red", "from ₸9,000", "up to ₸10,500"]
        assert shown.chips[0]["href"] == f"{here}?from=9000&to=10500&brand=Bulak&f.colour=red"
        assert shown.chips[2]["href"] == f"{here}?from=9000&to=10500&brand=Alma,Bulak"
        assert (shown["clear"], shown.typed) == (here, {"from": "9000", "to": "10500"})

    play(app, bank, story)


def test_the_form_of_filters_leads_to_the_address_of_its_ticks(app: Any, bank: Bank, three: Shelf):
    here = f"/en/shop/c/{three.category}"

    async def story(site: Site) -> None:
        page = await opened(site, here)
        before = page.shows(F).visit
        form = {"brand.Alma": "on", "f.colour.red": "on", "from": "9 000", "to": "", "sort": "cheap"}
        await page.call(F.narrow, form)
        goal = f"{here}?sort=cheap&from=9000&brand=Alma&f.colour=red"
        assert page.went_to == [goal]
        sent = len(page.wire)
        await page.go(goal)
        assert names(page) == three.slugs[:1]
        said = "".join(page.wire[sent:]).replace(" ", "")
        assert '"ready_rx_state_":false' not in said, "the form of filters stays on the page meanwhile"
        assert page.shows(F).visit == before, "the ticks that were set stay in place, with the focus on them"
        await page.go(here)
        assert page.shows(F).visit == before + 1, "another address has other ticks"

    play(app, bank, story)


def test_counts_are_those_that_a_tick_would_leave(app: Any, bank: Bank, three: Shelf):
    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/c/{three.category}?f.colour=red")
        assert ticks(page)["f.colour.red"] == ("2", True)
        assert ticks(page)["f.colour.blue"] == ("1", False)
        assert ticks(page)["brand.Alma"] == ("1", False)
        assert "brand.Bulak" not in ticks(page)

    play(app, bank, story)


def test_prices_the_wrong_way_round_are_named_and_nothing_is_found(app: Any, bank: Bank, three: Shelf):
    async def story(site: Site) -> None:
        page = await opened(site, f"/ru/shop/c/{three.category}?from=20000&to=100")
        assert names(page) == []
        assert page.shows(F).errors["price_from"]
        assert page.shows(F)["clear"] == f"/ru/shop/c/{three.category}"

    play(app, bank, story)


@pytest.mark.parametrize("query", ["after=x", "f.colour=green", "f.nothing=1", "after=9:1:1", "brand=" + "x" * 79])
def test_an_address_that_no_page_wrote_finds_nothing_and_breaks_nothing(app: Any, bank: Bank, three: Shelf, query: str):
    async def story(site: Site) -> None:
        page = await opened(site, f"/ru/shop/c/{three.category}?{query}")
        assert (page.shows(L).ready, page.shows(L).missing, names(page)) == (True, False, [])

    play(app, bank, story)


def test_the_next_goods_come_under_those_shown_and_only_they_are_sent(app: Any, bank: Bank):
    many = shelf(bank, count=55)

    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/c/{many.category}?sort=cheap")
        assert names(page) == many.slugs[:24]
        assert page.shows(L).onward.startswith(f"/en/shop/c/{many.category}?sort=cheap&after=")
        sent = len(page.wire)
        await page.call(L.more)
        assert names(page, "goods_1", "goods_2") == many.slugs[:48]
        said = "".join(page.wire[sent:])
        assert f'"{many.slugs[30]}"' in said
        assert f'"{many.slugs[3]}"' not in said
        assert len(said) < 9_000
        await page.call(L.more)
        assert names(page, "goods_1", "goods_2", "goods_3") == many.slugs
        assert page.shows(L).onward == ""
        await page.call(L.more)
        assert page.shows(L).goods_4 == []

    play(app, bank, story)


def test_the_address_of_the_next_goods_begins_with_them(app: Any, bank: Bank):
    many = shelf(bank, count=26)

    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/c/{many.category}?sort=cheap")
        rest = await opened(site, page.shows(L).onward)
        assert names(rest) == many.slugs[24:]

    play(app, bank, story)


def test_whoever_comes_back_finds_the_list_as_it_was_left(app: Any, bank: Bank):
    many = shelf(bank, count=30)

    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/c/{many.category}?sort=cheap")
        await page.call(L.more)
        await page.go(f"/en/shop/p/{many.slugs[0]}")
        await page.go(f"/en/shop/c/{many.category}?sort=cheap")
        assert names(page, "goods_1", "goods_2") == many.slugs
        await page.go(f"/en/shop/c/{many.category}?sort=dear")
        assert names(page, "goods_1", "goods_2") == many.slugs[:5:-1]

    play(app, bank, story)


def test_the_search_line_leads_to_its_address_and_finds(app: Any, bank: Bank, three: Shelf):
    async def story(site: Site) -> None:
        page = await opened(site, "/ru/shop")
        await page.call(S.find, {"q": "  thing  "})
        assert page.went_to == ["/ru/shop/search?q=thing"]
        await page.go(page.went_to[0])
        assert set(names(page)) == set(three.slugs)
        assert page.shows(L).typed == "thing"
        assert "thing" in page.shows(L).title
        assert [each["href"] for each in page.shows(F).places] == [f"/ru/shop/c/{three.section}?q=thing"]
        await page.call(S.find, {"q": "   "})
        assert page.went_to[-1] == "/ru/shop"

    play(app, bank, story)


def test_a_search_that_finds_nothing_says_so(app: Any, bank: Bank, three: Shelf):
    async def story(site: Site) -> None:
        page = await opened(site, "/en/shop/search?q=zzzzqqqq")
        assert (page.shows(L).ready, names(page), page.shows(F).found) == (True, [], "0 products")
        assert page.shows(F)["clear"] == ""

    play(app, bank, story)


def test_a_sellers_page_has_their_goods_and_terms_of_delivery(app: Any, bank: Bank, three: Shelf):
    other = goods.product(bank)
    goods.offer(bank, product_id=other)
    listed(bank, [other])

    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/m/{three.merchant}")
        assert set(names(page)) == set(three.slugs)
        assert page.shows(L).seller["delivery"] == "Delivery: ₸990, free from ₸20,000"

    play(app, bank, story)


def test_no_row_and_no_id_of_a_customer_is_in_what_a_list_sends(app: Any, bank: Bank, three: Shelf):
    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/c/{three.category}")
        assert "commission" not in page.everything
        assert "token_digest" not in page.everything
        keys = {"slug", "name", "picture", "price", "old", "monthly", "stars", "fill", "reviews", "sellers"}
        assert set(page.shows(L).goods_1[0]) == keys

    play(app, bank, story)


WRITTEN = [
    ({}, Wish()),
    ({"q": "  two   words "}, Wish(q="two words")),
    ({"sort": "cheap"}, Wish(sort="cheap")),
    ({"sort": "'; DROP"}, Wish()),
    ({"brand": "LG,,LG, Bosch"}, Wish(brands=("LG", "Bosch"))),
    ({"f.ram": "8,16", "f.": "x", "f.X Y": "1"}, Wish(facets={"ram": ("8", "16")})),
    ({"from": "20\u00a0000", "to": "0"}, Wish(prices={"from": "20000"})),
    ({"from": "-5", "to": "1e5"}, Wish()),
    ({"from": "٣", "to": "9" * 30}, Wish()),
]


@pytest.mark.parametrize(("given", "wish"), WRITTEN)
def test_an_address_is_read_as_far_as_it_can_be(given: dict[str, str], wish: Wish):
    assert wish_in(given) == wish


@pytest.mark.parametrize("wish", [wish for _, wish in WRITTEN])
def test_an_address_that_is_written_is_read_the_same(wish: Wish):
    from urllib.parse import parse_qsl, urlsplit

    assert wish_in(dict(parse_qsl(urlsplit(wish.to("/x")).query))) == wish


@pytest.mark.parametrize("form", [None, [], {"brand.": "on", "f..": "on", "f.a": "on", "f.a.b.c": "on"}, {1: 2}])
def test_a_form_that_no_page_sent_narrows_nothing(form: Any):
    assert narrowed(Wish(q="x"), form) == Wish(q="x")
