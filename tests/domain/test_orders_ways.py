"""Every way of an order, by the table of ways; every other is refused with the state, and nothing moves."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from typing import Any

import pytest

from kaspi_web.domain.orders import dropping, due, hand_over, lifecycle, timeline
from kaspi_web.domain.orders.hand_over import HandOverLocked
from kaspi_web.domain.orders.transitions import PLACES, WAYS, OrderMoveRefused, Place
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from tests.make import orders as make
from tests.make.customers import customer
from tests.make.ledger import assert_clean, moved, sql
from tests.make.moments import Watch
from tests.make.orders import Bought, bought, by_buyer, by_merchant, seen
from tests.make.sms import last_code, other_than

VERBS: dict[str, Any] = {
    "accept": lambda bank, made: bank.db.write_now(lifecycle.accept, **by_merchant(made)),
    "assemble": lambda bank, made: bank.db.write_now(lifecycle.assemble, **by_merchant(made), spaces=2),
    "transmit": lambda bank, made: bank.db.write_now(lifecycle.transmit, **by_merchant(made)),
    "arrive": lambda bank, made: bank.db.write_now(lifecycle.arrive, **by_merchant(made)),
    "hand_over": lambda bank, made: bank.db.write_now(hand_over.ask_code, **by_merchant(made)),
    "cancel_by_merchant": lambda bank, made: bank.db.write_now(
        dropping.cancel_by_merchant, **by_merchant(made), reason="MERCHANT_OUT_OF_STOCK"
    ),
    "cancel_by_buyer": lambda bank, made: bank.db.write_now(dropping.cancel_by_buyer, **by_buyer(made)),
    "refuse_parcel": lambda bank, made: bank.db.write_now(lifecycle.refuse_parcel, **by_buyer(made)),
    "not_taken": lambda bank, made: bank.db.write_now(lifecycle.not_taken, **by_merchant(made)),
    "take_back": lambda bank, made: bank.db.write_now(lifecycle.take_back, **by_merchant(made)),
    "parcel_back": lambda bank, made: bank.db.write_now(dropping.parcel_back, **by_merchant(made)),
    "overdue": lambda bank, made: bank.db.write_now(dropping.overdue, order_id=made.order_id),
    "parcel_overdue": lambda bank, made: bank.db.write_now(lifecycle.parcel_overdue, order_id=made.order_id),
    "parcel_lost": lambda bank, made: bank.db.write_now(dropping.parcel_lost, order_id=made.order_id),
    "give_up": lambda bank, made: bank.db.write_now(
        dropping.give_up, order_id=made.order_id, reason="TIMEOUT_BUYER_SIGNATURE"
    ),
}
MODES = {"PICKUP": "DELIVERY_PICKUP", "DELIVERY": "DELIVERY_LOCAL"}
FINAL = ("COMPLETED", "CANCELLED", "RETURNED")


def mode_of(place: Place) -> str:
    return MODES.get(place.state, "DELIVERY_REGIONAL_TODOOR")


def standing(bank: Bank, place: Place) -> Bought:
    """An order that has come there by its own steps."""
    if place.state == "SIGN_REQUIRED":
        return bought(bank, "credit", lines=[(Money.tenge(60_000), 1)], status="SIGN_REQUIRED")
    if place.status == "FUNDING":
        return funding(bank)
    made = bought(bank, mode=mode_of(place))
    steps = {
        "APPROVED_BY_BANK": "",
        "ACCEPTED_BY_MERCHANT": "accept",
        "ASSEMBLED": "accept assemble",
        "TRANSMITTED": "accept assemble transmit",
        "ARRIVED": "accept assemble transmit arrive",
        "KASPI_DELIVERY_RETURN_REQUESTED": "accept assemble transmit not_taken",
        "RETURN_ACCEPTED_BY_MERCHANT": "accept assemble transmit not_taken take_back",
        "RETURNED": "accept assemble transmit not_taken take_back parcel_back",
        "CANCELLED": "cancel_by_buyer",
        "COMPLETED": "",
    }[place.status]
    for verb in steps.split():
        VERBS[verb](bank, made)
    if place.status == "COMPLETED":
        make.handed_over(bank, made)
    return made


def funding(bank: Bank) -> Bought:
    """An order whose card is still charged: nothing is held for it."""
    made = bought(bank, "bonus")
    sql(bank, "UPDATE shop_order SET status = 'FUNDING' WHERE id = :id", id=made.order_id)
    return made


def place_of(bank: Bank, made: Bought) -> Place:
    ((state, status),) = sql(bank, "SELECT state, status FROM shop_order WHERE id = :id", id=made.order_id)
    return Place(state, status)


def _ends(place: Place, verb: str) -> Place:
    to = WAYS[verb].to
    return Place(place_after_accepting(place), to.status) if verb == "accept" else to


def place_after_accepting(place: Place) -> str:
    return {"DELIVERY_PICKUP": "PICKUP", "DELIVERY_LOCAL": "DELIVERY"}.get(mode_of(place), "KASPI_DELIVERY")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.state}-{place.status}")
def test_an_order_goes_only_the_ways_of_the_table(bank: Bank, place: Place) -> None:
    for verb, deed in VERBS.items():
        made = standing(bank, place)
        if place in WAYS[verb].places:
            deed(bank, made)
            wanted = place if verb == "hand_over" else _ends(place, verb)
            assert place_of(bank, made) == wanted, verb
            continue
        before = moved(bank)
        refused_or_done(bank, deed, made, place, verb)
        assert place_of(bank, made) == place, verb
        assert moved(bank) == before, verb


def refused_or_done(bank: Bank, deed: Any, made: Bought, place: Place, verb: str) -> None:
    """What was done already may be asked for again, in the same words; all else says where the order stands."""
    is_hidden = place.status == "FUNDING" and WAYS[verb].who == "merchant"
    if is_hidden:
        with pytest.raises(NotFound):
            deed(bank, made)
        return
    # Of the hand-over only its first step is tried here, which has nothing to do any more.
    if place == _ends(place, verb) and verb != "hand_over" and not _is_other_reason(place, verb):
        deed(bank, made)
        return
    with pytest.raises(OrderMoveRefused) as refused:
        deed(bank, made)
    assert refused.value.params == {"state": place.status, "verb": verb}


def _is_other_reason(place: Place, verb: str) -> bool:
    """The buyer cancelled it: whoever gives another reason is told so."""
    return place.status == "CANCELLED" and verb != "cancel_by_buyer"


def test_every_place_is_left_by_a_way_or_is_final_and_every_verb_is_tried_here() -> None:
    left = {place for way in WAYS.values() for place in way.places}
    assert {place.status for place in PLACES if place not in left} == set(FINAL)
    assert set(WAYS) - set(VERBS) == {"fund", "sign"}


@pytest.mark.parametrize("verb", ["accept", "assemble", "transmit", "arrive", "not_taken", "take_back", "parcel_back"])
def test_a_stranger_finds_no_order(bank: Bank, verb: str) -> None:
    made, stranger = bought(bank), bought(bank)
    other = Bought(**{name: getattr(stranger, name) for name in Bought.__slots__} | {"order": made.order})
    with pytest.raises(NotFound):
        VERBS[verb](bank, other)


def test_a_stranger_can_neither_cancel_nor_see_an_order(bank: Bank) -> None:
    made, stranger = bought(bank), customer(bank)
    with pytest.raises(NotFound):
        bank.db.write_now(dropping.cancel_by_buyer, customer_id=stranger, order_id=made.order)
    with pytest.raises(NotFound):
        bank.db.read_now(timeline.timeline, customer_id=stranger, order_id=made.order)


def test_the_whole_way_is_on_the_timeline_in_its_order(bank: Bank) -> None:
    made = make.handed_over(bank, bought(bank, mode="DELIVERY_REGIONAL_TODOOR"))
    events = bank.db.read_now(timeline.timeline, **by_buyer(made))
    assert [each.kind for each in events] == [
        *("placed", "accepted", "assembled", "transmitted", "arrived", "code_sent", "handed_over", "bonus_given")
    ]
    assert seen(bank, made).status == "COMPLETED"
    assert_clean(bank)


class TestDueDays:
    def test_nothing_is_due_until_the_last_day_is_over(self, bank: Bank) -> None:
        made = bought(bank)
        for day in (seen(bank, made).due_on, None):
            if day is not None:
                bank.clock.jump(_until(bank, day))
            else:
                bank.clock.jump(_until(bank, seen(bank, made).due_on, days=1))
            found = bank.db.read_now(due.due_now)
            assert found == ([] if day else [made.order_id])

    @pytest.mark.parametrize(
        ("mode", "is_accepted", "reason"),
        [
            ("DELIVERY_PICKUP", False, "TIMEOUT_MERCHANT_DELIVERY"),
            ("DELIVERY_PICKUP", True, "BUYER_CANCELLATION_BY_COURIER"),
            ("DELIVERY_LOCAL", True, "TIMEOUT_MERCHANT_DELIVERY"),
            ("DELIVERY_REGIONAL_TODOOR", True, "TIMEOUT_MERCHANT_DELIVERY"),
        ],
    )
    def test_an_order_that_nobody_handed_over_is_cancelled_once_and_paid_back(
        self, bank: Bank, mode: str, is_accepted: bool, reason: str
    ) -> None:
        made = bought(bank, mode=mode)
        if is_accepted:
            make.accepted(bank, made)
        stock = make.pieces_in_stock(bank, made)
        bank.clock.jump(_until(bank, seen(bank, made).due_on, days=1))
        assert bank.db.write_now(due.settle, order_id=made.order_id)
        assert not bank.db.write_now(due.settle, order_id=made.order_id)
        order = seen(bank, made)
        assert (order.status, order.cancellation_reason) == ("CANCELLED", reason)
        assert make.balances(bank, made)["wallet"] == Money.tenge(10_000)
        assert make.pieces_in_stock(bank, made) == stock + 1
        assert_clean(bank)

    def test_a_parcel_on_the_road_goes_back_first_and_is_waited_for_no_longer_than_so(self, bank: Bank) -> None:
        made = make.brought(bank, bought(bank, mode="DELIVERY_REGIONAL_TODOOR"))
        stock = make.pieces_in_stock(bank, made)
        for status in ("KASPI_DELIVERY_RETURN_REQUESTED", "RETURNED"):
            bank.clock.jump(_until(bank, seen(bank, made).due_on, days=1))
            assert bank.db.write_now(due.settle, order_id=made.order_id)
            assert seen(bank, made).status == status
        assert make.balances(bank, made)["wallet"] == Money.tenge(10_000)
        assert make.pieces_in_stock(bank, made) == stock, "nobody has what was lost"
        assert_clean(bank)

    def test_a_parcel_that_came_back_lies_in_stock_again(self, bank: Bank) -> None:
        made = make.brought(bank, bought(bank, mode="DELIVERY_REGIONAL_TODOOR"))
        stock = make.pieces_in_stock(bank, made)
        for verb in ("not_taken", "take_back", "parcel_back"):
            VERBS[verb](bank, made)
        assert make.pieces_in_stock(bank, made) == stock + 1


def _until(bank: Bank, day: date, days: int = 0) -> timedelta:
    return (day - bank.clock.today()) + timedelta(days=days)


class TestTheCode:
    def test_it_has_four_digits_and_goes_to_the_buyer_only(self, bank: Bank) -> None:
        made = make.accepted(bank, bought(bank))
        bank.db.write_now(hand_over.ask_code, **by_merchant(made))
        code = last_code(bank, made.phone)
        assert len(code) == 4
        assert code.isdigit()

    def test_asked_for_twice_at_once_it_is_sent_once(self, bank: Bank) -> None:
        made = make.accepted(bank, bought(bank))
        first = bank.db.write_now(hand_over.ask_code, **by_merchant(made))
        assert bank.db.write_now(hand_over.ask_code, **by_merchant(made)) == first
        asked = "SELECT COUNT(*) FROM sms_message WHERE template = 'code_hand_over' AND phone = :phone"
        assert sql(bank, asked, phone=made.phone)[0][0] == 1

    def test_five_wrong_ones_end_the_tries_and_pay_nobody(self, bank: Bank) -> None:
        made = make.accepted(bank, bought(bank))
        bank.db.write_now(hand_over.ask_code, **by_merchant(made))
        right = last_code(bank, made.phone)
        wrong = next(f"{each:04d}" for each in range(10_000) if f"{each:04d}" != right)
        before = moved(bank)
        said = [bank.db.write_now(hand_over.hand_over, **by_merchant(made), code=wrong) for _ in range(5)]
        assert [each.code for each in said] == ["code_wrong"] * 4 + ["too_many_tries"]
        with pytest.raises(Exception, match="too_many_tries"):
            bank.db.write_now(hand_over.hand_over, **by_merchant(made), code=right)
        assert moved(bank) == before

    def test_ten_wrong_ones_in_all_lock_the_order_whatever_codes_are_sent_and_hours_pass(
        self, bank: Bank, watch: Watch
    ) -> None:
        made, said = make.accepted(bank, bought(bank)), []
        for most in (5, 5, 0):
            watch.later(hours=1, seconds=1)
            with contextlib.suppress(HandOverLocked):
                bank.db.write_now(hand_over.ask_code, **by_merchant(made))
            wrong = other_than(last_code(bank, made.phone))
            said += [bank.db.write_now(hand_over.hand_over, **by_merchant(made), code=wrong) for _ in range(most)]
        assert [each.code for each in said] == ["code_wrong"] * 4 + ["too_many_tries"] + ["code_wrong"] * 4 + [
            "hand_over_locked"
        ]
        right, before = last_code(bank, made.phone), moved(bank)
        for deed, more in ((hand_over.ask_code, {}), (hand_over.hand_over, {"code": right})):
            with pytest.raises(HandOverLocked):
                bank.db.write_now(deed, **by_merchant(made), **more)
        assert moved(bank) == before
        bank.clock.jump(_until(bank, seen(bank, made).due_on, days=1))
        assert bank.db.write_now(due.settle, order_id=made.order_id)
        assert make.balances(bank, made)["wallet"] == Money.tenge(10_000)

    def test_the_tries_that_are_told_are_never_more_than_those_of_the_order(self, bank: Bank, watch: Watch) -> None:
        made, left = make.accepted(bank, bought(bank)), []
        for times in (4, 4, 2):
            watch.later(hours=1, seconds=1)
            bank.db.write_now(hand_over.ask_code, **by_merchant(made))
            wrong = other_than(last_code(bank, made.phone))
            for _ in range(times):
                said = bank.db.write_now(hand_over.hand_over, **by_merchant(made), code=wrong)
                left.append(said.params.get("tries_left", 0))
        assert left == [4, 3, 2, 1, 4, 3, 2, 1, 1, 0]

    def test_a_code_of_another_order_is_none(self, bank: Bank) -> None:
        one = make.accepted(bank, bought(bank))
        other = make.accepted(bank, bought(bank, owner=one.customer_id))
        for each in (one, other):
            bank.db.write_now(hand_over.ask_code, **by_merchant(each))
        code = last_code(bank, one.phone)
        refusal = bank.db.write_now(hand_over.hand_over, **by_merchant(one), code=code)
        assert refusal is None or refusal.code == "code_wrong"
        if refusal is None:
            # One chance in ten thousand that both got the same.
            assert seen(bank, one).status == "COMPLETED"
