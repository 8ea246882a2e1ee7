"""What becomes of a payment: funded, accepted, refused, or still unknown. Each is written once.

A time-out or a strange answer is unknown, not no: the money stays set aside and the biller is asked again, with
growing waits, for a day; after that the payment waits for the biller's registry. A late word that contradicts the
last one is never a second debit or refund: it is noted as a difference.
"""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from kaspi_web.domain.bills import differences, funding
from kaspi_web.domain.bills.asking import JOB
from kaspi_web.domain.bills.billers import biller
from kaspi_web.domain.bills.models import BillPayment
from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.cards.charges import ChargeView
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.sms.outbox import text_to
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money

WAITS_S = (2, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600)
GIVE_UP = timedelta(hours=24)
_LATE_ENOUGH_FOR_SMS = timedelta(seconds=30)


def charged(unit: Unit, charge: ChargeView) -> None:
    """Another bank's card has answered: ask the biller, or end the payment. The same answer again changes nothing."""
    row = unit.exec(select(BillPayment).where(BillPayment.charge_id == charge.id).with_for_update()).one()
    unit.tell(f"customer:{row.customer_id}")
    if row.state != "funding":
        return
    if charge.state == "authorised" and charge.wanted != "void":
        now = real_now()
        row.state, row.due_at, row.gives_up_at = "on_way", now, now + GIVE_UP
        unit.tell(JOB)
    elif charge.state in ("declined", "voided") or charge.wanted == "void":
        _end(unit, row, f"card_{charge.reason}"[:24] if charge.reason else "card")


def accepted(unit: Unit, *, payment_id: int, biller_txn: str) -> None:
    """The biller said yes: every part is its now, and the bonus is given. A second yes changes nothing."""
    row = _locked(unit, payment_id)
    if row.state == "refused":
        differences.note(unit, row, "late_success", their_state="done")
    if row.finished_at is not None:
        return
    payable = ledger.account(unit, "biller_payable", row.biller)
    earned = bonus.accrual(unit, customer_id=row.customer_id, bonus=Money(row.bonus_tiyn))
    moves = [*funding.taken(unit, row, to=payable), *earned]
    ledger.post(
        unit, kind="bill_paid", key=f"bill_payment:{row.id}:paid", moves=moves, subject=f"bill_payment:{row.id}"
    )
    _finish(unit, row, "done", "0")
    row.biller_txn = biller_txn
    if unit.clock.now() - row.started_at > _LATE_ENOUGH_FOR_SMS:
        _tell(unit, row, "payment_done")


def refused(unit: Unit, *, payment_id: int, word: str) -> None:
    """The biller said no for good: every part goes back to where it came from. A second no changes nothing."""
    row = _locked(unit, payment_id)
    if row.state == "done":
        differences.note(unit, row, "late_refusal", their_state="refused")
    if row.finished_at is None:
        _end(unit, row, word)


def _end(unit: Unit, row: BillPayment, word: str) -> None:
    funding.lock_way_back(unit, row)
    moves = funding.given_back(unit, row)
    if moves:
        subject = f"bill_payment:{row.id}"
        ledger.post(unit, kind="bill_released", key=f"{subject}:released", moves=moves, subject=subject)
        funding.bring_home(unit, row)
    _finish(unit, row, "refused", word)
    _tell(unit, row, "payment_refused")


def unknown(unit: Unit, *, payment_id: int, word: str) -> None:
    """Nothing is known yet: ask again later, and after a day leave it to the registry."""
    row = _locked(unit, payment_id)
    if row.state != "on_way":
        return
    now = real_now()
    row.last_word, row.leased_until = word, now
    row.due_at = now + timedelta(seconds=WAITS_S[min(max(row.tries, 1), len(WAITS_S)) - 1])
    if now >= row.gives_up_at:
        row.state = "registry"
    unit.tell(f"customer:{row.customer_id}")
    unit.tell(JOB)


def _locked(unit: Unit, payment_id: int) -> BillPayment:
    row = funding.locked(unit, BillPayment.id == payment_id)
    if row is None:
        raise NotFound
    return row


def _finish(unit: Unit, row: BillPayment, state: str, word: str) -> None:
    row.state, row.last_word, row.finished_at = state, word, unit.clock.now()
    unit.flush()
    wallet.turn(unit, customer_id=row.customer_id, subject=f"bill_payment:{row.id}", state=state)


def _tell(unit: Unit, row: BillPayment, template: str) -> None:
    owner = customers.card(unit, customer_id=row.customer_id)
    payee = biller(unit, slug=row.biller).names[owner.language]
    text_to(
        unit, phone=owner.phone, language=owner.language, template=template, amount_tiyn=row.amount_tiyn, payee=payee
    )
