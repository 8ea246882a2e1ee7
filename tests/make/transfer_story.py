"""A story in which every way of a transfer through the ledger is gone."""

from __future__ import annotations

from kaspi_web.domain.cards.service import CardView
from kaspi_web.domain.transfers.delivering import WAITS
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.make import transfers as make
from tests.make.bills import accepted, confirmed, pay
from tests.make.customers import customer
from tests.make.transfers import NOBODY

_A_BIT, _PART = Money.tenge(100), Money.tenge(5)
_ME, _FRIEND, _SPENDER = "+77010000161", "+77010000162", "+77010000164"


def tell(bank: Bank) -> None:
    """Every kind of entry that transfers write, with every account it can be between."""
    me = customer(bank, phone=_ME, money=Money.tenge(10_000))
    friend = customer(bank, phone=_FRIEND, given_name="Тимур")
    mine, spare = (make.own_card(bank, me) for _ in range(2))
    make.sent(bank, me, make.to_own(bank, me, mine.public_id), Money.tenge(3_000))
    theirs, linked = make.own_card(bank, friend), make.linked(bank, me)
    _among_own(bank, me, mine, spare, linked)
    _to_somebody_new(bank, me, mine.public_id)
    for to in (make.to_phone(bank, me, _FRIEND), make.to_card_here(bank, me, theirs, friend)):
        made = make.sent(bank, me, to, _A_BIT)
        if made.state == "held":
            make.send_now(bank, me, made.public_id)
    for source in ("wallet", mine.public_id, linked.public_id):
        for to in (make.to_phone(bank, me, _FRIEND), make.to_card_here(bank, me, theirs, friend)):
            _answered(bank, me, make.sent(bank, me, to, _A_BIT, source=source).public_id)
    _to_another_bank(bank, me, mine.public_id, linked.public_id)
    _given_back(bank, me, friend)
    _with_bonuses(bank, friend, theirs)


def _among_own(bank: Bank, me: int, mine: CardView, spare: CardView, linked: CardView) -> None:
    for to, source in (
        (mine.public_id, "wallet"),
        ("wallet", mine.public_id),
        (spare.public_id, mine.public_id),
        ("wallet", linked.public_id),
        (spare.public_id, linked.public_id),
    ):
        _answered(bank, me, make.sent(bank, me, make.to_own(bank, me, to), _A_BIT, source=source).public_id)


def _answered(bank: Bank, me: int, transfer_id: str, *, payout: str = "done") -> None:
    """The processor agrees to whatever it is asked for, and nobody waits."""
    made = make.seen(bank, me, transfer_id)
    if made.state == "funding":
        make.charge_answered(bank, made, "authorised")
    if make.seen(bank, me, transfer_id).state == "held":
        make.send_now(bank, me, transfer_id)
    if make.seen(bank, me, transfer_id).state == "sending":
        make.payout_answered(bank, transfer_id, payout)


def _to_somebody_new(bank: Bank, me: int, card: str) -> None:
    """Held from wallet and card: undone, and waiting for a wallet that nobody opens."""
    for source in ("wallet", card):
        make.undo(bank, me, make.sent(bank, me, make.to_phone(bank, me, NOBODY), _A_BIT, source=source).public_id)
        waits = make.sent(bank, me, make.to_phone(bank, me, NOBODY), _A_BIT, source=source)
        make.send_now(bank, me, waits.public_id)
    bank.clock.jump(WAITS)
    make.settled(bank)
    third = customer(bank, phone="+77010000163", given_name="Асель")
    new = make.to_card_here(bank, me, make.own_card(bank, third), third)
    _answered(bank, me, make.sent(bank, me, new, _A_BIT, source=card).public_id)


def _to_another_bank(bank: Bank, me: int, card: str, linked: str) -> None:
    for source in ("wallet", card, linked):
        for payout in ("done", "declined"):
            made = make.sent(bank, me, make.to_other_bank(bank, me), _A_BIT, source=source)
            _answered(bank, me, made.public_id, payout=payout)


def _given_back(bank: Bank, me: int, friend: int) -> None:
    made = make.sent(bank, me, make.to_phone(bank, me, _FRIEND), _A_BIT)
    make.asked_back(bank, me, made.public_id)
    make.answered(bank, friend, made.public_id, yes=True)


def _with_bonuses(bank: Bank, friend: int, theirs: CardView) -> None:
    """A part of each way is paid with what a bill has earned; the last one is given back."""
    big = Money.tenge(20_000)
    me = customer(bank, phone=_SPENDER, money=Money.tenge(30_000))
    accepted(bank, pay(bank, me, confirmed(bank, me, big).key, big).id)
    mine, linked = make.own_card(bank, me), make.linked(bank, me)
    make.sent(bank, me, make.to_own(bank, me, mine.public_id), _A_BIT)
    known = make.sent(bank, me, make.to_phone(bank, me, _FRIEND), _A_BIT)
    make.send_now(bank, me, known.public_id)
    for to, source in (("wallet", mine), (mine.public_id, linked)):
        draft = make.to_own(bank, me, to)
        _answered(bank, me, make.sent(bank, me, draft, _A_BIT, source=source.public_id, spend=_PART).public_id)
    make.sent(bank, me, make.to_own(bank, me, mine.public_id), _PART, source="bonus")
    for source in ("wallet", linked.public_id):
        for to in (make.to_card_here(bank, me, theirs, friend), make.to_phone(bank, me, _FRIEND)):
            made = make.sent(bank, me, to, _A_BIT, source=source, spend=_PART)
            _answered(bank, me, made.public_id)
    make.asked_back(bank, me, made.public_id)
    make.answered(bank, friend, made.public_id, yes=True)
    _bonuses_come_back(bank, me, linked)


def _bonuses_come_back(bank: Bank, me: int, linked: CardView) -> None:
    """Undone, unclaimed, refused by the card that pays, and by the card that is paid."""
    make.undo(bank, me, make.sent(bank, me, make.to_phone(bank, me, NOBODY), _A_BIT, spend=_PART).public_id)
    waits = make.sent(bank, me, make.to_phone(bank, me, NOBODY), _A_BIT, spend=_PART)
    make.send_now(bank, me, waits.public_id)
    bank.clock.jump(WAITS)
    make.settled(bank)
    charged = make.sent(bank, me, make.to_phone(bank, me, NOBODY), _A_BIT, source=linked.public_id, spend=_PART)
    make.charge_answered(bank, charged, "declined")
    paid = make.sent(bank, me, make.to_other_bank(bank, me), _A_BIT, spend=_PART)
    _answered(bank, me, paid.public_id, payout="declined")
