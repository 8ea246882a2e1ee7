"""Changing a CHECK of a table that is there: words for migrations, in both databases.

Alembic's batch mode copies a table to change it and loses its CHECKs and triggers on the way, and with foreign keys on
it cannot drop the old one. SQLite keeps a table's own words, and a CHECK may be changed in them
(sqlite.org/lang_altertable.html, the procedure for changes that do not touch the rows).
"""

from __future__ import annotations

import sqlalchemy as sa


def recheck(connection: sa.Connection, table: str, name: str, old: str | None, new: str | None) -> None:
    """Replace the condition `old` of the CHECK `ck_{table}_{name}` by `new`; None stands for no such CHECK."""
    full = f"ck_{table}_{name}"
    if connection.dialect.name != "sqlite":
        if old is not None:
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {full}")
        if new is not None:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {full} CHECK ({new})".replace("%", "%%"))
        return
    words = connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,))
    text = words.scalar_one()
    _write(connection, table, _added(text, full, new) if old is None else _changed(text, full, old, new))


def _added(text: str, full: str, new: str | None) -> str:
    assert new is not None, "nothing to add"
    body, end, rest = text.rpartition(")")
    return f"{body}, CONSTRAINT {full} CHECK ({new}){end}{rest}"


def _changed(text: str, full: str, old: str, new: str | None) -> str:
    was = f"CONSTRAINT {full} CHECK ({old})"
    assert text.count(was) == 1, f"{full} is not what the migration expects"
    if new is not None:
        return text.replace(was, f"CONSTRAINT {full} CHECK ({new})")
    before, _, after = text.partition(was)
    return before.rstrip().removesuffix(",") + after


def _write(connection: sa.Connection, table: str, text: str) -> None:
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.exec_driver_sql("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", (text, table))
    # Whoever reads the tables' words, this connection too, has to read them again.
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")


def make_nullable(connection: sa.Connection, table: str, column: str) -> None:
    """Let `column` be empty."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")
        return
    words = connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,))
    lines = words.scalar_one().split("\n")
    found = [number for number, line in enumerate(lines) if line.strip().startswith(f"{column} ")]
    assert len(found) == 1, f"{table}.{column} is not where the migration expects it"
    lines[found[0]] = lines[found[0]].replace(" NOT NULL", "")
    _write(connection, table, "\n".join(lines))
