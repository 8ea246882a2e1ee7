"""The code from an SMS for a purchase above 5 000.00, bound to its checkout, its sum and the way it is paid."""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.checkout.chosen import read
from kaspi_web.domain.checkout.intents import (
    CheckoutContentChanged,
    CheckoutExpired,
    Intent,
    check_open,
    confirmed,
    owned,
)
from kaspi_web.domain.checkout.proposals import check_agreed
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.sms import codes
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import Money


def send_code(
    unit: Unit, *, customer_id: int, checkout_id: str, amount: Money, source: str, number: int, again: bool = False
) -> codes.Sent:
    """Send the code for what was proposed, unless one can still be typed; `again` sends another.

    The SMS names the sum and the sellers. Raises NotFound, CheckoutExpired, CheckoutContentChanged,
    CheckoutProposalChanged, Busy or TooManyCodes.
    """
    row = owned(unit, customer_id=customer_id, checkout_id=checkout_id)
    check_open(row)
    check_agreed(row, amount, source, number=number)
    owner = customers.card(unit, customer_id=customer_id)
    this = _operation(row, owner.phone)
    sent = None if again else codes.pending(unit, **this)
    words = {"amount_tiyn": amount.tiyn, "payee": read(row.chosen).sellers}
    return sent or codes.send(unit, **this, language=owner.language, template="code_pay", **words)


def _operation(row: Intent, phone: str) -> dict[str, Any]:
    # The lines of a checkout never change; another sum, or another way to pay it, needs another code.
    return {"phone": phone, "purpose": "buy", "subject": row.id, "content": row.way_of_paying}


def confirm(
    unit: Unit, *, customer_id: int, checkout_id: str, amount: Money, source: str, number: int, typed: str
) -> DomainError | None:
    """Check the code for what was proposed; answers the refusal so that a wrong try stays counted.

    Raises NotFound, CheckoutProposalChanged, or Busy when the tries are used up.
    """
    row = owned(unit, customer_id=customer_id, checkout_id=checkout_id)
    if row.purchase_id is not None:
        return None if (row.amount_tiyn, row.source) == (amount.tiyn, source) else CheckoutContentChanged()
    if row.is_expired:
        return CheckoutExpired()
    check_agreed(row, amount, source, number=number)
    phone = customers.card(unit, customer_id=customer_id).phone
    refusal = codes.try_code(unit, **_operation(row, phone), typed=typed)
    if refusal is None:
        confirmed(unit, row)
    return refusal
