"""Transfers and everybody at once: one end for each, one deed for a draft, one limit for a day, no lock in a circle."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from kaspi_web.domain.transfers.models import Transfer
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from tests.make import transfers as make
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import account, balance, entries
from tests.races import callers
from tests.races.field import Field
from tests.races.givens import held

SUM = Money.tenge(100)


def left(field: Field, owner: int) -> Money:
    return balance(field.bank, account(field.bank, "wallet", str(owner)))


def people(bank: Bank, *, money: Money) -> tuple[int, int]:
    return customer(bank, money=money), customer(bank, phone=OTHER_PHONE, money=money)


def drafted(bank: Bank, sender: int, recipient: int, count: int, **more: Any) -> list[tuple[int, str]]:
    """So many proposed drafts, put straight into the table: looking numbers up stops at thirty in ten minutes."""
    return bank.db.write_now(_drafts, sender, recipient, count, **more)


def _drafts(unit: Unit, sender: int, recipient: int, count: int, **more: Any) -> list[tuple[int, str]]:
    now = real_now()
    given = {"kind": "phone", "source": "wallet", "amount_tiyn": SUM.tiyn, "proposal": 1, "phone": "+7"} | more
    # Long enough for a race on a slow machine.
    times = {"issued_at": now, "expires_at": now + timedelta(hours=1)}
    rows = [
        Transfer(public_id=public_id(), customer_id=sender, recipient_id=recipient, **given, **times)
        for _ in range(count)
    ]
    unit.add_all(rows)
    return [(sender, row.public_id) for row in rows]


def test_of_undoings_and_sendings_by_all_one_happens_to_each_transfer(field: Field) -> None:
    me, friend = people(field.bank, money=Money.tenge(10_000))
    waiting = [make.sent(field.bank, me, make.to_phone(field.bank, me, OTHER_PHONE), SUM).public_id for _ in range(8)]
    before = left(field, me), left(field, friend)
    outcome = field.race(callers.undoes_or_sends_now, owner=me, transfers=waiting)
    ends = {transfer_id: make.seen(field.bank, me, transfer_id).state for transfer_id in waiting}
    assert all(ends[transfer_id] == state for transfer_id, state in outcome.answers)
    counted = Counter(ends.values())
    assert set(counted) <= {"done", "undone"}
    assert set(outcome.refusals) <= {"TooLateToUndo", "TransferUndone"}
    assert entries(field.bank, "transfer_sent") == counted["done"]
    assert entries(field.bank, "transfer_undone") == counted["undone"]
    assert left(field, friend) == before[1] + Money(SUM.tiyn * counted["done"])
    assert left(field, me) == before[0] + Money(SUM.tiyn * counted["undone"])
    assert held(field.bank) == ZERO


def test_one_draft_sent_by_all_is_sent_once(field: Field) -> None:
    me, friend = people(field.bank, money=Money.tenge(10_000))
    outcome = field.race(callers.sends, drafts=drafted(field.bank, me, friend, 1))
    assert outcome.refusals == {}
    assert set(outcome.answers) == {"held"}
    assert (left(field, me), held(field.bank)) == (Money.tenge(9_900), SUM)


def test_drafts_sent_by_all_never_go_beyond_the_days_limit(field: Field) -> None:
    can = field.size // 3
    me, friend = people(field.bank, money=Money(SUM.tiyn * field.size))
    make.limited(field.bank, once=SUM, day=Money(SUM.tiyn * can + SUM.tiyn - 1))
    outcome = field.race(callers.sends, drafts=drafted(field.bank, me, friend, field.size))
    assert len(outcome.answers) == can
    assert outcome.refusals == {"OverDayLimit": field.size - can}
    assert held(field.bank) == Money(SUM.tiyn * can)


def test_people_who_send_to_each_others_wallets_and_cards_do_not_lock_each_other_out(field: Field) -> None:
    bank = field.bank
    me, friend = people(bank, money=Money.tenge(100_000))
    mine, theirs = make.own_card(bank, me), make.own_card(bank, friend)
    for sender, card, phone in ((me, mine, OTHER_PHONE), (friend, theirs, PHONE)):
        make.sent(bank, sender, make.to_own(bank, sender, card.public_id), Money(SUM.tiyn * field.size))
        make.delivered(bank, sender, phone, SUM)
    half, by_card = field.size // 2, {"source": "card"}
    there = drafted(bank, me, friend, half, card_id=mine.id, to_card_id=theirs.id, **by_card)
    back = drafted(bank, friend, me, half, card_id=theirs.id, to_card_id=mine.id, **by_card)
    mixed = [draft for pair in zip(there, back, strict=True) for draft in pair]
    outcome = field.race(callers.sends, drafts=mixed)
    assert outcome.refusals == {}
    assert set(outcome.answers) == {"done"}
    both = [make.on_card(bank, owner, card) or ZERO for owner, card in ((me, mine), (friend, theirs))]
    assert both[0] + both[1] == Money(2 * SUM.tiyn * field.size)
