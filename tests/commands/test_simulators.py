"""The programs that `run` starts beside the server: each on its own port and with its passwords; none outlives it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx
import pytest

from kaspi_web.commands import simulators
from kaspi_web.commands.children import Child
from kaspi_web.commands.run import run
from kaspi_web.gateways.register import Register
from kaspi_web.kernel.bank import Bank
from kaspi_web.settings import Settings
from tests.workers.loopback import free_port
from tests.workers.waiting import until


def settings_in(folder: Path, **changes: Any) -> Settings:
    """A demo with a free port for everything."""
    ports = {f"{each.package}_port": free_port() for each in simulators.SIMULATORS}
    return Settings(**({"data_dir": folder, "demo": True, "port": free_port()} | ports | changes))


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).status_code < 500
    except httpx.TransportError:
        return False


def end(children: list[Child]) -> None:
    for child in children:
        child.ask_to_end()
    for child in children:
        child.end()


def test_each_answers_on_its_port_until_it_is_ended(tmp_path: Path):
    settings = settings_in(tmp_path)
    children, ports = simulators.children(settings), [each.port(settings) for each in simulators.SIMULATORS]
    try:
        for child in children:
            child.start()
        asyncio.run(until(lambda: all(map(answers, ports)), seconds=30))
        assert [child.exit_code() for child in children] == [None] * len(children)
    finally:
        end(children)
    assert not [port for port in ports if answers(port)]


def test_the_register_takes_the_banks_password(bank: Bank):
    settings = settings_in(bank.settings.data_dir, database_url=bank.settings.database)
    (register,) = (
        child
        for each, child in zip(simulators.wanted(settings), simulators.children(settings), strict=True)
        if each.package == "register"
    )
    register.start()

    async def story(known: Bank) -> Any:
        await until(lambda: answers(settings.register_port), seconds=30)
        async with aclosing(Register(known)) as asked:
            return await asked.find("900101300007")

    try:
        known = Bank.open(settings)
        try:
            assert asyncio.run(story(known)) is None
        finally:
            known.close()
    finally:
        end([register])


def test_passwords_are_in_no_command_line(tmp_path: Path):
    settings = settings_in(tmp_path)
    for child, each in zip(simulators.children(settings), simulators.SIMULATORS, strict=True):
        secrets = [child._env[name] for name in each.secrets]
        assert not [secret for secret in secrets if secret in " ".join(child._words)]


def test_a_port_of_zero_and_the_end_of_demos_start_none(tmp_path: Path):
    none = {f"{each.package}_port": 0 for each in simulators.SIMULATORS}
    assert simulators.wanted(settings_in(tmp_path, **none)) == []
    assert simulators.wanted(settings_in(tmp_path, demo=False)) == []


@pytest.mark.parametrize("package", [each.package for each in simulators.SIMULATORS])
def test_a_port_that_is_taken_is_said_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], package: str
):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(settings_in(tmp_path, **{f"{package}_port": port})) == 1
    assert f"Port {port} is taken" in capsys.readouterr().err
