"""What happens to a bill by itself: a reminder, its day, and what follows when it is late; each step once.

    remind ──> due ──> late ──> fine ──> collect, day after day ──> none

A step is done on its day or, after a stop, as soon as somebody works again: a customer's steps in the order of their
days. Steps later than the first find nothing to do when everything of the bill is paid.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select, update

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.loans import book, credit, noting, red, repaying, rules
from kaspi_web.domain.loans.book import RED, Held, owed_of
from kaspi_web.domain.loans.models import DueBill, DueRun
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST, Due
from kaspi_web.kernel.money import Money


def due_now(unit: Unit, *, most: int = 50) -> list[tuple[int, str]]:
    """Bills and their steps to be done by today, the earliest first; of each customer those of their earliest day."""
    earlier = aliased(DueBill)
    same = (col(earlier.customer_id) == col(DueBill.customer_id), col(earlier.next_on) < col(DueBill.next_on))
    waits = select(DueBill.id, DueBill.step).where(col(DueBill.next_on) <= unit.clock.today(), ~exists().where(*same))
    found = unit.exec(waits.order_by(col(DueBill.next_on), col(DueBill.id)).limit(most))
    return [(number, step) for number, step in found if number is not None]


def run(unit: Unit, *, bill_id: int, step: str) -> bool:
    """Do a step of a bill if it is the next and its day has come; answers whether, or somebody else did it."""
    found = select(DueBill.customer_id, DueBill.subject).where(DueBill.id == bill_id)
    customer_id, subject = unit.exec(found).one()
    held = book.of_subject(unit, customer_id=customer_id, subject=subject, lock=True)
    bill = next(each for each in held.bills if each.id == bill_id)
    today = unit.clock.today()
    if bill.step != step or bill.next_on is None or bill.next_on > today or not _claim(unit, bill, today):
        return False
    onward = _STEPS[step](unit, held, bill)
    bill.step, bill.next_on = onward, _day_of(unit, bill, onward)
    unit.flush()
    unit.tell(f"customer:{customer_id}")
    return True


def _claim(unit: Unit, bill: DueBill, today: date) -> bool:
    """Take the step, whoever else looks at it: the bill still stands as it was read, and a step has one row."""
    mine = (col(DueBill.id) == bill.id, col(DueBill.step) == bill.step, col(DueBill.next_on) == bill.next_on)
    if unit.exec(update(DueBill).where(*mine).values(next_on=today)).rowcount != 1:
        return False
    # Collecting is done on many days; what it takes has a key for each.
    if bill.step != "collect":
        unit.add(DueRun(bill_id=bill.id or 0, step=bill.step, run_on=today))
    unit.flush()
    return True


def _left(held: Held, bill: DueBill) -> Money:
    return Money(sum(owed_of(row) for _, row in held.payments() if row.due_on == bill.due_on))


def _remind(unit: Unit, held: Held, bill: DueBill) -> str:
    left = _left(held, bill)
    if left and unit.clock.today() <= bill.due_on:
        noting.fell_due(unit, held, bill, "remind", left)
    return "due"


def _due(unit: Unit, held: Held, bill: DueBill) -> str:
    for loan in held.loans:
        credit.accrue_due(unit, loan, held.rows_of(loan), unit.clock.today())
    unit.flush()
    _pay(unit, held, bill)
    return "late"


def _pay(unit: Unit, held: Held, bill: DueBill, turn: str = "") -> None:
    if _pays_automatically(held):
        repaying.automatically(unit, held, key=f"bill:{bill.id}:{bill.step}{turn}")


def _pays_automatically(held: Held) -> bool:
    if held.subject == RED:
        return held.member is not None and held.member.pays_automatically
    return any(loan.pays_automatically for loan in held.loans)


def _late(unit: Unit, held: Held, bill: DueBill) -> str:
    # Money may have come during the day: once more before it is noted as late.
    _pay(unit, held, bill)
    left = _left(held, bill)
    if not left:
        if held.subject == RED:
            red.reconsider(unit, customer_id=held.customer_id)
        return "none"
    bill.late_on = unit.clock.today()
    noting.fell_due(unit, held, bill, "late", left)
    return "fine"


def _fine(unit: Unit, held: Held, bill: DueBill) -> str:
    _pay(unit, held, bill)
    if not _left(held, bill):
        return "none"
    fine = rules.amount(unit, "fine")
    owner = book.fines_owner(held.customer_id, held.subject)
    move = Move(ledger.account(unit, "loan_fine", owner), ledger.account(unit, "fine_income"), fine)
    subject = f"due_bill:{bill.id}"
    ledger.post(unit, kind="loan_fine_due", key=f"{subject}:fine", moves=[move], subject=subject)
    bill.fine_tiyn = fine.tiyn
    noting.fell_due(unit, held, bill, "fine", fine)
    return _collect_on(held, bill)


def _collect(unit: Unit, held: Held, bill: DueBill) -> str:
    _pay(unit, held, bill, f":{unit.clock.today()}")
    return _collect_on(held, bill)


def _collect_on(held: Held, bill: DueBill) -> str:
    """Whoever pays automatically is asked of the wallet every day until nothing of the bill is missing."""
    missing = _left(held, bill) or bill.fine_tiyn > bill.paid_fine_tiyn
    return "collect" if missing and _pays_automatically(held) else "none"


_STEPS: dict[str, Callable[[Unit, Held, DueBill], str]] = {
    "remind": _remind,
    "due": _due,
    "late": _late,
    "fine": _fine,
    "collect": _collect,
}


def _day_of(unit: Unit, bill: DueBill, step: str) -> date | None:
    if step == "none":
        return None
    if step == "collect":
        return unit.clock.today() + timedelta(days=1)
    days = rules.number(unit, f"{step}_days") if step in ("late", "fine") else 0
    return bill.due_on + timedelta(days=days)


def due(unit: Unit, *, until: datetime) -> list[Due]:
    """The steps that are to be done until then by the bank's clock, oldest first."""
    last = until.astimezone(ALMATY).date()
    fields: Any = (DueBill.id, DueBill.next_on)
    waits = select(*fields).where(col(DueBill.next_on) <= last)
    rows = unit.exec(waits.order_by(col(DueBill.next_on), col(DueBill.id)).limit(MOST))
    return [Due(f"due_bill:{number}", datetime.combine(day, time.min, ALMATY)) for number, day in rows if day]
