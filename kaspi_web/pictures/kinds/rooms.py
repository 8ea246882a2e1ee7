"""Furniture, lamps and textiles."""

from __future__ import annotations

from kaspi_web.pictures.paints import INK, LEAF, STEEL, WHITE, WOOD, clear, mix
from kaspi_web.pictures.pen import Pen

_DARK_WOOD = mix(WOOD, INK, 0.28)


def sofa(pen: Pen) -> None:
    """A sofa with cushions."""
    p = pen.paint
    for x in (16, 80):
        pen.poly([(x, 78), (x + 5, 78), (x + 3.6, 87), (x + 1.4, 87)], _DARK_WOOD)
    pen.box(10, 30, 90, 70, p.main, p.dark, r=9)
    pen.box(14, 33, 49.4, 66, p.light, p.main, r=6)
    pen.box(50.6, 33, 86, 66, p.light, p.main, r=6)
    pen.box(8, 66, 92, 80, p.dark, p.deep, r=4)
    pen.box(13, 56, 49.6, 70, p.pale, p.main, r=4)
    pen.box(50.4, 56, 87, 70, p.pale, p.main, r=4)
    for x in (3, 84):
        pen.box(x, 46, x + 13, 80, p.light, p.dark, r=6)
    pen.blob(
        [(19, 41), (28, 39), (36, 42), (37, 51), (35, 59), (26, 60), (18, 58), (17, 49)],
        mix(p.accent, WHITE, 0.2),
        p.accent,
    )


def armchair(pen: Pen) -> None:
    """An armchair."""
    p = pen.paint
    for x, lean in ((30, -3), (70, 3)):
        pen.line([(x, 74), (x + lean, 86)], 2.6, _DARK_WOOD)
    pen.blob([(28, 24), (50, 16), (72, 24), (76, 48), (74, 70), (26, 70), (24, 48)], p.light, p.dark)
    for x in (34, 50, 66):
        pen.curve([(x, 26 if x == 50 else 29), (x, 56)], 0.7, clear(p.deep, 0.4))
    pen.box(25, 56, 75, 76, p.dark, p.deep, r=5)
    pen.box(28, 53, 72, 68, p.pale, p.main, r=6)
    for x in (16, 71):
        pen.box(x, 44, x + 13, 77, p.light, p.dark, r=6)


def bed(pen: Pen) -> None:
    """A bed with pillows and a blanket."""
    p = pen.paint
    pen.box(14, 20, 86, 66, p.main, p.deep, r=5)
    for x in (26, 38, 50, 62, 74):
        pen.line([(x, 23), (x, 48)], 0.6, clear(p.deep, 0.5))
    pen.box(10, 50, 90, 78, (250, 249, 246), (226, 224, 220), r=4)
    for x in (18, 53):
        pen.blob([(x, 48), (x + 14, 44), (x + 29, 48), (x + 28, 58), (x + 14, 60), (x + 1, 58)], WHITE, (222, 224, 230))
    pen.poly([(8, 62), (92, 62), (94, 81), (6, 81)], mix(p.accent, WHITE, 0.4), p.accent)
    pen.poly([(8.4, 62), (91.6, 62), (92.2, 66.4), (7.8, 66.4)], WHITE, (232, 232, 236))
    pen.box(6, 79, 94, 84, _DARK_WOOD, mix(_DARK_WOOD, INK, 0.3), r=1.4)
    for x in (10, 86):
        pen.box(x, 83, x + 4, 88, _DARK_WOOD, r=1)


def wardrobe(pen: Pen) -> None:
    """A wardrobe with a mirror."""
    p = pen.paint
    for x in (22, 74):
        pen.box(x, 84, x + 4, 88, INK, r=0.8)
    pen.box(18, 10, 82, 86, p.dark, p.deep, r=1.6)
    for step in range(3):
        x = 19.4 + step * 20.6
        pen.box(x, 12, x + 20, 84, p.light, p.main, r=0.8, across=True)
    pen.box(42, 14, 58, 82, (206, 222, 232), (168, 190, 204), r=0.6)
    pen.poly([(50, 14), (57, 14), (44, 70), (43, 70), (43, 46)], clear(WHITE, 0.5))
    for x in (37, 62.4):
        pen.box(x, 42, x + 1.2, 54, STEEL, mix(STEEL, INK, 0.4), r=0.6)


def shelf(pen: Pen) -> None:
    """A bookcase with books on it."""
    p = pen.paint
    pen.box(22, 10, 78, 87, p.main, p.dark, r=1.2)
    hues = (p.accent, (94, 126, 160), (196, 108, 90), (120, 150, 116), (226, 196, 140), (110, 98, 132))
    for row in range(4):
        y = 13 + row * 18.4
        pen.box(25, y, 75, y + 16, p.deep, mix(p.deep, p.main, 0.3), r=0.5)
        for step in range(6 - row % 2 * 2):
            x, tall = 27 + step * 4.4 + row % 2 * 22, 9 + (step * 5 + row * 3) % 5
            pen.box(x, y + 16 - tall, x + 3.6, y + 16, hues[(step + row) % 6], r=0.4)
        pen.disc(64 - row % 2 * 30, y + 12, 4, mix(p.accent, WHITE, 0.4), p.accent)


