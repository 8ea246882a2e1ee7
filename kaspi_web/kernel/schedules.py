"""Schedules of payments: equal ones without interest, and the days on which payments fall due."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from kaspi_web.kernel.money import TIYN_PER_TENGE, Money


@dataclass(frozen=True, slots=True)
class Line:
    """One payment of a schedule; `left` is the principal that remains after it."""

    number: int
    due_on: date
    principal: Money
    interest: Money
    left: Money

    @property
    def payment(self) -> Money:
        """What is paid on the day."""
        return self.principal + self.interest


def payment_of(price: Money, months: int) -> Money:
    """A month's payment of a price without interest, rounded up to whole tenge."""
    return Money.tenge(-(-price.tiyn // (months * TIYN_PER_TENGE)))


def equal(price: Money, months: int) -> list[Money]:
    """A price in equal payments of whole tenge; the last one makes the sum exact.

    The last one is above zero for every price of `months` squared tenge and more; of what little is left of an order,
    less is paid earlier and nothing at the end.
    """
    usual, left = payment_of(price, months).tiyn, price.tiyn
    found = []
    for number in range(1, months + 1):
        part = left if number == months else min(usual, left)
        found.append(Money(part))
        left -= part
    return found


def month_later(day: date, months: int, *, on: int | None = None) -> date:
    """The same day of a later month, or the day `on`; the month's last day if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(on or day.day, last))


def lines(opened_on: date, parts: list[tuple[Money, Money]], *, on: int | None = None) -> list[Line]:
    """Payments (principal, interest) on the days of the months after the opening."""
    left = sum(principal.tiyn for principal, _ in parts)
    found = []
    for number, (principal, interest) in enumerate(parts, start=1):
        left -= principal.tiyn
        found.append(Line(number, month_later(opened_on, number, on=on), principal, interest, Money(left)))
    return found
