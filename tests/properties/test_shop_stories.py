"""After every step of a random story about the shop: the audit is clean and the books of the model say the same.

Stock is never below zero, what is set aside is there, nobody's money is lost, and a plan without interest costs the
price to the tiyn. The answers of cards' banks are told to the bank as its workers tell them.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

from tests.databases import postgres_copy, sqlite_copy
from tests.properties.shop_base import which
from tests.properties.shop_scripts import SCRIPTS, Scripts
from tests.properties.shop_seen import BY_CHANCE, MUST_BE_SEEN
from tests.properties.shop_world import OpenDatabase, Shop


class WholeStory(Scripts):
    """All rules together, and what has to be true after each."""

    _is_sound = False

    @initialize(number=which)
    def begins_with_a_member_of_red(self, number: int) -> None:
        self.joins_red(number)

    @invariant()
    def everything_is_true(self) -> None:
        self._is_sound = False
        self.note("steps")
        self.everything_agrees()
        self._is_sound = True

    def teardown(self) -> None:
        try:
            # Not while something else is already wrong.
            if self._is_sound and sys.exc_info()[0] is None:
                self.ends()
        finally:
            self.shop.close()


def _played(story: WholeStory, script: str) -> None:
    """One script to its end, and nothing by chance."""
    try:
        getattr(story, script)()
        story.everything_is_true()
    finally:
        story.teardown()


def told(database: OpenDatabase, stories: int) -> tuple[Counter[str], Counter[str]]:
    """Play every script, then tell so many stories; answers what has happened in each of the two."""
    scripted, seen = Counter[str](), Counter[str]()
    each = settings(max_examples=stories, stateful_step_count=20, deadline=None)
    # The same stories every time, so that a suite that was green is green again.
    each = settings(each, derandomize=True, database=None, print_blob=True, suppress_health_check=list(HealthCheck))
    each = settings(each, phases=(Phase.generate,))
    for script in SCRIPTS:
        _played(WholeStory(Shop(database), scripted), script)
    run_state_machine_as_test(lambda: WholeStory(Shop(database), seen), settings=each)
    return scripted, seen


def test_random_stories_about_the_shop_keep_everybodys_money(
    sqlite_template: Path, figures: dict[str, Counter[str]]
) -> None:
    scripted, seen = told(lambda folder: nullcontext(sqlite_copy(sqlite_template, folder)), 40)
    figures["shop/sqlite"] = scripted + seen
    assert scripted.keys() >= MUST_BE_SEEN, MUST_BE_SEEN - scripted.keys()
    assert seen.keys() >= BY_CHANCE, BY_CHANCE - seen.keys()


def test_a_few_stories_about_the_shop_on_postgresql(postgres_template: str, figures: dict[str, Counter[str]]) -> None:
    scripted, seen = told(lambda _: postgres_copy(postgres_template), 6)
    figures["shop/psql"] = scripted + seen
    assert scripted.keys() >= MUST_BE_SEEN, MUST_BE_SEEN - scripted.keys()
