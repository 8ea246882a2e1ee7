"""A statement adds up: what was there, each row, what is left; and its spreadsheet runs no formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.papers import spreadsheet, statements
from kaspi_web.papers.periods import Closed
from kaspi_web.papers.statements import Statement
from tests.make.bills import accepted, paid
from tests.make.customers import customer
from tests.make.operations import noted
from tests.make.topups import top_up


def made(bank: Bank, owner: int, *, locale: str = "ru", days_ago: int = 0) -> Statement:
    day = bank.clock.today() - timedelta(days=days_ago)
    period = Closed(day, day + timedelta(days=1))
    return bank.db.read_now(statements.statement, customer_id=owner, period=period, locale=locale)


def lively(bank: Bank) -> int:
    owner = customer(bank)
    top_up(bank, Money.tenge(20_000), terminal="almaty-01")
    accepted(bank, paid(bank, owner, Money.tenge(4_812, 40)).id)
    paid(bank, owner, Money.tenge(100))
    return owner


@pytest.mark.parametrize("locale", LOCALES)
def test_a_statement_has_the_usual_form_in_every_language(bank: Bank, locale: str):
    shown = made(bank, lively(bank), locale=locale)
    w, day = words(locale), f"{bank.clock.today():%d.%m.%Y}"
    assert day in shown.title
    assert [name for name, _ in shown.head[:2]] == [w("papers.client"), w("papers.wallet")]
    assert [value for _, value in shown.head[:2]] == ["Нұрланова Айгүл", "+7 701 000 01 01"]
    assert [name for name, _ in shown.totals] == [w("papers.total.topup"), w("papers.total.bill")]
    assert [line.kind for line in shown.lines] == [w("papers.kind.bill")] * 2 + [w("papers.kind.topup")]
    assert w("operations.on_way.bill") in shown.lines[0].details
    assert "04512287" in shown.lines[1].details
    assert {line.date for line in shown.lines} == {day}


def test_start_rows_and_end_add_up(bank: Bank):
    owner = lively(bank)
    shown = made(bank, owner)
    assert [(line.sum, line.balance) for line in shown.lines] == [
        (-Money.tenge(100), Money.tenge(15_087, 60)),
        (-Money.tenge(4_812, 40), Money.tenge(15_187, 60)),
        (Money.tenge(20_000), Money.tenge(20_000)),
    ]
    assert [value for _, value in shown.head[3:]] == ["0,00\u00a0₸", "15\u00a0087,60\u00a0₸"]
    assert [value for _, value in shown.totals] == ["+20\u00a0000,00\u00a0₸", "\u22124\u00a0912,40\u00a0₸"]


def test_own_moves_stand_apart_and_what_did_not_touch_the_wallet_is_left_out(bank: Bank):
    owner = customer(bank)
    noted(bank, owner, Money.tenge(5), kind="own_transfer", counterparty="card:4242")
    noted(bank, owner, -Money.tenge(5), kind="transfer_out", counterparty="Тимур А.")
    noted(bank, owner, -Money.tenge(5), wallet=ZERO, source="bonus")
    noted(bank, owner, Money.tenge(1), kind="gift_of_tomorrow", counterparty="x")
    shown, w = made(bank, owner), words("ru")
    names = [name for name, _ in shown.totals]
    assert names == [w(f"papers.total.{kind}") for kind in ("transfer_out", "own_transfer", "other")]
    details = [line.details for line in shown.lines]
    assert details == ["x", "Тимур А.", w("papers.source.card", last4="4242")]


def test_a_day_without_operations_is_an_empty_statement(bank: Bank):
    shown = made(bank, lively(bank), days_ago=9)
    assert (shown.lines, shown.totals) == ((), ())
    assert [value for _, value in shown.head[3:]] == ["0,00\u00a0₸"] * 2


def rows(body: bytes) -> list[list[str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def test_a_spreadsheet_has_plain_figures_and_a_minus_that_counts(bank: Bank):
    shown = made(bank, lively(bank))
    head, newest, *_ = rows(spreadsheet.csv_of(shown, words("ru")))
    assert head[:4] == ["Дата", "Время", "Сумма", "Остаток"]
    assert newest[2:6] == ["-100,00", "15087,60", "0,00", "1,00"]
    assert len(head) == len(newest)
    assert rows(spreadsheet.csv_of(replace(shown, locale="en"), words("en")))[1][2] == "-100.00"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\u22121"])
def test_no_text_is_a_formula(bank: Bank, text: str):
    owner = customer(bank)
    noted(bank, owner, -Money.tenge(5), kind="transfer_out", counterparty=text)
    (_, row) = rows(spreadsheet.csv_of(made(bank, owner), words("ru")))
    assert row[7].startswith("'")
    assert spreadsheet.plain("a=1") == "a=1"


def test_a_semicolon_and_a_quote_stay_inside_their_cell(bank: Bank):
    owner = customer(bank)
    noted(bank, owner, -Money.tenge(5), kind="transfer_out", counterparty='a;"b"')
    assert rows(spreadsheet.csv_of(made(bank, owner), words("ru")))[1][7] == 'a;"b"'
