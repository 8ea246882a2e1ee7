"""Several callers at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def at_once(*deeds: Callable[[], Any], times: int = 1) -> list[Any]:
    """Start every deed (`times` times) at the same moment; answers or exceptions, in the order given."""
    every = deeds * times
    start = threading.Barrier(len(every))

    def one(deed: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            return deed()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(every)) as pool:
        return list(pool.map(one, every))


def refusals(answers: list[Any]) -> list[Exception]:
    """The exceptions among the answers."""
    return [answer for answer in answers if isinstance(answer, Exception)]


def answers_of(answers: list[Any]) -> list[Any]:
    """The answers that are no exceptions."""
    return [answer for answer in answers if not isinstance(answer, Exception)]
