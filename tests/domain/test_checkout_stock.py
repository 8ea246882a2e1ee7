"""Pieces are set aside for a quarter of an hour, never for two, and are anybody's again afterwards."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from kaspi_web.domain.catalogue import stock
from kaspi_web.domain.catalogue.stock import OutOfStock, Pieces
from kaspi_web.domain.checkout import expiring
from kaspi_web.domain.checkout import service as checkout
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.workers import checkout as worker
from tests.make import goods, shop
from tests.make.ledger import assert_clean, sql
from tests.make.moments import Watch


def price_of(bank: Bank, offer: int) -> tuple[int | None, int]:
    """The product's lowest price and number of sellers, as lists have them."""
    asked = "SELECT p.price_tiyn, p.sellers FROM product p JOIN offer o ON o.product_id = p.id WHERE o.id = :id"
    return tuple(sql(bank, asked, id=offer)[0])


def test_proposing_again_keeps_as_many_pieces_as_before_and_for_longer(bank: Bank, watch: Watch) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank, "almaty", "astana")
    offer = shop.offer(bank, of, pieces={0: 2, 1: 2})
    checkout_id = shop.opened(bank, owner, {offer: 2})
    shop.proposed(bank, owner, checkout_id, of)
    watch.later(minutes=10)
    shop.proposed(bank, owner, checkout_id, of)
    assert goods.stock(bank, offer) == {of.points[0]: (2, 2), of.points[1]: (2, 0)}
    watch.later(minutes=10)
    assert asyncio.run(worker.settle_due(bank)) == 0
    shop.proposed(bank, owner, checkout_id, of, fetching=of.fetched(1))
    assert goods.stock(bank, offer) == {of.points[0]: (2, 0), of.points[1]: (2, 2)}
    assert_clean(bank)


def test_another_window_of_the_same_buyer_takes_over_what_was_set_aside(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    offer = shop.offer(bank, of, pieces=1)
    first = shop.opened(bank, owner, {offer: 1})
    shop.proposed(bank, owner, first, of)
    second = bank.db.write_now(checkout.open, customer_id=owner)
    assert shop.bought_from(bank, owner, second, of).state == "placed"
    assert shop.stock_of(bank, offer) == (0, 0)
    assert_clean(bank)


def test_the_worker_lets_go_what_was_not_bought_and_the_product_is_for_sale_again(bank: Bank, watch: Watch) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    offer = shop.offer(bank, of, pieces=1)
    checkout_id = shop.opened(bank, owner, {offer: 1})
    shop.proposed(bank, owner, checkout_id, of)
    assert price_of(bank, offer) == (None, 0)
    (due,) = bank.db.read_now(expiring.due, until=real_now() + timedelta(minutes=16))
    assert due.subject == f"checkout:{checkout_id}"
    assert asyncio.run(worker.settle_due(bank)) == 0
    watch.later(minutes=15)
    assert asyncio.run(worker.settle_due(bank)) == 1
    assert asyncio.run(worker.settle_due(bank)) == 0
    assert (shop.stock_of(bank, offer), price_of(bank, offer)) == ((1, 0), (shop.PRICE.tiyn, 1))
    assert_clean(bank)


def test_what_was_bought_is_not_let_go(bank: Bank, watch: Watch) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    offer = shop.offer(bank, of)
    shop.bought(bank, owner, {offer: 1}, of)
    watch.later(minutes=16)
    assert asyncio.run(worker.settle_due(bank)) == 0
    assert shop.stock_of(bank, offer) == (9, 0)


def test_what_is_let_go_of_several_sellers_is_let_go_together(bank: Bank, watch: Watch) -> None:
    owner, first, second = shop.buyer(bank), shop.seller(bank), shop.seller(bank)
    offers = {shop.offer(bank, first): 2, shop.offer(bank, second): 3}
    checkout_id = shop.opened(bank, owner, offers)
    shop.proposed(bank, owner, checkout_id, first, second)
    assert [shop.stock_of(bank, offer) for offer in offers] == [(10, 2), (10, 3)]
    watch.later(minutes=15)
    assert asyncio.run(worker.settle_due(bank)) == 1
    assert [shop.stock_of(bank, offer) for offer in offers] == [(10, 0), (10, 0)]


def test_of_two_lines_of_which_one_ran_out_neither_is_kept(bank: Bank) -> None:
    owner, other, of = shop.buyer(bank), shop.buyer(bank), shop.seller(bank)
    there, last = shop.offer(bank, of), shop.offer(bank, of, pieces=1)
    shop.laid(bank, owner, {there: 1, last: 1})
    mine = bank.db.write_now(checkout.open, customer_id=owner)
    theirs = shop.opened(bank, other, {last: 1})
    shop.proposed(bank, other, theirs, of)
    before = shop.left_behind(bank)
    with pytest.raises(OutOfStock):
        shop.proposed(bank, owner, mine, of)
    assert shop.left_behind(bank) == before


def test_pieces_that_are_not_there_are_not_kept_whoever_asks(bank: Bank) -> None:
    of = shop.seller(bank)
    enough, few = shop.offer(bank, of), shop.offer(bank, of, pieces=2)
    wanted = [Pieces(enough, of.points[0], 1), Pieces(few, of.points[0], 3)]
    with pytest.raises(OutOfStock) as refused:
        bank.db.write_now(stock.set_aside, wanted)
    assert refused.value.params["left"] == 2
    assert shop.stock_of(bank, enough) == (10, 0)


def test_pieces_that_come_back_are_for_sale_again(bank: Bank) -> None:
    of = shop.seller(bank)
    offer = shop.offer(bank, of, pieces=1)
    piece = [Pieces(offer, of.points[0], 1)]
    bank.db.write_now(stock.set_aside, piece)
    bank.db.write_now(stock.sell, piece)
    assert (shop.stock_of(bank, offer), price_of(bank, offer)) == ((0, 0), (None, 0))
    bank.db.write_now(stock.put_back, piece)
    assert (shop.stock_of(bank, offer), price_of(bank, offer)) == ((1, 0), (shop.PRICE.tiyn, 1))
