"""How every story of the shop ends: everything under way is settled, every debt is paid, and everything adds up."""

from __future__ import annotations

from tests.properties.shop_model import ENDS, Person
from tests.properties.shop_plans import Plan
from tests.properties.shop_scenes import Scenes

_RESERVED = "SELECT COALESCE(SUM(reserved), 0) FROM stock"
_BY_CARD = """
    SELECT COALESCE(SUM(amount_tiyn - refunded_tiyn), 0) FROM card_charge WHERE state = 'captured'
    AND customer_id = :id
"""
_KEPT = """
    SELECT (SELECT COALESCE(SUM(interest_tiyn + fine_tiyn), 0) FROM repayment WHERE customer_id = :id)
    - (SELECT COALESCE(SUM(interest_back_tiyn), 0) FROM loan WHERE customer_id = :id)
    + (SELECT COALESCE(SUM(r.withheld_tiyn), 0) FROM order_return r JOIN shop_order o ON o.id = r.order_id
       WHERE o.customer_id = :id)
"""


class Ending(Scenes):
    """The end of a story."""

    def ends(self) -> None:
        """Nothing stays held, set aside or owed, and everybody has what they should."""
        while self.one_of(0, "FUNDING"):
            self.a_cards_bank_answers(0, "authorised")
        for made in self.model.returns:
            if made.state in ("asked", "approved"):
                self._answers(made, "done")
        for days in (16, 16, 16, 16):
            self.shop.jump(days)
            self.everybody_works()
        self.every_refund()
        self._pays_everything()
        self.everything_agrees()
        self._nothing_is_left()
        for person in self.model.people.values():
            self._has_what_is_right(person)
        self._sellers_have_what_is_right()

    def _pays_everything(self) -> None:
        for person in self.model.people.values():
            for plan in self._owners(person):
                self._pays_whole(person, plan)
            for (customer_id, subject), fines in self.model.fines.items():
                if customer_id == person.id and sum(fines.values()):
                    assert subject == "red", "a plan with a fine is open"
                    self._pays_fines(person)

    def _pays_fines(self, person: Person) -> None:
        mine = [each for each in self.model.plans if each.owner == person.id and each.kind == "red"]
        self._pays_whole(person, mine[0])

    def _pays_whole(self, person: Person, plan: Plan) -> None:
        name = "red" if plan.kind == "red" else plan.address
        while self._most(plan, name, "whole") > self.model.has("wallet", person.id):
            self.tops_up(person, 400_000)
        self.repaid(plan, "whole", 100)

    def _nothing_is_left(self) -> None:
        assert all(each.status in ENDS for each in self.model.orders)
        for kind in ("holds", "loan", "loan_interest", "loan_fine"):
            left = {each: tiyn for each, tiyn in self.model.money.items() if each[0] == kind and tiyn}
            assert not left, left
        ((reserved,),) = self.sql(_RESERVED)
        assert int(reserved) == 0
        assert not [each for each in self.model.plans if each.left and each.state != "cancelled"]
        if any(each.kind in ("red", "instalment") for each in self.model.plans):
            self._nothing_was_overpaid()

    def _nothing_was_overpaid(self) -> None:
        """What was paid on a plan without interest is the price of what was kept, to the tiyn."""
        for order in self.model.orders:
            plan = order.plan
            if plan is not None and plan.kind != "credit" and order.status == "COMPLETED":
                assert plan.repaid + plan.returned == plan.amount == sum(each.principal for each in plan.payments)
                self.note(f"paid to the end: {plan.kind}")

    def _has_what_is_right(self, person: Person) -> None:
        """Money is where it was put, or paid for goods that were kept, interest, fines and bonuses spent elsewhere."""
        ((by_card,),), ((kept,),) = self.sql(_BY_CARD, id=person.id), self.sql(_KEPT, id=person.id)
        mine = [each for each in self.model.orders if each.owner == person.id and each.status == "COMPLETED"]
        has = self.model.has("wallet", person.id) + self.model.has("card", person.own_id)
        assert person.put_in + int(by_card) == has + sum(each.left(1) for each in mine) + int(kept)

    def _sellers_have_what_is_right(self) -> None:
        """What was given back piece by piece leaves a seller with exactly the price of what was kept."""
        for seller in self.shop.sellers:
            mine = [each for each in self.model.orders if each.slug == seller.slug and each.status == "COMPLETED"]
            assert self.model.has("merchant", seller.slug) == sum(_kept(each) for each in mine)


def _kept(order: object) -> int:
    """Prices of what was kept without the commission on it, from the lines alone."""
    of_goods = [(line, line.quantity - line.gone) for line in order.lines]  # type: ignore[attr-defined]
    prices = sum(line.price * left for line, left in of_goods)
    return prices - order.left(2)  # type: ignore[attr-defined]
