"""The simulated billers, asked over TCP as any payment system would."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from kaspi_web.kernel.money import Money
from kaspi_web.kernel.osmp import Answer, parse_answer
from kaspi_web.settings import ROOT
from kaspi_web.simulators.biller.services import shipped
from tests.billers import BillerProcess, running_biller

DAY = date(2026, 11, 22)
ACCOUNT = "04512287"


def words(
    command: str = "pay", *, txn_id: int = 1, account: str = ACCOUNT, amount: str = "200.00", at: str = "120005"
) -> dict[str, str]:
    """The parameters of one request."""
    dated = {"txn_date": f"{DAY:%Y%m%d}{at}"} if command == "pay" else {}
    return {"command": command, "txn_id": str(txn_id), "account": account, "sum": amount} | dated


def raw(biller: BillerProcess, params: dict[str, str], code: str = "almaty-energo") -> httpx.Response:
    """What came back over HTTP."""
    return biller.http.get(f"/osmp/{code}", params=params)


def ask(biller: BillerProcess, params: dict[str, str], code: str = "almaty-energo") -> Answer:
    """The answer to one request."""
    response = raw(biller, params, code)
    assert response.status_code == 200
    return parse_answer(response.content, txn_id=params["txn_id"])


def owed(biller: BillerProcess, account: str = ACCOUNT) -> str:
    """The debt that a check shows."""
    return ask(biller, words("check", txn_id=999, account=account, amount="0.00")).value("debt")


def states(biller: BillerProcess) -> list[tuple[str, str]]:
    """Number and state of each payment in the day's registry."""
    return [(row["txn_id"], row["state"]) for row in biller.registry("almaty-energo", DAY)]


def test_a_check_names_the_owner_the_address_and_the_debt(biller: BillerProcess) -> None:
    answer = ask(biller, words("check"))
    assert (answer.result, answer.value("FIO"), answer.value("debt")) == (0, "Сейтқали Айгүл Маратқызы", "20000.00")
    assert answer.value("address").startswith("г. Алматы")
    assert not biller.registry("almaty-energo", DAY)


def test_a_payment_lowers_the_debt_to_the_tiyn(biller: BillerProcess) -> None:
    assert ask(biller, words(amount="150.37")).sum == Money.tenge(150, 37)
    assert owed(biller) == "19849.63"


def test_paying_more_than_is_owed_is_an_advance(biller: BillerProcess) -> None:
    ask(biller, words(account="04512303", amount="500.00"))
    assert owed(biller, "04512303") == "-500.00"


def test_the_same_payment_again_has_the_same_answer_and_credits_once(biller: BillerProcess) -> None:
    first, again = raw(biller, words()).content, raw(biller, words()).content
    assert first == again
    assert owed(biller) == "19800.00"


def test_the_same_payment_twenty_times_at_once_credits_once(biller: BillerProcess) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: raw(biller, words()).content, range(20)))
    assert len(set(answers)) == 1
    assert owed(biller) == "19800.00"


@pytest.mark.parametrize("other", [{"amount": "300.00"}, {"account": "04512295"}])
def test_a_used_number_with_other_content_is_not_credited(biller: BillerProcess, other: dict[str, str]) -> None:
    ask(biller, words())
    assert ask(biller, words(**other)).result == 300
    assert (owed(biller), owed(biller, "04512295")) == ("19800.00", "4812.40")


def test_two_billers_may_be_paid_under_one_number(biller: BillerProcess) -> None:
    assert ask(biller, words()).result == 0
    assert ask(biller, words(account="2104512287"), "astana-energo").result == 0


def test_a_form_is_understood_as_an_address_is(biller: BillerProcess) -> None:
    response = biller.http.post("/osmp/almaty-energo", data=words())
    assert response.content == raw(biller, words()).content


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"account": "123"}, 4),
        ({"account": "0451228x"}, 4),
        ({"account": "99999999"}, 5),
        ({"account": "04512345"}, 79),
        ({"amount": "9.99"}, 241),
        ({"amount": "1000000.01"}, 242),
    ],
)
@pytest.mark.parametrize("command", ["check", "pay"])
def test_what_cannot_be_paid_is_refused_and_nothing_is_credited(
    biller: BillerProcess, command: str, change: dict[str, str], code: int
) -> None:
    assert ask(biller, words(command, **change)).result == code
    assert owed(biller) == "20000.00"


