"""Why the balance is what it is: the wallet's postings, and one entry with all of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

import reflex as rx

from kaspi_web.domain.bills.billers import billers
from kaspi_web.domain.terminals import topups
from kaspi_web.domain.wallet import postings
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.postings import Side, WalletMove
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import moment_text, money
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.ui import forms, live
from kaspi_web.ui.session import bank, locale_of, visitor_of

_NAMED = ("biller_payable", "terminal_network")


@dataclass
class Move:
    """One posting of the wallet, ready to be shown."""

    key: str
    href: str
    title: str
    detail: str
    amount: str
    is_in: bool
    balance: str


@dataclass
class Posted:
    """One posting of an entry: from where to where."""

    origin: str
    goal: str
    amount: str


@dataclass
class Seen:
    """A page of the wallet's postings; `last` begins the next one, if there is one."""

    now: str = ""
    moves: list[Move] = field(default_factory=list)
    last: int | None = None


class BalanceState(rx.State):
    """What the page of the balance shows: a page of postings, whose place is in the address."""

    ready: bool = False
    now: str = ""
    moves: list[Move] = []
    older: str = ""
    newest: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the page that the address names and keep it up to date."""
        visitor = await visitor_of(self)
        if visitor is not None:
            live.follow(self, f"customer:{visitor.customer_id}")
            await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        before, here = forms.number_in(self, "before"), f"/{locale_of(self)}/balance"
        seen = await bank().db.read(_seen, customer_id=visitor.customer_id, locale=locale_of(self), before=before)
        self.now, self.moves = seen.now, seen.moves
        self.older = f"{here}?before={seen.last}" if seen.last else ""
        self.newest = here if before else ""
        self.ready = True


def _seen(unit: Unit, *, customer_id: int, locale: str, before: int | None) -> Seen:
    w = words(locale)
    found = postings.moves(unit, customer_id=customer_id, before=before, most=wallet.PAGE + 1)
    shown, names = found[: wallet.PAGE], _names(unit, locale)
    return Seen(
        now=money(wallet.balances(unit, customer_id=customer_id).wallet, locale, exact=True),
        moves=[_move(each, names, w) for each in shown],
        last=shown[-1].id if len(found) > len(shown) else None,
    )


def _move(each: WalletMove, names: dict[tuple[str, str], str], w: Words) -> Move:
    return Move(
        key=str(each.id),
        href=f"/{w.locale}/balance/{each.entry_id}",
        title=_deed(each.kind, w),
        detail=f"{side_words(each.other, names, w)} · {moment_text(each.booked_at, w.locale)}",
        amount=money(each.amount, w.locale, exact=True, sign=True),
        is_in=each.amount > wallet.ZERO,
        balance=w("balance.after", sum=money(each.balance, w.locale, exact=True)),
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
            return w(f"balance.account.{side.kind}")
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

    @rx.event
    async def load(self) -> None:
        """Show the entry that the address names, to whoever has an account in it."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        live.follow(self)
        typed, locale = forms.last_part(self), locale_of(self)
        number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
        try:
            seen = await bank().db.read(_entry, customer_id=visitor.customer_id, entry_id=number, locale=locale)
        except NotFound:
            self.reset()
            self.missing, self.ready = True, True
            return
        self.missing, self.ready = False, True
        self.title, self.deed, self.time, self.postings = seen


def _entry(unit: Unit, *, customer_id: int, entry_id: int, locale: str) -> tuple[str, str, str, list[Posted]]:
    w, names = words(locale), _names(unit, locale)
    found = postings.entry(unit, customer_id=customer_id, entry_id=entry_id)
    posted = [
        Posted(
            side_words(each.debit, names, w), side_words(each.credit, names, w), money(each.amount, locale, exact=True)
        )
        for each in found.postings
    ]
    return w("balance.entry.title", number=found.id), _deed(found.kind, w), moment_text(found.booked_at, locale), posted
