"""The next day's registry against our book, over HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from kaspi_web import demo_data
from kaspi_web.domain.bills import billers, outcomes, payments, refunds
from kaspi_web.domain.bills.differences import accounting_day
from kaspi_web.domain.bills.models import BillPayment
from kaspi_web.domain.reconciling.service import DayNotOver
from kaspi_web.gateways.biller_client import BillerClient
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from kaspi_web.workers.reconciling import Report, reconcile, reconcile_one
from tests.billers import BillerProcess
from tests.databases import open_bank
from tests.make.bills import accepted
from tests.make.bills import paid as pays
from tests.make.customers import customer
from tests.make.ledger import account, assert_clean, balance, sql
from tests.workers.services import asked, looked_up, paid


@pytest.fixture
def bank_settings(biller: BillerProcess) -> dict[str, Any]:
    return {"biller_url": biller.url}


@pytest.fixture
def owner(bank: Bank) -> int:
    return customer(bank, money=Money.tenge(9_000_000))


def bill(bank: Bank, owner: int) -> payments.PaymentView:
    of = bank.db.read_now(billers.biller, slug="almaty-energo")
    return paid(bank, owner, looked_up(bank, owner, of, of.ways[0]))


def next_day(bank: Bank) -> Any:
    day = bank.clock.today()
    bank.clock.jump(timedelta(days=1))
    return asyncio.run(reconcile(bank, day=day))


def state(bank: Bank, owner: int, made: payments.PaymentView) -> str:
    return bank.db.read_now(payments.payment, customer_id=owner, payment_id=made.id).state


def test_books_that_agree_have_no_difference(bank: Bank, owner: int) -> None:
    bill(bank, owner)
    asked(bank)
    report = next_day(bank)
    assert (report.compared, report.settled, report.differences, report.silent) == (1, [], [], {})


def test_a_payment_whose_answer_was_lost_is_settled_by_the_registry(
    bank: Bank, biller: BillerProcess, owner: int
) -> None:
    made = bill(bank, owner)
    biller.set_fault("unknown", times=1)
    asked(bank)
    assert state(bank, owner, made) == "on_way"
    report = next_day(bank)
    assert [(slug, found.settled) for slug, found in report.settled] == [("almaty-energo", "done")]
    assert state(bank, owner, made) == "done"
    assert balance(bank, account(bank, "biller_payable", "almaty-energo")) == made.amount
    assert_clean(bank)


def test_a_payment_that_never_arrived_is_given_back_once_it_waits_for_the_registry(bank: Bank, owner: int) -> None:
    made = bill(bank, owner)
    report = next_day(bank)
    assert report.settled == [], "it may still be asked about"
    sql(bank, "UPDATE bill_payment SET state = 'registry'")

    report = asyncio.run(reconcile(bank, day=accounting_day(made.started_at)))
    assert [found.settled for _, found in report.settled] == ["refused"]
    assert state(bank, owner, made) == "refused"
    assert_clean(bank)


def test_a_late_success_after_the_money_went_back_is_a_difference_and_no_second_debit(
    bank: Bank, biller: BillerProcess, owner: int
) -> None:
    made = bill(bank, owner)
    biller.set_fault("unknown", times=1)
    asked(bank)
    bank.db.write_now(outcomes.refused, payment_id=made.id, word="7")
    before = [tuple(row) for row in sql(bank, "SELECT id, balance_tiyn FROM account ORDER BY id")]
    report = next_day(bank)
    assert [found.difference for _, found in report.differences] == ["late_success"]
    bank.db.write_now(outcomes.accepted, payment_id=made.id, biller_txn="9")
    assert [tuple(row) for row in sql(bank, "SELECT id, balance_tiyn FROM account ORDER BY id")] == before
    assert sql(bank, "SELECT kind, our_state, their_state FROM difference") == [("late_success", "refused", "done")]


def test_what_only_one_side_knows_and_other_sums_are_differences_told_once(
    bank: Bank, biller: BillerProcess, owner: int
) -> None:
    first, second = bill(bank, owner), bill(bank, owner)
    asked(bank)
    sql(bank, "UPDATE bill_payment SET txn_id = txn_id + 1 WHERE id = :id", id=first.id)
    sql(bank, "UPDATE bill_payment SET account = '04512295' WHERE id = :id", id=second.id)
    report = next_day(bank)
    kinds = sorted(found.difference for _, found in report.differences)
    assert kinds == ["not_at_biller", "not_here", "other_account"]
    assert all(found.is_new for _, found in report.differences)


def test_a_day_that_is_not_over_is_refused(bank: Bank) -> None:
    with pytest.raises(DayNotOver):
        asyncio.run(reconcile(bank, day=bank.clock.today()))


def test_a_biller_without_a_registry_is_named(bank: Bank, biller: BillerProcess, owner: int) -> None:
    sql(bank, "UPDATE biller SET address = '/nowhere' WHERE slug = 'almaty-energo'")
    report = next_day(bank)
    assert report.silent == {"almaty-energo": "http_404"}


HEAD = "txn_id,account,sum,txn_date,prv_txn,state,cancelled\n"


@contextmanager
def registry(bank: Bank, rows: str = "", *, before: Callable[[], Any] = lambda: None) -> Iterator[BillerClient]:
    """A biller whose registry has these rows; `before` happens when it is asked for them."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            before()
            self.send_response(200)
            self.end_headers()
            self.wfile.write((HEAD + rows).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield BillerClient(f"http://127.0.0.1:{server.server_port}/osmp", timeout_s=5)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def compared(bank: Bank, door: BillerClient, made: payments.PaymentView) -> Report:
    """The report of comparing the payment's day with the registry behind a door."""

    async def once() -> Report:
        report = Report()
        await reconcile_one(bank, door, made.biller.slug, accounting_day(made.started_at), report)
        await door.aclose()
        return report

    return asyncio.run(once())


def row(made: payments.PaymentView, *, state: str = "done", cancelled: str = "") -> str:
    at = "20261123120000"
    return f"{made.txn_id},{made.account},{made.amount.wire},{at},7,{state},{cancelled}\n"


def kinds(report: Report) -> list[str]:
    return [found.difference for _, found in report.differences]


def test_a_payment_accepted_while_the_registry_comes_is_no_difference(bank: Bank, owner: int) -> None:
    made = pays(bank, owner, Money.tenge(500))
    with registry(bank, before=lambda: accepted(bank, made.id)) as door:
        assert kinds(compared(bank, door, made)) == []
    with registry(bank) as door:
        assert kinds(compared(bank, door, made)) == ["not_at_biller"], "it was done before this one was asked for"


@pytest.mark.parametrize(
    ("ours", "cancelled", "found"),
    [(0, "100.00", ["other_refund"]), (100, "", ["other_refund"]), (100, "99", ["other_refund"]), (100, "100", [])],
)
def test_what_was_given_back_is_compared_too(
    bank: Bank, owner: int, ours: int, cancelled: str, found: list[str]
) -> None:
    made = pays(bank, owner, Money.tenge(500))
    accepted(bank, made.id)
    if ours:
        this = {"slug": made.biller.slug, "cancel_id": "c1", "txn_id": str(made.txn_id), "amount": Money.tenge(ours)}
        bank.db.write_now(refunds.refund, **this)
    with registry(bank, row(made, cancelled=cancelled)) as door:
        assert kinds(compared(bank, door, made)) == found


def test_two_rows_with_one_number_are_a_difference_and_settle_nothing(bank: Bank, owner: int) -> None:
    made = pays(bank, owner, Money.tenge(500))
    with registry(bank, row(made) + row(made)) as door:
        report = compared(bank, door, made)
    assert (kinds(report), report.settled) == (["twice"], [])
    assert sql(bank, "SELECT our_tiyn, their_tiyn FROM difference") == [(50_000, 100_000)]


def test_a_locked_payment_holds_no_other_up(postgres_bank: Bank) -> None:
    """Each payment is settled in a unit of its own: that of one customer does not wait for another's."""
    bank = postgres_bank
    owners = [customer(bank, phone=phone, money=Money.tenge(900)) for phone in ("+77010000001", "+77010000002")]
    one, two = (pays(bank, each, Money.tenge(500)) for each in owners)
    first, second = sorted((one, two), key=lambda each: str(each.txn_id))
    is_held, let_go = threading.Event(), threading.Event()

    def hold(unit: Unit) -> None:
        unit.exec(select(BillPayment.id).where(BillPayment.id == second.id).with_for_update()).one()
        is_held.set()
        let_go.wait(5)

    def look() -> None:
        # The registry is asked once the other is locked; the first is done before that lock is gone.
        assert is_held.wait(5)

    holder = threading.Thread(target=bank.db.write_now, args=(hold,))
    watcher = threading.Thread(target=_let_go_once_done, args=(bank, first.id, let_go))
    holder.start()
    watcher.start()
    with registry(bank, row(first) + row(second), before=look) as door:
        report = compared(bank, door, first)
    holder.join()
    watcher.join()
    assert [found.settled for _, found in report.settled] == ["done", "done"]
    assert let_go.is_set(), "the first payment waited for the second one's lock"


def _let_go_once_done(bank: Bank, payment_id: int, let_go: threading.Event) -> None:
    for _ in range(40):
        states = bank.db.read_now(
            lambda unit: unit.exec(select(BillPayment.state).where(BillPayment.id == payment_id)).one()
        )
        if states == "done":
            let_go.set()
            return
        threading.Event().wait(0.1)


@pytest.fixture
def postgres_bank(postgres_database: str, tmp_path: Path) -> Iterator[Bank]:
    with open_bank(postgres_database, tmp_path) as opened:
        demo_data.load(opened)
        yield opened
