"""Colours of goods: each variant is one main colour, from which lighter, darker and background ones are mixed."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int] | tuple[int, int, int, int]

INK, WHITE = (34, 34, 42), (255, 255, 255)
GLASS, SCREEN, STEEL, WOOD = (158, 190, 206), (28, 32, 42), (196, 201, 208), (201, 160, 112)
RUBBER, LEAF, SKIN = (52, 54, 60), (98, 146, 92), (232, 200, 170)


def rgb(text: str) -> tuple[int, int, int]:
    """A colour written as six hexadecimal digits."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def mix(one: Colour, other: Colour, share: float) -> tuple[int, int, int]:
    """`one` with `share` (0 to 1) of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one[:3], other[:3], strict=True))
    return red, green, blue


def clear(colour: Colour, share: float) -> tuple[int, int, int, int]:
    """A colour that lets what is below shine through; `share` (0 to 1) is how much of it is seen."""
    return colour[0], colour[1], colour[2], round(255 * share)


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of one variant."""

    main: tuple[int, int, int]
    accent: tuple[int, int, int]
    ground: tuple[int, int, int]

    @property
    def pale(self) -> tuple[int, int, int]:
        """Nearly white."""
        return mix(self.main, WHITE, 0.72)

    @property
    def light(self) -> tuple[int, int, int]:
        """Where light falls."""
        return mix(self.main, WHITE, 0.26)

    @property
    def dark(self) -> tuple[int, int, int]:
        """Where it does not."""
        return mix(self.main, INK, 0.24)

    @property
    def deep(self) -> tuple[int, int, int]:
        """Gaps and undersides."""
        return mix(self.main, INK, 0.5)


def _paint(main: str, accent: str, ground: str) -> Paint:
    return Paint(rgb(main), rgb(accent), rgb(ground))


PAINTS = {
    1: _paint("464a53", "e0a23c", "efece9"),
    2: _paint("f3f2ef", "5c8fb8", "dde3e8"),
    3: _paint("3f76b8", "f0b75a", "e8eef5"),
    4: _paint("c4483f", "f2c894", "f6ebe7"),
    5: _paint("4f9069", "efc25f", "e8f1ea"),
    6: _paint("d8bd97", "7d5f45", "f4eee5"),
    7: _paint("e2a0b2", "7b5a86", "f8edf0"),
    8: _paint("b4bac3", "d9704f", "eceef1"),
    9: _paint("e8b548", "4c6f9c", "f8f1de"),
}
"""Variants by number: black, white, blue, red, green, beige, pink, grey, yellow."""
