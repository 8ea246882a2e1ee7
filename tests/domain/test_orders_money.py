"""Money of orders from every source: cancelled, handed over and returned, whole and in pieces, to the tiyn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.models import Card
from kaspi_web.domain.orders import dropping, due, giving_back, hand_over, returns
from kaspi_web.domain.orders.dropping import PiecesTooMany, ReasonUnknown
from kaspi_web.domain.orders.returns import (
    ReturnOpen,
    ReturnOver,
    ReturnReasonUnknown,
    ReturnTooLate,
    ReturnTooMany,
    ReturnWordsMissing,
)
from kaspi_web.domain.orders.transitions import OrderMoveRefused
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make import orders as make
from tests.make.ledger import account, assert_clean, entries, moved, post, sql
from tests.make.orders import SOURCES, Bought, bought, by_buyer, by_merchant, seen
from tests.make.races import answers_of, at_once, refusals
from tests.make.sms import last_code, messages

PRICE, ODD = Money.tenge(12_000), Money(1_100_007)
LINES = ((PRICE, 3), (ODD, 2))
"""A sum that neither thirds nor halves share out evenly."""
WHOLE = Money(3 * PRICE.tiyn + 2 * ODD.tiyn)
DELIVERY = Money.tenge(990)
every_source = pytest.mark.parametrize("source", SOURCES)
OUT = "MERCHANT_OUT_OF_STOCK"


def cancel(bank: Bank, made: Bought, *, line: int | None = None, cancelled: int | None = None) -> None:
    bank.db.write_now(dropping.cancel_by_merchant, **by_merchant(made), reason=OUT, line=line, cancelled=cancelled)


def all_back(bank: Bank, made: Bought) -> Money:
    """What the buyer has at hand: wallet, bonuses, a card of ours, and what went to another bank's card."""
    has = make.balances(bank, made)
    asked = "SELECT COALESCE(SUM(amount_tiyn), 0) FROM card_refund WHERE state <> 'declined'"
    return has["wallet"] + has["bonus"] + has.get("card", ZERO) + Money(int(sql(bank, asked)[0][0]))


def paid_with(bank: Bank, source: str) -> Bought:
    return bought(bank, source, lines=LINES, delivery=DELIVERY)


def lent(bank: Bank) -> Money:
    asked = "SELECT COALESCE(SUM(amount_tiyn - repaid_tiyn - returned_tiyn), 0) FROM loan WHERE state <> 'cancelled'"
    return Money(int(sql(bank, asked)[0][0]))


