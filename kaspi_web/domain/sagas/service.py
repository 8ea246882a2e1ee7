"""The processor's answers, written down and told to the street that the subject names, in one unit.

A subject is a word and a number, `bill_payment:5`; the word names the street. A street is told only of what is new,
and may capture, void or refund in the same unit. It is told nothing of a charge that is to be voided until that is so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kaspi_web.domain.bills import outcomes
from kaspi_web.domain.bills import refunds as bill_refunds
from kaspi_web.domain.cards import charges, payouts, refunds
from kaspi_web.domain.cards.charges import ChargeView
from kaspi_web.domain.cards.payouts import PayoutView
from kaspi_web.domain.cards.refunds import RefundView
from kaspi_web.domain.checkout import funding as checkout_funding
from kaspi_web.domain.orders import money_back
from kaspi_web.domain.transfers import delivering
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.processing import Charged, PaidOut


@dataclass(frozen=True, slots=True)
class Street:
    """What one street does with answers; each is `fn(unit, view)`, and None for what it never begins."""

    charged: Callable[[Unit, ChargeView], None] | None = None
    paid_out: Callable[[Unit, PayoutView], None] | None = None
    refunded: Callable[[Unit, RefundView], None] | None = None
    given_up: Callable[[Unit, ChargeView], None] | None = None
    """Told that a charge will be voided, which the processor may be slow to do: nothing else has to wait for it."""


STREETS: dict[str, Street] = {
    "transfer": Street(charged=delivering.charged, paid_out=delivering.paid_out),
    "bill": Street(charged=outcomes.charged, given_up=outcomes.charged),
    "bill_refund": Street(refunded=bill_refunds.card_answered),
    "purchase": Street(charged=checkout_funding.charged, given_up=checkout_funding.charged),
    money_back.WORD: Street(refunded=money_back.card_answered),
}
"""Streets by the word of their subjects."""


def charge_answered(unit: Unit, *, charge_id: int, answer: Charged) -> ChargeView:
    """Note what the processor said of a charge and tell its street; raises NotFound."""
    return _told(unit, charges.noted(unit, charge_id=charge_id, answer=answer))


def charge_unknown(unit: Unit, *, charge_id: int, word: str) -> ChargeView:
    """Note that nothing is known of a charge, and tell its street if it is given up; raises NotFound."""
    return _told(unit, charges.unknown(unit, charge_id=charge_id, word=word))


def _told(unit: Unit, view: ChargeView) -> ChargeView:
    street = _street(view.subject)
    tell = street.given_up if view.wanted == "void" else street.charged
    if view.changed and tell is not None:
        tell(unit, view)
    return view


def payout_answered(unit: Unit, *, payout_id: int, answer: PaidOut) -> PayoutView:
    """Note what the processor said of a payout and tell its street; raises NotFound."""
    view = payouts.noted(unit, payout_id=payout_id, answer=answer)
    street = _street(view.subject)
    if view.changed and street.paid_out is not None:
        street.paid_out(unit, view)
    return view


def refund_answered(unit: Unit, *, refund_id: int, answer: PaidOut) -> RefundView:
    """Note what the processor said of a refund and tell its street; raises NotFound."""
    view = refunds.noted(unit, refund_id=refund_id, answer=answer)
    street = _street(view.subject)
    if view.changed and street.refunded is not None:
        street.refunded(unit, view)
    return view


_NOBODY = Street()


def _street(subject: str) -> Street:
    return STREETS.get(subject.partition(":")[0], _NOBODY)
