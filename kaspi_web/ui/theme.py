"""What every page's head carries: stylesheets, fonts to fetch early, colours of the browser's frame, icons, scripts."""

from __future__ import annotations

import reflex as rx

from kaspi_web import settings

_ASSETS = settings.ROOT / "assets"

STYLESHEETS = [f"/styles/{sheet.name}" for sheet in sorted((_ASSETS / "styles").glob("*.css"))]
"""Addresses of our stylesheets; they do not depend on their order."""

# The two that every page needs at once; ₸ and the Kazakh letters are 4 KB and come by themselves.
_EARLY_FONTS = ("onest-latin", "onest-cyrillic")
_FRAME = {"light": "#FBF8F6", "dark": "#151113"}


def head() -> list[rx.Component]:
    """The parts of every page's head."""
    return [
        *(_font(name) for name in _EARLY_FONTS),
        *(_frame_colour(scheme, colour) for scheme, colour in _FRAME.items()),
        rx.el.link(rel="icon", href="/icons/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/icons/apple-touch-icon.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        # Not deferred: it must wrap the socket before the app opens it.
        rx.el.script(src="/js/ui.js"),
        rx.el.script(src="/js/kiosk.js", defer=True),
        rx.el.script(src="/js/shop.js", defer=True),
        rx.el.script(src="/js/pwa.js", defer=True),
    ]


def _font(name: str) -> rx.Component:
    return rx.el.link(
        rel="preload",
        href=f"/fonts/{name}.woff2",
        type="font/woff2",
        cross_origin="anonymous",
        custom_attrs={"as": "font"},
    )


def _frame_colour(scheme: str, colour: str) -> rx.Component:
    return rx.el.meta(name="theme-color", content=colour, custom_attrs={"media": f"(prefers-color-scheme: {scheme})"})
