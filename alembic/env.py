"""Runs migrations over the domain's metadata; the address is given by the caller or read from the settings."""

from __future__ import annotations

from typing import Any

from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import kaspi_web.domain.models  # noqa: F401  every table registers itself here
from alembic import context
from kaspi_web import settings
from kaspi_web.kernel.database import open_engine


def _rendered(kind: str, item: Any, _: Any) -> str | bool:
    return f"sa.String(length={item.length})" if kind == "type" and isinstance(item, AutoString) else False


_OUTSIDE_MODELS = {
    "table": ("alembic_version", "listed_search", "catalogue_word_search"),
    "index": ("ix_listed_terms_search", "ix_catalogue_word_search"),
    "column": ("found_by",),
}
"""Made by migrations alone: full-text search is another thing in each database (FTS5 adds tables of its own)."""


def _compared(_: Any, name: str | None, kind: str, *rest: Any) -> bool:
    return not (name or "").startswith(_OUTSIDE_MODELS.get(kind, ("-",)))


def _run() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or settings.read().database
    engine = open_engine(url)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            include_object=_compared,
            render_item=_rendered,
            user_module_prefix="table.",
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


_run()
