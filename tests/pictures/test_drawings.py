"""Drawings of goods: each kind in every view, and files that are never half written."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from kaspi_web.pictures import files, scenes
from kaspi_web.pictures.kinds import KINDS
from kaspi_web.pictures.paints import PAINTS


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_in_views_that_differ(kind: str):
    seen = {scenes.picture(KINDS[kind], 3, view, 120).convert("RGB").tobytes() for view in scenes.VIEWS}
    assert len(seen) == len(scenes.VIEWS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_fills_its_picture_and_stays_inside(kind: str):
    box = scenes._drawn(KINDS[kind], PAINTS[3], 200).getchannel("A").getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert right - left > 60
    assert bottom - top > 60
    assert top >= 6
    assert bottom <= 196


@pytest.mark.parametrize("kind", KINDS)
def test_a_colour_changes_what_is_seen(kind: str):
    red, blue = (ImageStat.Stat(files.drawn(f"{kind}-{paint}-1", 320)).mean for paint in (4, 3))
    assert red[0] > blue[0]
    assert blue[2] > red[2]


@pytest.mark.parametrize("width", files.WIDTHS)
def test_a_picture_is_a_webp_of_its_width(tmp_path: Path, width: int):
    body = files.webp(tmp_path, "kettle-4-2", width)
    with Image.open(io.BytesIO(body)) as image:
        assert (image.format, image.size) == ("WEBP", (width, width))
    assert len(body) < width * width / 8


def test_a_picture_is_drawn_once_and_then_read(tmp_path: Path):
    folder = tmp_path / "pictures"
    first = files.webp(folder, "ball-3-1", 320)
    (kept,) = folder.iterdir()
    kept.write_bytes(b"as it is in the file")
    assert first != files.webp(folder, "ball-3-1", 320) == b"as it is in the file"


def test_many_who_ask_at_once_get_the_same_whole_picture(tmp_path: Path):
    with ThreadPoolExecutor(8) as crowd:
        bodies = set(crowd.map(lambda _: files.webp(tmp_path, "sofa-5-1", 320), range(16)))
    assert len(bodies) == 1
    assert [file.name for file in tmp_path.iterdir()] == [f"sofa-5-1-320-{files.VERSION}.webp"]


@pytest.mark.parametrize(
    "name",
    ["", "phone", "phone-1", "phone-0-1", "phone-1-5", "phone-1-1-1", "nothing-1-1", "PHONE-1-1", "../phone-1-1"]
    + ["phone-1-1/..", "phone-1-1\n", "phone-1-１", "phone-1-1.webp", "x" * 5000 + "-1-1"],
)
def test_no_other_name_is_a_picture(name: str):
    assert not files.is_picture(name, 320)


def test_no_other_width_is_drawn():
    assert not any(files.is_picture("phone-1-1", width) for width in (0, 1, 319, 1281, 10_000, -320))
