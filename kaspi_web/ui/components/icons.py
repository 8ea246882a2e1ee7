"""Line icons, 24 px with a stroke of 2 (lucide); always beside words, so always silent."""

from __future__ import annotations

from typing import Any

import reflex as rx

_LUCIDE = {
    "alert": "circle_alert",
    "back": "arrow_left",
    "banknote": "banknote",
    "basket": "shopping_cart",
    "bell": "bell",
    "bolt": "zap",
    "bonus": "gift",
    "card": "credit_card",
    "check": "check",
    "chevron-down": "chevron_down",
    "chevron-left": "chevron_left",
    "chevron-right": "chevron_right",
    "clock": "clock",
    "close": "x",
    "copy": "copy",
    "download": "download",
    "education": "graduation_cap",
    "electricity": "zap",
    "erase": "delete",
    "eye": "eye",
    "eye-off": "eye_off",
    "filter": "sliders_horizontal",
    "fines": "siren",
    "flights": "plane",
    "gas": "flame",
    "globe": "globe",
    "heating": "heater",
    "help": "circle_help",
    "history": "history",
    "home": "house",
    "info": "info",
    "intercom": "bell_ring",
    "internet": "wifi",
    "kindergarten": "baby",
    "lift": "arrow_up_down",
    "lock": "lock",
    "logout": "log_out",
    "minus": "minus",
    "mobile": "smartphone",
    "moon": "moon",
    "offline": "wifi_off",
    "payments": "layout_grid",
    "parcel": "package",
    "pencil": "pencil",
    "phone": "smartphone",
    "phone_line": "phone",
    "plus": "plus",
    "receipt": "receipt_text",
    "refresh": "refresh_cw",
    "restaurants": "utensils",
    "search": "search",
    "share": "share_2",
    "shield": "shield_check",
    "shop": "shopping_bag",
    "star": "star",
    "store": "store",
    "sun": "sun",
    "taxes": "landmark",
    "terminal": "monitor_smartphone",
    "topup": "plus",
    "transfers": "arrow_left_right",
    "transport": "bus",
    "trash": "trash_2",
    "truck": "truck",
    "tv": "tv",
    "user": "user_round",
    "utility_bill": "receipt_text",
    "wallet": "wallet",
    "waste": "trash_2",
    "water": "droplets",
}
NAMES = frozenset(_LUCIDE)


def icon(name: str, size: int = 24, **props: Any) -> rx.Component:
    """An icon by our own word for it; raises KeyError for one that is not drawn here."""
    return rx.icon(_LUCIDE[name], size=size, aria_hidden="true", **props)


def mark(size: int = 32) -> rx.Component:
    """The mark: a pocket with its flap and a stitched ₸; it takes the colours of the theme."""
    return rx.el.svg(
        rx.el.path(d="M5 9h22v11a7 7 0 0 1-7 7h-8a7 7 0 0 1-7-7z", class_name="mark-fill"),
        rx.el.path(d="M5 5.5h22", stroke_width="2.6", stroke_linecap="round", class_name="mark-line"),
        rx.el.path(
            d="M10.5 14h11M16 14v7", fill="none", stroke_width="2.6", stroke_linecap="round", class_name="mark-stitch"
        ),
        view_box="0 0 32 32",
        width=str(size),
        height=str(size),
        aria_hidden="true",
    )
