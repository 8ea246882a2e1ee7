"""The audit's third part: the chain of seals against the entries, its head file and the clock.

The chain is read in chunks, so a million entries take no more memory than some thousands. Every seal is
checked against the digest that is stored before it, so one rewritten entry is one fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import bindparam, text

from kaspi_web.domain.ledger.seal_head import NAME, DamagedHead, Head, read_head
from kaspi_web.domain.ledger.seals import FIRST, Link, texts_of
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit, prepared
from kaspi_web.kernel.keys import Keys
from kaspi_web.kernel.table import Moment

PATIENCE = timedelta(minutes=10)
"""How long, in real time, an entry may stay unsealed, and the first seal without a head file."""
NAMED = 20
"""How many faults of one sort are told by their places; the others are counted."""
CHUNK = 2_000

_CHUNK = prepared("SELECT position, entry_id, digest FROM seal WHERE position > ? ORDER BY position LIMIT ?")
_UNSEALED = text(
    "SELECT COUNT(*) AS entries, MIN(e.id) AS first FROM entry e LEFT JOIN seal s ON s.entry_id = e.id"
    " WHERE s.entry_id IS NULL AND e.written_at < :before"
).bindparams(bindparam("before", type_=Moment))
_HAS_BEGUN = text("SELECT COUNT(*) FROM seal WHERE position = 1 AND sealed_at >= :since").bindparams(
    bindparam("since", type_=Moment)
)


_START = Link(0, 0, FIRST)


@dataclass(frozen=True, slots=True)
class HeadFile:
    """The head file as it was before the audit began to read: what it says, or that it cannot be read."""

    head: Head | None
    is_damaged: bool = False

    @classmethod
    def of(cls, folder: Path) -> HeadFile:
        """The head file of a data folder; read first, for a worker writes it after the table."""
        try:
            return cls(read_head(folder))
        except DamagedHead:
            return cls(None, is_damaged=True)


@dataclass(slots=True)
class _Walk:
    """What a walk along the chain has seen so far."""

    keys: Keys
    head: Head | None
    last: Link = _START
    whole: int = 0
    head_digest: str | None = None
    broken: list[str] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)
    rewritten_in_all: int = 0

    def step(self, link: Link, canonical: str | None) -> None:
        """Check one seal against the one before it and its entry's text."""
        gap = link.position - self.last.position - 1
        if gap:
            # A digest holds only together with the one before it, which is gone.
            _name(self.broken, f"{_gap(self.last.position, link)}, so entry {link.entry_id} cannot be checked")
        if canonical is None:
            _name(self.broken, f"entry {link.entry_id}: was sealed and is gone (seal {link.position})")
        elif not gap:
            self._compare(link, canonical)
        if self.head and link.position == self.head.position:
            self.head_digest = link.digest
        self.last = link

    def _compare(self, link: Link, canonical: str) -> None:
        if self.keys.link(self.last.digest, canonical) == link.digest:
            self.whole += 1
            return
        self.rewritten_in_all += 1
        _name(self.rewritten, f"entry {link.entry_id}: is not what was sealed (seal {link.position})")

    def faults(self) -> list[str]:
        """What is off along the chain; under a wrong key nothing matches, which is one fault and not thousands."""
        another = self.head is not None and self.head.key != self.keys.chain_name()
        if self.rewritten_in_all > (0 if another else 1) and not self.whole:
            why = "another SEAL_KEY than they were made under" if another else "another SEAL_KEY, or all was rewritten"
            return [f"seals: none of {self.rewritten_in_all} matches its entry: {why}", *self.broken]
        more = self.rewritten_in_all - len(self.rewritten)
        return [
            *self.rewritten,
            *([f"seals: {more} more entries are not what was sealed"] if more else []),
            *self.broken,
        ]


def _name(faults: list[str], fault: str) -> None:
    if len(faults) < NAMED:
        faults.append(fault)


def _gap(last: int, link: Link) -> str:
    first, end = last + 1, link.position - 1
    return f"seal {first}: is missing" if first == end else f"seals {first} to {end}: are missing"


def faults_of_seals(unit: Unit, file: HeadFile) -> list[str]:
    """What is off with the seals; `file` was read before this unit began."""
    walk = _Walk(unit.keys, file.head)
    for link, canonical in _walked(unit):
        walk.step(link, canonical)
    return [*walk.faults(), *_faults_of_head(unit, walk, file), *_unsealed(unit)]


def _walked(unit: Unit) -> Iterator[tuple[Link, str | None]]:
    after = 0
    while links := [Link(*row) for row in unit.run(_CHUNK, after, CHUNK)]:
        texts = texts_of(unit, [link.entry_id for link in links])
        yield from ((link, texts.get(link.entry_id)) for link in links)
        after = links[-1].position


def _faults_of_head(unit: Unit, walk: _Walk, file: HeadFile) -> list[str]:
    """A head that is behind is a crash between commit and file; one that the table lacks is a table cut off.

    No file at all is a fault once there are seals: without it a cut would not show, and nobody with the database
    alone could have removed it. Only the very first seal may wait for its file for some minutes, after a crash.
    """
    head, end = file.head, walk.last.position
    if file.is_damaged:
        return [f"seals: the file {NAME} cannot be read"]
    if head is None:
        if not end or unit.sql(_HAS_BEGUN, since=real_now() - PATIENCE).scalar_one():
            return []
        return [f"seals: the file {NAME} is missing, so a chain that was cut off would not show"]
    if head.position > end:
        return [f"seals: {NAME} tells of seal {head.position}, the table ends with {end}: its end was cut off"]
    if walk.head_digest != head.digest:
        return [f"seal {head.position}: has another digest than {NAME} tells"]
    return []


def _unsealed(unit: Unit) -> list[str]:
    row = unit.sql(_UNSEALED, before=real_now() - PATIENCE).one()
    if not row.entries:
        return []
    minutes = int(PATIENCE.total_seconds()) // 60
    return [f"seals: {row.entries} entries unsealed for longer than {minutes} minutes, the first is entry {row.first}"]
