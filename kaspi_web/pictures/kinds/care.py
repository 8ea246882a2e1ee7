"""Beauty and health, pets, and what a household uses up."""

from __future__ import annotations

from kaspi_web.pictures.paints import GLASS, INK, LEAF, RUBBER, SCREEN, STEEL, WHITE, clear, mix
from kaspi_web.pictures.pen import Pen

_SOOT, _GOLD = mix(STEEL, INK, 0.45), (222, 184, 106)


def cream(pen: Pen) -> None:
    """A jar of cream."""
    p = pen.paint
    pen.blob([(66, 34), (80, 22), (92, 24), (84, 36), (70, 40)], LEAF, mix(LEAF, INK, 0.2))
    pen.box(20, 50, 80, 86, p.pale, p.main, r=9, across=True)
    pen.box(26, 54, 31, 82, clear(WHITE, 0.6), r=2.5)
    pen.box(22, 30, 78, 51, p.light, p.dark, r=4, across=True)
    pen.box(22, 46, 78, 48, clear(p.deep, 0.25))
    pen.box(36, 60, 66, 77, clear(WHITE, 0.82), r=2)
    pen.line([(42, 65.6), (60, 65.6)], 1.4, p.accent)
    pen.line([(45, 70.6), (57, 70.6)], 1, p.dark)


def bottle(pen: Pen) -> None:
    """A bottle with a pump, as shampoo has."""
    p = pen.paint
    pen.curve([(50, 14), (38, 13), (32, 17)], 3.4, p.dark)
    pen.box(44, 9, 58, 15, p.light, p.dark, r=2.4)
    pen.box(48.6, 14, 52.4, 26, STEEL, _SOOT, across=True)
    pen.box(42, 24, 59, 32, p.dark, p.deep, r=1.6, across=True)
    pen.blob(
        [(36, 36), (50, 31), (65, 36), (69, 50), (69, 82), (66, 86), (35, 86), (32, 82), (32, 50)],
        p.pale,
        p.main,
        across=True,
    )
    pen.box(36, 42, 40, 82, clear(WHITE, 0.5), r=2)
    pen.box(42, 48, 64, 76, clear(WHITE, 0.85), r=2)
    pen.blob([(53, 52), (58, 59), (53, 65), (48, 59)], p.accent, mix(p.accent, INK, 0.1))
    pen.line([(47, 69), (59, 69)], 1.1, p.dark)
    pen.line([(49, 72.4), (57, 72.4)], 0.8, p.main)


def perfume(pen: Pen) -> None:
    """A bottle of perfume."""
    p = pen.paint
    pen.box(41, 12, 59, 31, p.dark, p.deep, r=2.4, across=True)
    pen.box(44, 31, 56, 38, _GOLD, mix(_GOLD, INK, 0.3), across=True)
    pen.box(22, 37, 78, 86, mix(p.pale, WHITE, 0.4), p.pale, r=7)
    pen.box(26, 48, 74, 82, p.light, p.main, r=4)
    pen.box(26, 47, 74, 49, clear(WHITE, 0.7))
    pen.poly([(30, 42), (40, 42), (36, 80), (28, 80)], clear(WHITE, 0.35))
    pen.box(38, 56, 62, 74, clear(WHITE, 0.88), r=1.4)
    pen.poly([(50, 59), (54, 63.6), (50, 68), (46, 63.6)], _GOLD)
    pen.line([(44, 71), (56, 71)], 0.9, p.deep)


def lipstick(pen: Pen) -> None:
    """A lipstick and its cap."""
    p = pen.paint
    tone = mix(p.main, (200, 50, 80), 0.45)
    pen.box(60, 42, 80, 86, RUBBER, INK, r=2.6, across=True)
    pen.box(60, 78, 80, 81, _GOLD)
    pen.poly(
        [(32, 48), (32, 24), (44, 12), (48, 18), (48, 48)], mix(tone, WHITE, 0.2), mix(tone, INK, 0.15), across=True
    )
    pen.blob([(32.6, 25), (44, 12.6), (47, 17), (38, 24)], mix(tone, WHITE, 0.35))
    pen.box(30, 46, 50, 62, _GOLD, mix(_GOLD, INK, 0.35), r=1, across=True)
    pen.box(27, 60, 53, 86, RUBBER, INK, r=2, across=True)
    pen.box(31, 63, 33.4, 84, clear(WHITE, 0.3), r=1)


