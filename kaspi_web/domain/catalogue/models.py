"""Categories with their attributes, products, offers, stock and reviews."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field


class Category(SQLModel, table=True):
    """A node of the tree of three levels; products hang on the third."""

    __table_args__ = (
        CheckConstraint("depth BETWEEN 1 AND 3", name="depth_in_range"),
        CheckConstraint("(parent_id IS NULL) = (depth = 1)", name="roots_have_no_parent"),
        CheckConstraint("commission_basis_points BETWEEN 0 AND 5000", name="commission_in_range"),
        Index("ix_category_parent", "parent_id", "position"),
    )

    id: int | None = id_field()
    slug: str = Field(max_length=60, unique=True)
    parent_id: int | None = ref_field("category.id", nullable=True, default=None)
    depth: int
    name_kk: str = Field(max_length=80)
    name_ru: str = Field(max_length=80)
    name_en: str = Field(max_length=80)
    position: int = 0
    commission_basis_points: int
    """What the bank keeps of each sale, in hundredths of a percent."""
    picture: str = Field(default="", max_length=40)
    """The kind of drawing that stands for it."""


class Attribute(SQLModel, table=True):
    """Something that products of a category (and of those below it) have, as a screen's size."""

    __table_args__ = (UniqueConstraint("category_id", "code"),)

    id: int | None = id_field()
    category_id: int = ref_field("category.id")
    code: str = Field(max_length=40)
    name_kk: str = Field(max_length=60)
    name_ru: str = Field(max_length=60)
    name_en: str = Field(max_length=60)
    position: int = 0
    is_facet: bool = True


class AttributeValue(SQLModel, table=True):
    """One of the values that an attribute may have."""

    __tablename__ = "attribute_value"  # type: ignore[assignment]
    __table_args__ = (UniqueConstraint("attribute_id", "code"),)

    id: int | None = id_field()
    attribute_id: int = ref_field("attribute.id")
    code: str = Field(max_length=40)
    name_kk: str = Field(max_length=60)
    name_ru: str = Field(max_length=60)
    name_en: str = Field(max_length=60)
    position: int = 0


class Product(SQLModel, table=True):
    """A card of the catalogue, one for all sellers; prices and counts are kept here so that lists read one table."""

    __table_args__ = (
        CheckConstraint("price_tiyn IS NULL OR price_tiyn > 0", name="price_above_zero"),
        CheckConstraint("old_price_tiyn IS NULL OR old_price_tiyn > price_tiyn", name="old_price_higher"),
        CheckConstraint("(price_tiyn IS NULL) = (sellers = 0)", name="sold_by_somebody"),
        CheckConstraint("rating_hundredths BETWEEN 0 AND 500", name="rating_in_range"),
        CheckConstraint("sellers >= 0 AND reviews >= 0 AND sold >= 0", name="counts_not_negative"),
    )

    id: int | None = id_field()
    slug: str = Field(max_length=120, unique=True)
    section_id: int = ref_field("category.id")
    """Its category of the first level."""
    group_id: int = ref_field("category.id")
    """Its category of the second level."""
    category_id: int = ref_field("category.id")
    """Its category of the third level."""
    brand: str = Field(default="", max_length=60)
    name_kk: str = Field(max_length=160)
    name_ru: str = Field(max_length=160)
    name_en: str = Field(max_length=160)
    text_kk: str = Field(default="", max_length=4000)
    text_ru: str = Field(default="", max_length=4000)
    text_en: str = Field(default="", max_length=4000)
    price_tiyn: int | None = tiyn_field(nullable=True, default=None)
    """The lowest price of those who have it; None when nobody has."""
    old_price_tiyn: int | None = tiyn_field(nullable=True, default=None)
    sellers: int = 0
    """How many merchants have it in stock."""
    rating_hundredths: int = 0
    reviews: int = 0
    sold: int = 0
    is_live: bool = True
    changed_at: datetime = moment_field()


class ProductFact(SQLModel, table=True):
    """The value that a product has of an attribute."""

    __tablename__ = "product_fact"  # type: ignore[assignment]
    __table_args__ = (Index("ix_product_fact_value", "value_id", "product_id"),)

    product_id: int = ref_field("product.id", primary_key=True)
    attribute_id: int = ref_field("attribute.id", primary_key=True)
    value_id: int = ref_field("attribute_value.id")


