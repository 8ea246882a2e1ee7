"""Operations put into a customer's list, without the deeds behind them."""

from __future__ import annotations

import itertools
from typing import Any

from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.service import OperationView
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money

_numbers = itertools.count(1)


def noted(bank: Bank, owner: int, amount: Money, **overrides: Any) -> OperationView:
    """An operation; a bill of the demo's biller unless the test says otherwise."""
    usual = {"kind": "bill", "subject": f"noted:{next(_numbers)}", "counterparty": "almaty-energo", "state": "done"}
    given = usual | {"amount": amount} | overrides
    receipt = bank.db.write_now(wallet.note, customer_id=owner, **given)
    return bank.db.read_now(wallet.operation, customer_id=owner, receipt=receipt)


def turned(bank: Bank, owner: int, operation: OperationView, state: str, **given: Any) -> OperationView:
    """The operation after its state was turned."""
    bank.db.write_now(wallet.turn, customer_id=owner, subject=operation.subject, state=state, **given)
    return bank.db.read_now(wallet.operation, customer_id=owner, receipt=operation.receipt)
