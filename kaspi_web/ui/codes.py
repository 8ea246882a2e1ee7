"""The form for a code from an SMS, the same wherever one is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, feedback, fields, layout


def epoch_ms(moment: datetime | None) -> int:
    """A moment for the page's own countdown; 0 for none."""
    return int(moment.timestamp() * 1000) if moment else 0


def code_form(
    w: Words, *, state: Any, submit: Any, resend: Any, sent_to: Any = None, money: bool = False
) -> rx.Component:
    """One field, a button, and a way to get another code; `state` has `errors` and `resend_at`."""
    hint = (
        w("code.valid")
        if sent_to is None
        else rx.el.span(w("code.sent"), " ", rx.el.span(sent_to, class_name="num"), ". ", w("code.valid"))
    )
    return layout.stack(
        actions.event_form(
            submit,
            fields.code_field(w("code.label"), hint=hint, error=state.errors["code"], auto_focus=True),
            feedback.form_error(state.errors["form"]),
            actions.button(w("code.submit"), type="submit", money=money),
        ),
        actions.resend(w("code.resend"), w("code.resend_in"), state.resend_at, resend),
    )
