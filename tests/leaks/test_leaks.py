"""A card's number and security code and an IIN go by plain forms, and are afterwards nowhere to be found.

The real server, the real processor and register, the real websocket; the log at its most talkative.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.ui.cards.link import LinkCodeState as K
from kaspi_web.ui.cards.state import CardsState as S
from kaspi_web.ui.identity.state import IdentityState
from tests.api.browsers import PASSWORD, with_password
from tests.kill.house import House
from tests.leaks.looking import Secret, in_folder, in_text
from tests.processor import CVC, LINK_REFUSED, MASTERCARD, OK, running_processor
from tests.register import RegisterProcess
from tests.wire import Gone, Page
from tests.workers.waiting import until

THEIRS = ("register.db",)
"""The population register's own book: the outside, which has every IIN."""
EXPIRY = f"12/{(date.today().year + 2) % 100}"


class TalkativeHouse(House):
    """A server that says everything it has to say, beside a processor that texts by its door."""

    outside: dict[str, str]

    def _env(self, faults: str) -> dict[str, str]:
        return super()._env(faults) | {"LOG_LEVEL": "DEBUG"} | self.outside

    async def listened(self, path: str, cookie: str) -> Listener:
        """A page whose frames are kept, as soon as the server answers."""
        async with asyncio.timeout(120):
            while True:
                with suppress(Gone):
                    return await Listener.open(self.url, path, cookie=cookie)
                await asyncio.sleep(0.1)

    def everything_said(self) -> str:
        """All that it has printed."""
        return (self.settings.data_dir / "server.log").read_text(errors="replace")


class Listener(Page):
    """A page that keeps every frame, as it came and as it went."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.frames: list[str] = []

    def _frame(self, text: str) -> None:
        self.frames.append(text)
        super()._frame(text)

    def _put(self, text: str) -> None:
        self.frames.append(text)
        super()._put(text)


@pytest.fixture
def house(sqlite_database: str, tmp_path: Path, register: RegisterProcess) -> Iterator[TalkativeHouse]:
    house = TalkativeHouse(tmp_path, sqlite_database, biller_url="http://127.0.0.1:9")
    with house.bank() as bank:
        keys = bank.keys
    with running_processor(tmp_path / "processor", bank_url=house.url, keys=keys) as processor:
        house.outside = {"PROCESSOR_URL": processor.url, "REGISTER_URL": register.url}
        house.start()
        yield house
        house.kill()


def post(house: House, cookie: str, path: str, **fields: str) -> str:
    """Send a form as a browser does; answers where it leads."""
    headers = {"Cookie": cookie, "Origin": house.url}
    answer = httpx.post(f"{house.url}{path}", data={"locale": "ru"} | fields, headers=headers, trust_env=False)
    assert answer.status_code == 303, answer.status_code
    return answer.headers["location"]


def texts(house: House) -> list[str]:
    """What stands on the simulated phone."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(house.settings.data_dir / "phone.db")) as db:
        return [text for (text,) in db.execute("SELECT text FROM arrival ORDER BY rowid")]
    return []


def codes(house: House) -> list[str]:
    return re.findall(r"\b\d{6}\b", "\n".join(texts(house)))


