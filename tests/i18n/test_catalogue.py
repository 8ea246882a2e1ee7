"""The catalogue says the same things in every language."""

import re

import pytest

from kaspi_web.i18n import LOCALES, areas, words

_PLACE = re.compile(r"{([a-z_]*)}")
_FORMS = {"kk": 2, "ru": 3, "en": 2}


def texts(locale, key):
    return words(locale).forms(key)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_the_same_keys(locale):
    assert words(locale).keys() == words("kk").keys()


def test_every_language_has_the_same_areas():
    assert {locale: [path.name for path in areas(locale)] for locale in LOCALES} == {
        locale: [path.name for path in areas("kk")] for locale in LOCALES
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_has_the_same_places_to_fill(locale):
    def places(spoken, key):
        return {place for text in texts(spoken, key) for place in _PLACE.findall(text)}

    different = [key for key in sorted(words("kk").keys()) if places(locale, key) != places("kk", key)]
    assert different == []


@pytest.mark.parametrize("locale", LOCALES)
def test_what_counts_has_a_form_for_every_number(locale):
    w = words(locale)
    counting = [key for key in sorted(w.keys()) if w.counts(key)]
    assert counting
    assert [key for key in counting if len(texts(locale, key)) != _FORMS[locale]] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_is_empty_or_begs_pardon(locale):
    banned = re.compile(
        r"\b(oops|invalid|sorry|please|пожалуйста|извините|некорректн\w*|кешіріңіз|өтінеміз)\b", re.IGNORECASE
    )
    found = [
        key
        for key in sorted(words(locale).keys())
        for text in texts(locale, key)
        if not text.strip() or banned.search(text)
    ]
    assert found == []


def test_an_unknown_key_fails_at_once():
    with pytest.raises(KeyError):
        words("kk")("home.no_such_thing")


def test_a_language_that_nobody_speaks_here_fails_at_once():
    with pytest.raises(KeyError):
        words("de")


@pytest.mark.parametrize(
    ("n", "form"),
    [(0, "попыток"), (1, "попытка"), (2, "попытки"), (4, "попытки"), (5, "попыток"), (11, "попыток"), (12, "попыток"),
     (14, "попыток"), (21, "попытка"), (22, "попытки"), (25, "попыток"), (101, "попытка"), (111, "попыток"),
     (112, "попыток")],
)  # fmt: skip
def test_russian_counts_as_russians_do(n, form):
    assert f"{n} {form}." in words("ru").count("refusal.code_wrong", n)


@pytest.mark.parametrize(("n", "form"), [(0, "tries"), (1, "try"), (2, "tries"), (21, "tries")])
def test_english_counts_one_and_many(n, form):
    assert f"{n} {form} left" in words("en").count("refusal.code_wrong", n)


def test_kazakh_nouns_stay_as_they_are_after_numbers():
    assert len(set(texts("kk", "refusal.code_wrong"))) == 1
