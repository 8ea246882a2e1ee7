"""Start the simulated billers; the first line on standard output says where they listen."""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import sys
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from kaspi_web.simulators.biller.app import Office, make_app
from kaspi_web.simulators.biller.book import Book


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kaspi_web.simulators.biller", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=3100, help="TCP port; 0 picks a free one")
    parser.add_argument("--data-dir", type=Path, default=Path("data"), help="folder of biller.db")
    return parser.parse_args()


def _claim(host: str, port: int) -> int:
    """The port to listen on; raises OSError if another process has it, which the server itself would share silently."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return probe.getsockname()[1]


async def _answers(host: str, port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        return await writer.wait_closed()


async def _serve(host: str, port: int, book: Book) -> None:
    office = Office(book)
    doors = {"address": host, "port": port, "websockets": False}
    server = Server(make_app(office), interface=Interfaces.ASGINL, log_enabled=False, **doors)

    def stop() -> None:
        office.closing.set()
        server.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    serving = asyncio.create_task(server.serve())
    await asyncio.wait((serving, asyncio.create_task(_answers(host, port))), return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        sys.stdout.write(f"listening on http://{host}:{port}\n")
        sys.stdout.flush()
    await serving


def main() -> None:
    """Listen until SIGTERM or SIGINT."""
    given = _arguments()
    book = Book(given.data_dir / "biller.db")
    try:
        asyncio.run(_serve(given.host, _claim(given.host, given.port), book))
    finally:
        book.close()


if __name__ == "__main__":
    main()
