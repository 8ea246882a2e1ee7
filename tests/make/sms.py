"""What stands in the outbox: the simulated phone without its words."""

from __future__ import annotations

import json
from typing import Any

from sqlmodel import col, select

from kaspi_web.domain.sms import codes
from kaspi_web.domain.sms.models import SmsMessage
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit

PHONE = "+77010000101"


def messages(bank: Bank, phone: str | None = None) -> list[tuple[str, dict[str, Any]]]:
    """Template and parameters of every message not sent yet, oldest first."""
    return bank.db.read_now(_messages, phone)


def _messages(unit: Unit, phone: str | None) -> list[tuple[str, dict[str, Any]]]:
    rows = select(SmsMessage).where(col(SmsMessage.sent_at).is_(None), col(SmsMessage.expired_at).is_(None))
    rows = rows.order_by(col(SmsMessage.id))
    rows = rows.where(SmsMessage.phone == phone) if phone else rows
    return [(row.template, json.loads(unit.keys.unseal(row.sealed_params))) for row in unit.exec(rows)]


def last_code(bank: Bank, phone: str = PHONE) -> str:
    """The code that this phone was sent last."""
    return next(params["code"] for _, params in reversed(messages(bank, phone)) if "code" in params)


def other_than(*right: str) -> str:
    """Six digits that are none of the codes."""
    return next(wrong for wrong in ("111111", "222222", "333333", "444444", "555555", "666666") if wrong not in right)


def sent(bank: Bank, **overrides: Any) -> str:
    """Send a code and answer it."""
    usual = {"phone": PHONE, "purpose": "register", "subject": PHONE, "language": "kk", "template": "code_register"}
    given = usual | overrides
    bank.db.write_now(codes.send, **given)
    return last_code(bank, given["phone"])


def tried(bank: Bank, typed: str, **overrides: Any) -> Any:
    """Try a code and answer the refusal, if any."""
    usual = {"phone": PHONE, "purpose": "register", "subject": PHONE, "typed": typed}
    return bank.db.write_now(codes.try_code, **(usual | overrides))
