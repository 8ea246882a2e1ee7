"""After anything whatever the ledger sums to zero, the holds are explained, and nobody's money is made or lost."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaspi_web import demo_data
from kaspi_web.domain.bills import asking
from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.domain.settlements.service import settle_day
from kaspi_web.domain.terminals import topups
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import Money
from tests.databases import open_bank, sqlite_copy
from tests.make.bills import accepted, paid, refused, unknown
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import sql
from tests.make.races import at_once, refusals
from tests.make.topups import SLOW_TERMINAL, top_up

PHONES = (PHONE, OTHER_PHONE)
sums = st.one_of(
    st.integers(1, 10**4).map(Money), st.integers(10**4, 6 * 10**7).map(Money), st.just(Money.tenge(5_000))
)
whose = st.integers(0, 1)
which = st.integers(1, 6)
deeds = st.one_of(
    st.tuples(st.just("top_up"), whose, sums),
    st.tuples(st.just("late_top_up"), whose, sums),
    st.tuples(st.just("repeat_top_up"), whose, which),
    st.tuples(st.just("pay"), whose, sums),
    st.tuples(st.sampled_from(["accepted", "refused", "unknown"]), which, st.none()),
    st.tuples(st.sampled_from(["credit_due", "claim", "settle", "hours", "day"]), st.none(), st.none()),
)


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(deeds, max_size=25))
def test_after_random_deeds_the_ledger_sums_to_zero_and_holds_are_explained(
    sqlite_template: Path, story: list[tuple]
) -> None:
    with tempfile.TemporaryDirectory() as folder, _bank(sqlite_template, Path(folder)) as bank:
        owners = [customer(bank, phone=phone) for phone in PHONES]
        for deed in story:
            # A refusal is an answer like any other: whatever was asked for, the books have to stay true.
            with suppress(DomainError):
                _deeds(bank, owners)[deed[0]](*deed[1:])
            assert_true_books(bank)


@contextmanager
def _bank(template: Path, folder: Path) -> Iterator[Bank]:
    with open_bank(sqlite_copy(template, folder), folder) as bank:
        demo_data.load(bank)
        yield bank


def test_everything_at_once_leaves_true_books_and_no_trouble(any_bank: Bank) -> None:
    bank = any_bank
    owners = [customer(bank, phone=phone, money=Money.tenge(1_000)) for phone in PHONES]
    for _ in range(4):
        top_up(bank, Money.tenge(100), account=PHONE, terminal=SLOW_TERMINAL)
    bank.clock.jump(timedelta(minutes=3))
    to_take, to_give_back = ([paid(bank, owner, Money.tenge(50)).id for owner in owners] for _ in range(2))
    answers = at_once(
        lambda: top_up(bank, Money.tenge(100), account=PHONES[0]),
        lambda: top_up(bank, Money.tenge(100), account=PHONES[1]),
        lambda: paid(bank, owners[0], Money.tenge(200)),
        lambda: paid(bank, owners[1], Money.tenge(200)),
        *(lambda each=each: accepted(bank, each) for each in to_take),
        *(lambda each=each: refused(bank, each) for each in to_give_back),
        lambda: bank.db.write_now(topups.credit_due),
        lambda: bank.db.write_now(asking.claim),
        times=2,
    )
    assert refusals(answers) == []
    bank.db.write_now(topups.credit_due)
    assert run_audit(bank).is_clean
    assert wallet_of(bank, owners[0]) == Money.tenge(1_000 + 400 + 200 - 400 - 50)
    assert wallet_of(bank, owners[1]) == Money.tenge(1_000 + 200 - 400 - 50)


def wallet_of(bank: Bank, owner: int) -> Money:
    return bank.db.read_now(wallet.balances, customer_id=owner).wallet


def _deeds(bank: Bank, owners: list[int]) -> dict[str, Callable]:
    return {
        "top_up": lambda who, amount: top_up(bank, amount, account=PHONES[who]),
        "late_top_up": lambda who, amount: top_up(bank, amount, account=PHONES[who], terminal=SLOW_TERMINAL),
        "repeat_top_up": lambda who, n: top_up(bank, Money.tenge(100 * n), account=PHONES[who], txn_id=f"9{n}"),
        "pay": lambda who, amount: paid(bank, owners[who], amount),
        "accepted": lambda payment_id, _: accepted(bank, payment_id),
        "refused": lambda payment_id, _: refused(bank, payment_id),
        "unknown": lambda payment_id, _: unknown(bank, payment_id),
        "credit_due": lambda *_: bank.db.write_now(topups.credit_due),
        "claim": lambda *_: bank.db.write_now(asking.claim),
        "settle": lambda *_: bank.db.write_now(settle_day, day=bank.clock.today() - timedelta(days=1)),
        "hours": lambda *_: bank.clock.jump(timedelta(hours=5)),
        "day": lambda *_: bank.clock.jump(timedelta(days=1)),
    }


def assert_true_books(bank: Bank) -> None:
    report = run_audit(bank)
    assert report.is_clean, report.faults
    debit, credit = (sum(getattr(line, side).tiyn for line in report.trial_balance) for side in ("debit", "credit"))
    assert debit == credit
    # Told apart from the audit's own sums: what the streets say has to be what the ledger says.
    said = "SELECT COALESCE(SUM(amount_tiyn), 0) FROM {}"
    topped = sql(bank, said.format("topup WHERE state = 'credited'"))[0][0]
    spent = sql(bank, said.format("bill_payment WHERE state <> 'refused'"))[0][0]
    held = sql(bank, said.format("bill_payment WHERE state IN ('on_way', 'registry')"))[0][0]
    earned = sql(bank, "SELECT COALESCE(SUM(bonus_tiyn), 0) FROM bill_payment WHERE state = 'done'")[0][0]
    kept = dict(sql(bank, "SELECT kind, SUM(balance_tiyn) FROM account GROUP BY kind"))
    open_holds = sql(bank, "SELECT COALESCE(SUM(amount_tiyn - captured_tiyn - released_tiyn), 0) FROM hold")[0][0]
    assert kept["wallet"] == topped - spent
    assert kept["bonus"] == earned
    assert open_holds == held