def hairdryer(pen: Pen) -> None:
    """A hairdryer."""
    p = pen.paint
    pen.curve([(58, 84), (64, 91), (78, 88), (92, 91)], 2, RUBBER)
    pen.poly([(48, 48), (64, 48), (62, 86), (52, 86)], p.main, p.deep, across=True)
    pen.box(54, 62, 58, 72, p.accent, r=1.6)
    pen.poly([(8, 26), (24, 31), (24, 51), (8, 56)], RUBBER, INK)
    pen.blob(
        [(22, 32), (44, 24), (66, 20), (82, 28), (86, 41), (82, 54), (66, 61), (44, 58), (22, 50)], p.light, p.dark
    )
    pen.disc(69, 41, 14, p.dark, p.deep)
    for step in range(5):
        pen.line([(61, 33.4 + step * 3.8), (77, 33.4 + step * 3.8)], 0.9, STEEL)
    pen.curve([(28, 35), (44, 29), (60, 25.6)], 1.6, clear(WHITE, 0.5))


def shaver(pen: Pen) -> None:
    """An electric shaver."""
    p = pen.paint
    for x, y in ((38, 22), (62, 22), (50, 37)):
        pen.disc(x, y, 12.4, STEEL, _SOOT)
        pen.disc(x, y, 9, mix(STEEL, WHITE, 0.3), STEEL)
        pen.ring(x, y, 6, 1.2, _SOOT)
        pen.disc(x, y, 3, p.accent)
    pen.blob(
        [(36, 46), (50, 51), (64, 46), (66, 60), (62, 78), (58, 90), (42, 90), (38, 78), (34, 60)], p.light, p.deep
    )
    pen.box(45, 58, 55, 76, INK, r=4)
    pen.disc(50, 63, 2.4, p.accent)
    pen.box(47.6, 69, 52.4, 70.4, (126, 226, 170), r=0.6)


def toothbrush(pen: Pen) -> None:
    """An electric toothbrush on its stand."""
    p = pen.paint
    pen.box(44, 8, 56, 17, WHITE, (220, 224, 230), r=4)
    for x in (45.4, 48.4, 51.4):
        pen.box(x, 6, x + 2.2, 13, p.accent if x == 48.4 else mix(p.main, WHITE, 0.3), r=0.8)
    pen.box(48, 16, 52, 38, WHITE, (214, 218, 226), across=True)
    pen.blob([(45, 36), (55, 36), (60, 48), (60, 80), (40, 80), (40, 48)], p.pale, p.main, across=True)
    pen.box(46.4, 46, 53.6, 62, RUBBER, INK, r=3.4)
    pen.disc(50, 50.4, 1.6, p.accent)
    pen.box(48.4, 68, 51.6, 69.4, (126, 226, 170), r=0.6)
    pen.oval(32, 77, 68, 88, p.dark, p.deep)
    pen.oval(32, 75, 68, 85, p.light, p.main)
    pen.oval(39, 75, 61, 81, clear(p.deep, 0.35))


def thermometer(pen: Pen) -> None:
    """A blood pressure monitor with its cuff."""
    p = pen.paint
    pen.curve([(50, 44), (36, 36), (28, 22), (44, 16), (58, 20)], 2.2, RUBBER)
    pen.box(54, 8, 92, 34, p.dark, p.deep, r=6)
    pen.box(54, 8, 70, 34, p.main, p.dark, r=6)
    pen.box(12, 42, 80, 86, p.pale, p.light, r=6)
    pen.box(17, 47, 57, 81, SCREEN, r=2.4)
    for y, w in ((53, 22), (63, 17)):
        pen.box(23, y, 23 + w, y + 5.4, (130, 226, 190), r=1)
    pen.blob([(26, 76), (24, 73), (26, 72), (27.4, 73.4), (29, 72), (31, 73), (29, 76), (27.4, 77.4)], (240, 120, 120))
    pen.box(33, 73, 42, 76.4, (130, 226, 190), r=0.8)
    pen.disc(69, 59, 6.4, p.accent, mix(p.accent, INK, 0.2))
    pen.disc(69, 75, 3.4, p.main)


