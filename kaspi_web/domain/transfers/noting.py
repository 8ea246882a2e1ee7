"""What people see of a transfer: the rows in both lists, and the words by SMS."""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.bonus.spending import source_words
from kaspi_web.domain.cards.models import Card
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.sms.outbox import text_to
from kaspi_web.domain.transfers.drafts import payee
from kaspi_web.domain.transfers.funding import amount_of, bonus_of, money_of, subject_of
from kaspi_web.domain.transfers.models import Transfer
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.phone import spoken

_SHOWN = {"done": "done", "undone": "refused", "refused": "refused", "returned": "refused"}
"""States of a transfer in its sender's list; what is under way is `on_way`."""


def sent(unit: Unit, row: Transfer) -> None:
    """Add the transfer to its sender's list, as it stands."""
    card = unit.get(Card, row.card_id) if row.card_id is not None else None
    amount = _signed(row, card)
    source = source_words(row.source, bonus_of(row), card.last4 if card is not None else "")
    wallet.note(
        unit,
        customer_id=row.customer_id,
        kind="own_transfer" if row.kind == "own" else "transfer_out",
        subject=subject_of(row),
        counterparty="card" if row.kind == "own" else payee(row),
        account=_account(row, card),
        amount=amount,
        state=_SHOWN.get(row.state, "on_way"),
        wallet=_of_wallet(row),
        source=source,
    )


def _signed(row: Transfer, card: Card | None) -> Money:
    """Into the wallet, or into a card of ours from another bank, is money that comes in."""
    return amount_of(row) if _comes_in(row, card) else -amount_of(row)


def _comes_in(row: Transfer, card: Card | None) -> bool:
    from_another_bank = card is not None and card.kind == "bank" and not row.token
    return row.kind == "own" and (row.to_card_id is None or from_another_bank)


def _account(row: Transfer, card: Card | None) -> str:
    if card is not None and _comes_in(row, card):
        return f"*{card.last4}"
    if row.last4:
        return f"*{row.last4}"
    return spoken(row.phone) if row.phone else ""


def _of_wallet(row: Transfer) -> Money:
    """What of it the wallet has gained or lost, as it stands."""
    if row.kind == "own" and row.to_card_id is None:
        return amount_of(row) if row.state == "done" else ZERO
    return -money_of(row) if row.source == "wallet" else ZERO


def turned(unit: Unit, row: Transfer) -> None:
    """Note in the sender's list how the transfer stands now."""
    wallet.turn(
        unit,
        customer_id=row.customer_id,
        subject=subject_of(row),
        state=_SHOWN.get(row.state, "on_way"),
        wallet=_of_wallet(row),
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
