"""What the page of a payment shows, put into words: the bill, what it can be paid from, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kaspi_web.domain.bills import intents, payments, proposals
from kaspi_web.domain.bills.intents import IntentView
from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.i18n import words
from kaspi_web.i18n.format import money, percent
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.ui.payments.lines import LineRow, Tariff, line_rows, tariffs, typed


@dataclass
class Bill:
    """The bill: whose it is, what is owed, and what has to be filled in."""

    payee: str = ""
    account: str = ""
    owner: str = ""
    address: str = ""
    debt: str = ""
    debt_label: str = ""
    debt_note: str = ""
    amount: str = ""
    """The sum to begin with, as a person would type it."""
    asks_amount: bool = True
    bonuses: str = ""
    """What bonuses there are to spend; empty for none."""
    terms: str = ""
    back: str = ""


@dataclass
class Option:
    """One source of money to choose: `value` is wallet, bonus or `card:` and a card's name in addresses."""

    value: str
    title: str
    balance: str = ""
    reason: str = ""
    disabled: bool = False
    checked: bool = False


@dataclass
class Review:
    """What the window that confirms shows."""

    amount: str = ""
    fee: str = ""
    spent: str = ""
    source: str = ""
    bonus: str = ""
    lines: list[str] = field(default_factory=list)
    needs_code: bool = False


@dataclass
class Result:
    """What became of the payment; `state` is on_way, done or refused; `challenge` asks for a code."""

    state: str = ""
    title: str = ""
    text: str = ""
    amount: str = ""
    bonus: str = ""
    receipt: str = ""
    challenge: bool = False
    card: str = ""
    again: str = ""


@dataclass
class Seen:
    """Everything the page shows of an intent."""

    step: str
    bill: Bill = field(default_factory=Bill)
    lines: list[LineRow] = field(default_factory=list)
    tariffs: list[Tariff] = field(default_factory=list)
    sources: list[Option] = field(default_factory=list)
    result: Result = field(default_factory=Result)
    payment_id: int = 0


def seen(unit: Unit, *, customer_id: int, intent_id: str, locale: str) -> Seen:
    """The page of a customer's intent; somebody else's is missing."""
    try:
        found = intents.intent(unit, customer_id=customer_id, intent_id=intent_id)
    except NotFound:
        return Seen("missing")
    made = Seen("expired" if found.is_expired else "amount", _bill(unit, customer_id, found, locale))
    if found.payment_id is not None:
        made.result = outcome(unit, customer_id=customer_id, payment_id=found.payment_id, locale=locale)
        made.step, made.payment_id = "result", found.payment_id
        return made
    made.lines = line_rows(unit, found, locale)
    made.tariffs = tariffs(found, locale)
    chosen = found.source or "wallet"
    made.sources = sources(unit, customer_id, locale, chosen=chosen, card_id=found.card_id)
    return made


def _bill(unit: Unit, customer_id: int, found: IntentView, locale: str) -> Bill:
    w, debt, of = words(locale), found.debt, found.biller
    begin = found.amount or (debt if debt is not None and debt > ZERO else None)
    rate = bonus.rate(unit, service=of.slug, category=of.category, merchant=of.bin)
    bonuses = wallet.balances(unit, customer_id=customer_id).bonus
    side = "" if found.offer else _side(debt)
    return Bill(
        payee=of.names[locale],
        account=found.account,
        owner=found.owner_name,
        address=found.address,
        debt=money(Money(abs(debt.tiyn)), locale, exact=True) if debt is not None and side else "",
        debt_label=w("payments.debt.advance" if side == "advance" else "payments.debt"),
        debt_note=w(f"payments.debt.{side}") if side in ("none", "unknown") else "",
        amount=typed(begin, locale) if begin else "",
        asks_amount=not found.offer.lines and (not found.offer.menu or any(not c.amount for c in found.offer.menu)),
        bonuses=money(bonuses, locale) if bonuses else "",
        terms=w("payments.terms", rate=percent(rate, locale)),
        back=f"/{locale}/payments/s/{of.slug}",
    )


def _side(debt: Money | None) -> str:
    if debt is None:
        return "unknown"
    return "owed" if debt > ZERO else "none" if debt == ZERO else "advance"


def sources(
    unit: Unit, customer_id: int, locale: str, *, chosen: str = "wallet", card_id: int | None = None
) -> list[Option]:
    """Everything that a sum may be paid from, with what is there and why something cannot be used."""
    w, have = words(locale), wallet.balances(unit, customer_id=customer_id)
    return [
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


def _card_option(card: cards.CardView, locale: str, *, checked: bool) -> Option:
    balance = money(card.balance, locale) if card.balance is not None else ""
    reason = words(locale)("source.frozen") if card.is_frozen else ""
    title, value = card_name(card.brand, card.last4, locale), f"card:{card.public_id}"
    return Option(value, title, balance, reason, card.is_frozen, checked)


def card_name(brand: str, last4: str, locale: str) -> str:
    """A card as it is spoken of: its brand and the last four digits."""
    w = words(locale)
    return w("cards.name", brand=w(f"cards.brand.{brand}"), last4=last4)


def review(made: proposals.Proposal, lines: list[str], *, locale: str) -> Review:
    """What the window that confirms shows."""
    w = words(locale)
    source = card_name(made.card.brand, made.card.last4, locale) if made.card else w(f"source.{made.source}")
    both = made.spent and made.money
    return Review(
        amount=money(made.amount, locale, exact=True),
        fee=money(ZERO, locale, exact=True),
        spent=money(made.spent, locale, exact=True) if both else "",
        source=f"{source}: {money(made.money, locale, exact=True)}" if both else source,
        bonus=money(made.bonus, locale, exact=True, sign=True),
        lines=lines,
        needs_code=made.needs_code,
    )


def outcome(unit: Unit, *, customer_id: int, payment_id: int, locale: str) -> Result:
    """What has become of a customer's payment by now."""
    return result(payments.payment(unit, customer_id=customer_id, payment_id=payment_id), locale=locale)


def result(made: payments.PaymentView, *, locale: str) -> Result:
    """What became of a payment, in words that say whose side it waits on."""
    w, state = words(locale), "on_way" if made.state in ("registry", "funding") else made.state
    source, word = made.source, made.state
    if made.state == "funding" and source.charge == "challenge":
        word = "challenge"
    if made.state == "refused" and source.kind == "card":
        word = "declined" if made.last_word.startswith("card") else "refused_card"
    return Result(
        state=state,
        title=w(f"payments.result.{'challenge' if word == 'challenge' else state}.title"),
        text=w(f"payments.result.{word}.text", payee=made.biller.names[locale]),
        amount=money(made.amount, locale, exact=True),
        bonus=money(made.bonus, locale, exact=True, sign=True),
        receipt=f"/{locale}/receipt/{made.receipt}",
        challenge=word == "challenge",
        card=card_name(source.brand, source.last4, locale) if source.last4 else "",
        again=f"/{locale}/payments/s/{made.biller.slug}",
    )
