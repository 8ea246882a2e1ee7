"""Whatever a network sends, the answer can be read and is never a server error; money moves for a right `pay` only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.api.terminals import PAY, ask, client, password, said
from tests.make.customers import PHONE, customer
from tests.make.ledger import assert_clean, moved

_QUICK = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_VALUES = st.one_of(
    st.sampled_from(
        [PHONE, "200.00", "1e5", "-1", "1,00", "NaN", "", "7001", "20261120120000", "check", "pay", "\x00"]
    ),
    st.text(max_size=40).filter(lambda text: text.isprintable() or "\x00" in text),
    st.integers().map(str),
    st.floats().map(str),
)
_NAMES = st.sampled_from([*PAY, "trm_id", "SUM", "", "x"])


@pytest.fixture
def bank(bank: Bank) -> Iterator[Bank]:
    customer(bank)
    yield bank
    assert_clean(bank)


@_QUICK
@given(params=st.lists(st.tuples(_NAMES, _VALUES), max_size=8))
def test_any_parameters_get_an_answer_that_can_be_read(bank: Bank, params: list[tuple[str, str]]):
    assert said(ask(bank, params)).result in (0, 1, 4, 5, 90, 241, 242, 300)


@_QUICK
@given(changed=_NAMES, value=_VALUES)
@example(changed="sum", value="1.0e2")
def test_one_wrong_word_moves_money_only_when_the_answer_says_so(bank: Bank, changed: str, value: str):
    before = moved(bank)
    answer = said(ask(bank, PAY | {changed: value}))
    if answer.result not in (0, 90) or (changed, value) == ("command", "check"):
        assert moved(bank) == before


@_QUICK
@given(query=st.binary(max_size=200))
def test_any_bytes_get_an_answer_that_can_be_read(bank: Bank, query: bytes):
    before = moved(bank)
    assert said(ask(bank, method="POST", content=query)).result in (4, 300)
    assert moved(bank) == before


@_QUICK
@given(header=st.binary(max_size=60).filter(lambda raw: not set(raw) & {0, 10, 13}))
def test_any_authorization_is_refused_quietly(bank: Bank, header: bytes):
    assert ask(bank, PAY, auth=None, headers={b"Authorization": b"Basic " + header}).status_code == 401


@pytest.mark.parametrize("name", ["%00", "%ff", "a%2Fb", "%F0%9F%92%A9", "kaspi%00", "x" * 300])
def test_any_name_of_a_network_is_refused_quietly(any_bank: Bank, name: str):
    async def story() -> int:
        async with client(any_bank) as http:
            path = f"/osmp/{name}"
            secret = password(any_bank)[1]
            plain = httpx_unquote(name)
            return (await http.get(path, auth=(plain, secret), params=PAY)).status_code

    assert asyncio.run(story()) in (401, 404)


def httpx_unquote(name: str) -> str:
    """The name as the server reads it out of the path."""
    from urllib.parse import unquote

    return unquote(name, errors="replace")


@pytest.mark.parametrize("change", [{"trm_id": "\x00"}, {"trm_id": "x" * 99}, {"account": PHONE + "\x00"}], ids=repr)
def test_both_databases_take_what_a_network_may_send(any_bank: Bank, change: dict[str, str]):
    from kaspi_web import demo_data

    demo_data.load(any_bank)
    customer(any_bank)
    answer = said(ask(any_bank, PAY | change))
    # 1 would make the network repeat for ever what can never succeed.
    assert answer.result in (0, 4, 300)


def test_the_largest_sum_that_can_be_written_is_above_the_limit(bank: Bank):
    assert said(ask(bank, PAY | {"sum": Money(10**12).wire})).result == 242
