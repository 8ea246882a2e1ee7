"""Customers whose IIN is known, and numbers that are one."""

from __future__ import annotations

from datetime import date

from kaspi_web.domain.customers.names import Person
from kaspi_web.domain.identity import service as identity
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.iin import check_digit, prefix

AIGUL = Person("Айгүл", "Нұрланова", "", date(1990, 5, 1))
"""As tests/make/customers.py registers somebody."""


def iin_of(born: date = AIGUL.born_on, *, sex: str = "f", number: int = 1) -> str:
    """An IIN of somebody born on that day; another one for each `number`."""
    beginnings = (prefix(born, sex) + f"{serial:04d}" for serial in range(number, 10_000))
    found = (each + str(check_digit(each)) for each in beginnings if check_digit(each) is not None)
    return next(found)


def matched(bank: Bank, customer_id: int, iin: str | None = None, person: Person = AIGUL) -> str:
    """Have the customer's IIN known, as after the register's word; answers the IIN."""
    iin = iin or iin_of(person.born_on)
    bank.db.write_now(identity.match, customer_id=customer_id, iin=iin, registered=person)
    return iin
