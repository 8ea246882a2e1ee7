"""What became of what was under way is taken over from the bank, where the billers' and the processor's books agree."""

from __future__ import annotations

from sqlmodel import select

from kaspi_web.domain.bills.models import BillPayment
from kaspi_web.domain.cards.models import CardCharge, CardPayout, CardRefund
from kaspi_web.domain.transfers.models import ReturnRequest, Transfer
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from tests.properties import effects, model
from tests.properties.base import Story
from tests.properties.charging import Standing
from tests.properties.model import Payment, Refund

AGREED = ("authorised", "captured")
_AFTER = {
    "funding": {"held", "sending", "done", "refused"},
    "held": {"sending", "waiting", "done"},
    "sending": {"done", "refused"},
    "waiting": {"done", "returned"},
}
"""What a transfer may become by itself."""


class Looking(Story):
    """Takes over states, and applies to the model's books what they mean."""

    reconciled = False
    """Whether a registry was compared just now: what its biller never had is refused by it."""

    def look(self) -> None:
        payments, charges, refunds, transfers, payouts, asked = self.world.read(_everything)
        book, moved = self.world.charging.charges(), self.world.charging.movements()
        for charge in charges.values():
            _is_true(charge, book)
        assert payments.keys() == self.model.payments.keys(), "a payment that nobody made, or one that is gone"
        for number, row in payments.items():
            self._look_at_payment(self.model.payments[number], row, charges, book)
        for row in refunds:
            self._look_at_refund(self.model.refunds[int(row.subject.partition(":")[2])], row, moved)
        assert transfers.keys() == self.model.transfers.keys(), "a transfer that nobody made, or one that is gone"
        # Who was known when the bank looked; two first transfers at once are both first ones.
        known = {number: self.knows(each) for number, each in self.model.transfers.items()}
        for number, row in transfers.items():
            self._look_at_transfer(self.model.transfers[number], row, charges, payouts, book, moved, known[number])
        for number, state in asked.items():
            self._look_at_request(self.model.transfers[number], state)

    def _look_at_payment(
        self, known: Payment, row: BillPayment, charges: dict[int, CardCharge], book: dict[str, Standing]
    ) -> None:
        content = (known.txn_id, known.customer_id, known.biller, known.account, known.amount.tiyn)
        assert content == (row.txn_id, row.customer_id, row.biller, row.account, row.amount_tiyn)
        assert (known.refunded.tiyn, known.taken_back.tiyn) == (row.refunded_tiyn, row.taken_back_tiyn)
        if row.state == known.state:
            return
        assert known.state in ("funding", "on_way", "registry"), f"{known.state} was the last word, not {row.state}"
        if row.charge_id is not None and known.state == "funding":
            said = _said(charges[row.charge_id], book)
            assert said in (("declined", "voided") if row.state == "refused" else AGREED), said
            self.note(f"payment by card {said}")
        elif row.state == "registry":
            assert self.world.watch.now() >= known.gives_up_at, "given up too early"
        else:
            said = self.said_of(known)
            assert said == row.state or (self.reconciled and (said, row.state) == ("", "refused")), said
        self._apply(known, row)

    def _apply(self, known: Payment, row: BillPayment) -> None:
        if known.state == "funding":
            known.gives_up_at = self.world.watch.now().replace(microsecond=0) + model.GIVE_UP
        known.state = row.state
        if row.state == "done":
            effects.taken(self.model, known)
        if row.state == "refused":
            effects.given_back(self.model, known)
        self.note(f"payment {row.state}")
        if row.state in ("done", "refused"):
            self.note(f"payment {row.state} {_means(known)}")

    def _look_at_refund(self, known: Refund, row: CardRefund, moved: dict[str, Standing]) -> None:
        assert row.amount_tiyn == known.to_money.tiyn
        if row.state == "done":
            assert moved[row.key] == ("done", row.amount_tiyn)
        if row.state == "declined" and known.goes_to == "bank_card":
            assert moved[row.key].state == "declined"
            effects.refund_declined(self.model, known)
            self.note("refund to the wallet instead")

    def _look_at_transfer(
        self,
        known: model.Transfer,
        row: Transfer,
        charges: dict[int, CardCharge],
        payouts: dict[int, CardPayout],
        book: dict[str, Standing],
        moved: dict[str, Standing],
        was_known: bool,
    ) -> None:
        content = (known.amount.tiyn, known.spend.tiyn, known.public_id)
        assert content == (row.amount_tiyn, row.bonus_tiyn, row.public_id)
        if row.state == known.state:
            return
        assert row.state in _AFTER.get(known.state, set()), f"{known.state} and then {row.state}"
        said = _said(charges[row.charge_id], book) if row.charge_id is not None else ""
        if row.payout_id is not None and row.state in ("done", "refused"):
            assert moved[payouts[row.payout_id].key].state == {"done": "done", "refused": "declined"}[row.state]
        elif known.state == "funding":
            assert said in (("declined", "voided") if row.state == "refused" else AGREED), said
            assert row.state != "held" or (known.kind != "own" and not was_known)
        if known.state == "held":
            assert known.hurried or self.world.watch.now() >= (row.undo_until or self.world.watch.now())
        if row.state == "waiting":
            assert known.phone not in self.model.customers
        if row.state == "returned":
            assert row.waits_until is not None
            assert self.world.bank.clock.now() >= row.waits_until
        was, known.state = known.state, row.state
        if row.state == "done":
            effects.delivered(self.model, known)
            known.recipient = known.recipient or known.phone
            self.note(f"transfer done {known.means}")
            if known.kind == "own" and known.token and known.from_another_bank:
                self.note("from one own bank card to another")
        elif not known.is_open:
            effects.sent_back(self.model, known)
            self.note(f"transfer given back {known.means}")
        self.note(f"transfer {was} then {row.state}")

    def _look_at_request(self, known: model.Transfer, state: str) -> None:
        if known.request == state:
            return
        assert (known.request, state) == ("asked", "expired")
        known.request = state
        self.note("return request expired")

    def knows(self, this: model.Transfer) -> bool:
        """Whether money of this sender has reached this recipient before."""
        there = ("token", this.token) if this.token else ("recipient", this.recipient)
        if not there[1]:
            return False
        done = (each for each in self.model.transfers.values() if each.state == "done" and each.id != this.id)
        return any(each.sender == this.sender and getattr(each, there[0]) == there[1] for each in done)

    def said_of(self, known: Payment) -> str:
        """The state of a payment in its biller's book; empty when it never came there."""
        rows = self.world.biller.registry(known.biller, known.started_on)
        found = [row for row in rows if row["txn_id"] == str(known.txn_id)]
        assert len(found) <= 1
        assert all(Money.from_wire(row["sum"]) == known.amount for row in found)
        return found[0]["state"] if found else ""


