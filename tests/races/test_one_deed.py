"""One deed and everybody at once: one key is one payment, one code counts once, one hold is taken once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from kaspi_web.domain.bills import proposals
from kaspi_web.domain.ledger.service import Move
from kaspi_web.kernel.money import ZERO, Money
from tests.make.bills import BILLER, issued, paid
from tests.make.customers import PHONE, customer
from tests.make.ledger import account, balance, capture, entries, hold, sql, wallet
from tests.make.onboarding import described
from tests.make.sms import last_code, messages, other_than, sent
from tests.races import callers
from tests.races.field import Field
from tests.races.givens import held, keys_of

SUM, OTHER_SUM = Money.tenge(100), Money.tenge(200)
HAD = Money.tenge(100_000)


def left(field: Field, owner: int) -> Money:
    return balance(field.bank, account(field.bank, "wallet", str(owner)))


def test_the_same_key_from_all_is_one_payment(field: Field) -> None:
    """formancehq/stack#1464, midaz#1974, medusa#14770: the same request twice paid twice."""
    owner = customer(field.bank, money=HAD)
    outcome = field.race(callers.pays, owner=owner, keys=keys_of(field.bank, owner, 1), amounts=[SUM])
    assert outcome.refusals == {}
    assert len(set(outcome.answers)) == 1
    assert (left(field, owner), held(field.bank)) == (HAD - SUM, SUM)
    assert entries(field.bank, "bill_held") == 1


