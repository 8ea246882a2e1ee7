"""Payouts to other banks' cards: asked for once, asked again until the last word, told once."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.cards import jobs, payouts
from kaspi_web.domain.cards.jobs import ChargeKeyReused
from kaspi_web.domain.cards.payouts import PayoutView
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.processing import PaidOut
from tests.make.cards import OTHER_TOKEN, asked_for, payout
from tests.make.customers import customer
from tests.make.ledger import moved
from tests.make.moments import Watch
from tests.make.races import at_once, refusals

SUM = Money.tenge(3_000)


def noted(bank: Bank, payout_id: int, state: str) -> PayoutView:
    return bank.db.write_now(payouts.noted, payout_id=payout_id, answer=PaidOut(state))


def test_a_payout_is_a_row_that_a_worker_finds(bank: Bank) -> None:
    owner = customer(bank)
    before = moved(bank)
    made = payout(bank, owner, SUM)
    (job,) = bank.db.write_now(payouts.claim)
    assert (job.id, job.token, job.amount) == (made, OTHER_TOKEN, SUM)
    assert bank.db.write_now(payouts.claim) == []
    assert moved(bank) == before, "nothing is posted"


def test_one_subject_is_paid_out_once(bank: Bank) -> None:
    owner = customer(bank)
    answers = at_once(lambda: payout(bank, owner, SUM, subject="t:1"), times=6)
    assert refusals(answers) == []
    assert len(set(answers)) == 1


@pytest.mark.parametrize("other", [{"amount": SUM + Money(1)}, {"token": "tok_c"}])
def test_a_subject_of_another_payout_is_refused(bank: Bank, other: dict[str, Any]) -> None:
    owner = customer(bank)
    payout(bank, owner, SUM, subject="t:1")
    before = asked_for(bank)
    with pytest.raises(ChargeKeyReused):
        payout(bank, owner, **({"amount": SUM, "subject": "t:1"} | other))
    assert asked_for(bank) == before


@pytest.mark.parametrize("first", ["done", "declined"])
@pytest.mark.parametrize("second", ["done", "declined", "gibberish"])
def test_the_first_last_word_stands(bank: Bank, first: str, second: str) -> None:
    made = payout(bank, customer(bank), SUM)
    assert noted(bank, made, first).changed
    before = asked_for(bank)
    assert not noted(bank, made, second).changed
    assert asked_for(bank) == before
    assert bank.db.read_now(payouts.payout, payout_id=made).state == first


def test_a_time_out_is_asked_again_under_the_same_key(bank: Bank, watch: Watch) -> None:
    made = payout(bank, customer(bank), SUM)
    keys = set()
    for _ in range(20):
        (job,) = bank.db.write_now(payouts.claim)
        keys.add(job.key)
        bank.db.write_now(payouts.unknown, payout_id=made, word="timeout")
        watch.later(hours=1)
    assert len(keys) == 1


def test_a_dead_worker_s_payout_is_taken_by_the_next(bank: Bank) -> None:
    made = payout(bank, customer(bank), SUM)
    bank.db.write_now(payouts.claim)
    bank.db.write_now(payouts.hand_back, payout_ids=[made])
    assert len(bank.db.write_now(payouts.claim)) == 1
    bank.db.write_now(jobs.end_leases)
    assert len(bank.db.write_now(payouts.claim)) == 1


def test_a_word_about_no_payout_is_not_found(bank: Bank) -> None:
    with pytest.raises(NotFound):
        noted(bank, 999, "done")
    with pytest.raises(NotFound):
        bank.db.write_now(payouts.unknown, payout_id=999, word="timeout")


def test_the_street_is_told_once(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def note(unit: Unit, view: PayoutView) -> None:
        heard.append(f"{view.subject} {view.state}")

    monkeypatch.setitem(sagas.STREETS, "transfer", sagas.Street(paid_out=note))
    made = payout(bank, customer(bank), SUM, subject="transfer:3")
    for _ in range(2):
        bank.db.write_now(sagas.payout_answered, payout_id=made, answer=PaidOut("done"))
    assert heard == ["transfer:3 done"]
