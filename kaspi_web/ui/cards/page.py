"""The pages of cards."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.cards.link import LinkCodeState as K
from kaspi_web.ui.cards.link import LinkState as L
from kaspi_web.ui.cards.state import CardsState as S
from kaspi_web.ui.components import actions, dialog, feedback, fields, layout
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.session import bank
from kaspi_web.ui.sim.peek import peek


def page(w: Words) -> rx.Component:
    """Our own cards, and those of other banks."""
    return layout.stack(
        layout.page_title(w("cards.title"), lead=w("cards.lead")),
        feedback.form_error(S.errors["form"]),
        rx.el.p(S.said, role="status", class_name="muted small"),
        rx.cond(S.ready, _lists(w), layout.skeleton(w, "row", count=3)),
        _question(w),
    )


def _lists(w: Words) -> rx.Component:
    opening = actions.button(w("cards.open"), kind="secondary", on_click=S.open_card.throttle(700).temporal)
    linking = actions.link_button(w("cards.link"), to=f"/{w.locale}/cards/link", kind="secondary")
    return layout.stack(
        layout.section(w("cards.own"), _list(w, S.own, w("cards.none_own")), opening, id="own"),
        layout.section(w("cards.linked"), _list(w, S.linked, w("cards.none_linked")), linking, id="linked"),
        gap="l",
    )


def _list(w: Words, rows: Any, nothing: str) -> rx.Component:
    shown = rx.el.ul(rx.foreach(rows, lambda row: _card(w, row)), class_name="bank-cards")
    return rx.cond(rows.length() > 0, shown, rx.el.p(nothing, class_name="muted"))


def _card(w: Words, row: Any) -> rx.Component:
    name = rx.el.h3(rx.el.span(row.name, aria_hidden="true"), rx.el.span(row.spoken, class_name="vh"))
    state = rx.cond(
        row.is_frozen,
        rx.el.span(icon("lock", 16), w("cards.frozen"), class_name="chip"),
        rx.el.span(w("cards.active"), class_name="muted small"),
    )
    balance = rx.el.p(
        rx.el.span(w("cards.balance"), " ", class_name="muted"), rx.el.strong(row.balance, class_name="num")
    )
    frozen = rx.cond(
        row.is_frozen,
        _deed(w("cards.unfreeze"), S.unfreeze(row.id).temporal, row.spoken),
        _deed(w("cards.freeze"), S.freeze(row.id).temporal, row.spoken),
    )
    details = actions.link(w("cards.requisites"), to=row.requisites, reload=True)
    why = actions.link(w("cards.why"), to=row.why)
    return rx.el.li(
        rx.el.div(name, state, class_name="bank-card-head"),
        rx.cond(row.is_own, balance),
        rx.el.div(
            rx.cond(row.is_own, why),
            rx.cond(row.is_own, details),
            frozen,
            _deed(w("cards.unlink"), S.ask_unlink(row.id).temporal, row.spoken),
            class_name="bank-card-deeds",
        ),
        class_name="card bank-card",
    )


def _deed(text: str, on_click: Any, card: Any) -> rx.Component:
    """A button that says to whoever hears it which card it is about."""
    about = rx.el.span(" ", card, class_name="vh")
    return actions.button(text, about, kind="quiet", wide=False, on_click=on_click)


def _question(w: Words) -> rx.Component:
    return dialog.sheet(
        w,
        w("cards.unlink_ask"),
        rx.el.p(S.asked_name, class_name="num"),
        actions.actions(
            actions.button(w("cards.unlink"), kind="danger", on_click=S.unlink.throttle(700).temporal),
            actions.button(w("cards.keep"), kind="secondary", on_click=S.keep(False)),
        ),
        opened=S.asked != "",
        on_open_change=S.keep,
        lead=rx.cond(S.asked_is_own, w("cards.unlink_own"), w("cards.unlink_bank")),
    )


def link_page(w: Words) -> rx.Component:
    """The form for another bank's card, sent by the browser itself."""
    return layout.stack(
        layout.back_link(w("cards.back"), f"/{w.locale}/cards"),
        layout.page_title(w("cards.link.title"), lead=w("cards.link.lead")),
        rx.cond(L.ready, _link_form(w), layout.skeleton(w, "row", count=3)),
    )


def _link_form(w: Words) -> rx.Component:
    return layout.stack(
        *_demo_hint(w),
        feedback.form_error(L.errors["form"]),
        actions.native_form(
            "/cards/link",
            rx.el.input(type="hidden", name="locale", value=w.locale),
            rx.el.input(type="hidden", name="next", value=L.onward, key=L.onward),
            number_field(w, error=L.errors["number"]),
            fields.text_field(
                "expiry",
                w("cards.expiry"),
                hint=w("cards.expiry_hint"),
                error=L.errors["expiry"],
                auto_complete="cc-exp",
                max_length=9,
            ),
            fields.text_field(
                "cvc",
                w("cards.cvc"),
                hint=w("cards.cvc_hint"),
                error=L.errors["cvc"],
                type="password",
                input_mode="numeric",
                auto_complete="cc-csc",
                max_length=4,
            ),
            actions.button(w("cards.link.submit"), type="submit"),
        ),
    )


def number_field(w: Words, *, error: Any) -> rx.Component:
    """A card's number."""
    return fields.text_field(
        "number",
        w("cards.number"),
        hint=w("cards.number_hint"),
        error=error,
        input_mode="numeric",
        auto_complete="cc-number",
        max_length=30,
    )


def _demo_hint(w: Words) -> list[rx.Component]:
    return [feedback.notice("info", rx.el.p(w("cards.link.demo")))] if bank().settings.demo else []


def code_page(w: Words) -> rx.Component:
    """The code that the card's bank has texted."""
    return layout.stack(
        layout.page_title(w("cards.code.title")),
        rx.cond(K.ready, _code(w), layout.skeleton(w, "row", count=2)),
    )


def _code(w: Words) -> rx.Component:
    again = actions.link_button(w("cards.code.again"), to=f"/{w.locale}/cards/link")
    return rx.cond(K.over, layout.stack(feedback.form_error(K.errors["form"]), again), _code_form(w))


def _code_form(w: Words) -> rx.Component:
    return layout.stack(
        rx.el.p(w("cards.code.lead"), class_name="lead"),
        layout.card(layout.summary_list((w("cards.brand.other"), K.card))),
        actions.event_form(
            K.submit.throttle(700).temporal,
            fields.code_field(w("code.label"), error=K.errors["code"], auto_focus=True),
            feedback.form_error(K.errors["form"]),
            actions.button(w("code.submit"), type="submit"),
        ),
        rx.el.p(K.said, role="status", class_name="muted small"),
        actions.button(w("cards.code.resend"), kind="quiet", wide=False, on_click=K.resend.throttle(700).temporal),
        actions.link(w("cards.code.again"), to=f"/{w.locale}/cards/link"),
        peek(w),
    )
