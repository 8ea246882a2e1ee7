"""Toys, things for children, books and music."""

from __future__ import annotations

from kaspi_web.pictures.paints import INK, RUBBER, STEEL, WHITE, WOOD, clear, mix
from kaspi_web.pictures.pen import Pen

_RED, _BLUE, _YELLOW, _GREEN = (220, 92, 82), (84, 140, 204), (244, 196, 84), (112, 178, 122)


def blocks(pen: Pen) -> None:
    """A tower of bricks to build with."""
    p = pen.paint
    for x, y, w, tone in (
        (14, 66, 36, _RED),
        (52, 66, 36, p.main),
        (24, 46, 36, p.accent),
        (62, 46, 18, _GREEN),
        (34, 26, 36, _BLUE),
    ):
        for step in range(round(w / 9)):
            pen.box(x + 2 + step * 9, y - 4.4, x + 7 + step * 9, y + 1, mix(tone, WHITE, 0.25), tone, r=1)
        pen.box(x, y, x + w - 1, y + 19.4, mix(tone, WHITE, 0.14), mix(tone, INK, 0.14), r=1.4)
        pen.line([(x + 2, y + 2.4), (x + w - 4, y + 2.4)], 0.8, clear(WHITE, 0.4))


def teddy(pen: Pen) -> None:
    """A teddy bear."""
    p = pen.paint
    for side in (-1, 1):
        pen.disc(50 + side * 16, 19, 8, p.main, p.dark)
        pen.disc(50 + side * 16, 19.6, 4.6, p.pale)
        pen.blob([(50 + side * dx, y) for dx, y in ((15, 48), (26, 52), (30, 64), (23, 69), (15, 60))], p.main, p.dark)
    pen.oval(30, 42, 70, 86, p.light, p.dark)
    pen.oval(37, 50, 63, 80, p.pale)
    for side in (-1, 1):
        pen.oval(50 + side * 18 - 11, 70, 50 + side * 18 + 11, 89, p.main, p.dark)
        pen.oval(50 + side * 18 - 6, 74, 50 + side * 18 + 6, 86, p.pale)
    pen.oval(28, 13, 72, 51, p.light, p.main)
    pen.oval(39, 31, 61, 48, p.pale)
    for x in (41, 59):
        pen.disc(x, 28, 2.3, INK)
        pen.disc(x - 0.7, 27.3, 0.7, WHITE)
    pen.oval(46.4, 33, 53.6, 38, INK)
    pen.curve([(45, 42), (48, 43.6), (50, 40), (52, 43.6), (55, 42)], 0.9, INK)
    pen.blob([(50, 51), (40, 47), (38, 53), (41, 57)], p.accent)
    pen.blob([(50, 51), (60, 47), (62, 53), (59, 57)], p.accent)
    pen.disc(50, 52, 2.6, mix(p.accent, INK, 0.2))


def doll(pen: Pen) -> None:
    """A doll in a dress."""
    p = pen.paint
    hair, skin = (118, 76, 52), (246, 214, 186)
    for x in (44, 56):
        pen.line([(x, 74), (x, 84)], 4.4, skin)
        pen.oval(x - 4.4, 83, x + 4.4, 88, p.deep)
    for side in (-1, 1):
        pen.curve([(50 + side * 10, 50), (50 + side * 19, 58), (50 + side * 22, 66)], 4.4, skin)
    pen.blob([(30, 20), (50, 8), (70, 20), (72, 42), (66, 50), (34, 50), (28, 42)], hair, mix(hair, INK, 0.3))
    pen.poly([(40, 47), (60, 47), (74, 77), (26, 77)], p.light, p.main)
    pen.box(26, 73, 74, 77.6, p.pale, r=1.6)
    for x, y in ((42, 64), (50, 68), (58, 63)):
        pen.disc(x, y, 1.5, p.accent)
    pen.oval(33, 16, 67, 49, skin)
    pen.blob([(33, 30), (38, 16), (52, 13), (66, 22), (66, 30), (54, 23), (44, 26)], hair)
    for x in (42, 58):
        pen.disc(x, 34, 2, INK)
        pen.disc(x - 1.6 if x < 50 else x + 1.6, 40, 2.8, clear((236, 130, 130), 0.5))
    pen.curve([(46, 41.4), (50, 43.6), (54, 41.4)], 1, (196, 84, 84))
    pen.blob([(62, 14), (70, 10), (70, 20)], p.accent)
    pen.blob([(62, 14), (55, 9), (56, 18)], p.accent)


