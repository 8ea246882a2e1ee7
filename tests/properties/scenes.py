"""Scenes of a story: a few deeds in an order that leads to what single deeds by chance would seldom come to.

Nothing is checked here: everything that is done goes by the rules' own ways, and what has to be true is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kaspi_web.kernel.money import ZERO, Money
from tests.properties.base import PHONES, which
from tests.properties.bills import ASTANA, LATE, PLAIN, RESTAURANT
from tests.properties.cards import NUMBERS
from tests.properties.model import Proposal
from tests.properties.people import People
from tests.properties.refunds import Refunds
from tests.properties.transfers import STRANGERS

ALMATY = "almaty-energo"
SMALL, BIG = Money.tenge(1_234, 56), Money.tenge(12_345, 67)

SCENES, TURNS = 15, 3
scenes, turns = st.sampled_from(range(SCENES)), st.sampled_from(range(TURNS))


class Scenes(People, Refunds):
    """Each scene takes somebody and one of three turns."""

    @precondition(lambda self: self.model.customers)
    @rule(scene=scenes, which=which, turn=turns)
    def a_scene(self, scene: int, which: int, turn: int) -> None:
        """One of the scenes below."""
        deeds = (
            self._card_is_let_go,
            self._card_is_refunded,
            self._bonus_is_spent_and_due_back,
            self._first_transfer,
            self._arrived_and_asked_back,
            self._waits_for_a_wallet,
            self._paid_out,
            self._card_that_sends,
            self._left_to_the_registry,
            self._storm_at_the_biller,
            self._storm_at_the_processor,
            self._bonuses_are_sent,
            self._bank_to_bank,
            self._told_twice,
            self._slips_of_a_hand,
        )
        phone = self.somebody(which)
        self.world.biller.clear()
        self.world.processor.clear()
        self.tops_up(phone, Money.tenge(20_000), late=False)
        deeds[scene](phone, turn)

    def _bill(self, phone: str, source: str, amount: Money, *, spend: Money = ZERO, biller: str = ALMATY) -> None:
        if source in ("own", "bank"):
            self.has_a_card(phone, own=source == "own", money=amount)
        account = {ALMATY: PLAIN, ASTANA: f"21{PLAIN}", RESTAURANT: PLAIN[-6:]}[biller]
        self._paid_in_one_go(phone, (biller, account), self._what(phone, amount, source, spend), soon=True)

    def _card_is_let_go(self, phone: str, turn: int) -> None:
        """The biller refuses, and each part returns: to the wallet once a card of ours is gone."""
        source = ("bank", "own", "own")[turn]
        for card in self.model.cards_of(phone, own=source == "own")[-1:]:
            self.changes(card, "freeze")
            self._bill(phone, source, SMALL)
            self.changes(card, "unfreeze")
        spend = min(self.model.bonus(phone), Money.tenge(1))
        if turn < 2:
            self.world.biller.set_fault("refuse", biller=ALMATY, command="pay", times=1)
            self._bill(phone, source, SMALL, spend=spend)
        else:
            self.world.biller.set_fault("down", biller=ALMATY, command="pay", times=1)
            self._bill(phone, source, SMALL, spend=spend)
            for card in self.model.cards_of(phone, own=True)[-1:]:
                self.changes(card, "unlink")
            self.world.biller.set_fault("refuse", biller=ALMATY, command="pay", times=1)
        self.workers_ask_a_while_later(1, 3)
        self.workers_charge()

    def _card_is_refunded(self, phone: str, turn: int) -> None:
        """In parts and as a whole, also when the card's bank takes nothing back."""
        self._bill(phone, ("bank", "bank", "own")[turn], SMALL, biller=ASTANA)
        if turn == 1:
            self.world.processor.set_fault("decline", deed="refund", times=1)
        if turn != 1:
            self.a_biller_gives_back(0, 333, again=False)
        self.a_biller_gives_back(0, 0, again=True)
        self.workers_charge()
        self.workers_ask_the_processor_a_while_later(3)

    def _bonus_is_spent_and_due_back(self, phone: str, turn: int) -> None:
        """What a big bill has earned is spent, wholly or in part, and then the big bill is given back."""
        self._bill(phone, "wallet", BIG, biller=RESTAURANT if turn else ALMATY)
        number = max(self.model.payments, default=0)
        have = self.model.bonus(phone)
        if turn == 1:
            self._bill(phone, "bonus", have)
        elif have:
            self._bill(phone, "wallet", SMALL, spend=min(have, SMALL - Money(1)))
        known = self.model.payments.get(number)
        if known is not None and known.state == "done" and known.refunded < known.amount:
            self._gave_back(known, None, again=False)

    def _other(self, phone: str) -> str:
        """Somebody else, with a wallet if there is one."""
        others = [each for each in PHONES if each != phone]
        return next((each for each in others if each in self.model.customers), others[0])

    def _first_transfer(self, phone: str, turn: int) -> None:
        self.sends_to_a_phone(0, self._other(phone), SMALL, ("wallet", "own", "wallet")[turn])
        self.undoes(0)
        self.does_not_wait(0)

    def _arrived_and_asked_back(self, phone: str, turn: int) -> None:
        for _ in range(2):
            self._transferred(phone, self._other(phone))
            self.transfers_come_due(61, 0)
        self.asks_back(0, ("accepted", "declined", "expired")[turn])

    def _transferred(self, phone: str, to: str) -> None:
        self.sends_to_a_phone(list(self.model.customers).index(phone), to, SMALL, "wallet")

    def _waits_for_a_wallet(self, phone: str, turn: int) -> None:
        """It is undone, goes back after seven days, or its phone registers."""
        missing = [each for each in PHONES if each not in self.model.customers]
        if not missing:
            return
        self._transferred(phone, missing[-1])
        self.does_not_wait(0)
        if turn == 0:
            self.undoes(0)
        elif turn == 1:
            self.transfers_come_due(0, 8)
        else:
            self.registers(missing[-1], 0)

    def _paid_out(self, phone: str, turn: int) -> None:
        self.sends_to_a_card_of_another_bank(0, STRANGERS[turn % 2], SMALL, ("wallet", "wallet", "own")[turn])
        self.does_not_wait(0)
        self.workers_charge()

    def _card_that_sends(self, phone: str, turn: int) -> None:
        """Its code is wrong once or for good, or it is undone before or after the card has agreed."""
        self.sends_to_a_phone(0, self._other(PHONES[0]), SMALL, "bank")
        self.workers_charge()
        if turn < 2:
            self.types_the_code_of_the_cards_bank(0, ("wrong for good", "lost")[turn])
            self.workers_ask_the_processor_a_while_later(61)
        self.undoes(0)
        self.workers_charge()
        if turn == 0:
            self.sends_to_a_phone(0, self._other(PHONES[0]), SMALL, "bank")
            self.workers_charge()
            self.types_the_code_of_the_cards_bank(0, "wrong")
            self.undoes(0)
            self.workers_charge()

    def _bonuses_are_sent(self, phone: str, turn: int) -> None:
        """What a big bill has earned pays a part of a transfer, by each source, and then a whole one."""
        self._bill(phone, "wallet", BIG)
        me, source = list(self.model.customers).index(phone), ("wallet", "own", "bank")[turn]
        # A card that takes nothing never becomes known, so there is always time to undo.
        self.sends_to_a_card_of_another_bank(me, STRANGERS[1], SMALL, source, 50)
        self._ended(turn, "wrong for good", self.undoes)
        self.sends_to_a_phone(me, self._other(phone), SMALL, source, 50)
        self._ended(turn, "right", self.does_not_wait)
        self.asks_back(0, "accepted")
        self.sends_bonuses_home(phone, 50)
        self.sends_to_a_phone(me, self._other(phone), self.model.bonus(phone) or SMALL, "wallet", 100)
        self.does_not_wait(0)

    def _ended(self, turn: int, code: str, ends: Callable[[int], None]) -> None:
        """Whoever pays by another bank's card types its code first."""
        self.workers_charge()
        if turn == 2:
            self.types_the_code_of_the_cards_bank(0, code)
        ends(0)
        self.workers_charge()

    def _bank_to_bank(self, phone: str, turn: int) -> None:
        """From one's own card of another bank to another one of one's own."""
        for number in NUMBERS[1:3]:
            self.linked(phone, number)
        self.sends_between_own_accounts(
            list(self.model.customers).index(phone), SMALL, "bank to bank", (0, 50, 0)[turn]
        )
        self.workers_charge()
        self.types_the_code_of_the_cards_bank(0, ("right", "right", "wrong for good")[turn])
        self.workers_charge()

    def _told_twice(self, phone: str, turn: int) -> None:
        """Late cash that its network tells of again, before or after it has come."""
        self.tops_up(phone, SMALL, late=True)
        if turn:
            self.credits_what_has_arrived(timedelta(minutes=10))
        self.is_told_again_of_cash(len(self.model.topups) - 1, SMALL, same=True)
        self.is_told_again_of_cash(len(self.model.topups) - 1, BIG, same=False)

    def _slips_of_a_hand(self, phone: str, turn: int) -> None:
        """A wrong code, a second tap and one for another sum; a biller that takes its word back; a card let go."""
        intent = self._looked_up(phone, ALMATY, PLAIN)
        if intent is None:
            return
        self._proposed(intent, self._what(phone, BIG, "wallet"))
        self._confirmed(intent, wrong=1)
        self._paid(intent, BIG, "wallet")
        self._paid_again(intent, SMALL, "wallet")
        self._paid_again(intent, BIG, "wallet")
        self.workers_ask()
        if any(each.state in ("done", "refused") for each in self.model.payments.values()):
            self.a_biller_contradicts_itself(0)
        self.has_a_card(phone, own=False)
        for card in self.model.cards_of(phone, own=False)[-1:]:
            self.changes(card, "unlink")

    def _left_to_the_registry(self, phone: str, turn: int) -> None:
        """After a day without an answer only the registry tells: it is there, never came there, or is worked on."""
        mode = ("broken", "down", "temporary")[turn]
        self.world.biller.set_fault(mode, biller=ALMATY, command="pay")
        account = LATE if turn == 2 else PLAIN
        self._paid_in_one_go(phone, (ALMATY, account), Proposal(SMALL), soon=True)
        self.workers_ask_a_while_later(1, 90_000)
        self.world.biller.clear()
        self.a_day_is_reconciled()

    def _storm_at_the_biller(self, phone: str, turn: int) -> None:
        """Every way to fail, one after another, each while something is paid."""
        self._paid_in_one_go(phone, (ALMATY, PLAIN), Proposal(SMALL), soon=False)
        self.a_worker_asks_and_dies()
        for mode in (("temporary", "broken", "down"), ("refuse", "unknown", "pending"), ("slow", "silent"))[turn]:
            self.a_biller_fails_or_recovers(ALMATY, mode, 1)
            self._paid_in_one_go(phone, (ALMATY, PLAIN), Proposal(Money.tenge(10)), soon=True)
            self.workers_ask_a_while_later(2, 61)

    def _storm_at_the_processor(self, phone: str, turn: int) -> None:
        """Answers are lost, and workers die with them, while a card is charged, captured or let go, or is paid."""
        mode = ("down", "broken", "silent")[turn]
        self.the_processor_fails_or_recovers(mode, ("charge", "capture", "payout")[turn], 1)
        self._bill(phone, "bank", SMALL)
        self.a_worker_charges_and_dies()
        if self.late_charges:
            self.a_late_word_of_the_processor_is_written_down(0, keeps=True, is_overtaken=turn == 1)
        self.types_the_code_of_the_cards_bank(0, "wrong")
        self.sends_to_a_card_of_another_bank(0, STRANGERS[0], Money.tenge(10), "wallet")
        self.does_not_wait(0)
        self.workers_ask_the_processor_a_while_later(61)
        self.workers_ask()
        self.workers_ask_the_processor_a_while_later(61)
