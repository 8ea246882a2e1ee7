"""Rules of a story: contracts are signed or not, orders go their ways, drop out in part or whole, are handed over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kaspi_web.domain.checkout import signing
from kaspi_web.domain.orders import dropping, hand_over, lifecycle
from kaspi_web.kernel.errors import DomainError
from tests.make.sms import last_code, other_than
from tests.properties.shop_base import which
from tests.properties.shop_buying import Buying
from tests.properties.shop_model import COMING, ENDS, ON_THE_ROAD, OPEN, Order

_VERBS = {
    "accept": (("NEW",), "ACCEPTED"),
    "assemble": (("ACCEPTED",), "ASSEMBLED"),
    "transmit": (("ASSEMBLED",), "TRANSMITTED"),
    "arrive": (("TRANSMITTED",), "ARRIVED"),
    "not_taken": (ON_THE_ROAD, "GOING_BACK"),
    "refuse_parcel": (ON_THE_ROAD, "GOING_BACK"),
    "take_back": (("GOING_BACK",), "COMING_BACK"),
    "parcel_back": (("COMING_BACK",), "RETURNED"),
}
_ONWARD = {"NEW": "accept", "ACCEPTED": "assemble", "ASSEMBLED": "transmit", "TRANSMITTED": "arrive"}
TODOOR = "DELIVERY_REGIONAL_TODOOR"


class Orders(Buying):
    """Everything until an order is the buyer's, or nobody's."""

    @precondition(lambda self: self.one_of(0, "SIGNING"))
    @rule(which=which, answer=st.sampled_from(["signed", "signed", "signed", "declined"]))
    def a_contract_is_answered(self, which: int, answer: str) -> None:
        order = self.one_of(which, "SIGNING")
        assert order is not None
        this = {"customer_id": order.owner, "purchase_id": order.purchase}
        if answer == "declined":
            self.shop.write(signing.decline, **this)
        elif isinstance(self.tried(signing.send_code, **this, again=True), DomainError):
            return
        else:
            right = last_code(self.shop.bank, self.model.people[order.owner].phone)
            assert isinstance(self.tried(signing.sign, **this, typed=other_than(right)), DomainError)
            for _ in range(2):
                assert self.shop.write(signing.sign, **this, typed=right) is None
        for each in self.of_purchase(order.purchase):
            if answer == "declined":
                self.drops(each, None, "CANCELLED")
            else:
                self._signed(each)
        self.note(f"contract {answer}")

    def _signed(self, order: Order) -> None:
        assert order.plan is not None
        order.plan.state, order.status, order.due_on = "reserved", "NEW", self.due_on(order.mode)

    def drops(self, order: Order, wanted: dict[int, int] | None, status: str, *, is_lost: bool = False) -> None:
        """Pieces of an order drop out in the model; all of them, if none are named."""
        wanted = wanted or {each.number: each.quantity for each in order.goods}
        self.model.drops(order, wanted, status, is_lost=is_lost)

    @precondition(lambda self: self.one_of(0, *_ONWARD, "ARRIVED", *COMING))
    @rule(which=which, verb=st.sampled_from([*_VERBS, "accept", "accept", "onward", "onward"]))
    def an_order_goes_on(self, which: int, verb: str) -> None:
        order = self.one_of(which, *_ONWARD, "ARRIVED", *COMING)
        assert order is not None
        self._goes(order, _ONWARD.get(order.status, "take_back") if verb == "onward" else verb)

    def _goes(self, order: Order, verb: str) -> None:
        before, (places, to) = order.status, _VERBS[verb]
        may = before in places and (verb in ("accept",) or order.mode == TODOOR)
        said = self.tried(_deed(verb), **self._asked_by(order, verb))
        if isinstance(said, DomainError):
            assert not may
            assert before != to, "done before"
            return
        if not may:
            assert before == to, f"{verb} where the order is {before}"
            return
        order.status = to
        if verb in ("not_taken", "refuse_parcel"):
            order.due_on = self.today + timedelta(days=14)
        if verb == "parcel_back":
            self.drops(order, None, "RETURNED")
        self.note(f"order {verb}")

    def _asked_by(self, order: Order, verb: str) -> dict[str, Any]:
        if verb == "refuse_parcel":
            return {"customer_id": order.owner, "order_id": order.address}
        spaces = {"spaces": 1} if verb == "assemble" else {}
        return {"merchant_id": order.seller, "order_id": order.address} | spaces

    @precondition(lambda self: self.one_of(0, "NEW", "ACCEPTED", "ARRIVED"))
    @rule(which=which, wrong=st.booleans())
    def an_order_is_handed_over(self, which: int, wrong: bool) -> None:
        order = self.one_of(which, "NEW", "ACCEPTED", "ARRIVED")
        assert order is not None
        self.brought(order)
        self.handed(order, wrong=wrong)

    def brought(self, order: Order) -> None:
        """An order comes to its buyer's door."""
        while order.status in ("NEW", *(_ONWARD if order.mode == TODOOR else ())):
            before = order.status
            self._goes(order, _ONWARD[order.status])
            assert order.status != before

    def handed(self, order: Order, *, wrong: bool = False) -> bool:
        """The buyer is there and tells the code; answers whether it was right."""
        this = {"merchant_id": order.seller, "order_id": order.address}
        if isinstance(self.tried(hand_over.ask_code, **this), DomainError):
            return False
        right = last_code(self.shop.bank, self.model.people[order.owner].phone)
        if wrong:
            assert isinstance(self.tried(hand_over.hand_over, **this, code=other_than(right)), DomainError)
        said = self.tried(hand_over.hand_over, **this, code=right)
        if isinstance(said, DomainError):
            return False
        assert self.shop.write(hand_over.hand_over, **this, code=right) is None, "done before, it changes nothing"
        self.model.hands_over(order, self.today)
        self.note(f"handed over, paid by {order.source}")
        if any(each.cancelled for each in order.goods):
            self.note("handed over without what was cancelled")
        return True

    @precondition(lambda self: [each for each in self.model.orders if each.status not in ("RETURNED", "CANCELLED")])
    @rule(which=which, by=st.sampled_from(["buyer", "merchant"]), what=st.sampled_from(["whole", "line", "piece"]))
    def is_cancelled(self, which: int, by: str, what: str) -> None:
        order = self.one_of(which, *OPEN) or self.one_of(which, "SIGNING", "FUNDING", "COMPLETED", *ON_THE_ROAD)
        if order is not None:
            self.cancels(order, by, what, which)

    def cancels(self, order: Order, by: str, what: str, place: int) -> None:
        """The whole order, a line, or one more piece of it."""
        line = order.goods[place % len(order.goods)]
        named: dict[str, Any] = {} if what == "whole" else {"line": line.number}
        if what == "piece":
            named["cancelled"] = min(line.cancelled + 1, line.quantity)
        said = self._cancel(order, by, named)
        gone = {each.number: each.quantity for each in order.goods} if what == "whole" else {}
        gone |= {line.number: named.get("cancelled", line.quantity)} if what != "whole" else {}
        if isinstance(said, DomainError):
            assert order.status not in OPEN
            return
        if all(each.cancelled >= gone.get(each.number, 0) for each in order.goods):
            self.note("cancelled again")
            return
        assert order.status in OPEN
        self.drops(order, gone, "CANCELLED")
        self.note(f"cancelled by {by}: {what}")
        self.note(f"cancelled, paid by {order.source}")
        self._cancel(order, by, named)

    def _cancel(self, order: Order, by: str, named: dict[str, Any]) -> Any:
        if by == "buyer":
            this = {"customer_id": order.owner, "order_id": order.address}
            return self.tried(dropping.cancel_by_buyer, **this, **named)
        this = {"merchant_id": order.seller, "order_id": order.address, "reason": "MERCHANT_OUT_OF_STOCK"}
        return self.tried(dropping.cancel_by_merchant, **this, **named)

    def overdue(self, order: Order) -> None:
        """The bank has settled an order whose time was up."""
        assert order.status not in ENDS
        assert self.today > order.due_on
        if order.status in ON_THE_ROAD:
            order.status, order.due_on = "GOING_BACK", self.today + timedelta(days=14)
        else:
            is_lost = order.status in COMING
            self.drops(order, None, "RETURNED" if is_lost else "CANCELLED", is_lost=is_lost)
        self.note(f"time was up: {order.status}")


def _deed(verb: str) -> Any:
    return dropping.parcel_back if verb == "parcel_back" else getattr(lifecycle, verb)
