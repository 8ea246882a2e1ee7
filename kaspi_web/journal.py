"""The log: one line a fact, on standard error, without what people typed or who they are.

Reflex prints whole events when one cannot be processed: their headers hold the cookie, their payload
what was typed, and the texts of exceptions repeat both. None of it may reach a file.
"""

from __future__ import annotations

import logging
import re
import traceback

_MAY_HOLD_SECRETS = ("reflex", "engineio", "socketio", "_granian")
_EVENT_NAME = re.compile(r"Event\(name='([\w.]{1,200})'", re.ASCII)
_VALUES = re.compile(r"(Event\(|Event data:|with value|event data:|: Event data must|token[ =:]).*", re.DOTALL)
_TOKEN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_MOST = 500


def open_journal(level: str) -> None:
    """Send the log to standard error from now on, redacted."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Redactor())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # The server has a handler of its own, so its records never come to the one above.
    _redact(logging.getLogger("_granian"))
    # An HTTP client's line holds the address asked for, and with it somebody's account number.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _redact(logger: logging.Logger) -> None:
    if not any(isinstance(each, Redactor) for each in logger.filters):
        logger.addFilter(Redactor())


class Redactor(logging.Filter):
    """Takes values out of the framework's records, and the texts of exceptions out of everybody's."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; every record passes."""
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = bare_trace(record.exc_info[1])
            record.exc_info = None
        if record.name.startswith(_MAY_HOLD_SECRETS):
            record.msg, record.args = redacted(record.getMessage()), None
        return True


def redacted(text: str) -> str:
    """The fact of a framework's message on one line, without the values it repeats."""
    found = _EVENT_NAME.search(text)
    bare = _VALUES.sub(f"[event {found[1]}]" if found else "[values]", text)
    return _TOKEN.sub("[token]", one_line(bare))


def one_line(text: str) -> str:
    """Somebody else's text made harmless for a log: short, and on one line."""
    return "".join(c if c.isprintable() else " " for c in text[:_MOST])


def bare_trace(error: BaseException) -> str:
    """Where an error happened and of which kinds it was; never its text, which may repeat what was typed."""
    chain: list[str] = []
    current: BaseException | None = error
    while current is not None and len(chain) < 5:
        frames = "".join(traceback.format_tb(current.__traceback__))
        kind = type(current)
        chain.append(f"{frames}{kind.__module__}.{kind.__qualname__}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\ncaused by\n".join(chain)