def pills(pen: Pen) -> None:
    """A jar of vitamins."""
    p = pen.paint
    pen.box(30, 32, 70, 86, p.light, p.dark, r=6, across=True)
    pen.box(28, 16, 72, 33, WHITE, (216, 220, 226), r=3, across=True)
    for x in range(32, 72, 4):
        pen.line([(x, 19), (x, 30)], 0.7, clear(INK, 0.14))
    pen.box(30, 43, 70, 76, WHITE, (240, 240, 242), across=True)
    pen.box(46, 49, 54, 65, p.accent, r=1)
    pen.box(42, 53, 58, 61, p.accent, r=1)
    pen.line([(40, 71), (60, 71)], 1.2, p.dark)
    for x, y in ((78, 82), (20, 83)):
        pen.box(x - 6, y - 3, x + 6, y + 3, WHITE, r=3)
        pen.box(x, y - 3, x + 6, y + 3, p.accent, r=3)


def feed(pen: Pen) -> None:
    """A bag of pet food."""
    p = pen.paint
    pen.poly(
        [(26, 14), (74, 14), (79, 30), (80, 84), (76, 87), (24, 87), (20, 84), (21, 30)], p.light, p.dark, across=True
    )
    pen.box(25, 10, 75, 17, p.dark, p.deep, r=1)
    pen.poly([(21, 40), (79, 34), (80, 74), (20, 78)], p.pale)
    pen.oval(40.5, 51, 59.5, 68, p.deep)
    for x, y in ((37, 51), (45, 44), (55, 43.6), (63, 50)):
        pen.oval(x - 4, y - 5, x + 4, y + 5, p.deep)
    pen.box(34, 21, 66, 29, clear(WHITE, 0.85), r=2)
    pen.line([(40, 25), (60, 25)], 1.4, p.accent)
    pen.poly([(26, 20), (31, 20), (30, 84), (25, 84)], clear(WHITE, 0.25))


def pet_bed(pen: Pen) -> None:
    """A bed for a cat, with the cat in it."""
    p = pen.paint
    pen.oval(6, 50, 94, 88, p.dark, p.deep)
    pen.oval(9, 44, 91, 80, p.light, p.main)
    pen.oval(17, 48, 83, 74, p.deep, p.dark)
    fur = mix((232, 164, 96), WHITE, 0.1)
    pen.blob([(26, 64), (32, 46), (50, 40), (68, 44), (76, 58), (72, 70), (50, 74), (32, 72)], fur, mix(fur, INK, 0.15))
    for x in (52, 60, 67):
        pen.curve([(x, 42), (x + 3, 50), (x + 2, 57)], 1.8, mix(fur, INK, 0.3))
    pen.poly([(23, 52), (24, 38), (33, 46)], fur)
    pen.poly([(37, 46), (45, 39), (45, 53)], fur)
    pen.oval(21, 43, 48, 66, mix(fur, WHITE, 0.12), fur)
    for x in (29, 40):
        pen.curve([(x - 2.6, 54), (x, 56), (x + 2.6, 54)], 1, INK)
    pen.poly([(33, 58), (36, 58), (34.5, 60)], (220, 120, 120))
    pen.oval(7, 62, 93, 90, p.light, p.dark)
    pen.curve([(12, 73), (50, 84), (88, 73)], 1, clear(WHITE, 0.5))


def bowl(pen: Pen) -> None:
    """A bowl for a pet."""
    p = pen.paint
    for x, y in ((34, 50), (42, 45), (50, 43), (58, 45), (66, 50), (46, 51), (55, 51)):
        pen.disc(x, y, 5.4, (176, 120, 76), (140, 92, 56))
    pen.poly([(20, 52), (80, 52), (92, 86), (8, 86)], p.light, p.dark, across=True)
    pen.curve([(20, 52.6), (34, 57.4), (50, 59), (66, 57.4), (80, 52.6)], 2.4, p.pale)
    pen.oval(44.6, 71, 55.4, 80, p.pale)
    for x, y in ((42.6, 70), (47, 66), (53, 66), (57.4, 70)):
        pen.disc(x, y, 2.4, p.pale)


