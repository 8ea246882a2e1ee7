"""Names, birth dates, passwords and the limit on guessing them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kaspi_web.domain.customers import passwords
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.customers.names import (
    BornInFuture,
    BornTooLongAgo,
    BornUnreadable,
    NameMissing,
    NameUnreadable,
    TooYoung,
    age,
    masked_name,
    parse_born,
    parse_name,
)
from kaspi_web.domain.customers.passwords import (
    PasswordLikePhone,
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
    check_strength,
)
from kaspi_web.domain.customers.service import Credentials
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import Busy, NotFound
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import sql
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once, refusals

TODAY = date(2026, 11, 22)


class TestNames:
    @pytest.mark.parametrize(
        ("typed", "name"),
        [
            ("Айгүл", "Айгүл"),
            ("  Айгүл ", "Айгүл"),
            ("Әсел Ұлпан", "Әсел Ұлпан"),
            ("Әсел   Ұлпан", "Әсел Ұлпан"),
            ("Қызғалдақ", "Қызғалдақ"),
            ("Һәнипа", "Һәнипа"),
            ("Мария-Луиза", "Мария-Луиза"),
            ("О'Нил", "О'Нил"),
            ("О’Нил", "О’Нил"),
            ("Ö", "Ö"),
            ("И\u0306лия", "Йлия"),
            ("Jean-Luc", "Jean-Luc"),
            ("я" * 60, "я" * 60),
        ],
    )
    def test_a_name_is_taken_with_its_outer_spaces_off(self, typed: str, name: str) -> None:
        assert parse_name(typed, field="given_name") == name

    @pytest.mark.parametrize(
        "typed", ["Айгүл2", "٣", "Ай_гүл", "<b>", "a@b", "-", "'", "...", "😀", "я" * 61, "А\u0000б"]
    )
    def test_what_is_no_name_is_refused_at_its_field(self, typed: str) -> None:
        with pytest.raises(NameUnreadable) as refusal:
            parse_name(typed, field="family_name")
        assert refusal.value.field == "family_name"

    @pytest.mark.parametrize("typed", ["", "   ", "\u00a0"])
    def test_a_name_that_must_be_given_is_missed(self, typed: str) -> None:
        with pytest.raises(NameMissing) as refusal:
            parse_name(typed, field="given_name")
        assert refusal.value.field == "given_name"

    def test_a_patronymic_may_be_left_out(self) -> None:
        assert parse_name(" ", field="patronymic", required=False) == ""

    def test_a_stranger_sees_one_letter_of_the_family_name(self) -> None:
        assert masked_name("Айгүл", "Нұрланова") == "Айгүл Н."


class TestBirthDates:
    @pytest.mark.parametrize(
        ("typed", "born"),
        [
            (("1", "5", "1990"), date(1990, 5, 1)),
            ((" 01 ", "05", "1990"), date(1990, 5, 1)),
            (("29", "2", "2000"), date(2000, 2, 29)),
            (("22", "11", "2008"), date(2008, 11, 22)),
            (("23", "11", "1905"), date(1905, 11, 23)),
        ],
    )
    def test_a_date_of_an_adult_is_taken(self, typed: tuple[str, str, str], born: date) -> None:
        assert parse_born(*typed, today=TODAY) == born

    @pytest.mark.parametrize(
        "typed",
        [
            ("31", "11", "1990"),
            ("29", "2", "1999"),
            ("0", "1", "1990"),
            ("1", "13", "1990"),
            ("1", "1", "90"),
            ("1", "1", "0000"),
            ("", "1", "1990"),
            ("1", "мамыр", "1990"),
            ("-1", "1", "1990"),
            ("1.0", "1", "1990"),
            ("٣", "1", "1990"),
            ("1", "1", "19900"),
        ],
    )
    def test_what_is_no_date_is_refused(self, typed: tuple[str, str, str]) -> None:
        with pytest.raises(BornUnreadable) as refusal:
            parse_born(*typed, today=TODAY)
        assert type(refusal.value) is BornUnreadable

    def test_a_date_that_has_not_come_is_refused(self) -> None:
        with pytest.raises(BornInFuture):
            parse_born("23", "11", "2026", today=TODAY)

    @pytest.mark.parametrize("typed", [("23", "11", "2008"), ("22", "11", "2026"), ("1", "1", "2020")])
    def test_somebody_under_18_by_one_day_is_too_young(self, typed: tuple[str, str, str]) -> None:
        with pytest.raises(TooYoung):
            parse_born(*typed, today=TODAY)

    def test_somebody_of_exactly_18_is_old_enough(self) -> None:
        assert parse_born("22", "11", "2008", today=TODAY) == date(2008, 11, 22)

    def test_somebody_born_on_29_february_is_18_on_1_march(self) -> None:
        with pytest.raises(TooYoung):
            parse_born("29", "2", "2008", today=date(2026, 2, 28))
        assert parse_born("29", "2", "2008", today=date(2026, 3, 1)) == date(2008, 2, 29)

    @pytest.mark.parametrize("year", ["1800", "1905"])
    def test_nobody_is_older_than_120(self, year: str) -> None:
        with pytest.raises(BornTooLongAgo):
            parse_born("22", "11", year, today=TODAY)

    def test_age_counts_whole_years(self) -> None:
        assert [age(date(2000, 6, 15), date(2026, 6, day)) for day in (14, 15, 16)] == [25, 26, 26]


class TestPasswords:
    @pytest.mark.parametrize(
        "password", ["correct horse battery", "тау мен теңіз арасы", "Жусан-иісі-41-дала", "x9$Lq2!vTz"]
    )
    def test_a_good_password_is_taken(self, password: str) -> None:
        check_strength(password, phone=PHONE, names=("Айгүл", "Нұрланова"))

    @pytest.mark.parametrize("password", ["", "aB3$xY7", "қысқа1!"])
    def test_a_short_password_is_refused(self, password: str) -> None:
        with pytest.raises(PasswordTooShort):
            check_strength(password, phone=PHONE)

    @pytest.mark.parametrize(
        "password",
        [
            "password",
            "password1",
            "12345678",
            "qwertyui",
            "11111111",
            "aaaaaaaaaaaa",
            "kaspi2026",
            "kaspikaspi",
            "kazakhstan1",
            "қазақстан",
            "Қазақстан2024",
            "пароль123",
            "ПАРОЛЬ123",
            "құпиясөз1",
            "алматы2026",
            "казахстан",
            "қазақ2020",
            "привет123",
            "ячсмитьб",
            "любовь123",
            "йцукенгш",
            "сәлем123",
            "әіңғүұқө",
        ],
    )
    def test_a_common_password_is_refused(self, password: str) -> None:
        with pytest.raises(PasswordTooCommon):
            check_strength(password, phone=PHONE)

    @pytest.mark.parametrize(
        "password", ["+77010000101", "87010000101", "7010000101", "tel 0000101", "x77010000101y", "701 000 01 01"]
    )
    def test_a_password_made_of_the_phone_is_refused(self, password: str) -> None:
        with pytest.raises(PasswordLikePhone):
            check_strength(password, phone=PHONE)

    @pytest.mark.parametrize("password", ["нұрланова", "Нұрланова1"])
    def test_a_password_made_of_ones_own_name_is_refused(self, password: str) -> None:
        with pytest.raises(PasswordTooCommon):
            check_strength(password, phone=PHONE, names=("Айгүл", "Нұрланова"))

    @pytest.mark.parametrize(
        "password",
        ["тау мен теңіз арасы", "зонт лампа тропа мост", "сәлем қазақ құпия дос", "correct horse battery staple"],
    )
    def test_a_passphrase_of_four_words_is_taken_in_every_language(self, password: str) -> None:
        check_strength(password, phone=PHONE)

    def test_a_password_has_128_characters_at_most(self) -> None:
        whole = ("тау мен теңіз арасы " * 7)[:128]
        check_strength(whole, phone=PHONE)
        with pytest.raises(PasswordTooLong):
            check_strength(whole + "я", phone=PHONE)
        stored = passwords.hashed(whole)
        assert passwords.matches(whole, stored)
        assert not passwords.matches(whole + "я", stored)

    def test_the_same_letters_in_other_bytes_are_the_same_password(self) -> None:
        assert passwords.matches("и\u0306од ｔａｕ жел", passwords.hashed("йод tau жел"))

    def test_a_hash_fits_its_password_only(self) -> None:
        stored = passwords.hashed("тау мен теңіз арасы")
        assert stored.startswith("$argon2")
        assert passwords.matches("тау мен теңіз арасы", stored)
        assert not passwords.matches("тау мен теңіз", stored)
        assert not passwords.matches("a password that nobody has", None)

    def test_two_hashes_of_one_password_differ(self) -> None:
        assert passwords.hashed("тау мен теңіз") != passwords.hashed("тау мен теңіз")


class TestFinding:
    def test_a_card_tells_no_hash(self, bank: Bank) -> None:
        owner = customer(bank, password_hash="very secret")
        assert "very secret" not in repr(bank.db.read_now(customers.card, customer_id=owner))

    def test_nobodys_card_is_not_found(self, bank: Bank) -> None:
        with pytest.raises(NotFound):
            bank.db.read_now(customers.card, customer_id=1)
        assert bank.db.read_now(customers.card_by_phone, phone=PHONE) is None

    def test_language_and_password_change_for_one_customer_only(self, bank: Bank) -> None:
        one, _ = customer(bank), customer(bank, phone=OTHER_PHONE)
        bank.db.write_now(customers.set_language, customer_id=one, language="ru")
        bank.db.write_now(customers.set_password, customer_id=one, password_hash="new")
        assert sql(bank, "SELECT language, password_hash FROM customer ORDER BY id") == [("ru", "new"), ("kk", "x")]


class TestSignInTries:
    def credentials(self, bank: Bank, phone: str = PHONE, address: str = "10.0.0.1") -> Credentials:
        """Asking for what a password is checked against is a try."""
        return bank.db.write_now(customers.credentials, phone=phone, address=address)

    def tries(self, bank: Bank, times: int, phone: str = PHONE, address: str = "10.0.0.1") -> None:
        for _ in range(times):
            self.credentials(bank, phone, address)

    def test_credentials_are_the_customers(self, bank: Bank) -> None:
        owner = customer(bank, password_hash="hash")
        assert self.credentials(bank) == Credentials(owner, "hash")

    def test_an_unknown_number_has_no_credentials_and_the_same_limit(self, bank: Bank) -> None:
        assert self.credentials(bank) == Credentials(None, None)
        self.tries(bank, 4)
        with pytest.raises(Busy):
            self.credentials(bank)

    def test_five_tries_stop_the_number_for_15_minutes(self, bank: Bank, watch: Watch) -> None:
        customer(bank)
        self.tries(bank, 5)
        with pytest.raises(Busy) as refusal:
            self.credentials(bank)
        assert timedelta(minutes=14) < refusal.value.params["until"] - watch.now() <= timedelta(minutes=15)
        watch.later(minutes=14, seconds=50)
        with pytest.raises(Busy):
            self.credentials(bank)
        watch.later(seconds=11)
        assert self.credentials(bank).customer_id

    def test_a_strangers_five_tries_do_not_lock_the_owner_out(self, bank: Bank) -> None:
        owner = customer(bank)
        self.tries(bank, 5)
        with pytest.raises(Busy):
            self.credentials(bank)
        assert self.credentials(bank, address="10.9.9.9").customer_id == owner

    def test_thirty_tries_stop_a_number_whatever_the_addresses(self, bank: Bank) -> None:
        for number in range(6):
            self.tries(bank, 5, address=f"10.0.0.{number}")
        with pytest.raises(Busy):
            self.credentials(bank, address="10.9.9.9")
        assert self.credentials(bank, phone=OTHER_PHONE, address="10.9.9.9") == Credentials(None, None)

    def test_sixty_tries_stop_an_address_whatever_the_numbers(self, bank: Bank) -> None:
        for number in range(60):
            self.tries(bank, 1, phone=f"+7701000{number:04d}")
        with pytest.raises(Busy):
            self.credentials(bank, phone=OTHER_PHONE)
        assert self.credentials(bank, phone=OTHER_PHONE, address="10.0.0.2") == Credentials(None, None)

    def test_another_number_is_not_stopped(self, bank: Bank) -> None:
        self.tries(bank, 5)
        assert self.credentials(bank, phone=OTHER_PHONE) == Credentials(None, None)

    def test_the_right_password_forgets_the_tries_of_its_own_number_and_address_only(self, bank: Bank) -> None:
        for phone in (PHONE, OTHER_PHONE):
            self.tries(bank, 5, phone=phone)
        self.tries(bank, 5, address="10.6.6.6")
        bank.db.write_now(customers.forget_tries, phone=PHONE, address="10.0.0.1")
        assert self.credentials(bank) == Credentials(None, None)
        with pytest.raises(Busy):
            self.credentials(bank, address="10.6.6.6")
        with pytest.raises(Busy):
            self.credentials(bank, phone=OTHER_PHONE)

    def test_neither_number_nor_address_can_be_read_from_the_tries(self, bank: Bank) -> None:
        self.tries(bank, 1)
        row = str(sql(bank, "SELECT * FROM sign_in_try"))
        assert PHONE not in row
        assert "10.0.0.1" not in row

    def test_guesses_made_at_once_do_not_go_past_the_limit(self, any_bank: Bank) -> None:
        """A guesser sends all at once, before the slow check of any password is over."""
        customer(any_bank)
        for number in range(5):
            self.tries(any_bank, 5, address=f"10.1.0.{number}")
        answers = at_once(*(lambda n=n: self.credentials(any_bank, address=f"10.0.0.{n}") for n in range(16)))
        assert len(answers_of(answers)) == 5
        assert {type(each) for each in refusals(answers)} == {Busy}

    def test_guesses_made_at_once_from_one_address_stop_at_five(self, any_bank: Bank) -> None:
        customer(any_bank)
        assert len(answers_of(at_once(lambda: self.credentials(any_bank), times=12))) == 5
