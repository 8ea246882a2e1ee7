"""HTTP Basic for programs that call the bank's own doors."""

from __future__ import annotations

import base64
import secrets


def read(header: str) -> tuple[str, str]:
    """Name and password of an Authorization header; two empty texts when it has none that can be read."""
    scheme, _, packed = header.partition(" ")
    try:
        name, _, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    # A name that no database takes is nobody's.
    return (name, secret) if scheme.lower() == "basic" and name.isprintable() else ("", "")


def fits(given: str, secret: str) -> bool:
    """Whether the password is the one expected; takes as long when it is not."""
    return secrets.compare_digest(given.encode(), secret.encode())
