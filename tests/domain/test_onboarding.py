"""Opening a wallet and getting a new password: no step skipped, no number told on, no wallet opened twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.customers.names import Person
from kaspi_web.domain.onboarding import service as onboarding
from kaspi_web.domain.onboarding.service import AlreadyCustomer, AlreadyDone, OutOfOrder, Progress
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.sms.codes import CodeExpired, TooManyCodes, WrongCode
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.service import Balances
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import Busy
from kaspi_web.kernel.money import ZERO
from tests.make.ledger import assert_clean, sql
from tests.make.moments import Watch
from tests.make.onboarding import AIGUL, begun, described, registered, verified
from tests.make.races import answers_of, at_once, refusals
from tests.make.sms import PHONE, last_code, messages, other_than

OTHER_PHONE = "+77010000102"
PURPOSES = ["register", "reset"]


def begin(bank: Bank, cookie: str, *, purpose: str = "register", phone: str = PHONE) -> Progress:
    return bank.db.write_now(onboarding.begin, cookie=cookie, purpose=purpose, phone=phone, language="kk")


def confirm(bank: Bank, cookie: str, typed: str, *, purpose: str = "register") -> object:
    return bank.db.write_now(onboarding.confirm, cookie=cookie, purpose=purpose, typed=typed)


def describe(bank: Bank, cookie: str, person: Person = AIGUL) -> None:
    bank.db.write_now(onboarding.describe, cookie=cookie, person=person)


def open_wallet(bank: Bank, cookie: str) -> str:
    return bank.db.write_now(onboarding.open_wallet, cookie=cookie, password_hash="hash")


def replace_password(bank: Bank, cookie: str) -> str:
    return bank.db.write_now(onboarding.replace_password, cookie=cookie, password_hash="new hash")


def progress(bank: Bank, cookie: str, *, purpose: str = "register") -> Progress | None:
    return bank.db.read_now(onboarding.progress, cookie=cookie, purpose=purpose)


def signed_in(bank: Bank, cookie: str) -> bool:
    return bank.db.read_now(sessions.visitor, cookie=cookie) is not None


def wallets(bank: Bank) -> int:
    return sql(bank, "SELECT COUNT(*) FROM account WHERE kind = 'wallet'")[0][0]


class TestRegistration:
    def test_four_steps_open_a_wallet_with_nothing_in_it(self, any_bank: Bank) -> None:
        cookie = sessions.new_cookie()
        assert begin(any_bank, cookie).verified is False
        assert confirm(any_bank, cookie, last_code(any_bank)) is None
        describe(any_bank, cookie)
        signed = open_wallet(any_bank, cookie)
        found = any_bank.db.read_now(sessions.visitor, cookie=signed)
        assert found
        assert any_bank.db.read_now(wallet.balances, customer_id=found.customer_id) == Balances(ZERO, ZERO)
        card = any_bank.db.read_now(customers.card, customer_id=found.customer_id)
        assert (card.phone, card.given_name, card.masked_name, card.language) == (PHONE, "Айгүл", "Айгүл Н.", "kk")
        assert sql(any_bank, "SELECT kind FROM account WHERE owner = :id ORDER BY id", id=str(card.id)) == [
            ("wallet",),
            ("bonus",),
        ]
        assert_clean(any_bank)

    def test_the_browser_gets_another_cookie_than_it_came_with(self, bank: Bank) -> None:
        cookie = described(bank)
        signed = open_wallet(bank, cookie)
        assert signed != cookie
        assert not signed_in(bank, cookie)

    def test_the_new_customer_is_told_by_sms(self, bank: Bank) -> None:
        registered(bank)
        assert messages(bank, PHONE)[-1] == ("wallet_opened", {})

    def test_progress_tells_how_far_the_browser_is(self, bank: Bank) -> None:
        cookie = sessions.new_cookie()
        assert progress(bank, cookie) is None
        begin(bank, cookie)
        first = progress(bank, cookie)
        confirm(bank, cookie, last_code(bank))
        second = progress(bank, cookie)
        describe(bank, cookie)
        third = progress(bank, cookie)
        open_wallet(bank, cookie)
        assert first
        assert second
        assert third
        assert [each.verified for each in (first, second, third)] == [False, True, True]
        assert [each.person for each in (first, second, third)] == [None, None, AIGUL]
        assert progress(bank, cookie) is None

    def test_a_wrong_code_stays_counted_and_verifies_nothing(self, bank: Bank) -> None:
        cookie = begun(bank)
        wrong = other_than(last_code(bank))
        answers = [confirm(bank, cookie, wrong) for _ in range(2)]
        assert [answer.params["tries_left"] for answer in answers if isinstance(answer, WrongCode)] == [4, 3]
        with pytest.raises(OutOfOrder):
            describe(bank, cookie)

    def test_no_code_is_asked_for_twice_once_it_was_right(self, bank: Bank) -> None:
        cookie = verified(bank)
        assert confirm(bank, cookie, "anything") is None

    def test_the_number_can_be_corrected(self, bank: Bank) -> None:
        cookie = begun(bank, phone=OTHER_PHONE)
        begin(bank, cookie)
        confirm(bank, cookie, last_code(bank))
        found = progress(bank, cookie)
        assert found
        assert (found.phone, found.verified) == (PHONE, True)

    def test_the_code_of_the_number_typed_before_does_not_verify_the_corrected_one(self, bank: Bank) -> None:
        cookie = begun(bank, phone=OTHER_PHONE)
        old = last_code(bank, OTHER_PHONE)
        begin(bank, cookie)
        assert old == last_code(bank) or isinstance(confirm(bank, cookie, old), WrongCode)

    def test_another_number_typed_after_the_code_has_to_be_proved_too(self, bank: Bank) -> None:
        cookie = described(bank)
        begin(bank, cookie, phone=OTHER_PHONE)
        with pytest.raises(OutOfOrder):
            open_wallet(bank, cookie)
        assert wallets(bank) == 0

    def test_a_number_with_a_wallet_gets_no_second_one(self, bank: Bank, watch: Watch) -> None:
        registered(bank)
        watch.later(minutes=1)
        cookie = described(bank)
        found = progress(bank, cookie)
        assert found
        assert found.has_wallet
        with pytest.raises(AlreadyCustomer):
            open_wallet(bank, cookie)
        assert wallets(bank) == 1
        assert not signed_in(bank, cookie)

    def test_nobody_is_told_of_a_wallet_before_the_number_is_proved(self, bank: Bank, watch: Watch) -> None:
        registered(bank)
        watch.later(minutes=1)
        assert begin(bank, sessions.new_cookie()).has_wallet is False

    def test_a_second_press_of_the_last_button_opens_no_second_wallet(self, any_bank: Bank) -> None:
        cookie = described(any_bank)
        answers = at_once(lambda: open_wallet(any_bank, cookie), times=4)
        assert len(answers_of(answers)) == 1
        assert {type(each) for each in refusals(answers)} <= {AlreadyDone, AlreadyCustomer}
        assert wallets(any_bank) == 1

    def test_two_browsers_finishing_with_one_number_at_once_open_one_wallet(self, any_bank: Bank, watch: Watch) -> None:
        """laravel-wallet#1009: a wallet created twice on first use."""
        browsers = []
        for _ in range(3):
            browsers.append(described(any_bank))
            watch.later(minutes=3)
        answers = at_once(*(lambda cookie=cookie: open_wallet(any_bank, cookie) for cookie in browsers))
        (signed,) = answers_of(answers)
        assert [type(each) for each in refusals(answers)] == [AlreadyCustomer] * 2
        assert wallets(any_bank) == 1
        assert signed_in(any_bank, signed)
        assert sql(any_bank, "SELECT COUNT(*) FROM sign_in") == [(1,)]
        assert_clean(any_bank)


