"""Transfers by phone: at once to somebody known, with time to think better of it for the first time."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.cards.service import CardFrozen
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.transfers import drafts, limits, recipients, sending
from kaspi_web.domain.wallet import service as wallets
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import Busy, DomainError, NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make import transfers as make
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import assert_clean, balance, entries, moved, sql, wallet
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once, refusals
from tests.make.sms import last_code, messages, other_than
from tests.make.transfers import NOBODY, SUM, own_card

HAD = Money.tenge(50_000)


@pytest.fixture
def me(bank: Bank) -> int:
    return customer(bank, money=HAD)


@pytest.fixture
def friend(bank: Bank) -> int:
    return customer(bank, phone=OTHER_PHONE, given_name="Тимур", family_name="Сапаров")


def left(bank: Bank, owner: int) -> Money:
    return balance(bank, wallet(bank, owner=str(owner)))


def rows_of(bank: Bank, owner: int) -> list[tuple[str, str, Money, Money, str]]:
    found = bank.db.read_now(wallets.operations, customer_id=owner)
    return [(each.kind, each.state, each.amount, each.wallet, each.counterparty) for each in found]


def refused(bank: Bank, refusal: type[DomainError], deed: Any, *given: Any, **named: Any) -> DomainError:
    """The deed is refused so, and nothing was moved, asked for or noted."""
    before = moved(bank), make.touched(bank)
    with pytest.raises(refusal) as caught:
        deed(bank, *given, **named)
    assert (moved(bank), make.touched(bank)) == before
    assert_clean(bank)
    return caught.value


class TestFirstTime:
    def test_the_money_is_held_and_then_sent_when_the_time_is_over(
        self, bank: Bank, me: int, friend: int, watch: Watch
    ) -> None:
        made = make.sent(bank, me, make.to_phone(bank, me))
        assert (made.state, made.masked_name, made.goes_to) == ("held", "Тимур С.", "wallet")
        assert (left(bank, me), left(bank, friend)) == (HAD - SUM, ZERO)
        assert rows_of(bank, me) == [("transfer_out", "on_way", -SUM, -SUM, "Тимур С.")]
        assert make.settled(bank) == []
        assert_clean(bank)
        watch.later(seconds=31)
        assert len(make.settled(bank)) == 1
        assert make.seen(bank, me, made.public_id).state == "done"
        assert (left(bank, me), left(bank, friend)) == (HAD - SUM, SUM)
        assert rows_of(bank, me) == [("transfer_out", "done", -SUM, -SUM, "Тимур С.")]
        assert rows_of(bank, friend) == [("transfer_in", "done", SUM, SUM, "Айгүл Н.")]
        ((template, told),) = messages(bank, OTHER_PHONE)
        assert (template, told["amount_tiyn"], told["sender"]) == ("transfer_received", SUM.tiyn, "Айгүл Н.")
        assert make.settled(bank) == []
        assert_clean(bank)

    def test_send_now_does_not_wait(self, bank: Bank, me: int, friend: int) -> None:
        made = make.sent(bank, me, make.to_phone(bank, me))
        assert make.send_now(bank, me, made.public_id).state == "done"
        assert make.send_now(bank, me, made.public_id).state == "done"
        assert left(bank, friend) == SUM
        assert entries(bank, "transfer_sent") == 1
        assert_clean(bank)

    def test_undo_brings_it_back_and_the_recipient_hears_nothing(self, bank: Bank, me: int, friend: int) -> None:
        made = make.sent(bank, me, make.to_phone(bank, me))
        assert make.undo(bank, me, made.public_id).state == "undone"
        assert make.undo(bank, me, made.public_id).state == "undone"
        assert (left(bank, me), left(bank, friend)) == (HAD, ZERO)
        assert rows_of(bank, me) == [("transfer_out", "refused", -SUM, ZERO, "Тимур С.")]
        assert (rows_of(bank, friend), messages(bank, OTHER_PHONE)) == ([], [])
        assert entries(bank, "transfer_undone") == 1
        assert_clean(bank)

    def test_what_was_undone_is_not_sent_and_what_was_sent_is_not_undone(
        self, bank: Bank, me: int, friend: int, watch: Watch
    ) -> None:
        first = make.sent(bank, me, make.to_phone(bank, me))
        make.undo(bank, me, first.public_id)
        refused(bank, sending.TransferUndone, make.send_now, me, first.public_id)
        watch.later(seconds=31)
        assert make.settled(bank) == []
        second = make.delivered(bank, me)
        refused(bank, sending.TooLateToUndo, make.undo, me, second.public_id)

    def test_of_an_undoing_and_a_sending_at_once_one_happens(self, bank: Bank, me: int, friend: int) -> None:
        made = make.sent(bank, me, make.to_phone(bank, me))
        answers = at_once(
            lambda: make.undo(bank, me, made.public_id), lambda: make.send_now(bank, me, made.public_id), times=4
        )
        state = make.seen(bank, me, made.public_id).state
        assert {answer.state for answer in answers_of(answers)} == {state}
        assert len(refusals(answers)) == 4
        assert left(bank, friend) == (SUM if state == "done" else ZERO)
        assert_clean(bank)


class TestKnown:
    def test_somebody_known_gets_it_at_once(self, bank: Bank, me: int, friend: int) -> None:
        make.delivered(bank, me)
        made = make.sent(bank, me, make.to_phone(bank, me), Money.tenge(70))
        assert (made.state, made.undo_until) == ("done", None)
        assert left(bank, friend) == SUM + Money.tenge(70)
        assert entries(bank, "transfer") == 1
        assert rows_of(bank, friend)[0] == ("transfer_in", "done", Money.tenge(70), Money.tenge(70), "Айгүл Н.")
        assert_clean(bank)

    def test_somebody_whose_transfer_was_undone_is_not_known(self, bank: Bank, me: int, friend: int) -> None:
        make.undo(bank, me, make.sent(bank, me, make.to_phone(bank, me)).public_id)
        assert make.sent(bank, me, make.to_phone(bank, me)).state == "held"

    def test_somebody_known_to_another_sender_is_not_known_to_me(self, bank: Bank, me: int, friend: int) -> None:
        third = customer(bank, phone="+77010000103", money=HAD)
        make.delivered(bank, third)
        assert make.sent(bank, me, make.to_phone(bank, me)).state == "held"

    def test_the_last_recipients_are_remembered_once_each_and_can_be_sent_to_again(
        self, bank: Bank, me: int, friend: int
    ) -> None:
        make.delivered(bank, me)
        make.delivered(bank, me)
        (recent,) = bank.db.read_now(recipients.recents, customer_id=me)
        assert (recent.masked_name, recent.phone) == ("Тимур С.", OTHER_PHONE)
        again = bank.db.write_now(recipients.again, customer_id=me, transfer_id=recent.public_id)
        assert make.sent(bank, me, again).state == "done"
        with pytest.raises(NotFound):
            bank.db.write_now(recipients.again, customer_id=friend, transfer_id=recent.public_id)


class TestSendingOnce:
    def test_sent_again_it_answers_what_became_of_the_first(self, bank: Bank, me: int, friend: int) -> None:
        make.delivered(bank, me)
        draft = make.to_phone(bank, me)
        number = make.proposed(bank, me, draft).number
        first, second = (make.send(bank, me, draft, number) for _ in range(2))
        assert first == second
        assert (left(bank, me), entries(bank, "transfer")) == (HAD - SUM - SUM, 1)
        assert_clean(bank)

    def test_sent_again_with_other_content_it_is_refused(self, bank: Bank, me: int, friend: int) -> None:
        draft = make.to_phone(bank, me)
        number = make.sent(bank, me, draft).proposal
        refused(bank, drafts.TransferContentChanged, make.send, me, draft, number + 1)
        refused(bank, drafts.TransferContentChanged, make.proposed, me, draft, Money.tenge(5))

    def test_what_was_not_proposed_last_is_not_sent(self, bank: Bank, me: int, friend: int) -> None:
        draft = make.to_phone(bank, me)
        first = make.proposed(bank, me, draft).number
        make.proposed(bank, me, draft, Money.tenge(5))
        refused(bank, drafts.TransferProposalChanged, make.send, me, draft, first)

    def test_what_was_never_proposed_is_not_sent(self, bank: Bank, me: int, friend: int) -> None:
        refused(bank, drafts.TransferProposalChanged, make.send, me, make.to_phone(bank, me), 0)

    def test_sent_by_many_at_once_it_is_sent_once(self, bank: Bank, me: int, friend: int) -> None:
        draft = make.to_phone(bank, me)
        number = make.proposed(bank, me, draft).number
        answers = at_once(lambda: make.send(bank, me, draft, number), times=6)
        assert {answer.state for answer in answers} == {"held"}
        assert (left(bank, me), entries(bank, "transfer_held")) == (HAD - SUM, 1)
        assert_clean(bank)

    def test_a_draft_ends_after_ten_minutes(self, bank: Bank, me: int, friend: int, watch: Watch) -> None:
        draft = make.to_phone(bank, me)
        number = make.proposed(bank, me, draft).number
        watch.later(minutes=10)
        refused(bank, drafts.TransferExpired, make.send, me, draft, number)
        refused(bank, drafts.TransferExpired, make.proposed, me, draft)
        assert make.seen(bank, me, draft).is_expired

    def test_more_than_there_is_is_not_sent(self, bank: Bank, me: int, friend: int) -> None:
        draft = make.to_phone(bank, me)
        refusal = refused(bank, InsufficientFunds, make.proposed, me, draft, HAD + Money(1))
        assert refusal.params == {"missing": Money(1)}
        number = make.proposed(bank, me, draft, HAD).number
        make.confirmed(bank, draft)
        make.sent(bank, me, make.to_phone(bank, me, NOBODY), drafts.LEAST_TO_WAIT)
        refused(bank, InsufficientFunds, make.send, me, draft, number)


class TestCode:
    def test_five_thousand_needs_no_code_and_a_tiyn_more_does(self, bank: Bank, me: int, friend: int) -> None:
        draft = make.to_phone(bank, me)
        assert not make.proposed(bank, me, draft, Money.tenge(5_000)).needs_code
        made = make.proposed(bank, me, draft, Money.tenge(5_000, 1))
        assert made.needs_code
        refused(bank, drafts.CodeNeeded, make.send, me, draft, made.number)

    def test_the_code_names_sum_and_recipient_and_confirms_that_sum_only(
        self, bank: Bank, me: int, friend: int
    ) -> None:
        draft = make.to_phone(bank, me)
        big = Money.tenge(20_000)
        this = {"customer_id": me, "transfer_id": draft, "proposal": make.proposed(bank, me, draft, big).number}
        bank.db.write_now(drafts.send_code, **this)
        template, told = messages(bank, PHONE)[-1]
        assert (template, told["amount_tiyn"], told["payee"]) == ("code_transfer", big.tiyn, "Тимур С.")
        code = last_code(bank, PHONE)
        assert bank.db.write_now(drafts.confirm, typed=other_than(code), **this).code == "code_wrong"
        assert bank.db.write_now(drafts.confirm, typed=code, **this) is None
        other = make.proposed(bank, me, draft, big + Money(1))
        refused(bank, drafts.CodeNeeded, make.send, me, draft, other.number)
        same = make.proposed(bank, me, draft, big)
        assert not same.needs_code
        assert make.send(bank, me, draft, same.number).state == "held"

    def test_a_code_for_what_was_not_proposed_last_is_not_sent(self, bank: Bank, me: int, friend: int) -> None:
        draft = make.to_phone(bank, me)
        first = make.proposed(bank, me, draft, Money.tenge(6_000)).number
        make.proposed(bank, me, draft, Money.tenge(7_000))
        with pytest.raises(drafts.TransferProposalChanged):
            bank.db.write_now(drafts.send_code, customer_id=me, transfer_id=draft, proposal=first)


class TestLimits:
    def test_one_transfer_and_a_day_have_their_limits_and_an_undone_one_gives_its_share_back(
        self, bank: Bank, me: int, friend: int
    ) -> None:
        make.limited(bank, once=Money.tenge(600), day=Money.tenge(1_000))
        draft = make.to_phone(bank, me)
        refusal = refused(bank, limits.OverOperationLimit, make.proposed, me, draft, Money.tenge(600, 1))
        assert refusal.params == {"maximum": Money.tenge(600)}
        first = make.sent(bank, me, draft, Money.tenge(600))
        assert bank.db.read_now(limits.limits, customer_id=me, kind="phone").left == Money.tenge(400)
        second = make.to_phone(bank, me)
        refusal = refused(bank, limits.OverDayLimit, make.proposed, me, second, Money.tenge(400, 1))
        assert refusal.params == {"left": Money.tenge(400)}
        make.undo(bank, me, first.public_id)
        assert make.sent(bank, me, second, Money.tenge(600)).state == "held"

    def test_a_limit_holds_from_its_day_on_and_the_day_ends_in_kazakhstan(
        self, bank: Bank, me: int, friend: int
    ) -> None:
        from datetime import UTC, datetime, timedelta

        today = bank.clock.today()
        make.limited(bank, once=Money.tenge(500), day=Money.tenge(500))
        make.limited(bank, once=Money.tenge(9), day=Money.tenge(9), valid_from=today + timedelta(days=1))
        make.sent(bank, me, make.to_phone(bank, me), Money.tenge(500))
        refused(bank, limits.OverDayLimit, make.proposed, me, make.to_phone(bank, me), Money(1))
        # 19:00 UTC is midnight in Kazakhstan.
        midnight = datetime(today.year, today.month, today.day, 19, tzinfo=UTC)
        bank.clock.jump(midnight - bank.clock.now())
        assert bank.db.read_now(limits.limits, customer_id=me, kind="phone").left == Money.tenge(9)
        make.sent(bank, me, make.to_phone(bank, me), Money.tenge(9))

    def test_two_sendings_at_once_do_not_both_use_one_limit(self, bank: Bank, me: int, friend: int) -> None:
        make.limited(bank, once=Money.tenge(600), day=Money.tenge(1_000))
        ready = []
        for _ in range(4):
            draft = make.to_phone(bank, me)
            ready.append((draft, make.proposed(bank, me, draft, Money.tenge(600)).number))
        answers = at_once(*(lambda d=draft, n=number: make.send(bank, me, d, n) for draft, number in ready))
        assert len(answers_of(answers)) == 1
        assert {type(each) for each in refusals(answers)} == {limits.OverDayLimit}
        assert left(bank, me) == HAD - Money.tenge(600)
        assert_clean(bank)


class TestDrafts:
    def test_look_ups_are_counted(self, bank: Bank, me: int, watch: Watch) -> None:
        for number in range(recipients.MAX_ISSUED):
            make.to_phone(bank, me, f"+770100002{number:02d}")
        with pytest.raises(Busy):
            make.to_phone(bank, me)
        watch.later(minutes=11)
        make.to_phone(bank, me)

    def test_ones_own_number_is_no_recipient(self, bank: Bank, me: int) -> None:
        refused(bank, recipients.OwnPhone, make.to_phone, me, PHONE)

    def test_a_frozen_card_pays_nothing_and_a_strange_source_is_none(self, bank: Bank, me: int, friend: int) -> None:
        from kaspi_web.domain.cards import service as cards

        card = own_card(bank, me, money=SUM)
        draft = make.to_phone(bank, me)
        refused(bank, drafts.SourceUnknown, make.proposed, me, draft, source="money")
        theirs = own_card(bank, friend, money=SUM)
        refused(bank, drafts.SourceUnknown, make.proposed, me, draft, source=theirs.public_id)
        number = make.proposed(bank, me, draft, source=card.public_id).number
        bank.db.write_now(cards.freeze, customer_id=me, public_id=card.public_id)
        refused(bank, CardFrozen, make.send, me, draft, number)
        refused(bank, CardFrozen, make.proposed, me, draft, source=card.public_id)

    def test_the_words_for_the_recipient_are_a_hundred_letters_at_most(self, bank: Bank, me: int, friend: int) -> None:
        draft = make.to_phone(bank, me)
        refused(bank, drafts.NoteTooLong, make.proposed, me, draft, note="ә" * 101)
        made = make.sent(bank, me, draft, note="  түскі   асқа ")
        assert made.note == "түскі асқа"

    def test_somebody_elses_draft_is_not_there(self, bank: Bank, me: int, friend: int) -> None:
        draft = make.to_phone(bank, me)
        make.proposed(bank, me, draft)
        for deed in (make.seen, make.proposed, make.undo, make.send_now):
            refused(bank, NotFound, deed, friend, draft)
        refused(bank, NotFound, make.send, friend, draft, 1)
        assert sql(bank, "SELECT COUNT(*) FROM transfer WHERE state <> 'draft'") == [(0,)]
