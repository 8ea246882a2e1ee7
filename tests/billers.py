"""The simulated billers as tests use them: a real process on a free port, and words to command it."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
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

    def set_fault(self, mode: str, *, biller: str = "almaty-energo", **more: Any) -> None:
        """Plan a fault: times, seconds, account and command as docs/simulators.md has them."""
        self.http.post(f"/faults/{biller}", json={"mode": mode} | more).raise_for_status()

    def clear(self, biller: str = "") -> None:
        """Forget the faults of one biller, or of all."""
        for code in [biller] if biller else BILLERS:
            self.http.delete(f"/faults/{code}").raise_for_status()

    def reset(self) -> None:
        """Forget faults and payments of every biller."""
        for code in BILLERS:
            self.http.delete(f"/registry/{code}").raise_for_status()

    def registry(self, biller: str, day: date) -> list[dict[str, str]]:
        """The day's payments: txn_id, account, sum, txn_date, prv_txn, state."""
        response = self.http.get(f"/registry/{biller}", params={"day": day.isoformat()}).raise_for_status()
        return list(csv.DictReader(response.text.splitlines()))


@contextmanager
def running_biller(data_dir: Path) -> Iterator[BillerProcess]:
    """A simulator of its own over `data_dir`, ended with SIGTERM."""
    command = [sys.executable, "-m", "kaspi_web.simulators.biller", "--port", "0", "--data-dir", str(data_dir)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
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
