"""The code that a card's own bank has texted: typed on our page, checked by the processor."""

from __future__ import annotations

from kaspi_web.domain.bills import payments
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.domain.sms.codes import WrongCode
from kaspi_web.gateways.processor import Processor, ProcessorSilent, ProcessorUnknown
from kaspi_web.ui.session import bank


async def type_code(customer_id: int, *, payment_id: int, code: str) -> None:
    """Hand the code to the processor and note what becomes of the payment.

    Raises NotFound, WrongCode, or ProcessorSilent, after which the worker asks what became of it.
    """
    here = bank()
    charge = await here.db.read(payments.charge_of, customer_id=customer_id, payment_id=payment_id)
    processor = Processor(here)
    try:
        answer = await processor.type_code(charge.key, code)
    except ProcessorUnknown:
        raise ProcessorSilent from None
    finally:
        await processor.aclose()
    if answer.state == "wrong_code":
        raise WrongCode(tries_left=answer.tries_left)
    await here.db.write(sagas.charge_answered, charge_id=charge.id, answer=answer)
