"""Receipts of payments with parts and of refunds: what was paid with bonus, given back, withheld."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kaspi_web.domain.bills import billers, refunds
from kaspi_web.domain.wallet import listing
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.listing import Wanted
from kaspi_web.i18n import words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.papers import called, pdf, receipts
from tests.domain.test_bill_refunds import big, done, refund
from tests.make.bills import accepted, issued, paid, refused
from tests.make.bills import pay as pay_from_wallet
from tests.make.customers import customer
from tests.make.ledger import sql
from tests.make.sources import give_bonus, own_card
from tests.make.topups import SLOW_TERMINAL, top_up
from tests.papers.reading import squeezed, text_of

T = Money.tenge
W = words("ru")


def facts(bank: Bank, owner: int, kind: str) -> dict[str, str]:
    """The facts of the newest receipt of this kind."""
    every = bank.db.read_now(listing.page, customer_id=owner, wanted=Wanted())
    receipt = next(each.receipt for each in every if each.kind == kind)
    made = bank.db.read_now(receipts.receipt, customer_id=owner, receipt=receipt, locale="ru")
    return dict(made.facts)


def test_a_payment_says_what_of_it_was_bonus_and_what_was_given_back(bank: Bank) -> None:
    owner = customer(bank, money=T(1_000))
    give_bonus(bank, owner, T(400))
    made = done(bank, owner, T(1_000), spend=T(300))
    shown = facts(bank, owner, "bill")
    assert shown[W("receipt.source")] == f"{W('papers.source.bonus')} + {W('papers.source.wallet')}"
    assert shown[W("receipt.spent_bonus")] == "300,00\u00a0₸"
    assert W("receipt.refunded") not in shown
    refund(bank, made, T(100))
    assert facts(bank, owner, "bill")[W("receipt.refunded")] == "100,00\u00a0₸"


def test_the_account_is_called_what_the_service_calls_it_also_in_the_pdf(bank: Bank) -> None:
    owner = customer(bank, money=T(2_000))
    made = pay_from_wallet(bank, owner, issued(bank, owner, slug="kcell-activ", account="7015551234").key, T(500))
    accepted(bank, made.id)
    assert facts(bank, owner, "bill")["Номер телефона"] == "+7 701 555 12 34"
    given = {"slug": "kcell-activ", "cancel_id": "c1", "txn_id": str(made.txn_id), "amount": T(100)}
    bank.db.write_now(refunds.refund, **given)
    assert facts(bank, owner, "refund")["Номер телефона"] == "+7 701 555 12 34"
    shown = bank.db.read_now(receipts.receipt, customer_id=owner, receipt=made.receipt, locale="ru")
    body = pdf.receipt_pdf(shown, heading="x", brand="y", footer="z")
    assert squeezed("Номер телефона+7 701 555 12 34") in squeezed(text_of(body)).replace(":", "")
    assert W("receipt.account") not in text_of(body)


@pytest.mark.parametrize(
    ("way", "said"),
    [("plate", "Госномер автомобиля"), ("iin", "ИИН"), ("", "ИИН"), ("gone", "ИИН")],
)
def test_each_way_of_a_service_has_its_own_name_for_the_account(bank: Bank, way: str, said: str) -> None:
    fines = bank.db.read_now(billers.biller, slug="fines-traffic")
    assert called.way_words(fines, way, W) == said
    assert called.way_words(replace(fines, ways=()), way, W) == W("receipt.account")


def test_a_refund_says_what_was_withheld_for_bonuses_already_spent(bank: Bank) -> None:
    owner = customer(bank, money=T(20_000))
    made = big(bank, owner)
    sql(bank, "UPDATE account SET balance_tiyn = 5000 WHERE kind = 'bonus' AND owner = :owner", owner=str(owner))
    refund(bank, made)
    shown = facts(bank, owner, "refund")
    assert shown[W("receipt.withheld")] == "150,00\u00a0₸"
    assert shown[W("receipt.taken_back")] == "50,00\u00a0₸"
    assert shown[W("receipt.to")] == W("papers.source.wallet")


def test_whatever_is_done_the_list_adds_up_to_the_balance(bank: Bank) -> None:
    owner = customer(bank)
    top_up(bank, T(30_000))
    top_up(bank, T(500), terminal=SLOW_TERMINAL)
    give_bonus(bank, owner, T(400))
    card = own_card(bank, owner, money=T(2_000))
    done(bank, owner, T(500), f"card:{card.public_id}")
    refund(bank, big(bank, owner), T(7_000))
    refund(bank, done(bank, owner, T(1_000), spend=T(300)), T(900), cancel="c2")
    refused(bank, paid(bank, owner, T(100)).id)
    paid(bank, owner, T(50))
    every = bank.db.read_now(listing.page, customer_id=owner, wanted=Wanted(), most=50)
    balance = bank.db.read_now(wallet.balances, customer_id=owner).wallet
    assert sum(each.wallet.tiyn for each in every) == balance.tiyn
    oldest = bank.db.read_now(listing.balances_after, customer_id=owner, ids=[every[-1].id])
    assert oldest == {every[-1].id: T(30_000)}
