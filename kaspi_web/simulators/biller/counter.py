"""What a biller does when it is asked: the rules of check and pay, and how a fault spoils them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kaspi_web.kernel.bill_lines import Line
from kaspi_web.kernel.clock import ALMATY, real_now
from kaspi_web.kernel.kaspi_biller import BillAnswer
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.osmp import Answer, Check, Field, Pay, Result, render
from kaspi_web.simulators.biller.accounts import Account, Biller, Habit
from kaspi_web.simulators.biller.bills import lines_of
from kaspi_web.simulators.biller.book import Book, Row
from kaspi_web.simulators.biller.envelope import Envelope
from kaspi_web.simulators.biller.faults import Fault, Plan
from kaspi_web.simulators.biller.parts import credited, refusal_of_parts, with_lines

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
    Result.TOO_SMALL: "Сумма меньше минимальной",
    Result.TOO_BIG: "Сумма больше максимальной",
    Result.UNCHECKABLE: "Уже оплачено",
    Result.OTHER: "Ошибка поставщика",
}
Render = Callable[[Answer], bytes]


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over HTTP: a body after `delay_s` seconds, or nothing but a status."""

    body: bytes = b""
    status: int = 200
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with what the biller makes of its account; `key` is the account as the book knows it."""

    biller: Biller
    request: Check | Pay
    way: str
    account: Account | None
    key: str

    @property
    def by(self) -> str:
        """The way that the payment system named."""
        return self.request.extra.get("by", "")


class Counter:
    """Answers requests for every biller from the book and the planned faults."""

    def __init__(self, book: Book, plan: Plan, envelope: Envelope) -> None:
        self._book, self._plan, self._envelope = book, plan, envelope
        self._stumbles: dict[tuple[str, str], int] = {}

    def serve(self, biller: Biller, request: Check | Pay, *, as_: Render = render) -> Reply:
        """The reply to one request, as the planned fault leaves it; `as_` writes the answer in a dialect."""
        asked, command, settled = self._asked(biller, request), "check", False
        if isinstance(request, Pay):
            row = self._book.find(biller.code, request.txn_id)
            command, settled = "pay", row is not None and row.result != Result.UNFINISHED
        fault = self._plan.strike(biller.code, command, request.account, settled=settled)
        mode = fault.mode if fault else ""
        if mode == "down":
            return Reply(status=503)
        if mode == "temporary":
            return Reply(as_(_says(request, Result.TEMPORARY)))
        return _spoilt(self._answer(asked, fault), request, fault, as_)

    def forget(self, biller: Biller) -> None:
        """Make the biller as it was on its first day: no payments, no faults."""
        self._plan.clear(biller.code)
        self._book.forget(biller.code)
        self._stumbles.clear()

    def _asked(self, biller: Biller, request: Check | Pay) -> Asked:
        by = request.extra.get("by", "")
        way, account = biller.way(request.account, by), biller.find(request.account, by)
        key = self._envelope.digest(request.account) if biller.is_iin(way) else request.account
        return Asked(biller, request, way, account, key)

    def _answer(self, asked: Asked, fault: Fault | None) -> Answer:
        return self._pay(asked, asked.request, fault) if isinstance(asked.request, Pay) else self._check(asked)

    def _check(self, asked: Asked) -> Answer:
        refusal = self._refusal(asked)
        if refusal:
            return _says(asked.request, refusal)
        assert asked.account is not None, "an unknown account was refused"
        lines = self._lines(asked)
        owed = sum((line.pay for line in lines), ZERO) if asked.biller.debts_are_lines else self._owed(asked)
        fields = _told_of(asked.biller, asked.account)
        if owed is not None and not asked.biller.tariffs:
            fields = (*fields, Field("debt", owed.wire, "disp"))
        said = _says(asked.request, Result.OK)
        return BillAnswer(Result.OK, said.txn_id, "", None, said.comment, fields, lines, asked.biller.tariffs)

    def _lines(self, asked: Asked) -> tuple[Line, ...]:
        if not asked.biller.debts_are_lines or asked.account is None:
            return ()
        # A fine is the same by whichever way it is found.
        rows = self._book.credited(asked.biller.code, "" if asked.biller.kind == "fines" else asked.key)
        today = real_now().astimezone(ALMATY).date()
        return lines_of(asked.biller, asked.account, asked.way, credited(rows), today)

    def _owed(self, asked: Asked) -> Money | None:
        if asked.account is None or asked.account.owed is None:
            return None
        return asked.account.owed - self._book.paid(asked.biller.code, asked.key)

    def _pay(self, asked: Asked, pay: Pay, fault: Fault | None) -> Answer:
        row = self._book.find(asked.biller.code, pay.txn_id)
        if row is None and self._stumbled(asked, pay):
            return _says(pay, Result.TEMPORARY)
        if row is None:
            row = self._register(asked, pay, fault)
        elif row.result == Result.UNFINISHED and _same(row, asked):
            row = self._book.settle(asked.biller.code, pay.txn_id, self._verdict(asked, fault))
        return _about(row, asked)

    def _register(self, asked: Asked, pay: Pay, fault: Fault | None) -> Row:
        verdict, wait = self._verdict(asked, fault), _wait(asked, fault)
        sealed = self._envelope.seal(pay.account) if asked.key != pay.account else ""
        written = replace(pay, account=asked.key, extra=with_lines(pay, self._lines(asked)))
        return self._book.register(asked.biller.code, written, verdict, after_s=wait, sealed=sealed)

    def _verdict(self, asked: Asked, fault: Fault | None) -> Result:
        refusal = self._refusal(asked)
        if refusal:
            return refusal
        assert asked.account is not None, "an unknown account was refused"
        habit, mode = asked.account.habit, fault.mode if fault else ""
        if mode == "refuse" or habit is Habit.REFUSING:
            return Result.FORBIDDEN
        return Result.UNFINISHED if mode == "pending" or habit is Habit.LATE else Result.OK

    def _stumbled(self, asked: Asked, pay: Pay) -> bool:
        if asked.account is None or asked.account.habit is not Habit.STUMBLING:
            return False
        key = (asked.biller.code, pay.txn_id)
        self._stumbles[key] = self._stumbles.get(key, 0) + 1
        return self._stumbles[key] <= STUMBLES

    def _refusal(self, asked: Asked) -> Result | None:
        """Why these words can never be paid; a check for 0.00 only looks and has no sum to refuse."""
        biller, request = asked.biller, asked.request
        if not asked.way:
            return Result.BAD_ACCOUNT
        if asked.account is None:
            return Result.NO_ACCOUNT
        if asked.account.habit is Habit.INACTIVE:
            return Result.INACTIVE
        if biller.kind == "orders" and (self._owed(asked) or ZERO) <= ZERO:
            return Result.UNCHECKABLE if biller.dialect != "osmp" else Result.FORBIDDEN
        if isinstance(request, Check):
            return _out_of_range(biller, request.sum) if request.sum and biller.dialect == "osmp" else None
        return _out_of_range(biller, request.sum) or refusal_of_parts(biller, request, self._lines(asked))


def _out_of_range(biller: Biller, amount: Money) -> Result | None:
    if amount < biller.minimum:
        return Result.TOO_SMALL
    return Result.TOO_BIG if amount > biller.maximum else None


def _told_of(biller: Biller, account: Account) -> tuple[Field, ...]:
    if not biller.tells_owner:
        return ()
    return Field("FIO", account.owner, "disp"), Field("address", account.address, "disp")


def _wait(asked: Asked, fault: Fault | None) -> float | None:
    if fault and fault.mode == "pending":
        return fault.seconds
    return LATE_S if asked.account and asked.account.habit is Habit.LATE else None


def _says(request: Check | Pay, result: Result) -> Answer:
    return Answer(result, request.txn_id, comment=_COMMENTS[result])


def _same(row: Row, asked: Asked) -> bool:
    return (row.account, row.sum) == (asked.key, asked.request.sum)


def _about(row: Row, asked: Asked) -> Answer:
    """The answer that a row gives, word for word the same each time; another payment's number is refused its words."""
    if not _same(row, asked):
        return Answer(Result.OTHER, asked.request.txn_id, comment="txn_id принадлежит другому платежу")
    return Answer(row.result, row.txn_id, row.prv_txn, row.sum, _COMMENTS[Result(row.result)])


def _spoilt(answer: Answer, request: Check | Pay, fault: Fault | None, as_: Render) -> Reply:
    mode, seconds = (fault.mode, fault.seconds or 0.0) if fault else ("", 0.0)
    if mode == "unknown":
        return Reply(as_(_says(request, Result.OTHER)))
    body = as_(answer)
    if mode == "broken":
        return Reply(body[: len(body) // 2])
    if mode == "silent":
        return Reply(status=503, delay_s=seconds)
    return Reply(body, delay_s=seconds if mode == "slow" else 0.0)