class Listed(SQLModel, table=True):
    """What lists sort a live product by, in a narrow row of its own; triggers of `product` keep it up to date.

    See docs/shop.md. Each sort has an index for each level of the tree, so that a page reads as many rows as it shows.
    """

    __table_args__ = (
        CheckConstraint("is_out = (CASE WHEN price_tiyn IS NULL THEN 1 ELSE 0 END)", name="without_price_is_out"),
        *(
            Index(f"ix_listed_{level}_{key}", *([f"{level}_id"] if level != "shop" else []), "is_out", *columns)
            for level in ("shop", "section", "group", "category")
            for key, columns in {
                "popular": ("popularity", "product_id"),
                "price": ("price_tiyn", "product_id"),
                "rated": ("rating", "product_id"),
                "new": ("product_id",),
            }.items()
        ),
    )

    product_id: int = ref_field("product.id", primary_key=True)
    section_id: int = ref_field("category.id")
    group_id: int = ref_field("category.id")
    category_id: int = ref_field("category.id")
    brand: str = Field(default="", max_length=60)
    is_out: int = 0
    """1 when nobody has it: such products stand last."""
    price_tiyn: int | None = tiyn_field(nullable=True, default=None)
    popularity: int = 0
    """How many were sold, in two leading digits: not every sale moves a product in the lists."""
    rating: int = 0
    """Its stars weighed with five reviews of three and a half, so that one friend's five does not lead."""
    value_ids: str = ""
    """The ids of the values that it has of attributes, separated by spaces."""


class ListedTerms(SQLModel, table=True):
    """What a live product can be found by: stems of its words, and one term for each thing that lists are filtered by.

    The database's own full-text index follows this table by triggers.
    """

    __tablename__ = "listed_terms"  # type: ignore[assignment]

    product_id: int = ref_field("product.id", primary_key=True)
    terms: str
    steps: str
    """The steps of popularity, price and rating that it stands on; triggers of `listed` keep them up to date."""


class CatalogueWord(SQLModel, table=True):
    """A word of the catalogue as it sounds: slips of the pen are looked for among these."""

    __tablename__ = "catalogue_word"  # type: ignore[assignment]

    id: int | None = id_field()
    word: str = Field(max_length=40, unique=True)
    sound: str = Field(max_length=80)


class ProductImage(SQLModel, table=True):
    """A picture of a product, in its place; `picture` names a drawing of ours or a stored file."""

    __tablename__ = "product_image"  # type: ignore[assignment]

    product_id: int = ref_field("product.id", primary_key=True)
    position: int = Field(primary_key=True)
    picture: str = Field(max_length=80)


class Offer(SQLModel, table=True):
    """What one merchant asks for a product."""

    __table_args__ = (
        UniqueConstraint("product_id", "merchant_id"),
        UniqueConstraint("merchant_id", "sku"),
        CheckConstraint("price_tiyn > 0", name="price_above_zero"),
        CheckConstraint("old_price_tiyn IS NULL OR old_price_tiyn > price_tiyn", name="old_price_higher"),
        # The goods of a seller by that seller's own prices.
        Index("ix_offer_there", "merchant_id", "is_there", "price_tiyn", "product_id"),
    )

    id: int | None = id_field()
    product_id: int = ref_field("product.id")
    merchant_id: int = ref_field("merchant.id")
    sku: str = Field(max_length=20)
    price_tiyn: int = tiyn_field()
    old_price_tiyn: int | None = tiyn_field(nullable=True, default=None)
    active: bool = True
    is_there: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether it can be bought now; `prices.refresh` keeps it, and lists of the seller have nothing else."""
    changed_at: datetime = moment_field()


class Stock(SQLModel, table=True):
    """How many pieces of an offer lie at a point, and how many of those are set aside for checkouts."""

    __table_args__ = (CheckConstraint("reserved >= 0 AND reserved <= quantity", name="reserved_is_there"),)

    offer_id: int = ref_field("offer.id", primary_key=True)
    point_id: int = ref_field("pickup_point.id", primary_key=True)
    quantity: int
    reserved: int = 0


class Review(SQLModel, table=True):
    """What a buyer says of a product; those of the demo have no customer."""

    __table_args__ = (
        UniqueConstraint("product_id", "customer_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars_in_range"),
        Index("ix_review_product", "product_id", "id"),
    )

    id: int | None = id_field()
    product_id: int = ref_field("product.id")
    customer_id: int | None = ref_field("customer.id", nullable=True, default=None)
    author: str = Field(max_length=40)
    """The masked name that others see."""
    stars: int
    words: str = Field(default="", max_length=2000)
    locale: str = Field(default="ru", max_length=2)
    written_at: datetime = moment_field()
