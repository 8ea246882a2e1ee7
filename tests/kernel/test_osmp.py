"""The words of check/pay: what is read, what is refused, what is written."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.osmp import (
    MAX_MESSAGE,
    Answer,
    BadRequest,
    BrokenAnswer,
    Check,
    Field,
    Pay,
    Result,
    format_txn_date,
    is_final_refusal,
    parse_answer,
    parse_query,
    parse_request,
    parse_txn_date,
    render,
)

CHECK = {"command": "check", "txn_id": "1234567", "account": "4957835959", "sum": "200.00"}
PAY = CHECK | {"command": "pay", "txn_date": "20110101120005"}


@pytest.mark.parametrize("code", [4, 5, 7, 8, 79, 241, 242, 251])
def test_these_codes_refuse_for_good(code: int) -> None:
    assert is_final_refusal(code)


@pytest.mark.parametrize("code", [0, 1, 2, 3, 90, 243, 300, 301, 999, -1])
def test_success_and_every_uncertain_code_is_no_refusal(code: int) -> None:
    assert not is_final_refusal(code)


def test_a_check_is_read() -> None:
    assert parse_request(CHECK | {"trm_id": "42"}) == Check("1234567", "4957835959", Money.tenge(200), {"trm_id": "42"})


def test_a_payment_is_read_with_its_moment_in_kazakhstan() -> None:
    at = datetime(2011, 1, 1, 12, 0, 5, tzinfo=ALMATY)
    assert parse_request(PAY) == Pay("1234567", at, "4957835959", Money.tenge(200))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"txn_id": ""}, 300),
        ({"txn_id": "1" * 21}, 300),
        ({"txn_id": "-5"}, 300),
        ({"txn_id": "١٢"}, 300),
        ({"txn_id": "12\n"}, 300),
        ({"command": "cancel"}, 300),
        ({"account": ""}, 4),
        ({"account": "  "}, 4),
        ({"account": "1" * 201}, 4),
        ({"account": "12\x0034"}, 4),
        ({"sum": ""}, 300),
        ({"sum": "-1.00"}, 300),
        ({"sum": "1,00"}, 300),
        ({"sum": "1.234"}, 300),
        ({"sum": "1e5"}, 300),
        ({"sum": "٣"}, 300),
        ({"sum": ".50"}, 300),
        ({"sum": "9" * 16}, 300),
        ({"txn_date": ""}, 300),
        ({"txn_date": "20110230120005"}, 300),
        ({"txn_date": "20110101246000"}, 300),
        ({"txn_date": "2011010112005"}, 300),
        ({"txn_date": "00010101000000"}, 300),
    ],
)
def test_a_malformed_request_is_answered_with_a_code(change: dict[str, str], code: int) -> None:
    with pytest.raises(BadRequest) as refused:
        parse_request(PAY | change)
    assert refused.value.answer.result == code


@pytest.mark.parametrize("missing", ["txn_id", "txn_date", "account", "sum", "command"])
def test_a_missing_parameter_is_refused(missing: str) -> None:
    with pytest.raises(BadRequest):
        parse_request({name: value for name, value in PAY.items() if name != missing})


def test_a_parameter_given_twice_is_refused() -> None:
    with pytest.raises(BadRequest):
        parse_query(urlencode(PAY) + "&sum=1.00")


def test_a_flood_of_parameters_is_refused() -> None:
    with pytest.raises(BadRequest):
        parse_query(urlencode(CHECK | {f"data{n}": "x" for n in range(60)}))


def test_words_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(BadRequest):
        parse_query(urlencode(CHECK) + "&data1=%ff%fe")


@given(st.datetimes(datetime(2025, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)))
def test_a_moment_survives_the_journey_to_the_second(at: datetime) -> None:
    assert parse_txn_date(format_txn_date(at)) == at.replace(microsecond=0)


def test_the_accounting_day_is_counted_in_kazakhstan() -> None:
    assert format_txn_date(datetime(2026, 11, 22, 19, 0, tzinfo=UTC)) == "20261123000000"


_TXN_IDS = st.from_regex(r"[0-9]{1,20}", fullmatch=True)
_SUMS = st.builds(Money, st.integers(0, 10**15))
_ACCOUNTS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=200)
_WORDS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40).map(str.strip)
_AT = datetime(2026, 11, 22, tzinfo=ALMATY)


@given(st.builds(Pay, _TXN_IDS, st.just(_AT), _ACCOUNTS, _SUMS))
def test_a_request_that_travels_is_the_same_request(pay: Pay) -> None:
    assert parse_query(urlencode(pay.params)) == pay


_FIELDS = st.builds(Field, _WORDS.filter(bool), _WORDS, st.sampled_from(["", "disp", "prt-data"]))
_ANSWERS = st.builds(
    Answer,
    st.sampled_from(list(Result)),
    _TXN_IDS,
    st.one_of(st.just(""), _TXN_IDS),
    st.one_of(st.none(), _SUMS),
    _WORDS,
    st.lists(_FIELDS, max_size=4).map(tuple),
)


@given(_ANSWERS)
def test_an_answer_that_travels_is_the_same_answer(answer: Answer) -> None:
    assert parse_answer(render(answer), txn_id=answer.txn_id) == answer


@given(st.text(max_size=40))
def test_any_comment_gives_well_formed_xml(comment: str) -> None:
    assert parse_answer(render(Answer(0, "1", comment=comment.encode("utf-8", "ignore").decode()))).result == 0


def _response(inside: str, head: str = "") -> bytes:
    return f"{head}<response><osmp_txn_id>7</osmp_txn_id>{inside}</response>".encode()


def test_the_example_of_the_specification_is_read() -> None:
    inside = (
        "<prv_txn>2016</prv_txn><sum>200.00</sum><result>0</result>"
        '<fields><field1 name="FIO">Ж. А.</field1><field2 name="balance" type="disp">12.50</field2></fields>'
        "<comment>OK</comment>"
    )
    answer = parse_answer(_response(inside), txn_id="7")
    fields = (Field("FIO", "Ж. А."), Field("balance", "12.50", "disp"))
    assert answer == Answer(0, "7", "2016", Money.tenge(200), "OK", fields)
    assert answer.value("fio") == "Ж. А."


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<field1 name="FIO" type="prt-data">A</field1>', Field("FIO", "A", "prt-data")),
        ('<fields><field1 name="FIO" disp="1">A</field1></fields>', Field("FIO", "A", "disp")),
        ("<fields><field1>A</field1></fields>", Field("field1", "A")),
        ("<balance>5.00</balance>", Field("balance", "5.00")),
        ("<recipient_name>A</recipient_name>", Field("recipient_name", "A")),
    ],
)
def test_dialects_of_fields_are_read(inside: str, expected: Field) -> None:
    assert parse_answer(_response(f"<result>0</result>{inside}")).fields == (expected,)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"OK",
        b"<html><body>502</body></html>",
        _response("<result>0</result>")[:-5],
        _response(""),
        _response("<result></result>"),
        _response("<result>yes</result>"),
        _response("<result>0</result><result>5</result>"),
        _response("<result>0</result><sum>12,00</sum>"),
        _response("<result>0</result><sum>-5.00</sum>"),
        _response("<result>0</result><prv_txn>drop table</prv_txn>"),
        _response("<result>0</result>", '<!DOCTYPE response [<!ENTITY a "b">]>'),
        _response(
            "<result>0</result><comment>&a;</comment>", '<!DOCTYPE response [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        ),
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r><response><result>0</result></response>'.encode("utf-16"),
        _response("<result>0</result><comment>" + "x" * MAX_MESSAGE + "</comment>"),
        b'<?xml version="1.0" encoding="no-such"?>' + _response("<result>0</result>"),
    ],
)
def test_an_answer_that_cannot_be_relied_on_is_broken(body: bytes) -> None:
    with pytest.raises(BrokenAnswer):
        parse_answer(body)


def test_an_answer_about_another_payment_is_broken() -> None:
    with pytest.raises(BrokenAnswer):
        parse_answer(_response("<result>0</result>"), txn_id="8")


def test_a_code_of_no_table_is_kept_as_it_came() -> None:
    assert parse_answer(_response("<result>777</result>")).result == 777
