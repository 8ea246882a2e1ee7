"""The handler that does nothing: what a call over the websocket costs before anybody has done any work for it."""

from __future__ import annotations

import reflex as rx


class BenchState(rx.State):
    """A State of the bench; the gate in front of it is the product's own, so a caller must be signed in."""

    @rx.event
    async def nothing(self) -> None:
        """Answer."""
