"""A test of the suites: bugs planted on purpose in a copy of the project, each caught where it should be.

A suite that stays green over one of them would stay green over its like.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from kaspi_web.settings import ROOT

_COPIED = ("kaspi_web", "tests", "alembic", "assets", "docs", "alembic.ini", "pyproject.toml", "rxconfig.py")


class Bug(NamedTuple):
    """A change that makes the product wrong: `old` becomes `new` in `file`, and each of `caught_by` turns red."""

    file: str
    old: str
    new: str
    caught_by: tuple[str, ...]


BUGS = {
    "a missing owner check": Bug(
        "kaspi_web/domain/bills/intents.py",
        "    mine = (this, PaymentIntent.customer_id == customer_id)\n",
        "    mine = (this,)\n",
        (
            "tests/domain/test_bill_intents.py::TestOwner::test_another_customers_intent_is_not_found_by_any_deed",
            "tests/ui/test_strangers.py::test_my_intent_is_missing_for_somebody_else_whatever_is_called",
        ),
    ),
    "a commit before the idempotency row": Bug(
        "kaspi_web/domain/bills/payments.py",
        "    proposals.note_paid(unit, row",
        "    unit.commit()\n    proposals.note_paid(unit, row",
        (
            "tests/races/test_one_deed.py::test_the_same_key_from_all_is_one_payment",
            "tests/architecture/test_house_rules.py::test_services_never_commit",
        ),
    ),
    "a worker that forgets its lease": Bug(
        "kaspi_web/domain/bills/asking.py",
        "row.leased_until, row.tries = now + LEASE, row.tries + 1",
        "row.tries = row.tries + 1",
        (
            "tests/domain/test_bill_payments.py::TestClaim::test_two_workers_at_once_never_ask_for_the_same_payment",
            "tests/races/test_one_deed.py::test_payments_claimed_by_all_are_each_claimed_once",
        ),
    ),
    "a refund that nobody adds up": Bug(
        "kaspi_web/domain/bills/refunds.py",
        "    if not ZERO < given <= left:\n",
        "    if not ZERO < given <= Money(row.amount_tiyn):\n",
        (
            "tests/domain/test_bill_refunds.py::test_refunds_at_once_never_give_back_more_than_was_paid",
            "tests/races/test_one_card.py"
            "::test_refunds_before_and_after_the_billers_yes_give_back_no_more_than_was_paid",
        ),
    ),
    "an answer before the commit": Bug(
        "kaspi_web/kernel/groups.py",
        "            self._run_together(group)\n",
        "            self._run_together(group)\n            self._answer(group)\n",
        (
            "tests/kernel/test_groups.py::TestAnswers::test_and_news_leave_only_after_the_commit",
            "tests/kernel/test_groups.py::TestAPoisonedUnitAmong63GoodOnes::test_is_refused_alone",
        ),
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project without what is built or kept."""
    folder = tmp_path_factory.mktemp("planted")
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "planted"))
        else:
            shutil.copyfile(source, folder / name)
    return folder


def red(copy: Path, tests: set[str]) -> set[str]:
    """Which of the tests fail there, without their parameters."""
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", *sorted(tests)]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode in (0, 1), f"the suite did not run: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    failed = re.findall(r"^(?:FAILED|ERROR) ([^\s\[]+)", done.stdout, re.MULTILINE)
    return {each for each in tests if each in failed}


def test_without_a_bug_the_copy_is_green(copy: Path) -> None:
    assert red(copy, {test for bug in BUGS.values() for test in bug.caught_by}) == set()


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught(copy: Path, name: str) -> None:
    bug = BUGS[name]
    file = copy / bug.file
    sound = file.read_text(encoding="utf-8")
    assert sound.count(bug.old) == 1, f"{bug.file} has changed: plant the bug anew"
    file.write_text(sound.replace(bug.old, bug.new), encoding="utf-8")
    try:
        assert red(copy, set(bug.caught_by)) == set(bug.caught_by)
    finally:
        file.write_text(sound, encoding="utf-8")
