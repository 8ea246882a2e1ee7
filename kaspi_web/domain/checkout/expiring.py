"""What ends by itself: pieces that were set aside and not bought, and contracts that nobody has signed."""

from __future__ import annotations

from datetime import datetime

from kaspi_web.domain.checkout import reserving, signing
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST, Due


def due_now(unit: Unit, *, most: int = 50) -> list[str]:
    """The subjects of what is over now: `checkout:...`, `purchase:5`."""
    return [each.subject for each in due(unit, until=real_now(), signed_until=unit.clock.now())[:most]]


def settle(unit: Unit, *, subject: str) -> None:
    """Let go of what is over for one subject; what was bought or signed meanwhile stays as it is."""
    word, _, name = subject.partition(":")
    if word == "checkout":
        reserving.release(unit, checkout_id=name)
    else:
        signing.expire(unit, purchase_id=int(name))


def due(unit: Unit, *, until: datetime, signed_until: datetime | None = None) -> list[Due]:
    """What is over by then, oldest first: reservations in real time, contracts by the bank's clock.

    `signed_until` is the moment of the bank's clock, if it is another.
    """
    found = [*reserving.due(unit, until=until), *signing.due(unit, until=signed_until or until)]
    return sorted(found, key=lambda each: each.due_at)[:MOST]
