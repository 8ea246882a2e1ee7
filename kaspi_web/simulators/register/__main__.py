"""Start the simulated register; the first line on standard output says where it listens."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from kaspi_web.simulators.basic import checked
from kaspi_web.simulators.register.app import Office, make_app
from kaspi_web.simulators.register.book import Book
from kaspi_web.simulators.serving import serve


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kaspi_web.simulators.register", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=3102, help="TCP port; 0 picks a free one")
    parser.add_argument("--data-dir", type=Path, default=Path("data"), help="folder of register.db")
    return parser.parse_args()


def main() -> None:
    """Listen until SIGTERM or SIGINT."""
    given, secret = _arguments(), os.environ.get("REGISTER_SECRET", "")
    secret = checked(secret, "REGISTER_SECRET: the bank's password at the register")
    book = Book(given.data_dir / "register.db")
    office = Office(book, secret)
    try:
        serve(make_app(office), host=given.host, port=given.port, closing=office.closing.set)
    finally:
        book.close()


if __name__ == "__main__":
    main()
