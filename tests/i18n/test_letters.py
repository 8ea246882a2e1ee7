"""Every letter that we write is in the fonts that we ship, and the fonts stay small."""

import pytest
from fontTools.ttLib import TTFont

from kaspi_web.i18n import LOCALES, words
from kaspi_web.settings import ROOT

FONTS = sorted((ROOT / "assets" / "fonts").glob("*.woff2"))
_NOT_DRAWN = {"\n"}


@pytest.fixture(scope="module")
def drawn():
    return {chr(point) for path in FONTS for point in TTFont(path).getBestCmap()}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_letter_of_the_catalogue_is_drawn(drawn, locale):
    w = words(locale)
    written = {(letter, key) for key in sorted(w.keys()) for text in w.forms(key) for letter in text}
    assert sorted((letter, key) for letter, key in written if letter not in drawn | _NOT_DRAWN) == []


def test_every_kazakh_letter_and_the_tenge_are_drawn(drawn):
    assert set("ӘәҒғҚқҢңӨөҰұҮүҺһІі₸№«»—–−·•…\u00a0") <= drawn


def test_fonts_fit_their_budget():
    assert sum(path.stat().st_size for path in FONTS) <= 45 * 1024


def test_figures_of_one_width_are_there():
    latin = TTFont(ROOT / "assets" / "fonts" / "onest-latin.woff2")
    assert "tnum" in {record.FeatureTag for record in latin["GSUB"].table.FeatureList.FeatureRecord}
