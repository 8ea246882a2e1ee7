"""A biller that says nothing for forty minutes: the payment is red, the money held; then it is green with one debit."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from kaspi_web.domain.wallet import service as wallet
from kaspi_web.gateways.billers import Billers
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.workers import bills
from tests.billers import BillerProcess
from tests.make.bills import BILLER, paid, payment
from tests.make.customers import PHONE, customer
from tests.make.ledger import account, assert_clean, balance, entries
from tests.make.moments import Watch
from tests.make.sms import messages
from tests.workers.loopback import free_port

HAD, SUM = Money.tenge(50_000), Money.tenge(20_000)
SILENCE = timedelta(minutes=40)


@pytest.fixture
def bank_settings(biller: BillerProcess) -> dict[str, Any]:
    """Nobody waits long here for a biller that says nothing."""
    return {"biller_url": biller.url, "biller_timeout_s": 0.4, "port": free_port()}


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def asked(bank: Bank) -> int:
    """A round of the worker."""

    async def story() -> int:
        clients = Billers(bank.settings)
        try:
            return await bills.ask_due(bank, clients)
        finally:
            await clients.aclose()

    return asyncio.run(story())


def shown(bank: Bank, owner: int) -> list[str]:
    """The discs of My payments: done is green, anything else red."""
    return [each.state for each in bank.db.read_now(wallet.operations, customer_id=owner)]


def money(bank: Bank, owner: int) -> tuple[Money, Money, Money]:
    """What is in the wallet, what is held, and what the biller has."""
    wanted = (("wallet", str(owner)), ("holds", ""), ("biller_payable", BILLER))
    first, second, third = (balance(bank, account(bank, *each)) for each in wanted)
    return first, second, third


def test_a_biller_silent_for_forty_minutes_turns_red_and_later_green_with_one_debit(
    bank: Bank, biller: BillerProcess, watch: Watch
) -> None:
    owner = customer(bank, money=HAD)
    biller.set_fault("silent", command="pay", seconds=0.5)
    made, began, tries = paid(bank, owner, SUM), watch.now(), 0
    while watch.now() < began + SILENCE:
        tries += asked(bank)
        assert (payment(bank, owner, made.id).state, shown(bank, owner)) == ("on_way", ["on_way"])
        assert money(bank, owner) == (HAD - SUM, SUM, ZERO)
        watch.later(seconds=20)
    # Not at once, and not once only: with growing waits, always under the same number.
    assert 5 < tries < 20
    bank.clock.jump(SILENCE)

    biller.clear()
    watch.later(minutes=60)
    assert asked(bank) == 1
    assert (payment(bank, owner, made.id).state, shown(bank, owner)) == ("done", ["done"])
    assert money(bank, owner) == (HAD - SUM, ZERO, SUM)
    assert entries(bank, "bill_held") == entries(bank, "bill_paid") == 1
    (row,) = biller.registry(BILLER, made.started_at.astimezone(ALMATY).date())
    assert (row["txn_id"], row["sum"], row["state"]) == (str(made.txn_id), SUM.wire, "done")
    assert "payment_done" in [template for template, _ in messages(bank, PHONE)], "it took long enough to tell of it"
    assert_clean(bank)
