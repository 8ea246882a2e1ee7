"""The basket: it stays, by seller, and says what changed since it was filled."""

from __future__ import annotations

import pytest

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.baskets.service import BasketFull, QuantityOutOfRange
from kaspi_web.domain.catalogue.stock import OutOfStock
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from tests.make import shop
from tests.make.ledger import sql


def problems(bank: Bank, owner: int) -> list[str]:
    return [line.problem for group in shop.basket(bank, owner).groups for line in group.lines]


def test_lines_stand_by_seller_with_what_they_cost(bank: Bank) -> None:
    owner, first, second = shop.buyer(bank), shop.seller(bank), shop.seller(bank)
    cheap, dear = shop.offer(bank, first, Money.tenge(500)), shop.offer(bank, second, Money.tenge(30_000))
    shop.laid(bank, owner, {cheap: 3, dear: 1})
    shown = shop.basket(bank, owner)
    assert [(group.merchant.slug, group.goods, group.delivery) for group in shown.groups] == [
        (first.slug, Money.tenge(1_500), Money.tenge(990)),
        (second.slug, Money.tenge(30_000), Money.tenge(0)),
    ]
    assert (shown.total, shown.count, shown.can_be_ordered) == (Money.tenge(31_500), 4, True)
    assert problems(bank, owner) == ["", ""]


def test_adding_again_adds_pieces_and_changing_sets_them(bank: Bank) -> None:
    owner, offer = shop.buyer(bank), shop.offer(bank, shop.seller(bank))
    shop.laid(bank, owner, {offer: 1})
    assert bank.db.write_now(baskets.add, customer_id=owner, offer_id=offer) == 2
    assert bank.db.write_now(baskets.change, customer_id=owner, offer_id=offer, quantity=7) == 7
    assert bank.db.write_now(baskets.remove, customer_id=owner, offer_id=offer) == 0
    assert bank.db.write_now(baskets.remove, customer_id=owner, offer_id=offer) == 0
    assert shop.basket(bank, owner).groups == ()


def test_a_price_that_changed_is_pointed_out_until_it_was_seen(bank: Bank) -> None:
    owner, offer = shop.buyer(bank), shop.offer(bank, shop.seller(bank))
    shop.laid(bank, owner, {offer: 1})
    sql(bank, "UPDATE offer SET price_tiyn = 450000 WHERE id = :id", id=offer)
    ((line,),) = (group.lines for group in shop.basket(bank, owner).groups)
    assert (line.problem, line.seen_price, line.price) == ("price_changed", shop.PRICE, Money.tenge(4_500))
    bank.db.write_now(baskets.seen, customer_id=owner, prices={offer: line.price})
    assert problems(bank, owner) == [""]


def test_too_few_pieces_and_withdrawn_goods_are_pointed_out(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    few, none, withdrawn = (shop.offer(bank, of, pieces=3) for _ in range(3))
    shop.laid(bank, owner, {few: 3, none: 1, withdrawn: 1})
    sql(bank, "UPDATE stock SET quantity = 2 WHERE offer_id = :id", id=few)
    sql(bank, "UPDATE stock SET quantity = 0 WHERE offer_id = :id", id=none)
    sql(bank, "UPDATE offer SET active = :no WHERE id = :id", id=withdrawn, no=False)
    assert problems(bank, owner) == ["short", "gone", "gone"]
    assert not shop.basket(bank, owner).can_be_ordered


def test_points_are_those_that_have_every_line_in_full(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank, "almaty", "astana", "karaganda")
    everywhere = shop.offer(bank, of, pieces={0: 5, 1: 5, 2: 1})
    somewhere = shop.offer(bank, of, pieces={1: 2, 2: 9})
    shop.laid(bank, owner, {everywhere: 2, somewhere: 2})
    (group,) = shop.basket(bank, owner).groups
    assert [(point.id, point.free) for point in group.points] == [(of.points[1], 2)]


def test_goods_that_no_point_has_together_are_said_to_lie_apart(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank, "almaty", "astana")
    shop.laid(bank, owner, {shop.offer(bank, of, pieces={0: 1}): 1, shop.offer(bank, of, pieces={1: 1}): 1})
    (group,) = shop.basket(bank, owner).groups
    assert group.is_apart
    assert not shop.basket(bank, owner).can_be_ordered


def test_a_basket_is_another_device_s_too_and_nobody_else_s(bank: Bank) -> None:
    owner, stranger, offer = shop.buyer(bank), shop.buyer(bank), shop.offer(bank, shop.seller(bank))
    shop.laid(bank, owner, {offer: 2})
    sql(bank, "DELETE FROM sign_in")
    assert shop.basket(bank, owner).count == 2
    assert shop.basket(bank, stranger).count == 0
    with pytest.raises(NotFound):
        bank.db.write_now(baskets.change, customer_id=stranger, offer_id=offer, quantity=5)
    bank.db.write_now(baskets.remove, customer_id=stranger, offer_id=offer)
    assert shop.basket(bank, owner).count == 2


@pytest.mark.parametrize("quantity", [0, -1, 100])
def test_a_line_has_from_one_to_ninety_nine_pieces(bank: Bank, quantity: int) -> None:
    owner, offer = shop.buyer(bank), shop.offer(bank, shop.seller(bank))
    with pytest.raises(QuantityOutOfRange):
        bank.db.write_now(baskets.add, customer_id=owner, offer_id=offer, quantity=quantity)
    shop.laid(bank, owner, {offer: 99})
    with pytest.raises(QuantityOutOfRange):
        bank.db.write_now(baskets.add, customer_id=owner, offer_id=offer)
    with pytest.raises(QuantityOutOfRange):
        bank.db.write_now(baskets.change, customer_id=owner, offer_id=offer, quantity=quantity)
    assert shop.basket(bank, owner).count == 99


def test_what_nobody_can_buy_does_not_come_into_a_basket(bank: Bank) -> None:
    owner, offer = shop.buyer(bank), shop.offer(bank, shop.seller(bank), pieces=0)
    with pytest.raises(OutOfStock) as refused:
        bank.db.write_now(baskets.add, customer_id=owner, offer_id=offer)
    assert refused.value.params["left"] == 0
    with pytest.raises(NotFound):
        bank.db.write_now(baskets.add, customer_id=owner, offer_id=10**9)
    assert shop.basket(bank, owner).count == 0


def test_a_basket_has_fifty_lines_at_the_most(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    offers = [shop.offer(bank, of) for _ in range(51)]
    shop.laid(bank, owner, dict.fromkeys(offers[:50], 1))
    with pytest.raises(BasketFull):
        bank.db.write_now(baskets.add, customer_id=owner, offer_id=offers[50])
    assert bank.db.write_now(baskets.add, customer_id=owner, offer_id=offers[0]) == 51
