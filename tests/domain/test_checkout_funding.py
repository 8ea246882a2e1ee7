"""A purchase on another bank's card: placed when that bank has agreed, or everything is back where it came from."""

from __future__ import annotations

import pytest

from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.checkout.service import Bought
from kaspi_web.domain.orders import dropping, hand_over, lifecycle
from kaspi_web.domain.orders import views as orders
from kaspi_web.domain.orders.hand_over import OrderNotPaidYet
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from tests.make import shop
from tests.make.ledger import assert_clean, entries, sql
from tests.make.sms import messages
from tests.make.sources import bank_card, processor_says

BONUS = Money.tenge(1_000)


def funding(bank: Bank) -> tuple[int, list[int], Bought]:
    """A purchase of two sellers, bonuses and another bank's card, whose bank has not answered."""
    owner, first, second = shop.buyer(bank, bonus=BONUS), shop.seller(bank), shop.seller(bank)
    offers = [shop.offer(bank, first), shop.offer(bank, second, Money.tenge(7_000))]
    card = bank_card(bank, owner)
    given = {"source": "card", "card": card.public_id, "spend": BONUS}
    return owner, offers, shop.bought(bank, owner, {offers[0]: 2, offers[1]: 1}, first, second, **given)


def now(bank: Bank, owner: int, made: Bought) -> Bought:
    return bank.db.read_now(checkout.purchase, customer_id=owner, purchase_id=made.id)


def shown(bank: Bank) -> list[tuple[str, int]]:
    return [tuple(row) for row in sql(bank, "SELECT state, wallet_tiyn FROM operation WHERE kind = 'purchase'")]


def test_until_the_card_s_bank_answers_the_goods_are_kept_and_only_bonuses_are_held(bank: Bank) -> None:
    owner, offers, made = funding(bank)
    assert (made.state, shop.orders_of(bank, made)) == ("funding", [("NEW", "FUNDING", "")] * 2)
    assert [shop.stock_of(bank, offer) for offer in offers] == [(8, 0), (9, 0)]
    assert (shop.has(bank, "holds"), entries(bank, "purchase_charged")) == (BONUS, 0)
    charge = bank.db.read_now(checkout.charge_of, customer_id=owner, purchase_id=made.id)
    assert (charge.amount, charge.state) == (Money.tenge(14_000), "new")
    assert shown(bank) == [("on_way", 0)]
    assert_clean(bank)


def test_agreed_the_charge_is_captured_and_each_order_has_its_hold(bank: Bank) -> None:
    owner, _, made = funding(bank)
    processor_says(bank, "purchase:", "authorised")
    assert now(bank, owner, made).state == "placed"
    assert shop.orders_of(bank, made) == [("NEW", "APPROVED_BY_BANK", "")] * 2
    assert (shop.has(bank, "card_processor"), shop.has(bank, "holds")) == (Money.tenge(14_000), Money.tenge(15_000))
    assert entries(bank, "purchase_charged") == 2
    assert sql(bank, "SELECT wanted FROM card_charge") == [("capture",)]
    assert shown(bank) == [("done", 0)]
    assert_clean(bank)
    processor_says(bank, "purchase:", "captured")
    processor_says(bank, "purchase:", "authorised")
    assert entries(bank, "purchase_charged") == 2
    assert_clean(bank)


@pytest.mark.parametrize("state", ["declined", "voided"])
def test_declined_everything_is_back_and_the_goods_are_in_the_basket_again(bank: Bank, state: str) -> None:
    owner, offers, made = funding(bank)
    processor_says(bank, "purchase:", state, "no_funds")
    ended = now(bank, owner, made)
    assert (ended.state, ended.reason) == ("refused", "card_no_funds")
    assert shop.orders_of(bank, made) == [("ARCHIVE", "CANCELLED", "TECHNICAL_PROBLEM_CANCELLATION")] * 2
    assert [shop.stock_of(bank, offer) for offer in offers] == [(10, 0), (10, 0)]
    assert (shop.has(bank, "holds"), shop.has(bank, "bonus", owner)) == (ZERO, BONUS)
    assert shown(bank) == [("refused", 0)]
    assert shop.basket(bank, owner).count == 3
    phone = sql(bank, "SELECT phone FROM customer WHERE id = :id", id=owner)[0][0]
    assert [name for name, _ in messages(bank, phone)][-1] == "purchase_refused"
    assert_clean(bank)
    processor_says(bank, "purchase:", state, "no_funds")
    assert shop.basket(bank, owner).count == 3
    assert_clean(bank)


def test_a_card_that_does_not_answer_in_time_is_given_up(bank: Bank) -> None:
    owner, offers, made = funding(bank)
    sql(bank, "UPDATE card_charge SET gives_up_at = created_at, due_at = created_at")
    processor_says(bank, "purchase:", "new")
    assert now(bank, owner, made).state == "refused"
    assert [shop.stock_of(bank, offer) for offer in offers] == [(10, 0), (10, 0)]
    assert shop.has(bank, "bonus", owner) == BONUS
    assert_clean(bank)


class TestAChargeThatLapses:
    """The card's bank has agreed, and lets go of the money before it is captured: nobody has paid anything."""

    def test_what_was_not_handed_over_is_cancelled_and_nobody_gains_or_loses(self, bank: Bank) -> None:
        owner, offers, made = funding(bank)
        processor_says(bank, "purchase:", "authorised")
        before = shop.has(bank, "wallet", str(owner))
        processor_says(bank, "purchase:", "voided")
        assert shop.orders_of(bank, made) == [("ARCHIVE", "CANCELLED", "TECHNICAL_PROBLEM_CANCELLATION")] * 2
        assert (shop.has(bank, "card_processor"), shop.has(bank, "holds")) == (ZERO, ZERO)
        assert (shop.has(bank, "wallet", str(owner)), shop.has(bank, "bonus", str(owner))) == (before, BONUS)
        assert [shop.stock_of(bank, offer) for offer in offers] == [(10, 0), (10, 0)]
        assert sql(bank, "SELECT COUNT(*) FROM card_refund") == [(0,)]
        assert_clean(bank)

    def test_what_was_cancelled_before_it_lapsed_waits_for_no_refund(self, bank: Bank) -> None:
        owner, _, made = funding(bank)
        processor_says(bank, "purchase:", "authorised")
        before = shop.has(bank, "wallet", str(owner))
        first = bank.db.read_now(orders.purchase, customer_id=owner, purchase_id=made.id).orders[0]
        bank.db.write_now(dropping.cancel_by_buyer, customer_id=owner, order_id=first.id)
        assert sql(bank, "SELECT state FROM card_refund") == [("new",)]
        processor_says(bank, "purchase:", "voided")
        assert sql(bank, "SELECT state FROM card_refund") == [("declined",)]
        assert (shop.has(bank, "card_processor"), shop.has(bank, "wallet", str(owner))) == (ZERO, before)
        assert_clean(bank)

    def test_nothing_is_handed_over_before_the_capture(self, bank: Bank) -> None:
        owner, _, made = funding(bank)
        processor_says(bank, "purchase:", "authorised")
        order, *_ = bank.db.read_now(orders.purchase, customer_id=owner, purchase_id=made.id).orders
        seller = {"merchant_id": order.merchant.id, "order_id": order.id}
        bank.db.write_now(lifecycle.accept, **seller)
        with pytest.raises(OrderNotPaidYet):
            bank.db.write_now(hand_over.ask_code, **seller)
        processor_says(bank, "purchase:", "captured")
        bank.db.write_now(hand_over.ask_code, **seller)
        assert_clean(bank)
