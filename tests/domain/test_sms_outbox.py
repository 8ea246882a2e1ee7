"""The outbox: a message leaves only after its deed was committed, once, and is then forgotten."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.fernet import InvalidToken
from sqlmodel import select

from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.sms import outbox
from kaspi_web.domain.sms.models import SmsMessage
from kaspi_web.domain.sms.outbox import Outgoing
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from tests.make.ledger import sql
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once
from tests.make.sms import PHONE, messages

FOREVER = datetime(2100, 1, 1, tzinfo=UTC)


def write(bank: Bank, times: int = 1) -> None:
    for number in range(times):
        bank.db.write_now(outbox.text_to, phone=PHONE, language="kk", template="t", number=number, name="Айгүл")


def claim(bank: Bank) -> list[Outgoing]:
    return bank.db.write_now(outbox.claim)


def test_a_message_is_claimed_with_what_fills_it(bank: Bank) -> None:
    write(bank)
    (message,) = claim(bank)
    assert (message.phone, message.language, message.template) == (PHONE, "kk", "t")
    assert message.open_params(bank.keys) == {"number": 0, "name": "Айгүл"}


def test_no_message_is_left_of_a_deed_that_was_refused(bank: Bank) -> None:
    """saleor#17086: a job queued before the commit that it is about."""

    def refused(unit: Unit) -> None:
        outbox.text_to(unit, phone=PHONE, language="kk", template="t")
        raise InsufficientFunds

    with pytest.raises(InsufficientFunds):
        bank.db.write_now(refused)
    assert messages(bank) == []
    assert claim(bank) == []


def test_a_message_under_way_is_given_to_nobody_else(bank: Bank) -> None:
    write(bank)
    assert len(claim(bank)) == 1
    assert claim(bank) == []


def test_a_message_claimed_by_many_at_once_is_sent_once(any_bank: Bank) -> None:
    write(any_bank, times=5)
    claimed = answers_of(at_once(lambda: claim(any_bank), times=6))
    ids = [message.id for batch in claimed for message in batch]
    assert len(claimed) == 6
    assert len(ids) == len(set(ids)) == 5


def test_the_message_of_a_dead_worker_is_sent_by_another(bank: Bank, watch: Watch) -> None:
    write(bank)
    (lost,) = claim(bank)
    watch.later(seconds=29)
    assert claim(bank) == []
    watch.later(seconds=2)
    assert claim(bank) == [lost]


def test_the_waits_between_tries_grow(bank: Bank, watch: Watch) -> None:
    write(bank)
    for wait in (30, 30, 30, 120, 600, 600):
        assert len(claim(bank)) == 1
        watch.later(seconds=wait - 2)
        assert claim(bank) == []
        watch.later(seconds=2)


def test_what_was_in_a_message_is_wiped_once_it_is_sent(bank: Bank) -> None:
    write(bank)
    (message,) = claim(bank)
    bank.db.write_now(outbox.mark_sent, message_id=message.id)
    assert sql(bank, "SELECT sealed_params FROM sms_message WHERE sent_at IS NOT NULL") == [("",)]


def test_a_message_that_was_sent_is_not_sent_again(bank: Bank, watch: Watch) -> None:
    write(bank)
    bank.db.write_now(outbox.mark_sent, message_id=claim(bank)[0].id)
    watch.later(hours=1)
    assert claim(bank) == []
    assert bank.db.read_now(outbox.due, until=FOREVER) == []


def test_what_fills_a_message_is_sealed(bank: Bank) -> None:
    write(bank)
    assert "Айгүл" not in str(sql(bank, "SELECT * FROM sms_message"))


def test_the_oldest_messages_go_first_and_no_more_than_asked(bank: Bank) -> None:
    write(bank, times=5)
    first = bank.db.write_now(outbox.claim, most=3)
    assert [message.open_params(bank.keys)["number"] for message in first] == [0, 1, 2]


def write_code(bank: Bank) -> None:
    bank.db.write_now(outbox.text_to, phone=PHONE, language="kk", template="code_reset", code="123456")


def states(bank: Bank) -> list[tuple[str, str]]:
    """State and sealed content of every message."""
    return bank.db.read_now(
        lambda unit: [(row.state, row.sealed_params) for row in unit.exec(select(SmsMessage).order_by("id"))]
    )


def test_a_code_that_was_not_sent_in_time_is_wiped_and_not_sent(bank: Bank, watch: Watch) -> None:
    write_code(bank)
    watch.later(minutes=5)
    assert claim(bank) == []
    assert states(bank) == [("expired", "")]
    assert bank.db.read_now(outbox.due, until=FOREVER) == []


def test_a_code_is_sent_until_its_end(bank: Bank, watch: Watch) -> None:
    write_code(bank)
    watch.later(minutes=4, seconds=58)
    assert len(claim(bank)) == 1
    assert states(bank)[0][0] == "waiting"


def test_the_sweep_wipes_what_has_expired_and_nothing_else(any_bank: Bank, watch: Watch) -> None:
    write_code(any_bank)
    write(any_bank)
    assert any_bank.db.write_now(outbox.blank_expired) == 0
    watch.later(minutes=6)
    assert any_bank.db.write_now(outbox.blank_expired) == 1
    assert any_bank.db.write_now(outbox.blank_expired) == 0
    assert [state for state, _ in states(any_bank)] == ["expired", "waiting"]


def test_a_message_without_a_code_waits_for_a_carrier_as_long_as_it_takes(bank: Bank, watch: Watch) -> None:
    write(bank)
    watch.later(days=2)
    assert len(claim(bank)) == 1


def test_a_sent_code_is_wiped_at_delivery_and_stays_sent(bank: Bank, watch: Watch) -> None:
    write_code(bank)
    bank.db.write_now(outbox.mark_sent, message_id=claim(bank)[0].id)
    watch.later(minutes=6)
    bank.db.write_now(outbox.blank_expired)
    assert states(bank) == [("sent", "")]


def test_a_message_that_cannot_be_unsealed_holds_up_no_other(bank: Bank) -> None:
    write(bank, times=3)
    sql(bank, "UPDATE sms_message SET sealed_params = 'of another key' WHERE id = 1")
    broken, *whole = claim(bank)
    with pytest.raises(InvalidToken):
        broken.open_params(bank.keys)
    assert [message.open_params(bank.keys)["number"] for message in whole] == [1, 2]


def test_the_next_message_is_due_at_once(bank: Bank, watch: Watch) -> None:
    assert bank.db.read_now(outbox.due, until=FOREVER) == []
    write(bank)
    ((_, due),) = bank.db.read_now(outbox.due, until=FOREVER)
    assert due is not None
    assert due <= watch.now()
