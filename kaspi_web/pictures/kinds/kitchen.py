"""Appliances, large and small, and what cooks use."""

from __future__ import annotations

from kaspi_web.pictures.paints import GLASS, INK, RUBBER, SCREEN, STEEL, WHITE, WOOD, clear, mix
from kaspi_web.pictures.pen import Pen

_SOOT = mix(STEEL, INK, 0.45)


def fridge(pen: Pen) -> None:
    """A refrigerator with two doors."""
    p = pen.paint
    for x in (33, 63):
        pen.box(x, 85, x + 5, 88, INK, r=0.8)
    pen.box(29, 8, 71, 86.4, p.dark, p.deep, r=3)
    pen.box(29.6, 8.6, 70.4, 56, p.light, p.main, r=2.6, across=True)
    pen.box(29.6, 57.4, 70.4, 85.8, p.light, p.main, r=2.6, across=True)
    for y0, y1 in ((30, 52), (61, 75)):
        pen.box(33, y0, 35, y1, STEEL, _SOOT, r=1, across=True)
    pen.box(50, 15, 64, 21, SCREEN, r=1.2)
    pen.box(52, 17.2, 57, 18.8, p.accent, r=0.6)
    pen.poly([(56, 9), (69, 9), (52, 55.6), (39, 55.6)], clear(WHITE, 0.13))


def washer(pen: Pen) -> None:
    """A washing machine."""
    p = pen.paint
    pen.box(22, 14, 78, 86, p.dark, p.deep, r=3)
    pen.box(22.6, 14.6, 77.4, 85, p.light, p.main, r=2.6)
    pen.box(22.6, 14.6, 77.4, 28, p.pale, p.light, r=2.6)
    pen.box(26, 17.5, 42, 25, mix(p.main, WHITE, 0.5), p.main, r=1.2)
    pen.box(58, 18, 73, 24.6, SCREEN, r=1.2)
    pen.disc(50, 21.4, 4, STEEL, _SOOT)
    pen.line([(50, 21.4), (50, 18.6)], 0.8, INK)
    pen.disc(50, 55, 22, STEEL, _SOOT)
    pen.disc(50, 55, 19, RUBBER, INK)
    pen.disc(50, 55, 15.5, (92, 128, 156), (34, 48, 66))
    pen.blob([(36, 60), (42, 55), (50, 58), (58, 54), (64, 60), (59, 67), (50, 70), (41, 67)], clear(p.accent, 0.8))
    pen.blob([(41, 46), (46, 42), (52, 41), (47, 46), (43, 51)], clear(WHITE, 0.45))
    pen.box(24, 81, 76, 82, p.dark, r=0.5)


def dishwasher(pen: Pen) -> None:
    """A dishwasher with its door ajar."""
    p = pen.paint
    pen.box(24, 14, 76, 86, p.dark, p.deep, r=2.6)
    pen.box(24.6, 14.6, 75.4, 26, p.pale, p.light, r=2.2)
    pen.box(29, 17.6, 45, 22.6, SCREEN, r=1)
    for x in (54, 61, 68):
        pen.disc(x, 20.2, 1.5, p.accent if x == 54 else mix(p.main, INK, 0.2))
    pen.box(24.6, 27.2, 75.4, 80.4, p.light, p.main, r=1.4, across=True)
    pen.box(32, 31.2, 68, 33.6, STEEL, _SOOT, r=1.2)
    pen.poly([(58, 28), (74, 28), (56, 79.6), (40, 79.6)], clear(WHITE, 0.13))
    pen.box(28, 81.6, 72, 85, INK, r=0.8)


