"""The simulated card processor, asked over TCP as any bank would."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from kaspi_web.kernel.card_numbers import parse_number
from kaspi_web.settings import ROOT
from kaspi_web.simulators.processor.cards import CARDS
from tests.processor import (
    CHARGE_REFUSED,
    CVC,
    EXPIRY,
    KEYS,
    LINK_REFUSED,
    MASTERCARD,
    OK,
    POOR,
    SILENT_ONCE,
    UNKNOWN,
    ProcessorProcess,
    running_processor,
)

PHONE, NEVER_TEXTED = "+77010000101", "+77010000199"
DEEDS = (
    "/links",
    "/challenges/k/code",
    "/challenges/k/text",
    "/charges",
    "/charges/k/capture",
    "/charges/k/void",
    "/charges/k/refunds",
    "/recipients",
    "/payouts",
)


def post(processor: ProcessorProcess, path: str, **given: Any) -> dict[str, Any]:
    """The answer to one deed."""
    return processor.http.post(path, json=given).raise_for_status().json()


def show(processor: ProcessorProcess, number: str = OK, **more: str) -> dict[str, Any]:
    """Show a card."""
    usual = {"key": f"l{number[-4:]}", "number": number, "expiry": EXPIRY, "cvc": CVC, "phone": PHONE, "language": "ru"}
    return post(processor, "/links", **(usual | more))


def linked(processor: ProcessorProcess, number: str = OK) -> str:
    """A card whose code was typed; answers its token."""
    before = processor.texts(PHONE)
    token = show(processor, number)["token"]
    assert type_code(processor, f"l{number[-4:]}", processor.code(PHONE, after=before))["state"] == "authorised"
    return token


def type_code(processor: ProcessorProcess, key: str, code: str) -> dict[str, Any]:
    return post(processor, f"/challenges/{key}/code", code=code)


def charge(processor: ProcessorProcess, token: str, key: str = "c1", amount: str = "200.00", **more: Any) -> Any:
    about = {"phone": PHONE, "language": "ru", "payee": "Свет"} | more
    return post(processor, "/charges", key=key, token=token, amount=amount, **about)


def authorised(processor: ProcessorProcess, token: str, key: str = "c1", amount: str = "200.00") -> None:
    before = processor.texts(PHONE)
    assert charge(processor, token, key, amount)["state"] == "challenge"
    assert type_code(processor, key, processor.code(PHONE, after=before))["state"] == "authorised"


class TestLinking:
    def test_a_card_is_a_token_once_its_code_was_typed(self, processor: ProcessorProcess) -> None:
        said = show(processor)
        assert (said["state"], said["brand"], said["last4"]) == ("challenge", "visa", "4242")
        assert "Привязка" in processor.text(PHONE)
        assert charge(processor, said["token"])["reason"] == "unknown_card", "not before"
        assert type_code(processor, "l4242", processor.code(PHONE))["state"] == "authorised"
        assert charge(processor, said["token"], key="c2")["state"] == "challenge"

    def test_one_number_has_one_token_and_nothing_of_it_is_in_the_token(self, processor: ProcessorProcess) -> None:
        one, two = show(processor, key="a"), show(processor, key="b")
        assert one["token"] == two["token"] != show(processor, MASTERCARD)["token"]
        assert OK not in one["token"]

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"cvc": "124"}, "wrong_cvc"),
            ({"expiry": "01/20"}, "expired"),
            ({"number": UNKNOWN}, "unknown_card"),
            ({"number": LINK_REFUSED}, "declined"),
        ],
    )
    def test_what_is_wrong_with_a_card_is_said_and_nothing_is_texted(
        self, processor: ProcessorProcess, change: dict[str, str], reason: str
    ) -> None:
        said = show(processor, phone=NEVER_TEXTED, **change)
        assert (said["state"], said["reason"]) == ("declined", reason)
        assert "token" not in said
        time.sleep(0.3)
        assert processor.texts(NEVER_TEXTED) == 0

    def test_a_third_wrong_code_is_the_last(self, processor: ProcessorProcess) -> None:
        show(processor)
        right = processor.code(PHONE)
        wrong = "000000" if right != "000000" else "111111"
        said = [type_code(processor, "l4242", wrong) for _ in range(3)]
        assert [each["state"] for each in said] == ["wrong_code", "wrong_code", "declined"]
        assert [each["tries_left"] for each in said] == [2, 1, 0]
        assert type_code(processor, "l4242", right)["state"] == "declined"

    def test_the_code_is_texted_again_three_times_at_most(self, processor: ProcessorProcess) -> None:
        show(processor)
        first = processor.text(PHONE)
        assert [post(processor, "/challenges/l4242/text")["texted"] for _ in range(3)] == [True, True, False]
        assert processor.text(PHONE, after=2) == first
        assert post(processor, "/challenges/none/text")["texted"] is False

    def test_a_code_for_nothing_is_refused(self, processor: ProcessorProcess) -> None:
        assert type_code(processor, "none", "123456")["reason"] == "challenge_over"


class TestCharges:
    def test_a_charge_is_proved_captured_and_taken_off_the_card(self, processor: ProcessorProcess) -> None:
        token = linked(processor)
        authorised(processor, token)
        assert "Свет" in processor.text(PHONE)
        assert "200,00" in processor.text(PHONE)
        assert [post(processor, "/charges/c1/capture")["state"] for _ in range(2)] == ["captured", "captured"]
        assert processor.balance("4242") == "499800.00"

    def test_the_same_key_again_has_the_same_answer_and_texts_nothing(self, processor: ProcessorProcess) -> None:
        token = linked(processor)
        assert charge(processor, token) == charge(processor, token)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: charge(processor, token, key="many")["state"], range(8)))
        assert set(answers) == {"challenge"}
        processor.text(PHONE, after=2)
        assert processor.texts(PHONE) == 3
        assert processor.balance("4242") == "499600.00"

    def test_a_key_that_was_used_for_something_else_is_refused(self, processor: ProcessorProcess) -> None:
        token = linked(processor)
        charge(processor, token)
        with pytest.raises(httpx.HTTPStatusError, match="409"):
            charge(processor, token, amount="300.00")

    def test_more_than_there_is_cannot_be_charged(self, processor: ProcessorProcess) -> None:
        token = linked(processor, POOR)
        assert charge(processor, token, amount="100.01")["reason"] == "lacks_money"
        assert charge(processor, token, key="c2", amount="60.00")["state"] == "challenge"
        assert charge(processor, token, key="c3", amount="60.00")["reason"] == "lacks_money"

    def test_the_refusing_card_refuses_charges(self, processor: ProcessorProcess) -> None:
        assert charge(processor, linked(processor, CHARGE_REFUSED))["state"] == "declined"

    def test_the_silent_card_has_done_it_and_answers_the_second_time(self, processor: ProcessorProcess) -> None:
        token = linked(processor, SILENT_ONCE)
        about = {"key": "c1", "token": token, "amount": "1.00", "phone": PHONE, "language": "ru", "payee": ""}
        with pytest.raises(httpx.ReadTimeout):
            processor.http.post("/charges", json=about, timeout=0.5)
        assert charge(processor, token, amount="1.00", payee="")["state"] == "challenge"

    def test_a_voided_charge_gives_the_money_free_and_stays_voided(self, processor: ProcessorProcess) -> None:
        authorised(processor, linked(processor))
        assert [post(processor, "/charges/c1/void")["state"] for _ in range(2)] == ["voided", "voided"]
        assert post(processor, "/charges/c1/capture")["state"] == "voided"
        assert processor.balance("4242") == "500000.00"

    def test_a_void_that_overtakes_its_charge_holds(self, processor: ProcessorProcess) -> None:
        token = linked(processor)
        assert post(processor, "/charges/early/void")["state"] == "voided"
        assert charge(processor, token, key="early")["state"] == "voided"
        assert processor.balance("4242") == "500000.00"

    def test_a_captured_charge_is_not_voided(self, processor: ProcessorProcess) -> None:
        authorised(processor, linked(processor))
        post(processor, "/charges/c1/capture")
        assert post(processor, "/charges/c1/void")["state"] == "captured"

    def test_what_was_not_proved_is_not_captured(self, processor: ProcessorProcess) -> None:
        charge(processor, linked(processor))
        assert post(processor, "/charges/c1/capture")["state"] == "challenge"
        assert processor.http.get("/charges/c1").json()["state"] == "challenge"
        assert processor.http.get("/charges/none").json()["state"] == "none"


class TestMoneyBackAndOut:
    def test_parts_come_back_until_the_whole_is(self, processor: ProcessorProcess) -> None:
        authorised(processor, linked(processor))
        post(processor, "/charges/c1/capture")
        given = [post(processor, "/charges/c1/refunds", key=key, amount="150.00") for key in ("r1", "r1", "r2")]
        assert [each["state"] for each in given] == ["done", "done", "declined"]
        assert processor.balance("4242") == "499950.00"

    def test_a_payout_is_paid_once_for_a_key(self, processor: ProcessorProcess) -> None:
        token = post(processor, "/recipients", number=MASTERCARD)["token"]
        assert [post(processor, "/payouts", key="p", token=token, amount="10.00")["state"] for _ in range(2)] == [
            "done",
            "done",
        ]
        assert processor.balance("4444") == "300010.00"
        with pytest.raises(httpx.HTTPStatusError, match="409"):
            post(processor, "/payouts", key="p", token=token, amount="11.00")

    def test_the_refusing_card_takes_no_money_either(self, processor: ProcessorProcess) -> None:
        token = post(processor, "/recipients", number=CHARGE_REFUSED)["token"]
        assert post(processor, "/payouts", key="p", token=token, amount="10.00")["reason"] == "closed"

    def test_a_number_that_no_card_has_is_no_recipient(self, processor: ProcessorProcess) -> None:
        assert post(processor, "/recipients", number=UNKNOWN)["token"] == ""


class TestPassword:
    @pytest.mark.parametrize("auth", [None, ("bank", "x"), ("other", KEYS.secret("processor", "bank")), ("", "")])
    def test_without_the_password_nothing_is_done(self, processor: ProcessorProcess, auth: Any) -> None:
        token = linked(processor)
        given = {"key": "k", "token": token, "amount": "10.00", "number": OK}
        with httpx.Client(base_url=processor.url, trust_env=False, auth=auth) as stranger:
            answers = [stranger.post(path, json=given) for path in DEEDS] + [stranger.get("/charges/k")]
        assert {answer.status_code for answer in answers} == {401}
        assert not any(token in answer.text for answer in answers)
        assert processor.balance("4242") == "500000.00"
        assert processor.http.get("/charges/k").json()["state"] == "none"


class TestFaults:
    @pytest.mark.parametrize("mode", ["down", "broken", "silent"])
    def test_a_spoilt_answer_is_no_answer(self, processor: ProcessorProcess, mode: str) -> None:
        token = linked(processor)
        processor.set_fault(mode, deed="charge", times=1, seconds=0)
        about = {"key": "c1", "token": token, "amount": "1.00", "phone": PHONE, "language": "ru", "payee": ""}
        answer = processor.http.post("/charges", json=about)
        assert answer.status_code == 503 or not answer.text.endswith("}")
        assert processor.balance("4242") == ("500000.00" if mode == "down" else "499999.00")
        assert charge(processor, token, amount="1.00", payee="")["state"] == "challenge"

    @pytest.mark.parametrize("body", ["", "[]", '{"mode": "explode"}', '{"mode": "down", "times": 0}'])
    def test_a_fault_that_is_not_understood_is_refused(self, processor: ProcessorProcess, body: str) -> None:
        assert processor.http.post("/faults", content=body).status_code == 400

    @pytest.mark.parametrize("body", ["", "[]", "{}", '{"key": 1}', "x" * 20_000, '{"key": null}'])
    @pytest.mark.parametrize("path", ["/links", "/charges", "/payouts", "/recipients", "/charges/c1/refunds"])
    def test_a_request_that_is_not_understood_is_refused(
        self, processor: ProcessorProcess, path: str, body: str
    ) -> None:
        assert processor.http.post(path, content=body).status_code in (400, 413)


def test_every_test_number_passes_luhn() -> None:
    assert all(parse_number(number) == number for number in [*CARDS, UNKNOWN])


def test_what_was_done_survives_a_kill_and_no_number_is_in_the_file(tmp_path: Path) -> None:
    with running_processor(tmp_path) as first:
        token = linked(first)
        authorised(first, token)
        first.process.kill()
        first.process.wait(5)
    with running_processor(tmp_path) as second:
        assert post(second, "/charges/c1/capture")["state"] == "captured"
        assert show(second, key="again")["token"] == token
    with contextlib.closing(sqlite3.connect(tmp_path / "processor.db")) as db:
        dump = "\n".join(db.iterdump())
    assert "captured" in dump
    assert OK not in dump
    assert f"'{CVC}'" not in dump


def test_it_does_not_start_without_a_password(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "kaspi_web.simulators.processor", "--port", "0", "--data-dir", str(tmp_path)]
    bare = {name: value for name, value in os.environ.items() if name != "PROCESSOR_SECRET"}
    for env in (bare, bare | {"PROCESSOR_SECRET": "short"}):
        done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode != 0
        assert "PROCESSOR_SECRET" in done.stderr
