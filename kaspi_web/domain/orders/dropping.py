"""What drops out of an order before the hand-over: each part goes back to where it came from, exactly.

What is to be cancelled is said as a number of pieces in all, so that whoever asks twice cancels once. The last
piece cancels the order, and the delivery is given back with it.
"""

from __future__ import annotations

from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.catalogue import stock
from kaspi_web.domain.catalogue.stock import Pieces
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.loans import service as loans
from kaspi_web.domain.orders import money_back, parts, rows, transitions
from kaspi_web.domain.orders.models import Order, OrderLine
from kaspi_web.domain.orders.parts import Parts
from kaspi_web.domain.orders.texts import text_buyer, told
from kaspi_web.domain.orders.timeline import note
from kaspi_web.domain.orders.transitions import OrderMoveRefused
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid, NotFound
from kaspi_web.kernel.money import ZERO

_PARCELS = ("parcel_back", "parcel_lost")


class ReasonUnknown(Invalid):
    """The reason is not one that a merchant may give."""

    code, field = "order_reason_unknown", "reason"


class PiecesTooMany(Invalid):
    """More pieces were named than there are; `left` says how many there are."""

    code, field = "order_pieces_too_many", "pieces"


def cancel_by_merchant(
    unit: Unit, *, merchant_id: int, order_id: str, reason: str, line: int | None = None, cancelled: int | None = None
) -> None:
    """The merchant cannot deliver the order, or pieces of one line: `cancelled` of it in all, left out the whole line.

    Raises NotFound, OrderMoveRefused, ReasonUnknown or PiecesTooMany; then nothing is moved.
    """
    if reason not in transitions.BY_MERCHANT:
        raise ReasonUnknown
    row = rows.locked(unit, *rows.of_merchant(merchant_id, order_id), with_charge=True)
    _cancel(unit, row, "cancel_by_merchant", reason, line, cancelled)


def cancel_by_buyer(
    unit: Unit, *, customer_id: int, order_id: str, line: int | None = None, cancelled: int | None = None
) -> None:
    """The buyer does not want the order, or pieces of one line, as long as no parcel is on its way.

    Raises NotFound, OrderMoveRefused or PiecesTooMany; then nothing is moved.
    """
    row = rows.locked(unit, *rows.of_customer(customer_id, order_id), with_charge=True)
    _cancel(unit, row, "cancel_by_buyer", transitions.BY_BUYER, line, cancelled)


def overdue(unit: Unit, *, order_id: int) -> None:
    """Its time is up: the merchant has not delivered it, or nobody fetched it; raises OrderMoveRefused."""
    row = rows.locked(unit, Order.id == order_id, with_charge=True)
    # What lies ready at its point is the buyer's to fetch.
    is_ready = row.delivery_mode == "DELIVERY_PICKUP" and row.accepted_at is not None
    _cancel(unit, row, "overdue", transitions.NOT_TAKEN if is_ready else transitions.NOT_DELIVERED, None, None)


def unpaid(unit: Unit, *, order_id: int) -> None:
    """The card's charge has lapsed, so that nothing was paid: the order is cancelled; raises OrderMoveRefused."""
    row = rows.locked(unit, Order.id == order_id, with_charge=True)
    _cancel(unit, row, "overdue", transitions.TROUBLE, None, None)


def give_up(unit: Unit, *, order_id: int, reason: str) -> None:
    """For the checkout: a card was declined or a contract not signed. Its purchase's row in the list is the caller's.

    Raises OrderMoveRefused.
    """
    row = rows.locked(unit, Order.id == order_id, with_charge=True)
    _cancel(unit, row, "give_up", reason, None, None)


def parcel_back(unit: Unit, *, merchant_id: int, order_id: str) -> None:
    """A parcel that was not taken is at its merchant's again; raises NotFound or OrderMoveRefused."""
    row = rows.locked(unit, *rows.of_merchant(merchant_id, order_id), with_charge=True)
    _cancel(unit, row, "parcel_back", transitions.NOT_TAKEN, None, None)


def parcel_lost(unit: Unit, *, order_id: int) -> None:
    """It has had its time to come back: the buyer waits no longer, and nobody knows where the goods are.

    Raises OrderMoveRefused.
    """
    row = rows.locked(unit, Order.id == order_id, with_charge=True)
    _cancel(unit, row, "parcel_lost", transitions.NOT_TAKEN, None, None)


