"""What a customer paid before, to be paid again: the accounts, and how each of them was named."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, literal
from sqlmodel import col, select

from kaspi_web.domain.bills.models import Biller, BillPayment, PaymentIntent
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.models import Operation
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money

_LOOKED_THROUGH = 60
"""Payments that are looked through for different accounts; older ones are in History."""
_WENT = ("funding", "on_way", "registry", "done")


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment to be repeated: the service, how the account was named, and the further fields by name."""

    receipt: str
    slug: str
    city: str
    way: str
    account: str
    is_sealed: bool
    """The account is only shown: it was an IIN, and nobody types it."""
    extra: dict[str, str]
    amount: Money
    source: str
    card_id: int | None
    spent_bonus: Money


def paid_lately(unit: Unit, *, customer_id: int, slug: str = "", category: str = "", most: int = 6) -> list[Paid]:
    """Different accounts that the customer paid, the last one first: of one service, of a category, or all."""
    rows = _payments().where(BillPayment.customer_id == customer_id, col(BillPayment.state).in_(_WENT))
    if slug:
        rows = rows.where(BillPayment.biller == slug)
    if category:
        rows = rows.where(Biller.category == category)
    found: dict[tuple[str, str], Paid] = {}
    for row in unit.exec(rows.order_by(col(BillPayment.id).desc()).limit(_LOOKED_THROUGH)):
        one = _paid(*row)
        found.setdefault((one.slug, one.account), one)
    return list(found.values())[:most]


def last_city(unit: Unit, *, customer_id: int) -> str:
    """The city of the last payment to a service of one city; empty before there was any."""
    rows = select(Biller.city).join(BillPayment).where(BillPayment.customer_id == customer_id, Biller.city != "")
    return unit.exec(rows.order_by(col(BillPayment.id).desc()).limit(1)).first() or ""


def to_repeat(unit: Unit, *, customer_id: int, receipt: str) -> Paid:
    """The bill payment with this receipt; raises NotFound for anybody else's and for what is no bill payment."""
    subject = wallet.operation(unit, customer_id=customer_id, receipt=receipt).subject
    kind, _, number = subject.partition(":")
    if kind != "bill_payment":
        raise NotFound
    this = (BillPayment.id == int(number), BillPayment.customer_id == customer_id)
    row = unit.exec(_payments().where(*this)).one_or_none()
    if row is None:
        raise NotFound
    return _paid(*row)


def receipts_of(unit: Unit, *, customer_id: int, subjects: list[str]) -> dict[str, tuple[str, str]]:
    """Receipt and service of the deeds that entries are about, as far as they are the customer's; by subject.

    A hold is about the key of the intent, what follows about the payment or its refund; a hold of bonuses for a
    transfer is about that transfer.
    """
    keys = {each: each.split(":")[1] for each in subjects if each.startswith("intent:")}
    paid = select(PaymentIntent.key, PaymentIntent.payment_id).where(
        PaymentIntent.customer_id == customer_id, col(PaymentIntent.key).in_(keys.values())
    )
    payments = {key: f"bill_payment:{number}" for key, number in unit.exec(paid) if number is not None}
    meant = {each: payments.get(keys.get(each, ""), each.removesuffix(":bonus")) for each in subjects}
    mine = (Operation.customer_id == customer_id, col(Operation.subject).in_(set(meant.values())))
    rows = unit.exec(select(Operation.subject, Operation.receipt, Operation.counterparty).where(*mine))
    found = {subject: (receipt, slug) for subject, receipt, slug in rows}
    return {each: found[subject] for each, subject in meant.items() if subject in found}


def _payments() -> Any:
    subject = literal("bill_payment:") + cast(BillPayment.id, String)
    receipt = (Operation.customer_id == BillPayment.customer_id) & (Operation.subject == subject)
    shown: Any = (BillPayment, Biller.city, PaymentIntent.way, PaymentIntent.extra, Operation.receipt)
    rows: Any = select(*shown)
    rows = rows.join(Biller, col(Biller.slug) == BillPayment.biller)
    # A payment made otherwise than on a page has no intent.
    rows = rows.outerjoin(PaymentIntent, col(PaymentIntent.payment_id) == BillPayment.id)
    return rows.join(Operation, receipt)


def _paid(made: BillPayment, city: str, way: str | None, extra: str | None, receipt: str) -> Paid:
    return Paid(
        receipt,
        made.biller,
        city,
        way or "",
        made.account,
        bool(made.account_sealed),
        json.loads(extra or "{}"),
        Money(made.amount_tiyn),
        made.source,
        made.card_id,
        Money(made.spent_bonus_tiyn),
    )