@every_source
def test_an_order_cancelled_line_by_line_and_piece_by_piece_gives_back_exactly_what_was_paid(
    bank: Bank, source: str
) -> None:
    made = paid_with(bank, source)
    stock, whole = make.pieces_in_stock(bank, made), WHOLE + DELIVERY
    for line, pieces in ((1, 1), (2, 1), (1, 2), (1, 3), (2, 2)):
        cancel(bank, made, line=line, cancelled=pieces)
        order = seen(bank, made)
        assert order.promised_bonus == Money(sum(each.money.tiyn for each in _left(bank, made)) // 100)
        assert_clean(bank)
    assert (order.status, order.cancellation_reason, order.left) == ("CANCELLED", OUT, ZERO)
    is_plan = source in make.PLANS
    assert all_back(bank, made) == (ZERO if is_plan else whole)
    assert lent(bank) == ZERO
    assert make.pieces_in_stock(bank, made) == stock + 5
    assert make.listed(bank, made) == make.balances(bank, made)["wallet"]
    assert make.balances(bank, made)["merchant"] == ZERO


class _Left:
    def __init__(self, money: Money) -> None:
        self.money = money


def _left(bank: Bank, made: Bought) -> list[_Left]:
    asked = "SELECT (quantity - cancelled) * price_tiyn - (bonus_tiyn - bonus_tiyn * cancelled / quantity) AS left_"
    asked += " FROM order_line WHERE order_id = :id"
    return [_Left(Money(int(row[0]))) for row in sql(bank, asked, id=made.order_id)]


@every_source
def test_an_order_cancelled_at_once_gives_back_what_was_paid_with_its_delivery(bank: Bank, source: str) -> None:
    made = make.accepted(bank, paid_with(bank, source))
    bank.db.write_now(dropping.cancel_by_buyer, **by_buyer(made))
    assert all_back(bank, made) == (ZERO if source in make.PLANS else WHOLE + DELIVERY)
    assert lent(bank) == ZERO
    assert seen(bank, made).promised_bonus == ZERO
    assert_clean(bank)


@every_source
def test_the_seller_is_paid_at_the_hand_over_and_not_before(bank: Bank, source: str) -> None:
    made = make.brought(bank, paid_with(bank, source))
    bank.db.write_now(hand_over.ask_code, **by_merchant(made))
    assert make.balances(bank, made)["merchant"] == ZERO
    code = last_code(bank, made.phone)
    for _ in range(2):
        # Whoever does not know whether it went through asks again.
        assert bank.db.write_now(hand_over.hand_over, **by_merchant(made), code=code) is None
    has, commission = make.balances(bank, made), WHOLE.share(1000)
    assert has["merchant"] == WHOLE + DELIVERY - commission
    assert has["commission"] == commission
    assert has["bonus"] == seen(bank, made).money.share(100)
    assert lent(bank) == (WHOLE + DELIVERY if source in make.PLANS else ZERO)
    assert entries(bank, "order_handed_over") == 1
    assert make.listed(bank, made) == has["wallet"]
    assert_clean(bank)


@every_source
def test_an_order_returned_piece_by_piece_comes_to_the_whole_of_its_goods(bank: Bank, source: str) -> None:
    made = make.handed_over(bank, paid_with(bank, source))
    stock, before = make.pieces_in_stock(bank, made), make.balances(bank, made)
    for line, pieces in ((1, 1), (2, 1), (1, 2), (2, 1)):
        make.given_back(bank, made, line=line, pieces=pieces)
        assert_clean(bank)
    has = make.balances(bank, made)
    # The delivery stays the seller's, and its money keeps its bonus.
    kept = [each for each in seen(bank, made).lines if each.kind == "delivery"][0]
    bonus_kept = kept.money.share(100)
    assert has["merchant"] == DELIVERY
    assert has["commission"] == ZERO
    if source in make.PLANS:
        assert lent(bank) == DELIVERY
        assert has["bonus"] == bonus_kept
    else:
        assert all_back(bank, made) == WHOLE + bonus_kept
        assert before["bonus"] >= bonus_kept
    assert make.pieces_in_stock(bank, made) == stock + 5
    assert make.listed(bank, made) == has["wallet"]
    assert [each.left for each in seen(bank, made).lines] == [0, 0, 1]


@every_source
def test_some_pieces_cancelled_some_handed_over_and_some_returned_add_up(bank: Bank, source: str) -> None:
    made = paid_with(bank, source)
    cancel(bank, made, line=1, cancelled=1)
    make.handed_over(bank, made)
    make.given_back(bank, made, line=1, pieces=1)
    make.given_back(bank, made, line=2, pieces=1)
    order, has = seen(bank, made), make.balances(bank, made)
    assert [(each.cancelled, each.returned, each.left) for each in order.lines[:2]] == [(1, 1, 1), (0, 1, 1)]
    assert has["merchant"] + has["commission"] == order.left
    assert has["commission"] == order.commission
    assert make.listed(bank, made) == has["wallet"]
    assert_clean(bank)


def test_a_piece_that_drops_out_or_comes_back_is_worth_its_price(bank: Bank) -> None:
    for spend in (1, 2, 99, 100, 101, 299):
        made = bought(bank, lines=[(Money(100), 3)], spend=Money(spend))
        before = all_back(bank, made)
        cancel(bank, made, line=1, cancelled=1)
        assert all_back(bank, made) - before == Money(100), spend
        make.handed_over(bank, made)
        for _ in range(2):
            make.given_back(bank, made)
        back = [view.to_bonus + view.to_money + view.withheld for view in seen(bank, made).returns]
        assert back == [Money(100)] * 2, spend
        assert make.balances(bank, made)["merchant"] == ZERO
        assert_clean(bank)


class TestWhatTheBonusCosts:
    def test_a_bonus_that_is_spent_is_withheld_from_the_money_that_comes_back(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank, lines=[(Money.tenge(10_000), 1)]))
        _spend_bonus(bank, made, Money.tenge(90))
        make.given_back(bank, made)
        (view,) = seen(bank, made).returns
        assert (view.taken_back, view.withheld) == (Money.tenge(10), Money.tenge(90))
        assert (view.to_money, view.goes_to) == (Money.tenge(9_910), "wallet")
        assert make.balances(bank, made)["wallet"] == Money.tenge(9_910)
        assert_clean(bank)

    def test_a_plan_shrinks_by_that_much_less(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank, "red", lines=[(Money.tenge(9_000), 2)]))
        _spend_bonus(bank, made, Money.tenge(180))
        make.given_back(bank, made)
        (view,) = seen(bank, made).returns
        assert (view.off_plan, view.to_money, view.withheld) == (Money.tenge(8_910), ZERO, Money.tenge(90))
        assert lent(bank) == Money.tenge(9_090)
        assert_clean(bank)


