"""The word `run`: everything from an empty folder to an answering page, in one process and its children."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing
from types import FrameType

from kaspi_web.commands import frontend, simulators
from kaspi_web.commands.children import Child
from kaspi_web.commands.migrate import migrate
from kaspi_web.commands.ports import is_busy
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.faults import Faults
from kaspi_web.kernel.serving import is_served
from kaspi_web.settings import Settings

_START_WITHIN_S = 60
_LOOK_EVERY_S = 0.5
_SERVER = "the server"


def run(settings: Settings) -> int:
    """Serve until told to stop; the exit code is 1 when the product could not start or died."""
    # Said here, and not by the server that would fail to start.
    Faults(settings.faults)
    if is_served(settings):
        print(f"Another server works in {settings.data_dir}. Stop it, or choose another DATA_DIR.", file=sys.stderr)
        return 1
    busy = [port for port in _ports(settings) if is_busy(settings.host, port)]
    if busy:
        others = " ".join(f"{each.package.upper()}_PORT={4100 + n}" for n, each in enumerate(simulators.SIMULATORS))
        print(f"Port {busy[0]} is taken. Stop what uses it, or choose others: PORT=4000 {others}.", file=sys.stderr)
        return 1
    stopping = _stop_on_signals()
    try:
        _prepare(settings)
    except frontend.BuildFailed as error:
        print(f"The front end could not be built; the log is {frontend.LOG}.\n{error}", file=sys.stderr)
        return 1
    return 0 if stopping.is_set() else _serve(settings, stopping)


def _ports(settings: Settings) -> list[int]:
    return [settings.port, *(each.port(settings) for each in simulators.wanted(settings))]


def _stop_on_signals() -> threading.Event:
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    return stopping


def _prepare(settings: Settings) -> None:
    _say("Bringing the database up to date.")
    migrate(settings)
    if settings.demo:
        _load_demo(settings)
    if frontend.is_current(settings):
        _say("The front end is built already.")
        return
    _say("Building the front end; the first time takes a minute or two.")
    frontend.build(settings)


def _load_demo(settings: Settings) -> None:
    from kaspi_web.demo_data import load, stock_shop

    _say("Adding what is missing of the demo data.")
    with closing(Bank.open(settings)) as bank:
        load(bank)
        if added := stock_shop(bank):
            _say(f"Goods added to the shop: {added}.")


def _serve(settings: Settings, stopping: threading.Event) -> int:
    children = _children(settings)
    try:
        for child in children:
            child.start()
        return _watch(settings, children, stopping)
    finally:
        for child in children:
            child.ask_to_end()
        for child in children:
            child.end()
        _say("Stopped.")


def _children(settings: Settings) -> list[Child]:
    return [Child(_SERVER, _server_words(settings), _server_env()), *simulators.children(settings)]


def _server_words(settings: Settings) -> list[str]:
    where = ["--host", settings.host, "--port", str(settings.port)]
    how = ["--interface", "asgi", "--factory", "--loop", "uvloop", "--workers", "1", "--workers-kill-timeout", "8s"]
    words = ["--log-level", "warning", "kaspi_web.kaspi_web:app"]
    return [sys.executable, "-m", "granian", *how, *where, *words]


def _server_env() -> dict[str, str]:
    # The doubly underlined names are Reflex's own: serve the build at hand and compile nothing.
    own = {"REFLEX_ENV_MODE": "prod", "__REFLEX_SKIP_COMPILE": "true", "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true"}
    return {**os.environ, **own}


def _watch(settings: Settings, children: list[Child], stopping: threading.Event) -> int:
    """Wait until told to stop or until the server is gone; start a simulator that died again."""
    deadline, announced = time.monotonic() + _START_WITHIN_S, False
    while not stopping.wait(_LOOK_EVERY_S if announced else 0.1):
        for child in children:
            code = child.exit_code()
            if code is None:
                continue
            _say(f"{child.name.capitalize()} ended by itself with code {code}.")
            if child.name == _SERVER:
                return 1
            # Not at once: one that cannot start would be started without end.
            stopping.wait(2)
            child.start()
        if not announced and (announced := _answers(settings)):
            _announce(settings)
        if not announced and time.monotonic() > deadline:
            _say(f"The server did not answer within {_START_WITHIN_S} seconds.")
            return 1
    return 0


def _answers(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - compared, not listened on
    try:
        with urllib.request.urlopen(f"http://{host}:{settings.port}/ping", timeout=1):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _announce(settings: Settings) -> None:
    _say(f"Ready. Open http://localhost:{settings.port}")
    if settings.demo:
        here = f"http://localhost:{settings.port}/kk"
        _say(f"The simulated phone: {here}/sim   a terminal: {here}/kiosk/almaty-01")
    _say("Stop with Ctrl-C.")


def _say(words: str) -> None:
    print(words, flush=True)
