"""The bank's side of check/pay: what each way of failing becomes."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from kaspi_web.gateways.osmp_client import OsmpClient, Unknown
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.osmp import MAX_MESSAGE, Answer
from tests.billers import BillerProcess

ACCOUNT = "04512287"
SUM = Money.tenge(200)
AT = datetime(2026, 11, 22, 7, 0, 5, tzinfo=UTC)
Deed = Callable[[OsmpClient], Awaitable[Answer]]


def with_client(url: str, deed: Deed, *, timeout_s: float = 2.0, auth: tuple[str, str] | None = None) -> Answer:
    """The answer that `deed` gets from a client of `url`."""

    async def run() -> Answer:
        client = OsmpClient(url, timeout_s=timeout_s, auth=auth)
        try:
            return await deed(client)
        finally:
            await client.aclose()

    return asyncio.run(run())


def paying(txn_id: int = 1, *, account: str = ACCOUNT, amount: Money = SUM) -> Deed:
    """A payment to make."""
    return lambda client: client.pay(txn_id, account, amount, AT)


def checking(txn_id: int = 1, *, account: str = ACCOUNT) -> Deed:
    """A check to make."""
    return lambda client: client.check(txn_id, account, Money(0))


def unknown(url: str, deed: Deed, *, timeout_s: float = 2.0) -> str:
    """The reason why the outcome is unknown."""
    with pytest.raises(Unknown) as raised:
        with_client(url, deed, timeout_s=timeout_s)
    return raised.value.reason


def against(
    reply: bytes, deed: Deed, *, drip_s: float = 0.0, auth: tuple[str, str] | None = None
) -> tuple[Answer | str, bytes]:
    """What a client makes of raw bytes from a socket, and what the client sent."""
    sent = b""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        sent = await reader.readuntil(b"\r\n\r\n")
        try:
            for start in range(0, len(reply), 1 if drip_s else len(reply)):
                writer.write(reply[start : start + (1 if drip_s else len(reply))])
                await writer.drain()
                await asyncio.sleep(drip_s)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def run() -> Answer | str:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            client = OsmpClient(f"http://127.0.0.1:{port}/osmp?service=9", timeout_s=0.5, auth=auth)
            try:
                return await deed(client)
            except Unknown as error:
                return error.reason
            finally:
                await client.aclose()

    return asyncio.run(run()), sent


def http(body: bytes, *, head: bytes = b"") -> bytes:
    """An HTTP answer with this body."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s" % (len(body), head, body)


def response(*, txn_id: int = 1, amount: str = "200.00") -> bytes:
    """A successful answer."""
    return f"<response><osmp_txn_id>{txn_id}</osmp_txn_id><sum>{amount}</sum><result>0</result></response>".encode()


def test_a_check_brings_the_owner_and_the_debt(biller: BillerProcess) -> None:
    answer = with_client(biller.door(), checking())
    assert (answer.result, answer.value("FIO"), answer.value("debt")) == (0, "Сейтқали Айгүл Маратқызы", "20000.00")


def test_a_payment_brings_the_billers_number_and_is_dated_in_kazakhstan(biller: BillerProcess) -> None:
    answer = with_client(biller.door(), paying())
    (row,) = biller.registry("almaty-energo", AT.date())
    assert (answer.result, answer.sum, answer.prv_txn) == (0, Money.tenge(200), row["prv_txn"])
    assert row["txn_date"] == "20261122120005"


def test_the_same_payment_again_is_the_same_answer(biller: BillerProcess) -> None:
    assert with_client(biller.door(), paying()) == with_client(biller.door(), paying())


@pytest.mark.parametrize(("fault", "code"), [("temporary", 1), ("pending", 90), ("refuse", 7), ("unknown", 300)])
def test_a_code_is_an_answer_whatever_it_says(biller: BillerProcess, fault: str, code: int) -> None:
    biller.set_fault(fault, times=1)
    assert with_client(biller.door(), paying()).result == code


@pytest.mark.parametrize(
    ("fault", "reason", "arrived"),
    [
        ("down", "http_503", False),
        ("broken", "broken_xml", True),
        ("silent", "timeout", True),
        ("slow", "timeout", True),
    ],
)
def test_no_answer_to_rely_on_is_unknown_and_a_repeat_finds_the_truth(
    biller: BillerProcess, fault: str, reason: str, arrived: bool
) -> None:
    biller.set_fault(fault, times=1)
    assert unknown(biller.door(), paying(), timeout_s=0.4) == reason
    assert bool(biller.registry("almaty-energo", AT.date())) is arrived
    assert with_client(biller.door(), paying()).result == 0
    assert with_client(biller.door(), checking()).value("debt") == "19800.00"


def test_a_door_that_nobody_opens_is_unknown() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert unknown(f"http://127.0.0.1:{closed.getsockname()[1]}", paying()) == "unreachable"


def test_another_status_is_unknown(biller: BillerProcess) -> None:
    assert unknown(biller.door("no-such"), paying()) == "http_404"


def test_a_redirect_is_not_followed() -> None:
    reply = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    assert against(reply, paying())[0] == "http_302"


def test_an_answer_about_another_payment_is_unknown() -> None:
    assert against(http(response(txn_id=2)), paying())[0] == "broken_txn_id"


def test_an_answer_with_another_sum_is_unknown() -> None:
    assert against(http(response(amount="2.00")), paying())[0] == "other_sum"


def test_the_sum_in_a_check_is_the_billers_to_choose() -> None:
    answer, _ = against(http(response(amount="777.00")), checking())
    assert isinstance(answer, Answer)
    assert answer.sum == Money.tenge(777)


def test_a_flood_is_cut_off() -> None:
    assert against(http(b" " * (MAX_MESSAGE * 4)), paying())[0] == "broken_size"


def test_a_packed_answer_is_not_unpacked() -> None:
    assert against(http(b"\x1f\x8b\x08\x00", head=b"Content-Encoding: gzip\r\n"), paying())[0] == "broken_xml"


def test_an_answer_cut_short_is_unknown() -> None:
    assert against(http(response())[:-20], paying())[0] == "unreachable"


def test_words_that_are_no_http_are_unknown() -> None:
    assert against(b"hello\r\n\r\n", paying())[0] == "unreachable"


def test_a_biller_that_drips_does_not_hold_us_for_ever() -> None:
    begun = time.monotonic()
    assert against(http(response()), paying(), drip_s=0.05)[0] == "timeout"
    assert time.monotonic() - begun < 2


def test_the_password_and_the_billers_own_parameters_travel() -> None:
    answer, sent = against(http(response()), paying(), auth=("bank", "secret"))
    assert isinstance(answer, Answer)
    assert b"GET /osmp?service=9&command=pay" in sent
    assert b"Authorization: Basic YmFuazpzZWNyZXQ=" in sent


def test_twenty_payments_at_once_each_have_their_answer(biller: BillerProcess) -> None:
    async def run() -> list[Answer]:
        client = OsmpClient(biller.door(), timeout_s=5)
        try:
            return await asyncio.gather(*(client.pay(n, ACCOUNT, Money.tenge(10), AT) for n in range(1, 21)))
        finally:
            await client.aclose()

    assert [answer.txn_id for answer in asyncio.run(run())] == [str(n) for n in range(1, 21)]


def test_accounts_never_reach_the_log(biller: BillerProcess, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("", "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    with_client(biller.door(), checking())
    assert ACCOUNT not in caplog.text
