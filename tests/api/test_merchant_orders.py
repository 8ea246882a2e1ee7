"""The merchants' order API: its own orders only, words of JSON:API, and everything strange refused in them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from kaspi_web.api import merchant_orders
from kaspi_web.api.rates import Rates
from kaspi_web.domain.orders import lifecycle
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.api.terminals import client
from tests.make import goods, shop
from tests.make import orders as make
from tests.make.ledger import assert_clean, moved, sql
from tests.make.moments import Watch
from tests.make.orders import bought, by_merchant, seen
from tests.make.sms import last_code
from tests.make.sources import bank_card, processor_says

TOKEN = "token-of-the-seller-of-these-tests"
BASE = "/shop/api/v2"


@pytest.fixture
def seller(bank: Bank) -> int:
    return goods.merchant(bank, token=TOKEN)


def call(bank: Bank, method: str, path: str, *, token: str = TOKEN, **kw: Any) -> httpx.Response:
    async def story() -> httpx.Response:
        headers = {"X-Auth-Token": token} | kw.pop("headers", {})
        async with client(bank) as http:
            return await http.request(method, BASE + path, headers=headers, **kw)

    return asyncio.run(story())


def days(bank: Bank, *, before: int = 1, after: int = 1) -> dict[str, str]:
    now, day = int(bank.clock.now().timestamp() * 1000), 24 * 3600 * 1000
    date = "filter[orders][creationDate]"
    return {f"{date}[$ge]": str(now - before * day), f"{date}[$le]": str(now + after * day)}


def change(bank: Bank, order_id: str, *, token: str = TOKEN, headers: Any = None, **attributes: Any) -> httpx.Response:
    body = {"data": {"type": "orders", "id": order_id, "attributes": attributes}}
    return call(bank, "POST", "/orders", token=token, headers=headers or {}, content=json.dumps(body))


def listed(bank: Bank, **more: str) -> Any:
    answer = call(bank, "GET", "/orders", params=days(bank) | more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.api+json"
    return answer.json()


def refusal(answer: httpx.Response) -> tuple[int, str]:
    (error,) = answer.json()["errors"]
    assert error["status"] == str(answer.status_code)
    return answer.status_code, error["code"]


def test_an_order_goes_its_whole_way_through_the_door(bank: Bank, seller: int) -> None:
    made = bought(bank, merchant_id=seller, mode="DELIVERY_REGIONAL_TODOOR", delivery=Money.tenge(990))
    for asked, told in (
        ({"status": "ACCEPTED_BY_MERCHANT"}, "ACCEPTED_BY_MERCHANT"),
        ({"status": "ASSEMBLE", "numberOfSpace": "2"}, "ASSEMBLED"),
        ({"status": "TRANSMITTED"}, "TRANSMITTED"),
        ({"status": "ARRIVED"}, "ARRIVED"),
    ):
        for _ in range(2):
            answer = change(bank, made.order, **asked)
            assert answer.status_code == 200, answer.text
            assert answer.json()["data"]["attributes"]["status"] == told
    sending = {"X-Send-Code": "true", "X-Security-Code": ""}
    assert change(bank, made.order, status="COMPLETED", headers=sending).status_code == 200
    code = last_code(bank, made.phone)
    for _ in range(2):
        done = change(bank, made.order, status="COMPLETED", headers={"X-Security-Code": code})
        assert done.json()["data"]["attributes"]["state"] == "ARCHIVE"
    assert_clean(bank)


def test_an_order_is_told_with_a_masked_name_and_nothing_more_of_its_buyer(bank: Bank, seller: int) -> None:
    made = bought(bank, merchant_id=seller, lines=[(Money(1_000_050), 2)], delivery=Money.tenge(990))
    body = listed(bank, **{"include[orders]": "user"})
    (order,) = body["data"]
    attributes = order["attributes"]
    assert (order["id"], attributes["state"], attributes["status"]) == (made.order, "NEW", "APPROVED_BY_BANK")
    assert (attributes["totalPrice"], attributes["deliveryCost"]) == (20_991, 990)
    assert attributes["customer"]["name"] == "Айгүл Н."
    known_as = attributes["customer"]["id"]
    assert body["included"] == [{"type": "customers", "id": known_as, "attributes": {"name": "Айгүл Н."}}]
    assert order["relationships"]["user"]["data"]["id"] == known_as
    assert body["meta"] == {"pageCount": 1, "totalCount": 1}
    everything = json.dumps(body, ensure_ascii=False)
    assert made.phone[2:] not in everything
    assert "Нұрланова" not in everything
    entries = call(bank, "GET", f"/orders/{made.order}/entries").json()["data"]
    assert [each["attributes"]["quantity"] for each in entries] == [2]
    assert entries[0]["attributes"]["basePrice"] == 10_000.5


def test_a_buyer_is_the_same_at_one_seller_and_another_one_at_every_other(bank: Bank, seller: int) -> None:
    other = "token-of-another-seller-of-these-tests"
    first = bought(bank, merchant_id=seller)
    again = bought(bank, merchant_id=seller, owner=first.customer_id)
    elsewhere = bought(bank, merchant_id=goods.merchant(bank, token=other), owner=first.customer_id)
    stranger = bought(bank, merchant_id=seller)

    def known_as(made: make.Bought, token: str = TOKEN) -> str:
        answer = call(bank, "GET", f"/orders/{made.order}", token=token)
        return answer.json()["data"]["attributes"]["customer"]["id"]

    assert known_as(first) == known_as(again)
    assert len({known_as(first), known_as(elsewhere, other), known_as(stranger), str(first.customer_id)}) == 4


def test_lists_are_narrowed_and_paged(bank: Bank, seller: int) -> None:
    made = [bought(bank, merchant_id=seller) for _ in range(3)]
    bank.db.write_now(lifecycle.accept, **by_merchant(made[0]))
    newest_first = [each.order for each in reversed(made)]
    pages = [listed(bank, **{"page[number]": str(page), "page[size]": "2"}) for page in range(3)]
    assert [[each["id"] for each in page["data"]] for page in pages] == [newest_first[:2], newest_first[2:], []]
    assert pages[0]["meta"] == {"pageCount": 2, "totalCount": 3}
    code = seen(bank, made[1]).code
    for narrow, count in (
        ({"state": "NEW"}, 2),
        ({"state": "NEW,PICKUP"}, 3),
        ({"status": "ACCEPTED_BY_MERCHANT"}, 1),
        ({"deliveryType": "PICKUP"}, 3),
        ({"deliveryType": "DELIVERY"}, 0),
        ({"code": code}, 1),
    ):
        asked = {f"filter[orders][{name}]": text for name, text in narrow.items()}
        assert listed(bank, **asked)["meta"]["totalCount"] == count, narrow


def test_whose_money_has_not_come_is_not_listed(bank: Bank, seller: int) -> None:
    made = bought(bank, merchant_id=seller)
    sql(bank, "UPDATE shop_order SET status = 'FUNDING' WHERE id = :id", id=made.order_id)
    assert listed(bank)["data"] == []
    assert refusal(call(bank, "GET", f"/orders/{made.order}")) == (404, "not_found")
    sql(bank, "UPDATE shop_order SET status = 'APPROVED_BY_BANK' WHERE id = :id", id=made.order_id)


def test_what_was_never_paid_is_never_listed(bank: Bank) -> None:
    owner, of = shop.buyer(bank), shop.seller(bank, token=TOKEN)
    given = {"source": "card", "card": bank_card(bank, owner).public_id}
    shop.bought(bank, owner, {shop.offer(bank, of): 1}, of, **given)
    ((order_id, name),) = sql(bank, "SELECT id, public_id FROM shop_order")
    for answer, status in (("", "FUNDING"), ("declined", "CANCELLED")):
        if answer:
            processor_says(bank, "purchase:", answer, "no_funds")
        assert sql(bank, "SELECT status FROM shop_order WHERE id = :id", id=order_id) == [(status,)]
        assert listed(bank)["data"] == []
        assert refusal(call(bank, "GET", f"/orders/{name}")) == (404, "not_found")
        assert refusal(change(bank, name, status="ACCEPTED_BY_MERCHANT")) == (404, "not_found")


def test_a_paid_order_that_was_cancelled_stays_listed(bank: Bank, seller: int) -> None:
    made = bought(bank, "bank_card", merchant_id=seller)
    change(bank, made.order, status="CANCELLED", cancellationReason="MERCHANT_OUT_OF_STOCK")
    assert [each["attributes"]["status"] for each in listed(bank)["data"]] == ["CANCELLED"]


def test_without_a_merchants_token_nothing_is_told(bank: Bank, seller: int) -> None:
    made = bought(bank, merchant_id=seller)
    sql(bank, "UPDATE merchant SET token_digest = '' WHERE id <> :id", id=seller)
    for token in ("", "x", "x" * 10_000, TOKEN + " ", "é"):
        raw = token.encode()
        assert refusal(call(bank, "GET", f"/orders/{made.order}", token=raw)) == (401, "unauthorized")  # type: ignore[arg-type]
    sql(bank, "UPDATE merchant SET active = false WHERE id = :id", id=seller)
    assert refusal(call(bank, "GET", f"/orders/{made.order}")) == (401, "unauthorized")


def test_another_sellers_order_is_not_there(bank: Bank, seller: int) -> None:
    other = bought(bank)
    returned = make.asked_back(bank, make.handed_over(bank, bought(bank)))
    before = moved(bank)
    assert listed(bank)["data"] == []
    for path in (f"/orders/{other.order}", f"/orders/{other.order}/entries"):
        assert refusal(call(bank, "GET", path)) == (404, "not_found")
    for attributes in (
        {"status": "ACCEPTED_BY_MERCHANT"},
        {"status": "CANCELLED", "cancellationReason": "MERCHANT_OUT_OF_STOCK"},
    ):
        assert refusal(change(bank, other.order, **attributes)) == (404, "not_found")
    sending = {"X-Send-Code": "true"}
    assert refusal(change(bank, other.order, status="COMPLETED", headers=sending)) == (404, "not_found")
    body = {"data": {"type": "returns", "id": returned, "attributes": {"status": "APPROVED"}}}
    assert refusal(call(bank, "POST", "/returns", content=json.dumps(body))) == (404, "not_found")
    assert call(bank, "GET", "/returns").json() == {"data": []}
    assert moved(bank) == before


def test_what_may_not_be_done_now_says_where_the_order_stands(bank: Bank, seller: int) -> None:
    made = bought(bank, merchant_id=seller)
    answer = change(bank, made.order, status="ARRIVED")
    assert refusal(answer) == (409, "order_move_refused")
    assert answer.json()["errors"][0]["meta"]["state"] == "APPROVED_BY_BANK"
    why = change(bank, made.order, status="CANCELLED", cancellationReason="BUYER_CANCELLATION_HIMSELF")
    assert refusal(why) == (400, "order_reason_unknown")


def test_pieces_of_one_entry_drop_out_as_many_in_all_as_is_said(bank: Bank, seller: int) -> None:
    made = bought(bank, merchant_id=seller, lines=[(Money.tenge(5_000), 3)])
    pieces = {"status": "CANCELLED", "cancellationReason": "MERCHANT_OUT_OF_STOCK", "entryNumber": 1}
    for _ in range(2):
        answer = change(bank, made.order, **pieces, cancelledQuantity=1)
        assert answer.json()["data"]["attributes"]["totalPrice"] == 10_000
    assert refusal(change(bank, made.order, **pieces)) == (400, "bad_request")


def test_a_wrong_code_is_refused_and_counted(bank: Bank, seller: int) -> None:
    made = make.accepted(bank, bought(bank, merchant_id=seller))
    assert refusal(change(bank, made.order, status="COMPLETED")) == (400, "bad_request")
    assert refusal(change(bank, made.order, status="COMPLETED", headers={"X-Security-Code": "1"})) == (
        409,
        "code_expired",
    )
    change(bank, made.order, status="COMPLETED", headers={"X-Send-Code": "true"})
    wrong = "0000" if last_code(bank, made.phone) != "0000" else "0001"
    said = [refusal(change(bank, made.order, status="COMPLETED", headers={"X-Security-Code": wrong})) for _ in range(6)]
    assert said == [(400, "code_wrong")] * 4 + [(429, "too_many_tries")] * 2


def test_ten_wrong_codes_in_all_are_a_conflict_and_no_wait(
    bank: Bank, seller: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(monkeypatch)
    made, said = make.accepted(bank, bought(bank, merchant_id=seller)), []
    for _ in range(2):
        watch.later(hours=1, seconds=1)
        change(bank, made.order, status="COMPLETED", headers={"X-Send-Code": "true"})
        wrong = {"X-Security-Code": "0000" if last_code(bank, made.phone) != "0000" else "0001"}
        said = [refusal(change(bank, made.order, status="COMPLETED", headers=wrong)) for _ in range(5)]
    assert said == [(400, "code_wrong")] * 4 + [(409, "hand_over_locked")]
    sending = {"X-Send-Code": "true"}
    assert refusal(change(bank, made.order, status="COMPLETED", headers=sending)) == (409, "hand_over_locked")


def test_returns_are_listed_and_answered(bank: Bank, seller: int) -> None:
    made = make.handed_over(bank, bought(bank, merchant_id=seller, lines=[(Money.tenge(5_000), 2)]))
    name = make.asked_back(bank, made)
    (row,) = call(bank, "GET", "/returns", params={"filter[returns][state]": "asked"}).json()["data"]
    assert (row["id"], row["attributes"]["orderId"], row["attributes"]["quantity"]) == (name, made.order, 1)
    for status, state in (("APPROVED", "approved"), ("RECEIVED", "done")):
        body = {"data": {"type": "returns", "id": name, "attributes": {"status": status}}}
        answer = call(bank, "POST", "/returns", content=json.dumps(body))
        assert answer.json()["data"]["attributes"]["state"] == state
    assert_clean(bank)


STRANGE = [
    {"filter[orders][creationDate][$ge]": "x"},
    {"filter[orders][creationDate][$ge]": "9" * 15},
    {"filter[orders][creationDate][$le]": ""},
    {"filter[orders][creationDate][$ge]": "0"},
    {"filter[orders][creationDate][$le]": "0"},
    {"page[size]": "101"},
    {"page[size]": "0"},
    {"page[number]": "-1"},
    {"page[number]": "9" * 14},
    {"filter[orders][state]": "EVERY"},
    {"filter[orders][status]": "FUNDING"},
    {"filter[orders][deliveryType]": "PIGEON"},
    {"filter[orders][code]": "1' OR '1'='1"},
]


@pytest.mark.parametrize("strange", STRANGE, ids=str)
def test_a_question_that_cannot_be_read_is_refused(bank: Bank, seller: int, strange: dict[str, str]) -> None:
    status, code = refusal(call(bank, "GET", "/orders", params=days(bank) | strange))
    assert (status, code) in ((400, "bad_request"), (400, "order_days_too_many"))


def test_more_than_fourteen_days_are_refused(bank: Bank, seller: int) -> None:
    answer = call(bank, "GET", "/orders", params=days(bank, before=14, after=1))
    assert refusal(answer) == (400, "order_days_too_many")
    assert call(bank, "GET", "/orders", params=days(bank, before=13, after=1)).status_code == 200


BODIES = [
    b"",
    b"[]",
    b"null",
    b"\xff",
    b"[" * 5_000,
    b'{"data": 1}',
    b'{"data": {"type": "orders"}}',
    b'{"data": {"type": "users", "id": "x", "attributes": {}}}',
    b'{"data": {"type": "orders", "id": "x", "attributes": []}}',
    b'{"data": {"type": "orders", "id": "abc", "attributes": {"status": ["x"]}}}',
    b'{"data": {"type": "orders", "id": "abc", "attributes": {"status": "DELETED"}}}',
    b'{"data": {"type": "orders", "id": "abc", "attributes": {"status": "ASSEMBLE", "numberOfSpace": 1.5}}}',
    b'{"data": {"type": "orders", "id": "abc", "attributes": {"status": "ASSEMBLE", "numberOfSpace": true}}}',
    b'{"data": {"type": "orders", "id": "abc", "attributes": {"status": "CANCELLED", "cancellationReason": 1}}}',
    b" " * 9_000,
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body[:60]))
def test_a_body_that_cannot_be_read_is_refused(bank: Bank, seller: int, body: bytes) -> None:
    assert refusal(call(bank, "POST", "/orders", content=body)) == (400, "bad_request")


@pytest.mark.parametrize("name", ["../x", "X", "a" * 27, "%00", "é", "1"])
def test_an_id_that_is_none_is_not_found(bank: Bank, seller: int, name: str) -> None:
    answer = change(bank, name, status="ACCEPTED_BY_MERCHANT")
    assert refusal(answer) == (404, "not_found")


def test_who_asks_too_often_is_told_to_wait(bank: Bank, seller: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merchant_orders, "REQUESTS_A_MINUTE", 2)

    async def story() -> list[httpx.Response]:
        async with client(bank) as http:
            headers = {"X-Auth-Token": TOKEN}
            return [await http.get(f"{BASE}/returns", headers=headers) for _ in range(3)]

    answers = asyncio.run(story())
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) > 0


def test_callers_do_not_use_up_one_anothers_requests() -> None:
    rates = Rates(1)
    assert [rates.wait_s(name) > 0 for name in ("one", "two", "one")] == [False, False, True]
