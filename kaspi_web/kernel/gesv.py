"""GESV, the yearly effective rate that the law has every lender show: what XIRR is in spreadsheets.

It is the G with sum P_i / (1+G)^(t_i/365) = S, where t_i are days since the money was lent. With d the discount of one
day, f(d) = sum P_i * d^t_i - S rises and bends upwards, so Newton's steps from d = 1 come down to its only root.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from functools import lru_cache

from kaspi_web.kernel.money import Money

_DAYS_OF_YEAR = 365
_CLOSE = Decimal("1e-15")
_MOST_STEPS = 100


def gesv(lent: Money, lent_on: date, payments: Sequence[tuple[date, Money]]) -> int:
    """The rate in hundredths of a percent, to the nearest; 0 if no more comes back than was lent."""
    flows = tuple(((day - lent_on).days, money.tiyn) for day, money in payments)
    return _rate(lent.tiyn, flows)


@lru_cache(maxsize=1024)
def _rate(lent: int, flows: tuple[tuple[int, int], ...]) -> int:
    if sum(money for _, money in flows) <= lent:
        return 0
    with localcontext() as exact:
        exact.prec = 28
        year = _discount(lent, flows) ** -_DAYS_OF_YEAR
        return int(((year - 1) * 10_000).to_integral_value())


def _discount(lent: int, flows: tuple[tuple[int, int], ...]) -> Decimal:
    discount = Decimal(1)
    for _ in range(_MOST_STEPS):
        value, slope = Decimal(-lent), Decimal(0)
        for days, money in flows:
            last = money * discount ** (days - 1)
            value += last * discount
            slope += last * days
        step = value / slope
        discount -= step
        if abs(step) < _CLOSE:
            break
    return discount
