"""Every kind of service is paid from its form to its biller's book, through the simulated billers over HTTP."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from kaspi_web import service_files
from kaspi_web.domain.bills import billers, intents, outcomes, payments, proposals
from kaspi_web.domain.bills.billers import OWN_IIN, BillerView
from kaspi_web.domain.bills.intents import IntentView
from kaspi_web.domain.bills.offers import Chosen, holidays
from kaspi_web.gateways.billers import Billers, debt_of
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.bill_lines import due_on
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.settings import Settings
from kaspi_web.workers import bills
from kaspi_web.workers.reconciling import reconcile
from tests.billers import BillerProcess
from tests.make.customers import customer
from tests.make.identity import matched
from tests.make.ledger import account, assert_clean, balance, sql

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


async def _asked(bank: Bank, question: intents.Question) -> Any:
    doors = Billers(bank.settings)
    door = doors.at(question.address, question.dialect)
    try:
        return debt_of(await door.check(10**17 + 5, question.account, question.extra, secret=question.is_secret))
    finally:
        await doors.aclose()


def looked_up(bank: Bank, owner: int, of: BillerView, way: Any) -> IntentView:
    """An intent whose biller has answered, filled in with the examples of the service's form."""
    typed = {"account": way.example, **{each.name: each.example for each in of.extra}}
    given = billers.filled(typed, of=of, way=way.name)
    this = {"slug": of.slug, "account": given.account, "way": given.way, "extra": given.extra}
    made = bank.db.write_now(intents.issue, customer_id=owner, **this)
    question = bank.db.read_now(intents.question, customer_id=owner, intent_id=made.id)
    debt = asyncio.run(_asked(bank, question))
    return bank.db.write_now(intents.answered, customer_id=owner, intent_id=made.id, debt=debt)


def everything(bank: Bank, made: IntentView) -> tuple[Money | None, Chosen]:
    """All lines of an offer, or its first tariff, or the debt."""
    offer = made.offer
    if offer.menu:
        return made.biller.minimum, Chosen(service=offer.menu[0].id)
    if offer.lines:
        day, off = bank.clock.today(), bank.db.read_now(holidays)
        sums = {line.code: due_on(line, day, off) for line in offer.lines}
        return None, Chosen(lines={code: sum_ for code, sum_ in sums.items() if sum_ > ZERO})
    owed = made.debt if made.debt and made.debt > ZERO else Money.tenge(2_500)
    return max(owed, made.biller.minimum), Chosen()


def paid(bank: Bank, owner: int, made: IntentView) -> payments.PaymentView:
    amount, chosen = everything(bank, made)
    this = {"customer_id": owner, "intent_id": made.id}
    agreed = bank.db.write_now(proposals.propose, amount=amount, source="wallet", chosen=chosen, **this)
    sql(bank, "UPDATE payment_intent SET confirmed_tiyn = amount_tiyn")
    return bank.db.write_now(payments.pay, amount=agreed.amount, source="wallet", number=agreed.number, **this)


def asked(bank: Bank) -> None:
    async def once() -> None:
        doors = Billers(bank.settings)
        await bills.ask_due(bank, doors)
        await doors.aclose()

    asyncio.run(once())


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


class TestReconciling:
    """The next day's registry against our book."""

    def made(self, bank: Bank, owner: int) -> payments.PaymentView:
        of = bank.db.read_now(billers.biller, slug="almaty-energo")
        return paid(bank, owner, looked_up(bank, owner, of, of.ways[0]))

    def next_day(self, bank: Bank) -> Any:
        from datetime import timedelta

        day = bank.clock.today()
        bank.clock.jump(timedelta(days=1))
        return asyncio.run(reconcile(bank, day=day))

    def state(self, bank: Bank, owner: int, made: payments.PaymentView) -> str:
        return bank.db.read_now(payments.payment, customer_id=owner, payment_id=made.id).state

    def test_books_that_agree_have_no_difference(self, bank: Bank, owner: int) -> None:
        self.made(bank, owner)
        asked(bank)
        report = self.next_day(bank)
        assert (report.compared, report.settled, report.differences, report.silent) == (1, [], [], {})

    def test_a_payment_whose_answer_was_lost_is_settled_by_the_registry(
        self, bank: Bank, biller: BillerProcess, owner: int
    ) -> None:
        made = self.made(bank, owner)
        biller.set_fault("unknown", times=1)
        asked(bank)
        assert self.state(bank, owner, made) == "on_way"
        report = self.next_day(bank)
        assert [(slug, found.settled) for slug, found in report.settled] == [("almaty-energo", "done")]
        assert self.state(bank, owner, made) == "done"
        assert balance(bank, account(bank, "biller_payable", "almaty-energo")) == made.amount
        assert self.next_day(bank).settled == []
        assert_clean(bank)

    def test_a_payment_that_never_arrived_is_given_back_once_it_waits_for_the_registry(
        self, bank: Bank, owner: int
    ) -> None:
        made = self.made(bank, owner)
        report = self.next_day(bank)
        assert report.settled == [], "it may still be asked about"
        sql(bank, "UPDATE bill_payment SET state = 'registry'")
        bank.clock.jump(made.started_at - made.started_at)
        from kaspi_web.domain.bills.differences import accounting_day

        report = asyncio.run(reconcile(bank, day=accounting_day(made.started_at)))
        assert [found.settled for _, found in report.settled] == ["refused"]
        assert self.state(bank, owner, made) == "refused"
        assert_clean(bank)

    def test_a_late_success_after_the_money_went_back_is_a_difference_and_no_second_debit(
        self, bank: Bank, biller: BillerProcess, owner: int
    ) -> None:
        made = self.made(bank, owner)
        biller.set_fault("unknown", times=1)
        asked(bank)
        bank.db.write_now(outcomes.refused, payment_id=made.id, word="7")
        before = [tuple(row) for row in sql(bank, "SELECT id, balance_tiyn FROM account ORDER BY id")]
        report = self.next_day(bank)
        assert [found.difference for _, found in report.differences] == ["late_success"]
        bank.db.write_now(outcomes.accepted, payment_id=made.id, biller_txn="9")
        assert [tuple(row) for row in sql(bank, "SELECT id, balance_tiyn FROM account ORDER BY id")] == before
        assert sql(bank, "SELECT kind, our_state, their_state FROM difference") == [("late_success", "refused", "done")]

    def test_what_only_one_side_knows_and_other_sums_are_differences_told_once(
        self, bank: Bank, biller: BillerProcess, owner: int
    ) -> None:
        first, second = self.made(bank, owner), self.made(bank, owner)
        asked(bank)
        sql(bank, "UPDATE bill_payment SET txn_id = txn_id + 1 WHERE id = :id", id=first.id)
        sql(bank, "UPDATE bill_payment SET account = '04512295' WHERE id = :id", id=second.id)
        report = self.next_day(bank)
        kinds = sorted(found.difference for _, found in report.differences)
        assert kinds == ["not_at_biller", "not_here", "other_account"]
        assert all(found.is_new for _, found in report.differences)

    def test_a_day_that_is_not_over_is_refused(self, bank: Bank) -> None:
        from kaspi_web.domain.reconciling.service import DayNotOver

        with pytest.raises(DayNotOver):
            asyncio.run(reconcile(bank, day=bank.clock.today()))

    def test_a_biller_without_a_registry_is_named(self, bank: Bank, biller: BillerProcess, owner: int) -> None:
        sql(bank, "UPDATE biller SET address = '/nowhere' WHERE slug = 'almaty-energo'")
        report = self.next_day(bank)
        assert report.silent == {"almaty-energo": "http_404"}
