"""The page of favourites: each can be renamed or removed."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, feedback, fields, layout
from kaspi_web.ui.payments.favourites import FavouritesState as S
from kaspi_web.ui.payments.favourites import Kept


def page(w: Words) -> rx.Component:
    """The list."""
    return layout.stack(
        layout.back_link(w("payments.title"), f"/{w.locale}/payments"),
        layout.page_title(w("favourites.title"), lead=w("favourites.lead")),
        rx.el.div(rx.cond(S.said, _said(w)), role="status"),
        rx.cond(S.ready, _list(w), layout.skeleton(w, "row", count=3)),
    )


def _said(w: Words) -> rx.Component:
    undo = actions.button(w("favourites.undo"), kind="quiet", wide=False, on_click=S.undo)
    return feedback.notice("ok", rx.el.p(S.said), rx.cond(S.can_undo, undo))


def _list(w: Words) -> rx.Component:
    onward = actions.link_button(w("services.all"), to=f"/{w.locale}/payments", wide=False)
    return rx.cond(
        S.kept.length() > 0,
        rx.el.ul(rx.foreach(S.kept, lambda each: _kept(w, each)), class_name="stack"),
        layout.empty_state("star", w("favourites.empty"), onward),
    )


def _kept(w: Words, each: Kept) -> rx.Component:
    name = fields.text_field(
        "name",
        w("favourites.name"),
        id=f"name-{each.id}",
        error=S.errors[each.id],
        default_value=each.name,
        auto_complete="off",
    )
    buttons = rx.el.div(
        actions.button(w("favourites.save"), type="submit", kind="secondary", wide=False),
        actions.button(w("favourites.remove"), kind="danger", wide=False, on_click=S.remove(each.id)),
        class_name="row",
    )
    form = actions.event_form(
        S.rename,
        actions.link(each.note, to=each.href, class_name="num"),
        rx.el.input(type="hidden", name="favourite", value=each.id, read_only=True),
        name,
        buttons,
    )
    return rx.el.li(layout.card(form), key=each.id)
