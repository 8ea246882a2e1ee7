"""A simulated biller gives a payment back: over HTTP it asks the bank's own door, and both books agree afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kaspi_web.gateways.billers import Billers
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.workers import bills
from tests.billers import BillerProcess, running_biller
from tests.make.bills import BILLER, paid, payment
from tests.make.customers import customer
from tests.make.ledger import assert_clean, balance, sql, wallet
from tests.workers.loopback import doors

HAD, SUM = Money.tenge(50_000), Money.tenge(20_000)


@pytest.fixture
def billers(bank: Bank, tmp_path: Path) -> Iterator[BillerProcess]:
    """Billers that know this bank and their password there."""
    where, secret = f"http://127.0.0.1:{bank.settings.port}", bank.keys.secret("billers", "simulated")
    with running_biller(tmp_path / "biller", bank_url=where, bank_secret=secret) as running:
        yield running


def cancelled(bank: Bank, billers: BillerProcess, **more: Any) -> dict[str, Any]:
    """The customer's payment is asked of its biller, which then gives it back; what the bank said."""
    ((number,),) = sql(bank, "SELECT txn_id FROM bill_payment")

    async def story() -> dict[str, Any]:
        clients = Billers(replace(bank.settings, biller_url=billers.url))
        try:
            await bills.ask_due(bank, clients)
        finally:
            await clients.aclose()
        async with doors(bank):
            return await asyncio.to_thread(billers.cancel, BILLER, number, **more)

    return asyncio.run(story())


def registered(billers: BillerProcess, day: date) -> list[tuple[str, str]]:
    return [(row["state"], row["cancelled"]) for row in billers.registry(BILLER, day)]


def test_a_whole_payment_comes_back(bank: Bank, billers: BillerProcess):
    owner = customer(bank, money=HAD)
    made = paid(bank, owner, SUM)
    said = cancelled(bank, billers)
    assert (said["state"], said["status"]) == ("done", 200)
    assert payment(bank, owner, made.id).refunded == SUM
    assert balance(bank, wallet(bank, owner=str(owner))) == HAD
    assert registered(billers, bank.clock.today()) == [("done", "20000.00")]
    assert_clean(bank)


def test_a_part_comes_back_and_more_than_the_rest_does_not(bank: Bank, billers: BillerProcess):
    owner = customer(bank, money=HAD)
    paid(bank, owner, SUM)
    assert cancelled(bank, billers, sum="5000.50")["state"] == "done"
    said = cancelled(bank, billers, sum="15000.00")
    assert (said["state"], said["status"]) == ("refused", 422)
    assert balance(bank, wallet(bank, owner=str(owner))) == HAD - SUM + Money.tenge(5_000, 50)
    assert registered(billers, bank.clock.today()) == [("done", "5000.50")]
    assert_clean(bank)


def test_a_biller_with_another_password_moves_nothing(bank: Bank, tmp_path: Path):
    owner = customer(bank, money=HAD)
    paid(bank, owner, SUM)
    where = f"http://127.0.0.1:{bank.settings.port}"
    with running_biller(tmp_path / "stranger", bank_url=where, bank_secret="guessed") as stranger:
        said = cancelled(bank, stranger)
    assert (said["state"], said["status"]) == ("refused", 401)
    assert balance(bank, wallet(bank, owner=str(owner))) == HAD - SUM
    assert_clean(bank)
