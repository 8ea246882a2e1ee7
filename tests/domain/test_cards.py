"""Cards: opened, linked, frozen, unlinked; another's card is nowhere to be found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaspi_web.domain.cards import linking, own, recipients
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.linking import CardLinkedAlready, LinkOver
from kaspi_web.domain.cards.recipients import recipient
from kaspi_web.domain.cards.service import CardFrozen, CardGone, CardView, TooManyCards
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.card_numbers import OWN_BIN, parse_number
from kaspi_web.kernel.errors import Busy, NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make.cards import TOKEN, all_shown, asked_for, linked, own_card, shown, with_check
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import account, assert_clean, balance, entries, moved, post, sql
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once, refusals

SUM = Money.tenge(1_200, 50)


def open_own(bank: Bank, owner: int, had: int | None = None) -> CardView:
    return bank.db.write_now(cards.open_own, customer_id=owner, had=had)


def unlink(bank: Bank, owner: int, card: CardView) -> Money:
    return bank.db.write_now(cards.unlink, customer_id=owner, public_id=card.public_id)


def number_on(bank: Bank, owner: int, card: CardView) -> str:
    return bank.db.read_now(cards.requisites, customer_id=owner, public_id=card.public_id).number


def typed_recipient(bank: Bank, owner: int) -> str:
    name = bank.db.write_now(recipients.begin, customer_id=owner)
    card = {"token": TOKEN, "brand": "visa", "last4": "4242"}
    bank.db.write_now(recipients.of_another_bank, customer_id=owner, recipient_id=name, **card)
    return name


class TestOwnCards:
    def test_a_card_of_ours_is_opened_with_nothing_on_it(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        made = open_own(any_bank, owner)
        assert (made.kind, made.brand, made.is_frozen, made.balance) == ("own", "own", False, ZERO)
        assert all_shown(any_bank, owner) == [made]
        assert balance(any_bank, account(any_bank, "card", str(made.id))) == ZERO
        assert_clean(any_bank)

    def test_its_number_is_of_our_bin_and_passes_luhn_and_is_stored_nowhere(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        made = open_own(any_bank, owner)
        said = any_bank.db.read_now(cards.requisites, customer_id=owner, public_id=made.public_id)
        assert parse_number(said.number) == said.number
        assert said.number.startswith(OWN_BIN)
        assert said.number[-4:] == made.last4
        assert said.expiry.year == any_bank.clock.today().year + own.GOOD_FOR_YEARS
        assert len(said.cvc) == 3
        assert said.number not in f"{said!r} {sql(any_bank, 'SELECT * FROM card')} {made!r}"

    def test_the_number_is_the_same_each_time_it_is_asked_for_and_another_for_another_card(self, bank: Bank) -> None:
        owner = customer(bank)
        one, two = open_own(bank, owner), open_own(bank, owner)
        assert number_on(bank, owner, one) == number_on(bank, owner, one) != number_on(bank, owner, two)

    def test_a_sixth_card_is_not_opened(self, bank: Bank) -> None:
        owner = customer(bank)
        for _ in range(cards.MOST_OWN):
            open_own(bank, owner)
        with pytest.raises(TooManyCards):
            open_own(bank, owner)
        assert len(all_shown(bank, owner)) == cards.MOST_OWN

    def test_cards_asked_for_all_at_once_are_no_more_than_five(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        answers = at_once(lambda: open_own(any_bank, owner), times=8)
        assert len(answers_of(answers)) == len(all_shown(any_bank, owner)) == cards.MOST_OWN
        assert {type(each) for each in refusals(answers)} == {TooManyCards}

    def test_one_card_asked_for_twice_at_once_is_opened_once(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        answers = at_once(lambda: open_own(any_bank, owner, had=0), times=4)
        assert refusals(answers) == []
        assert len({each.public_id for each in answers}) == len(all_shown(any_bank, owner)) == 1

    def test_another_bank_s_card_has_no_requisites(self, bank: Bank) -> None:
        owner = customer(bank)
        with pytest.raises(NotFound):
            number_on(bank, owner, linked(bank, owner))

    def test_a_card_is_found_by_its_number_with_its_owner_s_name_masked(self, bank: Bank) -> None:
        owner = customer(bank)
        made = open_own(bank, owner)
        found = bank.db.read_now(cards.own_by_number, number=number_on(bank, owner, made))
        assert found is not None
        assert (found.card_id, found.last4, found.masked_name) == (made.id, made.last4, "Айгүл Н.")

    def test_an_unlinked_card_is_found_by_nobody(self, bank: Bank) -> None:
        owner = customer(bank)
        made = open_own(bank, owner)
        number = number_on(bank, owner, made)
        unlink(bank, owner, made)
        assert bank.db.read_now(cards.own_by_number, number=number) is None
        with pytest.raises(CardGone):
            bank.db.write_now(cards.account_id, card_id=made.id)


class TestStrangers:
    @pytest.mark.parametrize("deed", [cards.card, cards.freeze, cards.unfreeze, cards.unlink, cards.requisites])
    def test_another_customer_s_card_is_not_found_and_nothing_happens_to_it(self, bank: Bank, deed: object) -> None:
        owner, stranger = customer(bank), customer(bank, phone=OTHER_PHONE)
        made = own_card(bank, owner, money=SUM)
        before = moved(bank) | asked_for(bank)
        with pytest.raises(NotFound):
            bank.db.write_now(deed, customer_id=stranger, public_id=made.public_id)  # type: ignore[arg-type]
        assert moved(bank) | asked_for(bank) == before
        assert all_shown(bank, stranger) == []

    def test_another_customer_s_card_is_not_usable(self, bank: Bank) -> None:
        owner, stranger = customer(bank), customer(bank, phone=OTHER_PHONE)
        made = own_card(bank, owner)
        with pytest.raises(NotFound):
            bank.db.write_now(cards.usable, customer_id=stranger, card_id=made.id)

    def test_another_customer_s_try_is_not_found(self, bank: Bank) -> None:
        owner, stranger = customer(bank), customer(bank, phone=OTHER_PHONE)
        link_id = bank.db.write_now(linking.begin, customer_id=owner)
        for deed in (linking.link, linking.open_link, linking.proved, linking.declined):
            with pytest.raises(NotFound):
                bank.db.write_now(deed, customer_id=stranger, link_id=link_id)

    def test_a_recipient_s_card_is_for_whoever_typed_its_number(self, bank: Bank) -> None:
        owner, stranger = customer(bank), customer(bank, phone=OTHER_PHONE)
        name = typed_recipient(bank, owner)
        assert bank.db.read_now(recipient, customer_id=owner, recipient_id=name).token == TOKEN
        with pytest.raises(NotFound):
            bank.db.read_now(recipient, customer_id=stranger, recipient_id=name)


class TestFreezing:
    def test_nothing_is_taken_from_a_frozen_card_until_it_is_thawed(self, bank: Bank) -> None:
        owner = customer(bank)
        made = own_card(bank, owner)
        for _ in range(2):
            assert bank.db.write_now(cards.freeze, customer_id=owner, public_id=made.public_id).is_frozen
        with pytest.raises(CardFrozen):
            bank.db.write_now(cards.usable, customer_id=owner, card_id=made.id)
        bank.db.write_now(cards.unfreeze, customer_id=owner, public_id=made.public_id)
        assert bank.db.write_now(cards.usable, customer_id=owner, card_id=made.id) == made

    def test_a_frozen_card_still_takes_money_in(self, bank: Bank) -> None:
        owner = customer(bank)
        made = own_card(bank, owner)
        bank.db.write_now(cards.freeze, customer_id=owner, public_id=made.public_id)
        assert bank.db.write_now(cards.account_id, card_id=made.id) == account(bank, "card", str(made.id))


class TestUnlinking:
    def test_what_is_on_a_card_of_ours_goes_to_the_wallet_and_is_told_in_history(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        made = own_card(any_bank, owner, money=SUM)
        assert unlink(any_bank, owner, made) == SUM
        assert any_bank.db.read_now(wallet.balances, customer_id=owner).wallet == SUM
        assert balance(any_bank, account(any_bank, "card", str(made.id))) == ZERO
        (told,) = any_bank.db.read_now(wallet.operations, customer_id=owner)
        assert (told.kind, told.amount, told.account, told.state) == ("own_transfer", SUM, f"*{made.last4}", "done")
        assert all_shown(any_bank, owner) == []
        assert_clean(any_bank)

    def test_an_empty_card_is_unlinked_without_an_entry(self, bank: Bank) -> None:
        owner = customer(bank)
        unlink(bank, owner, own_card(bank, owner))
        assert entries(bank) == 0
        assert bank.db.read_now(wallet.operations, customer_id=owner) == []

    def test_a_card_unlinked_twice_at_once_is_emptied_once(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        made = own_card(any_bank, owner, money=SUM)
        answers = at_once(lambda: unlink(any_bank, owner, made), times=4)
        assert answers_of(answers) == [SUM]
        assert {type(each) for each in refusals(answers)} == {NotFound}
        assert any_bank.db.read_now(wallet.balances, customer_id=owner).wallet == SUM
        assert_clean(any_bank)

    def test_what_comes_back_to_an_unlinked_card_later_is_brought_to_the_wallet(self, bank: Bank) -> None:
        owner = customer(bank)
        made = own_card(bank, owner)
        unlink(bank, owner, made)
        late = account(bank, "card", str(made.id))
        post(bank, (account(bank, "terminal_network", "kaspi"), late, SUM))
        assert bank.db.write_now(cards.bring_home, card_id=made.id, key="late:1") == SUM
        assert bank.db.write_now(cards.bring_home, card_id=made.id, key="late:2") == ZERO
        assert bank.db.read_now(wallet.balances, customer_id=owner).wallet == SUM
        assert_clean(bank)

    def test_a_live_card_is_not_emptied(self, bank: Bank) -> None:
        owner = customer(bank)
        made = own_card(bank, owner, money=SUM)
        assert bank.db.write_now(cards.bring_home, card_id=made.id, key="no") == ZERO
        assert shown(bank, owner, made.public_id).balance == SUM

    def test_an_unlinked_card_is_gone_for_charges(self, bank: Bank) -> None:
        owner = customer(bank)
        made = linked(bank, owner)
        assert unlink(bank, owner, made) == ZERO
        with pytest.raises(CardGone):
            bank.db.write_now(cards.usable, customer_id=owner, card_id=made.id)
        assert not bank.db.write_now(cards.is_live, card_id=made.id)


class TestLinking:
    def test_a_card_is_linked_once_its_code_was_right(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        made = linked(any_bank, owner)
        assert (made.kind, made.brand, made.last4, made.balance) == ("bank", "visa", "4242", None)
        assert all_shown(any_bank, owner) == [made]

    def test_the_same_proof_twice_links_one_card(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        link_id = any_bank.db.write_now(linking.begin, customer_id=owner)
        given = {"customer_id": owner, "link_id": link_id}
        any_bank.db.write_now(linking.challenged, **given, token=TOKEN, brand="visa", last4="4242")
        answers = at_once(lambda: any_bank.db.write_now(linking.proved, **given), times=4)
        assert refusals(answers) == []
        assert len({each.id for each in answers}) == len(all_shown(any_bank, owner)) == 1

    @pytest.mark.parametrize("other", [False, True], ids=["same owner", "somebody else"])
    def test_a_card_that_is_linked_is_not_linked_again(self, bank: Bank, other: bool) -> None:
        owner = customer(bank)
        second = customer(bank, phone=OTHER_PHONE) if other else owner
        linked(bank, owner)
        with pytest.raises(CardLinkedAlready):
            linked(bank, second)
        assert len(all_shown(bank, owner)) == 1

    def test_two_who_link_one_card_at_once_have_it_once(self, any_bank: Bank) -> None:
        people = customer(any_bank), customer(any_bank, phone=OTHER_PHONE)
        answers = at_once(*(lambda owner=owner: linked(any_bank, owner) for owner in people))
        assert len(answers_of(answers)) == 1
        assert {type(each) for each in refusals(answers)} == {CardLinkedAlready}

    def test_an_unlinked_card_can_be_linked_again(self, bank: Bank) -> None:
        owner = customer(bank)
        first = linked(bank, owner)
        unlink(bank, owner, first)
        assert linked(bank, owner).id != first.id

    def test_an_eleventh_card_is_not_linked(self, bank: Bank, watch: Watch) -> None:
        owner = customer(bank)
        for number in range(linking.MOST_LINKED):
            linked(bank, owner, token=f"tok_{number}")
            watch.later(minutes=10)
        with pytest.raises(TooManyCards):
            bank.db.write_now(linking.begin, customer_id=owner)

    def test_trying_many_cards_is_stopped_for_an_hour(self, bank: Bank, watch: Watch) -> None:
        owner = customer(bank)
        for _ in range(linking.MOST_TRIES):
            bank.db.write_now(linking.begin, customer_id=owner)
        with pytest.raises(Busy):
            bank.db.write_now(linking.begin, customer_id=owner)
        bank.clock.jump(timedelta(days=1))
        with pytest.raises(Busy):
            bank.db.write_now(linking.begin, customer_id=owner)
        watch.later(minutes=61)
        bank.db.write_now(linking.begin, customer_id=owner)

    def test_a_try_that_nobody_proved_links_nothing(self, bank: Bank) -> None:
        owner = customer(bank)
        link_id = bank.db.write_now(linking.begin, customer_id=owner)
        given = {"customer_id": owner, "link_id": link_id}
        with pytest.raises(LinkOver):
            bank.db.write_now(linking.proved, **given)
        bank.db.write_now(linking.challenged, **given, token=TOKEN, brand="visa", last4="4242")
        bank.db.write_now(linking.declined, **given)
        with pytest.raises(LinkOver):
            bank.db.write_now(linking.proved, **given)
        assert all_shown(bank, owner) == []

    def test_after_ten_minutes_no_code_can_be_typed(self, bank: Bank, watch: Watch) -> None:
        owner = customer(bank)
        given = {"customer_id": owner, "link_id": bank.db.write_now(linking.begin, customer_id=owner)}
        bank.db.write_now(linking.challenged, **given, token=TOKEN, brand="visa", last4="4242")
        assert bank.db.read_now(linking.open_link, **given).last4 == "4242"
        watch.later(minutes=10)
        with pytest.raises(LinkOver):
            bank.db.read_now(linking.open_link, **given)

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("/kk/payments/i/abc23", "/kk/payments/i/abc23"),
            ("https://evil.example", ""),
            ("//evil.example", ""),
            ("/kk/../x", ""),
            ("home", ""),
            ("/kk/" + "a" * 200, ""),
        ],
    )
    def test_only_a_path_of_ours_is_gone_on_to(self, typed: str, kept: str) -> None:
        assert linking.onward_of(typed) == kept


class TestRecipients:
    def test_a_card_of_ours_is_kept_by_its_id_and_masked_name_only(self, bank: Bank) -> None:
        owner, sender = customer(bank), customer(bank, phone=OTHER_PHONE)
        made = own_card(bank, owner)
        name = bank.db.write_now(recipients.begin, customer_id=sender)
        given = {"customer_id": sender, "recipient_id": name}
        assert bank.db.write_now(recipients.of_ours, **given, number=number_on(bank, owner, made))
        seen = bank.db.read_now(recipient, **given)
        assert (seen.card_id, seen.token, seen.last4, seen.masked_name) == (made.id, "", made.last4, "Айгүл Н.")

    def test_a_number_of_ours_that_nobody_has_is_no_recipient(self, bank: Bank) -> None:
        given = {"customer_id": customer(bank)}
        given["recipient_id"] = bank.db.write_now(recipients.begin, **given)
        assert not bank.db.write_now(recipients.of_ours, **given, number=with_check(f"{OWN_BIN}000000000"))
        with pytest.raises(NotFound):
            bank.db.read_now(recipient, **given)

    def test_it_is_forgotten_after_half_an_hour(self, bank: Bank, watch: Watch) -> None:
        owner = customer(bank)
        name = typed_recipient(bank, owner)
        watch.later(minutes=30)
        with pytest.raises(NotFound):
            bank.db.read_now(recipient, customer_id=owner, recipient_id=name)

    def test_looking_after_many_numbers_is_stopped_also_when_none_was_found(self, bank: Bank) -> None:
        owner = customer(bank)
        for _ in range(recipients.MOST_ASKED):
            bank.db.write_now(recipients.begin, customer_id=owner)
        with pytest.raises(Busy):
            bank.db.write_now(recipients.begin, customer_id=owner)
