"""What a purchase is paid with: every source and every mix says what moved in the ledger, and refusals move nothing."""

from __future__ import annotations

import pytest

from kaspi_web.domain.bonus.spending import BonusShort, BonusTooMuch
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.service import CardFrozen, CardGone
from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.loans.offers import IinNeeded, NotRedMember, RedLimitShort, TermNeedsMore, TermNotOffered
from kaspi_web.domain.orders import dropping
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from tests.make import shop
from tests.make.ledger import assert_clean, entries, sql
from tests.make.sources import own_card

SUM = Money.tenge(15_000)


def two_sellers(bank: Bank) -> tuple[shop.Seller, shop.Seller, dict[int, int]]:
    """Two lines at 4 000 and 4 000 of one seller, one of 7 000 of another: 15 000 in all."""
    first, second = shop.seller(bank), shop.seller(bank)
    wanted = {shop.offer(bank, first): 1, shop.offer(bank, first): 1, shop.offer(bank, second, Money.tenge(7_000)): 1}
    return first, second, wanted


def test_bonuses_alone_earn_nothing_and_no_money_moves(bank: Bank) -> None:
    owner = shop.buyer(bank, bonus=SUM)
    first, second, wanted = two_sellers(bank)
    made = shop.bought(bank, owner, wanted, first, second, source="bonus")
    assert (made.money, made.spent_bonus, made.bonus) == (ZERO, SUM, ZERO)
    assert (shop.has(bank, "bonus", owner), shop.has(bank, "wallet", owner)) == (ZERO, shop.RICH)
    assert shop.has(bank, "holds") == SUM
    assert (entries(bank, "bonus_held"), entries(bank, "purchase_held")) == (2, 0)
    assert_clean(bank)


def test_bonuses_beside_money_are_shared_out_over_orders_and_lines_exactly(bank: Bank) -> None:
    owner, spend = shop.buyer(bank, bonus=SUM), Money.tenge(1_000, 1)
    first, second, wanted = two_sellers(bank)
    made = shop.bought(bank, owner, wanted, first, second, spend=spend)
    lines = shop.lines_of(bank, made)
    assert [sum(column) for column in zip(*lines, strict=True)] == [SUM.tiyn, spend.tiyn, (SUM - spend).tiyn]
    assert lines == [(400_000, 26_667, 373_333), (400_000, 26_667, 373_333), (700_000, 46_667, 653_333)]
    orders = sql(bank, "SELECT bonus_tiyn, money_tiyn, promised_bonus_tiyn FROM shop_order ORDER BY id")
    assert [tuple(row) for row in orders] == [(53_334, 746_666, 7_466), (46_667, 653_333, 6_533)]
    assert made.bonus == Money(7_466 + 6_533)
    assert shop.has(bank, "wallet", owner) == shop.RICH - (SUM - spend)
    assert shop.has(bank, "holds") == SUM
    assert_clean(bank)


def test_a_card_of_ours_pays_and_the_wallet_does_not(bank: Bank) -> None:
    owner = shop.buyer(bank)
    card = own_card(bank, owner, money=SUM)
    first, second, wanted = two_sellers(bank)
    shop.bought(bank, owner, wanted, first, second, source="card", card=card.public_id)
    assert (shop.has(bank, "card", card.id), shop.has(bank, "wallet", owner)) == (ZERO, shop.RICH)
    assert shop.has(bank, "holds") == SUM
    assert sql(bank, "SELECT wallet_tiyn, source FROM operation WHERE kind = 'purchase'") == [(0, f"card:{card.last4}")]
    assert_clean(bank)


