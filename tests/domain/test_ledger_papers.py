"""docs/ledger.md says what the ledger does: every account, every kind of entry, side, floor and command."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from kaspi_web.domain.ledger.chart import CHART
from kaspi_web.domain.settlements.service import settle_day
from kaspi_web.domain.terminals import topups
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.settings import ROOT
from tests.make import bill_story, order_story, plan_story, transfer_story
from tests.make.bills import accepted, paid, refused
from tests.make.customers import customer
from tests.make.ledger import assert_clean, sql
from tests.make.topups import SLOW_TERMINAL, top_up

PAPER = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")


def told(bank: Bank) -> None:
    """A story in which every kind of entry is written."""
    owner = customer(bank)
    top_up(bank, Money.tenge(20_000))
    top_up(bank, Money.tenge(500), terminal=SLOW_TERMINAL)
    bank.clock.jump(timedelta(minutes=3))
    bank.db.write_now(topups.credit_due)
    accepted(bank, paid(bank, owner, Money.tenge(2_000)).id)
    refused(bank, paid(bank, owner, Money.tenge(300)).id)
    bill_story.tell(bank)
    transfer_story.tell(bank)
    order_story.tell(bank)
    plan_story.tell(bank)
    bank.clock.jump(timedelta(days=1))
    bank.db.write_now(settle_day, day=bank.clock.today() - timedelta(days=1))


def documented(heading: str) -> dict[str, list[str]]:
    """The rows of the table below a heading, by the word in their first cell."""
    section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", PAPER, re.M | re.S)
    assert section, f"docs/ledger.md has no chapter {heading!r}"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section[1].splitlines() if "|" in line]
    return {row[0].strip("`"): row for row in rows if row[0].startswith("`")}


def test_every_kind_of_entry_that_a_full_story_writes_is_in_the_paper_and_no_other(bank: Bank) -> None:
    told(bank)
    written = {kind for (kind,) in sql(bank, "SELECT DISTINCT kind FROM entry")}
    assert written == set(documented("Entries"))
    assert_clean(bank)


def test_every_posting_of_a_full_story_is_in_the_paper(bank: Bank) -> None:
    told(bank)
    made = sql(
        bank,
        "SELECT DISTINCT e.kind, d.kind, c.kind FROM posting p JOIN entry e ON e.id = p.entry_id"
        " JOIN account d ON d.id = p.debit_account_id JOIN account c ON c.id = p.credit_account_id",
    )
    rows = documented("Entries")
    said = {
        (kind, debit, credit)
        for kind, row in rows.items()
        for debit, credit in re.findall(r"`(\w+)` → `(\w+)`", " ".join(row[1:]))
    }
    assert {tuple(row) for row in made} == said


def test_every_kind_of_account_is_in_the_paper_with_its_side_and_floor() -> None:
    rows = documented("Accounts")
    assert set(rows) == set(CHART)
    for kind, type_ in CHART.items():
        assert rows[kind][1] == type_.normal.value
        assert rows[kind][2] == ("may go below zero" if type_.may_go_below_zero else "never below zero")
        assert rows[kind][3] == ("kept" if type_.keeps_balance else "summed")


@pytest.mark.parametrize("command", ["python -m kaspi_web audit", "python -m kaspi_web settle"])
def test_the_commands_are_in_the_paper(command: str) -> None:
    assert command in PAPER
