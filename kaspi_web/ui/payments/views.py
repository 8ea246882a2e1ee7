"""What the page of a payment shows, put into words: the bill, what it can be paid from, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kaspi_web.domain.bills import intents, lately, payments, proposals
from kaspi_web.domain.bills.intents import IntentView
from kaspi_web.domain.bills.lately import Paid
from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.i18n import words
from kaspi_web.i18n.format import money, percent
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.papers import called
from kaspi_web.ui.payments.lines import LineRow, Tariff, line_rows, tariffs, typed
from kaspi_web.ui.sources import Option, card_name, sources


@dataclass
class Bill:
    """The bill: whose it is, what is owed, and what has to be filled in."""

    payee: str = ""
    account: str = ""
    account_label: str = ""
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
    bonus: str = ""
    """How many of them to begin with, as a person would type it."""
    terms: str = ""
    back: str = ""


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


def seen(unit: Unit, *, customer_id: int, intent_id: str, locale: str, repeat: str = "") -> Seen:
    """The page of a customer's intent; somebody else's is missing. `repeat` is the receipt that it begins like."""
    try:
        found = intents.intent(unit, customer_id=customer_id, intent_id=intent_id)
    except NotFound:
        return Seen("missing")
    past = _past(unit, customer_id, found, repeat)
    made = Seen("expired" if found.is_expired else "amount", _bill(unit, customer_id, found, past, locale))
    if found.payment_id is not None:
        made.result = outcome(unit, customer_id=customer_id, payment_id=found.payment_id, locale=locale)
        made.step, made.payment_id = "result", found.payment_id
        return made
    made.lines = line_rows(unit, found, locale)
    made.tariffs = tariffs(found, locale)
    chosen, card_id = (found.source, found.card_id) if found.source or not past else (past.source, past.card_id)
    made.sources = sources(unit, customer_id, locale, chosen=chosen or "wallet", card_id=card_id)
    return made


def _past(unit: Unit, customer_id: int, found: IntentView, repeat: str) -> Paid | None:
    """The payment that this one repeats: of the same account, and the customer's own."""
    if not repeat:
        return None
    try:
        past = lately.to_repeat(unit, customer_id=customer_id, receipt=repeat)
    except NotFound:
        return None
    return past if (past.slug, past.account) == (found.biller.slug, found.account) else None


def _bill(unit: Unit, customer_id: int, found: IntentView, past: Paid | None, locale: str) -> Bill:
    w, debt, of = words(locale), found.debt, found.biller
    # What is owed today goes before what was paid then.
    begin = found.amount or (debt if debt is not None and debt > ZERO else past.amount if past else None)
    rate = bonus.rate(unit, service=of.slug, category=of.category, merchant=of.bin)
    bonuses = wallet.balances(unit, customer_id=customer_id).bonus
    side = "" if found.offer else _side(debt)
    return Bill(
        payee=of.names[locale],
        account=called.account_shown(of, found.way, found.account),
        account_label=called.way_words(of, found.way, w),
        owner=found.owner_name,
        address=found.address,
        debt=money(Money(abs(debt.tiyn)), locale, exact=True) if debt is not None and side else "",
        debt_label=w("payments.debt.advance" if side == "advance" else "payments.debt"),
        debt_note=w(f"payments.debt.{side}") if side in ("none", "unknown") else "",
        amount=typed(begin, locale) if begin else "",
        asks_amount=not found.offer.lines and (not found.offer.menu or any(not c.amount for c in found.offer.menu)),
        bonuses=money(bonuses, locale) if bonuses else "",
        bonus=_bonus_part(found, past, bonuses, locale),
        terms=w("payments.terms", rate=percent(rate, locale)),
        back=f"/{locale}/payments/s/{of.slug}",
    )


def _bonus_part(found: IntentView, past: Paid | None, have: Money, locale: str) -> str:
    """The part in bonuses to begin with: as proposed, else as much of the repeated payment's as there is."""
    if found.source:
        part = found.bonus if found.source != "bonus" else ZERO
    else:
        part = min(past.spent_bonus, have) if past and past.source != "bonus" else ZERO
    return typed(part, locale) if part else ""


def _side(debt: Money | None) -> str:
    if debt is None:
        return "unknown"
    return "owed" if debt > ZERO else "none" if debt == ZERO else "advance"


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
