"""What the page of a payment shows, put into words."""

from __future__ import annotations

from dataclasses import dataclass, field

from kaspi_web.domain.bills import intents, payments
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.i18n import words
from kaspi_web.i18n.format import money, percent
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money


@dataclass
class Bill:
    """The bill: whose it is, what is owed, what it can be paid from."""

    payee: str = ""
    account: str = ""
    owner: str = ""
    address: str = ""
    debt: str = ""
    debt_label: str = ""
    debt_note: str = ""
    amount: str = ""
    """The sum to begin with, as a person would type it."""
    wallet: str = ""
    terms: str = ""
    back: str = ""


@dataclass
class Review:
    """What the window that confirms shows."""

    amount: str = ""
    fee: str = ""
    bonus: str = ""
    needs_code: bool = False


@dataclass
class Result:
    """What became of the payment; `state` is on_way, done or refused."""

    state: str = ""
    title: str = ""
    text: str = ""
    amount: str = ""
    bonus: str = ""
    receipt: str = ""


@dataclass
class Seen:
    """Everything the page shows of an intent."""

    step: str
    bill: Bill = field(default_factory=Bill)
    result: Result = field(default_factory=Result)
    payment_id: int = 0


def seen(unit: Unit, *, customer_id: int, intent_id: str, locale: str) -> Seen:
    """The page of a customer's intent; somebody else's is missing."""
    try:
        found = intents.intent(unit, customer_id=customer_id, intent_id=intent_id)
    except NotFound:
        return Seen("missing")
    bill = _bill(unit, customer_id, found, locale)
    if found.payment_id is not None:
        became = outcome(unit, customer_id=customer_id, payment_id=found.payment_id, locale=locale)
        return Seen("result", bill, became, found.payment_id)
    return Seen("expired" if found.is_expired else "amount", bill)


def _bill(unit: Unit, customer_id: int, found: intents.IntentView, locale: str) -> Bill:
    w, debt = words(locale), found.debt
    begin = found.amount or (debt if debt is not None and debt > ZERO else None)
    return Bill(
        payee=found.biller.names[locale],
        account=found.account,
        owner=found.owner_name,
        address=found.address,
        debt=money(Money(abs(debt.tiyn)), locale, exact=True) if debt is not None else "",
        debt_label=w("payments.debt.advance" if _side(debt) == "advance" else "payments.debt"),
        debt_note=w(f"payments.debt.{_side(debt)}") if _side(debt) in ("none", "unknown") else "",
        amount=_typed(begin, locale) if begin else "",
        wallet=money(wallet.balances(unit, customer_id=customer_id).wallet, locale),
        terms=w("payments.terms", rate=percent(found.biller.bonus_basis_points, locale)),
        back=f"/{locale}/payments/{found.biller.category}",
    )


def _side(debt: Money | None) -> str:
    if debt is None:
        return "unknown"
    return "owed" if debt > ZERO else "none" if debt == ZERO else "advance"


def _typed(amount: Money, locale: str) -> str:
    """A sum as one types it here: `20000` or `4812,40`."""
    whole, _, tiyn = amount.wire.partition(".")
    mark = "." if locale == "en" else ","
    return whole if tiyn == "00" else f"{whole}{mark}{tiyn}"


def review(made: intents.Proposal, *, locale: str) -> Review:
    """What the window that confirms shows."""
    return Review(
        amount=money(made.amount, locale, exact=True),
        fee=money(ZERO, locale, exact=True),
        bonus=money(made.bonus, locale, exact=True, sign=True),
        needs_code=made.needs_code,
    )


def outcome(unit: Unit, *, customer_id: int, payment_id: int, locale: str) -> Result:
    """What has become of a customer's payment by now."""
    return result(payments.payment(unit, customer_id=customer_id, payment_id=payment_id), locale=locale)


def result(made: payments.PaymentView, *, locale: str) -> Result:
    """What became of a payment, in words that say whose side it waits on."""
    w, state = words(locale), "on_way" if made.state == "registry" else made.state
    return Result(
        state=state,
        title=w(f"payments.result.{state}.title"),
        text=w(f"payments.result.{made.state}.text", payee=made.biller.names[locale]),
        amount=money(made.amount, locale, exact=True),
        bonus=money(made.bonus, locale, exact=True, sign=True),
        receipt=f"/{locale}/receipt/{made.receipt}",
    )
