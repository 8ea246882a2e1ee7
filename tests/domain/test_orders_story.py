"""The timeline of a purchase: the events of all its orders in the order of time, for its owner alone."""

from __future__ import annotations

import pytest

from kaspi_web.domain.catalogue.reviewed import reviewed
from kaspi_web.domain.catalogue.reviews import write_review
from kaspi_web.domain.orders import dropping, lifecycle, timeline
from kaspi_web.domain.orders.story import story
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from tests.make import orders, shop
from tests.make.ledger import sql


def test_events_of_two_orders_are_one_story_in_the_order_of_time(bank: Bank) -> None:
    first, second, owner = shop.seller(bank), shop.seller(bank), shop.buyer(bank)
    wanted = {shop.offer(bank, first): 1, shop.offer(bank, second): 1}
    made = shop.bought(bank, owner, wanted, first, second)
    shop.bought(bank, owner, {shop.offer(bank, first): 1}, first)
    near, far = made.orders
    bank.db.write_now(lifecycle.accept, merchant_id=second.id, order_id=far.id)
    bank.db.write_now(dropping.cancel_by_buyer, customer_id=owner, order_id=near.id)
    told = bank.db.read_now(story, customer_id=owner, purchase_id=made.id)
    moments = [(each.event.happened_at, each.event.id) for each in told]
    assert moments == sorted(moments)
    for order in (near, far):
        own = bank.db.read_now(timeline.timeline, customer_id=owner, order_id=order.id)
        assert [each.event for each in told if each.order == order.id] == own
    assert {each.order for each in told} == {near.id, far.id}, "and nothing of another purchase"


def test_nobody_elses_story_is_told(bank: Bank) -> None:
    made = orders.bought(bank)
    with pytest.raises(NotFound):
        bank.db.read_now(story, customer_id=shop.buyer(bank), purchase_id=made.purchase)
    with pytest.raises(NotFound):
        bank.db.read_now(story, customer_id=made.customer_id, purchase_id="x")


@pytest.mark.parametrize(
    ("source", "backing"), [("wallet", "money"), ("bonus", "money"), ("own_card", "money"), ("red", "plan")]
)
def test_an_order_says_what_stands_behind_it(bank: Bank, source: str, backing: str) -> None:
    assert orders.seen(bank, orders.bought(bank, source)).backing == backing


def test_what_a_customer_has_reviewed_is_known_by_its_slug_and_to_nobody_else(bank: Bank) -> None:
    made = orders.bought(bank)
    ((product, slug),) = sql(
        bank,
        "SELECT p.id, p.slug FROM product p JOIN offer o ON o.product_id = p.id WHERE o.id = :id",
        id=made.offers[0],
    )
    mine = {"customer_id": made.customer_id, "products": [slug, "", "other"]}
    assert bank.db.read_now(reviewed, **mine) == set()
    given = {"stars": 4, "words": "", "locale": "kk", "received": True}
    bank.db.write_now(write_review, customer_id=made.customer_id, product_id=product, **given)
    assert bank.db.read_now(reviewed, **mine) == {slug}
    assert bank.db.read_now(reviewed, **mine | {"customer_id": shop.buyer(bank)}) == set()
    assert bank.db.read_now(reviewed, **mine | {"products": []}) == set()
