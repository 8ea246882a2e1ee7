"""Giving goods back after the hand-over: asked for by the buyer, answered by the merchant, done once they are back.

    asked ──> approved ──> done        (giving_back.py moves the money)
      │          ├──────> withdrawn
      └──────────┴──────> refused

A merchant who says nothing for three days has approved, and one who neither receives nor refuses what was approved
has received it after fourteen: nobody waits for ever. A line has one open return at a time; all of them together never
give back more than was bought.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from kaspi_web.domain.orders import rows
from kaspi_web.domain.orders.models import Order, OrderLine, OrderReturn
from kaspi_web.domain.orders.parts import gone_of
from kaspi_web.domain.orders.texts import text_buyer, told
from kaspi_web.domain.orders.timeline import note
from kaspi_web.domain.orders.transitions import OrderMoveRefused
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST
from kaspi_web.kernel.errors import Invalid, NotFound, Refused

RETURN_WITHIN = {"unused": timedelta(days=14), "defective": timedelta(days=30)}
"""Days after that of the hand-over, by the bank's clock."""
ANSWER_WITHIN = timedelta(days=3)
"""What a merchant has to answer in, by the bank's clock."""
RECEIVE_WITHIN = timedelta(days=14)
"""What the buyer has to bring the goods in, and the merchant to receive or refuse them."""
OPEN = ("asked", "approved")
MAX_WORDS, MAX_REFUSAL = 500, 300


class ReturnTooLate(Refused):
    """The days in which goods of this kind can be given back are over; `until` was the last."""

    code = "return_too_late"


class ReturnTooMany(Invalid):
    """More pieces than the buyer still has; `left` says how many that are."""

    code, field = "return_too_many", "pieces"


class ReturnOpen(Refused):
    """Another return of this line waits for its end."""

    code = "return_open"


class ReturnOver(Refused):
    """The return has ended otherwise, or is not there yet; `state` says where it stands."""

    code = "return_over"


class ReturnReasonUnknown(Invalid):
    """The reason is neither unused nor defective."""

    code, field = "return_reason_unknown", "reason"


class ReturnWordsMissing(Invalid):
    """A refusal needs its reason in words, and a defect its description."""

    code, field = "return_words_missing", "words"


def last_day(row: Order, reason: str) -> date | None:
    """The last day on which goods can be given back for this reason; None before the hand-over."""
    if row.handed_over_at is None:
        return None
    return row.handed_over_at.astimezone(ALMATY).date() + RETURN_WITHIN[reason]


def ask(unit: Unit, *, customer_id: int, order_id: str, line: int, pieces: int, reason: str, words: str = "") -> str:
    """The buyer wants to give pieces of a line back; answers the return's address, the first one if asked again.

    Raises NotFound, OrderMoveRefused, ReturnReasonUnknown, ReturnWordsMissing, ReturnTooLate, ReturnTooMany or
    ReturnOpen.
    """
    if reason not in RETURN_WITHIN:
        raise ReturnReasonUnknown
    words = " ".join(words.split())[:MAX_WORDS]
    if reason == "defective" and not words:
        raise ReturnWordsMissing
    row = rows.locked(unit, *rows.of_customer(customer_id, order_id))
    of = _line(unit, row, line)
    waiting = (OrderReturn.line_id == of.id, col(OrderReturn.state).in_(OPEN))
    first = unit.exec(select(OrderReturn).where(*waiting)).one_or_none()
    if first is not None:
        if (first.quantity, first.reason, first.words) != (pieces, reason, words):
            raise ReturnOpen
        return first.public_id
    _check(unit, row, of, pieces, reason)
    return _asked(unit, row, of, pieces, reason, words)


def _line(unit: Unit, row: Order, number: int) -> OrderLine:
    found = [each for each in rows.lines_of(unit, row) if each.kind == "goods" and each.number == number]
    if not found:
        raise NotFound
    return found[0]


def _check(unit: Unit, row: Order, of: OrderLine, pieces: int, reason: str) -> None:
    until = last_day(row, reason)
    if row.status != "COMPLETED" or until is None:
        raise OrderMoveRefused(state=row.status, verb="return")
    if unit.clock.today() > until:
        raise ReturnTooLate(until=until)
    left = of.quantity - gone_of(of)
    if not 0 < pieces <= left:
        raise ReturnTooMany(left=left)


