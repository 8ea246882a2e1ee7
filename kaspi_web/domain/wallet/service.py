"""Noting operations in a customer's list, and reading balances and pages of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.wallet.models import Operation
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit, prepared
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money

PAGE = 20


@dataclass(frozen=True, slots=True)
class Balances:
    """What a customer may spend now; money that is set aside is in neither."""

    wallet: Money
    bonus: Money


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation as its owner sees it; `amount` is below zero for money that went out."""

    id: int
    receipt: str
    kind: str
    subject: str
    counterparty: str
    account: str
    amount: Money
    bonus: Money
    state: str
    occurred_at: datetime
    changed_at: datetime
    wallet: Money = ZERO
    """What of `amount` is the wallet's, as things stand."""
    fee: Money = ZERO
    source: str = "wallet"
    category: str = ""

    @property
    def number(self) -> str:
        """The number on the receipt."""
        return f"{self.id:09d}"


def account_id(unit: Unit, customer_id: int) -> int:
    """The ledger account of a customer's wallet."""
    return ledger.account(unit, "wallet", str(customer_id))


_BALANCES = prepared("SELECT kind, balance_tiyn FROM account WHERE owner = ? AND kind IN ('wallet', 'bonus')")


def balances(unit: Unit, *, customer_id: int) -> Balances:
    """The customer's wallet and bonus balances."""
    kept = dict(unit.run(_BALANCES, str(customer_id)).fetchall())
    return Balances(Money(kept.get("wallet") or 0), Money(kept.get("bonus") or 0))


_SLUGS = ("bill", "refund", "topup", "purchase", "order_refund")
"""Kinds whose counterparty is a slug; its names are searched where they are kept."""


def note(
    unit: Unit,
    *,
    customer_id: int,
    kind: str,
    subject: str,
    counterparty: str,
    account: str = "",
    amount: Money,
    bonus: Money = ZERO,
    state: str,
    wallet: Money | None = None,
    fee: Money = ZERO,
    source: str = "wallet",
    category: str = "",
) -> str:
    """Add a deed to the customer's list and announce it; answers the receipt's address.

    `wallet` is what the deed has changed in the wallet so far. Left out, the whole sum is the wallet's: what goes
    out has left it already, what comes in is there once it is done.
    """
    now = unit.clock.now()
    if wallet is None:
        wallet = amount if state == "done" or amount < ZERO else ZERO
    receipt = public_id()
    unit.insert(
        Operation,
        receipt=receipt,
        customer_id=customer_id,
        kind=kind,
        subject=subject,
        counterparty=counterparty,
        account=account,
        amount_tiyn=amount.tiyn,
        bonus_tiyn=bonus.tiyn,
        state=state,
        occurred_at=now,
        changed_at=now,
        wallet_tiyn=0 if state == "refused" else wallet.tiyn,
        fee_tiyn=fee.tiyn,
        source=source,
        category=category or kind,
        search=(account if kind in _SLUGS else f"{counterparty}\n{account}").casefold()[:300],
    )
    unit.tell(f"customer:{customer_id}")
    return receipt


_TURN = prepared(
    "UPDATE operation SET state = ?, changed_at = ?,"
    " wallet_tiyn = CASE WHEN ? = 'refused' THEN 0 WHEN ? = 'done' AND amount_tiyn > 0 AND source = 'wallet'"
    " THEN amount_tiyn ELSE wallet_tiyn END WHERE customer_id = ? AND subject = ?"
)
_TURN_TO = prepared(
    "UPDATE operation SET state = ?, changed_at = ?, wallet_tiyn = ?, source = COALESCE(?, source)"
    " WHERE customer_id = ? AND subject = ?"
)


def turn(
    unit: Unit,
    *,
    customer_id: int,
    subject: str,
    state: str,
    wallet: Money | None = None,
    source: str | None = None,
) -> None:
    """Note what became of a deed in the customer's list and announce it.

    `wallet` is what it has changed in the wallet in all, `source` where the money is in the end. Left out, what is
    refused has changed nothing, and what comes in to the wallet is there once it is done.
    """
    now = unit.stored_moment(unit.clock.now())
    if wallet is None:
        unit.run(_TURN, state, now, state, state, customer_id, subject)
    else:
        unit.run(_TURN_TO, state, now, 0 if state == "refused" else wallet.tiyn, source, customer_id, subject)
    unit.tell(f"customer:{customer_id}")


def operations(
    unit: Unit, *, customer_id: int, before: int | None = None, states: tuple[str, ...] = (), most: int = PAGE
) -> list[OperationView]:
    """A page of the customer's operations, newest first, older than the operation `before`; see also `listing`."""
    page = select(Operation).where(Operation.customer_id == customer_id)
    if before is not None:
        page = page.where(col(Operation.id) < before)
    if states:
        page = page.where(col(Operation.state).in_(states))
    return [view_of(row) for row in unit.exec(page.order_by(col(Operation.id).desc()).limit(most))]


def operation(unit: Unit, *, customer_id: int, receipt: str) -> OperationView:
    """The operation with this receipt, for its owner; raises NotFound for anybody else."""
    mine = (Operation.receipt == receipt, Operation.customer_id == customer_id)
    row = unit.exec(select(Operation).where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    return view_of(row)


def operation_of(unit: Unit, *, customer_id: int, subject: str) -> OperationView:
    """The customer's operation about `subject`; raises NotFound."""
    mine = (Operation.subject == subject, Operation.customer_id == customer_id)
    row = unit.exec(select(Operation).where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    return view_of(row)


def view_of(row: Operation) -> OperationView:
    """What others see of an operation's row."""
    assert row.id is not None
    return OperationView(
        row.id,
        row.receipt,
        row.kind,
        row.subject,
        row.counterparty,
        row.account,
        Money(row.amount_tiyn),
        Money(row.bonus_tiyn),
        row.state,
        row.occurred_at,
        row.changed_at,
        Money(row.wallet_tiyn),
        Money(row.fee_tiyn),
        row.source,
        row.category,
    )
