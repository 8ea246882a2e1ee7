"""History narrowed by its address, receipts of every kind, and the statement on screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from kaspi_web.domain.wallet import listing
from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.papers import receipts
from kaspi_web.papers.called import Names
from kaspi_web.ui.history import statement
from kaspi_web.ui.history.asked import asked_in, searched
from kaspi_web.ui.history.state import HistoryState, ReceiptState
from kaspi_web.ui.history.statement import StatementState
from tests.make.bills import accepted, paid, refused
from tests.make.customers import OTHER_PHONE, customer
from tests.make.operations import noted
from tests.make.topups import top_up
from tests.ui.harness import Page, Shown, Site, play, signed_in

HERE = "/ru/my-payments/history"


def lively(bank: Bank) -> int:
    """A top-up of 20 000, a bill of 4 812.40 that is done, one of 100 that was refused."""
    owner = customer(bank)
    top_up(bank, Money.tenge(20_000), terminal="almaty-01")
    accepted(bank, paid(bank, owner, Money.tenge(4_812, 40)).id)
    refused(bank, paid(bank, owner, Money.tenge(100)).id)
    return owner


def titles(shown: Shown) -> list[str]:
    return [row["title"] for day in shown.days for row in day["rows"]]


def rows(shown: Shown) -> list[dict[str, Any]]:
    return [row for day in shown.days for row in day["rows"]]


def on(chips: list[dict[str, Any]]) -> list[str]:
    return [chip["text"] for chip in chips if chip["is_on"]]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_filter_is_an_address_and_the_address_shows_it(app: Any, bank: Bank, locale: str):
    owner, w = lively(bank), words(locale)

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/my-payments/history", cookie=signed_in(bank, owner))
        shown = page.shows(HistoryState)
        assert (len(titles(shown)), shown.found, shown.unfiltered) == (3, "", "")
        assert on(shown.shows) == [w("history.show.all")]
        left = {}
        for chip in shown.shows:
            await page.go(chip["href"])
            assert on(page.shows(HistoryState).shows) == [chip["text"]]
            left[chip["text"]] = len(titles(page.shows(HistoryState)))
        assert list(left.values()) == [3, 2, 1, 1, 2]

    play(app, bank, story)


def test_filters_stay_on_while_another_is_chosen(app: Any, bank: Bank):
    owner = customer(bank)
    for account in ("04512287", "04512288", "7"):
        noted(bank, owner, -Money.tenge(5), category="electricity", account=account)

    async def story(site: Site) -> None:
        page = await site.open(f"{HERE}?show=out&category=electricity&q=0451", cookie=signed_in(bank, owner))
        shown = page.shows(HistoryState)
        assert shown.found == words("ru").count("history.found", 2)
        assert shown.is_open
        week = next(chip["href"] for chip in shown.periods if "week" in chip["href"])
        assert parse_qs(urlsplit(week).query) == {
            "show": ["out"],
            "category": ["electricity"],
            "q": ["0451"],
            "period": ["week"],
        }
        assert shown.unfiltered == HERE
        await page.go(week)
        assert len(titles(page.shows(HistoryState))) == 2

    play(app, bank, story)


def test_a_list_that_filters_emptied_is_not_an_empty_list(app: Any, bank: Bank):
    owner, new = lively(bank), customer(bank, phone=OTHER_PHONE)

    async def story(site: Site) -> None:
        page = await site.open(f"{HERE}?q=nothing", cookie=signed_in(bank, owner))
        shown = page.shows(HistoryState)
        assert (shown.days, shown.unfiltered) == ([], HERE)
        assert shown.found == words("ru").count("history.found", 0)
        empty = (await site.open(HERE, cookie=signed_in(bank, new))).shows(HistoryState)
        assert (empty.days, empty.unfiltered, empty.found) == ([], "", "")

    play(app, bank, story)


@pytest.mark.parametrize("typed", ["7015551234", "+7 701 555 12 34", "8 (701) 555-12-34", "701 555 12 34"])
def test_a_phone_is_found_however_it_is_spelt(app: Any, bank: Bank, typed: str):
    owner = lively(bank)
    noted(bank, owner, -Money.tenge(5), kind="bill", counterparty="kcell-activ", account="7015551234")
    noted(bank, owner, -Money.tenge(6), kind="transfer_out", counterparty="Т. А.", account="+7 701 555 12 34")
    noted(bank, owner, -Money.tenge(7), kind="transfer_out", counterparty="Т. А.", account="+7 701 555 12 35")

    async def story(site: Site) -> None:
        page = await site.open(f"{HERE}?q={quote(typed)}", cookie=signed_in(bank, owner))
        assert [row["amount"] for row in rows(page.shows(HistoryState))] == ["\u22126\u00a0₸", "\u22125\u00a0₸"]

    play(app, bank, story)


def test_typing_leads_to_an_address_that_keeps_what_was_on(app: Any, bank: Bank):
    owner = lively(bank)

    async def story(site: Site) -> None:
        page = await site.open(f"{HERE}?show=out&period=week&before=99", cookie=signed_in(bank, owner))
        await page.call(HistoryState.find, {"q": " 4 812,40 ₸ "})
        found = urlsplit(page.went_to[-1])
        assert found.path == HERE
        assert parse_qs(found.query) == {"show": ["out"], "period": ["week"], "q": ["4 812,40 ₸"]}
        await page.go(page.went_to[-1])
        assert len(titles(page.shows(HistoryState))) == 1
        assert page.shows(HistoryState).typed["q"] == "4 812,40 ₸"
        await page.call(HistoryState.find, {"from": "2026-01-02", "to": "2026-03-04"})
        assert "period" not in parse_qs(urlsplit(page.went_to[-1]).query)
        await page.call(HistoryState.find, {"from": "", "to": "", "q": ["x"], "evil": "y"})
        assert "evil" not in page.went_to[-1]

    play(app, bank, story)


def test_days_in_the_wrong_order_are_said_beside_their_field(app: Any, bank: Bank):
    owner = lively(bank)

    async def story(site: Site) -> None:
        page = await site.open(f"{HERE}?from=2026-02-02&to=2026-02-01", cookie=signed_in(bank, owner))
        shown = page.shows(HistoryState)
        assert shown.errors == {"to": words("ru")("refusal.period_backwards")}
        assert (shown.typed["from"], shown.typed["to"]) == ("2026-02-02", "2026-02-01")

    play(app, bank, story)


def test_each_row_has_the_balance_after_it_and_each_day_its_totals(app: Any, bank: Bank):
    owner = lively(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/my-payments/history", cookie=signed_in(bank, owner))
        shown = page.shows(HistoryState)
        assert [row["balance"] for row in rows(shown)] == [
            "Balance ₸15,187.60",
            "Balance ₸15,187.60",
            "Balance ₸20,000",
        ]
        assert [day["total"] for day in shown.days] == ["+₸20,000 · \u2212₸4,812.40"]
        await page.go("/en/my-payments/history?show=in")
        assert [day["total"] for day in page.shows(HistoryState).days] == ["+₸20,000"]
        assert [row["balance"] for row in rows(page.shows(HistoryState))] == ["Balance ₸20,000"]

    play(app, bank, story)


def test_totals_of_a_day_that_two_pages_share_are_of_the_whole_day(app: Any, bank: Bank):
    owner = customer(bank)
    for _ in range(25):
        top_up(bank, Money.tenge(500))

    async def story(site: Site) -> None:
        page = await site.open("/en/my-payments/history?show=in", cookie=signed_in(bank, owner))
        assert [day["total"] for day in page.shows(HistoryState).days] == ["+₸12,500"]
        older = page.shows(HistoryState).older
        assert "show=in" in older
        await page.go(older)
        assert [day["total"] for day in page.shows(HistoryState).days] == ["+₸12,500"]
        assert page.shows(HistoryState).newest == "/en/my-payments/history?show=in"

    play(app, bank, story)


SOME = Names({"almaty-energo": "АлматыЭнергоСбыт"}, {"almaty-01": "Абай, 44"})


@pytest.mark.parametrize(
    ("typed", "least", "below"),
    [
        ("4812", 481_200, 481_300),
        ("4 812", 481_200, 481_300),
        ("4\u00a0812,40\u00a0₸", 481_240, 481_241),
        ("\u22124812.40", 481_240, 481_241),
        ("+4812,4", 481_240, 481_241),
        ("₸4,812.40", 481_240, 481_241),
        ("4,812", 481_200, 481_300),
        ("4.812", 481_200, 481_300),
        ("-4812", 481_200, 481_300),
    ],
)
def test_a_sum_is_read_as_people_type_it(typed: str, least: int, below: int):
    assert searched(typed, SOME, words("ru")).sums == (Money(least), Money(below))


@pytest.mark.parametrize("typed", ["", "АБАЙ", "0", "12 34 5", "1,2,3", "9" * 40])
def test_what_is_no_sum_is_searched_as_text_alone(typed: str):
    assert searched(typed, SOME, words("ru")).sums is None


def test_a_name_is_read_in_the_readers_language_and_a_kind_by_its_word():
    found = searched("абай", SOME, words("ru"))
    assert found.counterparties == ("almaty-01",)
    assert searched("энерго", SOME, words("ru")).counterparties == ("almaty-energo",)
    assert searched("пополн", SOME, words("ru")).kinds == ("topup",)
    assert searched("пополн", SOME, words("en")).kinds == ()


@pytest.mark.parametrize(
    ("typed", "number"), [("000000012", 12), ("№ 000 000 012", 12), ("12a", None), ("9" * 30, None)]
)
def test_a_receipt_is_searched_by_its_number(typed: str, number: int | None):
    assert searched(typed, SOME, words("ru")).number == number


def test_an_address_that_says_nonsense_asks_for_everything(bank: Bank):
    asked = asked_in(
        {"show": "evil", "period": "ever", "before": "x", "from": "now", "q": "\0"}, today=bank.clock.today()
    )
    assert (asked.params, asked.before, asked.is_narrowed) == ({}, None, False)
    assert asked.to("/here", q="a b&c") == "/here?q=a+b%26c"


KINDS = {
    "refund": (Money.tenge(5), "almaty-energo"),
    "transfer_out": (-Money.tenge(5), "Тимур А."),
    "transfer_in": (Money.tenge(5), "Тимур А."),
    "return_out": (-Money.tenge(5), "Тимур А."),
    "return_in": (Money.tenge(5), "Тимур А."),
    "own_transfer": (-Money.tenge(5), "card"),
    "topup": (Money.tenge(5), "card:4242"),
    "kind_of_tomorrow": (Money.tenge(5), "x"),
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("state", ["done", "on_way", "refused"])
def test_every_kind_of_operation_has_its_row_and_its_receipt(app: Any, bank: Bank, locale: str, state: str):
    owner = customer(bank)
    made = [
        noted(bank, owner, amount, kind=kind, counterparty=side, state=state, fee=Money(50))
        for kind, (amount, side) in KINDS.items()
    ]

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/my-payments/history", cookie=signed_in(bank, owner))
        assert len(titles(page.shows(HistoryState))) == len(KINDS)
        assert all(row["title"] and row["detail"] for row in rows(page.shows(HistoryState)))
        for each in made:
            await page.go(f"/{locale}/receipt/{each.receipt}")
            shown = page.shows(ReceiptState)
            facts = {fact["name"]: fact["value"] for fact in shown.facts}
            assert (shown.missing, shown.state_word) == (False, state)
            assert facts[words(locale)("receipt.number")] == f"{each.id:09d}"
            assert "50" in facts[words(locale)("receipt.fee")]
            assert shown.pdf == f"/papers/{locale}/receipt/{each.receipt}.pdf"
            assert shown.repeat == ""

    play(app, bank, story)


def test_a_receipt_tells_its_sources_and_a_bill_can_be_repeated(app: Any, bank: Bank):
    owner = lively(bank)
    mixed = noted(
        bank, owner, -Money.tenge(5), kind="transfer_out", source="bonus+card:4242", wallet=ZERO, counterparty="Т."
    )
    (bill,) = bank.db.read_now(listing.page, customer_id=owner, wanted=listing.Wanted(states=("refused",)))

    async def story(site: Site) -> None:
        page = await site.open(f"/ru/receipt/{mixed.receipt}", cookie=signed_in(bank, owner))
        w = words("ru")
        facts = {fact["name"]: fact["value"] for fact in page.shows(ReceiptState).facts}
        assert facts[w("receipt.source")] == f"{w('papers.source.bonus')} + {w('papers.source.card', last4='4242')}"
        await page.go(f"/ru/receipt/{bill.receipt}")
        assert page.shows(ReceiptState).repeat == f"/ru/payments/s/almaty-energo?repeat={bill.receipt}"

    play(app, bank, story)


@pytest.mark.parametrize(
    ("given", "origin", "goal"),
    [
        ({"amount": -Money.tenge(5)}, "Кошелёк", "Карта •• 4242"),
        ({"amount": Money.tenge(5)}, "Карта •• 4242", "Кошелёк"),
        ({"amount": Money.tenge(5), "source": "card:4242"}, "Карта •• 4242", "Кошелёк"),
        ({"amount": -Money.tenge(5), "source": "card:1111", "wallet": ZERO}, "Карта •• 1111", "Карта •• 4242"),
        ({"amount": Money.tenge(5), "source": "card:4242", "wallet": ZERO}, "Карта •• 4242", None),
    ],
    ids=str,
)
def test_a_move_between_own_accounts_says_from_where_to_where(
    bank: Bank, given: dict[str, Any], origin: str, goal: str | None
):
    owner = customer(bank)
    made = noted(bank, owner, **({"kind": "own_transfer", "counterparty": "card", "account": "*4242"} | given))
    shown = bank.db.read_now(receipts.receipt, customer_id=owner, receipt=made.receipt, locale="ru")
    assert (dict(shown.facts)["Откуда"], dict(shown.facts).get("Куда")) == (origin, goal)


def test_the_statement_on_screen_is_for_the_days_that_history_shows(app: Any, bank: Bank):
    owner = lively(bank)

    async def story(site: Site) -> None:
        page = await site.open(f"{HERE}?period=today&show=out&q=x", cookie=signed_in(bank, owner))
        goal = page.shows(HistoryState).statement
        assert goal == "/ru/my-payments/statement?period=today"
        assert page.shows(HistoryState).pdf == "/papers/ru/statement.pdf?period=today"
        assert page.shows(HistoryState).csv == "/papers/ru/statement.csv?period=today"
        await page.go(goal)
        shown, today = page.shows(StatementState), bank.clock.today()
        assert len(shown.lines) == 2
        assert shown.head[0]["value"] == "Нұрланова Айгүл"
        assert shown.pdf == f"/papers/ru/statement.pdf?from={today}&to={today}"
        assert shown.csv == f"/papers/ru/statement.csv?from={today}&to={today}"
        assert (shown.errors, shown.shortened) == ({}, "")

    play(app, bank, story)


def test_a_long_statement_says_that_the_file_has_it_all(app: Any, bank: Bank, monkeypatch: pytest.MonkeyPatch):
    owner = lively(bank)
    monkeypatch.setattr(statement, "MOST_LINES", 1)

    async def story(site: Site) -> None:
        page = await site.open("/en/my-payments/statement", cookie=signed_in(bank, owner))
        assert len(page.shows(StatementState).lines) == 1
        assert page.shows(StatementState).shortened
        monkeypatch.setattr(listing, "MOST_ROWS", 1)
        await page.go("/en/my-payments/statement?period=month")
        assert "form" in page.shows(StatementState).errors

    play(app, bank, story)


def test_old_operations_are_outside_of_this_week(app: Any, bank: Bank):
    owner = lively(bank)
    bank.clock.jump(timedelta(days=8))
    top_up(bank, Money.tenge(300))

    async def counted(page: Page, period: str) -> int:
        await page.go(f"{HERE}?period={period}")
        return len(titles(page.shows(HistoryState)))

    async def story(site: Site) -> None:
        page = await site.open(HERE, cookie=signed_in(bank, owner))
        assert [await counted(page, period) for period in ("today", "week", "")] == [1, 1, 4]

    play(app, bank, story)
