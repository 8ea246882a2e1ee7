"""The pages of a registration: number, code, person, password, done."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.codes import code_form
from kaspi_web.ui.components import actions, feedback, fields, layout
from kaspi_web.ui.people import person_fields
from kaspi_web.ui.registration.state import RegistrationState as S
from kaspi_web.ui.sim.peek import peek

_STEPS = 4


def _head(w: Words, step: int, key: str) -> rx.Component:
    return rx.el.div(
        rx.el.p(w("registration.step", step=step, total=_STEPS), class_name="muted small"), layout.page_title(w(key))
    )


def phone_page(w: Words) -> rx.Component:
    """Step 1: the number."""
    return layout.stack(
        _head(w, 1, "registration.phone.title"),
        feedback.form_error(S.errors["form"]),
        actions.event_form(
            S.begin,
            fields.phone_field(
                w("registration.phone.label"), hint=w("registration.phone.hint"), error=S.errors["phone"]
            ),
            rx.el.p(w("registration.phone.consent"), class_name="muted small"),
            actions.button(w("registration.phone.submit"), type="submit"),
        ),
    )


def code_page(w: Words) -> rx.Component:
    """Step 2: the code, or the news that the number has a wallet."""
    return rx.cond(S.has_wallet, _known(w), _code(w))


def _code(w: Words) -> rx.Component:
    return layout.stack(
        _head(w, 2, "registration.code.title"),
        code_form(w, state=S, submit=S.confirm, resend=S.resend, sent_to=S.sent_to),
        actions.link(w("code.wrong_number"), to=f"/{w.locale}/register"),
        peek(w),
    )


def _known(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(w("registration.known.title")),
        rx.el.p(w("registration.known.text")),
        actions.link_button(w("welcome.sign_in"), to=f"/{w.locale}/login"),
        actions.link_button(w("sign_in.forgot"), to=f"/{w.locale}/reset", kind="secondary"),
    )


def person_page(w: Words) -> rx.Component:
    """Step 3: who the person is."""
    return layout.stack(
        _head(w, 3, "registration.person.title"),
        rx.el.p(w("registration.person.hint"), class_name="muted"),
        rx.cond(
            S.too_young,
            feedback.notice("warn", rx.el.strong(w("registration.young.title")), rx.el.p(w("registration.young.text"))),
        ),
        feedback.form_error(S.errors["form"]),
        actions.event_form(
            S.describe,
            *person_fields(w, S),
            actions.button(w("common.continue"), type="submit"),
        ),
    )


def password_page(w: Words) -> rx.Component:
    """Step 4: the password, by a plain form."""
    return layout.stack(
        _head(w, 4, "registration.password.title"),
        actions.native_form(
            "/auth/register",
            rx.el.input(type="hidden", name="locale", value=w.locale),
            fields.password_field(
                w,
                w("registration.password.label"),
                hint=w("registration.password.hint"),
                error=S.errors["password"],
                purpose="new",
            ),
            actions.button(w("registration.password.submit"), type="submit"),
        ),
    )


def done_page(w: Words) -> rx.Component:
    """The wallet is open: what to do next."""
    return layout.stack(
        layout.page_title(w("registration.done.title")),
        rx.el.p(w("registration.done.text")),
        actions.link_button(w("registration.done.topup"), to=f"/{w.locale}/topup"),
        actions.link_button(w("registration.done.home"), to=f"/{w.locale}/home", kind="secondary"),
    )
