"""The last item, and everybody at once: one order, clear refusals, nothing held for anybody else."""

from __future__ import annotations

from collections import Counter

from kaspi_web.domain.checkout import service as checkout
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.make import shop
from tests.make.ledger import sql
from tests.races import shop_callers
from tests.races.field import Field
from tests.races.givens import held

PRICE, HAD = Money.tenge(100), Money.tenge(10_000)


def fetching_of(*sellers: shop.Seller) -> dict[str, tuple[str, int]]:
    """As callers in other processes are told it."""
    return {each.slug: ("DELIVERY_PICKUP", each.points[0]) for each in sellers}


def baskets_of(bank: Bank, owners: list[int], wanted: dict[int, int]) -> None:
    """Everybody has the same in their basket, also what has run out meanwhile."""
    for owner in owners:
        for offer, many in wanted.items():
            sql(
                bank,
                "INSERT INTO basket_line (customer_id, offer_id, quantity, seen_price_tiyn, added_at)"
                " SELECT :owner, id, :many, price_tiyn, changed_at FROM offer WHERE id = :offer",
                owner=owner,
                offer=offer,
                many=many,
            )


def checkouts_of(bank: Bank, owners: list[int]) -> list[tuple[int, str]]:
    return [(owner, bank.db.write_now(checkout.open, customer_id=owner)) for owner in owners]


def test_two_racing_for_the_last_item_make_one_order_and_one_clear_refusal(field: Field) -> None:
    """saleor#543, django-oscar#1811, #4524, vendure#3508: the last item sold twice."""
    bank, of = field.bank, shop.seller(field.bank)
    offer = shop.offer(bank, of, PRICE, pieces=1)
    owners = [shop.buyer(bank, money=HAD) for _ in range(2)]
    baskets_of(bank, owners, {offer: 1})
    outcome = field.race(shop_callers.buys, checkouts=checkouts_of(bank, owners), fetching=fetching_of(of))
    (purchase,) = set(outcome.answers)
    # The buyer's other taps come too late for their own checkout, the other's find nothing; nobody hears anything else.
    assert set(outcome.refusals) <= {"GoodsGone", "OutOfStock", "SetAsideOver", "CheckoutContentChanged"}
    assert outcome.refusals["GoodsGone"] + outcome.refusals["OutOfStock"] > 0
    ((winner,),) = sql(bank, "SELECT customer_id FROM purchase WHERE public_id = :id", id=purchase)
    (loser,) = set(owners) - {winner}
    assert sql(bank, "SELECT COUNT(*) FROM shop_order") == [(1,)]
    assert (shop.has(bank, "wallet", winner), shop.has(bank, "wallet", loser)) == (HAD - PRICE, HAD)
    assert (held(bank), shop.stock_of(bank, offer)) == (PRICE, (0, 0))
    assert sql(bank, "SELECT COUNT(*) FROM reservation WHERE state = 'held'") == [(0,)]


def test_of_many_buyers_as_many_are_served_as_there_are_pieces(field: Field) -> None:
    bank, of, can = field.bank, shop.seller(field.bank), 5
    first, second = (shop.offer(bank, of, PRICE, pieces=can) for _ in range(2))
    owners = [shop.buyer(bank, money=HAD) for _ in range(24)]
    # Half of them have put the two into the basket the other way round.
    baskets_of(bank, owners[::2], {first: 1, second: 1})
    baskets_of(bank, owners[1::2], {second: 1, first: 1})
    outcome = field.race(shop_callers.buys, checkouts=checkouts_of(bank, owners), fetching=fetching_of(of))
    assert len(set(outcome.answers)) == can
    assert [shop.stock_of(bank, offer) for offer in (first, second)] == [(0, 0), (0, 0)]
    assert held(bank) == Money(PRICE.tiyn * 2 * can)
    buyers = Counter(shop.has(bank, "wallet", owner) for owner in owners)
    assert buyers == {HAD - Money(PRICE.tiyn * 2): can, HAD: len(owners) - can}


