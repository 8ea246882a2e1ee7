"""How merchants' programs prove who they are: a token of which a keyed digest is stored."""

from __future__ import annotations

from sqlmodel import col, select

from kaspi_web.domain.merchants.models import Merchant
from kaspi_web.domain.merchants.queries import MerchantView, view_of
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.keys import Keys


def token_digest(keys: Keys, token: str) -> str:
    """What is stored of a merchant's token."""
    return keys.digest("merchant_token", token)


def authenticate(unit: Unit, *, token: str) -> MerchantView | None:
    """The active merchant whose token this is, if anybody's."""
    if not token:
        return None
    mine = select(Merchant).where(Merchant.token_digest == token_digest(unit.keys, token), col(Merchant.active))
    found = unit.exec(mine).one_or_none()
    return view_of(found) if found else None