def _asked(unit: Unit, row: Order, of: OrderLine, pieces: int, reason: str, words: str) -> str:
    made = OrderReturn(
        public_id=public_id(),
        order_id=rows.id_of(row),
        line_id=of.id or 0,
        quantity=pieces,
        reason=reason,
        words=words,
        asked_at=unit.clock.now(),
    )
    unit.add(made)
    unit.flush()
    note(unit, order_id=rows.id_of(row), kind="return_asked", detail=f"{of.number}:{pieces}:{reason}")
    told(unit, row)
    return made.public_id


def withdraw(unit: Unit, *, customer_id: int, return_id: str) -> None:
    """The buyer keeps the goods after all; raises NotFound or ReturnOver."""
    made, row = rows.return_of(unit, return_id, Order.customer_id == customer_id)
    if _answered(made, "withdrawn", OPEN):
        return
    _answer(unit, made, "withdrawn")
    note(unit, order_id=rows.id_of(row), kind="return_withdrawn")
    told(unit, row)


def approve(unit: Unit, *, merchant_id: int, return_id: str) -> None:
    """The merchant will take the goods back: the buyer brings them; raises NotFound or ReturnOver."""
    made, row = rows.return_of(unit, return_id, Order.merchant_id == merchant_id)
    if not _answered(made, "approved", ("asked",)):
        _approve(unit, made, row)


def unanswered(unit: Unit, *, until: datetime) -> list[tuple[int, datetime]]:
    """Returns whose merchants' time will be over until then, by number and by when, oldest first."""
    return _over(unit, "asked", OrderReturn.asked_at, ANSWER_WITHIN, until)


def unreceived(unit: Unit, *, until: datetime) -> list[tuple[int, datetime]]:
    """The same of those approved whose goods will have been neither received nor refused in time until then."""
    return _over(unit, "approved", OrderReturn.answered_at, RECEIVE_WITHIN, until)


def _over(unit: Unit, state: str, since: Any, within: timedelta, until: datetime) -> list[tuple[int, datetime]]:
    both: Any = (OrderReturn.id, since)
    silent = (OrderReturn.state == state, since <= until - within)
    found = unit.exec(select(*both).where(*silent).order_by(since, col(OrderReturn.id)).limit(MOST))
    return [(number, then + within) for number, then in found]


def is_unreceived(unit: Unit, made: OrderReturn) -> bool:
    """Whether the goods of an approved return were neither received nor refused in time."""
    if made.state != "approved":
        return False
    assert made.answered_at is not None, "it was approved at a moment"
    return made.answered_at + RECEIVE_WITHIN <= unit.clock.now()


def approve_unanswered(unit: Unit, *, return_id: int) -> bool:
    """The merchant's silence is a yes once their time is over; answers whether it was needed."""
    made, row = rows.return_of(unit, address(unit, return_id))
    if made.state != "asked" or made.asked_at + ANSWER_WITHIN > unit.clock.now():
        return False
    _approve(unit, made, row)
    return True


def address(unit: Unit, return_id: int) -> str:
    """A return's address by its number."""
    return unit.exec(select(OrderReturn.public_id).where(OrderReturn.id == return_id)).one()


def _approve(unit: Unit, made: OrderReturn, row: Order) -> None:
    _answer(unit, made, "approved")
    note(unit, order_id=rows.id_of(row), kind="return_approved")
    text_buyer(unit, row, "return_approved")


def refuse(unit: Unit, *, merchant_id: int, return_id: str, refusal: str) -> None:
    """The merchant does not take the goods back, and says why, before or after seeing them, as long as they may.

    Raises NotFound, ReturnOver or ReturnWordsMissing.
    """
    words = " ".join(refusal.split())[:MAX_REFUSAL]
    if not words:
        raise ReturnWordsMissing
    made, row = rows.return_of(unit, return_id, Order.merchant_id == merchant_id)
    if _answered(made, "refused", OPEN):
        return
    if is_unreceived(unit, made):
        raise ReturnOver(state=made.state)
    made.refusal = words
    _answer(unit, made, "refused")
    note(unit, order_id=rows.id_of(row), kind="return_refused", detail=words)
    text_buyer(unit, row, "return_refused", reason=words)


def _answered(made: OrderReturn, state: str, before: tuple[str, ...]) -> bool:
    """Whether the return has this answer already; raises ReturnOver if it cannot have it any more."""
    if made.state == state:
        return True
    if made.state not in before:
        raise ReturnOver(state=made.state)
    return False


def _answer(unit: Unit, made: OrderReturn, state: str) -> None:
    made.state, made.answered_at = state, unit.clock.now()
    unit.flush()
