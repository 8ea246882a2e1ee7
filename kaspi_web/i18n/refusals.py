"""Refusals in words: the one place where a DomainError becomes a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kaspi_web.i18n import words
from kaspi_web.i18n.format import clock_time, money
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import AmbiguousAmount, Money


def put(error: DomainError, locale: str) -> str:
    """The refusal in the reader's language; raises KeyError for a code without words."""
    w, key = words(locale), f"refusal.{error.code}"
    given = error.params | (_readings(error) if isinstance(error, AmbiguousAmount) else {})
    params = {name: _said(value, locale) for name, value in given.items()}
    if w.counts(key):
        number = next(value for value in given.values() if type(value) is int)
        return w.count(key, number, **params)
    # Always filled in: a place that no parameter fills must fail here, not be shown.
    return w(key, **params) if params else w(key).format()


def _said(value: Any, locale: str) -> Any:
    if isinstance(value, Money):
        return money(value, locale)
    if isinstance(value, Mapping):
        # A name that has been given in every language.
        return value[locale]
    return clock_time(_whole_minute(value), locale) if isinstance(value, datetime) else value


def _whole_minute(until: datetime) -> datetime:
    """The first whole minute not before it: who comes back at the time we say must not come too early."""
    past = timedelta(seconds=until.second, microseconds=until.microsecond)
    return until + timedelta(minutes=1) - past if past else until


def _readings(error: AmbiguousAmount) -> dict[str, Money]:
    """The two sums that `1,234` may mean."""
    whole, _, part = error.params["typed"].replace(".", ",").partition(",")
    return {"large": Money.tenge(int(whole + part)), "small": Money.tenge(int(whole), int(part[:2]))}
