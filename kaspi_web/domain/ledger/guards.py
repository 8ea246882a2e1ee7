"""Triggers that make entries, postings and seals unchangeable, in SQLite's and PostgreSQL's words.

The migrations install these; Alembic's batch mode on SQLite drops the triggers of a table it rebuilds, so a
migration that rebuilds one must install them again, and a test proves every guard on the migrated database.
They only ever ABORT: anything stronger would throw away other callers' work in the same commit.
"""

from __future__ import annotations

FROZEN = ("entry", "posting")
FROZEN_SEALS = ("seal",)


def sqlite_guards(tables: tuple[str, ...] = FROZEN) -> list[str]:
    """Statements for SQLite; REPLACE deletes, so it is caught where recursive_triggers is on."""
    return [
        f"CREATE TRIGGER {table}_no_{deed} BEFORE {deed.upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
        for table in tables
        for deed in ("update", "delete")
    ]


def postgres_guards(tables: tuple[str, ...] = FROZEN) -> list[str]:
    """Statements for PostgreSQL, TRUNCATE included."""
    function = (
        "CREATE OR REPLACE FUNCTION ledger_is_frozen() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% rows are never changed', TG_TABLE_NAME"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    per_row = [
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION ledger_is_frozen()"
        for table in tables
    ]
    whole = [
        f"CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_frozen()"
        for table in tables
    ]
    return [function, *per_row, *whole]
