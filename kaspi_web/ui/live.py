"""Screens that change by themselves: news of the bank is shown on the pages that follow it.

A page's State follows topics, usually when it loads, and has an `async def _refresh(self)` that reads the
database anew. It runs without a click, so it must ask `visitor_of(self)` again before it shows anything private.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

import reflex as rx

from kaspi_web.ui import session
from kaspi_web.ui.followers import Key

log = logging.getLogger(__name__)

_DEBOUNCE_S = 0.05
_SWEEP_EVERY_S = 60.0


class Pages(Protocol):
    """The part of `rx.App` that pushing needs."""

    event_namespace: Any

    def modify_state(self, token: Any) -> Any:
        """The state of a socket token, locked; what changed is sent on leaving."""


def follow(state: Any, *topics: str) -> None:
    """Have this page's `_refresh` called whenever one of the topics is told, until the browser shows another page."""
    session.counter().followers.show(_key(state), topics)


def follow_everywhere(state: Any, *topics: str) -> None:
    """The same for a part that stands beside every page; replaces what it followed before."""
    session.counter().followers.follow(_key(state), topics)


def _key(state: Any) -> Key:
    return session.token_of(state), state.__class__


async def run(app: Pages, counter: session.Counter) -> None:
    """Deliver news of the counter's bank to its pages until cancelled; the app's lifespan runs this."""
    delivery = Delivery(app, counter)
    stop = counter.bank.news.listen(delivery.heard)
    try:
        while True:
            await asyncio.sleep(_SWEEP_EVERY_S)
            delivery.sweep()
    finally:
        stop()
        await delivery.end()


class Delivery:
    """Turns topics into refreshed pages; a burst of news refreshes a page once."""

    def __init__(self, app: Pages, counter: session.Counter) -> None:
        self._app, self._counter = app, counter
        self._followers = counter.followers
        self._due: set[Key] = set()
        self._running: set[asyncio.Task[None]] = set()

    def heard(self, topic: str) -> None:
        """Plan the refreshing of every page that follows the topic."""
        for key in self._followers.of(topic):
            if key not in self._due:
                self._due.add(key)
                task = asyncio.create_task(self._soon(key))
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    def sweep(self) -> None:
        """Drop the pages whose browsers are gone."""
        for key in self._followers.pages():
            if not self._is_here(key):
                self._followers.drop(key)

    async def end(self) -> None:
        """Cancel what is still planned."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _soon(self, key: Key) -> None:
        await asyncio.sleep(_DEBOUNCE_S)
        # News from here on may be missed by the reading below, so it plans another.
        self._due.discard(key)
        try:
            await self._refresh(key)
        except Exception:
            # One page's trouble must not stop the others; its text may hold private things, its class does not.
            log.exception("refreshing %s failed", key[1].__name__)

    async def _refresh(self, key: Key) -> None:
        if not self._is_here(key):
            self._followers.drop(key)
            return
        token, page = key
        session.go_to(self._counter)
        async with self._app.modify_state(rx.BaseStateToken(ident=token, cls=page)) as root:
            state = await root.get_state(page)
            await state._refresh()

    def _is_here(self, key: Key) -> bool:
        return key[0] in self._app.event_namespace.token_to_sid
