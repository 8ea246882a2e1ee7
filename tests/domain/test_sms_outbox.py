"""The outbox: a message leaves only after its deed was committed, once, and is then forgotten."""

from __future__ import annotations

import pytest

from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.sms import outbox
from kaspi_web.domain.sms.outbox import Outgoing
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from tests.make.ledger import sql
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once
from tests.make.sms import PHONE, messages


def write(bank: Bank, times: int = 1) -> None:
    for number in range(times):
        bank.db.write_now(outbox.text_to, phone=PHONE, language="kk", template="t", number=number, name="Айгүл")


def claim(bank: Bank) -> list[Outgoing]:
    return bank.db.write_now(outbox.claim)


def test_a_message_is_claimed_with_what_fills_it(bank: Bank) -> None:
    write(bank)
    (message,) = claim(bank)
    assert (message.phone, message.language, message.template) == (PHONE, "kk", "t")
    assert message.params == {"number": 0, "name": "Айгүл"}


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
    assert bank.db.read_now(outbox.next_due) is None


def test_what_fills_a_message_is_sealed(bank: Bank) -> None:
    write(bank)
    assert "Айгүл" not in str(sql(bank, "SELECT * FROM sms_message"))


def test_the_oldest_messages_go_first_and_no_more_than_asked(bank: Bank) -> None:
    write(bank, times=5)
    first = bank.db.write_now(outbox.claim, most=3)
    assert [message.params["number"] for message in first] == [0, 1, 2]


def test_the_next_message_is_due_at_once(bank: Bank, watch: Watch) -> None:
    assert bank.db.read_now(outbox.next_due) is None
    write(bank)
    due = bank.db.read_now(outbox.next_due)
    assert due is not None
    assert due <= watch.now()


class TestThePhone:
    def receive(self, bank: Bank, message_id: int, text: str = "Код: 123456") -> None:
        bank.db.write_now(outbox.receive, message_id=message_id, phone=PHONE, text=text)

    def test_a_message_delivered_twice_is_received_once(self, bank: Bank) -> None:
        write(bank)
        for _ in range(2):
            self.receive(bank, 1)
        assert [message.text for message in bank.db.read_now(outbox.inbox, phone=PHONE)] == ["Код: 123456"]

    def test_a_message_delivered_twice_at_once_is_received_once(self, any_bank: Bank) -> None:
        write(any_bank)
        at_once(lambda: self.receive(any_bank, 1), times=4)
        assert len(any_bank.db.read_now(outbox.inbox)) == 1

    def test_a_phone_shows_its_own_messages_newest_first(self, bank: Bank) -> None:
        write(bank, times=3)
        for message_id in (1, 2):
            self.receive(bank, message_id, str(message_id))
        bank.db.write_now(outbox.receive, message_id=3, phone="+77010000102", text="other")
        assert [message.text for message in bank.db.read_now(outbox.inbox, phone=PHONE)] == ["2", "1"]
        assert len(bank.db.read_now(outbox.inbox)) == 3
        assert len(bank.db.read_now(outbox.inbox, most=1)) == 1
