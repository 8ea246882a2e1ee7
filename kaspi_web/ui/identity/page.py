"""The pages of IIN: giving it once, why one was refused, and correcting names and birth date."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, feedback, fields, layout
from kaspi_web.ui.identity.state import IdentityState as S
from kaspi_web.ui.identity.state import PersonState as P
from kaspi_web.ui.people import person_fields
from kaspi_web.ui.session import bank


def page(w: Words) -> rx.Component:
    """The form once; afterwards the number, masked."""
    return layout.stack(
        layout.page_title(w("identity.title"), lead=w("identity.lead")),
        rx.cond(S.ready, rx.cond(S.masked != "", _known(w), _form(w)), layout.skeleton(w, "row", count=3)),
    )


def _known(w: Words) -> rx.Component:
    number = rx.el.span(S.masked, class_name="num")
    return layout.stack(
        feedback.notice("ok", rx.el.p(w("identity.known"))),
        layout.card(
            layout.summary_list(
                (w("identity.label"), number),
                (w("identity.person"), S.names),
                (w("identity.born"), S.born),
                (w("identity.known_on"), S.matched_on),
            )
        ),
        rx.cond(
            S.onward != "",
            actions.link_button(w("identity.continue"), to=S.onward),
            actions.link_button(w("identity.to_profile"), to=f"/{w.locale}/profile", kind="secondary"),
        ),
    )


def _form(w: Words) -> rx.Component:
    return layout.stack(
        feedback.form_error(S.errors["form"]),
        *_demo_hint(w),
        actions.native_form(
            "/identity/iin",
            rx.el.input(type="hidden", name="locale", value=w.locale),
            rx.el.input(type="hidden", name="next", value=S.onward, key=S.onward),
            fields.text_field(
                "iin",
                w("identity.label"),
                hint=w("identity.hint"),
                error=S.errors["iin"],
                input_mode="numeric",
                auto_complete="off",
                max_length=20,
            ),
            rx.el.p(S.compared, " ", w("identity.once"), class_name="muted"),
            actions.button(w("identity.submit"), type="submit"),
            rx.el.p(w("identity.kept"), class_name="muted small"),
        ),
        actions.link(w("identity.correct"), to=f"/{w.locale}/profile/person"),
    )


def _demo_hint(w: Words) -> list[rx.Component]:
    if not bank().settings.demo:
        return []
    card = actions.link(
        w("identity.demo_card"), to=f"/sim/identity?l={w.locale}", reload=True, target="_blank", rel="noopener"
    )
    return [feedback.notice("info", rx.el.p(w("identity.demo")), card)]


def mismatch_page(w: Words) -> rx.Component:
    """Why an IIN was refused, what is compared, and what to do."""
    return layout.stack(
        layout.page_title(w("identity.mismatch.title"), lead=w("identity.mismatch.lead")),
        feedback.notice("todo", _parts(w), rx.el.p(w("identity.mismatch.nothing"))),
        layout.section(
            w("identity.mismatch.compared"),
            rx.el.p(w("identity.mismatch.rule")),
            rx.cond(S.ready, _details(w), layout.skeleton(w, "row", count=2)),
            id="compared",
        ),
        layout.section(
            w("identity.mismatch.what"),
            rx.el.ol(
                rx.el.li(w("identity.mismatch.fix")), rx.el.li(w("identity.mismatch.again")), class_name="steps-list"
            ),
            id="what",
        ),
        actions.actions(
            actions.link_button(w("identity.mismatch.correct"), to=f"/{w.locale}/profile/person"),
            actions.link_button(
                w("identity.mismatch.retry"), to=f"/{w.locale}/identity?next=" + S.onward, kind="secondary"
            ),
        ),
    )


def _parts(w: Words) -> rx.Component:
    said = rx.el.div(
        rx.el.p(rx.el.strong(w("identity.mismatch.why"))),
        rx.el.ul(rx.foreach(S.parts, lambda part: rx.el.li(part)), class_name="bullets"),
    )
    return rx.cond(S.parts.length() > 0, said)


def _details(w: Words) -> rx.Component:
    return layout.card(layout.summary_list((w("identity.person"), S.names), (w("identity.born"), S.born)))


def person_page(w: Words) -> rx.Component:
    """Names and birth date, to be corrected until an IIN is known."""
    return layout.stack(
        layout.back_link(w("identity.to_profile"), f"/{w.locale}/profile"),
        layout.page_title(w("identity.person.title")),
        rx.cond(P.ready, rx.cond(P.frozen, _frozen(w), _person_form(w)), layout.skeleton(w, "row", count=4)),
    )


def _frozen(w: Words) -> rx.Component:
    return layout.stack(
        layout.card(layout.summary_list((w("identity.person"), P.names), (w("identity.born"), P.born))),
        feedback.notice("info", rx.el.p(w("identity.person.frozen"))),
    )


def _person_form(w: Words) -> rx.Component:
    return layout.stack(
        rx.el.p(w("identity.person.lead"), class_name="muted"),
        feedback.form_error(P.errors["form"]),
        actions.event_form(
            P.save,
            *person_fields(w, P, day=P.day, month=P.month, year=P.year),
            actions.button(w("identity.person.save"), type="submit"),
            rx.el.p(rx.cond(P.saved, w("identity.person.saved"), ""), role="status", class_name="muted small"),
        ),
        actions.link(w("identity.person.iin"), to=f"/{w.locale}/identity"),
    )
