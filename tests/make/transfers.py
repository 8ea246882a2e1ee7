"""Transfers of tests: drafted, proposed, confirmed and sent by the street's own verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from kaspi_web.domain.cards import charges, linking
from kaspi_web.domain.cards import recipients as typed_cards
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.service import CardView
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.domain.transfers import drafts, due, recipients, returns, sending
from kaspi_web.domain.transfers.drafts import Proposal
from kaspi_web.domain.transfers.models import TransferLimit
from kaspi_web.domain.transfers.returns import IncomingView
from kaspi_web.domain.transfers.views import TransferView
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.processing import Charged, PaidOut
from tests.make.customers import OTHER_PHONE
from tests.make.ledger import account, post, sql

SUM = Money.tenge(1_000)
NOBODY = "+77010000199"
"""A number without a wallet."""


def to_phone(bank: Bank, sender: int, phone: str = OTHER_PHONE) -> str:
    """The address of a draft to a number."""
    return bank.db.write_now(recipients.to_phone, customer_id=sender, phone=phone)


def to_own(bank: Bank, sender: int, to: str = recipients.WALLET) -> str:
    """The address of a draft between own accounts."""
    return bank.db.write_now(recipients.to_own, customer_id=sender, to=to)


def to_card_here(bank: Bank, sender: int, card: CardView, owner: int) -> str:
    """The address of a draft to somebody's card of this bank, whose number was typed."""
    shown_to_owner = bank.db.read_now(cards.requisites, customer_id=owner, public_id=card.public_id)
    named = bank.db.write_now(typed_cards.begin, customer_id=sender)
    this = {"customer_id": sender, "recipient_id": named}
    assert bank.db.write_now(typed_cards.of_ours, number=shown_to_owner.number, **this)
    return bank.db.write_now(recipients.to_card, **this)


def typed(bank: Bank, sender: int, *, token: str = "tok_friend") -> str:
    """The address of another bank's card whose number was typed."""
    named = bank.db.write_now(typed_cards.begin, customer_id=sender)
    card = {"token": token, "brand": "visa", "last4": "4444"}
    bank.db.write_now(typed_cards.of_another_bank, customer_id=sender, recipient_id=named, **card)
    return named


def to_other_bank(bank: Bank, sender: int, *, token: str = "tok_friend") -> str:
    """The address of a draft to another bank's card."""
    named = typed(bank, sender, token=token)
    return bank.db.write_now(recipients.to_card, customer_id=sender, recipient_id=named)


def linked(bank: Bank, owner: int, *, last4: str = "4242") -> CardView:
    """Another bank's card of the customer."""
    card = {"token": f"tok_{owner}_{last4}", "brand": "visa", "last4": last4}
    this = {"customer_id": owner, "link_id": bank.db.write_now(linking.begin, customer_id=owner)}
    bank.db.write_now(linking.challenged, **this, **card)
    return bank.db.write_now(linking.proved, **this)


def own_card(bank: Bank, owner: int, *, money: Money = ZERO) -> CardView:
    """A card of this bank with `money` on it."""
    made = bank.db.write_now(cards.open_own, customer_id=owner)
    if money:
        post(bank, (account(bank, "terminal_network", "kaspi"), account(bank, "card", str(made.id)), money))
    return made


def on_card(bank: Bank, owner: int, card: CardView) -> Money | None:
    """What is on the card now."""
    return bank.db.read_now(cards.card, customer_id=owner, public_id=card.public_id).balance


def charge_of(bank: Bank, made: TransferView) -> charges.ChargeView:
    """The charge on another bank's card that pays for it."""
    return bank.db.read_now(charges.charge, charge_id=made.charge_id)


def proposed(
    bank: Bank,
    sender: int,
    transfer_id: str,
    amount: Money = SUM,
    *,
    source: str = "wallet",
    spend: Money = ZERO,
    note: str = "",
) -> Proposal:
    """What the review shows."""
    given = {"amount": amount, "source": source, "spend": spend, "note": note}
    return bank.db.write_now(drafts.propose, customer_id=sender, transfer_id=transfer_id, **given)


