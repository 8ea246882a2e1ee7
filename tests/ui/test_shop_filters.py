"""What narrows a list of goods: categories with what is on, prices as people type them, brands of any name."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.shop.asked import Wish, narrowed, wish_in
from kaspi_web.ui.shop.facets import FacetsState as F
from kaspi_web.ui.shop.lists import ListState as L
from tests.make import goods, listings
from tests.make.shelves import Shelf, listed, shelf
from tests.ui.harness import Page, Site, play, stranger


def slugs(page: Page) -> list[str]:
    return [good["slug"] for good in page.shows(L).goods_1]


async def opened(site: Site, path: str) -> Page:
    return await site.open(path, cookie=stranger())


def counted(text: str) -> int:
    """The number at the end of a link's words."""
    return int(text.rpartition(" ")[2])


@pytest.fixture
def two_places(bank: Bank) -> tuple[Shelf, Shelf]:
    """Two categories of two groups; the first one's seller has goods in both."""
    here, there = shelf(bank, count=6), shelf(bank, count=3)
    other = goods.product(bank, brand="Alma", category_id=goods.category(bank, parent_id=goods.category(bank, depth=2)))
    goods.offer(bank, Money.tenge(500), product_id=other, merchant_id=here.merchant_id)
    listed(bank, [other])
    return here, there


@pytest.mark.parametrize("query", ["brand=Alma", "from=10500&to=13000", "brand=Alma,Bulak&sort=cheap"])
def test_a_category_of_a_sellers_goods_leads_to_as_many_of_this_sellers_goods_as_it_says(
    app: Any, bank: Bank, two_places: tuple[Shelf, Shelf], query: str
):
    here = two_places[0]

    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/m/{here.merchant}?{query}")
        whole = slugs(page)
        places = page.shows(F).places
        assert sum(counted(each["text"]) for each in places) == len(whole) > 0
        for place in places:
            await page.go(place["href"])
            assert place["href"].startswith(f"/en/shop/m/{here.merchant}?")
            assert len(slugs(page)) == counted(place["text"])
            assert set(slugs(page)) <= set(whole)
            chip = page.shows(F).chips[0]
            assert chip["text"] == place["text"].rpartition(" ")[0], "the category is called by its name"
            assert page.shows(L).narrowed
            await page.go(chip["href"])
            assert slugs(page) == whole, "taking the category back gives the list as it was"

    play(app, bank, story)


def test_a_category_of_a_search_keeps_brands_and_prices(app: Any, bank: Bank, two_places: tuple[Shelf, Shelf]):
    async def story(site: Site) -> None:
        page = await opened(site, "/en/shop/search?q=thing&brand=Alma&from=600&sort=cheap")
        (place,) = page.shows(F).places
        assert place["href"] == f"/en/shop/c/{two_places[0].section}?q=thing&sort=cheap&from=600&brand=Alma"
        await page.go(place["href"])
        assert len(slugs(page)) == counted(place["text"]) == 3

    play(app, bank, story)


def test_in_a_category_of_a_seller_its_properties_narrow_and_go_with_it(
    app: Any, bank: Bank, two_places: tuple[Shelf, Shelf]
):
    here = two_places[0]
    path = f"/en/shop/m/{here.merchant}?in={here.category}"

    async def story(site: Site) -> None:
        page = await opened(site, path)
        assert page.shows(F).places == [], "nothing is below it"
        await page.call(F.narrow, {"f.colour.red": "on"})
        assert page.went_to == [f"{path}&f.colour=red"]
        await page.go(page.went_to[0])
        assert sorted(slugs(page)) == sorted(here.slugs[::2])
        assert page.shows(F).chips[0]["href"] == f"/en/shop/m/{here.merchant}"
        assert page.shows(F)["clear"] == f"/en/shop/m/{here.merchant}"

    play(app, bank, story)


def test_a_sellers_page_has_this_sellers_prices_whatever_others_ask(app: Any, bank: Bank):
    three = shelf(bank)
    goods.offer(bank, Money.tenge(500), product_id=three.ids[2], merchant_id=goods.merchant(bank))

    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/m/{three.merchant}?sort=cheap")
        shown = page.shows(L).goods_1
        assert [(each["slug"], each["price"], each["sellers"]) for each in shown] == list(
            zip(three.slugs, ("₸10,000", "₸11,000", "₸12,000"), ("", "", ""), strict=True)
        )
        assert page.shows(F).bounds == {"from": "10,000", "to": "12,000"}

    play(app, bank, story)


