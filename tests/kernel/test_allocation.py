"""Shares add up to what was shared, to the tiyn."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kaspi_web.kernel.allocation import allocate, piece
from kaspi_web.kernel.money import ZERO, Money

WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


@settings(deadline=None)
@given(WEIGHTS, st.integers(0, 10**12))
def test_parts_add_up_and_none_is_further_from_its_share_than_a_tiyn(weights: list[int], total: int) -> None:
    parts = allocate(Money(total), weights)
    assert sum(parts, ZERO) == Money(total)
    for part, weight in zip(parts, weights, strict=True):
        assert 0 <= part.tiyn * sum(weights) - total * weight + sum(weights) <= 2 * sum(weights)
        assert weight or not part


@settings(deadline=None)
@given(WEIGHTS, st.data())
def test_no_part_is_above_its_weight_while_the_total_is_not_above_theirs(
    weights: list[int], data: st.DataObject
) -> None:
    parts = allocate(Money(data.draw(st.integers(0, sum(weights)))), weights)
    assert all(part.tiyn <= weight for part, weight in zip(parts, weights, strict=True))


@settings(deadline=None)
@given(st.integers(1, 10**9), st.integers(2, 12))
def test_of_equal_weights_the_earlier_get_what_is_left_over(total: int, many: int) -> None:
    parts = [part.tiyn for part in allocate(Money(total), [1] * many)]
    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= 1


def test_nothing_is_shared_out_among_nobody() -> None:
    assert allocate(ZERO, [0, 0]) == [ZERO, ZERO]
    assert allocate(ZERO, []) == []


@settings(deadline=None)
@given(st.integers(0, 10**12), st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_pieces_taken_in_any_portions_add_up_to_the_line(total: int, portions: list[int]) -> None:
    of, taken, first = sum(portions), ZERO, 0
    for many in portions:
        part = piece(Money(total), of, first, first + many)
        assert part >= ZERO
        taken, first = taken + part, first + many
    assert taken == Money(total)


@settings(deadline=None)
@given(WEIGHTS, WEIGHTS, st.data())
def test_a_line_or_an_order_drops_out_exactly(first: list[int], second: list[int], data: st.DataObject) -> None:
    """Over orders, then over lines: what is left of each is a sum of lines, and nothing is left in the end."""
    orders = [first, second]
    weights = [sum(each) for each in orders]
    spend = Money(data.draw(st.integers(0, sum(weights))))
    shares = allocate(spend, weights)
    lines = [allocate(share, each) for share, each in zip(shares, orders, strict=True)]
    assert [sum(each, ZERO) for each in lines] == shares
    money = [
        weight - line.tiyn
        for each, of in zip(orders, lines, strict=True)
        for weight, line in zip(each, of, strict=True)
    ]
    assert min(money) >= 0
    assert sum(money) == sum(weights) - spend.tiyn
