"""A story in which every way of a bill through the ledger is gone: each source, taken, released and given back."""

from __future__ import annotations

import itertools

from kaspi_web.domain.bills import payments, proposals, refunds
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.processing import Charged, PaidOut
from tests.make import transfers
from tests.make.bills import BILLER, accepted, confirmed, issued, pay, payment, refused
from tests.make.customers import customer
from tests.make.ledger import sql

_PHONE = "+77010000171"
_numbers = itertools.count(1)


def paid_from(bank: Bank, owner: int, amount: Money, source: str, *, card: str = "", spend: Money = ZERO) -> int:
    """Propose and pay a new bill from a source; another bank's card agrees at once. Answers the payment's id."""
    this = {"customer_id": owner, "intent_id": issued(bank, owner).id, "source": source}
    made = bank.db.write_now(proposals.propose, **this, amount=amount, card=card, spend=spend)
    view = bank.db.write_now(payments.pay, **this, amount=made.amount, number=made.number)
    if view.state == "funding":
        charge = bank.db.read_now(payments.charge_of, customer_id=owner, payment_id=view.id)
        bank.db.write_now(sagas.charge_answered, charge_id=charge.id, answer=Charged("authorised"))
    return view.id


def given_back(bank: Bank, payment_id: int) -> refunds.RefundView:
    """The biller gives back all that is left of a payment."""
    ((txn,),) = sql(bank, "SELECT txn_id FROM bill_payment WHERE id = :id", id=payment_id)
    this = {"slug": BILLER, "cancel_id": f"story{next(_numbers)}", "txn_id": str(txn)}
    return bank.db.write_now(refunds.refund, **this)


def tell(bank: Bank) -> None:
    """Every kind of entry that bills and cards write, with every account it can be between."""
    owner = customer(bank, phone=_PHONE, money=Money.tenge(50_000))
    own, linked = transfers.own_card(bank, owner), transfers.linked(bank, owner)
    filling = transfers.to_own(bank, owner, own.public_id)
    transfers.sent(bank, owner, filling, Money.tenge(3_000))
    big = pay(bank, owner, confirmed(bank, owner, Money.tenge(20_000)).key, Money.tenge(20_000)).id
    accepted(bank, big)
    _from_every_source(bank, owner, own.public_id, linked.public_id)
    # The bonus of the big one is spent by now, so that giving it back withholds a part.
    assert given_back(bank, big).withheld
    _sent_back_by_the_cards_bank(bank, owner, linked.public_id)
    bank.db.write_now(cards.unlink, customer_id=owner, public_id=own.public_id)


def _from_every_source(bank: Bank, owner: int, own: str, linked: str) -> None:
    sum_, part = Money.tenge(500), Money.tenge(10)
    for source, card in (("wallet", ""), ("card", own), ("card", linked)):
        refused(bank, paid_from(bank, owner, sum_, source, card=card, spend=part))
        made = paid_from(bank, owner, sum_, source, card=card, spend=part)
        accepted(bank, made)
        assert given_back(bank, made).to_bonus == part
    spent = paid_from(bank, owner, Money.tenge(150), "bonus")
    accepted(bank, spent)
    assert payment(bank, owner, spent).state == "done"


def _sent_back_by_the_cards_bank(bank: Bank, owner: int, linked: str) -> None:
    made = paid_from(bank, owner, Money.tenge(400), "card", card=linked)
    accepted(bank, made)
    assert given_back(bank, made).goes_to == "bank_card"
    refund_id = sql(bank, "SELECT MAX(id) FROM card_refund")[0][0]
    bank.db.write_now(sagas.refund_answered, refund_id=refund_id, answer=PaidOut("declined", "closed"))
