"""After the counter: one line of three goes back, the others stay with what was paid for them; one is reviewed."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.people import Person
from tests.journeys.server import Server
from tests.journeys.shop_deeds import fetches, goes_to_checkout, opens_order, orders
from tests.journeys.shop_givens import Thing, left_of, orders_of, thing


def _line(person: Person, this: Thing) -> Locator:
    return person.page.locator(".goods-line").filter(has_text=this.names[person.locale])


def _reviews(person: Person, this: Thing, words: str) -> None:
    """Give four stars and say why, on the product's page."""
    person.open(f"/shop/p/{this.slug}")
    person.page.locator("#stars .star-pick").nth(3).click()
    person.fill(words=words)
    person.press("shop.review.send")
    expect(person.page.get_by_role("status").filter(has_text=person.w("shop.review.written"))).to_be_visible()


def test_one_line_of_three_is_returned_and_another_is_reviewed(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=10_000)
    things = [thing(server, tenge) for tenge in (1_000, 1_500, 2_000)]
    goes_to_checkout(person, *things)
    orders(person, "₸4,500")
    opens_order(person)
    fetches(person)
    where = person.page.url
    person.has("₸5,500", bonus="₸45")

    person.page.goto(where)
    back = things[1]
    _line(person, back).get_by_role("button", name=re.compile(f"^{person.w('orders.return')}")).click()
    expect(person.window).to_contain_text(back.names["en"])
    person.press("orders.return.send")
    expect(person.mistake("reason")).not_to_be_empty()
    person.window.locator("label.source").filter(has_text=person.w("orders.return.unused")).click()
    # A tap within this time of the last one is taken for the same.
    person.page.wait_for_timeout(800)
    person.press("orders.return.send")
    main = person.page.get_by_role("main")
    expect(main).to_contain_text(person.w("orders.return.state.asked"))
    person.press("orders.counter.accept_return")
    expect(main).to_contain_text(person.w("orders.return.state.approved"))
    person.press("orders.counter.receive_return")
    expect(main).to_contain_text(person.w("orders.return.state.done"))
    expect(_line(person, back).first).to_contain_text(person.w.count("orders.dropped.returned", 1))

    assert orders_of(person) == [("ARCHIVE", "COMPLETED")]
    assert [left_of(server, each) for each in things] == [9, 10, 9]
    person.has("₸7,000", bonus="₸30")
    assert server.audit().endswith("\nclean")

    _reviews(person, things[0], "Boils quickly")
    review = person.page.locator("#reviews .review")
    expect(review).to_have_count(1)
    expect(review).to_contain_text("Boils quickly")
    expect(person.button("shop.review.send")).to_have_count(0)


def test_an_order_that_is_cancelled_gives_everything_back(new_person: NewPerson, server: Server) -> None:
    person, samovar = new_person(locale="ru", tenge=10_000), thing(server, 2_000)
    goes_to_checkout(person, samovar)
    orders(person, "2 000 ₸")
    opens_order(person)
    person.press("orders.cancel")
    person.window.get_by_role("button", name=person.w("orders.cancel"), exact=True).click()
    main = person.page.get_by_role("main")
    expect(main).to_contain_text(person.w("orders.reason.BUYER_CANCELLATION_HIMSELF"))
    assert orders_of(person) == [("ARCHIVE", "CANCELLED")]
    assert left_of(server, samovar) == 10
    person.has("10 000 ₸", bonus="0 ₸")
