"""The code that a card's own bank has texted: typed on our page, checked by the processor."""

from __future__ import annotations

from kaspi_web.domain.transfers import sending
from kaspi_web.kernel.errors import NotFound
from kaspi_web.ui import bank_codes
from kaspi_web.ui.session import bank


async def type_code(customer_id: int, *, transfer_id: str, code: str) -> None:
    """Hand the code to the processor and note what becomes of the transfer.

    Raises NotFound, WrongCode, or ProcessorSilent, after which the worker asks what became of it.
    """
    this = {"customer_id": customer_id, "transfer_id": transfer_id}
    made = await bank().db.read(sending.transfer, **this)
    if made.charge_id is None or made.state != "funding":
        raise NotFound
    await bank_codes.type_code(made.charge_id, made.charge_key, code)
