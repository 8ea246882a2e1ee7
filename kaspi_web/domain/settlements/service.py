"""The daily settlement, one entry for each counterparty and business day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, text
from sqlmodel import col, select

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.models import Account, Entry
from kaspi_web.domain.ledger.service import Move
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import Refused
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.table import Moment

# A day that is settled late is booked late: settlements count whenever they were booked.
_UNTIL = text(
    "SELECT COALESCE(SUM(CASE WHEN p.debit_account_id = :id THEN p.amount_tiyn ELSE -p.amount_tiyn END), 0)"
    " FROM posting p JOIN entry e ON e.id = p.entry_id"
    " WHERE (p.debit_account_id = :id OR p.credit_account_id = :id) AND (e.booked_at < :until OR e.kind = 'settlement')"
).bindparams(bindparam("until", type_=Moment()))


_COUNTERPARTIES = ("biller_payable", "terminal_network", "card_processor", "card_payouts", "merchant")
_NETTED = ("merchant",)
"""Whose debt is not asked for: later sales make up for it."""


class DayNotOver(Refused):
    """More may still be collected on this day; it can be settled once it is over."""

    code = "day_not_over"


def settle_day(unit: Unit, *, day: date) -> dict[str, Money]:
    """Settle what every biller, network, processor and merchant is owed or owes for business days up to `day`.

    Each once for a day; a merchant who owes is left to owe.

    Answers the sums by `kind:owner`; a day that was settled, or lies before one that was, gives none.
    Raises DayNotOver for a day that is not over yet by the bank's clock.
    """
    lock_name(unit, "settlement")
    if day >= unit.clock.today():
        raise DayNotOver
    until = datetime.combine(day + timedelta(days=1), time(), ALMATY)
    bank, done = ledger.account(unit, "settlement"), {}
    kinds = col(Account.kind).in_(_COUNTERPARTIES)
    for account in unit.exec(select(Account).where(kinds).order_by(col(Account.id))).all():
        subject, key = f"settlement:{account.kind}:{account.owner}", f"settlement:{account.kind}:{account.owner}:{day}"
        assert account.id is not None
        debited = _debited(unit, account.id, until)
        if not debited or _settled_since(unit, subject, key):
            continue
        if debited > ZERO and account.kind in _NETTED:
            continue
        move = Move(account.id, bank, -debited) if debited < ZERO else Move(bank, account.id, debited)
        ledger.post(unit, kind="settlement", key=key, moves=[move], subject=subject)
        done[f"{account.kind}:{account.owner}"] = move.amount
    return done


def _debited(unit: Unit, account_id: int, until: datetime) -> Money:
    return Money(int(unit.sql(_UNTIL, id=account_id, until=until).scalar_one()))


def _settled_since(unit: Unit, subject: str, key: str) -> bool:
    # Days are written YYYY-MM-DD, so that the order of the keys is the order of the days.
    return unit.exec(select(Entry.id).where(Entry.subject == subject, Entry.key >= key).limit(1)).first() is not None
