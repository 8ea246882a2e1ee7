"""Every screen, in every language: the one list of pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import reflex as rx

from kaspi_web.i18n import LOCALES, Words, words
from kaspi_web.settings import Settings
from kaspi_web.ui import shell
from kaspi_web.ui.balance import page as balance
from kaspi_web.ui.balance.state import BalanceState, EntryState
from kaspi_web.ui.basket import page as basket
from kaspi_web.ui.basket.state import BasketState
from kaspi_web.ui.bonus import page as bonus
from kaspi_web.ui.bonus.state import BonusState
from kaspi_web.ui.cards import page as cards
from kaspi_web.ui.cards.link import LinkCodeState, LinkState
from kaspi_web.ui.cards.state import CardsState
from kaspi_web.ui.checkout import page as checkout
from kaspi_web.ui.checkout.state import CheckoutState
from kaspi_web.ui.components import actions, layout
from kaspi_web.ui.components.icons import mark
from kaspi_web.ui.history import page as history
from kaspi_web.ui.history import receipt_page, statement_page
from kaspi_web.ui.history.state import HistoryState, ReceiptState
from kaspi_web.ui.history.statement import StatementState
from kaspi_web.ui.home import page as home
from kaspi_web.ui.home.state import HomeState
from kaspi_web.ui.identity import page as identity
from kaspi_web.ui.identity.state import IdentityState, PersonState
from kaspi_web.ui.orders import contract_page, order_page, purchase_page
from kaspi_web.ui.orders import list_page as orders
from kaspi_web.ui.orders.contract import ContractState
from kaspi_web.ui.orders.listing import OrdersState
from kaspi_web.ui.orders.purchase import PurchaseState
from kaspi_web.ui.orders.state import OrderState
from kaspi_web.ui.payments import category_page, favourites_page, intent_page, service_page
from kaspi_web.ui.payments import page as payments
from kaspi_web.ui.payments.category import CategoryState, MobileState
from kaspi_web.ui.payments.favourites import FavouritesState
from kaspi_web.ui.payments.intent import IntentState
from kaspi_web.ui.payments.service import ServiceState
from kaspi_web.ui.payments.state import PaymentsState
from kaspi_web.ui.plans import page as plans
from kaspi_web.ui.plans import plan_page
from kaspi_web.ui.plans.state import PlansState, PlanState
from kaspi_web.ui.profile import page as profile
from kaspi_web.ui.profile.state import ProfileState
from kaspi_web.ui.red import page as red
from kaspi_web.ui.red.state import RedState
from kaspi_web.ui.registration import page as registration
from kaspi_web.ui.registration.state import RegistrationState
from kaspi_web.ui.session import Counter, at
from kaspi_web.ui.shop import list_page, product_page
from kaspi_web.ui.shop import page as shop
from kaspi_web.ui.shop.lists import ListState
from kaspi_web.ui.shop.product import ProductState
from kaspi_web.ui.shop.state import ShopState
from kaspi_web.ui.sign_in import page as sign_in
from kaspi_web.ui.sign_in.state import ResetState, SignInState
from kaspi_web.ui.sim import page as sim
from kaspi_web.ui.sim.panel import panel
from kaspi_web.ui.sim.state import PhoneState
from kaspi_web.ui.terminal import page as terminal
from kaspi_web.ui.terminal.state import KioskState
from kaspi_web.ui.topup import page as topup
from kaspi_web.ui.topup.state import TopUpState
from kaspi_web.ui.transfers import incoming_page, transfer_page
from kaspi_web.ui.transfers import page as transfers
from kaspi_web.ui.transfers.incoming import IncomingState
from kaspi_web.ui.transfers.state import OwnAccountsState, ToCardState, TransfersState
from kaspi_web.ui.transfers.transfer import TransferState
from kaspi_web.ui.welcome import page as welcome

Draw = Callable[[Words], rx.Component]


class Screen(NamedTuple):
    """A page: its path below the language, how it is drawn, what runs when it opens, and what stands around it."""

    path: str
    title: str
    draw: Draw
    on_load: Any = None
    frame: str = "guest"
    """`guest`, `customer` (signed in, with navigation), `open` (the same for everybody) or `kiosk`."""
    tab: str = ""
    called: Any = None
    """The document's title where it depends on what is shown; empty text until that is known."""


R, P, C, OPEN = RegistrationState, ResetState, "customer", "open"
L = ListState.document

