"""Pure rules about addresses: which hosts are ours, which paths are for demos."""

from __future__ import annotations

from urllib.parse import urlsplit

from kaspi_web.locales import LOCALES

_DEMO_SCREENS = {"kiosk", "sim"}


def our_hosts(origins: tuple[str, ...]) -> dict[str, str]:
    """The scheme that each host of ours is reached by, as `localhost:3000` -> `http`; TLS wins where both exist."""
    found = [urlsplit(origin) for origin in origins]
    return {part.netloc.lower(): part.scheme for part in sorted(found, key=lambda part: part.scheme)}


def is_demo_screen(path: str) -> bool:
    """Whether the path is the kiosk or the simulated phone, in whichever spelling a file of it is asked for."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return len(parts) > 1 and parts[0] in LOCALES and parts[1].split(".")[0] in _DEMO_SCREENS