def table(pen: Pen) -> None:
    """A table with a vase."""
    p = pen.paint
    for x, lean in ((18, -5), (82, 5)):
        pen.line([(x, 52), (x + lean, 85)], 3, p.dark)
    for x, lean in ((28, -2), (72, 2)):
        pen.line([(x, 52), (x + lean, 78)], 2.4, p.deep)
    pen.box(18, 50, 82, 56, p.dark, p.deep, r=1)
    pen.box(6, 46, 94, 51.4, p.light, p.main, r=2)
    pen.blob([(46, 46), (43, 39), (47, 32), (53, 32), (57, 39), (54, 46)], mix(p.accent, WHITE, 0.4), p.accent)
    for x, y in ((44, 18), (50, 13), (57, 19)):
        pen.curve([(50, 32), (50 + (x - 50) * 0.5, 25), (x, y)], 0.8, LEAF)
        pen.disc(x, y, 2.8, (240, 196, 196), (216, 130, 140))


def chair(pen: Pen) -> None:
    """A chair."""
    p = pen.paint
    for x, lean in ((33, -5), (67, 5)):
        pen.line([(x, 60), (x + lean, 86)], 2.6, WOOD)
    for x, lean in ((40, -1), (60, 1)):
        pen.line([(x, 58), (x + lean, 79)], 2.2, _DARK_WOOD)
    pen.blob([(32, 16), (50, 12), (68, 16), (70, 34), (67, 52), (33, 52), (30, 34)], p.light, p.dark)
    pen.blob([(38, 21), (50, 18.6), (62, 21), (63, 34), (61, 44), (39, 44), (37, 34)], p.pale, p.light)
    pen.blob([(27, 54), (50, 50), (73, 54), (74, 61), (50, 65), (26, 61)], p.light, p.dark)


def office_chair(pen: Pen) -> None:
    """A chair on wheels for an office."""
    p = pen.paint
    for x in (26, 38, 62, 74):
        pen.line([(50, 76), (x, 82)], 2.4, STEEL if x in (38, 62) else mix(STEEL, INK, 0.2))
        pen.disc(x, 84, 2.6, INK)
    pen.box(48, 62, 52, 78, STEEL, mix(STEEL, INK, 0.4), across=True)
    pen.blob([(34, 12), (50, 8), (66, 12), (69, 32), (64, 52), (36, 52), (31, 32)], p.main, p.deep)
    pen.blob([(37, 15), (50, 11.6), (63, 15), (65.4, 32), (61, 48), (39, 48), (34.6, 32)], p.light, p.main)
    for y in (24, 32, 40):
        pen.curve([(37, y), (50, y + 1.6), (63, y)], 0.7, clear(p.deep, 0.45))
    pen.box(47, 50, 53, 58, INK)
    pen.blob([(26, 57), (50, 54), (74, 57), (75, 63), (50, 66.6), (25, 63)], p.light, p.deep)
    for side in (-1, 1):
        pen.curve([(50 + side * 22, 60), (50 + side * 28, 54), (50 + side * 27, 46)], 2.2, INK)
        pen.box(50 + side * 26 - 4, 43, 50 + side * 26 + 4, 46.6, INK, r=1.6)


def lamp(pen: Pen) -> None:
    """A lamp with a shade."""
    p = pen.paint
    pen.oval(20, 44, 80, 90, clear((255, 232, 170), 0.30))
    pen.oval(36, 80, 64, 87, mix(STEEL, INK, 0.45), INK)
    pen.oval(36, 78.6, 64, 85, STEEL, mix(STEEL, INK, 0.4))
    pen.box(48.6, 46, 51.4, 82, STEEL, mix(STEEL, INK, 0.4), across=True)
    pen.disc(50, 50, 4.4, (255, 246, 214))
    pen.poly([(37, 14), (63, 14), (76, 50), (24, 50)], p.light, p.dark, across=True)
    pen.poly([(41, 15), (46, 15), (40, 49), (31, 49)], clear(WHITE, 0.3))
    pen.oval(24, 47, 76, 53, mix(p.dark, (255, 226, 150), 0.6))
    pen.line([(66, 53), (66, 63)], 0.6, STEEL)
    pen.disc(66, 64, 1.3, p.accent)


def ceiling_lamp(pen: Pen) -> None:
    """A lamp that hangs, with three shades."""
    p = pen.paint
    pen.box(30, 8, 70, 11.4, p.dark, p.deep, r=1.6)
    for x, y in ((26, 62), (50, 74), (74, 58)):
        pen.line([(30 + (x - 26) * 40 / 48, 11), (x, y - 22)], 0.8, INK)
        pen.disc(x, y - 1, 13, clear((255, 236, 180), 0.4))
        pen.disc(x, y, 4.6, (255, 247, 218))
        pen.blob(
            [(x - 4, y - 22), (x + 4, y - 22), (x + 12, y - 6), (x + 13, y), (x - 13, y), (x - 12, y - 6)],
            p.light,
            p.dark,
            across=True,
        )
        pen.oval(x - 12.6, y - 2, x + 12.6, y + 2, mix(p.accent, (255, 240, 200), 0.6))


