"""Terminal networks, terminals, top-ups, and what a person has put into a terminal so far."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field


class TerminalNetwork(SQLModel, table=True):
    """A company whose terminals top up wallets over /osmp/{slug}; its password is kept as a keyed digest."""

    __tablename__ = "terminal_network"  # type: ignore[assignment]
    __table_args__ = (CheckConstraint("minimum_tiyn > 0 AND maximum_tiyn >= minimum_tiyn", name="limits_in_order"),)

    slug: str = Field(primary_key=True, max_length=32)
    name: str = Field(max_length=80)
    secret_digest: str = Field(max_length=64)
    minimum_tiyn: int = tiyn_field()
    maximum_tiyn: int = tiyn_field()


class Terminal(SQLModel, table=True):
    """A terminal and where it stands; credits of one with a slow link arrive later."""

    __table_args__ = (CheckConstraint("credit_delay_s BETWEEN 0 AND 1800", name="delay_within_30_minutes"),)

    slug: str = Field(primary_key=True, max_length=32)
    network: str = Field(foreign_key="terminal_network.slug", max_length=32)
    place_kk: str = Field(max_length=120)
    place_ru: str = Field(max_length=120)
    place_en: str = Field(max_length=120)
    credit_delay_s: int = 0


class TopUp(SQLModel, table=True):
    """A top-up that a network told us of; the pair of network and its txn_id happens once."""

    __tablename__ = "topup"  # type: ignore[assignment]
    __table_args__ = (
        UniqueConstraint("network", "txn_id"),
        CheckConstraint("amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint("(credited_at IS NULL) = (state = 'on_way')", name="credited_when_through"),
        CheckConstraint("state IN ('on_way', 'credited')", name="state_known"),
        Index("ix_topup_customer", "customer_id", "id"),
        Index("ix_topup_due", "state", "due_at"),
    )

    id: int | None = id_field()
    network: str = Field(foreign_key="terminal_network.slug", max_length=32)
    txn_id: str = Field(max_length=20)
    txn_date: datetime = moment_field()
    terminal: str = Field(default="", max_length=32)
    account: str = Field(max_length=200)
    customer_id: int = ref_field("customer.id")
    amount_tiyn: int = tiyn_field()
    state: str = Field(max_length=12)
    accepted_at: datetime = moment_field()
    due_at: datetime = moment_field()
    credited_at: datetime | None = moment_field(nullable=True, default=None)


class KioskVisit(SQLModel, table=True):
    """A person at a terminal: the number typed and the notes put in, until Pay is pressed or time runs out."""

    __tablename__ = "kiosk_visit"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("inserted_tiyn >= 0", name="inserted_not_negative"),
        CheckConstraint("state IN ('open', 'paying', 'paid', 'on_way', 'left', 'refused')", name="state_known"),
        Index("ix_kiosk_visit_due", "state", "due_at"),
        Index("ix_kiosk_visit_browser", "browser_digest", "terminal", "started_at"),
    )

    id: str = Field(primary_key=True, max_length=26)
    terminal: str = Field(foreign_key="terminal.slug", max_length=32)
    phone: str = Field(max_length=16)
    masked_name: str = Field(default="", max_length=80)
    browser_digest: str = Field(default="", max_length=64)
    """Which browser shows the terminal's screen, so that a reload finds the visit again."""
    inserted_tiyn: int = tiyn_field(default=0)
    txn_id: int = Field(sa_type=BigInteger, unique=True)
    state: str = Field(default="open", max_length=8)
    result: int | None = None
    tries: int = 0
    """How often `pay` was asked in a row without an answer that can be relied on."""
    started_at: datetime = moment_field()
    due_at: datetime = moment_field()
    """When the terminal stops waiting for the person, or the last answer is to be asked for again."""
    answered_at: datetime | None = moment_field(nullable=True, default=None)
    """When there was something to say to the person for the first time: paid, on its way or refused."""
    seen_at: datetime | None = moment_field(nullable=True, default=None)
    """When the person had read that, or left: the screen shows it no more."""


class LookUp(SQLModel, table=True):
    """A masked-name look-up by a network, counted against harvesting of names."""

    __tablename__ = "look_up"  # type: ignore[assignment]
    __table_args__ = (Index("ix_look_up_recent", "network", "terminal", "at"),)

    id: int | None = id_field()
    network: str = Field(max_length=32)
    terminal: str = Field(default="", max_length=32)
    at: datetime = moment_field()
