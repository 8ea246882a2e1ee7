"""Who may call a handler. Every handler of a State can be called by anyone on the Internet, whatever page they are on.

Without a mark a handler is for the signed in. Marks stand under `@rx.event`:

    @rx.event
    @guest
    async def send_code(self, form: dict) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_MARK = "_kaspi_doors"


def guest(handler: F) -> F:
    """Let anybody call the handler, signed in or not."""
    return _marked(handler, "guest")


def demo(handler: F) -> F:
    """Let the handler answer in demos only; there, anybody may call it."""
    return _marked(handler, "demo")


def doors_of(handler: Callable[..., Any]) -> frozenset[str]:
    """The marks of a handler's function: some of `guest` and `demo`."""
    return getattr(handler, _MARK, frozenset())


def _marked(handler: F, mark: str) -> F:
    setattr(handler, _MARK, doors_of(handler) | {mark})
    return handler
