"""Receipts and statements as tagged PDF (PDF/UA-1), set by typst with our own two fonts and nothing of the machine's.

The sheets in this folder (`*.typ`) are programs; what is said on them comes in as data and is never read as one.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from kaspi_web.papers.receipts import Receipt
from kaspi_web.papers.statements import Statement

_FOLDER = Path(__file__).parent
_STANDARD = "ua-1"


def receipt_pdf(made: Receipt, *, heading: str, brand: str, footer: str) -> bytes:
    """A receipt on one page; `heading` is the word for it."""
    said = {"title": made.title, "status": made.status, "amount": made.amount, "facts": made.facts}
    return _set(
        "receipt", said | {"heading": f"{heading} № {made.number}", "lang": made.locale} | _frame(brand, footer)
    )


def statement_pdf(made: Statement, *, totals: str, rows: str, empty: str, brand: str, footer: str) -> bytes:
    """A statement; `totals` and `rows` head its two tables, `empty` stands where no row is."""
    lines = [(line.date, line.amount, line.kind, line.details) for line in made.lines]
    said: dict[str, Any] = {"head": made.head, "totals": made.totals, "columns": made.columns, "lines": lines}
    said |= {"totals_title": totals, "rows_title": rows, "empty": empty}
    return _set("statement", said | {"heading": made.title, "lang": made.locale} | _frame(brand, footer))


def _frame(brand: str, footer: str) -> dict[str, str]:
    return {"brand": brand, "footer": footer}


def _set(sheet: str, said: dict[str, Any]) -> bytes:
    given = {"said": json.dumps(_drawable(said), ensure_ascii=False)}
    # A compiler of its own for each page: several threads set pages at once.
    compiler = typst.Compiler(_sheet(sheet), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=given)
    made = compiler.compile(format="pdf", pdf_standards=[_STANDARD])
    assert isinstance(made, bytes), "a paper is one file"
    return made


@cache
def _sheet(name: str) -> bytes:
    return (_FOLDER / f"{name}.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FOLDER / "fonts")])


def _drawable(said: Any) -> Any:
    """What is said without letters that our fonts lack: the standard allows no letter without a shape."""
    if isinstance(said, str):
        return "".join(letter if _has(letter) else "?" for letter in said)
    if isinstance(said, dict):
        return {name: _drawable(value) for name, value in said.items()}
    return [_drawable(each) for each in said]


_RANGES = ((0x20, 0x7E), (0x401, 0x40C), (0x40E, 0x44F), (0x451, 0x45C), (0x45E, 0x45F))
_KAZAKH = frozenset(range(0x490, 0x494)) | {0x49A, 0x49B, 0x4A2, 0x4A3, *range(0x4AE, 0x4B2), 0x4BA, 0x4BB}
_SIGNS = frozenset(
    map(
        ord,
        "\u00a0\u00a7\u00a9\u00ab\u00b0\u00b1\u00b7\u00bb\u00d7\u2013\u2014\u2018\u2019\u201c\u201d\u201e\u2022\u2026",
    )
)
_OTHERS = _KAZAKH | _SIGNS | {0x4D8, 0x4D9, 0x4E8, 0x4E9, 0x2116, 0x2212, 0x20B8}


def _has(letter: str) -> bool:
    code = ord(letter)
    return code in _OTHERS or any(first <= code <= last for first, last in _RANGES)
