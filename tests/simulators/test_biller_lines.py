"""Bills made of lines as the simulated billers play them: meters, fines and taxes, paid part by part."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kaspi_web.kernel.bill_lines import Line, charge, due_on
from kaspi_web.kernel.clock import ALMATY, real_now
from kaspi_web.kernel.kaspi_biller import BillAnswer, parse
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.service_files import SHIPPED, read
from kaspi_web.simulators.biller.services import shipped
from tests.billers import BillerProcess, running_biller

ALSECO, FLAT = "almaty-alseco", "04512287"
IIN = "900101300007"
PLATE, NOTICE = "777KZT02", "2611000777012"


def today() -> Any:
    """The day in Kazakhstan by real time, as the billers count."""
    return real_now().astimezone(ALMATY).date()


def ask(biller: BillerProcess, command: str, account: str, slug: str = ALSECO, **more: str) -> BillAnswer:
    """The answer to one request, by POST."""
    form = shipped()[slug].dialect
    words = {"command": command, "txn_id": "7", "account": account, "sum": "0.00", "txn_date": "20261122120005"} | more
    response = biller.http.post(f"/kaspi/{slug}", data=words)
    assert response.headers["content-type"].startswith("application/json" if form == "kaspi_json" else "text/xml")
    return parse(response.content, form=form, command=command, txn_id=words["txn_id"])


def bill(biller: BillerProcess, account: str = FLAT, slug: str = ALSECO, **more: str) -> dict[str, Line]:
    """The lines of an account by their codes."""
    answer = ask(biller, "check", account, slug, **more)
    assert answer.result == 0
    assert answer.value("debt") == sum((line.pay for line in answer.lines), ZERO).wire
    return {line.code: line for line in answer.lines}


def pay(biller: BillerProcess, parts: dict[str, Money], account: str = FLAT, slug: str = ALSECO, **more: str) -> int:
    """The result of paying these lines."""
    total = sum(parts.values(), ZERO)
    lines = ";".join(f"{code}:{part.wire}" for code, part in parts.items())
    return ask(biller, "pay", account, slug, **{"sum": total.wire, "lines": lines} | more).result


@pytest.mark.parametrize(
    ("slug", "flat"), [(ALSECO, FLAT), ("astana-erc", "7104512287"), ("karaganda-erc", "30512287")]
)
def test_a_bill_has_meters_tiers_and_what_each_line_comes_to(biller: BillerProcess, slug: str, flat: str):
    lines = bill(biller, flat, slug)
    assert list(lines) == ["power", "cold", "hot", "sewer", "heat", "waste", "lift"]
    assert all(line.pay == charge(line) > ZERO for line in lines.values())
    power = lines["power"]
    assert power.previous is not None
    assert power.last is not None
    assert power.last > power.previous
    assert [tier.up_to for tier in power.tiers] == [115, 190, None]
    assert lines["heat"].previous is None
    assert lines == bill(biller, flat, slug)


def test_some_bills_have_debts_and_penalties(biller: BillerProcess):
    numbers = [number for number, row in shipped()[ALSECO].accounts.items() if row.owed][:12]
    lines = [line for number in numbers for line in bill(biller, number).values()]
    assert any(line.debt > ZERO and line.penalty > ZERO for line in lines)


def test_who_paid_in_advance_owes_nothing(biller: BillerProcess):
    lines = bill(biller, "04512352")
    assert lines["power"].debt == -Money.tenge(640, 15)
    assert not any(line.pay for line in lines.values())


def test_lines_that_were_paid_go_down_and_others_stay(biller: BillerProcess):
    before = bill(biller)
    assert pay(biller, {"cold": before["cold"].pay, "heat": Money.tenge(1_000)}) == 0
    after = bill(biller)
    assert after["cold"].pay == ZERO
    assert after["heat"].pay == before["heat"].pay - Money.tenge(1_000)
    assert after["power"] == before["power"]


def test_paying_more_than_a_line_asks_is_an_advance_of_that_line(biller: BillerProcess):
    before = bill(biller)["lift"]
    assert pay(biller, {"lift": before.pay + Money.tenge(10)}) == 0
    assert (bill(biller)["lift"].pay, charge(bill(biller)["lift"])) == (ZERO, -Money.tenge(10))


def test_a_reading_of_ones_own_counts_from_then_on(biller: BillerProcess):
    power = bill(biller)["power"]
    assert power.previous is not None
    now = power.previous + 120
    assert pay(biller, {"power": charge(power, now)}, readings=f"power:{now}") == 0
    after = bill(biller)["power"]
    assert (after.last, after.pay) == (now, ZERO)


def test_a_sum_without_lines_is_put_onto_them_in_their_order(biller: BillerProcess):
    before = bill(biller)
    total = before["power"].pay + Money.tenge(5)
    assert ask(biller, "pay", FLAT, sum=total.wire).result == 0
    after = bill(biller)
    assert (after["power"].pay, after["cold"].pay) == (ZERO, before["cold"].pay - Money.tenge(5))


@pytest.mark.parametrize(
    "more",
    [
        {"lines": "power:100.00"},
        {"lines": "power:100.00;power:100.00"},
        {"lines": "cinema:200.00"},
        {"lines": "power:0.00;cold:200.00"},
        {"lines": "power:-1.00;cold:201.00"},
        {"lines": "power"},
        {"readings": "power:1"},
        {"readings": "heat:5"},
        {"readings": "power:99999999"},
        {"readings": "power:x"},
        {"readings": "cinema:5"},
    ],
)
def test_parts_that_do_not_fit_are_refused_for_good_and_nothing_is_paid(biller: BillerProcess, more: dict[str, str]):
    before = bill(biller)
    assert [ask(biller, "pay", FLAT, **{"sum": "200.00"} | more).result for _ in range(2)] == [7, 7]
    assert bill(biller) == before


def test_a_fine_is_found_by_plate_and_by_notice_and_its_discount_is_live(biller: BillerProcess):
    holidays = shipped()["fines-traffic"].holidays
    by_plate = bill(biller, PLATE, "fines-traffic", by="plate")
    (fine,) = bill(biller, NOTICE, "fines-traffic", by="notice").values()
    assert by_plate[fine.code] == fine
    assert fine.delivered_on == today() - timedelta(days=2)
    assert due_on(fine, today(), holidays) == Money.tenge(10_812, 50)
    old = next(line for line in by_plate.values() if line.code != fine.code)
    assert due_on(old, today(), holidays) == old.pay == Money.tenge(43_250)


def test_a_fine_paid_at_its_discount_is_settled_by_whichever_way_it_is_looked_for(biller: BillerProcess):
    code = f"n{NOTICE}"
    assert pay(biller, {code: Money.tenge(10_812, 50)}, PLATE, "fines-traffic", by="plate") == 0
    assert code not in bill(biller, PLATE, "fines-traffic", by="plate")
    assert bill(biller, NOTICE, "fines-traffic", by="notice") == {}
    assert pay(biller, {code: Money.tenge(10_812, 50)}, NOTICE, "fines-traffic", by="notice", txn_id="8") == 7


def test_less_than_the_discount_leaves_the_rest_of_the_fine(biller: BillerProcess):
    code = f"n{NOTICE}"
    assert pay(biller, {code: Money.tenge(1_000)}, PLATE, "fines-traffic", by="plate") == 0
    left = bill(biller, PLATE, "fines-traffic", by="plate")[code]
    assert left.pay == charge(left) == Money.tenge(20_625)


@pytest.mark.parametrize(("account", "by"), [(IIN, "iin"), ("123ABC02", "plate"), ("2600000000001", "notice")])
def test_every_person_car_and_notice_has_fines(biller: BillerProcess, account: str, by: str):
    fines = bill(biller, account, "fines-traffic", by=by).values()
    assert fines
    assert all(fine.discount_percent == 50 and set(fine.names) == {"kk", "ru", "en"} for fine in fines)
    assert [fine.pay for fine in fines] == [fine.pay for fine in bill(biller, account, "fines-traffic").values()]


@pytest.mark.parametrize(
    ("account", "by"),
    [("900101300008", "iin"), ("ABC", "plate"), (PLATE, "notice"), (PLATE, "horoscope"), (IIN, "plate")],
)
def test_an_account_that_is_not_of_the_named_way_is_unknown(biller: BillerProcess, account: str, by: str):
    assert ask(biller, "check", account, "fines-traffic", by=by).result == 5


def test_a_tax_has_one_sum_wherever_it_is_paid(biller: BillerProcess):
    every = bill(biller, IIN, "tax-all", by="iin")
    assert list(every) == ["104102", "104302", "104402"]
    assert bill(biller, IIN, "tax-land", by="iin")["104302"].pay == every["104302"].pay
    assert bill(biller, "900101300017", "tax-all", by="iin") != every


def test_the_book_and_its_log_hold_no_iin(tmp_path: Path):
    with running_biller(tmp_path) as biller:
        (line,) = bill(biller, IIN, "tax-property", by="iin").values()
        assert pay(biller, {line.code: line.pay}, IIN, "tax-property", by="iin") == 0
        at = datetime(2026, 11, 22).date()
        assert [row["account"] for row in biller.registry("tax-property", at)] == [IIN]
        held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"iin-" in held
    assert IIN.encode() not in held


def test_a_book_of_the_first_form_is_taken_over(tmp_path: Path):
    with sqlite3.connect(tmp_path / "biller.db") as old:
        old.execute(
            "CREATE TABLE payment (prv_txn INTEGER PRIMARY KEY AUTOINCREMENT, biller TEXT NOT NULL,"
            " txn_id TEXT NOT NULL, account TEXT NOT NULL, sum_tiyn INTEGER NOT NULL,"
            " txn_date TEXT NOT NULL, result INTEGER NOT NULL, ready_at_ms INTEGER, UNIQUE (biller, txn_id)) STRICT"
        )
        old.execute("INSERT INTO payment VALUES (5, 'almaty-energo', '1', '04512287', 100, '20261122120005', 0, NULL)")
    with running_biller(tmp_path) as biller:
        (row,) = biller.registry("almaty-energo", datetime(2026, 11, 22).date())
    assert (row["txn_id"], row["state"], row["cancelled"]) == ("1", "done", "0.00")


@pytest.mark.parametrize("slug", list(shipped()))
def test_every_shipped_service_plays_its_own_example(biller: BillerProcess, slug: str):
    plays = shipped()[slug]
    for way, pattern in plays.ways.items():
        example = _example(slug, way) if pattern else IIN
        answer = ask_any(biller, slug, example, way)
        assert re.search(r'"result": 0|<result>0</result>', answer), (way, example, answer)


def _example(slug: str, way: str) -> str:
    return next(
        each["example"] for each in json.loads(read([SHIPPED]).services[slug]["fields"])["ways"] if each["name"] == way
    )


def ask_any(biller: BillerProcess, slug: str, account: str, way: str) -> str:
    """The raw answer to a check at the service's own door."""
    door = "osmp" if shipped()[slug].dialect == "osmp" else "kaspi"
    words = {"command": "check", "txn_id": "7", "account": account, "sum": "0.00", "by": way}
    return biller.http.post(f"/{door}/{slug}", data=words).text