def test_red_takes_from_the_limit_and_holds_nothing(bank: Bank) -> None:
    owner = shop.member(bank, shop.buyer(bank, money=ZERO))
    first, second, wanted = two_sellers(bank)
    made = shop.bought(bank, owner, wanted, first, second, source="red", months=3)
    assert (made.state, made.months, made.bonus) == ("placed", 3, Money.tenge(150))
    loans = sql(bank, "SELECT kind, state, amount_tiyn, subject FROM loan ORDER BY id")
    assert [tuple(row)[:3] for row in loans] == [("red", "reserved", 800_000), ("red", "reserved", 700_000)]
    assert [row[3] for row in loans] == [
        f"order:{row[0]}" for row in sql(bank, "SELECT id FROM shop_order ORDER BY id")
    ]
    assert sql(bank, "SELECT reserved_tiyn FROM red_member") == [(SUM.tiyn,)]
    assert (shop.has(bank, "holds"), entries(bank, "purchase_held")) == (ZERO, 0)
    assert_clean(bank)


def test_instalments_beside_bonuses_lend_the_money_part_of_each_order(bank: Bank) -> None:
    owner = shop.known(bank, shop.buyer(bank, money=ZERO, bonus=Money.tenge(2_000)))
    of = shop.seller(bank)
    offer = shop.offer(bank, of, Money.tenge(20_000))
    checkout_id = shop.opened(bank, owner, {offer: 1})
    agreed = shop.proposed(bank, owner, checkout_id, of, source="instalment", months=3, spend=Money.tenge(2_000))
    assert agreed.quote is not None
    assert (agreed.quote.payment, agreed.quote.total, agreed.quote.overpay) == (
        Money.tenge(6_000),
        Money.tenge(18_000),
        ZERO,
    )
    shop.confirmed(bank, checkout_id)
    shop.pressed(bank, owner, checkout_id, agreed)
    assert [tuple(row) for row in sql(bank, "SELECT state, amount_tiyn, months FROM loan")] == [
        ("reserved", 1_800_000, 3)
    ]
    assert (shop.has(bank, "holds"), shop.has(bank, "bonus", owner)) == (Money.tenge(2_000), ZERO)
    assert_clean(bank)


def test_plans_are_offered_only_where_every_order_may_have_them(bank: Bank) -> None:
    owner, first, second = shop.buyer(bank), shop.seller(bank), shop.seller(bank)
    dear, cheap = shop.offer(bank, first, Money.tenge(60_000)), shop.offer(bank, second, Money.tenge(12_000))
    alone = shop.shown(bank, owner, shop.opened(bank, owner, {dear: 1}))
    assert {(each.kind, each.months) for each in alone.plans} >= {("instalment", 3), ("instalment", 24)}
    both = shop.shown(bank, owner, shop.opened(bank, owner, {cheap: 1}))
    assert ("instalment", 24) not in {(each.kind, each.months) for each in both.plans}
    (three,) = [each for each in both.plans if (each.kind, each.months) == ("instalment", 3)]
    assert (three.payment, three.total) == (Money.tenge(24_000), Money.tenge(72_000))


# --- refusals


def refused(bank: Bank, refusal: type[Exception], owner: int, price: Money = SUM, **given: object) -> Exception:
    """A proposal that is refused and leaves nothing behind."""
    of = shop.seller(bank)
    sql(bank, "DELETE FROM basket_line")
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of, price): 1})
    before = shop.left_behind(bank)
    with pytest.raises(refusal) as told:
        shop.proposed(bank, owner, checkout_id, of, **given)
    assert shop.left_behind(bank) == before
    return told.value


def test_what_the_wallet_does_not_have_is_refused(bank: Bank) -> None:
    told = refused(bank, InsufficientFunds, shop.buyer(bank, money=Money.tenge(14_000)))
    assert told.params["missing"] == Money.tenge(1_000)


@pytest.mark.parametrize("spend", [Money(-1), SUM + Money(1)])
def test_bonuses_below_nothing_or_above_the_price_are_refused(bank: Bank, spend: Money) -> None:
    refused(bank, BonusTooMuch, shop.buyer(bank, bonus=Money.tenge(50_000)), spend=spend)


def test_bonuses_that_are_not_there_are_refused(bank: Bank) -> None:
    owner = shop.buyer(bank, bonus=Money.tenge(5))
    assert refused(bank, BonusShort, owner, spend=Money.tenge(6)).params["have"] == Money.tenge(5)
    refused(bank, BonusShort, owner, source="bonus")


