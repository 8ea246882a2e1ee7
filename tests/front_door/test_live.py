from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from kaspi_web.ui.followers import Followers
from kaspi_web.ui.live import Delivery


class Screen:
    """A State that counts its refreshes."""

    def __init__(self) -> None:
        self.refreshed = 0

    async def _refresh(self) -> None:
        self.refreshed += 1


class Broken(Screen):
    async def _refresh(self) -> None:
        raise ValueError("4400 4301 1111 1111")


class Beside(Screen):
    pass


class App:
    """The sockets that are open, each with its screens."""

    def __init__(self, **screens: Screen) -> None:
        self.screens = screens
        self.event_namespace = SimpleNamespace(token_to_sid=screens)

    @asynccontextmanager
    async def modify_state(self, token: Any) -> AsyncIterator[Any]:
        async def get_state(kind: type[Any]) -> Screen:
            return self.screens[token.ident]

        yield SimpleNamespace(get_state=get_state)


def _counter(followers: Followers) -> Any:
    return SimpleNamespace(followers=followers)


def _tell(app: App, followers: Followers, *topics: str) -> None:
    async def story() -> None:
        delivery = Delivery(app, _counter(followers))
        for topic in topics:
            delivery.heard(topic)
        await asyncio.sleep(0.1)
        await delivery.end()

    asyncio.run(story())


def test_a_burst_of_news_refreshes_those_who_follow_once():
    app, followers = App(a=Screen(), b=Screen()), Followers()
    followers.follow(("a", Screen), ("customer:1", "customer:2"))
    followers.follow(("b", Screen), ("customer:3",))
    _tell(app, followers, "customer:1", "customer:2", "customer:1")
    assert (app.screens["a"].refreshed, app.screens["b"].refreshed) == (1, 0)


def test_following_again_replaces_what_was_followed():
    app, followers = App(a=Screen()), Followers()
    followers.follow(("a", Screen), ("customer:1",))
    followers.follow(("a", Screen), ("customer:2",))
    _tell(app, followers, "customer:1")
    assert app.screens["a"].refreshed == 0


def test_a_page_that_was_left_is_not_refreshed_and_what_stands_beside_every_page_still_is():
    followers = Followers()
    followers.follow(("a", Beside), ("phone:1",))
    followers.show(("a", Screen), ("customer:1",))
    followers.show(("b", Screen), ("customer:1",))
    followers.show(("a", Broken), ("customer:1",))
    assert set(followers.of("customer:1")) == {("a", Broken), ("b", Screen)}
    assert followers.of("phone:1") == (("a", Beside),)
    followers.show(("a", Screen), ("customer:1",))
    assert set(followers.of("customer:1")) == {("a", Screen), ("b", Screen)}


def test_a_page_that_is_gone_is_dropped():
    app, followers = App(), Followers()
    followers.follow(("a", Screen), ("customer:1",))
    _tell(app, followers, "customer:1")
    assert followers.pages() == ()


def test_sweeping_drops_only_those_who_are_gone():
    app, followers = App(a=Screen()), Followers()
    followers.follow(("a", Screen), ("x",))
    followers.follow(("b", Screen), ("x",))
    Delivery(app, _counter(followers)).sweep()
    assert followers.pages() == (("a", Screen),)
    assert followers.of("x") == (("a", Screen),)


def test_a_page_in_trouble_stops_nobody_and_is_named_in_the_log(caplog: pytest.LogCaptureFixture):
    app, followers = App(a=Broken(), b=Screen()), Followers()
    followers.follow(("a", Broken), ("x",))
    followers.follow(("b", Screen), ("x",))
    with caplog.at_level(logging.ERROR):
        _tell(app, followers, "x")
    assert app.screens["b"].refreshed == 1
    assert "refreshing Broken failed" in caplog.messages


def test_unfollowed_pages_leave_nothing_behind():
    followers = Followers()
    followers.follow(("a", Screen), ("x",))
    followers.drop(("a", Screen))
    assert followers.pages() == ()
    assert followers.of("x") == ()
