"""Billers give payments back through their door: once for a number, and only with their own password."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.api.terminals import client
from tests.make.bills import BILLER, accepted, paid
from tests.make.customers import customer
from tests.make.ledger import assert_clean, moved, sql

SUM = Money.tenge(2_000)


@pytest.fixture
def owner(bank: Bank) -> int:
    made = customer(bank, money=SUM)
    accepted(bank, paid(bank, made, SUM).id)
    return made


def asked(bank: Bank, **changes: Any) -> dict[str, Any]:
    ((txn,),) = sql(bank, "SELECT txn_id FROM bill_payment")
    return {"cancel_id": "c-1", "txn_id": str(txn), "sum": "500.00", "reason": "mistake"} | changes


def send(bank: Bank, body: Any, *, biller: str = BILLER, secret: str = "") -> tuple[int, Any]:
    """The status and what the door says."""
    auth = (biller, secret or bank.keys.secret("biller", biller))

    async def story() -> tuple[int, Any]:
        async with client(bank) as http:
            content = body if isinstance(body, bytes) else json.dumps(body)
            answer = await http.post(f"/billers/{BILLER}/cancellations", auth=auth, content=content)
            return answer.status_code, answer.json() if answer.content else None

    return asyncio.run(story())


def test_a_part_is_given_back_once_however_often_it_is_told(bank: Bank, owner: int) -> None:
    for _ in range(3):
        assert send(bank, asked(bank)) == (200, {"cancel_id": "c-1", "refunded": "500.00", "state": "done"})
    assert sql(bank, "SELECT refunded_tiyn FROM bill_payment") == [(50_000,)]
    assert_clean(bank)


def test_without_a_sum_all_that_is_left_is_given_back(bank: Bank, owner: int) -> None:
    send(bank, asked(bank))
    assert send(bank, asked(bank, cancel_id="c-2", sum=""))[1]["refunded"] == "1500.00"
    assert_clean(bank)


def test_in_a_demo_the_simulated_billers_have_one_password(bank: Bank, owner: int) -> None:
    assert bank.settings.demo
    assert send(bank, asked(bank), secret=bank.keys.secret("billers", "simulated"))[0] == 200


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"txn_id": "123456"}, 404, "refund_unknown"),
        ({"sum": "2000.01"}, 422, "refund_too_much"),
        ({"sum": "-1"}, 400, "bad_request"),
        ({"sum": "1e3"}, 400, "bad_request"),
        ({"cancel_id": ""}, 400, "bad_request"),
        ({"cancel_id": "a b"}, 400, "bad_request"),
        ({"cancel_id": ["c"]}, 400, "bad_request"),
        ({"reason": "a\nb"}, 400, "bad_request"),
    ],
)
def test_what_cannot_be_given_back_is_refused_and_moves_nothing(
    bank: Bank, owner: int, changes: dict[str, Any], status: int, code: str
) -> None:
    body, before = asked(bank, **changes), moved(bank)
    assert send(bank, body) == (status, {"error": code})
    assert moved(bank) == before


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"x"', b"{", b"\xff", b"[" * 9_000, b"x" * 9_000])
def test_what_is_no_cancellation_is_refused(bank: Bank, owner: int, body: bytes) -> None:
    before = moved(bank)
    assert send(bank, body)[0] == 400
    assert moved(bank) == before


@pytest.mark.parametrize("who", ["astana-energo", "nobody", BILLER])
def test_strangers_are_not_let_in(bank: Bank, owner: int, who: str) -> None:
    secret = "wrong" if who == BILLER else bank.keys.secret("biller", who)
    body, before = asked(bank), moved(bank)
    assert send(bank, body, biller=who, secret=secret)[0] == 401
    assert moved(bank) == before
