"""Terms and rules of lending from their data file: dated rows, added and never changed."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from sqlmodel import select

from kaspi_web.domain.loans.models import LoanRule, LoanTerm
from kaspi_web.domain.loans.rules import NUMBERS, SUMS
from kaspi_web.kernel.database import Unit
from kaspi_web.service_tables import BadServiceFile, Table
from kaspi_web.settings import ROOT

SHIPPED = ROOT / "kaspi_web" / "loan_terms.toml"
KINDS = ("red", "instalment", "credit")
_MOST_MONTHS = 60
_MOST_RATE = 10_000


def read(file: Path = SHIPPED) -> tuple[list[LoanTerm], list[LoanRule]]:
    """The terms and rules in the file, as rows of no database yet; raises BadServiceFile."""
    try:
        given = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadServiceFile(f"{file}: {error}") from None
    whole = Table(file, "loans", given)
    whole.only("term", "rule")
    return [_term(each) for each in whole.several("term")], [_rule(each) for each in whole.several("rule")]


def _term(table: Table) -> LoanTerm:
    table.only("kind", "months", "valid_from", "minimum", "maximum", "rate", "withdrawn")
    kind, months = table.one_of("kind", KINDS), table.number("months", most=_MOST_MONTHS)
    rate = table.number("rate", most=_MOST_RATE) if kind == "credit" else 0
    if "rate" in table.data and not rate:
        raise table.bad("rate", "a rate of a credit, above zero")
    minimum, maximum = table.sum("minimum", ""), table.sum("maximum", "")
    # From this sum on the last of equal payments is above zero: what rounding adds is less than a tenge for each month.
    if not 0 < months * months * 100 <= minimum.tiyn <= maximum.tiyn:
        raise table.bad("minimum", "a sum not above maximum, of months times months in tenge at least")
    return LoanTerm(
        kind=kind,
        months=months,
        valid_from=_day(table),
        minimum_tiyn=minimum.tiyn,
        maximum_tiyn=maximum.tiyn,
        rate_basis_points=rate,
        withdrawn=table.flag("withdrawn", False),
    )


def _rule(table: Table) -> LoanRule:
    name = table.one_of("name", (*NUMBERS, *SUMS))
    table.only("name", "valid_from", "sum" if name in SUMS else "number")
    value = table.sum("sum", "").tiyn if name in SUMS else table.number("number", most=1_000_000)
    if not value:
        raise table.bad("number", "something above zero")
    return LoanRule(name=name, valid_from=_day(table), value=value)


def _day(table: Table) -> date:
    day = table.day("valid_from")
    if day is None:
        raise table.bad("valid_from", "a date such as 2026-01-01")
    return day


def save(unit: Unit, *, found: tuple[list[LoanTerm], list[LoanRule]]) -> None:
    """Add the terms and rules of days that have none yet: what was in force stays what it was."""
    terms, rules = found
    known_terms = {(row.kind, row.months, row.valid_from) for row in unit.exec(select(LoanTerm))}
    known_rules = {(row.name, row.valid_from) for row in unit.exec(select(LoanRule))}
    # Copies: the unit may be run again, and the rows that were read belong to no bank.
    for term in terms:
        if (term.kind, term.months, term.valid_from) not in known_terms:
            unit.add(LoanTerm(**term.model_dump(exclude={"id"})))
    for rule in rules:
        if (rule.name, rule.valid_from) not in known_rules:
            unit.add(LoanRule(**rule.model_dump(exclude={"id"})))
