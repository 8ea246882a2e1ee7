"""Billers in each dialect over real HTTP: what is said of an account, what is paid, what the registry proves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kaspi_web.gateways.biller_client import BillerClient
from kaspi_web.gateways.billers import (
    AccountUnknown,
    BillerRefused,
    Billers,
    BillerSilent,
    RegistryRow,
    debt_of,
)
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.kernel.bill_lines import Debt
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.kaspi_biller import JSON, XML, BillAnswer
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.osmp import Answer, Field, Result
from kaspi_web.service_files import SHIPPED, read
from kaspi_web.settings import Settings
from tests.billers import BillerProcess
from tests.gateways.test_osmp_client import http

AT = datetime(2026, 11, 22, 7, 0, 5, tzinfo=UTC)
DAY = date(2026, 11, 22)
OF = read([SHIPPED]).services
IIN = "900101300007"


def at(biller: BillerProcess, slug: str, deed: Callable[[BillerClient], Awaitable[Any]], **settings: Any) -> Any:
    """What `deed` gets from the service's client, in its own dialect."""

    async def run() -> Any:
        doors = Billers(Settings(biller_url=biller.url, **settings))
        try:
            return await deed(doors.at(OF[slug]["address"], OF[slug]["dialect"]))
        finally:
            await doors.aclose()

    return asyncio.run(run())


def debt(biller: BillerProcess, slug: str, account: str, *, secret: bool = False, **extra: str) -> Debt:
    """What the service says of an account."""
    return debt_of(at(biller, slug, lambda door: door.check(99, account, extra, secret=secret)))


def paid(
    biller: BillerProcess,
    slug: str,
    account: str,
    amount: Money,
    *,
    txn_id: int = 1,
    secret: bool = False,
    **extra: str,
) -> Answer:
    """The answer to a payment."""
    return at(biller, slug, lambda door: door.pay(txn_id, account, amount, AT, extra, secret=secret))


def rows(biller: BillerProcess, slug: str) -> list[RegistryRow]:
    """The day's registry."""
    return at(biller, slug, lambda door: door.registry(DAY))


@pytest.mark.parametrize(
    ("slug", "account"),
    [
        ("almaty-energo", "04512287"),
        ("karaganda-zharyk", "304512287"),
        ("qazaqgaz-astana", "4512287"),
        ("almaty-su", "104512287"),
        ("astana-su", "204512287"),
        ("karaganda-zhylu", "04512287"),
        ("telecom-astana", "7172512287"),
        ("senim-domofon", "512287"),
        ("astana-clean-city", "04512287"),
        ("saryarqa-lift", "4512287"),
        ("idnet", "604512287"),
        ("alem-net", "634512287"),
        ("alma-tv", "04512287"),
        ("dastarhan-almaty", "512287"),
    ],
)
def test_a_bill_of_one_sum_is_checked_and_paid_in_every_dialect(biller: BillerProcess, slug: str, account: str):
    told = debt(biller, slug, account)
    assert told.amount == Money.tenge(20_000)
    assert bool(told.owner_name and told.address) == OF[slug]["tells_owner"]
    answer = paid(biller, slug, account, Money.tenge(500, 50))
    assert (answer.result, answer.sum) == (Result.OK, Money.tenge(500, 50))
    assert debt(biller, slug, account).amount == Money.tenge(19_499, 50)


@pytest.mark.parametrize("slug", ["kcell-activ", "beeline", "tele2", "altel"])
def test_an_operator_takes_any_mobile_number_and_tells_nothing(biller: BillerProcess, slug: str):
    assert debt(biller, slug, "7059876543") == Debt()
    assert paid(biller, slug, "7059876543", Money.tenge(1_000)).result == Result.OK
    with pytest.raises(AccountUnknown):
        debt(biller, slug, "7272123456")


@pytest.mark.parametrize(
    ("slug", "card"),
    [("onay", "9643108004512287000"), ("cts-astana", "7170000004512287"), ("tulpar-card", "300004512287")],
)
def test_a_transport_card_is_topped_up(biller: BillerProcess, slug: str, card: str):
    assert debt(biller, slug, card).amount is None
    assert paid(biller, slug, card, Money.tenge(1_000)).result == Result.OK


@pytest.mark.parametrize(
    ("slug", "account", "service", "price"),
    [
        ("almatv-net", "624512287", "m100", Money.tenge(4_990)),
        ("otau-tv", "04512287", "sport", Money.tenge(3_490)),
        ("bilim-online", "04512287", "m3", Money.tenge(49_500)),
    ],
)
def test_a_menu_is_chosen_from_at_its_price(biller: BillerProcess, slug: str, account: str, service: str, price: Money):
    menu = {choice.id: choice for choice in debt(biller, slug, account).menu}
    assert menu[service].amount == price
    assert all(set(choice.names) == {"kk", "ru", "en"} and all(choice.names.values()) for choice in menu.values())
    assert paid(biller, slug, account, price).result == Result.FORBIDDEN
    assert paid(biller, slug, account, price + Money(1), txn_id=2, service_id=service).result == Result.FORBIDDEN
    assert paid(biller, slug, account, price, txn_id=3, service_id=service).result == Result.OK