def _spend_bonus(bank: Bank, made: Bought, amount: Money) -> None:
    post(bank, (account(bank, "bonus", str(made.customer_id)), account(bank, "bonus_expense"), amount))


class TestCards:
    def test_money_of_a_card_that_was_unlinked_comes_to_the_wallet(self, bank: Bank) -> None:
        for source in ("own_card", "bank_card"):
            made = bought(bank, source)
            _unlink(bank, made)
            cancel(bank, made)
            assert make.balances(bank, made)["wallet"] == Money.tenge(10_000)
            assert make.listed(bank, made) == Money.tenge(10_000)
        assert_clean(bank)

    def test_returned_money_of_a_card_that_was_unlinked_comes_to_the_wallet(self, bank: Bank) -> None:
        for source in ("own_card", "bank_card"):
            made = make.handed_over(bank, bought(bank, source))
            _unlink(bank, made)
            make.given_back(bank, made)
            assert make.balances(bank, made)["wallet"] == Money.tenge(10_000)
        assert_clean(bank)

    @pytest.mark.parametrize("is_return", [False, True])
    def test_what_the_cards_bank_does_not_take_comes_to_the_wallet_once(self, bank: Bank, is_return: bool) -> None:
        made = bought(bank, "bank_card", spend=Money.tenge(1_000))
        if is_return:
            make.given_back(bank, make.handed_over(bank, made))
        else:
            cancel(bank, made)
        for _ in range(2):
            make.card_refused(bank)
        assert make.balances(bank, made)["wallet"] == Money.tenge(9_000)
        assert make.listed(bank, made) == Money.tenge(9_000)
        assert entries(bank, "refund_to_wallet") == 1
        assert_clean(bank)


def _unlink(bank: Bank, made: Bought) -> None:
    public_id = bank.db.read_now(lambda unit: unit.get_one(Card, made.card_id).public_id)
    bank.db.write_now(cards.unlink, customer_id=made.customer_id, public_id=public_id)


