"""What may be repaid of a plan, what a repayment would do and what came of it, ready in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kaspi_web.domain.loans import book
from kaspi_web.domain.loans.book import RED, Held
from kaspi_web.domain.loans.owing import Owed, owed
from kaspi_web.domain.loans.preview import Preview, preview
from kaspi_web.domain.loans.repaid import repaid
from kaspi_web.domain.loans.repaying import RepaymentView
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import moment_text, money, short_day
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money


@dataclass
class Way:
    """One thing to pay, as a radio card."""

    value: str
    title: str
    sum: str
    note: str
    checked: bool


@dataclass
class Made:
    """A repayment that was made."""

    title: str
    time: str
    sum: str
    href: str


@dataclass
class Offer:
    """What may be paid now; no ways when nothing is owed."""

    ways: list[Way] = field(default_factory=list)
    most: str = ""
    wallet: str = ""
    can_switch: bool = False
    """Whether there is something that could be paid automatically."""
    is_automatic: bool = False
    made: list[Made] = field(default_factory=list)


@dataclass
class Fact:
    """A name and its value."""

    name: str
    value: str


@dataclass
class Day:
    """What a day asks for: as things stand, and afterwards."""

    day: str
    before: str
    after: str
    is_other: bool


@dataclass
class Review:
    """What the window shows before the tap."""

    amount: str = ""
    facts: list[Fact] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)


@dataclass
class Paid:
    """What was paid just now; empty before."""

    text: str = ""
    href: str = ""


def offer(unit: Unit, *, customer_id: int, plan: str, locale: str) -> Offer:
    """The ways to pay `red` or a plan; raises NotFound."""
    w, today = words(locale), unit.clock.today()
    held = book.held(unit, customer_id=customer_id, plan=plan, lock=False)
    now, is_credit = owed(held, today), any(loan.kind == "credit" for loan in held.loans)
    is_automatic = (
        held.member.pays_automatically if held.member else any(each.pays_automatically for each in held.loans)
    )
    is_open = any(loan.state == "active" for loan in held.loans)
    ways = _due(held, now, w, today)
    if now.whole:
        note = w("plans.repay.part.credit") if is_credit else w("plans.repay.part.equal")
        ways.append(Way("early", w("plans.repay.part"), "", note, False))
    if now.whole and now.whole != (now.now or now.payable):
        ways.append(Way("whole", w("plans.repay.everything"), money(now.whole, locale), "", False))
    if ways:
        ways[0].checked = True
    purse = wallet.balances(unit, customer_id=customer_id).wallet
    made = _made(unit, customer_id, plan, w)
    if is_credit and ways and ways[-1].value == "whole":
        # Last: the preview lets go of the rows.
        ways[-1].note = _saved(preview(unit, customer_id=customer_id, plan=plan, way="whole", amount=now.whole), w)
    return Offer(
        ways=ways,
        most=w("plans.repay.amount.hint", most=money(now.whole, locale)),
        wallet=w("plans.repay.wallet", sum=money(purse, locale)),
        can_switch=plan == RED or is_open,
        is_automatic=is_automatic,
        made=made,
    )


def _due(held: Held, now: Owed, w: Words, today: date) -> list[Way]:
    """What has fallen due, or else the next payment where it may be paid before its day."""
    if now.now:
        note = w("plans.repay.with_fine", fine=money(now.fine, w.locale)) if now.fine else ""
        return [Way("due", w("plans.repay.now"), money(now.now, w.locale), note, False)]
    if not now.payable or now.next_on is None:
        return []
    day = short_day(now.next_on, today, w.locale)
    title = w("plans.repay.bill", day=day) if held.subject == RED else w("plans.repay.payment", day=day)
    return [Way("due", title, money(now.payable, w.locale), "", False)]


def _saved(seen: Preview, w: Words) -> str:
    return w("plans.repay.everything.saved", sum=money(seen.saved, w.locale)) if seen.saved else ""


def _made(unit: Unit, customer_id: int, plan: str, w: Words) -> list[Made]:
    return [
        Made(
            title=w(f"plans.way.{each.way}"),
            time=moment_text(each.paid_at, w.locale),
            sum=money(each.amount, w.locale),
            href=f"/{w.locale}/receipt/{each.receipt}",
        )
        for each in repaid(unit, customer_id=customer_id, plan=plan)
    ]


def review(seen: Preview, have: Money, *, today: date, locale: str) -> Review:
    """A repayment before it is made."""
    w = words(locale)
    parts = [
        (w("plans.review.principal"), seen.principal),
        (w("plans.review.interest"), seen.interest),
        (w("plans.review.fine"), seen.fine),
        (w("plans.review.saved"), seen.saved),
    ]
    facts = [Fact(name, money(amount, locale)) for name, amount in parts if amount]
    facts.append(Fact(w("payments.review.fee"), money(seen.amount - seen.amount, locale)))
    facts.append(Fact(w("plans.review.wallet"), money(have - seen.amount, locale)))
    facts.append(Fact(w("plans.review.left"), money(seen.left, locale)))
    days = [
        Day(
            short_day(each.due_on, today, locale),
            money(each.before, locale),
            money(each.after, locale),
            each.before != each.after,
        )
        for each in seen.coming
    ]
    return Review(money(seen.amount, locale), facts, days)


def paid(unit: Unit, *, customer_id: int, made: RepaymentView, locale: str) -> Paid:
    """A repayment that was made, with the way to its receipt."""
    w = words(locale)
    held = book.held(unit, customer_id=customer_id, plan=made.plan, lock=False)
    left = owed(held, unit.clock.today()).whole
    said = w("plans.repay.paid" if left else "plans.repay.paid_off", sum=money(made.amount, locale))
    receipt = wallet.operation_of(unit, customer_id=customer_id, subject=f"repayment:{made.id}").receipt
    return Paid(said, f"/{locale}/receipt/{receipt}")
