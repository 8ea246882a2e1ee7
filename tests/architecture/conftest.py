from __future__ import annotations

from tests.ui.conftest import app

__all__ = ["app"]
