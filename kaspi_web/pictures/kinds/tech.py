"""Phones, computers and what belongs to them."""

from __future__ import annotations

from kaspi_web.pictures.paints import GLASS, INK, RUBBER, SCREEN, STEEL, WHITE, clear, mix
from kaspi_web.pictures.pen import Pen


def wallpaper(pen: Pen, x0: float, y0: float, x1: float, y1: float, r: float = 0) -> None:
    """What a screen shows: hills under a sky in the goods' own colours."""
    p = pen.paint
    sky, hill = mix(p.accent, WHITE, 0.3), mix(p.main, (70, 90, 160), 0.55)
    pen.box(x0, y0, x1, y1, mix(hill, WHITE, 0.15), sky, r=r)
    w, h = x1 - x0, y1 - y0
    pen.disc(x0 + w * 0.68, y0 + h * 0.36, min(w, h) * 0.11, clear(WHITE, 0.85))
    far = [(0, 0.72), (0.3, 0.52), (0.55, 0.68), (0.8, 0.55), (1, 0.66), (1, 0.97), (0, 0.97)]
    near = [(0, 0.86), (0.25, 0.74), (0.6, 0.88), (1, 0.76), (1, 0.98), (0.96, 1), (0.04, 1), (0, 0.98)]
    pen.poly([(x0 + a * w, y0 + b * h) for a, b in far], clear(hill, 0.75))
    pen.poly([(x0 + a * w, y0 + b * h) for a, b in near], mix(hill, INK, 0.35))


def phone(pen: Pen) -> None:
    """A telephone, its screen towards us."""
    p = pen.paint
    pen.box(31, 12, 69, 88, p.dark, p.deep, r=6.5)
    pen.box(31.8, 12.6, 68.2, 87.4, p.light, p.dark, r=6)
    pen.box(33, 13.8, 67, 86.2, SCREEN, r=5)
    wallpaper(pen, 34, 14.8, 66, 85.2, r=4.2)
    pen.box(45, 17, 55, 19.4, SCREEN, r=1.2)
    for column in range(4):
        pen.box(36.5 + column * 7.2, 74.5, 41.9 + column * 7.2, 79.9, clear(WHITE, 0.85), r=1.5)
    pen.box(45, 82.6, 55, 83.4, clear(WHITE, 0.9), r=0.4)


def phone_back(pen: Pen) -> None:
    """A telephone from behind, with its cameras."""
    p = pen.paint
    pen.box(31, 12, 69, 88, p.dark, p.deep, r=6.5)
    pen.box(31.9, 12.9, 68.1, 87.1, p.light, p.main, r=5.8)
    pen.poly([(52, 13), (68, 13), (68, 40), (32, 87), (32, 60)], clear(WHITE, 0.10))
    pen.box(35, 16, 51, 37, mix(p.main, WHITE, 0.12), p.dark, r=4.5)
    for x, y in ((40, 21.5), (40, 31.2), (46.6, 26.3)):
        pen.disc(x, y, 3.7, INK)
        pen.disc(x, y, 2.5, (44, 52, 74), (18, 20, 30))
        pen.disc(x - 0.8, y - 0.8, 0.7, clear(WHITE, 0.8))
    pen.disc(47, 19.6, 1.0, (255, 244, 214))
    pen.box(46, 61, 54, 62, clear(p.deep, 0.5), r=0.5)


def tablet(pen: Pen) -> None:
    """A tablet computer."""
    p = pen.paint
    pen.box(16, 22, 84, 78, p.light, p.dark, r=4.5)
    pen.box(17.2, 23.2, 82.8, 76.8, SCREEN, r=3.6)
    wallpaper(pen, 20, 26, 80, 74, r=1.2)
    for column in range(5):
        pen.box(31 + column * 8, 64.5, 36.6 + column * 8, 70.1, clear(WHITE, 0.85), r=1.5)
    pen.disc(50, 24.6, 0.5, (90, 98, 120))


def laptop(pen: Pen) -> None:
    """An open laptop."""
    p = pen.paint
    pen.box(19, 25, 81, 69, p.light, p.dark, r=2.6)
    pen.box(20.2, 26.2, 79.8, 68, SCREEN, r=1.8)
    wallpaper(pen, 22, 28.4, 78, 65.6)
    pen.poly([(19, 69), (81, 69), (91, 77.5), (9, 77.5)], p.light, p.main)
    pen.poly([(25, 70), (75, 70), (78, 73.4), (22, 73.4)], p.deep)
    for row in range(3):
        y = 70.5 + row * 1.0
        pen.line([(25 - row * 0.8, y), (75 + row * 0.8, y)], 0.5, mix(p.deep, WHITE, 0.25))
    pen.poly([(42, 74.2), (58, 74.2), (59.5, 76.6), (40.5, 76.6)], p.dark)
    pen.box(9, 77.4, 91, 79.8, p.main, p.deep, r=1.2)
    pen.box(44, 77.4, 56, 78.4, p.dark, r=0.5)


