"""What waits for its time: every timed thing can say what is due until a moment."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

MOST = 100


class Due(NamedTuple):
    """One thing and the moment from which its worker takes it up."""

    subject: str
    due_at: datetime
