"""What was measured, in words for the terminal and in results.json; every aim beside its figure, met or missed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.measure import Round, Spread

RESULTS = Path(__file__).with_name("results.json")
_PERCENTILES = (50, 95, 99, 100)


def figures(rounds: Sequence[Round]) -> dict[str, Any]:
    """The numbers of one contender: spreads over the rounds, latencies in milliseconds."""
    latencies = {f"p{percent}_ms": [each.percentile_ms(percent) for each in rounds] for percent in _PERCENTILES}
    return {
        "per_second": asdict(Spread.of([each.a_second for each in rounds])),
        **{name: asdict(Spread.of(numbers)) for name, numbers in latencies.items()},
        "least_served": asdict(Spread.of([each.least_served for each in rounds])),
        "answers": sum(each.acknowledged for each in rounds),
    }


def ratio(over: Sequence[Round], under: Sequence[Round]) -> Spread:
    """How many times as fast, round by round: each is compared with its neighbour in time."""
    return Spread.of([mine.a_second / max(theirs.a_second, 1e-9) for mine, theirs in zip(over, under, strict=True)])


class Report:
    """Prints as it goes and writes everything at the end."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts, self._figures, self._aims = facts, {}, []
        self.headline("machine")
        for name, fact in facts.items():
            print(f"  {name:<22}{fact}")

    def headline(self, words: str) -> None:
        """Begin a part."""
        print(f"\n{words}", flush=True)

    def compared(self, part: str, name: str, rounds: Mapping[str, Sequence[Round]], *, to: str) -> dict[str, Spread]:
        """Note the contenders of one comparison; answers how many times as fast as `to` each of the others was."""
        print(f"  {name}")
        self._figures.setdefault(part, {})[name] = noted = {}
        ratios = {}
        for contender, each in rounds.items():
            noted[contender] = said = figures(each)
            times = ""
            if contender != to:
                ratios[contender] = ratio(each, rounds[to])
                said[f"times_{to}"] = asdict(ratios[contender])
                times = f"  {_spread(ratios[contender], 2)} x {to}"
            print(f"    {contender:<14}{_line(said)}{times}", flush=True)
        return ratios

    def aim(self, words: str, value: float, *, least: float | None = None, most: float | None = None) -> None:
        """Say whether a figure is what it is meant to be."""
        met = (least is None or value >= least) and (most is None or value <= most)
        goal = f"at least {least:g}" if least is not None else f"at most {most:g}"
        self._aims.append({"aim": words, "goal": goal, "measured": value, "met": met})
        print(f"    -> {words}: {value:.2f}, aim {goal}: {'met' if met else 'MISSED'}", flush=True)

    def summary(self) -> None:
        """All the aims once more."""
        self.headline("aims")
        for each in self._aims:
            word = "met" if each["met"] else "MISSED"
            print(f"  {word:<8}{each['aim']}: {each['measured']:.2f} (aim {each['goal']})")

    def write(self, *, quick: bool) -> None:
        """Keep the figures beside this file; those of a quick try are kept nowhere."""
        if quick:
            return
        whole = {"machine": self._facts, "figures": self._figures, "aims": self._aims}
        RESULTS.write_text(json.dumps(_rounded(whole), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _line(said: Mapping[str, Any]) -> str:
    late = "  ".join(f"p{percent} {said[f'p{percent}_ms']['median']:.1f}" for percent in _PERCENTILES[:3])
    worst = said["p100_ms"]["most"]
    served = said["least_served"]["median"]
    rate = _spread(Spread(**said["per_second"]), 0)
    return f"{rate:<26} a second   {late}  max {worst:.1f} ms   least served {served:.2f}"


def _spread(of: Spread, digits: int) -> str:
    return f"{of.median:.{digits}f} ({of.least:.{digits}f} to {of.most:.{digits}f})"


def _rounded(thing: Any) -> Any:
    if isinstance(thing, float):
        return round(thing, 3)
    if isinstance(thing, dict):
        return {name: _rounded(value) for name, value in thing.items()}
    return [_rounded(each) for each in thing] if isinstance(thing, list) else thing
