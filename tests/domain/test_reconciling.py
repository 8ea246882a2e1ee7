"""Comparing books: what is different, when a difference is resolved, and what an operator settles by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kaspi_web.commands import reconcile as words
from kaspi_web.domain.bills.differences import accounting_day, differences
from kaspi_web.domain.bills.payments import PaymentView
from kaspi_web.domain.reconciling import by_hand, service
from kaspi_web.domain.reconciling.by_hand import NotByHand
from kaspi_web.domain.reconciling.service import Found, Seen, Told
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from kaspi_web.settings import ROOT
from tests.make.bills import accepted, paid, payment, refused, unknown
from tests.make.customers import customer
from tests.make.ledger import account, assert_clean, balance, sql

T = Money.tenge


@pytest.fixture
def owner(bank: Bank) -> int:
    return customer(bank, money=T(9_000))


def told(made: PaymentView, **other: Any) -> Told:
    """The payment as a biller that agrees has it, but for what is `other`."""
    row = {"txn_id": str(made.txn_id), "account": made.account, "sum": made.amount, "state": "done"}
    return Told(**row | other)


def compared(bank: Bank, made: PaymentView, *rows: Told, seen: dict[str, Seen] | None = None) -> list[Found]:
    """Compare the day of a payment with a registry of these rows, as the worker does."""
    day = accounting_day(made.started_at)
    seen = bank.db.read_now(service.ours, biller=made.biller.slug, day=day) if seen is None else seen
    books: dict[str, list[Told]] = {}
    for row in rows:
        books.setdefault(row.txn_id, []).append(row)
    this = {"biller": made.biller.slug, "seen": seen, "told": books}
    found: list[Found] = []
    for number in bank.db.read_now(service.to_write, txn_ids=sorted(books.keys() | seen.keys()), **this):
        given = {"txn_id": number, "seen": seen.get(number), "told": books.get(number, [])}
        found += bank.db.write_now(service.write, biller=made.biller.slug, day=day, **given)
    return found


def kinds(found: list[Found]) -> list[str]:
    return [each.difference for each in found]


def listed(bank: Bank) -> list[str]:
    return [each.kind for each in bank.db.read_now(differences)]


def left_to_the_registry(bank: Bank, owner: int) -> PaymentView:
    made = paid(bank, owner, T(500))
    sql(bank, "UPDATE bill_payment SET state = 'registry' WHERE id = :id", id=made.id)
    return made


def test_a_payment_that_is_done_here_and_pending_there_is_a_difference(bank: Bank, owner: int) -> None:
    made = paid(bank, owner, T(500))
    assert compared(bank, made, told(made, state="pending")) == [], "both still wait"
    accepted(bank, made.id)
    assert kinds(compared(bank, made, told(made, state="pending"))) == ["not_finished"]


@pytest.mark.parametrize("state", ["refused", "registry"])
def test_what_is_over_or_given_up_here_and_pending_there_is_a_difference(bank: Bank, owner: int, state: str) -> None:
    made = left_to_the_registry(bank, owner)
    if state == "refused":
        refused(bank, made.id)
    assert kinds(compared(bank, made, told(made, state="pending"))) == ["not_finished"]


def test_what_has_changed_since_our_book_was_read_is_left_for_the_next_run(bank: Bank, owner: int) -> None:
    made = paid(bank, owner, T(500))
    before = {str(made.txn_id): Seen("on_way")}
    accepted(bank, made.id)
    assert compared(bank, made, seen=before) == []
    assert compared(bank, made, told(made, state="pending"), seen=before) == []
    assert compared(bank, made, told(made, cancelled=T(5)), seen=before) == []
    assert kinds(compared(bank, made)) == ["not_at_biller"]


def test_a_payment_that_was_given_up_after_our_book_was_read_is_not_given_back(bank: Bank, owner: int) -> None:
    made = left_to_the_registry(bank, owner)
    assert compared(bank, made, seen={str(made.txn_id): Seen("on_way")}) == []
    assert payment(bank, owner, made.id).state == "registry"


def test_a_difference_is_resolved_when_the_books_agree_and_opens_when_they_do_not(bank: Bank, owner: int) -> None:
    made = paid(bank, owner, T(500))
    accepted(bank, made.id)
    assert [each.is_new for each in compared(bank, made)] == [True]
    assert [each.is_new for each in compared(bank, made)] == [False]
    assert compared(bank, made, told(made)) == []
    assert listed(bank) == []
    (old,) = bank.db.read_now(differences, resolved_too=True)
    assert old.resolved_at is not None
    assert [(each.difference, each.is_new) for each in compared(bank, made)] == [("not_at_biller", True)]
    assert listed(bank) == ["not_at_biller"]


def test_a_difference_that_became_another_is_listed_as_the_other_alone(bank: Bank, owner: int) -> None:
    made = paid(bank, owner, T(500))
    accepted(bank, made.id)
    compared(bank, made, told(made, state="pending"))
    compared(bank, made, told(made, state="refused"))
    assert listed(bank) == ["late_refusal"]


def test_everything_that_differs_is_told_at_once(bank: Bank, owner: int) -> None:
    made = paid(bank, owner, T(500))
    refused(bank, made.id)
    other = told(made, sum=T(499), account="04512295", cancelled=T(1))
    expected = ["other_sum", "other_account", "late_success", "other_refund"]
    assert kinds(compared(bank, made, other)) == expected


def test_a_number_with_zeros_in_front_is_not_ours(bank: Bank, owner: int) -> None:
    made = left_to_the_registry(bank, owner)
    found = compared(bank, made, told(made), told(made, txn_id=f"0{made.txn_id}"))
    assert sorted((each.settled, each.difference) for each in found) == [("", "not_here"), ("done", "")]


@pytest.mark.parametrize(("word", "left"), [("done", T(8_500)), ("refused", T(9_000))])
def test_an_operator_settles_a_payment_that_waits_with_another_sum(
    bank: Bank, owner: int, word: str, left: Money
) -> None:
    made = left_to_the_registry(bank, owner)
    other = told(made, sum=T(499))
    assert kinds(compared(bank, made, other)) == ["other_sum"]
    assert payment(bank, owner, made.id).state == "registry"
    texts = sql(bank, "SELECT COUNT(*) FROM sms_message")[0][0]
    bank.db.write_now(by_hand.settle, txn_id=str(made.txn_id), word=word)
    assert payment(bank, owner, made.id).state == word
    assert balance(bank, account(bank, "wallet", str(owner))) == left
    assert sql(bank, "SELECT COUNT(*) FROM sms_message")[0][0] == texts + (word == "refused")
    assert listed(bank) == []
    assert_clean(bank)


def test_what_was_resolved_by_hand_opens_only_when_a_side_says_something_else(bank: Bank, owner: int) -> None:
    made = left_to_the_registry(bank, owner)
    compared(bank, made, told(made, sum=T(499)))
    bank.db.write_now(by_hand.settle, txn_id=str(made.txn_id), word="done")
    assert compared(bank, made, told(made, sum=T(499))) == []
    assert listed(bank) == []
    assert kinds(compared(bank, made, told(made, sum=T(498)))) == ["other_sum"]


def test_only_what_is_listed_is_settled_by_hand(bank: Bank, owner: int) -> None:
    made = left_to_the_registry(bank, owner)
    for txn_id in (str(made.txn_id), "0", "x", "9" * 20):
        with pytest.raises(NotFound):
            bank.db.write_now(by_hand.settle, txn_id=txn_id, word="done")
    assert payment(bank, owner, made.id).state == "registry"


def test_a_last_word_or_one_that_is_still_asked_for_is_not_changed_by_hand(bank: Bank, owner: int) -> None:
    made = paid(bank, owner, T(500))
    compared(bank, made, told(made, sum=T(499)))
    number = str(made.txn_id)
    for word in by_hand.WORDS:
        with pytest.raises(NotByHand):
            bank.db.write_now(by_hand.settle, txn_id=number, word=word)
    unknown(bank, made.id)
    accepted(bank, made.id)
    with pytest.raises(NotByHand):
        bank.db.write_now(by_hand.settle, txn_id=number, word="refused")
    assert listed(bank) == ["other_sum"]
    bank.db.write_now(by_hand.settle, txn_id=number, word="done")
    assert listed(bank) == []
    assert payment(bank, owner, made.id).state == "done"


def test_a_payment_that_only_the_biller_knows_can_only_be_refused_by_hand(bank: Bank, owner: int) -> None:
    made = paid(bank, owner, T(500))
    assert kinds(compared(bank, made, told(made, txn_id="777"), seen={})) == ["not_here"]
    with pytest.raises(NotByHand):
        bank.db.write_now(by_hand.settle, txn_id="777", word="done")
    bank.db.write_now(by_hand.settle, txn_id="777", word="refused")
    assert listed(bank) == []


def test_the_command_lists_and_settles(bank: Bank, owner: int, capsys: pytest.CaptureFixture[str]) -> None:
    made = left_to_the_registry(bank, owner)
    compared(bank, made, told(made, sum=T(499)))
    number = str(made.txn_id)
    assert words.listed(bank.settings) == 1
    assert (
        f"{made.biller.slug}  {number}  other_sum  ours registry 500.00  theirs done 499.00" in capsys.readouterr().out
    )
    assert words.settle(bank.settings, number, "maybe") == 2
    assert words.settle(bank.settings, number, "done") == 0
    assert words.settle(bank.settings, number, "done") == 1
    assert words.listed(bank.settings) == 0
    assert payment(bank, owner, made.id).state == "done"


def test_every_kind_is_on_paper(bank: Bank) -> None:
    text = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8").partition("## Reconciliation")[2]
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    (check,) = (each.sqltext.text for each in _checks() if "kind IN" in each.sqltext.text)
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(re.findall(r"'(\w+)'", check))


def _checks() -> list[Any]:
    from sqlalchemy import CheckConstraint

    from kaspi_web.domain.bills.models import Difference

    return [each for each in Difference.__table__.constraints if isinstance(each, CheckConstraint)]  # type: ignore[attr-defined]