def stove(pen: Pen) -> None:
    """A cooker with an oven."""
    p = pen.paint
    pen.poly([(24, 20), (76, 20), (80, 28), (20, 28)], (50, 54, 62), (34, 37, 44))
    for x in (38, 62):
        pen.oval(x - 9, 21.2, x + 9, 26.4, (86, 92, 102))
        pen.oval(x - 6, 22.2, x + 6, 25.4, p.accent)
    pen.box(20, 27.6, 80, 86, p.light, p.dark, r=2)
    for x in (29, 38, 62, 71):
        pen.disc(x, 34, 2.7, STEEL, _SOOT)
        pen.line([(x, 34), (x, 32)], 0.7, INK)
    pen.box(45, 31.4, 55, 36.6, SCREEN, r=0.8)
    pen.box(26, 44, 74, 78, INK, r=2)
    pen.box(30, 50, 70, 74, (74, 64, 58), (46, 42, 42), r=1.6)
    for y in (58, 66):
        pen.line([(31, y), (69, y)], 0.6, clear(STEEL, 0.7))
    pen.poly([(48, 50), (62, 50), (48, 74), (34, 74)], clear(WHITE, 0.10))
    pen.box(28, 45.6, 72, 47.8, STEEL, _SOOT, r=1)


def microwave(pen: Pen) -> None:
    """A microwave oven."""
    p = pen.paint
    pen.box(12, 32, 88, 84, p.dark, p.deep, r=3)
    pen.box(12.6, 32.6, 87.4, 82.6, p.light, p.main, r=2.6)
    pen.box(16, 37, 66, 78.4, INK, r=2)
    pen.box(20, 41, 62, 74.4, (72, 76, 86), (40, 43, 50), r=1.6)
    pen.oval(27, 65, 55, 71, clear(GLASS, 0.6))
    pen.poly([(42, 41), (56, 41), (40, 74.4), (26, 74.4)], clear(WHITE, 0.10))
    pen.box(67.6, 40, 69.8, 75.6, STEEL, _SOOT, r=1)
    pen.box(73, 38, 84, 45, SCREEN, r=1)
    pen.box(75, 40.4, 80, 42.6, (120, 226, 160), r=0.5)
    for row in range(3):
        for column in range(3):
            pen.box(73 + column * 4, 49 + row * 4.6, 76 + column * 4, 52 + row * 4.6, p.pale, r=0.7)
    pen.disc(78.5, 71, 4.4, STEEL, _SOOT)
    pen.line([(78.5, 71), (80.4, 68.4)], 0.8, INK)


def kettle(pen: Pen) -> None:
    """An electric kettle."""
    p = pen.paint
    pen.box(28, 80, 72, 86, RUBBER, INK, r=2)
    pen.curve([(66, 30), (82, 32), (86, 48), (80, 66), (68, 70)], 5, INK)
    pen.curve([(66, 29.4), (81, 31.6), (85, 48), (79, 65), (68, 69)], 2, RUBBER)
    pen.poly([(34, 24), (24, 25), (32, 40)], p.dark)
    pen.poly([(34, 24), (66, 24), (72, 80.4), (28, 80.4)], p.light, p.dark, across=True)
    pen.poly([(38, 26), (44, 26), (41, 78), (33, 78)], clear(WHITE, 0.32))
    pen.box(54, 42, 59, 72, clear(INK, 0.3), r=2.5)
    pen.box(54, 54, 59, 72, clear((120, 190, 230), 0.9), r=2.5)
    pen.box(33, 20, 67, 26, RUBBER, INK, r=2)
    pen.box(46, 15.6, 54, 20.6, RUBBER, INK, r=2)
    pen.disc(64, 83, 1, p.accent)


