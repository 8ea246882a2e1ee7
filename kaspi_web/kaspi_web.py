"""The app: screens, endpoints and workers are plugged in here and nowhere else."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import reflex as rx
from reflex.components.component import Component
from reflex.state import FrontendEventExceptionState
from reflex_base.vars.base import Var
from reflex_base.vars.function import ArgsFunctionOperation
from reflex_components_core.base.error_boundary import ErrorBoundary
from starlette.applications import Starlette

from kaspi_web import settings
from kaspi_web.api.front_door import front_door
from kaspi_web.api.routes import routes
from kaspi_web.journal import one_line, open_journal
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.serving import serving_alone
from kaspi_web.ui import live, session, shell, theme
from kaspi_web.ui.gate import Gate
from kaspi_web.ui.messages import drop_strange_messages
from kaspi_web.ui.reconnect import take_over_own_sockets
from kaspi_web.ui.sitemap import add_screens
from kaspi_web.workers.crew import crew

log = logging.getLogger(__name__)


def _broken_page() -> Component:
    """What stands in for a page that cannot be drawn: a way to load it again, and no stack trace."""
    again = rx.el.a("\u21bb", href="", class_name="broken-page")
    return ErrorBoundary.create(fallback_render=ArgsFunctionOperation.create(("event_args",), Var.create(again)))


def _trouble(exception: Exception) -> None:
    """Log an error of a handler; nothing is shown, since a toast from here would need `eval` in the page."""
    log.error("a handler failed", exc_info=exception)


def _page_trouble(exception: Exception) -> None:
    """Log what a browser reports about itself: a stranger's text, so short and on one line."""
    log.warning("a page reports: %s", one_line(str(exception)))


@contextlib.asynccontextmanager
async def _working(counter: session.Counter, app: rx.App) -> AsyncIterator[None]:
    """Push news to pages and do the bank's chores for as long as the server runs, and no other with it."""
    bank = counter.bank
    with serving_alone(bank.settings):
        pushing = asyncio.create_task(live.run(app, counter), name="live")
        try:
            async with crew(bank):
                yield
        finally:
            pushing.cancel()
            await asyncio.gather(pushing, return_exceptions=True)
            bank.close()


def build(bank: Bank) -> rx.App:
    """The app that serves this bank."""
    counter = session.open_counter(bank)
    # Reloading on certain errors is sent as a script for `eval`, which our pages refuse.
    FrontendEventExceptionState.auto_reload_on_errors = []
    made = rx.App(
        api_transformer=[Starlette(routes=routes(bank)), front_door(bank.settings)],
        head_components=[rx.el.script(src="/js/session.js"), *theme.head()],
        stylesheets=theme.STYLESHEETS,
        app_wraps={
            (55, "ErrorBoundary"): lambda _: _broken_page(),
            (5, "Overlay"): lambda stateful: shell.overlay() if stateful else None,
        },
        toaster=None,
        backend_exception_handler=_trouble,
        frontend_exception_handler=_page_trouble,
    )
    made.add_middleware(Gate(counter))
    take_over_own_sockets(made)
    drop_strange_messages(made)

    @contextlib.asynccontextmanager
    async def working() -> AsyncIterator[None]:
        async with _working(counter, made):
            yield

    made.register_lifespan_task(working)
    add_screens(made, counter)
    return made


def _served() -> rx.App:
    """The app of this process, over the bank that the environment describes."""
    given = settings.read()
    open_journal(given.log_level)
    return build(Bank.open(given))


app = _served()
