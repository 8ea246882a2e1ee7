"""What every rule about the shop needs: the bank, the model beside it, and what has to be true after each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import currently_in_test_context, event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import text

from kaspi_web.domain.ledger.audit import audit
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError
from tests.make.ledger import sql
from tests.properties.shop_model import INTEREST, Model, Order, Person
from tests.properties.shop_plans import Plan
from tests.properties.shop_world import Shop

which = st.integers(0, 7)

_ACCOUNTS = """
    SELECT a.kind, a.owner, COALESCE(c.total, 0) - COALESCE(d.total, 0) AS credit FROM account a
    LEFT JOIN (SELECT debit_account_id AS id, SUM(amount_tiyn) AS total FROM posting GROUP BY 1) d ON d.id = a.id
    LEFT JOIN (SELECT credit_account_id AS id, SUM(amount_tiyn) AS total FROM posting GROUP BY 1) c ON c.id = a.id
"""
_STOCK = """
    SELECT s.offer_id, s.point_id, s.quantity, s.reserved, (SELECT COALESCE(SUM(r.quantity), 0) FROM reservation r
    WHERE r.offer_id = s.offer_id AND r.point_id = s.point_id AND r.state = 'held') FROM stock s
"""
_SHOWN = "SELECT customer_id, SUM(wallet_tiyn) FROM operation GROUP BY customer_id"
_ORDERS = "SELECT id, state, status, promised_bonus_tiyn, taken_back_tiyn, due_on FROM shop_order"
_MEMBERS = "SELECT customer_id, used_tiyn, reserved_tiyn, limit_tiyn FROM red_member"
_LOANS = "SELECT id, state, amount_tiyn, repaid_tiyn, returned_tiyn, overpaid_tiyn FROM loan"
_PAYMENTS = """
    SELECT p.loan_id, p.due_on, p.principal_tiyn, p.paid_tiyn, p.cancelled_tiyn FROM loan_payment p
    JOIN loan l ON l.id = p.loan_id WHERE l.kind <> 'credit' ORDER BY p.loan_id, p.number
"""
_POSTED = text(
    "SELECT e.subject, SUM(p.amount_tiyn) FROM entry e JOIN posting p ON p.entry_id = e.id"
    " WHERE e.kind = 'loan_interest_due' GROUP BY e.subject"
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the bank says of everything."""

    faults: tuple[str, ...]
    accounts: list[tuple]
    stock: list[tuple]
    shown: list[tuple]
    orders: list[tuple]
    members: list[tuple]
    loans: list[tuple]
    payments: list[tuple]


def _look(unit: Unit) -> _Seen:
    asked = (_ACCOUNTS, _STOCK, _SHOWN, _ORDERS, _MEMBERS, _LOANS, _PAYMENTS)
    return _Seen(audit(unit).faults, *([tuple(row) for row in unit.sql(text(each))] for each in asked))


def _posted(unit: Unit) -> list[tuple[str, int]]:
    return [(subject, int(tiyn)) for subject, tiyn in unit.sql(_POSTED)]