def monitor(pen: Pen) -> None:
    """A monitor on its foot."""
    p = pen.paint
    pen.box(45, 64, 55, 82, p.main, p.deep, across=True)
    pen.oval(31, 80, 69, 86, p.light, p.dark)
    pen.box(11, 17, 89, 68, p.main, p.deep, r=2)
    pen.box(12, 18, 88, 64.4, SCREEN, r=1.2)
    wallpaper(pen, 12.8, 18.8, 87.2, 63.6)
    pen.disc(50, 66.2, 0.6, (120, 220, 170))


def desktop(pen: Pen) -> None:
    """The case of a computer, with a window and fans."""
    p = pen.paint
    pen.box(31, 14, 71, 86, p.light, p.dark, r=2)
    pen.box(34, 18, 68, 82, SCREEN, r=1.5)
    for y, glow in ((30, p.accent), (50, mix(p.accent, (90, 130, 240), 0.5)), (70, (96, 128, 226))):
        pen.disc(51, y, 8.8, mix(glow, INK, 0.2))
        pen.disc(51, y, 7.6, (24, 27, 36))
        for turn in ((-5, -2), (5, 2), (2, -5), (-2, 5), (3.6, -3.6), (-3.6, 3.6)):
            pen.line([(51, y), (51 + turn[0], y + turn[1])], 2.2, mix(glow, INK, 0.55))
        pen.disc(51, y, 2, mix(glow, WHITE, 0.2))
    pen.poly([(34, 18), (52, 18), (34, 56)], clear(WHITE, 0.09))
    pen.disc(51, 16, 0.8, p.accent)


def keyboard(pen: Pen) -> None:
    """A keyboard."""
    p = pen.paint
    pen.box(9, 36, 91, 66, p.main, p.deep, r=3)
    pen.box(9, 36, 91, 63.6, p.light, p.main, r=3)
    for row in range(4):
        for column in range(14):
            x, y = 12 + column * 5.5, 39 + row * 5.1
            accent = (row, column) in ((0, 0), (2, 13))
            cap = p.accent if accent else mix(p.main, WHITE, 0.82 if sum(p.main) < 480 else 0.55)
            pen.box(x, y, x + 4.5, y + 4.4, mix(cap, INK, 0.28), r=0.8)
            pen.box(x + 0.25, y, x + 4.25, y + 3.7, cap, r=0.7)
    pen.box(30, 59.3, 70, 62.6, mix(p.main, WHITE, 0.7), r=0.8)


def mouse(pen: Pen) -> None:
    """A computer mouse."""
    p = pen.paint
    shape = [(50, 20), (64, 25), (69, 45), (67, 68), (58, 81), (50, 83), (42, 81), (33, 68), (31, 45), (36, 25)]
    pen.blob(shape, p.dark, p.deep)
    pen.blob([(50 + (x - 50) * 0.93, 50 + (y - 50.5) * 0.95) for x, y in shape], p.light, p.main)
    pen.curve([(50, 22), (50, 50)], 0.8, p.deep)
    pen.curve([(32.5, 52), (50, 49.5), (67.5, 52)], 0.8, p.dark)
    pen.box(47.4, 29, 52.6, 42, p.deep, r=2.6)
    pen.box(48.4, 31, 51.6, 40, p.accent, mix(p.accent, INK, 0.3), r=1.6)


def printer(pen: Pen) -> None:
    """A printer with a sheet in it."""
    p = pen.paint
    pen.poly([(32, 20), (68, 20), (70, 44), (30, 44)], WHITE, (226, 229, 233))
    for y in (26, 30, 34):
        pen.line([(38, y), (62 if y < 34 else 54, y)], 0.9, (190, 196, 204))
    pen.box(16, 42, 84, 80, p.light, p.dark, r=4)
    pen.box(16, 42, 84, 54, p.pale, p.light, r=4)
    pen.box(62, 46, 78, 51, SCREEN, r=1.2)
    pen.disc(26, 48.5, 1.8, p.accent)
    pen.box(26, 60, 74, 66, p.deep, r=1.5)
    pen.poly([(30, 64), (70, 64), (76, 84), (24, 84)], WHITE, (232, 234, 238))
    pen.box(35, 68, 48, 78, mix(p.accent, WHITE, 0.3), r=1)
    for y in (69, 72.6, 76.2):
        pen.line([(52, y), (66, y)], 0.9, (196, 201, 209))