@pytest.mark.parametrize("amount", ["10.00", "1000000.00"])
def test_the_limits_themselves_may_be_paid(biller: BillerProcess, amount: str) -> None:
    assert ask(biller, words(amount=amount)).result == 0


def test_a_malformed_request_is_answered_in_the_protocol(biller: BillerProcess) -> None:
    assert parse_answer(raw(biller, {"command": "pay"}).content).result == 300
    assert raw(biller, words(), "no-such").status_code == 404
    assert biller.http.post("/osmp/almaty-energo", content=b"x" * 70_000).status_code == 413


def test_the_registry_holds_the_accounting_day(biller: BillerProcess) -> None:
    ask(biller, words(txn_id=1, at="000000"))
    ask(biller, words(txn_id=2, at="235959", amount="10.50"))
    ask(biller, words(txn_id=3) | {"txn_date": "20261123000000"})
    rows = biller.registry("almaty-energo", DAY)
    assert [(row["txn_id"], row["sum"], row["txn_date"]) for row in rows] == [
        ("1", "200.00", "20261122000000"),
        ("2", "10.50", "20261122235959"),
    ]
    assert all(row["prv_txn"] and row["account"] == ACCOUNT and row["state"] == "done" for row in rows)


def test_the_late_account_is_not_finished_at_first(biller: BillerProcess) -> None:
    assert [ask(biller, words(account="04512311")).result for _ in range(3)] == [90, 90, 90]
    assert states(biller) == [("1", "pending")]
    assert owed(biller, "04512311") == "7350.00"


def test_the_stumbling_account_pays_at_the_fourth_try(biller: BillerProcess) -> None:
    assert [ask(biller, words(account="04512329")).result for _ in range(5)] == [1, 1, 1, 0, 0]
    assert owed(biller, "04512329") == "2926.75"


def test_the_refusing_account_lets_itself_be_checked_only(biller: BillerProcess) -> None:
    assert ask(biller, words("check", account="04512337")).result == 0
    assert [ask(biller, words(account="04512337")).result for _ in range(2)] == [7, 7]
    assert states(biller) == [("1", "refused")]


def test_pending_answers_90_so_many_times_and_then_0(biller: BillerProcess) -> None:
    biller.set_fault("pending", times=2)
    assert [ask(biller, words()).result for _ in range(3)] == [90, 90, 0]
    assert owed(biller) == "19800.00"


def test_pending_for_seconds_ends_by_itself(biller: BillerProcess) -> None:
    biller.set_fault("pending", times=1, seconds=0.2)
    assert [ask(biller, words()).result for _ in range(2)] == [90, 90]
    time.sleep(0.25)
    assert states(biller) == [("1", "done")]
    assert ask(biller, words()).result == 0


def test_temporary_registers_nothing(biller: BillerProcess) -> None:
    biller.set_fault("temporary", times=1)
    assert ask(biller, words()).result == 1
    assert states(biller) == []


def test_broken_sends_half_of_the_answer_and_has_the_money(biller: BillerProcess) -> None:
    biller.set_fault("broken", times=1)
    assert not raw(biller, words()).content.rstrip().endswith(b"</response>")
    assert states(biller) == [("1", "done")]
    assert ask(biller, words()).result == 0


def test_silent_has_the_money_and_says_nothing(biller: BillerProcess) -> None:
    biller.set_fault("silent", times=1)
    with pytest.raises(httpx.ReadTimeout):
        biller.http.get("/osmp/almaty-energo", params=words(), timeout=0.3)
    assert states(biller) == [("1", "done")]


def test_slow_answers_after_a_while(biller: BillerProcess) -> None:
    biller.set_fault("slow", times=1, seconds=0.3)
    begun = time.monotonic()
    assert ask(biller, words()).result == 0
    assert time.monotonic() - begun >= 0.3


