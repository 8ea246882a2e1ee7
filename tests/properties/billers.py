"""Rules of a story: workers ask, or die with the answer in their hands, and billers fail in every way they can."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kaspi_web.kernel.osmp import Answer, Result
from tests.billers import BILLERS
from tests.properties.base import moments, which
from tests.properties.looking import Looking
from tests.properties.world import PATIENCE_S, World

PLAIN_FAULTS = ("temporary", "broken", "down", "refuse", "unknown", "pending")
SLOW_FAULTS = {"slow": 0.05, "silent": PATIENCE_S + 0.1}
"""Seconds; every other fault answers at once."""


class Billers(Looking):
    """The worker and the faults of billers."""

    def __init__(self, world: World, seen: Counter[str]) -> None:
        super().__init__(world, seen)
        self.late_words: list[tuple[int, Answer]] = []

    @rule(
        biller=st.sampled_from(BILLERS),
        mode=st.sampled_from(["", *PLAIN_FAULTS, *SLOW_FAULTS]),
        times=st.integers(1, 3),
    )
    def a_biller_fails_or_recovers(self, biller: str, mode: str, times: int) -> None:
        self.world.biller.clear(biller)
        if mode:
            seconds = {"seconds": SLOW_FAULTS[mode]} if mode in SLOW_FAULTS else {}
            self.world.biller.set_fault(mode, biller=biller, times=times, **seconds)
            self.note(f"fault {mode}")

    @precondition(lambda self: self.model.payments)
    @rule(crews=st.integers(1, 3), seconds=moments)
    def workers_ask_a_while_later(self, crews: int, seconds: int) -> None:
        self.world.watch.later(seconds=seconds)
        self.workers_ask(crews)

    def workers_ask(self, crews: int = 1) -> None:
        """A round of the worker, or of several at once."""
        if self.world.ask(crews=crews):
            self.note("billers asked")
        self.look()

    @precondition(lambda self: self.model.payments)
    @rule()
    def a_worker_asks_and_dies(self) -> None:
        heard = self.world.ask_and_die()
        self.late_words += heard
        if heard:
            self.note("answers lost with their worker")
        self.look()

    @precondition(lambda self: self.late_words)
    @rule(which=which, is_overtaken=st.booleans())
    def a_late_word_is_written_down(self, which: int, is_overtaken: bool) -> None:
        """The worker was not dead, only slow: by now another may have had the last word."""
        if is_overtaken:
            self.workers_ask_a_while_later(1, 61)
        self.a_late_word(*self.late_words.pop(which % len(self.late_words)))

    def a_late_word(self, payment_id: int, answer: Answer) -> None:
        """Whatever was heard last counts only for a payment that has had no last word."""
        before = self.model.payments[payment_id].state
        self.world.late_word(payment_id, answer)
        self.look()
        self.note(f"late word on {before}")

    @precondition(lambda self: any(each.state in ("done", "refused") for each in self.model.payments.values()))
    @rule(which=which)
    def a_biller_contradicts_itself(self, which: int) -> None:
        """A late success after a refund, or a no after a yes, is a difference: nothing is moved a second time."""
        over = [each for each in self.model.payments.values() if each.state in ("done", "refused")]
        known = over[-1 - which % len(over)]
        result = Result.OK if known.state == "refused" else Result.NO_ACCOUNT
        self.world.late_word(known.id, Answer(result, str(known.txn_id), prv_txn="77"))
        known.disputed.add("late_success" if known.state == "refused" else "late_refusal")
        self.look()
        self.note("a biller contradicted itself")
