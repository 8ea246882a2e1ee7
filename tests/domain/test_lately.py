"""What was paid before and can be paid again: its owner's, the last one first, each account once."""

from __future__ import annotations

import pytest

from kaspi_web.domain.bills import intents, lately, payments
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.bill_lines import Debt
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from tests.make.bills import accepted, paid, refused
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import sql
from tests.make.services import asked, service
from tests.make.topups import top_up

SUM = Money.tenge(700)


def pay_for(
    bank: Bank, owner: int, slug: str, account: str, *, way: str = "", extra: dict[str, str] | None = None
) -> str:
    """Pay for an account; answers the receipt."""
    made = bank.db.write_now(intents.issue, customer_id=owner, slug=slug, account=account, way=way, extra=extra or {})
    bank.db.write_now(intents.answered, customer_id=owner, intent_id=made.id, debt=Debt())
    one = bank.db.write_now(payments.pay, customer_id=owner, key=made.key, amount=SUM, source="wallet")
    return one.receipt


def accounts(bank: Bank, owner: int, **narrowed: str) -> list[tuple[str, str]]:
    return [(each.slug, each.account) for each in bank.db.read_now(lately.paid_lately, customer_id=owner, **narrowed)]


def test_each_account_is_there_once_and_the_last_one_first(bank: Bank) -> None:
    owner = customer(bank, money=Money.tenge(50_000))
    for slug, account in (("almaty-energo", "04512287"), ("almaty-su", "12345678"), ("almaty-energo", "04512287")):
        pay_for(bank, owner, slug, account)
    assert accounts(bank, owner) == [("almaty-energo", "04512287"), ("almaty-su", "12345678")]
    assert accounts(bank, owner, slug="almaty-su") == [("almaty-su", "12345678")]
    assert accounts(bank, owner, category="electricity") == [("almaty-energo", "04512287")]


def test_what_was_refused_is_not_offered_again(bank: Bank) -> None:
    owner = customer(bank, money=Money.tenge(50_000))
    refused(bank, paid(bank, owner, SUM).id)
    assert accounts(bank, owner) == []
    accepted(bank, paid(bank, owner, SUM).id)
    assert len(accounts(bank, owner)) == 1


def test_a_payment_is_repeated_with_its_way_and_its_further_fields(bank: Bank) -> None:
    owner = customer(bank, money=Money.tenge(50_000))
    slug = service(bank, "crew", ways=[asked("plate"), asked("notice")], extra=[asked("group")], city="almaty")
    receipt = pay_for(bank, owner, slug, "12345678", way="notice", extra={"group": "87654321"})
    again = bank.db.read_now(lately.to_repeat, customer_id=owner, receipt=receipt)
    assert (again.slug, again.way, again.account, again.is_sealed) == ("crew", "notice", "12345678", False)
    assert (again.extra, again.amount) == ({"group": "87654321"}, SUM)
    assert bank.db.read_now(lately.last_city, customer_id=owner) == "almaty"


def test_nobody_repeats_somebody_elses_payment_or_what_is_no_bill(bank: Bank) -> None:
    owner, thief = customer(bank, money=Money.tenge(50_000)), customer(bank, phone=OTHER_PHONE)
    receipt = pay_for(bank, owner, "almaty-su", "12345678")
    with pytest.raises(NotFound):
        bank.db.read_now(lately.to_repeat, customer_id=thief, receipt=receipt)
    assert accounts(bank, thief) == []
    top_up(bank, Money.tenge(100))
    (top_ups,) = sql(bank, "SELECT receipt FROM operation WHERE kind = 'topup'")
    with pytest.raises(NotFound):
        bank.db.read_now(lately.to_repeat, customer_id=owner, receipt=top_ups[0])


def test_before_any_payment_there_is_no_city(bank: Bank) -> None:
    assert bank.db.read_now(lately.last_city, customer_id=customer(bank)) == ""
