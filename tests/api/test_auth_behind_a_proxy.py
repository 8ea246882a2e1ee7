"""Behind a reverse proxy every request comes from one address: the visitor's own is in X-Forwarded-For."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.customers import service as customers
from kaspi_web.kernel.bank import Bank
from tests.api.browsers import PASSWORD, Browser, went_to, with_password
from tests.make.customers import PHONE


@pytest.fixture
def bank_settings() -> dict[str, Any]:
    return {"trusted_proxy_hops": 1}


def test_one_visitor_who_guesses_does_not_lock_out_those_who_share_the_proxy(bank: Bank):
    with_password(bank)
    guesser = {"X-Forwarded-For": "203.0.113.7"}
    for number in range(customers.MAX_TRIES_FOR_ADDRESS):
        # Other numbers each time, so that only the address adds up.
        bank.db.write_now(customers.credentials, phone=f"+7701000{number + 2000:04d}", address="203.0.113.7")
    refused = Browser(bank)
    refused.post("sign-in", {"phone": PHONE, "password": PASSWORD}, headers=guesser)
    said = refused.said("sign-in")
    assert said is not None, "the guesser's own address is what adds up"
    assert said.code == "too_many_tries"
    other = {"X-Forwarded-For": "203.0.113.8"}
    assert went_to(Browser(bank).post("sign-in", {"phone": PHONE, "password": PASSWORD}, headers=other)) == "/ru/home"
