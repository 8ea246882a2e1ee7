"""Merchants and the catalogue."""

import sqlalchemy as sa

from alembic import op
from kaspi_web.kernel import table

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("name_kk", sa.String(length=80), nullable=False),
        sa.Column("name_ru", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("commission_basis_points", sa.Integer(), nullable=False),
        sa.Column("picture", sa.String(length=40), nullable=False),
        sa.CheckConstraint("(parent_id IS NULL) = (depth = 1)", name=op.f("ck_category_roots_have_no_parent")),
        sa.CheckConstraint("commission_basis_points BETWEEN 0 AND 5000", name=op.f("ck_category_commission_in_range")),
        sa.CheckConstraint("depth BETWEEN 1 AND 3", name=op.f("ck_category_depth_in_range")),
        sa.ForeignKeyConstraint(["parent_id"], ["category.id"], name=op.f("fk_category_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("slug", name=op.f("uq_category_slug")),
    )
    op.create_index("ix_category_parent", "category", ["parent_id", "position"], unique=False)
    op.create_table(
        "merchant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("bin", sa.String(length=12), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("rating_hundredths", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("delivery_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("free_delivery_from_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("joined_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "delivery_tiyn >= 0 AND free_delivery_from_tiyn >= 0", name=op.f("ck_merchant_delivery_not_negative")
        ),
        sa.CheckConstraint("rating_hundredths BETWEEN 0 AND 500", name=op.f("ck_merchant_rating_in_range")),
        sa.CheckConstraint("reviews >= 0", name=op.f("ck_merchant_reviews_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchant")),
        sa.UniqueConstraint("slug", name=op.f("uq_merchant_slug")),
    )
    op.create_table(
        "attribute",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_kk", sa.String(length=60), nullable=False),
        sa.Column("name_ru", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_facet", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_attribute_category_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute")),
        sa.UniqueConstraint("category_id", "code", name=op.f("uq_attribute_category_id_code")),
    )
    op.create_table(
        "pickup_point",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("merchant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("city", sa.String(length=12), nullable=False),
        sa.Column("address_kk", sa.String(length=120), nullable=False),
        sa.Column("address_ru", sa.String(length=120), nullable=False),
        sa.Column("address_en", sa.String(length=120), nullable=False),
        sa.Column("hours", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("city IN ('almaty', 'astana', 'karaganda')", name=op.f("ck_pickup_point_city_known")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_pickup_point_merchant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_point")),
        sa.UniqueConstraint("merchant_id", "code", name=op.f("uq_pickup_point_merchant_id_code")),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("section_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand", sa.String(length=60), nullable=False),
        sa.Column("name_kk", sa.String(length=160), nullable=False),
        sa.Column("name_ru", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("text_kk", sa.String(length=4000), nullable=False),
        sa.Column("text_ru", sa.String(length=4000), nullable=False),
        sa.Column("text_en", sa.String(length=4000), nullable=False),
        sa.Column("price_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("old_price_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("sellers", sa.Integer(), nullable=False),
        sa.Column("rating_hundredths", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("changed_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("(price_tiyn IS NULL) = (sellers = 0)", name=op.f("ck_product_sold_by_somebody")),
        sa.CheckConstraint(
            "old_price_tiyn IS NULL OR old_price_tiyn > price_tiyn", name=op.f("ck_product_old_price_higher")
        ),
        sa.CheckConstraint("price_tiyn IS NULL OR price_tiyn > 0", name=op.f("ck_product_price_above_zero")),
        sa.CheckConstraint("rating_hundredths BETWEEN 0 AND 500", name=op.f("ck_product_rating_in_range")),
        sa.CheckConstraint("sellers >= 0 AND reviews >= 0 AND sold >= 0", name=op.f("ck_product_counts_not_negative")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_product_category_id")),
        sa.ForeignKeyConstraint(["group_id"], ["category.id"], name=op.f("fk_product_group_id")),
        sa.ForeignKeyConstraint(["section_id"], ["category.id"], name=op.f("fk_product_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("slug", name=op.f("uq_product_slug")),
    )
    op.create_table(
        "attribute_value",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("attribute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_kk", sa.String(length=60), nullable=False),
        sa.Column("name_ru", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attribute_id"], ["attribute.id"], name=op.f("fk_attribute_value_attribute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute_value")),
        sa.UniqueConstraint("attribute_id", "code", name=op.f("uq_attribute_value_attribute_id_code")),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("merchant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku", sa.String(length=20), nullable=False),
        sa.Column("price_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("old_price_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "old_price_tiyn IS NULL OR old_price_tiyn > price_tiyn", name=op.f("ck_offer_old_price_higher")
        ),
        sa.CheckConstraint("price_tiyn > 0", name=op.f("ck_offer_price_above_zero")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_offer_merchant_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_offer_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("merchant_id", "sku", name=op.f("uq_offer_merchant_id_sku")),
        sa.UniqueConstraint("product_id", "merchant_id", name=op.f("uq_offer_product_id_merchant_id")),
    )
    op.create_table(
        "product_image",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("picture", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_image_product_id")),
        sa.PrimaryKeyConstraint("product_id", "position", name=op.f("pk_product_image")),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("written_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_review_stars_in_range")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_review_customer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_review_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("product_id", "customer_id", name=op.f("uq_review_product_id_customer_id")),
    )
    op.create_index("ix_review_product", "review", ["product_id", "id"], unique=False)
    op.create_table(
        "product_fact",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attribute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("value_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["attribute_id"], ["attribute.id"], name=op.f("fk_product_fact_attribute_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_fact_product_id")),
        sa.ForeignKeyConstraint(["value_id"], ["attribute_value.id"], name=op.f("fk_product_fact_value_id")),
        sa.PrimaryKeyConstraint("product_id", "attribute_id", name=op.f("pk_product_fact")),
    )
    op.create_index("ix_product_fact_value", "product_fact", ["value_id", "product_id"], unique=False)
    op.create_table(
        "stock",
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.CheckConstraint("reserved >= 0 AND reserved <= quantity", name=op.f("ck_stock_reserved_is_there")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_stock_offer_id")),
        sa.ForeignKeyConstraint(["point_id"], ["pickup_point.id"], name=op.f("fk_stock_point_id")),
        sa.PrimaryKeyConstraint("offer_id", "point_id", name=op.f("pk_stock")),
    )
    op.create_table(
        "catalogue_word",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("sound", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_word")),
        sa.UniqueConstraint("word", name=op.f("uq_catalogue_word_word")),
    )
    op.create_table(
        "listed",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("section_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand", sa.String(length=60), nullable=False),
        sa.Column("is_out", sa.Integer(), nullable=False),
        sa.Column("price_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("popularity", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("value_ids", sa.String(length=None), nullable=False),
        sa.CheckConstraint(
            "is_out = (CASE WHEN price_tiyn IS NULL THEN 1 ELSE 0 END)", name=op.f("ck_listed_without_price_is_out")
        ),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_listed_category_id")),
        sa.ForeignKeyConstraint(["group_id"], ["category.id"], name=op.f("fk_listed_group_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_listed_product_id")),
        sa.ForeignKeyConstraint(["section_id"], ["category.id"], name=op.f("fk_listed_section_id")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_listed")),
    )
    op.create_table(
        "listed_terms",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terms", sa.String(length=None), nullable=False),
        sa.Column("steps", sa.String(length=None), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_listed_terms_product_id")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_listed_terms")),
    )
    for level in ("shop", "section", "group", "category"):
        first = [] if level == "shop" else [f"{level}_id"]
        op.create_index(f"ix_listed_{level}_new", "listed", [*first, "is_out", "product_id"])
        for name, column in (("popular", "popularity"), ("price", "price_tiyn"), ("rated", "rating")):
            op.create_index(f"ix_listed_{level}_{name}", "listed", [*first, "is_out", column, "product_id"])
    if op.get_bind().dialect.name == "sqlite":
        _search_on_sqlite()
    else:
        _search_on_postgres()


# Lists follow products: two leading digits of what was sold, and stars weighed with five reviews of three and a half.
_POPULARITY = (
    "CASE WHEN {0}.sold < 100 THEN {0}.sold WHEN {0}.sold < 1000 THEN {0}.sold / 10 * 10"
    " WHEN {0}.sold < 10000 THEN {0}.sold / 100 * 100 ELSE {0}.sold / 1000 * 1000 END"
)
_RATING = "CASE WHEN {0}.reviews = 0 THEN 0 ELSE ({0}.rating_hundredths * {0}.reviews + 1750) / ({0}.reviews + 5) END"
_FOLLOWED = f"""
    UPDATE listed SET price_tiyn = NEW.price_tiyn, is_out = CASE WHEN NEW.price_tiyn IS NULL THEN 1 ELSE 0 END,
        popularity = {_POPULARITY}, rating = {_RATING}
    WHERE product_id = NEW.id AND (
        price_tiyn IS DISTINCT FROM NEW.price_tiyn OR popularity <> {_POPULARITY} OR rating <> {_RATING}
    );
    DELETE FROM listed_terms WHERE product_id = NEW.id AND NOT NEW.is_live;
    DELETE FROM listed WHERE product_id = NEW.id AND NOT NEW.is_live;
""".format("NEW")
_FOLLOWS = "AFTER UPDATE OF price_tiyn, rating_hundredths, reviews, sold, is_live ON product FOR EACH ROW"


def _step(column: str, bounds: list[int]) -> str:
    """On which step a number stands: how many of the rising bounds it has reached."""
    below = " ".join(f"WHEN NEW.{column} < {bound} THEN {number}" for number, bound in enumerate(bounds))
    return f"CASE {below} ELSE {len(bounds)} END"


_SOLD = [step * 10**power for power in range(5) for step in (1, 3)]
_PRICES = [step * 10**power * 100 for power in range(2, 7) for step in (1, 2, 5)]
_STEPS = (
    f"'s_' || {_step('popularity', _SOLD)}"
    f" || CASE WHEN NEW.price_tiyn IS NULL THEN ' p_out' ELSE ' p_' || {_step('price_tiyn', _PRICES)} END"
    " || ' r_' || (NEW.rating / 20)"
)
_STEPPED = f"""
    UPDATE listed_terms SET steps = {_STEPS} WHERE product_id = NEW.product_id AND steps <> {_STEPS};
"""
_STEPS_FOLLOW = "AFTER UPDATE OF popularity, price_tiyn, rating ON listed FOR EACH ROW"
_FORGET = "INSERT INTO {0} ({0}, rowid, {2}) VALUES ('delete', OLD.{1}, {3});"
_LEARN = "INSERT INTO {0} (rowid, {2}) VALUES (NEW.{1}, {3});"


def _search_on_sqlite() -> None:
    op.execute(f"CREATE TRIGGER product_listed {_FOLLOWS} BEGIN {_FOLLOWED} END")
    op.execute(f"CREATE TRIGGER listed_steps {_STEPS_FOLLOW} BEGIN {_STEPPED} END")
    # Terms are one token each: letters keep their marks, and the underscore sets apart what nobody types.
    op.execute(
        "CREATE VIRTUAL TABLE listed_search USING fts5(terms, steps, content='listed_terms',"
        " content_rowid='product_id', detail='none', columnsize=0,"
        " tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
    )
    _followed_by("listed_terms", "product_id", ["terms", "steps"], "listed_search")
    op.execute(
        "CREATE VIRTUAL TABLE catalogue_word_search USING fts5(sound, content='catalogue_word', content_rowid='id',"
        " tokenize='trigram')"
    )
    _followed_by("catalogue_word", "id", ["sound"], "catalogue_word_search")


def _followed_by(table: str, key: str, columns: list[str], search: str) -> None:
    """Triggers that keep an FTS5 table of external content at its table's rows."""
    forget, learn = (
        words.format(search, key, ", ".join(columns), ", ".join(f"{state}.{column}" for column in columns))
        for words, state in ((_FORGET, "OLD"), (_LEARN, "NEW"))
    )
    for deed, words in (("INSERT", learn), ("DELETE", forget), (f"UPDATE OF {', '.join(columns)}", forget + learn)):
        name = f"{search}_{deed.split()[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {deed} ON {table} BEGIN {words} END")


def _search_on_postgres() -> None:
    op.execute(
        f"CREATE FUNCTION product_listed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_FOLLOWED} RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER product_listed {_FOLLOWS} EXECUTE FUNCTION product_listed()")
    op.execute(
        f"CREATE FUNCTION listed_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_STEPPED} RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER listed_steps {_STEPS_FOLLOW} EXECUTE FUNCTION listed_steps()")
    op.execute(
        "ALTER TABLE listed_terms ADD COLUMN found_by tsvector NOT NULL"
        " GENERATED ALWAYS AS (array_to_tsvector(string_to_array(terms || ' ' || steps, ' '))) STORED"
    )
    # Written at once: a list of what is not yet sorted in would be read through by every search.
    op.execute("CREATE INDEX ix_listed_terms_search ON listed_terms USING gin (found_by) WITH (fastupdate = off)")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE INDEX ix_catalogue_word_search ON catalogue_word USING gin (sound gin_trgm_ops)")


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
