"""The car, tools and the garden."""

from __future__ import annotations

from kaspi_web.pictures.paints import INK, LEAF, RUBBER, STEEL, WHITE, WOOD, clear, mix
from kaspi_web.pictures.pen import Pen

_SOOT, _GOLD = mix(STEEL, INK, 0.45), (222, 184, 106)


def tyre(pen: Pen) -> None:
    """A tyre on its rim."""
    p = pen.paint
    pen.disc(50, 50, 39, (46, 48, 54), (26, 27, 32))
    pen.ring(50, 50, 36, 1, (74, 77, 84))
    pen.ring(50, 50, 31, 0.8, (70, 73, 80))
    pen.disc(50, 50, 27, mix(p.main, STEEL, 0.55), _SOOT)
    pen.disc(50, 50, 24.4, (40, 42, 48))
    for x, y in ((0, -1), (0.951, -0.309), (0.588, 0.809), (-0.588, 0.809), (-0.951, -0.309)):
        side_x, side_y = -y * 5.4, x * 5.4
        pen.poly(
            [
                (50 + side_x, 50 + side_y),
                (50 + x * 25 + side_x * 0.8, 50 + y * 25 + side_y * 0.8),
                (50 + x * 25 - side_x * 0.8, 50 + y * 25 - side_y * 0.8),
                (50 - side_x, 50 - side_y),
            ],
            mix(STEEL, WHITE, 0.25),
            mix(STEEL, p.main, 0.3),
        )
    pen.disc(50, 50, 7.4, STEEL, _SOOT)
    pen.disc(50, 50, 4, p.accent)
    pen.blob([(18, 40), (24, 27), (36, 17), (28, 28), (22, 40)], clear(WHITE, 0.16))


def canister(pen: Pen) -> None:
    """A canister of oil."""
    p = pen.paint
    pen.box(58, 10, 72, 20, RUBBER, INK, r=2)
    pen.poly(
        [(30, 24), (58, 20), (74, 20), (80, 30), (80, 84), (77, 87), (25, 87), (22, 84), (22, 34)],
        p.light,
        p.dark,
        across=True,
    )
    pen.blob([(29, 34), (36, 29), (48, 28), (50, 34), (40, 38), (32, 42)], p.deep)
    pen.box(29, 48, 73, 80, mix(p.pale, WHITE, 0.4), r=2)
    pen.blob([(51, 51), (59, 64), (57, 71), (51, 74), (45, 71), (43, 64)], mix(_GOLD, WHITE, 0.1), (204, 142, 50))
    pen.blob([(47.4, 64), (49, 60), (49, 68)], clear(WHITE, 0.6))
    pen.poly([(74, 24), (77, 30), (77, 84), (75, 84)], clear(WHITE, 0.25))


def dashcam(pen: Pen) -> None:
    """A camera for a car's window."""
    p = pen.paint
    pen.poly([(38, 12), (62, 12), (58, 22), (42, 22)], RUBBER, INK)
    pen.box(47, 20, 53, 34, _SOOT, INK, across=True)
    pen.box(12, 32, 88, 78, p.light, p.deep, r=9)
    pen.box(14, 34, 86, 75, p.main, p.dark, r=8)
    pen.disc(36, 55, 17, INK)
    pen.disc(36, 55, 13.6, (62, 68, 82), (26, 28, 36))
    pen.disc(36, 55, 8.6, (46, 62, 104), (20, 26, 46))
    pen.disc(32.4, 51, 2.4, clear(WHITE, 0.75))
    for row in range(4):
        pen.line([(62, 47 + row * 5), (78, 47 + row * 5)], 1.3, p.deep)
    pen.disc(80, 39.4, 1.3, (240, 92, 84))


