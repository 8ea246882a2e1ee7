"""Rules about bonuses, as data."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field


class BonusRule(SQLModel, table=True):
    """A rate of what is spent, for everything or for one category, service or merchant, between two days."""

    __tablename__ = "bonus_rule"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("applies IN ('all', 'category', 'service', 'merchant')", name="applies_known"),
        CheckConstraint("(applies = 'all') = (name = '')", name="named_unless_for_all"),
        CheckConstraint("basis_points BETWEEN 0 AND 10000", name="within_whole"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="days_in_order"),
        Index("uq_bonus_rule", "applies", "name", "valid_from", unique=True),
    )

    id: int | None = id_field()
    applies: str = Field(max_length=10)
    name: str = Field(default="", max_length=32)
    basis_points: int
    valid_from: date
    valid_until: date | None = None
    """The last day that it is in force; None for no end."""
