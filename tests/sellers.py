"""The simulated sellers as tests use them: a real process on a free port, and words to command it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from kaspi_web.settings import ROOT

SECRET = "the-banks-password-at-the-sellers"
QUICK = ("--look", "0.1", "--accept", "0.1", "--step", "0.1")


class SellersProcess:
    """Running sellers; `url` is their base address."""

    def __init__(self, url: str, secret: str, process: subprocess.Popen[str]) -> None:
        self.url, self.process = url, process
        self.http = httpx.Client(base_url=url, auth=("bank", secret), trust_env=False, timeout=15)

    def tell(self, deed: str, merchant: str, **words: str) -> httpx.Response:
        """Tell a seller to do something."""
        return self.http.post("/deeds", json={"deed": deed, "merchant": merchant} | words)

    def fault(self, mode: str, **more: Any) -> None:
        """Plan a fault as docs/simulators.md has it."""
        self.http.post("/faults", json={"mode": mode} | more).raise_for_status()


@contextmanager
def running_sellers(
    folder: Path, bank_url: str, tokens: Mapping[str, str], *, port: int = 0, secret: str = SECRET
) -> Iterator[SellersProcess]:
    """Sellers of these tokens who work for the bank there, ended with SIGTERM."""
    words = [sys.executable, "-m", "kaspi_web.simulators.merchant", "--port", str(port), "--bank-url", bank_url, *QUICK]
    folder.mkdir(parents=True, exist_ok=True)
    told = {"MERCHANT_SECRET": secret, "MERCHANT_TOKENS": json.dumps(dict(tokens))}
    with (
        (folder / "sellers.log").open("wb") as log,
        subprocess.Popen(
            words, cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on "), (folder / "sellers.log").read_text()
        running = SellersProcess(line.removeprefix("listening on ").strip(), secret, process)
        try:
            yield running
        finally:
            running.http.close()
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
