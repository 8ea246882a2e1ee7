"""The list of plans."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, layout, money
from kaspi_web.ui.plan_tiles import plan_list
from kaspi_web.ui.plans.shown import Group
from kaspi_web.ui.plans.state import PlansState as S


def page(w: Words) -> rx.Component:
    """Plans that are open, that wait for goods, and that are closed; RED stands above them."""
    return layout.stack(
        layout.page_title(w("plans.title")),
        rx.cond(S.ready, _plans(w), layout.skeleton(w, "row", count=4)),
        class_name="plans-page",
    )


def _plans(w: Words) -> rx.Component:
    none = layout.empty_state(
        "shop", w("plans.none"), actions.link_button(w("plans.to_shop"), to=f"/{w.locale}/shop", wide=False)
    )
    return layout.stack(
        money.service_tile("card", w("plans.red.title"), f"/{w.locale}/red", note=w("plans.red.free")),
        rx.cond(S.groups.length() > 0, rx.foreach(S.groups, lambda group: _group(w, group)), none),
        gap="l",
    )


def _group(w: Words, group: Group) -> rx.Component:
    return rx.el.section(
        rx.el.h2(group.title, id="plans-" + group.name),
        plan_list(w, group.plans),
        aria_labelledby="plans-" + group.name,
        class_name="section",
        key=group.name,
    )