def aquarium(pen: Pen) -> None:
    """An aquarium with fish."""
    p = pen.paint
    pen.box(10, 22, 90, 84, mix(GLASS, WHITE, 0.6), mix(GLASS, WHITE, 0.4), r=2)
    pen.box(12, 32, 88, 82, (150, 212, 232), (76, 152, 196), r=1.4)
    pen.blob([(11, 76), (30, 72), (52, 77), (74, 72), (89, 76), (89, 83), (11, 83)], (234, 208, 160))
    for x, h in ((20, 30), (25, 20), (76, 34), (82, 24)):
        pen.curve([(x, 77), (x - 3, 77 - h * 0.5), (x + 2, 77 - h)], 2.4, LEAF)
    for x, y, tone, way in ((44, 48, p.accent, 1), (62, 60, p.main, -1)):
        pen.poly([(x - way * 8, y), (x - way * 15, y - 5), (x - way * 15, y + 5)], tone)
        pen.oval(x - 10, y - 5.4, x + 10, y + 5.4, mix(tone, WHITE, 0.2), tone)
        pen.disc(x + way * 5.6, y - 1, 1.2, INK)
    for x, y, r in ((52, 38, 1.4), (55, 43, 0.9), (36, 36, 1.1)):
        pen.ring(x, y, r, 0.5, WHITE)
    pen.box(8, 16, 92, 25, p.dark, p.deep, r=2)
    pen.box(8, 82, 92, 87, p.dark, p.deep, r=1.4)
    pen.poly([(18, 27), (26, 27), (18, 80), (14, 80)], clear(WHITE, 0.35))


def food(pen: Pen) -> None:
    """A pack of tea with a cup beside it."""
    p = pen.paint
    pen.poly([(20, 22), (58, 22), (62, 86), (16, 86)], p.light, p.dark, across=True)
    pen.box(20, 12, 58, 24, p.dark, p.deep, r=1.4)
    pen.oval(25, 38, 53, 70, mix(p.pale, WHITE, 0.3))
    pen.blob([(39, 43), (46, 53), (39, 66), (32, 53)], LEAF, mix(LEAF, INK, 0.2))
    pen.line([(39, 45), (39, 66)], 0.7, WHITE)
    pen.curve([(88, 66), (96, 67), (95, 76), (86, 78)], 2, WHITE)
    pen.poly([(60, 60), (90, 60), (85, 86), (65, 86)], WHITE, (222, 224, 230), across=True)
    pen.oval(60, 57, 90, 63.4, (176, 98, 48), (140, 72, 34))
    for x in (70, 79):
        pen.curve([(x, 52), (x - 2, 46), (x + 2, 41), (x, 35)], 1.2, clear((150, 150, 156), 0.4))


def washing(pen: Pen) -> None:
    """A bottle of washing liquid."""
    p = pen.paint
    pen.box(38, 10, 58, 25, p.accent, mix(p.accent, INK, 0.25), r=3, across=True)
    pen.box(41, 24, 55, 32, p.pale)
    pen.blob(
        [(34, 34), (52, 30), (70, 36), (77, 54), (74, 80), (68, 87), (32, 87), (27, 80), (27, 50)],
        p.light,
        p.dark,
        across=True,
    )
    pen.blob([(60, 42), (68, 46), (69, 60), (63, 64), (60, 54)], p.ground)
    pen.box(33, 52, 56, 78, clear(WHITE, 0.88), r=3)
    for x, y, r in ((40, 62, 3.6), (47, 58, 2.4), (48, 67, 4.4)):
        pen.disc(x, y, r, clear((120, 186, 226), 0.8))
        pen.disc(x - r * 0.3, y - r * 0.3, r * 0.3, clear(WHITE, 0.9))