def _cancel(unit: Unit, row: Order, verb: str, reason: str, line: int | None, cancelled: int | None) -> None:
    lines = rows.lines_of(unit, row)
    goods = [each for each in lines if each.kind == "goods"]
    wanted = [each for each in goods if line is None or each.number == line]
    if not wanted:
        raise NotFound
    if row.cancelled_at is not None and row.cancellation_reason != reason:
        raise OrderMoveRefused(state=row.status, verb=verb)
    dropped = [drop for each in wanted if (drop := _dropped(each, cancelled))]
    if not dropped:
        return
    transitions.check(row, verb)
    gone = {each.id: last for each, _, last in dropped}
    is_whole = all(gone.get(each.id, each.cancelled) == each.quantity for each in goods)
    if is_whole:
        dropped += [(each, each.cancelled, each.quantity) for each in lines if each.kind == "delivery"]
    _drop(unit, row, lines, dropped, verb, reason, is_whole=is_whole)


_Dropped = tuple[OrderLine, int, int]
"""A line, and its pieces that drop out now: after the first up to the second."""


def _dropped(line: OrderLine, cancelled: int | None) -> _Dropped | None:
    wanted = line.quantity if cancelled is None else cancelled
    if not 0 < wanted <= line.quantity:
        raise PiecesTooMany(left=line.quantity - line.cancelled)
    return (line, line.cancelled, wanted) if wanted > line.cancelled else None


def _drop(
    unit: Unit, row: Order, lines: list[OrderLine], dropped: list[_Dropped], verb: str, reason: str, *, is_whole: bool
) -> None:
    share = parts.total(parts.of_pieces(*each) for each in dropped)
    for line, _, last in dropped:
        line.cancelled = last
    if is_whole:
        transitions.move(row, verb)
        row.cancelled_at, row.cancellation_reason = unit.clock.now(), reason
    row.promised_bonus_tiyn = bonus.earned(parts.left_of(lines).money, basis_points=row.bonus_basis_points).tiyn
    unit.flush()
    pieces = sum(last - first for line, first, last in dropped if line.kind == "goods")
    if verb != "parcel_lost":
        _to_stock(unit, row, dropped)
    _note(unit, row, dropped, share, reason, verb if is_whole else "", pieces)
    _give_back(unit, row, share, f"drop:{row.id}:{sum(line.cancelled for line in lines if line.kind == 'goods')}", verb)


def _to_stock(unit: Unit, row: Order, dropped: list[_Dropped]) -> None:
    back = [Pieces(line.offer_id, row.point_id, last - first) for line, first, last in dropped if line.offer_id]
    stock.put_back(unit, back)


def _give_back(unit: Unit, row: Order, share: Parts, name: str, verb: str) -> None:
    subject = f"{money_back.WORD}:{name}"
    if row.loan_id is not None and share.money:
        loans.shrink(unit, loan_id=row.loan_id, amount=share.money)
        note(unit, order_id=rows.id_of(row), kind="plan_smaller", amount=share.money)
    goes_to = money_back.destination(unit, row)
    money_back.lock_accounts(unit, row)
    moves = _moves(unit, row, share, goes_to)
    if moves:
        ledger.post(unit, kind="order_dropped", key=f"{subject}:posted", moves=moves, subject=f"order:{row.id}")
    if verb == "give_up":
        # The purchase is refused as a whole, which its row in the list says.
        return
    held = share.money if row.hold_id is not None else ZERO
    money_back.send_to_card(unit, row, goes_to, held, subject)
    to_wallet = held if goes_to == "wallet" else ZERO
    listed = {"amount": share.total, "bonus": share.bonus, "money": share.money}
    money_back.list_operation(unit, row, subject=subject, **listed, to_wallet=to_wallet, goes_to=goes_to)


def _moves(unit: Unit, row: Order, share: Parts, goes_to: str) -> list[Move]:
    moves = []
    if row.bonus_hold_id is not None and share.bonus:
        moves.append(ledger.released(unit, hold_id=row.bonus_hold_id, amount=share.bonus))
        note(unit, order_id=rows.id_of(row), kind="bonus_back", amount=share.bonus)
    if row.hold_id is not None and share.money:
        back = ledger.released(unit, hold_id=row.hold_id, amount=share.money)
        # What a card that is gone had paid comes to the wallet.
        moves.append(Move(back.debit, money_back.account(unit, row, goes_to), share.money))
        note(unit, order_id=rows.id_of(row), kind="money_back", detail=goes_to, amount=share.money)
    return moves


def _note(
    unit: Unit, row: Order, dropped: list[_Dropped], share: Parts, reason: str, whole_by: str, pieces: int
) -> None:
    order_id = rows.id_of(row)
    if not whole_by:
        (line, _, _), *_ = dropped
        note(unit, order_id=order_id, kind="pieces_cancelled", detail=f"{line.number}:{pieces}:{reason}")
        text_buyer(unit, row, "order_pieces_cancelled", amount_tiyn=share.total.tiyn)
        return
    note(unit, order_id=order_id, kind="parcel_back" if whole_by in _PARCELS else "cancelled", detail=reason)
    if whole_by == "give_up":
        told(unit, row)
    else:
        text_buyer(unit, row, "order_cancelled", amount_tiyn=share.total.tiyn)