SCREENS = (
    Screen("", "welcome.title", welcome.page),
    Screen("/register", "registration.phone.title", registration.phone_page, R.open_phone),
    Screen("/register/code", "registration.code.title", registration.code_page, R.open_code),
    Screen("/register/person", "registration.person.title", registration.person_page, R.open_person),
    Screen("/register/password", "registration.password.title", registration.password_page, R.open_password),
    Screen("/register/done", "registration.done.title", registration.done_page, ProfileState.load, C, "home"),
    Screen("/login", "sign_in.title", sign_in.sign_in_page, SignInState.open),
    Screen("/reset", "reset.phone.title", sign_in.phone_page, P.open_phone),
    Screen("/reset/code", "reset.code.title", sign_in.code_page, P.open_code),
    Screen("/reset/password", "reset.password.title", sign_in.password_page, P.open_password),
    Screen("/home", "home.title", home.page, HomeState.load, C, "home"),
    Screen("/topup", "topup.title", topup.page, TopUpState.load, C, "home"),
    Screen("/payments", "payments.title", payments.page, PaymentsState.load, C, "payments"),
    Screen("/payments/favourites", "favourites.title", favourites_page.page, FavouritesState.load, C, "payments"),
    Screen(
        "/payments/c/mobile", "operations.category.mobile", category_page.mobile_page, MobileState.load, C, "payments"
    ),
    Screen("/payments/c/[category_name]", "payments.title", category_page.page, CategoryState.load, C, "payments"),
    Screen("/payments/s/[service_slug]", "payments.title", service_page.page, ServiceState.load, C, "payments"),
    Screen("/payments/i/[intent]", "payments.title", intent_page.page, IntentState.load, C, "payments"),
    Screen("/my-payments/history", "history.title", history.history_page, HistoryState.load, C, "my_payments"),
    Screen(
        "/my-payments/statement",
        "papers.statement.page",
        statement_page.statement_page,
        StatementState.load,
        C,
        "my_payments",
    ),
    Screen("/receipt/[receipt]", "receipt.title", receipt_page.receipt_page, ReceiptState.load, C, "my_payments"),
    Screen("/balance", "balance.title", balance.balance_page, BalanceState.load, C, "home"),
    Screen("/balance/card/[own_card]", "balance.card.title", balance.card_page, BalanceState.load, C, "home"),
    Screen("/balance/[entry]", "balance.entry.postings", balance.entry_page, EntryState.load, C, "home"),
    Screen("/bonus", "bonus.title", bonus.page, BonusState.load, C, "home"),
    Screen("/cards", "cards.title", cards.page, CardsState.load, C, "home"),
    Screen("/cards/link", "cards.link.title", cards.link_page, LinkState.load, C, "home"),
    Screen("/cards/link/[link]", "cards.code.title", cards.code_page, LinkCodeState.load, C, "home"),
    Screen("/transfers", "transfers.title", transfers.page, TransfersState.load, C, "transfers"),
    Screen("/transfers/own", "transfers.own", transfers.own_page, OwnAccountsState.load, C, "transfers"),
    Screen("/transfers/to", "transfers.to_card", transfers.card_page, ToCardState.load, C, "transfers"),
    Screen(
        "/transfers/to/[card_recipient]", "transfers.to_card", transfers.typed_page, ToCardState.go_on, C, "transfers"
    ),
    Screen("/transfers/t/[transfer]", "transfers.title", transfer_page.page, TransferState.load, C, "transfers"),
    Screen(
        "/transfers/in/[transfer]", "transfers.incoming.title", incoming_page.page, IncomingState.load, C, "transfers"
    ),
    Screen("/shop", "shop.title", shop.page, ShopState.load, OPEN, "shop"),
    Screen("/shop/search", "shop.search.all", list_page.search_page, ListState.load, OPEN, "shop", L),
    Screen("/shop/c/[shop_category]", "shop.title", list_page.category_page, ListState.load, OPEN, "shop", L),
    Screen("/shop/m/[shop_merchant]", "shop.title", list_page.merchant_page, ListState.load, OPEN, "shop", L),
    Screen(
        "/shop/p/[shop_product]",
        "shop.title",
        product_page.page,
        ProductState.load,
        OPEN,
        "shop",
        ProductState.sheet.document,
    ),
    Screen("/basket", "checkout.basket.title", basket.page, BasketState.load, C, "shop"),
    Screen("/checkout/[checkout]", "checkout.title", checkout.page, CheckoutState.load, C, "shop"),
    Screen("/purchases/[purchase]", "orders.purchase", purchase_page.page, PurchaseState.load, C, "shop"),
    Screen("/purchases/[purchase]/contract", "contract.title", contract_page.page, ContractState.load, C, "shop"),
    Screen("/orders", "orders.title", orders.page, OrdersState.load, C, "shop"),
    Screen("/orders/[order]", "orders.title", order_page.page, OrderState.load, C, "shop"),
    Screen("/red", "plans.red.title", red.page, RedState.load, C, "home"),
    Screen("/plans", "plans.title", plans.page, PlansState.load, C, "home"),
    Screen("/plans/[plan]", "plans.plan", plan_page.page, PlanState.load, C, "home"),
    Screen("/profile", "profile.title", profile.page, ProfileState.load, C, "profile"),
    Screen("/profile/person", "identity.person.title", identity.person_page, PersonState.load, C, "profile"),
    Screen("/identity", "identity.title", identity.page, IdentityState.load, C, "profile"),
    Screen(
        "/identity/mismatch",
        "identity.mismatch.title",
        identity.mismatch_page,
        IdentityState.load_mismatch,
        C,
        "profile",
    ),
)
DEMO_SCREENS = (
    Screen("/kiosk/[terminal]", "kiosk.title", terminal.page, KioskState.load, "kiosk"),
    Screen("/sim", "sim.title", sim.page),
)


