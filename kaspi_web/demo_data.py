"""What a demo bank starts with: terminal networks, terminals, shipped services and limits, a shop. People register."""

from __future__ import annotations

from kaspi_web import loan_terms, service_files, shop_goods, transfer_limits
from kaspi_web.domain.terminals.models import Terminal, TerminalNetwork
from kaspi_web.domain.terminals.topups import secret_digest
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

NETWORK = "kaspi"

TERMINALS = (
    Terminal(
        slug="almaty-01",
        network=NETWORK,
        place_kk="Алматы, Абай даңғылы, 44",
        place_ru="Алматы, проспект Абая, 44",
        place_en="44 Abay Avenue, Almaty",
    ),
    Terminal(
        slug="almaty-02",
        network=NETWORK,
        place_kk="Алматы, Райымбек даңғылы, 212",
        place_ru="Алматы, проспект Райымбека, 212",
        place_en="212 Raiymbek Avenue, Almaty",
        credit_delay_s=120,
    ),
    Terminal(
        slug="astana-01",
        network=NETWORK,
        place_kk="Астана, Мәңгілік Ел даңғылы, 17",
        place_ru="Астана, проспект Мәңгілік Ел, 17",
        place_en="17 Mangilik El Avenue, Astana",
    ),
)


def network_secret(bank: Bank, network: str) -> str:
    """The password of one of our own terminal networks, derived from the master key and stored nowhere."""
    return bank.keys.secret("terminal_network", network)


def load(bank: Bank) -> None:
    """Add what is missing of the demo's networks, terminals and services, those of SERVICES_DIR too."""
    found = service_files.read(service_files.folders(bank.settings))
    bank.db.write_now(_load, secret=network_secret(bank, NETWORK))
    bank.db.write_now(service_files.save, found=found, replace=False)
    bank.db.write_now(transfer_limits.save, found=transfer_limits.read())
    bank.db.write_now(loan_terms.save, found=loan_terms.read())


def stock_shop(bank: Bank) -> int:
    """Fill a shop that has no goods with those of the generator; answers how many. Takes a few seconds."""
    return shop_goods.load_once(bank, bank.settings.demo_goods)


def _load(unit: Unit, *, secret: str) -> None:
    own = TerminalNetwork(
        slug=NETWORK,
        name="Kaspi Bank",
        secret_digest=secret_digest(unit, NETWORK, secret),
        minimum_tiyn=Money.tenge(100).tiyn,
        maximum_tiyn=Money.tenge(500_000).tiyn,
    )
    _add_missing(unit, own)
    unit.flush()
    for row in TERMINALS:
        _add_missing(unit, row)


def _add_missing(unit: Unit, row: TerminalNetwork | Terminal) -> None:
    # What is there may have been edited since. Merging adds a copy: the rows above belong to no bank.
    if unit.get(type(row), row.slug) is None:
        unit.merge(row)
