"""The list behind My payments: its owner's only, newest first, page by page."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.service import Balances, OperationView
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make.bills import accepted, paid
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import sql


def note(bank: Bank, owner: int, number: int, **overrides: Any) -> str:
    usual = {"kind": "bill", "subject": f"bill_payment:{number}", "counterparty": "almaty-energo"}
    usual |= {"amount": -Money.tenge(number), "state": "done"}
    return bank.db.write_now(wallet.note, customer_id=owner, **(usual | overrides))


def page(bank: Bank, owner: int, **given: Any) -> list[OperationView]:
    return bank.db.read_now(wallet.operations, customer_id=owner, **given)


def test_pages_hold_every_operation_once_newest_first(any_bank: Bank) -> None:
    owner, other = customer(any_bank), customer(any_bank, phone=OTHER_PHONE)
    for number in range(1, 46):
        note(any_bank, owner, number)
        note(any_bank, other, number)
    pages, before = [], None
    while batch := page(any_bank, owner, before=before):
        pages.append([each.subject for each in batch])
        before = batch[-1].id
    assert [len(batch) for batch in pages] == [20, 20, 5]
    assert sum(pages, []) == [f"bill_payment:{number}" for number in range(45, 0, -1)]


def test_what_comes_meanwhile_shifts_no_page(bank: Bank) -> None:
    owner = customer(bank)
    for number in range(1, 31):
        note(bank, owner, number)
    first = page(bank, owner)
    note(bank, owner, 31)
    second = page(bank, owner, before=first[-1].id)
    assert [each.subject for each in second] == [f"bill_payment:{number}" for number in range(10, 0, -1)]


def test_a_list_can_be_narrowed_to_states(bank: Bank) -> None:
    owner = customer(bank)
    for number, state in enumerate(("done", "on_way", "refused", "done"), start=1):
        note(bank, owner, number, state=state)
    assert [each.state for each in page(bank, owner, states=("on_way", "refused"))] == ["refused", "on_way"]
    assert [each.state for each in page(bank, owner, states=("done",), most=1)] == ["done"]


def test_another_customers_operations_are_not_found(bank: Bank) -> None:
    owner, thief = customer(bank), customer(bank, phone=OTHER_PHONE)
    receipt = note(bank, owner, 1)
    assert page(bank, thief) == []
    with pytest.raises(NotFound):
        bank.db.read_now(wallet.operation, customer_id=thief, receipt=receipt)
    with pytest.raises(NotFound):
        bank.db.read_now(wallet.operation_of, customer_id=thief, subject="bill_payment:1")
    assert bank.db.read_now(wallet.operation, customer_id=owner, receipt=receipt).receipt == receipt


def test_what_became_of_a_deed_is_turned_for_its_owner_only(bank: Bank) -> None:
    owner, other = customer(bank), customer(bank, phone=OTHER_PHONE)
    for each in (owner, other):
        note(bank, each, 1, state="on_way")
    bank.db.write_now(wallet.turn, customer_id=owner, subject="bill_payment:1", state="done")
    assert [page(bank, each)[0].state for each in (owner, other)] == ["done", "on_way"]
    turned = page(bank, owner)[0]
    assert turned.changed_at > turned.occurred_at


def test_one_deed_is_noted_once(bank: Bank) -> None:
    owner = customer(bank)
    note(bank, owner, 1)
    with pytest.raises(IntegrityError):
        note(bank, owner, 1)
    assert len(page(bank, owner)) == 1


def test_receipts_have_addresses_that_nobody_guesses(bank: Bank) -> None:
    owner = customer(bank)
    receipts = {note(bank, owner, number) for number in range(1, 21)}
    assert len(receipts) == 20
    assert {len(receipt) for receipt in receipts} == {26}


def test_balances_are_what_may_be_spent_now(bank: Bank) -> None:
    owner = customer(bank, money=Money.tenge(100))
    assert bank.db.read_now(wallet.balances, customer_id=owner) == Balances(Money.tenge(100), ZERO)
    made = paid(bank, owner, Money.tenge(60))
    assert bank.db.read_now(wallet.balances, customer_id=owner) == Balances(Money.tenge(40), ZERO)
    accepted(bank, made.id)
    assert bank.db.read_now(wallet.balances, customer_id=owner) == Balances(Money.tenge(40), Money(60))


def test_nobody_has_nothing(bank: Bank) -> None:
    assert bank.db.read_now(wallet.balances, customer_id=999) == Balances(ZERO, ZERO)


@pytest.mark.parametrize(
    ("given", "index"),
    [({}, "ix_operation_list"), ({"before": 40}, "ix_operation_list"), ({"states": ("on_way",)}, "ix_operation_state")],
)
def test_a_page_is_read_from_its_index_without_a_sort(sqlite_bank: Bank, given: dict[str, Any], index: str) -> None:
    owner = customer(sqlite_bank)
    for number in range(1, 51):
        note(sqlite_bank, owner, number)
    plan = "\n".join(row[3] for row in sql_plan(sqlite_bank, owner, given))
    assert index in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def sql_plan(bank: Bank, owner: int, given: dict[str, Any]) -> list[Any]:
    """What SQLite says of the very statement that the list runs."""
    run: list[tuple[str, Any]] = []

    def remember(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if "FROM operation" in statement:
            run.append((statement, parameters))

    sa.event.listen(bank.db.engine, "before_cursor_execute", remember)
    page(bank, owner, **given)
    sa.event.remove(bank.db.engine, "before_cursor_execute", remember)
    ((statement, parameters),) = run
    with bank.db.engine.connect() as connection:
        return list(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())


def test_the_list_stays_of_one_customer_in_a_big_table(bank: Bank) -> None:
    owner, other = customer(bank), customer(bank, phone=OTHER_PHONE)
    for number in range(1, 6):
        note(bank, other, number)
    note(bank, owner, 9)
    assert [each.subject for each in page(bank, owner)] == ["bill_payment:9"]
    assert sql(bank, "SELECT COUNT(*) FROM operation") == [(6,)]