def test_plans_are_refused_as_they_are_refused_by_loans(bank: Bank) -> None:
    owner = shop.buyer(bank)
    refused(bank, NotRedMember, owner, source="red", months=3)
    shop.member(bank, owner, Money.tenge(10_000))
    assert refused(bank, RedLimitShort, owner, source="red", months=3).params["have"] == Money.tenge(10_000)
    refused(bank, TermNeedsMore, owner, Money.tenge(2_999), source="red", months=3)
    refused(bank, TermNotOffered, owner, Money.tenge(9_000), source="red", months=4)
    refused(bank, IinNeeded, owner, source="instalment", months=3)
    refused(bank, BonusTooMuch, shop.buyer(bank, bonus=SUM), source="red", months=3, spend=SUM)


@pytest.mark.parametrize(("deed", "refusal"), [(cards.freeze, CardFrozen), (cards.unlink, CardGone)])
def test_a_card_that_was_taken_away_after_the_proposal_pays_nothing(
    bank: Bank, deed: object, refusal: type[Exception]
) -> None:
    owner, of = shop.buyer(bank, bonus=Money.tenge(100)), shop.seller(bank)
    card = own_card(bank, owner, money=SUM)
    checkout_id = shop.opened(bank, owner, {shop.offer(bank, of): 1})
    given = {"source": "card", "card": card.public_id, "spend": Money.tenge(100)}
    agreed = shop.proposed(bank, owner, checkout_id, of, **given)
    bank.db.write_now(deed, customer_id=owner, public_id=card.public_id)
    before = shop.left_behind(bank)
    with pytest.raises(refusal):
        shop.pressed(bank, owner, checkout_id, agreed)
    assert shop.left_behind(bank) == before


def test_bonuses_spent_elsewhere_after_the_proposal_leave_everything_as_it_was(bank: Bank) -> None:
    owner = shop.buyer(bank, bonus=Money.tenge(4_000))
    first, second, wanted = two_sellers(bank)
    checkout_id = shop.opened(bank, owner, wanted)
    agreed = shop.proposed(bank, owner, checkout_id, first, second, spend=Money.tenge(4_000))
    shop.confirmed(bank, checkout_id)
    of = shop.seller(bank)
    elsewhere = shop.offer(bank, of)
    shop.laid(bank, owner, {elsewhere: 1})
    sql(bank, "DELETE FROM basket_line WHERE offer_id <> :id", id=elsewhere)
    other = bank.db.write_now(checkout.open, customer_id=owner)
    sql(bank, "UPDATE checkout SET issued_at = :then WHERE id = :id", then="2020-01-01 00:00:00+00:00", id=checkout_id)
    shop.bought_from(bank, owner, other, of, source="bonus")
    before = shop.left_behind(bank)
    with pytest.raises(BonusShort):
        shop.pressed(bank, owner, checkout_id, agreed)
    assert shop.left_behind(bank) == before
    assert_clean(bank)


# --- one seller and one line drop out exactly


def test_one_line_and_then_one_seller_drop_out_exactly(bank: Bank) -> None:
    owner, spend = shop.buyer(bank, bonus=SUM), Money.tenge(1_000, 1)
    first, second, wanted = two_sellers(bank)
    made = shop.bought(bank, owner, wanted, first, second, spend=spend)
    cancel = {"customer_id": owner}
    bank.db.write_now(dropping.cancel_by_buyer, **cancel, order_id=made.orders[0].id, line=1)
    assert shop.has(bank, "wallet", owner) == shop.RICH - (SUM - spend) + Money(373_333)
    assert shop.has(bank, "bonus", owner) == SUM - spend + Money(26_667)
    bank.db.write_now(dropping.cancel_by_buyer, **cancel, order_id=made.orders[1].id)
    bank.db.write_now(dropping.cancel_by_buyer, **cancel, order_id=made.orders[0].id)
    assert (shop.has(bank, "wallet", owner), shop.has(bank, "bonus", owner)) == (shop.RICH, SUM)
    assert shop.has(bank, "holds") == ZERO
    assert [shop.stock_of(bank, offer) for offer in wanted] == [(10, 0)] * 3
    assert_clean(bank)
