"""What is written about the product says what is there: settings, commands, words of the Makefile, addresses."""

from __future__ import annotations

import re
from dataclasses import fields

from kaspi_web.commands import words
from kaspi_web.settings import ROOT, Settings

SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
_BEFORE, _, _COMMANDS = SETTINGS.partition("## Commands")


def _cells(text: str, column: int) -> list[str]:
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| `")]
    return [row[column].strip() for row in rows]


def test_every_setting_is_described_and_no_other():
    named = [cell.strip("`") for cell in _cells(_BEFORE, 0)]
    assert named == [field.name.upper() for field in fields(Settings)]


def test_every_setting_says_what_it_means():
    assert all(len(cell) >= 15 for cell in _cells(_BEFORE, 2))


def test_the_described_defaults_are_those_in_force():
    given = dict(zip(_cells(_BEFORE, 0), _cells(_BEFORE, 1), strict=True))
    usual = Settings()
    for name in ("port", "host", "brand", "biller_port", "trusted_proxy_hops", "log_level"):
        assert given[f"`{name.upper()}`"] == str(getattr(usual, name))


def test_every_command_is_described_and_no_other():
    (choices,) = (action.choices for action in words._parser()._actions if action.choices)
    described = {cell.strip("`").removeprefix("python -m kaspi_web ").split()[0] for cell in _cells(_COMMANDS, 0)}
    assert described == set(choices)


def test_the_module_itself_names_every_command():
    (choices,) = (action.choices for action in words._parser()._actions if action.choices)
    first_line = (ROOT / "kaspi_web" / "__main__.py").read_text(encoding="utf-8").splitlines()[0]
    assert set(re.findall(r"[a-z-]+", first_line.partition("kaspi_web ")[2])) == set(choices)


def make_words() -> set[str]:
    """The words of the Makefile that say what they do."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))


def test_every_word_of_the_makefile_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"run", "test", "check"} <= make_words()
    assert not [word for word in make_words() if f"make {word}" not in readme]


def test_the_readme_names_no_word_that_make_lacks():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\s*\$?\s*make ([a-z][a-z-]*)", readme, re.MULTILINE)) <= make_words()


def test_papers_link_to_files_that_are_there():
    papers = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    missing = [
        f"{paper.relative_to(ROOT)}: {goal}"
        for paper in papers
        if paper.exists()
        for goal in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", paper.read_text(encoding="utf-8"))
        if not (paper.parent / goal).exists()
    ]
    assert not missing


def test_every_paper_that_code_points_to_is_there():
    pointed = {
        (file.relative_to(ROOT).as_posix(), paper)
        for file in (ROOT / "kaspi_web").rglob("*.py")
        for paper in re.findall(r"docs/[a-z0-9_/-]+\.md", file.read_text(encoding="utf-8"))
    }
    assert not [each for each in pointed if not (ROOT / each[1]).exists()]


def test_every_file_that_code_points_to_is_there():
    sources = [ROOT / "rxconfig.py", *(ROOT / "kaspi_web").rglob("*.py")]
    missing = [
        f"{file.relative_to(ROOT)}: {goal}"
        for file in sources
        for goal in re.findall(r"\b((?:kaspi_web|assets|alembic)/[\w/]+\.(?:py|js|css))\b", file.read_text("utf-8"))
        if not (ROOT / goal).exists()
    ]
    assert not missing
