"""Rules of a story: baskets, checkouts and taps with every source of money, races for the last pieces, and cards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.catalogue import prices
from kaspi_web.domain.catalogue.models import Offer
from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.checkout.chosen import LOCAL, PICKUP, TODOOR
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.processing import Charged
from tests.make.races import answers_of, at_once
from tests.make.sms import last_code
from tests.properties.shop_base import which
from tests.properties.shop_model import HOLDS, PROCESSOR, Line, Order, spread
from tests.properties.shop_plans import Plan
from tests.properties.shop_wishes import Wish, Wishes

SOURCES = ("wallet", "wallet", "own", "bank", "bonus", "red", "red", "instalment", "credit")
READY = {PICKUP: 0, LOCAL: 1, TODOOR: 4}
_MADE = """
    SELECT o.public_id, o.id, o.merchant_id, m.slug, o.delivery_mode, o.point_id, l.id AS loan_id,
    l.public_id AS plan, p.charge_id FROM shop_order o JOIN purchase p ON p.id = o.purchase_id
    JOIN merchant m ON m.id = o.merchant_id LEFT JOIN loan l ON l.id = o.loan_id
    WHERE p.public_id = :id ORDER BY o.id
"""

wishes = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 3)), min_size=1, max_size=3, unique_by=lambda each: each[0]
)
sources = st.sampled_from(SOURCES)


class Buying(Wishes):
    """Everything until an order is the merchant's."""

    @rule(who=which, wanted=wishes, source=sources, spend=st.sampled_from([0, 0, 30, 97]), place=which)
    def somebody_buys(self, who: int, wanted: list[tuple[int, int]], source: str, spend: int, place: int) -> None:
        self.buys(self.wish(who, wanted, source, spend, place))

    @rule(who=which, wanted=wishes, place=which, raised=st.booleans())
    def a_price_changes_under_a_checkout(
        self, who: int, wanted: list[tuple[int, int]], place: int, raised: bool
    ) -> None:
        wish = self.wish(who, wanted, "wallet", 0, place)
        checkout_id = self._opens(wish)
        if checkout_id is None:
            return
        offer = next(iter(wish.pieces))
        self.model.prices[offer] += 111 if raised else -7
        self.shop.write(_reprice, offer_id=offer, tiyn=self.model.prices[offer])
        wish = self.wish(who, wanted, "wallet", 0, place)
        first = self._proposes(wish, checkout_id)
        if isinstance(first, DomainError):
            return
        assert [each.offer_id for each in first.changes] == [offer]
        assert isinstance(self._taps(wish, checkout_id, first), DomainError), "a change is seen before it is paid"
        self.note("price changed under a checkout")
        self._finishes(wish, checkout_id)

    @rule(who=which, wanted=wishes, place=which)
    def gives_up_halfway(self, who: int, wanted: list[tuple[int, int]], place: int) -> None:
        wish = self.wish(who, wanted, "wallet", 0, place)
        checkout_id = self._opens(wish)
        if checkout_id and not isinstance(self._proposes(wish, checkout_id), DomainError):
            self.note("set aside and not bought")

    @rule(number=st.integers(0, 6), who=which)
    def two_want_the_last_pieces(self, number: int, who: int) -> None:
        offer = self.shop.offers[number]
        places = {point: self._free(offer, point, 0) for of, point in self.model.stock if of == offer}
        point = max(places, key=lambda each: places[each])
        free = places[point]
        if not free or self.model.prices[offer] * free > 10_000_000:
            return
        pieces = [(number, free)]
        both = [self.wish(who + each, pieces, "wallet", 0, 0) for each in (0, 1)]
        opened = [(wish, self._opens(wish)) for wish in both]
        ready = [(wish, name) for wish, name in opened if name is not None]
        if len(ready) < 2:
            return
        proposed = at_once(*(self._propose_later(wish, name, point) for wish, name in ready))
        won = [(*pair, said) for pair, said in zip(ready, proposed, strict=True) if not isinstance(said, Exception)]
        assert len(won) <= 1, "the last pieces are set aside for one"
        assert all(isinstance(said, DomainError) for said in proposed if isinstance(said, Exception)), proposed
        self.note(f"race for the last pieces: {len(won)} won")
        for wish, name, agreed in won:
            self._types(wish, name, agreed)
            taps = at_once(self._tap_later(wish, name, agreed), times=2)
            made = answers_of(taps)
            assert {each.id for each in made} in ({made[0].id}, set()) if made else True
            if made:
                assert len(made) == 2, taps
                self.note("tapped twice, bought once")
                self._placed(wish, made[0])

    def _propose_later(self, wish: Wish, name: str, point: int) -> Any:
        return lambda: self.shop.write(checkout.propose, **self._asked(wish, name, point))

    def _tap_later(self, wish: Wish, name: str, agreed: Any) -> Any:
        return lambda: self.shop.write(checkout.buy, **_tapped(wish, name, agreed))

    def buys(self, wish: Wish) -> list[Order]:
        """The whole way from the basket to the tap; answers the orders, none after a refusal."""
        checkout_id = self._opens(wish)
        return self._finishes(wish, checkout_id) if checkout_id else []

    def _finishes(self, wish: Wish, checkout_id: str) -> list[Order]:
        agreed = self._proposes(wish, checkout_id)
        if isinstance(agreed, DomainError):
            return []
        assert not agreed.changes
        assert agreed.amount.tiyn == wish.amount
        self._types(wish, checkout_id, agreed)
        made = self._taps(wish, checkout_id, agreed)
        if isinstance(made, DomainError):
            return []
        again = self._taps(wish, checkout_id, agreed)
        assert again.id == made.id, "one tap is one purchase"
        return self._placed(wish, made)

    def _opens(self, wish: Wish) -> str | None:
        mine = {"customer_id": wish.person.id}
        for offer in self.shop.offers:
            self.shop.write(baskets.remove, **mine, offer_id=offer)
        for offer, many in wish.pieces.items():
            if isinstance(self.tried(baskets.add, **mine, offer_id=offer, quantity=many), DomainError):
                assert not any(self._free(offer, point, 0) for of, point in self.model.stock if of == offer)
                return None
        opened = self.tried(checkout.open, **mine)
        return None if isinstance(opened, DomainError) else opened

    def _proposes(self, wish: Wish, checkout_id: str) -> Any:
        said = self.tried(checkout.propose, **self._asked(wish, checkout_id))
        if isinstance(said, DomainError):
            self._is_right(wish, said)
        return said

    def _types(self, wish: Wish, checkout_id: str, agreed: Any) -> None:
        this = _tapped(wish, checkout_id, agreed)
        assert agreed.needs_code == (wish.amount > 500_000 and wish.source != "credit")
        if not agreed.needs_code:
            return
        assert isinstance(self.tried(checkout.buy, **this), DomainError), "nothing is bought without the code"
        if not isinstance(self.tried(checkout.send_code, **this, again=True), DomainError):
            self.tried(checkout.confirm, **this, typed=last_code(self.shop.bank, wish.person.phone))

    def _taps(self, wish: Wish, checkout_id: str, agreed: Any) -> Any:
        return self.tried(checkout.buy, **_tapped(wish, checkout_id, agreed))

    def _placed(self, wish: Wish, made: Any) -> list[Order]:
        rows = self.sql(_MADE, id=made.id)
        orders = [self._order(wish, made.id, row) for row in rows]
        amounts = [sum(line.total for line in each.lines) for each in orders]
        assert sum(amounts) == wish.amount
        for order, bonus in zip(orders, spread(wish.spend, amounts), strict=True):
            for line, part in zip(order.lines, spread(bonus, [each.total for each in order.lines]), strict=True):
                line.bonus = part
        for order, row in zip(orders, rows, strict=True):
            if row.loan_id is not None:
                names = (row.loan_id, row.plan, order.owner, order.source, wish.months, order.left(1))
                order.plan = Plan(*names, state="signing" if wish.source == "credit" else "reserved")
            self.model.places(order)
        self.model.orders += orders
        self.note(f"bought by {wish.source}{' and bonus' if wish.spend and wish.source != 'bonus' else ''}")
        if len(orders) > 1:
            self.note("bought from several sellers")
        return orders

    def _order(self, wish: Wish, purchase: str, row: Any) -> Order:
        mine = {each: many for each, many in wish.pieces.items() if self.shop.seller_of(each).id == row.merchant_id}
        lines = [Line(n, each, many, self.model.prices[each]) for n, (each, many) in enumerate(mine.items(), 1)]
        delivery = self._delivery(sum(each.total for each in lines), wish.city)
        lines += [Line(len(lines) + 1, 0, 1, delivery)] if delivery else []
        assert (row.delivery_mode == PICKUP) == (not wish.city)
        status = {"bank": "FUNDING", "credit": "SIGNING"}.get(wish.source, "NEW")
        card = {"own": wish.person.own_id, "bank": wish.person.bank_id}.get(wish.source, 0)
        return Order(
            address=row.public_id,
            row=row.id,
            purchase=purchase,
            owner=wish.person.id,
            seller=row.merchant_id,
            slug=row.slug,
            source=wish.source,
            card=card,
            mode=row.delivery_mode,
            point=row.point_id,
            lines=lines,
            status=status,
            due_on=self.due_on(row.delivery_mode),
            charge=row.charge_id or 0,
        )

    def due_on(self, mode: str) -> Any:
        """The last day for an order of today."""
        return self.today + timedelta(days=READY[mode] + 7)

    def of_purchase(self, purchase: str) -> list[Order]:
        """The orders of one tap."""
        return [each for each in self.model.orders if each.purchase == purchase]

    @precondition(lambda self: self.one_of(0, "FUNDING"))
    @rule(which=which, answer=st.sampled_from(["authorised", "authorised", "authorised", "declined", "lost"]))
    def a_cards_bank_answers(self, which: int, answer: str) -> None:
        order = self.one_of(which, "FUNDING")
        assert order is not None
        said = {"charge_id": order.charge}
        if answer == "lost":
            self.shop.watch.later(minutes=16)
            self.shop.write(sagas.charge_unknown, **said, word="silent")
            # Its yes comes too late, and is undone.
            self.shop.write(sagas.charge_answered, **said, answer=Charged("authorised"))
            self.shop.write(sagas.charge_answered, **said, answer=Charged("voided"))
        else:
            for _ in range(2):
                self.shop.write(sagas.charge_answered, **said, answer=Charged(answer))
        for each in self.of_purchase(order.purchase):
            if answer == "authorised":
                self._funded(each)
            else:
                self.model.drops(each, _all(each), "CANCELLED")
        if answer == "authorised":
            self.shop.write(sagas.charge_answered, **said, answer=Charged("captured"))
        self.note(f"card's bank: {answer}")

    def _funded(self, order: Order) -> None:
        self.model.move(PROCESSOR, HOLDS, order.left(1))
        order.status, order.due_on = "NEW", self.due_on(order.mode)

    @rule(who=which, own=st.booleans())
    def a_card_is_unlinked(self, who: int, own: bool) -> None:
        person = self.person(who)
        name, number = (person.own, person.own_id) if own else (person.bank, person.bank_id)
        busy = [
            each for each in self.model.orders if each.card == number and each.status not in ("FUNDING", "CANCELLED")
        ]
        if not name or not busy:
            return
        self.shop.write(cards.unlink, customer_id=person.id, public_id=name)
        self.model.gone.add(number)
        if own:
            person.own = ""
            self.model.move(("card", str(number)), ("wallet", str(person.id)), self.model.has("card", number))
        else:
            person.bank = ""
        self.note("a card was unlinked")


def _tapped(wish: Wish, checkout_id: str, agreed: Any) -> dict[str, Any]:
    this = {"amount": agreed.amount, "source": agreed.source, "number": agreed.number}
    return {"customer_id": wish.person.id, "checkout_id": checkout_id} | this


def _all(order: Order) -> dict[int, int]:
    return {each.number: each.quantity for each in order.goods}


def _reprice(unit: Unit, *, offer_id: int, tiyn: int) -> None:
    row = unit.get_one(Offer, offer_id)
    row.price_tiyn = tiyn
    unit.flush()
    prices.refresh(unit, [row.product_id])
