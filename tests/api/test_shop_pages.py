"""The shop as it is read without a script: by search engines, and before the app is awake."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from sqlmodel import col, update
from starlette.applications import Starlette

from kaspi_web.api import shop_pages, sitemaps
from kaspi_web.api.built_pages import BuiltPages
from kaspi_web.api.front_door import FrontDoor
from kaspi_web.domain.catalogue.models import Product
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.make import goods
from tests.make.customers import customer
from tests.make.shelves import Shelf, listed, shelf

SHELL = (
    '<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>old</title>'
    '<meta content="favicon.ico" property="og:image"/><script>theme()</script></head>'
    '<body><div id="offline" hidden=""></div><script>start("</head><body>")</script></body></html>'
)
ORIGIN = "http://localhost:3000"


@pytest.fixture
def build(tmp_path: Path) -> Path:
    folder = tmp_path / "build"
    folder.mkdir()
    (folder / "404.html").write_text(SHELL)
    (folder / "ru" / "shop").mkdir(parents=True)
    (folder / "ru" / "shop" / "index.html").write_text(SHELL.replace("theme()", "own()"))
    return folder


@pytest.fixture
def three(bank: Bank) -> Shelf:
    return shelf(bank)


class Read(HTMLParser):
    """What stands in a page: its text, links, heads and data, with scripts left alone."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.said: dict[str, str] = {}
        self.tags: list[str] = []
        self.data: list[Any] = []
        self.text = ""
        self._inside: list[str] = []
        self._types: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self._types.append(given.get("type", ""))
        self._inside.append(tag)
        if tag == "a":
            self.links.append(given["href"])
        if tag == "meta" and ("name" in given or "property" in given):
            self.said[given.get("name") or given["property"]] = given["content"]
        if tag == "link" and given["rel"] in ("canonical", "alternate"):
            self.said[given.get("hreflang", "canonical")] = given["href"]

    def handle_data(self, data: str) -> None:
        inside = self._inside[-1] if self._inside else ""
        if inside == "title":
            self.said["title"] = data
        elif inside == "script":
            if self._types[-1] == "application/ld+json":
                self.data += json.loads(data)["@graph"]
        else:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        while self._inside and (self._types.pop(), self._inside.pop())[1] != tag:
            pass


def ask(bank: Bank, build: Path, path: str, **headers: str) -> httpx.Response:
    async def story() -> httpx.Response:
        app = Starlette(routes=[*shop_pages.routes(bank, build), *sitemaps.routes(bank)])
        inside = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=inside, base_url=ORIGIN, trust_env=False) as http:
            return await http.get(path, headers=headers)

    return asyncio.run(story())


