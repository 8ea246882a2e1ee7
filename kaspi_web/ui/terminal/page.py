"""A payment terminal's screen: bright red, full screen, one thing at a time."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.i18n.format import money
from kaspi_web.ui.components import actions, choices, feedback, fields, status
from kaspi_web.ui.components import money as sums
from kaspi_web.ui.terminal.state import NOTES
from kaspi_web.ui.terminal.state import KioskState as S

_IDLE_S = 45
_COUNTDOWN_S = 15


def page(w: Words) -> rx.Component:
    """The step that the person is at."""
    return rx.el.div(
        rx.el.p(S.place, class_name="kiosk-place"),
        rx.match(
            S.step,
            ("start", _start(w)),
            ("phone", _phone(w)),
            ("name", _name(w)),
            ("notes", _notes(w)),
            ("paying", _paying(w)),
            ("done", _slip(w, "done")),
            ("late", _slip(w, "late")),
            ("refused", _slip(w, "refused")),
            ("out", rx.el.h1(w("kiosk.out"), class_name="kiosk-title")),
            rx.fragment(),
        ),
        rx.cond((S.step != "start") & (S.step != "out") & (S.step != ""), _idle(w)),
        class_name="kiosk-body",
    )


def _title(text: str | rx.Var[str]) -> rx.Component:
    return rx.el.h1(text, class_name="kiosk-title", tab_index=-1)


def _bar(back: rx.Component, onward: rx.Component) -> rx.Component:
    """Back at the bottom left, the way on at the bottom right, always."""
    return rx.el.div(back, onward, class_name="kiosk-actions")


def _start(w: Words) -> rx.Component:
    return rx.el.div(
        _title(w("kiosk.title")),
        sums.tile_button("topup", w("kiosk.topup"), note=w("kiosk.topup_note"), on_click=S.top_up),
        class_name="kiosk-step",
    )


def _phone(w: Words) -> rx.Component:
    form = actions.event_form(
        S.find,
        _title(w("kiosk.phone.ask")),
        feedback.form_error(S.errors["form"]),
        fields.phone_field(w("kiosk.phone.title"), hint=w("kiosk.phone.hint"), error=S.errors["phone"]),
        choices.keypad(w, "phone"),
        _bar(
            actions.button(w("kiosk.back"), kind="secondary", on_click=S.leave),
            actions.button(w("kiosk.next"), type="submit"),
        ),
    )
    return rx.el.div(form, class_name="kiosk-step")


def _name(w: Words) -> rx.Component:
    return rx.el.div(
        _title(w("kiosk.name.title")),
        rx.el.div(
            rx.el.p(S.masked_name, class_name="kiosk-name"),
            rx.el.p(S.phone, class_name="kiosk-phone num"),
            class_name="kiosk-card",
        ),
        _bar(
            actions.button(w("kiosk.back"), kind="secondary", on_click=S.leave),
            actions.button(w("kiosk.name.yes"), on_click=S.accept),
        ),
        class_name="kiosk-step",
    )


def _notes(w: Words) -> rx.Component:
    return rx.el.div(
        _title(w("kiosk.notes.title")),
        rx.el.p(w("kiosk.notes.hint"), " ", rx.el.span(S.limit, class_name="num"), class_name="kiosk-hint"),
        feedback.form_error(S.errors["form"]),
        rx.el.div(
            rx.el.p(w("kiosk.notes.inserted"), class_name="kiosk-hint"),
            rx.el.p(S.inserted, class_name="kiosk-sum num", role="status"),
            rx.el.p(S.masked_name, " · ", S.phone, class_name="kiosk-hint num"),
            class_name="kiosk-card",
        ),
        rx.el.p(w("kiosk.notes.demo"), class_name="kiosk-hint"),
        rx.el.div(
            *(
                rx.el.button(
                    money(note, w.locale),
                    type="button",
                    class_name=f"note note-{note.tiyn // 100} num",
                    on_click=S.insert(note.tiyn // 100).temporal,
                )
                for note in NOTES
            ),
            class_name="notes",
        ),
        rx.el.p(rx.cond(S.has_cash, w("kiosk.notes.press"), ""), class_name="kiosk-press"),
        _bar(
            actions.button(w("kiosk.back"), kind="secondary", on_click=S.leave),
            actions.button(
                w("kiosk.notes.pay"),
                on_click=S.pay.throttle(700).temporal,
                money=True,
                disabled=~S.has_cash,
                class_name="button-pulse",
            ),
        ),
        class_name="kiosk-step",
    )


def _paying(w: Words) -> rx.Component:
    return rx.el.div(
        _title(w("kiosk.paying")), rx.el.div(class_name="kiosk-wait", aria_hidden=True), class_name="kiosk-step"
    )


def _slip(w: Words, outcome: str) -> rx.Component:
    facts = (
        (w("kiosk.slip.amount"), S.inserted),
        (w("kiosk.slip.wallet"), S.phone),
        (w("kiosk.slip.number"), S.slip_number),
        (w("kiosk.slip.time"), S.slip_time),
    )
    state = {"done": "done", "late": "on_way", "refused": "refused"}[outcome]
    return rx.el.div(
        rx.el.div(status.status_disc(state, size=80), class_name="kiosk-disc"),
        _title(w(f"kiosk.{outcome}.title")),
        rx.el.p(w(f"kiosk.{outcome}.text"), class_name="kiosk-hint") if outcome != "done" else rx.fragment(),
        rx.el.dl(
            *(rx.el.div(rx.el.dt(name), rx.el.dd(value, class_name="figures")) for name, value in facts),
            class_name="kiosk-card summary",
        ),
        _bar(rx.el.span(), actions.button(w("kiosk.finish"), on_click=S.finish)),
        class_name="kiosk-step",
    )


def _idle(w: Words) -> rx.Component:
    """Asks who stays silent whether they are here; the page's own script shows it and counts down."""
    return rx.el.div(
        rx.el.div(
            rx.el.p(w("kiosk.idle.title"), class_name="kiosk-title"),
            rx.el.p(w("kiosk.idle.text"), class_name="kiosk-hint"),
            rx.el.p(str(_COUNTDOWN_S), class_name="kiosk-sum num", data_idle_count=str(_COUNTDOWN_S)),
            actions.button(w("kiosk.idle.stay"), on_click=S.stay),
            rx.el.button(
                type="button",
                hidden=True,
                aria_hidden=True,
                on_click=S.leave,
                data_idle_leave="true",
            ),
            class_name="kiosk-card",
        ),
        class_name="kiosk-idle",
        role="alertdialog",
        aria_label=w("kiosk.idle.title"),
        hidden=True,
        data_idle=str(_IDLE_S),
    )