class TestNoStepIsSkipped:
    @pytest.mark.parametrize("purpose", PURPOSES)
    def test_nothing_is_confirmed_or_sent_again_before_the_number(self, bank: Bank, purpose: str) -> None:
        cookie = sessions.new_cookie()
        with pytest.raises(OutOfOrder):
            confirm(bank, cookie, "111111", purpose=purpose)
        with pytest.raises(OutOfOrder):
            bank.db.write_now(onboarding.resend, cookie=cookie, purpose=purpose)

    def test_nobody_is_described_before_the_code(self, bank: Bank) -> None:
        with pytest.raises(OutOfOrder):
            describe(bank, begun(bank))

    def test_no_wallet_is_opened_before_the_code(self, bank: Bank) -> None:
        with pytest.raises(OutOfOrder):
            open_wallet(bank, begun(bank))
        assert wallets(bank) == 0

    def test_no_wallet_is_opened_before_the_person(self, bank: Bank) -> None:
        with pytest.raises(OutOfOrder):
            open_wallet(bank, verified(bank))
        assert wallets(bank) == 0

    def test_no_wallet_is_opened_with_the_proof_of_another_browser(self, bank: Bank) -> None:
        described(bank)
        with pytest.raises(OutOfOrder):
            open_wallet(bank, sessions.new_cookie())

    def test_no_wallet_is_opened_with_a_proof_for_a_new_password(self, bank: Bank, watch: Watch) -> None:
        registered(bank)
        watch.later(minutes=1)
        cookie = verified(bank, purpose="reset")
        with pytest.raises(OutOfOrder):
            describe(bank, cookie)
        with pytest.raises(OutOfOrder):
            open_wallet(bank, cookie)

    def test_no_password_is_replaced_with_a_proof_for_a_registration(self, bank: Bank, watch: Watch) -> None:
        registered(bank)
        watch.later(minutes=1)
        with pytest.raises(OutOfOrder):
            replace_password(bank, described(bank))
        assert sql(bank, "SELECT password_hash FROM customer") == [("x",)]

    def test_no_password_is_replaced_before_the_code(self, bank: Bank, watch: Watch) -> None:
        registered(bank)
        watch.later(minutes=1)
        with pytest.raises(OutOfOrder):
            replace_password(bank, begun(bank, purpose="reset"))

    def test_a_proof_ends_after_half_an_hour(self, bank: Bank, watch: Watch) -> None:
        cookie = described(bank)
        watch.later(minutes=30)
        assert progress(bank, cookie) is None
        with pytest.raises(OutOfOrder):
            open_wallet(bank, cookie)

    def test_a_code_that_ended_verifies_nothing(self, bank: Bank, watch: Watch) -> None:
        cookie = begun(bank)
        watch.later(minutes=5)
        assert isinstance(confirm(bank, cookie, last_code(bank)), CodeExpired)


