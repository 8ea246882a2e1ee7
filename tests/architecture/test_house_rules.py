"""House rules that import-linter cannot say: sizes, words out of code, styles of our own."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kaspi_web.settings import ROOT

CODE = ROOT / "kaspi_web"
FILES = sorted(CODE.rglob("*.py"))
MAX_LINES = 300
CYRILLIC = re.compile("[\u0400-\u04ff]")
MAY_HOLD_CYRILLIC = {
    "demo_data.py": "names of billers and terminals in three languages are data",
    "domain/customers/passwords.py": "words that no password may be made of",
    "domain/catalogue/letters.py": "letters and endings by which words are compared are data",
    "i18n/format.py": "marks of a year inside patterns of dates",
}
"""Anything else on screen or in an SMS belongs into the catalogue; simulators are the outside, with their own words."""


def name(file: Path) -> str:
    return file.relative_to(CODE).as_posix()


def test_no_file_is_longer_than_three_hundred_lines():
    assert not [name(file) for file in FILES if len(file.read_text("utf-8").splitlines()) > MAX_LINES]


def test_alembic_is_no_package_that_would_hide_the_library():
    assert not list((ROOT / "alembic").rglob("__init__.py"))


def test_imports_run_downhill_only():
    script = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([script, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def _docstrings(tree: ast.AST) -> set[int]:
    """Constants that are docstrings, also those under an attribute."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _texts(file: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(file.read_text("utf-8"))
    said = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def test_no_russian_or_kazakh_stands_in_code():
    found = [
        f"{name(file)}:{line} {text!r}"
        for file in FILES
        if name(file) not in MAY_HOLD_CYRILLIC and not name(file).startswith("simulators/")
        for line, text in _texts(file)
        if CYRILLIC.search(text.replace("№", ""))
    ]
    assert not found


def test_exceptions_to_that_are_still_needed():
    assert all(any(CYRILLIC.search(text) for _, text in _texts(CODE / each)) for each in MAY_HOLD_CYRILLIC)


def test_only_settings_read_the_environment():
    own = {name(file) for file in FILES if file.match("simulators/*/__main__.py")}
    readers = {name(file) for file in FILES if re.search(r"os\.(environ|getenv)", file.read_text("utf-8"))} - {
        # Programs of their own, which know nothing of the bank's settings.
        *own,
        "commands/run.py",
        "commands/frontend.py",
        "commands/children.py",
        "commands/simulators.py",
    }
    assert readers <= {"settings.py"}, "commands pass the environment on to their children and read nothing in it"


def test_money_is_never_a_float():
    found = [
        f"{name(file)}:{node.lineno}"
        for file in FILES
        if name(file).startswith(("domain/", "kernel/money"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float")
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
    ]
    assert not found


def test_services_never_commit():
    others = [file for file in FILES if not name(file).startswith(("kernel/", "simulators/"))]
    assert not [name(file) for file in others if ".commit(" in file.read_text("utf-8")]


def test_units_of_work_know_no_files_no_network_and_no_slow_hashing():
    units = [file for file in FILES if re.search(r"\bunit: Unit\b", file.read_text("utf-8"))]
    written = [file for file in units if name(file).startswith("domain/") and "audit" not in name(file)]
    assert len(written) > 10
    slow = re.compile(r"^\s*(?:import|from) (?:os|pathlib|shutil|time|asyncio|httpx|socket|subprocess|passlib)\b", re.M)
    assert not [name(file) for file in written if slow.search(file.read_text("utf-8"))]


def test_pages_never_ask_services():
    pages = [file for file in FILES if name(file).startswith("ui/") and file.name.endswith("page.py")]
    assert pages
    found = [
        name(file) for file in pages if re.search(r"kaspi_web\.(domain|gateways|workers)", file.read_text("utf-8"))
    ]
    assert not found


SHARED = {"components", "sim"}
"""Folders of ui that are no screens of their own; `sim` is the phone, which stands beside every screen of a demo."""


def _of_ui(file: Path) -> Iterator[str]:
    """The folders and modules of ui that a file imports."""
    for line in file.read_text("utf-8").splitlines():
        if said := re.match(r"\s*(?:from|import) kaspi_web\.ui(?:\.(\w+)| import (.+))", line):
            yield from [said[1]] if said[1] else re.findall(r"\w+", said[2])


def test_screens_never_import_one_another():
    screens = {each.name for each in (CODE / "ui").iterdir() if (each / "__init__.py").exists()}
    assert screens >= SHARED | {"history", "payments"}
    found = [
        f"{name(file)} imports {other}"
        for file in FILES
        if name(file).startswith("ui/") and file.parent.name in screens - SHARED
        for other in _of_ui(file)
        if other in screens - SHARED - {file.parent.name}
    ]
    assert not found, "what two screens share is a component, or a module of ui itself"


@pytest.mark.parametrize("sheet", sorted((ROOT / "assets" / "styles").glob("*.css")), ids=lambda file: file.name)
def test_styles_are_our_own(sheet: Path):
    text = sheet.read_text("utf-8")
    assert ".rt-" not in text
    assert not re.findall(r"url\(['\"]?(?:https?:)?//", text), "nothing is fetched from elsewhere"
    assert "@import" not in text


def test_scripts_fetch_nothing_from_elsewhere_and_run_no_text():
    for script in (ROOT / "assets" / "js").glob("*.js"):
        text = script.read_text("utf-8")
        assert not re.search(r"https?://(?!localhost|www\.w3\.org)|\beval\(|new Function|innerHTML\s*=", text), (
            script.name
        )


def test_no_file_of_the_product_may_be_run_by_everybody():
    assert not [name(file) for file in FILES if os.access(file, os.X_OK) and file.stat().st_mode & 0o002]
