"""The word `goods`: the demo's shop with any number of goods, the same ones on every machine."""

from __future__ import annotations

import sys
from contextlib import closing

from kaspi_web.kernel.bank import Bank
from kaspi_web.settings import Settings


def load(settings: Settings, count: int | None) -> int:
    """Add what is missing of the first `count` goods of the generator."""
    from kaspi_web import shop_goods

    wanted = settings.demo_goods if count is None else count
    if not 0 <= wanted <= shop_goods.MOST:
        print(f"The number of goods is from 0 to {shop_goods.MOST}.", file=sys.stderr)
        return 2
    with closing(Bank.open(settings)) as bank:
        added = shop_goods.load(bank, wanted, told=_tell)
    print(f"Goods added: {added}.")
    return 0


def _tell(done: int) -> None:
    if done % 5_000 == 0:
        print(f"{done} are there.", flush=True)
