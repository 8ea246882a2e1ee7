"""From a drawing of goods to a picture: background, shadow, turning, a closer look, and a place where they stand."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageChops, ImageFilter

from kaspi_web.pictures.kinds import Kind
from kaspi_web.pictures.paints import INK, LEAF, PAINTS, WHITE, WOOD, Paint, clear, mix
from kaspi_web.pictures.pen import Pen, slope

FRONT, OTHER, CLOSE, PLACED = 1, 2, 3, 4
VIEWS = (FRONT, OTHER, CLOSE, PLACED)
_SMALLER = 4
_TURNED = ((0.10, 0.02), (0.86, 0.075), (0.86, 0.925), (0.10, 0.98))


def picture(kind: Kind, colour: int, view: int, size: int) -> Image.Image:
    """The picture of one view, drawn large; the caller scales it down."""
    paint = PAINTS[colour]
    if view == CLOSE:
        pen = Pen(size, paint, zoom=2.1, about=kind.close)
        kind.draw(pen)
        return _on_ground(pen.image, _ground(paint, size), kind.is_flat)
    if view == PLACED:
        return _placed(kind, paint, size)
    if view == OTHER:
        return _other(kind, colour, size)
    return _on_ground(_drawn(kind, paint, size), _ground(paint, size), kind.is_flat)


def _drawn(kind: Kind, paint: Paint, size: int) -> Image.Image:
    pen = Pen(size, paint)
    kind.draw(pen)
    return pen.image


def _other(kind: Kind, colour: int, size: int) -> Image.Image:
    """From behind, turned, rolled, or with a second one behind it."""
    paint, ground = PAINTS[colour], _ground(PAINTS[colour], size)
    if kind.back is not None:
        pen = Pen(size, paint)
        kind.back(pen)
        return _on_ground(pen.image, ground, kind.is_flat)
    drawn = _drawn(kind, paint, size)
    if kind.other == "turn":
        return _on_ground(_turned(drawn, paint), ground, kind.is_flat)
    if kind.other == "roll":
        return _on_ground(
            drawn.rotate(-14, Image.Resampling.BICUBIC, center=(size / 2, size / 2)), ground, kind.is_flat
        )
    return _pair(kind, colour, size)


def _turned(drawn: Image.Image, paint: Paint) -> Image.Image:
    """Seen from the side: the far edge is shorter, and the near one has a thickness."""
    size = drawn.width
    corners = [(x * size, y * size) for x, y in _TURNED]
    seen = drawn.transform(
        drawn.size, Image.Transform.PERSPECTIVE, _perspective(corners, size), Image.Resampling.BICUBIC
    )
    edge, thick = seen.getchannel("A"), max(1, size // 40)
    side, done = edge, 1
    while done <= thick:
        side = ImageChops.lighter(side, _moved(side, min(done, thick), 0))
        done *= 2
    whole = Image.new("RGBA", drawn.size, (*mix(paint.deep, INK, 0.25), 0))
    whole.putalpha(side)
    whole.alpha_composite(seen)
    return whole


def _moved(image: Image.Image, dx: int, dy: int) -> Image.Image:
    moved = Image.new(image.mode, image.size)
    moved.paste(image, (dx, dy))
    return moved


def _perspective(corners: list[tuple[float, float]], size: int) -> list[float]:
    """Coefficients that lead from each point of the result to the square's point: eight equations, solved here."""
    square = [(0, 0), (size, 0), (size, size), (0, size)]
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(corners, square, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    count = len(rows)
    for step in range(count):
        best = max(range(step, count), key=lambda row: abs(rows[row][step]))
        rows[step], rows[best] = rows[best], rows[step]
        lead = rows[step][step]
        rows[step] = [value / lead for value in rows[step]]
        for other in range(count):
            if other != step:
                share = rows[other][step]
                rows[other] = [a - share * b for a, b in zip(rows[other], rows[step], strict=True)]
    return [row[-1] for row in rows]


def _pair(kind: Kind, colour: int, size: int) -> Image.Image:
    """Two of them, the one behind in another colour."""
    ground = _ground(PAINTS[colour], size)
    behind = _drawn(kind, PAINTS[colour % len(PAINTS) + 1], size)
    front = _drawn(kind, PAINTS[colour], size)
    # What hangs on a wall is shown side by side: nothing is behind it.
    first, second = (
        ((0.5, 0.28, 0.66), (0.5, 0.74, 0.72)) if kind.place == "wall" else ((0.62, 0.32, 0.76), (0.78, 0.6, 0.88))
    )
    for drawn, (scale, middle, stands) in ((behind, first), (front, second)):
        ground = _on_ground(*_set(drawn, ground, scale=scale, middle=middle, stands=stands), kind.is_flat)
    return ground


def _set(
    drawn: Image.Image, ground: Image.Image, *, scale: float, middle: float, stands: float
) -> tuple[Image.Image, Image.Image]:
    """The drawing made smaller, standing at a place of the ground."""
    size = drawn.width
    small = drawn.resize((round(size * scale),) * 2, Image.Resampling.BICUBIC)
    whole = Image.new("RGBA", drawn.size)
    whole.paste(small, (round(size * middle) - small.width // 2, round(size * stands - small.height * 0.87)))
    return whole, ground


def _ground(paint: Paint, size: int) -> Image.Image:
    ground = Image.new("RGB", (size, size), mix(paint.ground, WHITE, 0.75))
    ground.paste(paint.ground, (0, 0), slope((size, size)))
    return ground.convert("RGBA")


def _on_ground(drawn: Image.Image, ground: Image.Image, lies: bool) -> Image.Image:
    """The drawing above its soft shadow."""
    ground.alpha_composite(_cast(drawn) if lies else _contact(drawn))
    ground.alpha_composite(drawn)
    return ground


def _cast(drawn: Image.Image) -> Image.Image:
    """The shadow of something that lies flat: its own shape, a little lower."""
    size = drawn.width
    small = drawn.getchannel("A").resize((size // _SMALLER,) * 2, Image.Resampling.BOX)
    soft = small.filter(ImageFilter.GaussianBlur(size / 260))
    shadow = Image.new("RGBA", drawn.size, (*INK, 0))
    shade = soft.resize(drawn.size, Image.Resampling.BILINEAR).point(lambda value: value * 0.34)
    shadow.putalpha(_moved(shade, size // 160, size // 70))
    return shadow


def _contact(drawn: Image.Image) -> Image.Image:
    """The shadow of something that stands: dark where it touches, wide and faint around."""
    size = drawn.width
    shadow = Image.new("RGBA", drawn.size, (*INK, 0))
    found = drawn.getchannel("A").getbbox()
    if found is None:
        return shadow
    left, _, right, bottom = (value / size * 100 for value in found)
    wide, pen = (right - left) / 2, Pen(size // _SMALLER, PAINTS[1])
    middle = (left + right) / 2
    pen.oval(middle - wide * 1.08, bottom - 4.6, middle + wide * 1.08, bottom + 4.4, clear(INK, 0.22))
    pen.oval(middle - wide * 0.9, bottom - 2, middle + wide * 0.9, bottom + 1.8, clear(INK, 0.34))
    soft = pen.image.getchannel("A").filter(ImageFilter.GaussianBlur(size / _SMALLER / 55))
    shadow.putalpha(soft.resize(drawn.size, Image.Resampling.BILINEAR))
    return shadow


def _placed(kind: Kind, paint: Paint, size: int) -> Image.Image:
    pen = Pen(size, paint)
    surroundings, scale, middle, stands = _PLACES[kind.place]
    surroundings(pen)
    drawn = _drawn(kind, paint, size)
    return _on_ground(*_set(drawn, pen.image, scale=scale, middle=middle, stands=stands), kind.is_flat)


def _wall(pen: Pen, down_to: float) -> None:
    tint = mix(pen.paint.ground, pen.paint.accent, 0.16)
    pen.box(-1, -1, 101, down_to, mix(tint, WHITE, 0.2), tint)
    pen.poly([(52, -1), (78, -1), (54, down_to), (20, down_to)], clear(WHITE, 0.28))
    pen.poly([(84, -1), (94, -1), (72, down_to), (60, down_to)], clear(WHITE, 0.22))


def _hung(pen: Pen) -> None:
    _wall(pen, 90)
    pen.box(-1, 90, 101, 101, mix(WOOD, WHITE, 0.42), mix(WOOD, WHITE, 0.12))
    pen.box(-1, 87.6, 101, 90.4, mix(pen.paint.ground, WHITE, 0.75))
    _plant(pen, 11, 96, 1.3)


def _table(pen: Pen) -> None:
    _wall(pen, 72)
    _frame(pen)
    pen.box(-1, 72, 101, 101, mix(WOOD, WHITE, 0.28), mix(WOOD, INK, 0.06))
    pen.box(-1, 72, 101, 72.8, mix(WOOD, WHITE, 0.55))
    for y in (79, 88, 96):
        pen.line([(-1, y), (101, y + 0.6)], 0.3, clear(mix(WOOD, INK, 0.3), 0.4))
    _plant(pen, 17, 80, 0.9)


def _room(pen: Pen) -> None:
    _wall(pen, 76)
    _frame(pen)
    pen.box(-1, 76, 101, 101, mix(WOOD, WHITE, 0.42), mix(WOOD, WHITE, 0.12))
    pen.box(-1, 74.2, 101, 76.2, mix(pen.paint.ground, WHITE, 0.75))
    pen.oval(14, 82, 96, 99, clear(mix(pen.paint.accent, WHITE, 0.55), 0.8))
    _plant(pen, 9.5, 88, 1.25)


def _outside(pen: Pen) -> None:
    pen.box(-1, -1, 101, 70, (176, 212, 236), (232, 242, 246))
    pen.disc(80, 17, 7, clear((255, 240, 200), 0.95))
    peaks = [(-1, 62), (14, 40), (24, 52), (40, 30), (56, 51), (70, 37), (88, 56), (101, 44), (101, 72), (-1, 72)]
    pen.poly(peaks, (138, 168, 190), (186, 206, 214))
    pen.poly([(40, 30), (46, 38), (42, 37), (39, 40), (35, 37)], clear(WHITE, 0.9))
    pen.poly([(14, 40), (18, 45), (14, 44), (10, 46)], clear(WHITE, 0.9))
    pen.blob(
        [(-8, 66), (20, 60), (50, 65), (80, 59), (108, 66), (108, 110), (-8, 110)], (150, 188, 118), (112, 156, 92)
    )


def _boards(pen: Pen) -> None:
    pen.box(-1, -1, 101, 101, mix(pen.paint.ground, WOOD, 0.34), mix(pen.paint.ground, WOOD, 0.46))
    for x in (19, 40, 61, 82):
        pen.line([(x, -1), (x, 101)], 0.4, clear(mix(WOOD, INK, 0.4), 0.35))
    for x, y, lean in ((93, 6, -1), (7, 95, 1)):
        _leaf(pen, x, y, lean * 9, 8)
        _leaf(pen, x, y, lean * 2, 12 * lean)


def _leaf(pen: Pen, x: float, y: float, dx: float, dy: float) -> None:
    tip, side = (x + dx, y - dy), (dy * 0.28, dx * 0.28)
    middle = (x + dx * 0.5, y - dy * 0.5)
    left, right = (middle[0] + side[0], middle[1] + side[1]), (middle[0] - side[0], middle[1] - side[1])
    pen.blob([(x, y), left, tip, right], LEAF, mix(LEAF, INK, 0.16))
    pen.line([(x, y), tip], 0.35, clear(WHITE, 0.45))


def _plant(pen: Pen, x: float, y: float, size: float) -> None:
    for dx, dy in ((-9, 15), (9, 16), (-4, 22), (4.5, 24), (0, 28), (-12, 7), (12, 8)):
        _leaf(pen, x, y - 8 * size, dx * size * 0.8, dy * size * 0.8)
    pot = [(x - 6 * size, y - 9 * size), (x + 6 * size, y - 9 * size), (x + 4.6 * size, y), (x - 4.6 * size, y)]
    pen.poly(pot, (226, 220, 212), (188, 178, 168), across=True)
    pen.box(x - 6.6 * size, y - 10 * size, x + 6.6 * size, y - 7.6 * size, (236, 231, 224), r=0.8)


def _frame(pen: Pen) -> None:
    pen.box(70, 9, 91, 33, clear(INK, 0.10), r=0.6)
    pen.box(69, 8, 90, 32, WHITE, r=0.6)
    pen.box(71, 10, 88, 30, mix(pen.paint.accent, WHITE, 0.72))
    pen.disc(82, 16.5, 2.6, mix(pen.paint.accent, WHITE, 0.25))
    pen.poly([(71, 30), (71, 25), (77, 19), (82, 24.5), (85, 22), (88, 26), (88, 30)], mix(pen.paint.accent, INK, 0.25))


_PLACES: dict[str, tuple[Callable[[Pen], None], float, float, float]] = {
    "table": (_table, 0.66, 0.54, 0.83),
    "floor": (_room, 0.80, 0.55, 0.90),
    "wall": (_hung, 0.74, 0.55, 0.74),
    "outside": (_outside, 0.76, 0.52, 0.89),
    "flat": (_boards, 0.82, 0.5, 0.805),
}
"""How each place is drawn, how large goods are there, and where they stand (or lie, or hang)."""
