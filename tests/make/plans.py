"""Plans that were lent without a shop around them, days that pass, and what a test wants to know of both."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from typing import Any

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.loans import due, plans, red, red_views, repaying, service
from kaspi_web.domain.loans.repaying import RepaymentView
from kaspi_web.domain.loans.returning import Returned
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from tests.make.customers import customer
from tests.make.identity import iin_of, matched
from tests.make.ledger import sql

SELLER = "plans-seller"
_numbers = itertools.count(1)


def borrower(bank: Bank, *, money: Money = ZERO, **overrides: Any) -> int:
    """A customer whose IIN is known, so that they may borrow."""
    customer_id = customer(bank, money=money, **overrides)
    matched(bank, customer_id, iin_of(number=next(_numbers)))
    return customer_id


def member(bank: Bank, *, money: Money = ZERO, **overrides: Any) -> int:
    """A member of RED."""
    customer_id = borrower(bank, money=money, **overrides)
    join(bank, customer_id)
    return customer_id


def join(bank: Bank, customer_id: int) -> red.MemberView:
    """Join RED with the consent of today."""
    return bank.db.write_now(red.join, customer_id=customer_id, consent=red.CONSENT)


def raise_limit(bank: Bank, customer_id: int, limit: Money) -> None:
    """Give a member another limit, as if the rules did."""
    sql(bank, "UPDATE red_member SET limit_tiyn = :limit WHERE customer_id = :id", limit=limit.tiyn, id=customer_id)


def reserved(bank: Bank, customer_id: int, amount: Money, kind: str = "red", months: int = 3, **more: Any) -> int:
    """A plan for an order that is not handed over yet; answers the loan's id."""
    subject = f"test:{public_id()}"
    named = {"customer_id": customer_id, "kind": kind, "months": months, "amount": amount, "subject": subject}
    return bank.db.write_now(service.reserve, **(named | more))


def hand_over(bank: Bank, loan_id: int) -> None:
    """Open a plan and pay the seller, as the hand-over of its order does."""
    bank.db.write_now(_hand_over, loan_id)


def _hand_over(unit: Unit, loan_id: int) -> None:
    moves = service.opened(unit, loan_id=loan_id, to=ledger.account(unit, "merchant", SELLER))
    ledger.post(unit, kind="order_handed_over", key=f"test:{loan_id}:handed_over", moves=moves)


def lent(bank: Bank, customer_id: int, amount: Money, kind: str = "red", months: int = 3) -> int:
    """A plan whose goods were handed over today; answers the loan's id."""
    loan_id = reserved(bank, customer_id, amount, kind, months)
    hand_over(bank, loan_id)
    return loan_id


def give_back(bank: Bank, loan_id: int, amount: Money, *, all_goods: bool = False) -> Returned:
    """Return goods of a plan to its seller."""
    return bank.db.write_now(give_back_in, loan_id=loan_id, amount=amount, all_goods=all_goods)


def give_back_in(unit: Unit, *, loan_id: int, amount: Money, all_goods: bool = False) -> Returned:
    """The same in a unit of the caller's."""
    seller = ledger.account(unit, "merchant", SELLER)
    made = service.returned(unit, loan_id=loan_id, amount=amount, back_from=seller, all_goods=all_goods)
    ledger.post(unit, kind="order_returned", key=f"test:{public_id()}", moves=made.moves)
    return made


def pay(bank: Bank, customer_id: int, plan: str, amount: Money, *, way: str = "early", key: str = "") -> RepaymentView:
    """Repay from the wallet; a fresh key each time if none is given."""
    deed = {"due": repaying.pay_due, "early": repaying.pay_early, "whole": repaying.pay_whole}[way]
    return bank.db.write_now(deed, customer_id=customer_id, plan=plan, key=key or public_id(), amount=amount)


def address(bank: Bank, loan_id: int) -> str:
    """The address of a plan."""
    return bank.db.read_now(plans.address, loan_id=loan_id)


def seen(bank: Bank, customer_id: int, loan_id: int) -> plans.OnePlan:
    """A plan as its owner sees it."""
    return bank.db.read_now(plans.plan, customer_id=customer_id, plan=address(bank, loan_id))


def club(bank: Bank, customer_id: int) -> red_views.RedView:
    """Everything of RED as a member sees it."""
    view = bank.db.read_now(red_views.red, customer_id=customer_id)
    assert view is not None, "a member"
    return view


def automatic(bank: Bank, customer_id: int, plan: str, *, on: bool = True) -> None:
    """Switch paying automatically."""
    bank.db.write_now(repaying.set_automatic, customer_id=customer_id, plan=plan, on=on)


def until(bank: Bank, day: date) -> None:
    """Move the bank's clock to noon of a day; nobody works meanwhile."""
    bank.clock.jump(datetime.combine(day, time(12), ALMATY) - bank.clock.now())


def next_day(bank: Bank, month: int, day: int) -> date:
    """The next such day that lies ahead by a month at least."""
    ahead = bank.clock.today() + timedelta(days=31)
    years = (ahead.year, ahead.year + 1)
    return next(date(year, month, day) for year in years if date(year, month, day) >= ahead)


def work(bank: Bank) -> list[tuple[int, str]]:
    """Do every step that is due, as the worker does; answers bills and steps."""
    done = []
    while waiting := bank.db.read_now(due.due_now):
        for bill_id, step in waiting:
            assert bank.db.write_now(due.run, bill_id=bill_id, step=step), "nobody else works here"
            done.append((bill_id, step))
    return done


def live(bank: Bank, day: date) -> list[tuple[int, str]]:
    """Let the days pass one by one until `day`, with the worker at work on each."""
    done = work(bank)
    while bank.clock.today() < day:
        until(bank, bank.clock.today() + timedelta(days=1))
        done += work(bank)
    return done


def texts(bank: Bank) -> list[str]:
    """The templates of the messages about plans, oldest first."""
    rows = sql(bank, "SELECT template FROM sms_message ORDER BY id")
    return [name for (name,) in rows if name.startswith(("loan_", "repaid_"))]
