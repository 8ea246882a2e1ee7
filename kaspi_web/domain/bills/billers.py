"""Billers as a customer sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlmodel import col, select

from kaspi_web.domain.bills.models import Biller
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid, NotFound
from kaspi_web.kernel.money import Money


class BadAccount(Invalid):
    """The account number has not the form that this biller uses; `example` shows it."""

    code, field = "account_format", "account"


@dataclass(frozen=True, slots=True)
class BillerView:
    """A biller: names by language, limits, the bonus rate in basis points, and where it answers."""

    slug: str
    category: str
    names: dict[str, str]
    bin: str
    address: str
    account_pattern: str
    account_example: str
    bonus_basis_points: int
    minimum: Money
    maximum: Money


def biller(unit: Unit, *, slug: str) -> BillerView:
    """One biller; raises NotFound."""
    row = unit.get(Biller, slug)
    if row is None:
        raise NotFound
    return view_of(row)


def billers(unit: Unit, *, category: str | None = None) -> list[BillerView]:
    """Every biller, or those of a category."""
    rows = select(Biller).order_by(col(Biller.slug))
    return [view_of(row) for row in unit.exec(rows.where(Biller.category == category) if category else rows)]


def parse_account(typed: str, *, of: BillerView) -> str:
    """The account as the biller writes it, without spaces and dashes; raises BadAccount."""
    account = re.sub(r"[\s\u00a0\-–№]+", "", typed)
    if not re.fullmatch(of.account_pattern, account, re.ASCII):
        raise BadAccount(example=of.account_example)
    return account


def view_of(row: Biller) -> BillerView:
    """What others see of a biller's row."""
    return BillerView(
        row.slug,
        row.category,
        {"kk": row.name_kk, "ru": row.name_ru, "en": row.name_en},
        row.bin,
        row.address,
        row.account_pattern,
        row.account_example,
        row.bonus_basis_points,
        Money(row.minimum_tiyn),
        Money(row.maximum_tiyn),
    )