class TestRefusals:
    def test_a_merchant_gives_a_reason_of_the_list(self, bank: Bank) -> None:
        made = bought(bank)
        before = moved(bank)
        for reason in ("", "BUYER_CANCELLATION_HIMSELF", "because"):
            with pytest.raises(ReasonUnknown):
                bank.db.write_now(dropping.cancel_by_merchant, **by_merchant(made), reason=reason)
        assert moved(bank) == before

    @pytest.mark.parametrize("pieces", [0, -1, 4, 10**12])
    def test_no_more_pieces_drop_out_than_there_are(self, bank: Bank, pieces: int) -> None:
        made = paid_with(bank, "wallet")
        before = moved(bank)
        with pytest.raises(PiecesTooMany):
            cancel(bank, made, line=1, cancelled=pieces)
        with pytest.raises(NotFound):
            cancel(bank, made, line=3)
        assert moved(bank) == before

    def test_cancelling_the_same_pieces_again_changes_nothing(self, bank: Bank) -> None:
        made = paid_with(bank, "mixed")
        cancel(bank, made, line=1, cancelled=2)
        before = moved(bank)
        cancel(bank, made, line=1, cancelled=2)
        cancel(bank, made, line=1, cancelled=1)
        assert moved(bank) == before

    def test_before_the_hand_over_nothing_is_returned(self, bank: Bank) -> None:
        made = make.accepted(bank, bought(bank))
        with pytest.raises(OrderMoveRefused):
            make.asked_back(bank, made)

    @pytest.mark.parametrize(("reason", "days"), [("unused", 14), ("defective", 30)])
    def test_goods_are_taken_back_until_the_last_day_and_not_after_it(self, bank: Bank, reason: str, days: int) -> None:
        made = make.handed_over(bank, bought(bank, lines=[(PRICE, 2)]))
        assert seen(bank, made).return_until[reason] == bank.clock.today() + timedelta(days=days)
        bank.clock.jump(timedelta(days=days))
        make.given_back(bank, made, reason=reason)
        bank.clock.jump(timedelta(days=1))
        before = moved(bank)
        with pytest.raises(ReturnTooLate):
            make.asked_back(bank, made, reason=reason)
        assert moved(bank) == before

    @pytest.mark.parametrize("pieces", [0, -1, 3, 10**15])
    def test_never_more_is_returned_than_was_bought(self, bank: Bank, pieces: int) -> None:
        made = bought(bank, lines=[(PRICE, 3)])
        cancel(bank, made, line=1, cancelled=1)
        make.handed_over(bank, made)
        with pytest.raises(ReturnTooMany):
            make.asked_back(bank, made, pieces=pieces)

    def test_a_line_has_one_open_return_and_asking_again_answers_the_first(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank, lines=[(PRICE, 3)]))
        first = make.asked_back(bank, made)
        assert make.asked_back(bank, made) == first
        with pytest.raises(ReturnOpen):
            make.asked_back(bank, made, pieces=2)
        assert sql(bank, "SELECT COUNT(*) FROM order_return")[0][0] == 1

    def test_a_defect_and_a_refusal_are_put_into_words_and_reasons_are_known(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank))
        ask = by_buyer(made) | {"line": 1, "pieces": 1}
        with pytest.raises(ReturnWordsMissing):
            bank.db.write_now(returns.ask, **ask, reason="defective", words=" ")
        with pytest.raises(ReturnReasonUnknown):
            bank.db.write_now(returns.ask, **ask, reason="other", words="")
        name = make.asked_back(bank, made)
        with pytest.raises(ReturnWordsMissing):
            bank.db.write_now(returns.refuse, merchant_id=made.merchant_id, return_id=name, refusal="  ")
        bank.db.write_now(returns.refuse, merchant_id=made.merchant_id, return_id=name, refusal="it was used")
        (view,) = seen(bank, made).returns
        assert (view.state, view.refusal) == ("refused", "it was used")
        assert make.asked_back(bank, made) != name

    def test_the_silence_of_a_merchant_is_a_yes_after_three_days(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank, lines=[(PRICE, 2)]))
        make.asked_back(bank, made)
        bank.clock.jump(timedelta(days=2, hours=23))
        assert bank.db.read_now(due.silent_now) == []
        bank.clock.jump(timedelta(hours=2))
        ((number,),) = sql(bank, "SELECT id FROM order_return")
        assert bank.db.read_now(due.silent_now) == [number]
        done = [bank.db.write_now(returns.approve_unanswered, return_id=number) for _ in range(2)]
        assert (done, bank.db.read_now(due.silent_now)) == ([True, False], [])
        (view,) = seen(bank, made).returns
        assert view.state == "approved"
        assert messages(bank, made.phone)[-1][0] == "return_approved"

    @pytest.mark.parametrize("is_silent", [False, True])
    def test_an_approved_return_is_received_by_silence_after_fourteen_days(self, bank: Bank, is_silent: bool) -> None:
        made = make.handed_over(bank, bought(bank, "mixed", lines=[(PRICE, 2)]))
        name, stock = make.asked_back(bank, made), make.pieces_in_stock(bank, made)
        before = all_back(bank, made)
        ((number,),) = sql(bank, "SELECT id FROM order_return")
        seller = {"merchant_id": made.merchant_id, "return_id": name}
        if is_silent:
            bank.clock.jump(returns.ANSWER_WITHIN)
            bank.db.write_now(returns.approve_unanswered, return_id=number)
        else:
            bank.db.write_now(returns.approve, **seller)
        bank.clock.jump(timedelta(days=13, hours=23))
        assert bank.db.read_now(due.unreceived_now) == []
        assert not bank.db.write_now(giving_back.settle_unreceived, return_id=number)
        (waits,) = bank.db.read_now(due.due, until=bank.clock.now() + timedelta(hours=2))
        assert waits.subject == f"order_return:{number}"
        bank.clock.jump(timedelta(hours=2))
        assert bank.db.read_now(due.unreceived_now) == [number]
        with pytest.raises(ReturnOver):
            bank.db.write_now(returns.refuse, **seller, refusal="nobody came")
        done = [bank.db.write_now(giving_back.settle_unreceived, return_id=number) for _ in range(2)]
        assert (done, bank.db.read_now(due.unreceived_now)) == ([True, False], [])
        (view,) = seen(bank, made).returns
        assert (view.state, entries(bank, "order_returned")) == ("done", 1)
        assert all_back(bank, made) == before + PRICE - view.taken_back
        assert make.pieces_in_stock(bank, made) == stock, "nobody has said that they are there"
        assert_clean(bank)

    def test_an_approved_return_is_refused_in_its_fourteen_days_and_received_later_too(self, bank: Bank) -> None:
        for days, ends in ((13, "refused"), (200, "done")):
            made = make.handed_over(bank, bought(bank))
            stock = make.pieces_in_stock(bank, made)
            seller = {"merchant_id": made.merchant_id, "return_id": make.asked_back(bank, made)}
            bank.db.write_now(returns.approve, **seller)
            bank.clock.jump(timedelta(days=days))
            if ends == "refused":
                bank.db.write_now(returns.refuse, **seller, refusal="nobody came")
            else:
                bank.db.write_now(giving_back.receive, **seller)
                assert make.pieces_in_stock(bank, made) == stock + 1
            assert [each.state for each in seen(bank, made).returns] == [ends]
        assert bank.db.read_now(due.unreceived_now) == []
        assert_clean(bank)

    def test_of_the_merchant_and_the_worker_at_once_one_gives_back(self, bank: Bank) -> None:
        made = make.handed_over(bank, paid_with(bank, "bank_card"))
        this = {"merchant_id": made.merchant_id, "return_id": make.asked_back(bank, made)}
        bank.db.write_now(returns.approve, **this)
        bank.clock.jump(returns.RECEIVE_WITHIN)
        ((number,),) = sql(bank, "SELECT id FROM order_return")
        said = at_once(
            lambda: bank.db.write_now(giving_back.receive, **this),
            lambda: bank.db.write_now(giving_back.settle_unreceived, return_id=number),
        )
        assert not refusals(said)
        assert entries(bank, "order_returned") == 1
        assert_clean(bank)

    def test_the_database_holds_one_open_return_of_a_line(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank, lines=[(PRICE, 2)]))
        make.asked_back(bank, made)
        copied = "order_id, line_id, quantity, reason, words, state, refusal, to_bonus_tiyn, to_money_tiyn"
        copied += ", off_plan_tiyn, taken_back_tiyn, withheld_tiyn, goes_to, asked_at"
        with pytest.raises(IntegrityError):
            sql(bank, f"INSERT INTO order_return (public_id, {copied}) SELECT 'another', {copied} FROM order_return")

    def test_a_return_goes_its_way_and_no_other(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank))
        name, seller = make.asked_back(bank, made), {"merchant_id": made.merchant_id}
        with pytest.raises(ReturnOver):
            bank.db.write_now(giving_back.receive, **seller, return_id=name)
        for _ in range(2):
            bank.db.write_now(returns.approve, **seller, return_id=name)
        for _ in range(2):
            bank.db.write_now(giving_back.receive, **seller, return_id=name)
        assert entries(bank, "order_returned") == 1
        for deed, more in (
            (returns.approve, {}),
            (returns.refuse, {"refusal": "late"}),
        ):
            with pytest.raises(ReturnOver):
                bank.db.write_now(deed, **seller, return_id=name, **more)
        with pytest.raises(ReturnOver):
            bank.db.write_now(returns.withdraw, customer_id=made.customer_id, return_id=name)

    def test_the_buyer_may_keep_the_goods_after_all(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank))
        name = make.asked_back(bank, made)
        bank.db.write_now(returns.approve, merchant_id=made.merchant_id, return_id=name)
        bank.db.write_now(returns.withdraw, customer_id=made.customer_id, return_id=name)
        with pytest.raises(ReturnOver):
            bank.db.write_now(giving_back.receive, merchant_id=made.merchant_id, return_id=name)
        assert entries(bank, "order_returned") == 0

    def test_a_stranger_finds_no_return(self, bank: Bank) -> None:
        made, other = make.handed_over(bank, bought(bank)), bought(bank)
        name = make.asked_back(bank, made)
        for deed, more in ((returns.approve, {}), (returns.refuse, {"refusal": "x"}), (giving_back.receive, {})):
            with pytest.raises(NotFound):
                bank.db.write_now(deed, merchant_id=other.merchant_id, return_id=name, **more)
        with pytest.raises(NotFound):
            bank.db.write_now(returns.withdraw, customer_id=other.customer_id, return_id=name)
        with pytest.raises(NotFound):
            bank.db.write_now(
                returns.ask, customer_id=other.customer_id, order_id=made.order, line=1, pieces=1, reason="unused"
            )

    def test_what_is_broken_does_not_lie_in_stock_again(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank))
        stock = make.pieces_in_stock(bank, made)
        make.given_back(bank, made, reason="defective")
        assert make.pieces_in_stock(bank, made) == stock


