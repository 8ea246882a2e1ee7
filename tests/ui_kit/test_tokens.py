"""The palette: every pair of text and ground meets WCAG AA in both themes."""

import re

import pytest

from kaspi_web.settings import ROOT

CSS = (ROOT / "assets" / "styles" / "tokens.css").read_text()
_LINE = re.compile(r"--([a-z0-9-]+): (#[0-9A-Fa-f]{6});")
# The palette itself, and what single screens draw of the real world.
APART = {"tokens.css", "kiosk_screens.css"}
TEXT, GRAPHIC = 4.5, 3.0

PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink2", "ink3") for ground in ("bg", "surface", "sunken")),
    *(("brand", ground, TEXT) for ground in ("bg", "surface", "brand-soft")),
    *(("on-brand", fill, TEXT) for fill in ("brand-fill", "brand-hover", "brand-press")),
    *((f"{name}-text", ground, TEXT) for name in ("ok", "todo") for ground in ("bg", "surface", f"{name}-soft")),
    *((name, f"{name}-soft", TEXT) for name in ("accent", "warn", "info", "bonus")),
    *(("ink", f"{name}-soft", TEXT) for name in ("ok", "todo", "warn", "info", "brand")),
    *(("line-strong", ground, GRAPHIC) for ground in ("bg", "surface")),
    *((disc, ground, GRAPHIC) for disc in ("ok-disc", "todo-disc") for ground in ("bg", "surface")),
    *(("focus", ground, GRAPHIC) for ground in ("bg", "surface", "sunken", "brand-soft")),
    *(("star", ground, GRAPHIC) for ground in ("bg", "surface")),
    ("on-disc", "todo-disc", GRAPHIC),
    ("brand-fill", "surface", GRAPHIC),
]


def block(start):
    body = CSS[CSS.index(start) :]
    return dict(_LINE.findall(body[: body.index("}")]))


THEMES = {"light": block(":root {"), "dark": block("html.dark {")}


def luminance(colour):
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_the_pair_can_be_read(theme, ink, ground, least):
    colours = THEMES[theme]
    assert contrast(colours[ink], colours[ground]) >= least


def test_white_can_be_read_on_the_red_of_the_terminal():
    light = THEMES["light"]
    assert contrast(light["on-kiosk"], light["kiosk"]) >= TEXT
    assert contrast(light["kiosk-press"], light["surface"]) >= TEXT


def test_dark_is_the_same_by_choice_and_by_the_wish_of_the_device():
    assert block("html:not(.light, .dark) {") == THEMES["dark"]


def test_no_sheet_names_a_colour_of_its_own():
    sheets = [path for path in (ROOT / "assets" / "styles").glob("*.css") if path.name not in APART]
    assert [path.name for path in sheets if re.search(r"#[0-9A-Fa-f]{3,8}\b", path.read_text())] == []


def test_every_colour_and_size_that_sheets_use_is_there():
    known = set(re.findall(r"--([a-z0-9-]+):", CSS))
    for path in (ROOT / "assets" / "styles").glob("*.css"):
        text = path.read_text()
        assert set(re.findall(r"var\(--([a-z0-9-]+)", text)) <= known | set(re.findall(r"--([a-z0-9-]+):", text)), path
