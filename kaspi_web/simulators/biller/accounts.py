"""The billers and their customers' accounts: numbers, owners and what each owed at the start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property
from random import Random

from kaspi_web.kernel.bill_lines import Choice, Tier
from kaspi_web.kernel.iin import BadIin, parse_iin
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.simulators.biller.people import address, person

ACCOUNTS_EACH = 200
MIN_SUM, MAX_SUM = Money.tenge(10), Money.tenge(1_000_000)


class Habit(Enum):
    """How an account made for demos behaves."""

    PLAIN = "plain"
    LATE = "late"
    STUMBLING = "stumbling"
    REFUSING = "refusing"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class Account:
    """A customer's account; `owed` is the debt before any payment, below zero when paid in advance, None if unsaid."""

    number: str
    owner: str
    address: str
    owed: Money | None
    habit: Habit = Habit.PLAIN


@dataclass(frozen=True, slots=True)
class LineSpec:
    """One line of this biller's bills: a meter with tiers and the usual use in a month, or a fixed sum.

    A line with `sums` uses what the lines of these codes use together: what comes in as water goes out as sewage.
    """

    code: str
    names: dict[str, str]
    unit: str = ""
    tiers: tuple[Tier, ...] = ()
    usual: tuple[int, int] = (0, 0)
    sums: tuple[str, ...] = ()
    fixed: Money = ZERO


@dataclass(frozen=True, slots=True)
class FineSpec:
    """A fine made for demos, delivered so many days ago; found by its plate and by its notice."""

    plate: str
    notice: str
    sum: Money
    days_ago: int
    names: dict[str, str]


# Number without the biller's prefix, owner, flat, what is owed, habit.
_DEMO = (
    ("04512287", "Сейтқали Айгүл Маратқызы", 14, Money.tenge(20_000), Habit.PLAIN),
    ("04512295", "Морозов Андрей Сергеевич", 27, Money.tenge(4_812, 40), Habit.PLAIN),
    ("04512303", "Әбілқас Бауыржан Серикұлы", 3, ZERO, Habit.PLAIN),
    ("04512311", "Оспанова Динара Петровна", 58, Money.tenge(7_350), Habit.LATE),
    ("04512329", "Қанатбек Дархан Болатұлы", 91, Money.tenge(3_126, 75), Habit.STUMBLING),
    ("04512337", "Лебедева Ольга Ивановна", 6, Money.tenge(9_999, 99), Habit.REFUSING),
    ("04512345", "Үсенбай Тимур Ержанұлы", 120, Money.tenge(1_500), Habit.INACTIVE),
    ("04512352", "Жумабеков Нурлан Петрович", 44, -Money.tenge(640, 15), Habit.PLAIN),
)
_HOMES = {"Алматы": "ул. Сатпаева", "Астана": "ул. Кенесары", "Караганда": "пр. Бухар-Жырау"}


@dataclass(frozen=True)
class Biller:
    """One service as its provider plays it; `ways` are patterns by the name of the way, empty for an IIN."""

    code: str
    title: str
    city: str = "Алматы"
    dialect: str = "osmp"
    bin: str = ""
    kind: str = "accounts"
    tells_owner: bool = True
    minimum: Money = MIN_SUM
    maximum: Money = MAX_SUM
    ways: dict[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    prefix: str = ""
    digits: int = 8
    own: tuple[Account, ...] = ()
    lines: tuple[LineSpec, ...] = ()
    tariffs: tuple[Choice, ...] = ()
    fines: tuple[FineSpec, ...] = ()
    holidays: frozenset[date] = frozenset()

    @property
    def debts_are_lines(self) -> bool:
        """Whether what is owed is told line by line."""
        return self.kind in ("bill", "fines", "taxes")

    def way(self, number: str, by: str = "") -> str:
        """The way that `number` is meant in: the one that was named, or the first it fits; empty if there is none."""
        names = [by] if by else list(self.ways)
        return next((name for name in names if name in self.ways and self._fits(name, number)), "")

    def is_iin(self, way: str) -> bool:
        """Whether accounts of this way are people's IIN."""
        return way in self.ways and not self.ways[way]

    def _fits(self, way: str, number: str) -> bool:
        if self.is_iin(way):
            return _is_iin(number)
        return re.fullmatch(self.ways[way], number) is not None

    def well_formed(self, number: str, by: str = "") -> bool:
        """Whether `number` looks like this biller's accounts."""
        return bool(self.way(number, by))

    def find(self, number: str, by: str = "") -> Account | None:
        """The account of this number; billers of kinds that have no list know every number of the right form."""
        way = self.way(number, by)
        if not way:
            return None
        if self.kind in ("any", "fines", "taxes") and number not in self.accounts:
            return Account(number, "", "", None)
        return self.accounts.get(number)

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """Every account by its number."""
        if self.own:
            return {row.number: row for row in self.own}
        if self.kind in ("any", "fines", "taxes"):
            return {}
        rows = self._invented() | self._demo()
        # An order is something to pay.
        return {number: row for number, row in rows.items() if self.kind != "orders" or (row.owed or ZERO) > ZERO}

    def _demo(self) -> dict[str, Account]:
        home = f"г. {self.city}, {_HOMES[self.city]}, д. 45, кв. "
        return {row.number: row for row in self._demo_rows(home)}

    def _demo_rows(self, home: str) -> Iterator[Account]:
        for tail, owner, flat, owed, habit in _DEMO:
            yield Account(self.prefix + tail[-self.digits :].zfill(self.digits), owner, f"{home}{flat}", owed, habit)

    def _invented(self) -> dict[str, Account]:
        dice = Random(self.code)  # text seeds give the same people in every Python
        least = 10 ** (min(self.digits, 7) - 1)
        numbers = dice.sample(range(least, 4 * least), ACCOUNTS_EACH)
        rows = [
            Account(f"{self.prefix}{n:0{self.digits}d}", person(dice), address(dice, self.city), _owed(dice))
            for n in numbers
        ]
        return {row.number: row for row in rows}


def _is_iin(number: str) -> bool:
    try:
        return parse_iin(number) == number
    except BadIin:
        return False


def _owed(dice: Random) -> Money:
    kind = dice.random()
    if kind < 0.1:
        return ZERO
    if kind < 0.2:
        return -Money(dice.randint(5_000, 500_000))
    return Money(dice.randint(50_000, 3_500_000))
