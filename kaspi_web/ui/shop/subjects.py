"""What a list is about, as its address says: a category, a seller, or the words that are searched for."""

from __future__ import annotations

from typing import Any, NamedTuple

from kaspi_web.domain.catalogue.listing import Asked
from kaspi_web.ui import forms
from kaspi_web.ui.session import locale_of
from kaspi_web.ui.shop.asked import Wish

_KINDS = {"c": "category", "m": "merchant"}
_LONGEST = 120


class Subject(NamedTuple):
    """`kind` is category, merchant or search; the slug proves nothing."""

    kind: str
    slug: str


def subject_of(state: Any) -> Subject:
    """What the address of the page is about."""
    parts = forms.clean(str(state.router.url.path)).split("/")
    if len(parts) > 4 and parts[3] in _KINDS:
        return Subject(_KINDS[parts[3]], parts[4][:_LONGEST])
    return Subject("search", "")


def here_of(state: Any) -> str:
    """The address of the list without what narrows it."""
    subject, shop = subject_of(state), f"/{locale_of(state)}/shop"
    if subject.kind == "search":
        return f"{shop}/search"
    return f"{shop}/{subject.kind[0]}/{subject.slug}"


def listed(subject: Subject, wish: Wish, locale: str) -> Asked:
    """The same as the catalogue's own query."""
    return Asked(
        category={"category": subject.slug, "merchant": wish.place}.get(subject.kind, ""),
        merchant=subject.slug if subject.kind == "merchant" else "",
        text=wish.q,
        locale=locale,
        facets=wish.facets,
        brands=wish.brands,
        price_from=wish.price("from"),
        price_to=wish.price("to"),
        sort=wish.sort,
    )
