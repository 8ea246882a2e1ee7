"""Transfers paid with bonuses, wholly or in part: every part arrives, and every part returns to where it came from."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.bonus.spending import BonusShort, BonusTooMuch
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.transfers import drafts, limits
from kaspi_web.domain.transfers.delivering import WAITS
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from tests.domain.test_transfers import HAD, left, refused, rows_of
from tests.make import transfers as make
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import account, assert_clean, balance, entries, sql
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once, refusals
from tests.make.sources import give_bonus
from tests.make.transfers import NOBODY, SUM, own_card

EARNED, PART = Money.tenge(600), Money.tenge(400)
REST = SUM - PART


@pytest.fixture
def me(bank: Bank) -> int:
    made = customer(bank, money=HAD)
    give_bonus(bank, made, EARNED)
    return made


@pytest.fixture
def friend(bank: Bank) -> int:
    return customer(bank, phone=OTHER_PHONE, given_name="Тимур", family_name="Сапаров")


def bonuses(bank: Bank, owner: int) -> Money:
    return balance(bank, account(bank, "bonus", str(owner)))


def have(bank: Bank, owner: int) -> tuple[Money, Money]:
    return left(bank, owner), bonuses(bank, owner)


def source_of(bank: Bank, owner: int) -> str:
    return sql(bank, "SELECT source FROM operation WHERE customer_id = :o ORDER BY id DESC LIMIT 1", o=owner)[0][0]


class TestBonusAndWallet:
    def test_both_are_held_and_arrive_as_one_sum(self, bank: Bank, me: int, friend: int) -> None:
        made = make.sent(bank, me, make.to_phone(bank, me), spend=PART)
        assert (made.state, made.amount, made.bonus) == ("held", SUM, PART)
        assert have(bank, me) == (HAD - REST, EARNED - PART)
        assert rows_of(bank, me) == [("transfer_out", "on_way", -SUM, -REST, "Тимур С.")]
        assert source_of(bank, me) == "bonus+wallet"
        assert_clean(bank)
        make.send_now(bank, me, made.public_id)
        assert (have(bank, me), have(bank, friend)) == ((HAD - REST, EARNED - PART), (SUM, ZERO))
        assert rows_of(bank, me) == [("transfer_out", "done", -SUM, -REST, "Тимур С.")]
        assert rows_of(bank, friend) == [("transfer_in", "done", SUM, SUM, "Айгүл Н.")]
        assert (entries(bank, "transfer_held"), entries(bank, "transfer_sent")) == (2, 1)
        assert_clean(bank)

    def test_somebody_known_gets_both_at_once(self, bank: Bank, me: int, friend: int) -> None:
        make.delivered(bank, me)
        made = make.sent(bank, me, make.to_phone(bank, me), spend=PART)
        assert (made.state, entries(bank, "transfer")) == ("done", 1)
        assert (have(bank, me), left(bank, friend)) == ((HAD - SUM - REST, EARNED - PART), SUM + SUM)
        assert_clean(bank)

    def test_nothing_is_earned_by_it(self, bank: Bank, me: int, friend: int) -> None:
        before = balance(bank, account(bank, "bonus_expense"))
        make.send_now(bank, me, make.sent(bank, me, make.to_phone(bank, me), spend=PART).public_id)
        assert balance(bank, account(bank, "bonus_expense")) == before

    def test_undone_each_part_is_back_where_it_was(self, bank: Bank, me: int, friend: int) -> None:
        made = make.sent(bank, me, make.to_phone(bank, me), spend=PART)
        for _ in range(2):
            assert make.undo(bank, me, made.public_id).state == "undone"
        assert have(bank, me) == (HAD, EARNED)
        assert rows_of(bank, me) == [("transfer_out", "refused", -SUM, ZERO, "Тимур С.")]
        assert entries(bank, "transfer_undone") == 1
        assert_clean(bank)

    def test_when_nobody_comes_for_seven_days_each_part_returns(self, bank: Bank, me: int) -> None:
        made = make.sent(bank, me, make.to_phone(bank, me, NOBODY), spend=PART)
        make.send_now(bank, me, made.public_id)
        assert have(bank, me) == (HAD - REST, EARNED - PART)
        assert_clean(bank)
        bank.clock.jump(WAITS)
        make.settled(bank)
        assert make.seen(bank, me, made.public_id).state == "returned"
        assert have(bank, me) == (HAD, EARNED)
        assert_clean(bank)

    def test_given_back_by_its_recipient_each_part_returns_once(self, bank: Bank, me: int, friend: int) -> None:
        made = make.send_now(bank, me, make.sent(bank, me, make.to_phone(bank, me), spend=PART).public_id)
        make.asked_back(bank, me, made.public_id)
        for _ in range(2):
            make.answered(bank, friend, made.public_id, yes=True)
        assert (have(bank, me), have(bank, friend)) == ((HAD, EARNED), (ZERO, ZERO))
        assert rows_of(bank, me)[0] == ("return_in", "done", SUM, REST, "Тимур С.")
        assert source_of(bank, me) == "bonus+wallet"
        assert rows_of(bank, friend)[0] == ("return_out", "done", -SUM, -SUM, "Айгүл Н.")
        assert_clean(bank)

    def test_undoing_and_sending_at_once_move_both_parts_one_way(self, bank: Bank, me: int, friend: int) -> None:
        made = make.sent(bank, me, make.to_phone(bank, me), spend=PART)
        answers = at_once(
            lambda: make.undo(bank, me, made.public_id), lambda: make.send_now(bank, me, made.public_id), times=4
        )
        is_done = make.seen(bank, me, made.public_id).state == "done"
        assert len(refusals(answers)) == 4
        assert have(bank, me) == ((HAD - REST, EARNED - PART) if is_done else (HAD, EARNED))
        assert left(bank, friend) == (SUM if is_done else ZERO)
        assert_clean(bank)


class TestBonusAlone:
    @pytest.mark.parametrize("said", [{"source": "bonus"}, {"source": "wallet", "spend": EARNED}])
    def test_bonuses_pay_the_whole_however_that_was_said(
        self, bank: Bank, me: int, friend: int, said: dict[str, Any]
    ) -> None:
        made = make.sent(bank, me, make.to_phone(bank, me), EARNED, **said)
        assert (made.state, made.source, made.bonus) == ("held", "bonus", EARNED)
        assert (have(bank, me), source_of(bank, me)) == ((HAD, ZERO), "bonus")
        assert rows_of(bank, me) == [("transfer_out", "on_way", -EARNED, ZERO, "Тимур С.")]
        assert_clean(bank)
        make.send_now(bank, me, made.public_id)
        assert (have(bank, me), have(bank, friend)) == ((HAD, ZERO), (EARNED, ZERO))
        assert_clean(bank)

    def test_undone_or_given_back_they_are_bonuses_again(self, bank: Bank, me: int, friend: int) -> None:
        make.undo(bank, me, make.sent(bank, me, make.to_phone(bank, me), EARNED, source="bonus").public_id)
        assert have(bank, me) == (HAD, EARNED)
        made = make.sent(bank, me, make.to_phone(bank, me), EARNED, source="bonus")
        make.send_now(bank, me, made.public_id)
        make.asked_back(bank, me, made.public_id)
        make.answered(bank, friend, made.public_id, yes=True)
        assert (have(bank, me), left(bank, friend)) == ((HAD, EARNED), ZERO)
        assert rows_of(bank, me)[0] == ("return_in", "done", EARNED, ZERO, "Тимур С.")
        assert source_of(bank, me) == "bonus"
        assert_clean(bank)

    def test_to_ones_own_wallet_they_are_money_at_once(self, bank: Bank, me: int) -> None:
        made = make.sent(bank, me, make.to_own(bank, me), EARNED, source="bonus")
        assert (made.state, have(bank, me)) == ("done", (HAD + EARNED, ZERO))
        assert rows_of(bank, me) == [("own_transfer", "done", EARNED, EARNED, "card")]
        assert_clean(bank)

    def test_to_ones_own_card_they_leave_the_wallet_alone(self, bank: Bank, me: int) -> None:
        card = own_card(bank, me)
        make.sent(bank, me, make.to_own(bank, me, card.public_id), EARNED, source="bonus")
        assert (have(bank, me), make.on_card(bank, me, card)) == ((HAD, ZERO), EARNED)
        assert rows_of(bank, me) == [("own_transfer", "done", -EARNED, ZERO, "card")]
        assert_clean(bank)

    @pytest.mark.parametrize(("answer", "had"), [("done", ZERO), ("declined", EARNED)])
    def test_to_another_banks_card_they_are_paid_out_or_come_back(
        self, bank: Bank, me: int, answer: str, had: Money
    ) -> None:
        made = make.sent(bank, me, make.to_other_bank(bank, me), EARNED, source="bonus")
        make.send_now(bank, me, made.public_id)
        assert (make.seen(bank, me, made.public_id).state, bonuses(bank, me)) == ("sending", ZERO)
        assert_clean(bank)
        for _ in range(2):
            make.payout_answered(bank, made.public_id, answer)
        assert have(bank, me) == (HAD, had)
        assert balance(bank, account(bank, "card_payouts")) == EARNED - had
        assert_clean(bank)


class TestBonusAndCard:
    def test_with_a_card_of_ours_each_has_its_part_and_both_return(self, bank: Bank, me: int, friend: int) -> None:
        card = own_card(bank, me, money=REST)
        made = make.sent(bank, me, make.to_phone(bank, me), source=card.public_id, spend=PART)
        assert (have(bank, me), make.on_card(bank, me, card)) == ((HAD, EARNED - PART), ZERO)
        assert source_of(bank, me) == f"bonus+card:{card.last4}"
        make.undo(bank, me, made.public_id)
        assert (have(bank, me), make.on_card(bank, me, card)) == ((HAD, EARNED), REST)
        assert_clean(bank)

    def test_the_part_of_a_card_that_is_gone_returns_to_the_wallet(self, bank: Bank, me: int, friend: int) -> None:
        card = own_card(bank, me, money=REST)
        made = make.sent(bank, me, make.to_phone(bank, me), source=card.public_id, spend=PART)
        bank.db.write_now(cards.unlink, customer_id=me, public_id=card.public_id)
        make.undo(bank, me, made.public_id)
        assert have(bank, me) == (HAD + REST, EARNED)
        assert_clean(bank)

    def test_another_banks_card_is_charged_the_rest_and_bonuses_wait_for_its_word(
        self, bank: Bank, me: int, friend: int
    ) -> None:
        card = make.linked(bank, me)
        made = make.sent(bank, me, make.to_phone(bank, me), source=card.public_id, spend=PART)
        assert (made.state, have(bank, me)) == ("funding", (HAD, EARNED - PART))
        assert make.charge_of(bank, made).amount == REST
        assert_clean(bank)
        make.charge_answered(bank, made, "authorised")
        assert make.seen(bank, me, made.public_id).state == "held"
        assert_clean(bank)
        make.send_now(bank, me, made.public_id)
        assert (have(bank, me), left(bank, friend)) == ((HAD, EARNED - PART), SUM)
        assert balance(bank, account(bank, "card_processor")) == REST
        assert make.charge_of(bank, made).wanted == "capture"
        assert entries(bank, "card_received") == 1
        assert_clean(bank)

    def test_refused_by_the_card_the_bonuses_are_back_and_nothing_else_has_moved(
        self, bank: Bank, me: int, friend: int
    ) -> None:
        card = make.linked(bank, me)
        made = make.sent(bank, me, make.to_phone(bank, me), source=card.public_id, spend=PART)
        for _ in range(2):
            make.charge_answered(bank, made, "declined", "lacks_money")
        assert make.seen(bank, me, made.public_id).state == "refused"
        assert (have(bank, me), have(bank, friend)) == ((HAD, EARNED), (ZERO, ZERO))
        assert entries(bank, "transfer_released") == 1
        assert_clean(bank)

    @pytest.mark.parametrize("agrees_first", [False, True])
    def test_undone_before_or_after_the_card_agreed_the_bonuses_are_back(
        self, bank: Bank, me: int, friend: int, agrees_first: bool
    ) -> None:
        card = make.linked(bank, me)
        made = make.sent(bank, me, make.to_phone(bank, me), source=card.public_id, spend=PART)
        if agrees_first:
            make.charge_answered(bank, made, "authorised")
        make.undo(bank, me, made.public_id)
        assert (have(bank, me), make.charge_of(bank, made).wanted) == ((HAD, EARNED), "void")
        make.charge_answered(bank, made, "voided")
        assert have(bank, me) == (HAD, EARNED)
        assert_clean(bank)

    @pytest.mark.parametrize(("answer", "had"), [("done", EARNED - PART), ("declined", EARNED)])
    def test_from_bank_to_bank_both_parts_follow_the_payout(self, bank: Bank, me: int, answer: str, had: Money) -> None:
        card = make.linked(bank, me)
        made = make.sent(bank, me, make.to_other_bank(bank, me), source=card.public_id, spend=PART)
        make.charge_answered(bank, made, "authorised")
        make.send_now(bank, me, made.public_id)
        assert make.seen(bank, me, made.public_id).state == "sending"
        make.payout_answered(bank, made.public_id, answer)
        assert have(bank, me) == (HAD, had)
        assert make.charge_of(bank, made).wanted == ("capture" if answer == "done" else "void")
        assert balance(bank, account(bank, "card_payouts")) == (SUM if answer == "done" else ZERO)
        assert_clean(bank)

    def test_waiting_for_a_wallet_it_arrives_whole(self, bank: Bank, me: int, watch: Watch) -> None:
        card = make.linked(bank, me)
        made = make.sent(bank, me, make.to_phone(bank, me, NOBODY), source=card.public_id, spend=PART)
        make.charge_answered(bank, made, "authorised")
        make.send_now(bank, me, made.public_id)
        assert make.seen(bank, me, made.public_id).state == "waiting"
        comes = customer(bank, phone=NOBODY, given_name="Асель")
        bank.clock.jump(WAITS)
        make.settled(bank)
        assert (have(bank, me), left(bank, comes)) == ((HAD, EARNED - PART), SUM)
        assert_clean(bank)


class TestWhatIsRefused:
    def test_more_than_there_is_or_than_is_sent(self, bank: Bank, me: int, friend: int) -> None:
        draft, card = make.to_phone(bank, me), own_card(bank, me, money=SUM)
        short = refused(bank, BonusShort, make.proposed, me, draft, spend=EARNED + Money(1))
        assert short.params == {"have": EARNED}
        refused(bank, BonusShort, make.proposed, me, draft, EARNED + Money(1), source="bonus")
        refused(bank, BonusTooMuch, make.proposed, me, draft, spend=SUM + Money(1))
        refused(bank, BonusTooMuch, make.proposed, me, draft, spend=Money(-1))
        refused(bank, BonusTooMuch, make.proposed, me, draft, PART, source=card.public_id, spend=PART)
        big = HAD + EARNED + Money(1)
        missing = refused(bank, InsufficientFunds, make.proposed, me, draft, big, spend=EARNED)
        assert missing.params == {"missing": Money(1)}

    def test_bonuses_that_were_spent_meanwhile_send_nothing(self, bank: Bank, me: int, friend: int) -> None:
        make.delivered(bank, me)
        held, at_once = make.to_other_bank(bank, me), make.to_phone(bank, me)
        charged = make.to_phone(bank, me, NOBODY)
        card = make.linked(bank, me)
        numbers = [make.proposed(bank, me, draft, spend=PART).number for draft in (held, at_once)]
        numbers.append(make.proposed(bank, me, charged, spend=PART, source=card.public_id).number)
        make.sent(bank, me, make.to_own(bank, me), EARNED, source="bonus")
        for draft, number in zip((held, at_once, charged), numbers, strict=True):
            assert refused(bank, BonusShort, make.send, me, draft, number).params == {"have": ZERO}
        assert sql(bank, "SELECT COUNT(*) FROM card_charge") == [(0,)]

    def test_one_bonus_is_not_spent_by_two(self, bank: Bank, me: int, friend: int) -> None:
        make.delivered(bank, me)
        ready = []
        for _ in range(4):
            draft = make.to_phone(bank, me)
            ready.append((draft, make.proposed(bank, me, draft, spend=PART).number))
        answers = at_once(*(lambda d=draft, n=number: make.send(bank, me, d, n) for draft, number in ready))
        assert (len(answers_of(answers)), {type(each) for each in refusals(answers)}) == (1, {BonusShort})
        assert have(bank, me) == (HAD - SUM - REST, EARNED - PART)
        assert_clean(bank)


class TestTheWholeSum:
    def test_the_code_looks_at_the_whole_sum(self, bank: Bank, me: int, friend: int) -> None:
        draft, big = make.to_phone(bank, me), Money.tenge(5_000, 1)
        assert not make.proposed(bank, me, draft, Money.tenge(5_000), spend=PART).needs_code
        made = make.proposed(bank, me, draft, big, spend=PART)
        assert (made.needs_code, made.money, made.spent) == (True, big - PART, PART)
        refused(bank, drafts.CodeNeeded, make.send, me, draft, made.number)

    def test_limits_look_at_the_whole_sum(self, bank: Bank, me: int, friend: int) -> None:
        make.limited(bank, once=SUM, day=SUM + PART)
        draft = make.to_phone(bank, me)
        refused(bank, limits.OverOperationLimit, make.proposed, me, draft, SUM + Money(1), spend=PART)
        make.sent(bank, me, draft, spend=PART)
        assert bank.db.read_now(limits.limits, customer_id=me, kind="phone").left == PART
        over = make.to_phone(bank, me)
        refused(bank, limits.OverDayLimit, make.proposed, me, over, PART + Money(1), source="wallet")
