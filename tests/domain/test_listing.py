"""The list of operations narrowed, counted, added up; and what each has changed in the wallet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from kaspi_web.domain.wallet import listing
from kaspi_web.domain.wallet.listing import DayTotal, Search, StatementTooLong, Wanted
from kaspi_web.domain.wallet.service import OperationView
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.papers.periods import midnight
from tests.make.bills import accepted, paid, refused
from tests.make.customers import OTHER_PHONE, customer
from tests.make.operations import noted, turned
from tests.make.topups import SLOW_TERMINAL, top_up

DAY = timedelta(days=1)


def page(bank: Bank, owner: int, wanted: Wanted | None = None, **given: Any) -> list[OperationView]:
    return bank.db.read_now(listing.page, customer_id=owner, wanted=wanted or Wanted(), **given)


def after(bank: Bank, owner: int) -> list[Money]:
    """The balance after each operation, newest first."""
    ids = [each.id for each in page(bank, owner)]
    found = bank.db.read_now(listing.balances_after, customer_id=owner, ids=ids)
    return [found[number] for number in ids]


def test_what_goes_out_leaves_the_wallet_at_once_and_what_comes_in_is_there_when_it_is_done(bank: Bank) -> None:
    owner = customer(bank)
    out = noted(bank, owner, -Money.tenge(5), state="on_way")
    coming = noted(bank, owner, Money.tenge(7), kind="topup", state="on_way")
    assert (out.wallet, coming.wallet) == (-Money.tenge(5), ZERO)
    assert turned(bank, owner, coming, "done").wallet == Money.tenge(7)
    assert turned(bank, owner, out, "done").wallet == -Money.tenge(5)


def test_what_is_refused_has_changed_nothing(bank: Bank) -> None:
    owner = customer(bank)
    out = noted(bank, owner, -Money.tenge(5), state="on_way")
    assert turned(bank, owner, out, "refused").wallet == ZERO
    assert noted(bank, owner, -Money.tenge(5), state="refused").wallet == ZERO
    told = noted(bank, owner, -Money.tenge(5), state="on_way")
    assert turned(bank, owner, told, "refused", wallet=-Money.tenge(5)).wallet == ZERO


def test_what_a_card_or_bonuses_paid_is_no_change_of_the_wallet(bank: Bank) -> None:
    owner = customer(bank)
    whole = noted(bank, owner, -Money.tenge(5), wallet=ZERO, source="card:4242", state="on_way")
    part = noted(bank, owner, -Money.tenge(5), wallet=-Money.tenge(2), source="wallet+bonus", state="on_way")
    to_card = noted(bank, owner, Money.tenge(5), kind="refund", wallet=ZERO, source="card:4242", state="on_way")
    assert turned(bank, owner, whole, "done").wallet == ZERO
    assert turned(bank, owner, part, "done").wallet == -Money.tenge(2)
    assert turned(bank, owner, to_card, "done").wallet == ZERO
    assert turned(bank, owner, part, "done", wallet=-Money.tenge(3)).wallet == -Money.tenge(3)


def test_fee_source_and_category_are_kept_and_a_kind_stands_in_for_a_category(bank: Bank) -> None:
    owner = customer(bank)
    made = noted(bank, owner, -Money.tenge(5), fee=Money(50), source="bonus", category="gas")
    assert (made.fee, made.source, made.category) == (Money(50), "bonus", "gas")
    assert noted(bank, owner, Money.tenge(5), kind="topup").category == "topup"


@pytest.mark.parametrize(
    "values", [{"wallet_tiyn": 5}, {"fee_tiyn": -1}, {"state": "refused", "wallet_tiyn": -5}], ids=str
)
def test_the_database_itself_refuses_a_part_of_the_wallet_that_cannot_be(bank: Bank, values: dict[str, Any]) -> None:
    made = noted(bank, customer(bank), -Money.tenge(5))
    sets = ", ".join(f"{name} = {value!r}" for name, value in values.items())
    with pytest.raises(IntegrityError), bank.db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE operation SET {sets} WHERE id = {made.id}")


def test_the_balance_after_each_operation_ends_with_the_balance_now(bank: Bank) -> None:
    owner = customer(bank)
    top_up(bank, Money.tenge(1_000))
    first = paid(bank, owner, Money.tenge(300))
    second = paid(bank, owner, Money.tenge(200))
    assert after(bank, owner) == [Money.tenge(500), Money.tenge(700), Money.tenge(1_000)]
    accepted(bank, first.id)
    refused(bank, second.id)
    assert after(bank, owner) == [Money.tenge(700), Money.tenge(700), Money.tenge(1_000)]


def test_a_top_up_on_its_way_counts_from_when_it_arrives(bank: Bank) -> None:
    owner = customer(bank)
    top_up(bank, Money.tenge(1_000))
    top_up(bank, Money.tenge(200), terminal=SLOW_TERMINAL)
    assert after(bank, owner) == [Money.tenge(1_000)] * 2


def test_balances_are_those_of_the_whole_list_whatever_is_left_out_of_it(bank: Bank) -> None:
    owner, other = customer(bank), customer(bank, phone=OTHER_PHONE)
    top_up(bank, Money.tenge(1_000))
    for tenge in (100, 200, 300):
        noted(bank, other, -Money.tenge(tenge))
        accepted(bank, paid(bank, owner, Money.tenge(tenge)).id)
    newest, _, oldest, _ = page(bank, owner)
    found = bank.db.read_now(listing.balances_after, customer_id=owner, ids=[newest.id, oldest.id])
    assert found == {newest.id: Money.tenge(400), oldest.id: Money.tenge(900)}
    assert bank.db.read_now(listing.balances_after, customer_id=owner, ids=[]) == {}


def sums(found: list[OperationView]) -> list[int]:
    return [each.amount.tiyn // 100 for each in found]


def many(bank: Bank) -> int:
    """1 to 4 tenge: a bill that is done, one that was refused, a top-up, a late top-up; somebody else's besides."""
    owner, other = customer(bank), customer(bank, phone=OTHER_PHONE)
    noted(bank, other, -Money.tenge(9), account="04512287")
    noted(bank, owner, -Money.tenge(1), account="04512287", category="electricity")
    noted(bank, owner, -Money.tenge(2), state="refused", category="gas")
    noted(bank, owner, Money.tenge(3), kind="topup", counterparty="almaty-01")
    noted(bank, owner, Money.tenge(4), kind="topup", counterparty="almaty-02", state="on_way")
    return owner


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Wanted(), [4, 3, -2, -1]),
        (Wanted(states=("done",)), [3, -1]),
        (Wanted(states=("on_way", "refused")), [4, -2]),
        (Wanted(way="in"), [4, 3]),
        (Wanted(way="out"), [-2, -1]),
        (Wanted(category="gas"), [-2]),
        (Wanted(category="topup", states=("done",)), [3]),
        (Wanted(search=Search("0451")), [-1]),
        (Wanted(search=Search("nothing", counterparties=("almaty-02",))), [4]),
        (Wanted(search=Search("nothing", kinds=("topup",))), [4, 3]),
        (Wanted(search=Search("nothing", sums=(Money.tenge(2), Money.tenge(3)))), [-2]),
        (Wanted(search=Search("nothing", sums=(Money.tenge(3), Money(301)))), [3]),
        (Wanted(search=Search("nothing")), []),
    ],
    ids=str,
)
def test_the_list_is_narrowed_and_counted_alike(bank: Bank, wanted: Wanted, left: list[int]) -> None:
    owner = many(bank)
    assert sums(page(bank, owner, wanted)) == left
    assert bank.db.read_now(listing.count, customer_id=owner, wanted=wanted) == len(left)


