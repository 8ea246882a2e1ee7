"""How a simulator listens: one port of its own, a word when it answers, and an end at SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server


def serve(app: Any, *, host: str, port: int, closing: Callable[[], None] = lambda: None) -> None:
    """Listen until told to end; 0 picks a free port. `closing` is called before, to let go of what is held back.

    The first line on standard output is `listening on http://HOST:PORT`. Raises OSError when another has the port.
    """
    asyncio.run(_serve(app, host, _claimed(host, port), closing))


def _claimed(host: str, port: int) -> int:
    """The port to listen on; asked for here, since the server itself would share one that is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return probe.getsockname()[1]


async def _serve(app: Any, host: str, port: int, closing: Callable[[], None]) -> None:
    server = Server(app, interface=Interfaces.ASGINL, log_enabled=False, address=host, port=port, websockets=False)

    def stop() -> None:
        closing()
        server.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    serving = asyncio.create_task(server.serve())
    await asyncio.wait((serving, asyncio.create_task(_answers(host, port))), return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        sys.stdout.write(f"listening on http://{host}:{port}\n")
        sys.stdout.flush()
    await serving


async def _answers(host: str, port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        return await writer.wait_closed()
