"""Checkouts through the product's own verbs: open, propose and buy, two lines of two sellers from the wallet."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import uvloop
from sqlalchemy import text

from bench.figures import Plan, interleaved
from bench.measure import Round, Transfer, loop_of_tasks
from bench.report import Report
from bench.stage import MoneyLost
from kaspi_web import demo_data
from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.checkout.chosen import PICKUP
from kaspi_web.domain.checkout.service import Fetch
from kaspi_web.domain.customers.models import Customer
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.audit import audit
from kaspi_web.domain.ledger.service import Move
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from tests.databases import make_sqlite_template, open_bank, postgres_copy
from tests.make import shop

CUSTOMERS, SELLERS, OFFERS = 3_000, 20, 10
_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_PRICE, _FUND = Money.tenge(1_500), Money.tenge(50_000_000)
# Two offers of different sellers for each customer who has none in the basket.
_FILL = """
INSERT INTO basket_line (customer_id, offer_id, quantity, seen_price_tiyn, added_at)
SELECT c.id, o.id, 1, o.price_tiyn, c.created_at FROM customer c
JOIN offer o ON o.id IN (c.id % {half} + 1, c.id % {half} + 1 + {half})
WHERE NOT EXISTS (SELECT 1 FROM basket_line l WHERE l.customer_id = c.id)
""".format(half=SELLERS * OFFERS // 2)
_PURCHASES = text("SELECT COUNT(*) FROM purchase")


class Shop(NamedTuple):
    """A bank with sellers and buyers; `fetching` says where each seller's goods are fetched."""

    bank: Bank
    customers: list[int]
    fetching: dict[str, Fetch]


@contextmanager
def sqlite_shop(folder: Path) -> Iterator[Shop]:
    """A shop on a fresh SQLite file."""
    folder.mkdir()
    make_sqlite_template(folder / "bank.db")
    with open_bank(f"sqlite:///{folder / 'bank.db'}", folder) as bank:
        yield _furnished(bank)


@contextmanager
def postgres_shop(server: str, folder: Path) -> Iterator[Shop]:
    """The same in a fresh database of the server, which has the template already."""
    folder.mkdir()
    with postgres_copy(server) as url, open_bank(url, folder) as bank:
        yield _furnished(bank)


def _furnished(bank: Bank) -> Shop:
    demo_data.load(bank)
    sellers = [shop.seller(bank) for _ in range(SELLERS)]
    for of in sellers:
        for _ in range(OFFERS):
            shop.offer(bank, of, _PRICE, pieces=10**6)
    fetching = {each.slug: Fetch(PICKUP, each.points[0]) for each in sellers}
    return Shop(bank, bank.db.write_now(_customers), fetching)


def _customers(unit: Unit) -> list[int]:
    usual = {"family_name": "B", "born_on": date(1990, 5, 1), "language": "ru", "password_hash": "x"}
    times = {"consent_version": "1", "consented_at": _NOW, "created_at": _NOW}
    cash = ledger.account(unit, "terminal_network", "kaspi")
    made = []
    for number in range(CUSTOMERS):
        owner = unit.put(Customer(phone=f"+7705{number:07d}", given_name="A", **usual, **times))
        wallet = ledger.account(unit, "wallet", str(owner))
        ledger.account(unit, "bonus", str(owner))
        ledger.post(unit, kind="topup", key=f"bench:{owner}", moves=[Move(cash, wallet, _FUND)])
        made.append(owner)
    return made


def checkouts(of: Shop, *, callers: int, seconds: float) -> Round:
    """So many callers, each with a customer of their own at a time; every checkout is three units of work."""
    with of.bank.db.engine.begin() as connection:
        connection.execute(text(_FILL))
    turns = itertools.cycle(of.customers)

    async def deed(_: Transfer) -> None:
        this = {"customer_id": next(turns)}
        this["checkout_id"] = await of.bank.db.write(checkout.open, **this)
        agreed = await of.bank.db.write(checkout.propose, **this, fetching=of.fetching, source="wallet")
        await of.bank.db.write(checkout.buy, **this, amount=agreed.amount, source="wallet", number=agreed.number)

    async def run() -> Round:
        return await loop_of_tasks(deed, lambda: Transfer("", 0, 0), callers=callers, seconds=seconds)

    return _counted(of.bank, lambda: uvloop.run(run()))


def _counted(bank: Bank, round_: Callable[[], Round]) -> Round:
    before = bank.db.read_now(lambda unit: unit.sql(_PURCHASES).scalar_one())
    done = round_()
    made = bank.db.read_now(lambda unit: unit.sql(_PURCHASES).scalar_one()) - before
    if made != done.acknowledged:
        raise MoneyLost(f"{done.acknowledged} purchases were acknowledged, {made} were made")
    return done


def on_both(report: Report, plan: Plan, folder: Path, server: str) -> None:
    """At least a hundred checkouts a second; afterwards the audit of the whole bank is clean."""
    report.headline("checkouts: open, propose and buy two lines of two sellers")
    with sqlite_shop(folder / "shop-sqlite") as sqlite, postgres_shop(server, folder / "shop-postgres") as postgres:
        for callers in (8, 64):
            rounds = interleaved(
                plan.rounds,
                {
                    "SQLite": lambda n=callers: checkouts(sqlite, callers=n, seconds=plan.seconds),
                    "PostgreSQL": lambda n=callers: checkouts(postgres, callers=n, seconds=plan.seconds),
                },
            )
            report.compared("checkouts", f"{callers} callers", rounds, to="SQLite")
            for where, each in rounds.items():
                rate = sorted(one.a_second for one in each)[len(each) // 2]
                report.aim(f"{where}, {callers} callers: checkouts a second", rate, least=100)
        for each in (sqlite, postgres):
            faults = each.bank.db.read_now(audit).faults
            if faults:
                raise MoneyLost("; ".join(faults))
