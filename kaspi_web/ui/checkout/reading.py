"""Everything that the page of a checkout shows, read in one go."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.checkout.preview import Preview, preview
from kaspi_web.domain.orders.addresses import addresses
from kaspi_web.i18n import words
from kaspi_web.i18n.format import money
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.ui import sources
from kaspi_web.ui.checkout import shown
from kaspi_web.ui.checkout.picked import Picked, begun
from kaspi_web.ui.late import late_rule
from kaspi_web.ui.sources import Option

_NEEDS = {"red": "not_red_member", "iin": "iin_needed"}
"""What the customer can do about a refusal of plans."""


@dataclass
class Seen:
    """The page of a checkout; `step` is choose, bought, expired or missing."""

    step: str
    picked: Picked = field(default_factory=Picked)
    former: list[str] = field(default_factory=list)
    """Addresses of earlier orders in the picked city, the latest first."""
    purchase: str = ""
    sellers: list[shown.Seller] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    plans: list[shown.Plan] = field(default_factory=list)
    burden: shown.Burden = field(default_factory=shown.Burden)
    total: shown.Total = field(default_factory=shown.Total)
    can_be_ordered: bool = False
    needs: list[str] = field(default_factory=list)
    """What stands between the customer and plans: red, iin, both or nothing."""


def seen(unit: Unit, *, customer_id: int, checkout_id: str, picked: Picked, locale: str) -> Seen:
    """The page of a customer's checkout for what was picked; somebody else's is missing."""
    try:
        found = checkout.view(unit, customer_id=customer_id, checkout_id=checkout_id)
    except NotFound:
        return Seen("missing")
    if found.purchase:
        return Seen("bought", purchase=found.purchase)
    if found.is_expired:
        return Seen("expired")
    picked = begun(picked, found)
    former = addresses(unit, customer_id=customer_id, city=picked.city)
    if former and not picked.address.strip():
        picked = replace(picked, address=former[0])
    made = preview(
        unit,
        customer_id=customer_id,
        checkout_id=checkout_id,
        fetching=picked.fetching,
        city=picked.city,
        source=picked.kind,
        months=picked.months,
        spend=picked.spent,
    )
    return replace(_shown(unit, customer_id, made, picked, locale), former=former)


def _shown(unit: Unit, customer_id: int, made: Preview, picked: Picked, locale: str) -> Seen:
    w, today = words(locale), unit.clock.today()
    refusals = {each.refusal.code for each in made.plans if each.refusal is not None}
    return Seen(
        "choose",
        picked,
        sellers=[shown.seller(each, picked, w, today) for each in made.view.groups],
        options=_options(unit, customer_id, made, picked, locale),
        plans=[shown.plan(each, picked, w) for each in made.plans],
        burden=shown.burden(made.quote, w, late=late_rule(unit, "plans.late_rule", w) if made.quote else ""),
        total=shown.total(made, w),
        can_be_ordered=made.view.can_be_ordered,
        needs=[need for need, code in _NEEDS.items() if code in refusals],
    )


def _options(unit: Unit, customer_id: int, made: Preview, picked: Picked, locale: str) -> list[Option]:
    """The wallet, bonuses and cards, each with what it lacks for this sum."""
    have, own = made.view.balances, {f"card:{each.public_id}": each.balance for each in made.view.cards}
    there = {"wallet": have.wallet, "bonus": have.bonus, **own}
    found = sources.sources(unit, customer_id, locale)
    for each in found:
        each.checked = each.value == picked.source
        wanted = made.amount if each.value == "bonus" else made.amount - min(picked.spend, have.bonus, made.amount)
        left = there.get(each.value)
        if left is not None and left < wanted and not each.reason:
            each.reason = words(locale)("checkout.short", missing=money(wanted - left, locale))
            each.disabled = each.disabled or each.value == "bonus"
    return found
