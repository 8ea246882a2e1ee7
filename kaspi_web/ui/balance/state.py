"""Why a balance is what it is: the postings of the wallet or of an own card, and one entry with all of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from kaspi_web.domain.bills.billers import billers
from kaspi_web.domain.cards import movements
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.terminals import topups
from kaspi_web.domain.wallet import postings
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.postings import AccountMove, Side
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import moment_text, money
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from kaspi_web.ui import forms, live, paging
from kaspi_web.ui.paging import Line
from kaspi_web.ui.session import bank, locale_of, visitor_of

_NAMED = ("biller_payable", "terminal_network")


@dataclass
class Posted:
    """One posting of an entry: from where to where."""

    origin: str
    goal: str
    amount: str


@dataclass
class Seen:
    """A page of an account's postings; `last` begins the next one, if there is one."""

    card: str = ""
    now: str = ""
    moves: list[Line] = field(default_factory=list)
    last: int | None = None


class BalanceState(rx.State):
    """What the page of a balance shows: a page of postings. The address names the account and the place in it."""

    ready: bool = False
    missing: bool = False
    card: str = ""
    """The own card that the page is about; empty for the wallet."""
    now: str = ""
    moves: list[Line] = []
    older: str = ""
    newest: str = ""

    @rx.event
    async def load(self) -> Any:
        """Show the page that the address names and keep it up to date."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        # What the page showed of another account is gone before anything is looked up.
        self.ready = False
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        locale, before, card = locale_of(self), paging.before_in(self), _card_in(self)
        this = {"customer_id": visitor.customer_id, "locale": locale, "before": before}
        try:
            seen = await bank().db.read(_seen_of_card if card else _seen, card=card, **this)
        except NotFound:
            self.reset()
            self.missing, self.ready = True, True
            return
        here = f"/{locale}/balance/card/{card}" if card else f"/{locale}/balance"
        self.card, self.now, self.moves, self.missing = seen.card, seen.now, seen.moves, False
        self.older, self.newest = paging.around(here, before=before, last=seen.last)
        self.ready = True


def _card_in(state: rx.State) -> str:
    """The card that the address names; empty for the wallet."""
    return forms.last_part(state)[:26] if "/balance/card/" in str(state.router.url.path) else ""


def _seen(unit: Unit, *, customer_id: int, card: str, locale: str, before: int | None) -> Seen:
    own = movements.own_accounts(unit, customer_id=customer_id)
    found = postings.moves(unit, customer_id=customer_id, cards=own, before=before, most=wallet.PAGE + 1)
    now = wallet.balances(unit, customer_id=customer_id).wallet
    return _page(unit, found, now, locale)


def _seen_of_card(unit: Unit, *, customer_id: int, card: str, locale: str, before: int | None) -> Seen:
    w = words(locale)
    found = movements.moves(unit, customer_id=customer_id, public_id=card, before=before, most=wallet.PAGE + 1)
    of = cards.card(unit, customer_id=customer_id, public_id=card)
    assert of.balance is not None, "own cards have a balance"
    seen = _page(unit, found, of.balance, locale, entry_of=f"?card={of.public_id}")
    seen.card = w("cards.name", brand=w(f"cards.brand.{of.brand}"), last4=of.last4)
    return seen


def _page(unit: Unit, found: list[AccountMove], now: Money, locale: str, *, entry_of: str = "") -> Seen:
    (shown, last), names = paging.cut(found, wallet.PAGE), _names(unit, locale)
    moves = [_line(unit, each, names, words(locale), entry_of) for each in shown]
    return Seen(now=money(now, locale, exact=True), moves=moves, last=last)


def _line(unit: Unit, each: AccountMove, names: dict[tuple[str, str], str], w: Words, entry_of: str) -> Line:
    return Line(
        key=str(each.id),
        href=f"/{w.locale}/balance/{each.entry_id}{entry_of}",
        title=_deed(each.kind, w),
        detail=f"{side_words(each.other, names, w)} · {paging.when(unit, each.booked_at, w.locale)}",
        amount=money(each.amount, w.locale, exact=True, sign=True),
        is_in=each.amount > wallet.ZERO,
        after=w("balance.after", sum=money(each.balance, w.locale, exact=True)),
    )


def _names(unit: Unit, locale: str) -> dict[tuple[str, str], str]:
    known = {("biller_payable", each.slug): each.names[locale] for each in billers(unit)}
    return known | {("terminal_network", slug): name for slug, name in topups.network_names(unit).items()}


def _deed(kind: str, w: Words) -> str:
    return w(f"balance.kind.{kind}") if w.has(f"balance.kind.{kind}") else w("balance.kind.other")


def side_words(side: Side, names: dict[tuple[str, str], str], w: Words) -> str:
    """An account in words: the reader's own, another customer's masked, a business by its name."""
    if side.kind in ("wallet", "bonus", "card"):
        if side.is_mine:
            return w(f"balance.account.{side.kind}", last4=side.owner)
        return w(f"balance.account.{side.kind}.other", name=side.owner)
    if side.kind in _NAMED:
        return w(f"balance.account.{side.kind}", name=names.get((side.kind, side.owner), side.owner))
    return w(f"balance.account.{side.kind}") if w.has(f"balance.account.{side.kind}") else w("balance.account.other")


class EntryState(rx.State):
    """What the page of one entry shows."""

    ready: bool = False
    missing: bool = False
    title: str = ""
    deed: str = ""
    time: str = ""
    postings: list[Posted] = []
    back: str = ""
    """The card that the reader came from, as an address; empty for the balance."""

    @rx.event
    async def load(self) -> None:
        """Show the entry that the address names, to whoever has an account in it."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        live.follow(self)
        typed, locale = forms.last_part(self), locale_of(self)
        card = str(self.router.url.query_parameters.get("card", ""))[:26]
        number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
        try:
            seen = await bank().db.read(_entry, customer_id=visitor.customer_id, entry_id=number, locale=locale)
        except NotFound:
            self.reset()
            self.missing, self.ready = True, True
            return
        self.missing, self.ready = False, True
        self.title, self.deed, self.time, self.postings = seen
        self.back = f"/{locale}/balance/card/{card}" if card.isascii() and card.isalnum() else ""


def _entry(unit: Unit, *, customer_id: int, entry_id: int, locale: str) -> tuple[str, str, str, list[Posted]]:
    w, names = words(locale), _names(unit, locale)
    own = movements.own_accounts(unit, customer_id=customer_id)
    found = postings.entry(unit, customer_id=customer_id, entry_id=entry_id, cards=own)
    posted = [
        Posted(
            side_words(each.debit, names, w), side_words(each.credit, names, w), money(each.amount, locale, exact=True)
        )
        for each in found.postings
    ]
    return w("balance.entry.title", number=found.id), _deed(found.kind, w), moment_text(found.booked_at, locale), posted
