"""What a payment earns: a rate of the service on the money paid, rounded down to a whole tiyn."""

from __future__ import annotations

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money


def earned(amount: Money, *, basis_points: int) -> Money:
    """The bonus for `amount`; rounding is down, so 20 000.00 at 1% gives 200.00 and 0.99 gives 0.00."""
    return amount.share(basis_points)


def accrual(unit: Unit, *, customer_id: int, bonus: Money) -> tuple[Move, ...]:
    """The posting that gives a bonus, to be part of the entry of the payment that earned it."""
    if not bonus:
        return ()
    return (Move(ledger.account(unit, "bonus_expense"), ledger.account(unit, "bonus", str(customer_id)), bonus),)
