"""Every public method of a State can be called by anyone on the Internet: here is the list of all, and who may."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest
from reflex_base.registry import RegistrationContext

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.doors import doors_of
from tests.databases import open_bank
from tests.make.customers import customer
from tests.make.ledger import moved
from tests.ui.harness import Site, play, signed_in, stranger

GUESTS = {
    "RegistrationState": {
        "open_phone",
        "begin",
        "open_code",
        "resend",
        "confirm",
        "open_person",
        "describe",
        "open_password",
    },
    "SignInState": {"open"},
    "ResetState": {"open_phone", "begin", "open_code", "resend", "confirm", "open_password"},
    "ShopState": {"load", "count", "find"},
    "ListState": {"load", "more"},
    "FacetsState": {"count", "narrow"},
    "ProductState": {"load", "choose_city"},
    "ReviewsState": {"load", "more"},
}
"""Whoever adds a door for guests adds it here, on purpose."""
DEMOS = {
    "PhoneState": {"load", "toggle"},
    "KioskState": {"load", "top_up", "find", "accept", "insert", "pay", "stay", "leave", "finish"},
}
CUSTOMERS = {
    "HomeState": {"load"},
    "HistoryState": {"load", "find"},
    "ReceiptState": {"load"},
    "StatementState": {"load"},
    "BalanceState": {"load"},
    "EntryState": {"load"},
    "PaymentsState": {"load", "look_for", "find"},
    "CategoryState": {"load"},
    "MobileState": {"load", "suggest", "check"},
    "ServiceState": {"load", "choose", "check"},
    "FavouritesState": {"load", "rename", "remove", "undo"},
    "StarState": {"look", "toggle"},
    "BonusState": {"load"},
    "IntentState": {"load", "propose", "change", "pay", "resend", "confirm", "prove"},
    "LinesState": {"load", "read_meter", "write_sum", "take", "refuse"},
    "TopUpState": {"load"},
    "TransfersState": {"load", "find", "again"},
    "OwnAccountsState": {"load", "choose"},
    "ToCardState": {"load", "go_on"},
    "TransferState": {
        "load",
        "propose",
        "change",
        "send",
        "resend",
        "confirm",
        "prove",
        "undo",
        "send_now",
        "ask_back",
    },
    "IncomingState": {"load", "give_back", "decline"},
    "ProfileState": {"load", "choose_language"},
    "CardsState": {"load", "open_card", "freeze", "unfreeze", "ask_unlink", "keep", "unlink"},
    "LinkState": {"load"},
    "LinkCodeState": {"load", "submit", "resend"},
    "IdentityState": {"load", "load_mismatch"},
    "PersonState": {"load", "save"},
    "RedState": {"load", "join", "again"},
    "PlansState": {"load"},
    "PlanState": {"load"},
    "RepayState": {"propose", "change", "pay", "set_automatic"},
    "ProductState": {"add"},
    "ReviewsState": {"write"},
    "BasketState": {"load", "more", "fewer", "remove", "put_back", "order", "order_line", "order_of"},
    "CheckoutState": {
        *("load", "choose_way", "choose_city", "choose_source", "keep_address", "spend"),
        *("order", "change", "resend", "confirm"),
    },
    "PurchaseState": {"load", "prove"},
    "ContractState": {"load", "begin", "resend", "change", "sign", "ask_decline", "decline"},
    "OrdersState": {"load"},
    "OrderState": {
        *("load", "ask_cancel", "ask_refuse", "ask_line", "ask_return", "close"),
        *("cancel", "cancel_line", "refuse_parcel", "give_back", "withdraw"),
    },
}
ALL = {
    state: GUESTS.get(state, set()) | DEMOS.get(state, set()) | CUSTOMERS.get(state, set())
    for state in GUESTS | DEMOS | CUSTOMERS
}


def ours() -> dict[str, Any]:
    """Every handler of our States by its name on the socket."""
    known = RegistrationContext.get().event_handlers
    return {name: each for name, each in known.items() if each.handler.fn.__module__.startswith("kaspi_web.")}


def by_state(names: list[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in names:
        each = ours()[name]
        found.setdefault(each.states[0].__name__, set()).add(each.handler.fn.__name__)
    return found


def marked(*doors: str) -> list[str]:
    return [name for name, each in ours().items() if doors_of(each.handler.fn) == frozenset(doors)]


def test_the_doors_for_guests_are_these_and_no_others(app: Any):
    assert by_state(marked("guest")) == GUESTS


def test_the_doors_of_demos_are_these_and_no_others(app: Any):
    assert by_state(marked("guest", "demo")) == DEMOS
    assert marked("demo") == []


def test_all_other_doors_are_these_and_for_the_signed_in(app: Any):
    assert by_state(marked()) == CUSTOMERS


def test_every_public_method_of_every_state_is_an_intended_door(app: Any):
    import reflex as rx

    states = {each.states[0] for each in ours().values()}
    for state in states:
        assert issubclass(state, rx.State)
        public = {name for name, value in vars(state).items() if not name.startswith("_") and callable(value)}
        assert public - {"setvar"} <= ALL[state.__name__], state.__name__
        plain = {name for name, value in vars(state).items() if inspect.isfunction(value) and not name.startswith("_")}
        assert plain <= ALL[state.__name__]


def test_every_door_knows_its_state_and_no_state_of_ours_is_forgotten(app: Any):
    assert set(by_state(list(ours()))) == set(ALL)


def _payload(name: str) -> dict[str, Any]:
    code = ours()[name].handler.fn.__code__
    return {argument: {"x": "y"} for argument in code.co_varnames[1 : code.co_argcount]}


@pytest.mark.parametrize("cookie", ["", "stranger", "forged"])
def test_every_door_that_is_not_for_guests_sends_a_guest_to_sign_in_and_shows_nothing(
    app: Any, bank: Bank, cookie: str
):
    customer(bank)
    before = moved(bank)

    async def story(site: Site) -> None:
        for name in marked():
            # Each comes by itself: one browser that tried every door would be told that it is too fast.
            header = {"": "", "stranger": stranger(), "forged": "sid=x; sid=y"}[cookie]
            page = await site.open("/ru", cookie=header)
            shown = dict(page._shown.get(name.rpartition(".")[0], {}))
            sent = len(page.wire)
            await page.call(name, **_payload(name))
            assert page.went_to == ["/ru/login"], name
            assert page._shown.get(name.rpartition(".")[0], {}) == shown, name
            assert len(page.wire) == sent + 1, "the way to sign-in and nothing else"

    play(app, bank, story)
    assert moved(bank) == before


def test_doors_of_demos_are_shut_outside_demos_for_everybody(app: Any, bank: Bank):
    owner = customer(bank)
    with open_bank(bank.settings.database, bank.settings.data_dir, demo=False, port=bank.settings.port) as real:

        async def story(site: Site) -> None:
            for header in ("", stranger(), signed_in(real, owner)):
                page = await site.open("/ru", cookie=header)
                sent = len(page.wire)
                for name in marked("guest", "demo"):
                    await page.call(name, **_payload(name))
                assert len(page.wire) == sent

        play(app, real, story)


def test_the_frameworks_own_setter_is_shut_for_everybody(app: Any, bank: Bank):
    owner = customer(bank, money=Money.tenge(1_000))
    setters = [name for name in RegistrationContext.get().event_handlers if name.endswith(".setvar")]
    assert len(setters) > 10

    async def story(site: Site) -> None:
        for header in ("", signed_in(bank, owner)):
            page = await site.open("/ru", cookie=header)
            sent = len(page.wire)
            for name in setters:
                await page.call(name, var_name="is_hydrated", value=True)
            assert len(page.wire) == sent

    play(app, bank, story)


def test_storage_of_the_browser_cannot_be_written_into_a_state(app: Any, bank: Bank):
    owner = customer(bank, money=Money.tenge(1_000))
    prefix = "reflex___state____state.kaspi_web___ui___home___state____home_state"
    update = next(name for name in RegistrationContext.get().event_handlers if name.endswith(".update_vars_internal"))

    async def story(site: Site) -> None:
        page = await site.open("/en/home", cookie=signed_in(bank, owner))
        await page.call(update, vars={f"{prefix}.balance": "forged", f"{prefix}.balance_rx_state_": "forged"})
        assert "forged" not in page.everything

    play(app, bank, story)


NO_DOORS = ("", "x", "reflex___state____state.reset", "reflex___state____state.setvar.x", "__init__")


def test_a_name_that_nobody_has_is_no_door(app: Any, bank: Bank):
    async def story(site: Site) -> None:
        page = await site.open("/en", cookie=stranger())
        sent = len(page.wire)
        for name in (*NO_DOORS, marked()[0] + "2"):
            await page.send(page.event(name))
            await asyncio.sleep(0.01)
        assert len(page.wire) == sent

    play(app, bank, story)


def test_names_that_nobody_has_leave_nothing_in_memory(app: Any, bank: Bank):
    async def story(site: Site) -> None:
        page = await site.open("/en", cookie=stranger())
        for name in NO_DOORS:
            await page.send(page.event(name))
        await asyncio.sleep(0.05)
        assert not site.app.event_processor._futures

    play(app, bank, story)
