"""A bill of lines, a fine, a menu, other sources and the code of a card's bank, tap by tap."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kaspi_web.domain.bills import intents
from kaspi_web.i18n import LOCALES
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.bill_lines import Choice, Debt, Line, Tier
from kaspi_web.kernel.money import Money
from kaspi_web.ui.payments.intent import IntentState as I
from kaspi_web.ui.payments.lines_state import LinesState as L
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import account, assert_clean, balance, moved, sql, wallet
from tests.make.sources import bank_card, give_bonus, own_card, processor_says
from tests.ui.harness import Page, Site, play, signed_in
from tests.workers.waiting import until

T = Money.tenge
HAD = T(50_000)
NAMES = {"kk": "Жарық", "ru": "Свет", "en": "Light"}
POWER = Line("power", NAMES, "кВт·ч", 1_000, 1_136, (Tier(115, T(17, 53)), Tier(None, T(22, 66))), pay=T(2_491, 81))
WATER = Line("cold", NAMES, "м³", 10, 14, (Tier(None, T(98, 64)),), debt=T(100), penalty=T(1, 5), pay=T(495, 61))
BILL = Debt("Айгүл Н.", "Алматы", None, (POWER, WATER))


@pytest.fixture
def owner(bank: Bank) -> int:
    return customer(bank, money=HAD)


def left(bank: Bank, owner: int) -> Money:
    return balance(bank, wallet(bank, owner=str(owner)))


async def at(site: Site, owner: int, debt: Debt, *, locale: str = "en") -> Page:
    """The page of an intent whose biller said `debt`."""
    made = await site.bank.db.write(intents.issue, customer_id=owner, slug="almaty-energo", account="04512287")
    await site.bank.db.write(intents.answered, customer_id=owner, intent_id=made.id, debt=debt)
    return await site.open(f"/{locale}/payments/i/{made.id}", cookie=signed_in(site.bank, owner))


def form(*codes: str, **more: str) -> dict[str, Any]:
    return {f"take-{code}": "on" for code in codes} | more


@pytest.mark.parametrize("locale", LOCALES)
def test_the_lines_of_a_bill_are_shown_with_what_they_come_to(app: Any, bank: Bank, owner: int, locale: str):
    async def story(site: Site) -> None:
        page = await at(site, owner, BILL, locale=locale)
        power, water = page.shows(L).lines
        assert (power["name"], power["reading"], power["taken"]) == (NAMES[locale], "1136", True)
        assert len(water["facts"]) == 3, "tariff, debt and penalty"
        assert page.shows(L).total.replace("\u00a0", " ") in ("2 987,42 ₸", "₸2,987.42")
        assert not page.shows(I).bill["asks_amount"]

    play(app, bank, story)


def test_an_own_reading_changes_the_line_and_the_sum_to_the_tiyn(app: Any, bank: Bank, owner: int):
    async def story(site: Site) -> None:
        page = await at(site, owner, BILL)
        await page.call(L.read_meter, ["power", "1 115"])
        assert page.shows(L).lines[0]["amount"] == "2015.95"
        assert page.shows(L).total == "₸2,511.56"
        await page.call(L.take, ["cold", False])
        assert page.shows(L).total == "₸2,015.95"
        typed = {"pay-power": "2015.95", "reading-power": "1115", "source": "wallet"}
        await page.call(I.propose, form("power", **typed))
        assert page.shows(I).review["amount"] == "₸2,015.95"
        await page.call(I.pay)
        assert page.shows(I).step == "result"

    play(app, bank, story)
    assert left(bank, owner) == HAD - T(2_015, 95)
    assert sql(bank, "SELECT extra FROM bill_payment")[0][0].count("power:1115") == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"pay-power": "1,234", "take-power": "on"}, "pay-power"),
        ({"pay-power": "-5", "take-power": "on"}, "pay-power"),
        ({"pay-power": "10", "reading-power": "999", "take-power": "on"}, "reading-power"),
        ({"pay-power": "10", "reading-power": "abc", "take-power": "on"}, "reading-power"),
        ({"pay-power": "10"}, "lines"),
    ],
)
def test_what_cannot_be_paid_is_named_at_its_line_and_moves_nothing(
    app: Any, bank: Bank, owner: int, typed: dict[str, str], field: str
):
    async def story(site: Site) -> None:
        page = await at(site, owner, BILL)
        await page.call(I.propose, typed)
        assert list(page.shows(I).errors) == [field]
        assert page.shows(I).step == "amount"
        row = page.shows(L).lines[0]
        assert bool(row["error"] or row["reading_error"]) is (field != "lines")

    before = moved(bank)
    play(app, bank, story)
    assert moved(bank) == before


def test_a_fine_costs_half_while_its_discount_lasts_and_its_sum_is_not_changed(app: Any, bank: Bank, owner: int):
    today = bank.clock.today()
    fine = Line("f1", NAMES, delivered_on=today, issued_on=today, discount_percent=50, pay=T(8_651, 25))

    async def story(site: Site) -> None:
        page = await at(site, owner, Debt(lines=(fine,)))
        assert page.shows(L).lines[0]["is_fixed"]
        assert page.shows(L).total == "₸4,325.62"
        await page.call(I.propose, form("f1", **{"pay-f1": "1"}))
        assert list(page.shows(I).errors) == ["lines"]
        await page.call(I.propose, form("f1", **{"pay-f1": "4325.62"}))
        await page.call(I.pay)

    play(app, bank, story)
    assert left(bank, owner) == HAD - T(4_325, 62)


def test_a_tariff_of_the_menu_names_its_sum(app: Any, bank: Bank, owner: int):
    menu = (Choice("s", NAMES, T(3_000)), Choice("l", NAMES, T(4_500)), Choice("free", NAMES))

    async def story(site: Site) -> None:
        page = await at(site, owner, Debt(menu=menu))
        assert [each["id"] for each in page.shows(I).tariffs] == ["s", "l", "free"]
        await page.call(I.propose, {"tariff": "nothing", "amount": ""})
        assert page.shows(I).errors["lines"]
        await page.call(I.propose, {"tariff": "l", "amount": "1"})
        assert page.shows(I).review["amount"] == "₸4,500.00"
        await page.call(I.pay)

    play(app, bank, story)
    assert left(bank, owner) == HAD - T(4_500)


def test_half_is_paid_with_bonuses(app: Any, bank: Bank, owner: int):
    give_bonus(bank, owner, T(1_000))

    async def story(site: Site) -> None:
        page = await at(site, owner, Debt(amount=T(2_000)))
        await page.call(I.propose, {"amount": "2000", "bonus": "1 000", "source": "wallet"})
        assert page.shows(I).review["spent"] == "₸1,000.00"
        await page.call(I.pay)
        assert page.shows(I).step == "result"

    play(app, bank, story)
    assert (left(bank, owner), balance(bank, account(bank, "bonus", str(owner)))) == (HAD - T(1_000), T(0))
    assert_clean(bank)


@pytest.mark.parametrize("typed", ["1 001", "abc", "-1"])
def test_bonuses_that_are_not_there_are_refused_at_their_field(app: Any, bank: Bank, owner: int, typed: str):
    give_bonus(bank, owner, T(1_000))

    async def story(site: Site) -> None:
        page = await at(site, owner, Debt(amount=T(2_000)))
        await page.call(I.propose, {"amount": "2000", "bonus": typed, "source": "wallet"})
        assert list(page.shows(I).errors) == ["bonus"]

    play(app, bank, story)


def test_every_source_is_offered_and_a_strangers_card_is_not_found(app: Any, bank: Bank, owner: int):
    mine, other = own_card(bank, owner, money=T(300)), own_card(bank, customer(bank, phone=OTHER_PHONE), money=HAD)
    bank_card(bank, owner, last4="4242")

    async def story(site: Site) -> None:
        page = await at(site, owner, Debt(amount=T(200)))
        values = [each["value"] for each in page.shows(I).sources]
        assert values[:3] == ["wallet", "bonus", f"card:{mine.public_id}"]
        assert "4242" in page.shows(I).sources[3]["title"]
        await page.call(I.propose, {"amount": "200", "source": f"card:{other.public_id}"})
        assert page.shows(I).step != "review"

    before = moved(bank)
    play(app, bank, story)
    assert moved(bank) == before


def test_another_banks_card_asks_for_its_code_and_the_page_follows(app: Any, bank: Bank, owner: int):
    card = bank_card(bank, owner, last4="4242")

    async def story(site: Site) -> None:
        page = await at(site, owner, Debt(amount=T(2_000)))
        await page.call(I.propose, {"amount": "2000", "source": f"card:{card.public_id}"})
        await page.call(I.pay)
        assert page.shows(I).result["state"] == "on_way"
        await asyncio.to_thread(processor_says, bank, "bill:", "challenge")
        await until(lambda: page.shows(I).result["challenge"])
        assert "4242" in page.shows(I).result["card"]
        await asyncio.to_thread(processor_says, bank, "bill:", "declined", "lacks_money")
        await until(lambda: page.shows(I).result["state"] == "refused")

    play(app, bank, story)
    assert left(bank, owner) == HAD
    assert_clean(bank)
