"""django-hordak beside us: a double-entry ledger for Django, on the same PostgreSQL server, from one thread to several.

Its accounts keep no balance, so the check that ours has in one UPDATE is here what its papers offer: lock the account
rows, sum the legs of the one that pays, write a Transaction with two Legs. It has no key that makes a deed happen once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql

from bench.measure import AMOUNT_TIYN, Round, Transfer, loop_of_threads, transfers
from bench.stage import WALLETS, MoneyLost

_DATABASE = "hordak"
_CURRENCY = "EUR"
_FUND = 10**9


@contextmanager
def hordak(server: str) -> Iterator[None]:
    """Django over a fresh, migrated database of the server; one a process, since Django has one settings object."""
    _command(server, "CREATE DATABASE {}")
    try:
        _configure(server)
        yield
    finally:
        from django.db import connections

        connections.close_all()
        _command(server, "DROP DATABASE {} WITH (FORCE)")


def _command(server: str, words: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(words).format(sql.Identifier(_DATABASE)))


def _configure(server: str) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    at = psycopg.conninfo.conninfo_to_dict(server)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _DATABASE,
        "USER": at.get("user", ""),
        "PASSWORD": at.get("password", ""),
        "HOST": at.get("host", ""),
        "PORT": str(at.get("port", "")),
        # A connection for each thread, kept: connecting for each transfer would be unfair.
        "CONN_MAX_AGE": None,
    }
    apps = ["django.contrib.contenttypes", "mptt", "djmoney", "hordak"]
    money = {"DEFAULT_CURRENCY": _CURRENCY, "HORDAK_INTERNAL_CURRENCY": _CURRENCY, "CURRENCIES": [_CURRENCY]}
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=apps,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        **money,
    )
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def furnish(*, postings: int) -> list[int]:
    """Empty the tables and make funded wallets with so many transactions of history; answers the accounts' ids."""
    from django.db import connection
    from hordak.models import Account

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE hordak_account, hordak_transaction, hordak_leg RESTART IDENTITY CASCADE")
        cash = Account.objects.create(name="cash", type="AS", code="1", currencies=[_CURRENCY])
        parent = Account.objects.create(name="wallets", type="LI", code="2", currencies=[_CURRENCY])
        _copies(cursor, parent.pk)
        ids = list(Account.objects.filter(parent=parent).order_by("id").values_list("id", flat=True))
        _history(cursor, cash.pk, ids[0], postings)
        for words in ("VACUUM ANALYZE", "CHECKPOINT"):
            cursor.execute(words)
    return ids


def _copies(cursor: Any, parent: int) -> None:
    # One tree for all would have every insertion renumber it; as leaves of a parent they are what a bank would have.
    cursor.execute(
        "INSERT INTO hordak_account (uuid, name, parent_id, code, type, is_bank_account, currencies,"
        " lft, rght, tree_id, level)"
        " SELECT gen_random_uuid(), 'wallet ' || n, %s, lpad(n::text, 5, '0'), 'LI', false, a.currencies,"
        " 2 * n, 2 * n + 1, a.tree_id, 1 FROM hordak_account a, generate_series(1, %s) AS n WHERE a.id = %s",
        [parent, WALLETS, parent],
    )
    cursor.execute("UPDATE hordak_account SET rght = %s WHERE id = %s", [2 * WALLETS + 2, parent])


_TRANSACTIONS = """
INSERT INTO hordak_transaction (id, uuid, timestamp, date, description)
SELECT n, gen_random_uuid(), now(), current_date, '' FROM generate_series(1, %(many)s + %(wallets)s) AS n
"""
_LEGS = """
INSERT INTO hordak_leg (uuid, transaction_id, account_id, debit, credit, currency, description)
SELECT gen_random_uuid(), n, account, debit, credit, 'EUR', '' FROM (
    SELECT n, %(cash)s AS account, %(fund)s AS debit, NULL::numeric AS credit FROM generate_series(1, %(wallets)s) AS n
    UNION ALL SELECT n, %(first)s + n - 1, NULL, %(fund)s FROM generate_series(1, %(wallets)s) AS n
    UNION ALL SELECT n + %(wallets)s, %(first)s + n %% %(wallets)s, 0.05, NULL FROM generate_series(1, %(many)s) AS n
    UNION ALL SELECT n + %(wallets)s, %(first)s + (n + 1 + (n / %(wallets)s) %% (%(wallets)s - 1)) %% %(wallets)s,
        NULL, 0.05 FROM generate_series(1, %(many)s) AS n
) AS legs ORDER BY n
"""


def _history(cursor: Any, cash: int, first: int, postings: int) -> None:
    # The trigger that sums the legs of a transaction would run two million times over rows that are right.
    cursor.execute("SET session_replication_role = replica")
    this = {"many": postings, "wallets": WALLETS, "cash": cash, "first": first, "fund": _FUND}
    cursor.execute(_TRANSACTIONS, this)
    cursor.execute(_LEGS, this)
    cursor.execute("SET session_replication_role = DEFAULT")
    cursor.execute("SELECT setval('hordak_transaction_id_seq', (SELECT max(id) FROM hordak_transaction))")


def _transfer(asked: Transfer) -> None:
    from django.db import transaction
    from hordak.models import Account, Leg, Transaction
    from moneyed import Money

    amount = Money(Decimal(AMOUNT_TIYN) / 100, _CURRENCY)
    with transaction.atomic():
        both = Account.objects.select_for_update(of=("self",)).filter(id__in=(asked.debit, asked.credit)).order_by("id")
        locked = {account.pk: account for account in both}
        payer = locked[asked.debit]
        assert payer.get_simple_balance()[_CURRENCY] >= amount, "the wallets are full"
        made = Transaction.objects.create(description=asked.key)
        Leg.objects.create(transaction=made, account=payer, debit=amount)
        Leg.objects.create(transaction=made, account=locked[asked.credit], credit=amount)


def theirs(accounts: Sequence[int], *, callers: int, seconds: float) -> Round:
    """A thread and a connection for each caller; afterwards the new legs sum to zero and none is missing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM hordak_transaction")
        (last,) = cursor.fetchone()
        done = loop_of_threads([_transfer] * callers, transfers(accounts), seconds)
        cursor.execute(
            "SELECT COUNT(DISTINCT transaction_id), COALESCE(SUM(COALESCE(credit, 0) - COALESCE(debit, 0)), 0)"
            " FROM hordak_leg WHERE transaction_id > %s",
            [last],
        )
        written, total = cursor.fetchone()
    if total or written != done.acknowledged:
        raise MoneyLost(f"hordak: {done.acknowledged} acknowledged, {written} written, the legs add up to {total}")
    return done
