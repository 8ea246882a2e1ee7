"""The simulated phone's own file: a message once, a number to one browser, whoever asks at the same time."""

from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kaspi_web.simulators.phone import PhoneStore

MINE, YOURS = "+77010000101", "+77010000102"


@pytest.fixture
def store(tmp_path: Path) -> PhoneStore:
    return PhoneStore(tmp_path / "folder" / "phone.db")


def texts(store: PhoneStore, browser: str) -> list[str]:
    return [each.text for each in store.inbox(browser)]


def test_the_same_message_twice_is_one(store: PhoneStore):
    store.bind(MINE, "me")
    assert [store.receive(1, MINE, "Код: 123456"), store.receive(1, MINE, "another text")] == [True, False]
    assert texts(store, "me") == ["Код: 123456"]


def test_the_same_message_from_many_at_once_is_one(store: PhoneStore):
    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(lambda _: store.receive(7, MINE, "once"), range(16)))
    store.bind(MINE, "me")
    assert (new.count(True), texts(store, "me")) == (1, ["once"])


def test_senders_number_their_messages_apart(store: PhoneStore):
    store.bind(MINE, "me")
    new = [store.receive("1", MINE, sender, sender=sender) for sender in ("", "processor", "register", "processor")]
    assert new == [True, True, True, False]
    assert [(each.sender, each.text) for each in store.inbox("me")] == [
        ("register", "register"),
        ("processor", "processor"),
        ("", ""),
    ]


def test_messages_stand_in_the_order_of_their_coming_whatever_their_ids(store: PhoneStore):
    store.bind(MINE, "me")
    for message_id, sender in (("900", ""), ("zz", "processor"), ("1", "")):
        store.receive(message_id, MINE, message_id, sender=sender)
    assert texts(store, "me") == ["1", "zz", "900"]


def test_a_file_of_the_first_release_keeps_its_messages(store: PhoneStore, tmp_path: Path):
    (tmp_path / "folder").mkdir()
    with contextlib.closing(sqlite3.connect(tmp_path / "folder" / "phone.db", isolation_level=None)) as db:
        db.execute(
            "CREATE TABLE message (message_id INTEGER PRIMARY KEY, phone TEXT, text TEXT, received_at TEXT) STRICT"
        )
        at = datetime.now(UTC).isoformat()
        db.executemany("INSERT INTO message VALUES (?, ?, ?, ?)", [(9, MINE, "nine", at), (4, MINE, "four", at)])
    store.bind(MINE, "me")
    assert [store.receive(9, MINE, "again"), store.receive(10, MINE, "ten")] == [False, True]
    assert texts(store, "me") == ["ten", "nine", "four"]


def test_a_file_of_the_first_release_opened_by_many_at_once_keeps_each_message_once(store: PhoneStore, tmp_path: Path):
    (tmp_path / "folder").mkdir()
    with contextlib.closing(sqlite3.connect(tmp_path / "folder" / "phone.db", isolation_level=None)) as db:
        db.execute(
            "CREATE TABLE message (message_id INTEGER PRIMARY KEY, phone TEXT, text TEXT, received_at TEXT) STRICT"
        )
        db.execute("INSERT INTO message VALUES (1, ?, 'one', ?)", (MINE, datetime.now(UTC).isoformat()))
    store_of = [PhoneStore(tmp_path / "folder" / "phone.db") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: each.bind(MINE, "me"), store_of))
    assert texts(store, "me") == ["one"]


def test_the_file_itself_refuses_a_second_row(store: PhoneStore, tmp_path: Path):
    store.receive(1, MINE, "t")
    with contextlib.closing(sqlite3.connect(tmp_path / "folder" / "phone.db")) as db:
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("INSERT INTO arrival VALUES (NULL, '', '1', ?, 't', 'now')", (YOURS,))
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_number_is_of_the_browser_that_asked_first(store: PhoneStore):
    assert [store.bind(MINE, "me"), store.bind(MINE, "you"), store.bind(MINE, "me")] == [True, False, False]
    assert (store.numbers("me"), store.numbers("you")) == ([MINE], [])


def test_of_many_browsers_at_once_one_gets_the_number(store: PhoneStore):
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda number: store.bind(MINE, f"browser {number}"), range(16)))
    assert got.count(True) == 1
    assert store.numbers(f"browser {got.index(True)}") == [MINE]


def test_a_browser_sees_its_own_numbers_newest_first(store: PhoneStore):
    for number, phone in enumerate((MINE, YOURS, MINE), start=1):
        store.receive(number, phone, str(number))
    store.bind(MINE, "me")
    store.bind("+77010000103", "me")
    assert store.numbers("me") == [MINE, "+77010000103"]
    assert texts(store, "me") == ["3", "1"]
    assert [each.id for each in store.inbox("me", most=1)] == [3]
    assert store.inbox("you") == store.inbox("") == []


def test_what_came_before_a_restart_is_still_there(store: PhoneStore, tmp_path: Path):
    store.bind(MINE, "me")
    store.receive(1, MINE, "t")
    (again,) = PhoneStore(tmp_path / "folder" / "phone.db").inbox("me")
    assert (again.phone, again.text) == (MINE, "t")
    assert abs((datetime.now(UTC) - again.received_at).total_seconds()) < 60
