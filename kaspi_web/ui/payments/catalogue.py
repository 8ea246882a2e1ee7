"""The catalogue of services on screen: groups of categories, their pictures, and the order of cities."""

from __future__ import annotations

GROUPS = {
    "utilities": (
        "utility_bill",
        "electricity",
        "gas",
        "water",
        "heating",
        "phone_line",
        "intercom",
        "waste",
        "lift",
    ),
    "connection": ("mobile", "internet", "tv"),
    "children": ("kindergarten", "education"),
    "state": ("taxes", "fines"),
    "leisure": ("transport", "flights", "restaurants"),
}
"""Categories by group; each has an icon of its own by the same name."""
CATEGORIES = tuple(name for names in GROUPS.values() for name in names)
MOBILE = "mobile"
"""Here the number is asked first, since it suggests the service."""
CITIES = ("almaty", "astana", "karaganda")
EVERYWHERE = ""


def city_order(city: str, *, last: str) -> tuple[int, int, str]:
    """Sorts cities: that of the last payment, the whole country, the known ones, any other."""
    if city == last:
        return 0, 0, city
    if city == EVERYWHERE:
        return 1, 0, city
    return 2, CITIES.index(city) if city in CITIES else len(CITIES), city
