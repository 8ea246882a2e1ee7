"""Why a balance is what it is: postings newest first, and entries for those who have an account in them."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.cards import movements
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.wallet import postings
from kaspi_web.domain.wallet.postings import AccountMove, EntryView, Side
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from tests.make.bills import accepted, paid, refused
from tests.make.cards import linked, own_card
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import give, post, sql
from tests.make.topups import top_up


def moves(bank: Bank, owner: int, **given: Any) -> list[AccountMove]:
    return bank.db.read_now(postings.moves, customer_id=owner, **given)


def entry(bank: Bank, owner: int, entry_id: int, **given: dict[str, str]) -> EntryView:
    return bank.db.read_now(postings.entry, customer_id=owner, entry_id=entry_id, **given)


def test_every_posting_of_the_wallet_stands_with_the_balance_after_it(bank: Bank) -> None:
    owner = customer(bank)
    top_up(bank, Money.tenge(1_000))
    refused(bank, paid(bank, owner, Money.tenge(300)).id)
    found = moves(bank, owner)
    assert [(each.kind, each.amount, each.balance, each.other) for each in found] == [
        ("bill_released", Money.tenge(300), Money.tenge(1_000), Side("holds", False, "")),
        ("bill_held", -Money.tenge(300), Money.tenge(700), Side("holds", False, "")),
        ("topup", Money.tenge(1_000), Money.tenge(1_000), Side("terminal_network", False, "kaspi")),
    ]


def test_pages_hold_every_posting_once_and_balances_go_on(bank: Bank) -> None:
    owner, other = customer(bank), customer(bank, phone=OTHER_PHONE)
    for each in range(1, 8):
        give(bank, owner, Money.tenge(each))
        give(bank, other, Money.tenge(100))
        post(bank, (_wallet(bank, owner), _wallet(bank, other), Money(each)))
    whole, found, before = moves(bank, owner, most=50), [], None
    while batch := moves(bank, owner, most=3, **({"before": before} if before else {})):
        found += batch
        before = batch[-1].id
    assert found == whole
    assert len(whole) == 14
    assert whole[0].balance == Money.tenge(28) - Money(28)
    assert whole[-1].balance == whole[-1].amount == Money.tenge(1)


def _wallet(bank: Bank, owner: int) -> int:
    return bank.db.write_now(ledger.account, "wallet", str(owner))


def test_an_entry_is_shown_with_all_of_its_postings(bank: Bank) -> None:
    owner = customer(bank)
    top_up(bank, Money.tenge(20_000))
    accepted(bank, paid(bank, owner, Money.tenge(2_000)).id)
    paid_entry = sql(bank, "SELECT id FROM entry WHERE kind = 'bill_paid'")[0][0]
    seen = entry(bank, owner, paid_entry)
    assert seen.kind == "bill_paid"
    assert [(each.debit.kind, each.credit, each.amount) for each in seen.postings] == [
        ("holds", Side("biller_payable", False, "almaty-energo"), Money.tenge(2_000)),
        ("bonus_expense", Side("bonus", True, ""), Money.tenge(20)),
    ]


def test_another_customer_in_an_entry_is_masked_and_sees_it_too(bank: Bank) -> None:
    owner, other = customer(bank, money=Money.tenge(5)), customer(bank, phone=OTHER_PHONE, given_name="Тимур")
    made = post(bank, (_wallet(bank, owner), _wallet(bank, other), Money.tenge(5)))
    (seen,) = entry(bank, owner, made).postings
    assert (seen.debit, seen.credit) == (Side("wallet", True, ""), Side("wallet", False, "Тимур Н."))
    (theirs,) = entry(bank, other, made).postings
    assert (theirs.debit, theirs.credit) == (Side("wallet", False, "Айгүл Н."), Side("wallet", True, ""))
    assert moves(bank, owner)[0].other == Side("wallet", False, "Тимур Н.")


def test_an_entry_that_touches_none_of_ones_accounts_is_not_found(bank: Bank) -> None:
    owner, thief = customer(bank), customer(bank, phone=OTHER_PHONE)
    top_up(bank, Money.tenge(200))
    (mine,) = moves(bank, owner)
    for number in (mine.entry_id, 0, 999_999):
        with pytest.raises(NotFound):
            entry(bank, thief, number)
    assert moves(bank, thief) == []


def test_an_entry_of_a_card_is_its_owners_only(bank: Bank) -> None:
    owner = customer(bank)
    made = bank.db.write_now(_card_topped_up)
    with pytest.raises(NotFound):
        entry(bank, owner, made)
    with pytest.raises(NotFound):
        entry(bank, owner, made, cards={"8": "1234"})
    (seen,) = entry(bank, owner, made, cards={"7": "4321", "8": "1234"}).postings
    assert (seen.debit, seen.credit) == (Side("card_processor", False, ""), Side("card", True, "4321"))


def test_an_own_cards_postings_are_its_owners_only(bank: Bank) -> None:
    owner, thief = customer(bank), customer(bank, phone=OTHER_PHONE)
    card, theirs = own_card(bank, owner, money=Money.tenge(70)), linked(bank, thief)
    post(bank, (_of_card(bank, card.id), _wallet(bank, owner), Money.tenge(20)))
    (out, came) = bank.db.read_now(movements.moves, customer_id=owner, public_id=card.public_id)
    assert (out.amount, out.balance, out.other) == (-Money.tenge(20), Money.tenge(50), Side("wallet", True, ""))
    assert (came.amount, came.balance) == (Money.tenge(70), Money.tenge(70))
    own = bank.db.read_now(movements.own_accounts, customer_id=owner)
    assert own == {str(card.id): card.last4}
    (seen,) = moves(bank, owner, cards=own)
    assert seen.other == Side("card", True, card.last4)
    assert bank.db.read_now(movements.own_accounts, customer_id=thief) == {}
    for name in (card.public_id, theirs.public_id, "nothing"):
        with pytest.raises(NotFound):
            bank.db.read_now(movements.moves, customer_id=thief, public_id=name)


def _of_card(bank: Bank, card_id: int) -> int:
    return bank.db.write_now(ledger.account, "card", str(card_id))


def _card_topped_up(unit: Unit) -> int:
    move = Move(ledger.account(unit, "card_processor"), ledger.account(unit, "card", "7"), Money.tenge(5))
    return ledger.post(unit, kind="test", key="card", moves=[move])
