"""What makes the wallet an app: the manifest, the icons, the page without a connection, and what its worker keeps."""

import json
import re
import struct

import pytest
from fontTools.ttLib import TTFont

from kaspi_web.i18n import LOCALES
from kaspi_web.settings import ROOT
from kaspi_web.ui import sitemap, theme

ASSETS = ROOT / "assets"
MANIFEST = json.loads((ASSETS / "manifest.webmanifest").read_text("utf-8"))
WORKER = (ASSETS / "sw.js").read_text("utf-8")
OFFLINE = (ASSETS / "offline.html").read_text("utf-8")


def size_of(path):
    """Width and height of a PNG, from its head."""
    head = (ASSETS / path.lstrip("/")).read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:24])


def test_the_manifest_says_what_an_app_needs():
    needed = {"id", "name", "short_name", "lang", "start_url", "scope", "display", "theme_color", "background_color"}
    assert needed <= set(MANIFEST)
    assert (MANIFEST["display"], MANIFEST["scope"]) == ("standalone", "/")
    assert not MANIFEST.get("prefer_related_applications")


def test_every_icon_has_the_size_that_it_claims():
    icons = [*MANIFEST["icons"], *(icon for each in MANIFEST["shortcuts"] for icon in each["icons"])]
    for icon in icons:
        assert "x".join(map(str, size_of(icon["src"]))) == icon["sizes"], icon["src"]
    claimed = {(icon["sizes"], icon["purpose"]) for icon in MANIFEST["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= claimed
    assert size_of("/icons/apple-touch-icon.png") == (180, 180)


def test_shortcuts_lead_to_screens():
    paths = {f"/{MANIFEST['lang']}{screen.path}" for screen in sitemap.screens(demo=False)}
    assert {each["url"] for each in MANIFEST["shortcuts"]} == {"/kk/topup", "/kk/payments"}
    assert {each["url"] for each in MANIFEST["shortcuts"]} <= paths


def test_every_page_names_the_manifest_the_icons_and_the_script_that_registers_the_worker():
    head = json.dumps([each.render() for each in theme.head()], default=str)
    for needed in ("/manifest.webmanifest", "/icons/apple-touch-icon.png", "/js/pwa.js"):
        assert needed in head
        assert (ASSETS / needed.lstrip("/")).exists()


def kept_at_once():
    inside = re.search(r"const NEEDED = \[(.*?)\];", WORKER, re.DOTALL)[1]
    return ["/offline.html", *re.findall(r'"(/[^"]+)"', inside)]


def test_what_the_worker_keeps_at_once_is_there_and_is_all_that_the_page_without_a_connection_needs():
    kept = kept_at_once()
    assert not [path for path in kept if not (ASSETS / path.lstrip("/")).exists()]
    assert set(re.findall(r'(?:href|src)="(/[^"]+)"', OFFLINE)) <= set(kept)


def test_the_worker_keeps_no_page_and_answers_no_endpoint():
    assert "const KEPT = /^\\/(assets|fonts|icons)\\//;" in WORKER
    assert [path for path in kept_at_once() if path.endswith(".html")] == ["/offline.html"]
    assert 'request.method !== "GET"' in WORKER
    assert "_event" not in WORKER


def test_the_page_without_a_connection_runs_nothing_inline_and_speaks_every_language():
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=", OFFLINE)
    assert re.findall(r'<div class="stack" lang="(\w+)">', OFFLINE) == list(LOCALES)
    assert OFFLINE.count("<h1>") == OFFLINE.count("<button") == len(LOCALES)


@pytest.mark.parametrize("text", [OFFLINE, json.dumps(MANIFEST, ensure_ascii=False)], ids=["offline", "manifest"])
def test_every_letter_of_it_is_drawn(text):
    fonts = sorted((ASSETS / "fonts").glob("*.woff2"))
    drawn = {chr(point) for path in fonts for point in TTFont(path).getBestCmap()}
    assert sorted(set(text) - drawn - {"\n"}) == []
