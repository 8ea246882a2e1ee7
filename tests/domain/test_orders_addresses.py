"""Addresses of earlier orders: the buyer's own, of one city, different ones, the latest first."""

from __future__ import annotations

from kaspi_web.domain.orders.addresses import MOST, addresses
from kaspi_web.kernel.bank import Bank
from tests.make.customers import customer
from tests.make.ledger import sql
from tests.make.orders import bought


def brought(bank: Bank, owner: int, *streets: str, city: str = "almaty") -> None:
    """Orders of a customer that came there, one after another; an empty street is an order that was fetched."""
    for street in streets:
        made = bought(bank, owner=owner, mode="DELIVERY_LOCAL" if street else "DELIVERY_PICKUP")
        sql(
            bank,
            "UPDATE shop_order SET address = :street, city = :city WHERE id = :id",
            **{"street": street, "city": city, "id": made.order_id},
        )


def known(bank: Bank, owner: int, city: str = "almaty") -> list[str]:
    return bank.db.read_now(addresses, customer_id=owner, city=city)


def test_each_address_is_offered_once_the_latest_first(bank: Bank) -> None:
    owner = customer(bank)
    brought(bank, owner, "Abay 1", "", "Satpayev 2", "abay 1")
    assert known(bank, owner) == ["abay 1", "Satpayev 2"]


def test_the_same_street_in_kazakh_letters_of_another_case_is_the_same(bank: Bank) -> None:
    owner = customer(bank)
    brought(bank, owner, "Қабанбай 3", "ҚАБАНБАЙ 3")
    assert known(bank, owner) == ["ҚАБАНБАЙ 3"]


def test_no_more_than_three_are_offered(bank: Bank) -> None:
    owner = customer(bank)
    brought(bank, owner, *(f"Abay {house}" for house in range(1, MOST + 3)))
    assert known(bank, owner) == ["Abay 5", "Abay 4", "Abay 3"]


def test_those_of_another_city_and_of_somebody_else_are_not(bank: Bank) -> None:
    owner, other = customer(bank, phone="+77010000001"), customer(bank, phone="+77010000002")
    brought(bank, owner, "Abay 1")
    brought(bank, owner, "Mangilik El 2", city="astana")
    brought(bank, other, "Tole Bi 3")
    assert known(bank, owner) == ["Abay 1"]
    assert known(bank, owner, "astana") == ["Mangilik El 2"]
    assert known(bank, owner, "shymkent") == []
