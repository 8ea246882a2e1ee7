"""Every part of the kit can be built in every language, and none of them brings Radix Themes along."""

import json

import pytest
import reflex as rx
from reflex_components_radix.themes.base import RadixThemesComponent

from kaspi_web.i18n import LOCALES, words
from kaspi_web.ui import shell, theme
from kaspi_web.ui.components import actions, choices, dialog, feedback, fields, icons, layout, money, status

ERRORS = rx.Var("errors", _var_type=dict[str, str]).to(dict[str, str])
TEXT = rx.Var("text").to(str)
FLAG = rx.Var("flag").to(bool)


def parts(w):
    return [
        layout.page_title("t", lead="l"),
        layout.card(layout.stack("a", gap="s")),
        layout.section("t", "x", id="s", action=actions.link("all", to="/kk/all")),
        layout.back_link("b", "/kk"),
        layout.summary_list(("a", "b"), ("c", TEXT, actions.link("change", to="/kk"))),
        layout.facts(layout.fact("a", TEXT)),
        layout.empty_state("receipt", "t", actions.link_button("go", to="/kk")),
        *(layout.skeleton(w, kind, count=2) for kind in ("line", "title", "balance", "row", "card")),
        *(actions.button("b", kind=kind, money=True) for kind in ("primary", "secondary", "danger", "quiet")),
        actions.native_form("/auth/sign-in", fields.password_field(w, "p", purpose="current")),
        actions.event_form(rx.console_log("x"), fields.phone_field("p", error=ERRORS["phone"])),
        actions.copy_button(w, TEXT),
        actions.resend("again", "in", TEXT, rx.console_log("x")),
        fields.name_field("given_name", "n", autocomplete="given-name", default_value=TEXT),
        fields.search_field("q", "s"),
        fields.amount_field("a", chips=(fields.quick_sum("1", "1"),), error="e", hint=TEXT),
        fields.code_field("c", hint="h", error=TEXT),
        choices.birth_date_field(w, "b", hint="h", error=ERRORS["born"], day=TEXT),
        choices.source_picker(
            "s", choices.source_option("wallet", "w", TEXT, reason=TEXT, disabled=FLAG, checked=FLAG)
        ),
        choices.check_field("c", "t"),
        choices.choice_button("c", pressed=FLAG),
        choices.keypad(w, "phone"),
        *(status.result(w, state, "t", amount="1") for state in ("done", "on_way", "refused", TEXT)),
        *(rx.fragment(status.status_words(w, state)) for state in ("done", "on_way", "refused", TEXT)),
        money.balance_card("l", money.hidden_amount(w, TEXT, FLAG), money.bonus_chip(TEXT)),
        money.quick_actions(money.quick_action("topup", "t", "/kk/topup")),
        money.service_tile("bolt", "t", "/kk", note="n"),
        money.tile_button("bolt", "t", on_click=rx.console_log("x")),
        dialog.sheet(w, "t", "body", opened=FLAG, on_open_change=rx.console_log("x"), lead="l"),
        feedback.live_region(TEXT),
        feedback.error_summary(w, ERRORS, "phone", ("code", "code-field")),
        feedback.form_error(ERRORS["form"]),
        *(feedback.notice(kind, "t") for kind in ("info", "ok", "warn", "todo")),
        *(icons.icon(name) for name in sorted(icons.NAMES)),
    ]


def frames(w, *children):
    return [
        *(shell.shell(w, active, *children, path="/home", brand="B") for active in ("home", "my_payments", "")),
        shell.plain_shell(w, *children, path="/login", brand="B"),
        shell.kiosk_shell(w, *children, shell.kiosk_actions(actions.button("n")), path="/kiosk/x", brand="B"),
        shell.overlay(),
        *theme.head(),
    ]


def kin(component):
    yield component
    for child in component.children:
        yield from kin(child)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_part_can_be_built_and_drawn(locale):
    w = words(locale)
    for frame in frames(w, *parts(w)):
        json.dumps(frame.render(), default=str)


@pytest.mark.parametrize("locale", LOCALES)
def test_no_part_brings_radix_themes(locale):
    w = words(locale)
    themed = {
        type(each).__name__
        for frame in frames(w, *parts(w))
        for each in kin(frame)
        if isinstance(each, RadixThemesComponent)
    }
    assert themed == set()


def drawn(component):
    return json.dumps(component.render(), default=str, ensure_ascii=False)


def test_what_went_through_is_a_plain_green_disc():
    shown = drawn(status.status_disc("done"))
    assert shown.count("circle") >= 1
    assert "disc-done" in shown
    assert "path" not in shown


@pytest.mark.parametrize("state", ["on_way", "refused"])
def test_what_did_not_is_a_red_disc_with_a_mark(state):
    shown = drawn(status.status_disc(state))
    assert "disc-todo" in shown
    assert "M10 5v6" in shown


def test_a_code_is_one_field_that_phones_fill_in():
    shown = drawn(fields.code_field("c"))
    assert "one-time-code" in shown
    assert "numeric" in shown
    assert shown.count('\\"input\\"') == 1


def test_the_place_of_a_mistake_stands_there_before_the_mistake():
    shown = drawn(fields.phone_field("p"))
    assert "phone-error" in shown
    assert "role" in shown
    assert "alert" in shown


def test_the_bar_marks_where_one_is():
    assert (
        drawn(shell.shell(words("kk"), "payments", path="/payments", brand="B")).count('aria-current\\":\\"page') == 1
    )
