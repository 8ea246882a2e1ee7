"""The screens of cards: what a person may do with theirs, and what a page is never sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from datetime import date
from typing import Any

import pytest

from kaspi_web.domain.cards import linking
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.gateways.processor import Processor
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.card_numbers import Expiry, TypedCard
from kaspi_web.kernel.money import Money
from kaspi_web.ui.cards.link import LinkCodeState as K
from kaspi_web.ui.cards.link import LinkState as L
from kaspi_web.ui.cards.state import CardsState as S
from tests.api.test_cards import link as posted
from tests.make.cards import all_shown, asked_for, linked, own_card
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import moved
from tests.make.moments import Watch
from tests.make.sms import other_than
from tests.processor import CVC, OK, ProcessorProcess
from tests.ui.harness import Page, Site, play, signed_in

SUM = Money.tenge(1_200)


@pytest.fixture
def bank_settings(processor: ProcessorProcess) -> dict[str, Any]:
    return {"processor_url": processor.url, "processor_timeout_s": 2.0}


@pytest.fixture
def me(bank: Bank) -> int:
    return customer(bank)


def on_cards(app: Any, bank: Bank, owner: int, story: Callable[[Page], Awaitable[None]], path: str = "cards") -> None:
    """A story on a page of this owner's."""

    async def whole(site: Site) -> None:
        await story(await site.open(f"/ru/{path}", cookie=signed_in(bank, owner)))

    play(app, bank, whole)


class TestList:
    def test_a_card_is_opened_and_shown_without_its_number(self, app: Any, bank: Bank, me: int):
        async def story(page: Page) -> None:
            assert page.shows(S).own == []
            await page.call(S.open_card)
            (row,) = page.shows(S).own
            assert row["name"].startswith("Kaspi wallet •••• ")
            assert (row["is_own"], row["is_frozen"], row["balance"]) == (True, False, "0\u00a0₸")
            assert page.shows(S).said == "Карта открыта"
            (card,) = all_shown(bank, me)
            number = bank.db.read_now(cards.requisites, customer_id=me, public_id=card.public_id).number
            assert row["requisites"] == f"/cards/{card.public_id}/requisites?l=ru"
            assert number not in page.everything
            assert card.token not in page.everything

        on_cards(app, bank, me, story)

    def test_more_cards_than_one_may_have_are_refused_in_words(self, app: Any, bank: Bank, me: int):
        for _ in range(cards.MOST_OWN):
            own_card(bank, me)

        async def story(page: Page) -> None:
            await page.call(S.open_card)
            assert "не больше 5" in page.shows(S).errors["form"]

        on_cards(app, bank, me, story)
        assert len(all_shown(bank, me)) == cards.MOST_OWN

    def test_a_card_is_frozen_and_thawed(self, app: Any, bank: Bank, me: int):
        card = linked(bank, me)

        async def story(page: Page) -> None:
            await page.call(S.freeze, card.public_id)
            assert page.shows(S).linked[0]["is_frozen"] is True
            await page.call(S.unfreeze, card.public_id)
            assert page.shows(S).linked[0]["is_frozen"] is False

        on_cards(app, bank, me, story)

    def test_a_card_is_unlinked_only_after_the_question(self, app: Any, bank: Bank, me: int):
        card = own_card(bank, me, money=SUM)

        async def story(page: Page) -> None:
            await page.call(S.unlink)
            assert len(page.shows(S).own) == 1, "nothing was asked about"
            await page.call(S.ask_unlink, card.public_id)
            assert (page.shows(S).asked, page.shows(S).asked_is_own) == (card.public_id, True)
            await page.call(S.keep, False)
            await page.call(S.unlink)
            assert len(page.shows(S).own) == 1, "it was kept"
            await page.call(S.ask_unlink, card.public_id)
            await page.call(S.unlink)
            assert (page.shows(S).own, page.shows(S).asked) == ([], "")

        on_cards(app, bank, me, story)
        assert bank.db.read_now(wallet.balances, customer_id=me).wallet == SUM

    @pytest.mark.parametrize("handler", [S.freeze, S.unfreeze, S.ask_unlink, S.unlink])
    def test_somebody_else_s_card_is_left_alone(self, app: Any, bank: Bank, me: int, handler: Any):
        mine, stranger = own_card(bank, me, money=SUM), customer(bank, phone=OTHER_PHONE)
        before = moved(bank) | asked_for(bank)

        async def story(page: Page) -> None:
            await page.call(handler, *([mine.public_id] if handler is not S.unlink else []))
            await page.call(S.unlink)
            assert mine.last4 not in page.everything

        on_cards(app, bank, stranger, story)
        assert moved(bank) | asked_for(bank) == before

    @pytest.mark.parametrize("sent", ["", "x" * 5_000, "\x00", "нет", 5, None, [], {"id": 1}])
    def test_strange_ids_do_nothing(self, app: Any, bank: Bank, me: int, sent: Any):
        own_card(bank, me)
        before = asked_for(bank)

        async def story(page: Page) -> None:
            for handler in (S.freeze, S.unfreeze, S.ask_unlink, S.keep):
                await page.call(handler, sent)
            await page.call(S.unlink)

        on_cards(app, bank, me, story)
        assert asked_for(bank) == before