def multicooker(pen: Pen) -> None:
    """A multicooker."""
    p = pen.paint
    pen.box(30, 83, 70, 87, INK, r=1.5)
    pen.box(18, 36, 82, 85, p.light, p.dark, r=14)
    pen.poly([(18.4, 46), (81.6, 46), (80, 38), (70, 26), (30, 26), (20, 38)], p.dark, p.deep)
    pen.blob([(22, 38), (32, 27), (50, 23.6), (68, 27), (78, 38), (50, 41)], p.pale, p.main)
    pen.box(40, 20.6, 60, 26, RUBBER, INK, r=2.4)
    pen.box(18, 44, 82, 47, STEEL, _SOOT, r=1)
    pen.box(32, 53, 68, 78, SCREEN, r=4)
    pen.box(40, 57, 60, 64, (44, 58, 70), r=1)
    for x in (45.4, 50, 54.6):
        pen.box(x - 1.4, 58.4, x + 1.4, 62.6, (130, 226, 210), r=0.5)
    for x in (39, 46.4, 53.6, 61):
        pen.disc(x, 71, 2, p.accent if x == 39 else (90, 96, 110))


def blender(pen: Pen) -> None:
    """A blender with fruit in it."""
    p = pen.paint
    pen.box(40, 9, 60, 15, RUBBER, INK, r=2)
    pen.curve([(67, 22), (79, 24), (77, 44), (65, 50)], 3.2, clear(mix(GLASS, INK, 0.15), 0.9))
    pen.poly([(31, 15), (69, 15), (63, 58), (37, 58)], mix(GLASS, WHITE, 0.55), mix(GLASS, WHITE, 0.3), across=True)
    pen.poly([(33.8, 34), (66.2, 34), (63, 57), (37, 57)], (240, 148, 130), (206, 76, 88))
    for x, y in ((42, 40), (52, 45), (59, 39)):
        pen.disc(x, y, 2.6, (250, 196, 120))
    pen.poly([(36, 16), (42, 16), (42.6, 56), (39.6, 56)], clear(WHITE, 0.5))
    pen.box(29, 13.4, 71, 17, RUBBER, r=1.4)
    pen.poly([(36, 58), (64, 58), (71, 85), (29, 85)], p.light, p.dark, across=True)
    pen.box(28, 83.4, 72, 87, INK, r=1.4)
    pen.disc(50, 72, 6, STEEL, _SOOT)
    pen.disc(50, 72, 4, p.accent, mix(p.accent, INK, 0.2))


def iron(pen: Pen) -> None:
    """A steam iron."""
    p = pen.paint
    pen.curve([(84, 52), (92, 60), (90, 74), (96, 84)], 1.8, RUBBER)
    pen.poly([(6, 80), (14, 72), (86, 72), (88, 80)], STEEL, _SOOT)
    pen.blob([(9, 73), (22, 58), (44, 46), (62, 43), (82, 46), (87, 60), (86, 74)], p.light, p.dark)
    pen.blob(
        [(30, 58), (40, 38), (58, 29), (80, 30), (88, 40), (86, 48), (78, 46), (74, 39), (60, 38), (48, 46)],
        RUBBER,
        INK,
    )
    pen.blob([(22, 66), (34, 57), (48, 52), (52, 58), (40, 64), (28, 69)], clear((150, 210, 240), 0.75))
    pen.disc(66, 60, 5.6, p.pale, p.main)
    pen.line([(66, 60), (69, 56.6)], 1, p.deep)
    pen.box(7, 78.4, 89, 81, mix(STEEL, INK, 0.3), r=1)


def vacuum(pen: Pen) -> None:
    """A vacuum cleaner with its hose."""
    p = pen.paint
    pen.curve([(46, 54), (30, 44), (18, 24), (32, 12), (52, 16)], 4.4, RUBBER)
    pen.line([(52, 16), (86, 74)], 3, STEEL)
    pen.line([(50, 14), (58, 24)], 4.4, INK)
    pen.poly([(78, 74), (92, 74), (96, 84), (74, 84)], INK, RUBBER)
    pen.blob([(10, 76), (16, 58), (34, 50), (52, 54), (62, 70), (62, 83), (14, 84)], p.light, p.dark)
    pen.blob([(24, 60), (36, 55), (47, 59), (50, 70), (26, 71)], clear(SCREEN, 0.72))
    pen.disc(20, 77, 9, RUBBER, INK)
    pen.disc(20, 77, 4.6, STEEL, _SOOT)
    pen.disc(56, 81, 5, RUBBER, INK)
    pen.box(36, 75, 46, 78.6, p.accent, r=1.6)


