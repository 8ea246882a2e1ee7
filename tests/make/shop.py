"""Sellers with goods, baskets, checkouts and purchases, made by the streets' own verbs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.baskets.views import BasketView
from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.checkout.chosen import PICKUP
from kaspi_web.domain.checkout.service import Bought, CheckoutView, Fetch, Proposal
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.loans.models import RedMember
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from tests.make import goods
from tests.make.customers import customer
from tests.make.identity import iin_of, matched
from tests.make.ledger import moved, sql
from tests.make.sources import give_bonus

PRICE = Money.tenge(4_000)
RICH = Money.tenge(1_000_000)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Seller:
    """A merchant and the points that goods lie at."""

    id: int
    slug: str
    points: tuple[int, ...]

    def fetched(self, at: int = 0) -> dict[str, Fetch]:
        """To fetch their goods from one of the points."""
        return {self.slug: Fetch(PICKUP, self.points[at])}

    def brought(self) -> dict[str, Fetch]:
        """To have their goods brought."""
        return {self.slug: Fetch("DELIVERY_LOCAL")}


def seller(bank: Bank, *cities: str, **overrides: Any) -> Seller:
    """A seller with a point in each of the cities, in Almaty if none is named."""
    slug = f"shop-seller-{next(_numbers)}"
    merchant_id = goods.merchant(bank, **({"slug": slug} | overrides))
    points = tuple(goods.point(bank, merchant_id, city=city) for city in cities or ("almaty",))
    return Seller(merchant_id, slug, points)


def offer(bank: Bank, of: Seller, price: Money = PRICE, pieces: int | Mapping[int, int] = 10, **overrides: Any) -> int:
    """An offer of a new product; `pieces` lie at the first point, or where {place of the point: number} says."""
    lying = {of.points[place]: many for place, many in pieces.items()} if isinstance(pieces, Mapping) else pieces
    return goods.offer(bank, price, pieces=lying, merchant_id=of.id, **overrides)


def buyer(bank: Bank, *, money: Money = RICH, bonus: Money = ZERO, **overrides: Any) -> int:
    """A customer with a phone of their own."""
    owner = customer(bank, money=money, **({"phone": f"+7702{next(_numbers):07d}"} | overrides))
    if bonus:
        give_bonus(bank, owner, bonus)
    return owner


def member(bank: Bank, owner: int, limit: Money = Money.tenge(150_000)) -> int:  # noqa: B008 - it is frozen
    """The customer joins RED."""
    bank.db.write_now(_join, owner, limit)
    return owner


def _join(unit: Unit, owner: int, limit: Money) -> None:
    this = {"customer_id": owner, "limit_tiyn": limit.tiyn, "joined_at": unit.clock.now()}
    unit.add(RedMember(**this, consent="1", because="test"))


def known(bank: Bank, owner: int) -> int:
    """The customer's IIN is known."""
    matched(bank, owner, iin_of(number=1_000 + 3 * next(_numbers)))
    return owner


def laid(bank: Bank, owner: int, wanted: Mapping[int, int]) -> None:
    """Put pieces by offer into the basket."""
    for offer_id, quantity in wanted.items():
        bank.db.write_now(baskets.add, customer_id=owner, offer_id=offer_id, quantity=quantity)


def basket(bank: Bank, owner: int) -> BasketView:
    """The basket as it is now."""
    return bank.db.read_now(baskets.basket, customer_id=owner)


def opened(bank: Bank, owner: int, wanted: Mapping[int, int]) -> str:
    """A checkout of these pieces; answers its address."""
    laid(bank, owner, wanted)
    return bank.db.write_now(checkout.open, customer_id=owner)


def shown(bank: Bank, owner: int, checkout_id: str) -> CheckoutView:
    """The checkout as it is now."""
    return bank.db.read_now(checkout.view, customer_id=owner, checkout_id=checkout_id)


