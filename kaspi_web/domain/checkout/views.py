"""A checkout as its owner sees it: what there is to choose from, and what was agreed on last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from kaspi_web.domain.baskets.views import grouped
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.service import CardView
from kaspi_web.domain.checkout.chosen import Agreed, Chosen, read
from kaspi_web.domain.checkout.fetching import CITIES, Choices, choices
from kaspi_web.domain.checkout.intents import needs_code, row_of
from kaspi_web.domain.checkout.models import Checkout
from kaspi_web.domain.checkout.plans import PlanView, offered
from kaspi_web.domain.loans.models import RedMember
from kaspi_web.domain.orders.models import Purchase
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.service import Balances
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """An intent to buy; `proposal` counts what was proposed, and buy has to name the last.

    `goods` is without delivery. `red_free` is what is left of the limit of RED, None for who has not joined.
    """

    id: str
    groups: tuple[Choices, ...]
    cities: tuple[str, ...]
    goods: Money
    balances: Balances
    cards: tuple[CardView, ...]
    plans: tuple[PlanView, ...]
    red_free: Money | None
    agreed: tuple[Agreed, ...]
    amount: Money | None
    source: str
    months: int
    card: str
    spend: Money
    proposal: int
    is_confirmed: bool
    expires_at: datetime
    is_expired: bool
    purchase: str
    """The address of what it became, empty if nothing was bought."""

    @property
    def can_be_ordered(self) -> bool:
        """Whether every line can be had."""
        return all(each.group.points for each in self.groups)


def view(unit: Unit, *, customer_id: int, checkout_id: str) -> CheckoutView:
    """A customer's checkout with prices and stock as they are now; raises NotFound, also for somebody else's."""
    row = row_of(unit, customer_id=customer_id, checkout_id=checkout_id)
    chosen, today = read(row.chosen), unit.clock.today()
    groups = grouped(unit, chosen.lines, customer_id=customer_id)
    mine = tuple(cards.cards(unit, customer_id=customer_id))
    return CheckoutView(
        id=row.id,
        groups=tuple(choices(group, today=today) for group in groups),
        cities=CITIES,
        goods=sum((group.goods for group in groups), ZERO),
        balances=wallet.balances(unit, customer_id=customer_id),
        cards=mine,
        plans=offered(unit, _sums(chosen, [group.goods for group in groups])),
        red_free=_red_free(unit, customer_id),
        agreed=chosen.orders,
        amount=Money(row.amount_tiyn) if row.amount_tiyn is not None else None,
        source=row.source,
        months=row.months,
        card=next((each.public_id for each in mine if each.id == row.card_id), ""),
        spend=Money(row.spend_bonus_tiyn),
        proposal=row.proposal,
        is_confirmed=_is_confirmed(row),
        expires_at=row.expires_at,
        is_expired=real_now() >= row.expires_at,
        purchase=_purchase(unit, row),
    )


def _sums(chosen: Chosen, goods: list[Money]) -> list[Money]:
    return [order.amount for order in chosen.orders] or goods


def _red_free(unit: Unit, customer_id: int) -> Money | None:
    member = unit.get(RedMember, customer_id)
    return None if member is None else Money(member.limit_tiyn - member.used_tiyn - member.reserved_tiyn)


def _is_confirmed(row: Checkout) -> bool:
    return row.amount_tiyn is not None and not needs_code(row, Money(row.amount_tiyn), row.source)


def _purchase(unit: Unit, row: Checkout) -> str:
    if row.purchase_id is None:
        return ""
    return unit.exec(select(Purchase.public_id).where(Purchase.id == row.purchase_id)).one()
