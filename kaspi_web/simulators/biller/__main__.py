"""Start the simulated billers; the first line on standard output says where they listen."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from kaspi_web.simulators.biller.app import Office, make_app
from kaspi_web.simulators.biller.book import Book
from kaspi_web.simulators.biller.cancelling import Bank
from kaspi_web.simulators.biller.envelope import Envelope
from kaspi_web.simulators.biller.services import SHIPPED, billers_in
from kaspi_web.simulators.serving import serve


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kaspi_web.simulators.biller", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=3100, help="TCP port; 0 picks a free one")
    parser.add_argument("--data-dir", type=Path, default=Path("data"), help="folder of biller.db")
    parser.add_argument("--services", type=Path, action="append", help="folder of data files; may be given again")
    parser.add_argument("--bank-url", default="http://127.0.0.1:3000", help="the bank that takes cancellations")
    return parser.parse_args()


def main() -> None:
    """Listen until SIGTERM or SIGINT."""
    # The password comes by environment, and not as an argument that every process of the machine can read.
    given, bank_secret = _arguments(), os.environ.get("BILLER_BANK_SECRET", "")
    billers, book = billers_in(given.services or [SHIPPED]), Book(given.data_dir / "biller.db")
    office = Office(book, billers, Envelope(given.data_dir), Bank(given.bank_url, bank_secret))
    try:
        serve(make_app(office), host=given.host, port=given.port, closing=office.closing.set)
    finally:
        book.close()


if __name__ == "__main__":
    main()