def proposed(
    bank: Bank, owner: int, checkout_id: str, *sellers: Seller, source: str = "wallet", **more: Any
) -> Proposal:
    """Press Order: everything is fetched from the sellers' first points, unless told otherwise."""
    fetching = {slug: way for each in sellers for slug, way in each.fetched().items()}
    given = {"fetching": fetching, "source": source} | more
    return bank.db.write_now(checkout.propose, customer_id=owner, checkout_id=checkout_id, **given)


def confirmed(bank: Bank, checkout_id: str) -> None:
    """The code was typed."""
    sql(bank, "UPDATE checkout SET confirmed_tiyn = amount_tiyn WHERE id = :id", id=checkout_id)


def pressed(bank: Bank, owner: int, checkout_id: str, agreed: Proposal) -> Bought:
    """Press Buy for what was proposed."""
    this = {"amount": agreed.amount, "source": agreed.source, "number": agreed.number}
    return bank.db.write_now(checkout.buy, customer_id=owner, checkout_id=checkout_id, **this)


def bought_from(bank: Bank, owner: int, checkout_id: str, *sellers: Seller, **more: Any) -> Bought:
    """Propose a checkout and buy what was proposed."""
    agreed = proposed(bank, owner, checkout_id, *sellers, **more)
    assert not agreed.changes
    confirmed(bank, checkout_id)
    return pressed(bank, owner, checkout_id, agreed)


def bought(bank: Bank, owner: int, wanted: Mapping[int, int], *sellers: Seller, **more: Any) -> Bought:
    """The whole way from the basket to the tap."""
    return bought_from(bank, owner, opened(bank, owner, wanted), *sellers, **more)


def stock_of(bank: Bank, offer_id: int) -> tuple[int, int]:
    """Pieces at all points together, and how many of them are set aside."""
    lying = goods.stock(bank, offer_id).values()
    return sum(quantity for quantity, _ in lying), sum(reserved for _, reserved in lying)


def lines_of(bank: Bank, purchase: Bought) -> list[tuple[int, int, int]]:
    """Price, bonuses and money of every line of a purchase, in tiyn, order by order."""
    asked = (
        "SELECT l.quantity * l.price_tiyn, l.bonus_tiyn, l.money_tiyn FROM order_line l"
        " JOIN shop_order o ON o.id = l.order_id JOIN purchase p ON p.id = o.purchase_id"
        " WHERE p.public_id = :id ORDER BY o.id, l.number"
    )
    return [tuple(row) for row in sql(bank, asked, id=purchase.id)]


def orders_of(bank: Bank, purchase: Bought) -> list[tuple[str, str, str]]:
    """State, status and reason of every order of a purchase."""
    asked = (
        "SELECT o.state, o.status, o.cancellation_reason FROM shop_order o"
        " JOIN purchase p ON p.id = o.purchase_id WHERE p.public_id = :id ORDER BY o.id"
    )
    return [tuple(row) for row in sql(bank, asked, id=purchase.id)]


def left_behind(bank: Bank) -> dict[str, Any]:
    """All that buying leaves behind: equal before and after means that nothing was bought, kept or moved."""
    statements = {
        "purchases": "SELECT id, state FROM purchase ORDER BY id",
        "orders": "SELECT id, status FROM shop_order ORDER BY id",
        "stock": "SELECT offer_id, point_id, quantity, reserved FROM stock ORDER BY offer_id, point_id",
        "kept": "SELECT id, quantity FROM reservation WHERE state = 'held' ORDER BY id",
        "loans": "SELECT id, state, amount_tiyn FROM loan ORDER BY id",
        "limits": "SELECT customer_id, reserved_tiyn FROM red_member ORDER BY customer_id",
        "basket": "SELECT offer_id, quantity FROM basket_line ORDER BY customer_id, offer_id",
    }
    return moved(bank) | {name: [tuple(row) for row in sql(bank, statement)] for name, statement in statements.items()}


def has(bank: Bank, kind: str, owner: int | str = "") -> Money:
    """The balance of an account."""
    account = bank.db.write_now(ledger.account, kind, str(owner))
    return bank.db.read_now(ledger.balance, account)
