"""Real pages without a browser: events go through Reflex's own namespace, processor and our gate to the real States.

What a page shows is what was sent to it: deltas are merged as the browser merges them.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextvars import copy_context
from typing import Any

from reflex.istate.manager.memory import StateManagerMemory
from reflex.utils.format import json_dumps
from reflex_base.registry import RegistrationContext

from kaspi_web.domain.sessions import service as sessions
from kaspi_web.kernel.bank import Bank
from kaspi_web.ui import live, session
from kaspi_web.ui.gate import Gate
from tests.workers.waiting import until

_HYDRATE = "reflex___state____state.hydrate_and_load"
_LOAD = "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal"
_sids = itertools.count(1)


class Site:
    """The served app over one bank; `troubles` are exceptions that handlers let out."""

    def __init__(self, app: Any, bank: Bank, troubles: list[Exception]) -> None:
        self.app, self.bank, self.troubles = app, bank, troubles
        self.pages: dict[str, Page] = {}
        self.sockets: dict[str, dict[str, Any]] = {}
        # Sites that live side by side must not find one another's event processor, as served ones do not.
        self._context = copy_context()

    async def inside(self, doing: Coroutine[Any, Any, None]) -> None:
        """Do it as this site's own socket would."""
        await asyncio.create_task(doing, context=self._context.copy())

    async def open(self, path: str, *, cookie: str = "", token: str = "", document: str = "") -> Page:
        """Open a page the way a browser does: its first event hydrates it and runs what loads it.

        A page whose socket broke, or a copy of a page, comes with a token; `document` tells the two apart.
        """
        page = Page(self, path, cookie)
        page.token = token or page.token
        self.pages[page.sid] = page
        scope = {"headers": [(b"cookie", cookie.encode())] if cookie else [], "client": ("127.0.0.1", 5)}
        environ = {"asgi.scope": scope, "QUERY_STRING": f"token={page.token}&document={document}"}
        self.sockets[page.sid] = environ
        hydrate = {"event": page.event(_HYDRATE)}
        await self.inside(self.app.event_namespace.on_connect(page.sid, environ, hydrate))
        await self.settled()
        return page

    async def settled(self) -> None:
        """Wait until no event is under way."""
        await until(lambda: not self.app.event_processor._futures, seconds=20, look_every_s=0.001)

    async def _emit(self, name: str, update: Any, *, to: str) -> None:
        if name == "new_token":
            self.pages[to].token = update
        else:
            self.pages[to].receive(update)


class Page:
    """One page of one browser; `wire` is everything it was ever sent, as text."""

    def __init__(self, site: Site, path: str, cookie: str) -> None:
        self._site, self.path, self.cookie = site, path, cookie
        self.sid, self.token = f"sid{next(_sids)}", str(uuid.uuid4())
        self.wire: list[str] = []
        self._shown: dict[str, dict[str, Any]] = {}
        self.went_to: list[str] = []

    def event(self, name: str, **payload: Any) -> dict[str, Any]:
        """An event as the browser words it."""
        where = {"pathname": self.path, "asPath": self.path, "query": {}}
        return {"name": name, "payload": payload, "router_data": where}

    def receive(self, update: Any) -> None:
        """Merge what the server sent."""
        text = json_dumps(update)
        self.wire.append(text)
        said = json.loads(text)
        for state, changes in (said.get("delta") or {}).items():
            self._shown.setdefault(state, {}).update(changes)
        self.went_to += [str(each["payload"]["path"]) for each in said.get("events") or () if "path" in each["payload"]]

    async def call(self, handler: Any, *given: Any, **payload: Any) -> None:
        """Call a handler of a State as a page, or anybody, would; a form goes as the only argument."""
        name = handler if isinstance(handler, str) else name_of(handler)
        if given:
            payload = {argument_of(name): given[0]}
        await self.send(self.event(name, **payload))
        await self._site.settled()

    async def send(self, event: dict[str, Any]) -> None:
        """Put one message on the socket, in whatever shape."""
        await self._site.inside(self._site.app.event_namespace.on_event(self.sid, event))

    async def go(self, path: str) -> None:
        """Go to another page without loading the document anew."""
        self.path = path
        await self.call(_LOAD)

    def shows(self, state: type[Any]) -> Shown:
        """What the page shows of a State."""
        found = self._shown.get(state.get_full_name(), {})
        return Shown({name.removesuffix("_rx_state_"): value for name, value in found.items()})

    @property
    def everything(self) -> str:
        """All that was sent."""
        return "\n".join(self.wire)


class Shown(dict[str, Any]):
    """The vars of a State as the browser has them, also by attribute."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


def name_of(handler: Any) -> str:
    """The name that a handler is called by over the socket."""
    fn = getattr(handler, "fn", handler)
    found = [name for name, each in RegistrationContext.get().event_handlers.items() if each.handler.fn is fn]
    assert len(found) == 1, f"{fn.__qualname__} is no handler"
    return found[0]


def argument_of(name: str) -> str:
    """The name of a handler's first argument."""
    code = RegistrationContext.get().event_handlers[name].handler.fn.__code__
    return code.co_varnames[1]


@contextlib.asynccontextmanager
async def serving(app: Any, bank: Bank) -> AsyncIterator[Site]:
    """The app over this bank, with a fresh gate and no pages; pushes news to pages."""
    counter, namespace = session.open_counter(bank), app.event_namespace
    troubles: list[Exception] = []
    app._state_manager = StateManagerMemory()
    app._middlewares[:] = [Gate(counter)]
    app.backend_exception_handler = troubles.append
    before = RegistrationContext.set(app._registration_context)
    try:
        async with app._setup_event_processor():
            site = Site(app, bank, troubles)
            namespace.emit = site._emit
            pushing = asyncio.create_task(live.run(app, counter))
            try:
                yield site
            finally:
                for page in site.pages.values():
                    await namespace._token_manager.disconnect_token(page.token, page.sid)
                pushing.cancel()
                await asyncio.gather(pushing, return_exceptions=True)
    finally:
        RegistrationContext.reset(before)


def play(app: Any, bank: Bank, story: Callable[[Site], Awaitable[None]], *, troubles: bool = False) -> Site:
    """Run a story on the site; unless it is about troubles, no handler may have let an exception out."""

    async def whole() -> Site:
        async with serving(app, bank) as site:
            await story(site)
        return site

    site = asyncio.run(whole())
    assert troubles or not site.troubles, site.troubles
    return site


def signed_in(bank: Bank, customer_id: int) -> str:
    """A browser's Cookie header of a signed-in customer."""
    sid = bank.db.write_now(sessions.start, customer_id=customer_id, replacing="", device="")
    return f"sid={sid}"


def stranger() -> str:
    """A browser's Cookie header of somebody who is not signed in."""
    return f"sid={sessions.new_cookie()}"
