"""The real websocket as a browser's page speaks it: Engine.IO and Socket.IO frames with Reflex's events inside.

One reader for each socket, no task and no thread, so that hundreds of pages fit into one process. What a page shows
is what was sent to it: deltas are merged as the browser merges them.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from reflex.utils.format import format_event_handler
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Message,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)

_NAMESPACE = "/_event"
_ROOT = "reflex___state____state"
_HYDRATE = f"{_ROOT}.hydrate_and_load"
_LOAD = f"{_ROOT}.reflex___state____on_load_internal_state.on_load_internal"
_PATIENCE_S = 120.0


class Gone(ConnectionError):
    """The server closed the socket, refused it or died: what was under way has no answer."""


class Shown(dict[str, Any]):
    """The vars of a State as the browser has them, also by attribute."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


class Page(asyncio.Protocol):
    """One document of one browser. Several of one browser share the cookie; each has a token of its own."""

    def __init__(self, url: str, path: str, *, cookie: str = "", token: str = "") -> None:
        self.path, self.cookie, self.token = path, cookie, token or str(uuid.uuid4())
        self.went_to: list[str] = []
        self.updates = 0
        """How many messages with changes or events have come."""
        self._url, self._document = urlsplit(url), str(uuid.uuid4())
        self._ws = WSConnection(ConnectionType.CLIENT)
        self._transport: asyncio.Transport | None = None
        self._text: list[str] = []
        self._shown: dict[str, Shown] = {}
        self._waiting: dict[asyncio.Future[None], Callable[[], object]] = {}
        self._gone: Gone | None = None
        self._asked = 0

    @classmethod
    async def open(cls, url: str, path: str, *, cookie: str = "", token: str = "") -> Self:
        """Open a page at `path` of the server at `url`, and wait until all that loads it has run."""
        page = cls(url, path, cookie=cookie, token=token)
        try:
            await asyncio.get_running_loop().create_connection(lambda: page, page._url.hostname, page._url.port)
        except OSError as error:
            raise Gone(f"no connection: {error}") from error
        try:
            await page.until(lambda: page._root.get("is_hydrated"))
        except BaseException:
            page.close()
            raise
        return page

    # --- what a page does

    def send(self, handler: Any, *given: Any, **payload: Any) -> int:
        """Send an event to a handler of a State and do not wait; answers its number. A form is the only argument."""
        name = handler if isinstance(handler, str) else format_event_handler(handler)
        if given:
            payload = {handler.fn.__code__.co_varnames[1]: given[0]}
        event = self._event(name, payload)
        self._put(f"42{_NAMESPACE},{json.dumps(['event', event])}")
        return self._asked

    async def call(self, handler: Any, *given: Any, **payload: Any) -> None:
        """Call a handler of a State and wait until it has answered; raises Gone."""
        number = self.send(handler, *given, **payload)
        await self.until(lambda: self.is_answered(number))

    def is_answered(self, number: int) -> bool:
        """Whether the event of this number has answered: events of one page are handled in the order sent."""
        return self._answered >= number

    async def go(self, path: str) -> None:
        """Go to another page of the app without loading the document anew, and wait until it has loaded."""
        self.path = path
        number = self.send(_LOAD)
        await self.until(lambda: self.is_answered(number) and self._root.get("is_hydrated"))

    async def until(self, holds: Callable[[], object], *, seconds: float = _PATIENCE_S) -> None:
        """Wait until `holds()` after something was sent to the page; raises Gone, or TimeoutError."""
        if holds():
            return
        if self._gone is not None:
            raise self._gone
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = holds
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            raise TimeoutError(f"{self.path} was not answered; it was sent to {self.went_to}") from None
        finally:
            self._waiting.pop(waiting, None)

    def shows(self, state: type[Any]) -> Shown:
        """What the page shows of a State."""
        return self._shown.setdefault(state.get_full_name(), Shown())

    def close(self) -> None:
        """Close the socket, as a browser does that is closed."""
        if self._transport is not None:
            self._transport.abort()

    # --- Reflex's events

    @property
    def _root(self) -> Shown:
        return self._shown.setdefault(_ROOT, Shown())

    @property
    def _answered(self) -> int:
        """The number of the last event whose answer has come: it stood in the query of the page's address."""
        query: str = self._root.get("rx_router_url", {}).get("query", "")
        return int(query.removeprefix("n=") or 0)

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        # The address differs from event to event, so that every answer holds at least the new one.
        self._asked += 1
        where = {"pathname": self.path, "asPath": f"{self.path}?n={self._asked}", "query": {}}
        return {"name": name, "payload": payload, "router_data": where}

    def _update(self, said: dict[str, Any]) -> None:
        self.updates += 1
        for state, changes in (said.get("delta") or {}).items():
            shown = self._shown.setdefault(state, Shown())
            shown.update((name.removesuffix("_rx_state_"), value) for name, value in changes.items())
        for event in said.get("events") or ():
            if "path" in event["payload"]:
                self.went_to.append(str(event["payload"]["path"]))
        for waiting, holds in list(self._waiting.items()):
            if not waiting.done() and holds():
                waiting.set_result(None)

    # --- Engine.IO and Socket.IO frames

    def _frame(self, text: str) -> None:
        if text.startswith("0"):
            hydrate = {"event": self._event(_HYDRATE, {})}
            self._put(f"40{_NAMESPACE},{json.dumps(hydrate)}")
        elif text == "2":
            self._put("3")
        elif text.startswith(f"42{_NAMESPACE},"):
            name, *rest = json.loads(text[len(_NAMESPACE) + 3 :])
            if name == "event":
                self._update(rest[0])
            elif name == "new_token":
                self.token = rest[0]
        elif text.startswith(("1", "41", "44")):
            self._end(f"refused: {text[:200]}")

    def _put(self, text: str) -> None:
        if self._gone is not None:
            raise self._gone
        assert self._transport is not None, "opened first"
        self._transport.write(self._ws.send(Message(data=text)))

    # --- the socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        query = {"EIO": "4", "transport": "websocket", "token": self.token, "document": self._document}
        headers = [("origin", f"{self._url.scheme}://{self._url.netloc}"), ("cookie", self.cookie)]
        given = [(name.encode(), value.encode()) for name, value in headers if value]
        target = f"{_NAMESPACE}/?{urlencode(query)}"
        transport.write(self._ws.send(Request(host=self._url.netloc, target=target, extra_headers=given)))

    def data_received(self, data: bytes) -> None:
        self._ws.receive_data(data)
        for event in self._ws.events():
            match event:
                case TextMessage():
                    self._text.append(event.data)
                    if event.message_finished:
                        text, self._text = "".join(self._text), []
                        self._frame(text)
                case Ping():
                    self._transport.write(self._ws.send(event.response()))
                case RejectConnection():
                    self._end(f"refused with status {event.status_code}")
                case CloseConnection():
                    self._end(f"closed with code {event.code}")
                case AcceptConnection() | _:
                    pass

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(f"the connection broke: {exc}")

    def _end(self, why: str) -> None:
        if self._gone is None:
            self._gone = Gone(why)
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(self._gone)
        self.close()
