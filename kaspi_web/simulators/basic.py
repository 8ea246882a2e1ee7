"""The password of the one bank that a simulator answers to: told by its environment, sent as HTTP Basic."""

from __future__ import annotations

import base64
import secrets
import sys

from starlette.requests import Request
from starlette.responses import Response

CLIENT = "bank"
_SHORTEST = 16


def checked(secret: str, what: str) -> str:
    """The password, which comes by the environment and not by an argument that every process of the machine can read.

    Ends the program when there is none worth the name.
    """
    if len(secret) < _SHORTEST:
        sys.exit(f"{what}, {_SHORTEST} characters at least")
    return secret


def is_client(request: Request, secret: str) -> bool:
    """Whether the bank asks, and nobody else."""
    scheme, _, packed = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, given = base64.b64decode(packed, validate=True).decode().partition(":")
    except ValueError:
        return False
    return scheme.lower() == "basic" and name == CLIENT and secrets.compare_digest(given.encode(), secret.encode())


def stranger(realm: str) -> Response:
    """The answer to everybody else."""
    return Response(status_code=401, headers={"WWW-Authenticate": f'Basic realm="{realm}"'})
