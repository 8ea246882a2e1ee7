"""A credit is signed within three days by a code, or given up with everything back where it came from."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from kaspi_web.domain.checkout import expiring, signing
from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.checkout.service import Bought
from kaspi_web.domain.checkout.signing import SigningOver
from kaspi_web.domain.loans.offers import HasOverdue
from kaspi_web.domain.orders import dropping, views
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.workers import checkout as worker
from tests.make import plans, shop
from tests.make.ledger import assert_clean, entries, sql
from tests.make.sms import last_code

BONUS = Money.tenge(10_000)


def signing_one(bank: Bank) -> tuple[int, int, Bought]:
    """A purchase on credit, with bonuses beside, whose contract is not signed."""
    owner, of = shop.known(bank, shop.buyer(bank, money=ZERO, bonus=BONUS)), shop.seller(bank)
    offer = shop.offer(bank, of, Money.tenge(110_000))
    given = {"source": "credit", "months": 12, "spend": BONUS}
    return owner, offer, shop.bought(bank, owner, {offer: 1}, of, **given)


def who(owner: int, made: Bought) -> dict[str, object]:
    return {"customer_id": owner, "purchase_id": made.id}


def state_of(bank: Bank, owner: int, made: Bought) -> str:
    return bank.db.read_now(checkout.purchase, **who(owner, made)).state


def phone_of(bank: Bank, owner: int) -> str:
    return sql(bank, "SELECT phone FROM customer WHERE id = :id", id=owner)[0][0]


def assert_given_up(bank: Bank, owner: int, offer: int, made: Bought, reason: str) -> None:
    assert state_of(bank, owner, made) == "refused"
    assert shop.orders_of(bank, made) == [("ARCHIVE", "CANCELLED", reason)]
    assert (shop.has(bank, "bonus", owner), shop.has(bank, "holds")) == (BONUS, ZERO)
    assert (shop.stock_of(bank, offer), shop.basket(bank, owner).count) == ((10, 0), 1)
    assert [tuple(row) for row in sql(bank, "SELECT state, amount_tiyn FROM loan")] == [("cancelled", 0)]
    assert [tuple(row) for row in sql(bank, "SELECT state FROM operation WHERE kind = 'purchase'")] == [("refused",)]
    assert_clean(bank)


def test_the_tap_keeps_the_goods_and_the_merchant_waits_for_the_signature(bank: Bank) -> None:
    owner, offer, made = signing_one(bank)
    assert made.state == "signing"
    assert shop.orders_of(bank, made) == [("SIGN_REQUIRED", "APPROVED_BY_BANK", "")]
    assert (shop.stock_of(bank, offer), shop.has(bank, "holds")) == ((9, 0), BONUS)
    assert [tuple(row) for row in sql(bank, "SELECT state, amount_tiyn FROM loan")] == [("signing", 10_000_000)]
    assert entries(bank, "purchase_held") == 0
    assert_clean(bank)


def test_no_other_code_than_that_of_the_signature_is_asked_for(bank: Bank) -> None:
    owner, of = shop.known(bank, shop.buyer(bank)), shop.seller(bank)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of, Money.tenge(100_000)): 1})
    agreed = shop.proposed(bank, owner, checkout_id, of, source="credit", months=12)
    assert not agreed.needs_code
    assert shop.pressed(bank, owner, checkout_id, agreed).state == "signing"


def test_the_contract_says_what_is_borrowed_and_paid_back(bank: Bank) -> None:
    owner, _, made = signing_one(bank)
    shown = bank.db.read_now(signing.contract, **who(owner, made))
    (part,) = shown.parts
    assert (shown.lent, shown.months, len(part.lines), part.lines[-1].left) == (Money.tenge(100_000), 12, 12, ZERO)
    assert shown.total == shown.lent + shown.overpay
    assert shown.overpay > ZERO
    assert shown.gesv >= part.rate > 0
    with pytest.raises(NotFound):
        bank.db.read_now(signing.contract, **who(shop.buyer(bank), made))


def test_signed_with_the_code_it_is_the_merchant_s_and_once_is_enough(bank: Bank) -> None:
    owner, _, made = signing_one(bank)
    bank.db.write_now(signing.send_code, **who(owner, made))
    code = last_code(bank, phone_of(bank, owner))
    assert bank.db.write_now(signing.sign, **who(owner, made), typed="1") is not None
    assert state_of(bank, owner, made) == "signing"
    assert bank.db.write_now(signing.sign, **who(owner, made), typed=code) is None
    before = shop.left_behind(bank)
    assert bank.db.write_now(signing.sign, **who(owner, made), typed=code) is None
    assert shop.left_behind(bank) == before
    assert shop.orders_of(bank, made) == [("NEW", "APPROVED_BY_BANK", "")]
    assert sql(bank, "SELECT state FROM loan") == [("reserved",)]
    assert state_of(bank, owner, made) == "placed"
    assert_clean(bank)


def test_a_signed_contract_stays_as_it_was_read(bank: Bank) -> None:
    owner, of = shop.known(bank, shop.buyer(bank, money=ZERO)), shop.seller(bank)
    offer = shop.offer(bank, of, Money.tenge(60_000))
    made = shop.bought(bank, owner, {offer: 2}, of, source="credit", months=12)
    read = bank.db.read_now(signing.contract, **who(owner, made))
    bank.db.write_now(signing.send_code, **who(owner, made))
    bank.db.write_now(signing.sign, **who(owner, made), typed=last_code(bank, phone_of(bank, owner)))
    (order,) = bank.db.read_now(views.purchase, **who(owner, made)).orders
    cancelled = {"customer_id": owner, "order_id": order.id, "line": 1, "cancelled": 1}
    bank.db.write_now(dropping.cancel_by_buyer, **cancelled)
    bank.clock.jump(timedelta(days=90))
    kept = bank.db.read_now(signing.contract, **who(owner, made))
    assert (kept.state, kept.parts, kept.total, kept.gesv) == ("placed", read.parts, read.total, read.gesv)


def test_whoever_is_late_with_another_plan_signs_nothing(bank: Bank) -> None:
    owner, _, made = signing_one(bank)
    bank.db.write_now(signing.send_code, **who(owner, made))
    code = last_code(bank, phone_of(bank, owner))
    plans.lent(bank, owner, Money.tenge(30_000), "instalment")
    # Its first payment was due a month ago.
    sql(bank, "UPDATE loan_payment SET due_on = :day WHERE number = 1", day=bank.clock.today() - timedelta(days=1))
    with pytest.raises(HasOverdue):
        bank.db.write_now(signing.send_code, **who(owner, made), again=True)
    with pytest.raises(HasOverdue):
        bank.db.write_now(signing.sign, **who(owner, made), typed=code)
    assert state_of(bank, owner, made) == "signing"


def test_after_three_days_of_the_bank_s_clock_the_worker_gives_it_up(bank: Bank) -> None:
    owner, offer, made = signing_one(bank)
    bank.clock.jump(timedelta(days=3) - timedelta(minutes=1))
    assert asyncio.run(worker.settle_due(bank)) == 0
    assert state_of(bank, owner, made) == "signing"
    (due,) = bank.db.read_now(expiring.due, until=bank.clock.now() + timedelta(minutes=2))
    bank.clock.jump(timedelta(minutes=1))
    assert due.due_at <= bank.clock.now()
    with pytest.raises(SigningOver):
        bank.db.write_now(signing.send_code, **who(owner, made))
    with pytest.raises(SigningOver):
        bank.db.write_now(signing.sign, **who(owner, made), typed="1")
    assert asyncio.run(worker.settle_due(bank)) == 1
    assert asyncio.run(worker.settle_due(bank)) == 0
    assert_given_up(bank, owner, offer, made, "TIMEOUT_BUYER_SIGNATURE")


def test_declined_by_the_buyer_it_is_given_up_at_once(bank: Bank) -> None:
    owner, offer, made = signing_one(bank)
    with pytest.raises(NotFound):
        bank.db.write_now(signing.decline, **who(shop.buyer(bank), made))
    bank.db.write_now(signing.decline, **who(owner, made))
    bank.db.write_now(signing.decline, **who(owner, made))
    assert_given_up(bank, owner, offer, made, "BUYER_CANCELLATION_HIMSELF")
    assert bank.db.read_now(signing.contract, **who(owner, made)).total == ZERO


def test_what_was_signed_can_neither_be_declined_here_nor_expire(bank: Bank) -> None:
    owner, _, made = signing_one(bank)
    bank.db.write_now(signing.send_code, **who(owner, made))
    bank.db.write_now(signing.sign, **who(owner, made), typed=last_code(bank, phone_of(bank, owner)))
    with pytest.raises(SigningOver):
        bank.db.write_now(signing.decline, **who(owner, made))
    number = sql(bank, "SELECT id FROM purchase")[0][0]
    bank.clock.jump(timedelta(days=4))
    bank.db.write_now(expiring.settle, subject=f"purchase:{number}")
    assert state_of(bank, owner, made) == "placed"


def test_only_a_credit_has_a_contract(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank)
    made = shop.bought(bank, owner, {shop.offer(bank, of): 1}, of)
    with pytest.raises(NotFound):
        bank.db.read_now(signing.contract, **who(owner, made))


def test_goods_come_back_into_the_basket_in_the_order_in_which_everybody_locks_its_lines(bank: Bank) -> None:
    owner, of = shop.known(bank, shop.buyer(bank, money=ZERO)), shop.seller(bank)
    first, second = (shop.offer(bank, of, Money.tenge(50_000)) for _ in range(2))
    made = shop.bought(bank, owner, {second: 1, first: 2}, of, source="credit", months=12)
    assert sql(bank, "SELECT offer_id FROM order_line ORDER BY number") == [(second,), (first,)]
    bank.db.write_now(signing.decline, **who(owner, made))
    lines = sql(bank, "SELECT offer_id, quantity, seen_price_tiyn FROM basket_line ORDER BY id")
    assert [tuple(row) for row in lines] == [(first, 2, 5_000_000), (second, 1, 5_000_000)]
