"""The audit of plans names what somebody changed behind its back, and the bank's profit can be read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.make import plans as make
from tests.make.ledger import assert_clean, sealed, sql

K = Money.tenge


def everything(bank: Bank) -> int:
    """A credit and RED with repayments, a fine, a return and a promise."""
    me = make.member(bank, money=K(100_000))
    credit = make.lent(bank, me, K(60_000), "credit", 6)
    make.lent(bank, me, K(9_000))
    make.reserved(bank, me, K(5_000))
    bank.clock.jump(timedelta(days=70))
    make.work(bank)
    make.pay(bank, me, "red", K(7_000))
    make.pay(bank, me, make.address(bank, credit), K(15_000))
    make.give_back(bank, credit, K(10_000))
    assert_clean(bank)
    return me


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE loan SET returned_tiyn = returned_tiyn - 1 WHERE kind = 'credit'", "account loan:1: has"),
        ("UPDATE loan SET returned_tiyn = returned_tiyn - 1 WHERE kind = 'credit'", "loan 1: of 60000.00, its"),
        ("UPDATE loan_payment SET principal_tiyn = principal_tiyn + 1 WHERE loan_id = 2 AND number = 3", "loan 2: of"),
        ("UPDATE loan_payment SET interest_tiyn = interest_tiyn + 1, accrued_tiyn = accrued_tiyn + 1 WHERE id = 1",
         "account loan_interest:1: has"),
        ("UPDATE red_member SET used_tiyn = used_tiyn + 1", "red_member 1: has"),
        ("UPDATE red_member SET reserved_tiyn = 0", "red_member 1: has"),
        ("UPDATE due_bill SET fine_tiyn = fine_tiyn + 1 WHERE subject = 'red' AND fine_tiyn > 0", "account loan_fine:"),
        ("UPDATE due_bill SET fine_tiyn = 1 WHERE subject = 'red' AND fine_tiyn = 0", "is without its entry due_bill:"),
        ("UPDATE repayment SET amount_tiyn = amount_tiyn + 1, principal_tiyn = principal_tiyn + 1 WHERE id = 1",
         "repayment:1: is without its entry"),
        ("UPDATE repayment SET subject = 'loan:1' WHERE id = 1", "red of customer 1: 0.00 were paid"),
        ("DELETE FROM operation WHERE kind = 'repayment'", "repayment 1: is not in the customer's list"),
        ("UPDATE due_bill SET subject = 'loan:9' WHERE subject = 'loan:1'", "loan 1: payment 1 has no bill"),
    ],
)  # fmt: skip
def test_the_audit_names_it(bank: Bank, change: str, fault: str) -> None:
    everything(bank)
    assert sql(bank, change) > 0
    sealed(bank)
    assert any(fault in each for each in run_audit(bank).faults), run_audit(bank).faults


def test_the_audit_tells_the_banks_profit(bank: Bank) -> None:
    me = make.member(bank, money=K(100_000))
    make.lent(bank, me, K(9_000))
    bank.clock.jump(timedelta(days=200))
    make.work(bank)
    sealed(bank)
    report = run_audit(bank)
    assert report.profit == K(6_000)
    assert any(line.split() == ["profit", "6000.00"] for line in report.lines())
