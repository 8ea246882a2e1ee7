"""Favourites: kept once, at most fifty, and nobody's but their owner's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from kaspi_web.domain.bills import favourites
from kaspi_web.domain.bills.favourites import MOST, FavouriteNameBad, TooManyFavourites
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import sql
from tests.make.services import favourite, service


def names(bank: Bank, owner: int) -> list[tuple[str, str]]:
    return [(each.account, each.name) for each in bank.db.read_now(favourites.favourites, customer_id=owner)]


def test_an_account_is_kept_under_a_name_and_in_the_order_of_adding(bank: Bank) -> None:
    owner = customer(bank)
    favourite(bank, owner, account="04512287", name="  Home   in Almaty ")
    favourite(bank, owner, account="04512295")
    assert names(bank, owner) == [("04512287", "Home in Almaty"), ("04512295", "")]


def test_the_same_account_twice_is_one_and_keeps_its_name(bank: Bank) -> None:
    owner = customer(bank)
    first = favourite(bank, owner, name="Home")
    again = favourite(bank, owner, name="Other")
    assert (again.id, again.name) == (first.id, "Home")
    assert len(names(bank, owner)) == 1


def test_the_same_account_at_once_is_one(bank: Bank) -> None:
    owner = customer(bank)
    with ThreadPoolExecutor(8) as many:
        kept = list(many.map(lambda _: favourite(bank, owner).id, range(8)))
    assert len(set(kept)) == 1


def test_there_are_fifty_at_most_also_at_once(bank: Bank) -> None:
    owner = customer(bank)
    for number in range(MOST - 1):
        favourite(bank, owner, account=f"{number:08d}")

    def add(number: int) -> bool:
        try:
            favourite(bank, owner, account=f"9{number:07d}")
        except TooManyFavourites:
            return False
        return True

    with ThreadPoolExecutor(6) as many:
        assert sum(many.map(add, range(6))) == 1
    assert len(names(bank, owner)) == MOST
    assert favourite(bank, owner, account="00000000").account == "00000000", "what is kept already needs no room"


def test_a_favourite_is_renamed_and_a_bad_name_changes_nothing(bank: Bank) -> None:
    owner = customer(bank)
    kept = favourite(bank, owner, name="Home")
    bank.db.write_now(favourites.rename, customer_id=owner, favourite_id=kept.id, name="Dacha")
    assert names(bank, owner) == [("04512287", "Dacha")]
    for bad in ("", "   ", "x" * 61):
        with pytest.raises(FavouriteNameBad):
            bank.db.write_now(favourites.rename, customer_id=owner, favourite_id=kept.id, name=bad)
    assert names(bank, owner) == [("04512287", "Dacha")]


def test_a_removed_favourite_can_be_added_again(bank: Bank) -> None:
    owner = customer(bank)
    kept = favourite(bank, owner, name="Home")
    was = bank.db.write_now(favourites.remove, customer_id=owner, favourite_id=kept.id)
    assert names(bank, owner) == []
    favourite(bank, owner, slug=was.biller.slug, way=was.way, account=was.account, name=was.name)
    assert names(bank, owner) == [("04512287", "Home")]


def test_a_service_that_nobody_has_cannot_be_kept(bank: Bank) -> None:
    with pytest.raises(NotFound):
        favourite(bank, customer(bank), slug="nobody")


def test_a_service_out_of_use_is_not_shown(bank: Bank) -> None:
    owner = customer(bank)
    favourite(bank, owner, slug=service(bank, "old-water"))
    sql(bank, "UPDATE biller SET active = FALSE WHERE slug = 'old-water'")
    assert names(bank, owner) == []


def test_somebody_elses_favourite_does_not_exist(bank: Bank) -> None:
    owner, thief = customer(bank), customer(bank, phone=OTHER_PHONE)
    kept = favourite(bank, owner, name="Home")
    with pytest.raises(NotFound):
        bank.db.write_now(favourites.rename, customer_id=thief, favourite_id=kept.id, name="Mine")
    with pytest.raises(NotFound):
        bank.db.write_now(favourites.remove, customer_id=thief, favourite_id=kept.id)
    with pytest.raises(NotFound):
        bank.db.read_now(favourites.favourite, customer_id=thief, favourite_id=kept.id)
    assert names(bank, thief) == []
    assert names(bank, owner) == [("04512287", "Home")]
    assert favourite(bank, thief).id != kept.id, "both may keep the same account"
