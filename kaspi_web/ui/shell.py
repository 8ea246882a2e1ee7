"""The frame around every page: header, places to go, the page itself, and what lies over all of them.

`shell` is for customers, `plain_shell` for guests, `kiosk_shell` for the terminal's screen. A page is the
children of one of them, begins with `page_title`, and gives its own path without the language.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import LOCALES, Words, words
from kaspi_web.ui.components.icons import icon, mark
from kaspi_web.ui.components.layout import Text, classes, demo_footer

_PLACES = (
    ("home", "home", "/home"),
    ("payments", "payments", "/payments"),
    ("transfers", "transfers", "/transfers"),
    ("shop", "shop", "/shop"),
    ("my_payments", "history", "/my-payments/history"),
)
_SHORT = 3
"""Letters of a language's name that the header has room for; the rest is heard."""


def shell(
    w: Words,
    active: str,
    *children: Any,
    path: Text,
    brand: str,
    signed_in: bool = True,
    wide: bool = False,
    beside: rx.Component | None = None,
) -> rx.Component:
    """A page of a customer, or one that is open to all and has the places to go; `active` is home, payments, transfers,
    shop, my_payments, profile or empty.

    `beside` is what stands beside every page: the simulated phone of a demo.
    """
    if not signed_in:
        return plain_shell(w, *children, path=path, brand=brand, beside=beside)
    return rx.el.div(
        _skip(w),
        _header(w, brand=brand, path=path, home=f"/{w.locale}/home", profile=_profile(w, is_here=active == "profile")),
        _nav(w, active),
        _main(*children),
        demo_footer(w),
        *([beside] if beside is not None else []),
        class_name=classes("shell shell-with-nav", "shell-wide" if wide else ""),
    )


def plain_shell(w: Words, *children: Any, path: Text, brand: str, beside: rx.Component | None = None) -> rx.Component:
    """A page of a guest: the same without places to go."""
    return rx.el.div(
        _skip(w),
        _header(w, brand=brand, path=path, home=f"/{w.locale}"),
        _main(*children),
        demo_footer(w),
        *([beside] if beside is not None else []),
        class_name="shell",
    )


def kiosk_shell(w: Words, *children: Any, path: Text, brand: str) -> rx.Component:
    """A screen of the red terminal: portrait, type grown by half, controls of 72 px and more."""
    head = rx.el.header(
        rx.el.span(mark(40), rx.el.span(brand), class_name="brand"), _languages(w, path), class_name="kiosk-head"
    )
    return rx.el.div(head, _main(*children, class_name="kiosk-main"), demo_footer(w), class_name="kiosk")


def kiosk_actions(primary: rx.Component, back: rx.Component | None = None) -> rx.Component:
    """The foot of a terminal's screen: back on the left, the way on at the right."""
    return rx.el.div(*([back] if back is not None else []), primary, class_name="kiosk-actions")


def overlay() -> rx.Component:
    """What lies over every page, in every language: word of a lost connection, and the announcer of ui.js.

    The app appends its pages to this fragment, so both places outlive navigation.
    """
    text = rx.el.p(
        icon("offline", 20),
        rx.el.span(
            *(rx.el.span(words(locale)("offline.text"), lang=locale) for locale in LOCALES), class_name="by-language"
        ),
        class_name="offline-text",
    )
    return rx.fragment(
        rx.cond(has_connection_errors, rx.el.span(class_name="no-link", hidden=True)),
        # Shown by ui.js, which also hears of it from the browser: the socket notices late, or never on this machine.
        rx.el.div(text, id="offline", role="status", hidden=True, class_name="offline"),
        _update(),
        rx.el.div(id="announcer", role="status", aria_live="polite", class_name="vh"),
    )


def _update() -> rx.Component:
    """Word of a new version, shown by pwa.js when a release has brought another service worker."""
    text, press = (
        rx.el.span(*(rx.el.span(words(locale)(key), lang=locale) for locale in LOCALES), class_name="by-language")
        for key in ("app.update.text", "app.update.button")
    )
    button = rx.el.button(press, type="button", class_name="button button-primary")
    return rx.el.div(rx.el.p(text), button, id="update", role="status", hidden=True, class_name="update")


def _skip(w: Words) -> rx.Component:
    return rx.el.a(w("common.skip"), href="#main", class_name="skip")


def _main(*children: Any, class_name: str = "shell-main") -> rx.Component:
    return rx.el.main(*children, id="main", tab_index=-1, class_name=class_name)


def _header(w: Words, *, brand: str, path: Text, home: str, profile: rx.Component | None = None) -> rx.Component:
    own = [profile] if profile is not None else []
    return rx.el.header(
        ReactRouterLink.create(mark(), rx.el.span(brand), to=home, class_name="brand"),
        rx.el.div(_languages(w, path), _theme_toggle(w), *own, class_name="shell-tools"),
        class_name="shell-head",
    )


def _profile(w: Words, *, is_here: bool) -> rx.Component:
    """The way to one's own profile; it leads a guest to the sign-in."""
    here = {"aria_current": "page"} if is_here else {}
    return ReactRouterLink.create(
        icon("user", 20), to=f"/{w.locale}/profile", aria_label=w("nav.profile"), class_name="tool", **here
    )


def _theme_toggle(w: Words) -> rx.Component:
    return rx.el.button(
        icon("moon", 20, class_name="when-light"),
        icon("sun", 20, class_name="when-dark"),
        type="button",
        class_name="tool",
        aria_label=w("theme.label"),
        on_click=rx.toggle_color_mode,
    )


def _languages(w: Words, path: Text) -> rx.Component:
    """Real links to the same page in the other languages: each language is a page of its own."""
    name = w(f"language.{w.locale}")
    head = rx.el.summary(
        icon("globe", 20),
        rx.el.span(w("language.label"), ": ", class_name="vh"),
        rx.el.span(name[:_SHORT], rx.el.span(name[_SHORT:], class_name="vh")),
        class_name="tool",
    )
    links = (_language(w, locale, path) for locale in LOCALES)
    return rx.el.details(head, rx.el.ul(*links), class_name="language", data_menu="true")


def _language(w: Words, locale: str, path: Text) -> rx.Component:
    here = {"aria_current": "true"} if locale == w.locale else {}
    tick = [icon("check", 20)] if here else []
    return rx.el.li(
        ReactRouterLink.create(
            w(f"language.{locale}"), *tick, to=f"/{locale}{path}", reload_document=True, lang=locale, **here
        )
    )


def _nav(w: Words, active: str) -> rx.Component:
    places = (_place(w, *each, is_here=each[0] == active) for each in _PLACES)
    return rx.el.nav(rx.el.ul(*places), class_name="nav", aria_label=w("nav.label"))


def _place(w: Words, key: str, icon_name: str, path: str, *, is_here: bool) -> rx.Component:
    here = {"aria_current": "page"} if is_here else {}
    return rx.el.li(
        ReactRouterLink.create(
            rx.el.span(icon(icon_name, 24), class_name="nav-icon"),
            rx.el.span(w(f"nav.{key}")),
            to=f"/{w.locale}{path}",
            **here,
        )
    )
