"""Rules of a story: billers give payments back, wholly, in parts, twice; days are compared with registries."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kaspi_web.domain.bills import billers, differences, refunds
from kaspi_web.domain.bills.refunds import NotPaidYet, RefundTooMuch, SameIdOtherRefund
from kaspi_web.kernel.money import ZERO, Money
from tests.properties import effects
from tests.properties.base import which
from tests.properties.model import Payment
from tests.properties.transfers import Transfers


class Refunds(Transfers):
    """Cancellations by billers, and reconciling."""

    @precondition(lambda self: self.model.payments)
    @rule(which=which, tiyn=st.sampled_from([0, 0, 1, 333, 50_001, 100_000]), again=st.booleans())
    def a_biller_gives_back(self, which: int, tiyn: int, again: bool) -> None:
        """The whole that is left of a payment, or a part of it; and the same message once more."""
        paid = [each for each in self.model.payments.values() if each.state == "done"]
        known = (paid or list(self.model.payments.values()))[-1 - which % len(paid or self.model.payments)]
        self._gave_back(known, Money(tiyn) if tiyn else None, again)

    def _gave_back(self, known: Payment, amount: Money | None, again: bool) -> None:
        cancel_id, left = f"c{len(self.model.refunds) + 1}", known.amount - known.refunded
        this = {"slug": known.biller, "cancel_id": cancel_id, "txn_id": str(known.txn_id)}
        answer = self.tried(refunds.refund, **this, amount=amount)
        if isinstance(answer, NotPaidYet):
            assert known.state != "done"
            return
        if isinstance(answer, RefundTooMuch):
            assert not ZERO < (amount or left) <= left
            return
        made = effects.refund(self.model, known, answer.id, cancel_id, amount or left)
        assert (answer.amount, answer.to_money, answer.goes_to) == (made.amount, made.to_money, made.goes_to)
        self.note(f"refund to {made.goes_to}" if known.refunded == known.amount else "refund of a part")
        if answer.withheld:
            self.note("refund with bonus withheld")
        self.look()
        if again:
            assert self.tried(refunds.refund, **this, amount=amount) == answer
            other = self.tried(refunds.refund, **this, amount=made.amount + Money(1))
            assert isinstance(other, SameIdOtherRefund)
            self.note("refund told of again")

    @precondition(lambda self: self.model.payments)
    @rule()
    def a_day_is_reconciled(self) -> None:
        self.world.bank.clock.jump(timedelta(days=1))
        for biller, day in sorted({(each.biller, each.started_on) for each in self.model.payments.values()}):
            self._reconciled(biller, day)
        self.note("reconciled")

    def _reconciled(self, biller: str, day: date) -> None:
        address = self.world.read(billers.biller, slug=biller).address
        report = self.world.reconcile(biller, address, day)
        assert not report.silent
        self.reconciled = True
        self.look()
        self.reconciled = False
        for _, found in report.settled:
            self.note(f"registry settled {found.settled}")
        found = {(each.txn_id, each.difference) for _, each in report.differences}
        assert found == self._to_be_found(biller, day), report.differences

    def _to_be_found(self, biller: str, day: date) -> set[tuple[str, str]]:
        """The simulated biller does not know what was given back here; and it may not have finished after a day."""
        expected = set()
        for each in self.model.payments.values():
            if (each.biller, each.started_on) != (biller, day):
                continue
            kinds = {"other_refund"} if each.refunded else set()
            if each.state == "registry":
                kinds.add("not_finished")
            each.disputed |= kinds
            expected |= {(str(each.txn_id), kind) for kind in kinds}
        return expected

    def differences_are_those_of_contradictions(self) -> None:
        """What was noted as a difference is what a biller said against its own word, and nothing else."""
        noted = {(each.txn_id, each.kind) for each in self.world.read(differences.differences, resolved_too=True)}
        expected = {(str(each.txn_id), kind) for each in self.model.payments.values() for kind in each.disputed}
        assert noted == expected
