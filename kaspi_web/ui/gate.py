"""The gate in front of every handler: closed unless the handler's marks or a live sign-in open it."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import Any

import reflex as rx
from reflex.state import StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from kaspi_web.ui import session
from kaspi_web.ui.doors import doors_of
from kaspi_web.ui.limits import Buckets

log = logging.getLogger(__name__)

_FRAMEWORK = "reflex.state"
_HYDRATE = {"hydrate", "hydrate_and_load"}
_LOADING = _HYDRATE | {"set_is_hydrated", "on_load_internal", "update_vars_internal"}
_REPORT = "handle_frontend_exception"
_MOST_PAGES = 20_000


class Gate(rx.Middleware):
    """Refuses every event that is not meant for its sender; sees chained and background events too."""

    def __init__(self, counter: session.Counter) -> None:
        self._counter = counter
        self._events = Buckets(a_second=40, burst=120)
        self._reports = Buckets(a_second=5 / 60, burst=5)
        self._complaints = Buckets(a_second=1, burst=10)
        self._signed_in: OrderedDict[str, None] = OrderedDict()

    async def preprocess(self, app: Any, state: Any, event: Event) -> StateUpdate | None:
        """None lets the event through; an update stops it."""
        # The handler runs in this very task, so it finds the bank there.
        session.go_to(self._counter)
        name = event.name.rpartition(".")[2]
        who = session.cookie_of(state) or session.token_of(state)
        if not self._events.take(who):
            return self._refused("too many")
        if name == "setvar":
            return self._refused("setvar")
        handler = RegistrationContext.get().event_handlers[event.name].handler.fn
        if handler.__module__ == _FRAMEWORK:
            return await self._framework(name, who, state)
        return await self._ours(doors_of(handler), state)

    async def _framework(self, name: str, who: str, state: Any) -> StateUpdate | None:
        if name == _REPORT:
            return None if self._reports.take(who) else StateUpdate()
        if name not in _LOADING:
            return self._refused("framework")
        if name in _HYDRATE and self._was_signed_in(state) and await session.visitor_of(state) is None:
            # Hydrating sends all that the State holds: not what it showed the one who has signed out.
            self._wipe(state)
        return None

    async def _ours(self, doors: frozenset[str], state: Any) -> StateUpdate | None:
        if "demo" in doors and not self._counter.bank.settings.demo:
            return self._refused("demo is off")
        visitor = await session.visitor_of(state)
        if visitor is not None:
            self._remember(state)
            await self._counter.visitors.touch(visitor)
            return None
        return None if doors else await self._to_sign_in(state)

    async def _to_sign_in(self, state: Any) -> StateUpdate:
        delta: Any = {}
        if self._was_signed_in(state):
            root = self._wipe(state)
            delta = await root._get_resolved_delta()
            root._clean()
        goal = rx.redirect(f"/{session.locale_of(state)}/login", replace=True)
        return StateUpdate(delta=delta, events=Event.from_event_type(goal))

    def _refused(self, why: str) -> StateUpdate:
        # A flood of events must not become a flood of lines.
        if self._complaints.take(why):
            log.info("event refused: %s", why)
        return StateUpdate()

    def _remember(self, state: Any) -> None:
        self._signed_in[session.token_of(state)] = None
        self._signed_in.move_to_end(session.token_of(state))
        if len(self._signed_in) > _MOST_PAGES:
            self._signed_in.popitem(last=False)

    def _was_signed_in(self, state: Any) -> bool:
        return session.token_of(state) in self._signed_in

    def _wipe(self, state: Any) -> Any:
        """Empty every State of the page."""
        self._signed_in.pop(session.token_of(state), None)
        root = state._get_root_state()
        root.reset()
        root.is_hydrated = True
        return root
