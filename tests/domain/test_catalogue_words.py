"""The tokenizer and the stems: one function for what is kept and for what is typed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from kaspi_web.domain.catalogue import tiers, words
from kaspi_web.domain.catalogue.letters import KAZAKH_ENDINGS
from kaspi_web.kernel.money import MAX_TIYN


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Смартфон Samsung Galaxy A55 256ГБ", ["смартфон", "samsung", "galaxy", "a55", "256гб"]),
        ("Wi-Fi, 5G/LTE; «умный»", ["wi", "fi", "5g", "lte", "умный"]),
        ("Ұялы ТЕЛЕФОН — Әлі Һәм Өң", ["ұялы", "телефон", "әлі", "һәм", "өң"]),
        ("L’Oréal Crème Brûlée", ["loreal", "creme", "brulee"]),
        ("чёрный Ёж", ["черный", "еж"]),
        ("и\u0306од", ["йод"]),
        ("ﬁlter ＡＢＣ", ["filter", "abc"]),
        ("n_hidden c_1 \x00 \ud800 مرحبا 中文 🙂", ["n", "hidden", "c", "1"]),
        ("", []),
        ("' OR 1=1 --\" * NEAR(", ["or", "1", "1", "near"]),
    ],
)
def test_words_are_letters_and_digits_in_small_letters(text: str, found: list[str]) -> None:
    assert words.tokens(text) == found


@pytest.mark.parametrize(
    ("forms", "stem"),
    [
        ("телефон телефондар телефоны телефонның телефонға телефондарымыздан", "телефон"),
        ("тоңазытқыш тоңазытқыштар тоңазытқыштың тоңазытқышты тоңазытқыштан", "тоңазытқыш"),
        ("кітап кітаптар кітабы кітаптың кітаптарымен", "кітап"),
        ("құлаққап құлаққаптар құлаққабы құлаққаптарға", "құлаққап"),
        ("балалар балаларға балаларымыздың", "бала"),
        ("телефоны телефона телефонов телефонами телефонах", "телефон"),
        ("холодильник холодильника холодильники холодильников", "холодильник"),
        ("красный красная красное красные красного", "красн"),
        ("phone phones", "phone"),
        ("refrigerator refrigerators", "refriger"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms: str, stem: str) -> None:
    assert {form: stem in words.stems(form) for form in forms.split()} == dict.fromkeys(forms.split(), True)


def test_a_word_of_cyrillic_letters_may_be_of_either_language_and_one_with_kazakh_letters_is_kazakh() -> None:
    assert len(words.stems("машинами")) == 2
    assert len(words.stems("кітабы")) == 1


@pytest.mark.parametrize("word", ["a55", "256гб", "5g", "55", "ps5"])
def test_models_and_numbers_stay_as_they_are(word: str) -> None:
    assert words.stems(word) == (word,)


def test_number_and_unit_are_found_together_and_apart() -> None:
    assert set(words.stems_of("256GB")) >= {"256gb", "256", "gb"}


@pytest.mark.parametrize("ending", KAZAKH_ENDINGS)
def test_no_ending_eats_a_short_word(ending: str) -> None:
    assert all(len(stem) >= 2 for stem in words.stems("ұя" + ending))
    assert len(words.stems("ұяш" + ending)[0]) >= 3


def test_endings_are_tried_from_the_longest_on_and_stand_once() -> None:
    assert list(KAZAKH_ENDINGS) == sorted(set(KAZAKH_ENDINGS), key=lambda ending: (-len(ending), ending))


@pytest.mark.parametrize(
    ("typed", "meant", "most"),
    [
        ("самсунк", "samsung", 1),
        ("сяоми", "xiaomi", 1),
        ("хуавей", "huawei", 0),
        ("бош", "bosch", 0),
        ("айфон", "iphone", 2),
        ("леново", "lenovo", 0),
        ("тоназыткыш", "тоңазытқыш", 0),
        ("холадилник", "холодильник", 1),
        ("smasung", "samsung", 1),
        ("refrigirator", "refrigerator", 1),
    ],
)
def test_slips_sound_nearly_like_what_is_meant(typed: str, meant: str, most: int) -> None:
    assert words.slips(words.sound(typed), words.sound(meant), most=2) == most


def test_what_is_further_than_asked_for_is_told_as_one_more() -> None:
    assert words.slips("samsung", "philips", most=2) == 3
    assert words.slips("a", "abcdef", most=2) == 3


def test_threads_do_not_disturb_one_another() -> None:
    typed = [
        f"{word}{ending}" for word in ("телефон", "машин", "холодильник", "игрушк") for ending in ("ами", "ах", "ы")
    ]
    alone = [words._snowball(words._russian, word) for word in typed]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda word: words._snowball(words._russian, word), typed * 200))
    assert together == alone * 200


@pytest.mark.parametrize("lowest", [0, 1, 9_999, 10_000, 10_001, 49_999, 50_000, 10**9])
@pytest.mark.parametrize("width", [0, 1, 9_999, 40_000, 10**8, MAX_TIYN])
def test_steps_of_prices_leave_none_out_and_those_within_take_none_in(lowest: int, width: int) -> None:
    highest = min(lowest + width, MAX_TIYN)
    edges = (*tiers._PRICES, lowest, highest)
    around = {edge + move for edge in edges for move in (-1, 0, 1) if 0 < edge + move <= MAX_TIYN}
    inside = {price for price in around if lowest <= price <= highest}
    assert {tiers.of_price(price) for price in inside} <= set(tiers.of_prices(lowest, highest))
    sure = {price for price in around if tiers.of_price(price) in tiers.within_prices(lowest, highest)}
    assert sure <= inside
