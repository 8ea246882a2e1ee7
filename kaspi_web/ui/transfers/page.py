"""To whom: a number, somebody sent to before, one's own account, or a card."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, choices, feedback, fields, layout, money
from kaspi_web.ui.session import bank
from kaspi_web.ui.transfers.state import OwnAccountsState as O
from kaspi_web.ui.transfers.state import ToCardState as C
from kaspi_web.ui.transfers.state import TransfersState as S

_GUARD_MS = 700


def page(w: Words) -> rx.Component:
    """A number first, other ways below, and who asks for money back above all."""
    return layout.stack(
        layout.page_title(w("transfers.title")),
        rx.cond(S.ready, _content(w), layout.skeleton(w, "row", count=4)),
    )


def _content(w: Words) -> rx.Component:
    return layout.stack(
        rx.cond(
            S.asked.length() > 0,
            layout.section(w("transfers.asked"), _list(S.asked, _asked), id="asked"),
        ),
        actions.event_form(
            S.find.throttle(_GUARD_MS),
            feedback.form_error(S.errors["form"]),
            fields.phone_field(
                w("transfers.phone"), hint=w("transfers.phone_hint"), error=S.errors["phone"], autocomplete="off"
            ),
            actions.button(w("common.continue"), type="submit"),
        ),
        rx.cond(
            S.recents.length() > 0,
            layout.section(w("transfers.recents"), _list(S.recents, _recent), id="recents"),
        ),
        layout.section(
            w("transfers.ways"),
            rx.el.ul(
                rx.el.li(money.service_tile("card", w("transfers.to_card"), f"/{w.locale}/transfers/to")),
                rx.el.li(money.service_tile("wallet", w("transfers.own"), f"/{w.locale}/transfers/own")),
                class_name="stack stack-s",
            ),
            id="ways",
        ),
        gap="l",
    )


def _list(rows: Any, draw: Any) -> rx.Component:
    return rx.el.ul(rx.foreach(rows, draw), class_name="stack stack-s")


def _asked(each: Any) -> rx.Component:
    return rx.el.li(money.service_tile("alert", each.title, each.href, each.note), key=each.key)


def _recent(each: Any) -> rx.Component:
    return rx.el.li(
        money.tile_button("user", each.title, note=each.note, on_click=S.again(each.key).throttle(_GUARD_MS)),
        key=each.key,
    )


def own_page(w: Words) -> rx.Component:
    """Where the money is to go among one's own accounts."""
    return layout.stack(
        _back(w),
        layout.page_title(w("transfers.own")),
        rx.cond(O.ready, _own_form(w), layout.skeleton(w, "row", count=3)),
    )


def _own_form(w: Words) -> rx.Component:
    return rx.cond(
        O.accounts.length() > 0,
        actions.event_form(
            O.choose.throttle(_GUARD_MS),
            feedback.form_error(O.errors["form"]),
            choices.source_picker(w("transfers.own_to"), rx.foreach(O.accounts, _goal), name="to"),
            actions.button(w("common.continue"), type="submit"),
        ),
        layout.empty_state(
            "card", w("transfers.own_none"), actions.link_button(w("cards.title"), to=f"/{w.locale}/cards", wide=False)
        ),
    )


def _goal(each: Any) -> rx.Component:
    return rx.el.div(choices.source_option(each.value, each.title, name="to", checked=each.checked), key=each.value)


def card_page(w: Words) -> rx.Component:
    """The number of somebody's card, sent by the browser itself."""
    return layout.stack(
        _back(w),
        layout.page_title(w("transfers.to_card"), lead=w("transfers.card_lead")),
        rx.cond(C.ready, _card_form(w), layout.skeleton(w, "row", count=2)),
    )


def _card_form(w: Words) -> rx.Component:
    hint = [feedback.notice("info", rx.el.p(w("transfers.card_demo")))] if bank().settings.demo else []
    return layout.stack(*hint, _number_form(w))


def _number_form(w: Words) -> rx.Component:
    return actions.native_form(
        "/cards/recipient",
        rx.el.input(type="hidden", name="locale", value=w.locale),
        rx.el.input(type="hidden", name="next", value=f"/{w.locale}/transfers/to"),
        feedback.form_error(C.errors["form"]),
        fields.text_field(
            "number",
            w("transfers.card_number"),
            hint=w("transfers.card_number_hint"),
            error=C.errors["number"],
            input_mode="numeric",
            auto_complete="off",
            max_length=30,
        ),
        actions.button(w("common.continue"), type="submit"),
    )


def typed_page(w: Words) -> rx.Component:
    """A moment between the number and the sum; what is seen of it is that the name for the number has ended."""
    return layout.stack(
        _back(w),
        layout.page_title(w("transfers.to_card")),
        rx.cond(
            C.ready,
            layout.stack(
                feedback.form_error(C.errors["form"]),
                actions.link_button(w("transfers.start_again"), to=f"/{w.locale}/transfers/to"),
            ),
            layout.skeleton(w, "row", count=3),
        ),
    )


def _back(w: Words) -> rx.Component:
    return layout.back_link(w("transfers.title"), f"/{w.locale}/transfers")
