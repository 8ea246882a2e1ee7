"""The bank's own dialect: what is read, what is broken, what each code means, in JSON and in XML."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaspi_web.kernel.answers import MAX_MESSAGE, BrokenAnswer
from kaspi_web.kernel.bill_lines import Choice, Line, Tier
from kaspi_web.kernel.kaspi_biller import JSON, XML, BillAnswer, code_of, meaning, parse, render
from kaspi_web.kernel.kaspi_lines import names_of
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.osmp import Answer, Field, Result, is_final_refusal

NAMES = {"kk": "Жарық", "ru": "Свет", "en": "Power"}
POWER = Line(
    "power",
    NAMES,
    "кВт·ч",
    1000,
    1120,
    (Tier(115, Money(1753)), Tier(None, Money(2266))),
    debt=-Money(105),
    penalty=Money(7),
    pay=Money.tenge(2_121, 27),
)
FINE = Line(
    "n-7", NAMES, pay=Money(700), issued_on=date(2026, 11, 2), delivered_on=date(2026, 11, 9), discount_percent=50
)


def read(body: bytes, *, form: str = JSON, command: str = "check") -> BillAnswer:
    """The answer about payment 7."""
    return parse(body, form=form, command=command, txn_id="7")


def as_json(**more: Any) -> bytes:
    """A good answer in JSON, changed."""
    return json.dumps({"txn_id": "7", "result": 0} | more).encode()


@pytest.mark.parametrize(
    ("code", "check", "pay"),
    [
        (0, Result.OK, Result.OK),
        (1, Result.NO_ACCOUNT, Result.NO_ACCOUNT),
        (2, Result.FORBIDDEN, Result.FORBIDDEN),
        (3, Result.FORBIDDEN, Result.UNCHECKABLE),
        (4, Result.UNFINISHED, Result.UNFINISHED),
        (5, Result.OTHER, Result.OTHER),
        (77, Result.OTHER, Result.OTHER),
    ],
)
def test_codes_have_one_meaning_for_the_bank(code: int, check: Result, pay: Result):
    assert (meaning(code, command="check"), meaning(code, command="pay")) == (check, pay)


def test_paid_already_never_refuses_a_payment():
    assert not is_final_refusal(meaning(3, command="pay"))


@pytest.mark.parametrize("result", list(Result))
def test_what_a_biller_says_is_not_more_final_than_what_it_meant(result: Result):
    heard = meaning(code_of(result), command="pay")
    assert not is_final_refusal(heard) or is_final_refusal(result)
    assert (heard == Result.OK) == (result == Result.OK)


def test_the_example_of_the_specification_is_read():
    body = as_json(
        prv_txn_id=2016,
        sum="200.00",
        bin="100740014947",
        comment="OK",
        fields={"field1": {"@name": "name", "#text": "Ж. А."}, "services": [{"id": "5", "name": "Бір|Один"}]},
    )
    menu = (Choice("5", {"kk": "Бір", "ru": "Один", "en": "Один"}),)
    expected = BillAnswer(Result.OK, "7", "2016", Money.tenge(200), "OK", (Field("name", "Ж. А."),), (), menu)
    assert read(body, command="pay") == expected


def test_the_same_in_xml():
    body = (
        "<response><txn_id>7</txn_id><prv_txn_id>2016</prv_txn_id><result>0</result><sum>200.00</sum>"
        '<comment>OK</comment><fields><field1 name="name">Ж. А.</field1></fields></response>'
    )
    expected = BillAnswer(Result.OK, "7", "2016", Money.tenge(200), "OK", (Field("name", "Ж. А."),))
    assert read(body.encode(), form=XML) == expected


@pytest.mark.parametrize("number", ["7", 7])
def test_a_number_may_be_written_with_quotes_or_without(number: Any):
    assert read(as_json(txn_id=number, sum=12.5)).sum == Money.tenge(12, 50)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"result": 0}',
        b"[" * 60_000,
        b'{"txn_id": "7", "result": 0, "result": 1}',
        b" " * (MAX_MESSAGE + 1),
        as_json(txn_id="8"),
        as_json(result=None),
        as_json(result="yes"),
        as_json(result=-1),
        as_json(result=True),
        as_json(sum="1,00"),
        as_json(sum=-5),
        as_json(sum={}),
        as_json(prv_txn_id="drop table"),
        as_json(prv_txn_id=[1]),
        as_json(comment=[]),
        as_json(fields=[1]),
        as_json(fields={"services": {}}),
        as_json(fields={"services": [1]}),
        as_json(fields={"services": [{"name": "no id"}]}),
        as_json(fields={"lines": [{"code": "a:b", "pay_sum": "1.00"}]}),
        as_json(fields={"lines": [{"code": "a", "prev_count": "-5"}]}),
        as_json(fields={"lines": [{"code": "a", "issued": "yesterday"}]}),
        as_json(fields={"lines": [{"code": "a", "discount": "101"}]}),
        as_json(fields={"lines": [{"code": "a", "tariffs": [{"to": "5"}]}]}),
        as_json(fields={"lines": [{"code": "a", "tariffs": ["5"]}]}),
        as_json(fields={"lines": [{"code": "a", "tariffs": [{"price": "1"}, {"to": "5", "price": "1"}]}]}),
        as_json(fields={"lines": [{"code": "a", "tariffs": [{"to": str(n), "price": "1"} for n in (9, 5, 1)]}]}),
        as_json(fields={"lines": [{"code": "a"}] * 51}),
    ],
)
def test_an_answer_that_cannot_be_relied_on_is_broken(body: bytes):
    with pytest.raises(BrokenAnswer):
        read(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>502</body></html>",
        b"<response><txn_id>7</txn_id></response>",
        b"<response><txn_id>8</txn_id><result>0</result></response>",
        b"<response><txn_id>7</txn_id><result>0</result><result>1</result></response>",
        b'<!DOCTYPE r [<!ENTITY a "b">]><response><txn_id>7</txn_id><result>0</result></response>',
    ],
)
def test_a_broken_answer_in_xml_is_no_answer(body: bytes):
    with pytest.raises(BrokenAnswer):
        read(body, form=XML)


def test_two_languages_or_one_name_all_three():
    assert names_of("Жарық | Свет") == {"kk": "Жарық", "ru": "Свет", "en": "Свет"}
    assert names_of("Kcell") == {"kk": "Kcell", "ru": "Kcell", "en": "Kcell"}


def test_an_answer_of_the_other_family_can_be_written_too():
    answer = read(render(Answer(Result.OK, "7", comment="OK"), form=XML), form=XML)
    assert answer == BillAnswer(Result.OK, "7", comment="OK")


_WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
_SUMS = st.builds(Money, st.integers(0, 10**12))
_ANSWERS = st.builds(
    BillAnswer,
    st.sampled_from([Result.OK, Result.NO_ACCOUNT, Result.FORBIDDEN, Result.UNFINISHED, Result.OTHER]),
    st.just("7"),
    st.just("") | st.integers(1, 10**19).map(str),
    st.none() | _SUMS,
    _WORDS,
    st.lists(st.builds(Field, _WORDS, _WORDS), max_size=3).map(tuple),
    st.lists(st.sampled_from([POWER, FINE]), max_size=2).map(tuple),
    st.lists(st.builds(Choice, st.just("a1"), st.just(NAMES), st.none() | _SUMS), max_size=2).map(tuple),
)


@pytest.mark.parametrize("form", [JSON, XML])
@given(answer=_ANSWERS)
def test_an_answer_that_travels_is_the_same_answer(form: str, answer: BillAnswer):
    assert read(render(answer, form=form, bin_="100740014947"), form=form, command="pay") == answer
