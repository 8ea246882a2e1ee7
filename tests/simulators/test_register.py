"""The simulated population register, asked over TCP: one card for each request, right numbers, and a password."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from kaspi_web.kernel.iin import born_on, parse_iin, sex
from kaspi_web.kernel.keys import Keys
from kaspi_web.settings import ROOT
from kaspi_web.simulators.register.book import Applicant, Book, Full
from tests.register import PERSON, PHONE, RegisterProcess, running_register

KEYS = Keys(b"k" * 32)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegisterProcess]:
    with running_register(tmp_path_factory.mktemp("register"), KEYS) as running:
        yield running


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    opened = Book(tmp_path / "register.db")
    yield opened
    opened.close()


def applicant(reference: str = "r", **changes: Any) -> Applicant:
    usual = {"phone": PHONE, "given_name": "Айгүл", "family_name": "Нұрланова", "patronymic": ""}
    return Applicant(reference, **(usual | {"born_on": date(1990, 5, 1)} | changes))


class TestDoors:
    def test_a_card_is_issued_and_its_owner_found_by_the_number(self, shared: RegisterProcess):
        number = shared.issue("one", phone="+77010000001")
        found = shared.http.post("/people/find", json={"iin": number})
        assert (found.status_code, found.json()) == (200, PERSON)
        assert shared.cards("+77010000001") == [PERSON | {"iin": number}]

    def test_whoever_has_a_card_issued_is_not_told_its_number(self, shared: RegisterProcess):
        answer = shared.http.post("/people", json={"reference": "quiet", "phone": "+77010000002"} | PERSON)
        assert (answer.status_code, answer.content) == (204, b"")

    def test_the_same_request_again_issues_nothing(self, shared: RegisterProcess):
        first = shared.issue("twice", phone="+77010000003")
        assert shared.issue("twice", phone="+77010000003", given_name="Динара") == first
        assert [each["given_name"] for each in shared.cards("+77010000003")] == ["Айгүл"]

    def test_a_number_that_nobody_has_is_not_found(self, shared: RegisterProcess):
        assert shared.http.post("/people/find", json={"iin": "900101300811"}).status_code == 404
        assert shared.cards("+77019999999") == []

    @pytest.mark.parametrize("path", ["/people", "/people/find", "/people/of-phone"])
    @pytest.mark.parametrize("auth", [None, ("bank", "x"), ("other", KEYS.secret("register", "bank")), ("", "")])
    def test_without_the_password_nothing_is_said(self, shared: RegisterProcess, path: str, auth: Any):
        with httpx.Client(base_url=shared.url, trust_env=False) as stranger:
            assert stranger.post(path, json={"iin": "900101300007"}, auth=auth).status_code == 401

    @pytest.mark.parametrize("path", ["/people", "/people/find", "/people/of-phone"])
    def test_nothing_is_asked_by_an_address(self, shared: RegisterProcess, path: str):
        assert shared.http.get(path, params={"iin": "900101300007"}).status_code == 405

    @pytest.mark.parametrize(
        "changes",
        [
            {"given_name": ""},
            {"family_name": None},
            {"given_name": "x" * 61},
            {"patronymic": "a\nb"},
            {"born_on": "1990-13-01"},
            {"born_on": "1700-01-01"},
            {"phone": 7},
            {"reference": "r" * 65},
        ],
    )
    def test_an_application_that_cannot_be_read_is_refused(self, shared: RegisterProcess, changes: dict[str, Any]):
        given = {"reference": "bad", "phone": "+77010000004"} | PERSON | changes
        assert shared.http.post("/people", json=given).status_code == 400
        assert shared.cards("+77010000004") == []

    @pytest.mark.parametrize("body", [b"", b"x", b"[]", b"[" * 3000, b'{"iin": 1}', b'{"iin": ""}'])
    def test_a_question_that_cannot_be_read_is_refused(self, shared: RegisterProcess, body: bytes):
        assert shared.http.post("/people/find", content=body).status_code == 400

    def test_an_overlong_question_is_refused(self, shared: RegisterProcess):
        assert shared.http.post("/people/find", content=b"x" * 9000).status_code == 413

    @pytest.mark.parametrize(("mode", "status"), [("down", 503), ("broken", 200), ("slow", 200)])
    def test_a_fault_strikes_as_often_as_was_asked(self, shared: RegisterProcess, mode: str, status: int):
        number = shared.issue("faulty", phone="+77010000005")
        shared.fault(mode, times=1, seconds=0.01)
        spoilt = shared.http.post("/people/find", json={"iin": number})
        whole = shared.http.post("/people/find", json={"iin": number})
        assert spoilt.status_code == status
        assert (spoilt.content == whole.content) == (mode == "slow")
        assert (whole.status_code, shared.http.get("/faults").json()) == (200, [])

    @pytest.mark.parametrize("fault", [{"mode": "x"}, {"mode": "down", "times": 0}, {"mode": "slow", "seconds": -1}])
    def test_a_fault_that_cannot_be_read_is_refused(self, shared: RegisterProcess, fault: dict[str, Any]):
        assert shared.http.post("/faults", json=fault).status_code == 400

    def test_it_prints_nothing_of_anybody(self, shared: RegisterProcess):
        number = shared.issue("printed", phone="+77010000006")
        shared.http.post("/people/find", json={"iin": number})
        assert (shared.folder / "register.log").read_text() == ""


class TestNumbers:
    @pytest.mark.parametrize(
        ("changes", "which"),
        [
            ({}, "f"),
            ({"family_name": "Морозов", "given_name": "Никита"}, "m"),
            ({"patronymic": "Маратқызы", "family_name": "Ким"}, "f"),
            ({"patronymic": "Сергеевич", "given_name": "Саша"}, "m"),
            ({"family_name": "Ким", "given_name": "Тимур"}, "m"),
        ],
    )
    @pytest.mark.parametrize("born", [date(1899, 12, 31), date(1990, 5, 1), date(2004, 2, 29)])
    def test_a_number_holds_the_date_and_the_sex_and_its_check_digit_fits(
        self, book: Book, changes: dict[str, str], which: str, born: date
    ):
        book.issue(applicant(born_on=born, **changes))
        (card,) = book.of_phone(PHONE)
        assert parse_iin(card.iin) == card.iin
        assert (born_on(card.iin), sex(card.iin)) == (born, which)

    def test_people_of_one_day_have_different_numbers_all_of_them_right(self, book: Book):
        for number in range(300):
            book.issue(applicant(f"r{number}", phone=f"+7{number}"))
        issued = {parse_iin(book.of_phone(f"+7{number}")[0].iin) for number in range(300)}
        assert len(issued) == 300

    def test_impossible_beginnings_are_passed_over(self, book: Book, monkeypatch: pytest.MonkeyPatch):
        """90010130080 fits no last digit, so whoever would get that serial gets the next."""
        monkeypatch.setattr("kaspi_web.simulators.register.book.secrets.randbelow", lambda most: 80)
        book.issue(applicant(born_on=date(1990, 1, 1), family_name="Морозов"))
        assert book.of_phone(PHONE)[0].iin == "900101300811"

    def test_a_day_without_numbers_left_is_said(self, book: Book, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("kaspi_web.simulators.register.book._SERIALS", 1)
        monkeypatch.setattr("kaspi_web.simulators.register.book.secrets.randbelow", lambda most: 0)
        book.issue(applicant("one"))
        with pytest.raises(Full):
            book.issue(applicant("two"))
        assert book.of_phone(PHONE)[0].iin

    def test_of_many_at_once_with_one_reference_one_is_issued(self, book: Book):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: book.issue(applicant("same")), range(16)))
        assert len(book.of_phone(PHONE)) == 1

    def test_what_was_issued_is_there_after_a_restart(self, book: Book, tmp_path: Path):
        book.issue(applicant())
        again = Book(tmp_path / "register.db")
        assert again.of_phone(PHONE) == book.of_phone(PHONE)
        again.close()


def test_it_does_not_start_without_a_password(tmp_path: Path):
    words = [sys.executable, "-m", "kaspi_web.simulators.register", "--port", "0", "--data-dir", str(tmp_path)]
    bare = {name: value for name, value in os.environ.items() if name != "REGISTER_SECRET"}
    for env in (bare, bare | {"REGISTER_SECRET": "short"}):
        done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert "REGISTER_SECRET" in done.stderr
