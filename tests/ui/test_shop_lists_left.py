"""Lists that were left before their goods had come, or that could not be read: what is shown is of the address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.ui.shop import lists
from kaspi_web.ui.shop.lists import ListState as L
from kaspi_web.ui.shop.product import ProductState as P
from tests.make.ledger import sql
from tests.make.shelves import shelf
from tests.ui.harness import _LOAD, Page, Site, play, stranger
from tests.workers.waiting import until


def names(page: Page) -> list[str]:
    return [good["slug"] for good in page.shows(L).goods_1]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    """A database that takes its time with lists while it is told to."""
    made = Slow()
    monkeypatch.setattr(lists, "_seen", made.seen)
    yield made
    made.over.set()


class Slow:
    """Reads a list as it is read, but not before `over`; `begun` tells that somebody waits for it."""

    def __init__(self) -> None:
        self._read = lists._seen
        self.begun, self.over = threading.Event(), threading.Event()
        self.over.set()

    def seen(self, unit: Unit, **asked: Any) -> Any:
        self.begun.set()
        assert self.over.wait(20)
        return self._read(unit, **asked)

    async def left_early(self, site: Site, page: Page, path: str, onward: str) -> None:
        """Go to `path`, and on before its goods have come."""
        self.begun.clear()
        self.over.clear()
        page.path = path
        await page.send(page.event(_LOAD))
        await until(self.begun.is_set, seconds=10)
        page.path, sent = onward, len(page.wire)
        await page.send(page.event(_LOAD))
        await until(lambda: any(P.get_full_name() in each for each in page.wire[sent:]), seconds=10)
        self.over.set()
        await site.settled()


@pytest.mark.parametrize("way", ["c/{0.category}?brand=Alma", "search?q={0.slugs[0]}", "m/{0.merchant}?sort=cheap"])
def test_a_list_that_was_left_before_it_came_shows_its_own_goods_afterwards(app: Any, bank: Bank, slow: Slow, way: str):
    many = shelf(bank, count=6)
    path = "/en/shop/" + way.format(many)

    async def story(site: Site) -> None:
        must = names(await site.open(path, cookie=stranger()))
        page = await site.open(path.partition("?")[0], cookie=stranger())
        before = names(page)
        assert before != must
        await slow.left_early(site, page, path, f"/en/shop/p/{many.slugs[1]}")
        await page.go(path)
        assert names(page) == must
        # And the one before it has not become the other's.
        await page.go(path.partition("?")[0])
        assert names(page) == before

    play(app, bank, story)


def test_nothing_of_another_search_stands_while_this_one_is_looked_for(app: Any, bank: Bank):
    many = shelf(bank, count=2)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/shop/search?q={many.slugs[0]}", cookie=stranger())
        sent = len(page.wire)
        await page.go(f"/en/shop/search?q={many.slugs[1]}")
        said = [text.replace(" ", "") for text in page.wire[sent:] if "list_state" in text]
        assert '"ready_rx_state_":false' in said[0]
        assert names(page) == many.slugs[1:]

    play(app, bank, story)


def test_a_list_that_could_not_be_read_shows_nobodys_goods_and_more_adds_none(app: Any, bank: Bank):
    many = shelf(bank, count=80)
    here = f"/en/shop/c/{many.category}"

    async def story(site: Site) -> None:
        page = await site.open(f"{here}?sort=cheap", cookie=stranger())
        sql(bank, "ALTER TABLE product_image RENAME TO lost")
        await page.go(f"{here}?sort=dear")
        assert not page.shows(L).ready
        sql(bank, "ALTER TABLE lost RENAME TO product_image")
        await page.call(L.more)
        assert page.shows(L).goods_2 == []
        await page.go(f"{here}?sort=dear")
        assert names(page) == many.slugs[:-25:-1]
        assert len(site.troubles) == 1

    play(app, bank, story, troubles=True)


def test_the_next_goods_are_those_of_the_list_that_is_shown(app: Any, bank: Bank):
    many = shelf(bank, count=60)
    here = f"/en/shop/c/{many.category}"

    async def story(site: Site) -> None:
        page = await site.open(f"{here}?sort=cheap", cookie=stranger())
        page.path = f"{here}?sort=dear"
        await page.call(L.more)
        assert page.shows(L).goods_2 == []

    play(app, bank, story)


@pytest.mark.parametrize(("kind", "title"), [("c", "There is no such category"), ("m", "There is no such seller")])
def test_what_is_missing_says_so_in_the_title_and_what_was_there_comes_back(
    app: Any, bank: Bank, kind: str, title: str
):
    many = shelf(bank)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/shop/c/{many.category}", cookie=stranger())
        await page.go(f"/en/shop/{kind}/nothing")
        assert (page.shows(L).missing, page.shows(L).document) == (True, title)
        await page.go(f"/en/shop/c/{many.category}")
        assert not page.shows(L).missing
        assert page.shows(L).document.startswith(many.category)

    play(app, bank, story)


def test_a_product_that_is_not_there_has_no_title_of_another(app: Any, bank: Bank):
    one = shelf(bank, count=1)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/shop/p/{one.slugs[0]}", cookie=stranger())
        await page.go("/en/shop/p/nothing")
        assert page.shows(P).sheet["document"] == "There is no such product"

    play(app, bank, story)
