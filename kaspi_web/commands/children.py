"""Processes that `run` starts and answers for: none outlives it, however it ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable

from kaspi_web.settings import ROOT

_GRACE_S = 10
_PR_SET_PDEATHSIG = 1


class Child:
    """One process under a plain name."""

    def __init__(self, name: str, words: list[str], env: dict[str, str]) -> None:
        self.name = name
        self._words, self._env = words, env
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a group of its own: Ctrl-C is for `run`, which then ends its children in order."""
        self._process = subprocess.Popen(
            self._words,
            cwd=ROOT,
            env=self._env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_follower(),
        )

    def exit_code(self) -> int | None:
        """The code it ended with; None while it runs."""
        assert self._process is not None, "started first"
        return self._process.poll()

    def ask_to_end(self) -> None:
        """Tell it to finish what it is doing."""
        self._signal(signal.SIGTERM)

    def end(self) -> None:
        """Wait until it has ended, by force if it takes too long; nothing of its group stays."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_S)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                # The group, since a server's worker must not outlive the server.
                os.killpg(self._process.pid, number)


def _follower() -> Callable[[], None] | None:
    """On Linux: have the kernel end the child when `run` itself is killed and can end nobody."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def follow() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return follow