def test_the_same_key_with_two_sums_at_once_pays_one_of_them_and_refuses_the_other(field: Field) -> None:
    """midaz-sdk-golang#236: the same key with other content was replayed silently."""
    owner = customer(field.bank, money=HAD)
    (key,) = keys_of(field.bank, owner, 1)
    outcome = field.race(callers.pays, owner=owner, keys=[key], amounts=[SUM, OTHER_SUM])
    assert len(set(outcome.answers)) == 1
    assert len(outcome.answers) == field.size // 2
    assert outcome.refusals == {"IntentContentChanged": field.size // 2}
    ((paid_tiyn,),) = sql(field.bank, "SELECT amount_tiyn FROM bill_payment")
    assert left(field, owner) == HAD - Money(paid_tiyn)


def test_two_keys_of_the_same_content_from_all_are_two_payments(field: Field) -> None:
    """midaz#1436: two honest identical payments in a row, the second refused."""
    owner = customer(field.bank, money=HAD)
    outcome = field.race(callers.pays, owner=owner, keys=keys_of(field.bank, owner, 2), amounts=[SUM])
    assert outcome.refusals == {}
    assert sorted(Counter(outcome.answers).values()) == [field.size // 2] * 2
    assert left(field, owner) == HAD - SUM - SUM


def test_the_same_entry_from_all_is_posted_once(field: Field) -> None:
    payer, receiver = wallet(field.bank, owner="1", money=HAD), wallet(field.bank, owner="2")
    outcome = field.race(callers.posts, moves=[Move(payer, receiver, SUM)], key="once")
    assert len(outcome.answers) == 1
    assert outcome.refusals == {"IntegrityError": field.size - 1}
    assert (balance(field.bank, payer), balance(field.bank, receiver)) == (HAD - SUM, SUM)


@pytest.mark.parametrize("numbers", [1, 8])
def test_cash_told_of_by_all_is_credited_once_for_each_number(field: Field, numbers: int) -> None:
    owner = customer(field.bank)
    told = {"network": "kaspi", "txn_date": field.bank.clock.now(), "account": PHONE, "amount": SUM}
    outcome = field.race(callers.tells_of_cash, txn_ids=[str(number) for number in range(numbers)], told=told)
    assert outcome.refusals == {}
    assert len(set(outcome.answers)) == numbers
    assert left(field, owner) == Money(SUM.tiyn * numbers)


def test_one_code_typed_by_all_counts_once(field: Field) -> None:
    code = sent(field.bank)
    outcome = field.race(callers.types_a_code, phone=PHONE, typed=code)
    assert Counter(outcome.answers) == {True: 1, False: field.size - 1}


def test_wrong_codes_typed_by_all_use_up_five_tries_and_no_more(field: Field) -> None:
    """nopCommerce#8314, shesha#4772: no cap on tries."""
    code = sent(field.bank)
    outcome = field.race(callers.types_a_code, phone=PHONE, typed=other_than(code))
    assert outcome.answers == [False] * 5
    assert outcome.refusals == {"Busy": field.size - 5}
    assert sql(field.bank, "SELECT wrong_tries FROM sms_code") == [(5,)]


def test_one_code_and_pay_by_all_is_one_payment(field: Field) -> None:
    big = Money.tenge(20_000)
    owner = customer(field.bank, money=HAD)
    made = issued(field.bank, owner)
    this = {"customer_id": owner, "intent_id": made.id, "amount": big, "source": "wallet"}
    field.bank.db.write_now(proposals.propose, **this)
    field.bank.db.write_now(proposals.send_code, **this)
    given = {"owner": owner, "intent_id": made.id, "key": made.key, "amount": big}
    outcome = field.race(callers.types_the_code_and_pays, **given, typed=last_code(field.bank, PHONE))
    # Whoever confirms before the first payment finds the code used; later the intent itself says that it was paid.
    assert outcome.refusals == {}
    assert len({payment_id for _, payment_id in outcome.answers}) == 1
    assert sql(field.bank, "SELECT COUNT(*) FROM sms_code WHERE used_at IS NOT NULL") == [(1,)]
    assert (left(field, owner), held(field.bank)) == (HAD - big, big)


def test_of_captures_and_releases_by_all_one_happens_to_each_hold(field: Field) -> None:
    """midaz#1519, blnk#41, #171: a hold committed or released twice."""
    payer, receiver = wallet(field.bank, owner="1", money=HAD), wallet(field.bank, owner="2")
    holds = [hold(field.bank, payer, SUM) for _ in range(8)]
    outcome = field.race(callers.captures_or_releases, holds=holds, amount=SUM, to=receiver)
    assert sorted(hold_id for hold_id, _ in outcome.answers) == sorted(holds)
    assert outcome.refusals == {"HoldSpent": field.size - len(holds)}
    captured = Counter(word for _, word in outcome.answers)["captured"]
    assert balance(field.bank, receiver) == Money(SUM.tiyn * captured)
    assert balance(field.bank, payer) == HAD - balance(field.bank, receiver)
    assert held(field.bank) == ZERO


def test_a_hold_taken_in_parts_by_all_gives_no_more_than_it_has(field: Field) -> None:
    """blnk PR#315, solidus#3989: refunded more than was paid."""
    payer, receiver = wallet(field.bank, owner="1", money=HAD), wallet(field.bank, owner="2")
    part, parts = Money.tenge(7), 10
    held_id = hold(field.bank, payer, Money(part.tiyn * parts) + Money.tenge(6, 99))
    outcome = field.race(callers.captures_or_releases, holds=[held_id], amount=part, to=receiver)
    assert len(outcome.answers) == parts
    assert outcome.refusals == {"HoldSpent": field.size - parts}
    assert held(field.bank) == Money.tenge(6, 99)
    assert balance(field.bank, payer) + balance(field.bank, receiver) == HAD - Money.tenge(6, 99)


def test_of_yes_and_no_by_all_one_is_the_last_word_of_each_payment_with_one_bonus(field: Field) -> None:
    owner = customer(field.bank, money=HAD)
    made = [paid(field.bank, owner, SUM).id for _ in range(8)]
    outcome = field.race(callers.says_yes_or_no, payment_ids=made)
    assert outcome.refusals == {}
    states = Counter(state for (state,) in sql(field.bank, "SELECT state FROM bill_payment"))
    assert states["done"] + states["refused"] == len(made)
    assert left(field, owner) == HAD - Money(SUM.tiyn * states["done"])
    assert balance(field.bank, account(field.bank, "bonus", str(owner))) == Money(states["done"] * SUM.tiyn // 100)
    assert balance(field.bank, account(field.bank, "biller_payable", BILLER)) == Money(SUM.tiyn * states["done"])
    assert held(field.bank) == ZERO


def test_payments_claimed_by_all_are_each_claimed_once(field: Field) -> None:
    owner = customer(field.bank, money=HAD)
    made = [paid(field.bank, owner, SUM).id for _ in range(24)]
    outcome = field.race(callers.claims)
    assert outcome.refusals == {}
    assert sorted(payment_id for taken in outcome.answers for payment_id in taken) == made


def test_a_registration_finished_by_all_opens_one_wallet(field: Field) -> None:
    cookie = described(field.bank)
    outcome = field.race(callers.opens_a_wallet, cookies=[cookie])
    assert len(outcome.answers) == 1
    assert outcome.refusals == {"AlreadyDone": field.size - 1}
    assert sql(field.bank, "SELECT COUNT(*) FROM customer") == [(1,)]
    assert sql(field.bank, "SELECT kind FROM account WHERE owner <> '' ORDER BY kind") == [("bonus",), ("wallet",)]
    assert [template for template, _ in messages(field.bank, PHONE)].count("wallet_opened") == 1


def test_a_day_settled_by_all_is_settled_once(field: Field) -> None:
    owner = customer(field.bank, money=HAD)
    held_id = hold(field.bank, account(field.bank, "wallet", str(owner)), SUM)
    capture(field.bank, held_id, SUM, account(field.bank, "biller_payable", BILLER))
    day = field.bank.clock.today()
    field.bank.clock.jump(timedelta(days=1))
    outcome = field.race(callers.settles, day=day)
    assert outcome.refusals == {}
    settled = {f"biller_payable:{BILLER}": SUM, "terminal_network:kaspi": HAD}
    assert [answer for answer in outcome.answers if answer] == [settled]
    assert entries(field.bank, "settlement") == 2
