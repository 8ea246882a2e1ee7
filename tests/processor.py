"""The simulated card processor as tests use it: a real process on a free port, and a carrier that keeps its texts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from kaspi_web.kernel.keys import Keys
from kaspi_web.settings import ROOT

OK, MASTERCARD, RICH = "4242424242424242", "5555555555554444", "4000000000000077"
LINK_REFUSED, CHARGE_REFUSED = "4000000000000002", "4000000000000341"
POOR, SILENT_ONCE = "4000000000009995", "4000000000000119"
UNKNOWN = "4111111111111111"
"""Passes Luhn, and is no card of the simulated world."""
CVC, EXPIRY = "123", "12/30"
_WITHIN_S = 10.0
_MASTER = b"the master key that tests share."
KEYS = Keys(_MASTER)
"""Those of every bank that a processor shared by many tests answers to."""


def share_keys(folder: Path) -> Keys:
    """Give a bank whose keys will lie in `folder` the shared ones, before it is opened."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "master.key"
    assert not path.exists() or path.read_text() == _MASTER.hex(), "the bank was opened before"
    path.write_text(_MASTER.hex())
    return KEYS


class FakeCarrier:
    """Takes texts as the bank's own door does, and keeps them by phone."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        carrier = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                carrier.texts.setdefault(said["phone"], []).append(said["text"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


class ProcessorProcess:
    """A running processor; `url` is its base address, without a slash at the end."""

    def __init__(self, url: str, secret: str, process: subprocess.Popen[str], carrier: FakeCarrier) -> None:
        self.url, self.process, self.carrier = url, process, carrier
        self.http = httpx.Client(base_url=url, auth=("bank", secret), trust_env=False, timeout=10)

    def text(self, phone: str, *, after: int = 0) -> str:
        """The last text to a phone, once there are more than `after`."""
        deadline = time.monotonic() + _WITHIN_S
        while len(self.carrier.texts.get(phone, [])) <= after:
            assert time.monotonic() < deadline, "no text came"
            time.sleep(0.02)
        return self.carrier.texts[phone][-1]

    def code(self, phone: str, *, after: int = 0) -> str:
        """The code in the last text to a phone."""
        return re.findall(r"\d{6}", self.text(phone, after=after))[0]

    def texts(self, phone: str) -> int:
        """How many texts the phone has."""
        return len(self.carrier.texts.get(phone, []))

    def balance(self, last4: str) -> str:
        """What is on a test card now."""
        return next(card["balance"] for card in self.http.get("/cards").json() if card["last4"] == last4)

    def set_fault(self, mode: str, **more: Any) -> None:
        """Plan a fault: deed, times and seconds as docs/simulators.md has them."""
        self.http.post("/faults", json={"mode": mode} | more).raise_for_status()

    def clear(self) -> None:
        """Forget the faults."""
        self.http.delete("/faults").raise_for_status()

    def reset(self) -> None:
        """Forget everything."""
        self.http.delete("/cards").raise_for_status()
        self.carrier.texts.clear()


@contextmanager
def running_processor(data_dir: Path, *, bank_url: str = "", keys: Keys = KEYS) -> Iterator[ProcessorProcess]:
    """A processor of its own over `data_dir` that knows the bank with these keys, ended with SIGTERM.

    It texts by the bank's door, or to a fake.
    """
    carrier = FakeCarrier()
    where = ["--port", "0", "--data-dir", str(data_dir), "--bank-url", bank_url or carrier.url]
    command = [sys.executable, "-m", "kaspi_web.simulators.processor", *where]
    secret = keys.secret("processor", "bank")
    env = os.environ | {"CARRIER_SECRET": keys.secret("carrier", "processor"), "PROCESSOR_SECRET": secret}
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on "), f"the processor did not start: {line!r}"
        running = ProcessorProcess(line.removeprefix("listening on ").strip(), secret, process, carrier)
        try:
            yield running
        finally:
            running.http.close()
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
            carrier.close()
