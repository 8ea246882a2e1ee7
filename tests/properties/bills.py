"""Rules of a story: bills are looked up, proposed, confirmed and paid from every source, once and again."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kaspi_web.domain.bills import intents, payments, proposals
from kaspi_web.domain.bills.proposals import IntentContentChanged
from kaspi_web.gateways.billers import debt_of
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make.sms import last_code, messages, other_than
from tests.properties import effects
from tests.properties.base import sums, which
from tests.properties.cards import Cards
from tests.properties.model import CODE_ABOVE, GIVE_UP, Card, Intent, Payment, Proposal

PLAIN, OTHER, LATE, STUMBLING, REFUSING, INACTIVE = (
    "04512287", "04512295", "04512311", "04512329", "04512337", "04512345",
)  # fmt: skip
"""Accounts for demos of docs/simulators.md; Astana's have 21 in front, the restaurant's are the last six digits."""
ASTANA, RESTAURANT = "astana-energo", "dastarhan-almaty"

doors = st.sampled_from(
    [("almaty-energo", account) for account in (PLAIN, PLAIN, OTHER, STUMBLING, REFUSING, LATE, INACTIVE)]
    + [(ASTANA, f"21{account}") for account in (PLAIN, PLAIN, STUMBLING, REFUSING)]
    + [(RESTAURANT, account[-6:]) for account in (PLAIN, OTHER, REFUSING)]
)
sources = st.sampled_from(["wallet", "wallet", "bonus", "own", "bank", "bank"])


class Bills(Cards):
    """Intents, codes and payments."""

    @precondition(lambda self: self.model.customers)
    @rule(which=which, door=doors)
    def looks_up_a_bill(self, which: int, door: tuple[str, str]) -> None:
        self._looked_up(self.somebody(which), *door)

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
            self.world.write(intents.answered, **this, intent_id=made.id, debt=debt)
            intent.answered = True
        return intent

    @precondition(lambda self: self.model.intents)
    @rule(which=which, amount=sums, source=sources, spend=st.sampled_from([ZERO, ZERO, Money(1), Money.tenge(30)]))
    def proposes(self, which: int, amount: Money, source: str, spend: Money) -> None:
        intent = self._intent(which)
        self._proposed(intent, self._what(intent.phone, amount, source, spend))

    def _intent(self, which: int) -> Intent:
        return self.model.intents[-1 - which % len(self.model.intents)]

    def _what(self, phone: str, amount: Money, source: str, spend: Money = ZERO) -> Proposal:
        """A proposal whose card, if it needs one, is somebody's last card of the kind."""
        found = self.model.cards_of(phone, own=source == "own") if source in ("own", "bank") else []
        if source in ("own", "bank"):
            return Proposal(amount, "card", found[-1], spend) if found else Proposal(amount, "wallet", None, spend)
        return Proposal(amount, source, None, amount if source == "bonus" else spend)

    def _this(self, intent: Intent, amount: Money, source: str) -> dict[str, Any]:
        return {"customer_id": self.model.customers[intent.phone], "amount": amount, "source": source}

    def _proposed(self, intent: Intent, what: Proposal) -> None:
        of = {"card": what.card.public_id if what.card else "", "spend": what.spend}
        this = self._this(intent, what.amount, what.source)
        answer = self.tried(proposals.propose, intent_id=intent.id, **this, **of)
        if not isinstance(answer, DomainError):
            assert intent.payment_id is None
            assert self._has_means(intent.phone, what), "more was proposed than there is"
            intent.proposed = what

    def _has_means(self, phone: str, what: Proposal) -> bool:
        enough = ZERO <= what.spend <= min(what.amount, self.model.bonus(phone))
        if what.source == "bonus":
            return enough
        return enough and self.model.can_give(phone, what.card, what.amount - what.spend)

    @precondition(lambda self: any(intent.proposed for intent in self.model.intents))
    @rule(which=which, wrong=st.sampled_from([0, 0, 1, 2, 5]))
    def types_a_code(self, which: int, wrong: int) -> None:
        proposed = [intent for intent in self.model.intents if intent.proposed]
        self._confirmed(proposed[-1 - which % len(proposed)], wrong)

    def _confirmed(self, intent: Intent, wrong: int = 0) -> None:
        assert intent.proposed
        this = {"intent_id": intent.id} | self._this(intent, intent.proposed.amount, intent.proposed.source)
        before = len(messages(self.world.bank, intent.phone))
        if isinstance(self.tried(proposals.send_code, **this), DomainError):
            return
        # As long as a code can be typed no other is sent.
        if len(messages(self.world.bank, intent.phone)) > before:
            intent.codes[intent.proposed.amount.tiyn] = last_code(self.world.bank, intent.phone)
        code = intent.codes[intent.proposed.amount.tiyn]
        for _ in range(wrong):
            assert self.tried(proposals.confirm, **this, typed=other_than(code)) is not None
        if self.tried(proposals.confirm, **this, typed=code) is None:
            intent.confirmed = intent.proposed.amount
            self.note("code accepted")

    @precondition(lambda self: self.model.intents)
    @rule(which=which, amount=sums, as_proposed=st.booleans(), minutes=st.sampled_from([0, 0, 11]))
    def pays(self, which: int, amount: Money, as_proposed: bool, minutes: int) -> None:
        self.world.watch.later(minutes=minutes)
        intent = self._intent(which)
        proposed = intent.proposed or Proposal(amount)
        amount = proposed.amount if as_proposed else amount
        self._somebody_else_may_not_pay(intent, amount)
        self._paid(intent, amount, proposed.source)

    def _somebody_else_may_not_pay(self, intent: Intent, amount: Money) -> None:
        for phone, number in self.model.customers.items():
            if phone != intent.phone:
                this = self._this(intent, amount, "wallet") | {"customer_id": number}
                assert isinstance(self.tried(payments.pay, key=intent.key, **this), NotFound)

    @precondition(lambda self: self.model.customers)
    @rule(which=which, door=doors, share=st.sampled_from([1, 2, 3, 4, 10]), soon=st.booleans())
    def pays_a_share_of_the_wallet(self, which: int, door: tuple[str, str], share: int, soon: bool) -> None:
        phone = self.somebody(which)
        self._paid_in_one_go(phone, door, Proposal(Money(self.model.wallet(phone).tiyn // share)), soon)

    @precondition(lambda self: self.model.customers)
    @rule(
        which=which,
        door=doors,
        tiyn=st.integers(10_000, 500_000),
        source=sources,
        bonuses=st.sampled_from([0, 1, 2]),
        soon=st.sampled_from([True, True, False]),
    )
    def pays_a_small_bill(
        self, which: int, door: tuple[str, str], tiyn: int, source: str, bonuses: int, soon: bool
    ) -> None:
        """From any source, beside it a part or all of the bonuses."""
        phone, amount = self.somebody(which), Money(tiyn)
        if source == "bonus":
            amount = self.model.bonus(phone)
        spend = min(Money(self.model.bonus(phone).tiyn * bonuses // 2), amount - Money(1))
        if source in ("own", "bank"):
            self.has_a_card(phone, own=source == "own", money=amount)
        self._paid_in_one_go(phone, door, self._what(phone, amount, source, max(spend, ZERO)), soon)

    def _paid_in_one_go(self, phone: str, door: tuple[str, str], what: Proposal, soon: bool) -> None:
        intent = self._looked_up(phone, *door)
        if intent is None:
            return
        self._proposed(intent, what)
        if intent.proposed and what.amount > CODE_ABOVE:
            self._confirmed(intent)
        self._paid(intent, what.amount, what.source)
        if soon:
            self.proves_what_is_new()
            self.workers_ask()

    def _paid(self, intent: Intent, amount: Money, source: str) -> None:
        if intent.payment_id is not None:
            self._paid_again(intent, amount, source)
            return
        early = self.world.watch.now()
        answer = self.tried(payments.pay, key=intent.key, **self._this(intent, amount, source))
        what = intent.proposed or Proposal(amount)
        may = intent.may_pay(amount, source) and self._has_means(intent.phone, what)
        if isinstance(answer, DomainError):
            assert not may or self.world.watch.now() >= intent.expires_at, "refused without a reason"
            return
        assert may, "paid against the rules"
        assert early < intent.expires_at, "paid after its end"
        assert answer.id not in self.model.payments
        intent.payment_id = answer.id
        this = (answer.id, answer.txn_id, self.model.customers[intent.phone], intent.biller, intent.account)
        started_on = answer.started_at.astimezone(ALMATY).date()
        made = Payment(*this, what, started_on, early + GIVE_UP, answer.state)
        charged = isinstance(what.card, Card) and not what.card.is_own
        assert made.state == ("funding" if charged else "on_way")
        self.model.payments[answer.id] = made
        effects.pay(self.model, made)
        self.note(f"payment {made.state}")

    @precondition(lambda self: any(intent.payment_id for intent in self.model.intents))
    @rule(which=which, amount=sums, same=st.booleans())
    def pays_again_with_the_same_key(self, which: int, amount: Money, same: bool) -> None:
        paid = [intent for intent in self.model.intents if intent.payment_id]
        intent = paid[-1 - which % len(paid)]
        known = self.model.payments[intent.payment_id or 0]
        self._paid_again(intent, known.amount if same else amount, known.what.source)

    def _paid_again(self, intent: Intent, amount: Money, source: str) -> None:
        """The first answer for the same content, a refusal for any other."""
        assert intent.payment_id
        answer = self.tried(payments.pay, key=intent.key, **self._this(intent, amount, source))
        if amount == self.model.payments[intent.payment_id].amount:
            assert (answer.id, answer.amount) == (intent.payment_id, amount)
            self.note("paid again with the same key")
        else:
            assert isinstance(answer, IntentContentChanged)
