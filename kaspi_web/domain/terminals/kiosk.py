"""A person at one of our terminals: notes counted in the database, paid to the wallet over the protocol.

The terminal is a client of /osmp like any other; this street only remembers what was typed and put in.
Cash that is left without Pay goes to the typed wallet when the time is over.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import and_, col, or_, select, update

from kaspi_web.domain.sessions.service import digest_of
from kaspi_web.domain.terminals.models import KioskVisit, Terminal, TerminalNetwork
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST, Due
from kaspi_web.kernel.errors import Invalid, NotFound, Refused
from kaspi_web.kernel.money import Money

JOB = "job:kiosk"
NOTES = tuple(Money.tenge(note) for note in (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000))
PATIENCE = timedelta(seconds=75)
WAITS_S = (5, 10, 30, 60, 120, 300)
"""After answers that say nothing; they never end while cash is not paid."""
SHOWN_FOR = timedelta(minutes=2)
_REPEAT = timedelta(seconds=5)
_LEASE = timedelta(seconds=30)
_LIVE = ("open", "paying", "on_way")


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


def arrive(unit: Unit, *, terminal: str, phone: str, masked_name: str, cookie: str = "") -> Visit:
    """Begin a visit after the network answered whose wallet it is; raises NotFound for no such terminal."""
    place(unit, slug=terminal)
    now = real_now()
    row = KioskVisit(
        id=public_id(),
        terminal=terminal,
        phone=phone,
        masked_name=masked_name,
        browser_digest=digest_of(cookie) if cookie else "",
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


def shown(unit: Unit, *, terminal: str, cookie: str) -> Visit | None:
    """The visit that this browser's screen of the terminal is to show: one under way, or just over and not read."""
    if not cookie:
        return None
    mine = (KioskVisit.browser_digest == digest_of(cookie), KioskVisit.terminal == terminal)
    fresh = or_(
        col(KioskVisit.state).in_(("open", "paying")),
        and_(col(KioskVisit.state) != "left", col(KioskVisit.answered_at) > real_now() - SHOWN_FOR),
    )
    last = select(KioskVisit).where(*mine, fresh, col(KioskVisit.seen_at).is_(None))
    row = unit.exec(last.order_by(col(KioskVisit.started_at).desc()).limit(1)).first()
    return _visit(unit, row) if row else None


def seen(unit: Unit, *, visit_id: str) -> None:
    """The person has read what became of the cash: the screen is free for the next one."""
    row = _locked(unit, visit_id)
    if row.answered_at is not None:
        row.seen_at = row.seen_at or real_now()


def has_due(unit: Unit) -> bool:
    """Whether a visit is to be paid, or to end, now."""
    live = select(KioskVisit.id).where(col(KioskVisit.state).in_(_LIVE), KioskVisit.due_at <= real_now())
    return unit.exec(live.limit(1)).first() is not None


def claim_due(unit: Unit, *, most: int = 20) -> list[Visit]:
    """Visits to be paid now: Pay was pressed, or the person went away; each is leased for 30 s."""
    now = real_now()
    unit.exec(
        update(KioskVisit)
        .where(col(KioskVisit.state) == "open", col(KioskVisit.due_at) <= now, col(KioskVisit.inserted_tiyn) == 0)
        .values(state="left")
    )
    due = select(KioskVisit).where(col(KioskVisit.state).in_(_LIVE), KioskVisit.due_at <= now)
    due = due.order_by(col(KioskVisit.due_at)).limit(most)
    rows = unit.exec(due.with_for_update(skip_locked=True)).all()
    for row in rows:
        row.state = "paying" if row.state == "open" else row.state
        row.due_at, row.tries = now + _LEASE, row.tries + 1
    return [_visit(unit, row) for row in rows]


def settle(unit: Unit, *, visit_id: str, result: int, state: str) -> None:
    """Note what the network's `pay` answered: paid, on_way (asked again later), refused, or paying (unknown).

    The last word stands: an answer that comes later changes nothing, and neither does silence after "on its way".
    """
    row = _locked(unit, visit_id)
    if row.state not in ("paying", "on_way"):
        return
    row.state, row.result = ("on_way" if (row.state, state) == ("on_way", "paying") else state), result
    now = real_now()
    if state == "paying":
        row.due_at = now + timedelta(seconds=WAITS_S[min(max(row.tries, 1), len(WAITS_S)) - 1])
    else:
        row.tries, row.due_at, row.answered_at = 0, now + _REPEAT, row.answered_at or now
    unit.tell(f"kiosk:{visit_id}")


def due(unit: Unit, *, until: datetime) -> list[Due]:
    """The visits that are to be looked at until then, in real time, oldest first."""
    live = select(KioskVisit.id, KioskVisit.due_at).where(col(KioskVisit.state).in_(_LIVE), KioskVisit.due_at <= until)
    rows = unit.exec(live.order_by(col(KioskVisit.due_at), col(KioskVisit.id)).limit(MOST)).all()
    return [Due(f"kiosk_visit:{number}", at) for number, at in rows]


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
