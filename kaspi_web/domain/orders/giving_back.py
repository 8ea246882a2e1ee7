"""Returned goods are at their merchant's: the money goes to where it came from, and with it what hung on it.

The bonus due then is the rule on the money that remains; what was given too much is taken from the bonus account
first, together with what the return itself brings there, and the rest is withheld from the money that comes back (a
plan shrinks by that much less). The commission comes back in its share; the merchant may end below zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.bonus import spending
from kaspi_web.domain.catalogue import stock
from kaspi_web.domain.catalogue.stock import Pieces
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.loans import book
from kaspi_web.domain.loans import service as loans
from kaspi_web.domain.merchants import queries as merchants
from kaspi_web.domain.orders import money_back, parts, returns, rows
from kaspi_web.domain.orders.models import Order, OrderLine, OrderReturn
from kaspi_web.domain.orders.parts import Parts
from kaspi_web.domain.orders.returns import ReturnOver
from kaspi_web.domain.orders.texts import text_buyer
from kaspi_web.domain.orders.timeline import note
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class _Split:
    """What goes where: gross shares, and the bonus that is taken back and withheld."""

    share: Parts
    taken: Money
    withheld: Money

    @property
    def money(self) -> Money:
        """What of the money comes back."""
        return self.share.money - self.withheld


def receive(unit: Unit, *, merchant_id: int, return_id: str) -> None:
    """The merchant has the goods of an approved return; done before, it changes nothing.

    Raises NotFound or ReturnOver.
    """
    whose = Order.merchant_id == merchant_id
    made, row = rows.return_of(unit, return_id, whose, with_charge=True)
    if made.state == "done":
        return
    if made.state != "approved":
        raise ReturnOver(state=made.state)
    _receive(unit, made, row, is_there=True)


def settle_unreceived(unit: Unit, *, return_id: int) -> bool:
    """The merchant's silence is a yes once their time is over, though nobody knows where the goods are.

    Answers whether it was needed.
    """
    made, row = rows.return_of(unit, returns.address(unit, return_id), with_charge=True)
    if not returns.is_unreceived(unit, made):
        return False
    _receive(unit, made, row, is_there=False)
    return True


def _receive(unit: Unit, made: OrderReturn, row: Order, *, is_there: bool) -> None:
    lines = rows.lines_of(unit, row)
    line = next(each for each in lines if each.id == made.line_id)
    first = parts.gone_of(line)
    share = parts.of_pieces(line, first, first + made.quantity)
    line.returned += made.quantity
    unit.flush()
    if is_there:
        _to_stock(unit, row, line, made)
    _give_back(unit, row, lines, made, share)


def _to_stock(unit: Unit, row: Order, line: OrderLine, made: OrderReturn) -> None:
    # What is broken is not sold again.
    if made.reason == "unused" and line.offer_id is not None:
        stock.put_back(unit, [Pieces(line.offer_id, row.point_id, made.quantity)])


def _give_back(unit: Unit, row: Order, lines: list[OrderLine], made: OrderReturn, share: Parts) -> None:
    seller = ledger.account(unit, "merchant", merchants.merchant(unit, merchant_id=row.merchant_id).slug)
    _lock_plan(unit, row)
    goes_to = money_back.destination(unit, row)
    money_back.lock_accounts(unit, row, seller)
    split = _split(unit, row, parts.left_of(lines).money, share)
    moves, off_plan, to_wallet = _money(unit, row, split, goes_to, seller, all_goods=_is_empty(lines))
    moves += _others(unit, row, split, seller)
    subject = f"order_return:{made.id}"
    ledger.post(unit, kind="order_returned", key=f"{subject}:posted", moves=moves, subject=subject)
    _write(unit, row, made, split, goes_to, off_plan)
    listed = f"{money_back.WORD}:return:{made.id}"
    money_back.send_to_card(unit, row, goes_to, split.money, listed)
    sums = {"amount": share.total, "bonus": share.bonus, "money": split.money, "to_wallet": to_wallet}
    money_back.list_operation(unit, row, subject=listed, **sums, goes_to=goes_to)
    _note(unit, row, made, split, goes_to, off_plan)


def _lock_plan(unit: Unit, row: Order) -> None:
    # Membership and plan come before the accounts, which have to be looked at first.
    if row.loan_id is not None:
        book.loan_by_id(unit, row.loan_id)


def _split(unit: Unit, row: Order, left: Money, share: Parts) -> _Split:
    due = bonus.earned(left, basis_points=row.bonus_basis_points)
    excess = Money(row.promised_bonus_tiyn - row.taken_back_tiyn) - due
    have = ledger.locked_balance(unit, spending.account_id(unit, row.customer_id)) + share.bonus
    taken = min(excess, have)
    return _Split(share, taken, min(excess - taken, share.money))


def _is_empty(lines: list[OrderLine]) -> bool:
    return all(parts.gone_of(line) == line.quantity for line in lines if line.kind == "goods")


def _money(
    unit: Unit, row: Order, split: _Split, goes_to: str, seller: int, *, all_goods: bool
) -> tuple[list[Move], Money, Money]:
    """The moves of the money; what the plan shrank by; what the wallet got."""
    if not split.money:
        return [], ZERO, ZERO
    if row.loan_id is not None:
        back = loans.returned(unit, loan_id=row.loan_id, amount=split.money, back_from=seller, all_goods=all_goods)
        return list(back.moves), back.off_plan, back.overpaid
    move = Move(seller, money_back.account(unit, row, goes_to), split.money)
    return [move], ZERO, split.money if goes_to == "wallet" else ZERO


def _others(unit: Unit, row: Order, split: _Split, seller: int) -> list[Move]:
    expense, bonuses = ledger.account(unit, "bonus_expense"), spending.account_id(unit, row.customer_id)
    moves = (
        Move(seller, bonuses, split.share.bonus),
        Move(seller, expense, split.withheld),
        Move(bonuses, expense, split.taken),
        Move(ledger.account(unit, "commission_income"), seller, split.share.commission),
    )
    return [move for move in moves if move.amount]


def _write(unit: Unit, row: Order, made: OrderReturn, split: _Split, goes_to: str, off_plan: Money) -> None:
    made.state, made.done_at, made.goes_to = "done", unit.clock.now(), goes_to
    made.to_bonus_tiyn = split.share.bonus.tiyn
    made.to_money_tiyn, made.off_plan_tiyn = (split.money - off_plan).tiyn, off_plan.tiyn
    made.taken_back_tiyn, made.withheld_tiyn = split.taken.tiyn, split.withheld.tiyn
    row.taken_back_tiyn += (split.taken + split.withheld).tiyn
    unit.flush()


def _note(unit: Unit, row: Order, made: OrderReturn, split: _Split, goes_to: str, off_plan: Money) -> None:
    order_id = rows.id_of(row)
    note(unit, order_id=order_id, kind="returned", detail=str(made.quantity), amount=split.share.total)
    sums = (
        ("money_back", "wallet" if goes_to == "plan" else goes_to, split.money - off_plan),
        ("plan_smaller", "", off_plan),
        ("bonus_back", "", split.share.bonus),
        ("bonus_taken", "", split.taken),
        ("bonus_withheld", "", split.withheld),
    )
    for kind, detail, amount in sums:
        if amount:
            note(unit, order_id=order_id, kind=kind, detail=detail, amount=amount)
    text_buyer(unit, row, "order_returned", amount_tiyn=split.share.total.tiyn)
