"""Credit in equal payments: exact whole-number arithmetic, no fraction is lost on the way.

The payment is S*i / (1 - (1+i)^-n) with i a twelfth of the yearly rate, rounded up to whole tenge; the interest of a
month is S*i rounded to the nearest tiyn; the last payment is what is left.
"""

from __future__ import annotations

from kaspi_web.kernel.money import TIYN_PER_TENGE, ZERO, Money

_PER_YEAR = 12 * 10_000
"""A yearly rate in basis points over this is the part of a month."""


def payment(amount: Money, basis_points: int, months: int) -> Money:
    """A month's payment, rounded up to whole tenge."""
    grown, whole = (_PER_YEAR + basis_points) ** months, _PER_YEAR**months
    above, below = amount.tiyn * basis_points * grown, _PER_YEAR * (grown - whole) * TIYN_PER_TENGE
    return Money.tenge(-(-above // below))


def interest(amount: Money, basis_points: int, *, days: int = 1, of: int = 1) -> Money:
    """The interest of a month on a sum, or of some days `of` those in it, to the nearest tiyn (a half goes up)."""
    below = _PER_YEAR * of
    return Money((2 * amount.tiyn * basis_points * days + below) // (2 * below))


def parts(amount: Money, basis_points: int, months: int) -> list[tuple[Money, Money]]:
    """Principal and interest of every payment; the last one pays what is left."""
    usual, left = payment(amount, basis_points, months), amount
    found = []
    for number in range(1, months + 1):
        of_month = interest(left, basis_points)
        principal = left if number == months else min(usual - of_month, left)
        found.append((principal, of_month))
        left -= principal
    assert left == ZERO
    return found
