"""Scenes of a story about the shop: a few deeds in an order that single ones by chance would seldom come to."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.properties.shop_base import which
from tests.properties.shop_model import Order
from tests.properties.shop_paying import Paying
from tests.properties.shop_wishes import Wish

KINDS = ("wallet", "own", "bank", "bonus", "red", "instalment", "credit")
_WANTED = {"bonus": [(1, 1)], "credit": [(5, 1), (6, 1)], "instalment": [(5, 1), (6, 2)]}


class Scenes(Paying):
    """Each goes by the rules' own ways; nothing is checked here."""

    @precondition(lambda self: len(self.model.orders) < 12)
    @rule(kind=st.sampled_from(KINDS), who=which, spend=st.sampled_from([0, 0, 25]), place=which)
    def is_bought_and_handed_over(self, kind: str, who: int, spend: int, place: int) -> None:
        for order in self.at_the_merchant(kind, who, spend, place):
            self.brought(order)
            self.handed(order)

    def at_the_merchant(self, kind: str, who: int, spend: int, place: int) -> list[Order]:
        """Something is bought, and whatever it needs for that is done."""
        wish = self.wish(who, _WANTED.get(kind, [(0, 2), (3, 1)]), kind, spend, place)
        self._makes_able(wish)
        orders = self.buys(wish)
        if orders and orders[0].status == "FUNDING":
            self.a_cards_bank_answers(0, "authorised")
        if orders and orders[0].status == "SIGNING":
            self.a_contract_is_answered(0, "signed")
        return [each for each in orders if each.status == "NEW"]

    def _makes_able(self, wish: Wish) -> None:
        if wish.source == "red":
            self.joins_red(list(self.model.people).index(wish.person.id))
        if wish.source == "wallet":
            self.tops_up(wish.person, 60_000)

    @rule(kind=st.sampled_from(KINDS), who=which, place=which, reason=st.sampled_from(["unused", "defective"]))
    def all_of_it_comes_back(self, kind: str, who: int, place: int, reason: str) -> None:
        """One piece after another, some of them paid already."""
        for order in self.at_the_merchant(kind, who, 25, place):
            self.brought(order)
            if not self.handed(order):
                continue
            if order.plan is not None and order.plan.state == "active":
                self.repaid(order.plan, "early", 70)
            for line in order.goods:
                while line.gone < line.quantity:
                    made = self._asks(order, line.number, 1, reason)
                    assert made is not None
                    self._answers(made, "done")

    @precondition(lambda self: any(each.state == "active" for each in self.model.plans))
    @rule(who=which)
    def nobody_pays_for_a_quarter(self, who: int) -> None:
        for days in (40, 50):
            self.shop.jump(days)
            self.everybody_works()

    @rule(kind=st.sampled_from(["bank", "own", "red", "credit"]), who=which, by=st.sampled_from(["buyer", "merchant"]))
    def a_piece_is_cancelled_and_the_rest_handed_over(self, kind: str, who: int, by: str) -> None:
        for order in self.at_the_merchant(kind, who, 0, 2):
            self.cancels(order, by, "piece", 0)
            if order.status == "NEW":
                self.brought(order)
                self.handed(order)
