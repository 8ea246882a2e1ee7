"""What the page shows before the tap is what the tap does: the preview and the proposal come to the same."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.checkout.preview import Preview, preview
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make import shop

SUMS = ("delivery", "amount", "spent", "money", "bonus", "quote")


def previewed(bank: Bank, owner: int, checkout_id: str, **given: Any) -> Preview:
    usual = {"fetching": {}, "city": "almaty", "source": "wallet", "months": 0, "spend": ZERO}
    return bank.db.read_now(preview, customer_id=owner, checkout_id=checkout_id, **(usual | given))


@pytest.mark.parametrize(
    ("source", "months", "spend"),
    [("wallet", 0, 0), ("wallet", 0, 777), ("bonus", 0, 0), ("red", 3, 0), ("red", 3, 500), ("credit", 12, 1)],
)
def test_the_preview_comes_to_what_is_proposed_then(bank: Bank, source: str, months: int, spend: int):
    first, second = shop.seller(bank), shop.seller(bank, "astana")
    owner = shop.known(bank, shop.member(bank, shop.buyer(bank, bonus=Money.tenge(90_000))))
    wanted = {shop.offer(bank, first, Money.tenge(24_990)): 1, shop.offer(bank, second, Money.tenge(10_001)): 2}
    made = shop.opened(bank, owner, wanted)
    fetching = {**first.fetched(), **second.brought()}
    given = {"fetching": fetching, "city": "almaty", "source": source, "months": months, "spend": Money.tenge(spend)}
    found = previewed(bank, owner, made, **given)
    agreed = shop.proposed(bank, owner, made, **given, address="Abay 1")
    assert [getattr(found, each) for each in SUMS] == [getattr(agreed, each) for each in SUMS]


def test_looking_sets_nothing_aside(bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank)
    made = shop.opened(bank, owner, {shop.offer(bank, seller): 1})
    before = shop.left_behind(bank)
    previewed(bank, owner, made, fetching=seller.fetched())
    assert shop.left_behind(bank) == before


def test_every_plan_says_what_it_costs_or_why_it_cannot_be_had(bank: Bank):
    seller, owner = shop.seller(bank), shop.known(bank, shop.buyer(bank))
    made = shop.opened(bank, owner, {shop.offer(bank, seller, Money.tenge(20_000)): 1})
    found = {(plan.kind, plan.months): plan for plan in previewed(bank, owner, made).plans}
    why = {which: plan.refusal.code if plan.refusal else "" for which, plan in found.items()}
    assert why[("red", 3)] == "not_red_member"
    assert found[("red", 3)].payment == Money.tenge(6_667), "what it would cost is said all the same"
    assert why[("instalment", 6)] == why[("credit", 12)] == ""
    assert why[("instalment", 12)] == why[("credit", 24)] == "term_needs_more"
    assert found[("credit", 12)].total > Money.tenge(20_000)


def test_more_bonuses_than_there_are_count_as_all_of_them(bank: Bank):
    seller, owner = shop.seller(bank), shop.buyer(bank, bonus=Money.tenge(300))
    made = shop.opened(bank, owner, {shop.offer(bank, seller): 1})
    found = previewed(bank, owner, made, spend=Money.tenge(9_000))
    assert (found.spent, found.money) == (Money.tenge(300), Money.tenge(3_700))


def test_somebody_elses_checkout_cannot_be_looked_at(bank: Bank):
    seller, owner, other = shop.seller(bank), shop.buyer(bank), shop.buyer(bank)
    made = shop.opened(bank, owner, {shop.offer(bank, seller): 1})
    with pytest.raises(NotFound):
        previewed(bank, other, made)
