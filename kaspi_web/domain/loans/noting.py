"""What people see of their plans beside the screens: the row in My payments, and words by SMS."""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.loans.book import RED, Held
from kaspi_web.domain.loans.models import DueBill, Repayment
from kaspi_web.domain.sms.outbox import text_to
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

_REPAID = {
    "red": ("repaid_red", "repaid_whole_red"),
    "instalment": ("repaid_instalment", "repaid_whole_instalment"),
    "credit": ("repaid_credit", "repaid_whole_credit"),
}
"""Texts of a part and of the whole, by the kind of plan."""
_FELL_DUE = {
    "red": {"remind": "loan_remind_red", "late": "loan_late_red", "fine": "loan_fine_red"},
    "instalment": {
        "remind": "loan_remind_instalment",
        "late": "loan_late_instalment",
        "fine": "loan_fine_instalment",
    },
    "credit": {"remind": "loan_remind_credit", "late": "loan_late_credit", "fine": "loan_fine_credit"},
}


def kind_of(held: Held) -> str:
    """The word for what is repaid together: `red`, `instalment` or `credit`."""
    return RED if held.subject == RED else held.loans[0].kind


def repaid(unit: Unit, held: Held, row: Repayment, *, left: Money) -> None:
    """Add a repayment to the customer's list and tell of it; `left` is what is owed still."""
    kind = kind_of(held)
    wallet.note(
        unit,
        customer_id=held.customer_id,
        kind="repayment",
        subject=f"repayment:{row.id}",
        counterparty=kind,
        amount=-Money(row.amount_tiyn),
        state="done",
    )
    part, whole = _REPAID[kind]
    sums = {"amount_tiyn": row.amount_tiyn, "left_tiyn": left.tiyn}
    _tell(unit, held.customer_id, part if left else whole, wakes=row.way != "automatic", **sums)


def fell_due(unit: Unit, held: Held, bill: DueBill, step: str, amount: Money) -> None:
    """Tell of a step of a bill: `remind`, `late` or `fine`; `amount` is what it asks for."""
    template, on_day = _FELL_DUE[kind_of(held)][step], bill.due_on.isoformat()
    _tell(unit, held.customer_id, template, wakes=False, amount_tiyn=amount.tiyn, on_day=on_day)


def _tell(unit: Unit, customer_id: int, template: str, *, wakes: bool, **params: Any) -> None:
    owner = customers.card(unit, customer_id=customer_id)
    text_to(unit, phone=owner.phone, language=owner.language, template=template, wakes=wakes, **params)
    unit.tell(f"customer:{customer_id}")
