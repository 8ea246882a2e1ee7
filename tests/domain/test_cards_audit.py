"""The audit finds what is off among cards."""

from __future__ import annotations

import pytest

from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.make.cards import captured, linked, own_card, refund
from tests.make.customers import customer
from tests.make.ledger import account, assert_clean, sql

SUM = Money.tenge(1_500)


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE card SET unlinked_at = linked_at WHERE kind = 'own'", "is unlinked and has 1500.00 on it"),
        ("UPDATE card SET kind = 'bank' WHERE kind = 'own'", "belongs to no card of ours"),
        ("UPDATE card SET kind = 'own' WHERE kind = 'bank'", "is ours and has no account"),
        ("UPDATE card_charge SET refunded_tiyn = 1", "says 0.01 refunded, its refunds add up to 500.00"),
        ("UPDATE card_refund SET state = 'declined'", "says 500.00 refunded, its refunds add up to 0.00"),
    ],
)
def test_what_was_tampered_with_is_found(bank: Bank, tampering: str, fault: str) -> None:
    owner = customer(bank)
    own_card(bank, owner, money=SUM)
    refund(bank, captured(bank, owner, linked(bank, owner), SUM), Money.tenge(500))
    assert_clean(bank)
    assert sql(bank, tampering) == 1
    assert [each for each in run_audit(bank).faults if fault in each]


def test_an_account_of_nobody_s_card_is_found(bank: Bank) -> None:
    account(bank, "card", "999")
    assert "account card:999: belongs to no card of ours" in run_audit(bank).faults
