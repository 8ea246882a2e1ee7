"""The audit tells when what an order's entries moved is not what its goods are worth."""

from __future__ import annotations

import re

import pytest

from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.domain.orders import dropping
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.make import orders as make
from tests.make.ledger import assert_clean, tamper
from tests.make.orders import bought, by_merchant

PRICE = Money.tenge(10_000)


def a_piece_of_each(bank: Bank) -> int:
    """An order of three pieces: one is cancelled, one comes back, one is kept."""
    made = bought(bank, "mixed", lines=[(PRICE, 3)])
    this = by_merchant(made) | {"reason": "MERCHANT_OUT_OF_STOCK", "line": 1, "cancelled": 1}
    bank.db.write_now(dropping.cancel_by_merchant, **this)
    make.given_back(bank, make.handed_over(bank, made))
    assert_clean(bank)
    return made.order_id


def _postings(entry: str, side: str, kind: str) -> str:
    return (
        f"WHERE entry_id IN (SELECT id FROM entry WHERE kind = '{entry}')"
        f" AND {side}_account_id IN (SELECT id FROM account WHERE kind = '{kind}')"
    )


LESS = "UPDATE posting SET amount_tiyn = amount_tiyn - 1 "
ELSEWHERE = "UPDATE posting SET credit_account_id = (SELECT id FROM account WHERE kind = 'bonus_expense') "
SOLD = "owes its seller 18000.00 and the bank 2000.00, its hand-over gave "
BACK = "its returns owe 9000.00 of the seller and 1000.00 of the bank, they took "
DROPPED = "3333.33 of bonuses and 6666.67 of money dropped out, "


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (LESS + _postings("order_handed_over", "credit", "commission_income"), SOLD + r"18000.01 and 1999.99$"),
        (LESS + _postings("order_handed_over", "credit", "merchant"), SOLD + r"17999.98 and 2000.00$"),
        (ELSEWHERE + _postings("order_handed_over", "credit", "merchant"), SOLD + r"-2000.00 and 2000.00$"),
        (LESS + _postings("order_returned", "credit", "merchant"), BACK + r"9000.01 and 999.99$"),
        (LESS + _postings("order_returned", "debit", "merchant"), BACK + r"8999.98 and 1000.00$"),
        (LESS + _postings("order_dropped", "credit", "wallet"), DROPPED + r"3333.33 and 6666.66 went back$"),
        (ELSEWHERE + _postings("order_dropped", "credit", "bonus"), DROPPED + r"0.00 and 6666.67 went back$"),
        ("UPDATE entry SET subject = '' WHERE kind = 'order_dropped'", DROPPED + r"0.00 and 0.00 went back$"),
        ("UPDATE order_line SET commission_tiyn = 0", r"the bank 0.00, its hand-over gave 18000.00 and 2000.00$"),
    ],
)
def test_a_sum_of_an_entry_that_is_not_right_is_told_with_its_order(bank: Bank, changed: str, told: str) -> None:
    order_id = a_piece_of_each(bank)
    tamper(bank, changed)
    faults = run_audit(bank).faults
    assert any(re.search(f"^order {order_id}: .*{told}", fault) for fault in faults), faults
