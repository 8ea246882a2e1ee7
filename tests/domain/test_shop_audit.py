"""The audit tells of every way in which stock, checkouts and purchases may disagree."""

from __future__ import annotations

import re

import pytest

from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.make import shop
from tests.make.ledger import assert_clean, sql
from tests.make.sources import bank_card, processor_says


def bought_and_kept(bank: Bank) -> None:
    """A purchase from the wallet, one by another bank's card, and a piece that is set aside."""
    owner, of = shop.buyer(bank), shop.seller(bank)
    offer = shop.offer(bank, of)
    shop.bought(bank, owner, {offer: 1}, of)
    shop.bought(bank, owner, {offer: 1}, of, source="card", card=bank_card(bank, owner).public_id)
    processor_says(bank, "purchase:", "authorised")
    shop.proposed(bank, owner, shop.opened(bank, owner, {offer: 1}), of)
    assert_clean(bank)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("UPDATE stock SET reserved = 0", r"stock of offer \d+ at point \d+: 8 pieces, 0 of them set aside; .* 1$"),
        ("UPDATE reservation SET state = 'released' WHERE state = 'held'", r"1 of them set aside; .* add up to 0$"),
        ("UPDATE reservation SET quantity = 2 WHERE state = 'sold'", r"purchase 1: has 1 pieces, 2 were set aside"),
        (
            "UPDATE shop_order SET status = 'FUNDING' WHERE id = 1",
            r"purchase 1: is placed, and its order 1 is NEW FUNDING",
        ),
        ("UPDATE shop_order SET state = 'SIGN_REQUIRED' WHERE id = 1", r"purchase 1: is placed, .* SIGN_REQUIRED"),
        ("UPDATE card_charge SET wanted = 'void'", r"purchase 2: is placed .* is authorised \(wanted: void\)"),
        (
            "UPDATE card_charge SET amount_tiyn = 1",
            r"purchase 2: is placed with 4000.00 of money, and its charge of 0.01",
        ),
        ("UPDATE operation SET state = 'on_way' WHERE kind = 'purchase'", r"purchase 1: is placed, shown as on_way"),
        ("UPDATE operation SET wallet_tiyn = 0 WHERE subject = 'purchase:1'", r"of which the wallet's 0.00"),
        ("DELETE FROM operation WHERE subject = 'purchase:2'", r"purchase 2: is placed, shown as nothing"),
    ],
)
def test_what_does_not_agree_is_told_with_its_place(bank: Bank, changed: str, told: str) -> None:
    bought_and_kept(bank)
    sql(bank, changed)
    assert any(re.search(told, fault) for fault in run_audit(bank).faults), run_audit(bank).faults


def test_orders_of_a_refused_purchase_are_cancelled_or_the_audit_says_so(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    given = {"source": "card", "card": bank_card(bank, owner).public_id}
    shop.bought(bank, owner, {shop.offer(bank, of, Money.tenge(100)): 1}, of, **given)
    processor_says(bank, "purchase:", "declined")
    assert_clean(bank)
    sql(
        bank,
        "UPDATE shop_order SET state = 'NEW', status = 'APPROVED_BY_BANK', cancelled_at = NULL,"
        " cancellation_reason = ''",
    )
    assert any("is refused, and its order" in fault for fault in run_audit(bank).faults)
