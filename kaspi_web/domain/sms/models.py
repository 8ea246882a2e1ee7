"""Messages to be sent and codes to be typed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field


class SmsMessage(SQLModel, table=True):
    """A message written in the transaction that it is about, sent after the commit by a worker.

    `template` names the words; what fills them is sealed, because codes and sums are among it, and is
    wiped once the message is sent. A message with a code is wiped unsent when its code ends.
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
    expires_at: datetime | None = moment_field(nullable=True, default=None)
    sent_at: datetime | None = moment_field(nullable=True, default=None)
    expired_at: datetime | None = moment_field(nullable=True, default=None)
    """When it was given up and wiped, because what it says had ended before it could be sent."""

    @property
    def state(self) -> str:
        """What became of the message: waiting, sent or expired."""
        return "sent" if self.sent_at else "expired" if self.expired_at else "waiting"


class SmsCode(SQLModel, table=True):
    """A code sent to a phone for one operation, kept as a keyed digest.

    Purpose and subject name the operation, which limits count for; `content` is what of it the code
    confirms, such as the sum: another content needs another code, out of the same limits.
    """

    __tablename__ = "sms_code"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("wrong_tries >= 0", name="wrong_tries_not_negative"),
        Index("ix_sms_code_phone", "phone", "sent_at"),
    )

    id: int | None = id_field()
    phone: str = Field(max_length=16)
    purpose: str = Field(max_length=20)
    subject: str = Field(max_length=80)
    content: str = Field(default="", max_length=40)
    code_digest: str = Field(max_length=64)
    wrong_tries: int = 0
    sent_at: datetime = moment_field()
    expires_at: datetime = moment_field()
    used_at: datetime | None = moment_field(nullable=True, default=None)
