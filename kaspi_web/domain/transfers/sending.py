"""Sending: the money is moved, held or asked for, once; and undone or delivered, whichever comes first.

    send ──to somebody known, or among one's own accounts──────────────────────────────> done
      ├──another bank's card pays──> funding ──authorised──> as below ── declined──────> refused
      ├──the first time to somebody──> held ──Undo──────────────────────────────────────> undone
      │                                 └──30 s, or Send now──┐
      └──to another bank's card──────────────> sending <──────┤ ──paid out, or declined──> done, or refused
                                               waiting <──────┤ ──registered, 7 days, Undo──> done, returned, undone
                                                              └─────────────────────────> done

Of an undoing and a delivery at once one finds the transfer open and takes the hold; the other is told what became
of it. The window of undoing runs on real time, waiting for a wallet on the bank's clock.
"""

from __future__ import annotations

from kaspi_web.domain.cards import charges
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.transfers import delivering, drafts, funding, limits, noting
from kaspi_web.domain.transfers.drafts import owned
from kaspi_web.domain.transfers.funding import amount_of, money_of, subject_of
from kaspi_web.domain.transfers.models import Transfer
from kaspi_web.domain.transfers.views import TransferView, view
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Refused

_CAN_BE_UNDONE = ("funding", "held", "waiting")


class TooLateToUndo(Refused):
    """The money has left: only its recipient can give it back."""

    code = "too_late_to_undo"


class TransferUndone(Refused):
    """The transfer was undone before; it is not sent."""

    code = "transfer_undone"


def transfer(unit: Unit, *, customer_id: int, transfer_id: str) -> TransferView:
    """A sender's transfer as it stands; raises NotFound, also for somebody else's."""
    return view(unit, owned(unit, customer_id=customer_id, transfer_id=transfer_id, lock=False))


def send(unit: Unit, *, customer_id: int, transfer_id: str, proposal: int) -> TransferView:
    """Send what was proposed last, once; sent again, it answers what became of the first.

    Raises NotFound, TransferExpired, TransferProposalChanged, TransferContentChanged (it was sent with another
    proposal), CodeNeeded, LimitsMissing, OverOperationLimit, OverDayLimit, BonusShort, InsufficientFunds, CardFrozen
    or CardGone; then nothing is moved.
    """
    row = owned(unit, customer_id=customer_id, transfer_id=transfer_id)
    if row.state != "draft":
        if row.proposal != proposal:
            raise drafts.TransferContentChanged
        return view(unit, row)
    drafts.check_draft(row)
    drafts.check_agreed(row, proposal)
    if drafts.needs_code(row):
        raise drafts.CodeNeeded
    kinds = limits.kinds_of(row.kind, token=row.token, from_another_bank=drafts.from_another_bank(unit, row))
    limits.check(unit, customer_id=customer_id, kinds=kinds, amount=amount_of(row), lock=True)
    row.started_at = unit.clock.now()
    _start(unit, row)
    return view(unit, row)


def _start(unit: Unit, row: Transfer) -> None:
    if drafts.from_another_bank(unit, row):
        _charge(unit, row)
    elif drafts.can_be_undone(unit, row) or row.token:
        _hold(unit, row)
    else:
        _move(unit, row)


def _charge(unit: Unit, row: Transfer) -> None:
    assert row.card_id is not None, "a card pays"
    charge_id = charges.begin(
        unit,
        customer_id=row.customer_id,
        card_id=row.card_id,
        amount=money_of(row),
        subject=subject_of(row),
        payee=drafts.payee(row) if row.kind != "own" else "",
    )
    bonus_hold_id = funding.hold_bonus(unit, row)
    row.charge_id, row.bonus_hold_id, row.state = charge_id, bonus_hold_id, "funding"
    unit.flush()
    noting.sent(unit, row)


def _hold(unit: Unit, row: Transfer) -> None:
    delivering.funded(unit, row, funding.hold(unit, row))
    noting.sent(unit, row)


def _move(unit: Unit, row: Transfer) -> None:
    """Everything at once: among one's own accounts, or to somebody who was sent money before."""
    funding.lock_cards(unit, row)
    to, on_card = delivering.to_account(unit, row)
    if row.kind == "own" and row.to_card_id is not None and not on_card:
        raise cards.CardGone
    ledger.post(
        unit,
        kind="own_transfer" if row.kind == "own" else "transfer",
        key=f"{subject_of(row)}:made",
        moves=funding.moved(unit, row, to=to),
        subject=subject_of(row),
    )
    row.state, row.finished_at = "done", unit.clock.now()
    unit.flush()
    noting.sent(unit, row)
    noting.arrived(unit, row, on_card=on_card)


def undo(unit: Unit, *, customer_id: int, transfer_id: str) -> TransferView:
    """Take a transfer back before it was delivered: the hold is released, or the charge voided.

    Undone twice, it answers the same. Raises NotFound or TooLateToUndo.
    """
    row = owned(unit, customer_id=customer_id, transfer_id=transfer_id)
    if row.state == "undone":
        return view(unit, row)
    if row.state not in _CAN_BE_UNDONE:
        raise TooLateToUndo
    delivering.give_back(unit, row, state="undone", kind="transfer_undone")
    return view(unit, row)


def send_now(unit: Unit, *, customer_id: int, transfer_id: str) -> TransferView:
    """Do not wait for the end of undoing. Pressed twice, it answers the same. Raises NotFound or TransferUndone."""
    row = owned(unit, customer_id=customer_id, transfer_id=transfer_id)
    if row.state == "undone":
        raise TransferUndone
    if row.state == "held":
        delivering.deliver(unit, row)
    return view(unit, row)