def read(bank: Bank, build: Path, path: str) -> Read:
    answer = ask(bank, build, path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    return Read(answer.text)


@pytest.mark.parametrize(
    ("locale", "title", "price"),
    [
        ("kk", "бағасы мен сатушылары", "10\u00a0000\u00a0₸"),
        ("ru", "цена и продавцы", "10\u00a0000\u00a0₸"),
        ("en", "price and sellers", "₸10,000"),
    ],
)
def test_a_product_is_read_without_a_script(bank: Bank, build: Path, three: Shelf, locale: str, title: str, price: str):
    path = f"/shop/p/{three.slugs[0]}"
    page = read(bank, build, f"/{locale}{path}")
    assert title in page.said["title"]
    assert price in page.said["description"]
    assert price in page.text
    assert page.tags.count("h1") == 1
    assert page.tags.count("title") == 1
    assert page.said["canonical"] == f"{ORIGIN}/{locale}{path}"
    assert {name: page.said[name] for name in ("kk", "ru", "en", "x-default")} == {
        "kk": f"{ORIGIN}/kk{path}",
        "ru": f"{ORIGIN}/ru{path}",
        "en": f"{ORIGIN}/en{path}",
        "x-default": f"{ORIGIN}/kk{path}",
    }
    assert page.said["og:image"] == f"{ORIGIN}/pictures/phone-1-1/1280.webp"
    assert page.said["og:type"] == "product"
    others = {f"/{locale}/shop/p/{slug}" for slug in three.slugs[1:]}
    assert others <= set(page.links), "it leads to others of its category"
    assert f"/{locale}/shop/c/{three.category}" in page.links
    answer = ask(bank, build, f"/{locale}{path}")
    assert f'<html lang="{locale}">' in answer.text
    assert answer.headers["x-robots-tag"] == "all"


def test_search_engines_get_prices_ratings_and_the_path_as_data(bank: Bank, build: Path, three: Shelf):
    goods.offer(bank, Money.tenge(12_345, 60), product_id=three.ids[0], merchant_id=goods.merchant(bank))
    bank.db.write_now(
        lambda unit: unit.exec(update(Product).values(reviews=7, rating_hundredths=471, brand="Alma")) and None
    )
    product, path = read(bank, build, f"/en/shop/p/{three.slugs[0]}").data
    assert product["@type"] == "Product"
    assert product["brand"] == {"@type": "Brand", "name": "Alma"}
    assert product["offers"] == {
        "@type": "AggregateOffer",
        "priceCurrency": "KZT",
        "lowPrice": "10000.00",
        "highPrice": "12345.60",
        "offerCount": 2,
        "availability": "https://schema.org/InStock",
    }
    assert product["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": "4.71",
        "reviewCount": 7,
        "bestRating": 5,
    }
    steps = path["itemListElement"]
    assert [each["position"] for each in steps] == [1, 2, 3, 4, 5]
    assert steps[3]["item"] == f"{ORIGIN}/en/shop/c/{three.category}"


def test_what_nobody_sells_has_no_offer_and_no_rating(bank: Bank, build: Path):
    id = goods.product(bank)
    listed(bank, [id])
    slug = bank.db.read_now(lambda unit: unit.get_one(Product, id).slug)
    page = read(bank, build, f"/ru/shop/p/{slug}")
    assert "offers" not in page.data[0]
    assert "aggregateRating" not in page.data[0]
    assert "нет в продаже" in page.said["description"]


EVIL = "</script><b>\"x\" & 'y'</title><!--<img src=x onerror=alert(1)>"


def test_what_a_seller_writes_stays_text(bank: Bank, build: Path):
    evil = shelf(bank, count=2, name_ru=EVIL, name_kk=EVIL, name_en=EVIL, text_ru=EVIL, brand=EVIL)
    for path in (f"/ru/shop/p/{evil.slugs[0]}", f"/ru/shop/c/{evil.category}", f"/ru/shop/m/{evil.merchant}"):
        answer = ask(bank, build, path)
        plain = Read(SHELL)
        page = Read(answer.text)
        assert answer.text.count("</script>") == SHELL.count("</script>") + len(re.findall("ld.json", answer.text))
        assert not {"b", "onerror"} & set(page.tags)
        assert "<!--" not in answer.text
        assert page.tags.count("script") == plain.tags.count("script") + answer.text.count("application/ld+json")
        assert EVIL in page.text
    product = read(bank, build, f"/ru/shop/p/{evil.slugs[0]}")
    assert product.data[0]["name"] == EVIL
    assert product.said["title"].startswith(EVIL)


def test_a_category_leads_to_its_goods_and_to_the_next_ones(bank: Bank, build: Path):
    many = shelf(bank, count=26)
    first = read(bank, build, f"/en/shop/c/{many.category}")
    shown = [link for link in first.links if "/shop/p/" in link]
    assert len(shown) == 24
    (onward,) = [link for link in first.links if "after=" in link]
    rest = read(bank, build, onward)
    assert len([link for link in rest.links if "/shop/p/" in link]) == 2
    assert rest.said["canonical"] == ORIGIN + onward
    assert first.said["canonical"] == f"{ORIGIN}/en/shop/c/{many.category}"
    section = read(bank, build, f"/en/shop/c/{many.section}")
    assert any("/shop/c/" in link for link in section.links)


@pytest.mark.parametrize("query", ["brand=Alma", "f.colour=red", "sort=cheap", "from=5", "q=x"])
def test_a_narrowed_list_is_not_kept_and_names_the_whole_one(bank: Bank, build: Path, three: Shelf, query: str):
    path = f"/ru/shop/c/{three.category}"
    answer = ask(bank, build, f"{path}?{query}")
    page = Read(answer.text)
    assert answer.headers["x-robots-tag"] == "noindex, follow"
    assert page.said["robots"] == "noindex, follow"
    assert page.said["canonical"] == ORIGIN + path
    assert not [link for link in page.links if "/shop/p/" in link], "the app shows which they are"


def test_what_came_along_with_a_link_makes_no_other_page(bank: Bank, build: Path, three: Shelf):
    answer = ask(bank, build, f"/ru/shop/c/{three.category}?utm_source=x")
    assert answer.headers["x-robots-tag"] == "all"
    assert Read(answer.text).said["canonical"] == f"{ORIGIN}/ru/shop/c/{three.category}"


def test_a_seller_and_the_shop_itself_are_read_too(bank: Bank, build: Path, three: Shelf):
    seller = read(bank, build, f"/en/shop/m/{three.merchant}")
    assert {f"/en/shop/p/{slug}" for slug in three.slugs} <= set(seller.links)
    for path in ("/ru/shop", "/ru/shop/"):
        home = ask(bank, build, path)
        assert "own()" in home.text, "its own prerendered page"
        assert f"/ru/shop/c/{three.section}" in Read(home.text).links
        assert Read(home.text).said["canonical"] == f"{ORIGIN}/ru/shop"


@pytest.mark.parametrize(
    "path",
    ["/ru/shop/p/nothing", "/ru/shop/c/nothing", "/ru/shop/m/nobody", "/ru/shop/p/%00", "/ru/shop/p/" + "x" * 900],
)
def test_what_is_not_there_is_not_found_and_the_app_says_so(bank: Bank, build: Path, three: Shelf, path: str):
    answer = ask(bank, build, path)
    assert answer.status_code == 404
    assert "x-robots-tag" not in answer.headers, "the front door's noindex stays"
    assert answer.text == SHELL


def test_a_withdrawn_product_is_not_found(bank: Bank, build: Path, three: Shelf):
    bank.db.write_now(lambda unit: unit.exec(update(Product).values(is_live=False)) and None)
    assert ask(bank, build, f"/en/shop/p/{three.slugs[0]}").status_code == 404


def test_the_apps_own_scripts_come_in_their_order_and_nothing_of_ours_before_them(
    bank: Bank, build: Path, three: Shelf
):
    text = ask(bank, build, f"/en/shop/p/{three.slugs[0]}").text
    head, body = text.split("</head>", 1)
    assert head.index("theme()") < head.index("application/ld+json")
    assert body.startswith('<body><article id="served">')
    assert text.endswith(
        '</article><div id="offline" hidden=""></div><script>start("</head><body>")</script></body></html>'
    )


def test_pages_come_packed_to_those_who_can_unpack(bank: Bank, build: Path, three: Shelf):
    answer = ask(bank, build, f"/en/shop/c/{three.category}", **{"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


def test_behind_the_front_door_the_shop_may_be_kept_by_search_engines_and_nothing_else(
    bank: Bank, build: Path, three: Shelf
):
    async def story() -> dict[str, str]:
        app = FrontDoor(Starlette(routes=shop_pages.routes(bank, build)), bank.settings, BuiltPages.read(build))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=f"http://localhost:{bank.settings.port}", trust_env=False
        ) as http:
            paths = ("/ru/shop", f"/ru/shop/p/{three.slugs[0]}", "/ru/shop/p/nothing", "/ru/home")
            return {path: (await http.get(path)).headers["x-robots-tag"] for path in paths}

    robots = asyncio.run(story())
    assert list(robots.values()) == ["all", "all", "noindex, nofollow", "noindex, nofollow"]


# --- lists for search engines

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def xml(bank: Bank, build: Path, path: str) -> ElementTree.Element:
    answer = ask(bank, build, path)
    assert answer.headers["content-type"] == "application/xml"
    return ElementTree.fromstring(answer.text)


def locations(root: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in root.iterfind(".//s:loc", NAMES)]


def test_robots_are_told_where_the_lists_are(bank: Bank, build: Path):
    answer = ask(bank, build, "/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert f"Sitemap: {ORIGIN}/sitemap.xml" in answer.text


def test_lists_lead_to_every_page_of_the_shop_in_every_language(bank: Bank, build: Path, three: Shelf):
    index = locations(xml(bank, build, "/sitemap.xml"))
    assert index == [f"{ORIGIN}/sitemaps/places.xml", f"{ORIGIN}/sitemaps/products-1.xml"]
    places, products = (xml(bank, build, each.removeprefix(ORIGIN)) for each in index)
    assert {f"{ORIGIN}/{locale}/shop/c/{three.category}" for locale in ("kk", "ru", "en")} <= set(locations(places))
    assert f"{ORIGIN}/en/shop/m/{three.merchant}" in locations(places)
    assert {f"{ORIGIN}/{locale}/shop/p/{slug}" for locale in ("kk", "ru", "en") for slug in three.slugs} == set(
        locations(products)
    )
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT.*\+00:00", each.text or "") for each in products.iterfind(".//s:lastmod", NAMES)
    )


def test_a_list_has_five_thousand_addresses_at_the_most(
    bank: Bank, build: Path, three: Shelf, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sitemaps, "_SIZE", 2)
    index = locations(xml(bank, build, "/sitemap.xml"))
    assert len(index) >= 3
    pages = [locations(xml(bank, build, each.removeprefix(ORIGIN))) for each in index[1:]]
    assert all(len(page) <= 6 for page in pages)
    assert len({each for page in pages for each in page}) == 9
    assert sitemaps.MOST == 5_000


@pytest.mark.parametrize("page", [0, 2, 10**15])
def test_a_list_behind_the_last_is_not_found(bank: Bank, build: Path, three: Shelf, page: int):
    assert ask(bank, build, f"/sitemaps/products-{page}.xml").status_code == 404


def test_a_withdrawn_product_is_in_no_list(bank: Bank, build: Path, three: Shelf):
    gone = col(Product.id) == three.ids[0]
    bank.db.write_now(lambda unit: unit.exec(update(Product).where(gone).values(is_live=False)) and None)
    assert not [each for each in locations(xml(bank, build, "/sitemaps/products-1.xml")) if three.slugs[0] in each]


def test_an_empty_shop_has_a_list_of_its_home(bank: Bank, build: Path):
    assert ask(bank, build, "/sitemap.xml").status_code == 200
    assert f"{ORIGIN}/ru/shop" in locations(xml(bank, build, "/sitemaps/places.xml"))


def test_addresses_begin_with_the_public_origin(bank: Bank, build: Path, three: Shelf):
    known = replace(bank, settings=replace(bank.settings, public_origins=("https://wallet.example",)))
    page = read(known, build, f"/ru/shop/p/{three.slugs[0]}")
    assert page.said["canonical"].startswith("https://wallet.example/ru/")
    assert locations(xml(known, build, "/sitemap.xml"))[0].startswith("https://wallet.example/")


def test_nothing_of_a_customer_is_on_a_page(bank: Bank, build: Path, three: Shelf):
    customer(bank)
    with_cookie = ask(bank, build, f"/ru/shop/p/{three.slugs[0]}", Cookie="sid=x; stag=y")
    assert with_cookie.text == ask(bank, build, f"/ru/shop/p/{three.slugs[0]}").text
