"""What the pages say of money, plans and days as an order goes its way: nothing that is not so."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.orders import dropping, lifecycle
from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.home.ahead import OnWay, ahead
from kaspi_web.ui.orders import bought, shown
from kaspi_web.ui.orders.bought import Result
from tests.make import orders, plans, shop
from tests.make.sources import bank_card, processor_says

PLANS = ("red", "instalment", "credit")
DEAR = ((Money.tenge(30_000), 1),)


def page(bank: Bank, made: orders.Bought, locale: str = "en") -> Result:
    """The page of the purchase."""
    this = {"customer_id": made.customer_id, "purchase_id": made.purchase, "locale": locale}
    return bank.db.read_now(bought.result, **this)


def order_page(bank: Bank, made: orders.Bought, locale: str = "en") -> shown.Seen:
    this = {"customer_id": made.customer_id, "order_id": made.order, "locale": locale}
    return bank.db.read_now(shown.seen, **this)


def home(bank: Bank, owner: int, locale: str = "en") -> OnWay:
    return bank.db.read_now(ahead, customer_id=owner, w=words(locale)).order


def going_back(bank: Bank) -> orders.Bought:
    """An order whose parcel was not taken."""
    made = orders.brought(bank, orders.bought(bank, mode="DELIVERY_REGIONAL_TODOOR"))
    bank.db.write_now(lifecycle.not_taken, **orders.by_merchant(made))
    return made


def on_card(bank: Bank, *says: str) -> tuple[int, Any]:
    """A purchase on another bank's card, and what that bank has answered."""
    seller, owner = shop.seller(bank), shop.buyer(bank)
    given = {"source": "card", "card": bank_card(bank, owner).public_id}
    made = shop.bought(bank, owner, {shop.offer(bank, seller): 1}, seller, **given)
    for state in says:
        processor_says(bank, "purchase:", state)
    return owner, made


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("source", "kind"), [("wallet", "money"), ("bonus", "bonus"), ("red", "red"), ("instalment", "plan")]
)
def test_a_placed_purchase_says_what_was_set_aside_for_it(bank: Bank, source: str, kind: str, locale: str):
    made, w = orders.bought(bank, source), words(locale)
    waiting = f"{w(f'purchases.placed.{kind}')}. {w('purchases.placed.wait')}"
    assert page(bank, made, locale).text == waiting
    orders.accepted(bank, made)
    assert page(bank, made, locale).text == w(f"purchases.placed.{kind}"), "the SMS has come"


@pytest.mark.parametrize("source", orders.SOURCES)
def test_a_purchase_that_was_cancelled_is_not_called_placed_and_a_plan_returns_no_payment(bank: Bank, source: str):
    made, w = orders.bought(bank, source, lines=DEAR), words("en")
    bank.db.write_now(dropping.cancel_by_buyer, **orders.by_buyer(made))
    kind, found = "plan" if source in PLANS else "money", page(bank, made)
    assert (found.state, found.title) == ("refused", w("purchases.cancelled.title"))
    assert (found.text, found.bonus) == (w(f"purchases.cancelled.{'bonus' if source == 'bonus' else kind}"), "")
    assert not found.to_basket
    assert found.orders[0].status == w(f"orders.status.CANCELLED.{kind}")


@pytest.mark.parametrize("source", ["wallet", "credit"])
def test_a_received_purchase_waits_for_nothing(bank: Bank, source: str):
    made, w = orders.handed_over(bank, orders.bought(bank, source, lines=DEAR)), words("en")
    kind, found = "plan" if source in PLANS else "money", page(bank, made)
    assert (found.state, found.title) == ("done", w("purchases.received.title"))
    assert found.text == w(f"purchases.received.{kind}")


@pytest.mark.parametrize("source", ["wallet", "red"])
def test_the_windows_say_what_becomes_of_this_orders_money(bank: Bank, source: str):
    made, w = orders.bought(bank, source), words("en")
    tail, notes = ".plan" if source in PLANS else "", order_page(bank, made).order.notes
    assert notes.cancel == w(f"orders.cancel.text{tail}")
    assert notes.line == w(f"orders.cancel_line.text{tail}")
    assert notes.parcel == w(f"orders.refuse.text{tail}")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_parcel_that_goes_back_is_expected_nowhere(bank: Bank, locale: str):
    made, w = going_back(bank), words(locale)
    assert order_page(bank, made, locale).order.comes == ""
    (part,) = page(bank, made, locale).orders
    assert (part.comes, page(bank, made, locale).title) == ("", w("purchases.back.title"))
    assert home(bank, made.customer_id, locale).detail == w("home.order.back")


