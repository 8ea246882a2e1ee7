"""One server and one browser for all journeys; a number, a browser context and a watch on its console for each."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.givens import phone_of, wallet_of
from tests.journeys.people import PATIENCE_MS, PHONE, Person
from tests.journeys.server import Server

_HERE = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_SUFFIXES = itertools.count(1)

NewPerson = Callable[..., Person]
NewServer = Callable[[], Server]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)


def chromium_path() -> str | None:
    """Where the browser lies; None lets Playwright look for its own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, names)), None)


# Not for the whole session: while Playwright runs, no test of another folder could run an event loop.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("kaspi"))
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def server(running_server: Server) -> Server:
    """The server that most stories share, with a biller whom nobody has paid yet."""
    running_server.first_day()
    return running_server


@pytest.fixture
def new_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewServer]:
    """Servers of the test's own, not started yet, each in a fresh folder."""
    made: list[Server] = []

    def new() -> Server:
        made.append(Server(tmp_path_factory.mktemp("kaspi")))
        return made[-1]

    yield new
    for each in made:
        each.close()


@pytest.fixture
def new_person(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[NewPerson]:
    """People with a number and a browser of their own; with `tenge` they have a wallet and are signed in.

    When the story is over, nobody's browser may have complained.
    """
    made: list[Person] = []

    def new(
        *,
        at: Server | None = None,
        locale: str = "en",
        size: tuple[int, int] = PHONE,
        tenge: int | None = None,
        host: str = "localhost",
        **browser: Any,
    ) -> Person:
        where = at or request.getfixturevalue("server")
        phone = f"700000{next(_SUFFIXES):04d}"
        person = Person(where, chromium, phone=phone, locale=locale, size=size, **browser)
        person.origin = f"http://{host}:{where.port}"
        if tenge is not None:
            cookies = {
                "sid": wallet_of(where.folder, phone, tenge=tenge, language=locale),
                "phone": phone_of(where.folder, phone),
            }
            person.context.add_cookies(
                [{"name": name, "value": value, "url": person.origin} for name, value in cookies.items()]
            )
        made.append(person)
        return person

    yield new
    complaints = [line for person in made for line in person.console.complaints]
    for person in made:
        person.leaves()
    assert not complaints
