"""Every screen and its address; plugged into the app by kaspi_web.py."""

from __future__ import annotations

import reflex as rx

from kaspi_web.locales import LOCALES


def add_screens(app: rx.App) -> None:
    """Give the app its screens."""
    for locale in LOCALES:
        app.add_page(rx.el.main(rx.el.h1(locale)), route=f"/{locale}")
