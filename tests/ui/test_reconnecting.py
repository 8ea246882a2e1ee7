"""A broken socket, a duplicated tab and two frames, through Reflex's own namespace and the real States."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kaspi_web.kernel.bank import Bank
from kaspi_web.ui.history.state import HistoryState
from tests.make.customers import customer
from tests.ui.harness import Site, play, signed_in


def _wire(site: Site, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the namespace find the harness' sockets; gives those that the server closed."""
    closed: list[str] = []

    async def disconnect(sid: str, namespace: str) -> None:
        closed.append(sid)
        site.sockets.pop(sid, None)

    monkeypatch.setattr(site.app.sio, "get_environ", lambda sid, namespace: site.sockets.get(sid))
    monkeypatch.setattr(site.app.sio, "disconnect", disconnect)
    return closed


def _tokens(site: Site) -> dict[str, str]:
    return dict(site.app.event_namespace._token_manager.sid_to_token)


def test_a_page_that_comes_back_at_once_has_its_place_and_the_old_socket_hears_nothing(
    app: Any, bank: Bank, monkeypatch: pytest.MonkeyPatch
):
    header = signed_in(bank, customer(bank))

    async def story(site: Site) -> None:
        closed = _wire(site, monkeypatch)
        first = await site.open("/en/my-payments/history", cookie=header, document="d1")
        again = await site.open(first.path, cookie=header, token=first.token, document="d1")
        assert again.token == first.token
        assert closed == [first.sid]
        assert _tokens(site)[again.sid] == first.token
        assert first.sid not in _tokens(site)
        sent, sent_to_old = len(again.wire), len(first.wire)
        await again.call(HistoryState.load)
        await first.call(HistoryState.load)
        assert len(again.wire) >= sent
        assert len(first.wire) == sent_to_old
        # The old socket's end, noticed late, must not take the place from the new one.
        ended = site.app.event_namespace.on_disconnect(first.sid)
        if ended is not None:
            await ended
        assert _tokens(site)[again.sid] == first.token

    play(app, bank, story)


@pytest.mark.parametrize("copies", [1, 2])
def test_a_duplicated_tab_or_frames_with_a_copied_token_live_side_by_side(
    app: Any, bank: Bank, monkeypatch: pytest.MonkeyPatch, copies: int
):
    header = signed_in(bank, customer(bank))

    async def story(site: Site) -> None:
        closed = _wire(site, monkeypatch)
        first = await site.open("/en/home", cookie=header, document="d0")
        copied = first.token
        others = [
            await site.open("/en/home", cookie=header, token=copied, document=f"d{number + 1}")
            for number in range(copies)
        ]
        assert len({first.token, *(each.token for each in others)}) == copies + 1
        assert closed == []
        assert first.token == copied
        for page in (first, *others):
            before = len(page.wire)
            silent = [each for each in (first, *others) if each is not page]
            sent = [len(each.wire) for each in silent]
            await page.go("/en/my-payments/history")
            assert len(page.wire) > before
            assert [len(each.wire) for each in silent] == sent
        # The copy comes back with the token that it was given, and keeps it.
        again = await site.open(others[0].path, cookie=header, token=others[0].token, document="d1")
        assert again.token == others[0].token
        assert closed == [others[0].sid]
        await asyncio.sleep(0)

    play(app, bank, story)
