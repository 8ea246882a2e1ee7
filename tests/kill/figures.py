"""What the suite did, in numbers: printed at the end of the run, and quoted in docs/reliability.md."""

from __future__ import annotations

from collections import Counter

LINES: list[str] = []
"""Printed when the run is over."""


Figures = Counter[str]
"""Numbers of one run, by name."""


def say(title: str, figures: Figures) -> None:
    """Have them printed when the run is over."""
    LINES.extend([title, *(f"  {name:<58}{count:>7}" for name, count in figures.items())])