def router(pen: Pen) -> None:
    """A router with its aerials."""
    p = pen.paint
    for x, top in ((24, 20), (41, 15), (59, 15), (76, 20)):
        pen.line([(x, 66), (x + (x - 50) * 0.08, top)], 2.6, p.dark)
        pen.line([(x - 0.5, 66), (x + (x - 50) * 0.08 - 0.5, top)], 0.8, p.light)
    pen.poly([(18, 62), (82, 62), (90, 76), (10, 76)], p.light, p.main)
    pen.box(10, 75, 90, 84, p.main, p.deep, r=2.2)
    for step in range(6):
        pen.disc(35 + step * 6, 79.5, 0.9, (120, 226, 160) if step < 4 else p.accent)
    pen.poly([(40, 66), (60, 66), (62, 70.5), (38, 70.5)], clear(p.deep, 0.35))


def drive(pen: Pen) -> None:
    """A drive for files."""
    p = pen.paint
    pen.curve([(50, 30), (50, 16), (62, 12), (74, 18), (78, 26)], 2, RUBBER)
    pen.box(75, 24, 81, 33, STEEL, mix(STEEL, INK, 0.3), r=1)
    pen.box(32, 29, 68, 86, p.light, p.dark, r=5)
    pen.box(33.5, 30.5, 66.5, 84.5, p.main, p.dark, r=4)
    for step in range(7):
        pen.line([(38, 40 + step * 4), (62, 40 + step * 4)], 1.1, clear(p.deep, 0.55))
    pen.box(42, 73, 58, 78, p.accent, r=1.4)
    pen.disc(50, 34.6, 0.8, (130, 230, 170))


def powerbank(pen: Pen) -> None:
    """A battery to carry along."""
    p = pen.paint
    pen.box(30, 18, 70, 86, p.dark, p.deep, r=7)
    pen.box(31, 18.8, 69, 84.6, p.light, p.main, r=6.2)
    pen.box(38, 21, 46, 23.6, INK, r=0.8)
    pen.box(54, 21, 62, 23.6, INK, r=1.3)
    pen.poly([(52.5, 42), (43, 56), (49.5, 56), (47, 66), (57, 52), (50.5, 52)], p.accent)
    for step in range(4):
        pen.disc(44 + step * 4, 77, 1.1, (124, 226, 160) if step < 3 else clear(INK, 0.35))


def charger(pen: Pen) -> None:
    """A charger with its cable."""
    p = pen.paint
    pen.curve([(50, 50), (50, 66), (62, 80), (78, 74), (80, 58), (70, 48), (72, 36)], 2.6, p.dark)
    pen.box(69, 24, 76, 36, p.light, p.dark, r=1.6)
    pen.box(70.4, 18.5, 74.6, 24.4, STEEL, mix(STEEL, INK, 0.3), r=1.2)
    for x in (34, 45):
        pen.box(x, 9, x + 3, 22, STEEL, mix(STEEL, INK, 0.35), r=1.2)
    pen.box(24, 20, 58, 54, p.light, p.dark, r=7)
    pen.box(26, 22, 56, 50, p.pale, p.light, r=5.6)
    pen.poly([(42.4, 28), (35, 38.6), (40.4, 38.6), (38.4, 45.6), (46.6, 35.4), (41, 35.4)], p.accent)


def headphones(pen: Pen) -> None:
    """Headphones with a bow."""
    p = pen.paint
    bow = [(26, 58), (26, 38), (36, 22), (50, 17.5), (64, 22), (74, 38), (74, 58)]
    pen.curve(bow, 6, p.deep)
    pen.curve([(x, y - 0.8) for x, y in bow], 4.4, p.main)
    pen.curve([(37, 22), (50, 18), (63, 22)], 6.6, p.dark)
    for side in (-1, 1):
        x = 50 + side * 24
        pen.box(x - 8 - side * 1, 50, x + 8 - side * 1, 84, INK, r=8)
        pen.box(x - 7 + side * 2, 50, x + 7 + side * 2, 84, p.light, p.dark, r=7)
        pen.box(x - 3 + side * 3.6, 58, x + 3 + side * 3.6, 76, p.main, p.deep, r=3)
        pen.disc(x + side * 3.6, 67, 1.6, p.accent)


def earbuds(pen: Pen) -> None:
    """Small earphones above their case."""
    p = pen.paint
    for side in (-1, 1):
        x = 50 + side * 13
        pen.line([(x, 26), (x + side * 1.5, 50)], 5, p.dark)
        pen.line([(x - 0.5, 26), (x + side * 1.5 - 0.5, 49)], 3.6, p.light)
        pen.disc(x - side * 0.5, 24, 8, p.pale, p.main)
        pen.oval(x - side * 6 - 4.5, 21, x - side * 6 + 4.5, 31, RUBBER, INK)
    pen.box(24, 52, 76, 86, p.dark, p.deep, r=14)
    pen.box(25, 52, 75, 84.6, p.pale, p.main, r=13)
    pen.line([(25.4, 63), (74.6, 63)], 0.7, p.dark)
    pen.disc(50, 70, 1.2, p.accent)


