"""Start the simulated register; the first line on standard output says where it listens."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from kaspi_web.simulators.register.app import Office, make_app
from kaspi_web.simulators.register.book import Book
from kaspi_web.simulators.serving import serve

_SHORTEST = 16


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kaspi_web.simulators.register", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=3102, help="TCP port; 0 picks a free one")
    parser.add_argument("--data-dir", type=Path, default=Path("data"), help="folder of register.db")
    return parser.parse_args()


def main() -> None:
    """Listen until SIGTERM or SIGINT."""
    # By environment, and not as an argument that every process of the machine can read.
    given, secret = _arguments(), os.environ.get("REGISTER_SECRET", "")
    if len(secret) < _SHORTEST:
        sys.exit(f"REGISTER_SECRET: the bank's password at the register, {_SHORTEST} characters at least")
    book = Book(given.data_dir / "register.db")
    office = Office(book, secret)
    try:
        serve(make_app(office), host=given.host, port=given.port, closing=office.closing.set)
    finally:
        book.close()


if __name__ == "__main__":
    main()
