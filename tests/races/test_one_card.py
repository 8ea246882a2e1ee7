"""Cards, bonuses, refunds and transfers and everybody at once: one of two words counts, and nothing is spent twice."""

from __future__ import annotations

from collections import Counter

import pytest

from kaspi_web.domain.bills import payments
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from tests.make import transfers
from tests.make.bills import BILLER, accepted, paid
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import account, balance, sql
from tests.make.sources import give_bonus, own_card
from tests.races import card_callers
from tests.races.field import Field
from tests.races.givens import held, proposals_of

SUM, HAD = Money.tenge(100), Money.tenge(100_000)


def has(field: Field, kind: str, owner: int | str = "") -> Money:
    return balance(field.bank, account(field.bank, kind, str(owner)))


@pytest.mark.parametrize("cancels", [1, 1_000])
def test_refunds_before_and_after_the_billers_yes_give_back_no_more_than_was_paid(field: Field, cancels: int) -> None:
    """solidus#3989, blnk PR#315: refunded more than was paid, or before it was."""
    owner, parts = customer(field.bank, money=HAD), 4
    made = paid(field.bank, owner, SUM)
    part = Money(SUM.tiyn // parts)
    this = {"payment_id": made.id, "txn_id": str(made.txn_id), "slug": BILLER, "part": part, "cancels": cancels}
    outcome = field.race(card_callers.says_yes_or_gives_back, **this)
    assert set(outcome.refusals) <= {"NotPaidYet", "RefundTooMuch"}
    given = len({answer for answer in outcome.answers if answer != "yes"})
    assert given <= (1 if cancels == 1 else parts)
    back = Money(part.tiyn * given)
    assert has(field, "wallet", owner) == HAD - SUM + back
    assert has(field, "biller_payable", BILLER) == SUM - back
    assert has(field, "bonus", owner) == Money((SUM - back).tiyn // 100)
    assert sql(field.bank, "SELECT state, refunded_tiyn FROM bill_payment") == [("done", back.tiyn)]


def test_of_undo_and_send_now_by_all_one_happens_to_each_transfer(field: Field) -> None:
    owner, friend = customer(field.bank, money=HAD), customer(field.bank, phone=OTHER_PHONE)
    bank = field.bank
    made = [transfers.sent(bank, owner, transfers.to_phone(bank, owner), SUM).public_id for _ in range(8)]
    outcome = field.race(card_callers.undoes_or_hurries, owner=owner, transfer_ids=made)
    assert set(outcome.refusals) <= {"TooLateToUndo", "TransferUndone"}
    states = Counter(state for (state,) in sql(bank, "SELECT state FROM transfer"))
    assert states["done"] + states["undone"] == len(made)
    # Whoever was not refused heard what became of it.
    assert len(set(outcome.answers)) == len(made)
    assert (has(field, "wallet", friend), held(bank)) == (Money(SUM.tiyn * states["done"]), ZERO)
    assert has(field, "wallet", owner) == HAD - has(field, "wallet", friend)


def test_of_yes_and_no_to_a_return_by_all_one_is_the_answer(field: Field) -> None:
    owner, friend = customer(field.bank, money=HAD), customer(field.bank, phone=OTHER_PHONE, money=SUM)
    made = transfers.delivered(field.bank, owner, amount=SUM)
    transfers.asked_back(field.bank, owner, made.public_id)
    given = {"owner": friend, "transfer_id": made.public_id}
    outcome = field.race(card_callers.says_yes_or_no_to_a_return, **given)
    assert outcome.refusals == {"ReturnAnswered": field.size // 2}
    (answer,) = set(outcome.answers)
    back = SUM if answer == "accepted" else ZERO
    assert (has(field, "wallet", owner), has(field, "wallet", friend)) == (HAD - SUM + back, SUM + SUM - back)


def test_proposals_of_all_that_spend_the_same_bonuses_spend_them_once(field: Field) -> None:
    owner, can = customer(field.bank), 5
    give_bonus(field.bank, owner, Money(SUM.tiyn * can) + Money(1))
    keys = proposals_of(field.bank, owner, field.size, SUM, spend=SUM)
    outcome = field.race(card_callers.pays_from, owner=owner, keys=keys, amount=SUM, source="bonus")
    assert len(set(outcome.answers)) == can
    assert outcome.refusals == {"BonusShort": field.size - can}
    assert (has(field, "bonus", owner), held(field.bank)) == (Money(1), Money(SUM.tiyn * can))


def test_mixed_payments_that_lack_one_part_take_nothing_of_the_other(field: Field) -> None:
    owner, can = customer(field.bank, money=HAD), 3
    give_bonus(field.bank, owner, Money(SUM.tiyn * can // 2))
    keys = proposals_of(field.bank, owner, field.size, SUM, spend=Money(SUM.tiyn // 2))
    outcome = field.race(card_callers.pays_from, owner=owner, keys=keys, amount=SUM, source="wallet")
    assert len(outcome.answers) == can
    assert outcome.refusals == {"BonusShort": field.size - can}
    assert (has(field, "bonus", owner), held(field.bank)) == (ZERO, Money(SUM.tiyn * can))
    assert has(field, "wallet", owner) == HAD - Money(SUM.tiyn * can // 2)


@pytest.mark.parametrize("how", ["freeze", "unlink"])
def test_a_card_taken_away_while_all_pay_by_it_pays_what_came_before(field: Field, how: str) -> None:
    owner = customer(field.bank)
    card = own_card(field.bank, owner, money=HAD)
    keys = proposals_of(field.bank, owner, field.size, SUM, card_id=card.id)
    this = {"keys": keys, "amount": SUM, "card": card.public_id, "how": how}
    outcome = field.race(card_callers.pays_or_takes_the_card_away, owner=owner, **this)
    words = Counter(outcome.answers)
    assert words[how] == (field.size // 16 if how == "freeze" else 1)
    assert words["paid"] < field.size - field.size // 16
    assert set(outcome.refusals) <= ({"CardFrozen"} if how == "freeze" else {"CardGone", "NotFound"})
    assert outcome.refusals["CardFrozen"] + outcome.refusals["CardGone"] > 0
    paid_ = Money(SUM.tiyn * words["paid"])
    left = (HAD - paid_, ZERO) if how == "freeze" else (ZERO, HAD - paid_)
    assert (has(field, "card", card.id), has(field, "wallet", owner)) == left
    assert held(field.bank) == paid_


@pytest.mark.parametrize("source", ["wallet", "card"])
def test_mixed_payments_and_refusals_of_others_lock_nobody_out(field: Field, source: str) -> None:
    """django-oscar PR#4594, blnk#244: locks taken in opposite orders."""
    owner, half = customer(field.bank, money=HAD), field.size // 2
    card = own_card(field.bank, owner, money=HAD) if source == "card" else None
    give_bonus(field.bank, owner, HAD)
    keys = proposals_of(
        field.bank, owner, field.size, SUM, spend=Money(SUM.tiyn // 2), card_id=card.id if card else None
    )
    made = [paid_by_key(field.bank, owner, key, source) for key in keys[:half]]
    given = {"payment_ids": made, "keys": keys[half:], "amount": SUM, "source": source}
    outcome = field.race(card_callers.refuses_or_pays, owner=owner, **given)
    assert Counter(outcome.answers) == {"refused": half, "paid": half}
    assert held(field.bank) == Money(SUM.tiyn * half)


def test_refunds_and_payments_by_one_card_and_its_bonuses_lock_nobody_out(field: Field) -> None:
    owner, half = customer(field.bank), field.size // 2
    card = own_card(field.bank, owner, money=HAD)
    give_bonus(field.bank, owner, HAD)
    keys = proposals_of(field.bank, owner, field.size, SUM, spend=Money(SUM.tiyn // 2), card_id=card.id)
    made = [paid_by_key(field.bank, owner, key, "card") for key in keys[:half]]
    for each in made:
        accepted(field.bank, each)
    numbers = [str(txn) for (txn,) in sql(field.bank, "SELECT txn_id FROM bill_payment ORDER BY id")]
    given = {"txn_ids": numbers, "slug": BILLER, "keys": keys[half:], "amount": SUM}
    outcome = field.race(card_callers.gives_back_or_pays, owner=owner, **given)
    assert Counter(outcome.answers) == {"refunded": half, "paid": half}
    assert has(field, "biller_payable", BILLER) == ZERO


def paid_by_key(bank: Bank, owner: int, key: str, source: str) -> int:
    given = {"customer_id": owner, "key": key, "amount": SUM, "source": source}
    return bank.db.write_now(payments.pay, **given).id
