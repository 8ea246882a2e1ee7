"""PDF: what was said can be read out of it again, letter by letter, by programs and by those who hear a page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from kaspi_web.i18n import LOCALES
from kaspi_web.kernel.money import ZERO
from kaspi_web.papers import pdf
from kaspi_web.papers.receipts import Receipt
from kaspi_web.papers.statements import Line, Statement
from kaspi_web.settings import ROOT
from tests.papers.reading import plain, roles_of, root_of, squeezed, text_of

KAZAKH = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі"
NBSP = "\u00a0"
FONTS = sorted((ROOT / "kaspi_web" / "papers" / "fonts").glob("*.ttf"))


def receipt(**changes: Any) -> Receipt:
    usual: dict[str, Any] = {"locale": "kk", "number": "000000012", "state": "done", "status": "Өтті"}
    usual |= {"title": "Алматы Энерго", "amount": f"\u22124{NBSP}812,40{NBSP}₸", "facts": (("Алушы", "Айгүл Н."),)}
    return Receipt(**(usual | changes))


def receipt_pdf(**changes: Any) -> bytes:
    return pdf.receipt_pdf(receipt(**changes), heading="Түбіртек", brand="Kaspi wallet", footer="Демо")


def statement(rows: int, **changes: Any) -> Statement:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    line = Line("23.11.2026", f"+1{NBSP}000,00{NBSP}₸", "Толтыру", "Абай, 44", at, ZERO, ZERO, ZERO, ZERO, "1")
    usual: dict[str, Any] = {"locale": "kk", "first": date(2026, 11, 1), "last": date(2026, 11, 23)}
    usual |= {"title": "Көшірме", "head": (("Клиент", "Нұрланова Айгүл"),), "totals": (("Толтырулар", "+1"),)}
    usual |= {"columns": ("Күні", "Сома", "Операция", "Мәліметтер"), "lines": (line,) * rows}
    return Statement(**(usual | changes))


def statement_pdf(rows: int, **changes: Any) -> bytes:
    given = {"totals": "Қысқаша", "rows": "Операциялар", "empty": "Бос", "brand": "Kaspi wallet", "footer": "Демо"}
    return pdf.statement_pdf(statement(rows, **changes), **given)


def test_every_kazakh_letter_the_sign_of_tenge_and_the_minus_are_read_back_exactly():
    said = f"{KAZAKH} \u2212 ₸ № « » — ё Ъ"
    assert plain(said) in text_of(receipt_pdf(facts=(("Хат", said),)))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_paper_is_tagged_titled_and_in_its_language(locale: str):
    for body in (receipt_pdf(locale=locale), statement_pdf(3, locale=locale)):
        root = root_of(body)
        assert root["/Lang"] == locale
        assert root["/MarkInfo"]["/Marked"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert b"pdfuaid:part" in root["/Metadata"].get_data()
        assert {"/Document", "/H1", "/P"} <= roles_of(body)


def test_rows_of_a_statement_are_a_table_with_a_head_on_every_page():
    body = statement_pdf(120)
    assert {"/Table", "/TH", "/TR", "/TD", "/H2"} <= roles_of(body)
    assert squeezed(text_of(body)).count("Мәліметтер") >= 3
    assert squeezed(text_of(body)).count("23.11.2026") == 120


def test_a_statement_without_rows_says_so():
    body = statement_pdf(0, totals=())
    assert "Бос" in text_of(body)
    assert "Қысқаша" not in text_of(body)


def test_what_is_said_is_data_and_never_a_program():
    said = '#panic("x") *bold* $x$ <label> @ref \\u{41} "quoted" // gone? [x] = y'
    assert plain(said) in text_of(receipt_pdf(title=said, facts=((said, said),)))


def test_letters_without_a_shape_are_marked_and_the_rest_is_read():
    assert "a?b" in text_of(receipt_pdf(title="a\u4e2db", facts=()))


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_the_letters_that_are_drawn_are_those_of_the_fonts(path: Any):
    there = set(TTFont(path).getBestCmap())
    assert there >= {ord(letter) for letter in KAZAKH}
    assert there == {code for code in range(0x20, 0x3000) if pdf._has(chr(code))}
