"""Asking a transfer back: only its recipient can give it, within seven days by the bank's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from kaspi_web.domain.bonus import spending
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.transfers import drafts, noting
from kaspi_web.domain.transfers.drafts import owned
from kaspi_web.domain.transfers.funding import amount_of, bonus_of, money_of
from kaspi_web.domain.transfers.models import ReturnRequest, Transfer
from kaspi_web.domain.transfers.views import ASK_WITHIN_DAYS, TransferView, may_ask_back, view
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound, Refused
from kaspi_web.kernel.money import Money

ANSWER_WITHIN = timedelta(days=ASK_WITHIN_DAYS)


class CannotAskBack(Refused):
    """The transfer did not reach a customer of ours, or did more than seven days ago."""

    code = "cannot_ask_back"


class ReturnAnswered(Refused):
    """The request was answered otherwise before, or its seven days are over."""

    code = "return_answered"


@dataclass(frozen=True, slots=True)
class IncomingView:
    """A transfer as its recipient sees it; `return_state` is empty when nobody asked it back."""

    public_id: str
    sender: str
    amount: Money
    note: str
    on_card: str
    """The last digits of the card that it came to; empty for the wallet."""
    arrived_at: datetime
    return_state: str
    return_expires_at: datetime | None


def ask_back(unit: Unit, *, customer_id: int, transfer_id: str) -> TransferView:
    """Ask the recipient to give a transfer back; asked twice, it answers the same. Raises NotFound or CannotAskBack."""
    row = owned(unit, customer_id=customer_id, transfer_id=transfer_id)
    if _request(unit, row) is not None:
        return view(unit, row)
    if not may_ask_back(unit, row):
        raise CannotAskBack
    now = unit.clock.now()
    assert row.id is not None
    assert row.recipient_id is not None
    unit.add(ReturnRequest(transfer_id=row.id, asked_at=now, expires_at=now + ANSWER_WITHIN))
    unit.flush()
    sender = customers.card(unit, customer_id=customer_id).masked_name
    noting.tell(unit, row.recipient_id, "return_asked", amount_tiyn=row.amount_tiyn, sender=sender)
    for each in (customer_id, row.recipient_id):
        unit.tell(f"customer:{each}")
    return view(unit, row)


def _request(unit: Unit, row: Transfer) -> ReturnRequest | None:
    return unit.exec(select(ReturnRequest).where(ReturnRequest.transfer_id == row.id)).one_or_none()


def _received(unit: Unit, customer_id: int, transfer_id: str, *, lock: bool = False) -> Transfer:
    """The only way for a recipient to a transfer's row: once it has arrived; raises NotFound."""
    mine = (Transfer.public_id == transfer_id, Transfer.recipient_id == customer_id)
    found = select(Transfer).where(*mine, Transfer.state == "done", Transfer.kind != "own", Transfer.token == "")
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    row = unit.exec(found).one_or_none()
    if row is None:
        raise NotFound
    return row


def incoming(unit: Unit, *, customer_id: int, transfer_id: str) -> IncomingView:
    """A transfer that this customer was sent; raises NotFound, also for its sender."""
    return _incoming(unit, _received(unit, customer_id, transfer_id))


def _incoming(unit: Unit, row: Transfer) -> IncomingView:
    assert row.finished_at is not None
    asked = _request(unit, row)
    return IncomingView(
        row.public_id,
        customers.card(unit, customer_id=row.customer_id).masked_name,
        Money(row.amount_tiyn or 0),
        row.note,
        row.last4 if row.to_card_id is not None else "",
        row.finished_at,
        asked.state if asked is not None else "",
        asked.expires_at if asked is not None else None,
    )


def asked_of(unit: Unit, *, customer_id: int) -> list[IncomingView]:
    """The transfers that this customer is asked to give back, the oldest request first."""
    open_ = (ReturnRequest.state == "asked", ReturnRequest.expires_at > unit.clock.now())
    rows = select(Transfer).join(ReturnRequest).where(*open_, Transfer.recipient_id == customer_id)
    return [_incoming(unit, row) for row in unit.exec(rows.order_by(col(ReturnRequest.id)).limit(20))]