class TestAtOnce:
    def test_of_a_hand_over_and_a_cancellation_one_happens(self, bank: Bank) -> None:
        for source in ("mixed", "bank_card", "red"):
            made = make.accepted(bank, paid_with(bank, source))
            bank.db.write_now(hand_over.ask_code, **by_merchant(made))
            code = last_code(bank, made.phone)
            said = at_once(
                lambda made=made, code=code: bank.db.write_now(hand_over.hand_over, **by_merchant(made), code=code),
                lambda made=made: bank.db.write_now(dropping.cancel_by_buyer, **by_buyer(made)),
                lambda made=made: cancel(bank, made),
            )
            assert len(answers_of(said)) == 1
            assert {type(each) for each in refusals(said)} == {OrderMoveRefused}
        assert_clean(bank)

    def test_the_same_return_received_twice_at_once_gives_back_once(self, bank: Bank) -> None:
        made = make.handed_over(bank, paid_with(bank, "bank_card"))
        name = make.asked_back(bank, made, pieces=2)
        bank.db.write_now(returns.approve, merchant_id=made.merchant_id, return_id=name)
        this = {"merchant_id": made.merchant_id, "return_id": name}
        said = at_once(lambda: bank.db.write_now(giving_back.receive, **this), times=4)
        assert not refusals(said)
        assert entries(bank, "order_returned") == 1
        assert_clean(bank)

    def test_two_returns_asked_at_once_are_one(self, bank: Bank) -> None:
        made = make.handed_over(bank, bought(bank, lines=[(PRICE, 2)]))
        said = at_once(lambda: make.asked_back(bank, made, pieces=2), times=4)
        assert len(set(said)) == 1

    def test_returns_of_two_lines_at_once_both_come_to_their_end(self, bank: Bank) -> None:
        for source in ("wallet", "red", "bank_card"):
            made = make.handed_over(bank, paid_with(bank, source))
            said = at_once(
                lambda made=made: make.given_back(bank, made, line=1, pieces=3),
                lambda made=made: make.given_back(bank, made, line=2, pieces=2),
            )
            assert not refusals(said)
        assert_clean(bank)

    def test_pieces_cancelled_at_once_by_both_sides_drop_out_once(self, bank: Bank) -> None:
        made = paid_with(bank, "mixed")
        said = at_once(
            lambda: cancel(bank, made, line=1, cancelled=2),
            lambda: bank.db.write_now(dropping.cancel_by_buyer, **by_buyer(made), line=1, cancelled=2),
        )
        assert not refusals(said)
        assert seen(bank, made).lines[0].cancelled == 2
        assert entries(bank, "order_dropped") == 1
        assert_clean(bank)