class TestNoBudgetIsRenewed:
    def test_another_browser_does_not_renew_the_tries(self, bank: Bank, watch: Watch) -> None:
        first = begun(bank)
        wrong = other_than(last_code(bank))
        for _ in range(4):
            confirm(bank, first, wrong)
        watch.later(minutes=1)
        second = begun(bank)
        assert isinstance(confirm(bank, second, other_than(last_code(bank), wrong)), Busy)
        with pytest.raises(Busy):
            confirm(bank, second, last_code(bank))

    def test_another_browser_does_not_renew_the_wait(self, bank: Bank) -> None:
        begun(bank)
        with pytest.raises(Busy):
            begun(bank)

    @pytest.mark.parametrize("purpose", PURPOSES)
    def test_the_number_typed_again_goes_on_with_the_code_that_was_sent(
        self, bank: Bank, watch: Watch, purpose: str
    ) -> None:
        cookie = begun(bank, purpose=purpose)
        sent = sql(bank, "SELECT COUNT(*) FROM sms_code")
        first = progress(bank, cookie, purpose=purpose)
        assert begin(bank, cookie, purpose=purpose) == first
        assert sql(bank, "SELECT COUNT(*) FROM sms_code") == sent
        begin(bank, cookie, purpose=purpose, phone=OTHER_PHONE)
        assert begin(bank, cookie, purpose=purpose) == first
        watch.later(seconds=31)
        begin(bank, cookie, purpose=purpose)
        assert sql(bank, "SELECT COUNT(*) FROM sms_code WHERE phone = :phone", phone=PHONE) == [(2,)]

    def test_a_resend_waits(self, bank: Bank, watch: Watch) -> None:
        cookie = begun(bank)
        with pytest.raises(Busy):
            bank.db.write_now(onboarding.resend, cookie=cookie, purpose="register")
        watch.later(seconds=31)
        again = bank.db.write_now(onboarding.resend, cookie=cookie, purpose="register")
        assert again.resend_at > watch.now()
        assert [template for template, _ in messages(bank)] == ["code_register"] * 2

    def test_no_sixth_code_goes_to_a_phone_within_an_hour(self, bank: Bank, watch: Watch) -> None:
        for _ in range(5):
            begun(bank)
            watch.later(minutes=3)
        with pytest.raises(TooManyCodes):
            begun(bank)
        assert len(messages(bank, PHONE)) == 5


