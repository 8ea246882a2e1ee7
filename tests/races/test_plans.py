"""Plans, and everybody at once: the limit is lent once, a tap repays once, a step is done once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from kaspi_web.domain.loans import due
from kaspi_web.kernel.money import ZERO, Money
from tests.make import plans
from tests.make.ledger import account, balance, sql
from tests.races import plan_callers
from tests.races.field import Field

LIMIT, PART = Money.tenge(50_000), Money.tenge(9_000)


def test_the_limit_of_red_is_lent_once(field: Field) -> None:
    owner = plans.member(field.bank)
    outcome = field.race(plan_callers.lends, owner=owner, amount=PART)
    assert len(set(outcome.answers)) == LIMIT.tiyn // PART.tiyn
    assert set(outcome.refusals) == {"RedLimitShort"}
    assert sql(field.bank, "SELECT used_tiyn, reserved_tiyn FROM red_member") == [(0, 5 * PART.tiyn)]


def test_so_many_taps_repay_so_many_times_and_never_more_than_is_owed(field: Field) -> None:
    owner, tap = plans.member(field.bank, money=Money.tenge(100_000)), Money.tenge(4_000)
    plans.lent(field.bank, owner, PART)
    outcome = field.race(plan_callers.repays, owner=owner, plan="red", amount=tap, keys=8)
    assert len(set(outcome.answers)) == 2
    assert sql(field.bank, "SELECT SUM(amount_tiyn) FROM repayment") == [(2 * tap.tiyn,)]
    left = plans.club(field.bank, owner).owed.whole
    assert left == PART - tap - tap
    assert balance(field.bank, account(field.bank, "wallet", str(owner))) == Money.tenge(100_000) - tap - tap


def test_a_step_of_a_bill_is_done_by_one_worker(field: Field) -> None:
    bank = field.bank
    owners = [plans.member(bank, phone=f"+7701555000{number}", money=PART) for number in range(4)]
    for owner in owners:
        plans.lent(bank, owner, PART)
        plans.automatic(bank, owner, "red")
    plans.until(bank, plans.club(bank, owners[0]).bills[0].due_on + timedelta(days=1))
    for step in ("remind", "due", "late"):
        steps = bank.db.read_now(due.due_now)
        assert [name for _, name in steps] == [step] * 4
        outcome = field.race(plan_callers.works, steps=steps)
        done = Counter((bill, name) for bill, name, mine in outcome.answers if mine)
        assert done == dict.fromkeys(steps, 1)
    assert sql(bank, "SELECT COUNT(*), SUM(amount_tiyn) FROM repayment") == [(4, 4 * PART.tiyn // 3)]


def test_repayments_returns_and_steps_lock_nobody_out(field: Field) -> None:
    """django-oscar PR#4594, blnk#244: locks taken in opposite orders."""
    bank, had, amount = field.bank, Money.tenge(50_000), Money.tenge(10)
    owner = plans.member(bank, money=had)
    loans = [plans.lent(bank, owner, PART) for _ in range(3)]
    plans.automatic(bank, owner, "red")
    plans.until(bank, plans.club(bank, owner).bills[0].due_on)
    steps = bank.db.read_now(due.due_now)
    given = {"owner": owner, "loans": loans, "steps": steps, "amount": amount}
    outcome = field.race(plan_callers.repays_returns_or_works, **given)
    words = Counter(outcome.answers)
    assert outcome.refusals == Counter()
    assert words["worked"] == len(steps)
    ((paid,),) = sql(bank, "SELECT SUM(amount_tiyn) FROM repayment")
    assert balance(bank, account(bank, "wallet", str(owner))) == had - Money(int(paid))
    assert words["returned"] == field.size // 3 + (field.size % 3 > 1)
    assert plans.club(bank, owner).owed.whole >= ZERO
