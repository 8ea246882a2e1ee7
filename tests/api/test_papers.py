"""Receipts and statements as files: for their owner's browser, saying what the page says."""

from __future__ import annotations

import asyncio
import sys
from types import FrameType

import httpx
import pytest

from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.wallet import listing
from kaspi_web.i18n import LOCALES
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.papers import pdf, receipts, spreadsheet, statements
from kaspi_web.papers.periods import Closed
from tests.api.browsers import Browser
from tests.api.terminals import client
from tests.make.bills import accepted, paid
from tests.make.customers import OTHER_PHONE, customer
from tests.make.topups import top_up
from tests.papers.reading import squeezed, text_of


def signed_in(bank: Bank, owner: int) -> Browser:
    return Browser(bank, bank.db.write_now(sessions.start, customer_id=owner, replacing=""))


def get(browser: Browser, path: str) -> httpx.Response:
    async def story() -> httpx.Response:
        async with client(browser._bank) as http:
            return await http.get(path, headers={"Cookie": browser.cookie_header})

    return asyncio.run(story())


def lively(bank: Bank) -> tuple[int, str]:
    """A customer and the receipt of a payment."""
    owner = customer(bank)
    top_up(bank, Money.tenge(20_000), terminal="almaty-01")
    made = paid(bank, owner, Money.tenge(4_812, 40))
    accepted(bank, made.id)
    return owner, made.receipt


@pytest.mark.parametrize("locale", LOCALES)
def test_the_pdf_of_a_receipt_says_what_its_page_says(bank: Bank, locale: str):
    owner, receipt = lively(bank)
    answer = get(signed_in(bank, owner), f"/papers/{locale}/receipt/{receipt}.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    shown = bank.db.read_now(receipts.receipt, customer_id=owner, receipt=receipt, locale=locale)
    assert answer.headers["content-disposition"] == f'attachment; filename="receipt-{shown.number}.pdf"'
    said = squeezed(text_of(answer.content))
    for text in (shown.title, shown.amount, shown.status, *(part for fact in shown.facts for part in fact)):
        assert squeezed(text) in said, text


@pytest.mark.parametrize("locale", LOCALES)
def test_the_pdf_of_a_statement_says_what_its_page_says(bank: Bank, locale: str):
    owner, _ = lively(bank)
    today = bank.clock.today()
    answer = get(signed_in(bank, owner), f"/papers/{locale}/statement.pdf?from={today}&to={today}")
    assert answer.headers["content-disposition"] == f'attachment; filename="statement-{today}-{today}.pdf"'
    period = Closed(today, today)
    shown = bank.db.read_now(statements.statement, customer_id=owner, period=period, locale=locale)
    said = squeezed(text_of(answer.content))
    lines = [text for line in shown.lines for text in (line.date, line.amount, line.kind, line.details)]
    for text in (shown.title, *(part for fact in (*shown.head, *shown.totals) for part in fact), *lines):
        assert squeezed(text) in said, text


def test_a_statement_is_a_spreadsheet_too(bank: Bank):
    owner, _ = lively(bank)
    answer = get(signed_in(bank, owner), "/papers/ru/statement.csv?period=today")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "-4812,40" in answer.text


def test_without_days_a_statement_is_of_this_month(bank: Bank):
    owner, _ = lively(bank)
    today = bank.clock.today()
    name = get(signed_in(bank, owner), "/papers/en/statement.csv").headers["content-disposition"]
    assert f"statement-{today.replace(day=1)}-{today}.csv" in name


def test_somebody_elses_receipt_is_not_found(bank: Bank):
    _, receipt = lively(bank)
    thief = signed_in(bank, customer(bank, phone=OTHER_PHONE))
    answer = get(thief, f"/papers/ru/receipt/{receipt}.pdf")
    assert (answer.status_code, answer.content) == (404, b"")
    assert get(thief, f"/papers/ru/receipt/{'x' * 26}.pdf").status_code == 404


def test_a_statement_is_of_whoever_asks_and_of_nobody_else(bank: Bank):
    lively(bank)
    thief = signed_in(bank, customer(bank, phone=OTHER_PHONE, given_name="Тимур"))
    answer = get(thief, "/papers/ru/statement.csv?period=today")
    assert len(answer.text.splitlines()) == 1


@pytest.mark.parametrize("path", ["receipt/{receipt}.pdf", "statement.pdf", "statement.csv"])
def test_a_guest_is_sent_to_sign_in(bank: Bank, path: str):
    _, receipt = lively(bank)
    for browser in (Browser(bank), Browser(bank, "x")):
        answer = get(browser, f"/papers/ru/{path.format(receipt=receipt)}")
        assert (answer.status_code, answer.headers["location"], answer.content) == (303, "/ru/login", b"")


def test_a_browser_that_signed_out_is_a_guest(bank: Bank):
    owner, receipt = lively(bank)
    browser = signed_in(bank, owner)
    bank.db.write_now(sessions.end, cookie=browser.sid)
    assert get(browser, f"/papers/ru/receipt/{receipt}.pdf").status_code == 303


@pytest.mark.parametrize("path", ["/papers/de/statement.pdf", "/papers/ru/statement.exe", "/papers/ru/receipt/.pdf"])
def test_what_is_no_paper_is_not_found(bank: Bank, path: str):
    owner, _ = lively(bank)
    assert get(signed_in(bank, owner), path).status_code == 404


def test_days_in_the_wrong_order_and_too_many_rows_lead_to_the_page_that_says_so(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
):
    owner, _ = lively(bank)
    browser, days = signed_in(bank, owner), "from=2026-02-02&to=2026-02-01"
    assert get(browser, f"/papers/ru/statement.pdf?{days}").headers["location"] == f"/ru/my-payments/statement?{days}"
    monkeypatch.setattr(listing, "MOST_ROWS", 1)
    assert get(browser, "/papers/ru/statement.pdf").status_code == 303


def test_papers_are_never_set_on_the_event_loop(bank: Bank):
    owner, receipt = lively(bank)
    browser, here = signed_in(bank, owner), set()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_globals.get("__name__") in (pdf.__name__, spreadsheet.__name__):
            here.add(frame.f_code.co_name)

    # Of this thread alone, which is the loop's.
    sys.setprofile(watch)
    try:
        paths = (f"receipt/{receipt}.pdf", "statement.pdf", "statement.csv")
        answers = [get(browser, f"/papers/ru/{path}").status_code for path in paths]
    finally:
        sys.setprofile(None)
    assert (answers, here) == ([200] * 3, set())
