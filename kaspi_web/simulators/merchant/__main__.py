"""Start the simulated sellers; the first line on standard output says where they listen."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from kaspi_web.simulators.basic import checked
from kaspi_web.simulators.merchant.app import Office, make_app
from kaspi_web.simulators.merchant.desk import Desk, Pace
from kaspi_web.simulators.merchant.shop import Shop
from kaspi_web.simulators.serving import serve

_USUAL = Pace()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kaspi_web.simulators.merchant", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=3103, help="TCP port; 0 picks a free one")
    parser.add_argument("--data-dir", type=Path, default=Path("data"), help="not used: nothing is kept")
    parser.add_argument("--bank-url", default="http://127.0.0.1:3000", help="where the merchants' order API is")
    parser.add_argument("--look", type=float, default=_USUAL.look, help="seconds between looks at the orders")
    parser.add_argument("--accept", type=float, default=_USUAL.accept, help="seconds until a new order is accepted")
    parser.add_argument("--step", type=float, default=_USUAL.step, help="seconds between the steps of a parcel")
    return parser.parse_args()


def _tokens(text: str) -> dict[str, str]:
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        sys.exit("MERCHANT_TOKENS: a JSON object, the sellers' tokens by their slugs")
    return {str(slug): str(token) for slug, token in given.items()}


def main() -> None:
    """Listen until SIGTERM or SIGINT."""
    given, secret = _arguments(), os.environ.get("MERCHANT_SECRET", "")
    secret = checked(secret, "MERCHANT_SECRET: the bank's password at the sellers")
    tokens = _tokens(os.environ.get("MERCHANT_TOKENS", "{}"))
    shops = {slug: Shop(given.bank_url, token) for slug, token in tokens.items()}
    desk = Desk(shops, pace=Pace(given.look, given.accept, given.step))
    desk.start()
    try:
        serve(make_app(Office(desk, secret)), host=given.host, port=given.port)
    finally:
        desk.end()
        for shop in shops.values():
            shop.close()


if __name__ == "__main__":
    main()
