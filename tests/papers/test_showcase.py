"""What the shop says of its goods: stars as people read them."""

from __future__ import annotations

import pytest

from kaspi_web.papers.showcase import stars


@pytest.mark.parametrize(
    ("hundredths", "said"),
    [(425, "4,3"), (435, "4,4"), (445, "4,5"), (465, "4,7"), (424, "4,2"), (500, "5,0"), (495, "5,0"), (494, "4,9")],
)
def test_half_a_tenth_of_a_star_counts_up(hundredths: int, said: str):
    assert stars(hundredths, "ru") == said