def test_down_is_no_answer_of_the_protocol(biller: BillerProcess) -> None:
    biller.set_fault("down", times=1)
    assert raw(biller, words()).status_code == 503
    assert states(biller) == []


def test_unknown_answers_300_once_and_has_the_money(biller: BillerProcess) -> None:
    biller.set_fault("unknown")
    assert [ask(biller, words()).result for _ in range(2)] == [300, 0]
    assert owed(biller) == "19800.00"


def test_a_refusal_stands_when_the_fault_is_over(biller: BillerProcess) -> None:
    biller.set_fault("refuse", times=1)
    assert [ask(biller, words()).result for _ in range(2)] == [7, 7]


def test_a_payment_that_passed_is_not_refused_afterwards(biller: BillerProcess) -> None:
    ask(biller, words())
    biller.set_fault("refuse")
    assert ask(biller, words()).result == 0


def test_a_fault_of_one_account_leaves_the_others_alone(biller: BillerProcess) -> None:
    biller.set_fault("down", account="04512295")
    assert ask(biller, words()).result == 0
    assert raw(biller, words(txn_id=2, account="04512295")).status_code == 503


def test_faults_are_listed_and_cleared(biller: BillerProcess) -> None:
    biller.set_fault("down", times=3)
    assert [(f["mode"], f["times"]) for f in biller.http.get("/faults/almaty-energo").json()] == [("down", 3)]
    biller.clear("almaty-energo")
    assert biller.http.get("/faults/almaty-energo").json() == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"mode": []}',
        '{"mode": "explode"}',
        '{"mode": "down", "times": 0}',
        '{"mode": "slow", "seconds": -1}',
    ],
)
def test_a_fault_that_is_not_understood_is_refused(biller: BillerProcess, body: str) -> None:
    assert biller.http.post("/faults/almaty-energo", content=body).status_code == 400


def test_the_accounts_are_the_same_on_every_start() -> None:
    module = "kaspi_web.simulators.biller.services"
    script = f"from {module} import shipped; print([list(b.accounts.values()) for b in shipped().values()])"
    command = [sys.executable, "-c", script]
    first, second = (subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout for _ in range(2))
    assert first == second


@pytest.mark.parametrize("code", list(shipped()))
def test_every_account_has_its_billers_form(code: str) -> None:
    biller = shipped()[code]
    assert len(biller.accounts) >= 150 or biller.own or biller.kind in ("any", "fines", "taxes")
    assert all(biller.well_formed(number) for number in biller.accounts)


def test_what_was_paid_survives_a_kill(tmp_path: Path) -> None:
    with running_biller(tmp_path) as first:
        before = raw(first, words()).content
        first.process.kill()
        first.process.wait(5)
    with running_biller(tmp_path) as second:
        assert raw(second, words()).content == before
        assert owed(second) == "19800.00"


def test_it_ends_at_once_when_told_even_while_it_is_silent(tmp_path: Path) -> None:
    with running_biller(tmp_path) as own:
        own.set_fault("silent")
        with ThreadPoolExecutor(1) as pool:
            held = pool.submit(own.http.get, "/osmp/almaty-energo", params=words())
            while not states(own):
                time.sleep(0.01)
            own.process.terminate()
            assert own.process.wait(3) == 0
            held.exception(3)


def test_a_port_that_is_taken_is_not_shared(biller: BillerProcess, tmp_path: Path) -> None:
    port = biller.url.rpartition(":")[2]
    command = [sys.executable, "-m", "kaspi_web.simulators.biller", "--port", port, "--data-dir", str(tmp_path)]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=10, check=False)
    assert second.returncode != 0
    assert "listening" not in second.stdout


def test_words_that_break_xml_do_not_break_the_answer(biller: BillerProcess) -> None:
    query = urlencode(words("check") | {"data1": "<&>\x00"})
    assert biller.http.get(f"/osmp/almaty-energo?{query}").status_code == 200
