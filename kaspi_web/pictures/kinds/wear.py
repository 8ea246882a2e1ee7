"""Clothes, shoes and bags, mostly seen from above."""

from __future__ import annotations

from collections.abc import Sequence

from kaspi_web.pictures.paints import INK, STEEL, WHITE, clear, mix
from kaspi_web.pictures.pen import Pen, Point


def _both(points: Sequence[Point]) -> list[Point]:
    """A shape from the points of its right half, from the top downwards."""
    return [*points, *((100 - x, y) for x, y in reversed(points))]


def shirt(pen: Pen) -> None:
    """A T-shirt."""
    p = pen.paint
    body = [(58, 17), (72, 21), (90, 40), (79, 51), (71, 44), (72, 84)]
    pen.poly(_both(body), p.light, p.dark)
    pen.blob([(41, 16.4), (50, 15), (59, 16.4), (56, 23), (50, 26), (44, 23)], p.deep)
    pen.curve([(40.4, 17), (44, 25), (50, 28.4), (56, 25), (59.6, 17)], 2.2, p.pale)
    for side in (-1, 1):
        pen.curve([(50 + side * 21, 44), (50 + side * 20, 36)], 0.8, clear(p.deep, 0.45))
        pen.line([(50 + side * 38.4, 41.4), (50 + side * 28.4, 51)], 0.8, clear(p.deep, 0.4))
    pen.line([(28.4, 81.4), (71.6, 81.4)], 0.7, clear(p.deep, 0.4))
    pen.curve([(38, 60), (42, 70), (40, 80)], 0.8, clear(p.deep, 0.2))
    pen.poly([(50, 38), (56, 46), (50, 54), (44, 46)], p.accent)
    pen.poly([(50, 42), (53, 46), (50, 50), (47, 46)], p.main)


def jacket(pen: Pen) -> None:
    """A warm jacket."""
    p = pen.paint
    sleeve = [(29, 22), (17, 40), (11, 74), (23, 78), (31, 50)]
    pen.blob(sleeve, p.main, p.deep)
    pen.blob([(100 - x, y) for x, y in sleeve], p.main, p.deep)
    pen.poly(_both([(60, 17), (72, 22), (75, 84)]), p.light, p.dark)
    for y in (34, 47, 60, 73):
        pen.curve([(26.6, y), (38, y + 1.8), (49, y)], 0.9, clear(p.deep, 0.5))
        pen.curve([(51, y), (62, y + 1.8), (73.4, y)], 0.9, clear(p.deep, 0.5))
    for y, reach in ((47, 34), (60, 36), (73, 37)):
        for side in (-1, 1):
            folded = [(50 + side * 26, y), (50 + side * 30, y + 2.6), (50 + side * reach, y + 3.4)]
            pen.curve(folded, 0.8, clear(p.deep, 0.35))
    pen.blob([(35, 20), (42, 12), (50, 10.6), (58, 12), (65, 20), (58, 27), (50, 29), (42, 27)], p.dark, p.deep)
    pen.blob([(41, 19), (50, 15), (59, 19), (50, 25)], mix(p.accent, WHITE, 0.3), p.accent)
    pen.line([(50, 26), (50, 84)], 1.4, STEEL)
    pen.box(49, 27, 51, 32, p.accent, r=0.8)
    pen.box(25, 81, 75, 86, p.dark, p.deep, r=1.6)


def trousers(pen: Pen) -> None:
    """Trousers."""
    p = pen.paint
    pen.poly([(33, 12), (67, 12), (73, 87), (55, 88), (50, 36), (45, 88), (27, 87)], p.light, p.dark)
    pen.box(32.4, 10.6, 67.6, 16, p.dark, p.deep, r=1)
    for x in (37, 62):
        pen.box(x, 10, x + 1.6, 17, p.light)
    pen.disc(50, 13.4, 1.3, p.accent)
    pen.curve([(50, 16), (51.6, 24), (50, 36)], 0.9, clear(p.deep, 0.6))
    for side in (-1, 1):
        pen.curve([(50 + side * 9, 16.4), (50 + side * 12, 24), (50 + side * 18.6, 25)], 0.9, clear(p.deep, 0.6))
        pen.line([(50 + side * 13, 34), (50 + side * 14, 84)], 0.7, clear(p.deep, 0.25))
        pen.line([(50 + side * 5.6, 84.8), (50 + side * 22.6, 84)], 0.7, clear(p.deep, 0.45))


