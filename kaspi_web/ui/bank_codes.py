"""The code that a card's own bank has texted: typed on our page, checked by the processor."""

from __future__ import annotations

from contextlib import aclosing

from kaspi_web.domain.sagas import service as sagas
from kaspi_web.domain.sms.codes import WrongCode
from kaspi_web.gateways.processor import Processor, ProcessorSilent, ProcessorUnknown
from kaspi_web.kernel.processing import Charged
from kaspi_web.ui.session import bank


async def type_code(charge_id: int, key: str, typed: str) -> None:
    """Hand the code for a charge to the processor and note what becomes of it.

    Raises WrongCode, or ProcessorSilent, after which the worker asks what became of it.
    """
    answer = await _typed(key, "".join(sign for sign in typed if sign.isascii() and sign.isdigit()))
    if answer.state == "wrong_code":
        raise WrongCode(tries_left=answer.tries_left)
    await bank().db.write(sagas.charge_answered, charge_id=charge_id, answer=answer)


async def _typed(key: str, code: str) -> Charged:
    try:
        async with aclosing(Processor(bank())) as processor:
            return await processor.type_code(key, code)
    except ProcessorUnknown:
        raise ProcessorSilent from None
