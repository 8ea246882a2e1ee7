"""One checkout at its own address: how the goods come, what is paid with, the code, and the one tap.

A reload, a crash or Back shows what the database says. Nothing is bought when the page loads; whatever is picked
stays with this browser until it is bought, and nothing is set aside before the button is pressed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import reflex as rx

from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.checkout.service import Proposal
from kaspi_web.domain.sms.codes import Sent
from kaspi_web.i18n import words
from kaspi_web.i18n.format import money
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import Money
from kaspi_web.ui import forms, live
from kaspi_web.ui.checkout import reading, shown
from kaspi_web.ui.checkout.picked import Picked
from kaspi_web.ui.codes import epoch_ms
from kaspi_web.ui.session import bank, locale_of, visitor_of
from kaspi_web.ui.sources import Option

_OF_SOURCES = (
    *("insufficient_funds", "source_unknown", "card_frozen", "card_gone", "not_red_member", "red_limit_short"),
    *("has_overdue", "debt_too_high", "term_not_offered", "term_needs_more", "gesv_above_cap", "iin_needed"),
)
"""Refusals that belong to the choice of what is paid with."""
_OVER = ("checkout_expired", "not_found", "checkout_content_changed")
_OF_CODES = ("code_wrong", "code_expired", "too_many_tries", "too_many_codes", "overloaded")
"""Refusals that leave the window of the code open."""


class CheckoutState(rx.State):
    """What the page of a checkout shows; `step` is choose, code, bought, expired or missing."""

    step: str = ""
    errors: dict[str, str] = {}
    sellers: list[shown.Seller] = []
    options: list[Option] = []
    plans: list[shown.Plan] = []
    burden: shown.Burden = shown.Burden()
    total: shown.Total = shown.Total()
    changes: list[shown.Changed] = []
    notice: str = ""
    city: str = ""
    address: str = ""
    former: list[str] = []
    """Where earlier orders were brought in the chosen city."""
    bonus: str = ""
    """The bonuses to spend as they were typed."""
    brings: bool = False
    """Whether anything is to be brought, so that an address is asked for."""
    can_be_ordered: bool = False
    needs: list[str] = []
    purchase: str = ""
    resend_at: int = 0
    _of: str = ""
    """The checkout that was picked for, and whose it is."""
    _picked: Picked = Picked()
    _agreed: tuple[int, str, int] = (0, "", 0)
    """Sum, source and number of what was proposed from this window: only that may be bought from it."""

    @rx.event
    async def load(self) -> Any:
        """Show the checkout that the address names, as far as it was filled in, or lead to what became of it."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        of = f"{visitor.customer_id}:{forms.last_part(self)}"
        self.step, self.errors, self.changes, self.notice = "", {}, [], ""
        if of != self._of:
            self._of, self._picked, self._agreed, self.bonus = of, Picked(), (0, "", 0), ""
            self.sellers, self.address, self.former, self.total = [], "", [], shown.Total()
        # What the page showed of another checkout is gone before anything is looked up.
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()
        if self.step == "bought":
            yield rx.redirect(self.purchase, replace=True)

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None or not _is_shown(self):
            return
        name = forms.last_part(self)
        if self._of != f"{visitor.customer_id}:{name}":
            # Somebody else is signed in at this browser by now.
            self._of, self._picked, self.step = f"{visitor.customer_id}:{name}", Picked(), ""
            self.address, self.former, self.bonus, self._agreed = "", [], "", (0, "", 0)
        this = {"customer_id": visitor.customer_id, "checkout_id": name, "locale": locale_of(self)}
        self._show(await bank().db.read(reading.seen, picked=self._picked, **this))

    def _show(self, seen: reading.Seen) -> None:
        self.sellers, self.options, self.plans = seen.sellers, seen.options, seen.plans
        self.burden, self.total, self.needs = seen.burden, seen.total, seen.needs
        self.can_be_ordered = seen.can_be_ordered
        self.purchase = f"/{locale_of(self)}/purchases/{seen.purchase}" if seen.purchase else ""
        if seen.step == "choose":
            self._picked = seen.picked
            self.city, self.address, self.former = seen.picked.city, seen.picked.address, seen.former
            self.brings = any(way == "brought" for way in seen.picked.ways.values())
        if seen.step != "choose" or self.step != "code":
            self.step = seen.step

    @rx.event
    async def choose_way(self, way: Any) -> None:
        """Fetch one seller's goods at a point, or have them brought."""
        slug, _, chosen = (forms.clean(way) if isinstance(way, str) else "").partition("/")
        if slug in self._picked.ways:
            await self._pick(self._picked.by_way(slug, chosen[:40]))

    @rx.event
    async def choose_city(self, city: Any) -> None:
        """Have it in another city; a street that came from earlier orders stays behind with its city."""
        if isinstance(city, str):
            address = "" if self._picked.address in self.former else self._picked.address
            await self._pick(replace(self._picked, city=city[:20], address=address))

    @rx.event
    async def choose_source(self, source: Any) -> None:
        """Pay with something else."""
        if isinstance(source, str):
            await self._pick(replace(self._picked, source=forms.clean(source)[:40]))

    @rx.event
    async def keep_address(self, address: Any) -> None:
        """Remember where to bring it, so that a reload does not lose it."""
        if isinstance(address, str) and await visitor_of(self) is not None:
            self._picked = replace(self._picked, address=forms.clean(address)[:200])

    @rx.event
    async def spend(self, typed: Any) -> None:
        """Pay a part with bonuses."""
        form = {"bonus": typed}
        said = forms.text(form, "bonus", most=40)
        if said == self.bonus:
            # The form was sent before the field spoke up: what was said of the form stands.
            return
        self.bonus = said
        try:
            part = forms.bonus_in(form)
        except DomainError as refusal:
            await self._refuse(refusal)
            return
        await self._pick(replace(self._picked, spend=part))

    async def _pick(self, picked: Picked) -> None:
        if self.step != "choose":
            return
        self._picked, self.errors, self.changes, self.notice = picked, {}, [], ""
        await self._refresh()

    @rx.event
    async def order(self, form: dict[str, Any]) -> Any:
        """Order what the button says: ask for the code where the sum needs one, show first what has changed."""
        visitor = await visitor_of(self)
        if visitor is None or self.step not in ("choose", "code"):
            return None
        try:
            self._read(form)
            return await self._order(visitor.customer_id, said=forms.text(form, "sum", most=20))
        except DomainError as refusal:
            return await self._refuse(refusal)

    def _read(self, form: Any) -> None:
        """Take what stands in the form; the page's own events may have come before the last touch."""
        picked = self._picked
        for slug in picked.ways:
            way = forms.text(form, f"way-{slug}", most=80).partition("/")
            if way[0] == slug and way[2]:
                picked = picked.by_way(slug, way[2])
        source = forms.text(form, "source", most=40) or picked.source
        address = forms.text(form, "address") if "address" in form else picked.address
        self._picked = replace(picked, source=source, address=address, city=forms.text(form, "city") or picked.city)
        if "bonus" in form:
            self.bonus = forms.text(form, "bonus", most=40)
            self._picked = replace(self._picked, spend=forms.bonus_in(form))

    async def _order(self, customer_id: int, *, said: str) -> Any:
        """Buy for the sum that the pressed button said: the browser may have been shown another one since."""
        made = await self._propose(customer_id)
        self.errors = {}
        is_other = said != made.amount.wire
        if made.changes or is_other:
            w = words(locale_of(self))
            self.step, self.changes = "choose", [shown.changed(each, w) for each in made.changes]
            await self._refresh()
            self.notice = w("checkout.sum_changed") if is_other else ""
            return None
        self._agreed = (made.amount.tiyn, made.source, made.number)
        self.changes, self.notice = [], ""
        if made.needs_code:
            return await self._ask_for_code(customer_id)
        return await self._buy(customer_id)

    async def _propose(self, customer_id: int) -> Proposal:
        picked = self._picked
        return await bank().db.write(
            checkout.propose,
            customer_id=customer_id,
            checkout_id=forms.last_part(self),
            fetching=picked.fetching,
            city=picked.city,
            address=picked.address,
            source=picked.kind,
            months=picked.months,
            card=picked.card,
            spend=picked.spent,
        )

    @rx.event
    async def change(self) -> None:
        """Close the window of the code and go back to the choice; nothing was bought."""
        if self.step == "code":
            self.step, self.errors = "choose", {}

    @rx.event
    async def resend(self) -> Any:
        """Send another code."""
        visitor = await visitor_of(self)
        if visitor is None:
            return None
        return await self._ask_for_code(visitor.customer_id, again=True)

    @rx.event
    async def confirm(self, form: dict[str, Any]) -> Any:
        """Check the code and buy."""
        visitor = await visitor_of(self)
        if visitor is None:
            return None
        this = self._proposed(visitor.customer_id)
        try:
            refusal = await bank().db.write(checkout.confirm, typed=forms.text(form, "code", most=20), **this)
            if refusal is None:
                return await self._buy(visitor.customer_id)
        except DomainError as raised:
            refusal = raised
        return await self._refuse(refusal)

    def _proposed(self, customer_id: int) -> dict[str, Any]:
        amount, source, number = self._agreed
        return {
            "customer_id": customer_id,
            "checkout_id": forms.last_part(self),
            "amount": Money(amount),
            "source": source,
            "number": number,
        }

    async def _ask_for_code(self, customer_id: int, *, again: bool = False) -> Any:
        try:
            sent: Sent = await bank().db.write(checkout.send_code, again=again, **self._proposed(customer_id))
        except DomainError as refusal:
            return await self._refuse(refusal)
        self.errors, self.resend_at, self.step = {}, epoch_ms(sent.resend_at), "code"
        return None

    async def _buy(self, customer_id: int) -> Any:
        made = await bank().db.write(checkout.buy, **self._proposed(customer_id))
        self.errors, self.step = {}, "bought"
        self.purchase = f"/{locale_of(self)}/purchases/{made.id}"
        return rx.redirect(f"{self.purchase}/contract" if made.state == "signing" else self.purchase, replace=True)

    async def _refuse(self, refusal: DomainError) -> Any:
        if refusal.code in _OVER:
            self.step = ""
        elif self.step == "code" and refusal.code not in _OF_CODES:
            self.step = "choose"
        await self._refresh()
        forms.show(self, refusal)
        if refusal.code in _OF_SOURCES:
            self.errors = {"source": self._of_source(refusal)}
        return rx.redirect(self.purchase, replace=True) if self.step == "bought" else None

    def _of_source(self, refusal: DomainError) -> str:
        w = words(locale_of(self))
        if refusal.code == "insufficient_funds" and self._picked.kind == "card":
            # Filling the wallet, which the shared words advise, would not help.
            return w("checkout.card_short", missing=money(refusal.params["missing"], w.locale))
        return put(refusal, w.locale)


def _is_shown(state: Any) -> bool:
    """Whether the browser is at a checkout still: beside a page that follows no news, this one goes on hearing them."""
    return str(state.router.url.path).rstrip("/").rpartition("/")[0].endswith("/checkout")
