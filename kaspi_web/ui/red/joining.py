"""Before joining RED: what it is, its rules in words, the consent, and the page that says why not."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, choices, feedback, layout
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.red.shown import Rule
from kaspi_web.ui.red.state import RedState as S

_GUARD_MS = 700


def guest(w: Words) -> rx.Component:
    """RED in three lines, every rule, and then the form."""
    return layout.stack(
        layout.page_title(w("plans.red.title")),
        layout.card(rx.el.ul(rx.foreach(S.rules.lines, _line), class_name="red-lines"), class_name="balance"),
        layout.section(w("plans.red.rules"), layout.card(rules()), id="rules"),
        layout.section(w("plans.red.join"), _join(w), id="join"),
        gap="l",
    )


def _line(line: rx.Var) -> rx.Component:
    return rx.el.li(icon("check", 20), rx.el.span(line), key=line)


def rules() -> rx.Component:
    """The rules by their names."""
    return rx.el.dl(rx.foreach(S.rules.rules, _rule), class_name="red-rules")


def _rule(rule: Rule) -> rx.Component:
    return rx.el.div(rx.el.dt(rule.name), rx.el.dd(rule.text), key=rule.name)


def _join(w: Words) -> rx.Component:
    iin = layout.stack(
        feedback.notice("info", rx.el.p(w("plans.red.iin_needed"))),
        actions.link_button(w("plans.red.give_iin"), to=f"/{w.locale}/identity?next=/{w.locale}/red"),
    )
    return rx.cond(S.needs_iin, iin, _form(w))


def _form(w: Words) -> rx.Component:
    full = rx.el.details(
        rx.el.summary(S.rules.version_words, icon("chevron-down", 20), class_name="link"),
        layout.stack(
            *(rx.el.p(w(f"plans.red.consent.{part}")) for part in ("data", "debt", "free")),
            gap="s",
            class_name="consent-text",
        ),
        class_name="more-filters",
    )
    return actions.event_form(
        S.join.throttle(_GUARD_MS).temporal,
        feedback.notice("ok", rx.el.p(w("plans.red.iin_known"))),
        full,
        rx.el.input(type="hidden", name="version", value=S.rules.version, key=S.rules.version),
        choices.check_field("consent", w("plans.red.consent"), error=S.errors["consent"]),
        feedback.form_error(S.errors["form"]),
        actions.button(w("plans.red.apply"), type="submit"),
    )


def declined(w: Words) -> rx.Component:
    """Why not, and what can be done about it."""
    return layout.stack(
        layout.page_title(w("plans.red.declined")),
        feedback.notice("todo", rx.el.p(rx.el.strong(w("plans.red.declined.why")), ": ", S.because), role="alert"),
        rx.el.p(w("plans.red.declined.what")),
        actions.actions(
            actions.link_button(w("plans.red.declined.go"), to=f"/{w.locale}/plans"),
            actions.button(w("plans.red.declined.again"), kind="secondary", on_click=S.again),
        ),
    )


def shut(w: Words) -> rx.Component:
    """The bank has no rules of RED."""
    return layout.stack(layout.page_title(w("plans.red.shut")), rx.el.p(S.because))