def accept(unit: Unit, *, customer_id: int, transfer_id: str) -> IncomingView:
    """Give a transfer back from the wallet, once: what bonuses paid goes to bonuses, the rest to the sender's wallet.

    Raises NotFound, ReturnAnswered or InsufficientFunds.
    """
    row = _received(unit, customer_id, transfer_id, lock=True)
    asked = _open(unit, row, otherwise="accepted")
    if asked is not None:
        _post_back(unit, row, asked)
        asked.state, asked.answered_at = "accepted", unit.clock.now()
        unit.flush()
        payee = customers.card(unit, customer_id=customer_id).masked_name
        noting.tell(unit, row.customer_id, "return_made", amount_tiyn=row.amount_tiyn, payee=payee)
    return _incoming(unit, row)


def decline(unit: Unit, *, customer_id: int, transfer_id: str) -> IncomingView:
    """Refuse to give a transfer back. Raises NotFound or ReturnAnswered."""
    row = _received(unit, customer_id, transfer_id, lock=True)
    asked = _open(unit, row, otherwise="declined")
    if asked is not None:
        _close(unit, row, asked, "declined")
    return _incoming(unit, row)


def _open(unit: Unit, row: Transfer, *, otherwise: str) -> ReturnRequest | None:
    """The open request; None when it was answered just so before."""
    asked = _request(unit, row)
    if asked is None:
        raise NotFound
    if asked.state == otherwise:
        return None
    if asked.state != "asked" or asked.expires_at <= unit.clock.now():
        raise ReturnAnswered
    return asked


def _close(unit: Unit, row: Transfer, asked: ReturnRequest, state: str) -> None:
    asked.state, asked.answered_at = state, unit.clock.now()
    unit.flush()
    noting.tell(unit, row.customer_id, "return_declined", amount_tiyn=row.amount_tiyn, payee=drafts.payee(row))
    for each in (row.customer_id, row.recipient_id):
        unit.tell(f"customer:{each}")


def _post_back(unit: Unit, row: Transfer, asked: ReturnRequest) -> None:
    assert row.recipient_id is not None
    subject, amount = f"return_request:{asked.id}", amount_of(row)
    ledger.post(unit, kind="return_made", key=f"{subject}:made", moves=_moves_back(unit, row), subject=subject)
    sender = customers.card(unit, customer_id=row.customer_id).masked_name
    source = spending.source_words("bonus" if row.source == "bonus" else "wallet", bonus_of(row), "")
    for customer_id, kind, who, signed, of_wallet, where in (
        (row.recipient_id, "return_out", sender, -amount, -amount, "wallet"),
        (row.customer_id, "return_in", drafts.payee(row), amount, money_of(row), source),
    ):
        wallet.note(
            unit,
            customer_id=customer_id,
            kind=kind,
            subject=subject,
            counterparty=who,
            amount=signed,
            state="done",
            wallet=of_wallet,
            source=where,
        )


def _moves_back(unit: Unit, row: Transfer) -> list[Move]:
    assert row.recipient_id is not None
    giver, sender = wallet.account_id(unit, row.recipient_id), row.customer_id
    money = Move(giver, wallet.account_id(unit, sender), money_of(row))
    bonuses = Move(giver, spending.account_id(unit, sender), bonus_of(row))
    return [move for move in (money, bonuses) if move.amount]


def expire(unit: Unit, *, request_id: int) -> None:
    """Nobody answered in time; a request that was answered stays as it is."""
    number = unit.exec(select(ReturnRequest.transfer_id).where(ReturnRequest.id == request_id)).one_or_none()
    row = unit.exec(select(Transfer).where(Transfer.id == number).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    asked = unit.exec(
        select(ReturnRequest).where(ReturnRequest.id == request_id).execution_options(populate_existing=True)
    ).one()
    if asked.state == "asked" and asked.expires_at <= unit.clock.now():
        _close(unit, row, asked, "expired")
