"""The list of a seller: what this seller has now, at this seller's own prices, whatever others ask."""

from __future__ import annotations

from typing import Any

import pytest

from alembic import command
from kaspi_web.commands.migrate import _config
from kaspi_web.domain.catalogue import indexing, listing, stock
from kaspi_web.domain.catalogue.listing import Asked, Page
from kaspi_web.domain.catalogue.stock import Pieces
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.make import goods
from tests.make.ledger import sql


@pytest.fixture
def two(bank: Bank) -> tuple[int, int]:
    """Two products of the seller "dear", who asks 10 000 and 9 000; "cheap" asks 7 000 and 30 000."""
    dear, cheap = (goods.merchant(bank, slug=slug) for slug in ("dear", "cheap"))
    first, second = goods.product(bank), goods.product(bank)
    for product_id, price, other in ((first, 10_000, 7_000), (second, 9_000, 30_000)):
        goods.offer(bank, Money.tenge(price), product_id=product_id, merchant_id=dear, old_price_tiyn=1_100_000)
        goods.offer(bank, Money.tenge(other), product_id=product_id, merchant_id=cheap, pieces=1)
    bank.db.write_now(indexing.index, [first, second])
    return first, second


def page(bank: Bank, **asked: Any) -> Page:
    return bank.db.read_now(listing.page, Asked(**asked))


def ids(bank: Bank, **asked: Any) -> list[int]:
    return [card.id for card in page(bank, **asked).cards]


def last_piece(bank: Bank, product_id: int) -> Pieces:
    """The only piece that "cheap" has of a product."""
    ((offer, point),) = sql(
        bank,
        "SELECT o.id, s.point_id FROM offer o JOIN stock s ON s.offer_id = o.id JOIN merchant m ON m.id = o.merchant_id"
        " WHERE m.slug = 'cheap' AND o.product_id = :product",
        product=product_id,
    )
    return Pieces(offer, point, 1)


def test_a_card_says_what_this_seller_asks(bank: Bank, two: tuple[int, int]) -> None:
    cards = {card.id: card for card in page(bank, merchant="dear").cards}
    assert [cards[id].price for id in two] == [Money.tenge(10_000), Money.tenge(9_000)]
    assert {card.old_price for card in cards.values()} == {Money.tenge(11_000)}
    assert {card.sellers for card in cards.values()} == {1}
    everywhere = {card.id: card for card in page(bank).cards}
    assert [(everywhere[id].price, everywhere[id].sellers) for id in two] == [
        (Money.tenge(7_000), 2),
        (Money.tenge(9_000), 2),
    ]


def test_it_is_sorted_and_narrowed_by_the_sellers_own_prices(bank: Bank, two: tuple[int, int]) -> None:
    first, second = two
    assert ids(bank, merchant="dear", sort="cheap") == [second, first]
    assert ids(bank, merchant="cheap", sort="cheap") == [first, second]
    assert ids(bank, merchant="dear", price_to=Money.tenge(9_500)) == [second]
    assert ids(bank, merchant="cheap", price_from=Money.tenge(8_000)) == [second]
    told = bank.db.read_now(listing.facets, Asked(merchant="cheap"))
    assert (told.cheapest, told.dearest) == (Money.tenge(7_000), Money.tenge(30_000))


@pytest.mark.parametrize("sort", ["popular", "cheap", "new", "rated"])
def test_what_the_seller_has_run_out_of_is_left_out_and_comes_back(bank: Bank, two: tuple[int, int], sort: str) -> None:
    first, second = two
    piece = last_piece(bank, first)
    bank.db.write_now(stock.set_aside, [piece])
    assert ids(bank, merchant="cheap", sort=sort) == [second]
    assert bank.db.read_now(listing.facets, Asked(merchant="cheap")).total == listing.Count(1)
    assert set(ids(bank, merchant="dear", sort=sort)) == set(two), "others have it still"
    bank.db.write_now(stock.release, [piece])
    assert set(ids(bank, merchant="cheap", sort=sort)) == set(two)


def test_an_offer_that_is_withdrawn_is_in_no_list_of_its_seller(bank: Bank, two: tuple[int, int]) -> None:
    from kaspi_web.domain.catalogue import prices

    sql(bank, "UPDATE offer SET active = :no WHERE id = :id", no=False, id=last_piece(bank, two[0]).offer_id)
    bank.db.write_now(prices.refresh, list(two))
    assert ids(bank, merchant="cheap") == [two[1]]


def test_a_bank_that_was_made_before_learns_what_sellers_have(bank: Bank, two: tuple[int, int]) -> None:
    bank.db.write_now(stock.set_aside, [last_piece(bank, two[0])])
    config = _config(bank.settings.database_url)
    command.downgrade(config, "0012")
    command.upgrade(config, "head")
    assert ids(bank, merchant="cheap") == [two[1]]
    assert set(ids(bank, merchant="dear")) == set(two)
