from __future__ import annotations

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from kaspi_web.ui.messages import drop_strange_messages


class Namespace:
    """Keeps what reaches Reflex."""

    def __init__(self) -> None:
        self.came: list[tuple[str, Any]] = []

    async def on_event(self, sid: str, data: Any) -> None:
        self.came.append((sid, data))


@pytest.fixture
def namespace() -> Namespace:
    made = Namespace()
    context = SimpleNamespace(event_handlers={"a.pay": None})
    drop_strange_messages(SimpleNamespace(event_namespace=made, _registration_context=context))
    return made


def _send(namespace: Namespace, *messages: Any, sid: str = "s") -> None:
    async def story() -> None:
        for message in messages:
            await namespace.on_event(sid, message)

    asyncio.run(story())


def test_events_of_handlers_pass(namespace: Namespace):
    event = {"name": "a.pay", "payload": {"x": 1}, "router_data": {}}
    _send(namespace, event)
    assert namespace.came == [("s", event)]


@pytest.mark.parametrize(
    "message",
    [
        {"name": "a.steal"},
        {"name": ""},
        {"name": ["a.pay"]},
        {"name": None},
        {},
        [],
        "a.pay",
        '{"name": "a.pay"}',
        None,
        7,
        {"name": "a.pay", "payload": [1]},
        {"name": "a.pay", "payload": "x"},
        {"name": "a.pay", "router_data": 5},
    ],
)
def test_what_is_no_event_of_ours_never_reaches_the_queue(
    namespace: Namespace, message: Any, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.INFO):
        _send(namespace, message)
    assert namespace.came == []
    assert caplog.messages == ["message dropped: unknown"]


def test_a_flood_fills_neither_the_queue_nor_the_log(namespace: Namespace, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        _send(namespace, *[{"name": "a.pay"}] * 1000)
        _send(namespace, {"name": "a.pay"}, sid="another")
    assert 240 <= len(namespace.came) < 320
    assert namespace.came[-1][0] == "another"
    assert len(caplog.messages) <= 12
