"""The real server as something that can be killed: gate, doors and workers, over data that outlives it.

The biller is another process, started by the test and never killed with the server. No front end is needed: what a
page would send goes over the real websocket (tests/wire.py).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from kaspi_web import demo_data
from kaspi_web.commands import run
from kaspi_web.kernel.bank import Bank
from kaspi_web.settings import ROOT, Settings
from tests.databases import open_bank
from tests.wire import Gone, Page
from tests.workers.loopback import free_port
from tests.workers.waiting import until

_START_WITHIN_S = 120.0
_DIES_WITHIN_S = 60.0
_NO_PAGES = {"__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "false"}


class EndedEarly(AssertionError):
    """The server has ended and not answered once: killed by a fault of its first second, or unable to start."""


class House:
    """One installation in `folder`, over the migrated database `url`; it is started again after every death."""

    def __init__(self, folder: Path, url: str, *, biller_url: str) -> None:
        self.settings = Settings(
            port=free_port(), data_dir=folder, database_url=url, demo=True, biller_url=biller_url, biller_timeout_s=20
        )
        self.url = f"http://127.0.0.1:{self.settings.port}"
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        with self.bank() as bank:
            demo_data.load(bank)

    def knows_processor(self, url: str) -> None:
        """Other banks' cards are charged there, from the next start on."""
        self.settings = replace(self.settings, processor_url=url)

    @contextmanager
    def bank(self) -> Iterator[Bank]:
        """The bank itself: to make what a story begins with, and to look at what became of it."""
        settings = self.settings
        outside = {"biller_url": settings.biller_url, "processor_url": settings.processor_url}
        with open_bank(settings.database, settings.data_dir, **outside) as opened:
            yield opened

    def start(self, faults: str = "") -> None:
        """Start the server, in a group of its own; pages that are opened wait until it answers."""
        assert self._process is None, "it runs already"
        here = self.settings
        env = run._server_env() | _NO_PAGES | self._env(faults)
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                run._server_words(here),
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _env(self, faults: str) -> dict[str, str]:
        here = self.settings
        return {
            "DEMO": "on",
            "PORT": str(here.port),
            "DATA_DIR": str(here.data_dir),
            "DATABASE_URL": here.database_url,
            "BILLER_URL": here.biller_url,
            "PROCESSOR_URL": here.processor_url,
            "BILLER_TIMEOUT_S": str(here.biller_timeout_s),
            "LOG_LEVEL": "WARNING",
            "FAULTS": faults,
        }

    async def page(self, path: str, cookie: str) -> Page:
        """A page of the server, as soon as it answers."""
        async with asyncio.timeout(_START_WITHIN_S):
            while True:
                assert self._process is not None, "started first"
                if self._process.poll() is not None:
                    raise EndedEarly(f"it ended instead of starting:\n{self.log()}")
                with suppress(Gone):
                    return await Page.open(self.url, path, cookie=cookie)
                await asyncio.sleep(0.05)

    @contextmanager
    def photograph(self) -> Iterator[Bank]:
        """The bank as a death left it, while the next life goes on: SQLite's files are copied, and never touched."""
        here = self.settings
        if not here.database.startswith("sqlite"):
            with self.bank() as bank:
                yield bank
            return
        with tempfile.TemporaryDirectory() as folder:
            for file in here.data_dir.glob("bank.db*"):
                if file.suffix != ".db-shm":
                    shutil.copyfile(file, Path(folder) / file.name)
            with open_bank(f"sqlite:///{folder}/bank.db", here.data_dir) as bank:
                yield bank

    def log(self) -> str:
        """The end of what all its lives have printed."""
        return self._log.read_text(errors="replace")[-8_000:]

    def kill(self) -> None:
        """SIGKILL to every process of the server at once; the biller lives on."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    async def dies(self) -> None:
        """Wait until the server has been killed by a planned fault."""
        process = self._process
        assert process is not None, "started first"
        try:
            await until(lambda: process.poll() is not None, seconds=_DIES_WITHIN_S)
        except TimeoutError:
            raise AssertionError(f"it did not die:\n{self.log()}") from None
        self.kill()

    def stop(self) -> None:
        """Ask the server to end, as Ctrl-C does, and wait until it has."""
        assert self._process is not None, "started first"
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)
        self._process = None
