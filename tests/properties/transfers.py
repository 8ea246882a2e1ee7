"""Rules of a story: money is sent to people and cards, undone, hurried, waited for, asked back and given back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kaspi_web.domain.bonus.spending import BonusShort
from kaspi_web.domain.cards import recipients as typed_cards
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.transfers import drafts, recipients, returns, sending
from kaspi_web.domain.transfers.recipients import OwnPhone
from kaspi_web.domain.transfers.sending import TooLateToUndo, TransferUndone
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.errors import Busy, DomainError, NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests import processor
from tests.make.sms import last_code
from tests.properties import effects
from tests.properties.base import PHONES, moments, phones, sums, which
from tests.properties.bills import Bills
from tests.properties.model import CODE_ABOVE, Card, Transfer, total

LIMITS = {
    "phone": (Money.tenge(500_000), Money.tenge(1_000_000)),
    "card": (Money.tenge(300_000), Money.tenge(600_000)),
}
"""At once, and in a business day; the shipped ones."""
_ACCOUNTS = ("wallet", "bonus")
WAYS = (
    *("own to wallet", "bank to wallet", "bonus to wallet", "own to own", "bank to own", "bonus to own"),
    *("wallet to bank", "own to bank", "bank to bank"),
)
"""From and to which of one's own accounts."""
STRANGERS = (processor.MASTERCARD, processor.CHARGE_REFUSED)
"""Cards of other banks that nobody needs to have linked; the second takes nothing."""
small = st.integers(100, 400_000).map(Money)
shares = st.sampled_from([0, 0, 50, 100])
"""Percent of the bonuses that there are, to be spent on what is sent."""


