"""Every word that a screen asks for is in the catalogue, and every screen can be drawn in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.errors import DomainError
from kaspi_web.settings import ROOT, Settings
from kaspi_web.ui import sitemap

SPEAKING = [file for part in ("ui", "workers", "papers") for file in (ROOT / "kaspi_web" / part).rglob("*.py")]
KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")
AREAS = {path.stem for path in (ROOT / "kaspi_web" / "i18n" / "kk").glob("*.po")}


def _is_words(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "w"
    if isinstance(node, ast.Attribute):
        return _is_words(node.value) and node.attr == "count"
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "words"


def asked(file: Path) -> Iterator[tuple[str, int, str, bool]]:
    """Keys that a file asks for: file, line, key or its pattern, whether it is a pattern."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and _is_words(node.func) and node.args):
            continue
        for key in _options(node.args[0]):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield file.name, node.lineno, key.value, False
            elif isinstance(key, ast.JoinedStr):
                parts = [re.escape(v.value) if isinstance(v, ast.Constant) else "[A-Za-z0-9_-]+" for v in key.values]
                yield file.name, node.lineno, "".join(map(str, parts)), True


def _options(node: ast.expr) -> list[ast.expr]:
    return [*_options(node.body), *_options(node.orelse)] if isinstance(node, ast.IfExp) else [node]


ASKED = sorted({each for file in SPEAKING for each in asked(file)})


@pytest.mark.parametrize("locale", LOCALES)
def test_every_word_asked_for_by_its_key_is_there(locale: str):
    assert len(ASKED) > 100
    missing = [each for each in ASKED if not each[3] and not words(locale).has(each[2])]
    assert not missing


@pytest.mark.parametrize("locale", LOCALES)
def test_every_word_asked_for_by_a_pattern_has_some_key(locale: str):
    keys = words(locale).keys()
    assert not [each for each in ASKED if each[3] and not any(re.fullmatch(each[2], key) for key in keys)]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_that_looks_like_a_key_is_one(locale: str):
    found = [
        (file.name, node.lineno, node.value)
        for file in SPEAKING
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and KEY.fullmatch(node.value)
        and node.value.split(".")[0] in AREAS
    ]
    assert not [each for each in found if not words(locale).has(each[2]) and each[2] not in {"sms.sent"}]


def refusals(kind: type[DomainError]) -> set[type[DomainError]]:
    return {kind}.union(*(refusals(each) for each in kind.__subclasses__()))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_refusal_has_words(app: Any, locale: str):
    ours = {each for each in refusals(DomainError) if each.__module__.startswith("kaspi_web.")}
    # A code set by a parent only groups others; it may be raised by itself too, so it needs words like any.
    told = {each.code for each in ours if each not in (DomainError,)} - {"refused"}
    assert len(told) > 30
    assert not [code for code in sorted(told) if not words(locale).has(f"refusal.{code}")]


def test_no_word_waits_for_a_screen_that_is_gone():
    """A key that nobody asks for is dead weight in three languages."""
    sources = [file.read_text("utf-8") for file in (ROOT / "kaspi_web").rglob("*.py")]
    text = "\n".join(sources)
    quoted = set(re.findall(r"""["'][a-z_.0-9]+["']""", text))
    patterns = [re.compile(each[2]) for each in ASKED if each[3]]
    used_elsewhere = ("refusal.", "sms.")
    dead = [
        key
        for key in sorted(words("en").keys())
        if not key.startswith(used_elsewhere)
        and not {f'"{key}"', f"'{key}'"} & quoted
        and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert not dead


def drawn(locale: str, screen: sitemap.Screen) -> str:
    settings = Settings(demo=True, brand="Brand")
    counter: Any = SimpleNamespace(bank=SimpleNamespace(settings=settings))
    return str(sitemap._drawn(counter, screen, words(locale)).render())


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("screen", sitemap.screens(demo=True), ids=lambda screen: screen.path or "welcome")
def test_every_screen_is_drawn_in_every_language(app: Any, locale: str, screen: sitemap.Screen):
    text = drawn(locale, screen)
    assert len(text) > 500
    assert words(locale)(screen.title)
    assert "KeyError" not in text


def test_screens_of_demos_are_not_part_of_an_installation():
    paths = {screen.path for screen in sitemap.screens(demo=False)}
    assert not [path for path in paths if path.startswith(("/kiosk", "/sim"))]
    assert {screen.path for screen in sitemap.screens(demo=True)} > paths


def test_every_customers_page_loads_through_a_handler_that_asks_who_is_there():
    from kaspi_web.ui.doors import doors_of

    for screen in sitemap.SCREENS:
        if screen.frame == "customer" and screen.on_load is not None:
            assert doors_of(screen.on_load.fn) == frozenset(), screen.path


def links(component: Any) -> set[str]:
    """Addresses below a language that a drawn screen leads to."""
    return set(re.findall(r'(?:to|href)[^"]{0,12}\\?"/(?:kk|ru|en)(/[a-z0-9/_-]*)?\\?"', component))


def test_every_address_on_a_screen_leads_to_a_screen(app: Any):
    known = {screen.path for screen in sitemap.screens(demo=True)}
    found = {goal for screen in sitemap.screens(demo=True) for goal in links(drawn("en", screen))}
    assert found, "no links were found: the test looks for them in the wrong way"
    # What a page puts a name behind, as in "/shop/p/" + slug, leads on with any name.
    goals = {f"{goal}x" if goal.endswith("/") else goal for goal in found}
    patterns = [re.compile(re.sub(r"\\\[\w+\\\]", "[^/]+", re.escape(path))) for path in known]
    assert not [goal for goal in goals if not any(pattern.fullmatch(goal) for pattern in patterns)]


def test_every_address_that_is_announced_leads_to_a_screen():
    announced = re.findall(r"\{here\}(/[\w/-]+)", (ROOT / "kaspi_web" / "commands" / "run.py").read_text("utf-8"))
    announced += re.findall(r"localhost:\d+/(?:kk|ru|en)(/[\w/-]+)", (ROOT / "README.md").read_text("utf-8"))
    patterns = [re.compile(re.sub(r"\\\[\w+\\\]", "[^/]+", re.escape(s.path))) for s in sitemap.screens(demo=True)]
    assert announced
    assert not [goal for goal in announced if not any(pattern.fullmatch(goal) for pattern in patterns)]