def dress(pen: Pen) -> None:
    """A dress."""
    p = pen.paint
    pen.poly(
        [
            (41, 12),
            (44, 12),
            (47, 24),
            (53, 24),
            (56, 12),
            (59, 12),
            (66, 26),
            (60, 42),
            (80, 84),
            (20, 84),
            (40, 42),
            (34, 26),
        ],
        p.light,
        p.dark,
    )
    for x, end in ((43, 33), (48, 45), (53, 57), (57, 69)):
        pen.curve([(x, 46), ((x + end) / 2, 64), (end, 83)], 0.9, clear(p.deep, 0.32))
    pen.box(39, 40, 61, 45, p.accent, mix(p.accent, INK, 0.2), r=1)
    pen.line([(20.6, 81), (79.4, 81)], 1, p.pale)
    pen.curve([(44.4, 13), (46.6, 22), (50, 25), (53.4, 22), (55.6, 13)], 1, p.pale)


def suit(pen: Pen) -> None:
    """A jacket of a suit with shirt and tie."""
    p = pen.paint
    for side in (-1, 1):
        arm = [(50 + side * dx, y) for dx, y in ((20, 20), (31, 30), (36, 78), (26, 80), (23, 46))]
        pen.poly(arm, p.main, p.deep)
    pen.poly(_both([(58, 15), (71, 20), (74, 86)]), p.light, p.dark)
    pen.poly([(42, 14), (58, 14), (50, 52)], WHITE, (226, 230, 236))
    pen.poly([(47, 19), (53, 19), (52, 24), (54, 42), (50, 48), (46, 42), (48, 24)], p.accent, mix(p.accent, INK, 0.3))
    for side in (-1, 1):
        pen.poly(
            [(50 + side * dx, y) for dx, y in ((8, 14), (15, 18), (16, 30), (11, 31), (13, 35), (0.6, 54))],
            p.dark,
            p.deep,
        )
        pen.poly([(50 + side * dx, y) for dx, y in ((8.4, 13), (2, 18), (5, 24))], WHITE)
    pen.line([(50, 54), (50, 85)], 0.8, p.deep)
    for y in (59, 68):
        pen.disc(52.4, y, 1.2, p.deep)
    pen.line([(60, 62), (69, 61)], 1, p.deep)
    pen.line([(31, 61), (40, 62)], 1, p.deep)


def shoe(pen: Pen) -> None:
    """A running shoe."""
    p = pen.paint
    pen.blob(
        [(10, 46), (18, 38), (30, 46), (44, 46), (54, 54), (70, 62), (88, 67), (92, 76), (60, 80), (20, 80), (8, 76)],
        p.light,
        p.dark,
    )
    pen.blob([(10, 46), (18, 38.6), (26, 44), (26, 60), (20, 74), (9, 74), (8, 58)], p.dark, p.deep)
    pen.blob([(66, 62), (84, 66), (92, 74), (88, 78), (70, 76), (64, 70)], p.pale, p.main)
    pen.blob([(29, 46), (43, 46), (52, 53), (46, 58), (34, 54)], p.pale, p.light)
    for x, y in ((36, 49), (42, 52), (48, 56), (54, 59)):
        pen.line([(x, y), (x + 6, y - 5)], 1.5, WHITE)
    pen.curve([(30, 73), (40, 62), (52, 66), (64, 62)], 3, p.accent)
    pen.blob(
        [(6, 76), (20, 79), (60, 79), (93, 74), (95, 80), (90, 86), (50, 87), (14, 87), (6, 83)], WHITE, (214, 216, 222)
    )
    pen.line([(9, 86), (90, 85.4)], 1.6, p.deep)


def boot(pen: Pen) -> None:
    """A winter boot."""
    p = pen.paint
    pen.blob(
        [(28, 20), (56, 20), (56, 50), (66, 58), (82, 64), (88, 76), (60, 80), (28, 80), (25, 50)], p.light, p.dark
    )
    pen.blob([(64, 60), (80, 64), (88, 75), (84, 79), (66, 78)], p.dark, p.deep)
    for x in (27, 34, 41, 48, 55):
        pen.disc(x + 1, 19, 5, (250, 246, 238), (224, 214, 200))
    for y in (30, 37, 44, 51):
        pen.line([(46, y), (57, y + 3)], 1.6, p.accent)
        pen.disc(45.6, y, 1, STEEL)
    pen.poly(
        [(23, 78), (90, 76), (91, 85), (86, 88), (62, 88), (60, 85), (44, 85), (42, 88), (24, 88)],
        (92, 72, 58),
        (58, 46, 40),
    )


