"""The audit of plans: each agrees with its accounts, its schedule, its member's limit, its bills and its repayments.

It reads their tables as text, so that the ledger imports nobody above it.
"""

from __future__ import annotations

from sqlalchemy import TextClause, text

from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

_BALANCES = """
    SELECT a.owner, COALESCE(d.total, 0) - COALESCE(c.total, 0) AS balance
    FROM account a
    LEFT JOIN (SELECT debit_account_id AS id, SUM(amount_tiyn) AS total FROM posting GROUP BY 1) d ON d.id = a.id
    LEFT JOIN (SELECT credit_account_id AS id, SUM(amount_tiyn) AS total FROM posting GROUP BY 1) c ON c.id = a.id
    WHERE a.kind = '{kind}'
"""


def _agreeing(kind: str, owed: str) -> TextClause:
    """Owners whose account of a kind has another balance than `owed` (owner, owed) says, on either side."""
    balances = _BALANCES.format(kind=kind)
    return text(
        f"SELECT COALESCE(b.owner, o.owner) AS owner, COALESCE(b.balance, 0) AS balance, COALESCE(o.owed, 0) AS owed"
        f" FROM ({balances}) b FULL OUTER JOIN ({owed}) o ON o.owner = b.owner"
        f" WHERE COALESCE(b.balance, 0) <> COALESCE(o.owed, 0) ORDER BY 1 LIMIT 20"
    )


_PRINCIPAL = """
    SELECT CAST(id AS TEXT) AS owner, amount_tiyn - repaid_tiyn - returned_tiyn AS owed
    FROM loan WHERE state IN ('active', 'closed')
"""
_INTEREST = """
    SELECT CAST(loan_id AS TEXT) AS owner, SUM(accrued_tiyn - paid_interest_tiyn) AS owed FROM loan_payment GROUP BY 1
"""
_FINES = """
    SELECT CASE subject WHEN 'red' THEN 'red:' || CAST(customer_id AS TEXT) ELSE subject END AS owner,
           SUM(fine_tiyn - paid_fine_tiyn) AS owed
    FROM due_bill GROUP BY 1
"""
_ACCOUNTS = {
    kind: _agreeing(kind, owed)
    for kind, owed in (("loan", _PRINCIPAL), ("loan_interest", _INTEREST), ("loan_fine", _FINES))
}
_SCHEDULES = text(
    """
    SELECT l.id, l.amount_tiyn AS amount, COALESCE(p.principal, 0) AS principal
    FROM loan l
    LEFT JOIN (
        SELECT loan_id, SUM(principal_tiyn) AS principal, SUM(paid_tiyn) AS paid, SUM(cancelled_tiyn) AS cancelled
        FROM loan_payment GROUP BY 1
    ) p ON p.loan_id = l.id
    WHERE l.state IN ('active', 'closed')
      AND (COALESCE(p.principal, 0) <> l.amount_tiyn OR COALESCE(p.paid, 0) <> l.repaid_tiyn
           OR COALESCE(p.cancelled, 0) <> l.returned_tiyn)
    ORDER BY l.id LIMIT 20
    """
)
_MEMBERS = text(
    """
    SELECT m.customer_id, m.used_tiyn AS used, m.reserved_tiyn AS reserved,
           COALESCE(l.used, 0) AS lent, COALESCE(l.reserved, 0) AS promised
    FROM red_member m
    LEFT JOIN (
        SELECT customer_id,
               SUM(CASE WHEN state = 'active' THEN amount_tiyn - repaid_tiyn - returned_tiyn ELSE 0 END) AS used,
               SUM(CASE WHEN state = 'reserved' THEN amount_tiyn ELSE 0 END) AS reserved
        FROM loan WHERE kind = 'red' GROUP BY 1
    ) l ON l.customer_id = m.customer_id
    WHERE m.used_tiyn <> COALESCE(l.used, 0) OR m.reserved_tiyn <> COALESCE(l.reserved, 0)
    ORDER BY m.customer_id LIMIT 20
    """
)
_UNBILLED = text(
    """
    SELECT l.id, p.number
    FROM loan_payment p JOIN loan l ON l.id = p.loan_id
    LEFT JOIN due_bill b ON b.customer_id = l.customer_id AND b.due_on = p.due_on
         AND b.subject = CASE l.kind WHEN 'red' THEN 'red' ELSE 'loan:' || CAST(l.id AS TEXT) END
    WHERE b.id IS NULL
    ORDER BY l.id, p.number LIMIT 20
    """
)
_ENTRIES = text(
    """
    SELECT d.subject, d.key
    FROM (
        SELECT 'repayment:' || CAST(id AS TEXT) AS subject, 'repayment:' || CAST(id AS TEXT) || ':' || 'made' AS key,
               amount_tiyn
        FROM repayment
        UNION ALL
        SELECT 'due_bill:' || CAST(id AS TEXT), 'due_bill:' || CAST(id AS TEXT) || ':' || 'fine', fine_tiyn
        FROM due_bill WHERE fine_tiyn > 0
    ) d
    LEFT JOIN entry e ON e.key = d.key
    WHERE d.amount_tiyn > (SELECT COALESCE(SUM(p.amount_tiyn), 0) FROM posting p WHERE p.entry_id = e.id)
       OR (d.subject LIKE 'repayment:%'
           AND d.amount_tiyn < (SELECT COALESCE(SUM(p.amount_tiyn), 0) FROM posting p WHERE p.entry_id = e.id))
    ORDER BY d.subject LIMIT 20
    """
)
_REPAID = text(
    """
    SELECT COALESCE(r.customer_id, s.customer_id) AS customer_id, COALESCE(r.subject, s.subject) AS subject,
           COALESCE(r.amount, 0) AS paid, COALESCE(s.amount, 0) AS noted
    FROM (
        SELECT customer_id, subject, SUM(amount_tiyn) AS amount FROM repayment GROUP BY 1, 2
    ) r
    FULL OUTER JOIN (
        SELECT customer_id, subject, SUM(amount) AS amount
        FROM (
            SELECT customer_id, CASE kind WHEN 'red' THEN 'red' ELSE 'loan:' || CAST(id AS TEXT) END AS subject,
                   repaid_tiyn + interest_back_tiyn AS amount
            FROM loan
            UNION ALL
            SELECT l.customer_id, 'loan:' || CAST(l.id AS TEXT), p.paid_interest_tiyn
            FROM loan_payment p JOIN loan l ON l.id = p.loan_id WHERE l.kind <> 'red'
            UNION ALL
            SELECT customer_id, subject, paid_fine_tiyn FROM due_bill
        ) parts
        GROUP BY 1, 2
    ) s ON s.customer_id = r.customer_id AND s.subject = r.subject
    WHERE COALESCE(r.amount, 0) <> COALESCE(s.amount, 0)
    ORDER BY 1, 2 LIMIT 20
    """
)
_SHOWN = text(
    """
    SELECT r.id
    FROM repayment r
    LEFT JOIN operation o ON o.customer_id = r.customer_id AND o.subject = 'repayment:' || CAST(r.id AS TEXT)
    WHERE o.id IS NULL OR o.state <> 'done' OR o.wallet_tiyn <> -r.amount_tiyn
    ORDER BY r.id LIMIT 20
    """
)


