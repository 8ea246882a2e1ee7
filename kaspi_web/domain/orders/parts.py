"""What pieces of a line are worth, by the stored share of each source: parts add up to the whole, to the tiyn.

Any number of pieces is worth its price exactly: their bonuses are a share rounded down, their money is the rest.
Pieces drop out from the first one on: those cancelled before the hand-over, then those returned after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kaspi_web.domain.orders.models import OrderLine
from kaspi_web.kernel.allocation import piece
from kaspi_web.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Parts:
    """The shares of bonuses and money in a price, and of the commission on it."""

    bonus: Money = ZERO
    money: Money = ZERO
    commission: Money = ZERO

    @property
    def total(self) -> Money:
        """The price."""
        return self.bonus + self.money

    def __add__(self, other: Parts) -> Parts:
        return Parts(self.bonus + other.bonus, self.money + other.money, self.commission + other.commission)


def of_pieces(line: OrderLine, first: int, last: int) -> Parts:
    """The shares of the pieces from `first` up to `last`, which is not among them; numbered from 0."""
    bonus, commission = (
        piece(Money(tiyn), line.quantity, first, last) for tiyn in (line.bonus_tiyn, line.commission_tiyn)
    )
    return Parts(bonus, Money(line.price_tiyn * (last - first)) - bonus, commission)


def left_of(lines: Iterable[OrderLine]) -> Parts:
    """What is neither cancelled nor returned."""
    return total(of_pieces(line, gone_of(line), line.quantity) for line in lines)


def gone_of(line: OrderLine) -> int:
    """How many pieces have dropped out."""
    return line.cancelled + line.returned


def total(several: Iterable[Parts]) -> Parts:
    """All of them together."""
    return sum(several, Parts())
