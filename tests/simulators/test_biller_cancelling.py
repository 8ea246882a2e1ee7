"""A biller gives a payment back: what it asks of the bank, and what becomes of the debt."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kaspi_web.kernel.osmp import parse_answer
from tests.billers import BillerProcess, running_biller

DAY = date(2026, 11, 22)
SLUG, ACCOUNT = "almaty-energo", "04512287"


class Bank(ThreadingHTTPServer):
    """A bank's door that answers as it is told and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.status, self.asked = 200, []

    @property
    def url(self) -> str:
        """Its base address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Door(BaseHTTPRequestHandler):
    server: Bank

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def bank_door() -> Iterator[Bank]:
    with Bank() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def paid(bank_door: Bank, tmp_path: Path) -> Iterator[BillerProcess]:
    """Billers of which one was paid 200.00 under the number 1."""
    with running_biller(tmp_path, bank_url=bank_door.url, bank_secret="secret") as biller:
        words = {"command": "pay", "txn_id": "1", "account": ACCOUNT, "sum": "200.00", "txn_date": "20261122120005"}
        assert parse_answer(biller.http.get(f"/osmp/{SLUG}", params=words).content).result == 0
        yield biller


def owed(biller: BillerProcess) -> str:
    words = {"command": "check", "txn_id": "9", "account": ACCOUNT, "sum": "0.00"}
    return parse_answer(biller.http.get(f"/osmp/{SLUG}", params=words).content).value("debt")


def cancelled(biller: BillerProcess) -> tuple[str, str]:
    (row,) = biller.registry(SLUG, DAY)
    return row["state"], row["cancelled"]


def test_the_bank_is_asked_under_the_billers_name(paid: BillerProcess, bank_door: Bank):
    said = paid.cancel(SLUG, 1, reason="Ошибка оператора", cancel_id="c-1")
    assert said == {"cancel_id": "c-1", "sum": "200.00", "state": "done", "status": 200, "answer": "{}"}
    ((path, basic, body),) = bank_door.asked
    assert (path, basic) == (f"/billers/{SLUG}/cancellations", "Basic YWxtYXR5LWVuZXJnbzpzZWNyZXQ=")
    assert body == {"cancel_id": "c-1", "txn_id": "1", "sum": "200.00", "reason": "Ошибка оператора"}


def test_what_the_bank_took_back_is_owed_again(paid: BillerProcess):
    assert owed(paid) == "19800.00"
    paid.cancel(SLUG, 1)
    assert owed(paid) == "20000.00"
    assert cancelled(paid) == ("done", "200.00")


def test_a_part_may_be_given_back_and_then_the_rest(paid: BillerProcess, bank_door: Bank):
    paid.cancel(SLUG, 1, sum="50.25")
    assert (owed(paid), cancelled(paid)) == ("19850.25", ("done", "50.25"))
    paid.cancel(SLUG, 1)
    assert [body["sum"] for _, _, body in bank_door.asked] == ["50.25", "149.75"]
    assert owed(paid) == "20000.00"


@pytest.mark.parametrize(("status", "state"), [(409, "refused"), (500, "asked")])
def test_what_the_bank_did_not_take_is_still_paid(paid: BillerProcess, bank_door: Bank, status: int, state: str):
    bank_door.status = status
    assert paid.cancel(SLUG, 1)["state"] == state
    assert (owed(paid), cancelled(paid)) == ("19800.00", ("done", "0.00"))


def test_asking_again_with_the_same_number_asks_for_the_same(paid: BillerProcess, bank_door: Bank):
    bank_door.status = 500
    paid.cancel(SLUG, 1, sum="50.00", cancel_id="c-1")
    bank_door.status = 200
    paid.cancel(SLUG, 1, sum="70.00", cancel_id="c-1")
    paid.cancel(SLUG, 1, sum="50.00", cancel_id="c-1")
    assert {body["sum"] for _, _, body in bank_door.asked} == {"50.00"}
    assert owed(paid) == "19850.00"


def test_a_bank_that_is_not_there_has_said_nothing(tmp_path: Path, paid: BillerProcess, bank_door: Bank):
    bank_door.server_close()
    bank_door.shutdown()
    said = paid.cancel(SLUG, 1)
    assert (said["state"], said["status"]) == ("asked", 0)


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"txn_id": 2}', '{"txn_id": 1, "sum": "x"}', '{"txn_id": 1, "sum": "0"}']
)
def test_a_wish_that_is_not_understood_is_refused(paid: BillerProcess, body: str):
    assert paid.http.post(f"/cancel/{SLUG}", content=body).status_code == 400
