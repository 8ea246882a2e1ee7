"""Sport and rest outside."""

from __future__ import annotations

from kaspi_web.pictures.paints import INK, RUBBER, STEEL, WHITE, clear, mix
from kaspi_web.pictures.pen import Pen


def bicycle(pen: Pen) -> None:
    """A bicycle."""
    p = pen.paint
    for x in (26, 74):
        pen.ring(x, 66, 19, 2.6, RUBBER)
        pen.ring(x, 66, 17, 0.7, STEEL)
        for dx, dy in ((16, 0), (8, 14), (-8, 14), (-16, 0), (-8, -14), (8, -14)):
            pen.line([(x, 66), (x + dx, 66 + dy)], 0.35, STEEL)
        pen.disc(x, 66, 2, INK)
    for a, b in (
        ((26, 66), (40, 38)),
        ((40, 38), (66, 38)),
        ((66, 38), (48, 68)),
        ((48, 68), (26, 66)),
        ((38, 33), (48, 68)),
    ):
        pen.line([a, b], 2.8, p.main)
        pen.line([(a[0], a[1] - 0.5), (b[0], b[1] - 0.5)], 0.8, p.light)
    pen.line([(63, 29), (74, 66)], 2.6, p.dark)
    pen.curve([(72, 26), (62, 28), (58, 26)], 2, INK)
    pen.line([(72, 26), (77, 29)], 2.4, INK)
    pen.blob([(28, 31), (38, 28.6), (46, 32), (37, 35)], INK)
    pen.disc(48, 68, 5.4, STEEL, mix(STEEL, INK, 0.4))
    pen.line([(48, 68), (54, 79)], 1.8, INK)
    pen.line([(50, 79.4), (59, 79.4)], 2, INK)


def scooter(pen: Pen) -> None:
    """A kick scooter."""
    p = pen.paint
    pen.line([(30, 20), (40, 74)], 3, STEEL)
    pen.line([(33, 38), (39.4, 72)], 4.2, p.main)
    pen.curve([(18, 24), (30, 18), (40, 17)], 2.8, INK)
    pen.box(36, 71, 84, 76.6, p.light, p.dark, r=2.4)
    pen.line([(44, 72.4), (78, 72.4)], 1, clear(INK, 0.5))
    pen.curve([(78, 72), (86, 70), (91, 76)], 2.4, p.accent)
    for x in (36, 84):
        pen.disc(x, 80, 7.4, RUBBER, INK)
        pen.disc(x, 80, 4, p.accent, mix(p.accent, INK, 0.2))


def ball(pen: Pen) -> None:
    """A football."""
    p = pen.paint
    pen.disc(50, 52, 34, (252, 251, 249), (206, 208, 216))
    five = [(50, 39), (62.4, 48), (57.6, 62.6), (42.4, 62.6), (37.6, 48)]
    pen.poly(five, p.main, p.dark)
    for (x, y), (far, down) in zip(five, ((50, 24), (78, 41), (68, 76), (32, 76), (22, 41)), strict=True):
        pen.line([(x, y), (far, down)], 1.1, p.deep)
    for patch in (
        [(41, 20), (59, 20), (50, 26.6)],
        [(76, 38), (81.6, 37), (83.6, 52), (78, 50)],
        [(66, 74), (74, 72), (68, 81), (60, 84)],
        [(34, 74), (26, 72), (32, 81), (40, 84)],
        [(24, 38), (18.4, 37), (16.4, 52), (22, 50)],
    ):
        pen.poly(patch, p.main, p.dark)
    pen.blob([(28, 36), (36, 26), (46, 22), (38, 32), (31, 42)], clear(WHITE, 0.55))


def dumbbell(pen: Pen) -> None:
    """A dumbbell."""
    p = pen.paint
    pen.box(30, 56, 70, 64, STEEL, mix(STEEL, INK, 0.4), r=2)
    for x in range(38, 62, 3):
        pen.line([(x, 57), (x, 63)], 0.5, clear(INK, 0.35))
    for side in (-1, 1):
        for dx, half, tone in ((39, 12, p.deep), (31.4, 20, p.main), (22.6, 26, p.dark)):
            x = 50 + side * dx
            pen.box(x - 4.4, 60 - half, x + 4.4, 60 + half, mix(tone, WHITE, 0.2), mix(tone, INK, 0.2), r=2.4)
        pen.box(50 + side * 31.4 - 1, 52, 50 + side * 31.4 + 1, 68, p.accent, r=1)


def mat(pen: Pen) -> None:
    """A rolled mat for exercises."""
    p = pen.paint
    pen.box(22, 46, 90, 86, p.light, p.dark, r=19)
    pen.disc(30, 66, 20, p.main, p.dark)
    for r in (15.6, 11.2, 6.8):
        pen.ring(30, 66, r, 1.6, p.pale)
    pen.disc(30, 66, 2.6, p.deep)
    for x in (52, 74):
        pen.box(x, 46, x + 4, 86, p.accent, mix(p.accent, INK, 0.25), r=1)


def tent(pen: Pen) -> None:
    """A tent."""
    p = pen.paint
    pen.line([(12, 82), (3, 87)], 0.7, STEEL)
    pen.line([(90, 82), (98, 87)], 0.7, STEEL)
    pen.blob([(8, 84), (20, 56), (36, 34), (50, 27), (66, 34), (82, 56), (94, 84), (50, 87)], p.light, p.dark)
    pen.blob([(48, 28), (66, 34), (82, 56), (93, 83), (66, 85), (58, 52)], p.main, p.deep)
    pen.blob([(22, 84), (30, 58), (42, 42), (52, 60), (56, 85), (40, 86)], p.deep)
    pen.blob([(22, 84), (30, 58), (41, 43), (36, 64), (31, 85)], p.accent, mix(p.accent, INK, 0.2))
    pen.curve([(36, 34), (50, 44), (58, 60), (62, 85)], 0.9, p.pale)
    pen.box(66, 54, 76, 62, clear(mix(p.pale, WHITE, 0.4), 0.8), r=2)


def treadmill(pen: Pen) -> None:
    """A treadmill."""
    p = pen.paint
    pen.line([(28, 76), (20, 30)], 3.6, p.dark)
    pen.curve([(20, 48), (32, 46), (44, 50)], 2.8, INK)
    pen.poly([(8, 26), (30, 20), (33, 30), (12, 38)], p.light, p.main)
    pen.poly([(11, 28), (28, 23.4), (30, 29), (13, 35)], (30, 36, 48))
    pen.line([(15, 31), (20, 28.6), (24, 29.4)], 0.9, (126, 226, 180))
    pen.poly([(20, 72), (88, 78), (92, 83), (18, 80)], RUBBER, INK)
    pen.poly([(14, 72), (26, 70), (30, 78), (16, 81)], p.light, p.dark)
    pen.poly([(17, 79.6), (92, 82.6), (92, 86), (17, 85)], p.main, p.dark)
    pen.line([(34, 76), (80, 79.6)], 0.8, clear(WHITE, 0.35))
    pen.disc(22, 85.4, 2.2, INK)
    pen.disc(88, 86, 2.2, INK)
