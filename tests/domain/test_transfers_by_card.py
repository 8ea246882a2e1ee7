"""Transfers between own accounts, from and to cards: our own cards at once, other banks' by charge and payout."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.transfers import drafts, limits, recipients
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.domain.test_transfers import HAD, left, refused, rows_of
from tests.make import transfers as make
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import account, assert_clean, balance, entries, sql
from tests.make.moments import Watch
from tests.make.sms import last_code, messages
from tests.make.transfers import NOBODY, SUM, own_card


@pytest.fixture
def me(bank: Bank) -> int:
    return customer(bank, money=HAD)


@pytest.fixture
def friend(bank: Bank) -> int:
    return customer(bank, phone=OTHER_PHONE, given_name="Тимур", family_name="Сапаров")


class TestOwn:
    def test_wallet_to_card_and_back_is_at_once(self, bank: Bank, me: int) -> None:
        card, big = own_card(bank, me), Money.tenge(5_000)
        draft = make.to_own(bank, me, card.public_id)
        made = make.proposed(bank, me, draft, big)
        assert not made.needs_code
        assert not made.can_be_undone
        assert make.send(bank, me, draft, made.number).state == "done"
        assert (left(bank, me), make.on_card(bank, me, card)) == (HAD - big, big)
        back = make.to_own(bank, me)
        number = make.proposed(bank, me, back, SUM, source=card.public_id).number
        assert make.send(bank, me, back, number).state == "done"
        assert (left(bank, me), make.on_card(bank, me, card)) == (HAD - big + SUM, big - SUM)
        assert [row[:4] for row in rows_of(bank, me)] == [
            ("own_transfer", "done", SUM, SUM),
            ("own_transfer", "done", -big, -big),
        ]
        assert (entries(bank, "own_transfer"), messages(bank, PHONE)) == (2, [])
        assert_clean(bank)

    def test_above_five_thousand_a_code_is_asked_for_here_too(self, bank: Bank, me: int) -> None:
        big = Money.tenge(5_000, 1)
        card = own_card(bank, me, money=big)
        for to, source, names in ((card.public_id, "wallet", f"*{card.last4}"), ("wallet", card.public_id, "")):
            draft = make.to_own(bank, me, to)
            assert not make.proposed(bank, me, draft, Money.tenge(5_000), source=source).needs_code
            made = make.proposed(bank, me, draft, big, source=source)
            assert made.needs_code
            refused(bank, drafts.CodeNeeded, make.send, me, draft, made.number)
            this = {"customer_id": me, "transfer_id": draft, "proposal": made.number}
            bank.db.write_now(drafts.send_code, **this)
            template, told = messages(bank, PHONE)[-1]
            assert template == ("code_transfer" if names else "code_to_wallet")
            assert (told["amount_tiyn"], told["payee"]) == (big.tiyn, names)
            assert bank.db.write_now(drafts.confirm, typed=last_code(bank, PHONE), **this) is None
            assert make.send(bank, me, draft, made.number).state == "done"
        assert (left(bank, me), make.on_card(bank, me, card)) == (HAD, big)
        assert_clean(bank)

    def test_card_to_card_leaves_the_wallet_alone(self, bank: Bank, me: int) -> None:
        one, other = own_card(bank, me, money=SUM), own_card(bank, me)
        make.sent(bank, me, make.to_own(bank, me, other.public_id), source=one.public_id)
        assert (make.on_card(bank, me, one), make.on_card(bank, me, other), left(bank, me)) == (ZERO, SUM, HAD)
        assert rows_of(bank, me)[0][:4] == ("own_transfer", "done", -SUM, ZERO)
        assert_clean(bank)

    def test_an_account_is_no_source_for_itself(self, bank: Bank, me: int) -> None:
        card = own_card(bank, me, money=SUM)
        refused(bank, drafts.SourceUnknown, make.proposed, me, make.to_own(bank, me), source="wallet")
        to_card = make.to_own(bank, me, card.public_id)
        refused(bank, drafts.SourceUnknown, make.proposed, me, to_card, source=card.public_id)

    def test_somebody_elses_card_is_none_of_mine(self, bank: Bank, me: int, friend: int) -> None:
        refused(bank, NotFound, make.to_own, me, own_card(bank, friend).public_id)

    def test_a_card_that_is_gone_takes_nothing(self, bank: Bank, me: int) -> None:
        card = own_card(bank, me)
        draft = make.to_own(bank, me, card.public_id)
        number = make.proposed(bank, me, draft).number
        bank.db.write_now(cards.unlink, customer_id=me, public_id=card.public_id)
        refused(bank, cards.CardGone, make.send, me, draft, number)


class TestCardOfThisBank:
    def test_somebodys_card_is_credited_and_the_wallets_are_not(self, bank: Bank, me: int, friend: int) -> None:
        theirs = own_card(bank, friend)
        made = make.sent(bank, me, make.to_card_here(bank, me, theirs, friend))
        assert (made.state, made.goes_to, made.masked_name) == ("held", "card", "Тимур С.")
        make.send_now(bank, me, made.public_id)
        assert (make.on_card(bank, friend, theirs), left(bank, friend), left(bank, me)) == (SUM, ZERO, HAD - SUM)
        assert rows_of(bank, friend) == [("transfer_in", "done", SUM, ZERO, "Айгүл Н.")]
        assert_clean(bank)

    def test_card_to_card_between_people(self, bank: Bank, me: int, friend: int) -> None:
        mine, theirs = own_card(bank, me, money=SUM), own_card(bank, friend)
        draft = make.to_card_here(bank, me, theirs, friend)
        made = make.sent(bank, me, draft, source=mine.public_id)
        assert (make.on_card(bank, me, mine), left(bank, me)) == (ZERO, HAD)
        make.send_now(bank, me, made.public_id)
        assert make.on_card(bank, friend, theirs) == SUM
        assert rows_of(bank, me) == [("transfer_out", "done", -SUM, ZERO, "Тимур С.")]
        assert_clean(bank)

    def test_undone_it_returns_to_the_card_or_to_the_wallet_if_the_card_is_gone(
        self, bank: Bank, me: int, friend: int
    ) -> None:
        mine = own_card(bank, me, money=SUM + SUM)
        first = make.sent(bank, me, make.to_phone(bank, me), source=mine.public_id)
        make.undo(bank, me, first.public_id)
        assert make.on_card(bank, me, mine) == SUM + SUM
        second = make.sent(bank, me, make.to_phone(bank, me), source=mine.public_id)
        bank.db.write_now(cards.unlink, customer_id=me, public_id=mine.public_id)
        assert left(bank, me) == HAD + SUM
        make.undo(bank, me, second.public_id)
        assert left(bank, me) == HAD + SUM + SUM
        assert_clean(bank)

    def test_a_card_that_is_gone_when_the_money_comes_gives_way_to_the_wallet(
        self, bank: Bank, me: int, friend: int
    ) -> None:
        theirs = own_card(bank, friend)
        made = make.sent(bank, me, make.to_card_here(bank, me, theirs, friend))
        bank.db.write_now(cards.unlink, customer_id=friend, public_id=theirs.public_id)
        make.send_now(bank, me, made.public_id)
        assert left(bank, friend) == SUM
        assert_clean(bank)

    def test_the_typed_number_of_ones_own_card_is_a_transfer_between_own_accounts(self, bank: Bank, me: int) -> None:
        card = own_card(bank, me)
        made = make.sent(bank, me, make.to_card_here(bank, me, card, me))
        assert (made.kind, made.state) == ("own", "done")

    def test_one_typed_number_is_one_draft_and_only_its_typists(self, bank: Bank, me: int, friend: int) -> None:
        named = make.typed(bank, me)
        first, second = (bank.db.write_now(recipients.to_card, customer_id=me, recipient_id=named) for _ in range(2))
        assert first == second
        with pytest.raises(NotFound):
            bank.db.write_now(recipients.to_card, customer_id=friend, recipient_id=named)


class TestLimitsOfCards:
    @pytest.fixture
    def me(self, bank: Bank) -> int:
        return customer(bank, money=Money.tenge(9_000_000))

    def test_ones_own_card_at_another_bank_is_limited_as_any_card(self, bank: Bank, me: int) -> None:
        card = make.linked(bank, me)
        to, whole = make.to_own(bank, me, card.public_id), Money.tenge(9_000_000)
        refused(bank, limits.OverOperationLimit, make.proposed, me, to, whole)
        refused(bank, limits.OverOperationLimit, make.proposed, me, make.to_own(bank, me), whole, source=card.public_id)
        mine = own_card(bank, me)
        assert make.sent(bank, me, make.to_own(bank, me, mine.public_id), Money.tenge(8_000_000)).state == "done"

    def test_whatever_another_banks_card_is_paid_or_pays_for_shares_one_day(
        self, bank: Bank, me: int, friend: int
    ) -> None:
        most, card = Money.tenge(300_000), make.linked(bank, me)
        make.sent(bank, me, make.to_own(bank, me, card.public_id), most)
        make.sent(bank, me, make.to_phone(bank, me), Money.tenge(299_999), source=card.public_id)
        assert bank.db.read_now(limits.limits, customer_id=me, kind="card").left == Money.tenge(1)
        assert bank.db.read_now(limits.limits, customer_id=me, kind="phone").left == Money.tenge(700_001)
        two = Money.tenge(2)
        refused(bank, limits.OverDayLimit, make.proposed, me, make.to_other_bank(bank, me), two)
        refused(bank, limits.OverDayLimit, make.proposed, me, make.to_own(bank, me), two, source=card.public_id)
        make.proposed(bank, me, make.to_phone(bank, me), two)


class TestToAnotherBank:
    def test_the_money_is_held_and_paid_out_when_the_processor_says_so(self, bank: Bank, me: int, watch: Watch) -> None:
        made = make.sent(bank, me, make.to_other_bank(bank, me))
        assert (made.state, made.goes_to) == ("held", "bank_card")
        watch.later(seconds=31)
        make.settled(bank)
        assert make.seen(bank, me, made.public_id).state == "sending"
        assert left(bank, me) == HAD - SUM
        assert_clean(bank)
        make.payout_answered(bank, made.public_id, "done")
        make.payout_answered(bank, made.public_id, "declined")
        assert make.seen(bank, me, made.public_id).state == "done"
        assert balance(bank, account(bank, "card_payouts")) == SUM
        assert rows_of(bank, me) == [("transfer_out", "done", -SUM, -SUM, "*4444")]
        assert_clean(bank)
        again = make.sent(bank, me, make.to_other_bank(bank, me))
        assert again.state == "sending", "a card that was paid before is known"

    def test_declined_it_comes_back(self, bank: Bank, me: int) -> None:
        made = make.sent(bank, me, make.to_other_bank(bank, me))
        make.send_now(bank, me, made.public_id)
        make.payout_answered(bank, made.public_id, "declined", "closed")
        now = make.seen(bank, me, made.public_id)
        assert (now.state, now.reason, left(bank, me)) == ("refused", "closed", HAD)
        assert rows_of(bank, me) == [("transfer_out", "refused", -SUM, ZERO, "*4444")]
        assert messages(bank, PHONE)[-1][0] == "transfer_refused"
        assert (entries(bank, "payout_released"), entries(bank, "payout_paid")) == (1, 0)
        assert_clean(bank)

    def test_ones_own_card_of_another_bank_is_paid_out_at_once_and_needs_a_code_above_five_thousand(
        self, bank: Bank, me: int
    ) -> None:
        card = make.linked(bank, me)
        draft = make.to_own(bank, me, card.public_id)
        assert make.proposed(bank, me, draft, Money.tenge(5_000, 1)).needs_code
        assert make.sent(bank, me, draft).state == "sending"
        make.payout_answered(bank, draft, "done")
        assert left(bank, me) == HAD - SUM
        assert_clean(bank)


class TestFromBankToBank:
    def test_two_linked_cards_of_ones_own_are_offered_to_one_another(self, bank: Bank, me: int) -> None:
        one, other = make.linked(bank, me), make.linked(bank, me, last4="4444")
        for to, pays in ((one, other), (other, one)):
            draft = make.to_own(bank, me, to.public_id)
            found = bank.db.read_now(drafts.sources, customer_id=me, transfer_id=draft)
            assert [each.value for each in found] == ["wallet", "bonus", pays.public_id]

    @pytest.mark.parametrize("answer", ["done", "declined"])
    def test_one_is_charged_and_the_other_paid_or_neither(self, bank: Bank, me: int, answer: str) -> None:
        one, other = make.linked(bank, me), make.linked(bank, me, last4="4444")
        made = make.sent(bank, me, make.to_own(bank, me, other.public_id), source=one.public_id)
        assert (made.state, made.kind, made.goes_to) == ("funding", "own", "bank_card")
        make.charge_answered(bank, made, "authorised")
        assert make.seen(bank, me, made.public_id).state == "sending"
        assert_clean(bank)
        make.payout_answered(bank, made.public_id, answer)
        is_done = answer == "done"
        assert make.charge_of(bank, made).wanted == ("capture" if is_done else "void")
        for name in ("card_processor", "card_payouts"):
            assert balance(bank, account(bank, name)) == (SUM if is_done else ZERO)
        stands = "done" if is_done else "refused"
        assert (left(bank, me), rows_of(bank, me)) == (HAD, [("own_transfer", stands, -SUM, ZERO, "card")])
        assert sql(bank, "SELECT account, source FROM operation") == [("*4444", "card:4242")]
        assert_clean(bank)

    def test_the_code_and_the_limits_of_cards_hold_for_it(self, bank: Bank, me: int) -> None:
        one, other = make.linked(bank, me), make.linked(bank, me, last4="4444")
        draft = make.to_own(bank, me, other.public_id)
        assert make.proposed(bank, me, draft, Money.tenge(5_000, 1), source=one.public_id).needs_code
        over = Money.tenge(300_000, 1)
        refused(bank, limits.OverOperationLimit, make.proposed, me, draft, over, source=one.public_id)


class TestFromAnotherBank:
    def test_to_an_own_card_that_is_gone_it_comes_to_the_wallet_as_a_row_of_its_own(self, bank: Bank, me: int) -> None:
        linked, mine = make.linked(bank, me), own_card(bank, me)
        make.sent(bank, me, make.to_own(bank, me, mine.public_id), Money.tenge(7))
        made = make.sent(bank, me, make.to_own(bank, me, mine.public_id), source=linked.public_id)
        bank.db.write_now(cards.unlink, customer_id=me, public_id=mine.public_id)
        make.charge_answered(bank, made, "authorised")
        assert left(bank, me) == HAD + SUM
        assert rows_of(bank, me)[0] == ("own_transfer", "done", SUM, SUM, f"card:{mine.last4}")
        assert ("own_transfer", "done", SUM, ZERO, "card") in rows_of(bank, me)
        # What the wallet had at first was given to it past the list.
        assert sum(wallet.tiyn for _, _, _, wallet, _ in rows_of(bank, me)) == (left(bank, me) - HAD).tiyn
        assert_clean(bank)

    def test_above_five_thousand_it_needs_a_code_here_too(self, bank: Bank, me: int) -> None:
        card, big = make.linked(bank, me), Money.tenge(5_000, 1)
        assert make.proposed(bank, me, make.to_own(bank, me), big, source=card.public_id).needs_code

    def test_declined_on_its_way_to_the_wallet_the_sms_says_where_it_went(self, bank: Bank, me: int) -> None:
        made = make.sent(bank, me, make.to_own(bank, me), source=make.linked(bank, me).public_id)
        make.charge_answered(bank, made, "declined", "lacks_money")
        assert messages(bank, PHONE)[-1] == ("to_wallet_refused", {"amount_tiyn": SUM.tiyn, "payee": ""})

    def test_known_or_own_it_arrives_when_the_card_agrees(self, bank: Bank, me: int) -> None:
        card = make.linked(bank, me)
        made = make.sent(bank, me, make.to_own(bank, me), source=card.public_id)
        assert (made.state, rows_of(bank, me)[0][:4]) == ("funding", ("own_transfer", "on_way", SUM, ZERO))
        make.charge_answered(bank, made, "challenge")
        assert make.seen(bank, me, made.public_id).charge_state == "challenge"
        make.charge_answered(bank, made, "authorised")
        assert make.seen(bank, me, made.public_id).state == "done"
        assert left(bank, me) == HAD + SUM
        assert balance(bank, account(bank, "card_processor")) == SUM
        assert rows_of(bank, me)[0][:4] == ("own_transfer", "done", SUM, SUM)
        assert make.charge_of(bank, made).wanted == "capture"
        make.charge_answered(bank, made, "captured")
        assert entries(bank, "card_received") == 1
        assert_clean(bank)

    def test_the_first_time_it_can_be_undone_and_the_charge_is_voided(self, bank: Bank, me: int, friend: int) -> None:
        card = make.linked(bank, me)
        made = make.sent(bank, me, make.to_phone(bank, me), source=card.public_id)
        make.charge_answered(bank, made, "authorised")
        assert make.seen(bank, me, made.public_id).state == "held"
        assert_clean(bank)
        make.undo(bank, me, made.public_id)
        assert make.charge_of(bank, made).wanted == "void"
        make.charge_answered(bank, made, "voided")
        assert (left(bank, me), left(bank, friend), make.seen(bank, me, made.public_id).state) == (HAD, ZERO, "undone")
        assert rows_of(bank, me) == [("transfer_out", "refused", -SUM, ZERO, "Тимур С.")]
        assert_clean(bank)

    def test_not_undone_it_is_captured_and_arrives(self, bank: Bank, me: int, friend: int, watch: Watch) -> None:
        card = make.linked(bank, me)
        made = make.sent(bank, me, make.to_phone(bank, me), source=card.public_id)
        make.charge_answered(bank, made, "authorised")
        watch.later(seconds=31)
        make.settled(bank)
        assert (left(bank, me), left(bank, friend)) == (HAD, SUM)
        assert make.charge_of(bank, made).wanted == "capture"
        assert_clean(bank)

    def test_declined_nothing_moves(self, bank: Bank, me: int, friend: int) -> None:
        card = make.linked(bank, me)
        made = make.sent(bank, me, make.to_phone(bank, me), source=card.public_id)
        before = left(bank, me), left(bank, friend), entries(bank)
        make.charge_answered(bank, made, "declined", "lacks_money")
        now = make.seen(bank, me, made.public_id)
        assert (now.state, now.reason) == ("refused", "lacks_money")
        assert (left(bank, me), left(bank, friend), entries(bank)) == before
        assert_clean(bank)

    def test_cancelled_before_the_card_agreed_it_never_arrives(self, bank: Bank, me: int, friend: int) -> None:
        card = make.linked(bank, me)
        made = make.sent(bank, me, make.to_phone(bank, me), source=card.public_id)
        make.undo(bank, me, made.public_id)
        make.charge_answered(bank, made, "authorised")
        assert make.seen(bank, me, made.public_id).state == "undone"
        make.charge_answered(bank, made, "voided")
        assert left(bank, friend) == ZERO
        assert_clean(bank)

    @pytest.mark.parametrize("answer", ["done", "declined"])
    def test_from_one_bank_to_another_the_charge_follows_the_payout(self, bank: Bank, me: int, answer: str) -> None:
        card = make.linked(bank, me)
        made = make.sent(bank, me, make.to_other_bank(bank, me), source=card.public_id)
        make.charge_answered(bank, made, "authorised")
        make.send_now(bank, me, made.public_id)
        assert make.seen(bank, me, made.public_id).state == "sending"
        make.payout_answered(bank, made.public_id, answer)
        is_done = answer == "done"
        assert make.seen(bank, me, made.public_id).state == ("done" if is_done else "refused")
        assert make.charge_of(bank, made).wanted == ("capture" if is_done else "void")
        assert balance(bank, account(bank, "card_payouts")) == (SUM if is_done else ZERO)
        assert left(bank, me) == HAD
        assert_clean(bank)


def _undone(bank: Bank, me: int, transfer_id: str) -> None:
    make.undo(bank, me, transfer_id)


def _returned(bank: Bank, me: int, transfer_id: str) -> None:
    from kaspi_web.domain.transfers.delivering import WAITS

    bank.clock.jump(WAITS)
    make.settled(bank)


@pytest.mark.parametrize("deed", [_undone, _returned])
def test_a_charge_that_waits_for_a_wallet_is_voided_when_nobody_comes(
    bank: Bank, me: int, watch: Watch, deed: Callable[[Bank, int, str], None]
) -> None:
    card = make.linked(bank, me)
    made = make.sent(bank, me, make.to_phone(bank, me, NOBODY), source=card.public_id)
    make.charge_answered(bank, made, "authorised")
    watch.later(seconds=31)
    make.settled(bank)
    assert make.seen(bank, me, made.public_id).state == "waiting"
    deed(bank, me, made.public_id)
    assert make.charge_of(bank, made).wanted == "void"
    assert left(bank, me) == HAD
    assert_clean(bank)
