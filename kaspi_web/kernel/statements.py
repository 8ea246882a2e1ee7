"""Hot statements in each driver's own words, and inserts made from the models once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import SQLModel

from kaspi_web.kernel.table import Moment, stored_moment


class Prepared(NamedTuple):
    """A hot statement in each driver's own words."""

    sqlite: str
    postgresql: str


def prepared(statement: str) -> Prepared:
    """A statement for `Unit.run`, with `?` for every value."""
    return Prepared(statement, statement.replace("?", "%s"))


@cache
def insert_of(model: type[SQLModel], dialect: str) -> tuple[Prepared, tuple[tuple[str, Callable[[Any], Any]], ...]]:
    """The insert of a model, and what turns each of its values into the column's; it answers the key."""
    table = model.__table__  # type: ignore[attr-defined]
    written = [column for column in table.columns if column is not table.autoincrement_column]
    names, (key,) = [column.name for column in written], table.primary_key.columns
    marks = ", ".join("?" * len(names))
    text = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks}) RETURNING {key.name}"  # noqa: S608
    return prepared(text), tuple((column.name, _writer_of(column, dialect)) for column in written)


@cache
def times(insert: Prepared, many: int) -> Prepared:
    """The same statement for so many rows, without what it answers."""
    heads = [text.rpartition(" RETURNING ")[0] for text in insert]
    marks = [head.rpartition(" VALUES ")[2] for head in heads]
    return Prepared(*(", ".join([head, *[mark] * (many - 1)]) for head, mark in zip(heads, marks, strict=True)))


@cache
def defaults_of(model: type[SQLModel]) -> dict[str, Any]:
    """What the columns of a model have when nothing is said."""
    fields = model.model_fields
    return {name: fields[name].get_default() for name in fields if not fields[name].is_required()}


def _writer_of(column: sa.Column[Any], dialect: str) -> Callable[[Any], Any]:
    if isinstance(column.type, Moment):
        return lambda moment: None if moment is None else stored_moment(moment, dialect)
    return lambda value: value
