"""What a form's answer has to say on the page that follows it: the refusal and what was typed, once.

It travels in a sealed cookie that no script can read and that is good for half a minute: an address
would end up in logs, and a row would have to be cleaned up.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.fernet import InvalidToken
from starlette.responses import Response

from kaspi_web.api import cookies
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import DomainError

NAME = "flash"
_LIFETIME_S = 30


@dataclass(frozen=True, slots=True)
class Flash:
    """A refusal for one form: its code and parameters, and what to keep in the fields."""

    form: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def refusal(self) -> DomainError:
        """The refusal as the catalogue of words takes it."""
        error = DomainError(**{name: _revived(value) for name, value in self.params.items()})
        error.code = self.code
        return error


def leave(response: Response, bank: Bank, *, form: str, refusal: DomainError, kept: dict[str, str]) -> None:
    """Put the refusal on the answer."""
    params = {name: _frozen(value) for name, value in refusal.params.items()}
    said = {"form": form, "code": refusal.code, "params": params, "kept": kept, "at": time.time()}
    response.set_cookie(
        NAME,
        bank.keys.seal(json.dumps(said)),
        max_age=_LIFETIME_S,
        httponly=True,
        samesite="lax",
        secure=bank.settings.secure_cookies,
    )


def read(bank: Bank, header: str, *, form: str) -> Flash | None:
    """What the Cookie header says for this form, if it was said just now."""
    sealed = cookies.parse(header).get(NAME, "").strip('"')
    if not sealed:
        return None
    try:
        said = json.loads(bank.keys.unseal(sealed))
    except InvalidToken:
        return None
    if said["form"] != form or time.time() - said["at"] > _LIFETIME_S:
        return None
    return Flash(said["form"], said["code"], said["params"], said["kept"])


def _frozen(value: Any) -> Any:
    return {"moment": value.isoformat()} if isinstance(value, datetime) else value


def _revived(value: Any) -> Any:
    return datetime.fromisoformat(value["moment"]) if isinstance(value, dict) and "moment" in value else value
