"""What somebody wants to buy, how it is asked for, and whether a refusal is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kaspi_web.domain.checkout.chosen import LOCAL, PICKUP
from kaspi_web.domain.checkout.service import Fetch
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import Money
from tests.properties.shop_base import ShopStory
from tests.properties.shop_model import Person, spread
from tests.properties.shop_plans import MINIMUM
from tests.properties.shop_world import CITIES

MONTHS = {"red": (3,), "instalment": (3, 6, 12, 24), "credit": (6, 12, 24)}
DELIVERY, FREE_FROM = 99_000, 2_000_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to buy, and how."""

    person: Person
    pieces: dict[int, int]
    source: str
    months: int
    city: str
    """Where the goods are brought; fetched, if empty."""
    spend: int
    amount: int


class Wishes(ShopStory):
    """Wishes, and what the model thinks of them."""

    def wish(self, who: int, wanted: list[tuple[int, int]], source: str, spend: int, place: int) -> Wish:
        """A wish from numbers."""
        person, offers = self.person(who), self.shop.offers
        pieces = {offers[number]: many for number, many in wanted}
        city = ("", "", *CITIES)[place % 4]
        amount = sum(self._amounts(pieces, city).values())
        months = MONTHS.get(source, (0,))[place % len(MONTHS.get(source, (0,)))]
        part = amount if source == "bonus" else min(amount * spend // 100, self.model.has("bonus", person.id))
        return Wish(person, pieces, source, months, city, part, amount)

    def _amounts(self, pieces: dict[int, int], city: str) -> dict[int, int]:
        """What each seller's order costs."""
        found: dict[int, int] = {}
        for offer, many in pieces.items():
            seller = self.shop.seller_of(offer).id
            found[seller] = found.get(seller, 0) + many * self.model.prices[offer]
        return {seller: cost + self._delivery(cost, city) for seller, cost in found.items()}

    def _delivery(self, goods: int, city: str) -> int:
        return DELIVERY if city and goods < FREE_FROM else 0

    def _asked(self, wish: Wish, checkout_id: str, point: int = 0) -> dict[str, Any]:
        fetching = {}
        for offer in wish.pieces:
            seller = self.shop.seller_of(offer)
            at = point or self._point(seller.points, wish)
            fetching[seller.slug] = Fetch(LOCAL) if wish.city else Fetch(PICKUP, at)
        card = {"own": wish.person.own, "bank": wish.person.bank}.get(wish.source, "")
        source = "card" if card or wish.source in ("own", "bank") else wish.source
        named = {"customer_id": wish.person.id, "checkout_id": checkout_id, "fetching": fetching, "source": source}
        where = {"city": wish.city, "address": "Abay 1" if wish.city else ""}
        return named | where | {"months": wish.months, "card": card, "spend": Money(wish.spend)}

    def _point(self, points: tuple[int, ...], wish: Wish) -> int:
        mine = [(each, many) for each, many in wish.pieces.items() if self.shop.seller_of(each).points == points]
        has = [p for p in points if all(self._free(each, p, wish.person.id) >= many for each, many in mine)]
        return has[0] if has else points[0]

    def _free(self, offer: int, point: int, customer_id: int) -> int:
        """Pieces that nobody else has set aside; all that are over count, and the customer's own."""
        asked = """
            SELECT COALESCE(SUM(r.quantity), 0) FROM reservation r JOIN checkout c ON c.id = r.checkout_id
            WHERE r.offer_id = :offer AND r.point_id = :point AND r.state = 'held' AND c.customer_id <> :mine
        """
        ((kept,),) = self.sql(asked, offer=offer, point=point, mine=customer_id)
        return self.model.stock.get((offer, point), 0) - int(kept)

    def _is_right(self, wish: Wish, refusal: DomainError) -> None:
        """Nobody is refused without a reason."""
        name, person, money = type(refusal).__name__, wish.person, wish.amount - wish.spend
        if name == "InsufficientFunds":
            kind, owner = ("card", person.own_id) if wish.source == "own" else ("wallet", person.id)
            assert money > self.model.has(kind, owner)
        elif name == "BonusShort":
            assert wish.spend > self.model.has("bonus", person.id)
        elif name == "NotRedMember":
            assert not person.limit
        elif name == "RedLimitShort":
            mine = [each for each in self.model.plans if each.owner == person.id and each.kind == "red"]
            assert money + sum(each.left for each in mine) > person.limit
        elif name in ("OutOfStock", "GoodsGone", "GoodsApart", "PointHasNot"):
            assert self._lacks(wish)
        elif name == "TermNeedsMore":
            amounts = list(self._amounts(wish.pieces, wish.city).values())
            low = MINIMUM.get((wish.source, wish.months), 50_000) * 100
            assert min(a - b for a, b in zip(amounts, spread(wish.spend, amounts), strict=True)) < low
        elif name == "NotFound":
            assert wish.source in ("own", "bank")
            assert not (person.own if wish.source == "own" else person.bank)
        elif name == "HasOverdue":
            assert self._is_late(person)
        else:
            assert name in ("DebtTooHigh", "BonusTooMuch", "TermNotOffered", "CardGone"), name

    def _lacks(self, wish: Wish) -> bool:
        sellers = {self.shop.seller_of(each).id: self.shop.seller_of(each) for each in wish.pieces}
        return any(
            all(
                any(
                    self._free(each, point, wish.person.id) < many
                    for each, many in wish.pieces.items()
                    if self.shop.seller_of(each).id == seller.id
                )
                for point in seller.points
            )
            for seller in sellers.values()
        )

    def _is_late(self, person: Person) -> bool:
        mine = [each for each in self.model.plans if each.owner == person.id and each.state == "active"]
        fines = [left for (who, _), of in self.model.fines.items() if who == person.id for left in of.values()]
        late = [row for each in mine for row in each.payments if row.due_on < self.today and row.left]
        return bool(late or any(fines) or [each for each in mine if each.kind == "credit"])
