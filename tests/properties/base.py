"""What every rule of a story needs: the world, the model beside it, and deeds whose refusal is an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlmodel import select

from kaspi_web.domain.bills.models import BillPayment
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import Money
from tests.properties.model import Model, Payment
from tests.properties.world import World

PHONES = ("+77010000101", "+77010000102", "+77010000103")

phones = st.sampled_from(PHONES)
which = st.integers(0, 7)
sums = st.one_of(
    st.integers(1_000, 500_000).map(Money),
    st.integers(500_001, 30_000_000).map(Money),
    st.sampled_from([Money.tenge(5_000), Money.tenge(5_000, 1), Money.tenge(9, 99), Money.tenge(1_000_000, 1)]),
)
moments = st.sampled_from([0, 3, 3, 61, 61, 660, 7_200, 90_000, 90_000])
"""Seconds of real time: leases end, waits are over, intents and codes end, the biller's day is over."""


class Story(RuleBasedStateMachine):
    """One bank from its first day on; the rules are in the classes above this one."""

    def __init__(self, world: World, seen: Counter[str]) -> None:
        super().__init__()
        self.world, self.model, self._seen = world, Model(), seen

    def note(self, what: str) -> None:
        """Count that this has happened."""
        event(what)
        self._seen[what] += 1

    def tried(self, deed: Callable[..., Any], **given: Any) -> Any:
        """The answer of a deed, or its refusal, which is an answer like any other."""
        try:
            answer = self.world.write(deed, **given)
        except DomainError as refusal:
            answer = refusal
        if isinstance(answer, DomainError):
            self.note(f"{deed.__name__} refused: {type(answer).__name__}")
        return answer

    def look(self) -> None:
        """Take over what became of payments, as far as the billers' own book bears it out."""
        rows = {row.id: row for row in self.world.read(_payments)}
        assert rows.keys() == self.model.payments.keys(), "a payment that nobody made, or one that is gone"
        for number, row in rows.items():
            self._look_at(self.model.payments[number], row)

    def _look_at(self, known: Payment, row: BillPayment) -> None:
        content = (known.txn_id, known.customer_id, known.biller, known.account, known.amount.tiyn)
        assert content == (row.txn_id, row.customer_id, row.biller, row.account, row.amount_tiyn)
        if row.state == known.state:
            return
        assert known.state == "on_way", f"{known.state} was the last word, and now it is {row.state}"
        if row.state == "registry":
            assert self.world.watch.now() >= known.gives_up_at, "given up too early"
        else:
            assert self.said_of(known) == row.state, "the biller's own book says something else"
            known.finished_on = self.world.bank.clock.today()
        known.state = row.state
        self.note(f"payment {row.state}")

    def said_of(self, known: Payment) -> str:
        """The state of a payment in its biller's book; empty when it never came there."""
        rows = self.world.biller.registry(known.biller, known.started_on)
        found = [row for row in rows if row["txn_id"] == str(known.txn_id)]
        assert len(found) <= 1
        assert all(Money.from_wire(row["sum"]) == known.amount for row in found)
        return found[0]["state"] if found else ""


def _payments(unit: Unit) -> list[BillPayment]:
    return list(unit.exec(select(BillPayment)))
