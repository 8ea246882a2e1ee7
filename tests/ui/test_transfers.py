"""Transfers, tap by tap: to whom, how much, the codes, undoing, what became of it, and asking it back."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from kaspi_web.domain.transfers import due
from kaspi_web.i18n import LOCALES
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.ui.history.state import ReceiptState
from kaspi_web.ui.transfers.incoming import IncomingState as N
from kaspi_web.ui.transfers.state import OwnAccountsState, ToCardState, TransfersState
from kaspi_web.ui.transfers.transfer import TransferState as T
from tests.make import transfers as make
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import account, assert_clean, balance, moved, sql, wallet
from tests.make.sms import last_code, other_than
from tests.make.sources import give_bonus
from tests.make.transfers import NOBODY, SUM, own_card
from tests.ui.harness import Page, Site, play, signed_in
from tests.workers.waiting import until

HAD = Money.tenge(50_000)


@pytest.fixture
def me(bank: Bank) -> int:
    return customer(bank, money=HAD)


@pytest.fixture
def friend(bank: Bank) -> int:
    return customer(bank, phone=OTHER_PHONE, given_name="Тимур", family_name="Сапаров")


def left(bank: Bank, owner: int) -> Money:
    return balance(bank, wallet(bank, owner=str(owner)))


async def found(site: Site, me: int, *, phone: str = OTHER_PHONE, locale: str = "en") -> Page:
    """The page of a draft to a number that was typed."""
    page = await site.open(f"/{locale}/transfers", cookie=signed_in(site.bank, me))
    await page.call(TransfersState.find, {"phone": phone})
    (address,) = page.went_to
    await page.go(address)
    return page


def address(page: Page) -> str:
    return page.path.rpartition("/")[2]


@pytest.mark.parametrize("locale", LOCALES)
def test_from_the_number_to_the_money_with_time_to_undo(
    app: Any, bank: Bank, me: int, friend: int, locale: str
) -> None:
    async def story(site: Site) -> None:
        page = await found(site, me, phone="8 701 000 01 02", locale=locale)
        draft = page.shows(T).draft
        assert (page.shows(T).step, draft["who"]) == ("amount", "Тимур С.")
        assert draft["detail"] == "+7 701 000 01 02"
        assert draft["caution"]
        assert draft["limit"]
        assert [(each["value"], each["disabled"]) for each in page.shows(T).accounts] == [
            ("wallet", False),
            ("bonus", True),
        ]
        assert draft["bonuses"] == ""
        await page.call(T.propose, {"amount": "1000", "source": "wallet", "note": "түскі ас"})
        assert page.shows(T).step == "review"
        assert left(bank, me) == HAD, "nothing is moved before Send"
        await page.call(T.send)
        outcome = page.shows(T).outcome
        assert (page.shows(T).step, outcome["state"]) == ("result", "on_way")
        assert outcome["undo_at"] > 0
        assert outcome["can_undo"]
        assert outcome["can_send_now"]
        await page.call(T.send_now)
        assert page.shows(T).outcome["state"] == "done"
        assert page.shows(T).outcome["undo_at"] == 0
        for _ in range(2):
            await page.call(T.send)
            await page.call(T.send_now)
        assert page.shows(T).outcome["state"] == "done"

    play(app, bank, story)
    assert (left(bank, me), left(bank, friend)) == (HAD - SUM, SUM)
    assert_clean(bank)


def test_the_limits_stand_on_the_page_before_they_bite(app: Any, bank: Bank, me: int, friend: int) -> None:
    make.limited(bank, once=Money.tenge(700), day=Money.tenge(900))

    async def story(site: Site) -> None:
        page = await found(site, me)
        assert "₸900" in page.shows(T).draft["limit"]
        assert "₸700" in page.shows(T).draft["limit_once"]
        await page.call(T.propose, {"amount": "701", "source": "wallet"})
        assert "₸700" in page.shows(T).errors["amount"]
        assert page.shows(T).step == "amount"
        await page.call(T.propose, {"amount": "700", "source": "wallet"})
        await page.call(T.send)
        assert "₸200" in (await found(site, me)).shows(T).draft["limit"]

    play(app, bank, story)


def test_undone_nothing_has_moved(app: Any, bank: Bank, me: int, friend: int) -> None:
    async def story(site: Site) -> None:
        page = await found(site, me)
        await page.call(T.propose, {"amount": "1000", "source": "wallet"})
        await page.call(T.send)
        await page.call(T.undo)
        assert page.shows(T).outcome["state"] == "refused"
        await page.call(T.send_now)
        assert page.shows(T).errors["form"]
        reloaded = await site.open(page.path, cookie=page.cookie)
        assert reloaded.shows(T).outcome["state"] == "refused"

    play(app, bank, story)
    assert (left(bank, me), left(bank, friend)) == (HAD, ZERO)
    assert_clean(bank)


def test_the_page_turns_by_itself_when_undoing_has_ended(app: Any, bank: Bank, me: int, friend: int) -> None:
    async def story(site: Site) -> None:
        page = await found(site, me)
        await page.call(T.propose, {"amount": "1000", "source": "wallet"})
        await page.call(T.send)
        sql(bank, "UPDATE transfer SET undo_until = issued_at")
        (subject,) = await bank.db.read(due.due_now)
        await bank.db.write(due.settle, subject=subject)
        await until(lambda: page.shows(T).outcome["state"] == "done")
        await page.call(T.undo)
        assert page.shows(T).errors["form"], "it is too late"
        assert page.shows(T).outcome["state"] == "done"

    play(app, bank, story)
    assert left(bank, friend) == SUM


def test_a_tiyn_above_five_thousand_needs_a_code_once(app: Any, bank: Bank, me: int, friend: int) -> None:
    async def story(site: Site) -> None:
        page = await found(site, me)
        await page.call(T.propose, {"amount": "5000.01", "source": "wallet"})
        await page.call(T.send)
        assert page.shows(T).step == "code"
        assert page.shows(T).resend_at > 0
        code = last_code(bank, PHONE)
        await page.call(T.confirm, {"code": other_than(code)})
        assert page.shows(T).errors["code"]
        assert left(bank, me) == HAD
        await page.call(T.confirm, {"code": code})
        assert page.shows(T).step == "result"
        await page.call(T.confirm, {"code": code})
        assert code not in page.everything

    play(app, bank, story)
    assert left(bank, me) == HAD - Money.tenge(5_000, 1)
    assert_clean(bank)


@pytest.mark.parametrize("typed", ["", "abc", "0", "-5", "1,234", "50000.01", "99999999999999"])
def test_a_sum_that_cannot_be_sent_stays_on_the_page_with_its_reason(
    app: Any, bank: Bank, me: int, friend: int, typed: str
) -> None:
    async def story(site: Site) -> None:
        page = await found(site, me)
        before = moved(bank)
        await page.call(T.propose, {"amount": typed, "source": "wallet"})
        assert (page.shows(T).step, bool(page.shows(T).errors["amount"])) == ("amount", True)
        await page.call(T.send)
        assert moved(bank) == before

    play(app, bank, story)


@pytest.mark.parametrize("typed", ["", "7", "+1 202 555 0100", "+7 727 250 00 00", "+7 701 000 01 01"])
def test_a_number_that_cannot_be_sent_to_stays_on_the_page(app: Any, bank: Bank, me: int, typed: str) -> None:
    async def story(site: Site) -> None:
        page = await site.open("/ru/transfers", cookie=signed_in(bank, me))
        await page.call(TransfersState.find, {"phone": typed})
        assert page.went_to == []
        assert page.shows(TransfersState).errors["phone"]

    play(app, bank, story)
    assert sql(bank, "SELECT COUNT(*) FROM transfer") == [(0,)]


def test_a_number_without_a_wallet_says_that_the_money_waits(app: Any, bank: Bank, me: int) -> None:
    async def story(site: Site) -> None:
        page = await found(site, me, phone=NOBODY)
        draft = page.shows(T).draft
        assert draft["who"] == "+7 701 000 01 99"
        assert "7 days" in draft["caution"]
        await page.call(T.propose, {"amount": "1000", "source": "wallet"})
        await page.call(T.send)
        await page.call(T.send_now)
        assert page.shows(T).outcome["state"] == "on_way"
        assert "UTC+5" in page.shows(T).outcome["text"]
        await page.call(T.undo)
        assert page.shows(T).outcome["state"] == "refused"

    play(app, bank, story)
    assert left(bank, me) == HAD


def test_somebody_sent_to_before_is_one_tap_away(app: Any, bank: Bank, me: int, friend: int) -> None:
    made = make.delivered(bank, me)

    async def story(site: Site) -> None:
        page = await site.open("/en/transfers", cookie=signed_in(bank, me))
        (recent,) = page.shows(TransfersState).recents
        assert (recent["key"], recent["title"]) == (made.public_id, "Тимур С.")
        await page.call(TransfersState.again, recent["key"])
        await page.go(page.went_to[0])
        assert page.shows(T).draft["caution"] == ""
        await page.call(T.propose, {"amount": "5", "source": "wallet"})
        await page.call(T.send)
        assert page.shows(T).outcome["state"] == "done"

    play(app, bank, story)
    assert left(bank, friend) == SUM + Money.tenge(5)


def test_between_own_accounts(app: Any, bank: Bank, me: int) -> None:
    card = own_card(bank, me)

    async def story(site: Site) -> None:
        page = await site.open("/en/transfers/own", cookie=signed_in(bank, me))
        assert [each["value"] for each in page.shows(OwnAccountsState).accounts] == ["wallet", card.public_id]
        await page.call(OwnAccountsState.choose, {"to": card.public_id})
        await page.go(page.went_to[0])
        assert [each["value"] for each in page.shows(T).accounts] == ["wallet", "bonus"]
        await page.call(T.propose, {"amount": "20000", "source": "wallet"})
        await page.call(T.send)
        assert page.shows(T).step == "code", "above 5 000 among one's own accounts here too"
        await page.call(T.confirm, {"code": last_code(bank, PHONE)})
        assert page.shows(T).outcome["state"] == "done"
        assert not page.shows(T).outcome["can_ask_back"]

    play(app, bank, story)
    assert make.on_card(bank, me, card) == Money.tenge(20_000)
    assert_clean(bank)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_part_is_paid_with_bonuses(app: Any, bank: Bank, me: int, friend: int, locale: str) -> None:
    give_bonus(bank, me, Money.tenge(600))

    async def story(site: Site) -> None:
        page = await found(site, me, locale=locale)
        assert "600" in page.shows(T).draft["bonuses"]
        await page.call(T.propose, {"amount": "1000", "source": "wallet", "bonus": "600.01"})
        assert (page.shows(T).step, bool(page.shows(T).errors["bonus"])) == ("amount", True)
        await page.call(T.propose, {"amount": "1000", "source": "wallet", "bonus": "a few"})
        assert list(page.shows(T).errors) == ["bonus"]
        await page.call(T.propose, {"amount": "500", "source": "wallet", "bonus": "501"})
        assert list(page.shows(T).errors) == ["bonus"]
        await page.call(T.propose, {"amount": "1000", "source": "wallet", "bonus": "400"})
        review = page.shows(T).review
        assert page.shows(T).step == "review"
        assert "400" in review["spent"]
        assert "600" in review["source"]
        reloaded = await site.open(page.path, cookie=page.cookie)
        assert (reloaded.shows(T).draft["amount"], reloaded.shows(T).draft["bonus"]) == ("1000", "400")
        await page.call(T.send)
        await page.call(T.send_now)
        assert page.shows(T).outcome["state"] == "done"
        receipt = await site.open(page.shows(T).outcome["receipt"], cookie=page.cookie)
        facts = [each["value"] for each in receipt.shows(ReceiptState).facts]
        assert any("400" in value for value in facts)

    play(app, bank, story)
    assert (left(bank, me), left(bank, friend)) == (HAD - Money.tenge(600), SUM)
    assert balance(bank, account(bank, "bonus", str(me))) == Money.tenge(200)
    assert_clean(bank)


def test_bonuses_spent_in_another_window_bring_it_back_to_the_sum(app: Any, bank: Bank, me: int, friend: int) -> None:
    give_bonus(bank, me, SUM)

    async def story(site: Site) -> None:
        page = await found(site, me)
        await page.call(T.propose, {"amount": "1000", "source": "bonus"})
        assert (page.shows(T).review["spent"], page.shows(T).review["source"]) == ("", "Bonus account")
        own = await asyncio.to_thread(make.to_own, bank, me)
        await asyncio.to_thread(make.sent, bank, me, own, source="bonus")
        await page.call(T.send)
        assert (page.shows(T).step, list(page.shows(T).errors)) == ("amount", ["bonus"])

    play(app, bank, story)
    assert (left(bank, me), left(bank, friend)) == (HAD + SUM, ZERO)
    assert_clean(bank)


def test_bonuses_go_to_ones_own_wallet_also_without_a_card(app: Any, bank: Bank, me: int) -> None:
    async def story(site: Site) -> None:
        page = await site.open("/en/transfers/own", cookie=signed_in(bank, me))
        assert page.shows(OwnAccountsState).accounts == []
        await asyncio.to_thread(give_bonus, bank, me, SUM)
        await page.go("/en/transfers/own")
        assert [each["value"] for each in page.shows(OwnAccountsState).accounts] == ["wallet"]
        await page.call(OwnAccountsState.choose, {"to": "wallet"})
        await page.go(page.went_to[0])
        assert [(each["value"], each["checked"]) for each in page.shows(T).accounts] == [("bonus", True)]
        await page.call(T.propose, {"amount": "1000", "source": "bonus"})
        await page.call(T.send)
        assert page.shows(T).outcome["state"] == "done"
        receipt = await site.open(page.shows(T).outcome["receipt"], cookie=page.cookie)
        values = [each["value"] for each in receipt.shows(ReceiptState).facts]
        assert ("Bonus account", "Wallet") in zip(values, values[1:], strict=False)

    play(app, bank, story)
    assert left(bank, me) == HAD + SUM
    assert_clean(bank)


def test_two_linked_cards_are_offered_to_one_another(app: Any, bank: Bank, me: int) -> None:
    one, other = make.linked(bank, me), make.linked(bank, me, last4="4444")

    async def story(site: Site) -> None:
        page = await site.open("/en/transfers/own", cookie=signed_in(bank, me))
        goals = [each["value"] for each in page.shows(OwnAccountsState).accounts]
        assert goals == ["wallet", one.public_id, other.public_id]
        await page.call(OwnAccountsState.choose, {"to": other.public_id})
        await page.go(page.went_to[0])
        assert [each["value"] for each in page.shows(T).accounts] == ["wallet", "bonus", one.public_id]
        await page.call(T.propose, {"amount": "1000", "source": one.public_id})
        await page.call(T.send)
        assert page.shows(T).outcome["state"] == "on_way"

    play(app, bank, story)


def test_what_a_page_showed_of_another_transfer_is_gone_before_the_new_one_is_read(
    app: Any, bank: Bank, me: int, friend: int
) -> None:
    mine, theirs = make.delivered(bank, me), make.to_phone(bank, friend, PHONE)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/transfers/t/{mine.public_id}", cookie=signed_in(bank, me))
        assert page.shows(T).outcome["amount"]
        sent = len(page.wire)
        await page.go(f"/en/transfers/t/{theirs}")
        seen = [json.loads(text).get("delta") or {} for text in page.wire[sent:]]
        steps = [state["step_rx_state_"] for delta in seen for state in delta.values() if "step_rx_state_" in state]
        assert steps == ["", "missing"]
        assert page.shows(T).outcome["amount"] == ""

    play(app, bank, story)


def test_a_typed_card_is_one_transfer_however_often_its_address_is_opened(app: Any, bank: Bank, me: int) -> None:
    named = make.typed(bank, me)

    async def story(site: Site) -> None:
        goals = set()
        for _ in range(2):
            page = await site.open(f"/en/transfers/to/{named}", cookie=signed_in(bank, me))
            goals |= set(page.went_to)
        assert len(goals) == 1
        await page.go(goals.pop())
        assert page.shows(T).draft["who"] == "Visa •••• 4444"
        strange = await site.open("/en/transfers/to/nothing", cookie=signed_in(bank, me))
        assert strange.shows(ToCardState).errors["form"]

    play(app, bank, story)


def test_from_another_banks_card_its_own_bank_asks_for_a_code(app: Any, bank: Bank, me: int, friend: int) -> None:
    card = make.linked(bank, me)

    async def story(site: Site) -> None:
        page = await found(site, me)
        await page.call(T.propose, {"amount": "1000", "source": card.public_id})
        await page.call(T.send)
        assert (page.shows(T).step, page.shows(T).outcome["state"]) == ("result", "on_way")
        made = await asyncio.to_thread(make.seen, bank, me, address(page))
        await asyncio.to_thread(make.charge_answered, bank, made, "challenge")
        await until(lambda: page.shows(T).step == "bank_code")
        await page.call(T.prove, {"code": "000000"})
        assert page.shows(T).errors["form"], "nobody answers at the processor's address"
        await asyncio.to_thread(make.charge_answered, bank, made, "authorised")
        await until(lambda: page.shows(T).step == "result")
        await page.call(T.send_now)
        assert page.shows(T).outcome["state"] == "done"

    play(app, bank, story)
    assert (left(bank, me), left(bank, friend)) == (HAD, SUM)
    assert_clean(bank)


def test_it_is_asked_back_and_given_back(app: Any, bank: Bank, me: int, friend: int) -> None:
    made = make.delivered(bank, me)

    async def story(site: Site) -> None:
        mine = await site.open(f"/en/transfers/t/{made.public_id}", cookie=signed_in(bank, me))
        theirs = await site.open(f"/en/transfers/in/{made.public_id}", cookie=signed_in(bank, friend))
        assert theirs.shows(N).transfer["sender"] == "Айгүл Н."
        assert not theirs.shows(N).transfer["is_open"]
        assert mine.shows(T).outcome["can_ask_back"]
        await mine.call(T.ask_back)
        assert "Тимур С." in mine.shows(T).outcome["asked_back"]
        await until(lambda: theirs.shows(N).transfer["is_open"])
        hub = await site.open("/en/transfers", cookie=signed_in(bank, friend))
        assert [each["key"] for each in hub.shows(TransfersState).asked] == [made.public_id]
        await theirs.call(N.give_back)
        assert not theirs.shows(N).transfer["is_open"]
        await theirs.call(N.decline)
        assert theirs.shows(N).errors["form"]
        await until(lambda: "returned" in mine.shows(T).outcome["asked_back"])

    play(app, bank, story)
    assert (left(bank, me), left(bank, friend)) == (HAD, ZERO)
    assert_clean(bank)


def test_another_customer_sees_and_moves_nothing(app: Any, bank: Bank, me: int, friend: int) -> None:
    third = customer(bank, phone="+77010000103", money=HAD)
    held, done = make.sent(bank, me, make.to_phone(bank, me)), make.delivered(bank, third)
    make.asked_back(bank, third, done.public_id)

    async def story(site: Site) -> None:
        before = moved(bank), make.touched(bank)
        for owner in (friend, third):
            page = await site.open(f"/ru/transfers/t/{held.public_id}", cookie=signed_in(bank, owner))
            assert page.shows(T).step == "missing"
            await page.call(T.propose, {"amount": "1", "source": "wallet"})
            for deed in (T.send, T.resend, T.undo, T.send_now, T.ask_back):
                await page.call(deed)
            await page.call(T.confirm, {"code": "000000"})
            await page.call(T.prove, {"code": "000000"})
            assert "Айгүл" not in page.everything
        for owner in (me, third):
            page = await site.open(f"/ru/transfers/in/{done.public_id}", cookie=signed_in(bank, owner))
            assert page.shows(N).missing
            await page.call(N.give_back)
            await page.call(N.decline)
        page = await site.open("/ru/transfers", cookie=signed_in(bank, friend))
        await page.call(TransfersState.again, done.public_id)
        assert page.went_to == []
        assert (moved(bank), make.touched(bank)) == before

    play(app, bank, story)


def test_nothing_of_a_typed_card_but_its_last_digits_is_sent_to_a_page(app: Any, bank: Bank, me: int) -> None:
    named = make.typed(bank, me, token="tok_secret")

    async def story(site: Site) -> None:
        page = await site.open(f"/en/transfers/to/{named}", cookie=signed_in(bank, me))
        await page.go(page.went_to[0])
        await page.call(T.propose, {"amount": "1", "source": "wallet"})
        await page.call(T.send)
        assert "tok_secret" not in page.everything
        names = {
            name for text in page.wire for state in (json.loads(text).get("delta") or {}).values() for name in state
        }
        assert not [name for name in names if name.startswith("_")]

    play(app, bank, story)


def test_both_receipts_lead_to_the_transfer(app: Any, bank: Bank, me: int, friend: int) -> None:
    made = make.delivered(bank, me)
    make.asked_back(bank, me, made.public_id)
    make.answered(bank, friend, made.public_id, yes=True)
    rows = sql(bank, "SELECT customer_id, receipt FROM operation")
    assert len(rows) == 4

    async def story(site: Site) -> None:
        for owner, receipt in rows:
            page = await site.open(f"/en/receipt/{receipt}", cookie=signed_in(bank, owner))
            way = "t" if owner == me else "in"
            assert page.shows(ReceiptState).transfer == f"/en/transfers/{way}/{made.public_id}"

    play(app, bank, story)
