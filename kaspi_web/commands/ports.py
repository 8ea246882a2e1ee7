"""Whether somebody has a port already."""

from __future__ import annotations

import socket


def is_busy(host: str, port: int) -> bool:
    """Whether the port cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # A port that was just released lingers; the server may take it and so may the probe.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
