"""From the basket to the tap: what is checked, what is refused, and that what is refused moves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.catalogue.stock import OutOfStock
from kaspi_web.domain.checkout import fetching as ways
from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.checkout.chosen import LOCAL, PICKUP, TODOOR
from kaspi_web.domain.checkout.proposals import SourceUnknown
from kaspi_web.domain.checkout.reserving import SetAsideOver
from kaspi_web.domain.checkout.service import (
    BasketEmpty,
    CheckoutContentChanged,
    CheckoutExpired,
    CheckoutProposalChanged,
    CodeNeeded,
    Fetch,
)
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.orders import views
from kaspi_web.domain.sms.codes import CodeExpired, WrongCode
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import Busy, NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make import shop
from tests.make.ledger import assert_clean, entries, sql
from tests.make.moments import Watch
from tests.make.races import at_once, refusals
from tests.make.sms import last_code, messages


def phone_of(bank: Bank, owner: int) -> str:
    return sql(bank, "SELECT phone FROM customer WHERE id = :id", id=owner)[0][0]


# --- the tap


def test_one_tap_makes_one_order_for_each_seller_and_holds_the_money_of_each(bank: Bank) -> None:
    owner, first, second = shop.buyer(bank), shop.seller(bank), shop.seller(bank)
    mine, yours = shop.offer(bank, first), shop.offer(bank, second, Money.tenge(7_000))
    made = shop.bought(bank, owner, {mine: 2, yours: 1}, first, second)
    assert (made.state, made.amount, made.money) == ("placed", Money.tenge(15_000), Money.tenge(15_000))
    assert [(order.merchant, order.amount) for order in made.orders] == [
        (first.slug, Money.tenge(8_000)),
        (second.slug, Money.tenge(7_000)),
    ]
    assert shop.orders_of(bank, made) == [("NEW", "APPROVED_BY_BANK", "")] * 2
    assert (shop.has(bank, "wallet", owner), shop.has(bank, "holds")) == (shop.RICH - made.amount, made.amount)
    assert entries(bank, "purchase_held") == 2
    assert [shop.stock_of(bank, each) for each in (mine, yours)] == [(8, 0), (9, 0)]
    assert shop.basket(bank, owner).count == 0
    assert_clean(bank)


def test_the_buyer_sees_it_in_the_list_in_a_text_and_on_the_timeline(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    made = shop.bought(bank, owner, {shop.offer(bank, of): 1}, of)
    ((kind, state, amount, wallet, bonus, receipt),) = sql(
        bank, "SELECT kind, state, amount_tiyn, wallet_tiyn, bonus_tiyn, receipt FROM operation WHERE kind = 'purchase'"
    )
    assert (kind, state, amount, wallet, receipt) == ("purchase", "done", -400_000, -400_000, made.receipt)
    assert Money(bonus) == made.bonus == Money.tenge(40)
    assert [name for name, _ in messages(bank, phone_of(bank, owner))] == ["purchase_placed"]
    (order,) = bank.db.read_now(views.purchase, customer_id=owner, purchase_id=made.id).orders
    assert order.promised_bonus == Money.tenge(40)
    told = [row[0] for row in sql(bank, "SELECT kind FROM order_event ORDER BY id")]
    assert told == ["placed", "bonus_promised", "money_held"]


def test_the_same_tap_again_answers_with_the_first_purchase(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of): 1})
    agreed = shop.proposed(bank, owner, checkout_id, of)
    first = shop.pressed(bank, owner, checkout_id, agreed)
    before = shop.left_behind(bank)
    again = shop.pressed(bank, owner, checkout_id, agreed)
    assert again == first
    assert shop.left_behind(bank) == before
    this = {"amount": agreed.amount, "source": "bonus", "number": agreed.number}
    with pytest.raises(CheckoutContentChanged):
        bank.db.write_now(checkout.buy, customer_id=owner, checkout_id=checkout_id, **this)
    assert shop.left_behind(bank) == before


def test_a_double_tap_buys_once(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    offer = shop.offer(bank, of)
    checkout_id = shop.opened(bank, owner, {offer: 1})
    agreed = shop.proposed(bank, owner, checkout_id, of)
    answers = at_once(lambda: shop.pressed(bank, owner, checkout_id, agreed), times=8)
    assert refusals(answers) == []
    assert len({each.id for each in answers}) == 1
    assert (shop.stock_of(bank, offer), shop.has(bank, "holds")) == ((9, 0), shop.PRICE)
    assert_clean(bank)


def test_what_was_added_meanwhile_stays_in_the_basket(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    offer, other = shop.offer(bank, of), shop.offer(bank, of)
    checkout_id = shop.opened(bank, owner, {offer: 1})
    agreed = shop.proposed(bank, owner, checkout_id, of)
    shop.laid(bank, owner, {offer: 2, other: 1})
    shop.pressed(bank, owner, checkout_id, agreed)
    left = {line.offer_id: line.quantity for group in shop.basket(bank, owner).groups for line in group.lines}
    assert left == {offer: 2, other: 1}


# --- prices and stock are looked at again


def test_a_price_that_changed_is_shown_and_nothing_is_set_aside_until_it_is_agreed_on(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    offer = shop.offer(bank, of)
    checkout_id = shop.opened(bank, owner, {offer: 1})
    sql(bank, "UPDATE offer SET price_tiyn = 450000 WHERE id = :id", id=offer)
    shown = shop.proposed(bank, owner, checkout_id, of)
    (change,) = shown.changes
    assert (change.offer_id, change.before, change.now) == (offer, shop.PRICE, Money.tenge(4_500))
    assert (shown.amount, shop.stock_of(bank, offer)) == (Money.tenge(4_500), (10, 0))
    with pytest.raises(CheckoutProposalChanged):
        shop.pressed(bank, owner, checkout_id, shown)
    ((line,),) = (group.lines for group in shop.basket(bank, owner).groups)
    assert line.problem == ""
    agreed = shop.proposed(bank, owner, checkout_id, of)
    assert (agreed.changes, shop.stock_of(bank, offer)) == ((), (10, 1))
    assert shop.pressed(bank, owner, checkout_id, agreed).amount == Money.tenge(4_500)
    assert_clean(bank)


def test_the_price_that_was_agreed_on_stands_as_long_as_the_goods_are_set_aside(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    offer = shop.offer(bank, of)
    checkout_id = shop.opened(bank, owner, {offer: 1})
    agreed = shop.proposed(bank, owner, checkout_id, of)
    sql(bank, "UPDATE offer SET price_tiyn = 900000 WHERE id = :id", id=offer)
    assert shop.pressed(bank, owner, checkout_id, agreed).amount == shop.PRICE


def test_goods_that_ran_out_are_refused_with_what_is_left(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    offer = shop.offer(bank, of, pieces=3)
    checkout_id = shop.opened(bank, owner, {offer: 3})
    sql(bank, "UPDATE stock SET quantity = 2 WHERE offer_id = :id", id=offer)
    before = shop.left_behind(bank)
    with pytest.raises(OutOfStock) as refused:
        shop.proposed(bank, owner, checkout_id, of)
    assert refused.value.params["left"] == 2
    assert refused.value.params["name"]["en"].startswith("thing")
    assert shop.left_behind(bank) == before


def test_what_was_set_aside_and_is_over_is_bought_by_nobody_without_another_look(bank: Bank, watch: Watch) -> None:
    owner, other, of = shop.buyer(bank), shop.buyer(bank), shop.seller(bank)
    offer = shop.offer(bank, of, pieces=1)
    checkout_id = shop.opened(bank, owner, {offer: 1})
    agreed = shop.proposed(bank, owner, checkout_id, of)
    with pytest.raises(OutOfStock):
        shop.laid(bank, other, {offer: 1})
    sql(
        bank,
        "INSERT INTO basket_line (customer_id, offer_id, quantity, seen_price_tiyn, added_at)"
        " SELECT :id, offer_id, quantity, seen_price_tiyn, added_at FROM basket_line",
        id=other,
    )
    other_id = bank.db.write_now(checkout.open, customer_id=other)
    with pytest.raises(OutOfStock):
        shop.proposed(bank, other, other_id, of)
    watch.later(minutes=16)
    theirs = shop.bought_from(bank, other, other_id, of)
    assert theirs.state == "placed"
    before = shop.left_behind(bank)
    with pytest.raises(SetAsideOver):
        shop.pressed(bank, owner, checkout_id, agreed)
    assert shop.left_behind(bank) == before
    assert shop.stock_of(bank, offer) == (0, 0)
    assert_clean(bank)


# --- agreement


def test_buying_needs_the_last_proposal(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of): 1})
    seen = shop.proposed(bank, owner, checkout_id, of)
    same = shop.proposed(bank, owner, checkout_id, of)
    assert same.number == seen.number
    shop.proposed(bank, owner, checkout_id, of, fetching=of.brought(), city="almaty", address="Abay 1")
    before = shop.left_behind(bank)
    with pytest.raises(CheckoutProposalChanged):
        shop.pressed(bank, owner, checkout_id, seen)
    assert shop.left_behind(bank) == before


def test_nothing_is_bought_that_was_never_proposed(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of): 1})
    this = {"amount": shop.PRICE, "source": "wallet", "number": 0}
    with pytest.raises(CheckoutProposalChanged):
        bank.db.write_now(checkout.buy, customer_id=owner, checkout_id=checkout_id, **this)


@pytest.mark.parametrize(("price", "asked"), [(Money.tenge(5_000), False), (Money.tenge(5_000, 1), True)])
def test_above_five_thousand_a_code_is_asked_for(bank: Bank, price: Money, asked: bool) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of, price): 1})
    agreed = shop.proposed(bank, owner, checkout_id, of)
    assert agreed.needs_code is asked
    if not asked:
        assert shop.pressed(bank, owner, checkout_id, agreed).state == "placed"
        return
    before = shop.left_behind(bank)
    with pytest.raises(CodeNeeded):
        shop.pressed(bank, owner, checkout_id, agreed)
    assert shop.left_behind(bank) == before
    this = {"customer_id": owner, "checkout_id": checkout_id, "amount": price, "source": "wallet"}
    bank.db.write_now(checkout.send_code, **this, number=agreed.number)
    code = last_code(bank, phone_of(bank, owner))
    wrong = bank.db.write_now(checkout.confirm, **this, number=agreed.number, typed="0" if code != "0" else "1")
    assert wrong is not None
    assert bank.db.write_now(checkout.confirm, **this, number=agreed.number, typed=code) is None
    assert shop.pressed(bank, owner, checkout_id, agreed).state == "placed"


def test_a_code_for_one_sum_is_none_for_another(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of, Money.tenge(6_000)): 1})
    shop.proposed(bank, owner, checkout_id, of)
    shop.confirmed(bank, checkout_id)
    assert not shop.proposed(bank, owner, checkout_id, of).needs_code
    brought = {"fetching": of.brought(), "city": "almaty", "address": "Abay 1"}
    assert shop.proposed(bank, owner, checkout_id, of, **brought).needs_code


def test_a_code_for_one_way_to_pay_agrees_to_no_other(bank: Bank) -> None:
    """Whoever typed a code for money of their own has not agreed to owe it."""
    owner, of = shop.member(bank, shop.buyer(bank)), shop.seller(bank)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of, Money.tenge(30_000)): 1})
    agreed = shop.proposed(bank, owner, checkout_id, of)
    this = {"customer_id": owner, "checkout_id": checkout_id, "amount": agreed.amount}
    bank.db.write_now(checkout.send_code, **this, source="wallet", number=agreed.number)
    code = last_code(bank, phone_of(bank, owner))
    later = shop.proposed(bank, owner, checkout_id, of, source="red", months=3)
    typed = {"source": "red", "number": later.number, "typed": code}
    assert isinstance(bank.db.write_now(checkout.confirm, **this, **typed), CodeExpired | WrongCode)
    shop.proposed(bank, owner, checkout_id, of)
    shop.confirmed(bank, checkout_id)
    later = shop.proposed(bank, owner, checkout_id, of, source="red", months=3)
    assert later.needs_code
    with pytest.raises(CodeNeeded):
        shop.pressed(bank, owner, checkout_id, later)


# --- delivery


def test_delivery_is_a_line_of_the_order_and_costs_nothing_from_the_seller_s_sum_on(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    brought = {"fetching": of.brought(), "city": "almaty", "address": "  Abay  1 "}
    small = shop.bought(bank, owner, {shop.offer(bank, of): 1}, of, **brought)
    assert (small.amount, shop.lines_of(bank, small)[-1]) == (Money.tenge(4_990), (99_000, 0, 99_000))
    large = shop.bought(bank, owner, {shop.offer(bank, of, Money.tenge(20_000)): 1}, of, **brought)
    assert large.amount == Money.tenge(20_000)
    asked = "SELECT delivery_mode, city, address FROM shop_order"
    assert [tuple(row) for row in sql(bank, asked)] == [(LOCAL, "almaty", "Abay 1")] * 2
    assert sql(bank, "SELECT commission_tiyn FROM order_line WHERE kind = 'delivery'")[0][0] == 0
    assert_clean(bank)


def test_another_city_is_served_by_the_bank_s_delivery_whatever_the_page_says(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank, "almaty", "astana")
    offer = shop.offer(bank, of, pieces={0: 1, 1: 5})
    there = {"fetching": of.brought(), "city": "astana", "address": "Abay 1"}
    checkout_id = shop.opened(bank, owner, {offer: 2})
    assert [(each.mode, each.point_id) for each in shop.proposed(bank, owner, checkout_id, of, **there).orders] == [
        (LOCAL, of.points[1])
    ]
    far = there | {"city": "karaganda"}
    assert shop.proposed(bank, owner, checkout_id, of, **far).orders[0].mode == TODOOR
    (group,) = shop.shown(bank, owner, checkout_id).groups
    assert [(each.city, each.mode) for each in group.deliveries] == [
        ("almaty", TODOOR),
        ("astana", LOCAL),
        ("karaganda", TODOOR),
    ]
    assert [each.point.id for each in group.pickups] == [of.points[1]]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"fetching": {}}, ways.FetchingNeeded),
        ({"fetching": "teleport"}, ways.FetchingNeeded),
        ({"fetching": "elsewhere"}, ways.PointHasNot),
        ({"fetching": "brought", "city": "paris", "address": "1"}, ways.CityUnknown),
        ({"fetching": "brought", "city": "almaty", "address": "  "}, ways.AddressNeeded),
        ({"fetching": "brought", "city": "almaty", "address": "a" * 201}, ways.AddressNeeded),
        ({"source": "cash"}, SourceUnknown),
        ({"source": "card", "card": "nobody-s"}, NotFound),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_set_aside(
    bank: Bank, given: dict[str, Any], refusal: type[Exception]
) -> None:
    owner, of, other = shop.buyer(bank), shop.seller(bank), shop.seller(bank)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of): 1})
    named = {
        "teleport": {of.slug: Fetch("TELEPORT")},
        "elsewhere": {of.slug: Fetch(PICKUP, other.points[0])},
        "brought": of.brought(),
    }
    if isinstance(given.get("fetching"), str):
        given = given | {"fetching": named[given["fetching"]]}
    before = shop.left_behind(bank)
    with pytest.raises(refusal):
        shop.proposed(bank, owner, checkout_id, of, **given)
    assert shop.left_behind(bank) == before


def test_goods_that_lie_apart_are_refused(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank, "almaty", "astana")
    wanted = {shop.offer(bank, of, pieces={0: 1}): 1, shop.offer(bank, of, pieces={1: 1}): 1}
    checkout_id = shop.opened(bank, owner, wanted)
    with pytest.raises(ways.GoodsApart):
        shop.proposed(bank, owner, checkout_id, of)


def test_a_part_of_the_basket_is_bought_by_itself_and_the_rest_stays(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank, "almaty", "astana")
    here, there = shop.offer(bank, of, pieces={0: 1}), shop.offer(bank, of, pieces={1: 1})
    shop.laid(bank, owner, {here: 1, there: 1})
    alone = bank.db.write_now(checkout.open, customer_id=owner, offers=[there])
    made = shop.bought_from(bank, owner, alone, of, fetching=of.fetched(1))
    assert made.state == "placed"
    (group,) = shop.basket(bank, owner).groups
    assert [line.offer_id for line in group.lines] == [here]
    for offers in ([], [there]):
        with pytest.raises(BasketEmpty):
            bank.db.write_now(checkout.open, customer_id=owner, offers=offers)


def test_money_that_is_spent_in_between_is_refused_at_the_tap_and_the_goods_stay_set_aside(bank: Bank) -> None:
    owner, of = shop.buyer(bank, money=shop.PRICE), shop.seller(bank)
    offer = shop.offer(bank, of)
    first, second = (shop.opened(bank, owner, {offer: 1}) for _ in range(2))
    with pytest.raises(InsufficientFunds):
        shop.proposed(bank, owner, second, of)
    baskets_now = shop.basket(bank, owner).count
    bank.db.write_now(baskets.change, customer_id=owner, offer_id=offer, quantity=1)
    assert baskets_now == 2
    agreed = shop.proposed(bank, owner, first, of)
    third = bank.db.write_now(checkout.open, customer_id=owner)
    other = shop.offer(bank, of)
    shop.laid(bank, owner, {other: 1})
    bank.db.write_now(baskets.remove, customer_id=owner, offer_id=offer)
    fourth = bank.db.write_now(checkout.open, customer_id=owner)
    assert third != fourth
    shop.pressed(bank, owner, first, agreed)
    before = shop.left_behind(bank)
    with pytest.raises(InsufficientFunds):
        shop.proposed(bank, owner, fourth, of)
    assert shop.left_behind(bank) == before
    assert shop.has(bank, "wallet", owner) == ZERO


# --- whose it is, and for how long


def test_a_checkout_is_its_owner_s_alone(bank: Bank) -> None:
    owner, stranger, of = shop.buyer(bank), shop.buyer(bank), shop.seller(bank)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of): 1})
    agreed = shop.proposed(bank, owner, checkout_id, of)
    before = shop.left_behind(bank)
    this = {"customer_id": stranger, "checkout_id": checkout_id}
    told = {"amount": agreed.amount, "source": "wallet", "number": agreed.number}
    with pytest.raises(NotFound):
        bank.db.read_now(checkout.view, **this)
    with pytest.raises(NotFound):
        shop.proposed(bank, stranger, checkout_id, of)
    with pytest.raises(NotFound):
        bank.db.write_now(checkout.send_code, **this, **told)
    with pytest.raises(NotFound):
        bank.db.write_now(checkout.confirm, **this, **told, typed="1")
    with pytest.raises(NotFound):
        shop.pressed(bank, stranger, checkout_id, agreed)
    made = shop.pressed(bank, owner, checkout_id, agreed)
    with pytest.raises(NotFound):
        bank.db.read_now(checkout.purchase, customer_id=stranger, purchase_id=made.id)
    with pytest.raises(NotFound):
        bank.db.read_now(checkout.charge_of, customer_id=owner, purchase_id=made.id)
    assert before["purchases"] == []


def test_an_empty_basket_opens_no_checkout(bank: Bank) -> None:
    with pytest.raises(BasketEmpty):
        bank.db.write_now(checkout.open, customer_id=shop.buyer(bank))


def test_a_checkout_ends_after_half_an_hour(bank: Bank, watch: Watch) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of): 1})
    agreed = shop.proposed(bank, owner, checkout_id, of)
    watch.later(minutes=31)
    assert shop.shown(bank, owner, checkout_id).is_expired
    with pytest.raises(CheckoutExpired):
        shop.proposed(bank, owner, checkout_id, of)
    with pytest.raises(CheckoutExpired):
        shop.pressed(bank, owner, checkout_id, agreed)
    assert shop.has(bank, "holds") == ZERO


def test_thirty_checkouts_in_half_an_hour_are_enough(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    shop.laid(bank, owner, {shop.offer(bank, of): 1})
    for _ in range(30):
        bank.db.write_now(checkout.open, customer_id=owner)
    with pytest.raises(Busy):
        bank.db.write_now(checkout.open, customer_id=owner)


def test_the_page_of_a_checkout_says_what_was_agreed_and_what_it_became(bank: Bank) -> None:
    owner, of = shop.buyer(bank, bonus=Money.tenge(100)), shop.seller(bank)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of): 1})
    fresh = shop.shown(bank, owner, checkout_id)
    assert (fresh.proposal, fresh.amount, fresh.agreed, fresh.purchase, fresh.red_free) == (0, None, (), "", None)
    assert (fresh.goods, fresh.balances.bonus) == (shop.PRICE, Money.tenge(100))
    agreed = shop.proposed(bank, owner, checkout_id, of, spend=Money.tenge(100))
    shown = shop.shown(bank, owner, checkout_id)
    assert (shown.proposal, shown.amount, shown.source, shown.spend) == (1, shop.PRICE, "wallet", Money.tenge(100))
    assert (shown.agreed[0].merchant, shown.can_be_ordered, shown.is_confirmed) == (of.slug, True, True)
    made = shop.pressed(bank, owner, checkout_id, agreed)
    assert shop.shown(bank, owner, checkout_id).purchase == made.id


def test_the_last_piece_that_one_has_set_aside_oneself_is_not_gone_from_one_s_own_basket(bank: Bank) -> None:
    owner, other, of = shop.buyer(bank), shop.buyer(bank), shop.seller(bank)
    offer = shop.offer(bank, of, pieces=1)
    shop.laid(bank, other, {offer: 1})
    checkout_id = shop.opened(bank, owner, {offer: 1})
    shop.proposed(bank, owner, checkout_id, of)
    ((mine,),) = (group.lines for group in shop.basket(bank, owner).groups)
    ((theirs,),) = (group.lines for group in shop.basket(bank, other).groups)
    assert (mine.problem, theirs.problem) == ("", "gone")