def confirmed(bank: Bank, transfer_id: str) -> None:
    """A code was typed for the proposed sum."""
    sql(bank, "UPDATE transfer SET confirmed_tiyn = amount_tiyn WHERE public_id = :id", id=transfer_id)


def sent(bank: Bank, sender: int, transfer_id: str, amount: Money = SUM, **more: Any) -> TransferView:
    """Review, code and Send."""
    made = proposed(bank, sender, transfer_id, amount, **more)
    confirmed(bank, transfer_id)
    return send(bank, sender, transfer_id, made.number)


def send(bank: Bank, sender: int, transfer_id: str, proposal: int) -> TransferView:
    """Press Send."""
    return bank.db.write_now(sending.send, customer_id=sender, transfer_id=transfer_id, proposal=proposal)


def send_now(bank: Bank, sender: int, transfer_id: str) -> TransferView:
    """Do not wait."""
    return bank.db.write_now(sending.send_now, customer_id=sender, transfer_id=transfer_id)


def undo(bank: Bank, sender: int, transfer_id: str) -> TransferView:
    """Press Undo."""
    return bank.db.write_now(sending.undo, customer_id=sender, transfer_id=transfer_id)


def delivered(bank: Bank, sender: int, phone: str = OTHER_PHONE, amount: Money = SUM) -> TransferView:
    """A transfer to a number that has arrived."""
    made = sent(bank, sender, to_phone(bank, sender, phone), amount)
    return send_now(bank, sender, made.public_id) if made.state == "held" else made


def seen(bank: Bank, sender: int, transfer_id: str) -> TransferView:
    """The transfer as its sender sees it now."""
    return bank.db.read_now(sending.transfer, customer_id=sender, transfer_id=transfer_id)


def settled(bank: Bank) -> list[str]:
    """One round of the worker: what was due, settled."""
    found = bank.db.read_now(due.due_now)
    for subject in found:
        bank.db.write_now(due.settle, subject=subject)
    return found


def charge_answered(bank: Bank, made: TransferView, state: str, reason: str = "") -> None:
    """The processor's answer for the card that pays."""
    bank.db.write_now(sagas.charge_answered, charge_id=made.charge_id, answer=Charged(state, reason))


def payout_answered(bank: Bank, transfer_id: str, state: str, reason: str = "") -> None:
    """The processor's answer for the card that is paid."""
    ((payout_id,),) = sql(bank, "SELECT payout_id FROM transfer WHERE public_id = :id", id=transfer_id)
    bank.db.write_now(sagas.payout_answered, payout_id=payout_id, answer=PaidOut(state, reason))


def asked_back(bank: Bank, sender: int, transfer_id: str) -> TransferView:
    """The sender asks for it back."""
    return bank.db.write_now(returns.ask_back, customer_id=sender, transfer_id=transfer_id)


def incoming(bank: Bank, recipient: int, transfer_id: str) -> IncomingView:
    """The transfer as its recipient sees it."""
    return bank.db.read_now(returns.incoming, customer_id=recipient, transfer_id=transfer_id)


def answered(bank: Bank, recipient: int, transfer_id: str, *, yes: bool) -> IncomingView:
    """The recipient gives it back, or does not."""
    deed = returns.accept if yes else returns.decline
    return bank.db.write_now(deed, customer_id=recipient, transfer_id=transfer_id)


def limited(bank: Bank, kind: str = "phone", *, once: Money, day: Money, valid_from: date | None = None) -> None:
    """A limit that is in force from today on, or another day."""
    bank.db.write_now(_limit, kind, valid_from or bank.clock.today(), once, day)


def _limit(unit: Unit, kind: str, valid_from: date, once: Money, day: Money) -> None:
    unit.add(TransferLimit(kind=kind, valid_from=valid_from, per_operation_tiyn=once.tiyn, per_day_tiyn=day.tiyn))


def touched(bank: Bank) -> list[Any]:
    """Every transfer and request as it stands: equal before and after means that nothing was done."""
    rows = sql(bank, "SELECT id, state, hold_id, charge_id, payout_id FROM transfer ORDER BY id")
    asked = sql(bank, "SELECT id, state FROM return_request ORDER BY id")
    return [*(tuple(row) for row in rows), *(tuple(row) for row in asked)]