def begun(bank: Bank, owner: int, *, onward: str = "") -> str:
    """A card shown to the processor as the door does it; answers the address of the try."""

    async def story() -> str:
        link_id = await bank.db.write(linking.begin, customer_id=owner, onward=onward)
        card = TypedCard(OK, Expiry(date.today().year + 1, 1), CVC)
        async with aclosing(Processor(bank)) as door:
            shown = await door.tokenise(link_id, card, phone=PHONE, language="ru")
        proof = {"token": shown.token, "brand": shown.brand, "last4": shown.last4}
        await bank.db.write(linking.challenged, customer_id=owner, link_id=link_id, **proof)
        return link_id

    return asyncio.run(story())


class TestCode:
    def test_the_right_code_links_the_card_and_leads_back(
        self, app: Any, bank: Bank, processor: ProcessorProcess, me: int
    ):
        link_id = begun(bank, me, onward="/ru/payments")

        async def story(page: Page) -> None:
            assert page.shows(K).card == "Visa •••• 4242"
            code = processor.code(PHONE)
            await page.call(K.submit, {"code": f"{code[:3]} {code[3:]}"})
            assert page.went_to[-1] == "/ru/payments"

        on_cards(app, bank, me, story, f"cards/link/{link_id}")
        assert [(card.brand, card.last4) for card in all_shown(bank, me)] == [("visa", "4242")]

    def test_a_wrong_code_says_how_often_it_may_still_be_tried_and_the_third_ends_it(
        self, app: Any, bank: Bank, processor: ProcessorProcess, me: int
    ):
        link_id = begun(bank, me)

        async def story(page: Page) -> None:
            right = processor.code(PHONE)
            await page.call(K.submit, {"code": other_than(right)})
            assert "2" in page.shows(K).errors["code"]
            await page.call(K.submit, {"code": "12"})
            await page.call(K.submit, {"code": other_than(right)})
            assert page.shows(K).over is True
            await page.call(K.submit, {"code": right})
            assert page.shows(K).over is True
            assert page.went_to == []

        on_cards(app, bank, me, story, f"cards/link/{link_id}")
        assert all_shown(bank, me) == []

    def test_the_code_is_sent_again_when_asked(self, app: Any, bank: Bank, processor: ProcessorProcess, me: int):
        link_id = begun(bank, me)

        async def story(page: Page) -> None:
            for _ in range(2):
                await page.call(K.resend)
                assert page.shows(K).said == "Код отправлен ещё раз"
            await page.call(K.resend)
            assert "больше не" in page.shows(K).said

        on_cards(app, bank, me, story, f"cards/link/{link_id}")
        processor.text(PHONE, after=2)

    def test_a_silent_processor_is_said_so_and_the_same_code_works_later(
        self, app: Any, bank: Bank, processor: ProcessorProcess, me: int
    ):
        link_id = begun(bank, me)

        async def story(page: Page) -> None:
            code = processor.code(PHONE)
            processor.set_fault("broken", deed="code", times=1)
            await page.call(K.submit, {"code": code})
            assert "не ответила" in page.shows(K).errors["form"]
            await page.call(K.submit, {"code": code})
            assert page.went_to == ["/ru/cards"]

        on_cards(app, bank, me, story, f"cards/link/{link_id}")
        assert len(all_shown(bank, me)) == 1

    def test_somebody_else_s_try_is_not_found(self, app: Any, bank: Bank, processor: ProcessorProcess, me: int):
        link_id, stranger = begun(bank, me), customer(bank, phone=OTHER_PHONE)

        async def story(page: Page) -> None:
            assert (page.shows(K).card, page.shows(K).over) == ("", True)
            await page.call(K.submit, {"code": processor.code(PHONE)})
            await page.call(K.resend)
            assert "4242" not in page.everything

        on_cards(app, bank, stranger, story, f"cards/link/{link_id}")
        assert all_shown(bank, stranger) == all_shown(bank, me) == []

    def test_after_ten_minutes_the_card_has_to_be_entered_again(
        self, app: Any, bank: Bank, processor: ProcessorProcess, me: int, monkeypatch: pytest.MonkeyPatch
    ):
        link_id = begun(bank, me)
        cookie = signed_in(bank, me)
        watch = Watch(monkeypatch)

        async def story(site: Site) -> None:
            page = await site.open(f"/ru/cards/link/{link_id}", cookie=cookie)
            assert page.shows(K).over is False
            watch.later(minutes=10)
            await page.call(K.submit, {"code": processor.code(PHONE)})
            assert page.shows(K).over is True

        play(app, bank, story)