def test_a_tariff_without_a_price_leaves_the_sum_to_the_payer(biller: BillerProcess):
    assert paid(biller, "almatv-net", "624512287", Money.tenge(777), service_id="open").result == Result.OK


@pytest.mark.parametrize("slug", ["balbobek", "aqbota", "baldauren"])
def test_a_kindergarten_wants_to_know_the_group_and_the_month(biller: BillerProcess, slug: str):
    assert debt(biller, slug, "04512287").amount == Money.tenge(20_000)
    assert paid(biller, slug, "04512287", Money.tenge(100)).result == Result.FORBIDDEN
    answer = paid(biller, slug, "04512287", Money.tenge(100), txn_id=2, group="Балапан", period="112026")
    assert answer.result == Result.OK


@pytest.mark.parametrize("slug", ["alatau-university", "esil-college", "saryarqa-technical"])
def test_a_university_wants_to_know_the_year_of_study(biller: BillerProcess, slug: str):
    assert paid(biller, slug, "04512287", Money.tenge(100)).result == Result.FORBIDDEN
    assert paid(biller, slug, "04512287", Money.tenge(100), txn_id=2, course="2").result == Result.OK


@pytest.mark.parametrize(
    ("slug", "order"), [("dala-airways", "KZ7Q4M"), ("alatau-avia", "AA3K9T"), ("bilet-jol", "BJ5M3X")]
)
def test_a_booking_is_paid_once(biller: BillerProcess, slug: str, order: str):
    owed = debt(biller, slug, order).amount
    assert owed is not None
    assert owed > ZERO
    assert paid(biller, slug, order, owed).result == Result.OK
    with pytest.raises(BillerRefused):
        debt(biller, slug, order)
    again = paid(biller, slug, order, owed, txn_id=2)
    assert again.result == (Result.FORBIDDEN if OF[slug]["dialect"] == "osmp" else Result.UNCHECKABLE)
    assert [row.state for row in rows(biller, slug)] == ["done", "refused"]


@pytest.mark.parametrize("slug", ["almaty-alseco", "astana-erc", "karaganda-erc"])
def test_an_account_that_nobody_has_is_unknown_in_every_dialect(biller: BillerProcess, slug: str):
    with pytest.raises(AccountUnknown):
        debt(biller, slug, "99999999")
    with pytest.raises(BillerRefused):
        debt(biller, slug, {"astana-erc": "7104512345", "karaganda-erc": "30512345"}.get(slug, "04512345"))


@pytest.mark.parametrize("slug", ["almaty-energo", "astana-su", "karaganda-zhylu"])
@pytest.mark.parametrize(("fault", "refusal"), [("temporary", BillerSilent), ("down", Unknown)])
def test_a_check_without_an_answer_says_so(biller: BillerProcess, slug: str, fault: str, refusal: type[Exception]):
    biller.set_fault(fault, biller=slug, times=1)
    with pytest.raises(refusal):
        debt(biller, slug, {"astana-su": "204512287"}.get(slug, "04512287"))


@pytest.mark.parametrize(
    ("slug", "account", "reason"),
    [("karaganda-zhylu", "04512287", "broken_json"), ("astana-su", "204512287", "broken_xml")],
)
def test_half_an_answer_is_unknown_and_a_repeat_finds_the_truth(
    biller: BillerProcess, slug: str, account: str, reason: str
):
    biller.set_fault("broken", biller=slug, times=1)
    with pytest.raises(Unknown) as unknown:
        paid(biller, slug, account, Money.tenge(200))
    assert unknown.value.reason == reason
    assert paid(biller, slug, account, Money.tenge(200)).result == Result.OK
    assert debt(biller, slug, account).amount == Money.tenge(19_800)


@pytest.mark.parametrize(("fault", "code"), [("pending", Result.UNFINISHED), ("unknown", Result.OTHER)])
def test_what_is_not_final_is_not_final_in_the_other_dialect(biller: BillerProcess, fault: str, code: Result):
    biller.set_fault(fault, biller="karaganda-zhylu", times=1)
    assert paid(biller, "karaganda-zhylu", "04512287", Money.tenge(200)).result == code
    assert paid(biller, "karaganda-zhylu", "04512287", Money.tenge(200)).result == Result.OK


