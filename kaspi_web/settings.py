"""What an operator may set; the only reader of the environment.

Every name here is described in docs/settings.md, and a test holds the two together.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Typed settings of one installation; names in the environment are the field names in capitals."""

    port: int = 3000
    """TCP port that the whole product answers on."""
    host: str = "127.0.0.1"
    """Address to listen on; keep the loopback unless a reverse proxy stands in front."""
    data_dir: Path = ROOT / "data"
    """Folder of databases, keys and other files that must survive a restart."""
    database_url: str = ""
    """SQLAlchemy address of the bank's database; empty means SQLite in the data folder."""
    demo: bool = False
    """Whether the kiosk screen and the simulated phone exist; off means 404 and no handler answers."""
    brand: str = "Kaspi wallet"
    """The product's name on screen and in SMS."""
    public_origins: tuple[str, ...] = ()
    """Further origins (https://wallet.example) whose pages may open the socket."""
    biller_port: int = 3100
    """TCP port of the simulated biller that `run` starts on the loopback; 0 starts none."""
    biller_url: str = ""
    """Address that the simulated biller is reached at; empty means the port above on the loopback."""
    biller_timeout_s: float = 8.0
    """Seconds that a biller may take to answer before the answer is unknown."""
    services_dir: Path | None = None
    """Folder of further data files of services (docs/services.md); none if empty."""
    demo_goods: int = 2000
    """How many goods the shop of a demo starts with; 0 leaves it empty."""
    register_port: int = 3102
    """TCP port of the simulated population register that `run` starts on the loopback; 0 starts none."""
    register_url: str = ""
    """Address that the register is reached at; empty means the port above on the loopback."""
    processor_port: int = 3101
    """TCP port of the simulated card processor that `run` starts on the loopback; 0 starts none."""
    processor_url: str = ""
    """Address that the processor of other banks' cards is reached at; empty means the port above on the loopback."""
    processor_timeout_s: float = 8.0
    """Seconds that the processor may take to answer before the answer is unknown."""
    merchant_port: int = 3103
    """TCP port of the simulated sellers that `run` starts on the loopback; 0 starts none."""
    merchant_url: str = ""
    """Address that the simulated sellers are told at what happens at their counters; empty means the port above."""
    trusted_proxy_hops: int = 0
    """How many reverse proxies in front append to X-Forwarded-For; 0 ignores the header."""
    secure_cookies: bool = False
    """Whether cookies are marked Secure and named __Host-; on behind TLS."""
    seal_key: str = field(default="", repr=False)
    """Secret that the ledger's entries are sealed under; empty means one derived from the data folder's master key."""
    faults: str = ""
    """Points at which the process is to fail, for tests of recovery: `name=kill,other=raise`."""
    log_level: str = "INFO"
    """Level of the log on standard error."""

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'bank.db'}"

    @property
    def biller_address(self) -> str:
        """The base address of the simulated biller."""
        return self.biller_url or f"http://127.0.0.1:{self.biller_port}"

    @property
    def register_address(self) -> str:
        """The base address of the population register."""
        return self.register_url or f"http://127.0.0.1:{self.register_port}"

    @property
    def processor_address(self) -> str:
        """The base address of the processor of other banks' cards."""
        return self.processor_url or f"http://127.0.0.1:{self.processor_port}"

    @property
    def merchant_address(self) -> str:
        """The base address of the simulated sellers."""
        return self.merchant_url or f"http://127.0.0.1:{self.merchant_port}"

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin whose pages may open the socket."""
        here = tuple(f"http://{name}:{self.port}" for name in ("localhost", "127.0.0.1"))
        return here + self.public_origins


@dataclass(frozen=True, slots=True)
class SettingError(Exception):
    """A setting has a value that cannot be read; says which and what was expected."""

    name: str
    expected: str
    known: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.name}: {self.expected}"


_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def _flag(name: str, text: str) -> bool:
    word = text.strip().lower()
    if word in _YES | _NO:
        return word in _YES
    raise SettingError(name, "one of on, off")


def _number(name: str, text: str) -> int:
    if not text.strip().isdecimal():
        raise SettingError(name, "a whole number")
    return int(text)


def _secret(name: str, text: str) -> str:
    if text and len(text) < 32:
        raise SettingError(name, "nothing, or 32 characters at least")
    return text


def _seconds(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SettingError(name, "a number of seconds") from None


_READERS = {
    "port": _number,
    "demo_goods": _number,
    "biller_port": _number,
    "register_port": _number,
    "processor_port": _number,
    "merchant_port": _number,
    "processor_timeout_s": _seconds,
    "trusted_proxy_hops": _number,
    "biller_timeout_s": _seconds,
    "seal_key": lambda name, text: _secret(name, text.strip()),
    "demo": _flag,
    "secure_cookies": _flag,
    "data_dir": lambda _, text: Path(text).expanduser().resolve(),
    "services_dir": lambda _, text: Path(text).expanduser().resolve() if text.strip() else None,
    "public_origins": lambda _, text: tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip()),
}


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; raises SettingError on a value that cannot be read."""
    env = os.environ if environ is None else environ
    given = {name: env[name.upper()] for name in Settings.__dataclass_fields__ if name.upper() in env}
    return Settings(
        **{name: _READERS.get(name, lambda _, text: text)(name.upper(), text) for name, text in given.items()}
    )
