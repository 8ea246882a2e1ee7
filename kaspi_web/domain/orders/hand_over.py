"""The hand-over, in two steps: the bank texts the buyer a code, the seller types what the buyer says.

Here the seller is paid, the plan begins, the bank takes its commission and gives the bonus: one entry, and none
of it any earlier.
"""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.loans import service as loans
from kaspi_web.domain.merchants import queries as merchants
from kaspi_web.domain.orders import parts, rows, transitions
from kaspi_web.domain.orders.models import Order
from kaspi_web.domain.orders.parts import Parts
from kaspi_web.domain.orders.texts import text_buyer
from kaspi_web.domain.orders.timeline import note
from kaspi_web.domain.sms import codes
from kaspi_web.domain.sms.codes import Sent
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import Money

PURPOSE = "hand_over"
DIGITS = 4


def ask_code(unit: Unit, *, merchant_id: int, order_id: str) -> Sent:
    """The buyer is here: text them the code. Asked again at once, the code on its way is enough.

    Raises NotFound, OrderMoveRefused, TooManyCodes or Busy.
    """
    row = rows.locked(unit, *rows.of_merchant(merchant_id, order_id))
    transitions.check(row, "hand_over")
    buyer = customers.card(unit, customer_id=row.customer_id)
    this = {"phone": buyer.phone, "purpose": PURPOSE, "subject": _subject(row)}
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

    Answers the refusal of the code (WrongCode, CodeExpired, Busy) instead of raising it, so that the try is counted.
    Raises NotFound, OrderMoveRefused, or Busy when no try is left.
    """
    row = rows.locked(unit, *rows.of_merchant(merchant_id, order_id))
    if transitions.is_done(row, "hand_over"):
        return None
    transitions.check(row, "hand_over")
    phone = customers.card(unit, customer_id=row.customer_id).phone
    refusal = codes.try_code(unit, phone=phone, purpose=PURPOSE, subject=_subject(row), typed=code)
    if refusal is None:
        _complete(unit, row)
    return refusal


def _subject(row: Order) -> str:
    return f"order:{row.id}"


def _complete(unit: Unit, row: Order) -> None:
    left = parts.left_of(rows.lines_of(unit, row))
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
