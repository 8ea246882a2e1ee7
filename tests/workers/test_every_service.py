"""Every kind of service is paid from its form to its biller's book, through the simulated billers over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kaspi_web import service_files
from kaspi_web.domain.bills import billers, intents, payments
from kaspi_web.domain.bills.billers import OWN_IIN
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.settings import Settings
from tests.billers import BillerProcess
from tests.make.customers import customer
from tests.make.identity import matched
from tests.make.ledger import assert_clean, sql
from tests.workers.services import asked, looked_up, paid

SERVICES = service_files.read(service_files.folders(Settings())).services
CATEGORIES = sorted({row["category"] for row in SERVICES.values()})


@pytest.fixture
def bank_settings(biller: BillerProcess) -> dict[str, Any]:
    return {"biller_url": biller.url}


@pytest.fixture(autouse=True)
def fresh(biller: BillerProcess) -> None:
    biller.reset()


@pytest.fixture
def owner(bank: Bank) -> int:
    made = customer(bank, money=Money.tenge(9_000_000))
    matched(bank, made)
    return made


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_service_of_the_category_is_paid(bank: Bank, biller: BillerProcess, owner: int, category: str) -> None:
    for of in bank.db.read_now(billers.billers, category=category):
        for way in of.ways:
            made = looked_up(bank, owner, of, way)
            assert bool(made.owner_name) is of.tells_owner, f"{of.slug} tells its owner"
            done = paid(bank, owner, made)
            asked(bank)
            now = bank.db.read_now(payments.payment, customer_id=owner, payment_id=done.id)
            assert (now.state, now.amount) == ("done", done.amount), f"{of.slug} by {way.name}: {now.last_word}"
            rows = [row for row in biller.registry(of.slug, bank.clock.today()) if row["txn_id"] == str(done.txn_id)]
            assert [(row["sum"], row["state"]) for row in rows] == [(done.amount.wire, "done")], of.slug
    assert_clean(bank)


def test_no_category_of_the_issue_is_missing() -> None:
    asked_for = {
        "electricity", "gas", "water", "heating", "phone_line", "intercom", "waste", "lift", "utility_bill", "mobile",
        "internet", "tv", "kindergarten", "education", "taxes", "fines", "transport", "flights", "restaurants",
    }  # fmt: skip
    assert set(CATEGORIES) == asked_for


def test_an_account_by_ones_own_iin_is_shown_masked_and_told_in_full(bank: Bank, owner: int) -> None:
    taxes = bank.db.read_now(billers.billers, category="taxes")[0]
    way = next(each for each in taxes.ways if each.kind == OWN_IIN)
    made = looked_up(bank, owner, taxes, way)
    iin = bank.db.read_now(intents.question, customer_id=owner, intent_id=made.id).account
    assert len(iin) == 12
    assert iin not in made.account
    done = paid(bank, owner, made)
    asked(bank)
    assert bank.db.read_now(payments.payment, customer_id=owner, payment_id=done.id).state == "done"
    dumped = json.dumps([[str(cell) for cell in row] for row in sql(bank, "SELECT * FROM bill_payment")])
    assert iin not in dumped
    assert iin not in json.dumps([[str(cell) for cell in row] for row in sql(bank, "SELECT * FROM payment_intent")])
