"""Start the simulated processor of other banks' cards; the first line on standard output says where it listens."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from kaspi_web.simulators.basic import checked
from kaspi_web.simulators.processor.app import Office, make_app
from kaspi_web.simulators.processor.book import Book
from kaspi_web.simulators.processor.counter import Counter
from kaspi_web.simulators.processor.texts import Texts
from kaspi_web.simulators.serving import serve


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kaspi_web.simulators.processor", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=3101, help="TCP port; 0 picks a free one")
    parser.add_argument("--data-dir", type=Path, default=Path("data"), help="folder of processor.db")
    parser.add_argument("--bank-url", default="", help="where the demo's carrier is; empty: nothing is texted")
    return parser.parse_args()


def main() -> None:
    """Listen until SIGTERM or SIGINT."""
    given, secret = _arguments(), os.environ.get("PROCESSOR_SECRET", "")
    secret = checked(secret, "PROCESSOR_SECRET: the bank's password at the processor")
    book = Book(given.data_dir / "processor.db")
    texts = Texts(book, given.bank_url, os.environ.get("CARRIER_SECRET", ""))
    office = Office(book, Counter(book), secret)
    try:
        serve(make_app(office), host=given.host, port=given.port, closing=office.closing.set)
    finally:
        texts.end()
        book.close()


if __name__ == "__main__":
    main()