def faults_of_loans(unit: Unit) -> list[str]:
    """What is off among plans, their bills and repayments."""
    return [*_accounts(unit), *_schedules(unit), *_members(unit), *_bills(unit), *_repayments(unit)]


def _accounts(unit: Unit) -> list[str]:
    return [
        f"account {kind}:{row.owner}: has {Money(int(row.balance)).wire}, the plans say {Money(int(row.owed)).wire}"
        for kind, statement in _ACCOUNTS.items()
        for row in unit.sql(statement)
    ]


def _schedules(unit: Unit) -> list[str]:
    return [
        f"loan {row.id}: of {Money(row.amount).wire}, its schedule adds up to {Money(int(row.principal)).wire},"
        " or other sums are paid or cancelled in it than the plan says"
        for row in unit.sql(_SCHEDULES)
    ]


def _members(unit: Unit) -> list[str]:
    return [
        f"red_member {row.customer_id}: has {Money(row.used).wire} used and {Money(row.reserved).wire} reserved,"
        f" the plans say {Money(int(row.lent)).wire} and {Money(int(row.promised)).wire}"
        for row in unit.sql(_MEMBERS)
    ]


def _bills(unit: Unit) -> list[str]:
    return [f"loan {row.id}: payment {row.number} has no bill" for row in unit.sql(_UNBILLED)]


def _repayments(unit: Unit) -> list[str]:
    missing = [
        f"{row.subject}: is without its entry {row.key}, or that is of another sum" for row in unit.sql(_ENTRIES)
    ]
    parted = [
        f"{row.subject} of customer {row.customer_id}: {Money(int(row.paid)).wire} were paid,"
        f" {Money(int(row.noted)).wire} are noted in plans and bills"
        for row in unit.sql(_REPAID)
    ]
    hidden = [f"repayment {row.id}: is not in the customer's list as it is" for row in unit.sql(_SHOWN)]
    return missing + parted + hidden