def test_the_same_tap_by_all_is_one_purchase(field: Field) -> None:
    """formancehq/stack#1464, medusa#14770: the same request twice paid twice."""
    bank, of = field.bank, shop.seller(field.bank)
    owner, offer = shop.buyer(bank, money=HAD), shop.offer(bank, of, PRICE)
    checkout_id = shop.opened(bank, owner, {offer: 1})
    agreed = shop.proposed(bank, owner, checkout_id, of)
    this = {"owner": owner, "checkout_id": checkout_id, "amount": agreed.amount, "proposal": agreed.number}
    outcome = field.race(shop_callers.presses, **this)
    assert (len(set(outcome.answers)), outcome.refusals) == (1, Counter())
    assert (shop.has(bank, "wallet", owner), held(bank)) == (HAD - PRICE, PRICE)
    assert shop.stock_of(bank, offer) == (9, 0)


def test_pieces_whose_time_is_over_are_taken_by_one_and_let_go_by_nobody_else(field: Field) -> None:
    bank, of, can = field.bank, shop.seller(field.bank), 6
    offer = shop.offer(bank, of, PRICE, pieces=can)
    slow = [shop.buyer(bank, money=HAD) for _ in range(can)]
    baskets_of(bank, slow, {offer: 1})
    over = checkouts_of(bank, slow)
    for owner, checkout_id in over:
        shop.proposed(bank, owner, checkout_id, of)
    sql(bank, "UPDATE reservation SET expires_at = (SELECT issued_at FROM checkout WHERE id = checkout_id)")
    quick = [shop.buyer(bank, money=HAD) for _ in range(16)]
    baskets_of(bank, quick, {offer: 1})
    given = {"checkouts": checkouts_of(bank, quick), "over": [f"checkout:{name}" for _, name in over]}
    outcome = field.race(shop_callers.buys_or_lets_go, **given, fetching=fetching_of(of))
    assert sql(bank, "SELECT COUNT(*) FROM purchase") == [(can,)]
    assert outcome.refusals["GoodsGone"] + outcome.refusals["OutOfStock"] > 0
    assert (shop.stock_of(bank, offer), held(bank)) == ((0, 0), Money(PRICE.tiyn * can))


def test_purchases_and_cancellations_of_the_same_goods_lock_nobody_out(field: Field) -> None:
    """django-oscar PR#4594, blnk#244: locks taken in opposite orders."""
    bank, first, second = field.bank, shop.seller(field.bank), shop.seller(field.bank)
    spend, many = Money.tenge(50), 16
    wanted = {shop.offer(bank, of, PRICE, pieces=many): 1 for of in (first, second)}
    owners = [shop.buyer(bank, money=HAD, bonus=Money.tenge(1_000)) for _ in range(4)]
    made = [shop.bought(bank, owner, wanted, first, second, spend=spend) for owner in owners * 2]
    orders = [(owner, order.id) for owner, each in zip(owners * 2, made, strict=True) for order in each.orders]
    checkouts = []
    for owner in owners * 2:
        sql(bank, "DELETE FROM basket_line WHERE customer_id = :id", id=owner)
        baskets_of(bank, [owner], dict(reversed(wanted.items())))
        checkouts += checkouts_of(bank, [owner])
    given = {"checkouts": checkouts, "orders": orders, "spend": spend}
    outcome = field.race(shop_callers.buys_or_cancels, **given, fetching=fetching_of(first, second))
    assert outcome.answers.count("cancelled") > 0
    bought = sql(bank, "SELECT COUNT(*) FROM purchase")[0][0] - len(made)
    assert [shop.stock_of(bank, offer)[0] for offer in wanted] == [many - bought] * 2
    assert held(bank) == Money(PRICE.tiyn * 2 * bought)
    for owner in owners:
        mine = sql(bank, "SELECT COUNT(*) FROM purchase WHERE customer_id = :id", id=owner)[0][0] - 2
        left = (shop.has(bank, "wallet", owner), shop.has(bank, "bonus", owner))
        assert left == (
            HAD - Money((PRICE.tiyn * 2 - spend.tiyn) * mine),
            Money.tenge(1_000) - Money(spend.tiyn * mine),
        )
