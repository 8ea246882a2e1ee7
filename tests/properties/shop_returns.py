"""Rules of a story: goods are given back by line or piece, refused or taken; cards' banks take refunds or not."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kaspi_web.domain.orders import giving_back, returns
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.processing import PaidOut
from tests.properties.shop_base import which
from tests.properties.shop_model import PROCESSOR, Order, Return
from tests.properties.shop_orders import Orders

_DAYS = {"unused": 14, "defective": 30}
_OPEN_REFUNDS = """
    SELECT r.id, r.amount_tiyn, c.customer_id FROM card_refund r JOIN card_charge c ON c.id = r.charge_id
    WHERE r.state = 'new' ORDER BY r.id
"""

reasons = st.sampled_from(["unused", "unused", "defective"])


class Returns(Orders):
    """What comes back after the hand-over."""

    @precondition(lambda self: self.one_of(0, "COMPLETED"))
    @rule(
        which=which, pieces=st.integers(1, 3), reason=reasons, answer=st.sampled_from(["refused", "", "done", "done"])
    )
    def goods_are_given_back(self, which: int, pieces: int, reason: str, answer: str) -> None:
        order = self.one_of(which, "COMPLETED")
        assert order is not None
        line = order.goods[which % len(order.goods)]
        made = self._asks(order, line.number, pieces, reason)
        if made is not None and answer:
            self._answers(made, answer)

    def _asks(self, order: Order, number: int, pieces: int, reason: str) -> Return | None:
        line = order.goods[number - 1]
        words = "broken" if reason == "defective" else ""
        this = {"customer_id": order.owner, "order_id": order.address, "line": number, "pieces": pieces}
        open_ = [each for each in self.model.returns if each.line is line and each.state in ("asked", "approved")]
        said = self.tried(returns.ask, **this, reason=reason, words=words)
        assert order.handed_over_on is not None
        late = (self.today - order.handed_over_on).days > _DAYS[reason]
        if isinstance(said, DomainError):
            assert late or pieces > line.quantity - line.gone or open_, type(said).__name__
            return None
        if open_:
            assert said == open_[0].address, "asked again, it is the same return"
            return open_[0]
        assert not late
        assert pieces <= line.quantity - line.gone
        made = Return(said, order, line, pieces, reason)
        self.model.returns.append(made)
        return made

    @precondition(lambda self: [each for each in self.model.returns if each.state in ("asked", "approved")])
    @rule(which=which, answer=st.sampled_from(["approved", "refused", "withdrawn", "done", "done"]))
    def a_return_is_answered(self, which: int, answer: str) -> None:
        open_ = [each for each in self.model.returns if each.state in ("asked", "approved")]
        self._answers(open_[which % len(open_)], answer)

    def _answers(self, made: Return, answer: str) -> None:
        this = {"return_id": made.address}
        seller = this | {"merchant_id": made.order.seller}
        if answer == "withdrawn":
            self.shop.write(returns.withdraw, **this, customer_id=made.order.owner)
        elif answer == "refused":
            self.shop.write(returns.refuse, **seller, refusal="worn")
        elif made.state == "asked":
            self.shop.write(returns.approve, **seller)
        made.state = "approved" if answer == "done" else answer
        if answer == "done":
            self._received(made)
        else:
            self.note(f"return {answer}")

    def silence_was_a_yes(self, address: str) -> None:
        """The bank has answered for a seller who said nothing."""
        (made,) = (each for each in self.model.returns if each.address == address)
        assert made.state == "asked"
        made.state = "approved"
        self.note("return approved by silence")

    def _received(self, made: Return) -> None:
        named = {"merchant_id": made.order.seller, "return_id": made.address}
        for _ in range(2):
            self.shop.write(giving_back.receive, **named)
        self._is_back(made)

    def silence_has_received(self, address: str) -> None:
        """The bank has given back for a seller who neither received nor refused the goods."""
        (made,) = (each for each in self.model.returns if each.address == address)
        assert made.state == "approved"
        self._is_back(made, is_there=False)
        self.note("return received by silence")

    def _is_back(self, made: Return, *, is_there: bool = True) -> None:
        order = made.order
        made.state = "done"
        self.take_over_interest()
        withheld, overpaid = self.model.receives(made, is_there=is_there)
        self.note(f"returned {made.reason}, paid by {order.source}")
        if withheld:
            self.note("bonus withheld")
        if overpaid:
            self.note("overpaid to the wallet")
        if order.is_empty:
            self.note("returned to the last piece")

    @rule(taken=st.booleans(), which=which)
    def a_refund_is_answered(self, taken: bool, which: int) -> None:
        waiting = self.sql(_OPEN_REFUNDS)
        if waiting:
            self.refund_answered(waiting[which % len(waiting)], taken=taken)

    def refund_answered(self, waiting: tuple, *, taken: bool) -> None:
        """The card's bank takes a refund, or its money comes to the wallet."""
        number, tiyn, customer_id = waiting
        answer = PaidOut("done") if taken else PaidOut("declined", "closed")
        for _ in range(2):
            self.shop.write(sagas.refund_answered, refund_id=number, answer=answer)
        if not taken:
            self.model.move(PROCESSOR, ("wallet", str(customer_id)), int(tiyn))
        self.note("card's bank took a refund" if taken else "refund to the wallet instead")

    def every_refund(self) -> None:
        """Nothing waits for a card's bank any more."""
        while waiting := self.sql(_OPEN_REFUNDS):
            self.refund_answered(waiting[0], taken=True)