def heels(pen: Pen) -> None:
    """A shoe with a heel."""
    p = pen.paint
    pen.poly([(17, 44), (26, 46), (24, 86), (19, 86)], p.dark, p.deep)
    pen.blob(
        [(14, 30), (24, 34), (34, 50), (50, 66), (70, 71), (90, 78), (92, 84), (70, 86), (50, 82), (32, 64), (18, 50)],
        p.light,
        p.dark,
    )
    pen.blob([(22, 36), (34, 50), (49, 64), (60, 69), (46, 70), (32, 58), (22, 46)], mix(p.accent, WHITE, 0.5))
    pen.curve([(20, 53), (34, 69), (52, 85), (72, 88), (92, 86)], 1.6, p.deep)


def bag(pen: Pen) -> None:
    """A handbag."""
    p = pen.paint
    pen.curve([(32, 44), (34, 22), (50, 13), (66, 22), (68, 44)], 3.2, p.deep)
    pen.curve([(32, 43), (34, 21.4), (50, 12.4), (66, 21.4), (68, 43)], 1.6, p.main)
    pen.poly([(20, 40), (80, 40), (88, 84), (84, 87), (16, 87), (12, 84)], p.light, p.dark)
    pen.poly([(20, 40), (80, 40), (76, 60), (50, 66), (24, 60)], p.main, p.dark)
    pen.curve([(22, 59), (36, 64), (50, 66), (64, 64), (78, 59)], 0.7, p.pale)
    pen.box(45, 61, 55, 70, mix(p.accent, WHITE, 0.2), p.accent, r=2)
    pen.disc(50, 65.4, 1.6, p.deep)
    for x in (32, 68):
        pen.ring(x, 44, 2.6, 1.1, STEEL)


def backpack(pen: Pen) -> None:
    """A backpack."""
    p = pen.paint
    pen.curve([(42, 16), (44, 8), (56, 8), (58, 16)], 2.6, p.deep)
    for side in (-1, 1):
        pen.box(50 + side * 29 - 6, 50, 50 + side * 29 + 6, 80, p.dark, p.deep, r=4)
    pen.blob(
        [(28, 24), (38, 14), (50, 12), (62, 14), (72, 24), (76, 54), (74, 84), (50, 87), (26, 84), (24, 54)],
        p.light,
        p.dark,
    )
    pen.curve([(28, 44), (30, 26), (50, 18), (70, 26), (72, 44)], 1, STEEL)
    pen.box(70.4, 43, 73.6, 49, p.accent, r=1)
    pen.box(31, 54, 69, 82, p.main, p.deep, r=7)
    pen.line([(34, 60), (66, 60)], 1, STEEL)
    pen.box(63, 59.4, 65.6, 65, p.accent, r=1)
    pen.box(42, 34, 58, 41, p.pale, r=1.4)
    pen.poly([(50, 35.4), (53, 37.5), (50, 39.6), (47, 37.5)], p.accent)


def suitcase(pen: Pen) -> None:
    """A suitcase on wheels."""
    p = pen.paint
    for x in (40, 58):
        pen.box(x, 8, x + 2, 28, STEEL, mix(STEEL, INK, 0.3))
    pen.box(38, 6, 62, 10, INK, r=2)
    for x in (32, 64):
        pen.disc(x + 2, 86, 3, INK)
    pen.box(26, 22, 74, 84, p.light, p.dark, r=6, across=True)
    for x in (34, 42, 50, 58, 66):
        pen.box(x - 1, 26, x + 1, 80, clear(p.deep, 0.25), r=1)
        pen.line([(x + 1.6, 27), (x + 1.6, 79)], 0.4, clear(WHITE, 0.4))
    pen.box(72.6, 44, 76, 60, INK, r=1.4)
    pen.box(44, 20, 56, 23.4, INK, r=1)
    pen.box(28, 60, 36, 64, p.accent, r=0.8)


