"""Seals: a chain of keyed digests over the committed entries, so that a change behind the ledger's back shows.

    digest = HMAC-SHA256(key, previous digest + canonical text of the entry)

The previous digest of the first seal is FIRST. The canonical text is a compact JSON array of every column of
the entry, and then, by their ids, its postings with debit account, credit account and amount; an account is
its id and `kind:owner`. Moments are written the way that SQLite keeps them, so both databases give one text.

Payments know nothing of this: nothing here locks a row that they change, and an entry is sealed after its
commit. Digests are made between two units, a read and a short write, never inside a write.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from kaspi_web.domain.ledger.seal_head import Head
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Prepared, Unit, prepared
from kaspi_web.kernel.keys import Keys

FIRST = "the first seal of this ledger"
MOST_AT_ONCE = 250
"""Few enough that the unit that writes them is over in some milliseconds: payments stand in the same queue."""
NEAR = 10_000
"""How far below the newest sealed entry a near look goes: later commits with smaller ids than that are rare."""

_LAST = prepared("SELECT position, digest FROM seal ORDER BY position DESC LIMIT 1")
_LAST_LINKS = prepared("SELECT position, entry_id, digest FROM seal ORDER BY position DESC LIMIT 100")
_DIGEST = prepared("SELECT digest FROM seal WHERE position = ?")
_NEWEST = prepared("SELECT MAX(entry_id) FROM seal")
# Both sides are bounded, so that no plan has a reason to read the whole of either table.
UNSEALED = prepared(
    "SELECT e.id FROM entry e LEFT JOIN seal s ON s.entry_id = e.id AND s.entry_id > ?"
    " WHERE e.id > ? AND s.entry_id IS NULL ORDER BY e.id LIMIT ?"
)
_APPEND = Prepared(
    "INSERT INTO seal (position, entry_id, digest, sealed_at) SELECT json_extract(value, '$[0]'),"
    " json_extract(value, '$[1]'), json_extract(value, '$[2]'), ? FROM json_each(?)",
    "INSERT INTO seal (position, entry_id, digest, sealed_at) SELECT (value->>0)::bigint,"
    " (value->>1)::bigint, value->>2, %s FROM json_array_elements(%s::json)",
)
_IDS_SQLITE = "IN (SELECT value FROM json_each(?))"
_IDS_POSTGRES = "= ANY (ARRAY(SELECT json_array_elements_text(%s::json)::bigint))"
# PostgreSQL writes the moments itself, for the driver knows no word for some that could have been put there.
_UTC = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
_ENTRIES = Prepared(
    f"SELECT id, kind, key, subject, booked_at, written_at FROM entry WHERE id {_IDS_SQLITE} ORDER BY id",
    f"SELECT id, kind, key, subject, {_UTC.format('booked_at')}, {_UTC.format('written_at')}"
    f" FROM entry WHERE id {_IDS_POSTGRES} ORDER BY id",
)
_SIDES = (
    "SELECT p.entry_id, p.id, d.id, d.kind || ':' || d.owner, c.id, c.kind || ':' || c.owner, p.amount_tiyn"
    " FROM posting p JOIN account d ON d.id = p.debit_account_id JOIN account c ON c.id = p.credit_account_id"
    " WHERE p.entry_id {} ORDER BY p.entry_id, p.id"
)
_POSTINGS = Prepared(_SIDES.format(_IDS_SQLITE), _SIDES.format(_IDS_POSTGRES))
# repr takes what only somebody with SQLite's file could have put into a column.
_encode = json.JSONEncoder(separators=(",", ":"), default=repr).encode


class Link(NamedTuple):
    """A seal: its place in the chain, the entry it is for, its digest."""

    position: int
    entry_id: int
    digest: str


class Look(NamedTuple):
    """What a look found: the chain's last position and digest, and unsealed entries with their texts by id."""

    position: int
    digest: str
    texts: dict[int, str]
    head_holds: bool
    """Whether the head file that was read before this look stands in the table as it says."""


def look(unit: Unit, *, above: int | None = None, head: Head | None = None, most: int = MOST_AT_ONCE) -> Look:
    """The first `most` committed entries without a seal whose ids are above `above`, or near the newest sealed one.

    Ids are not in the order of commits: an entry may appear below others that are sealed already.
    """
    position, digest = unit.run(_LAST).fetchone() or (0, FIRST)
    if above is None:
        above = (unit.run(_NEWEST).fetchone()[0] or 0) - NEAR
    ids = [entry_id for (entry_id,) in unit.run(UNSEALED, above, above, most)]
    holds = head is None or unit.run(_DIGEST, head.position).fetchone() == (head.digest,)
    return Look(position, digest, texts_of(unit, ids), holds)


def texts_of(unit: Unit, ids: Sequence[int]) -> dict[int, str]:
    """The canonical texts of these entries, as far as they are there, in the order of their ids."""
    if not ids:
        return {}
    wanted = _encode(list(ids))
    postings: dict[int, list[list[Any]]] = defaultdict(list)
    for entry_id, *posting in unit.run(_POSTINGS, wanted):
        postings[entry_id].append(posting)
    return {entry[0]: _encode([*entry, postings[entry[0]]]) for entry in unit.run(_ENTRIES, wanted)}


def chain(keys: Keys, found: Look) -> list[Link]:
    """The seals of what a look found, in the order of the entries' ids; made outside of any unit of work."""
    links, digest = [], found.digest
    for position, (entry_id, canonical) in enumerate(found.texts.items(), start=found.position + 1):
        digest = keys.link(digest, canonical)
        links.append(Link(position, entry_id, digest))
    return links


def last_links(unit: Unit) -> list[tuple[str, str, str]]:
    """The newest seals: for each the digest before it, the text of its entry now, its own digest."""
    newest = unit.run(_LAST_LINKS).fetchall()
    texts = texts_of(unit, [entry_id for _, entry_id, _ in newest])
    digests = {position: digest for position, _, digest in newest} | {0: FIRST}
    return [
        (digests[position - 1], texts.get(entry_id, ""), digest)
        for position, entry_id, digest in newest
        if position - 1 in digests
    ]


def append(unit: Unit, *, links: list[Link]) -> bool:
    """Write seals at the end of the chain; False if another worker was there first, and then nothing is written.

    Two that write at the same moment on PostgreSQL meet in the table's keys: the later one gets IntegrityError.
    """
    position, _ = unit.run(_LAST).fetchone() or (0, FIRST)
    if position != links[0].position - 1:
        return False
    unit.run(_APPEND, unit.stored_moment(real_now()), _encode(links))
    return True
