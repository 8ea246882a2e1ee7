"""Receipts of purchases, returns and repayments: the page and the PDF say the same."""

from __future__ import annotations

import pytest

from kaspi_web.domain.loans.plans import OnePlan
from kaspi_web.domain.loans.plans import plan as plan_of
from kaspi_web.domain.wallet import listing
from kaspi_web.domain.wallet.listing import Wanted
from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from kaspi_web.papers import pdf, receipts
from kaspi_web.papers.receipts import Receipt
from tests.make import orders as shop
from tests.make import plans
from tests.make import shop as checkout
from tests.make.customers import OTHER_PHONE, customer
from tests.papers.reading import squeezed, text_of

T = Money.tenge


def newest(bank: Bank, owner: int, kind: str, locale: str = "ru") -> Receipt:
    every = bank.db.read_now(listing.page, customer_id=owner, wanted=Wanted())
    receipt = next(each.receipt for each in every if each.kind == kind)
    return bank.db.read_now(receipts.receipt, customer_id=owner, receipt=receipt, locale=locale)


def on_paper(made: Receipt) -> str:
    return squeezed(text_of(pdf.receipt_pdf(made, heading="x", brand="y", footer="z")))


def one(bank: Bank, owner: int, plan: str) -> OnePlan:
    return bank.db.read_now(plan_of, customer_id=owner, plan=plan)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_repayment_says_where_its_money_went_also_on_paper(bank: Bank, locale: str) -> None:
    owner, w = plans.borrower(bank, money=T(500_000)), words(locale)
    plan = plans.address(bank, plans.lent(bank, owner, T(240_000), "credit", 12))
    plans.live(bank, one(bank, owner, plan).rows[0].due_on)
    now = one(bank, owner, plan).owed
    assert now is not None
    plans.pay(bank, owner, plan, now.now, way="due")
    made = newest(bank, owner, "repayment", locale)
    facts = dict(made.facts)
    assert facts[w("receipt.way")] == w("plans.way.due")
    assert facts[w("receipt.payee")] == w("operations.plan.credit")
    assert {w("plans.review.principal"), w("plans.review.interest")} <= facts.keys()
    assert w("plans.review.fine") not in facts
    assert made.plan == f"/{locale}/plans/{plan}"
    paper = on_paper(made)
    for name, value in made.facts:
        assert squeezed(name) in paper
        assert squeezed(value) in paper


def test_a_purchase_and_its_return_say_what_of_them_was_bonus(bank: Bank) -> None:
    made, w = shop.bought(bank, "mixed"), words("ru")
    bought = newest(bank, made.customer_id, "purchase")
    facts = dict(bought.facts)
    assert w("receipt.spent_bonus") in facts
    assert facts[w("receipt.payee")]
    assert squeezed(facts[w("receipt.spent_bonus")]) in on_paper(bought)
    shop.given_back(bank, shop.handed_over(bank, made))
    back = newest(bank, made.customer_id, "order_refund")
    assert w("receipt.taken_back") in dict(back.facts)
    assert squeezed(dict(back.facts)[w("receipt.taken_back")]) in on_paper(back)


def test_a_purchase_with_red_names_it_as_its_source(bank: Bank) -> None:
    me, seller, w = checkout.member(bank, checkout.buyer(bank)), checkout.seller(bank), words("ru")
    checkout.bought(bank, me, {checkout.offer(bank, seller): 1}, seller, source="red", months=3)
    made = newest(bank, me, "purchase")
    assert dict(made.facts)[w("receipt.source")] == w("operations.plan.red")
    assert squeezed(w("operations.plan.red")) in on_paper(made)


def test_the_receipt_of_a_repayment_is_nobody_elses(bank: Bank) -> None:
    owner = plans.member(bank, money=T(50_000))
    other = customer(bank, phone=OTHER_PHONE)
    plans.lent(bank, owner, T(9_000))
    plans.pay(bank, owner, "red", T(3_000))
    every = bank.db.read_now(listing.page, customer_id=owner, wanted=Wanted())
    with pytest.raises(NotFound):
        bank.db.read_now(receipts.receipt, customer_id=other, receipt=every[0].receipt, locale="ru")


def test_the_receipt_of_a_repayment_of_red_leads_to_red_and_other_receipts_to_no_plan(bank: Bank) -> None:
    owner = plans.member(bank, money=T(50_000))
    plans.lent(bank, owner, T(9_000))
    plans.pay(bank, owner, "red", T(3_000))
    assert newest(bank, owner, "repayment").plan == "/ru/red"
    assert newest(bank, shop.bought(bank).customer_id, "purchase").plan == ""
