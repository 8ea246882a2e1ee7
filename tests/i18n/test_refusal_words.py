"""Every refusal can be put into words, with what it says filled in."""

import importlib
import pkgutil
from datetime import UTC, datetime

import pytest

import kaspi_web
from kaspi_web.i18n import LOCALES, words
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.errors import Busy, DomainError, Invalid, Refused
from kaspi_web.kernel.money import AmbiguousAmount, Money

A0 = "\u00a0"
_QUIET = {"kaspi_web.kaspi_web", "kaspi_web.__main__"}


def everything_that_refuses():
    for found in pkgutil.walk_packages(kaspi_web.__path__, "kaspi_web."):
        if found.name not in _QUIET and not found.name.startswith(("kaspi_web.ui", "kaspi_web.commands")):
            importlib.import_module(found.name)

    def kin(cls):
        return {cls}.union(*(kin(each) for each in cls.__subclasses__()))

    return {each.code for each in kin(DomainError) if each.__module__.startswith("kaspi_web.")}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_refusal_of_the_bank_has_words(locale):
    missing = {code for code in everything_that_refuses() if not words(locale).has(f"refusal.{code}")}
    assert missing == set()


def refusal(kind, code, **params):
    return type("Kind", (kind,), {"code": code, "__module__": "tests"})(**params)


def test_sums_and_times_are_written_as_the_reader_writes_them():
    out = refusal(Invalid, "amount_out_of_range", minimum=Money.tenge(100), maximum=Money.tenge(1_000_000))
    assert put(out, "ru") == f"Введите сумму от 100{A0}₸ до 1{A0}000{A0}000{A0}₸"
    assert "₸1,000,000" in put(out, "en")


def test_a_time_is_rounded_up_so_that_nobody_comes_back_too_early():
    assert "14:05" in put(Busy(until=datetime(2026, 11, 22, 9, 4, 1, tzinfo=UTC)), "kk")
    assert "14:04" in put(Busy(until=datetime(2026, 11, 22, 9, 4, 0, tzinfo=UTC)), "kk")


def test_tries_left_are_counted():
    assert "Осталось 3 попытки" in put(refusal(Invalid, "code_wrong", tries_left=3), "ru")


@pytest.mark.parametrize(
    ("typed", "large", "small"),
    [("1,234", f"1{A0}234{A0}₸", f"1,23{A0}₸"), ("12.500", f"12{A0}500{A0}₸", f"12,50{A0}₸")],
)
def test_an_ambiguous_sum_is_asked_about_with_both_readings(typed, large, small):
    said = put(AmbiguousAmount(typed=typed), "kk")
    assert typed in said
    assert large in said
    assert small in said


def test_a_refusal_without_words_fails_at_once():
    with pytest.raises(KeyError):
        put(refusal(Refused, "nobody_said_this"), "kk")
