"""Bill payments: the hold, the asking, and the last word: captured with its bonus, or released.

The biller is asked by a worker after the commit, always with the same txn_id. A time-out or a strange
answer is unknown, not no: the money stays held and the biller is asked again, with growing waits, for a
day; after that the payment waits for the biller's registry. Asking runs on real time: no jump of the bank's
clock asks sooner or gives up earlier.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import and_, col, or_, select, update

from kaspi_web.domain.bills import intents
from kaspi_web.domain.bills.billers import BillerView, biller, view_of
from kaspi_web.domain.bills.models import Biller, BillPayment
from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.sms.outbox import text_to
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.models import Operation
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST, Due
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money

JOB = "job:bills"
WAITS_S = (2, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600)
GIVE_UP = timedelta(hours=24)
LEASE = timedelta(seconds=60)
_LATE_ENOUGH_FOR_SMS = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A bill payment; `state` is on_way, registry, done or refused."""

    id: int
    txn_id: int
    biller: BillerView
    account: str
    amount: Money
    bonus: Money
    state: str
    last_word: str
    started_at: datetime
    finished_at: datetime | None
    receipt: str


@dataclass(frozen=True, slots=True)
class Asking:
    """What a worker needs to ask the biller for one payment."""

    id: int
    txn_id: int
    address: str
    account: str
    amount: Money
    started_at: datetime


def pay(unit: Unit, *, customer_id: int, amount: Money, source: str, key: str = "", intent_id: str = "") -> PaymentView:
    """Pay the intent with this key or address, once: the money is held and the biller is asked after the commit.

    The same key again answers with the first payment. Raises IntentContentChanged for the same key with
    another sum or source, IntentProposalChanged for what is not the last proposal, and NotFound,
    IntentExpired, AmountOutOfRange, SourceUnknown, CodeNeeded or InsufficientFunds; then nothing is moved.
    """
    assert not (key and intent_id), "an intent is named by its key or by its address"
    row = intents.owned(unit, customer_id=customer_id, key=key, intent_id=intent_id)
    if row.payment_id is not None:
        if (row.amount_tiyn, row.source) != (amount.tiyn, source):
            raise intents.IntentContentChanged
        return payment(unit, customer_id=customer_id, payment_id=row.payment_id)
    of = intents.check_content(unit, row, amount, source)
    intents.check_agreed(row, amount, source)
    if intents.needs_code(row, amount):
        raise intents.CodeNeeded
    made, receipt = _held(unit, customer_id, of, row.account, amount, row.key)
    intents.note_paid(unit, row, amount, source, payment_id=made.id)
    return _view(made, of, receipt)


def _held(
    unit: Unit, customer_id: int, of: BillerView, account: str, amount: Money, key: str
) -> tuple[BillPayment, str]:
    hold_id = ledger.hold(
        unit,
        kind="bill_held",
        key=f"intent:{key}:held",
        account_id=wallet.account_id(unit, customer_id),
        amount=amount,
        subject=f"intent:{key}",
    )
    now, earned = real_now(), bonus.earned(amount, basis_points=of.bonus_basis_points)
    made = BillPayment(
        txn_id=10**17 + secrets.randbelow(9 * 10**17),
        customer_id=customer_id,
        biller=of.slug,
        account=account,
        amount_tiyn=amount.tiyn,
        bonus_tiyn=earned.tiyn,
        hold_id=hold_id,
        started_at=unit.clock.now(),
        due_at=now,
        gives_up_at=now + GIVE_UP,
        leased_until=now,
    )
    made.id = unit.put(made)
    receipt = wallet.note(
        unit,
        customer_id=customer_id,
        kind="bill",
        subject=f"bill_payment:{made.id}",
        counterparty=of.slug,
        account=account,
        amount=-amount,
        bonus=earned,
        state="on_way",
    )
    unit.tell(JOB)
    return made, receipt


def claim(unit: Unit, *, most: int = 10, address: str | None = None) -> list[Asking]:
    """Take payments whose biller, or the one at `address`, is to be asked now; each is leased for a minute."""
    now = real_now()
    free = select(BillPayment).where(*_free(now))
    if address is not None:
        free = free.where(col(BillPayment.biller).in_(select(Biller.slug).where(Biller.address == address)))
    free = free.order_by(col(BillPayment.due_at)).limit(most)
    rows = unit.exec(free.with_for_update(skip_locked=True)).all()
    for row in rows:
        row.leased_until, row.tries = now + LEASE, row.tries + 1
    return [_asking(unit, row) for row in rows]


def _free(now: datetime) -> tuple[bool, ...]:
    return BillPayment.state == "on_way", BillPayment.due_at <= now, BillPayment.leased_until <= now


def addresses_due(unit: Unit) -> list[str]:
    """Where billers are to be asked now, the one that waits longest first."""
    free = select(Biller.address).join(BillPayment).where(*_free(real_now())).group_by(Biller.address)
    return list(unit.exec(free.order_by(func.min(BillPayment.due_at))).all())


