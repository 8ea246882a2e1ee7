"""What comes after sending: a wallet that opens for a waiting phone, money that returns, and asking it back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.onboarding import service as onboarding
from kaspi_web.domain.transfers import drafts, due, returns
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.workers.transfers import settle_due
from tests.domain.test_transfers import HAD, left, refused, rows_of
from tests.make import transfers as make
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import account, assert_clean, entries, moved, post, sql
from tests.make.moments import Watch
from tests.make.onboarding import described
from tests.make.races import answers_of, at_once, refusals
from tests.make.sms import messages
from tests.make.transfers import NOBODY, SUM

DAY = timedelta(days=1)


@pytest.fixture
def me(bank: Bank) -> int:
    return customer(bank, money=HAD)


@pytest.fixture
def friend(bank: Bank) -> int:
    return customer(bank, phone=OTHER_PHONE, given_name="Тимур", family_name="Сапаров")


def waiting(bank: Bank, me: int) -> str:
    """The address of a transfer that waits for a wallet."""
    made = make.sent(bank, me, make.to_phone(bank, me, NOBODY))
    assert (made.goes_to, made.masked_name) == ("phone", "")
    assert make.send_now(bank, me, made.public_id).state == "waiting"
    return made.public_id


def registered(bank: Bank) -> int:
    """Somebody opens a wallet for the number, and the worker makes its round."""
    cookie = described(bank, phone=NOBODY)
    bank.db.write_now(onboarding.open_wallet, cookie=cookie, password_hash="x")
    make.settled(bank)
    return sql(bank, "SELECT id FROM customer WHERE phone = :phone", phone=NOBODY)[0][0]


class TestWaiting:
    def test_the_phone_is_told_and_the_money_is_there_with_the_wallet(self, bank: Bank, me: int) -> None:
        public_id = waiting(bank, me)
        template, told = messages(bank, NOBODY)[-1]
        assert (template, told["sender"], told["amount_tiyn"]) == ("transfer_waits", "Айгүл Н.", SUM.tiyn)
        assert_clean(bank)
        newcomer = registered(bank)
        now = make.seen(bank, me, public_id)
        assert (now.state, now.masked_name) == ("done", "Айгүл Н.")
        assert (left(bank, newcomer), left(bank, me)) == (SUM, HAD - SUM)
        assert rows_of(bank, newcomer) == [("transfer_in", "done", SUM, SUM, "Айгүл Н.")]
        assert_clean(bank)

    def test_a_wallet_opened_within_the_time_of_undoing_gets_it_too(self, bank: Bank, me: int, watch: Watch) -> None:
        made = make.sent(bank, me, make.to_phone(bank, me, NOBODY))
        newcomer = registered(bank)
        assert left(bank, newcomer) == ZERO
        watch.later(seconds=31)
        make.settled(bank)
        assert (make.seen(bank, me, made.public_id).state, left(bank, newcomer)) == ("done", SUM)
        assert_clean(bank)

    def test_after_seven_days_it_returns_and_not_before(self, bank: Bank, me: int) -> None:
        public_id = waiting(bank, me)
        bank.clock.jump(7 * DAY - timedelta(minutes=1))
        assert make.settled(bank) == []
        bank.clock.jump(timedelta(minutes=1))
        make.settled(bank)
        assert (make.seen(bank, me, public_id).state, left(bank, me)) == ("returned", HAD)
        assert messages(bank, PHONE)[-1][0] == "transfer_returned"
        assert rows_of(bank, me)[0][1] == "refused"
        assert registered(bank)
        assert make.seen(bank, me, public_id).state == "returned"
        assert_clean(bank)

    def test_less_than_an_sms_is_worth_is_not_sent(self, bank: Bank, me: int) -> None:
        draft = make.to_phone(bank, me, NOBODY)
        refusal = refused(bank, drafts.TooLittleToWait, make.proposed, me, draft, Money.tenge(99, 99))
        assert refusal.params == {"minimum": Money.tenge(100)}
        assert make.proposed(bank, me, draft, Money.tenge(100)).waits_for_wallet

    def test_the_phone_is_told_once_a_day_whoever_sends_and_undoes(self, bank: Bank, me: int) -> None:
        third = customer(bank, phone="+77010000103", money=HAD)
        for sender in (me, me, third):
            make.undo(bank, sender, waiting(bank, sender))
        assert [template for template, _ in messages(bank, NOBODY)] == ["transfer_waits"]
        bank.clock.jump(DAY)
        waiting(bank, third)
        waiting(bank, me)
        assert [template for template, _ in messages(bank, NOBODY)] == ["transfer_waits"] * 2

    def test_one_that_cannot_arrive_keeps_nobody_from_a_wallet_and_holds_up_no_other(self, bank: Bank, me: int) -> None:
        first, second = waiting(bank, me), waiting(bank, me)
        spoilt = account(bank, "terminal_network", "kaspi"), account(bank, "wallet", str(me)), Money(1)
        post(bank, spoilt, key="transfer:1:sent")
        cookie = described(bank, phone=NOBODY)
        bank.db.write_now(onboarding.open_wallet, cookie=cookie, password_hash="x")
        assert asyncio.run(settle_due(bank)) == 1
        assert [make.seen(bank, me, each).state for each in (first, second)] == ["waiting", "done"]
        assert make.undo(bank, me, first).state == "undone"
        assert left(bank, me) == HAD - SUM + Money(1)

    def test_it_can_be_undone_as_long_as_it_waits(self, bank: Bank, me: int) -> None:
        public_id = waiting(bank, me)
        assert make.undo(bank, me, public_id).state == "undone"
        assert left(bank, me) == HAD
        registered(bank)
        assert_clean(bank)

    def test_of_a_wallet_that_opens_and_an_undoing_at_once_one_has_the_money(self, bank: Bank, me: int) -> None:
        public_id, cookie = waiting(bank, me), described(bank, phone=NOBODY)
        at_once(
            lambda: bank.db.write_now(onboarding.open_wallet, cookie=cookie, password_hash="x"),
            lambda: make.undo(bank, me, public_id),
        )
        make.settled(bank)
        state = make.seen(bank, me, public_id).state
        assert (state, left(bank, me)) in [("done", HAD - SUM), ("undone", HAD)]
        assert_clean(bank)

    def test_a_wallet_that_opens_while_the_money_is_sent_never_misses_it(self, bank: Bank, me: int) -> None:
        made = make.sent(bank, me, make.to_phone(bank, me, NOBODY))
        cookie = described(bank, phone=NOBODY)
        answers = at_once(
            lambda: bank.db.write_now(onboarding.open_wallet, cookie=cookie, password_hash="x"),
            lambda: make.send_now(bank, me, made.public_id),
        )
        assert refusals(answers) == []
        make.settled(bank)
        assert make.seen(bank, me, made.public_id).state == "done"
        assert_clean(bank)

    def test_what_is_due_says_so(self, bank: Bank, me: int) -> None:
        waiting(bank, me)
        make.sent(bank, me, make.to_phone(bank, me, "+77010000198"))
        soon = real_now() + timedelta(minutes=1)
        assert [each.subject for each in bank.db.read_now(due.due, until=soon)] == ["transfer:2"]
        later = bank.db.read_now(due.due, until=real_now() + 8 * DAY)
        assert [each.subject for each in later] == ["transfer:2", "transfer:1"]


class TestAskingBack:
    def test_the_recipient_gives_it_back_once(self, bank: Bank, me: int, friend: int) -> None:
        made = make.delivered(bank, me)
        assert made.can_ask_back
        asked = make.asked_back(bank, me, made.public_id)
        assert (asked.return_state, asked.can_ask_back) == ("asked", False)
        assert make.asked_back(bank, me, made.public_id).return_state == "asked"
        assert [template for template, _ in messages(bank, OTHER_PHONE)] == ["transfer_received", "return_asked"]
        (seen,) = bank.db.read_now(returns.asked_of, customer_id=friend)
        assert (seen.sender, seen.amount, seen.return_state) == ("Айгүл Н.", SUM, "asked")
        for _ in range(2):
            assert make.answered(bank, friend, made.public_id, yes=True).return_state == "accepted"
        assert (left(bank, me), left(bank, friend)) == (HAD, ZERO)
        assert rows_of(bank, me)[0] == ("return_in", "done", SUM, SUM, "Тимур С.")
        assert rows_of(bank, friend)[0] == ("return_out", "done", -SUM, -SUM, "Айгүл Н.")
        assert messages(bank, PHONE)[-1][0] == "return_made"
        assert entries(bank, "return_made") == 1
        refused(bank, returns.ReturnAnswered, make.answered, friend, made.public_id, yes=False)
        assert_clean(bank)

    def test_the_recipient_declines_and_keeps_it(self, bank: Bank, me: int, friend: int) -> None:
        made = make.delivered(bank, me)
        make.asked_back(bank, me, made.public_id)
        assert make.answered(bank, friend, made.public_id, yes=False).return_state == "declined"
        assert left(bank, friend) == SUM
        assert messages(bank, PHONE)[-1][0] == "return_declined"
        refused(bank, returns.ReturnAnswered, make.answered, friend, made.public_id, yes=True)

    def test_nobody_answers_for_seven_days(self, bank: Bank, me: int, friend: int) -> None:
        made = make.delivered(bank, me)
        make.asked_back(bank, me, made.public_id)
        bank.clock.jump(7 * DAY)
        refused(bank, returns.ReturnAnswered, make.answered, friend, made.public_id, yes=True)
        assert make.settled(bank) == ["return_request:1"]
        assert make.seen(bank, me, made.public_id).return_state == "expired"
        assert left(bank, friend) == SUM
        assert_clean(bank)

    def test_after_seven_days_it_is_too_late_to_ask(self, bank: Bank, me: int, friend: int) -> None:
        made = make.delivered(bank, me)
        bank.clock.jump(7 * DAY)
        assert not make.seen(bank, me, made.public_id).can_ask_back
        refused(bank, returns.CannotAskBack, make.asked_back, me, made.public_id)

    def test_what_has_not_arrived_or_went_elsewhere_is_not_asked_back(self, bank: Bank, me: int, friend: int) -> None:
        held = make.sent(bank, me, make.to_phone(bank, me))
        refused(bank, returns.CannotAskBack, make.asked_back, me, held.public_id)
        elsewhere = make.sent(bank, me, make.to_other_bank(bank, me))
        make.send_now(bank, me, elsewhere.public_id)
        make.payout_answered(bank, elsewhere.public_id, "done")
        refused(bank, returns.CannotAskBack, make.asked_back, me, elsewhere.public_id)

    def test_who_has_spent_it_cannot_give_it_back(self, bank: Bank, me: int, friend: int) -> None:
        made = make.delivered(bank, me)
        make.asked_back(bank, me, made.public_id)
        make.sent(bank, friend, make.to_phone(bank, friend, NOBODY), Money.tenge(100))
        refusal = refused(bank, InsufficientFunds, make.answered, friend, made.public_id, yes=True)
        assert refusal.params == {"missing": Money.tenge(100)}
        assert make.seen(bank, me, made.public_id).return_state == "asked"

    def test_only_its_recipient_sees_and_answers_it(self, bank: Bank, me: int, friend: int) -> None:
        made = make.delivered(bank, me)
        third = customer(bank, phone="+77010000103")
        make.asked_back(bank, me, made.public_id)
        for stranger in (me, third):
            refused(bank, NotFound, make.answered, stranger, made.public_id, yes=True)
            refused(bank, NotFound, make.answered, stranger, made.public_id, yes=False)
            refused(bank, NotFound, make.incoming, stranger, made.public_id)
        refused(bank, NotFound, make.asked_back, friend, made.public_id)
        assert make.incoming(bank, friend, made.public_id).sender == "Айгүл Н."

    def test_nobody_sees_it_before_it_arrives(self, bank: Bank, me: int, friend: int) -> None:
        held = make.sent(bank, me, make.to_phone(bank, me))
        refused(bank, NotFound, make.incoming, friend, held.public_id)

    def test_what_nobody_asked_for_is_not_given_back(self, bank: Bank, me: int, friend: int) -> None:
        made = make.delivered(bank, me)
        refused(bank, NotFound, make.answered, friend, made.public_id, yes=True)

    def test_of_a_yes_and_a_no_at_once_one_counts(self, bank: Bank, me: int, friend: int) -> None:
        made = make.delivered(bank, me)
        make.asked_back(bank, me, made.public_id)
        answers = at_once(
            lambda: make.answered(bank, friend, made.public_id, yes=True),
            lambda: make.answered(bank, friend, made.public_id, yes=False),
            times=3,
        )
        state = make.seen(bank, me, made.public_id).return_state
        assert {answer.return_state for answer in answers_of(answers)} == {state}
        assert left(bank, friend) == (ZERO if state == "accepted" else SUM)
        assert_clean(bank)


class TestAudit:
    def test_what_was_planted_is_found(self, bank: Bank, me: int, friend: int) -> None:
        made = make.delivered(bank, me)
        make.asked_back(bank, me, made.public_id)
        assert run_audit(bank).is_clean
        before = moved(bank)
        sql(bank, "UPDATE transfer SET state = 'undone' WHERE id = 1")
        sql(bank, "UPDATE return_request SET state = 'accepted', answered_at = asked_at")
        faults = "\n".join(run_audit(bank).faults)
        assert moved(bank) == before
        assert "transfer 1: is undone, and of its hold of 1000.00 1000.00 were captured and 0.00 released" in faults
        assert "transfer:1: is undone without its entry transfer:1:given_back" in faults
        assert f"transfer:1: is refused, shown to customer {me} as done" in faults
        assert "return_request:1: is accepted without its entry return_request:1:made" in faults
        assert f"return_request:1: is done, shown to customer {friend} as nothing" in faults
