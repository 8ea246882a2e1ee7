"""The hand-over, in two steps: the bank texts the buyer a code, the seller types what the buyer says.

Here the seller is paid, the plan begins, the bank takes its commission and gives the bonus: one entry, and none
of it any earlier.
"""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.catalogue import stock
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.loans import service as loans
from kaspi_web.domain.merchants import queries as merchants
from kaspi_web.domain.orders import money_back, parts, rows, transitions
from kaspi_web.domain.orders.models import Order
from kaspi_web.domain.orders.parts import Parts
from kaspi_web.domain.orders.texts import text_buyer
from kaspi_web.domain.orders.timeline import note
from kaspi_web.domain.sms import codes
from kaspi_web.domain.sms.codes import Sent, WrongCode
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Busy, DomainError, Refused
from kaspi_web.kernel.money import Money

PURPOSE = "hand_over"
DIGITS = 4
MOST_WRONG = 10
"""Wrong codes for one order in all: who types them is paid for a right one, and four digits are guessed in the end."""


class OrderNotPaidYet(Refused):
    """The buyer's card has agreed, and its bank has not sent the money yet: it takes seconds, as a rule."""

    code = "order_not_paid_yet"


class HandOverLocked(Refused):
    """So many wrong codes were typed for the order that no code hands it over any more."""

    code = "hand_over_locked"


def ask_code(unit: Unit, *, merchant_id: int, order_id: str) -> Sent:
    """The buyer is here: text them the code. Asked again at once, the code on its way is enough.

    Raises NotFound, OrderMoveRefused, HandOverLocked, TooManyCodes or Busy.
    """
    row = rows.locked(unit, *rows.of_merchant(merchant_id, order_id))
    _check(unit, row)
    buyer = customers.card(unit, customer_id=row.customer_id)
    this = _operation(row, buyer.phone)
    _check_tries(unit, this)
    waiting = codes.pending(unit, **this)
    if waiting is not None and waiting.resend_at > real_now():
        return waiting
    payee = merchants.merchant(unit, merchant_id=merchant_id).name
    words: dict[str, Any] = {"template": "code_hand_over", "order": row.code, "payee": payee}
    sent = codes.send(unit, **this, language=buyer.language, digits=DIGITS, **words)
    note(unit, order_id=rows.id_of(row), kind="code_sent")
    return sent


def hand_over(unit: Unit, *, merchant_id: int, order_id: str, code: str) -> DomainError | None:
    """The goods are the buyer's, proved by their code, and the seller is paid; done before, it changes nothing.

    Answers the refusal of the code (WrongCode, CodeExpired, Busy, or HandOverLocked after the last try) instead of
    raising it, so that the try is counted. Raises NotFound, OrderMoveRefused, HandOverLocked, or Busy when no try is
    left in this hour.
    """
    row = rows.locked(unit, *rows.of_merchant(merchant_id, order_id))
    if transitions.is_done(row, "hand_over"):
        return None
    _check(unit, row)
    this = _operation(row, customers.card(unit, customer_id=row.customer_id).phone)
    left = _check_tries(unit, this)
    refusal = codes.try_code(unit, **this, typed=code)
    if refusal is None:
        _complete(unit, row)
    return _within(refusal, left - 1)


def _operation(row: Order, phone: str) -> dict[str, str]:
    return {"phone": phone, "purpose": PURPOSE, "subject": _subject(row)}


def _check_tries(unit: Unit, this: dict[str, str]) -> int:
    """Tries left for the order in all; raises HandOverLocked when there is none."""
    left = MOST_WRONG - codes.wrong_in_all(unit, **this)
    if left <= 0:
        raise HandOverLocked
    return left


def _within(refusal: DomainError | None, left: int) -> DomainError | None:
    """The refusal of a try as the order has it, with so many tries left after a wrong one."""
    if not isinstance(refusal, WrongCode | Busy):
        return refusal
    if not left:
        return HandOverLocked()
    return WrongCode(tries_left=min(left, refusal.params["tries_left"])) if isinstance(refusal, WrongCode) else refusal


def _check(unit: Unit, row: Order) -> None:
    transitions.check(row, "hand_over")
    if not money_back.is_paid(unit, row):
        raise OrderNotPaidYet


def _subject(row: Order) -> str:
    return f"order:{row.id}"


def _complete(unit: Unit, row: Order) -> None:
    lines = rows.lines_of(unit, row)
    left = parts.left_of(lines)
    # Products come before plans and accounts in the order of locks.
    taken = [(each.product_id, each.quantity - parts.gone_of(each)) for each in lines if each.product_id]
    stock.count_sold(unit, taken)
    transitions.move(row, "hand_over")
    row.handed_over_at = unit.clock.now()
    unit.flush()
    moves, subject = _moves(unit, row, left), _subject(row)
    ledger.post(unit, kind="order_handed_over", key=f"{subject}:handed_over", moves=moves, subject=subject)
    note(unit, order_id=rows.id_of(row), kind="handed_over", amount=left.total)
    if row.loan_id is not None:
        note(unit, order_id=rows.id_of(row), kind="plan_opened", amount=left.money)
    given = Money(row.promised_bonus_tiyn)
    if given:
        note(unit, order_id=rows.id_of(row), kind="bonus_given", amount=given)
    text_buyer(unit, row, "order_handed_over", amount_tiyn=left.total.tiyn)


def _moves(unit: Unit, row: Order, left: Parts) -> list[Move]:
    slug = merchants.merchant(unit, merchant_id=row.merchant_id).slug
    seller = ledger.account(unit, "merchant", slug)
    moves = []
    if row.loan_id is not None and left.money:
        moves += loans.opened(unit, loan_id=row.loan_id, to=seller)
    if row.hold_id is not None and left.money:
        moves.append(ledger.captured(unit, hold_id=row.hold_id, amount=left.money, to=seller))
    if row.bonus_hold_id is not None and left.bonus:
        moves.append(ledger.captured(unit, hold_id=row.bonus_hold_id, amount=left.bonus, to=seller))
    if left.commission:
        moves.append(Move(seller, ledger.account(unit, "commission_income"), left.commission))
    moves += bonus.accrual(unit, customer_id=row.customer_id, bonus=Money(row.promised_bonus_tiyn))
    return moves