def test_what_was_typed_into_a_form_is_nowhere_afterwards(house: TalkativeHouse, register: RegisterProcess) -> None:
    iin = register.issue()
    with house.bank() as bank:
        me = with_password(bank)
        cookie = f"sid={bank.db.write_now(sessions.start, customer_id=me, replacing='', device='')}"
        own = bank.db.write_now(cards.open_own, customer_id=me)
        shown = bank.db.read_now(cards.requisites, customer_id=me, public_id=own.public_id)
    typed = [Secret("number", OK), Secret("refused number", LINK_REFUSED), Secret("somebody's number", MASTERCARD)]
    secrets = [*typed, Secret("own number", shown.number), Secret("security code", CVC), Secret("IIN", iin)]
    secrets.append(Secret("password", PASSWORD))

    async def story() -> list[str]:
        page = await house.listened("/ru/cards", cookie)
        await page.call(S.open_card)
        where = await asyncio.to_thread(post, house, cookie, "/cards/link", number=OK, expiry=EXPIRY, cvc=CVC)
        assert where.startswith("/ru/cards/link/")
        await until(lambda: codes(house), seconds=20)
        await page.go(where)
        await page.call(K.submit, {"code": "000000"})
        await page.call(K.submit, {"code": codes(house)[-1]})
        await page.until(lambda: page.went_to == ["/ru/cards"])
        # What is refused is typed as well: a number with a slip, a wrong code, a card that its bank refuses.
        for fields in (
            {"number": OK[:-1] + "1", "expiry": EXPIRY, "cvc": CVC},
            {"number": OK, "expiry": "01/20", "cvc": CVC},
            {"number": LINK_REFUSED, "expiry": EXPIRY, "cvc": CVC},
        ):
            refused = await asyncio.to_thread(post, house, cookie, "/cards/link", **fields)
            assert refused == "/ru/cards/link"
            await page.go("/ru/cards/link")
        await asyncio.to_thread(post, house, cookie, "/cards/recipient", number=MASTERCARD)
        await asyncio.to_thread(post, house, cookie, "/cards/recipient", number=shown.number)
        path = f"{house.url}/cards/{own.public_id}/requisites?l=ru"
        headers, given = {"Cookie": cookie, "Origin": house.url}, {"password": PASSWORD}
        answer = await asyncio.to_thread(httpx.post, path, data=given, headers=headers, trust_env=False)
        assert shown.number in answer.text.replace(" ", "")
        assert await asyncio.to_thread(post, house, cookie, "/identity/iin", iin=iin) == "/ru/identity"
        await page.go("/ru/identity")
        assert page.shows(IdentityState).masked
        await page.go("/ru/cards")
        assert len(page.shows(S).linked) == 1
        page.close()
        return page.frames

    frames = asyncio.run(story())
    assert len(frames) > 10
    while_it_runs = in_folder(house.settings.data_dir, secrets, but=THEIRS)
    house.stop()
    said = house.everything_said()
    assert "DEBUG" in said
    found = [
        *while_it_runs,
        *in_folder(house.settings.data_dir, secrets, but=THEIRS),
        *in_text("the log", said, secrets),
    ]
    assert not [*found, *in_text("frames", "\n".join(frames), secrets)]


class TestLooking:
    """The looking itself finds what is there."""

    @pytest.mark.parametrize(
        "written", [OK, "4242 4242 4242 4242", "4242-4242-4242-4242", "number=4242+4242+4242+4242", f"x{OK}y"]
    )
    def test_a_number_is_found_however_it_is_written(self, written: str) -> None:
        assert list(in_text("here", written, [Secret("number", OK)])) == ["number in here"]

    @pytest.mark.parametrize("written", ['{"cvc": "123"}', "cvc=123&x", "('123',)", "123", "code 123 was"])
    def test_a_security_code_is_found_where_it_stands_by_itself(self, written: str) -> None:
        assert list(in_text("here", written, [Secret("code", "123")])) == ["code in here"]

    @pytest.mark.parametrize("written", ["12:30:45.123 INFO", "id-123-4", "51234", "1,123.00", "4242"])
    def test_other_figures_are_not_taken_for_one(self, written: str) -> None:
        assert not list(in_text("here", written, [Secret("code", "123"), Secret("number", OK)]))

    def test_a_database_is_read_value_by_value_and_byte_by_byte(self, tmp_path: Path) -> None:
        secrets = [Secret("number", OK), Secret("code", "123")]
        with closing(sqlite3.connect(tmp_path / "some.db", isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("CREATE TABLE t (a TEXT)")
            db.execute("INSERT INTO t VALUES (?), (?)", (OK, "123"))
            found = in_folder(tmp_path, secrets)
            assert "code in some.db, table t" in found
            assert any("some.db-wal" in each for each in found)
            db.execute("DELETE FROM t")
            assert in_folder(tmp_path, secrets), "a deleted row leaves its bytes"
