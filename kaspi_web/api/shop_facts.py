"""What the shop's plain pages say: a product, a category, a seller, and the shop's home."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

from kaspi_web.api import shop_html as html
from kaspi_web.api.shop_html import Page
from kaspi_web.domain.catalogue import listing, products
from kaspi_web.domain.catalogue.views import Card, CategoryView, ProductView
from kaspi_web.domain.merchants import queries as merchants
from kaspi_web.i18n import Words
from kaspi_web.i18n.format import money
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.papers import showcase

_BESIDE = 12
"""Products of the same category that a product's page leads to."""


def home(unit: Unit, w: Words, **_: Any) -> Page:
    """Sections and what is bought most."""
    sections = [each for each in products.categories(unit) if each.depth == 1]
    cards = listing.page(unit, listing.Asked(locale=w.locale)).cards
    body = html.heading(w("shop.title")) + html.categories(w, sections) + html.goods(w, cards)
    return Page(w("shop.title"), w("shop.describe"), "/shop", body)


def category(unit: Unit, w: Words, *, slug: str, after: str, origin: str, is_narrowed: bool) -> Page:
    """A category with its products; raises NotFound."""
    tree = {each.slug: each for each in products.categories(unit)}
    if slug not in tree:
        raise NotFound
    this, below = tree[slug], [each for each in tree.values() if each.parent == slug]
    above, path = _above(tree, this), f"/shop/c/{quote(slug)}"
    name = this.names[w.locale]
    body = html.path_of(w, above, name) + html.heading(name) + html.categories(w, below)
    body += "" if is_narrowed else _list(unit, w, listing.Asked(category=slug, locale=w.locale), path, after)
    return Page(
        showcase.category_title(w, this),
        showcase.category_description(w, this),
        _at(path, after),
        body,
        data=[html.path_data(w, above, name, origin=origin, path=path)],
        is_listed=not is_narrowed,
    )


def merchant(unit: Unit, w: Words, *, slug: str, after: str, origin: str, is_narrowed: bool) -> Page:
    """A seller with their products; raises NotFound."""
    this, path = merchants.by_slug(unit, slug=slug), f"/shop/m/{quote(slug)}"
    body = html.heading(this.name)
    body += "" if is_narrowed else _list(unit, w, listing.Asked(merchant=slug, locale=w.locale), path, after)
    return Page(
        showcase.merchant_title(w, this),
        showcase.merchant_description(w, this),
        _at(path, after),
        body,
        data=[html.path_data(w, (), this.name, origin=origin, path=path)],
        is_listed=not is_narrowed,
    )


def product(unit: Unit, w: Words, *, slug: str, origin: str, **_: Any) -> Page:
    """A product with its sellers, its facts and the way to others like it; raises NotFound."""
    this, path = products.product(unit, slug), f"/shop/p/{quote(slug)}"
    alike = listing.page(unit, listing.Asked(category=this.path[-1].slug, locale=w.locale)).cards
    others = [card for card in alike if card.id != this.id][:_BESIDE]
    data = [_product_data(this, w, origin, path)]
    data.append(html.path_data(w, this.path, this.names[w.locale], origin=origin, path=path))
    return Page(
        showcase.product_title(w, this),
        showcase.product_description(w, this),
        path,
        _product_body(this, others, w),
        data=data,
        image=showcase.picture(this.picture, showcase.WIDTHS[-1]),
        kind="product",
    )


def _above(tree: dict[str, CategoryView], this: CategoryView) -> list[CategoryView]:
    found: list[CategoryView] = []
    parent = tree.get(this.parent)
    while parent is not None:
        found.insert(0, parent)
        parent = tree.get(parent.parent)
    return found


def _at(path: str, after: str) -> str:
    return f"{path}?after={quote(after, safe='')}" if after else path


def _list(unit: Unit, w: Words, asked: listing.Asked, path: str, after: str) -> str:
    found = listing.page(unit, asked, after=after)
    onward = html.link(w("shop.more"), _at(f"/{w.locale}{path}", found.next)) if found.next else ""
    return (html.goods(w, found.cards) or f"<p>{escape(w('shop.nothing'))}</p>") + onward


def _product_body(this: ProductView, others: list[Card], w: Words) -> str:
    name, price = this.names[w.locale], this.price
    sold = f"{money(price, w.locale)} · {w.count('shop.sellers', this.sellers)}" if price else w("shop.product.none")
    sellers = "".join(
        _offer(each.merchant.name, each.merchant.slug, money(each.price, w.locale), w) for each in this.offers
    )
    facts = "".join(
        f"<div><dt>{escape(each.names[w.locale])}</dt><dd>{escape(each.values[w.locale])}</dd></div>"
        for each in this.facts
    )
    parts = [
        html.path_of(w, this.path, name),
        '<div class="product-columns"><div class="product-pictures">',
        html.image(this.picture, name, large=True),
        f'</div><div class="stack product-offer">{html.heading(name)}',
        f'<p class="price price-large num">{escape(sold)}</p>',
        f"<p>{escape(this.texts[w.locale])}</p></div></div>",
        _section(w("shop.sellers_title"), f"<ul>{sellers}</ul>" if sellers else ""),
        _section(w("shop.product.facts"), f'<dl class="summary">{facts}</dl>' if facts else ""),
        _section(w("shop.product.similar"), html.goods(w, others)),
    ]
    return "".join(parts)


def _section(title: str, body: str) -> str:
    return f'<section class="section"><h2>{escape(title)}</h2>{body}</section>' if body else ""


def _offer(name: str, slug: str, price: str, w: Words) -> str:
    to = escape(f"/{w.locale}/shop/m/{slug}")
    return f'<li><a class="link" href="{to}">{escape(name)}</a> <span class="num">{escape(price)}</span></li>'


def _product_data(this: ProductView, w: Words, origin: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Product",
        "name": this.names[w.locale],
        "description": this.texts[w.locale] or showcase.product_description(w, this),
        "sku": str(this.id),
        "url": f"{origin}/{w.locale}{path}",
        "image": [origin + showcase.picture(each, showcase.WIDTHS[-1]) for each in this.pictures],
    }
    if this.brand:
        found["brand"] = {"@type": "Brand", "name": this.brand}
    if this.offers:
        prices = [each.price for each in this.offers]
        found["offers"] = {
            "@type": "AggregateOffer",
            "priceCurrency": "KZT",
            "lowPrice": min(prices).wire,
            "highPrice": max(prices).wire,
            "offerCount": len(prices),
            "availability": "https://schema.org/InStock",
        }
    if this.reviews:
        found["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": f"{this.rating_hundredths // 100}.{this.rating_hundredths % 100:02d}",
            "reviewCount": this.reviews,
            "bestRating": 5,
        }
    return found
