"""Plans, tap by tap: the list, the schedule, paying what is due, a part or the whole, and what Home says of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.history.state import ReceiptState
from kaspi_web.ui.home.state import HomeState
from kaspi_web.ui.plans.state import PlansState, PlanState
from kaspi_web.ui.repaying import RepayState as P
from tests.make import plans as make
from tests.make import shop
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import assert_clean, balance, moved, sql, wallet
from tests.ui.harness import Page, Site, play, signed_in
from tests.workers.waiting import until

T = Money.tenge
HAD = T(500_000)


@pytest.fixture
def me(bank: Bank) -> int:
    """Somebody who may borrow and has money."""
    return make.borrower(bank, money=HAD)


def left(bank: Bank, owner: int) -> Money:
    return balance(bank, wallet(bank, owner=str(owner)))


async def opened(site: Site, owner: int, plan: str, locale: str = "ru") -> Page:
    return await site.open(f"/{locale}/plans/{plan}", cookie=signed_in(site.bank, owner))


@pytest.mark.parametrize("locale", LOCALES)
def test_plans_stand_in_groups_with_what_comes_next(app: Any, bank: Bank, me: int, locale: str) -> None:
    make.join(bank, me)
    make.lent(bank, me, T(30_000), "instalment", 3)
    make.lent(bank, me, T(9_000))
    make.reserved(bank, me, T(60_000), "instalment", 12)
    closed = make.lent(bank, me, T(12_000), "instalment", 3)
    make.pay(bank, me, make.address(bank, closed), T(12_000), way="whole")

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/plans", cookie=signed_in(bank, me))
        groups = {each["name"]: each["plans"] for each in page.shows(PlansState).groups}
        assert {name: len(plans) for name, plans in groups.items()} == {"open": 2, "waiting": 1, "closed": 1}
        assert all(each["note"] for plans in groups.values() for each in plans)
        for plans in groups.values():
            for each in plans:
                await page.go(each["href"])
                assert not page.shows(PlanState).missing

    play(app, bank, story)


def test_a_plan_is_called_by_what_was_bought_and_leads_to_its_order(app: Any, bank: Bank) -> None:
    me, seller = shop.known(bank, shop.buyer(bank)), shop.seller(bank)
    offer = shop.offer(bank, seller, T(60_000))
    shop.bought(bank, me, {offer: 1}, seller, source="instalment", months=12)
    ((plan, order),) = sql(
        bank, "SELECT loan.public_id, shop_order.public_id FROM loan JOIN shop_order ON shop_order.loan_id = loan.id"
    )

    async def story(site: Site) -> None:
        page = await opened(site, me, plan)
        shown = page.shows(PlanState).plan
        assert shown["order"] == f"/ru/orders/{order}"
        assert shown["title"] != shown["kind"] == "Рассрочка 0-0-12"
        assert (shown["is_expected"], len(shown["rows"])) == (True, 12)
        await page.go("/ru/home")
        assert page.shows(HomeState).order["href"] == f"/ru/orders/{order}"

    play(app, bank, story)


def test_the_schedule_of_a_credit_says_everything_and_adds_up(app: Any, bank: Bank, me: int) -> None:
    plan = make.address(bank, make.lent(bank, me, T(240_000), "credit", 12))

    async def story(site: Site) -> None:
        page = await opened(site, me, plan, "en")
        shown = page.shows(PlanState).plan
        assert [each["state"] for each in shown["rows"]] == ["next"] + ["coming"] * 11
        principal = sum(float(each["principal"].strip("₸").replace(",", "")) for each in shown["rows"])
        assert round(principal, 2) == 240_000
        facts = {each["name"]: each["value"] for each in shown["facts"]}
        w = words("en")
        assert facts[w("plans.terms.gesv")].endswith("%")
        assert facts[w("plans.terms.overpay")] != "₸0"

    play(app, bank, story)


def test_a_part_of_a_credit_shows_its_new_schedule_and_is_paid_once(app: Any, bank: Bank, me: int) -> None:
    loan = make.lent(bank, me, T(240_000), "credit", 12)
    plan = make.address(bank, loan)
    make.live(bank, bank.clock.today() + timedelta(days=10))

    async def story(site: Site) -> None:
        page = await opened(site, me, plan)
        assert [each["value"] for each in page.shows(P).offer["ways"]] == ["early", "whole"]
        assert words("ru")("plans.repay.everything") == page.shows(P).offer["ways"][1]["title"]
        assert page.shows(P).offer["ways"][1]["note"], "what is saved is said before"
        await page.call(P.propose, {"way": "early", "amount": "100 000"})
        days = page.shows(P).review["days"]
        assert len(days) == 12
        assert all(each["is_other"] for each in days)
        assert left(bank, me) == HAD
        await asyncio.gather(page.call(P.pay), page.call(P.pay))
        asked = [each["after"] for each in days]
        await until(lambda: [each["sum"] for each in page.shows(PlanState).plan["rows"]][1:] == asked[1:])

    play(app, bank, story)
    assert left(bank, me) == HAD - T(100_000)
    assert_clean(bank)


def test_the_whole_is_paid_early_and_the_plan_closes(app: Any, bank: Bank, me: int) -> None:
    plan = make.address(bank, make.lent(bank, me, T(60_000), "instalment", 12))

    async def story(site: Site) -> None:
        page = await opened(site, me, plan)
        await page.call(P.set_automatic, True)
        assert page.shows(P).offer["is_automatic"]
        await page.call(P.propose, {"way": "whole"})
        await page.call(P.pay)
        assert page.shows(P).offer["ways"] == []
        assert page.shows(P).paid["text"]
        await until(lambda: {each["state"] for each in page.shows(PlanState).plan["rows"]} == {"paid"})
        await page.go(page.shows(P).paid["href"])
        assert page.shows(ReceiptState).plan == f"/ru/plans/{plan}", "the receipt leads back to what was paid"

    play(app, bank, story)
    assert left(bank, me) == HAD - T(60_000)


def test_the_plan_of_somebody_else_is_missing_whatever_is_called(app: Any, bank: Bank, me: int) -> None:
    plan = make.address(bank, make.lent(bank, me, T(60_000), "instalment", 12))
    other = customer(bank, phone=OTHER_PHONE, money=HAD)
    before = moved(bank)

    async def story(site: Site) -> None:
        thief = await opened(site, other, plan)
        assert thief.shows(PlanState).missing
        await thief.call(P.propose, {"way": "whole"})
        await thief.call(P.propose, {"way": "early", "amount": "100"})
        await thief.call(P.set_automatic, True)
        await thief.call(P.pay)
        assert thief.shows(P).offer["ways"] == []
        assert "60\u00a0000" not in thief.everything

    play(app, bank, story)
    assert moved(bank) == before
    assert sql(bank, "SELECT pays_automatically FROM loan") == [(False,)]


def test_a_window_of_one_plan_pays_nothing_of_another(app: Any, bank: Bank, me: int) -> None:
    first, second = (make.address(bank, make.lent(bank, me, T(60_000), "instalment", 12)) for _ in range(2))

    async def story(site: Site) -> None:
        page = await opened(site, me, first)
        await page.call(P.propose, {"way": "due"})
        await page.go(f"/ru/plans/{second}")
        await page.call(P.pay)

    play(app, bank, story)
    assert left(bank, me) == HAD


@pytest.mark.parametrize("days_before", [8, 7, 0, -1])
def test_home_says_what_falls_due_a_week_ahead_and_what_is_late(
    app: Any, bank: Bank, me: int, days_before: int
) -> None:
    loan = make.lent(bank, me, T(60_000), "instalment", 12)
    plan = make.seen(bank, me, loan)
    make.until(bank, plan.rows[0].due_on - timedelta(days=days_before))

    async def story(site: Site) -> None:
        page = await site.open("/ru/home", cookie=signed_in(bank, me))
        due = page.shows(HomeState).due
        if days_before > 7:
            assert due["href"] == ""
            return
        assert (due["href"], due["sum"]) == (f"/ru/plans/{plan.plan.public_id}", "5\u00a0000\u00a0₸")
        assert due["is_late"] == (days_before < 0)
        assert due["title"] == words("ru")("operations.plan.instalment")

    play(app, bank, story)


def test_home_leads_to_red_and_says_what_is_free(app: Any, bank: Bank, me: int) -> None:
    make.join(bank, me)
    make.lent(bank, me, T(9_000))

    async def story(site: Site) -> None:
        page = await site.open("/en/home", cookie=signed_in(bank, me))
        assert page.shows(HomeState).red == "₸41,000 free"
        assert page.shows(HomeState).due["href"] in ("", "/en/red")

    play(app, bank, story)
