"""Every screen, in every language: the one list of pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import reflex as rx

from kaspi_web.i18n import LOCALES, Words, words
from kaspi_web.settings import Settings
from kaspi_web.ui import shell
from kaspi_web.ui.components import actions, layout
from kaspi_web.ui.components.icons import mark
from kaspi_web.ui.history import page as history
from kaspi_web.ui.history.state import HistoryState, ReceiptState
from kaspi_web.ui.home import page as home
from kaspi_web.ui.home.state import HomeState
from kaspi_web.ui.payments import intent_page
from kaspi_web.ui.payments import page as payments
from kaspi_web.ui.payments.intent import IntentState
from kaspi_web.ui.payments.state import ServiceState
from kaspi_web.ui.profile import page as profile
from kaspi_web.ui.profile.state import ProfileState
from kaspi_web.ui.registration import page as registration
from kaspi_web.ui.registration.state import RegistrationState
from kaspi_web.ui.session import Counter, at
from kaspi_web.ui.sign_in import page as sign_in
from kaspi_web.ui.sign_in.state import ResetState, SignInState
from kaspi_web.ui.sim import page as sim
from kaspi_web.ui.sim.panel import panel
from kaspi_web.ui.sim.state import PhoneState
from kaspi_web.ui.terminal import page as terminal
from kaspi_web.ui.terminal.state import KioskState
from kaspi_web.ui.topup import page as topup
from kaspi_web.ui.topup.state import TopUpState
from kaspi_web.ui.welcome import page as welcome

Draw = Callable[[Words], rx.Component]


class Screen(NamedTuple):
    """A page: its path below the language, how it is drawn, what runs when it opens, and what stands around it."""

    path: str
    title: str
    draw: Draw
    on_load: Any = None
    frame: str = "guest"
    """`guest`, `customer` (signed in, with navigation) or `kiosk`."""
    tab: str = ""


R, P, C = RegistrationState, ResetState, "customer"

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
    Screen("/topup", "topup.title", topup.page, TopUpState.load, C, "topup"),
    Screen("/payments", "payments.title", payments.page, ProfileState.load, C, "payments"),
    *(
        Screen(
            f"/payments/{name}",
            f"payments.category.{name}",
            partial(payments.service_page, category=name),
            ServiceState.load,
            C,
            "payments",
        )
        for name in payments.CATEGORIES
    ),
    Screen("/payments/i/[intent]", "payments.title", intent_page.page, IntentState.load, C, "payments"),
    Screen("/my-payments/history", "history.title", history.history_page, HistoryState.load, C, "my_payments"),
    Screen("/receipt/[receipt]", "receipt.title", history.receipt_page, ReceiptState.load, C, "my_payments"),
    Screen("/profile", "profile.title", profile.page, ProfileState.load, C, "profile"),
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
                title=f"{w(screen.title)} · {brand}",
                on_load=_on_load(screen, demo=counter.bank.settings.demo),
            )
    app.add_page(partial(_not_found, brand), route="404", title=f"404 · {brand}")


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
    if screen.frame == "customer":
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
