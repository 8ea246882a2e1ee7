"""Pure rules about addresses: which hosts are ours, which paths are for demos."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from kaspi_web.locales import LOCALES
from kaspi_web.settings import Settings

_DEMO_SCREENS = {"kiosk", "sim"}
_OUR_PATH = re.compile(rf"/(?:{'|'.join(LOCALES)})(?:/[A-Za-z0-9_-]+)*", re.ASCII)
_LONGEST = 200


def our_hosts(origins: tuple[str, ...]) -> dict[str, str]:
    """The scheme that each host of ours is reached by, as `localhost:3000` -> `http`; TLS wins where both exist."""
    found = [urlsplit(origin) for origin in origins]
    return {part.netloc.lower(): part.scheme for part in sorted(found, key=lambda part: part.scheme)}


def origin_of(scope: Scope, settings: Settings) -> str:
    """The origin that addresses for others begin with: the first public one, else the one that was asked."""
    if settings.public_origins:
        return settings.public_origins[0]
    hosts, host = our_hosts(settings.origins), Headers(scope=scope).get("host", "").lower()
    return f"{hosts[host]}://{host}" if host in hosts else settings.origins[0]


def is_demo_screen(path: str) -> bool:
    """Whether the path is the kiosk or the simulated phone, in whichever spelling a file of it is asked for."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return len(parts) > 1 and parts[0] in LOCALES and parts[1].split(".")[0] in _DEMO_SCREENS


def our_path(asked: str) -> str:
    """The path if it is one of our pages by its form, as `/kk/payments/s/fines`; else an empty text."""
    return asked if len(asked) <= _LONGEST and _OUR_PATH.fullmatch(asked) else ""
