"""Everything that passes between a browser's pages and the server's socket, and what pages keep."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Page, WebSocket

_KEPT = "() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })"


class Overheard:
    """Listens to every page that a browser opens from now on, and to those that it has."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._frames: list[str | bytes] = []
        context.on("page", self._listen)
        for page in context.pages:
            self._listen(page)

    def _listen(self, page: Page) -> None:
        page.on("websocket", self._follow)

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framesent", self._note)
        socket.on("framereceived", self._note)

    def _note(self, frame: str | bytes) -> None:
        self._frames.append(frame)

    def nowhere(self, *secrets: str) -> None:
        """None of the secrets went over a socket or stands in a page's document, address or storage."""
        assert self._frames, "nothing was overheard"
        for told in (*map(_text, self._frames), *self._pages()):
            found = [secret for secret in secrets if secret in told]
            assert not found, f"{found} in {told[:200]}"

    def _pages(self) -> Iterator[str]:
        for page in self._context.pages:
            yield page.url
            yield page.content()
            yield page.evaluate(_KEPT)


def _text(frame: str | bytes) -> str:
    return frame if isinstance(frame, str) else frame.decode(errors="replace")
