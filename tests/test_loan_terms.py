"""The data file of lending: what it may say, and that rows are added and never changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from kaspi_web import demo_data, loan_terms
from kaspi_web.domain.loans.models import LoanRule, LoanTerm
from kaspi_web.domain.loans.rules import NUMBERS, SUMS
from kaspi_web.kernel.bank import Bank
from kaspi_web.service_tables import BadServiceFile

TERM = """
[[term]]
kind = "credit"
months = 12
valid_from = 2026-01-01
minimum = "20000.00"
maximum = "100000.00"
rate = 2400
"""
RULE = """
[[rule]]
name = "fine"
valid_from = 2026-01-01
sum = "2000.00"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "terms.toml"
    file.write_text(text, "utf-8")
    return file


def test_what_is_shipped_has_every_rule_and_can_be_read() -> None:
    terms, rules = loan_terms.read()
    assert {rule.name for rule in rules} == {*NUMBERS, *SUMS}
    assert {(term.kind, term.months) for term in terms} >= {("red", 3), ("instalment", 24), ("credit", 12)}


def test_a_file_is_read_as_rows(tmp_path: Path) -> None:
    (term,), (rule,) = loan_terms.read(written(tmp_path, TERM + RULE))
    assert (term.minimum_tiyn, term.rate_basis_points, term.valid_from) == (2_000_000, 2_400, date(2026, 1, 1))
    assert (rule.name, rule.value) == ("fine", 200_000)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rate = 2400", ""),
        ("rate = 2400", "rate = 0"),
        ("rate = 2400", "rate = 24.5"),
        ('kind = "credit"', 'kind = "red"'),
        ('kind = "credit"', 'kind = "gift"'),
        ("months = 12", "months = 0"),
        ("months = 12", "months = 61"),
        ('minimum = "20000.00"', 'minimum = "143.99"'),
        ('minimum = "20000.00"', "minimum = 20000"),
        ('maximum = "100000.00"', 'maximum = "19999.99"'),
        ("valid_from = 2026-01-01", 'valid_from = "today"'),
        ("months = 12", "months = 12\nfee = 5"),
        ('sum = "2000.00"', "number = 5"),
        ('sum = "2000.00"', 'sum = "0.00"'),
        ('name = "fine"', 'name = "bribe"'),
        ("[[rule]]", "[[custom]]"),
    ],
)
def test_what_has_no_meaning_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = RULE + TERM if old in RULE and old not in TERM else TERM
    assert old in text
    with pytest.raises(BadServiceFile, match="terms.toml"):
        loan_terms.read(written(tmp_path, text.replace(old, new, 1)))


def test_rows_that_are_there_stay_and_later_days_are_added(bank: Bank, tmp_path: Path) -> None:
    demo_data.load(bank)
    demo_data.load(bank)
    with_later = TERM.replace("2400", "3000") + TERM.replace("2026-01-01", "2027-01-01")
    for _ in range(2):
        found = loan_terms.read(written(tmp_path, with_later + RULE.replace("2000.00", "9000.00")))
        bank.db.write_now(loan_terms.save, found=found)
    which = select(LoanTerm.rate_basis_points).where(LoanTerm.kind == "credit", LoanTerm.months == 12)
    rates = bank.db.read_now(lambda unit: list(unit.exec(which.order_by(LoanTerm.valid_from))))
    assert rates == [2_800, 2_400]
    fines = bank.db.read_now(lambda unit: list(unit.exec(select(LoanRule.value).where(LoanRule.name == "fine"))))
    assert sorted(fines) == [200_000, 900_000], "another day, another rule"
