"""Knowing a customer's IIN: it must agree with the registration, has one wallet, and freezes the person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.customers.names import Person
from kaspi_web.domain.identity import requests
from kaspi_web.domain.identity import service as identity
from kaspi_web.domain.identity.names import same_name, same_names
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import Busy, DomainError, NotFound
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.identity import AIGUL, iin_of, matched
from tests.make.ledger import sql
from tests.make.moments import Watch

IIN = iin_of()


def match(bank: Bank, customer_id: int, iin: str = IIN, registered: Person | None = AIGUL) -> identity.IdentityView:
    return bank.db.write_now(identity.match, customer_id=customer_id, iin=iin, registered=registered)


def known(bank: Bank, customer_id: int) -> identity.IdentityView | None:
    return bank.db.read_now(identity.of, customer_id=customer_id)


def person(bank: Bank, customer_id: int) -> Person:
    return bank.db.read_now(customers.person, customer_id=customer_id)


def rows(bank: Bank) -> int:
    return sql(bank, "SELECT COUNT(*) FROM identity")[0][0]


class TestMatching:
    def test_a_number_that_agrees_is_known_and_shown_masked(self, bank: Bank):
        me = customer(bank)
        assert known(bank, me) is None
        assert match(bank, me).masked == f"9005•••• ••{IIN[-2:]}"
        assert known(bank, me) == match(bank, me)
        assert bank.db.read_now(identity.own_iin, customer_id=me) == IIN

    def test_the_table_tells_nobody_the_number(self, bank: Bank):
        match(bank, customer(bank))
        text = str(sql(bank, "SELECT customer_id, iin_digest, iin_sealed, iin_masked FROM identity"))
        assert IIN not in text
        assert IIN[4:10] not in text

    def test_there_is_no_plain_number_before_it_is_known(self, bank: Bank):
        with pytest.raises(identity.IinNeeded):
            bank.db.read_now(identity.own_iin, customer_id=customer(bank))

    @pytest.mark.parametrize(
        ("told", "parts"),
        [
            (replace(AIGUL, given_name="Динара"), ["name"]),
            (replace(AIGUL, family_name="Нұрлан"), ["name"]),
            (replace(AIGUL, born_on=date(1990, 5, 2)), ["birth"]),
            (Person("Тимур", "Оспанов", "", date(1985, 6, 15)), ["name", "birth"]),
            (None, ["unknown"]),
        ],
    )
    def test_what_does_not_agree_is_named_and_nothing_is_stored(
        self, bank: Bank, told: Person | None, parts: list[str]
    ):
        me = customer(bank)
        with pytest.raises(identity.IdentityMismatch) as refused:
            match(bank, me, registered=told)
        assert refused.value.params == {"parts": parts}
        assert (rows(bank), known(bank, me)) == (0, None)

    def test_an_unknown_number_of_another_day_says_so(self, bank: Bank):
        with pytest.raises(identity.IdentityMismatch) as refused:
            match(bank, customer(bank), iin="850615401232", registered=None)
        assert refused.value.params == {"parts": ["unknown", "birth"]}

    def test_the_registers_date_goes_before_the_one_inside_the_number(self, bank: Bank):
        """By law the number's own date binds nobody since 2013."""
        assert match(bank, customer(bank), iin="850615401232").masked == "8506•••• ••32"

    def test_a_refused_number_may_be_followed_by_the_right_one(self, bank: Bank):
        me = customer(bank)
        with pytest.raises(identity.IdentityMismatch):
            match(bank, me, registered=None)
        assert match(bank, me).masked.startswith("9005")

    def test_nobody_has_two_numbers(self, bank: Bank):
        me = customer(bank)
        match(bank, me)
        with pytest.raises(identity.IdentityKnown):
            match(bank, me, iin=iin_of(number=50))
        assert bank.db.read_now(identity.own_iin, customer_id=me) == IIN

    def test_one_number_has_one_wallet(self, bank: Bank):
        me, other = customer(bank), customer(bank, phone=OTHER_PHONE)
        match(bank, me)
        with pytest.raises(identity.IdentityTaken):
            match(bank, other)
        assert (rows(bank), known(bank, other)) == (1, None)

    def test_of_many_wallets_at_once_one_gets_the_number(self, bank: Bank):
        people = [customer(bank, phone=f"+7701000{number:04d}") for number in range(6)]

        def tried(customer_id: int) -> bool:
            try:
                match(bank, customer_id)
            except identity.IdentityTaken:
                return False
            return True

        with ThreadPoolExecutor(len(people)) as pool:
            assert list(pool.map(tried, people)).count(True) == 1
        assert rows(bank) == 1

    def test_a_customer_who_is_none_is_not_found(self, bank: Bank):
        with pytest.raises(NotFound):
            match(bank, 999)


