"""Triggers that keep names and birth date of a customer with a known IIN, in SQLite's and PostgreSQL's words.

Migration 0004 installs them; a migration that rebuilds the table on SQLite must install them again. They only ever
ABORT: anything stronger would throw away other callers' work in the same commit.
"""

from __future__ import annotations

_COLUMNS = ("given_name", "family_name", "patronymic", "born_on")
_CHANGED = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _COLUMNS)
_KNOWN = "EXISTS (SELECT 1 FROM identity WHERE identity.customer_id = OLD.id)"
_WORDS = "names and birth date of a customer with a known IIN are never changed"


def sqlite_guards() -> list[str]:
    """Statements for SQLite."""
    return [
        f"CREATE TRIGGER customer_person_frozen BEFORE UPDATE ON customer WHEN ({_CHANGED}) AND {_KNOWN}"
        f" BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    ]


def postgres_guards() -> list[str]:
    """Statements for PostgreSQL."""
    function = (
        "CREATE OR REPLACE FUNCTION customer_person_is_frozen() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF {_KNOWN} THEN RAISE EXCEPTION '{_WORDS}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    trigger = (
        f"CREATE TRIGGER customer_person_frozen BEFORE UPDATE ON customer FOR EACH ROW WHEN ({_CHANGED})"
        " EXECUTE FUNCTION customer_person_is_frozen()"
    )
    return [function, trigger]
