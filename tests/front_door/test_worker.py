"""The service worker as the front door hands it out: with the name of the build, and never kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.front_door.helpers import Browser, make_browser, make_build


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build = make_build(tmp_path)
    (build / "sw.js").write_text('const BUILD = "BUILD";')
    return build


def worker(folder: Path) -> str:
    return make_browser(folder).get("/sw.js").text


def test_the_worker_is_asked_for_anew_each_time_and_runs_as_a_script(folder: Path):
    answer = make_browser(folder).get("/sw.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "set-cookie" not in answer.headers


def test_the_same_build_has_the_same_worker_and_another_build_another(folder: Path):
    first = worker(folder)
    assert 'BUILD = "BUILD"' not in first
    assert worker(folder) == first
    (folder / "assets" / "root-abc.js").write_text("export default 1")
    assert worker(folder) != first


def test_a_change_of_what_is_not_hashed_is_another_worker_too(folder: Path):
    (folder / "offline.html").write_text("one")
    first = worker(folder)
    (folder / "offline.html").write_text("two")
    assert worker(folder) != first


def test_without_a_build_there_is_no_worker(tmp_path: Path):
    browser: Browser = make_browser(make_build(tmp_path))
    assert browser.get("/sw.js").status_code == 404


def test_pages_may_have_our_worker_and_our_manifest_only(folder: Path):
    policy = make_browser(folder).get("/kk/login").headers["content-security-policy"]
    assert "worker-src 'self';" in policy
    assert "manifest-src 'self';" in policy