def toy_car(pen: Pen) -> None:
    """A toy car."""
    p = pen.paint
    pen.blob([(6, 62), (18, 54), (28, 36), (58, 34), (72, 52), (90, 56), (95, 68), (92, 76), (8, 76)], p.light, p.dark)
    pen.blob([(25, 53), (33, 40), (45, 39.4), (45, 53)], (196, 224, 238), (150, 188, 210))
    pen.blob([(50, 53), (50, 39.4), (57, 40), (66, 53)], (196, 224, 238), (150, 188, 210))
    pen.line([(47.5, 55), (47.5, 72)], 0.8, clear(p.deep, 0.5))
    pen.box(51, 58, 57, 60, p.pale, r=1)
    pen.box(6, 68, 94, 73, p.accent)
    pen.oval(88, 58, 94, 65, (255, 240, 190))
    for x in (26, 74):
        pen.disc(x, 76, 11, RUBBER, INK)
        pen.disc(x, 76, 6, STEEL, mix(STEEL, INK, 0.3))
        pen.disc(x, 76, 2, p.accent)


def stroller(pen: Pen) -> None:
    """A stroller."""
    p = pen.paint
    pen.line([(34, 58), (70, 80)], 2.2, STEEL)
    pen.line([(64, 56), (34, 80)], 2.2, STEEL)
    pen.curve([(66, 52), (80, 36), (92, 30)], 2.4, INK)
    pen.blob([(22, 46), (66, 46), (70, 54), (60, 64), (32, 64), (22, 56)], p.light, p.dark)
    pen.blob([(45, 46), (20, 45), (18, 30), (28, 17), (45, 14)], p.main, p.deep)
    for points in ([(44, 45), (32, 32), (24, 24)], [(44, 45), (40, 30), (38, 16)]):
        pen.curve(points, 0.8, clear(WHITE, 0.5))
    pen.box(22, 45, 68, 49, p.accent, r=2)
    for x, r in ((34, 8), (70, 8)):
        pen.disc(x, 80, r, RUBBER, INK)
        pen.disc(x, 80, r * 0.6, STEEL, mix(STEEL, INK, 0.3))


def puzzle(pen: Pen) -> None:
    """Pieces of a puzzle."""
    p = pen.paint
    for x, y, tone in ((14, 16, p.main), (51, 16, _YELLOW), (14, 53, p.accent), (51, 53, _GREEN)):
        pen.box(x, y, x + 35, y + 35, mix(tone, WHITE, 0.14), mix(tone, INK, 0.08), r=2)
    pen.disc(52, 33, 6.4, mix(p.main, WHITE, 0.06))
    pen.disc(68, 54, 6.4, mix(_YELLOW, INK, 0.07))
    pen.disc(48, 70, 6.4, mix(_GREEN, WHITE, 0.02))
    pen.disc(32, 50, 6.4, mix(p.accent, WHITE, 0.12))


def game_box(pen: Pen) -> None:
    """A board game in its box."""
    p = pen.paint
    pen.box(14, 22, 86, 86, p.dark, p.deep, r=2)
    pen.box(14, 20, 86, 80, p.light, p.main, r=2)
    for row in range(5):
        for column in range(5):
            tone = p.pale if (row + column) % 2 else p.accent
            pen.box(29 + column * 8.4, 28 + row * 8.4, 36.6 + column * 8.4, 35.6 + row * 8.4, tone, r=1)
    for x, y, tone in ((41.2, 42, _RED), (58, 50.4, _BLUE), (49.6, 33.6, _GREEN)):
        pen.poly([(x, y - 7), (x + 4, y + 3), (x - 4, y + 3)], tone, mix(tone, INK, 0.25))
        pen.disc(x, y - 7, 2.6, tone)
    pen.box(68, 66, 80, 78, WHITE, (226, 226, 230), r=2)
    for x, y in ((71, 69), (74, 72), (77, 75)):
        pen.disc(x, y, 1.1, INK)


def diapers(pen: Pen) -> None:
    """A pack of diapers."""
    p = pen.paint
    pen.blob([(20, 28), (50, 25), (80, 28), (84, 56), (80, 86), (50, 87), (20, 86), (16, 56)], p.pale, p.main)
    pen.box(40, 15, 60, 27, clear(p.light, 0.85), r=4)
    pen.box(44, 19, 56, 23.4, clear(WHITE, 0.9), r=2)
    pen.blob([(17, 62), (40, 56), (60, 64), (83.6, 58), (80, 86), (50, 87), (20, 86)], mix(p.accent, WHITE, 0.4))
    pen.disc(50, 49, 14, WHITE)
    for side in (-1, 1):
        pen.disc(50 + side * 9.6, 39, 4.4, (238, 206, 178))
    pen.disc(50, 49, 10.4, (246, 218, 192))
    for x in (46, 54):
        pen.disc(x, 47, 1.2, INK)
    pen.curve([(46.4, 52), (50, 54.4), (53.6, 52)], 0.9, (190, 90, 80))


