"""The shop's pages as plain HTML: what stands in the head, and what can be read without a script.

Everything here comes from sellers and buyers, so everything is escaped: text as HTML, data as JSON inside a script.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from kaspi_web.domain.catalogue.views import Card, CategoryView
from kaspi_web.i18n import LOCALES, Words
from kaspi_web.i18n.format import money
from kaspi_web.papers.showcase import picture, srcset

_OG_LOCALES = {"kk": "kk_KZ", "ru": "ru_KZ", "en": "en_US"}
_TITLE = re.compile(
    r"<title>.*?</title>|<meta[^>]*(?:name=\"(?:description|robots)\"|property=\"og:[a-z:]+\")[^>]*>", re.S
)
_LANG = re.compile(r'<html lang="[a-z]*"')
_IN_A_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the shop for those who run no script."""

    title: str
    description: str
    path: str
    """Below the language, with what makes it another page."""
    body: str
    data: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    """Schema.org."""
    image: str = ""
    kind: str = "website"
    is_listed: bool = True
    """Whether search engines may keep it."""


def filled(shell: str, page: Page, w: Words, *, origin: str, brand: str) -> str:
    """The built page with this one's head, and with its body beside the place where the app will stand.

    React takes over what it knows in the head and the body of a document and lets other elements be, as long as the
    body has no `article` of the app's own and our script stands behind the app's own ones.
    """
    top, _, rest = _TITLE.sub("", shell).partition("</head>")
    start, tag, end = rest.partition("<body>")
    top = _LANG.sub(f'<html lang="{w.locale}"', top, count=1)
    return f"{top}{_head(page, w, origin, brand)}</head>{start}{tag}{_served(page, w, brand)}{end}"


def _head(page: Page, w: Words, origin: str, brand: str) -> str:
    here = f"{origin}/{w.locale}{page.path}"
    said = {
        "og:title": page.title,
        "og:description": page.description,
        "og:url": here,
        "og:type": page.kind,
        "og:site_name": brand,
        "og:locale": _OG_LOCALES[w.locale],
        "og:image": f"{origin}{page.image}" if page.image else "",
    }
    parts = [
        f"<title>{escape(page.title)} · {escape(brand)}</title>",
        f'<meta name="description" content="{escape(page.description)}" data-served>',
        f'<link rel="canonical" href="{escape(here)}" data-served>',
        *(_alternate(locale, locale, origin, page.path) for locale in LOCALES),
        _alternate("x-default", LOCALES[0], origin, page.path),
        *(f'<meta property="{name}" content="{escape(text)}" data-served>' for name, text in said.items() if text),
    ]
    if not page.is_listed:
        parts.append('<meta name="robots" content="noindex, follow" data-served>')
    if page.data:
        graph = json.dumps({"@context": "https://schema.org", "@graph": page.data}, ensure_ascii=False)
        parts.append(f'<script type="application/ld+json" data-served>{graph.translate(_IN_A_SCRIPT)}</script>')
    return "".join(parts)


def _alternate(lang: str, locale: str, origin: str, path: str) -> str:
    return f'<link rel="alternate" hreflang="{lang}" href="{escape(f"{origin}/{locale}{path}")}" data-served>'


def _served(page: Page, w: Words, brand: str) -> str:
    tongues = "".join(
        f'<a href="{escape(f"/{each}{page.path}")}" hreflang="{each}" lang="{each}">{escape(w(f"language.{each}"))}</a>'
        for each in LOCALES
        if each != w.locale
    )
    return (
        f'<article id="served"><header class="shell-head"><a class="brand" href="/{w.locale}/shop">{escape(brand)}</a>'
        f'<nav class="served-languages" aria-label="{escape(w("language.label"))}">{tongues}</nav></header>'
        # No <main> may stand inside an article; to those who listen it is the same.
        f'<div role="main" class="shell-main"><div class="shop stack">{page.body}</div></div>'
        f'<footer class="shell-foot"><p>{escape(w("footer.demo"))}</p></footer></article>'
    )


def path_of(w: Words, above: Iterable[CategoryView], here: str) -> str:
    """The way down to the page."""
    steps = [(w("shop.title"), f"/{w.locale}/shop")]
    steps += [(each.names[w.locale], f"/{w.locale}/shop/c/{each.slug}") for each in above]
    items = "".join(f'<li><a href="{escape(to)}">{escape(name)}</a></li>' for name, to in steps)
    last = f'<li><span aria-current="page">{escape(here)}</span></li>'
    return f'<nav class="path" aria-label="{escape(w("shop.path"))}"><ol>{items}{last}</ol></nav>'


def path_data(w: Words, above: Iterable[CategoryView], here: str, *, origin: str, path: str) -> dict[str, Any]:
    """The same for search engines."""
    steps = [(w("shop.title"), f"/{w.locale}/shop")]
    steps += [(each.names[w.locale], f"/{w.locale}/shop/c/{each.slug}") for each in above]
    steps.append((here, f"/{w.locale}{path}"))
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": origin + to}
        for place, (name, to) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def heading(text: str) -> str:
    """The page's one h1, as long as the app has none."""
    return f"<h1>{escape(text)}</h1>"


def categories(w: Words, places: Iterable[CategoryView]) -> str:
    """Categories as links."""
    links = "".join(
        f'<a class="pick" href="{escape(f"/{w.locale}/shop/c/{each.slug}")}">{escape(each.names[w.locale])}</a>'
        for each in places
    )
    return f'<nav class="chips" aria-label="{escape(w("shop.categories"))}">{links}</nav>' if links else ""


def goods(w: Words, cards: Iterable[Card]) -> str:
    """Products as links with their prices."""
    rows = "".join(_good(w, card) for card in cards)
    return f'<ul class="goods">{rows}</ul>' if rows else ""


def _good(w: Words, card: Card) -> str:
    price = money(card.price, w.locale) if card.price else w("shop.sold_out")
    return (
        f'<li><a class="good" href="{escape(f"/{w.locale}/shop/p/{card.slug}")}">'
        f'<span class="good-picture">{image(card.picture, "")}</span>'
        f'<span class="good-name">{escape(card.names[w.locale])}</span>'
        f'<span class="good-money"><span class="num price-now">{escape(price)}</span></span></a></li>'
    )


def image(name: str, alt: str, *, large: bool = False) -> str:
    """A square picture; empty for none."""
    if not name:
        return ""
    sizes = "(min-width: 600px) 32rem, 100vw" if large else "(min-width: 1200px) 16rem, (min-width: 600px) 33vw, 50vw"
    width, when = (640, 'fetchpriority="high"') if large else (320, 'loading="lazy"')
    return (
        f'<img src="{escape(picture(name, width))}" srcset="{escape(srcset(name))}" sizes="{sizes}" width="{width}"'
        f' height="{width}" alt="{escape(alt)}" decoding="async" {when} class="picture">'
    )


def link(text: str, to: str) -> str:
    """A link that looks like a button."""
    return f'<a class="button button-secondary button-wide" href="{escape(to)}">{escape(text)}</a>'