class TestNewPassword:
    def test_a_new_password_signs_this_browser_in_and_every_other_out(self, any_bank: Bank, watch: Watch) -> None:
        old = registered(any_bank)
        watch.later(minutes=1)
        cookie = verified(any_bank, purpose="reset")
        signed = replace_password(any_bank, cookie)
        assert signed_in(any_bank, signed)
        assert not signed_in(any_bank, old)
        assert not signed_in(any_bank, cookie)
        assert sql(any_bank, "SELECT password_hash FROM customer") == [("new hash",)]
        assert messages(any_bank, PHONE)[-1][0] == "password_changed"

    def test_other_customers_stay_signed_in(self, bank: Bank, watch: Watch) -> None:
        other = registered(bank, phone=OTHER_PHONE)
        registered(bank)
        watch.later(minutes=1)
        replace_password(bank, verified(bank, purpose="reset"))
        assert signed_in(bank, other)

    def test_a_proof_replaces_one_password_once(self, bank: Bank, watch: Watch) -> None:
        registered(bank)
        watch.later(minutes=1)
        cookie = verified(bank, purpose="reset")
        replace_password(bank, cookie)
        with pytest.raises(AlreadyDone):
            replace_password(bank, cookie)

    def test_a_new_password_ends_every_other_proof_of_the_phone(self, any_bank: Bank, watch: Watch) -> None:
        registered(any_bank)
        watch.later(minutes=1)
        thief = verified(any_bank, purpose="reset")
        watch.later(minutes=3)
        replace_password(any_bank, verified(any_bank, purpose="reset"))
        with pytest.raises(OutOfOrder):
            replace_password(any_bank, thief)

    def test_an_unknown_number_looks_like_a_known_one_and_gets_no_sms(self, bank: Bank, watch: Watch) -> None:
        registered(bank)
        watch.later(minutes=1)
        before = len(messages(bank))
        known, unknown = sessions.new_cookie(), sessions.new_cookie()
        same = datetime(2026, 1, 1, tzinfo=UTC)
        one = replace(begin(bank, known, purpose="reset"), resend_at=same)
        two = replace(begin(bank, unknown, purpose="reset", phone=OTHER_PHONE), resend_at=same, phone=PHONE)
        assert one == two
        assert [template for template, _ in messages(bank)[before:]] == ["code_reset"]
        assert messages(bank, OTHER_PHONE) == []

    def test_an_unknown_number_is_refused_in_the_same_words_as_a_known_one(self, bank: Bank, watch: Watch) -> None:
        registered(bank)
        watch.later(minutes=1)
        known, unknown = begun(bank, purpose="reset"), begun(bank, purpose="reset", phone=OTHER_PHONE)
        wrong = other_than(last_code(bank))
        for _ in range(4):
            answers = [confirm(bank, cookie, wrong, purpose="reset") for cookie in (known, unknown)]
            assert [(type(each), each.params) for each in answers if isinstance(each, WrongCode)][0::1] == [
                (WrongCode, answers[0].params)
            ] * 2
        assert {type(confirm(bank, cookie, wrong, purpose="reset")) for cookie in (known, unknown)} == {Busy}
        for phone in (PHONE, OTHER_PHONE):
            with pytest.raises(Busy):
                begun(bank, purpose="reset", phone=phone)


def test_consent_is_noted_with_its_version_and_moment(bank: Bank) -> None:
    registered(bank)
    assert sql(bank, "SELECT consent_version FROM customer") == [(onboarding.CONSENT_VERSION,)]
    assert sql(bank, "SELECT COUNT(*) FROM customer WHERE consented_at <= created_at") == [(1,)]


def test_the_name_and_birth_date_come_through_whole(bank: Bank) -> None:
    registered(bank, person=Person("Әлия-Гүл", "Ыбырайқызы", "О’Нилқызы", date(1988, 2, 29)))
    row = sql(bank, "SELECT given_name, family_name, patronymic, born_on FROM customer")[0]
    assert tuple(map(str, row)) == ("Әлия-Гүл", "Ыбырайқызы", "О’Нилқызы", "1988-02-29")
