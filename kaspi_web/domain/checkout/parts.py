"""How a purchase's two parts, bonuses and money, are shared out over its orders and their lines."""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.domain.checkout.chosen import Agreed
from kaspi_web.kernel.allocation import allocate
from kaspi_web.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Share:
    """What one order is paid with, and its lines in their order, the delivery last if it costs anything."""

    amount: Money
    bonus: Money
    line_bonuses: tuple[Money, ...]

    @property
    def money(self) -> Money:
        """What is not paid with bonuses."""
        return self.amount - self.bonus


def shared(orders: tuple[Agreed, ...], spend: Money) -> list[Share]:
    """Bonuses by the largest remainder over orders, then over lines; money is what is left of each."""
    amounts = [order.amount for order in orders]
    bonuses = allocate(spend, [amount.tiyn for amount in amounts])
    return [
        Share(amount, bonus, tuple(allocate(bonus, order.weights)))
        for order, amount, bonus in zip(orders, amounts, bonuses, strict=True)
    ]