def pillow(pen: Pen) -> None:
    """Pillows."""
    p = pen.paint
    back = [(20, 40), (46, 36), (74, 40), (77, 56), (74, 74), (46, 76), (20, 74), (17, 56)]
    pen.blob([(x + 2, y - 20) for x, y in back], mix(p.accent, WHITE, 0.35), p.accent)
    pen.blob([(14, 46), (50, 42), (86, 46), (89, 66), (86, 84), (50, 87), (14, 84), (11, 66)], p.pale, p.main)
    for x, y, dx, dy in ((16, 49, 9, 6), (84, 49, -9, 6), (16, 81, 10, -5), (84, 81, -10, -5)):
        pen.curve([(x, y), (x + dx * 0.6, y + dy * 0.8), (x + dx, y + dy * 1.6)], 0.8, clear(p.deep, 0.35))


def towels(pen: Pen) -> None:
    """Folded towels in a pile."""
    p = pen.paint
    for step, colour in enumerate((p.main, p.accent, p.light, mix(p.accent, WHITE, 0.45))):
        y = 70 - step * 15
        pen.box(16, y, 84, y + 16, colour, mix(colour, INK, 0.16), r=7)
        pen.curve([(20, y + 5), (17.6, y + 8), (20, y + 11.6)], 1, mix(colour, INK, 0.25))
        pen.line([(22, y + 8), (82, y + 8)], 0.8, mix(colour, INK, 0.22))
        pen.box(66, y, 72, y + 16, clear(WHITE, 0.35))


def carpet(pen: Pen) -> None:
    """A carpet from above, with an ornament."""
    p = pen.paint
    for step in range(24):
        x = 21 + step * 2.5
        for y in (12, 86):
            pen.line([(x, y), (x, y + 3)], 0.7, mix(p.main, WHITE, 0.5))
    pen.box(19, 14, 81, 87, p.main, p.dark, r=0.8)
    pen.box(22, 17, 78, 84, p.pale)
    pen.box(24, 19, 76, 82, p.main, p.dark)
    for y in (32, 50.5, 69):
        pen.poly([(50, y - 10), (66, y), (50, y + 10), (34, y)], p.accent)
        pen.poly([(50, y - 6), (59, y), (50, y + 6), (41, y)], p.pale)
        pen.disc(50, y, 2.4, p.deep)
        for side in (-1, 1):
            pen.curve([(50 + side * 17, y), (50 + side * 22, y - 5), (50 + side * 20, y - 9)], 1.3, p.pale)
            pen.curve([(50 + side * 17, y), (50 + side * 22, y + 5), (50 + side * 20, y + 9)], 1.3, p.pale)


def curtain(pen: Pen) -> None:
    """Curtains at a window."""
    p = pen.paint
    pen.box(26, 16, 74, 74, (190, 218, 236), (232, 242, 246))
    pen.box(49, 16, 51, 74, WHITE)
    pen.box(26, 43, 74, 45, WHITE)
    for side in (-1, 1):
        for step in range(5):
            x = 50 + side * (38 - step * 5.6)
            pen.blob(
                [
                    (x - 3.4, 12),
                    (x + 3.4, 12),
                    (x + 3.6 - side * step, 50),
                    (x + 3.2 + side * 2, 86),
                    (x - 3.2 + side * 2, 86),
                    (x - 3.6 - side * step, 50),
                ],
                p.light if step % 2 else p.main,
                p.dark,
            )
    pen.box(6, 10, 94, 13, _DARK_WOOD, r=1.5)
    pen.disc(6, 11.5, 2.6, _DARK_WOOD)
    pen.disc(94, 11.5, 2.6, _DARK_WOOD)


def clock(pen: Pen) -> None:
    """A clock for a wall."""
    p = pen.paint
    pen.disc(50, 50, 36, p.dark, p.deep)
    pen.disc(50, 49.4, 34.4, p.light, p.main)
    pen.disc(50, 50, 30, (252, 251, 248), (234, 233, 230))
    for x, y in ((50, 23), (77, 50), (50, 77), (23, 50)):
        pen.disc(x, y, 1.8, p.deep)
    for x, y in (
        (63.5, 26.6),
        (73.4, 36.5),
        (73.4, 63.5),
        (63.5, 73.4),
        (36.5, 73.4),
        (26.6, 63.5),
        (26.6, 36.5),
        (36.5, 26.6),
    ):
        pen.disc(x, y, 0.9, p.dark)
    pen.line([(50, 50), (38, 40)], 2.4, INK)
    pen.line([(50, 50), (66, 34)], 1.6, INK)
    pen.line([(44, 58), (60, 37)], 0.7, p.accent)
    pen.disc(50, 50, 2.2, p.accent)
