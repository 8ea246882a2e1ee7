"""Bill payments: made once for an intent, and read by their owner. What becomes of them is in outcomes and refunds."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import and_, col, select

from kaspi_web.domain.bills import intents, proposals
from kaspi_web.domain.bills.asking import JOB
from kaspi_web.domain.bills.billers import BillerView, view_of
from kaspi_web.domain.bills.funding import Means, set_aside
from kaspi_web.domain.bills.models import Biller, BillPayment, PaymentIntent
from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.bonus.spending import source_words
from kaspi_web.domain.cards import charges
from kaspi_web.domain.cards.charges import ChargeView
from kaspi_web.domain.cards.models import Card, CardCharge
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.models import Operation
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money

GIVE_UP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the money came from: wallet, bonus or card, with what may be shown of the card; `charge` is the state
    of a charge on another bank's card.
    """

    kind: str
    card_id: str = ""
    brand: str = ""
    last4: str = ""
    charge: str = ""


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A bill payment; `state` is funding, on_way, registry, done or refused."""

    id: int
    txn_id: int
    biller: BillerView
    way: str
    account: str
    is_secret: bool
    amount: Money
    bonus: Money
    state: str
    last_word: str
    started_at: datetime
    finished_at: datetime | None
    receipt: str
    source: Source
    spent_bonus: Money
    refunded: Money
    taken_back: Money


def pay(
    unit: Unit,
    *,
    customer_id: int,
    amount: Money,
    source: str,
    key: str = "",
    intent_id: str = "",
    number: int = 0,
) -> PaymentView:
    """Pay the intent with this key or address, once: every part is set aside and the biller is asked after the commit.

    The same key again answers with the first payment. Raises IntentContentChanged for the same key with
    another sum or source, IntentProposalChanged for what is not the last proposal (`number` names the one that
    was seen), and NotFound, IntentExpired, AmountOutOfRange, SourceUnknown, CodeNeeded, InsufficientFunds, CardGone
    or CardFrozen; then nothing is moved.
    """
    assert not (key and intent_id), "an intent is named by its key or by its address"
    row = intents.owned(unit, customer_id=customer_id, key=key, intent_id=intent_id)
    if row.payment_id is not None:
        if (row.amount_tiyn, row.source) != (amount.tiyn, source):
            raise proposals.IntentContentChanged
        return payment(unit, customer_id=customer_id, payment_id=row.payment_id)
    of = proposals.check_content(unit, row, amount, source)
    proposals.check_agreed(unit, row, amount, source, number=number)
    if intents.needs_code(row, amount):
        raise proposals.CodeNeeded
    # What is agreed may be of another window: an intent that was never proposed is paid from the wallet alone.
    spend = Money(row.spend_bonus_tiyn)
    means = set_aside(unit, row, amount=amount, spend=spend, source=source, payee=of.names["ru"])
    made, receipt = _made(unit, row, of, means, amount=amount, spend=spend, source=source)
    proposals.note_paid(unit, row, amount, source, payment_id=made.id)
    return _view(made, of, receipt, way=row.way, means=means)


def _made(
    unit: Unit, row: PaymentIntent, of: BillerView, means: Means, *, amount: Money, spend: Money, source: str
) -> tuple[BillPayment, str]:
    now, rate = real_now(), bonus.rate(unit, service=of.slug, category=of.category, merchant=of.bin)
    made = BillPayment(
        txn_id=10**17 + secrets.randbelow(9 * 10**17),
        customer_id=row.customer_id,
        biller=of.slug,
        account=row.account,
        account_sealed=row.account_sealed,
        extra=json.dumps(intents.words_of(of, row), ensure_ascii=False),
        amount_tiyn=amount.tiyn,
        bonus_tiyn=bonus.earned(amount - spend, basis_points=rate).tiyn,
        bonus_basis_points=rate,
        source=source,
        card_id=means.used.id if means.used else None,
        spent_bonus_tiyn=spend.tiyn,
        hold_id=means.hold_id,
        bonus_hold_id=means.bonus_hold_id,
        charge_id=means.charge_id,
        state="funding" if means.charge_id else "on_way",
        started_at=unit.clock.now(),
        due_at=now,
        gives_up_at=now + GIVE_UP,
        leased_until=now,
    )
    made.id = unit.put(made)
    receipt = wallet.note(
        unit,
        customer_id=row.customer_id,
        kind="bill",
        subject=f"bill_payment:{made.id}",
        counterparty=of.slug,
        account=row.account,
        amount=-amount,
        bonus=Money(made.bonus_tiyn),
        state="on_way",
        wallet=-(amount - spend) if source == "wallet" else ZERO,
        source=source_words(source, spend, means.used.last4 if means.used else ""),
        category=of.category,
    )
    if means.charge_id is None:
        unit.tell(JOB)
    return made, receipt


def payment(unit: Unit, *, customer_id: int, payment_id: int) -> PaymentView:
    """A customer's payment; raises NotFound, also for somebody else's."""
    receipts = and_(Operation.customer_id == customer_id, Operation.subject == f"bill_payment:{payment_id}")
    found = (
        select(BillPayment, Biller, Operation.receipt, PaymentIntent.way)
        .join(Biller, col(Biller.slug) == BillPayment.biller)
        .join(Operation, receipts)
        .join(PaymentIntent, col(PaymentIntent.payment_id) == BillPayment.id)
    )
    row = unit.exec(found.where(BillPayment.id == payment_id, BillPayment.customer_id == customer_id)).one_or_none()
    if row is None:
        raise NotFound
    made, of, receipt, way = row
    return _shown(made, view_of(of), receipt, way, _source(unit, made))


def _source(unit: Unit, made: BillPayment) -> Source:
    card = unit.get(Card, made.card_id) if made.card_id else None
    charge = unit.get(CardCharge, made.charge_id) if made.charge_id else None
    if card is None:
        return Source(made.source)
    return Source(made.source, card.public_id, card.brand, card.last4, charge.state if charge else "")


def _view(made: BillPayment, of: BillerView, receipt: str, *, way: str, means: Means) -> PaymentView:
    used = means.used
    source = Source(made.source, used.public_id, used.brand, used.last4) if used else Source(made.source)
    return _shown(made, of, receipt, way, source)


def _shown(made: BillPayment, of: BillerView, receipt: str, way: str, source: Source) -> PaymentView:
    assert made.id is not None
    return PaymentView(
        made.id,
        made.txn_id,
        of,
        way,
        made.account,
        bool(made.account_sealed),
        Money(made.amount_tiyn),
        Money(made.bonus_tiyn),
        made.state,
        made.last_word,
        made.started_at,
        made.finished_at,
        receipt,
        source,
        Money(made.spent_bonus_tiyn),
        Money(made.refunded_tiyn),
        Money(made.taken_back_tiyn),
    )


def charge_of(unit: Unit, *, customer_id: int, payment_id: int) -> ChargeView:
    """The charge on another bank's card of a customer's payment; raises NotFound for somebody else's, or none."""
    mine = (BillPayment.id == payment_id, BillPayment.customer_id == customer_id)
    charge_id = unit.exec(select(BillPayment.charge_id).where(*mine)).one_or_none()
    if charge_id is None:
        raise NotFound
    return charges.charge(unit, charge_id=charge_id)
