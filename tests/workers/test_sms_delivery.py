"""SMS delivery: every message once, in its reader's language, and none lost to a carrier or a crash."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from kaspi_web.domain.bills import outcomes, proposals
from kaspi_web.domain.sms import outbox
from kaspi_web.gateways.sms import SimulatedPhone, SmsGateway, gateway_of
from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.faults import PlannedFault
from kaspi_web.kernel.money import Money
from kaspi_web.settings import ROOT
from kaspi_web.workers import sms
from tests.databases import open_bank
from tests.make.bills import issued, paid
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import sql
from tests.make.moments import Watch
from tests.make.onboarding import begun, registered, verified
from tests.make.phone import received
from tests.make.topups import top_up


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


class Carrier:
    """Somebody else's carrier: refuses some numbers."""

    def __init__(self, *refused: str) -> None:
        self.refused, self.taken = refused, []

    async def send(self, message_id: int, phone: str, text: str) -> None:
        if phone in self.refused:
            raise ConnectionError("no route")
        self.taken.append((phone, text))


def deliver(bank: Bank, carrier: SmsGateway | None = None) -> int:
    return asyncio.run(sms.deliver(bank, carrier or gateway_of(bank)))


def texts(bank: Bank, phone: str = PHONE) -> list[str]:
    """What the simulated phone shows, newest first."""
    return received(bank, phone)


def hello(bank: Bank, phone: str = PHONE) -> None:
    bank.db.write_now(outbox.text_to, phone=phone, language="en", template="password_changed")


def test_a_message_is_delivered_once_and_its_content_is_forgotten(bank: Bank):
    hello(bank)
    assert (deliver(bank), deliver(bank)) == (1, 0)
    assert len(texts(bank)) == 1
    assert sql(bank, "SELECT sealed_params FROM sms_message")[0][0] == ""


def test_many_messages_arrive_in_their_order(bank: Bank):
    for number in range(50):
        bank.db.write_now(outbox.text_to, phone=PHONE, language="en", template="code_reset", code=f"{number:06d}")
    taken = [deliver(bank) for _ in range(4)]
    assert taken == [20, 20, 10, 0]
    assert [text[5:11] for text in texts(bank)] == [f"{number:06d}" for number in range(49, -1, -1)]


def _code_pay(bank: Bank, owner: int) -> None:
    made = issued(bank, owner)
    this: Any = {"customer_id": owner, "intent_id": made.id}
    bank.db.write_now(proposals.propose, amount=Money.tenge(20_000), source="wallet", **this)
    bank.db.write_now(proposals.send_code, amount=Money.tenge(20_000), source="wallet", **this)


def _done_late(bank: Bank, owner: int) -> None:
    made = paid(bank, owner, Money.tenge(4_812, 40))
    bank.clock.jump(timedelta(minutes=5))
    bank.db.write_now(outcomes.accepted, payment_id=made.id, biller_txn="1")


def _refused(bank: Bank, owner: int) -> None:
    made = paid(bank, owner, Money.tenge(4_812, 40))
    bank.db.write_now(outcomes.refused, payment_id=made.id, word="5")


DEEDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "code_pay": (_code_pay, ("20000",)),
    "payment_done": (_done_late, ("4812",)),
    "payment_refused": (_refused, ("4812",)),
    "topup_credited": (lambda bank, _: top_up(bank, Money.tenge(1_234), terminal="almaty-01"), ("1234", "51234")),
}


def _bare(text: str) -> str:
    return re.sub(r"[\s\u00a0,](?=\d{3})", "", text)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("template", sorted(DEEDS))
def test_money_is_told_in_the_customers_language_with_the_sum_in_full(bank: Bank, template: str, language: str):
    deed, sums = DEEDS[template]
    deed(bank, customer(bank, money=Money.tenge(50_000), language=language))
    deliver(bank)
    (text,) = texts(bank)
    opening = re.split(r"\{\w+\}", words(language)(f"sms.{template}"))
    assert all(part.strip() in text for part in opening)
    assert all(each in _bare(text) for each in sums)
    assert "₸" in text
    assert "{" not in text


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("purpose", ["register", "reset"])
def test_a_code_comes_in_the_language_of_the_page(bank: Bank, purpose: str, language: str):
    customer(bank, language="kk")
    begun(bank, purpose=purpose, language=language)
    deliver(bank)
    (text,) = texts(bank)
    assert re.search(r"\b\d{6}\b", text)
    assert all(part.strip() in text for part in re.split(r"\{\w+\}", words(language)(f"sms.code_{purpose}")))


def test_an_opened_wallet_and_a_new_password_are_told(bank: Bank):
    registered(bank)
    deliver(bank)
    assert words("kk")("sms.wallet_opened", brand=bank.settings.brand) in texts(bank)


