"""After sending: held or authorised money is passed on, paid out, or given back. The bank's own deeds."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlmodel import col, select

from kaspi_web.domain.cards import charges, payouts
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.charges import ChargeView
from kaspi_web.domain.cards.payouts import PayoutView
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.transfers import drafts, funding, noting
from kaspi_web.domain.transfers.funding import Held, amount_of, subject_of
from kaspi_web.domain.transfers.models import Transfer
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.clock import ALMATY, real_now
from kaspi_web.kernel.database import Unit, lock_name

JOB = "job:transfers"
UNDO_WITHIN = timedelta(seconds=30)
WAITS = timedelta(days=7)


def by_id(unit: Unit, number: int) -> Transfer | None:
    """A transfer's row for the bank's own deeds, locked."""
    return drafts.locked(unit, Transfer.id == number)


def funded(unit: Unit, row: Transfer, held: Held) -> None:
    """The money is held or authorised: the first transfer to somebody can be undone, any other goes on at once."""
    if drafts.can_be_undone(unit, row):
        # What a row's rules tie together is set together: every question to the database writes what is pending.
        row.hold_id, row.bonus_hold_id = held.hold_id, held.bonus_hold_id
        row.state, row.undo_until = "held", real_now() + UNDO_WITHIN
        unit.flush()
        unit.tell(JOB)
    elif row.token:
        _pay_out(unit, row, held)
    else:
        deliver(unit, row)


def deliver(unit: Unit, row: Transfer) -> None:
    """Pass the money on; another bank's card is asked for, and a phone that still has no wallet is waited for."""
    if row.token:
        _pay_out(unit, row, funding.held_by(row))
    elif row.recipient_id is None and not _has_registered(unit, row):
        row.state, row.waits_until = "waiting", unit.clock.now() + WAITS
        unit.flush()
        noting.awaited(unit, row, texts=not _was_told_today(unit, row))
    else:
        _pass_on(unit, row)


def _has_registered(unit: Unit, row: Transfer) -> bool:
    # A registration that is under way takes the same name, so either it finds the transfer or is found here.
    lock_phone(unit, row.phone)
    known = customers.card_by_phone(unit, phone=row.phone)
    if known is not None:
        row.recipient_id, row.masked_name = known.id, known.masked_name
    return known is not None


def lock_phone(unit: Unit, phone: str) -> None:
    """Let registrations of a phone and the transfers that wait for it follow one another."""
    lock_name(unit, f"transfer_waits:{phone}")


def _was_told_today(unit: Unit, row: Transfer) -> bool:
    # One SMS a business day to somebody who is no customer, whoever sends and undoes: the phone's name is locked.
    since = datetime.combine(unit.clock.today(), time.min, ALMATY) + WAITS
    told = (Transfer.phone == row.phone, Transfer.id != row.id, col(Transfer.waits_until) >= since)
    return unit.exec(select(Transfer.id).where(*told).limit(1)).first() is not None


def wait_is_over(unit: Unit, row: Transfer) -> None:
    """Whoever it waited for has a wallet now, or did not come in time: then the money returns."""
    if _has_registered(unit, row):
        _pass_on(unit, row)
    else:
        give_back(unit, row, state="returned", kind="transfer_returned")
        noting.tell(unit, row.customer_id, "transfer_returned", amount_tiyn=row.amount_tiyn, payee=drafts.payee(row))


def _pass_on(unit: Unit, row: Transfer) -> None:
    to, on_card = to_account(unit, row)
    _take(unit, row, to, kind="card_received" if row.charge_id is not None else "transfer_sent")
    _finish(unit, row, "done")
    if row.kind == "own" and row.to_card_id is not None and not on_card:
        noting.came_home(unit, row)
    noting.arrived(unit, row, on_card=on_card)


def to_account(unit: Unit, row: Transfer) -> tuple[int, bool]:
    """The recipient's account, and whether it is a card; a card that was unlinked meanwhile gives way to the wallet."""
    assert row.recipient_id is not None, "the recipient is one of ours"
    if row.to_card_id is not None:
        try:
            return cards.account_id(unit, card_id=row.to_card_id), True
        except cards.CardGone:
            pass
    return wallet.account_id(unit, row.recipient_id), False


def _take(unit: Unit, row: Transfer, to: int, *, kind: str) -> None:
    """Every part is the recipient's now, in one entry."""
    moves = funding.taken(unit, row, to=to)
    ledger.post(unit, kind=kind, key=f"{subject_of(row)}:sent", moves=moves, subject=subject_of(row))


def _pay_out(unit: Unit, row: Transfer, held: Held) -> None:
    payout_id = payouts.begin(
        unit,
        customer_id=row.customer_id,
        token=row.token,
        last4=row.last4,
        amount=amount_of(row),
        subject=subject_of(row),
    )
    row.hold_id, row.bonus_hold_id = held.hold_id, held.bonus_hold_id
    row.payout_id, row.state = payout_id, "sending"
    unit.flush()
    unit.tell(f"customer:{row.customer_id}")


def charged(unit: Unit, charge: ChargeView) -> None:
    """The processor answered for the card that pays; called by the sagas, in the unit that notes the answer."""
    row = by_id(unit, int(charge.subject.removeprefix("transfer:")))
    if row is None or row.state != "funding":
        return
    if charge.state == "authorised":
        funded(unit, row, funding.held_by(row))
        unit.tell(f"customer:{row.customer_id}")
    elif charge.state in charges.ENDS:
        give_back(unit, row, state="refused", kind="transfer_released", reason=charge.reason)
        _tell_refused(unit, row)


def paid_out(unit: Unit, payout: PayoutView) -> None:
    """The processor answered for the card that is paid; called by the sagas, in the unit that notes the answer."""
    row = by_id(unit, int(payout.subject.removeprefix("transfer:")))
    if row is None or row.state != "sending":
        return
    if payout.state == "declined":
        give_back(unit, row, state="refused", kind="payout_released", reason=payout.reason)
        _tell_refused(unit, row)
        return
    _take(unit, row, ledger.account(unit, "card_payouts"), kind="payout_paid")
    _finish(unit, row, "done")


def _tell_refused(unit: Unit, row: Transfer) -> None:
    payee = drafts.payee(row)
    template = "transfer_refused" if payee else "to_wallet_refused"
    noting.tell(unit, row.customer_id, template, amount_tiyn=row.amount_tiyn, payee=payee)


def give_back(unit: Unit, row: Transfer, *, state: str, kind: str, reason: str = "") -> None:
    """Return every part to where it came from, and note how it ended."""
    funding.give_back(unit, row, kind=kind)
    _finish(unit, row, state, reason=reason)


def _finish(unit: Unit, row: Transfer, state: str, *, reason: str = "") -> None:
    row.state, row.reason, row.finished_at = state, reason[:24], unit.clock.now()
    unit.flush()
    noting.turned(unit, row)