def test_a_receipt_is_found_by_its_number_by_its_owner_only(bank: Bank) -> None:
    owner, thief = customer(bank), customer(bank, phone=OTHER_PHONE)
    made = noted(bank, owner, -Money.tenge(1))
    wanted = Wanted(search=Search("nothing", number=made.id))
    assert sums(page(bank, owner, wanted)) == [-1]
    assert page(bank, thief, wanted) == []


def test_signs_of_patterns_are_letters_to_the_search(bank: Bank) -> None:
    owner = customer(bank)
    noted(bank, owner, -Money.tenge(1), account="a%b_c")
    assert [len(page(bank, owner, Wanted(search=Search(text)))) for text in ("%b_", "a%c", "a_b", "\\")] == [1, 0, 0, 0]


def test_a_masked_name_is_found_whatever_its_capitals(bank: Bank) -> None:
    owner = customer(bank)
    noted(bank, owner, -Money.tenge(1), kind="transfer_out", counterparty="Әйгерім Қ.")
    assert len(page(bank, owner, Wanted(search=Search("ӘЙГЕРІМ қ".casefold())))) == 1
    assert page(bank, owner, Wanted(search=Search("almaty"))) == []


def test_pages_of_a_narrowed_list_hold_every_row_once(bank: Bank) -> None:
    owner = customer(bank)
    for tenge in range(1, 31):
        noted(bank, owner, Money.tenge(tenge) if tenge % 2 else -Money.tenge(tenge), kind="topup")
    found, before = [], None
    while batch := page(bank, owner, Wanted(way="in"), before=before, most=4):
        found += sums(batch)
        before = batch[-1].id
    assert found == list(range(29, 0, -2))


def test_categories_are_those_the_customer_has(bank: Bank) -> None:
    owner = many(bank)
    assert bank.db.read_now(listing.categories, customer_id=owner) == ["electricity", "gas", "topup"]