def test_the_form_shows_what_the_last_try_was_refused_for_beside_its_field(app: Any, bank: Bank, me: int):
    cookie = signed_in(bank, me)
    answer = posted(bank, cookie, cvc="1", next="/ru/payments")
    left = answer.headers["set-cookie"].partition(";")[0]

    async def story(site: Site) -> None:
        page = await site.open("/ru/cards/link", cookie=f"{cookie}; {left}")
        assert list(page.shows(L).errors) == ["cvc"]
        assert page.shows(L).onward == "/ru/payments"
        fresh = await site.open("/ru/cards/link", cookie=cookie)
        assert fresh.shows(L).errors == {}

    play(app, bank, story)


def _family(state: Any) -> Iterator[Any]:
    yield state
    for child in state.substates.values():
        yield from _family(child)


def test_no_state_holds_what_was_typed(app: Any, bank: Bank, processor: ProcessorProcess, me: int):
    """States as a store would write them down: every var, also those that no page is sent."""
    cookie, link_id = signed_in(bank, me), begun(bank, me)
    refused = posted(bank, cookie, cvc="999").headers["set-cookie"].partition(";")[0]

    async def story(site: Site) -> None:
        page = await site.open("/ru/cards/link", cookie=f"{cookie}; {refused}")
        assert page.shows(L).errors
        await page.go(f"/ru/cards/link/{link_id}")
        await page.call(K.submit, {"code": processor.code(PHONE)})
        await page.go("/ru/cards")
        assert page.shows(S).linked
        dumps = [state._serialize() for root in site.app._state_manager.states.values() for state in _family(root)]
        assert any(b"4242" in dump for dump in dumps), "the last four digits are shown"
        # In a pickle a text stands with its length before it.
        typed = [OK.encode(), *(bytes([0x8C, 3]) + digits.encode() for digits in ("999", CVC))]
        assert not [word for dump in dumps for word in typed if word in dump]

    play(app, bank, story)
