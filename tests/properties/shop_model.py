"""Orders as the papers have them, in whole tiyn, and a second set of books that every deed is written into."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.properties.shop_plans import Owner, Plan

Account = tuple[str, str]
HOLDS, PROCESSOR, EXPENSE = ("holds", ""), ("card_processor", ""), ("bonus_expense", "")
COMMISSION, INTEREST, FINES = ("commission_income", ""), ("interest_income", ""), ("fine_income", "")
NETWORK = ("terminal_network", "kaspi")
BONUS_RATE, COMMISSION_RATE = 100, 1_000
OPEN = ("NEW", "ACCEPTED", "ASSEMBLED")
"""An order may be cancelled."""
ON_THE_ROAD, COMING = ("TRANSMITTED", "ARRIVED"), ("GOING_BACK", "COMING_BACK")
ENDS = ("COMPLETED", "CANCELLED", "RETURNED")


def share(total: int, of: int, pieces: int) -> int:
    """What the first so many pieces of a line are worth."""
    return total * pieces // of


def spread(total: int, weights: list[int]) -> list[int]:
    """The largest remainder, of equal ones the earlier."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    found = [int(each) for each in exact]
    places = sorted(range(len(weights)), key=lambda place: (found[place] - exact[place], place))
    for place in places[: total - sum(found)]:
        found[place] += 1
    return found


@dataclass(slots=True)
class Line:
    """Goods, or the delivery, whose offer is 0."""

    number: int
    offer: int
    quantity: int
    price: int
    bonus: int = 0
    cancelled: int = 0
    returned: int = 0

    @property
    def total(self) -> int:
        return self.quantity * self.price

    @property
    def gone(self) -> int:
        return self.cancelled + self.returned

    def parts(self, pieces: int) -> tuple[int, int, int]:
        """Bonuses, money and commission of the first so many pieces."""
        commission = self.total * COMMISSION_RATE // 10_000 if self.offer else 0
        bonus = share(self.bonus, self.quantity, pieces)
        return bonus, pieces * self.price - bonus, share(commission, self.quantity, pieces)


@dataclass(slots=True)
class Return:
    """Pieces that somebody wants to give back."""

    address: str
    order: Order
    line: Line
    pieces: int
    reason: str
    state: str = "asked"


@dataclass(slots=True)
class Order:
    """One seller's order."""

    address: str
    row: int
    purchase: str
    owner: int
    seller: int
    slug: str
    source: str
    """wallet, bonus, own, bank, red, instalment or credit."""
    card: int
    mode: str
    point: int
    lines: list[Line]
    status: str
    due_on: date
    charge: int = 0
    plan: Plan | None = None
    promised: int = 0
    given_back: int = 0
    """Bonuses that were taken back or withheld."""
    handed_over_on: date | None = None

    def left(self, part: int) -> int:
        """Bonuses (0), money (1) or commission (2) of what has not dropped out."""
        return sum(each.parts(each.quantity)[part] - each.parts(each.gone)[part] for each in self.lines)

    @property
    def goods(self) -> list[Line]:
        return [each for each in self.lines if each.offer]

    @property
    def is_empty(self) -> bool:
        return all(each.gone == each.quantity for each in self.goods)

    @property
    def earns(self) -> int:
        """The bonus for what is left of the money."""
        return self.left(1) * BONUS_RATE // 10_000


@dataclass(slots=True)
class Person:
    """Somebody who buys."""

    id: int
    phone: str
    limit: int = 0
    """Of RED; 0 before joining."""
    automatic: bool = False
    put_in: int = 0
    """Into the wallet and the card of ours, from outside."""
    own: str = ""
    own_id: int = 0
    bank: str = ""
    bank_id: int = 0


