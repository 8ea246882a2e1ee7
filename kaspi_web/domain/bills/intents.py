"""Intents to pay a bill: issued before the biller is asked, paid once, ended after ten minutes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import select

from kaspi_web.domain.bills import offers
from kaspi_web.domain.bills.billers import OWN_IIN, BillerView, Filled, biller, in_use
from kaspi_web.domain.bills.models import PaymentIntent
from kaspi_web.domain.bills.offers import Chosen, Offer
from kaspi_web.domain.identity import service as identity
from kaspi_web.kernel.bill_lines import Debt
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import ordered_key, public_id
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import Busy, NotFound
from kaspi_web.kernel.money import Money

LIFETIME = timedelta(minutes=10)
CODE_ABOVE = Money.tenge(5_000)
"""A payment strictly above this, whatever it is paid with, needs a code from an SMS."""
MAX_ISSUED = 30


@dataclass(frozen=True, slots=True)
class IntentView:
    """An intent as its owner sees it; `proposal` counts what was proposed, and pay has to name the last."""

    id: str
    key: str
    biller: BillerView
    way: str
    account: str
    owner_name: str
    address: str
    debt: Money | None
    offer: Offer
    chosen: Chosen
    amount: Money | None
    source: str
    card_id: int | None
    bonus: Money
    proposal: int
    expires_at: datetime
    is_expired: bool
    is_confirmed: bool
    payment_id: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """What the biller is asked about an intent; a secret account travels in the body of the request."""

    address: str
    dialect: str
    account: str
    extra: dict[str, str]
    is_secret: bool


def issue(
    unit: Unit,
    *,
    customer_id: int,
    slug: str,
    account: str = "",
    way: str = "",
    extra: Mapping[str, str] | None = None,
) -> IntentView:
    """Make an intent before the biller is asked.

    Raises NotFound, identity.IinNeeded where the customer's own IIN has to be known first, or Busy above 30 in ten
    minutes.
    """
    now = real_now()
    _check_number(unit, customer_id, now)
    of = in_use(unit, slug=slug)
    shown, sealed = _account(unit, customer_id, of, Filled(way, account, {}))
    row = PaymentIntent(
        id=public_id(),
        key=ordered_key(),
        customer_id=customer_id,
        biller=slug,
        way=way,
        account=shown,
        account_sealed=sealed,
        extra=json.dumps(dict(extra or {}), ensure_ascii=False),
        issued_at=now,
        expires_at=now + LIFETIME,
    )
    unit.add(row)
    unit.flush()
    return view(unit, row)


def _check_number(unit: Unit, customer_id: int, now: datetime) -> None:
    lock_name(unit, f"intent:{customer_id}")
    recent = (PaymentIntent.customer_id == customer_id, PaymentIntent.issued_at > now - LIFETIME)
    count, first = unit.exec(select(func.count(), func.min(PaymentIntent.issued_at)).where(*recent)).one()
    if count >= MAX_ISSUED:
        raise Busy(until=first + LIFETIME)


def _account(unit: Unit, customer_id: int, of: BillerView, filled: Filled) -> tuple[str, str]:
    """The account as it is shown, and sealed where it is the customer's IIN."""
    by_iin = any(each.name == filled.way and each.kind == OWN_IIN for each in of.ways)
    if not by_iin and not of.needs_iin:
        return filled.account, ""
    known = identity.of(unit, customer_id=customer_id)
    if known is None:
        raise identity.IinNeeded
    if not by_iin:
        return filled.account, ""
    return known.masked, unit.keys.seal(identity.own_iin(unit, customer_id=customer_id))


def question(unit: Unit, *, customer_id: int, intent_id: str) -> Question:
    """What the biller is to be asked about a customer's intent; raises NotFound."""
    row = owned(unit, customer_id=customer_id, intent_id=intent_id, lock=False)
    of = biller(unit, slug=row.biller)
    account = unit.keys.unseal(row.account_sealed) if row.account_sealed else row.account
    return Question(of.address, of.dialect, account, words_of(of, row), bool(row.account_sealed))


def words_of(of: BillerView, row: PaymentIntent) -> dict[str, str]:
    """What the biller is told beside account and sum: the further fields, and the way where there are several."""
    by = {"by": row.way} if len(of.ways) > 1 and row.way else {}
    return json.loads(row.extra) | by | offers.chosen_of(row.chosen).words


def answered(unit: Unit, *, customer_id: int, intent_id: str, debt: Debt) -> IntentView:
    """Note what the biller said of the account."""
    row = owned(unit, customer_id=customer_id, intent_id=intent_id)
    row.answered_at = real_now()
    row.owner_name, row.address = debt.owner_name[:120], debt.address[:200]
    row.debt_tiyn = debt.amount.tiyn if debt.amount is not None else None
    row.offer = offers.written(debt)
    return view(unit, row)


def intent(unit: Unit, *, customer_id: int, intent_id: str) -> IntentView:
    """A customer's intent; raises NotFound, also for somebody else's."""
    return view(unit, owned(unit, customer_id=customer_id, intent_id=intent_id, lock=False))


def owned(unit: Unit, *, customer_id: int, intent_id: str = "", key: str = "", lock: bool = True) -> PaymentIntent:
    """The only way to an intent's row, by address or key, locked unless it is only read; raises NotFound."""
    this = PaymentIntent.id == intent_id if intent_id else PaymentIntent.key == key
    mine = (this, PaymentIntent.customer_id == customer_id)
    found = select(PaymentIntent).where(*mine)
    row = unit.exec(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        raise NotFound
    return row


def needs_code(row: PaymentIntent, amount: Money) -> bool:
    """Whether a code has still to be typed for this sum."""
    return amount > CODE_ABOVE and row.confirmed_tiyn != amount.tiyn


def view(unit: Unit, row: PaymentIntent) -> IntentView:
    """What the owner sees of an intent's row."""
    debt = Money(row.debt_tiyn) if row.debt_tiyn is not None else None
    amount = Money(row.amount_tiyn) if row.amount_tiyn is not None else None
    return IntentView(
        row.id,
        row.key,
        biller(unit, slug=row.biller),
        row.way,
        row.account,
        row.owner_name,
        row.address,
        debt,
        offers.read(row.offer),
        offers.chosen_of(row.chosen),
        amount,
        row.source,
        row.card_id,
        Money(row.spend_bonus_tiyn),
        row.proposal,
        row.expires_at,
        real_now() >= row.expires_at,
        amount is not None and not needs_code(row, amount),
        row.payment_id,
    )
