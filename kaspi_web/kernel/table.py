"""How every table is spelt: names of constraints, whole tiyn, moments in UTC.

Constraints carry names because Alembic's batch mode on SQLite silently drops those without.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMES

BigId = BigInteger().with_variant(Integer, "sqlite")
"""A BIGINT that SQLite may number by itself (it numbers INTEGER keys only)."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC for the database; a naive moment is a programmer's error."""
        if value is None:
            return None
        assert value.tzinfo is not None, "moments are aware"
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC for the program."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def stored_moment(value: datetime, dialect: str) -> datetime | str:
    """A moment as a `Moment` column holds it, for statements that go to the driver directly."""
    assert value.tzinfo is not None, "moments are aware"
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat(" ", "microseconds") if dialect == "sqlite" else utc


def id_field() -> Any:
    """A key that the database numbers."""
    return Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))


def tiyn_field(*, nullable: bool = False, **kw: Any) -> Any:
    """A sum in tiyn: BIGINT in both databases."""
    return Field(sa_type=BigInteger, nullable=nullable, **kw)


def moment_field(*, nullable: bool = False, **kw: Any) -> Any:
    """A moment, aware, in UTC."""
    return Field(sa_type=Moment, nullable=nullable, **kw)


def ref_field(target: str, *, nullable: bool = False, **kw: Any) -> Any:
    """A reference to another street's row, by name and not by ORM relation."""
    return Field(sa_type=BigId, foreign_key=target, nullable=nullable, **kw)