def robot_vacuum(pen: Pen) -> None:
    """A vacuum cleaner that drives by itself, from above."""
    p = pen.paint
    pen.disc(50, 50, 37, p.dark, p.deep)
    pen.disc(50, 49.4, 35.6, p.light, p.main)
    pen.disc(50, 49.4, 28.6, p.pale, p.light)
    pen.disc(50, 38, 9.6, RUBBER, INK)
    pen.disc(50, 37.6, 6.4, (84, 90, 102), (46, 50, 58))
    pen.box(43, 60, 57, 65, mix(p.main, WHITE, 0.8), p.light, r=2.5)
    pen.disc(46.6, 62.5, 1.2, p.accent)
    pen.disc(53.4, 62.5, 1.2, mix(p.main, INK, 0.3))
    pen.line([(20, 29), (27, 22.4), (38, 17)], 1.2, clear(WHITE, 0.6))


def conditioner(pen: Pen) -> None:
    """An air conditioner on a wall, blowing."""
    p = pen.paint
    for x in (24, 38, 52, 66):
        pen.curve([(x + 4, 62), (x, 69), (x + 6, 76), (x + 1, 84)], 1.4, clear((110, 180, 226), 0.75))
    pen.box(6, 28, 94, 60, p.dark, p.deep, r=6)
    pen.box(6, 28, 94, 58.6, p.pale, p.light, r=6)
    pen.box(10, 51, 90, 56, p.deep, r=2)
    for x in range(14, 88, 4):
        pen.line([(x, 52), (x + 1.4, 55)], 0.6, clear(WHITE, 0.4))
    pen.box(6.6, 46.6, 93.4, 47.4, p.main)
    pen.box(74, 35, 86, 41, SCREEN, r=1.4)
    pen.box(76.4, 37, 79, 39.2, (130, 226, 210), r=0.4)
    pen.box(80.4, 37, 83, 39.2, (130, 226, 210), r=0.4)


def heater(pen: Pen) -> None:
    """An oil heater on wheels."""
    p = pen.paint
    for x in (25, 75):
        pen.disc(x, 84, 3.2, RUBBER, INK)
    pen.box(20, 77, 80, 82, RUBBER, r=1)
    for step in range(8):
        x = 17 + step * 7.2
        pen.box(x, 26, x + 6.6, 79, p.pale if step % 2 else p.light, p.main, r=3.2, across=True)
        pen.box(x + 2.6, 34, x + 4, 71, clear(p.deep, 0.28), r=0.7)
    pen.box(74, 24, 86, 80, p.dark, p.deep, r=3)
    pen.disc(80, 38, 3.6, STEEL, _SOOT)
    pen.disc(80, 49, 2.6, p.accent)
    pen.box(77.6, 58, 82.4, 64, INK, r=1)


def coffee(pen: Pen) -> None:
    """A coffee machine filling a cup."""
    p = pen.paint
    pen.box(24, 14, 76, 86, p.dark, p.deep, r=4)
    pen.box(24.6, 14.6, 75.4, 40, p.light, p.main, r=3.6)
    pen.box(30, 40, 70, 76, mix(INK, p.main, 0.12), INK, r=1)
    pen.box(40, 40, 60, 46, STEEL, _SOOT, r=1.4)
    pen.box(47, 45, 53, 50, RUBBER, r=1)
    for x in (48.6, 51.4):
        pen.line([(x, 50), (x, 59)], 0.9, (112, 70, 44))
    pen.curve([(59, 62), (65, 63), (64.4, 69), (58.4, 70)], 1.6, WHITE)
    pen.poly([(40, 58.4), (60, 58.4), (57.4, 73), (42.6, 73)], WHITE, (222, 222, 226), across=True)
    pen.oval(41, 57, 59, 60.4, (112, 70, 44))
    pen.box(26, 76, 74, 80, STEEL, _SOOT, r=1)
    pen.box(33, 20, 52, 31, SCREEN, r=1.4)
    pen.box(35.6, 23.4, 44, 25, p.accent, r=0.7)
    pen.disc(65, 25.6, 5, STEEL, _SOOT)


