"""A person at one of our terminals: notes counted in the database, paid to the wallet over the protocol.

The terminal is a client of /osmp like any other; this street only remembers what was typed and put in.
Cash that is left without Pay goes to the typed wallet when the time is over.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select, update

from kaspi_web.domain.terminals.models import KioskVisit, Terminal, TerminalNetwork
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid, NotFound, Refused
from kaspi_web.kernel.money import Money

JOB = "job:kiosk"
NOTES = tuple(Money.tenge(note) for note in (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000))
PATIENCE = timedelta(seconds=75)
_REPEAT = timedelta(seconds=5)


class UnknownNote(Invalid):
    """There is no such banknote."""

    code = "note_unknown"


class CashLimit(Refused):
    """The note would go over what the network takes at once; it is given back."""

    code = "cash_limit"


class NoCash(Refused):
    """Nothing was put in yet."""

    code = "no_cash"


class VisitOver(Refused):
    """Pay was pressed or the time ran out: no more notes are taken."""

    code = "visit_over"


@dataclass(frozen=True, slots=True)
class Place:
    """A terminal as a customer sees it."""

    slug: str
    network: str
    names: dict[str, str]
    is_slow: bool
    maximum: Money


@dataclass(frozen=True, slots=True)
class Visit:
    """What the terminal knows of the person in front of it."""

    id: str
    terminal: str
    network: str
    phone: str
    masked_name: str
    inserted: Money
    txn_id: int
    state: str
    started_at: datetime
    due_at: datetime


def places(unit: Unit) -> list[Place]:
    """Every terminal there is."""
    rows = unit.exec(select(Terminal, TerminalNetwork).join(TerminalNetwork).order_by(col(Terminal.slug))).all()
    return [_place(terminal, network) for terminal, network in rows]


def place(unit: Unit, *, slug: str) -> Place:
    """One terminal; raises NotFound."""
    terminal = unit.get(Terminal, slug)
    network = unit.get(TerminalNetwork, terminal.network) if terminal else None
    if terminal is None or network is None:
        raise NotFound
    return _place(terminal, network)


def _place(terminal: Terminal, network: TerminalNetwork) -> Place:
    names = {"kk": terminal.place_kk, "ru": terminal.place_ru, "en": terminal.place_en}
    return Place(terminal.slug, terminal.network, names, terminal.credit_delay_s > 0, Money(network.maximum_tiyn))


def arrive(unit: Unit, *, terminal: str, phone: str, masked_name: str) -> Visit:
    """Begin a visit after the network answered whose wallet it is; raises NotFound for no such terminal."""
    place(unit, slug=terminal)
    now = real_now()
    row = KioskVisit(
        id=public_id(),
        terminal=terminal,
        phone=phone,
        masked_name=masked_name,
        txn_id=secrets.randbelow(9 * 10**17) + 10**17,
        started_at=now,
        due_at=now + PATIENCE,
    )
    unit.add(row)
    unit.flush()
    unit.tell(JOB)
    return _visit(unit, row)


def insert_note(unit: Unit, *, visit_id: str, note: Money) -> Visit:
    """Count one banknote; raises UnknownNote, CashLimit, VisitOver or NotFound."""
    if note not in NOTES:
        raise UnknownNote
    row = _locked(unit, visit_id)
    if row.state != "open":
        raise VisitOver
    limit = place(unit, slug=row.terminal).maximum
    if Money(row.inserted_tiyn) + note > limit:
        raise CashLimit(maximum=limit)
    row.inserted_tiyn += note.tiyn
    row.due_at = real_now() + PATIENCE
    return _visit(unit, row)


def stay(unit: Unit, *, visit_id: str) -> Visit:
    """The person is still here: wait longer."""
    row = _locked(unit, visit_id)
    if row.state == "open":
        row.due_at = real_now() + PATIENCE
    return _visit(unit, row)


def press_pay(unit: Unit, *, visit_id: str) -> Visit:
    """Take no more notes and let the sum be paid; pressing twice is pressing once."""
    row = _locked(unit, visit_id)
    if row.state == "open" and row.inserted_tiyn == 0:
        raise NoCash
    if row.state == "open":
        row.state, row.due_at = "paying", real_now()
        unit.tell(JOB)
    return _visit(unit, row)


def leave(unit: Unit, *, visit_id: str) -> Visit:
    """Go away: without cash the visit ends, with cash it is paid to the typed wallet."""
    row = _locked(unit, visit_id)
    if row.state == "open":
        row.state = "paying" if row.inserted_tiyn else "left"
        row.due_at = real_now()
        unit.tell(JOB)
    return _visit(unit, row)


def visit(unit: Unit, *, visit_id: str) -> Visit:
    """One visit; raises NotFound."""
    row = unit.get(KioskVisit, visit_id)
    if row is None:
        raise NotFound
    return _visit(unit, row)


def claim_due(unit: Unit, *, most: int = 20) -> list[Visit]:
    """Visits to be paid now: Pay was pressed, or the person went away; each is leased for 30 s."""
    now = real_now()
    unit.exec(
        update(KioskVisit)
        .where(col(KioskVisit.state) == "open", col(KioskVisit.due_at) <= now, col(KioskVisit.inserted_tiyn) == 0)
        .values(state="left")
    )
    due = select(KioskVisit).where(col(KioskVisit.state).in_(("open", "paying", "on_way")), KioskVisit.due_at <= now)
    rows = unit.exec(due.limit(most).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.state = "paying" if row.state == "open" else row.state
        row.due_at = now + timedelta(seconds=30)
    return [_visit(unit, row) for row in rows]


def settle(unit: Unit, *, visit_id: str, result: int, state: str) -> None:
    """Note what the network's `pay` answered: paid, on_way (asked again later), refused, or paying (unknown).

    The last word stands: an answer that comes later changes nothing, and neither does silence after "on its way".
    """
    row = _locked(unit, visit_id)
    if row.state not in ("paying", "on_way"):
        return
    row.state, row.result = ("on_way" if (row.state, state) == ("on_way", "paying") else state), result
    row.due_at = real_now() + _REPEAT
    unit.tell(f"kiosk:{visit_id}")


def next_due(unit: Unit) -> datetime | None:
    """When the next visit is to be looked at, in real time."""
    live = col(KioskVisit.state).in_(("open", "paying", "on_way"))
    return unit.exec(select(KioskVisit.due_at).where(live).order_by(col(KioskVisit.due_at)).limit(1)).first()


def _locked(unit: Unit, visit_id: str) -> KioskVisit:
    row = unit.exec(select(KioskVisit).where(KioskVisit.id == visit_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    return row


def _visit(unit: Unit, row: KioskVisit) -> Visit:
    terminal = unit.get(Terminal, row.terminal)
    assert terminal is not None
    return Visit(
        row.id,
        row.terminal,
        terminal.network,
        row.phone,
        row.masked_name,
        Money(row.inserted_tiyn),
        row.txn_id,
        row.state,
        row.started_at,
        row.due_at,
    )