class Transfers(Bills):
    """Transfers and requests to give them back."""

    @precondition(lambda self: self.model.customers)
    @rule(
        which=which,
        phone=phones,
        amount=small,
        source=st.sampled_from(["wallet", "wallet", "own", "bank"]),
        share=shares,
    )
    def sends_to_a_phone(self, which: int, phone: str, amount: Money, source: str, share: int = 0) -> None:
        sender = self.somebody(which)
        draft = self.tried(recipients.to_phone, customer_id=self.model.customers[sender], phone=phone)
        assert isinstance(draft, OwnPhone) == (phone == sender) or isinstance(draft, Busy)
        recipient = phone if phone in self.model.customers else ""
        of = self._source(sender, source, amount)
        self._sent(sender, draft, "phone", amount, of, recipient, phone, spend=self._spent(sender, share, amount))

    def _spent(self, phone: str, share: int, amount: Money) -> Money:
        """So many percent of somebody's bonuses, and never more than is sent."""
        return min(Money(self.model.bonus(phone).tiyn * share // 100), amount)

    @precondition(lambda self: self.model.customers)
    @rule(which=which, phone=phones, amount=sums)
    def sends_whatever_sum(self, which: int, phone: str, amount: Money) -> None:
        """Sums that need codes, or are above a limit."""
        self.sends_to_a_phone(which, phone, amount, "wallet")

    def _source(self, sender: str, kind: str, amount: Money) -> Card | None:
        if kind == "wallet":
            return None
        self.has_a_card(sender, own=kind == "own", money=amount)
        found = self.model.cards_of(sender, own=kind == "own")
        return found[-1] if found else None

    @precondition(lambda self: self.model.customers)
    @rule(
        which=which,
        number=st.sampled_from(STRANGERS),
        amount=small,
        source=st.sampled_from(["wallet", "own", "bank"]),
        share=shares,
    )
    def sends_to_a_card_of_another_bank(
        self, which: int, number: str, amount: Money, source: str, share: int = 0
    ) -> None:
        sender, token = self.somebody(which), self.token_of(number)
        if not token:
            return
        this = {"customer_id": self.model.customers[sender]}
        asked = self.tried(typed_cards.begin, **this)
        if isinstance(asked, DomainError):
            return
        given = {"token": token, "brand": "visa", "last4": number[-4:]}
        self.world.write(typed_cards.of_another_bank, **this, recipient_id=asked, **given)
        draft = self.tried(recipients.to_card, **this, recipient_id=asked)
        of, spend = self._source(sender, source, amount), self._spent(sender, share, amount)
        self._sent(sender, draft, "card", amount, of, "", "", token=token, spend=spend)

    @precondition(lambda self: any(each.live and each.is_own for each in self.model.cards))
    @rule(which=which, whose=which, amount=small)
    def sends_to_a_card_of_ours(self, which: int, whose: int, amount: Money) -> None:
        """Somebody's, or one's own, by its number."""
        own = [each for each in self.model.cards if each.live and each.is_own]
        sender, card = self.somebody(which), own[-1 - whose % len(own)]
        this = {"customer_id": self.model.customers[sender]}
        owner = {"customer_id": self.model.customers[card.phone], "public_id": card.public_id}
        number = self.world.read(cards.requisites, **owner).number
        asked = self.tried(typed_cards.begin, **this)
        if isinstance(asked, DomainError):
            return
        assert self.world.write(typed_cards.of_ours, **this, recipient_id=asked, number=number)
        draft = self.tried(recipients.to_card, **this, recipient_id=asked)
        kind = "own" if card.phone == sender else "card"
        self._sent(sender, draft, kind, amount, None, card.phone, "", to_card=card)

    @precondition(lambda self: self.model.cards)
    @rule(which=which, amount=small, way=st.sampled_from(WAYS), share=shares)
    def sends_between_own_accounts(self, which: int, amount: Money, way: str, share: int = 0) -> None:
        sender, (of, _, to) = self.somebody(which), way.partition(" to ")
        for kind in ("own", "bank"):
            if kind in (of, to):
                self.has_a_card(sender, own=kind == "own", money=amount)
        goals, sources = ([] if each in _ACCOUNTS else self._cards(sender, each) for each in (to, of))
        # The newest card takes, and the oldest gives.
        card, source = goals[-1] if goals else None, sources[0] if sources else None
        if (card is None and to not in _ACCOUNTS) or (source is None and of not in _ACCOUNTS) or source is card:
            return
        spend = amount if of == "bonus" else self._spent(sender, share, amount)
        self._sent_among_own(sender, card, source, amount, spend=spend)

    def _cards(self, phone: str, kind: str) -> list[Card]:
        return self.model.cards_of(phone, own=kind == "own")

    def sends_bonuses_home(self, phone: str, share: int) -> None:
        """Bonuses become money in the wallet of who has them."""
        if spend := self._spent(phone, share, self.model.bonus(phone)):
            self._sent_among_own(phone, None, None, spend, spend=spend)

    def _sent_among_own(
        self, sender: str, card: Card | None, source: Card | None, amount: Money, *, spend: Money = ZERO
    ) -> None:
        this = {"customer_id": self.model.customers[sender]}
        draft = self.tried(recipients.to_own, **this, to=card.public_id if card else recipients.WALLET)
        token = self._stored_token(card) if card is not None and not card.is_own else ""
        self._sent(sender, draft, "own", amount, source, sender, "", to_card=card, token=token, spend=spend)

    def _stored_token(self, card: Card) -> str:
        this = {"customer_id": self.model.customers[card.phone], "public_id": card.public_id}
        return self.world.read(cards.card, **this).token

    def fill(self, card: Card, money: Money) -> None:
        self._sent_among_own(card.phone, card, None, money)

    def _sent(
        self,
        sender: str,
        draft: Any,
        kind: str,
        amount: Money,
        source: Card | None,
        recipient: str,
        phone: str,
        *,
        to_card: Card | None = None,
        token: str = "",
        spend: Money = ZERO,
    ) -> None:
        if isinstance(draft, DomainError):
            return
        this = {"customer_id": self.model.customers[sender], "transfer_id": draft}
        given = {"amount": amount, "source": source.public_id if source else recipients.WALLET, "spend": spend}
        if spend == amount and source is None:
            given["source"] = drafts.BONUS
        proposal = self.tried(drafts.propose, **this, **given)
        if isinstance(proposal, DomainError):
            if isinstance(proposal, InsufficientFunds):
                assert not self.model.can_give(sender, source, amount - spend)
            assert not isinstance(proposal, BonusShort) or spend > self.model.bonus(sender)
            return
        made = Transfer(0, draft, kind, sender, recipient, phone, to_card, token, amount, source, False, date.min)
        made.known, made.spend = self.knows(made), spend
        assert proposal.needs_code == (amount > CODE_ABOVE)
        assert proposal.can_be_undone == (kind != "own" and not made.known)
        if proposal.needs_code and not self._confirmed_transfer(this, proposal.number, sender):
            return
        self._pressed(made, this, proposal.number)

    def _confirmed_transfer(self, this: dict[str, Any], number: int, sender: str) -> bool:
        if isinstance(self.tried(drafts.send_code, **this, proposal=number), DomainError):
            return False
        refusal = self.tried(sending.send, **this, proposal=number)
        assert isinstance(refusal, drafts.CodeNeeded)
        code = last_code(self.world.bank, sender)
        return self.tried(drafts.confirm, **this, proposal=number, typed=code) is None

    def _pressed(self, made: Transfer, this: dict[str, Any], number: int) -> None:
        for phone, customer_id in self.model.customers.items():
            if phone != made.sender:
                stranger = this | {"customer_id": customer_id}
                assert isinstance(self.tried(sending.send, **stranger, proposal=number), NotFound)
        answer = self.tried(sending.send, **this, proposal=number)
        if isinstance(answer, DomainError):
            return
        assert self.tried(sending.send, **this, proposal=number).id == answer.id
        made.id, made.state = answer.id, answer.state
        made.started_on = answer.started_at.astimezone(ALMATY).date()
        self.model.transfers[made.id] = made
        assert self.model.can_give(made.sender, made.card, made.money), "sent more than there was"
        assert made.spend <= self.model.bonus(made.sender), "spent more bonuses than there were"
        effects.send(self.model, made)
        self._is_within_limits(made)
        if made.state == "done":
            made.recipient = made.recipient or made.phone
            self.note(f"transfer done {made.means}")
        self.note(f"transfer {made.kind} {made.state}")

    def _is_within_limits(self, made: Transfer) -> None:
        for kind in made.limited_as & LIMITS.keys():
            once, day = LIMITS[kind]
            mine = [each for each in self.model.transfers.values() if each.sender == made.sender]
            today = [each for each in mine if each.started_on == made.started_on and kind in each.limited_as]
            assert made.amount <= once
            assert total([each.amount for each in today if each.is_open or each.state == "done"]) <= day

    @precondition(lambda self: self.model.transfers)
    @rule(which=which)
    def undoes(self, which: int) -> None:
        known, this = self._transfer(which)
        was_open = known.state in ("funding", "held", "waiting")
        answer = self.tried(sending.undo, **this)
        if isinstance(answer, TooLateToUndo):
            assert not was_open
            assert known.state != "undone"
            return
        if was_open:
            self.note(f"transfer {known.state} then undone")
            effects.sent_back(self.model, known)
            self.note(f"transfer given back {known.means}")
            known.state = "undone"
        assert (known.state, answer.state) == ("undone", "undone")

    def _transfer(self, which: int) -> tuple[Transfer, dict[str, Any]]:
        open_ = [each for each in self.model.transfers.values() if each.is_open]
        found = open_ or list(self.model.transfers.values())
        known = found[-1 - which % len(found)]
        return known, {"customer_id": self.model.customers[known.sender], "transfer_id": known.public_id}

    @precondition(lambda self: self.model.transfers)
    @rule(which=which)
    def does_not_wait(self, which: int) -> None:
        known, this = self._transfer(which)
        known.hurried = known.state == "held"
        answer = self.tried(sending.send_now, **this)
        assert isinstance(answer, TransferUndone) == (known.state == "undone")
        self.look()

    @precondition(lambda self: self.model.transfers)
    @rule(seconds=moments, days=st.sampled_from([0, 0, 0, 7, 8]))
    def transfers_come_due(self, seconds: int, days: int) -> None:
        self.world.watch.later(seconds=seconds)
        self.world.bank.clock.jump(timedelta(days=days))
        while self.world.settle_due_transfers():
            self.look()

    @precondition(lambda self: any(each.state == "done" for each in self.model.transfers.values()))
    @rule(which=which, answer=st.sampled_from(["accepted", "accepted", "declined", "expired", ""]))
    def asks_back(self, which: int, answer: str) -> None:
        done = [each for each in self.model.transfers.values() if each.state == "done"]
        known = done[-1 - which % len(done)]
        this = {"customer_id": self.model.customers[known.sender], "transfer_id": known.public_id}
        if isinstance(self.tried(returns.ask_back, **this), DomainError):
            assert not known.request
            return
        assert known.recipient in PHONES
        assert not known.token
        assert known.kind != "own"
        if not known.request:
            known.request = "asked"
            self.note("asked back")
        if answer in ("accepted", "declined"):
            self._answers(known, answer)
        elif answer:
            self.transfers_come_due(0, 8)

    def _answers(self, known: Transfer, answer: str) -> None:
        this = {"customer_id": self.model.customers[known.recipient], "transfer_id": known.public_id}
        deed = returns.accept if answer == "accepted" else returns.decline
        before, can = known.request, self.model.wallet(known.recipient) >= known.amount
        said = self.tried(deed, **this)
        if isinstance(said, InsufficientFunds):
            assert not can
        if isinstance(said, DomainError):
            return
        assert before in ("asked", answer)
        known.request = answer
        if before == "asked" and answer == "accepted":
            effects.given_back_by_its_recipient(self.model, known)
            self.note(f"return request accepted, paid {known.means}")
        self.note(f"return request {answer}")
