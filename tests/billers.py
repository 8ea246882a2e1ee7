"""The simulated billers as tests use them: a real process on a free port, and words to command it."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from kaspi_web.settings import ROOT

BILLERS = ("almaty-energo", "astana-energo")


class BillerProcess:
    """A running simulator; `url` is its base address, without a slash at the end."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url, self.process = url, process
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=10)

    def door(self, biller: str = "almaty-energo") -> str:
        """The address of a biller's check/pay."""
        return f"{self.url}/osmp/{biller}"

    def desk(self, biller: str) -> str:
        """The address of a biller's check/pay in the bank's own dialect."""
        return f"{self.url}/kaspi/{biller}"

    def set_fault(self, mode: str, *, biller: str = "almaty-energo", **more: Any) -> None:
        """Plan a fault: times, seconds, account and command as docs/simulators.md has them."""
        self.http.post(f"/faults/{biller}", json={"mode": mode} | more).raise_for_status()

    def clear(self, biller: str = "") -> None:
        """Forget the faults of one biller, or of all."""
        for code in [biller] if biller else BILLERS:
            self.http.delete(f"/faults/{code}").raise_for_status()

    def reset(self) -> None:
        """Forget faults and payments of every biller."""
        self.http.delete("/registry").raise_for_status()

    def cancel(self, biller: str, txn_id: int, **more: Any) -> dict[str, Any]:
        """Let the biller give a payment back, or a `sum` of it; what the bank said."""
        response = self.http.post(f"/cancel/{biller}", json={"txn_id": txn_id} | more).raise_for_status()
        return response.json()

    def registry(self, biller: str, day: date) -> list[dict[str, str]]:
        """The day's payments: txn_id, account, sum, txn_date, prv_txn, state, cancelled."""
        response = self.http.get(f"/registry/{biller}", params={"day": day.isoformat()}).raise_for_status()
        return list(csv.DictReader(response.text.splitlines()))


@contextmanager
def running_biller(
    data_dir: Path, *, services: Sequence[Path] = (), bank_url: str = "", bank_secret: str = ""
) -> Iterator[BillerProcess]:
    """A simulator of its own over `data_dir`, ended with SIGTERM; it plays the shipped services if none are given.

    `bank_url` and `bank_secret` are for the cancellations that it sends.
    """
    command = [sys.executable, "-m", "kaspi_web.simulators.biller", "--port", "0", "--data-dir", str(data_dir)]
    command += [word for folder in services for word in ("--services", str(folder))]
    command += ["--bank-url", bank_url] if bank_url else []
    env = {**os.environ, "BILLER_BANK_SECRET": bank_secret}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on "), f"the simulator did not start: {line!r}"
        biller = BillerProcess(line.removeprefix("listening on ").strip(), process)
        try:
            yield biller
        finally:
            biller.http.close()
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
