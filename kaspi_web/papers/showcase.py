"""What the shop says of its goods, once for the screens and for the plain HTML that search engines read."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal

from kaspi_web.domain.catalogue.views import CategoryView, ProductView
from kaspi_web.domain.merchants.queries import MerchantView
from kaspi_web.i18n import Words
from kaspi_web.i18n.format import money

WIDTHS = (320, 640, 1280)
"""The widths that every picture is kept in."""


def picture(name: str, width: int = WIDTHS[0]) -> str:
    """The address of a picture; empty for none."""
    return f"/pictures/{name}/{width}.webp" if name else ""


def srcset(name: str) -> str:
    """Every width of a picture, as a page offers them to the browser."""
    return ", ".join(f"{picture(name, width)} {width}w" for width in WIDTHS) if name else ""


def stars(hundredths: int, locale: str) -> str:
    """A rating: `4,8`; half a tenth counts up."""
    tenths = Decimal(hundredths).scaleb(-2).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return format_decimal(tenths, "0.0", locale)


def product_title(w: Words, product: ProductView) -> str:
    """The title of a product's page."""
    return w("shop.product.head", name=product.names[w.locale])


def product_description(w: Words, product: ProductView) -> str:
    """What a search engine shows of a product."""
    name = product.names[w.locale]
    if product.price is None:
        return w("shop.product.describe_none", name=name)
    sold = w.count("shop.sellers", product.sellers)
    return w("shop.product.describe", name=name, price=money(product.price, w.locale), sellers=sold)


def category_title(w: Words, category: CategoryView) -> str:
    """The title of a category's page."""
    return w("shop.category.head", name=category.names[w.locale])


def category_description(w: Words, category: CategoryView) -> str:
    """What a search engine shows of a category."""
    return w("shop.category.describe", name=category.names[w.locale])


def merchant_title(w: Words, merchant: MerchantView) -> str:
    """The title of a seller's page."""
    return w("shop.merchant.head", name=merchant.name)


def merchant_description(w: Words, merchant: MerchantView) -> str:
    """What a search engine shows of a seller."""
    return w("shop.merchant.describe", name=merchant.name)