def pan(pen: Pen) -> None:
    """A pan with a handle."""
    p = pen.paint
    pen.box(66, 56, 98, 61, RUBBER, INK, r=2.5)
    pen.poly([(8, 54), (70, 54), (64, 78), (60, 81), (18, 81), (14, 78)], p.light, p.dark)
    pen.oval(8, 47, 70, 61, p.main, p.deep)
    pen.oval(11, 48.6, 67, 59.4, (60, 62, 68), (84, 86, 92))
    pen.blob([(24, 54), (31, 50.6), (44, 51), (53, 53.4), (46, 57), (32, 57.4)], (250, 248, 240))
    pen.oval(34, 52, 43, 56, (250, 190, 70), (236, 160, 50))


def pot(pen: Pen) -> None:
    """A pot with a glass lid."""
    p = pen.paint
    for side in (-1, 1):
        pen.box(50 + side * 36 - 6, 48, 50 + side * 36 + 6, 54, RUBBER, INK, r=3)
    pen.box(16, 42, 84, 84, p.light, p.dark, r=5, across=True)
    pen.box(22, 46, 27, 80, clear(WHITE, 0.3), r=2.5)
    pen.blob([(17, 42), (28, 33), (50, 29), (72, 33), (83, 42), (50, 44.6)], mix(GLASS, WHITE, 0.5), GLASS)
    pen.curve([(30, 36), (46, 32.6), (56, 32.4)], 1.2, clear(WHITE, 0.8))
    pen.box(15, 40.6, 85, 44.4, STEEL, _SOOT, r=1.6)
    pen.box(44, 22, 56, 30, RUBBER, INK, r=3)


def dishes(pen: Pen) -> None:
    """Plates, a bowl and a cup."""
    p = pen.paint
    for step in range(4):
        y = 80 - step * 4
        pen.oval(14, y - 4, 74, y + 5, p.dark if step % 2 else p.main, p.deep)
        pen.oval(14, y - 5, 74, y + 4, p.pale, p.light)
    pen.poly([(26, 44), (62, 44), (54, 63), (34, 63)], p.light, p.main, across=True)
    pen.oval(26, 40, 62, 48, p.dark, p.main)
    pen.curve([(83, 62), (93, 62), (92, 74), (82, 76)], 2, p.accent)
    pen.poly([(62, 56), (86, 56), (83, 84), (65, 84)], mix(p.accent, WHITE, 0.25), p.accent, across=True)
    pen.oval(62, 53, 86, 59, mix(p.accent, INK, 0.3), mix(p.accent, INK, 0.1))


def knives(pen: Pen) -> None:
    """Knives in a block of wood."""
    p = pen.paint
    for step in range(4):
        x, y = 30 + step * 8.6, 18 + step * 3.4
        pen.line([(x, y), (x + 7, y + 24)], 5.4, INK)
        pen.line([(x - 0.6, y), (x + 6.4, y + 24)], 3.6, p.light)
        for share in (0.25, 0.55):
            pen.disc(x + 7 * share - 0.4, y + 24 * share, 0.8, STEEL)
    pen.poly([(30, 42), (68, 50), (78, 86), (30, 86)], mix(WOOD, WHITE, 0.15), mix(WOOD, INK, 0.2), across=True)
    pen.poly([(30, 42), (36, 36), (74, 44), (68, 50)], mix(WOOD, WHITE, 0.4))
    pen.poly([(68, 50), (74, 44), (84, 84), (78, 86)], mix(WOOD, INK, 0.3))
