"""Signing in, and the pages of a new password."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.codes import code_form
from kaspi_web.ui.components import actions, feedback, fields, layout
from kaspi_web.ui.sign_in.state import ResetState as R
from kaspi_web.ui.sign_in.state import SignInState as S
from kaspi_web.ui.sim.peek import peek


def sign_in_page(w: Words) -> rx.Component:
    """Number and password, by a plain form."""
    return layout.stack(
        layout.page_title(w("sign_in.title")),
        feedback.form_error(S.errors["form"]),
        actions.native_form(
            "/auth/sign-in",
            rx.el.input(type="hidden", name="locale", value=w.locale),
            rx.el.input(type="hidden", name="next", value=S.onward, key=S.onward),
            fields.phone_field(
                w("sign_in.phone"), error=S.errors["phone"], default_value=S.phone, autocomplete="username", key=S.phone
            ),
            fields.password_field(w, w("sign_in.password"), purpose="current"),
            actions.button(w("sign_in.submit"), type="submit"),
        ),
        actions.link(w("sign_in.forgot"), to=f"/{w.locale}/reset"),
        rx.el.p(
            w("sign_in.no_wallet"),
            " ",
            actions.inline_link(w("sign_in.register"), to=f"/{w.locale}/register"),
            class_name="center",
        ),
    )


def phone_page(w: Words) -> rx.Component:
    """Whose password it is."""
    return layout.stack(
        layout.page_title(w("reset.phone.title")),
        feedback.form_error(R.errors["form"]),
        actions.event_form(
            R.begin,
            fields.phone_field(w("sign_in.phone"), hint=w("reset.phone.hint"), error=R.errors["phone"]),
            actions.button(w("reset.phone.submit"), type="submit"),
        ),
    )


def code_page(w: Words) -> rx.Component:
    """The code."""
    return layout.stack(
        layout.page_title(w("reset.code.title")),
        code_form(w, state=R, submit=R.confirm, resend=R.resend, sent_to=R.sent_to),
        actions.link(w("code.wrong_number"), to=f"/{w.locale}/reset"),
        peek(w),
    )


def password_page(w: Words) -> rx.Component:
    """The new password, by a plain form."""
    return layout.stack(
        layout.page_title(w("reset.password.title")),
        actions.native_form(
            "/auth/reset",
            rx.el.input(type="hidden", name="locale", value=w.locale),
            fields.password_field(
                w,
                w("sign_in.password"),
                hint=w("reset.password.hint"),
                error=R.errors["password"],
                purpose="new",
            ),
            actions.button(w("reset.password.submit"), type="submit"),
        ),
    )
