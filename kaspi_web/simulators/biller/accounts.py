"""The billers and their customers' accounts: numbers, owners and what each owed at the start."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from random import Random

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
    """A customer's account; `owed` is the debt before any payment, below zero when paid in advance."""

    number: str
    owner: str
    address: str
    owed: Money
    habit: Habit = Habit.PLAIN


# Number without the biller's prefix, owner, street and house, what is owed, habit.
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


@dataclass(frozen=True)
class Biller:
    """One company that takes payments: its word in addresses, its city and how it numbers accounts."""

    code: str
    title: str
    city: str
    street: str
    prefix: str
    pattern: str

    def well_formed(self, number: str) -> bool:
        """Whether `number` looks like this biller's accounts."""
        return re.fullmatch(self.pattern, number, re.ASCII) is not None

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """Every account by its number."""
        return self._invented() | self._demo()

    def _demo(self) -> dict[str, Account]:
        home = f"г. {self.city}, {self.street}, д. 45, кв. "
        return {
            self.prefix + tail: Account(self.prefix + tail, owner, f"{home}{flat}", owed, habit)
            for tail, owner, flat, owed, habit in _DEMO
        }

    def _invented(self) -> dict[str, Account]:
        dice = Random(self.code)  # text seeds give the same people in every Python
        numbers = dice.sample(range(1_000_000, 4_000_000), ACCOUNTS_EACH)
        rows = [Account(f"{self.prefix}{n:08d}", person(dice), address(dice, self.city), _owed(dice)) for n in numbers]
        return {row.number: row for row in rows}


def _owed(dice: Random) -> Money:
    kind = dice.random()
    if kind < 0.1:
        return ZERO
    if kind < 0.2:
        return -Money(dice.randint(5_000, 500_000))
    return Money(dice.randint(50_000, 3_500_000))


BILLERS = {
    biller.code: biller
    for biller in (
        Biller("almaty-energo", "Алматы Энерго", "Алматы", "ул. Сатпаева", "", r"[0-9]{8}"),
        Biller("astana-energo", "Астана Энерго", "Астана", "ул. Кенесары", "21", r"21[0-9]{8}"),
    )
}
