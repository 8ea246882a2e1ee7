"""The chain's head in a file of the data folder: where the chain ended when it was last written.

Whoever cuts off the end of the table of seals, or puts back an older copy of the database, does not have this
file. It is replaced whole, so a reader sees the old or the new head and never half of one.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

NAME = "seals.head"


class Head(NamedTuple):
    """A position of the chain, the digest there, and which key made it (`Keys.chain_name`)."""

    position: int
    digest: str
    key: str


class DamagedHead(Exception):
    """The head file is there and says nothing that can be read."""


def read_head(folder: Path) -> Head | None:
    """The head in `folder`, or None when no file is there; raises DamagedHead."""
    try:
        said = json.loads(folder.joinpath(NAME).read_bytes())
        return Head(int(said["position"]), str(said["digest"]), str(said["key"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedHead(f"{folder.joinpath(NAME)} cannot be read") from error


def write_head(folder: Path, head: Head) -> None:
    """Put the head into `folder`, durably, in one step."""
    handle, name = tempfile.mkstemp(prefix=f"{NAME}.", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(head._asdict()) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, folder.joinpath(NAME))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _keep_names(folder)


def _keep_names(folder: Path) -> None:
    """The new name is durable once the folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
