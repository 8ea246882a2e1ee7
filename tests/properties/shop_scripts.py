"""Scripts: whole stories about the shop that are told every time, for what seldom happens by chance."""

from __future__ import annotations

from tests.properties.shop_ending import Ending
from tests.properties.shop_model import Order

SCRIPTS = ("cards", "parcels", "contracts", "red", "plans", "goods_come_back", "checkouts")


class Scripts(Ending):
    """Each begins with a new shop; what has to be true is looked at after every turn."""

    def everything_is_true(self) -> None:
        """What has to be true after every step."""
        raise NotImplementedError

    def turn(self, kind: str, who: int, wanted: list[tuple[int, int]], place: int = 0, spend: int = 0) -> list[Order]:
        """Somebody buys, and everything is looked at."""
        wish = self.wish(who, wanted, kind, spend, place)
        orders = self.buys(wish)
        self.everything_is_true()
        return orders

    def cards(self) -> None:
        """Cards' banks say yes, no, and nothing; they take refunds and do not; cards are gone."""
        for answer in ("declined", "lost", "authorised"):
            self.turn("bank", 1, [(0, 2), (3, 1)], spend=25)
            self.a_cards_bank_answers(0, answer)
            self.everything_is_true()
        for taken, what in ((False, "piece"), (True, "line")):
            self.cancels(self.model.orders[-2], "merchant", what, 0)
            self.everything_is_true()
            self.a_refund_is_answered(taken, 0)
        for reason in ("unused", "defective"):
            self.all_of_it_comes_back("bank", 2, 0, reason)
            self.everything_is_true()
            self.a_refund_is_answered(reason == "unused", 0)
        for own in (True, False):
            orders = self.at_the_merchant("own" if own else "bank", 0, 0, 0)
            self.a_card_is_unlinked(0, own)
            self.everything_is_true()
            for order in orders:
                self.cancels(order, "buyer", "whole", 0)
                self.cancels(order, "buyer", "whole", 0)
            self.everything_is_true()

    def parcels(self) -> None:
        """Parcels come, are not taken, come back or are lost."""
        for end in ("not_taken", "refuse_parcel", ""):
            for order in self.turn("wallet", 0, [(6, 1)], place=2):
                for verb in ("accept", "assemble", "transmit"):
                    self._goes(order, verb)
                if end:
                    self._goes(order, end)
                if end == "not_taken":
                    self._goes(order, "take_back")
                    self._goes(order, "parcel_back")
            self.everything_is_true()
        for days in (12, 15, 15):
            self.days_pass(days, one_by_one=False)
            self.everything_is_true()
        for order in self.turn("own", 1, [(6, 1)], place=2):
            self.brought(order)
            self.handed(order, wrong=True)

    def contracts(self) -> None:
        """A credit is signed, declined, and left alone; repaid early, and undone."""
        self.turn("credit", 0, [(5, 1), (6, 1)])
        self.a_contract_is_answered(0, "declined")
        self.turn("credit", 0, [(5, 1)], spend=1)
        self.days_pass(4, one_by_one=False)
        self.everything_is_true()
        for order in self.at_the_merchant("credit", 2, 1, 1):
            self.brought(order)
            self.handed(order)
            self.days_pass(8, one_by_one=True)
            assert order.plan is not None
            self.repaid(order.plan, "early", 30)
            self.everything_is_true()
            self._given_back(order, "defective")
        self.nobody_pays_for_a_quarter(0)
        self.all_of_it_comes_back("credit", 2, 0, "unused")
        self.is_bought_and_handed_over("credit", 0, 0, 0)

    def red(self) -> None:
        """Without a membership, above the limit, in time, early, by itself, and late."""
        self.turn("red", 2, [(0, 1)])
        self.joins_red(2)
        self.turn("red", 2, [(2, 2), (3, 2)])
        self.turn("red", 2, [(4, 1)])
        self.all_of_it_comes_back("red", 2, 0, "unused")
        self.is_bought_and_handed_over("red", 2, 0, 0)
        self._given_back(self.model.orders[-2], "unused")
        self.all_of_it_comes_back("red", 2, 2, "defective")
        for way, part in (("due", 40), ("early", 60)):
            self.repays(2, 0, way, part)
            self.everything_is_true()
        self.pays_automatically(2, 0, on=True)
        self.days_pass(62, one_by_one=False)
        self.everything_is_true()

    def plans(self) -> None:
        """Nobody pays: bills are late and fined once, and nothing more is lent until they are paid."""
        self.joins_red(1)
        self.is_bought_and_handed_over("red", 1, 0, 0)
        self.is_bought_and_handed_over("instalment", 1, 0, 1)
        self.nobody_pays_for_a_quarter(1)
        self.everything_is_true()
        self.turn("red", 1, [(0, 1)])
        self.tops_up(self.model.people[self.person(1).id], 60_000)
        for number in range(2):
            for part in (40, 60, 100):
                self.repays(1, number, "early", part)
                self.everything_is_true()
        for order in self.turn("instalment", 0, [(5, 2)]):
            self.cancels(order, "merchant", "piece", 0)
            self.everything_is_true()
            self.brought(order)
            self.handed(order)

    def goods_come_back(self) -> None:
        """By everybody's choice, in time and too late, with bonuses that were spent meanwhile."""
        for number, by in ((0, "merchant"), (1, "buyer")):
            for order in self.turn("wallet", number, [(6, 1), (5, 1)]):
                for what in ("line", "line", "whole"):
                    self.cancels(order, by, what, 0)
                    self.everything_is_true()
        (order,) = self.turn("wallet", 0, [(3, 1)])
        self.brought(order)
        self.handed(order)
        self.turn("bonus", 0, [(1, 2)])
        for answer in ("withdrawn", "refused", "approved", "done"):
            made = self._asks(order, 1, 1, "unused")
            assert made is not None
            self._answers(made, answer)
            self.everything_is_true()
        for kind in ("bonus", "own"):
            self.all_of_it_comes_back(kind, 2, 0, "unused")
            self.everything_is_true()
        self.is_bought_and_handed_over("wallet", 1, 0, 0)
        kept = next(each for each in self.model.orders if each.status == "COMPLETED" and not each.is_empty)
        made = self._asks(kept, 1, 1, "unused")
        assert made is not None
        for days in (4, 15):
            self.days_pass(days, one_by_one=False)
            self.everything_is_true()
        assert made.state == "done"
        late = next(each for each in self.model.orders if each.status == "COMPLETED" and not each.is_empty)
        assert self._asks(late, 1, 1, "unused") is None
        self._given_back(late, "defective")

    def checkouts(self) -> None:
        """Several sellers, too little money, changed prices, nobody buys, and two want the last pieces."""
        self.turn("wallet", 2, [(2, 2), (5, 3), (6, 5)])
        self.turn("wallet", 2, [(0, 1), (3, 1), (6, 1)], place=3, spend=30)
        self.a_price_changes_under_a_checkout(0, [(1, 1)], 0, raised=True)
        self.gives_up_halfway(0, [(0, 1)], 0)
        self.everything_is_true()
        self.days_pass(0, one_by_one=False)
        for number in (4, 1):
            self.two_want_the_last_pieces(number, number)
            self.everything_is_true()
        self.a_piece_is_cancelled_and_the_rest_handed_over("red", 1, "buyer")
        self.everything_is_true()
        self.a_piece_is_cancelled_and_the_rest_handed_over("own", 0, "buyer")
        self.all_of_it_comes_back("instalment", 1, 1, "unused")

    def _given_back(self, order: Order, reason: str) -> None:
        made = self._asks(order, 1, 1, reason)
        assert made is not None
        self._answers(made, "done")
        self.everything_is_true()
