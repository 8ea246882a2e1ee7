from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from kaspi_web.kernel.database import open_engine
from kaspi_web.kernel.faults import Faults
from kaspi_web.kernel.serving import AlreadyServed, is_served, lock_path, serving_alone
from kaspi_web.settings import SettingError, Settings

_HOLDER = """
import sys, pathlib
from kaspi_web.kernel.serving import serving_alone
from kaspi_web.settings import Settings
with serving_alone(Settings(data_dir=pathlib.Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_errors_of_the_database_do_not_repeat_what_was_written(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path / 'bank.db'}")
    with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO nowhere VALUES (:secret)"), {"secret": "4711"})
    assert "4711" not in str(caught.value)
    engine.dispose()


def test_a_second_server_on_the_same_file_is_refused(tmp_path: Path):
    first = Settings(data_dir=tmp_path)
    second = Settings(data_dir=tmp_path / "other", database_url=f"sqlite:///{tmp_path / 'bank.db'}", port=4000)
    assert not is_served(first)
    with serving_alone(first):
        assert is_served(second)
        with pytest.raises(AlreadyServed), serving_alone(second):
            pass
    assert not is_served(second)


def test_servers_of_other_folders_do_not_mind(tmp_path: Path):
    with serving_alone(Settings(data_dir=tmp_path / "a")), serving_alone(Settings(data_dir=tmp_path / "b")):
        pass


def test_with_a_database_server_the_data_folder_is_locked(tmp_path: Path):
    settings = Settings(data_dir=tmp_path, database_url="postgresql+psycopg://bank:secret@db/bank")
    assert lock_path(settings) == tmp_path / "bank.lock"


def test_a_server_that_was_killed_holds_nothing(tmp_path: Path):
    words = [sys.executable, "-c", _HOLDER, str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert is_served(Settings(data_dir=tmp_path))
        holder.kill()
    assert not is_served(Settings(data_dir=tmp_path))


@pytest.mark.parametrize("text", ["x=explode", "x", "=kill", "x=kill,y"])
def test_a_fault_that_cannot_be_read_is_a_wrong_setting(text: str):
    with pytest.raises(SettingError, match="FAULTS"):
        Faults(text)