def test_every_template_of_the_bank_has_words_in_every_language():
    source = "\n".join(file.read_text() for file in (ROOT / "kaspi_web" / "domain").rglob("*.py"))
    named = set(re.findall(r"""template="([a-z_]+)\"""", source))
    assert {"code_pay", "topup_credited", "wallet_opened", "password_changed"} <= named
    # Others are handed on by position, or put together from their purpose.
    quoted = set(re.findall(r"""\"([a-z_]+)\"""", source)) | {"code_register", "code_reset"}
    for language in LOCALES:
        spoken = {key.removeprefix("sms.") for key in sorted(words(language).keys()) if key.startswith("sms.")}
        assert named <= spoken <= quoted


def test_a_code_is_in_no_message_before_its_delivery_in_the_clear(bank: Bank):
    verified(bank)
    sealed = sql(bank, "SELECT sealed_params FROM sms_message")
    assert sealed
    assert not [row for row in sealed if re.search(r"\d{6}\"", row[0])]


def test_a_message_that_the_carrier_refused_is_sent_later(bank: Bank, watch: Watch):
    hello(bank)
    deliver(bank, Carrier(PHONE))
    assert texts(bank) == []
    assert deliver(bank) == 0, "not before the wait is over"
    watch.later(seconds=31)
    assert deliver(bank) == 1
    assert len(texts(bank)) == 1


def test_a_number_that_the_carrier_refuses_holds_up_nobody_else(bank: Bank, watch: Watch):
    carrier = Carrier(PHONE)
    hello(bank)
    hello(bank, OTHER_PHONE)
    for _ in range(3):
        with contextlib.suppress(ConnectionError):
            deliver(bank, carrier)
        watch.later(minutes=15)
    assert [phone for phone, _ in carrier.taken] == [OTHER_PHONE]


def test_a_message_without_words_holds_up_nobody_else(bank: Bank, watch: Watch):
    bank.db.write_now(outbox.text_to, phone=OTHER_PHONE, language="en", template="of_a_former_version")
    hello(bank)
    for _ in range(3):
        with contextlib.suppress(KeyError):
            deliver(bank)
        watch.later(minutes=15)
    assert len(texts(bank)) == 1


def test_a_crash_after_sending_shows_the_message_once_on_the_phone(bank: Bank, watch: Watch):
    hello(bank)
    doomed = open_bank(bank.settings.database, bank.settings.data_dir, faults="sms.sent=raise")
    with doomed as crashing, pytest.raises(PlannedFault):
        deliver(crashing, SimulatedPhone(crashing))
    assert len(texts(bank)) == 1
    watch.later(seconds=31)
    assert deliver(bank) == 1
    assert len(texts(bank)) == 1


_DELIVERING = """
import asyncio
from kaspi_web import settings
from kaspi_web.gateways.sms import gateway_of
from kaspi_web.kernel.bank import Bank
from kaspi_web.workers import sms
bank = Bank.open(settings.read())
asyncio.run(sms.deliver(bank, gateway_of(bank)))
"""


def test_a_process_killed_between_sending_and_noting_it_shows_the_message_once(bank: Bank, watch: Watch):
    hello(bank)
    given = {
        "DATA_DIR": str(bank.settings.data_dir),
        "DATABASE_URL": bank.settings.database,
        "DEMO": "on",
        "FAULTS": "sms.sent=kill",
    }
    command = [sys.executable, "-c", _DELIVERING]
    killed = subprocess.run(command, cwd=ROOT, env=os.environ | given, capture_output=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    assert len(texts(bank)) == 1, "sent"
    assert sql(bank, "SELECT sent_at FROM sms_message") == [(None,)], "and not noted"
    assert deliver(bank) == 0, "not before the lease is over"
    watch.later(seconds=31)
    assert deliver(bank) == 1, "so it is sent once more"
    assert len(texts(bank)) == 1
    assert sql(bank, "SELECT COUNT(*) FROM sms_message WHERE sent_at IS NOT NULL")[0][0] == 1
    assert deliver(bank) == 0


def test_two_crews_at_once_deliver_each_message_once(bank: Bank):
    for number in range(30):
        hello(bank, f"+770100{number:05d}")
    carrier = Carrier()

    async def story() -> int:
        return sum(await asyncio.gather(*(sms.deliver(bank, carrier) for _ in range(4))))

    assert asyncio.run(story()) == 30
    assert len({phone for phone, _ in carrier.taken}) == len(carrier.taken) == 30


def test_outside_demos_nobody_pretends_to_have_sent(bank: Bank):
    with open_bank(bank.settings.database, bank.settings.data_dir, demo=False) as real:
        hello(real)
        deliver(real)
        assert sql(real, "SELECT sent_at FROM sms_message") == [(None,)]
    assert texts(bank) == []
