"""Spending bonuses, on whatever is paid: they are held beside the money, or taken with it in one entry."""

from __future__ import annotations

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid
from kaspi_web.kernel.money import Money


class BonusShort(Invalid):
    """More bonuses were to be spent than there are; `have` says how many there are."""

    code, field = "bonus_short", "bonus"


class BonusTooMuch(Invalid):
    """More bonuses were to be spent than is to be paid."""

    code, field = "bonus_too_much", "bonus"


def account_id(unit: Unit, customer_id: int) -> int:
    """The ledger account of a customer's bonuses."""
    return ledger.account(unit, "bonus", str(customer_id))


def hold(
    unit: Unit, *, customer_id: int, amount: Money, kind: str, key: str, subject: str, with_accounts: tuple[int, ...]
) -> int:
    """Set bonuses aside; answers the hold's id; raises BonusShort.

    `with_accounts` are those that the deed takes from beside: all are locked first, in the order that everybody keeps.
    """
    of = account_id(unit, customer_id)
    ledger.lock_accounts(unit, of, *with_accounts)
    try:
        return ledger.hold(unit, kind=kind, key=key, account_id=of, amount=amount, subject=subject)
    except InsufficientFunds as short:
        raise BonusShort(have=amount - short.params["missing"]) from None


def check(unit: Unit, *, customer_id: int, amount: Money, with_accounts: tuple[int, ...]) -> None:
    """See to it that so many bonuses can be taken in this unit; raises BonusShort. `with_accounts` as for `hold`."""
    of = account_id(unit, customer_id)
    ledger.lock_accounts(unit, of, *with_accounts)
    have = ledger.locked_balance(unit, of)
    if amount > have:
        raise BonusShort(have=have)


def source_words(source: str, spend: Money, last4: str) -> str:
    """How the list of operations names where money came from or went to: `bonus+card:1234`."""
    money = f"card:{last4}" if source == "card" else source
    return f"bonus+{money}" if spend and source != "bonus" else money
