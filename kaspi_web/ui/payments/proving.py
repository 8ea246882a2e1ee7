"""The code that a card's own bank has texted for a payment."""

from __future__ import annotations

from kaspi_web.domain.bills import payments
from kaspi_web.ui import bank_codes
from kaspi_web.ui.session import bank


async def type_code(customer_id: int, *, payment_id: int, code: str) -> None:
    """Hand the code to the processor and note what becomes of the payment.

    Raises NotFound, WrongCode, or ProcessorSilent, after which the worker asks what became of it.
    """
    charge = await bank().db.read(payments.charge_of, customer_id=customer_id, payment_id=payment_id)
    await bank_codes.type_code(charge.id, charge.key, code)
