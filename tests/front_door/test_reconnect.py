from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from kaspi_web.ui.reconnect import Tokens


class Sockets:
    """The sockets that are open, by id, with the document that each belongs to."""

    def __init__(self, **documents: str) -> None:
        self.documents, self.closed = documents, []
        self.sio, self.event_namespace = self, SimpleNamespace(namespace="/_event")

    def get_environ(self, sid: str, namespace: str) -> dict[str, str] | None:
        return {"QUERY_STRING": f"token=t&document={self.documents[sid]}"} if sid in self.documents else None

    async def disconnect(self, sid: str, namespace: str) -> None:
        self.closed.append(sid)


def _link(sockets: Sockets, *sids: str) -> list[str | None]:
    async def story() -> list[Any]:
        tokens = Tokens(sockets)
        answers = [await tokens.link_token_to_sid("t", sid) for sid in sids]
        await asyncio.sleep(0)
        return answers

    return asyncio.run(story())


def test_a_document_takes_its_own_place_back_and_the_dead_socket_is_closed():
    sockets = Sockets(old="d1", new="d1")
    assert _link(sockets, "old", "new") == [None, None]
    assert sockets.closed == ["old"]


def test_a_duplicated_tab_gets_a_place_of_its_own():
    sockets = Sockets(first="d1", copy="d2")
    answers = _link(sockets, "first", "copy")
    assert answers[0] is None
    assert answers[1] not in (None, "t")
    assert sockets.closed == []


def test_documents_without_an_id_are_never_the_same():
    assert _link(Sockets(first="", second=""), "first", "second")[1] is not None


def test_the_place_of_a_socket_that_is_gone_is_free():
    assert _link(Sockets(new="d2"), "gone", "new") == [None, None]
