from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from reflex_base.event import Event

from kaspi_web.domain.sessions.service import Visitor, new_cookie
from kaspi_web.kernel.news import News
from kaspi_web.settings import Settings
from kaspi_web.ui import gate, session
from kaspi_web.ui.doors import demo, doors_of, guest
from kaspi_web.ui.gate import Gate
from tests.front_door.helpers import make_state


class Bank:
    """A bank of one sign-in, which counts the questions it is asked."""

    def __init__(self, folder: Path, *, is_demo: bool = False) -> None:
        self.settings = Settings(data_dir=folder, demo=is_demo)
        self.news, self.db = News(), self
        self.live: dict[str, Visitor] = {}
        self.asked: list[str] = []

    async def read(self, query: Any, *, cookie: str) -> Visitor | None:
        self.asked.append("visitor")
        return self.live.get(cookie)

    async def write(self, deed: Any, *, sign_in_id: int) -> None:
        self.asked.append("touch")


def closed(self: Any) -> None: ...


@guest
def open_to_all(self: Any) -> None: ...


@demo
def in_demos(self: Any) -> None: ...


@guest
@demo
def both(self: Any) -> None: ...


def _named(module: str) -> Any:
    def handler(self: Any) -> None: ...

    handler.__module__ = module
    return handler


HANDLERS = {
    **{f"a.{fn.__name__}": fn for fn in (closed, open_to_all, in_demos, both)},
    **{
        f"a.{name}": _named("reflex.state")
        for name in ("hydrate", "hydrate_and_load", "on_load_internal", "update_vars_internal")
    },
    **{
        f"a.{name}": _named("reflex.state")
        for name in ("set_is_hydrated", "handle_frontend_exception", "setvar", "brand_new")
    },
}


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(tmp_path)


def _gate(bank: Any) -> Gate:
    return Gate(session.open_counter(bank))


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {name: SimpleNamespace(handler=SimpleNamespace(fn=fn)) for name, fn in HANDLERS.items()}
    registry = SimpleNamespace(get=lambda: SimpleNamespace(event_handlers=known))
    monkeypatch.setattr(gate, "RegistrationContext", registry)


async def _send(door: Gate, name: str, state: Any) -> Any:
    return await door.preprocess(None, state, Event(name=f"a.{name}"))


def _goal(update: Any) -> str:
    (event,) = update.events
    return str(event.payload["path"])


def test_a_guest_is_sent_to_sign_in_in_the_language_of_the_page(bank: Bank):
    update = asyncio.run(_send(_gate(bank), "closed", make_state(path="/ru/home")))
    assert "/ru/login" in _goal(update)


@pytest.mark.parametrize("path", ["", "/", "//evil.example/x", "/xx/home", "/kk"])
def test_a_forged_path_leads_nowhere_else(bank: Bank, path: str):
    assert "/kk/login" in _goal(asyncio.run(_send(_gate(bank), "closed", make_state(path=path))))


def test_a_cookie_of_nobody_is_a_guest(bank: Bank):
    update = asyncio.run(_send(_gate(bank), "closed", make_state(cookie=new_cookie())))
    assert _goal(update)


def test_the_signed_in_may_call_what_is_closed(bank: Bank):
    cookie = new_cookie()
    bank.live[cookie] = Visitor(1, 7)
    assert asyncio.run(_send(_gate(bank), "closed", make_state(cookie=cookie))) is None
    assert bank.asked == ["visitor", "touch"]


def test_a_guest_may_call_what_is_marked(bank: Bank):
    assert asyncio.run(_send(_gate(bank), "open_to_all", make_state())) is None


@pytest.mark.parametrize("name", ["in_demos", "both"])
def test_demo_handlers_answer_in_demos_only(tmp_path: Path, name: str):
    off = Bank(tmp_path)
    cookie = new_cookie()
    off.live[cookie] = Visitor(1, 7)
    for state in (make_state(), make_state(cookie=cookie)):
        update = asyncio.run(_send(_gate(off), name, state))
        assert update is not None
        assert not update.events
    assert asyncio.run(_send(_gate(Bank(tmp_path, is_demo=True)), name, make_state())) is None


@pytest.mark.parametrize(
    "name", ["hydrate", "hydrate_and_load", "on_load_internal", "update_vars_internal", "set_is_hydrated"]
)
def test_loading_a_page_needs_nobody(bank: Bank, name: str):
    assert asyncio.run(_send(_gate(bank), name, make_state())) is None


@pytest.mark.parametrize("name", ["setvar", "brand_new"])
def test_other_doors_of_the_framework_are_closed_to_everybody(bank: Bank, name: str):
    cookie = new_cookie()
    bank.live[cookie] = Visitor(1, 7)
    assert asyncio.run(_send(_gate(bank), name, make_state(cookie=cookie))) is not None


def test_reports_of_pages_are_few(bank: Bank):
    door = _gate(bank)
    passed = [asyncio.run(_send(door, "handle_frontend_exception", make_state())) is None for _ in range(8)]
    assert passed == [True] * 5 + [False] * 3


def test_one_browser_cannot_flood_and_others_are_not_held_up(bank: Bank):
    door = _gate(bank)

    async def flood() -> int:
        return sum([await _send(door, "open_to_all", make_state(cookie="x" * 43)) is None for _ in range(300)])

    assert 120 <= asyncio.run(flood()) < 150
    assert asyncio.run(_send(door, "open_to_all", make_state(cookie="y" * 43))) is None


def test_an_answer_is_remembered_and_forgotten_when_the_sign_in_ends(bank: Bank):
    cookie, door = new_cookie(), _gate(bank)
    bank.live[cookie] = Visitor(1, 7)
    state = make_state(cookie=cookie, root=Root())

    async def story() -> Any:
        await _send(door, "closed", state)
        await _send(door, "closed", state)
        assert bank.asked.count("visitor") == 1
        bank.live.clear()
        bank.news.tell(["sign_in:7"])
        await asyncio.sleep(0)
        return await _send(door, "closed", state)

    assert "/ru/login" in _goal(asyncio.run(story()))
    assert state._get_root_state().wiped == 1


def test_what_a_page_showed_is_wiped_before_it_loads_for_somebody_else(bank: Bank):
    cookie, door, root = new_cookie(), _gate(bank), Root()
    bank.live[cookie] = Visitor(1, 7)

    async def story() -> None:
        await _send(door, "closed", make_state(cookie=cookie, root=root))
        await _send(door, "hydrate_and_load", make_state(cookie=cookie, root=root))
        assert root.wiped == 0
        await _send(door, "hydrate_and_load", make_state(root=root))

    asyncio.run(story())
    assert root.wiped == 1


def test_what_a_guest_typed_is_not_wiped(bank: Bank):
    root = Root()
    asyncio.run(_send(_gate(bank), "closed", make_state(root=root)))
    assert root.wiped == 0


def test_marks_add_up():
    assert doors_of(both) == {"guest", "demo"}
    assert doors_of(closed) == frozenset()


class Root:
    """The root State, as far as wiping goes."""

    wiped, is_hydrated = 0, False

    def reset(self) -> None:
        self.wiped += 1

    async def _get_resolved_delta(self) -> dict[str, Any]:
        return {"root": {}}

    def _clean(self) -> None: ...
