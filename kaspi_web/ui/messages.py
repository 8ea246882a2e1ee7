"""What a socket says is looked at before Reflex plans any work for it.

For a name that no handler has, Reflex keeps a future for ever and logs an error, and all that before any
middleware; a message that is no event ends in an error that repeats it. Both are dropped here.
"""

from __future__ import annotations

import logging
from typing import Any

from kaspi_web.ui.limits import Buckets

log = logging.getLogger(__name__)


def drop_strange_messages(app: Any) -> None:
    """Let only events of this app's handlers, and not too many of one socket, reach its queue."""
    namespace, known = app.event_namespace, app._registration_context.event_handlers
    inner = namespace.on_event
    sockets, complaints = Buckets(a_second=60, burst=240), Buckets(a_second=1, burst=10)

    async def on_event(sid: str, data: Any) -> None:
        why = "" if sockets.take(sid) else "too many"
        why = why or ("" if _is_event(data, known) else "unknown")
        if not why:
            await inner(sid, data)
        elif complaints.take(why):
            log.info("message dropped: %s", why)

    namespace.on_event = on_event


def _is_event(data: Any, known: dict[str, Any]) -> bool:
    if not isinstance(data, dict) or not isinstance(data.get("name"), str) or data["name"] not in known:
        return False
    # Both become keyword arguments and dictionaries of the framework.
    return all(isinstance(data.get(part) or {}, dict) for part in ("payload", "router_data"))
