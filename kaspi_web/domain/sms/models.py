"""Messages to be sent, codes to be typed, and the simulated phone's memory."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field


class SmsMessage(SQLModel, table=True):
    """A message written in the transaction that it is about, sent after the commit by a worker.

    `template` names the words; what fills them is sealed, because codes and sums are among it, and is
    wiped once the message is sent.
    """

    __tablename__ = "sms_message"  # type: ignore[assignment]
    __table_args__ = (Index("ix_sms_message_due", "sent_at", "due_at"),)

    id: int | None = id_field()
    phone: str = Field(max_length=16)
    language: str = Field(max_length=2)
    template: str = Field(max_length=40)
    sealed_params: str = ""
    created_at: datetime = moment_field()
    due_at: datetime = moment_field()
    tries: int = 0
    sent_at: datetime | None = moment_field(nullable=True, default=None)


class SmsCode(SQLModel, table=True):
    """A code sent to a phone for one purpose and one subject; kept as a keyed digest."""

    __tablename__ = "sms_code"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("wrong_tries >= 0", name="wrong_tries_not_negative"),
        Index("ix_sms_code_phone", "phone", "sent_at"),
    )

    id: int | None = id_field()
    phone: str = Field(max_length=16)
    purpose: str = Field(max_length=20)
    subject: str = Field(max_length=80)
    code_digest: str = Field(max_length=64)
    wrong_tries: int = 0
    sent_at: datetime = moment_field()
    expires_at: datetime = moment_field()
    used_at: datetime | None = moment_field(nullable=True, default=None)


class PhoneInbox(SQLModel, table=True):
    """What the simulated phone has received; written in demos only, one row for each message sent."""

    __tablename__ = "phone_inbox"  # type: ignore[assignment]
    __table_args__ = (Index("ix_phone_inbox_phone", "phone", "id"),)

    id: int | None = id_field()
    message_id: int = ref_field("sms_message.id", unique=True)
    phone: str = Field(max_length=16)
    text: str = ""
    received_at: datetime = moment_field()
