"""What the address of History asks for, and the addresses that ask for something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from kaspi_web.domain.wallet.listing import Search, Wanted
from kaspi_web.i18n import Words
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import AmbiguousAmount, BadAmount, Money, parse_amount
from kaspi_web.kernel.phone import BadPhone, parse_phone
from kaspi_web.papers.called import Names
from kaspi_web.papers.periods import Period, PeriodBackwards, period_in
from kaspi_web.ui import forms

SHOWS = ("all", "done", "todo", "in", "out")
_STATES = {"done": ("done",), "todo": ("on_way", "refused")}
_NAMES = ("show", "category", "period", "from", "to", "q")
_KINDS = ("topup", "bill", "refund", "transfer_out", "transfer_in", "return_out", "return_in", "own_transfer")
_ENGLISH = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, read; whatever in it cannot be read is left out."""

    params: dict[str, str]
    show: str
    category: str
    period: Period
    q: str
    before: int | None
    error: DomainError | None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the whole list is asked for."""
        return bool(self.params)

    def wanted(self, names: Names, w: Words) -> Wanted:
        """The same as the bank's own query."""
        return Wanted(
            states=_STATES.get(self.show, ()),
            way=self.show if self.show in ("in", "out") else "",
            category=self.category,
            since=self.period.since,
            until=self.period.until,
            search=searched(self.q, names, w) if self.q else None,
        )

    def to(self, here: str, **changes: str) -> str:
        """The address at `here` with these changes; an empty one takes its part out. The page starts anew."""
        changed = {**self.params, **changes}
        kept = {name: value for name, value in changed.items() if value and (name, value) != ("show", "all")}
        return f"{here}?{urlencode(kept)}" if kept else here


def asked_in(given: Mapping[str, str], *, today: date) -> Asked:
    """What the parameters of an address ask for."""
    sent = {name: forms.clean(str(given.get(name, ""))).strip()[:80] for name in _NAMES}
    if sent["show"] not in SHOWS[1:]:
        sent["show"] = ""
    error: DomainError | None = None
    try:
        period = period_in(sent, today=today)
    except PeriodBackwards as backwards:
        period, error = Period("dates"), backwards
    if not period.name:
        sent |= {"period": "", "from": "", "to": ""}
    params = {name: value for name, value in sent.items() if value}
    before = str(given.get("before", ""))
    below = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    return Asked(params, sent["show"] or "all", sent["category"], period, sent["q"], below, error)


def searched(typed: str, names: Names, w: Words) -> Search:
    """What was typed, every way that it may be meant: a name, an account, a sum, the number of a receipt."""
    text = typed.casefold()
    words_of_kinds = {kind: w(f"papers.kind.{kind}").casefold() for kind in _KINDS}
    return Search(
        text=text,
        counterparties=names.slugs_like(text),
        kinds=tuple(kind for kind, said in words_of_kinds.items() if text in said),
        sums=_sums(typed),
        number=_number(typed),
        phone=_phone(typed),
    )


def _sums(typed: str) -> tuple[Money, Money] | None:
    """A sum as people type it, with or without its sign; whole tenge stand for whatever tiyn follow."""
    text = typed.strip().lstrip("+-\u2212").strip().strip("₸").strip()
    if _ENGLISH.fullmatch(text):
        text = text.replace(",", "")
    try:
        least = parse_amount(text)
    except AmbiguousAmount:
        least = parse_amount(re.sub("[.,]", "", text))
    except BadAmount:
        return None
    is_whole = not re.search("[.,]", text) or text[-4:-3] in (".", ",")
    return least, least + (Money.tenge(1) if is_whole else Money(1))


def _phone(typed: str) -> str:
    try:
        return parse_phone(typed)
    except BadPhone:
        return ""


def _number(typed: str) -> int | None:
    digits = re.sub(r"[\s\u00a0№#]+", "", typed)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None