@pytest.mark.parametrize("locale", LOCALES)
def test_while_the_cards_bank_waits_for_a_code_every_page_leads_to_it(bank: Bank, locale: str):
    (owner, made), w, here = on_card(bank), words(locale), f"/{locale}/purchases/"
    (order,) = made.orders
    this = {"customer_id": owner, "order_id": order.id, "locale": locale}
    found = bank.db.read_now(shown.seen, **this).order
    assert (found.hint, found.next, found.comes) == (w("orders.hint.funding"), "", "")
    assert home(bank, owner, locale).detail == w("home.order.funding")
    processor_says(bank, "purchase:", "challenge")
    found = bank.db.read_now(shown.seen, **this).order
    assert (found.hint, found.next, found.disc) == (w("orders.hint.code"), here + made.id, "todo")
    assert (home(bank, owner, locale).detail, home(bank, owner, locale).href) == (w("home.order.code"), here + made.id)


@pytest.mark.parametrize(
    ("state", "reason", "text"),
    [
        ("declined", "closed", "declined"),
        ("declined", "wrong_code", "not_confirmed"),
        ("declined", "challenge_over", "not_confirmed"),
        ("voided", "", "not_confirmed"),
    ],
)
def test_a_card_that_was_not_confirmed_was_not_declined_and_neither_had_paid(
    bank: Bank, state: str, reason: str, text: str
):
    (owner, made), w = on_card(bank), words("en")
    processor_says(bank, "purchase:", state, reason)
    found = bank.db.read_now(bought.result, customer_id=owner, purchase_id=made.id, locale="en")
    assert (found.state, found.to_basket, found.text) == ("refused", True, w(f"purchases.{text}.text"))
    assert found.orders[0].status == w("orders.status.CANCELLED"), "no payment is returned"


@pytest.mark.parametrize("locale", LOCALES)
def test_goods_are_given_back_at_the_sellers_place_wherever_they_were_brought(bank: Bank, locale: str):
    made, w = orders.handed_over(bank, orders.bought(bank, mode="DELIVERY_LOCAL")), words(locale)
    point = orders.seen(bank, made).point.addresses[locale]
    assert point in order_page(bank, made, locale).order.notes.give_back
    asked = orders.asked_back(bank, made)
    assert order_page(bank, made, locale).returns[0].bring_to == ""
    bank.db.write_now(orders.returns.approve, merchant_id=made.merchant_id, return_id=asked)
    assert point in order_page(bank, made, locale).returns[0].bring_to
    assert w("orders.return.state.approved") == order_page(bank, made, locale).returns[0].state


def test_one_timeline_tells_a_purchase_of_two_sellers_newest_first(bank: Bank):
    first, second, owner = shop.seller(bank), shop.seller(bank), shop.buyer(bank)
    wanted = {shop.offer(bank, first): 1, shop.offer(bank, second): 1}
    made = shop.bought(bank, owner, wanted, first, second)
    near, far = made.orders
    bank.db.write_now(lifecycle.accept, merchant_id=second.id, order_id=far.id)
    bank.db.write_now(dropping.cancel_by_buyer, customer_id=owner, order_id=near.id)
    this = {"customer_id": owner, "purchase_id": made.id, "locale": "en"}
    events = bank.db.read_now(bought.result, **this).events
    told = [(each.kind, each.seller) for each in events]
    assert told.index(("cancelled", near.name)) < told.index(("accepted", far.name)) < told.index(("placed", far.name))
    assert {seller for _, seller in told} == {near.name, far.name}
    assert len({each.key for each in events}) == len(events)
    strange = bank.db.read_now(bought.result, **this | {"customer_id": shop.buyer(bank)})
    assert (strange.state, strange.events) == ("", [])


def test_the_timeline_of_a_purchase_goes_on_to_the_end_of_its_plan(bank: Bank):
    made = orders.handed_over(bank, orders.bought(bank, "instalment", lines=DEAR))
    plan = orders.seen(bank, made).plan
    bank.db.write_now(orders._fill, made.customer_id, DEAR[0][0])
    plans.pay(bank, made.customer_id, plan, DEAR[0][0], way="whole")
    events = page(bank, made).events
    assert [each.kind for each in events][:2] == ["plan_closed", "plan_paid"]
    assert (events[1].amount, events[1].seller) == ("₸30,000.00", "")
    assert events[-1].kind == "placed"
