"""Anybody may send anything, in any order, to any handler: none lets an exception out and none moves money."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.payments.intent import IntentState as I
from kaspi_web.ui.profile.state import ProfileState
from kaspi_web.ui.registration.state import RegistrationState
from kaspi_web.ui.terminal.state import KioskState
from tests.make.bills import issued
from tests.make.customers import customer
from tests.make.ledger import moved, sql
from tests.ui.harness import Site, argument_of, name_of, play, signed_in, stranger
from tests.ui.test_doors import ours

FIELDS = ("phone", "code", "account", "biller", "amount", "source", "language", "given_name", "born_day", "born_year")
VALUES: dict[str, Any] = {
    "none": None,
    "number": -1,
    "large": 10**40,
    "nan": float("nan"),
    "infinite": float("inf"),
    "true": True,
    "list": [1, [2]],
    "nested": {"a": {"b": [None]}},
    "long": "9" * 100_000,
    "nul": "\x00",
    "half_letter": "\ud800",
    "markup": "<script>alert(1)</script>",
    "injection": "'; DROP TABLE customer; --",
    "letters": "қ" * 500,
    "arabic_digits": "٠١٢٣٤٥",
    "marks": "{0} %s {brand}",
}


def taking_something() -> list[str]:
    return [name for name, each in ours().items() if each.handler.fn.__code__.co_argcount > 1]


@pytest.mark.parametrize("kind", sorted(VALUES))
def test_whatever_a_handler_is_given_it_takes_calmly(app: Any, bank: Bank, kind: str):
    owner, value = customer(bank, money=Money.tenge(50_000)), VALUES[kind]
    made = issued(bank, owner)
    before = moved(bank)

    async def story(site: Site) -> None:
        for name in taking_something():
            page = await site.open(f"/en/payments/i/{made.id}", cookie=signed_in(bank, owner))
            site.troubles.clear()
            argument = argument_of(name)
            await page.call(name, **{argument: value})
            if argument == "form":
                await page.call(name, form=dict.fromkeys(FIELDS, value))
                await page.call(name, form={kind: value})
            assert not site.troubles, f"{name}: {site.troubles!r}"

    play(app, bank, story)
    assert {**moved(bank), "messages": 0} == {**before, "messages": 0}


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(max_size=30), number=st.integers() | st.floats() | st.booleans())
def test_any_text_in_any_field_is_taken_calmly(app: Any, bank: Bank, text: str, number: Any):
    found = sql(bank, "SELECT id FROM customer")
    owner = found[0][0] if found else customer(bank, money=Money.tenge(50_000))
    before = moved(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/payments/i/x", cookie=signed_in(bank, owner))
        for handler in (I.propose, I.confirm, ProfileState.choose_language):
            await page.call(handler, dict.fromkeys(FIELDS, text))
        await page.call(RegistrationState.describe, dict.fromkeys(("given_name", "family_name", "born_year"), text))
        page.path = "/en/kiosk/almaty-01"
        await page.call(KioskState.load)
        await page.call(KioskState.insert, number)

    play(app, bank, story)
    assert moved(bank) == before


@pytest.mark.parametrize("wrong", [{}, {"x": 1}, {"form": {}, "more": 1}], ids=["none", "other", "too_many"])
def test_arguments_that_do_not_fit_move_nothing_and_reach_nobody(app: Any, bank: Bank, wrong: dict[str, Any]):
    owner = customer(bank, money=Money.tenge(50_000))
    before = moved(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/home", cookie=signed_in(bank, owner))
        sent = len(page.wire)
        for name in taking_something():
            await page.call(name, **wrong)
        assert len(page.wire) == sent
        assert {type(trouble) for trouble in site.troubles} == {TypeError}

    play(app, bank, story, troubles=True)
    assert moved(bank) == before


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//",
        "/en",
        "/xx/payments/i/",
        "/en/payments/i/" + "x" * 5_000,
        "/en/receipt/\x00",
        "/en/receipt/\ud800",
    ],
)
def test_a_forged_path_is_taken_calmly(app: Any, bank: Bank, path: str):
    owner = customer(bank, money=Money.tenge(50_000))
    before = moved(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en", cookie=signed_in(bank, owner))
        page.path = path
        for name, each in ours().items():
            if each.handler.fn.__code__.co_argcount == 1:
                site.troubles.clear()
                await page.call(name)
                assert not site.troubles, f"{name}: {site.troubles!r}"
        await page.call(I.propose, {"amount": "3000"})
        await page.call(I.confirm, {"code": "123456"})

    play(app, bank, story)
    assert moved(bank) == before


def test_paying_out_of_order_moves_nothing(app: Any, bank: Bank):
    owner = customer(bank, money=Money.tenge(50_000))
    made = issued(bank, owner)
    before = moved(bank)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/payments/i/{made.id}", cookie=signed_in(bank, owner))
        await page.call(I.pay)
        await page.call(I.resend)
        await page.call(I.confirm, {"code": "000000"})
        await page.call(I.confirm, {})
        await page.call(I.pay)
        await page.call(I.change)
        assert page.shows(I).step == "amount"

    play(app, bank, story)
    assert moved(bank) == before


def test_a_large_sum_is_never_paid_without_its_code(app: Any, bank: Bank):
    owner = customer(bank, money=Money.tenge(50_000))
    made = issued(bank, owner)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/payments/i/{made.id}", cookie=signed_in(bank, owner))
        await page.call(I.propose, {"amount": "20000"})
        for _ in range(3):
            await page.call(I.pay)
        for code in ("", "000000", None, "1" * 40):
            await page.call(I.confirm, {"code": code})
        assert page.shows(I).step == "code"

    before = moved(bank)
    play(app, bank, story)
    assert {**moved(bank), "messages": 0} == {**before, "messages": 0}


@pytest.mark.parametrize(
    "note", [-200, 0, 1, 100, 201, True, False, 200.5, "200x", "x", None, [200], 10**30, float("nan")]
)
def test_only_banknotes_are_taken(app: Any, bank: Bank, note: Any):
    from kaspi_web.domain.terminals import kiosk

    visit = bank.db.write_now(kiosk.arrive, terminal="almaty-01", phone="+77010000101", masked_name="А")

    async def story(site: Site) -> None:
        page = await site.open("/en/kiosk/almaty-01", cookie=stranger())
        state = await site.app.state_manager.get_state(_token(page, KioskState))
        kiosk_state = await state.get_state(KioskState)
        kiosk_state._visit, kiosk_state.step = visit.id, "notes"
        await page.call(KioskState.insert, note)

    play(app, bank, story)
    assert bank.db.read_now(kiosk.visit, visit_id=visit.id).inserted == Money(0)


def _token(page: Any, state: type[Any]) -> Any:
    import reflex as rx

    return rx.BaseStateToken(ident=page.token, cls=state)


def test_cash_before_a_name_is_not_taken(app: Any, bank: Bank):
    customer(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/kiosk/almaty-01", cookie=stranger())
        for handler in (KioskState.accept, KioskState.pay, KioskState.stay, KioskState.leave):
            await page.call(KioskState.insert, 5_000)
            await page.call(handler)
        await page.call(KioskState.top_up)
        await page.call(KioskState.accept)
        await page.call(KioskState.insert, 5_000)
        await page.call(KioskState.pay)
        assert page.shows(KioskState).step == "phone"

    play(app, bank, story)
    assert sql(bank, "SELECT COUNT(*) FROM kiosk_visit")[0][0] == 0


def test_every_handler_has_a_name_on_the_socket(app: Any):
    assert name_of(I.pay).endswith("intent_state.pay")


@pytest.mark.parametrize("text", ["\x00", "\ud800"], ids=["nul", "half_letter"])
def test_both_databases_take_strange_letters_calmly(app: Any, any_bank: Bank, text: str):
    owner = customer(any_bank, money=Money.tenge(50_000))
    from kaspi_web.ui.payments.service import ServiceState

    async def story(site: Site) -> None:
        for path in (
            f"/en/receipt/{text}",
            f"/en/payments/i/{text}",
            f"/en/payments/s/{text}",
            f"/en/payments/c/{text}",
            f"/en/kiosk/{text}",
        ):
            await site.open(path, cookie=signed_in(any_bank, owner))
        page = await site.open("/en/home", cookie=signed_in(any_bank, owner))
        await page.call(ServiceState.check, {"way": text, "account": text, text: text})

    play(app, any_bank, story)