@pytest.mark.parametrize("slug", ["tax-all", "tax-property", "tax-land", "tax-transport"])
def test_taxes_are_lines_by_budget_code_and_go_down_when_paid(biller: BillerProcess, slug: str):
    told = debt(biller, slug, IIN, secret=True, by="iin")
    codes = [line.code for line in told.lines]
    assert codes == (["104102", "104302", "104402"] if slug == "tax-all" else [OF[slug]["kbk"]])
    first = told.lines[0]
    answer = paid(biller, slug, IIN, first.pay, secret=True, by="iin", lines=f"{first.code}:{first.pay.wire}")
    assert answer.result == Result.OK
    left = debt(biller, slug, IIN, secret=True, by="iin")
    assert [line.code for line in left.lines] == codes[1:]
    assert left.amount == sum((line.pay for line in told.lines[1:]), ZERO)


def test_a_secret_account_travels_in_a_body_and_in_no_address():
    sent = b""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(
            next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")).split()[1]
        )
        sent = head + b"|" + await reader.readexactly(length)
        writer.write(http(json.dumps({"txn_id": "5", "result": 0, "sum": "12.50"}).encode()))
        writer.close()

    async def run() -> Answer:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            client = BillerClient(f"http://127.0.0.1:{port}/taxes", timeout_s=2, dialect=JSON)
            try:
                return await client.check(5, IIN, {"by": "iin"}, secret=True)
            finally:
                await client.aclose()

    answer = asyncio.run(run())
    head, _, body = sent.partition(b"|")
    assert head.startswith(b"POST /taxes HTTP")
    assert IIN.encode() not in head
    assert b"account=" + IIN.encode() in body
    assert b"by=iin" in body
    assert debt_of(answer).amount == Money.tenge(12, 50)


@pytest.mark.parametrize("slug", ["almaty-energo", "astana-su", "karaganda-zhylu"])
def test_the_registry_of_a_day_has_every_payment_with_its_state(biller: BillerProcess, slug: str):
    account = {"astana-su": "204512287"}.get(slug, "04512287")
    paid(biller, slug, account, Money.tenge(200), txn_id=5)
    paid(biller, slug, account[:-2] + "37", Money.tenge(10), txn_id=6)
    at_ = AT.astimezone(ALMATY).replace(microsecond=0)
    done, refused = rows(biller, slug)
    assert (done.txn_id, done.account, done.sum, done.at, done.state) == ("5", account, Money.tenge(200), at_, "done")
    assert done.prv_txn.isdigit()
    assert done.cancelled == ZERO
    assert (refused.txn_id, refused.state, refused.prv_txn) == ("6", "refused", "")


def test_the_registry_has_the_iin_that_was_paid_for(biller: BillerProcess):
    first = debt(biller, "tax-land", IIN, secret=True, by="iin").lines[0]
    paid(biller, "tax-land", IIN, first.pay, secret=True, by="iin")
    assert [row.account for row in rows(biller, "tax-land")] == [IIN]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no registry",
        b"txn_id,account,sum,txn_date,prv_txn,state\n1,2,3\n",
        b"txn_id,account,sum,txn_date,prv_txn,state\n1,2,3.00,20261122120000,7,vanished\n",
        b"txn_id,account,sum,txn_date,prv_txn,state\nx,2,3.00,20261122120000,7,done\n",
        b"txn_id,account,sum,txn_date,prv_txn,state\n1,2,3.00,today,7,done\n",
        b"txn_id,account,sum,txn_date,prv_txn,state\n1,2,-3.00,20261122120000,7,done\n",
        b"\xff\xfe",
    ],
)
def test_a_registry_that_cannot_be_read_proves_nothing(body: bytes):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(http(body))
        writer.close()

    async def run() -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            client = BillerClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", timeout_s=2)
            try:
                with pytest.raises(Unknown, match="broken_registry"):
                    await client.registry(DAY)
            finally:
                await client.aclose()

    asyncio.run(run())


def test_a_debt_that_is_named_goes_before_the_sum_and_the_lines():
    named = BillAnswer(Result.OK, "1", sum=Money(5), fields=(Field("debt", "-7.00"),))
    assert debt_of(named).amount == -Money.tenge(7)
    assert debt_of(BillAnswer(Result.OK, "1", sum=Money(5))).amount == Money(5)
    assert debt_of(Answer(Result.OK, "1", sum=Money(5))).amount is None


def test_the_same_address_in_two_dialects_has_two_clients():
    async def run() -> bool:
        doors = Billers(Settings())
        same = doors.at("/kaspi/x", JSON) is doors.at("/kaspi/x", JSON)
        other = doors.at("/kaspi/x", JSON) is not doors.at("/kaspi/x", XML)
        await doors.aclose()
        return same and other

    assert asyncio.run(run())
