"""Orders beside the streets around them: checkouts, settlements, the audit, the list of operations, and views."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from kaspi_web.domain.cards import charges
from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.domain.orders import dropping, views
from kaspi_web.domain.settlements.service import settle_day
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.workers import agenda as agendas
from kaspi_web.workers import orders as worker
from tests.make import orders as make
from tests.make import shop
from tests.make.ledger import account, assert_clean, balance, sealed, sql, tamper
from tests.make.orders import bought, by_buyer, by_merchant, seen
from tests.make.sources import bank_card, processor_says

PRICE = Money.tenge(10_000)


@pytest.mark.parametrize("source", ["wallet", "bank_card", "red"])
def test_of_a_purchase_of_two_sellers_one_drops_out_exactly(bank: Bank, source: str) -> None:
    one, two = shop.seller(bank), shop.seller(bank)
    owner = shop.member(bank, shop.buyer(bank, money=Money.tenge(100_000), bonus=Money.tenge(1_001)))
    wanted = {shop.offer(bank, one, PRICE): 1, shop.offer(bank, two, Money.tenge(7_000)): 3}
    given = {"card": bank_card(bank, owner).public_id} if source == "bank_card" else {}
    how = {"source": "card" if source == "bank_card" else source, "spend": Money.tenge(1_001), **given}
    if source == "red":
        how["months"] = 3
    tap = shop.bought(bank, owner, wanted, one, two, **how)
    if source == "bank_card":
        processor_says(bank, "purchase:", "authorised")
    found = bank.db.read_now(views.purchase, customer_id=owner, purchase_id=tap.id)
    dropped = found.orders[1]
    bank.db.write_now(dropping.cancel_by_buyer, customer_id=owner, order_id=dropped.id)
    after = bank.db.read_now(views.purchase, customer_id=owner, purchase_id=tap.id)
    assert [each.status for each in after.orders] == ["APPROVED_BY_BANK", "CANCELLED"]
    assert balance(bank, account(bank, "bonus", str(owner))) == dropped.bonus
    spent = ZERO if source != "wallet" else found.orders[0].money
    assert bank.db.read_now(wallet.balances, customer_id=owner).wallet == Money.tenge(100_000) - spent
    if source == "bank_card":
        ((charge_id,),) = sql(bank, "SELECT charge_id FROM purchase")
        assert bank.db.read_now(charges.charge, charge_id=charge_id).refunded == dropped.money
    assert_clean(bank)


class TestMerchantsAreSettled:
    def test_once_for_a_day_by_what_was_handed_over(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank, lines=[(PRICE, 1)]))
        bought(bank, merchant_id=made.merchant_id)
        bank.clock.jump(timedelta(days=1))
        day = bank.clock.today() - timedelta(days=1)
        owed = PRICE - PRICE.share(1000)
        done = [bank.db.write_now(settle_day, day=day) for _ in range(2)]
        assert [each.get(f"merchant:{made.merchant}") for each in done] == [owed, None]
        assert make.balances(bank, made)["merchant"] == ZERO
        assert_clean(bank)

    def test_what_a_merchant_owes_is_made_up_for_by_later_sales(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank, lines=[(PRICE, 1)]))
        _settle(bank)
        make.given_back(bank, made)
        owed = PRICE - PRICE.share(1000)
        assert make.balances(bank, made)["merchant"] == -owed
        assert f"merchant:{made.merchant}" not in _settle(bank)
        make.handed_over(bank, bought(bank, lines=[(PRICE, 2)], merchant_id=made.merchant_id))
        assert _settle(bank)[f"merchant:{made.merchant}"] == owed
        assert_clean(bank)


def _settle(bank: Bank) -> dict[str, Money]:
    bank.clock.jump(timedelta(days=1))
    return bank.db.write_now(settle_day, day=bank.clock.today() - timedelta(days=1))


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE purchase SET amount_tiyn = amount_tiyn + 1", "purchase"),
        (
            "UPDATE order_line SET money_tiyn = money_tiyn + 1, bonus_tiyn = bonus_tiyn - 1 WHERE number = 1",
            "its lines",
        ),
        ("UPDATE order_line SET cancelled = 1, returned = 0 WHERE number = 1", "hold"),
        ("UPDATE shop_order SET hold_id = NULL", "nothing is held"),
        ("UPDATE shop_order SET promised_bonus_tiyn = promised_bonus_tiyn + 1", "promises"),
        ("UPDATE shop_order SET taken_back_tiyn = taken_back_tiyn + 1", "taken back"),
        ("UPDATE order_line SET returned = 0 WHERE number = 1", "pieces returned"),
        ("DELETE FROM operation WHERE subject LIKE 'order_refund:return:%'", "customer's list"),
        ("UPDATE entry SET key = 'order:0:handed_over' WHERE kind = 'order_handed_over'", "order_handed_over"),
        ("UPDATE entry SET key = 'order_return:0:posted' WHERE kind = 'order_returned'", "order_returned"),
    ],
)
def test_the_audit_finds_an_order_that_is_off(bank: Bank, statement: str, fault: str) -> None:
    made = make.handed_over(bank, bought(bank, lines=[(PRICE, 3)], spend=Money.tenge(100)))
    make.given_back(bank, made)
    sealed(bank)
    tamper(bank, statement)
    assert [each for each in run_audit(bank).faults if fault in each], run_audit(bank).faults


def test_the_audit_finds_a_plan_that_is_not_its_orders(bank: Bank) -> None:
    bought(bank, "red", lines=[(PRICE, 1)])
    sealed(bank)
    tamper(bank, "UPDATE loan SET amount_tiyn = amount_tiyn - 1")
    assert [each for each in run_audit(bank).faults if "on a plan" in each]


class TestViews:
    def test_orders_come_a_page_at_a_time_the_newest_first(self, bank: Bank) -> None:
        first = bought(bank)
        made = [first, *(bought(bank, owner=first.customer_id) for _ in range(2))]
        make.handed_over(bank, made[1])
        mine = {"customer_id": first.customer_id, "most": 2}
        page = bank.db.read_now(views.orders, **mine)
        rest = bank.db.read_now(views.orders, **mine, before=page[-1].row)
        assert [each.id for each in page + rest] == [each.order for each in reversed(made)]
        for group, count in (("open", 2), ("archive", 1), ("", 2)):
            assert len(bank.db.read_now(views.orders, **mine, group=group)) == count
        assert bank.db.read_now(views.orders, customer_id=0) == []

    def test_a_stranger_sees_neither_order_nor_purchase(self, bank: Bank) -> None:
        made, other = bought(bank), bought(bank)
        with pytest.raises(NotFound):
            bank.db.read_now(views.order, customer_id=other.customer_id, order_id=made.order)
        with pytest.raises(NotFound):
            bank.db.read_now(views.purchase, customer_id=other.customer_id, purchase_id=made.purchase)

    def test_an_order_says_what_may_be_done_with_it(self, bank: Bank) -> None:
        made = bought(bank, lines=[(PRICE, 2)], delivery=Money.tenge(990))
        assert (seen(bank, made).may_cancel, seen(bank, made).return_until) == (True, {})
        make.handed_over(bank, made)
        order = seen(bank, made)
        assert (order.may_cancel, [each.may_return for each in order.lines]) == (False, [2, 0])
        make.asked_back(bank, made)
        assert [each.may_return for each in seen(bank, made).lines] == [0, 0]


def test_the_worker_settles_what_is_due_and_the_agenda_says_what_will_be(bank: Bank) -> None:
    made = bought(bank)
    after = bank.clock.now() + timedelta(days=9)
    found = asyncio.run(agendas.agenda(bank, until=after))["orders"]
    assert [each.subject for each in found] == [f"order:{made.order_id}"]
    assert asyncio.run(worker.settle_due(bank)) == 0
    bank.clock.jump(timedelta(days=9))
    assert [asyncio.run(worker.settle_due(bank)) for _ in range(2)] == [1, 0]
    assert seen(bank, made).status == "CANCELLED"


def test_the_worker_answers_for_a_merchant_who_says_nothing(bank: Bank) -> None:
    made = make.handed_over(bank, bought(bank))
    make.asked_back(bank, made)
    ((number,),) = sql(bank, "SELECT id FROM order_return")
    found = asyncio.run(agendas.agenda(bank, until=bank.clock.now() + timedelta(days=3)))["orders"]
    assert [each.subject for each in found] == [f"order_return:{number}"]
    bank.clock.jump(timedelta(days=3))
    assert [asyncio.run(worker.settle_due(bank)) for _ in range(2)] == [1, 0]
    assert [each.state for each in seen(bank, made).returns] == ["approved"]
    found = asyncio.run(agendas.agenda(bank, until=bank.clock.now() + timedelta(days=14)))["orders"]
    assert [each.subject for each in found] == [f"order_return:{number}"]
    bank.clock.jump(timedelta(days=14))
    assert [asyncio.run(worker.settle_due(bank)) for _ in range(2)] == [1, 0]
    assert [each.state for each in seen(bank, made).returns] == ["done"]


def test_goods_that_were_taken_home_make_their_product_popular(bank: Bank) -> None:
    made = bought(bank, lines=[(PRICE, 3), (PRICE, 1)])
    offers = ", ".join(str(each) for each in made.offers)
    asked = f"SELECT p.sold FROM product p JOIN offer o ON o.product_id = p.id WHERE o.id IN ({offers}) ORDER BY o.id"
    before = sql(bank, asked)
    dropping_one = by_merchant(made) | {"reason": "MERCHANT_OUT_OF_STOCK", "line": 1, "cancelled": 1}
    bank.db.write_now(dropping.cancel_by_merchant, **dropping_one)
    assert sql(bank, asked) == before
    make.handed_over(bank, made)
    after = sql(bank, asked)
    assert [now - was for (was,), (now,) in zip(before, after, strict=True)] == [2, 1]


def test_the_list_of_operations_names_where_the_money_went(bank: Bank) -> None:
    for source, words in (("wallet", "wallet"), ("bank_card", "card:1234"), ("red", "red"), ("bonus", "bonus")):
        made = bought(bank, source, lines=[(PRICE, 1)])
        bank.db.write_now(dropping.cancel_by_buyer, **by_buyer(made))
        row = bank.db.read_now(wallet.operations, customer_id=made.customer_id)[0]
        assert (row.kind, row.source, row.amount, row.counterparty) == ("order_refund", words, PRICE, made.merchant)
        assert row.account == seen(bank, made).code
