"""Services that no data file has, favourites, and rules about bonuses, put straight into the tables."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from kaspi_web.domain.bills import favourites
from kaspi_web.domain.bills.favourites import FavouriteView
from kaspi_web.domain.bills.models import Biller
from kaspi_web.domain.bonus.models import BonusRule
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from tests.make.bills import ACCOUNT, BILLER
from tests.make.ledger import sql


def asked(name: str = "account", kind: str = "digits", **overrides: Any) -> dict[str, Any]:
    """A field that a service asks, as its row keeps it."""
    label = {"kk": "Шот", "ru": "Счёт", "en": "Account"}
    hint = {"kk": "", "ru": "", "en": "On the bill"}
    usual = {"name": name, "kind": kind, "label": label, "hint": hint, "pattern": "[0-9]{8}", "example": "04512287"}
    return usual | overrides


def service(
    bank: Bank,
    slug: str,
    *,
    ways: list[dict[str, Any]] | None = None,
    extra: list[dict[str, Any]] | None = None,
    **row: Any,
) -> str:
    """A service; answers its slug."""
    bank.db.write_now(_insert, slug, json.dumps({"ways": ways or [asked()], "extra": extra or []}), row)
    return slug


def _insert(unit: Unit, slug: str, fields: str, row: dict[str, Any]) -> None:
    name = row.pop("name", slug)
    usual = {
        "category": "water",
        "name_kk": name,
        "name_ru": name,
        "name_en": name,
        "search": name.casefold(),
        "bin": "060640002371",
        "address": f"/osmp/{slug}",
        "minimum_tiyn": 100,
        "maximum_tiyn": 10_000_000,
    }
    unit.add(Biller(slug=slug, fields=fields, **(usual | row)))


def rule(
    bank: Bank, basis_points: int, applies: str = "all", name: str = "", *, since: date, until: date | None = None
) -> None:
    """A rule about bonuses."""
    bank.db.write_now(_ruled, applies, name, basis_points, since, until)


def _ruled(unit: Unit, applies: str, name: str, basis_points: int, since: date, until: date | None) -> None:
    unit.add(BonusRule(applies=applies, name=name, basis_points=basis_points, valid_from=since, valid_until=until))


def without_rules(bank: Bank) -> None:
    """No payment earns anything from here on."""
    sql(bank, "DELETE FROM bonus_rule")


def favourite(
    bank: Bank, owner: int, *, slug: str = BILLER, way: str = "", account: str = ACCOUNT, name: str = ""
) -> FavouriteView:
    """A favourite of a customer."""
    return bank.db.write_now(favourites.add, customer_id=owner, slug=slug, way=way, account=account, name=name)