class TestNames:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Айгүл", "АЙГҮЛ"),
            ("Ковалёв", "Ковалев"),
            ("Анна-Мария", "Анна Мария"),
            ("О’Нил", "О'Нил"),
            ("Сергей", "Серге\u0438\u0306"),
        ],
    )
    def test_spellings_of_one_name(self, one: str, other: str):
        assert same_name(one, other)

    @pytest.mark.parametrize(("one", "other"), [("Айгүл", "Айгул"), ("Сергей", "Сергеи"), ("Анна", "Анн"), ("Ян", "")])
    def test_other_names(self, one: str, other: str):
        assert not same_name(one, other)

    @pytest.mark.parametrize(
        ("given", "registered", "same"),
        [
            ("", "Маратқызы", True),
            ("Маратқызы", "Маратқызы", True),
            ("Маратқызы", "", False),
            ("Маратовна", "Маратқызы", False),
        ],
    )
    def test_a_patronymic_is_compared_when_it_was_given(self, given: str, registered: str, same: bool):
        pair = (replace(AIGUL, patronymic=given), replace(AIGUL, patronymic=registered))
        assert same_names(*pair) is same


class TestCorrecting:
    CHANGED = Person("Айгуль", "Нурланова", "Маратовна", date(1991, 6, 2))

    def test_names_and_birth_date_are_corrected_until_a_number_is_known(self, bank: Bank):
        me = customer(bank)
        bank.db.write_now(identity.change_person, customer_id=me, person=self.CHANGED)
        assert person(bank, me) == self.CHANGED
        assert match(bank, me, registered=self.CHANGED).masked

    def test_afterwards_they_are_frozen(self, bank: Bank):
        me = customer(bank)
        match(bank, me)
        with pytest.raises(identity.PersonFrozen):
            bank.db.write_now(identity.change_person, customer_id=me, person=self.CHANGED)
        assert person(bank, me) == AIGUL

    def test_saving_them_unchanged_is_no_change(self, bank: Bank):
        me = customer(bank)
        match(bank, me)
        bank.db.write_now(identity.change_person, customer_id=me, person=AIGUL)

    def test_a_refused_match_freezes_nothing(self, bank: Bank):
        me = customer(bank)
        with pytest.raises(identity.IdentityMismatch):
            match(bank, me, registered=None)
        bank.db.write_now(identity.change_person, customer_id=me, person=self.CHANGED)
        assert person(bank, me) == self.CHANGED

    def test_correcting_and_matching_at_once_leave_what_was_matched(self, bank: Bank):
        me = customer(bank)

        def deed(number: int) -> Any:
            try:
                if number % 2:
                    return match(bank, me)
                return bank.db.write_now(identity.change_person, customer_id=me, person=self.CHANGED)
            except DomainError as refusal:
                return refusal

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(deed, range(8)))
        assert person(bank, me) == (AIGUL if known(bank, me) else self.CHANGED)


class TestGuard:
    """The database itself keeps the names of whoever is known."""

    @pytest.mark.parametrize(
        "change",
        [
            "given_name = 'X'",
            "family_name = 'X'",
            "patronymic = 'X'",
            "born_on = '1991-01-01'",
            "language = 'ru', given_name = 'X'",
        ],
    )
    def test_a_known_persons_names_and_date_are_never_changed(self, bank: Bank, change: str):
        matched(bank, customer(bank))
        with pytest.raises(IntegrityError, match="never changed"), bank.db.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE customer SET {change}")
        assert sql(bank, "SELECT given_name, language FROM customer") == [("Айгүл", "kk")]

    def test_whatever_else_is_known_of_them_may_change(self, bank: Bank):
        matched(bank, customer(bank))
        with bank.db.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE customer SET language = 'ru', password_hash = 'y', given_name = given_name"
            )
        assert sql(bank, "SELECT language FROM customer") == [("ru",)]

    def test_another_customer_is_not_kept(self, bank: Bank):
        matched(bank, customer(bank))
        other = customer(bank, phone=OTHER_PHONE)
        with bank.db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE customer SET given_name = 'X' WHERE id = :id"), {"id": other})
        assert person(bank, other).given_name == "X"

    def test_a_refused_change_leaves_the_rest_of_the_callers_work(self, bank: Bank):
        """The trigger ABORTs and never rolls back: what was written before stays the caller's to commit."""
        matched(bank, customer(bank))
        with bank.db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE customer SET language = 'en'")
            with pytest.raises(IntegrityError), connection.begin_nested():
                connection.exec_driver_sql("UPDATE customer SET given_name = 'X'")
        assert sql(bank, "SELECT language FROM customer") == [("en",)]


