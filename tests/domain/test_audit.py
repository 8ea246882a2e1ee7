"""The audit finds what was planted, says where, and is silent otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.domain.settlements.service import settle_day
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.make import bills, topups
from tests.make.customers import customer
from tests.make.ledger import account, assert_clean, hold, sql, wallet

TEN = Money.tenge(10)


def faults(bank: Bank) -> tuple[str, ...]:
    return run_audit(bank).faults


def test_an_empty_bank_is_clean(any_bank: Bank) -> None:
    assert_clean(any_bank)


def test_a_bank_after_a_whole_story_is_clean(any_bank: Bank) -> None:
    owner = customer(any_bank)
    topups.top_up(any_bank)
    topups.top_up(any_bank, Money.tenge(500), terminal=topups.SLOW_TERMINAL)
    bills.accepted(any_bank, bills.paid(any_bank, owner, Money.tenge(6_000)).id)
    bills.refused(any_bank, bills.paid(any_bank, owner, Money.tenge(700)).id)
    bills.paid(any_bank, owner, Money.tenge(800))
    any_bank.clock.jump(timedelta(days=1))
    any_bank.db.write_now(settle_day, day=any_bank.clock.today() - timedelta(days=1))
    report = run_audit(any_bank)
    assert report.is_clean
    debit, credit = (sum(getattr(line, side).tiyn for line in report.trial_balance) for side in ("debit", "credit"))
    assert debit == credit > 0
    assert report.lines()[-1] == "clean"


def test_a_changed_balance_is_found_with_its_account(any_bank: Bank) -> None:
    wallet(any_bank, owner="7", money=TEN)
    sql(any_bank, "UPDATE account SET balance_tiyn = balance_tiyn + 1 WHERE kind = 'wallet' AND owner = '7'")
    assert faults(any_bank) == ("account wallet:7: keeps 10.01, its postings add up to 10.00",)
    report = run_audit(any_bank)
    assert report.lines()[-2:] == ["FAULT account wallet:7: keeps 10.01, its postings add up to 10.00", "NOT CLEAN"]


@pytest.mark.parametrize(
    ("change", "held"),
    [("amount_tiyn = amount_tiyn + 1", "10.01"), ("captured_tiyn = 300", "7.00"), ("released_tiyn = 1000", "0.00")],
)
def test_a_changed_hold_is_found(any_bank: Bank, change: str, held: str) -> None:
    hold(any_bank, wallet(any_bank, money=TEN), TEN)
    sql(any_bank, f"UPDATE hold SET {change}")
    assert faults(any_bank) == (f"holds: the account has 10.00, the open holds add up to {held}",)


def test_a_deleted_hold_is_found(any_bank: Bank) -> None:
    hold(any_bank, wallet(any_bank, money=TEN), TEN)
    sql(any_bank, "DELETE FROM hold")
    assert faults(any_bank) == ("holds: the account has 10.00, the open holds add up to 0.00",)


def test_an_entry_without_postings_is_found_by_its_number(any_bank: Bank) -> None:
    wallet(any_bank, money=TEN)
    sql(
        any_bank,
        "INSERT INTO entry (id, kind, key, subject, booked_at, written_at)"
        " VALUES (4321, 'k', 'planted', '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
    )
    assert faults(any_bank) == ("entry 4321: has no posting",)


def test_a_planted_posting_is_found_on_both_of_its_accounts(any_bank: Bank) -> None:
    one, two = wallet(any_bank, owner="1", money=TEN), wallet(any_bank, owner="2", money=TEN)
    sql(
        any_bank,
        "INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount_tiyn)"
        " VALUES ((SELECT MAX(id) FROM entry), :one, :two, 1)",
        one=one,
        two=two,
    )
    assert faults(any_bank) == (
        "account wallet:1: keeps 10.00, its postings add up to 9.99",
        "account wallet:2: keeps 10.00, its postings add up to 10.01",
    )


def test_an_account_below_zero_by_its_postings_is_found(any_bank: Bank) -> None:
    one, on_way = wallet(any_bank, owner="1", money=TEN), account(any_bank, "topups_on_way")
    sql(
        any_bank,
        "INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount_tiyn)"
        " VALUES ((SELECT MAX(id) FROM entry), :on_way, :one, 500)",
        one=one,
        on_way=on_way,
    )
    sql(any_bank, "UPDATE account SET balance_tiyn = balance_tiyn + 500 WHERE id = :id", id=one)
    assert faults(any_bank) == (
        "account topups_on_way: below zero by its postings, -5.00",
        "topups_on_way: the account has -5.00, the open top-ups add up to 0.00",
    )


@pytest.mark.parametrize(
    ("kind", "owner", "sides"),
    [("biller_payable", "almaty-energo", (":of", ":own")), ("terminal_network", "kaspi", (":own", ":of"))],
)
def test_a_counterparty_that_was_settled_for_too_much_is_found(
    any_bank: Bank, kind: str, owner: str, sides: tuple[str, str]
) -> None:
    of, bank_own = account(any_bank, kind, owner), account(any_bank, "settlement")
    sql(
        any_bank,
        "INSERT INTO entry (kind, key, subject, booked_at, written_at)"
        " VALUES ('settlement', 'p', '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
    )
    sql(
        any_bank,
        "INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount_tiyn)"
        f" VALUES ((SELECT MAX(id) FROM entry), {sides[0]}, {sides[1]}, 500)",
        of=of,
        own=bank_own,
    )
    assert faults(any_bank) == (f"account {kind}:{owner}: settled for 5.00 more than was owed",)


def story(bank: Bank) -> None:
    """Payments 1 (done), 2 (refused), 3 (on its way), and top-ups 1 (credited), 2 (on its way)."""
    owner = customer(bank)
    topups.top_up(bank)
    topups.top_up(bank, Money.tenge(500), terminal=topups.SLOW_TERMINAL)
    bills.accepted(bank, bills.paid(bank, owner, Money.tenge(100)).id)
    bills.refused(bank, bills.paid(bank, owner, Money.tenge(100)).id)
    bills.paid(bank, owner, Money.tenge(100))
    assert_clean(bank)


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        (
            "UPDATE topup SET amount_tiyn = 60000 WHERE id = 2",
            "topups_on_way: the account has 500.00, the open top-ups add up to 600.00",
        ),
        (
            "UPDATE hold SET captured_tiyn = 9900 WHERE id = 1",
            "bill_payment 1: is done and has 1.00 still held",
        ),
        (
            "UPDATE hold SET released_tiyn = 9900 WHERE id = 3",
            "bill_payment 3: is on_way, and its hold has only 1.00 left",
        ),
        (
            "UPDATE bill_payment SET state = 'refused' WHERE id = 1",
            "bill_payment 1: is refused without its entry bill_released",
        ),
        (
            "UPDATE bill_payment SET state = 'done' WHERE id = 2",
            "bill_payment 2: is done without its entry bill_paid",
        ),
        (
            "UPDATE operation SET state = 'on_way' WHERE subject = 'bill_payment:1'",
            "bill_payment:1: is done, shown as on_way",
        ),
        (
            "UPDATE operation SET state = 'done' WHERE subject = 'topup:2'",
            "topup:2: is on_way, shown as done",
        ),
        (
            "DELETE FROM operation WHERE subject = 'topup:1'",
            "topup:1: is done, shown as nothing",
        ),
    ],
)
def test_a_deed_that_disagrees_with_the_ledger_or_the_list_is_found(any_bank: Bank, planted: str, found: str) -> None:
    story(any_bank)
    assert sql(any_bank, planted) == 1
    assert found in faults(any_bank)


def test_a_payment_that_waits_for_the_registry_is_shown_as_on_its_way(any_bank: Bank) -> None:
    story(any_bank)
    sql(any_bank, "UPDATE bill_payment SET state = 'registry' WHERE id = 3")
    assert_clean(any_bank)


def test_two_faults_are_both_told(any_bank: Bank) -> None:
    hold(any_bank, wallet(any_bank, owner="5", money=TEN), TEN)
    sql(any_bank, "UPDATE account SET balance_tiyn = 1 WHERE kind = 'wallet'")
    sql(any_bank, "UPDATE hold SET released_tiyn = 1")
    assert [fault.split(":")[0] for fault in faults(any_bank)] == ["account wallet", "holds"]


def test_an_audit_while_money_moves_does_not_cry_wolf(any_bank: Bank) -> None:
    """All statements of an audit see one moment, on PostgreSQL too."""
    one = wallet(any_bank, money=TEN)
    with meanwhile(any_bank, lambda: hold(any_bank, one, Money.tenge(1))) as happened:
        report = run_audit(any_bank)
    assert happened == [True]
    assert report.is_clean, report.faults


class meanwhile:  # noqa: N801  reads as the word it is
    """Once the audit has read the accounts, and before it reads anything else, somebody does `deed`."""

    def __init__(self, bank: Bank, deed: Callable[[], object]) -> None:
        self.engine, self.deed, self.happened = bank.db.engine, deed, []

    def __enter__(self) -> list[bool]:
        sa.event.listen(self.engine, "after_cursor_execute", self._after)
        return self.happened

    def __exit__(self, *_: object) -> None:
        sa.event.remove(self.engine, "after_cursor_execute", self._after)

    def _after(self, _c: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM account a" in statement and not self.happened:
            self.happened.append(True)
            self.deed()