def test_days_are_added_up_in_kazakhstan_and_without_what_was_refused(bank: Bank) -> None:
    owner = customer(bank)
    noted(bank, owner, -Money.tenge(10))
    noted(bank, owner, Money.tenge(3), kind="topup")
    noted(bank, owner, -Money.tenge(99), state="refused")
    today = bank.clock.today()
    bank.clock.jump(midnight(today + DAY) - bank.clock.now() + timedelta(minutes=1))
    noted(bank, owner, -Money.tenge(4))
    days = {day: (midnight(day), midnight(day + DAY)) for day in (today, today + DAY)}
    found = bank.db.read_now(listing.day_totals, customer_id=owner, wanted=Wanted(), days=days)
    assert found == {
        today: DayTotal(Money.tenge(3), -Money.tenge(10)),
        today + DAY: DayTotal(ZERO, -Money.tenge(4)),
    }
    only = bank.db.read_now(listing.day_totals, customer_id=owner, wanted=Wanted(way="in"), days=days)
    assert list(only.values()) == [DayTotal(Money.tenge(3), ZERO), DayTotal()]


def test_a_statement_has_what_changed_the_wallet_and_balances_that_fit(bank: Bank) -> None:
    owner = customer(bank)
    top_up(bank, Money.tenge(1_000))
    today = bank.clock.today()
    bank.clock.jump(midnight(today + DAY) - bank.clock.now() + timedelta(minutes=1))
    accepted(bank, paid(bank, owner, Money.tenge(300)).id)
    refused(bank, paid(bank, owner, Money.tenge(200)).id)
    noted(bank, owner, -Money.tenge(50), wallet=ZERO, source="bonus")
    span = {"since": midnight(today + DAY), "until": midnight(today + 2 * DAY)}
    made = bank.db.read_now(listing.of_wallet, customer_id=owner, **span)
    assert sums(made) == [-300]
    assert [bank.db.read_now(listing.balance_at, customer_id=owner, moment=at) for at in span.values()] == [
        Money.tenge(1_000),
        Money.tenge(700),
    ]
    assert made[0].occurred_at.astimezone(ALMATY).date() == today + DAY


def test_a_statement_is_never_cut_short_in_silence(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = customer(bank)
    monkeypatch.setattr(listing, "MOST_ROWS", 2)
    span = {"since": midnight(bank.clock.today()), "until": midnight(bank.clock.today() + 2 * DAY)}
    for tenge in (1, 2):
        noted(bank, owner, Money.tenge(tenge), kind="topup")
    assert len(bank.db.read_now(listing.of_wallet, customer_id=owner, **span)) == 2
    noted(bank, owner, Money.tenge(3), kind="topup")
    with pytest.raises(StatementTooLong):
        bank.db.read_now(listing.of_wallet, customer_id=owner, **span)


def plan_of(bank: Bank, query: Any, **given: Any) -> str:
    """What SQLite says of the statements about operations that a query runs."""
    run: list[tuple[str, Any]] = []

    def remember(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if "operation" in statement:
            run.append((statement, parameters))

    sa.event.listen(bank.db.engine, "before_cursor_execute", remember)
    bank.db.read_now(query, **given)
    sa.event.remove(bank.db.engine, "before_cursor_execute", remember)
    with bank.db.engine.connect() as connection:
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all() for text, values in run]
    return "\n".join(row[3] for plan in plans for row in plan)


def test_balances_after_a_page_are_summed_within_an_index(sqlite_bank: Bank) -> None:
    owner = customer(sqlite_bank)
    made = [noted(sqlite_bank, owner, -Money.tenge(each)) for each in range(1, 51)]
    plan = plan_of(sqlite_bank, listing.balances_after, customer_id=owner, ids=[each.id for each in made[:20]])
    assert "SEARCH operation USING COVERING INDEX ix_operation_list (customer_id=? AND id>?)" in plan
    assert "TEMP B-TREE" not in plan


def test_a_statement_and_its_balances_are_found_by_their_days(sqlite_bank: Bank) -> None:
    owner = customer(sqlite_bank)
    for each in range(1, 51):
        noted(sqlite_bank, owner, -Money.tenge(each))
    since, until = midnight(sqlite_bank.clock.today()), midnight(sqlite_bank.clock.today() + DAY)
    rows = plan_of(sqlite_bank, listing.of_wallet, customer_id=owner, since=since, until=until)
    assert "INDEX ix_operation_time (customer_id=? AND occurred_at>? AND occurred_at<?)" in rows
    balance = plan_of(sqlite_bank, listing.balance_at, customer_id=owner, moment=since)
    assert "USING COVERING INDEX ix_operation_time (customer_id=? AND occurred_at>?)" in balance
    given = {"wanted": Wanted(), "days": {sqlite_bank.clock.today(): (since, until)}}
    totals = plan_of(sqlite_bank, listing.day_totals, customer_id=owner, **given)
    assert "ix_operation_time (customer_id=? AND occurred_at>? AND occurred_at<?)" in totals


def test_a_narrowed_page_is_read_along_its_index_without_a_sort(sqlite_bank: Bank) -> None:
    owner = customer(sqlite_bank)
    for each in range(1, 51):
        noted(sqlite_bank, owner, -Money.tenge(each))
    wanted = Wanted(way="out", category="bill", search=Search("1"))
    plan = plan_of(sqlite_bank, listing.page, customer_id=owner, wanted=wanted, before=40)
    assert "ix_operation_list (customer_id=? AND id<?)" in plan
    assert "TEMP B-TREE" not in plan
