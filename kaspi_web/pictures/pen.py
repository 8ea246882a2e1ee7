"""A pen that draws smooth shapes with gradients on a transparent square of a hundred units.

Nothing here smooths edges: drawings are made larger than wanted and scaled down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from kaspi_web.pictures.paints import Colour, Paint

Point = tuple[float, float]
_STEPS = 14
_FINER = 2
"""Shapes are cut out this much larger: the library knows whole points only."""


class Pen:
    """Draws on `image`; x goes right and y down, from 0 to 100, and goods stand on y = 86."""

    def __init__(self, size: int, paint: Paint, *, zoom: float = 1.0, about: Point = (50, 50)) -> None:
        self.image = Image.new("RGBA", (size, size))
        self.paint = paint
        self._unit = size / 100 * zoom
        self._left, self._top = (about[0] - 50 / zoom, about[1] - 50 / zoom)

    def _at(self, point: Point) -> Point:
        return (point[0] - self._left) * self._unit, (point[1] - self._top) * self._unit

    def box(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        fill: Colour,
        to: Colour | None = None,
        *,
        r: float = 0,
        across: bool = False,
    ) -> None:
        """A rectangle with corners of radius `r`, shaded from `fill` to `to` downwards or across."""
        corner = min(r, (x1 - x0) / 2, (y1 - y0) / 2) * self._unit * _FINER

        def draw(on: ImageDraw.ImageDraw, a: Point, b: Point) -> None:
            on.rounded_rectangle((*a, *b), corner, fill=255)

        self._fill([(x0, y0), (x1, y1)], lambda on, points: draw(on, points[0], points[1]), fill, to, across)

    def oval(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        fill: Colour,
        to: Colour | None = None,
        *,
        across: bool = False,
    ) -> None:
        """An ellipse."""
        ends = [(x0, y0), (x1, y1)]
        self._fill(ends, lambda on, points: on.ellipse((*points[0], *points[1]), fill=255), fill, to, across)

    def disc(self, x: float, y: float, r: float, fill: Colour, to: Colour | None = None) -> None:
        """A circle about a point."""
        self.oval(x - r, y - r, x + r, y + r, fill, to)

    def ring(self, x: float, y: float, r: float, width: float, fill: Colour) -> None:
        """The outline of a circle."""
        self.line(
            [(x + r * math.cos(a / 45 * math.pi), y + r * math.sin(a / 45 * math.pi)) for a in range(91)], width, fill
        )

    def poly(self, points: Sequence[Point], fill: Colour, to: Colour | None = None, *, across: bool = False) -> None:
        """A polygon."""
        self._fill(points, lambda on, placed: on.polygon(placed, fill=255), fill, to, across)

    def blob(self, points: Sequence[Point], fill: Colour, to: Colour | None = None, *, across: bool = False) -> None:
        """A closed shape that goes smoothly through the points."""
        self.poly(_smooth(points, closed=True), fill, to, across=across)

    def line(self, points: Sequence[Point], width: float, fill: Colour) -> None:
        """A line with round ends and corners."""
        half = width / 2

        def draw(on: ImageDraw.ImageDraw, placed: Sequence[Point]) -> None:
            thick = max(1, round(width * self._unit * _FINER))
            dot = (thick - 1) / 2
            on.line(placed, fill=255, width=thick)
            for x, y in placed:
                on.ellipse((x - dot, y - dot, x + dot, y + dot), fill=255)

        self._fill(points, draw, fill, None, False, reach=half)

    def curve(self, points: Sequence[Point], width: float, fill: Colour) -> None:
        """A line that goes smoothly through the points."""
        self.line(_smooth(points, closed=False), width, fill)

    def _fill(
        self,
        points: Sequence[Point],
        draw: Callable[[ImageDraw.ImageDraw, list[Point]], None],
        fill: Colour,
        to: Colour | None,
        across: bool,
        reach: float = 0,
    ) -> None:
        placed = [self._at(point) for point in points]
        far = reach * self._unit + 1
        left, top = (math.floor(min(p[axis] for p in placed) - far) for axis in (0, 1))
        right, bottom = (math.ceil(max(p[axis] for p in placed) + far) for axis in (0, 1))
        if right <= 0 or bottom <= 0 or left >= self.image.width or top >= self.image.height:
            return
        size = (right - left, bottom - top)
        mask = Image.new("L", (size[0] * _FINER, size[1] * _FINER))
        draw(ImageDraw.Draw(mask), [((x - left) * _FINER, (y - top) * _FINER) for x, y in placed])
        tile = _shaded(size, fill, to, across)
        tile.putalpha(_dimmed(mask.reduce(_FINER), fill))
        x, y = max(left, 0), max(top, 0)
        seen = tile.crop((x - left, y - top, min(right, self.image.width) - left, min(bottom, self.image.height) - top))
        self.image.alpha_composite(seen, (x, y))


def _shaded(size: tuple[int, int], fill: Colour, to: Colour | None, across: bool) -> Image.Image:
    plain = Image.new("RGB", size, fill[:3])
    if to is None:
        return plain
    return Image.composite(Image.new("RGB", size, to[:3]), plain, slope(size, across=across))


def slope(size: tuple[int, int], *, across: bool = False) -> Image.Image:
    """From black to white, downwards or to the right."""
    line = Image.linear_gradient("L")
    # One row or column is shaded and then repeated: far quicker than shading every point.
    if across:
        return line.rotate(90).resize((size[0], 1), Image.Resampling.BILINEAR).resize(size, Image.Resampling.NEAREST)
    return line.resize((1, size[1]), Image.Resampling.BILINEAR).resize(size, Image.Resampling.NEAREST)


def _dimmed(mask: Image.Image, fill: Colour) -> Image.Image:
    if len(fill) == 3:
        return mask
    share = fill[3]
    return mask.point(lambda value: value * (share / 255))


def _smooth(points: Sequence[Point], *, closed: bool) -> list[Point]:
    """Points of a Catmull-Rom curve through the given ones."""
    count = len(points)
    found = [] if closed else [points[0]]
    for number in range(count if closed else count - 1):
        before, here, there, after = (
            points[(number + step) % count] if closed else points[min(max(number + step, 0), count - 1)]
            for step in (-1, 0, 1, 2)
        )
        found += [_between(before, here, there, after, step / _STEPS) for step in range(1, _STEPS + 1)]
    return found


def _between(before: Point, here: Point, there: Point, after: Point, t: float) -> Point:
    def axis(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)

    return axis(before[0], here[0], there[0], after[0]), axis(before[1], here[1], there[1], after[1])
