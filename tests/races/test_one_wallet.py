"""One wallet and everybody at once: never overdrawn, exactly what it can pay for is paid, nothing is lost."""

from __future__ import annotations

from collections import Counter

from kaspi_web.domain.ledger.service import Move
from kaspi_web.kernel.money import ZERO, Money
from tests.make.bills import pay
from tests.make.customers import customer
from tests.make.ledger import account, balance, entries, sql, wallet
from tests.races import callers
from tests.races.field import Field
from tests.races.givens import held, keys_of

PRICE, LESS_THAN_IT = Money.tenge(100), Money.tenge(99, 99)


def money_for(count: int) -> Money:
    """Enough for so many, and not for one more."""
    return Money(PRICE.tiyn * count) + LESS_THAN_IT


def test_bills_paid_by_all_from_one_wallet_never_overdraw_it(field: Field) -> None:
    can = field.size * 2 // 5
    owner = customer(field.bank, money=money_for(can))
    outcome = field.race(callers.pays, owner=owner, keys=keys_of(field.bank, owner, field.size), amounts=[PRICE])
    assert len(set(outcome.answers)) == can
    assert outcome.refusals == {"InsufficientFunds": field.size - can}
    assert balance(field.bank, account(field.bank, "wallet", str(owner))) == LESS_THAN_IT
    assert held(field.bank) == Money(PRICE.tiyn * can)
    assert entries(field.bank, "bill_held") == can
    assert sql(field.bank, "SELECT COUNT(DISTINCT txn_id) FROM bill_payment") == [(can,)]


def test_bills_holds_and_transfers_at_once_together_never_overdraw_a_wallet(field: Field) -> None:
    """blnk#185: the available balance ignored holds and queued debits."""
    can = field.size // 2
    owner = customer(field.bank, money=money_for(can))
    from_, to = account(field.bank, "wallet", str(owner)), wallet(field.bank, owner="99")
    keys = keys_of(field.bank, owner, field.size)
    given = {"owner": owner, "wallet": from_, "shop": to, "keys": keys, "amount": PRICE}
    outcome = field.race(callers.spends_in_some_way, **given)
    ways = Counter(outcome.answers)
    assert ways.total() == can
    assert outcome.refusals == {"InsufficientFunds": field.size - can}
    assert balance(field.bank, from_) == LESS_THAN_IT
    assert balance(field.bank, to) == Money(PRICE.tiyn * ways["moved"])
    assert held(field.bank) == Money(PRICE.tiyn * (ways["paid"] + ways["held"]))


def test_no_credit_of_all_to_one_wallet_is_lost(field: Field) -> None:
    """blnk#238: credit lost on the receiving side."""
    payers = [wallet(field.bank, owner=str(number), money=PRICE) for number in range(1, 9)]
    receiver, each = wallet(field.bank, owner="99"), PRICE.tiyn * 8 // field.size
    moves = [Move(payer, receiver, Money(each)) for payer in payers]
    outcome = field.race(callers.posts, moves=moves)
    assert outcome.refusals == {}
    assert balance(field.bank, receiver) == Money(each * field.size)
    assert sum((balance(field.bank, payer) for payer in payers), ZERO) + balance(field.bank, receiver) == Money(
        PRICE.tiyn * 8
    )


def test_transfers_both_ways_at_once_do_not_lock_each_other_out(field: Field) -> None:
    """django-oscar PR#4594, blnk#244, laravel-wallet#82: locks taken in opposite order."""
    first, last = wallet(field.bank, owner="1", money=PRICE), wallet(field.bank, owner="2", money=PRICE)
    outcome = field.race(callers.moves_there_or_back, there=[Move(first, last, Money(1))], times=4)
    assert outcome.answers == [4] * field.size
    assert (balance(field.bank, first), balance(field.bank, last)) == (PRICE, PRICE)


def test_deeds_of_three_wallets_in_opposite_order_do_not_lock_each_other_out(field: Field) -> None:
    wallets = [wallet(field.bank, owner=str(number), money=PRICE) for number in range(1, 4)]
    way = [Move(wallets[0], wallets[1], Money(3)), Move(wallets[1], wallets[2], Money(2))]
    outcome = field.race(callers.moves_there_or_back, there=way, times=4)
    assert outcome.answers == [4] * field.size
    assert [balance(field.bank, each) for each in wallets] == [PRICE] * 3


def test_deeds_that_are_refused_after_posting_take_nothing_and_spoil_no_other(field: Field) -> None:
    """laravel-wallet#347: the kept balance was wrong after a rollback."""
    payer, receiver = wallet(field.bank, owner="1", money=money_for(field.size)), wallet(field.bank, owner="2")
    before = entries(field.bank)
    outcome = field.race(callers.posts_and_may_think_better, move=Move(payer, receiver, PRICE))
    assert len(outcome.answers) == field.size // 2
    assert outcome.refusals == {"ThoughtBetter": field.size // 2}
    assert balance(field.bank, receiver) == Money(PRICE.tiyn * (field.size // 2))
    assert entries(field.bank) == before + field.size // 2


def test_a_wallet_used_first_by_all_is_one_wallet(field: Field) -> None:
    """laravel-wallet#1009, blnk#144: a wallet created twice on first use."""
    outcome = field.race(callers.opens_an_account, kind="wallet", owner="77")
    assert outcome.refusals == {}
    assert len(set(outcome.answers)) == 1
    assert sql(field.bank, "SELECT COUNT(*) FROM account WHERE owner = '77'") == [(1,)]


def test_money_held_for_one_payment_is_not_held_again_by_those_who_press_late(field: Field) -> None:
    owner = customer(field.bank, money=money_for(2))
    (key,) = keys_of(field.bank, owner, 1)
    pay(field.bank, owner, key, PRICE)
    outcome = field.race(callers.pays, owner=owner, keys=[key], amounts=[PRICE])
    assert len(set(outcome.answers)) == 1
    assert outcome.refusals == {}
    assert held(field.bank) == PRICE
