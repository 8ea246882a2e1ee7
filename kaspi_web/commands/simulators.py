"""The outside of a demo: programs that `run` starts on the loopback beside the server, one line for each."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kaspi_web.commands.children import Child
from kaspi_web.kernel.keys import Keys
from kaspi_web.settings import Settings


def bank_url(settings: Settings) -> str:
    """Where programs of this machine reach the bank."""
    return f"http://127.0.0.1:{settings.port}"


def _nothing(settings: Settings) -> list[str]:
    return []


def _no_more(keys: Keys) -> dict[str, str]:
    return {}


def _merchant_tokens(keys: Keys) -> dict[str, str]:
    from kaspi_web import shop_files
    from kaspi_web.shop_goods import merchant_token

    return {
        "MERCHANT_TOKENS": json.dumps(
            {each.slug: merchant_token(keys, each.slug) for each in shop_files.read().sellers}
        )
    }


def _biller_arguments(settings: Settings) -> list[str]:
    from kaspi_web.service_files import folders

    services = [word for folder in folders(settings) for word in ("--services", str(folder))]
    return ["--bank-url", bank_url(settings), *services]


@dataclass(frozen=True, slots=True)
class Simulator:
    """A package below kaspi_web.simulators with a `__main__`; its port is the setting `{package}_port`, 0 for none.

    `secrets` are the passwords that it gets by its environment: name of the variable -> purpose and name, by which
    the bank's master key derives them.
    """

    package: str
    name: str
    arguments: Callable[[Settings], list[str]] = _nothing
    secrets: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    more: Callable[[Keys], Mapping[str, str]] = _no_more
    """Further variables of its environment."""

    def port(self, settings: Settings) -> int:
        """The port that it is to listen on."""
        return getattr(settings, f"{self.package}_port")

    def child(self, settings: Settings, keys: Keys) -> Child:
        """The process to start."""
        where = ["--port", str(self.port(settings)), "--data-dir", str(settings.data_dir)]
        words = [sys.executable, "-m", f"kaspi_web.simulators.{self.package}", *where, *self.arguments(settings)]
        told = {variable: keys.secret(*of) for variable, of in self.secrets.items()}
        return Child(self.name, words, {**os.environ, **told, **self.more(keys)})


SIMULATORS = (
    Simulator(
        "processor",
        "the simulated card processor",
        lambda settings: ["--bank-url", bank_url(settings)],
        secrets={"CARRIER_SECRET": ("carrier", "processor"), "PROCESSOR_SECRET": ("processor", "bank")},
    ),
    Simulator(
        "biller",
        "the simulated biller",
        _biller_arguments,
        secrets={"BILLER_BANK_SECRET": ("billers", "simulated")},
    ),
    Simulator("register", "the simulated register", secrets={"REGISTER_SECRET": ("register", "bank")}),
    Simulator(
        "merchant",
        "the simulated sellers",
        lambda settings: ["--bank-url", bank_url(settings)],
        secrets={"MERCHANT_SECRET": ("merchants", "bank")},
        more=_merchant_tokens,
    ),
)


def wanted(settings: Settings) -> list[Simulator]:
    """Those that this installation starts."""
    return [each for each in SIMULATORS if settings.demo and each.port(settings)]


def children(settings: Settings) -> list[Child]:
    """Their processes, not started yet."""
    keys = Keys.in_folder(settings.data_dir / "keys", chain_key=settings.seal_key)
    return [each.child(settings, keys) for each in wanted(settings)]