def battery(pen: Pen) -> None:
    """A car battery."""
    p = pen.paint
    for x, tone in ((22, (214, 84, 76)), (68, (60, 66, 78))):
        pen.box(x, 24, x + 10, 34, STEEL, _SOOT, r=2)
        pen.box(x - 2, 31, x + 12, 36, tone, r=1)
    pen.curve([(38, 36), (40, 24), (60, 24), (62, 36)], 2.6, INK)
    pen.box(12, 35, 88, 47, p.dark, p.deep, r=2)
    pen.box(14, 46, 86, 86, p.light, p.dark, r=2)
    pen.box(20, 53, 80, 78, p.pale, r=2)
    pen.poly([(53, 55), (42, 67), (49, 67), (46, 76.6), (58, 63.6), (51, 63.6)], p.accent)
    pen.line([(26, 65.4), (33, 65.4)], 1.8, p.deep)
    pen.line([(67, 65.4), (74, 65.4)], 1.8, p.deep)
    pen.line([(70.5, 62), (70.5, 69)], 1.8, p.deep)


def drill(pen: Pen) -> None:
    """A cordless drill."""
    p = pen.paint
    pen.poly([(4, 36.6), (20, 35), (20, 39), (4, 38.2)], STEEL, _SOOT)
    pen.poly([(18, 31), (34, 28), (34, 46), (18, 43)], RUBBER, INK)
    pen.blob([(34, 24), (56, 20), (78, 22), (84, 30), (84, 44), (76, 50), (52, 52), (34, 50)], p.light, p.dark)
    pen.poly([(56, 46), (76, 46), (82, 74), (63, 74)], p.main, p.deep, across=True)
    pen.poly([(64, 50), (75, 50), (79, 72), (67, 72)], RUBBER)
    pen.box(50, 50, 57, 59, INK, r=2)
    pen.box(54, 73, 92, 87, p.dark, p.deep, r=3)
    pen.box(54, 73, 92, 78, INK, r=2)
    pen.box(40, 31, 52, 41, p.pale, r=2)
    for x in (64, 69, 74):
        pen.line([(x, 29), (x + 1, 40)], 1.5, p.deep)
    pen.disc(84, 82.6, 1.4, p.accent)


def tools(pen: Pen) -> None:
    """A box of tools."""
    p = pen.paint
    pen.line([(30, 42), (22, 16)], 3.4, mix(WOOD, WHITE, 0.1))
    pen.poly([(12, 17), (30, 9), (33, 15), (15, 23)], STEEL, _SOOT)
    pen.line([(52, 42), (52, 22)], 2.4, STEEL)
    pen.box(48.6, 8, 55.4, 26, p.accent, mix(p.accent, INK, 0.2), r=3)
    pen.line([(72, 42), (76, 22)], 4, STEEL)
    pen.ring(77, 15, 6, 3.4, STEEL)
    pen.curve([(32, 52), (34, 36), (66, 36), (68, 52)], 3.4, INK)
    pen.box(8, 50, 92, 86, p.light, p.dark, r=4)
    pen.box(8, 50, 92, 61, p.main, p.deep, r=3)
    for x in (24, 68):
        pen.box(x, 57, x + 8, 67, STEEL, _SOOT, r=1.2)
    pen.box(38, 68, 62, 78, clear(WHITE, 0.8), r=1.6)
    pen.line([(43, 73), (57, 73)], 1.4, p.deep)


def paint_bucket(pen: Pen) -> None:
    """A bucket of paint with a brush."""
    p = pen.paint
    pen.curve([(24, 36), (28, 14), (50, 8), (72, 14), (76, 36)], 1.3, STEEL)
    pen.poly([(22, 34), (78, 34), (73, 87), (27, 87)], mix(STEEL, WHITE, 0.5), STEEL, across=True)
    pen.poly([(24, 50), (76, 50), (74, 76), (26, 76)], p.light, p.dark, across=True)
    pen.oval(20, 28, 80, 40, mix(STEEL, WHITE, 0.2), _SOOT)
    pen.oval(23, 29.6, 77, 38.4, p.main, p.light)
    pen.blob([(30, 36), (36, 36), (37, 48), (33.4, 53), (30, 48)], p.main)
    pen.blob([(42, 38), (48, 38), (48, 43), (45, 46), (42, 43)], p.main)
    pen.line([(92, 16), (74, 28)], 3.6, WOOD)
    pen.poly([(76, 22), (81, 30), (71, 36), (66, 29)], STEEL, _SOOT)
    pen.poly([(66, 29), (71, 36), (60, 41), (57, 36)], p.accent, p.main)
    pen.box(42, 58, 58, 68, clear(WHITE, 0.85), r=1.4)


