"""Papers: the statement and the receipt as files say what the screen says, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.deeds import facts, opens_receipt
from tests.journeys.people import DESK, PHONE, Person
from tests.papers.reading import root_of, squeezed, text_of

BRAND = "Kaspi wallet"


def _words(text: str) -> str:
    """What is said, without spaces; the file puts a colon where the screen has columns."""
    return squeezed(text).replace(":", "")


def _downloads(person: Person, link: Locator) -> tuple[str, bytes]:
    with person.page.expect_download() as started:
        link.click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def _statement_on_screen(person: Person) -> str:
    """Title, facts, totals and every row, in the order of the page."""
    main = person.page.get_by_role("main")
    expect(main.locator("table.statement")).to_be_visible()
    parts = main.locator(":is(h1, h2, dt, dd, th, td)").all_inner_texts()
    return squeezed(" ".join(parts))


@pytest.mark.parametrize(("locale", "size"), [("kk", PHONE), ("ru", DESK)], ids=["kk-phone", "ru-desk"])
def test_the_statement_that_is_downloaded_says_what_the_screen_says(
    new_person: NewPerson, locale: str, size: tuple[int, int]
) -> None:
    person = new_person(locale=locale, size=size, tenge=9_000)
    person.pay_bill("04512295", "1234,56")
    person.sees_result("done")
    person.pay_bill("04512337", "1500")
    person.sees_result("refused")

    person.open("/my-payments/history")
    person.follow("history.statement.open")
    person.arrives_at("/my-payments/statement")
    screen = _statement_on_screen(person)
    name, body = _downloads(person, person.page.get_by_role("link", name=person.w("history.statement.pdf")))
    assert name.startswith("statement-")
    assert name.endswith(".pdf")
    around = f"{BRAND}{{}}{person.w('footer.demo')}1/1"
    assert _words(text_of(body)) == _words(around.format(screen))
    for said in ("9000,00₸", "−1234,56₸", "7765,44₸", "Нұрланова"):
        assert said in screen
    assert root_of(body)["/Lang"] == locale

    name, table = _downloads(person, person.page.get_by_role("link", name=person.w("history.statement.csv")))
    assert name.endswith(".csv")
    rows = table.decode("utf-8-sig").splitlines()
    assert any("04512295" in row and "1234,56" in row for row in rows)


def test_the_receipt_that_is_downloaded_says_what_the_screen_says(new_person: NewPerson) -> None:
    person = new_person(locale="kk", tenge=9_000)
    person.pay_bill("04512295", "1234,56")
    person.sees_result("done")
    opens_receipt(person)
    shown = facts(person, "main")
    title = person.title.inner_text()
    name, body = _downloads(person, person.page.get_by_role("link", name=person.w("receipt.pdf")))
    text = squeezed(text_of(body))
    assert name == f"receipt-{shown[person.w('receipt.number')]}.pdf"
    assert squeezed(title) in text
    for fact, value in shown.items():
        assert squeezed(fact + value) in text


def test_nobody_downloads_the_papers_of_somebody_else(new_person: NewPerson) -> None:
    payer, stranger = new_person(tenge=1_000), new_person(tenge=1_000)
    payer.pay_bill("04512295", "500")
    payer.sees_result("done")
    opens_receipt(payer)
    path = payer.page.get_by_role("link", name=payer.w("receipt.pdf")).get_attribute("href")
    assert payer.context.request.get(f"{payer.origin}{path}").status == 200
    assert stranger.context.request.get(f"{stranger.origin}{path}").status == 404
