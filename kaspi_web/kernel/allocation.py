"""Sharing a sum out so that the parts add up to it, to the tiyn."""

from __future__ import annotations

from collections.abc import Sequence

from kaspi_web.kernel.money import ZERO, Money


def allocate(total: Money, weights: Sequence[int]) -> list[Money]:
    """`total` in proportion to `weights` by the largest remainder; of equal remainders the earlier is first.

    No part is above its weight when `total` is not above their sum, and weights of zero get nothing.
    """
    assert total >= ZERO, "nothing below zero is shared out"
    assert all(weight >= 0 for weight in weights), "weights are not below zero"
    whole = sum(weights)
    if not whole:
        assert not total, "there is somebody to give to"
        return [ZERO for _ in weights]
    floors = [total.tiyn * weight // whole for weight in weights]
    remainders = [total.tiyn * weight % whole for weight in weights]
    left = total.tiyn - sum(floors)
    first = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))[:left]
    return [Money(floor + (place in first)) for place, floor in enumerate(floors)]


def piece(total: Money, of: int, first: int, last: int) -> Money:
    """What of `total`, which is for `of` pieces, falls on those after `first` up to `last`.

    It is the difference of two shares rounded down, so that pieces taken one by one add up to the whole.
    """
    assert of > 0, "a line has a piece"
    assert 0 <= first <= last <= of, "pieces of the line"
    return Money(total.tiyn * last // of - total.tiyn * first // of)