def watch(pen: Pen) -> None:
    """A clever watch."""
    p = pen.paint
    pen.poly([(39, 8), (61, 8), (64, 34), (36, 34)], p.dark, p.main)
    pen.poly([(36, 66), (64, 66), (60, 92), (40, 92)], p.main, p.dark)
    for y in (76, 80.5, 85):
        pen.oval(48.8, y, 51.2, y + 2.2, p.deep)
    pen.box(31, 28, 69, 72, STEEL, mix(STEEL, INK, 0.4), r=11)
    pen.box(69, 43, 72, 52, STEEL, mix(STEEL, INK, 0.4), r=1.3)
    pen.box(33, 30, 67, 70, INK, r=9.4)
    pen.ring(50, 50, 14, 2.4, (60, 66, 80))
    pen.line([(50, 36), (57, 37.9), (62.1, 43), (64, 50), (62.1, 57), (57, 62.1)], 2.4, p.accent)
    pen.line([(50, 50), (45, 43.6)], 2, WHITE)
    pen.line([(50, 50), (57, 47.4)], 1.5, WHITE)
    pen.disc(50, 50, 1.6, p.accent)


def camera(pen: Pen) -> None:
    """A camera."""
    p = pen.paint
    pen.box(36, 24, 62, 40, p.dark, r=4)
    pen.box(66, 28, 76, 34, p.deep, r=1.6)
    pen.box(12, 32, 88, 80, p.light, p.dark, r=5)
    pen.box(12, 42, 88, 72, RUBBER, (38, 40, 46))
    pen.disc(50, 56, 20, STEEL, mix(STEEL, INK, 0.45))
    pen.disc(50, 56, 17.6, INK)
    pen.disc(50, 56, 13.4, (56, 70, 104), (20, 24, 36))
    pen.disc(50, 56, 8, (28, 36, 60), (62, 82, 130))
    pen.disc(45.6, 51, 2.8, clear(WHITE, 0.7))
    pen.box(70, 36, 80, 40, mix(GLASS, WHITE, 0.3), r=1.2)
    pen.disc(20, 37, 2, p.accent)


def speaker(pen: Pen) -> None:
    """A loudspeaker."""
    p = pen.paint
    pen.box(30, 14, 70, 86, p.dark, p.deep, r=8)
    pen.box(31, 14.8, 69, 84.8, p.light, p.main, r=7.4)
    for y, r in ((32, 8.5), (62, 14.5)):
        pen.disc(50, y, r + 1.4, p.deep)
        pen.disc(50, y, r, RUBBER, INK)
        pen.disc(50, y, r * 0.62, (74, 78, 88), (46, 48, 56))
        pen.disc(50, y, r * 0.26, p.accent, mix(p.accent, INK, 0.3))
    pen.disc(50, 19, 0.9, (130, 230, 170))


def tv(pen: Pen) -> None:
    """A television."""
    p = pen.paint
    for x, lean in ((26, -4), (74, 4)):
        pen.line([(x, 74), (x + lean, 84.6)], 2, p.deep)
        pen.line([(x, 74), (x - lean, 84.6)], 2, p.deep)
    pen.box(5, 20, 95, 76, p.main, p.deep, r=1.6)
    pen.box(5.8, 20.8, 94.2, 74.6, SCREEN, r=1)
    wallpaper(pen, 6.4, 21.4, 93.6, 74)
    pen.box(47, 74.8, 53, 75.6, p.light, r=0.4)


def console(pen: Pen) -> None:
    """A game controller."""
    p = pen.paint
    shape = [(30, 34), (50, 36), (70, 34), (82, 42), (90, 66), (86, 78), (77, 77), (66, 64), (50, 62), (34, 64)]
    shape += [(23, 77), (14, 78), (10, 66), (18, 42)]
    pen.blob([(x, y + 1.6) for x, y in shape], p.deep)
    pen.blob(shape, p.light, p.main)
    pen.box(41, 36, 59, 47, p.dark, r=2.5)
    for x in (39, 61):
        pen.disc(x, 57, 6, p.dark)
        pen.disc(x, 56.4, 4.8, RUBBER, INK)
    for dx, dy in ((0, -4.6), (4.6, 0), (0, 4.6), (-4.6, 0)):
        pen.disc(74 + dx, 46 + dy, 2.2, p.accent if dy else mix(p.accent, WHITE, 0.4))
    pen.box(20.4, 44.4, 31.6, 47.6, p.deep, r=0.9)
    pen.box(24.4, 40.4, 27.6, 51.6, p.deep, r=0.9)
