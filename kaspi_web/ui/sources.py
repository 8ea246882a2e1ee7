"""What a sum may be paid from, put into words: the wallet, bonuses, cards, with what is there and why not."""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.i18n import words
from kaspi_web.i18n.format import money
from kaspi_web.kernel.database import Unit


@dataclass
class Option:
    """One source of money to choose: `value` is wallet, bonus or `card:` and a card's name in addresses."""

    value: str
    title: str
    balance: str = ""
    reason: str = ""
    disabled: bool = False
    checked: bool = False


def sources(
    unit: Unit, customer_id: int, locale: str, *, chosen: str = "wallet", card_id: int | None = None
) -> list[Option]:
    """Everything that a sum may be paid from, with what is there and why something cannot be used."""
    w, have = words(locale), wallet.balances(unit, customer_id=customer_id)
    found = [
        Option("wallet", w("source.wallet"), money(have.wallet, locale), checked=chosen == "wallet"),
        Option(
            "bonus",
            w("source.bonus"),
            money(have.bonus, locale),
            disabled=not have.bonus,
            checked=chosen == "bonus",
        ),
        *(
            _card_option(each, locale, checked=each.id == card_id)
            for each in cards.cards(unit, customer_id=customer_id)
        ),
    ]
    if not any(each.checked and not each.disabled for each in found):
        for each in found:
            each.checked = each.value == "wallet"
    return found


def _card_option(card: cards.CardView, locale: str, *, checked: bool) -> Option:
    balance = money(card.balance, locale) if card.balance is not None else ""
    reason = words(locale)("source.frozen") if card.is_frozen else ""
    title, value = card_name(card.brand, card.last4, locale), f"card:{card.public_id}"
    return Option(value, title, balance, reason, card.is_frozen, checked)


def card_name(brand: str, last4: str, locale: str) -> str:
    """A card as it is spoken of: its brand and the last four digits."""
    w = words(locale)
    return w("cards.name", brand=w(f"cards.brand.{brand}"), last4=last4)
