"""Bonuses: the balance, every accrual and spend with its deed, and the rules in words."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from kaspi_web.domain.bills.billers import billers
from kaspi_web.domain.bills.lately import receipts_of
from kaspi_web.domain.bonus import queries
from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.bonus.queries import PAGE, BonusMove
from kaspi_web.domain.bonus.service import RuleView
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.i18n import words
from kaspi_web.i18n.format import long_day, money, percent
from kaspi_web.kernel.database import Unit
from kaspi_web.ui import live, paging
from kaspi_web.ui.paging import Line
from kaspi_web.ui.session import bank, locale_of, visitor_of


@dataclass
class Seen:
    """Everything the page shows."""

    balance: str
    moves: list[Line]
    rules: list[str]
    last: int | None


class BonusState(rx.State):
    """What the page of bonuses shows: one page of the account, whose place is in the address."""

    ready: bool = False
    balance: str = ""
    moves: list[Line] = []
    rules: list[str] = []
    older: str = ""
    newest: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the account and keep it up to date while the page is open."""
        visitor = await visitor_of(self)
        if visitor is not None:
            live.follow(self, f"customer:{visitor.customer_id}")
            await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        locale, before = locale_of(self), paging.before_in(self)
        seen = await bank().db.read(_seen, customer_id=visitor.customer_id, locale=locale, before=before)
        self.balance, self.moves, self.rules = seen.balance, seen.moves, seen.rules
        self.older, self.newest = paging.around(f"/{locale}/bonus", before=before, last=seen.last)
        self.ready = True


def _seen(unit: Unit, *, customer_id: int, locale: str, before: int | None) -> Seen:
    shown, last = paging.cut(queries.moves(unit, customer_id=customer_id, before=before, most=PAGE + 1), PAGE)
    deeds = receipts_of(unit, customer_id=customer_id, subjects=[each.subject for each in shown])
    payees = {each.slug: each.names[locale] for each in billers(unit)}
    return Seen(
        money(wallet.balances(unit, customer_id=customer_id).bonus, locale, exact=True),
        [_move(unit, each, *deeds.get(each.subject, ("", "")), payees, locale) for each in shown],
        [_in_words(each, payees, locale) for each in bonus.rules(unit)],
        last,
    )


def _move(unit: Unit, each: BonusMove, receipt: str, slug: str, payees: dict[str, str], locale: str) -> Line:
    w, payee, when = words(locale), payees.get(slug, ""), paging.when(unit, each.booked_at, locale)
    return Line(
        key=str(each.id),
        href=f"/{locale}/receipt/{receipt}" if receipt else "",
        title=payee or w(f"bonus.word.{each.word}"),
        detail=f"{w(f'bonus.word.{each.word}')} · {when}" if payee else when,
        amount=money(each.change, locale, exact=True, sign=True),
        is_in=each.change.tiyn > 0,
        after=w("bonus.after", sum=money(each.after, locale, exact=True)),
    )


def _in_words(rule: RuleView, payees: dict[str, str], locale: str) -> str:
    """A rule as a sentence without its full stop."""
    w, rate = words(locale), percent(rule.basis_points, locale)
    if rule.applies == "all":
        said = w("bonus.rule.all", rate=rate)
    else:
        name = payees.get(rule.name, rule.name)
        if rule.applies == "category" and w.has(f"operations.category.{rule.name}"):
            name = w(f"operations.category.{rule.name}")
        said = w("bonus.rule.named", name=name, rate=rate) if rule.basis_points else w("bonus.rule.none", name=name)
    return w("bonus.rule.until", rule=said, day=long_day(rule.valid_until, locale)) if rule.valid_until else said