def book(pen: Pen) -> None:
    """A book with an ornament on its cover."""
    p = pen.paint
    pen.box(24, 14, 80, 88, p.deep, r=2.4)
    pen.box(24, 13, 78.6, 85, (250, 247, 240), (228, 222, 210), r=1.6)
    pen.box(22, 11, 76, 85, p.light, p.dark, r=2)
    pen.box(22, 11, 28.6, 85, clear(p.deep, 0.45), r=2)
    pen.box(34, 19, 70, 33, clear(p.pale, 0.95), r=1)
    pen.line([(40, 24), (64, 24)], 1.6, p.deep)
    pen.line([(44, 28.6), (60, 28.6)], 1.1, p.dark)
    for side in (-1, 1):
        pen.curve(
            [(52, 64), (52 + side * 4, 52), (52 + side * 13, 46), (52 + side * 15, 54), (52 + side * 9, 56)],
            2,
            p.accent,
        )
        pen.curve([(52, 62), (52 + side * 6, 68), (52 + side * 12, 66)], 2, p.accent)
    pen.poly([(52, 42), (56, 48), (52, 54), (48, 48)], p.accent)
    pen.line([(36, 78), (68, 78)], 0.9, p.pale)


def notebook(pen: Pen) -> None:
    """A notebook with rings and a pencil."""
    p = pen.paint
    pen.box(22, 14, 72, 88, (246, 244, 238), (220, 216, 208), r=2)
    pen.box(20, 12, 70, 86, p.light, p.main, r=2)
    pen.box(34, 24, 62, 38, p.pale, r=1.4)
    pen.line([(39, 29.4), (57, 29.4)], 1.2, p.deep)
    pen.line([(43, 33.4), (53, 33.4)], 0.9, p.dark)
    for step in range(11):
        y = 17.6 + step * 6.4
        pen.disc(25, y, 1.2, p.deep)
        pen.curve([(25, y), (20, y - 2), (16.6, y), (20, y + 1.4)], 1, STEEL)
    pen.line([(80, 22), (80, 70)], 5, p.accent)
    pen.line([(81.4, 22), (81.4, 70)], 1.4, mix(p.accent, INK, 0.2))
    pen.poly([(77.4, 71), (82.6, 71), (80, 81)], (240, 212, 172))
    pen.poly([(79.2, 78), (80.8, 78), (80, 81)], INK)
    pen.box(77.4, 16, 82.6, 21, (236, 140, 140), r=1.4)


def pens(pen: Pen) -> None:
    """Coloured pencils in a cup."""
    p = pen.paint
    for x, top, tone in (
        (36, 24, _RED),
        (43, 16, _YELLOW),
        (50, 20, _GREEN),
        (57, 14, _BLUE),
        (64, 22, (150, 110, 180)),
    ):
        lean = (x - 50) * 0.3
        pen.poly(
            [(x + lean - 3, top + 8), (x + lean + 3, top + 8), (x + 3, 60), (x - 3, 60)],
            mix(tone, WHITE, 0.12),
            mix(tone, INK, 0.15),
            across=True,
        )
        pen.poly([(x + lean - 3, top + 8), (x + lean + 3, top + 8), (x + lean * 1.2, top)], (242, 216, 178))
        pen.poly([(x + lean * 1.15 - 1.1, top + 3), (x + lean * 1.15 + 1.1, top + 3), (x + lean * 1.2, top)], tone)
    pen.poly([(28, 46), (72, 46), (68, 86), (32, 86)], p.light, p.dark, across=True)
    pen.box(27, 44, 73, 49, p.pale, p.main, r=2)
    pen.poly([(50, 58), (57, 66), (50, 74), (43, 66)], p.accent)


def dombra(pen: Pen) -> None:
    """A dombra, the two-stringed lute of the steppe."""
    p = pen.paint
    pen.line([(50, 12), (50, 50)], 3.6, mix(WOOD, INK, 0.5))
    for y in range(18, 48, 6):
        pen.line([(48.4, y), (51.6, y)], 0.6, STEEL)
    pen.poly([(47, 6), (53, 6), (52.4, 16), (47.6, 16)], mix(WOOD, INK, 0.4))
    for x, y in ((44.6, 9), (55.4, 12)):
        pen.disc(x, y, 1.7, p.accent)
    body = [(50, 42), (60, 52), (66, 68), (62, 82), (50, 87), (38, 82), (34, 68), (40, 52)]
    pen.blob(body, mix(WOOD, INK, 0.3), mix(WOOD, INK, 0.5))
    pen.blob([(50 + (x - 50) * 0.9, 66 + (y - 66) * 0.92) for x, y in body], mix(WOOD, WHITE, 0.3), WOOD)
    pen.disc(50, 68, 3.4, mix(WOOD, INK, 0.6))
    for x in (49.3, 50.7):
        pen.line([(x, 12), (x, 80)], 0.3, WHITE)
    pen.box(46, 79, 54, 80.6, INK, r=0.6)
