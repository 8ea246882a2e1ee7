"""Why is my balance this: every posting of the wallet, and entries for those who have an account in them."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.chart import CHART
from kaspi_web.domain.wallet.postings import Side
from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.balance.state import BalanceState, EntryState, side_words
from tests.make.bills import accepted, paid
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import post, sql
from tests.make.topups import top_up
from tests.ui.harness import Site, play, signed_in


def lively(bank: Bank) -> int:
    owner = customer(bank)
    top_up(bank, Money.tenge(20_000))
    accepted(bank, paid(bank, owner, Money.tenge(4_812, 40)).id)
    return owner


@pytest.mark.parametrize("locale", LOCALES)
def test_the_balance_is_taken_apart_down_to_the_postings(app: Any, bank: Bank, locale: str):
    owner, w = lively(bank), words(locale)
    paid_entry = sql(bank, "SELECT id FROM entry WHERE kind = 'bill_paid'")[0][0]

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/balance", cookie=signed_in(bank, owner))
        shown = page.shows(BalanceState)
        assert [move["title"] for move in shown.moves] == [w("balance.kind.bill_held"), w("balance.kind.topup")]
        assert [move["is_in"] for move in shown.moves] == [False, True]
        assert shown.moves[0]["balance"] == w("balance.after", sum=shown.now)
        assert (shown.older, shown.newest) == ("", "")
        await page.go(shown.moves[0]["href"])
        entry = page.shows(EntryState)
        assert (entry.missing, entry.deed) == (False, w("balance.kind.bill_held"))
        assert [(each["origin"], each["goal"]) for each in entry.postings] == [
            (w("balance.account.wallet"), w("balance.account.holds"))
        ]
        await page.go(f"/{locale}/balance/{paid_entry}")
        assert len(page.shows(EntryState).postings) == 2
        assert page.shows(EntryState).postings[1]["goal"] == w("balance.account.bonus")

    play(app, bank, story)


def test_pages_go_on_where_the_address_says(app: Any, bank: Bank):
    owner = customer(bank)
    for _ in range(25):
        top_up(bank, Money.tenge(500))

    async def story(site: Site) -> None:
        page = await site.open("/ru/balance", cookie=signed_in(bank, owner))
        assert len(page.shows(BalanceState).moves) == 20
        await page.go(page.shows(BalanceState).older)
        last = page.shows(BalanceState)
        assert (len(last.moves), last.older, last.newest) == (5, "", "/ru/balance")
        assert last.moves[-1]["amount"] in last.moves[-1]["balance"].replace("Остаток ", "+")
        await page.go("/ru/balance?before=evil")
        assert len(page.shows(BalanceState).moves) == 20

    play(app, bank, story)


def test_somebody_elses_entry_is_not_there_and_nothing_of_it_is_sent(app: Any, bank: Bank):
    owner, thief = lively(bank), customer(bank, phone=OTHER_PHONE)
    numbers = [row[0] for row in sql(bank, "SELECT id FROM entry")]

    async def story(site: Site) -> None:
        page = await site.open("/ru/balance", cookie=signed_in(bank, thief))
        assert page.shows(BalanceState).moves == []
        for number in (*numbers, "evil", "9" * 30, "-1"):
            await page.go(f"/ru/balance/{number}")
            shown = page.shows(EntryState)
            assert (shown.missing, shown.postings, shown.deed) == (True, [], "")
        mine = await site.open(f"/ru/balance/{numbers[0]}", cookie=signed_in(bank, owner))
        assert not mine.shows(EntryState).missing
        await mine.go(f"/ru/balance/{max(numbers) + 1}")
        assert mine.shows(EntryState).postings == []

    play(app, bank, story)


def test_the_other_customer_of_an_entry_is_masked(app: Any, bank: Bank):
    owner, other = lively(bank), customer(bank, phone=OTHER_PHONE, given_name="Тимур", family_name="Ахметов")
    wallets = [bank.db.write_now(ledger.account, "wallet", str(each)) for each in (owner, other)]
    entry = post(bank, (*wallets, Money.tenge(5)))

    async def story(site: Site) -> None:
        page = await site.open(f"/ru/balance/{entry}", cookie=signed_in(bank, owner))
        assert "Тимур А." in page.shows(EntryState).postings[0]["goal"]
        assert "Ахметов" not in page.everything

    play(app, bank, story)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_account_of_the_chart_has_words(locale: str):
    w = words(locale)
    said = {kind: side_words(Side(kind, False, "x"), {}, w) for kind in CHART}
    assert not [kind for kind, text in said.items() if text == w("balance.account.other")]
    assert {side_words(Side(kind, True, ""), {}, w) for kind in ("wallet", "bonus", "card")} == {
        w(f"balance.account.{kind}") for kind in ("wallet", "bonus", "card")
    }
