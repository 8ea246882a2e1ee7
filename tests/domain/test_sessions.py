"""Sign-ins: a new cookie each time, an end in any case, and nothing to steal from the database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.sessions.service import Visitor
from kaspi_web.kernel.bank import Bank
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import sql
from tests.make.moments import Watch


def start(bank: Bank, customer_id: int, *, replacing: str = "", device: str = "") -> str:
    return bank.db.write_now(sessions.start, customer_id=customer_id, replacing=replacing, device=device)


def visitor(bank: Bank, cookie: str) -> Visitor | None:
    return bank.db.read_now(sessions.visitor, cookie=cookie)


def test_the_new_cookie_is_the_customers(bank: Bank) -> None:
    owner = customer(bank)
    found = visitor(bank, start(bank, owner))
    assert found is not None
    assert found.customer_id == owner


def test_a_sign_in_makes_a_new_cookie_and_ends_the_old_one(bank: Bank) -> None:
    owner, guest = customer(bank), sessions.new_cookie()
    first = start(bank, owner, replacing=guest)
    second = start(bank, owner, replacing=first)
    assert len({guest, first, second}) == 3
    assert [visitor(bank, cookie) is None for cookie in (guest, first, second)] == [True, True, False]


def test_a_cookie_that_a_guest_brought_is_good_for_nothing(bank: Bank) -> None:
    """Session fixation: what was set before the sign-in does not become the sign-in."""
    planted = "planted-by-somebody"
    start(bank, customer(bank), replacing=planted)
    assert visitor(bank, planted) is None


def test_no_cookie_is_nobody(bank: Bank) -> None:
    start(bank, customer(bank))
    assert visitor(bank, "") is None
    assert visitor(bank, sessions.new_cookie()) is None


def test_a_sign_in_ends_when_idle_for_15_minutes(bank: Bank, watch: Watch) -> None:
    cookie = start(bank, customer(bank))
    watch.later(minutes=14, seconds=55)
    assert visitor(bank, cookie)
    watch.later(seconds=5)
    assert visitor(bank, cookie) is None


def test_a_touch_puts_the_idle_end_off(bank: Bank, watch: Watch) -> None:
    cookie = start(bank, customer(bank))
    for _ in range(3):
        watch.later(minutes=10)
        found = visitor(bank, cookie)
        assert found
        bank.db.write_now(sessions.touch, sign_in_id=found.sign_in_id)


def test_no_touch_puts_the_absolute_end_off(bank: Bank, watch: Watch) -> None:
    cookie = start(bank, customer(bank))
    for _ in range(71):
        watch.later(minutes=10)
        found = visitor(bank, cookie)
        assert found
        bank.db.write_now(sessions.touch, sign_in_id=found.sign_in_id)
    watch.later(minutes=10)
    assert visitor(bank, cookie) is None


def test_a_touch_does_not_revive_a_sign_in_that_was_idle_for_too_long(bank: Bank, watch: Watch) -> None:
    """A handler that began before the idle end may touch after it."""
    cookie = start(bank, customer(bank))
    found = visitor(bank, cookie)
    assert found
    watch.later(minutes=16)
    bank.db.write_now(sessions.touch, sign_in_id=found.sign_in_id)
    assert visitor(bank, cookie) is None


def test_a_touch_does_not_revive_a_sign_in_that_was_ended(bank: Bank) -> None:
    cookie = start(bank, customer(bank))
    found = visitor(bank, cookie)
    assert found
    bank.db.write_now(sessions.end, cookie=cookie)
    bank.db.write_now(sessions.touch, sign_in_id=found.sign_in_id)
    assert visitor(bank, cookie) is None


def test_a_jump_of_the_banks_clock_ends_no_sign_in(bank: Bank) -> None:
    cookie = start(bank, customer(bank))
    bank.clock.jump(timedelta(days=30))
    assert visitor(bank, cookie)


def test_signing_out_ends_this_browser_only(bank: Bank) -> None:
    owner = customer(bank)
    here, there = start(bank, owner), start(bank, owner)
    bank.db.write_now(sessions.end, cookie=here)
    assert visitor(bank, here) is None
    assert visitor(bank, there)


def test_end_all_ends_every_browser_of_one_customer_only(bank: Bank) -> None:
    owner, other = customer(bank), customer(bank, phone=OTHER_PHONE)
    mine, theirs = [start(bank, owner), start(bank, owner)], start(bank, other)
    bank.db.write_now(sessions.end_all, customer_id=owner)
    assert [visitor(bank, cookie) for cookie in mine] == [None, None]
    assert visitor(bank, theirs)


def test_no_cookie_can_be_read_from_the_database(sqlite_bank: Bank) -> None:
    cookie = start(sqlite_bank, customer(sqlite_bank), device="Firefox")
    assert cookie not in str(sql(sqlite_bank, "SELECT * FROM sign_in"))
    files = [path for path in sqlite_bank.settings.data_dir.iterdir() if path.name.startswith("bank.db")]
    assert all(cookie.encode() not in path.read_bytes() for path in files)
    assert any(b"Firefox" in path.read_bytes() for path in files), "the search itself works"


def test_cookies_are_long_and_never_alike() -> None:
    cookies = {sessions.new_cookie() for _ in range(100)}
    assert len(cookies) == 100
    assert min(map(len, cookies)) >= 43


def test_a_device_with_a_long_name_is_cut(any_bank: Bank) -> None:
    assert start(any_bank, customer(any_bank), device="x" * 500)


class TestSignIn:
    def known(self, bank: Bank) -> customers.Credentials:
        return bank.db.write_now(customers.credentials, phone=PHONE, address="a")

    def sign_in(self, bank: Bank, known: customers.Credentials) -> str:
        return bank.db.write_now(sessions.sign_in, known=known, phone=PHONE, address="a", replacing="")

    def test_a_sign_in_starts_and_forgets_the_tries(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        cookie = self.sign_in(any_bank, self.known(any_bank))
        found = any_bank.db.read_now(sessions.visitor, cookie=cookie)
        assert found
        assert found.customer_id == owner
        assert sql(any_bank, "SELECT COUNT(*) FROM sign_in_try") == [(0,)]

    def test_a_password_that_was_replaced_while_it_was_checked_signs_nobody_in(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        known = self.known(any_bank)
        any_bank.db.write_now(customers.set_password, customer_id=owner, password_hash="new")
        with pytest.raises(customers.SignInRefused):
            self.sign_in(any_bank, known)
        assert sql(any_bank, "SELECT COUNT(*) FROM sign_in") == [(0,)]
        assert sql(any_bank, "SELECT COUNT(*) FROM sign_in_try") == [(1,)]

    def test_nobody_is_signed_in_as_nobody(self, bank: Bank) -> None:
        with pytest.raises(customers.SignInRefused):
            self.sign_in(bank, self.known(bank))