@dataclass(slots=True)
class Model:
    """Everything that the bank should know."""

    money: dict[Account, int] = field(default_factory=lambda: defaultdict(int))
    """Credits without debits."""
    people: dict[int, Person] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    stock: dict[tuple[int, int], int] = field(default_factory=dict)
    prices: dict[int, int] = field(default_factory=dict)
    fines: dict[tuple[int, str], dict[date, int]] = field(default_factory=dict)
    merchants: dict[Account, dict[int, int]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    """Cards that were unlinked."""

    def move(self, debit: Account, credit: Account, amount: int) -> None:
        """Book a sum."""
        assert amount >= 0, (debit, credit, amount)
        self.money[debit] -= amount
        self.money[credit] += amount

    def has(self, kind: str, owner: object) -> int:
        """A balance."""
        return self.money[(kind, str(owner))]

    @property
    def plans(self) -> list[Plan]:
        return [each.plan for each in self.orders if each.plan is not None]

    def owes(self, customer_id: int, subject: str) -> Owner:
        """What is repaid together."""
        mine = (each for each in self.plans if each.owner == customer_id and each.subject == subject)
        fines = self.fines.setdefault((customer_id, subject), {})
        return Owner(customer_id, subject, [each for each in mine if each.state == "active"], fines)

    def goes_back(self, order: Order) -> Account:
        """Where the money of an order comes back to, if no plan paid for it."""
        if order.source == "bank" and order.card not in self.gone:
            return PROCESSOR
        if order.source == "own" and order.card not in self.gone:
            return "card", str(order.card)
        return "wallet", str(order.owner)

    def places(self, order: Order) -> None:
        """Bonuses and money of a new order are set aside, or its plan is reserved."""
        self.move(("bonus", str(order.owner)), HOLDS, order.left(0))
        if order.source == "wallet":
            self.move(("wallet", str(order.owner)), HOLDS, order.left(1))
        if order.source == "own":
            self.move(("card", str(order.card)), HOLDS, order.left(1))
        for each in order.goods:
            self.stock[each.offer, order.point] -= each.quantity
        order.promised = order.earns

    def drops(self, order: Order, wanted: dict[int, int], status: str, *, is_lost: bool = False) -> int:
        """Pieces drop out before the hand-over, so many of each line in all; the last one ends the order.

        Nobody has what is lost.
        """
        before = [order.left(part) for part in (0, 1)]
        has_money = order.plan is None and order.status not in ("FUNDING", "SIGNING")
        for each in order.goods:
            more = max(wanted.get(each.number, 0) - each.cancelled, 0)
            each.cancelled += more
            self.stock[each.offer, order.point] += 0 if is_lost else more
        if order.is_empty:
            order.status = status
            for each in order.lines:
                each.cancelled = each.quantity
        bonus, money = (then - order.left(part) for part, then in enumerate(before))
        self.move(HOLDS, ("bonus", str(order.owner)), bonus)
        if has_money:
            self.move(HOLDS, self.goes_back(order), money)
        if order.plan is not None:
            order.plan.amount -= money
            order.plan.state = order.plan.state if order.plan.amount else "cancelled"
        order.promised = order.earns
        return bonus + money

    def hands_over(self, order: Order, today: date) -> None:
        """The seller is paid."""
        order.status, order.handed_over_on = "COMPLETED", today
        seller, bonus, money = ("merchant", order.slug), order.left(0), order.left(1)
        self.move(HOLDS, seller, bonus)
        if order.plan is None:
            self.move(HOLDS, seller, money)
        elif money:
            order.plan.opens(today)
            self.move(("loan", str(order.plan.loan_id)), seller, money)
        self.move(seller, COMMISSION, order.left(2))
        self.move(EXPENSE, ("bonus", str(order.owner)), order.promised)

    def receives(self, this: Return, *, is_there: bool = True) -> tuple[int, int]:
        """Goods are back, or taken for it; answers the bonus withheld and what a plan gave to the wallet."""
        order, line = this.order, this.line
        bonus, money, commission = (order.left(part) for part in range(3))
        line.returned += this.pieces
        bonus, money, commission = bonus - order.left(0), money - order.left(1), commission - order.left(2)
        if this.reason == "unused" and is_there:
            self.stock[line.offer, order.point] += this.pieces
        seller, bonuses = ("merchant", order.slug), ("bonus", str(order.owner))
        excess = order.promised - order.given_back - order.earns
        taken = min(excess, self.money[bonuses] + bonus)
        withheld = min(excess - taken, money)
        order.given_back += taken + withheld
        self.move(seller, bonuses, bonus)
        self.move(bonuses, EXPENSE, taken)
        self.move(seller, EXPENSE, withheld)
        self.move(COMMISSION, seller, commission)
        if order.plan is None:
            self.move(seller, self.goes_back(order), money - withheld)
            return withheld, 0
        return withheld, self._off_plan(order, seller, money - withheld)

    def _off_plan(self, order: Order, seller: Account, money: int) -> int:
        plan = order.plan
        assert plan is not None
        if not money:
            return 0
        off, over = plan.takes_off(money)
        self.move(seller, ("loan", str(plan.loan_id)), off)
        self.move(seller, ("wallet", str(order.owner)), over)
        is_whole = plan.returned + plan.overpaid == plan.amount
        if (is_whole or order.is_empty) and plan.kind != "red" and not plan.is_annulled:
            self._annul(plan)
        return over

    def _annul(self, plan: Plan) -> None:
        plan.is_annulled = True
        self.move(INTEREST, ("loan_interest", str(plan.loan_id)), plan.interest - plan.interest_paid)
        self.move(INTEREST, ("wallet", str(plan.owner)), plan.interest_paid)
        plan.interest = plan.interest_paid = 0
        fines = self.fines.setdefault((plan.owner, plan.subject), {})
        self.move(FINES, ("loan_fine", plan.subject), sum(fines.values()))
        fines.clear()

    def repays(self, owner: Owner, principal: dict[int, int], interest: int, fine: int) -> None:
        """A repayment from the wallet."""
        purse = ("wallet", str(owner.customer_id))
        for loan_id, part in principal.items():
            self.move(purse, ("loan", str(loan_id)), part)
        if interest:
            (plan,) = owner.plans
            plan.interest_paid += interest
            self.move(purse, ("loan_interest", str(plan.loan_id)), interest)
        self.move(purse, ("loan_fine", fines_owner(owner)), fine)


def fines_owner(owner: Owner) -> str:
    """Whose account of fines it is."""
    return f"red:{owner.customer_id}" if owner.subject == "red" else owner.subject
