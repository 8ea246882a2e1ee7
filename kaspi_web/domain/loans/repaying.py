"""Repayments from the wallet: what is due, a part early, or the whole; each happens once for its key.

Money goes to what has fallen due, the oldest first (of a credit its interest, then its principal), then to fines, then
to what lies ahead: of RED and instalments the next payments, of a credit the interest until today and the principal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.loans import book, noting
from kaspi_web.domain.loans.book import RED, Held
from kaspi_web.domain.loans.models import Loan, RedMember, Repayment
from kaspi_web.domain.loans.owing import owed
from kaspi_web.domain.loans.spreading import Spread, spread
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Refused
from kaspi_web.kernel.money import ZERO, Money


class RepaymentTooMuch(Refused):
    """More than may be paid this way; `left` says how much that is, zero included."""

    code = "repayment_too_much"


class RepaymentChanged(Refused):
    """The whole is another sum now; `left` says which."""

    code = "repayment_changed"


class RepaymentContentChanged(Refused):
    """This key was used for another repayment."""

    code = "repayment_content_changed"


@dataclass(frozen=True, slots=True)
class RepaymentView:
    """A repayment that was made, and where its money went."""

    id: int
    plan: str
    way: str
    amount: Money
    principal: Money
    interest: Money
    fine: Money
    paid_at: datetime


def pay_due(unit: Unit, *, customer_id: int, plan: str, key: str, amount: Money) -> RepaymentView:
    """Pay what has fallen due, or a part; of RED (`red`) and instalments the next bill may be paid before its day.

    Raises NotFound, RepaymentTooMuch, RepaymentContentChanged or InsufficientFunds, and then nothing is moved.
    """
    return _paid(unit, customer_id, plan, "due", key, amount)


def pay_early(unit: Unit, *, customer_id: int, plan: str, key: str, amount: Money) -> RepaymentView:
    """Pay any sum up to the whole: what is due first, then the payments ahead. Raises as `pay_due` does."""
    return _paid(unit, customer_id, plan, "early", key, amount)


def pay_red(unit: Unit, *, customer_id: int, key: str, amount: Money) -> RepaymentView:
    """`pay_early` for everything of RED."""
    return pay_early(unit, customer_id=customer_id, plan=RED, key=key, amount=amount)


def pay_whole(unit: Unit, *, customer_id: int, plan: str, key: str, amount: Money) -> RepaymentView:
    """Pay everything, which must be `amount`, as it was shown; a credit's interest is counted to today only.

    Raises RepaymentChanged when it is another sum by now, and else as `pay_due` does.
    """
    return _paid(unit, customer_id, plan, "whole", key, amount)


def _paid(unit: Unit, customer_id: int, plan: str, way: str, key: str, amount: Money) -> RepaymentView:
    held = book.held(unit, customer_id=customer_id, plan=plan, lock=True)
    own_key = f"{customer_id}:{key}"[:64]
    made = unit.exec(select(Repayment).where(Repayment.key == own_key)).one_or_none()
    if made is not None:
        if (made.subject, made.way, made.amount_tiyn) != (held.subject, way, amount.tiyn):
            raise RepaymentContentChanged
        return view_of(unit, made)
    check(unit, held, way, amount)
    return _pay(unit, held, way, own_key, amount)


def check(unit: Unit, held: Held, way: str, amount: Money) -> None:
    """Raises RepaymentChanged or RepaymentTooMuch for a sum that is not taken this way now."""
    assert amount > ZERO, "a repayment is a sum"
    now = owed(held, unit.clock.today())
    if way == "whole" and now.whole and amount != now.whole:
        raise RepaymentChanged(left=now.whole)
    left = now.payable if way == "due" else now.whole
    if amount > left:
        raise RepaymentTooMuch(left=left)


def automatically(unit: Unit, held: Held, *, key: str) -> Money:
    """Pay of what has fallen due as much as the wallet has, for a step of a bill; answers the sum, perhaps zero."""
    purse = wallet.account_id(unit, held.customer_id)
    amount = min(ledger.locked_balance(unit, purse), owed(held, unit.clock.today()).now)
    if amount > ZERO:
        _pay(unit, held, "automatic", key, amount)
    return amount


def _pay(unit: Unit, held: Held, way: str, key: str, amount: Money) -> RepaymentView:
    parts = spread(unit, held, unit.clock.today(), amount.tiyn)
    row = Repayment(
        key=key,
        customer_id=held.customer_id,
        subject=held.subject,
        way=way,
        amount_tiyn=amount.tiyn,
        principal_tiyn=parts.principal,
        interest_tiyn=parts.interest,
        fine_tiyn=parts.fine,
        paid_at=unit.clock.now(),
    )
    unit.add(row)
    try:
        unit.flush()
    except IntegrityError:
        # The same key was used for another plan at the same moment; the database let one through.
        raise RepaymentContentChanged from None
    _post(unit, held, row, parts)
    if held.subject == RED and parts.principal:
        book.free_limit(unit, held.customer_id, Money(parts.principal))
    noting.repaid(unit, held, row, left=owed(held, unit.clock.today()).whole)
    return view_of(unit, row)


def _post(unit: Unit, held: Held, row: Repayment, parts: Spread) -> None:
    purse = wallet.account_id(unit, held.customer_id)
    subject = f"repayment:{row.id}"
    moves = parts.moves(unit, purse, book.fines_owner(held.customer_id, held.subject))
    ledger.post(unit, kind="repayment", key=f"{subject}:made", moves=moves, subject=subject)


def view_of(unit: Unit, row: Repayment) -> RepaymentView:
    """What others see of a repayment."""
    assert row.id is not None
    loan = None if row.subject == RED else unit.get(Loan, int(row.subject.partition(":")[2]))
    return RepaymentView(
        row.id,
        loan.public_id if loan else RED,
        row.way,
        Money(row.amount_tiyn),
        Money(row.principal_tiyn),
        Money(row.interest_tiyn),
        Money(row.fine_tiyn),
        row.paid_at,
    )


def set_automatic(unit: Unit, *, customer_id: int, plan: str, on: bool) -> None:
    """Have what falls due of RED (`red`) or of a plan paid from the wallet on its day, or not; raises NotFound."""
    held = book.held(unit, customer_id=customer_id, plan=plan, lock=True)
    switched: RedMember | Loan | None = held.member if held.subject == RED else held.loans[0]
    assert switched is not None, "what is held has somebody or something to switch"
    switched.pays_automatically = on
    if on:
        _collect_what_is_late(unit, held)
    unit.flush()
    unit.tell(f"customer:{customer_id}")


def _collect_what_is_late(unit: Unit, held: Held) -> None:
    for bill in held.bills:
        if bill.step == "none" and bill.late_on is not None:
            bill.step, bill.next_on = "collect", unit.clock.today()
