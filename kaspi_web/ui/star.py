"""The star that stands on receipts and results: it keeps the account of a bill payment as a favourite."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.bills import favourites, lately
from kaspi_web.i18n import Words
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.ui import forms
from kaspi_web.ui.components import actions
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.layout import Text
from kaspi_web.ui.session import bank, locale_of, visitor_of


class StarState(rx.State):
    """The star beside a receipt or a result: whether its account is a favourite."""

    offered: bool = False
    """Whether there is an account to keep at all."""
    is_on: bool = False
    error: str = ""

    @rx.event
    async def look(self, receipt: str) -> None:
        """Show how the star of this receipt, or of the one that the page is about, stands."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.error = ""
        self.offered, self.is_on = await bank().db.read(
            _star, customer_id=visitor.customer_id, receipt=self._meant(receipt)
        )

    @rx.event
    async def toggle(self, receipt: str) -> None:
        """Keep the account of this receipt, or keep it no longer."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "receipt": self._meant(receipt)}
        try:
            self.is_on = await bank().db.write(_toggled, **this)
            self.offered, self.error = True, ""
        except NotFound:
            self.offered = False
        except DomainError as refusal:
            self.error = put(refusal, locale_of(self))

    def _meant(self, sent: Any) -> str:
        """The receipt that an address names; it proves nothing."""
        named = forms.clean(sent).rpartition("/")[2][:64] if isinstance(sent, str) else ""
        return named or forms.last_part(self)


def _star(unit: Unit, *, customer_id: int, receipt: str) -> tuple[bool, bool]:
    try:
        paid = lately.to_repeat(unit, customer_id=customer_id, receipt=receipt)
    except NotFound:
        return False, False
    return True, favourites.kept(unit, customer_id=customer_id, slug=paid.slug, account=paid.account) is not None


def _toggled(unit: Unit, *, customer_id: int, receipt: str) -> bool:
    """Whether it is a favourite from now on."""
    paid = lately.to_repeat(unit, customer_id=customer_id, receipt=receipt)
    kept = favourites.kept(unit, customer_id=customer_id, slug=paid.slug, account=paid.account)
    if kept is not None:
        favourites.remove(unit, customer_id=customer_id, favourite_id=kept)
        return False
    favourites.add(unit, customer_id=customer_id, slug=paid.slug, way=paid.way, account=paid.account)
    return True


def star(w: Words, receipt: Text = "") -> rx.Component:
    """Keeps the account of a bill payment as a favourite; nothing is shown where there is no account to keep.

    `receipt` is the receipt's address, or empty on the page of the receipt itself. One page has one star at the most.
    """
    button = actions.button(
        icon("star", 20, class_name="star"),
        rx.cond(StarState.is_on, w("favourites.star.on"), w("favourites.star.off")),
        kind="secondary",
        on_click=StarState.toggle(receipt),
        aria_pressed=rx.cond(StarState.is_on, "true", "false"),
    )
    trouble = rx.el.div(rx.cond(StarState.error, rx.el.p(StarState.error)), role="alert")
    return rx.el.div(rx.cond(StarState.offered, button), trouble, on_mount=StarState.look(receipt))
