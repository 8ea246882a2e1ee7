"""What a biller does when it is asked: the rules of check and pay, and how a fault spoils them."""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.kernel.money import Money
from kaspi_web.kernel.osmp import Answer, Check, Field, Pay, Result, render
from kaspi_web.simulators.biller.accounts import MAX_SUM, MIN_SUM, Account, Biller, Habit
from kaspi_web.simulators.biller.book import Book, Row
from kaspi_web.simulators.biller.faults import Fault, Plan

LATE_S = 120.0
"""Seconds that the late demo account leaves a payment unfinished."""
STUMBLES = 3
"""Temporary answers of the stumbling demo account to each payment."""

_COMMENTS = {
    Result.OK: "OK",
    Result.TEMPORARY: "Временная ошибка, повторите запрос",
    Result.BAD_ACCOUNT: "Неверный формат лицевого счёта",
    Result.NO_ACCOUNT: "Лицевой счёт не найден",
    Result.FORBIDDEN: "Приём платежа запрещён поставщиком",
    Result.INACTIVE: "Лицевой счёт не активен",
    Result.UNFINISHED: "Платёж принят, проведение не окончено",
    Result.TOO_SMALL: f"Сумма меньше {MIN_SUM.wire}",
    Result.TOO_BIG: f"Сумма больше {MAX_SUM.wire}",
    Result.OTHER: "Ошибка поставщика",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over HTTP: a body after `delay_s` seconds, or nothing but a status."""

    body: bytes = b""
    status: int = 200
    delay_s: float = 0.0


class Counter:
    """Answers requests for every biller from the book and the planned faults."""

    def __init__(self, book: Book, plan: Plan) -> None:
        self._book, self._plan = book, plan
        self._stumbles: dict[tuple[str, str], int] = {}

    def serve(self, biller: Biller, request: Check | Pay) -> Reply:
        """The reply to one request, as the planned fault leaves it."""
        command, settled = "check", False
        if isinstance(request, Pay):
            row = self._book.find(biller.code, request.txn_id)
            command, settled = "pay", row is not None and row.result != Result.UNFINISHED
        fault = self._plan.strike(biller.code, command, request.account, settled=settled)
        mode = fault.mode if fault else ""
        if mode == "down":
            return Reply(status=503)
        if mode == "temporary":
            return Reply(render(_says(request, Result.TEMPORARY)))
        return _spoilt(self._answer(biller, request, fault), request, fault)

    def forget(self, biller: Biller) -> None:
        """Make the biller as it was on its first day: no payments, no faults."""
        self._plan.clear(biller.code)
        self._book.forget(biller.code)
        self._stumbles.clear()

    def _answer(self, biller: Biller, request: Check | Pay, fault: Fault | None) -> Answer:
        return self._pay(biller, request, fault) if isinstance(request, Pay) else self._check(biller, request)

    def _check(self, biller: Biller, check: Check) -> Answer:
        refusal = _refusal(biller, check)
        if refusal:
            return _says(check, refusal)
        account = biller.accounts[check.account]
        fields = (
            Field("FIO", account.owner, "disp"),
            Field("address", account.address, "disp"),
            Field("debt", self._owed(biller, account).wire, "disp"),
        )
        return Answer(Result.OK, check.txn_id, comment=_COMMENTS[Result.OK], fields=fields)

    def _owed(self, biller: Biller, account: Account) -> Money:
        return account.owed - self._book.paid(biller.code, account.number)

    def _pay(self, biller: Biller, pay: Pay, fault: Fault | None) -> Answer:
        row = self._book.find(biller.code, pay.txn_id)
        if row is None and self._stumbled(biller, pay):
            return _says(pay, Result.TEMPORARY)
        verdict = self._verdict(biller, pay, fault)
        if row is None:
            row = self._book.register(biller.code, pay, verdict, after_s=_wait(biller, pay, fault))
        elif row.result == Result.UNFINISHED and _same(row, pay):
            row = self._book.settle(biller.code, pay.txn_id, verdict)
        return _about(row, pay)

    def _verdict(self, biller: Biller, pay: Pay, fault: Fault | None) -> Result:
        refusal = _refusal(biller, pay)
        if refusal:
            return refusal
        habit, mode = biller.accounts[pay.account].habit, fault.mode if fault else ""
        if mode == "refuse" or habit is Habit.REFUSING:
            return Result.FORBIDDEN
        return Result.UNFINISHED if mode == "pending" or habit is Habit.LATE else Result.OK

    def _stumbled(self, biller: Biller, pay: Pay) -> bool:
        account, key = biller.accounts.get(pay.account), (biller.code, pay.txn_id)
        if account is None or account.habit is not Habit.STUMBLING:
            return False
        self._stumbles[key] = self._stumbles.get(key, 0) + 1
        return self._stumbles[key] <= STUMBLES


def _wait(biller: Biller, pay: Pay, fault: Fault | None) -> float | None:
    if fault and fault.mode == "pending":
        return fault.seconds
    account = biller.accounts.get(pay.account)
    return LATE_S if account and account.habit is Habit.LATE else None


def _refusal(biller: Biller, request: Check | Pay) -> Result | None:
    """Why these words can never be paid; a check for 0.00 only looks and has no sum to refuse."""
    if not biller.well_formed(request.account):
        return Result.BAD_ACCOUNT
    account = biller.accounts.get(request.account)
    if account is None:
        return Result.NO_ACCOUNT
    if account.habit is Habit.INACTIVE:
        return Result.INACTIVE
    if isinstance(request, Check) and not request.sum:
        return None
    if request.sum < MIN_SUM:
        return Result.TOO_SMALL
    return Result.TOO_BIG if request.sum > MAX_SUM else None


def _says(request: Check | Pay, result: Result) -> Answer:
    return Answer(result, request.txn_id, comment=_COMMENTS[result])


def _same(row: Row, pay: Pay) -> bool:
    return (row.account, row.sum) == (pay.account, pay.sum)


def _about(row: Row, pay: Pay) -> Answer:
    """The answer that a row gives, word for word the same each time; another payment's number is refused its words."""
    if not _same(row, pay):
        return Answer(Result.OTHER, pay.txn_id, comment="txn_id принадлежит другому платежу")
    return Answer(row.result, row.txn_id, row.prv_txn, row.sum, _COMMENTS[Result(row.result)])


def _spoilt(answer: Answer, request: Check | Pay, fault: Fault | None) -> Reply:
    mode, seconds = (fault.mode, fault.seconds or 0.0) if fault else ("", 0.0)
    if mode == "unknown":
        return Reply(render(_says(request, Result.OTHER)))
    body = render(answer)
    if mode == "broken":
        return Reply(body[: len(body) // 2])
    if mode == "silent":
        return Reply(status=503, delay_s=seconds)
    return Reply(body, delay_s=seconds if mode == "slow" else 0.0)