class TestTries:
    def tried(self, bank: Bank, customer_id: int) -> int:
        return bank.db.write_now(identity.begin_try, customer_id=customer_id)

    def test_after_five_in_an_hour_the_sixth_waits(self, bank: Bank, watch: Watch):
        me, other = customer(bank), customer(bank, phone=OTHER_PHONE)
        first = watch.now()
        for _ in range(identity.MAX_TRIES):
            self.tried(bank, me)
        with pytest.raises(Busy) as refused:
            self.tried(bank, me)
        assert abs(refused.value.params["until"] - first - identity.TRY_WINDOW) < timedelta(minutes=1)
        self.tried(bank, other)
        watch.later(minutes=61)
        self.tried(bank, me)

    def test_a_try_that_the_register_did_not_answer_is_taken_back(self, bank: Bank):
        me = customer(bank)
        for _ in range(identity.MAX_TRIES * 2):
            bank.db.write_now(identity.forget_try, try_id=self.tried(bank, me))
        assert sql(bank, "SELECT COUNT(*) FROM identity_try") == [(0,)]

    def test_tries_sent_all_at_once_count_each_other(self, bank: Bank):
        me = customer(bank)

        def tried(_: int) -> bool:
            try:
                return self.tried(bank, me) > 0
            except Busy:
                return False

        with ThreadPoolExecutor(10) as pool:
            assert list(pool.map(tried, range(10))).count(True) == identity.MAX_TRIES


class TestOrders:
    def claimed(self, bank: Bank) -> list[requests.Order]:
        return bank.db.write_now(requests.claim, most=10)

    def test_an_order_says_who_is_meant_and_is_handed_out_once(self, bank: Bank):
        me = customer(bank)
        bank.db.write_now(requests.order_card, customer_id=me)
        (order,) = self.claimed(bank)
        assert (order.phone, order.person, len(order.reference)) == (PHONE, AIGUL, 26)
        assert self.claimed(bank) == []

    def test_a_lease_that_is_over_hands_out_the_same_reference(self, bank: Bank, watch: Watch):
        bank.db.write_now(requests.order_card, customer_id=customer(bank))
        (order,) = self.claimed(bank)
        watch.later(seconds=31)
        assert [each.reference for each in self.claimed(bank)] == [order.reference]

    def test_an_order_that_is_done_comes_no_more(self, bank: Bank, watch: Watch):
        bank.db.write_now(requests.order_card, customer_id=customer(bank))
        (order,) = self.claimed(bank)
        bank.db.write_now(requests.done, order_id=order.id)
        watch.later(hours=1)
        assert self.claimed(bank) == []
        assert bank.db.write_now(requests.end_leases) == 0

    def test_an_order_that_was_put_off_comes_again_ever_more_rarely(self, bank: Bank, watch: Watch):
        bank.db.write_now(requests.order_card, customer_id=customer(bank))
        waits = []
        for _ in range(8):
            (order,) = self.claimed(bank)
            bank.db.write_now(requests.put_off, order_id=order.id)
            (due,) = bank.db.read_now(requests.due, until=watch.now() + timedelta(days=1))
            waits.append(round((due.due_at - watch.now()).total_seconds()))
            watch.later(seconds=waits[-1] + 1)
        assert waits == sorted(waits)
        assert (waits[0], waits[-1]) == (2, 300)

    def test_when_a_server_starts_alone_nobody_waits_for_a_dead_ones_lease(self, bank: Bank):
        bank.db.write_now(requests.order_card, customer_id=customer(bank))
        self.claimed(bank)
        assert bank.db.write_now(requests.end_leases) == 1
        assert len(self.claimed(bank)) == 1
