"""The simulated population register as tests use it: a real process on a free port, and words to command it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from kaspi_web.kernel.keys import Keys
from kaspi_web.settings import ROOT

PERSON = {"given_name": "Айгүл", "family_name": "Нұрланова", "patronymic": "", "born_on": "1990-05-01"}
"""As tests/make/customers.py registers somebody."""
PHONE = "+77010000101"


class RegisterProcess:
    """A running simulator; `url` is its base address, `folder` holds its book and what it printed."""

    def __init__(self, url: str, secret: str, folder: Path, process: subprocess.Popen[str]) -> None:
        self.url, self.folder, self.process = url, folder, process
        self.http = httpx.Client(base_url=url, auth=("bank", secret), trust_env=False, timeout=10)

    def issue(self, reference: str = "r1", phone: str = PHONE, **changes: str) -> str:
        """Have a card issued; answers its IIN, as the person would read it."""
        given = {"reference": reference, "phone": phone} | PERSON | changes
        assert self.http.post("/people", json=given).status_code == 204
        return self.cards(phone)[0]["iin"]

    def cards(self, phone: str = PHONE) -> list[dict[str, str]]:
        """The cards of a number, newest first."""
        return self.http.post("/people/of-phone", json={"phone": phone}).raise_for_status().json()["people"]

    def fault(self, mode: str, **more: Any) -> None:
        """Plan a fault as docs/simulators.md has it."""
        self.http.post("/faults", json={"mode": mode} | more).raise_for_status()

    def clear(self) -> None:
        """Forget the fault."""
        self.http.delete("/faults").raise_for_status()


@contextmanager
def running_register(folder: Path, keys: Keys) -> Iterator[RegisterProcess]:
    """A register of its own that knows the bank with these keys, ended with SIGTERM."""
    secret = keys.secret("register", "bank")
    command = [sys.executable, "-m", "kaspi_web.simulators.register", "--port", "0", "--data-dir", str(folder)]
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "register.log").open("wb") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "REGISTER_SECRET": secret},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on "), (folder / "register.log").read_text()
        register = RegisterProcess(line.removeprefix("listening on ").strip(), secret, folder, process)
        try:
            yield register
        finally:
            register.http.close()
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
