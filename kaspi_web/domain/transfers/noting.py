"""What people see of a transfer: the rows in both lists, and the words by SMS."""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.cards.models import Card
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.sms.outbox import text_to
from kaspi_web.domain.transfers.drafts import payee
from kaspi_web.domain.transfers.models import Transfer
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.phone import spoken

_SHOWN = {"done": "done", "undone": "refused", "refused": "refused", "returned": "refused"}
"""States of a transfer in its sender's list; what is under way is `on_way`."""


def subject_of(row: Transfer) -> str:
    """What holds, charges, entries and lists call this transfer."""
    return f"transfer:{row.id}"


def sent(unit: Unit, row: Transfer) -> None:
    """Add the transfer to its sender's list, as it stands."""
    card = unit.get(Card, row.card_id) if row.card_id is not None else None
    amount = _signed(row, card)
    source = f"card:{card.last4}" if card is not None else "wallet"
    wallet.note(
        unit,
        customer_id=row.customer_id,
        kind="own_transfer" if row.kind == "own" else "transfer_out",
        subject=subject_of(row),
        counterparty="card" if row.kind == "own" else payee(row),
        account=_account(row, card),
        amount=amount,
        state=_SHOWN.get(row.state, "on_way"),
        wallet=_of_wallet(row, card, amount),
        source=source,
    )


def _signed(row: Transfer, card: Card | None) -> Money:
    """Into the wallet, or into an own card from another bank, is money that comes in."""
    amount, other_bank = Money(row.amount_tiyn or 0), card is not None and card.kind == "bank"
    return amount if row.kind == "own" and (row.to_card_id is None or other_bank) else -amount


def _account(row: Transfer, card: Card | None) -> str:
    if row.kind == "own" and card is not None and (row.to_card_id is None or card.kind == "bank"):
        return f"*{card.last4}"
    return f"*{row.last4}" if row.last4 else spoken(row.phone)


def _of_wallet(row: Transfer, card: Card | None, amount: Money) -> Money:
    """What of it the wallet has gained or lost, as it stands."""
    if card is None:
        return amount
    return amount if row.kind == "own" and row.to_card_id is None and row.state == "done" else ZERO


def turned(unit: Unit, row: Transfer) -> None:
    """Note in the sender's list how the transfer stands now."""
    card = unit.get(Card, row.card_id) if row.card_id is not None else None
    wallet.turn(
        unit,
        customer_id=row.customer_id,
        subject=subject_of(row),
        state=_SHOWN.get(row.state, "on_way"),
        wallet=_of_wallet(row, card, _signed(row, card)),
    )


def came_home(unit: Unit, row: Transfer) -> None:
    """Add that the money came to the owner's wallet, because the card that it went to is gone."""
    wallet.note(
        unit,
        customer_id=row.customer_id,
        kind="own_transfer",
        subject=f"{subject_of(row)}:home",
        counterparty=f"card:{row.last4}",
        account=f"*{row.last4}",
        amount=Money(row.amount_tiyn or 0),
        state="done",
    )


def arrived(unit: Unit, row: Transfer, *, on_card: bool) -> None:
    """Add the transfer to its recipient's list and tell them by SMS."""
    if row.kind == "own" or row.recipient_id is None:
        return
    sender = customers.card(unit, customer_id=row.customer_id)
    amount = Money(row.amount_tiyn or 0)
    wallet.note(
        unit,
        customer_id=row.recipient_id,
        kind="transfer_in",
        subject=subject_of(row),
        counterparty=sender.masked_name,
        account=f"*{row.last4}" if on_card else "",
        amount=amount,
        state="done",
        wallet=ZERO if on_card else amount,
        source=f"card:{row.last4}" if on_card else "wallet",
    )
    tell(unit, row.recipient_id, "transfer_received", amount_tiyn=row.amount_tiyn, sender=sender.masked_name)


def awaited(unit: Unit, row: Transfer, *, texts: bool) -> None:
    """Announce that money waits, and with `texts` tell the phone without a wallet, in the sender's language."""
    unit.tell(f"customer:{row.customer_id}")
    if not texts:
        return
    sender = customers.card(unit, customer_id=row.customer_id)
    text_to(
        unit,
        phone=row.phone,
        language=sender.language,
        template="transfer_waits",
        amount_tiyn=row.amount_tiyn,
        sender=sender.masked_name,
    )


def tell(unit: Unit, customer_id: int, template: str, **params: Any) -> None:
    """Write an SMS to a customer in their language."""
    owner = customers.card(unit, customer_id=customer_id)
    text_to(unit, phone=owner.phone, language=owner.language, template=template, **params)