def garden(pen: Pen) -> None:
    """A spade and a rake."""
    p = pen.paint
    pen.line([(32, 12), (38, 62)], 3, mix(WOOD, WHITE, 0.1))
    pen.box(26, 8, 38, 13, p.dark, r=2.4)
    pen.blob([(30, 58), (46, 56), (50, 72), (44, 86), (36, 87), (31, 74)], mix(p.light, STEEL, 0.3), p.dark)
    pen.line([(38, 62), (40.4, 78)], 1, clear(WHITE, 0.5))
    pen.line([(72, 10), (64, 68)], 3, mix(WOOD, WHITE, 0.1))
    pen.line([(50, 69), (80, 73)], 3, p.accent)
    for step in range(6):
        x = 51 + step * 5.6
        pen.line([(x, 70 + step * 0.6), (x - 1.4, 84 + step * 0.6)], 1.6, p.accent)


def plant(pen: Pen) -> None:
    """A plant in its pot."""
    p = pen.paint
    for dx, dy in ((-24, 24), (24, 26), (-14, 40), (15, 42), (0, 50), (-28, 8), (28, 9)):
        x, y = 50 + dx, 56 - dy
        pen.line([(50, 60), (50 + dx * 0.6, 60 - dy * 0.7)], 1.1, mix(LEAF, INK, 0.2))
        pen.blob(
            [
                (50 + dx * 0.25, 58 - dy * 0.25),
                (x - dy * 0.2 - 3, y + dx * 0.15),
                (x, y),
                (x + dy * 0.2 + 3, y - dx * 0.15),
            ],
            mix(LEAF, WHITE, 0.12),
            mix(LEAF, INK, 0.18),
        )
        pen.line([(50 + dx * 0.3, 58 - dy * 0.3), (x - dx * 0.06, y + dy * 0.06)], 0.5, clear(WHITE, 0.5))
    pen.poly([(30, 58), (70, 58), (64, 87), (36, 87)], p.light, p.dark, across=True)
    pen.box(27, 55, 73, 63, p.pale, p.main, r=2)
    pen.poly([(50, 68), (55, 74), (50, 80), (45, 74)], p.accent)


def grill(pen: Pen) -> None:
    """A grill with skewers."""
    p = pen.paint
    for x, lean in ((26, -6), (74, 6), (40, -2), (60, 2)):
        pen.line([(x, 62), (x + lean, 87)], 2, INK)
    for x in (30, 46, 62):
        pen.curve([(x + 4, 30), (x + 1, 22), (x + 6, 16), (x + 3, 9)], 1.3, clear((150, 150, 156), 0.45))
    pen.poly([(14, 46), (86, 46), (80, 66), (20, 66)], p.light, p.deep)
    pen.box(11, 43, 89, 48, p.dark, p.deep, r=1.4)
    for x in range(26, 80, 9):
        pen.disc(x, 56, 1.6, INK)
    for y, start in ((39.6, 16), (35, 10)):
        pen.line([(start, y), (start + 78, y)], 0.9, STEEL)
        for step in range(5):
            x = start + 14 + step * 11
            tone = ((190, 112, 70), (226, 100, 80), (176, 98, 60), (120, 168, 96), (190, 112, 70))[step]
            pen.box(x, y - 3.4, x + 9, y + 3.4, mix(tone, WHITE, 0.1), mix(tone, INK, 0.2), r=2.6)


def hose(pen: Pen) -> None:
    """A garden hose, rolled up."""
    p = pen.paint
    for r, tone in ((36, p.dark), (31, p.main), (26, p.dark), (21, p.main)):
        pen.ring(48, 50, r, 4.8, tone)
        pen.ring(48, 49.2, r, 1.2, p.light)
    pen.curve([(84, 50), (88, 66), (84, 78)], 4.8, p.main)
    pen.poly([(80, 76), (90, 80), (80, 94), (74, 90)], p.accent, mix(p.accent, INK, 0.3))
    pen.box(9, 47, 32, 53, RUBBER, INK, r=2)
