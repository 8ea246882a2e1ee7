"""A page whose socket broke gets its own place back, at once and not after a time-out.

Reflex gives a token that still has a socket to nobody else, also when that socket is dead and has only not been
noticed: the page would come back empty (reflex issues 6345 and 6252). The front door has bound tokens to
cookies, so the newest socket may win, but only for the same document (assets/js/session.js sends its id): a
duplicated tab copies the token, and two living pages would knock each other off for ever.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs

from reflex.utils.token_manager import LocalTokenManager


class Tokens(LocalTokenManager):
    """Sockets by token, where a document takes its own place over."""

    def __init__(self, app: Any) -> None:
        super().__init__()
        self._app = app
        self._closing: set[asyncio.Task[None]] = set()

    async def link_token_to_sid(self, token: str, sid: str) -> str | None:
        """Link the token to the socket; answers another token when a different living document has this one."""
        record = self.token_to_socket.get(token)
        if record is not None and record.sid != sid and self._same_document(record.sid, sid):
            self.sid_to_token.pop(record.sid, None)
            self.token_to_socket.pop(token, None)
            task = asyncio.create_task(self._close(record.sid))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        return await super().link_token_to_sid(token, sid)

    def _same_document(self, old: str, new: str) -> bool:
        before = self._document(old)
        return before is None or (before != "" and before == self._document(new))

    def _document(self, sid: str) -> str | None:
        """The id that the document sent with its handshake; None when the socket is gone already."""
        environ = self._app.sio.get_environ(sid, self._app.event_namespace.namespace)
        if environ is None:
            return None
        return parse_qs(environ.get("QUERY_STRING", "")).get("document", [""])[0]

    async def _close(self, sid: str) -> None:
        await self._app.sio.disconnect(sid, namespace=self._app.event_namespace.namespace)


def take_over_own_sockets(app: Any) -> None:
    """Let the documents of this app take their places over."""
    app.event_namespace._token_manager = Tokens(app)
