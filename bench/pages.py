"""A whole product for the websocket to be measured on: customers signed in, intents that wait to be paid, processes.

The server and the simulated billers are processes of their own, as `make run` has them; we are the browsers.
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import httpx
from sqlalchemy import insert, text

from kaspi_web import demo_data
from kaspi_web.commands import run
from kaspi_web.domain.bills.models import PaymentIntent
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from kaspi_web.settings import ROOT, read
from tests.billers import running_biller
from tests.databases import make_sqlite_template, open_bank
from tests.make.customers import customer

BILLER, ACCOUNT = "almaty-energo", "04512287"
AMOUNT = Money.tenge(10)
# Nobody asks for a page's files, so nothing needs to be built.
_NO_FILES = {"__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "false"}
_START_WITHIN_S, _DRAIN_WITHIN_S = 60, 120


class Sitter(NamedTuple):
    """A customer in front of a page: the browser's cookie, and the addresses of the intents still to be paid."""

    cookie: str
    intents: list[str]


class Served(NamedTuple):
    """A running server: its address, its bank as a second process sees it, the customers."""

    url: str
    bank: Bank
    sitters: list[Sitter]

    def payments(self) -> int:
        """How many bill payments there are."""
        return self.bank.db.read_now(lambda unit: unit.sql(text("SELECT COUNT(*) FROM bill_payment")).scalar_one())

    def wait_for_billers(self) -> None:
        """Let the workers ask the billers for everything that is on its way, so that the next round has none of it."""
        deadline = time.monotonic() + _DRAIN_WITHIN_S
        waiting = text("SELECT COUNT(*) FROM bill_payment WHERE state = 'on_way'")
        while left := self.bank.db.read_now(lambda unit: unit.sql(waiting).scalar_one()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{left} payments are still on their way")
            time.sleep(0.1)


@contextmanager
def served(folder: Path, *, intents: Sequence[int]) -> Iterator[Served]:
    """The product over a fresh SQLite file, with a customer for each number, who has so many intents to pay."""
    folder.mkdir()
    make_sqlite_template(folder / "bank.db")
    with running_biller(folder) as biller, open_bank(f"sqlite:///{folder / 'bank.db'}", folder) as bank:
        demo_data.load(bank)
        people = [_sitter(bank, number, many) for number, many in enumerate(intents)]
        port = _free_port()
        with _server(folder, port, biller.url):
            yield Served(f"http://localhost:{port}", bank, people)


def _sitter(bank: Bank, number: int, intents: int) -> Sitter:
    owner = customer(bank, money=Money.tenge(1_000_000), phone=f"+7701{number:07d}")
    cookie = bank.db.write_now(sessions.start, customer_id=owner, replacing="")
    return Sitter(cookie, bank.db.write_now(_issue, owner, intents))


def _issue(unit: Unit, owner: int, many: int) -> list[str]:
    now, made = real_now(), [(public_id(), public_id()) for _ in range(many)]
    # As the page of an intent leaves it when its sum was proposed; a bench may take longer than ten minutes.
    usual = {
        "customer_id": owner,
        "biller": BILLER,
        "account": ACCOUNT,
        "issued_at": now,
        "expires_at": now + timedelta(hours=6),
        "answered_at": now,
        "owner_name": "",
        "address": "",
        "amount_tiyn": AMOUNT.tiyn,
        "source": "wallet",
    }
    unit.connection().execute(insert(PaymentIntent), [{"id": name, "key": key} | usual for name, key in made])
    return [name for name, _ in made]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _server(folder: Path, port: int, biller: str) -> Iterator[None]:
    given = {"PORT": str(port), "DATA_DIR": str(folder), "DEMO": "on", "BILLER_URL": biller, "LOG_LEVEL": "WARNING"}
    words = [word.replace("kaspi_web.kaspi_web:", "bench.served:") for word in run._server_words(read(given))]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            words, cwd=ROOT, env=run._server_env() | _NO_FILES | given, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        _wait(process, port, folder / "server.log")
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"http://localhost:{port}/ping", trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")
