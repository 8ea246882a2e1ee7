"""Steps of popularity, price and rating: the full-text index knows of each product on which it stands.

A list in an order is found step by step, so that of many products only those of the first steps are looked at. The
triggers that move a product to another step have the same bounds (migration 0010).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from kaspi_web.kernel.money import MAX_TIYN, Money

_SOLD = tuple(step * 10**power for power in range(5) for step in (1, 3))
_PRICES = tuple(Money.tenge(step * 10**power).tiyn for power in range(2, 7) for step in (1, 2, 5))
_RATING = 20
OUT = "p_out"
"""The step of what has no price."""


def of_popularity(popularity: int) -> str:
    """The step of a product's popularity."""
    return f"s_{bisect_right(_SOLD, popularity)}"


def of_price(price_tiyn: int | None) -> str:
    """The step of a price."""
    return OUT if price_tiyn is None else f"p_{bisect_right(_PRICES, price_tiyn)}"


def of_rating(rating: int) -> str:
    """The step of a rating."""
    return f"r_{rating // _RATING}"


def of_product(*, popularity: int, price_tiyn: int | None, rating: int) -> str:
    """All the steps of a product, as its row has them."""
    return f"{of_popularity(popularity)} {of_price(price_tiyn)} {of_rating(rating)}"


ALL = {
    "popularity": [f"s_{number}" for number in range(len(_SOLD) + 1)],
    "price_tiyn": [f"p_{number}" for number in range(len(_PRICES) + 1)],
    "rating": [f"r_{number}" for number in range(500 // _RATING + 1)],
}
"""The steps of each column that lists are sorted by, the lowest first."""


def onward(column: str, key: int | None, *, falling: bool) -> list[str]:
    """The steps that an order goes through, from the one that `key` stands on."""
    steps = ALL[column][::-1] if falling else ALL[column]
    if key is None:
        return steps
    one = {"popularity": of_popularity, "price_tiyn": of_price, "rating": of_rating}[column](key)
    return steps[steps.index(one) :] if one in steps else []


def of_prices(lowest: int, highest: int) -> list[str]:
    """The steps that prices between these may stand on."""
    return ALL["price_tiyn"][bisect_right(_PRICES, lowest) : bisect_right(_PRICES, highest) + 1]


def within_prices(lowest: int, highest: int) -> list[str]:
    """The steps on which every price is between these."""
    first = bisect_left(_PRICES, lowest) + 1 if lowest > 1 else 0
    last = bisect_right(_PRICES, highest + 1) - 1 if highest < MAX_TIYN else len(_PRICES)
    return ALL["price_tiyn"][first : last + 1]
