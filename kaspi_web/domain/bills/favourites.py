"""Favourites: accounts of services that a customer keeps at hand under a name of their own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select

from kaspi_web.domain.bills.billers import BillerView, view_of
from kaspi_web.domain.bills.models import Biller, Favourite
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import Invalid, NotFound, Refused

MOST = 50
MAX_NAME = 60


class TooManyFavourites(Refused):
    """A customer keeps `most` favourites at the most."""

    code = "too_many_favourites"


class FavouriteNameBad(Invalid):
    """The name is empty or longer than `most` characters."""

    code, field = "favourite_name", "name"


@dataclass(frozen=True, slots=True)
class FavouriteView:
    """An account at hand; of a way that asks nothing `account` is masked and only shown."""

    id: int
    biller: BillerView
    way: str
    account: str
    name: str


def add(unit: Unit, *, customer_id: int, slug: str, way: str, account: str, name: str = "") -> FavouriteView:
    """Keep an account of a service; the same account again is the one that is kept already.

    Without a name it is called as the service in the customer's list is. Raises NotFound for no such service,
    FavouriteNameBad and TooManyFavourites.
    """
    # Two at once would both count 49, or both find none.
    lock_name(unit, f"favourites:{customer_id}")
    of = unit.get(Biller, slug)
    if of is None:
        raise NotFound
    mine = (Favourite.customer_id == customer_id, Favourite.biller == slug, Favourite.account == account)
    row = unit.exec(select(Favourite).where(*mine)).one_or_none()
    if row is None:
        _check_room(unit, customer_id)
        row = Favourite(
            customer_id=customer_id, biller=slug, way=way, account=account, name=_name(name), added_at=real_now()
        )
        unit.add(row)
        unit.flush()
        unit.tell(f"customer:{customer_id}")
    return _view(row, of)


def rename(unit: Unit, *, customer_id: int, favourite_id: int, name: str) -> None:
    """Call a favourite by another name; raises NotFound, also for somebody else's, and FavouriteNameBad."""
    row = _owned(unit, customer_id, favourite_id)
    row.name = _name(name)
    if not row.name:
        raise FavouriteNameBad(most=MAX_NAME)
    unit.tell(f"customer:{customer_id}")


def remove(unit: Unit, *, customer_id: int, favourite_id: int) -> FavouriteView:
    """Keep it no longer; answers what it was, to be added again; raises NotFound, also for somebody else's."""
    row = _owned(unit, customer_id, favourite_id)
    was = _view(row, unit.get_one(Biller, row.biller))
    unit.delete(row)
    unit.tell(f"customer:{customer_id}")
    return was


def favourite(unit: Unit, *, customer_id: int, favourite_id: int) -> FavouriteView:
    """One of a customer's favourites; raises NotFound, also for somebody else's."""
    row = _owned(unit, customer_id, favourite_id, lock=False)
    return _view(row, unit.get_one(Biller, row.biller))


def favourites(unit: Unit, *, customer_id: int) -> list[FavouriteView]:
    """A customer's favourites whose services are in use, in the order they were added."""
    rows = select(Favourite, Biller).join(Biller).where(Favourite.customer_id == customer_id, col(Biller.active))
    return [_view(row, of) for row, of in unit.exec(rows.order_by(col(Favourite.id)).limit(MOST))]


def kept(unit: Unit, *, customer_id: int, slug: str, account: str) -> int | None:
    """The id of the customer's favourite of this account, if it is one."""
    mine = (Favourite.customer_id == customer_id, Favourite.biller == slug, Favourite.account == account)
    return unit.exec(select(Favourite.id).where(*mine)).one_or_none()


def _owned(unit: Unit, customer_id: int, favourite_id: int, *, lock: bool = True) -> Favourite:
    mine = (Favourite.id == favourite_id, Favourite.customer_id == customer_id)
    found = select(Favourite).where(*mine)
    row = unit.exec(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        raise NotFound
    return row


def _check_room(unit: Unit, customer_id: int) -> None:
    count = select(func.count()).select_from(Favourite).where(Favourite.customer_id == customer_id)
    if unit.exec(count).one() >= MOST:
        raise TooManyFavourites(most=MOST)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if len(name) > MAX_NAME:
        raise FavouriteNameBad(most=MAX_NAME)
    return name


def _view(row: Favourite, of: Biller) -> FavouriteView:
    assert row.id is not None
    return FavouriteView(row.id, view_of(of), row.way, row.account, row.name)
