"""Rules of a story: people register, terminals take their cash, days are settled, time passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.onboarding import service as onboarding
from kaspi_web.domain.onboarding.service import AlreadyCustomer
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.settlements.service import DayNotOver, settle_day
from kaspi_web.domain.terminals import topups
from kaspi_web.domain.terminals.topups import AmountOutOfRange, SameIdOtherContent, TopUpResult, UnknownWallet
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import Money
from tests.make.onboarding import AIGUL
from tests.make.sms import last_code, other_than
from tests.make.topups import SLOW_TERMINAL
from tests.properties import books
from tests.properties.base import Story, moments, phones, sums, which
from tests.properties.model import CASH, LATE_BY, TopUp


class People(Story):
    """Registrations, top-ups, settlements and both clocks."""

    @rule(phone=phones, wrong=st.sampled_from([0, 0, 0, 1, 5]))
    def registers(self, phone: str, wrong: int) -> None:
        this = {"cookie": sessions.new_cookie(), "purpose": "register"}
        if isinstance(self.tried(onboarding.begin, **this, phone=phone, language="kk"), DomainError):
            return
        code = last_code(self.world.bank, phone)
        for _ in range(wrong):
            assert self.tried(onboarding.confirm, **this, typed=other_than(code)) is not None
        if self.tried(onboarding.confirm, **this, typed=code) is not None:
            return
        self.world.write(onboarding.describe, cookie=this["cookie"], person=AIGUL)
        opened = self.tried(onboarding.open_wallet, cookie=this["cookie"], password_hash="x")
        assert isinstance(opened, AlreadyCustomer) == (phone in self.model.customers)
        if phone not in self.model.customers:
            card = self.world.read(customers.card_by_phone, phone=phone)
            self.model.registered(phone, card.id)
            self.note("registered")
            # What has waited for this phone arrives, however many there are.
            while self.world.settle_due_transfers():
                self.look()
            self.look()

    @rule(phone=phones, amount=sums, late=st.booleans())
    def tops_up(self, phone: str, amount: Money, late: bool) -> None:
        before = self.world.bank.clock.now()
        new = TopUp(str(len(self.model.topups) + 1), phone, amount, late, None, not late)
        answer = self._told(new)
        if phone not in self.model.customers:
            assert isinstance(answer, UnknownWallet)
        elif not CASH[0] <= amount <= CASH[1]:
            assert isinstance(answer, AmountOutOfRange)
        else:
            assert (answer.amount, answer.credited) == (amount, not late)
            new.number = answer.id
            new.due = (before + LATE_BY, self.world.bank.clock.now() + LATE_BY)
            self.model.topups[new.txn_id] = new
            self.model.books.move(books.NETWORK, books.LATE_CASH if late else self.model.wallet_of(phone), amount)
            self.note("topped up late" if late else "topped up")

    def _told(self, cash: TopUp) -> TopUpResult | DomainError:
        now, terminal = self.world.bank.clock.now(), SLOW_TERMINAL if cash.late else ""
        this = {"txn_id": cash.txn_id, "account": cash.phone, "amount": cash.amount, "terminal": terminal}
        return self.tried(topups.pay, network="kaspi", txn_date=now, **this)

    @precondition(lambda self: self.model.topups)
    @rule(which=which, amount=sums, same=st.booleans())
    def is_told_again_of_cash(self, which: int, amount: Money, same: bool) -> None:
        known = list(self.model.topups.values())[which % len(self.model.topups)]
        if same:
            assert self._told(known) == TopUpResult(known.number, known.amount, known.credited)
            self.note("topped up again")
        elif amount != known.amount:
            assert isinstance(self._told(replace(known, amount=amount)), SameIdOtherContent)

    @rule(by=st.sampled_from([timedelta(), timedelta(minutes=10)]))
    def credits_what_has_arrived(self, by: timedelta) -> None:
        self.world.bank.clock.jump(by)
        before = self.world.bank.clock.now()
        count = self.world.write(topups.credit_due)
        after = self.world.bank.clock.now()
        waiting = [each for each in self.model.topups.values() if not each.credited]
        surely = [each for each in waiting if each.due and each.due[1] <= before]
        # The bank looks at its clock a moment after us; what comes due in that moment is left to the next look.
        assert not [each for each in waiting if each.due and before < each.due[1] and each.due[0] <= after]
        assert count == len(surely)
        for each in surely:
            each.credited = True
            self.model.books.move(books.LATE_CASH, self.model.wallet_of(each.phone), each.amount)
            self.note("late cash credited")

    @rule(days=st.integers(0, 2), later=st.integers(0, 1))
    def settles(self, days: int, later: int) -> None:
        self.world.bank.clock.jump(timedelta(days=later))
        day = self.world.bank.clock.today() - timedelta(days=days)
        answer = self.tried(settle_day, day=day)
        if not days:
            assert isinstance(answer, DayNotOver)
            return
        assert answer == self.model.books.settle(day)
        for name in answer:
            self.note(f"settled {name.partition(':')[0]}")

    @rule(bank=st.sampled_from([0, 600, 18_000, 86_400, 604_800]), seconds=moments)
    def time_passes(self, bank: int, seconds: int) -> None:
        self.world.bank.clock.jump(timedelta(seconds=bank))
        self.world.watch.later(seconds=seconds)