def hat(pen: Pen) -> None:
    """A knitted hat with a pompom."""
    p = pen.paint
    pen.disc(50, 19, 10, p.pale, mix(p.accent, WHITE, 0.3))
    for x, y in ((44, 15), (54, 13), (50, 22), (57, 21), (43, 23)):
        pen.disc(x, y, 3, clear(WHITE, 0.35))
    pen.blob([(20, 66), (23, 44), (34, 29), (50, 25), (66, 29), (77, 44), (80, 66), (50, 70)], p.light, p.dark)
    for side in (-1, 0, 1):
        pen.curve([(50 + side * 8, 28), (50 + side * 19, 48), (50 + side * 22, 64)], 1, clear(p.deep, 0.35))
    for step in range(6):
        x = 25 + step * 10
        pen.poly([(x - 4, 54), (x, 48), (x + 4, 54), (x, 60)], p.accent if step % 2 else p.pale)
    pen.box(17, 62, 83, 80, p.light, p.main, r=6)
    for step in range(13):
        pen.line([(21 + step * 4.8, 65), (21 + step * 4.8, 77)], 1, clear(p.deep, 0.32))


def socks(pen: Pen) -> None:
    """A pair of socks."""
    p = pen.paint
    for dx, tone in ((16, p.accent), (0, p.main)):
        shape = [(30, 14), (48, 14), (48, 48), (56, 60), (70, 68), (74, 78), (64, 86), (46, 82), (34, 70), (30, 52)]
        pen.blob([(x + dx, y - dx * 0.3) for x, y in shape], mix(tone, WHITE, 0.25), mix(tone, INK, 0.16))
        pen.box(29 + dx, 12 - dx * 0.3, 49 + dx, 22 - dx * 0.3, mix(tone, WHITE, 0.6), r=2)
        for y in (28, 34):
            pen.box(30.4 + dx, y - dx * 0.3, 48 + dx, y + 2.6 - dx * 0.3, mix(tone, WHITE, 0.6))
        pen.blob(
            [(x + dx, y - dx * 0.3) for x, y in ((60, 66), (71, 70), (73, 78), (64, 84.6), (58, 76))],
            mix(tone, WHITE, 0.5),
        )


def glasses(pen: Pen) -> None:
    """Sunglasses."""
    p = pen.paint
    for side in (-1, 1):
        pen.curve([(50 + side * 38, 44), (50 + side * 44, 38), (50 + side * 40, 30)], 2.4, p.deep)
        x = 50 + side * 21
        lens = [(x - 17, 42), (x, 38.6), (x + 17, 42), (x + 15, 60), (x, 66), (x - 15, 60)]
        pen.blob(lens, p.main, p.deep)
        pen.blob([(x + (a - x) * 0.87, 52 + (b - 52) * 0.87) for a, b in lens], (62, 72, 92), (30, 34, 46))
        pen.blob([(x - 11, 45), (x - 3, 43), (x - 8, 56), (x - 12, 54)], clear(WHITE, 0.28))
    pen.curve([(44, 46), (50, 42.6), (56, 46)], 2.8, p.dark)


def ring(pen: Pen) -> None:
    """A ring with a stone."""
    p = pen.paint
    gold = (226, 182, 92)
    pen.ring(50, 60, 23, 5, mix(gold, INK, 0.3))
    pen.ring(50, 59.4, 23, 3.4, gold)
    pen.ring(48.8, 58.6, 23.2, 0.8, mix(gold, WHITE, 0.6))
    pen.poly([(40, 36), (60, 36), (54, 41), (46, 41)], mix(gold, INK, 0.2))
    stone = mix(p.main, WHITE, 0.1)
    pen.poly([(37, 24), (44, 15), (56, 15), (63, 24), (50, 40)], stone, p.dark)
    pen.poly([(44, 15), (56, 15), (55, 24), (45, 24)], p.pale)
    pen.poly([(37, 24), (45, 24), (50, 40)], p.light)
    pen.poly([(45, 24), (55, 24), (50, 40)], mix(p.main, WHITE, 0.5))
    pen.line([(66, 12), (72, 6)], 0.9, p.accent)
    pen.line([(68, 20), (77, 18)], 0.9, p.accent)