def screens(*, demo: bool) -> tuple[Screen, ...]:
    """The pages of this installation."""
    return SCREENS + DEMO_SCREENS if demo else SCREENS


def add_screens(app: rx.App, counter: Counter) -> None:
    """Add every page in every language, and the page for what does not exist."""
    brand = counter.bank.settings.brand
    for screen in screens(demo=counter.bank.settings.demo):
        for locale in LOCALES:
            w = words(locale)
            app.add_page(
                partial(_drawn, counter, screen, w),
                route=f"/{locale}{screen.path}",
                title=_title(screen, w, brand),
                on_load=_on_load(screen, demo=counter.bank.settings.demo),
                # Search engines are let into what is open to everybody, and nowhere else.
                meta=[] if screen.frame == "open" else [{"name": "robots", "content": "noindex"}],
            )
    app.add_page(partial(_not_found, brand), route="404", title=f"404 · {brand}")


def _title(screen: Screen, w: Words, brand: str) -> Any:
    usual = f"{w(screen.title)} · {brand}"
    return usual if screen.called is None else rx.cond(screen.called, screen.called + f" · {brand}", usual)


def _on_load(screen: Screen, *, demo: bool) -> Any:
    """What runs when the page opens, and after a lost connection: its own, and the phone beside it."""
    own = [] if screen.on_load is None else [screen.on_load]
    has_phone = demo and screen.frame != "kiosk"
    return [*own, PhoneState.load] if has_phone else own


def _drawn(counter: Counter, screen: Screen, w: Words) -> rx.Component:
    with at(counter):
        return _framed(screen, w, counter.bank.settings)


def _framed(screen: Screen, w: Words, settings: Settings) -> rx.Component:
    path, brand = _HERE if "[" in screen.path else screen.path, settings.brand
    body, beside = screen.draw(w), _beside(w, screen, demo=settings.demo)
    if screen.frame in ("customer", "open"):
        return shell.shell(w, screen.tab, body, path=path, brand=brand, beside=beside)
    if screen.frame == "kiosk":
        return shell.kiosk_shell(w, body, path=path, brand=brand)
    return shell.plain_shell(w, body, path=path, brand=brand, beside=beside)


def _beside(w: Words, screen: Screen, *, demo: bool) -> rx.Component | None:
    """The simulated phone, except beside the page that is the phone itself."""
    return panel(w) if demo and screen.draw is not sim.page else None


_HERE = rx.Var(_js_expr="(typeof location === 'undefined' ? '' : location.pathname.slice(3))")
"""The path below the language where the page's own address holds a name; such pages are drawn in the browser."""


def _not_found(brand: str) -> rx.Component:
    """One page for all languages, since the server does not know which was meant."""
    says = [
        rx.el.div(
            layout.page_title(w("common.not_found")),
            rx.el.p(w("common.not_found_text"), class_name="muted"),
            actions.link_button(w("nav.home"), to=f"/{w.locale}/home", reload=True),
            class_name="stack",
            lang=w.locale,
        )
        for w in map(words, LOCALES)
    ]
    head = rx.el.header(rx.el.span(mark(), rx.el.span(brand), class_name="brand"), class_name="shell-head")
    main = rx.el.main(rx.el.div(*says, class_name="by-language by-language-blocks"), class_name="shell-main")
    return rx.el.div(head, main, class_name="shell")
