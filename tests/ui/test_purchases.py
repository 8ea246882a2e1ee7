"""The pages of a purchase: what became of the tap, the code of the card's own bank, and the contract of a credit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kaspi_web.i18n import LOCALES
from kaspi_web.i18n.format import money
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.ui.orders.contract import ContractState as K
from kaspi_web.ui.orders.purchase import PurchaseState as P
from tests.make import shop
from tests.make.ledger import assert_clean, sql
from tests.make.sms import last_code, other_than
from tests.processor import ProcessorProcess
from tests.ui.harness import Page, Site, play, signed_in
from tests.ui.test_transfers_by_bank_card import asked, linked
from tests.workers.waiting import until

SUM = Money.tenge(60_000)


def state(bank: Bank) -> str:
    return sql(bank, "SELECT state FROM purchase")[0][0]


def phone_of(bank: Bank, owner: int) -> str:
    return sql(bank, "SELECT phone FROM customer WHERE id = :id", id=owner)[0][0]


@pytest.fixture
def seller(bank: Bank) -> shop.Seller:
    return shop.seller(bank)


@pytest.fixture
def owner(bank: Bank) -> int:
    return shop.known(bank, shop.buyer(bank))


@pytest.fixture
def on_credit(bank: Bank, owner: int, seller: shop.Seller) -> str:
    """A purchase on credit that waits for its signature."""
    offer = shop.offer(bank, seller, SUM)
    return shop.bought(bank, owner, {offer: 1}, seller, source="credit", months=12).id


async def at_contract(site: Site, owner: int, purchase: str, *, locale: str = "en") -> Page:
    return await site.open(f"/{locale}/purchases/{purchase}/contract", cookie=signed_in(site.bank, owner))


@pytest.mark.parametrize("locale", LOCALES)
def test_what_was_bought_of_two_sellers_is_two_orders_on_one_page(
    app: Any, bank: Bank, owner: int, seller: shop.Seller, locale: str
):
    second = shop.seller(bank)
    wanted = {shop.offer(bank, seller): 1, shop.offer(bank, second): 2}
    made = shop.bought(bank, owner, wanted, seller, second)

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/purchases/{made.id}", cookie=signed_in(bank, owner))
        result = page.shows(P).result
        assert (result["state"], len(result["orders"])) == ("done", 2)
        assert result["receipt"] == f"/{locale}/receipt/{made.receipt}"
        assert result["challenge"] == result["contract"] == ""

    play(app, bank, story)


def test_the_code_of_the_cards_bank_is_typed_here_and_places_the_purchase(
    app: Any, bank: Bank, processor: ProcessorProcess, owner: int, seller: shop.Seller
):
    offer, phone = shop.offer(bank, seller), phone_of(bank, owner)

    async def story(site: Site) -> None:
        card = await linked(bank, processor, owner, phone=phone)
        before = processor.texts(phone)
        given = {"source": "card", "card": card.public_id}
        made = await asyncio.to_thread(shop.bought, bank, owner, {offer: 1}, seller, **given)
        page = await site.open(f"/en/purchases/{made.id}", cookie=signed_in(bank, owner))
        assert (page.shows(P).result["state"], page.shows(P).result["challenge"]) == ("on_way", "")
        await asked(bank)
        await until(lambda: bool(page.shows(P).result["challenge"]))
        code = await asyncio.to_thread(processor.code, phone, after=before)
        await page.call(P.prove, {"code": other_than(code)})
        assert page.shows(P).errors["code"]
        thief = await site.open(f"/en/purchases/{made.id}", cookie=signed_in(bank, shop.buyer(bank)))
        assert (thief.shows(P).ready, thief.shows(P).result["state"]) == (True, "")
        await thief.call(P.prove, {"code": code})
        assert state(bank) == "funding"
        await page.call(P.prove, {"code": code})
        await until(lambda: page.shows(P).result["state"] == "done")
        assert code not in page.everything

    play(app, bank, story)
    assert state(bank) == "placed"
    assert_clean(bank)


def test_a_contract_is_read_and_signed_with_a_code_once(app: Any, bank: Bank, owner: int, on_credit: str):
    async def story(site: Site) -> None:
        page = await site.open(f"/en/purchases/{on_credit}", cookie=signed_in(bank, owner))
        assert page.shows(P).result["contract"] == f"/en/purchases/{on_credit}/contract"
        page = await at_contract(site, owner, on_credit)
        sheet = page.shows(K).sheet
        assert (page.shows(K).step, len(sheet["plans"][0]["rows"])) == ("read", 12)
        assert sheet["gesv"].endswith("%")
        await page.call(K.begin)
        assert (page.shows(K).step, state(bank)) == ("code", "signing")
        code = last_code(bank, phone_of(bank, owner))
        await page.call(K.sign, {"code": other_than(code)})
        assert (page.shows(K).step, state(bank)) == ("code", "signing")
        assert page.shows(K).errors["code"]
        await page.call(K.sign, {"code": code})
        await page.call(K.sign, {"code": code})
        assert page.shows(K).step == "signed"
        assert code not in page.everything

    play(app, bank, story)
    assert state(bank) == "placed"
    assert_clean(bank)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_contracts_fine_is_the_rule_in_force(app: Any, bank: Bank, owner: int, on_credit: str, locale: str):
    sql(bank, "UPDATE loan_rule SET value = 300000 WHERE name = 'fine'")
    sql(bank, "UPDATE loan_rule SET value = 5 WHERE name = 'fine_days'")

    async def story(site: Site) -> None:
        page = await at_contract(site, owner, on_credit, locale=locale)
        said = page.shows(K).sheet["late"]
        assert (money(Money.tenge(3_000), locale) in said, "5" in said, "2" in said) == (True, True, False)

    play(app, bank, story)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_credit_is_turned_down_after_a_question(app: Any, bank: Bank, owner: int, on_credit: str, locale: str):
    async def story(site: Site) -> None:
        page = await at_contract(site, owner, on_credit, locale=locale)
        await page.call(K.ask_decline)
        assert (page.shows(K).step, state(bank)) == ("decline", "signing")
        await page.call(K.change)
        assert page.shows(K).step == "read"
        await page.call(K.ask_decline)
        await page.call(K.decline)
        assert page.shows(K).step == "over"
        await page.call(K.begin)
        assert page.shows(K).step == "over"
        page = await site.open(f"/{locale}/purchases/{on_credit}", cookie=signed_in(bank, owner))
        assert page.shows(P).result["state"] == "refused"

    play(app, bank, story)
    assert state(bank) == "refused"
    assert sql(bank, "SELECT SUM(reserved) FROM stock")[0][0] == ZERO.tiyn


def test_my_contract_is_missing_for_somebody_else_and_so_is_one_that_nobody_made(
    app: Any, bank: Bank, owner: int, on_credit: str
):
    other = shop.buyer(bank)

    async def story(site: Site) -> None:
        page = await at_contract(site, owner, on_credit)
        await page.call(K.begin)
        code = last_code(bank, phone_of(bank, owner))
        thief = await at_contract(site, other, on_credit)
        for door in (K.begin, K.resend, K.ask_decline, K.decline, K.change):
            await thief.call(door)
        await thief.call(K.sign, {"code": code})
        assert thief.shows(K).step == "missing"
        assert "Айгүл" not in thief.everything
        nothing = await at_contract(site, owner, "x")
        assert nothing.shows(K).step == "missing"

    play(app, bank, story)
    assert state(bank) == "signing"
