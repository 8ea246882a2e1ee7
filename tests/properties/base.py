"""What every rule of a story needs: the world, the model beside it, and deeds whose refusal is an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import currently_in_test_context, event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import Money
from tests.properties.model import Model
from tests.properties.world import World

PHONES = ("+77010000101", "+77010000102", "+77010000103")

phones = st.sampled_from(PHONES)
which = st.integers(0, 7)
sums = st.one_of(
    st.integers(1_000, 500_000).map(Money),
    st.integers(500_001, 30_000_000).map(Money),
    st.sampled_from([Money.tenge(5_000), Money.tenge(5_000, 1), Money.tenge(9, 99), Money.tenge(1_000_000, 1)]),
)
moments = st.sampled_from([0, 3, 3, 61, 61, 660, 7_200, 90_000, 90_000])
"""Seconds of real time: leases end, waits are over, intents and codes end, the biller's day is over."""


class Story(RuleBasedStateMachine):
    """One bank from its first day on; the rules are in the classes above this one."""

    def __init__(self, world: World, seen: Counter[str]) -> None:
        super().__init__()
        self.world, self._seen = world, seen
        self.model = Model(world.bank.clock.today)

    def note(self, what: str) -> None:
        """Count that this has happened."""
        if currently_in_test_context():
            event(what)
        self._seen[what] += 1

    def tried(self, deed: Callable[..., Any], **given: Any) -> Any:
        """The answer of a deed, or its refusal, which is an answer like any other."""
        try:
            answer = self.world.write(deed, **given)
        except DomainError as refusal:
            answer = refusal
        if isinstance(answer, DomainError):
            self.note(f"{deed.__name__} refused: {type(answer).__name__}")
        return answer

    def somebody(self, which: int) -> str:
        """One of those who have a wallet."""
        phones = [phone for phone in PHONES if phone in self.model.customers]
        return phones[which % len(phones)]

    def look(self) -> None:
        """Take over what became of what was under way, as far as others' own books bear it out."""