def _is_true(charge: CardCharge, book: dict[str, Standing]) -> None:
    """The bank knows no more of a charge than the processor's book has."""
    said = book.get(charge.key, Standing("", 0))
    may = {"new": None, "challenge": None, "authorised": {*AGREED, "voided"}}.get(charge.state, {charge.state})
    assert may is None or said.state in may, f"the bank says {charge.state}, the processor {said.state}"
    assert said.state in ("", "voided") or said.tiyn == charge.amount_tiyn


def _said(charge: CardCharge, book: dict[str, Standing]) -> str:
    """How a charge stands; one that was given up after a quarter of an hour is as good as voided."""
    return "voided" if charge.wanted == "void" else book[charge.key].state


def _means(known: Payment) -> str:
    source = known.what.source
    if known.what.card is not None:
        source = "own card" if known.what.card.is_own else "another bank's card"
    return f"by {source} and bonus" if known.what.spend and source != "bonus" else f"by {source}"


def _everything(unit: Unit) -> tuple:
    payments = {row.id: row for row in unit.exec(select(BillPayment))}
    charges = {row.id: row for row in unit.exec(select(CardCharge))}
    refunds = list(unit.exec(select(CardRefund)))
    transfers = {row.id: row for row in unit.exec(select(Transfer).where(Transfer.state != "draft"))}
    payouts = {row.id: row for row in unit.exec(select(CardPayout))}
    asked = {row.transfer_id: row.state for row in unit.exec(select(ReturnRequest))}
    return payments, charges, refunds, transfers, payouts, asked
