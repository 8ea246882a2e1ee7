"""Rules of a story: bills are looked up, proposed, confirmed and paid, once and again."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kaspi_web.domain.bills import intents, payments
from kaspi_web.domain.bills.intents import IntentContentChanged
from kaspi_web.gateways.billers import debt_of
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.kernel.money import Money
from tests.make.sms import last_code, messages, other_than
from tests.properties.base import PHONES, sums, which
from tests.properties.billers import Billers
from tests.properties.model import CODE_ABOVE, Intent, Payment

PLAIN, OTHER, LATE, STUMBLING, REFUSING, INACTIVE = (
    "04512287", "04512295", "04512311", "04512329", "04512337", "04512345",
)  # fmt: skip
"""Accounts for demos of docs/simulators.md; Astana's have 21 in front."""
ASTANA = "astana-energo"

doors = st.sampled_from(
    [("almaty-energo", account) for account in (PLAIN, PLAIN, OTHER, STUMBLING, REFUSING, LATE, INACTIVE)]
    + [(ASTANA, f"21{account}") for account in (PLAIN, PLAIN, STUMBLING, REFUSING)]
)


class Bills(Billers):
    """Intents, codes and payments."""

    @precondition(lambda self: self.model.customers)
    @rule(which=which, door=doors)
    def looks_up_a_bill(self, which: int, door: tuple[str, str]) -> None:
        self._looked_up(self._somebody(which), *door)

    def _somebody(self, which: int) -> str:
        phones = [phone for phone in PHONES if phone in self.model.customers]
        return phones[which % len(phones)]

    def _looked_up(self, phone: str, biller: str, account: str) -> Intent | None:
        this = {"customer_id": self.model.customers[phone]}
        made = self.tried(intents.issue, **this, slug=biller, account=account)
        if isinstance(made, DomainError):
            return None
        intent = Intent(made.id, made.key, phone, biller, account, made.expires_at)
        self.model.intents.append(intent)
        answer = self.world.look_up(made.biller.address, account)
        try:
            debt = debt_of(answer) if answer else None
        except DomainError as refusal:
            self.note(f"look-up refused: {type(refusal).__name__}")
            return intent
        if debt:
            said = {"owner_name": debt.owner_name, "address": debt.address, "debt": debt.amount}
            self.world.write(intents.answered, **this, intent_id=made.id, **said)
            intent.answered = True
        return intent

    @precondition(lambda self: self.model.intents)
    @rule(which=which, amount=sums)
    def proposes(self, which: int, amount: Money) -> None:
        self._proposed(self._intent(which), amount)

    def _intent(self, which: int) -> Intent:
        return self.model.intents[-1 - which % len(self.model.intents)]

    def _this(self, intent: Intent, amount: Money) -> dict:
        return {"customer_id": self.model.customers[intent.phone], "amount": amount, "source": "wallet"}

    def _proposed(self, intent: Intent, amount: Money) -> None:
        answer = self.tried(intents.propose, intent_id=intent.id, **self._this(intent, amount))
        if not isinstance(answer, DomainError):
            assert intent.payment_id is None
            assert amount <= self.model.wallet(intent.phone), "more was proposed than there is"
            intent.proposed = amount

    @precondition(lambda self: any(intent.proposed for intent in self.model.intents))
    @rule(which=which, wrong=st.sampled_from([0, 0, 1, 2, 5]))
    def types_a_code(self, which: int, wrong: int) -> None:
        proposed = [intent for intent in self.model.intents if intent.proposed]
        self._confirmed(proposed[-1 - which % len(proposed)], wrong)

    def _confirmed(self, intent: Intent, wrong: int = 0) -> None:
        assert intent.proposed
        this = {"intent_id": intent.id} | self._this(intent, intent.proposed)
        before = len(messages(self.world.bank, intent.phone))
        if isinstance(self.tried(intents.send_code, **this), DomainError):
            return
        # As long as a code can be typed no other is sent.
        if len(messages(self.world.bank, intent.phone)) > before:
            intent.codes[intent.proposed.tiyn] = last_code(self.world.bank, intent.phone)
        code = intent.codes[intent.proposed.tiyn]
        for _ in range(wrong):
            assert self.tried(intents.confirm, **this, typed=other_than(code)) is not None
        if self.tried(intents.confirm, **this, typed=code) is None:
            intent.confirmed = intent.proposed
            self.note("code accepted")

    @precondition(lambda self: self.model.intents)
    @rule(which=which, amount=sums, as_proposed=st.booleans(), minutes=st.sampled_from([0, 0, 11]))
    def pays(self, which: int, amount: Money, as_proposed: bool, minutes: int) -> None:
        self.world.watch.later(minutes=minutes)
        intent = self._intent(which)
        amount = intent.proposed if as_proposed and intent.proposed else amount
        self._somebody_else_may_not_pay(intent, amount)
        self._paid(intent, amount)

    def _somebody_else_may_not_pay(self, intent: Intent, amount: Money) -> None:
        for phone, number in self.model.customers.items():
            if phone != intent.phone:
                this = self._this(intent, amount) | {"customer_id": number}
                assert isinstance(self.tried(payments.pay, key=intent.key, **this), NotFound)

    @precondition(lambda self: self.model.customers)
    @rule(which=which, door=doors, share=st.sampled_from([1, 2, 3, 4, 10]), soon=st.booleans())
    def pays_a_share_of_the_wallet(self, which: int, door: tuple[str, str], share: int, soon: bool) -> None:
        phone = self._somebody(which)
        self._paid_in_one_go(phone, door, Money(self.model.wallet(phone).tiyn // share), soon)

    @precondition(lambda self: self.model.customers)
    @rule(which=which, door=doors, tiyn=st.integers(1_000, 500_000), soon=st.booleans())
    def pays_a_small_bill(self, which: int, door: tuple[str, str], tiyn: int, soon: bool) -> None:
        self._paid_in_one_go(self._somebody(which), door, Money(tiyn), soon)

    def _paid_in_one_go(self, phone: str, door: tuple[str, str], amount: Money, soon: bool) -> None:
        intent = self._looked_up(phone, *door)
        if intent is None:
            return
        self._proposed(intent, amount)
        if intent.proposed and amount > CODE_ABOVE:
            self._confirmed(intent)
        self._paid(intent, amount)
        if soon:
            self.workers_ask()

    def _paid(self, intent: Intent, amount: Money) -> None:
        if intent.payment_id is not None:
            self._paid_again(intent, amount)
            return
        early = self.world.watch.now()
        answer = self.tried(payments.pay, key=intent.key, **self._this(intent, amount))
        may = intent.may_pay(amount) and amount <= self.model.wallet(intent.phone)
        if isinstance(answer, DomainError):
            assert not may or self.world.watch.now() >= intent.expires_at, "refused without a reason"
            return
        assert may, "paid against the rules"
        assert early < intent.expires_at, "paid after its end"
        intent.payment_id = answer.id
        this = (answer.id, answer.txn_id, self.model.customers[intent.phone], intent.biller, intent.account, amount)
        assert answer.id not in self.model.payments
        started_on = answer.started_at.astimezone(ALMATY).date()
        self.model.payments[answer.id] = Payment(*this, started_on, early + timedelta(hours=24))
        self.note("payment on_way")

    @precondition(lambda self: any(intent.payment_id for intent in self.model.intents))
    @rule(which=which, amount=sums, same=st.booleans())
    def pays_again_with_the_same_key(self, which: int, amount: Money, same: bool) -> None:
        paid = [intent for intent in self.model.intents if intent.payment_id]
        intent = paid[-1 - which % len(paid)]
        assert intent.payment_id
        self._paid_again(intent, self.model.payments[intent.payment_id].amount if same else amount)

    def _paid_again(self, intent: Intent, amount: Money) -> None:
        """The first answer for the same content, a refusal for any other."""
        assert intent.payment_id
        answer = self.tried(payments.pay, key=intent.key, **self._this(intent, amount))
        if amount == self.model.payments[intent.payment_id].amount:
            assert (answer.id, answer.amount) == (intent.payment_id, amount)
            self.note("paid again with the same key")
        else:
            assert isinstance(answer, IntentContentChanged)
