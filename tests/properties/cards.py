"""Rules of a story: cards are opened, linked, frozen and unlinked; the processor answers in every way and order."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlmodel import select

from kaspi_web.domain.cards import linking
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.linking import CardLinkedAlready
from kaspi_web.domain.cards.models import CardCharge
from kaspi_web.domain.cards.service import CardView, TooManyCards
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import ZERO, Money
from tests import processor
from tests.make.sms import other_than
from tests.properties import effects
from tests.properties.base import moments, which
from tests.properties.billers import Billers
from tests.properties.charging import Heard
from tests.properties.model import Card
from tests.properties.world import PROCESSOR_PATIENCE_S, World

NUMBERS = (processor.OK, processor.MASTERCARD, processor.RICH, processor.POOR, processor.CHARGE_REFUSED)
_FAULTS = {"down": {}, "slow": {"seconds": 0.05}, "silent": {"seconds": PROCESSOR_PATIENCE_S + 0.1}, "broken": {}}
_DEEDS = ("", "charge", "code", "capture", "void", "refund", "payout")


class Cards(Billers):
    """Cards, their charges, and the worker that asks the processor."""

    def __init__(self, world: World, seen: Counter[str]) -> None:
        super().__init__(world, seen)
        self.late_charges: list[Heard] = []

    @precondition(lambda self: self.model.customers)
    @rule(which=which)
    def opens_a_card(self, which: int) -> None:
        self.opened(self.somebody(which))

    def opened(self, phone: str) -> Card | None:
        """Another card of ours, unless there are five."""
        made = self.tried(cards.open_own, customer_id=self.model.customers[phone])
        if isinstance(made, DomainError):
            assert isinstance(made, TooManyCards)
            return None
        return self._added(phone, made, "")

    def _added(self, phone: str, made: CardView, number: str) -> Card:
        card = Card(made.id, made.public_id, phone, made.is_own, number)
        self.model.cards.append(card)
        if card.is_own:
            self.model.books.open(card.account)
        return card

    @precondition(lambda self: self.model.customers)
    @rule(which=which, number=st.sampled_from(NUMBERS), wrong=st.sampled_from([0, 0, 0, 1, 3]))
    def links_a_card(self, which: int, number: str, wrong: int) -> None:
        self.linked(self.somebody(which), number, wrong)

    def linked(self, phone: str, number: str, wrong: int = 0) -> Card | None:
        """Show another bank's card and type the code that its bank texts."""
        this = {"customer_id": self.model.customers[phone]}
        link_id = self.tried(linking.begin, **this)
        shown = None if isinstance(link_id, DomainError) else self.world.charging.show(link_id, number, phone)
        if shown is None or shown.state != "challenge":
            return None
        of = {"token": shown.token, "brand": shown.brand, "last4": shown.last4}
        self.world.write(linking.challenged, **this, link_id=link_id, **of)
        code = self.world.charging.code(link_id)
        for _ in range(wrong):
            self.world.charging.type_code(link_id, other_than(code))
        answer = self.world.charging.type_code(link_id, code)
        if answer is None or answer.state != "authorised":
            assert answer is None or wrong >= 3
            return None
        taken = any((each.number, each.live) == (number, True) for each in self.model.cards)
        made = self.tried(linking.proved, **this, link_id=link_id)
        assert isinstance(made, CardLinkedAlready) == taken
        if taken:
            return None
        self.note("linked a card")
        return self._added(phone, made, number)

    def has_a_card(self, phone: str, *, own: bool, money: Money = ZERO) -> None:
        """See to it that somebody has a card, and one of ours some money: from the wallet, as far as there is any."""
        if not self.model.cards_of(phone, own=own):
            free = [each for each in NUMBERS if not any((c.number, c.live) == (each, True) for c in self.model.cards)]
            made = self.opened(phone) if own else self.linked(phone, free[0]) if free else None
            if made is None:
                return
        if own and ZERO < money <= self.model.wallet(phone):
            card = self.model.cards_of(phone, own=True)[-1]
            self.fill(card, money)

    def fill(self, card: Card, money: Money) -> None:
        """From the wallet to one's own card; transfers know how."""
        raise NotImplementedError

    @precondition(lambda self: any(each.live for each in self.model.cards))
    @rule(which=which, what=st.sampled_from(["freeze", "unfreeze", "unfreeze", "unlink"]))
    def freezes_thaws_or_unlinks_a_card(self, which: int, what: str) -> None:
        live = [each for each in self.model.cards if each.live]
        self.changes(live[-1 - which % len(live)], what)

    def changes(self, card: Card, what: str) -> None:
        """Freeze, unfreeze or unlink a card."""
        this = {"customer_id": self.model.customers[card.phone], "public_id": card.public_id}
        if what == "unlink":
            left = self.world.write(cards.unlink, **this)
            assert left == (self.model.books.money[card.account] if card.is_own else ZERO)
            card.live = False
            if card.is_own:
                effects.unlinked(self.model, card.account, card.phone)
        else:
            self.world.write(cards.freeze if what == "freeze" else cards.unfreeze, **this)
            card.frozen = what == "freeze"
        self.note(f"{what} {'own' if card.is_own else 'linked'} card")

    @rule(
        mode=st.sampled_from(["", "decline", "decline", *_FAULTS]),
        deed=st.sampled_from(_DEEDS),
        times=st.integers(1, 2),
    )
    def the_processor_fails_or_recovers(self, mode: str, deed: str, times: int) -> None:
        self.world.processor.clear()
        if mode == "decline":
            self.world.processor.set_fault(mode, deed=deed or "payout", times=times)
        elif mode:
            self.world.processor.set_fault(mode, deed=deed, times=times, **_FAULTS[mode])
        if mode:
            self.note(f"processor {mode}")

    @precondition(lambda self: self._is_charging())
    @rule(seconds=moments)
    def workers_ask_the_processor_a_while_later(self, seconds: int) -> None:
        self.world.watch.later(seconds=seconds)
        self.workers_charge()

    def _is_charging(self) -> bool:
        by_card = any(each.what.card and not each.what.card.is_own for each in self.model.payments.values())
        return by_card or any(each.token or each.from_another_bank for each in self.model.transfers.values())

    def workers_charge(self) -> int:
        """A round of the worker that asks the processor."""
        asked = self.world.charging.ask()
        if asked:
            self.note("processor asked")
        self.look()
        return asked

    @precondition(lambda self: self._is_charging())
    @rule()
    def a_worker_charges_and_dies(self) -> None:
        heard = self.world.charging.ask_and_die()
        self.late_charges += heard
        if heard:
            self.note("processor's answers lost with their worker")
        self.look()

    @precondition(lambda self: self.late_charges)
    @rule(which=which, keeps=st.booleans(), is_overtaken=st.booleans())
    def a_late_word_of_the_processor_is_written_down(self, which: int, keeps: bool, is_overtaken: bool) -> None:
        """Out of order, after another worker, or once more."""
        if is_overtaken:
            self.workers_ask_the_processor_a_while_later(61)
        number = which % len(self.late_charges)
        heard = self.late_charges[number]
        if not keeps:
            del self.late_charges[number]
        self.world.charging.late_word(heard)
        self.look()
        self.note(f"late word of the processor on a {heard.kind}")

    @precondition(lambda self: self._is_charging())
    @rule(which=which, how=st.sampled_from(["right", "right", "wrong", "wrong for good", "lost"]))
    def types_the_code_of_the_cards_bank(self, which: int, how: str) -> None:
        open_ = self.world.read(_challenged)
        if open_:
            self._typed(*open_[which % len(open_)], how)

    def _typed(self, charge_id: int, key: str, how: str) -> None:
        """`lost`: the processor has heard the code, and the bank was not told what it said."""
        code = self.world.charging.code(key)
        for _ in range({"wrong": 1, "wrong for good": 3}.get(how, 0)):
            self._answered(charge_id, key, other_than(code))
        if how == "lost":
            self.world.charging.type_code(key, code)
        else:
            self._answered(charge_id, key, code)
        self.look()
        self.note(f"code of the card's bank: {how}")

    def _answered(self, charge_id: int, key: str, code: str) -> None:
        answer = self.world.charging.type_code(key, code)
        if answer is not None and answer.state != "wrong_code":
            self.world.write(sagas.charge_answered, charge_id=charge_id, answer=answer)

    def proves_what_is_new(self) -> None:
        """Let the processor be asked, and type every code that it texts."""
        if self._is_charging():
            self.workers_charge()
            for charge_id, key in self.world.read(_challenged):
                self._typed(charge_id, key, "right")

    def token_of(self, number: str) -> str:
        """The processor's token of a card to pay to; empty when it does not say."""
        found = self.world.charging.recipient(number)
        return found.token if found else ""


def _challenged(unit: Unit) -> list[tuple[int, str]]:
    rows = select(CardCharge.id, CardCharge.key).where(CardCharge.state == "challenge", CardCharge.wanted != "void")
    return [(number or 0, key) for number, key in unit.exec(rows.order_by(CardCharge.id))]
