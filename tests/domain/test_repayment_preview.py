"""What a repayment shows before the tap is what it does, and showing it changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaspi_web.domain.loans.preview import Preview, preview
from kaspi_web.domain.loans.repaid import repaid
from kaspi_web.domain.loans.repaying import RepaymentChanged, RepaymentTooMuch
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make import plans as make
from tests.make.customers import OTHER_PHONE
from tests.make.ledger import assert_clean, moved, sql

T = Money.tenge
ROWS = "SELECT number, principal_tiyn, interest_tiyn, paid_tiyn, early_tiyn, accrued_tiyn FROM loan_payment ORDER BY id"


def previewed(bank: Bank, owner: int, plan: str, amount: Money, way: str = "early") -> Preview:
    return bank.db.read_now(preview, customer_id=owner, plan=plan, way=way, amount=amount)


@pytest.mark.parametrize(
    ("kind", "months", "amount"),
    [("instalment", 12, T(17_000)), ("credit", 12, T(17_000)), ("credit", 12, T(60_000)), ("red", 3, T(17_000))],
)
def test_the_schedule_shown_before_the_tap_is_the_one_after_it(
    bank: Bank, kind: str, months: int, amount: Money
) -> None:
    owner = make.member(bank, money=T(500_000))
    loan = make.lent(bank, owner, T(45_000) if kind == "red" else T(240_000), kind, months)
    plan = "red" if kind == "red" else make.address(bank, loan)
    make.live(bank, bank.clock.today() + timedelta(days=45))
    before, rows = moved(bank), sql(bank, ROWS)
    seen = previewed(bank, owner, plan, amount)
    assert (moved(bank), sql(bank, ROWS)) == (before, rows), "looking changes nothing"
    assert seen.principal + seen.interest + seen.fine == amount
    made = make.pay(bank, owner, plan, amount)
    assert (made.principal, made.interest, made.fine) == (seen.principal, seen.interest, seen.fine)
    again = previewed(bank, owner, plan, T(1))
    assert {each.due_on: each.before for each in again.coming} == {
        each.due_on: each.after for each in seen.coming if each.after
    }
    # 17 000 does not even pay what is late of the credit: nothing is early.
    assert bool(seen.saved) == (kind == "credit" and amount > T(17_000))
    assert_clean(bank)


def test_paying_everything_shows_what_is_saved_and_leaves_nothing(bank: Bank) -> None:
    owner = make.borrower(bank, money=T(500_000))
    loan = make.lent(bank, owner, T(240_000), "credit", 12)
    plan = make.seen(bank, owner, loan)
    assert plan.owed is not None
    seen = previewed(bank, owner, plan.plan.public_id, plan.owed.whole, "whole")
    interest = sum((row.interest for row in plan.rows), ZERO)
    assert (seen.left, seen.saved) == (ZERO, interest)
    assert {each.after for each in seen.coming} == {ZERO}


def test_what_the_repayment_would_refuse_is_refused_before_it(bank: Bank) -> None:
    owner = make.borrower(bank, money=T(500_000))
    plan = make.address(bank, make.lent(bank, owner, T(60_000), "instalment", 3))
    other = make.borrower(bank, phone=OTHER_PHONE)
    with pytest.raises(RepaymentTooMuch):
        previewed(bank, owner, plan, T(60_001))
    with pytest.raises(RepaymentChanged):
        previewed(bank, owner, plan, T(59_999), "whole")
    with pytest.raises(NotFound):
        previewed(bank, other, plan, T(1))


def test_payments_made_have_their_receipts_and_are_nobody_elses(bank: Bank) -> None:
    owner = make.borrower(bank, money=T(500_000))
    plan = make.address(bank, make.lent(bank, owner, T(60_000), "instalment", 3))
    other = make.borrower(bank, phone=OTHER_PHONE)
    for amount in (T(5_000), T(7_000)):
        make.pay(bank, owner, plan, amount)
    found = bank.db.read_now(repaid, customer_id=owner, plan=plan)
    assert [(each.way, each.amount) for each in found] == [("early", T(7_000)), ("early", T(5_000))]
    receipts = {receipt for (receipt,) in sql(bank, "SELECT receipt FROM operation WHERE kind = 'repayment'")}
    assert {each.receipt for each in found} == receipts
    with pytest.raises(NotFound):
        bank.db.read_now(repaid, customer_id=other, plan=plan)
