"""Why is my balance this: every posting of the wallet, and entries for those who have an account in them."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.chart import CHART
from kaspi_web.domain.wallet.postings import Side
from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.balance.state import BalanceState, EntryState, side_words
from kaspi_web.ui.cards.state import CardsState
from tests.make.bills import accepted, paid
from tests.make.cards import linked, own_card
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import post, sql
from tests.make.topups import top_up
from tests.ui.harness import Site, play, signed_in
from tests.workers.waiting import until


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
        assert shown.moves[0]["after"] == w("balance.after", sum=shown.now)
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
        assert last.moves[-1]["amount"] in last.moves[-1]["after"].replace("Остаток ", "+")
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


def moved_to_card(bank: Bank, owner: int, *, times: int = 1) -> str:
    """A card of ours that money went to from the wallet; answers its name in addresses."""
    card = own_card(bank, owner)
    sides = [bank.db.write_now(ledger.account, *each) for each in (("wallet", str(owner)), ("card", str(card.id)))]
    for _ in range(times):
        post(bank, (*sides, Money.tenge(5)))
    return card.public_id


@pytest.mark.parametrize("locale", LOCALES)
def test_the_balance_of_an_own_card_is_taken_apart_too_and_the_card_is_named(app: Any, bank: Bank, locale: str):
    owner, w = lively(bank), words(locale)
    name = moved_to_card(bank, owner)
    (card,) = bank.db.read_now(cards.cards, customer_id=owner)

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/cards", cookie=signed_in(bank, owner))
        (row,) = page.shows(CardsState).own
        await page.go(row["why"])
        shown = page.shows(BalanceState)
        assert (shown.missing, shown.card.endswith(card.last4)) == (False, True)
        (move,) = shown.moves
        assert (move["is_in"], move["after"]) == (True, w("balance.after", sum=shown.now))
        assert move["detail"].startswith(w("balance.account.wallet"))
        await page.go(move["href"])
        (posted,) = page.shows(EntryState).postings
        mine = w("balance.account.card", last4=card.last4)
        assert (posted["origin"], posted["goal"]) == (w("balance.account.wallet"), mine)
        assert page.shows(EntryState).back == f"/{locale}/balance/card/{name}"
        await page.go(f"/{locale}/balance")
        assert (page.shows(BalanceState).card, page.shows(BalanceState).moves[0]["detail"].startswith(mine)) == (
            "",
            True,
        )
        await page.go(page.shows(BalanceState).moves[0]["href"])
        assert page.shows(EntryState).back == ""

    play(app, bank, story)


def test_the_movements_of_a_card_are_shown_by_pages(app: Any, bank: Bank):
    owner = lively(bank)
    here = f"/ru/balance/card/{moved_to_card(bank, owner, times=23)}"

    async def story(site: Site) -> None:
        page = await site.open(here, cookie=signed_in(bank, owner))
        shown = page.shows(BalanceState)
        assert (len(shown.moves), shown.newest) == (20, "")
        assert shown.older.startswith(f"{here}?before=")
        await page.go(shown.older)
        last = page.shows(BalanceState)
        assert (len(last.moves), last.older, last.newest) == (3, "", here)
        assert last.moves[-1]["amount"] in last.moves[-1]["after"].replace("Остаток ", "+")

    play(app, bank, story)


def test_a_card_that_is_not_ones_own_has_no_such_page(app: Any, bank: Bank):
    owner, thief = lively(bank), customer(bank, phone=OTHER_PHONE)
    names = (moved_to_card(bank, owner), linked(bank, thief).public_id, "evil", "0" * 26, "%00")

    async def story(site: Site) -> None:
        page = await site.open("/ru/balance", cookie=signed_in(bank, thief))
        for name in names:
            await page.go(f"/ru/balance/card/{name}")
            shown = page.shows(BalanceState)
            assert (shown.ready, shown.missing, shown.moves, shown.now, shown.card) == (True, True, [], "", "")
        mine = await site.open(f"/ru/balance/card/{names[0]}", cookie=signed_in(bank, owner))
        assert len(mine.shows(BalanceState).moves) == 1
        bank.db.write_now(cards.unlink, customer_id=owner, public_id=names[0])
        await until(lambda: mine.shows(BalanceState).missing)
        assert mine.shows(BalanceState).moves == []

    play(app, bank, story)


def test_the_way_back_from_an_entry_is_a_card_or_the_balance(app: Any, bank: Bank):
    owner = lively(bank)
    entry = sql(bank, "SELECT MAX(id) FROM entry")[0][0]

    async def story(site: Site) -> None:
        page = await site.open("/ru/balance", cookie=signed_in(bank, owner))
        for given in ("/evil.example", "..%2F..%2Fhome", "", "javascript:1"):
            await page.go(f"/ru/balance/{entry}?card={given}")
            assert page.shows(EntryState).back == ""

    play(app, bank, story)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_account_of_the_chart_has_words(locale: str):
    w = words(locale)
    said = {kind: side_words(Side(kind, False, "x"), {}, w) for kind in CHART}
    assert not [kind for kind, text in said.items() if text == w("balance.account.other")]
    mine = {side_words(Side(kind, True, "1234"), {}, w) for kind in ("wallet", "bonus", "card")}
    assert mine == {w(f"balance.account.{kind}", last4="1234") for kind in ("wallet", "bonus", "card")}
