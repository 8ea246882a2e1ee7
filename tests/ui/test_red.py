"""RED, tap by tap: the rules before joining, the consent and the IIN, the decision, the bill and paying it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kaspi_web.domain.loans import red
from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.ui.red.state import RedState as R
from kaspi_web.ui.repaying import RepayState as P
from tests.make import plans as make
from tests.make.customers import OTHER_PHONE, customer
from tests.make.identity import iin_of, matched
from tests.make.ledger import assert_clean, balance, moved, sql, wallet
from tests.ui.harness import Page, Site, play, signed_in, stranger
from tests.workers.waiting import until

T = Money.tenge
HAD = T(100_000)
CONSENT = {"consent": "on", "version": red.CONSENT}


@pytest.fixture
def me(bank: Bank) -> int:
    """A member of RED with money."""
    return make.member(bank, money=HAD)


def left(bank: Bank, owner: int) -> Money:
    return balance(bank, wallet(bank, owner=str(owner)))


async def opened(site: Site, owner: int, locale: str = "ru") -> Page:
    return await site.open(f"/{locale}/red", cookie=signed_in(site.bank, owner))


def members(bank: Bank) -> int:
    return sql(bank, "SELECT COUNT(*) FROM red_member")[0][0]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_rule_is_said_before_joining(app: Any, bank: Bank, locale: str) -> None:
    owner = customer(bank)

    async def story(site: Site) -> None:
        page = await opened(site, owner, locale)
        assert page.shows(R).step == "guest"
        rules = page.shows(R).rules
        assert len(rules["lines"]) == 3
        said = " ".join(each["text"] for each in rules["rules"])
        for figure in ("20", "2"):
            assert figure in said
        text = said.replace("\u00a0", "").replace(",", "").replace(" ", "")
        assert "3000" in text
        assert "2000" in text
        assert rules["version"] == red.CONSENT

    play(app, bank, story)


def test_without_an_iin_the_way_leads_there_and_back(app: Any, bank: Bank) -> None:
    owner = customer(bank)

    async def story(site: Site) -> None:
        page = await opened(site, owner)
        assert page.shows(R).needs_iin
        await page.call(R.join, CONSENT)
        assert page.went_to == ["/ru/identity?next=/ru/red"]
        assert page.shows(R).step == "guest"

    play(app, bank, story)
    assert members(bank) == 0


@pytest.mark.parametrize("form", [{}, {"version": red.CONSENT}, {"consent": "", "version": red.CONSENT}])
def test_nobody_joins_without_the_tick(app: Any, bank: Bank, form: dict[str, str]) -> None:
    owner = make.borrower(bank)

    async def story(site: Site) -> None:
        page = await opened(site, owner)
        await page.call(R.join, form)
        assert page.shows(R).errors == {"consent": words("ru")("plans.red.must_consent")}

    play(app, bank, story)
    assert members(bank) == 0


def test_a_consent_to_older_terms_is_not_taken(app: Any, bank: Bank) -> None:
    owner = make.borrower(bank)

    async def story(site: Site) -> None:
        page = await opened(site, owner)
        await page.call(R.join, {"consent": "on", "version": "2019-01"})
        assert page.shows(R).errors == {"form": words("ru")("refusal.consent_changed")}

    play(app, bank, story)
    assert members(bank) == 0


def test_the_decision_comes_at_once_with_its_reason_however_often_it_is_asked(app: Any, bank: Bank) -> None:
    owner = make.borrower(bank)

    async def story(site: Site) -> None:
        page = await opened(site, owner)
        assert not page.shows(R).needs_iin
        await asyncio.gather(page.call(R.join, CONSENT), page.call(R.join, CONSENT))
        club = page.shows(R).club
        assert (page.shows(R).step, club["limit"], club["free"]) == (
            "member",
            "50\u00a0000\u00a0₸",
            "50\u00a0000\u00a0₸",
        )
        assert club["why"] == words("ru")("plans.red.because.everyone")
        assert page.shows(P).offer["ways"] == []

    play(app, bank, story)
    assert members(bank) == 1


def test_with_something_overdue_it_is_declined_with_the_reason_and_the_way_out(app: Any, bank: Bank) -> None:
    owner = make.borrower(bank, money=T(10_000))
    plan = make.address(bank, make.lent(bank, owner, T(15_000), "instalment", 3))
    make.until(bank, make.next_day(bank, 3, 10))

    async def story(site: Site) -> None:
        page = await opened(site, owner)
        await page.call(R.join, CONSENT)
        assert (page.shows(R).step, page.shows(R).because) == ("declined", words("ru")("refusal.has_overdue"))
        await page.call(R.again)
        assert page.shows(R).step == "guest"
        assert plan not in page.everything

    play(app, bank, story)
    assert members(bank) == 0


def test_a_member_sees_limit_bill_months_and_purchases(app: Any, bank: Bank, me: int) -> None:
    make.lent(bank, me, T(15_000))
    make.reserved(bank, me, T(6_000))

    async def story(site: Site) -> None:
        page = await opened(site, me)
        club = page.shows(R).club
        assert [club[each] for each in ("used", "kept", "free")] == [
            f"{sum}\u00a0₸" for sum in ("15\u00a0000", "6\u00a0000", "29\u00a0000")
        ]
        assert (club["used_part"], club["kept_part"], club["late"]) == (30, 12, [])
        assert [each["state"] for each in club["bills"]] == ["next", "coming", "coming"]
        assert club["next_sum"] == "5\u00a0000\u00a0₸"
        assert len(club["plans"]) == 2

    play(app, bank, story)


def test_the_bill_is_paid_once_however_often_it_is_tapped(app: Any, bank: Bank, me: int) -> None:
    make.lent(bank, me, T(15_000))

    async def story(site: Site) -> None:
        page = await opened(site, me)
        assert [each["value"] for each in page.shows(P).offer["ways"]] == ["due", "early", "whole"]
        await page.call(P.propose, {"way": "due"})
        review = page.shows(P).review
        assert (page.shows(P).step, review["amount"]) == ("review", "5\u00a0000\u00a0₸")
        assert [each["after"] for each in review["days"]] == ["0\u00a0₸", "5\u00a0000\u00a0₸", "5\u00a0000\u00a0₸"]
        assert left(bank, me) == HAD, "nothing is moved before the tap"
        await asyncio.gather(*(page.call(P.pay) for _ in range(3)))
        assert page.shows(P).step == ""
        assert page.shows(P).paid["href"].startswith("/ru/receipt/")
        assert len(page.shows(P).offer["made"]) == 1
        await page.call(P.pay)

    play(app, bank, story)
    assert left(bank, me) == HAD - T(5_000)
    assert_clean(bank)


def test_any_sum_is_paid_early_and_frees_the_limit(app: Any, bank: Bank, me: int) -> None:
    make.lent(bank, me, T(15_000))

    async def story(site: Site) -> None:
        page = await opened(site, me)
        await page.call(P.propose, {"way": "early", "amount": "7 500,50"})
        await page.call(P.pay)
        await until(lambda: page.shows(R).club["free"] == "42\u00a0500,50\u00a0₸")
        await page.call(P.propose, {"way": "whole"})
        await page.call(P.pay)
        assert page.shows(P).offer["ways"] == []

    play(app, bank, story)
    assert left(bank, me) == HAD - T(15_000)
    assert_clean(bank)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"way": "early", "amount": "abc"}, "amount"),
        ({"way": "early", "amount": "0"}, "amount"),
        ({"way": "early", "amount": "-5"}, "amount"),
        ({"way": "early"}, "amount"),
        ({"way": "early", "amount": "15000,01"}, "amount"),
        ({"way": "steal", "amount": "1"}, "way"),
        ({}, "way"),
    ],
)
def test_what_cannot_be_paid_is_said_at_its_place_and_moves_nothing(
    app: Any, bank: Bank, me: int, form: dict[str, str], field: str
) -> None:
    make.lent(bank, me, T(15_000))
    before = moved(bank)

    async def story(site: Site) -> None:
        page = await opened(site, me)
        await page.call(P.propose, form)
        assert list(page.shows(P).errors) == [field]
        assert page.shows(P).step == ""
        await page.call(P.pay)

    play(app, bank, story)
    assert moved(bank) == before


def test_with_too_little_in_the_wallet_it_is_said_how_much_is_missing(app: Any, bank: Bank) -> None:
    owner = make.member(bank, money=T(1_000))
    make.lent(bank, owner, T(15_000))
    before = moved(bank)

    async def story(site: Site) -> None:
        page = await opened(site, owner)
        await page.call(P.propose, {"way": "due"})
        assert "4\u00a0000\u00a0₸" in page.shows(P).errors["short"]
        await page.call(P.pay)

    play(app, bank, story)
    assert moved(bank) == before


def test_money_that_left_while_the_window_stood_open_is_missed_then(app: Any, bank: Bank, me: int) -> None:
    make.lent(bank, me, T(15_000))

    async def story(site: Site) -> None:
        page = await opened(site, me)
        await page.call(P.propose, {"way": "whole"})
        make.pay(bank, me, "red", T(1_000))
        await page.call(P.pay)
        assert page.shows(P).step == ""
        assert "14\u00a0000" in page.shows(P).errors["form"], "the whole is another sum by now"

    play(app, bank, story)
    assert left(bank, me) == HAD - T(1_000)


def test_what_is_late_is_said_with_its_fine(app: Any, bank: Bank, me: int) -> None:
    make.lent(bank, me, T(15_000))
    bill = make.club(bank, me).bills[0].due_on
    make.live(bank, bill)
    make.until(bank, bill.replace(day=bill.day + 1))
    make.work(bank)

    async def story(site: Site) -> None:
        page = await opened(site, me)
        assert "2\u00a0000\u00a0₸" in page.shows(R).club["late"][1], "there is a day left without a fine"
        make.until(bank, bill.replace(day=bill.day + 2))
        make.work(bank)
        await page.call(R.load)
        w = words("ru")
        assert page.shows(R).club["late"][1] == w("plans.late.fine", fine="2\u00a0000\u00a0₸")
        assert page.shows(P).offer["ways"][0]["sum"] == "7\u00a0000\u00a0₸"

    play(app, bank, story)


def test_the_switch_is_a_members_own(app: Any, bank: Bank, me: int) -> None:
    other = customer(bank, phone=OTHER_PHONE)

    async def story(site: Site) -> None:
        page = await opened(site, me)
        assert (page.shows(P).offer["can_switch"], page.shows(P).offer["is_automatic"]) == (True, False)
        for on in (True, True, "x", None, False, True):
            await page.call(P.set_automatic, on)
        assert page.shows(P).offer["is_automatic"]
        thief = await opened(site, other)
        await thief.call(P.set_automatic, False)
        await thief.call(P.propose, {"way": "whole"})
        await thief.call(P.pay)
        assert thief.shows(P).offer["can_switch"] is False

    play(app, bank, story)
    assert sql(bank, "SELECT customer_id, pays_automatically FROM red_member") == [(me, True)]


def test_guests_are_sent_to_sign_in(app: Any, bank: Bank) -> None:
    async def story(site: Site) -> None:
        page = await site.open("/ru/red", cookie=stranger())
        await page.call(R.join, CONSENT)
        await page.call(P.propose, {"way": "whole"})
        assert set(page.went_to) == {"/ru/login"}

    play(app, bank, story)
    assert members(bank) == 0


def test_an_iin_that_was_given_meanwhile_opens_the_form(app: Any, bank: Bank) -> None:
    owner = customer(bank)

    async def story(site: Site) -> None:
        page = await opened(site, owner)
        matched(bank, owner, iin_of(number=77))
        await page.call(R.load)
        assert page.shows(R).needs_iin is False
        assert left(bank, owner) == ZERO

    play(app, bank, story)