@pytest.mark.parametrize("place", ["nowhere", "%00", "x" * 99])
def test_a_category_that_is_not_there_leaves_the_seller_on_the_page(app: Any, bank: Bank, place: str):
    three = shelf(bank)

    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/m/{three.merchant}?in={place}")
        assert (page.shows(L).ready, page.shows(L).missing) == (True, False)
        assert page.shows(L).title
        assert slugs(page) in ([], three.slugs[::-1])

    play(app, bank, story)


@pytest.mark.parametrize("typed", ["11 000,50", "11000.00", "11\u00a0000 ₸", "00011000"])
def test_a_price_is_read_as_people_type_it(app: Any, bank: Bank, typed: str):
    three = shelf(bank)

    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/c/{three.category}")
        await page.call(F.narrow, {"from": typed})
        assert page.went_to == [f"/en/shop/c/{three.category}?from=11000"]

    play(app, bank, story)


@pytest.mark.parametrize("typed", ["11k", "11к", "1e4", "-5", "11.000", "9999999999", "٣"])
def test_a_price_that_cannot_be_read_is_named_and_the_list_stays(app: Any, bank: Bank, typed: str):
    three = shelf(bank)

    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/c/{three.category}")
        await page.call(F.narrow, {"to": typed, "brand.Alma": "on"})
        assert page.went_to == []
        assert page.shows(F).errors == {"price_from": "Enter the amount in tenge, in digits"}
        await page.call(F.narrow, {"to": "10 500", "brand.Alma": "on"})
        await page.go(page.went_to[0])
        assert (page.shows(F).errors, slugs(page)) == ({}, three.slugs[:1])

    play(app, bank, story)


def test_every_brand_that_is_offered_can_be_chosen_at_once(app: Any, bank: Bank):
    leaf = goods.category(bank)
    brands = [*(f"Brand {number:02}" for number in range(14)), "Sweet, Inc", "Back\\slash"]
    made = [goods.product(bank, category_id=leaf, brand=brand) for brand in brands]
    for product_id in made:
        goods.offer(bank, product_id=product_id)
    listed(bank, made)
    slug = bank.db.read_now(lambda unit: unit.exec(_slug_of(leaf)).one())

    async def story(site: Site) -> None:
        page = await opened(site, f"/en/shop/c/{slug}")
        (group,) = page.shows(F).groups
        assert len(group["ticks"]) == 16
        await page.call(F.narrow, {tick["name"]: "on" for tick in group["ticks"]})
        await page.go(page.went_to[0])
        assert [tick["is_on"] for tick in page.shows(F).groups[0]["ticks"]] == [True] * 16
        assert (len(slugs(page)), page.shows(F).found) == (16, "16 products")
        await page.call(F.narrow, {"brand.Sweet, Inc": "on"})
        await page.go(page.went_to[1])
        assert ([chip["text"] for chip in page.shows(F).chips], len(slugs(page))) == (["Sweet, Inc"], 1)

    play(app, bank, story)


def _slug_of(leaf: int) -> Any:
    from sqlmodel import select

    from kaspi_web.domain.catalogue.models import Category

    return select(Category.slug).where(Category.id == leaf)


@pytest.mark.parametrize("brands", [("a,b", "c"), ("\\", ","), ("a\\,b",), ("x\\", "y"), ("plain",)])
def test_brands_of_any_name_are_read_as_they_were_written(brands: tuple[str, ...]):
    wish = Wish(brands=brands, place="phones")
    assert wish_in(dict(parse_qsl(urlsplit(wish.to("/x")).query))) == wish
    assert narrowed(Wish(place="phones"), {f"brand.{each}": "on" for each in brands}) == wish


def test_many_are_told_as_a_thousand_and_more(app: Any, bank: Bank, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listings, "BRANDS", ("Alma",))
    listings.town(bank, 1_001)

    async def story(site: Site) -> None:
        shown = (await opened(site, "/en/shop/search?brand=Alma")).shows(F)
        assert (shown.found, shown.show) == ("1,000+ products", "Show 1,000+ products")
        (place,), (group,) = shown.places, shown.groups
        assert place["text"].endswith(" 1,000+")
        assert [tick["count"] for tick in group["ticks"]] == ["1,000+"]

    play(app, bank, story)
