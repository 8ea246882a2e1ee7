"""Profile: who is signed in, the language of SMS, the way out."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import LOCALES, Words
from kaspi_web.ui.components import actions, choices, layout, money
from kaspi_web.ui.profile.state import ProfileState as S


def page(w: Words) -> rx.Component:
    """A few facts and Sign out."""
    return layout.stack(
        layout.page_title(w("profile.title")),
        rx.cond(S.ready, _content(w), layout.skeleton(w, "row", count=4)),
        actions.native_form(
            "/auth/sign-out",
            rx.el.input(type="hidden", name="locale", value=w.locale),
            actions.button(w("profile.sign_out"), type="submit", kind="danger"),
        ),
    )


def _content(w: Words) -> rx.Component:
    return layout.stack(
        layout.card(
            layout.facts(
                layout.fact(
                    w("profile.name"), S.name, actions.link(w("profile.change"), to=f"/{w.locale}/profile/person")
                ),
                layout.fact(w("profile.phone"), S.phone),
                rx.cond(S.iin != "", layout.fact(w("profile.iin"), S.iin), _iin_missing(w)),
            ),
        ),
        money.service_tile("card", w("cards.title"), f"/{w.locale}/cards"),
        money.service_tile("parcel", w("orders.title"), f"/{w.locale}/orders"),
        money.service_tile("clock", w("plans.title"), f"/{w.locale}/plans"),
        layout.card(
            actions.event_form(
                S.choose_language,
                choices.source_picker(
                    w("profile.sms_language"), *(_language(w, locale) for locale in LOCALES), name="language"
                ),
                actions.button(w("profile.save"), type="submit", kind="secondary"),
                rx.el.p(rx.cond(S.saved, w("profile.saved"), ""), role="status", class_name="muted small"),
            ),
        ),
    )


def _iin_missing(w: Words) -> rx.Component:
    give = actions.link(w("profile.iin_give"), to=f"/{w.locale}/identity")
    return layout.fact(w("profile.iin"), w("profile.iin_none"), give)


def _language(w: Words, locale: str) -> rx.Component:
    return choices.source_option(locale, w(f"language.{locale}"), name="language", checked=S.sms_language == locale)
