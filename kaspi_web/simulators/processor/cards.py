"""The test cards: the only numbers that this processor knows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kaspi_web.kernel.card_numbers import brand_of
from kaspi_web.kernel.money import Money

CVC = "123"
"""The security code of every test card."""
SILENT_S = 60.0


class Habit(StrEnum):
    """What a test card's bank does."""

    AGREES = "agrees"
    REFUSES_LINKS = "refuses_links"
    REFUSES_CHARGES = "refuses_charges"
    SILENT_ONCE = "silent_once"


@dataclass(frozen=True, slots=True)
class SimulatedCard:
    """A card of the simulated world, with what is on it on the first day."""

    number: str
    balance: Money
    habit: Habit = Habit.AGREES

    @property
    def brand(self) -> str:
        """The network."""
        return brand_of(self.number)


CARDS = {
    card.number: card
    for card in (
        SimulatedCard("4242424242424242", Money.tenge(500_000)),
        SimulatedCard("5555555555554444", Money.tenge(300_000)),
        SimulatedCard("4000000000000077", Money.tenge(2_000_000)),
        SimulatedCard("4000000000000002", Money.tenge(500_000), Habit.REFUSES_LINKS),
        SimulatedCard("4000000000000341", Money.tenge(500_000), Habit.REFUSES_CHARGES),
        SimulatedCard("4000000000009995", Money.tenge(100)),
        SimulatedCard("4000000000000119", Money.tenge(500_000), Habit.SILENT_ONCE),
    )
}
