"""The list of plans, and one of them by its address. Paying is in ui/repaying.py."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.kernel.errors import NotFound
from kaspi_web.ui import forms, live
from kaspi_web.ui.plans.shown import Group, Plan, groups, plan
from kaspi_web.ui.repaying import RepayState
from kaspi_web.ui.session import bank, locale_of, visitor_of


class PlansState(rx.State):
    """What the list shows."""

    ready: bool = False
    groups: list[Group] = []

    @rx.event
    async def load(self) -> None:
        """Show the customer's plans."""
        visitor = await visitor_of(self)
        if visitor is not None:
            live.follow(self, f"customer:{visitor.customer_id}")
            await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.groups = await bank().db.read(groups, customer_id=visitor.customer_id, locale=locale_of(self))
        self.ready = True


class PlanState(rx.State):
    """What the page of one plan shows."""

    ready: bool = False
    missing: bool = False
    plan: Plan = Plan()

    @rx.event
    async def load(self) -> Any:
        """Show the plan that the address names, to its owner."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        # What the page showed of another plan is gone before anything is looked up.
        self.ready, self.missing, self.plan = False, False, Plan()
        (await self.get_state(RepayState))._clear()
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "plan": forms.last_part(self)[:26], "locale": locale_of(self)}
        try:
            self.plan, self.missing = await bank().db.read(plan, **this), False
        except NotFound:
            self.plan, self.missing = Plan(), True
        await (await self.get_state(RepayState))._refresh()
        self.ready = True