class ShopStory(RuleBasedStateMachine):
    """One shop from its first day on; the rules are in the classes above this one."""

    def __init__(self, shop: Shop, seen: Counter[str]) -> None:
        super().__init__()
        self.shop, self._seen = shop, seen
        self.model: Model = shop.model()
        self._posted: Counter[str] = Counter()

    def note(self, what: str) -> None:
        """Count that this has happened."""
        if currently_in_test_context():
            event(what)
        self._seen[what] += 1

    def tried(self, deed: Callable[..., Any], **given: Any) -> Any:
        """The answer of a deed, or its refusal, which is an answer like any other."""
        try:
            answer = self.shop.write(deed, **given)
        except DomainError as refusal:
            answer = refusal
        if isinstance(answer, DomainError):
            self.note(f"{deed.__name__} refused: {type(answer).__name__}")
        return answer

    def sql(self, statement: str, **params: Any) -> list[Any]:
        """Rows of the bank's tables."""
        return sql(self.shop.bank, statement, **params)

    @property
    def today(self) -> Any:
        return self.shop.bank.clock.today()

    def person(self, which: int) -> Person:
        """One of those who buy."""
        people = list(self.model.people.values())
        return people[which % len(people)]

    def one_of(self, which: int, *statuses: str) -> Order | None:
        """An order in one of these states, the newest first."""
        found = [each for each in self.model.orders if each.status in statuses]
        return found[-1 - which % len(found)] if found else None

    def take_over_interest(self) -> None:
        """Interest of credits that was posted since: within the rate for the sum and the time, and never undone."""
        for subject, tiyn in self.shop.read(_posted):
            plan = next(each for each in self.model.plans if each.subject == subject)
            more = tiyn - self._posted[subject]
            assert more >= 0
            self._posted[subject] = tiyn
            plan.interest += more
            self.model.move(("loan_interest", str(plan.loan_id)), INTEREST, more)
            assert tiyn <= plan.amount * 32 * plan.months // 1_200, "no more than the rate of the whole sum"

    def everything_agrees(self) -> None:
        """The audit is clean, and the bank says of everything what the model says."""
        self.take_over_interest()
        seen = self.shop.read(_look)
        assert not seen.faults, seen.faults
        kept = {(kind, owner): int(tiyn) for kind, owner, tiyn in seen.accounts if tiyn}
        ours = {account: tiyn for account, tiyn in self.model.money.items() if tiyn}
        assert kept == ours, {each: (kept.get(each), ours.get(each)) for each in {*kept.items() ^ ours.items()}}
        assert sum(kept.values()) == 0
        self._stock_agrees(seen.stock)
        for customer_id, tiyn in seen.shown:
            assert int(tiyn) == self.model.has("wallet", customer_id), "the list adds up to the wallet"
        self._orders_agree(seen.orders)
        self._plans_agree(seen)

    def _stock_agrees(self, rows: list[tuple]) -> None:
        for offer, point, quantity, reserved, kept in rows:
            assert quantity == self.model.stock[offer, point]
            assert 0 <= reserved <= quantity
            assert reserved == kept, "what is set aside is set aside for somebody"

    def _orders_agree(self, rows: list[tuple]) -> None:
        of = {each.row: each for each in self.model.orders}
        assert {row[0] for row in rows} == of.keys()
        for number, state, status, promised, taken, due_on in rows:
            known = of[number]
            assert (known.status, known.promised, known.given_back) == (_word(state, status), promised, taken)
            if known.status not in ("COMPLETED", "CANCELLED", "RETURNED", "SIGNING", "FUNDING"):
                assert str(due_on) == str(known.due_on)

    def _plans_agree(self, seen: _Seen) -> None:
        plans = {each.loan_id: each for each in self.model.plans}
        assert {row[0] for row in seen.loans} == plans.keys()
        for number, state, *sums in seen.loans:
            known = plans[number]
            assert [known.amount, known.repaid, known.returned, known.overpaid] == sums
            assert (known.state == "active") == (state in ("active", "closed")), (known.state, state)
            assert state != "closed" or not known.left
        ours = [
            (each.loan_id, str(row.due_on), row.principal, row.paid, row.cancelled)
            for each in sorted(plans.values(), key=lambda plan: plan.loan_id)
            for row in each.payments
        ]
        assert [(number, str(day), *sums) for number, day, *sums in seen.payments] == ours
        self._members_agree(seen.members)

    def _members_agree(self, rows: list[tuple]) -> None:
        for customer_id, used, reserved, limit in rows:
            mine = [each for each in self.model.plans if each.owner == customer_id and each.kind == "red"]
            assert used == sum(each.left for each in mine if each.state == "active")
            assert reserved == sum(each.amount for each in mine if each.state == "reserved")
            person = self.model.people[customer_id]
            assert limit >= person.limit, "a limit is never lowered"
            person.limit = limit
            assert used + reserved <= limit

    def plan_of(self, loan_id: int) -> Plan:
        """A plan by its number."""
        return next(each for each in self.model.plans if each.loan_id == loan_id)


_WORDS = {
    "APPROVED_BY_BANK": "NEW",
    "ACCEPTED_BY_MERCHANT": "ACCEPTED",
    "KASPI_DELIVERY_RETURN_REQUESTED": "GOING_BACK",
    "RETURN_ACCEPTED_BY_MERCHANT": "COMING_BACK",
}


def _word(state: str, status: str) -> str:
    return "SIGNING" if state == "SIGN_REQUIRED" else _WORDS.get(status, status)
