"""The product as a process: started by the very command of `make run`, looked into, killed and started again."""

from __future__ import annotations

import csv
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from kaspi_web.commands import run
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.settings import ROOT, read

BILLER = "almaty-energo"
# The first start may have to build the front end.
_START_WITHIN_S = 300


def free_port() -> int:
    """A port that nobody has right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One installation in a folder of its own; it may be started more than once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.biller_port = folder, free_port(), free_port()
        self.register_port, self.processor_port, self.merchant_port = free_port(), free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        self._log = folder / "run.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._biller = httpx.Client(base_url=f"http://127.0.0.1:{self.biller_port}", trust_env=False, timeout=10)

    def start(self, **settings: str) -> None:
        """Start it with the command of `make run` and wait until it says that it is ready."""
        self._run([sys.executable, "-m", "kaspi_web", "run"], self._env(settings), lambda: "Ready." in self.log())

    def serve_the_build_at_hand(self, **settings: str) -> None:
        """Start its server alone, with the words that `run` has for it, over whatever front end is built."""
        env = self._env(settings)
        subprocess.run(
            [sys.executable, "-m", "kaspi_web", "migrate"], cwd=ROOT, env=env, check=True, capture_output=True
        )
        self._run(run._server_words(read(env)), run._server_env() | env, self._answers)

    def _env(self, settings: dict[str, str]) -> dict[str, str]:
        ports = {"PORT": str(self.port), "BILLER_PORT": str(self.biller_port)}
        ports |= {"REGISTER_PORT": str(self.register_port), "PROCESSOR_PORT": str(self.processor_port)}
        ports |= {"MERCHANT_PORT": str(self.merchant_port)}
        return {**os.environ, "DEMO": "on", "DATA_DIR": str(self.folder), "DEMO_GOODS": "300", **ports, **settings}

    def _run(self, words: list[str], env: dict[str, str], is_ready: Callable[[], bool]) -> None:
        with self._log.open("wb") as out:
            self._process = subprocess.Popen(
                words, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + _START_WITHIN_S
        while not is_ready():
            assert self._process.poll() is None, f"it ended instead of starting:\n{self.log()}"
            assert time.monotonic() < deadline, f"it did not start:\n{self.log()}"
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/ping", trust_env=False).is_success
        except httpx.TransportError:
            return False

    def log(self) -> str:
        """What it has printed since its last start."""
        return self._log.read_text(errors="replace")

    def stop(self) -> None:
        """Ask it to end, as Ctrl-C does."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        self.wait_for_end()

    def wait_for_end(self) -> None:
        """Wait until it has ended, whyever; by force if it does not."""
        if self._process is None:
            return
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        finally:
            self._process = None

    def close(self) -> None:
        """Stop it for good."""
        try:
            self.stop()
        finally:
            self._biller.close()

    # --- what is in it

    def sql(self, statement: str, *params: Any, of: str = "bank.db") -> list[tuple[Any, ...]]:
        """Run one statement on the bank's database, or another of the folder."""
        with closing(sqlite3.connect(self.folder / of, timeout=10)) as connection:
            rows = connection.execute(statement, params).fetchall()
            connection.commit()
            return rows

    def payments(self, phone: str) -> list[tuple[str, str, int]]:
        """The bill payments of a number: account, state, sum in tiyn."""
        return self.sql(
            "SELECT p.account, p.state, p.amount_tiyn FROM bill_payment p JOIN customer c ON c.id = p.customer_id"
            " WHERE c.phone = ? ORDER BY p.id",
            f"+7{phone}",
        )

    def registry(self, account: str, biller: str = BILLER) -> list[tuple[str, str]]:
        """What the biller's own book of today says of an account: sum and state of each payment."""
        day = datetime.now(ALMATY).date().isoformat()
        answer = self._biller.get(f"/registry/{biller}", params={"day": day}).raise_for_status()
        rows = csv.DictReader(answer.text.splitlines())
        return [(row["sum"], row["state"]) for row in rows if row["account"] == account]

    def audit(self) -> str:
        """What `python -m kaspi_web audit` prints; its last line is `clean` or not."""
        words = [sys.executable, "-m", "kaspi_web", "audit"]
        env = {**os.environ, "DATA_DIR": str(self.folder), "DEMO": "on"}
        return subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False).stdout.strip()

    def hurry(self, phone: str) -> None:
        """Have the biller asked at once, and again, for what a number has under way, until it is through."""
        mine = "customer_id IN (SELECT id FROM customer WHERE phone = ?) AND state = 'on_way'"
        deadline = time.monotonic() + 20
        while self.sql(f"SELECT 1 FROM bill_payment WHERE {mine}", f"+7{phone}"):
            assert time.monotonic() < deadline, "the payment stays on its way"
            self.sql(f"UPDATE bill_payment SET due_at = started_at WHERE {mine}", f"+7{phone}")
            time.sleep(0.3)

    def first_day(self) -> None:
        """Make the billers as they were on their first day: debts unpaid, no faults. Test cards are nobody's."""
        self._biller.delete("/registry").raise_for_status()
        self.sql("UPDATE card SET unlinked_at = linked_at WHERE kind = 'bank' AND unlinked_at IS NULL")

    @contextmanager
    def fault(self, mode: str, **more: Any) -> Iterator[None]:
        """A fault of the biller (docs/simulators.md) for as long as the block lasts."""
        self._biller.post(f"/faults/{BILLER}", json={"mode": mode, **more}).raise_for_status()
        try:
            yield
        finally:
            self._biller.delete(f"/faults/{BILLER}").raise_for_status()
