"""Files of pictures: drawn when first asked for, kept for good, and never half written.

A picture's name is `kind-colour-view`; there are finitely many, so that nobody can fill the disk by asking.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from PIL import Image

from kaspi_web.pictures import scenes
from kaspi_web.pictures.kinds import KINDS
from kaspi_web.pictures.paints import PAINTS

WIDTHS = (320, 640, 1280)
VERSION = 1
"""Of the drawings: another one makes other files, and what browsers keep is asked for by another tag."""
_NAME = re.compile(r"([a-z_]{2,20})-([1-9])-([1-4])", re.ASCII)
_LARGER = 2
_QUALITY = 84


def name_of(kind: str, colour: int, view: int) -> str:
    """The name of a drawing; the kind, colour and view must be ones that there are."""
    assert kind in KINDS, kind
    assert colour in PAINTS, colour
    assert view in scenes.VIEWS, view
    return f"{kind}-{colour}-{view}"


def is_picture(name: str, width: int) -> bool:
    """Whether there is such a drawing in this width."""
    found = _NAME.fullmatch(name)
    return found is not None and found[1] in KINDS and width in WIDTHS


def tag_of(name: str, width: int) -> str:
    """What tells one state of a picture from another."""
    return f'"{name}-{width}-{VERSION}"'


def webp(folder: Path, name: str, width: int) -> bytes:
    """The picture as WebP, drawn now unless it is in `folder`; `is_picture` comes first. Slow: for a thread."""
    path = folder / f"{name}-{width}-{VERSION}.webp"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        _write(path, drawn(name, width))
        return path.read_bytes()


def drawn(name: str, width: int) -> Image.Image:
    """The picture itself, drawn larger and scaled down so that its edges are smooth."""
    found = _NAME.fullmatch(name)
    assert found is not None, name
    large = scenes.picture(KINDS[found[1]], int(found[2]), int(found[3]), width * _LARGER)
    return large.convert("RGB").reduce(_LARGER)


def _write(path: Path, image: Image.Image) -> None:
    # Two may draw the same picture at once: each writes a file of its own, and the name changes hands in one step.
    handle, half = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            image.save(file, "WEBP", quality=_QUALITY, method=4)
        os.replace(half, path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
