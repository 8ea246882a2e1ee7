"""/osmp/{network} over the real endpoints: who may ask, what money moves, and how often."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from kaspi_web.domain.terminals import topups
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.api.terminals import CHECK, PAY, ask, at_once, client, password, said, told
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import assert_clean, balance, entries, moved, wallet
from tests.make.topups import SLOW_TERMINAL, network

TENGE_200 = Money.tenge(200)


@pytest.fixture
def bank(bank: Bank) -> Bank:
    customer(bank)
    return bank


def in_wallet(bank: Bank) -> Money:
    return balance(bank, wallet(bank))


def test_a_check_names_the_owner_with_the_family_name_hidden_and_moves_nothing(bank: Bank):
    before = moved(bank)
    answer = said(ask(bank, CHECK))
    assert (answer.result, answer.txn_id, answer.value("FIO")) == (0, "7001", "Айгүл Н.")
    assert moved(bank) == before


def test_a_pay_credits_the_wallet_once(bank: Bank):
    answer = told(bank)
    assert (answer.result, answer.txn_id, answer.sum) == (0, "7001", TENGE_200)
    assert answer.prv_txn
    assert in_wallet(bank) == TENGE_200
    assert_clean(bank)


def test_a_form_is_as_good_as_a_query(bank: Bank):
    assert said(ask(bank, method="POST", data=PAY)).result == 0
    assert said(ask(bank, PAY)).prv_txn == said(ask(bank, method="POST", data=PAY)).prv_txn
    assert in_wallet(bank) == TENGE_200


def test_a_repeated_pay_is_answered_word_for_word_and_credits_nothing_more(bank: Bank):
    first = ask(bank, PAY)
    before = moved(bank)
    assert all(ask(bank, PAY).content == first.content for _ in range(3))
    assert moved(bank) == before


def test_sixteen_pays_of_one_number_at_once_credit_once_and_are_answered_alike(bank: Bank):
    answers = at_once(bank, *([PAY] * 16))
    assert len({answer.content for answer in answers}) == 1
    assert said(answers[0]).result == 0
    assert in_wallet(bank) == TENGE_200
    assert entries(bank, "topup") == 1
    assert_clean(bank)


def test_sixteen_pays_of_many_numbers_at_once_are_all_credited(bank: Bank):
    answers = at_once(bank, *(PAY | {"txn_id": str(number)} for number in range(16)))
    assert {said(answer).result for answer in answers} == {0}
    assert in_wallet(bank) == Money.tenge(3_200)
    assert_clean(bank)


@pytest.mark.parametrize("change", [{"sum": "300.00"}, {"account": OTHER_PHONE}], ids=["sum", "account"])
def test_a_number_that_was_used_is_refused_for_another_content(bank: Bank, change: dict[str, str]):
    customer(bank, phone=OTHER_PHONE)
    told(bank)
    before = moved(bank)
    assert told(bank, **change).result == 300
    assert moved(bank) == before


def test_another_network_may_use_the_same_number(bank: Bank):
    network(bank, "other", secret="s")
    assert told(bank).result == 0
    assert said(ask(bank, PAY, network="other", auth=("other", "s"))).result == 0
    assert in_wallet(bank) == Money.tenge(400)


def _auths(bank: Bank) -> dict[str, Any]:
    name, secret = password(bank)
    return {
        "nobody": None,
        "wrong": (name, "wrong"),
        "empty": (name, ""),
        "of_another": ("other", "s"),
        "another_with_our_password": ("other", secret),
        "name_of_another": (name, "s"),
    }


@pytest.mark.parametrize("who", sorted(["nobody", "wrong", "empty", "of_another", "another_with_our_password"]))
def test_whoever_lacks_the_password_of_this_network_is_not_heard(bank: Bank, who: str):
    network(bank, "other", secret="s")
    before = moved(bank)
    answer = ask(bank, PAY, auth=_auths(bank)[who])
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert moved(bank) == before


def test_a_network_that_does_not_exist_looks_like_a_wrong_password(bank: Bank):
    name, secret = password(bank)
    assert ask(bank, PAY, network="nobody", auth=("nobody", secret)).status_code == 401
    assert ask(bank, PAY, network="nobody", auth=(name, secret)).status_code == 401


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic !", "Basic a2FzcGk", "Bearer x", "Basic /w==", "Basic a2FzcGk6", "basic\t=", "Basic =="],
)
def test_a_strange_authorization_is_a_wrong_one(bank: Bank, header: str):
    assert ask(bank, PAY, auth=None, headers={"Authorization": header}).status_code == 401


def test_an_authorization_in_strange_letters_is_a_wrong_one(bank: Bank):
    raw = {b"Authorization": "Basic é".encode("latin-1")}
    assert ask(bank, PAY, auth=None, headers=raw).status_code == 401


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"account": "+77010000109"}, 5),
        ({"account": "12345"}, 4),
        ({"account": "+79161234567"}, 4),
        ({"account": "+77272500000"}, 4),
        ({"account": ""}, 4),
        ({"account": " "}, 4),
        ({"account": "+7701\x000000101"}, 4),
        ({"account": "7" * 201}, 4),
        ({"account": "' OR 1=1 --"}, 4),
        ({"sum": "99.99"}, 241),
        ({"sum": "0.00"}, 241),
        ({"sum": "500000.01"}, 242),
        ({"sum": "10000000000.00"}, 242),
        ({"sum": "999999999999999.99"}, 242),
        ({"sum": "9" * 20}, 300),
        ({"sum": "1e5"}, 300),
        ({"sum": "-1"}, 300),
        ({"sum": "-200.00"}, 300),
        ({"sum": "1,00"}, 300),
        ({"sum": "NaN"}, 300),
        ({"sum": "Infinity"}, 300),
        ({"sum": ""}, 300),
        ({"sum": " 200.00"}, 300),
        ({"sum": "200.001"}, 300),
        ({"sum": "0x10"}, 300),
        ({"sum": "٢٠٠"}, 300),
        ({"sum": "200.00\x00"}, 300),
        ({"txn_id": ""}, 300),
        ({"txn_id": "9" * 21}, 300),
        ({"txn_id": "-1"}, 300),
        ({"txn_id": "1 OR 1"}, 300),
        ({"txn_date": ""}, 300),
        ({"txn_date": "20261345120000"}, 300),
        ({"txn_date": "2026-11-20 12:00"}, 300),
        ({"command": ""}, 300),
        ({"command": "PAY"}, 300),
        ({"command": "refund"}, 300),
    ],
)
def test_what_breaks_the_protocol_gets_its_code_and_moves_nothing(bank: Bank, change: dict[str, str], code: int):
    before = moved(bank)
    assert told(bank, **change).result == code
    assert moved(bank) == before


@pytest.mark.parametrize("least_or_most", ["100.00", "500000.00"])
def test_the_limits_themselves_are_taken(bank: Bank, least_or_most: str):
    assert told(bank, sum=least_or_most).result == 0


@pytest.mark.parametrize("spelling", ["87010000101", "7010000101", "77010000101", "+7 701 000 01 01"])
def test_a_number_in_any_spelling_finds_the_wallet(bank: Bank, spelling: str):
    assert told(bank, account=spelling).result == 0
    assert in_wallet(bank) == TENGE_200


@pytest.mark.parametrize("missing", sorted(PAY))
def test_a_missing_parameter_moves_nothing(bank: Bank, missing: str):
    before = moved(bank)
    answer = said(ask(bank, {name: value for name, value in PAY.items() if name != missing}))
    assert answer.result in (4, 300)
    assert moved(bank) == before


@pytest.mark.parametrize("twice", sorted(PAY))
def test_a_parameter_that_comes_twice_moves_nothing(bank: Bank, twice: str):
    before = moved(bank)
    assert said(ask(bank, [*PAY.items(), (twice, PAY[twice])])).result == 300
    assert moved(bank) == before


@pytest.mark.parametrize(
    "body",
    [
        b"x" * (64 * 1024 + 1),
        b"\xff\xfe",
        "sum=қ".encode(),
        b"%ff=%ff",
        b"\x00",
        b"",
        b"&" * 60_000,
        b"a=1&" * 60,
        b'{"command": "pay"}',
    ],
    ids=["huge", "not_utf8", "not_ascii", "bad_percent", "nul", "empty", "ampersands", "many", "json"],
)
def test_a_strange_body_moves_nothing(bank: Bank, body: bytes):
    before = moved(bank)
    assert said(ask(bank, method="POST", content=body)).result == 300
    assert moved(bank) == before


@pytest.mark.parametrize("trm_id", ["", "x" * 300, "\x00", "<a&'\">", "нет", "' OR 1=1"])
def test_an_unknown_terminal_is_only_a_name(bank: Bank, trm_id: str):
    assert told(bank, trm_id=trm_id).result == 0
    assert in_wallet(bank) == TENGE_200


def test_other_methods_are_not_answered(bank: Bank):
    assert [ask(bank, PAY, method=method).status_code for method in ("PUT", "DELETE", "PATCH")] == [405] * 3
    assert in_wallet(bank) == Money(0)


def test_a_late_terminal_says_not_finished_until_the_money_is_there(bank: Bank):
    late = {"trm_id": SLOW_TERMINAL}
    first = told(bank, **late)
    assert (first.result, first.sum, in_wallet(bank)) == (90, TENGE_200, Money(0))
    assert told(bank, **late) == first
    bank.clock.jump(timedelta(seconds=121))
    assert bank.db.write_now(topups.credit_due) == 1
    arrived = told(bank, **late)
    assert (arrived.result, arrived.prv_txn, in_wallet(bank)) == (0, first.prv_txn, TENGE_200)
    assert_clean(bank)


def test_names_cannot_be_harvested_at_a_terminal(bank: Bank):
    async def story() -> list[int]:
        async with client(bank, auth=password(bank)) as http:
            return [said(await http.get("/osmp/kaspi", params=CHECK)).result for _ in range(32)]

    assert asyncio.run(story()) == [0] * 30 + [1] * 2


def test_the_answer_is_kept_nowhere(bank: Bank):
    response: httpx.Response = ask(bank, PAY)
    assert response.headers["cache-control"] == "no-store"