def hand_back(unit: Unit, *, payment_ids: list[int]) -> None:
    """End the leases of a worker that stops before it had its answers: the next one may ask at once."""
    mine = (col(BillPayment.id).in_(payment_ids), col(BillPayment.state) == "on_way")
    unit.exec(update(BillPayment).where(*mine).values(leased_until=real_now()))


def end_leases(unit: Unit) -> int:
    """End every lease: for a server that works alone, when it starts, since whoever had one is dead."""
    now = real_now()
    leased = (col(BillPayment.state) == "on_way", col(BillPayment.leased_until) > now)
    return unit.exec(update(BillPayment).where(*leased).values(leased_until=now)).rowcount


def _asking(unit: Unit, row: BillPayment) -> Asking:
    assert row.id is not None
    address = biller(unit, slug=row.biller).address
    return Asking(row.id, row.txn_id, address, row.account, Money(row.amount_tiyn), row.started_at)


def due(unit: Unit, *, until: datetime) -> list[Due]:
    """The payments whose billers are to be asked until then, in real time, oldest first."""
    waiting = select(BillPayment.id, BillPayment.due_at).where(BillPayment.state == "on_way")
    waiting = waiting.where(BillPayment.due_at <= until).order_by(col(BillPayment.due_at), col(BillPayment.id))
    return [Due(f"bill_payment:{number}", at) for number, at in unit.exec(waiting.limit(MOST)).all()]


def accepted(unit: Unit, *, payment_id: int, biller_txn: str) -> None:
    """The biller said yes: capture the hold for it and give the bonus. A second yes changes nothing."""
    row = _unfinished(unit, payment_id)
    if row is None:
        return
    amount = Money(row.amount_tiyn)
    ledger.capture(
        unit,
        hold_id=row.hold_id,
        amount=amount,
        to=ledger.account(unit, "biller_payable", row.biller),
        kind="bill_paid",
        key=f"bill_payment:{row.id}:paid",
        also=bonus.accrual(unit, customer_id=row.customer_id, bonus=Money(row.bonus_tiyn)),
    )
    _finish(unit, row, "done", "0")
    row.biller_txn = biller_txn
    if unit.clock.now() - row.started_at > _LATE_ENOUGH_FOR_SMS:
        _tell(unit, row, "payment_done")


def refused(unit: Unit, *, payment_id: int, word: str) -> None:
    """The biller said no for good: the money goes back to the wallet. A second no changes nothing."""
    row = _unfinished(unit, payment_id)
    if row is None:
        return
    ledger.release(
        unit,
        hold_id=row.hold_id,
        amount=Money(row.amount_tiyn),
        kind="bill_released",
        key=f"bill_payment:{row.id}:released",
    )
    _finish(unit, row, "refused", word)
    _tell(unit, row, "payment_refused")


def unknown(unit: Unit, *, payment_id: int, word: str) -> None:
    """Nothing is known yet: ask again later, and after a day leave it to the registry."""
    row = _unfinished(unit, payment_id)
    if row is None or row.state != "on_way":
        return
    now = real_now()
    row.last_word, row.leased_until = word, now
    row.due_at = now + timedelta(seconds=WAITS_S[min(max(row.tries, 1), len(WAITS_S)) - 1])
    if now >= row.gives_up_at:
        row.state = "registry"
    unit.tell(f"customer:{row.customer_id}")
    unit.tell(JOB)


def _unfinished(unit: Unit, payment_id: int) -> BillPayment | None:
    row = unit.exec(select(BillPayment).where(BillPayment.id == payment_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    return row if row.finished_at is None else None


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


def payment(unit: Unit, *, customer_id: int, payment_id: int) -> PaymentView:
    """A customer's payment; raises NotFound, also for somebody else's."""
    receipts = and_(Operation.customer_id == customer_id, Operation.subject == f"bill_payment:{payment_id}")
    found = select(BillPayment, Biller, Operation.receipt).join(Biller).join(Operation, receipts)
    row = unit.exec(found.where(BillPayment.id == payment_id, BillPayment.customer_id == customer_id)).one_or_none()
    if row is None:
        raise NotFound
    made, of, receipt = row
    return _view(made, view_of(of), receipt)


def _view(made: BillPayment, of: BillerView, receipt: str) -> PaymentView:
    assert made.id is not None
    return PaymentView(
        made.id,
        made.txn_id,
        of,
        made.account,
        Money(made.amount_tiyn),
        Money(made.bonus_tiyn),
        made.state,
        made.last_word,
        made.started_at,
        made.finished_at,
        receipt,
    )


def saved_accounts(unit: Unit, *, customer_id: int, slug: str, most: int = 3) -> list[str]:
    """Accounts of this biller that the customer has paid, the last one first."""
    mine = (
        BillPayment.customer_id == customer_id,
        BillPayment.biller == slug,
        or_(BillPayment.state == "done", BillPayment.state == "on_way"),
    )
    rows = unit.exec(select(BillPayment.account).where(*mine).order_by(col(BillPayment.id).desc()).limit(50))
    return list(dict.fromkeys(rows))[:most]
