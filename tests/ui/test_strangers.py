"""Ids from a page prove nothing: another customer sees nothing of mine and moves nothing of mine."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from kaspi_web.gateways.sms import gateway_of
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.balance.state import BalanceState, EntryState
from kaspi_web.ui.history.state import ReceiptState
from kaspi_web.ui.home.state import HomeState
from kaspi_web.ui.payments.intent import IntentState as I
from kaspi_web.ui.sim.state import PhoneState
from kaspi_web.workers import sms
from tests.make.bills import issued, paid
from tests.make.cards import own_card
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import moved, sql
from tests.make.phone import browser
from tests.make.sms import last_code
from tests.ui.harness import Site, play, signed_in
from tests.workers.waiting import until

MINE = ("04512287", "Айгүл", "7 700", "7,700", "АлматыЭнергоСбыт", "AlmatyEnergoSbyt")


@pytest.fixture
def people(bank: Bank) -> tuple[int, int]:
    """Me and another customer, who has money too."""
    me = customer(bank, money=Money.tenge(50_000))
    return me, customer(bank, phone=OTHER_PHONE, given_name="Тимур", money=Money.tenge(50_000))


@pytest.mark.parametrize("confirmed", [False, True], ids=["proposed", "with_a_code"])
def test_my_intent_is_missing_for_somebody_else_whatever_is_called(
    app: Any, bank: Bank, people: tuple[int, int], confirmed: bool
):
    me, other = people
    mine = issued(bank, me)

    async def story(site: Site) -> None:
        page = await site.open(f"/ru/payments/i/{mine.id}", cookie=signed_in(bank, me))
        await page.call(I.propose, {"amount": "7700"})
        code = ""
        if confirmed:
            await page.call(I.pay)
            code = last_code(bank, PHONE)
        before = moved(bank)
        thief = await site.open(f"/ru/payments/i/{mine.id}", cookie=signed_in(bank, other))
        assert thief.shows(I).step == "missing"
        await thief.call(I.propose, {"amount": "7700", "source": "wallet"})
        await thief.call(I.pay)
        await thief.call(I.resend)
        await thief.call(I.confirm, {"code": code})
        await thief.call(I.pay)
        await thief.call(I.change)
        assert thief.shows(I).step == "missing"
        assert not [word for word in MINE if word in thief.everything]
        assert moved(bank) == before

    play(app, bank, story)
    assert sql(bank, "SELECT confirmed_tiyn, payment_id FROM payment_intent")[0] == (None, None)


def test_the_key_of_my_intent_is_no_address(app: Any, bank: Bank, people: tuple[int, int]):
    me, _ = people
    mine = issued(bank, me)

    async def story(site: Site) -> None:
        page = await site.open(f"/ru/payments/i/{mine.key}", cookie=signed_in(bank, me))
        assert page.shows(I).step == "missing"

    play(app, bank, story)


def test_my_receipt_is_missing_for_somebody_else(app: Any, bank: Bank, people: tuple[int, int]):
    me, other = people
    made = paid(bank, me, Money.tenge(7_700))

    async def story(site: Site) -> None:
        thief = await site.open(f"/ru/receipt/{made.receipt}", cookie=signed_in(bank, other))
        assert (thief.shows(ReceiptState).ready, thief.shows(ReceiptState).missing) == (True, True)
        assert not [word for word in MINE if word in thief.everything]
        assert made.receipt not in thief.everything.replace(thief.path, "")

    play(app, bank, story)


def test_my_card_and_my_entries_are_missing_for_somebody_else(app: Any, bank: Bank, people: tuple[int, int]):
    me, other = people
    card = own_card(bank, me, money=Money.tenge(7_700))

    async def story(site: Site) -> None:
        thief = await site.open(f"/ru/balance/card/{card.public_id}", cookie=signed_in(bank, other))
        assert (thief.shows(BalanceState).ready, thief.shows(BalanceState).missing) == (True, True)
        for (entry,) in sql(
            bank,
            "SELECT entry_id FROM posting JOIN account ON account.id = credit_account_id WHERE account.kind = 'card'",
        ):
            await thief.go(f"/ru/balance/{entry}?card={card.public_id}")
            assert (thief.shows(EntryState).missing, thief.shows(EntryState).back) == (True, "")
        assert not [word for word in (*MINE, card.last4) if word in thief.everything.replace(thief.path, "")]

    play(app, bank, story)


def test_after_somebody_else_signs_in_nothing_of_the_first_is_left(app: Any, bank: Bank, people: tuple[int, int]):
    me, other = people

    async def story(site: Site) -> None:
        page = await site.open("/ru/home", cookie=signed_in(bank, me))
        assert page.shows(HomeState).name == "Айгүл"
        next_page = await site.open("/ru/home", cookie=signed_in(bank, other))
        assert next_page.shows(HomeState).name == "Тимур"
        assert "Айгүл" not in next_page.everything

    play(app, bank, story)


def test_nothing_secret_is_ever_sent_to_a_page(app: Any, bank: Bank, people: tuple[int, int]):
    me, _ = people
    mine = issued(bank, me)
    cookie = signed_in(bank, me)

    async def story(site: Site) -> None:
        page = await site.open("/ru/home", cookie=cookie)
        for path in (
            "/ru/topup",
            "/ru/payments",
            "/ru/payments/s/almaty-energo",
            "/ru/bonus",
            "/ru/my-payments/history",
            "/ru/profile",
        ):
            await page.go(path)
        await page.go(f"/ru/payments/i/{mine.id}")
        await page.call(I.propose, {"amount": "7700"})
        await page.call(I.pay)
        code = last_code(bank, PHONE)
        await page.call(I.confirm, {"code": code})
        fresh = await site.open(page.path, cookie=cookie)
        sent = page.everything + fresh.everything
        secrets = {
            "cookie": cookie.removeprefix("sid="),
            "code": code,
            "key": mine.key,
            "master key": (bank.settings.data_dir / "keys" / "master.key").read_text().strip(),
            "network password": bank.keys.secret("terminal_network", "kaspi"),
            "code digest": sql(bank, "SELECT code_digest FROM sms_code")[0][0],
            "cookie digest": sql(bank, "SELECT cookie_digest FROM sign_in")[0][0],
            "biller's number": str(sql(bank, "SELECT txn_id FROM bill_payment")[0][0]),
        }
        assert not [name for name, secret in secrets.items() if secret in sent]
        assert not re.search(r"argon2|password_hash|sealed_params", sent)
        backend = {name for text in (*page.wire, *fresh.wire) for name in _names(text) if name.startswith("_")}
        assert not backend

    play(app, bank, story)


def _names(text: str) -> list[str]:
    return [name for state in (json.loads(text).get("delta") or {}).values() for name in state]


def test_the_code_is_shown_by_the_simulated_phone_and_by_nothing_else(app: Any, bank: Bank, people: tuple[int, int]):
    me, _ = people
    mine = issued(bank, me)

    async def story(site: Site) -> None:
        page = await site.open(f"/ru/payments/i/{mine.id}", cookie=f"{signed_in(bank, me)}; {browser(bank, PHONE)}")
        await page.call(I.propose, {"amount": "7700"})
        await page.call(I.pay)
        code = last_code(bank, PHONE)
        await sms.deliver(bank, gateway_of(bank))
        await until(lambda: page.shows(PhoneState).messages)
        assert page.shows(PhoneState).messages[0]["code"] == code
        elsewhere = [
            state
            for text in page.wire
            for state, changes in (json.loads(text).get("delta") or {}).items()
            if code in json.dumps(changes) and not state.endswith("phone_state")
        ]
        assert elsewhere == []

    play(app, bank, story)
