"""The words of the command line and what each leads to."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from kaspi_web import settings
from kaspi_web.commands import audit, goods, migrate, reconcile, reset, run, services, settle
from kaspi_web.service_tables import BadServiceFile
from kaspi_web.settings import SettingError, Settings

_Word = Callable[[Settings, argparse.Namespace], int]


def main(words: list[str]) -> int:
    """Do what the words ask; answers the exit code."""
    asked = _parser().parse_args(words)
    deed: _Word = asked.deed
    try:
        return deed(settings.read(), asked)
    except SettingError as error:
        print(f"Cannot read the setting {error}.", file=sys.stderr)
        return 2
    except BadServiceFile as error:
        print(f"Cannot read the data file {error}.", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kaspi_web", description="The wallet; settings: docs/settings.md.")
    words = parser.add_subparsers(required=True, metavar="WORD")
    _word(words, "run", "migrate, build what changed, serve", lambda s, _: run.run(s))
    _word(words, "migrate", "bring the database to the newest shape", lambda s, _: migrate.migrate(s))
    _word(words, "check-migrations", "fail if a table has no migration", lambda s, _: migrate.check())
    _word(words, "audit", "check that every account agrees with its postings", lambda s, _: audit.audit(s))
    day = _word(words, "settle", "settle with billers for a day", lambda s, asked: settle.settle(s, asked.day))
    day.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD; yesterday in Kazakhstan if left out")
    _reconcile(words)
    load = _word(words, "services", "read services from data files", lambda s, asked: services.load(s, asked.folder))
    load.add_argument("folder", type=Path, nargs="?", help="folder of *.toml files; see docs/services.md if left out")
    many = _word(
        words, "goods", "bring the demo's shop to a number of goods", lambda s, asked: goods.load(s, asked.count)
    )
    many.add_argument("count", type=int, nargs="?", help="how many; 100000 for benchmarks; DEMO_GOODS if left out")
    sure = _word(words, "reset", "delete the databases of the data folder", lambda s, asked: reset.reset(s, asked.yes))
    sure.add_argument("--yes", action="store_true", help="really delete them")
    return parser


def _reconcile(words: argparse._SubParsersAction) -> None:
    does = "compare a day with billers' registries, or settle one payment by hand"
    parser = _word(words, "reconcile", does, _reconciled)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD; yesterday in Kazakhstan if left out")
    which.add_argument("--open", action="store_true", help="list the open differences and compare nothing")
    by_hand = "settle a payment that has an open difference: done or refused, as the biller has told the operator"
    which.add_argument("--settle", nargs=2, metavar=("TXN_ID", "WORD"), help=by_hand)


def _reconciled(settings: Settings, asked: argparse.Namespace) -> int:
    if asked.settle:
        return reconcile.settle(settings, *asked.settle)
    return reconcile.listed(settings) if asked.open else reconcile.reconcile(settings, asked.day)


def _word(words: argparse._SubParsersAction, name: str, does: str, deed: _Word) -> argparse.ArgumentParser:
    parser = words.add_parser(name, help=does, description=does)
    parser.set_defaults(deed=deed)
    return parser
