"""The words of the OSMP/QIWI check/pay protocol: requests, answers and their result codes.

The same words serve the bank as a client of billers, the bank as a server for terminals, and the
simulators. Nothing here touches the network. What is not certain is unknown, never a refusal.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from urllib.parse import parse_qsl

from kaspi_web.kernel.answers import MAX_MESSAGE as MAX_MESSAGE
from kaspi_web.kernel.answers import BrokenAnswer as BrokenAnswer
from kaspi_web.kernel.answers import text_of, tree
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.money import Money

MAX_ACCOUNT = 200
"""Characters that an account may have."""
MAX_PARAMS = 50
"""Parameters that one request may carry."""


class Result(IntEnum):
    """Result codes; other numbers may arrive, and they are unknown."""

    OK = 0
    TEMPORARY = 1
    BAD_ACCOUNT = 4
    NO_ACCOUNT = 5
    FORBIDDEN = 7
    TECHNICAL = 8
    INACTIVE = 79
    UNFINISHED = 90
    TOO_SMALL = 241
    TOO_BIG = 242
    UNCHECKABLE = 243
    NO_CANCEL = 251
    OTHER = 300


_NOT_REFUSALS = {Result.OK, Result.TEMPORARY, Result.UNFINISHED, Result.UNCHECKABLE, Result.OTHER}
_FINAL_REFUSALS = frozenset(Result) - _NOT_REFUSALS


def is_final_refusal(code: int) -> bool:
    """Whether `code` says for good that nothing was or will be paid.

    The tables of this family call 243 and 300 fatal, but some billers have the money all the same,
    so here they are unknown, as every code is that no table lists.
    """
    return code in _FINAL_REFUSALS


@dataclass(frozen=True, slots=True)
class Check:
    """A question about an account that changes nothing; `txn_id` keeps its digits as they were written."""

    txn_id: str
    account: str
    sum: Money
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def params(self) -> dict[str, str]:
        """The request's parameters as they travel."""
        own = {"command": "check", "txn_id": self.txn_id, "account": self.account, "sum": self.sum.wire}
        return own | dict(self.extra)


@dataclass(frozen=True, slots=True)
class Pay:
    """An order to credit an account once per `txn_id`; `txn_date` is the accounting moment, aware."""

    txn_id: str
    txn_date: datetime
    account: str
    sum: Money
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def params(self) -> dict[str, str]:
        """The request's parameters as they travel."""
        own = {"command": "pay", "txn_id": self.txn_id, "txn_date": format_txn_date(self.txn_date)}
        return own | {"account": self.account, "sum": self.sum.wire} | dict(self.extra)


@dataclass(frozen=True, slots=True)
class Field:
    """A further word of an answer; `type` may be `disp` (show) or `prt-data` (print), or empty."""

    name: str
    value: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said; `prv_txn` (its own number) and `sum` come with payments."""

    result: int
    txn_id: str = ""
    prv_txn: str = ""
    sum: Money | None = None
    comment: str = ""
    fields: tuple[Field, ...] = ()

    def value(self, name: str) -> str:
        """The field called `name`, in any case of letters; empty when there is none."""
        return next((f.value for f in self.fields if f.name.lower() == name.lower()), "")


class BadRequest(Exception):
    """A request that breaks the protocol in `what`; `result` is the code to answer, `txn_id` what may be echoed."""

    def __init__(self, result: Result, what: str, txn_id: str = "") -> None:
        super().__init__(what)
        self.result, self.what, self.txn_id = result, what, txn_id

    @property
    def answer(self) -> Answer:
        """The answer that says so."""
        return Answer(self.result, self.txn_id, comment=f"bad {self.what}")


_TXN_ID = re.compile(r"[0-9]{1,20}", re.ASCII)
_TXN_DATE = re.compile(r"20[0-9]{12}", re.ASCII)
_RESULT = re.compile(r"[0-9]{1,6}", re.ASCII)
_OWN_PARAMS = {"command", "txn_id", "txn_date", "account", "sum"}


def format_txn_date(at: datetime) -> str:
    """The aware moment `at` as YYYYMMDDHHMMSS in Kazakhstan."""
    assert at.tzinfo is not None, "moments are aware"
    return at.astimezone(ALMATY).strftime("%Y%m%d%H%M%S")


def parse_txn_date(text: str) -> datetime:
    """YYYYMMDDHHMMSS of this century as an aware moment in Kazakhstan; raises ValueError on anything else."""
    if not _TXN_DATE.fullmatch(text):
        raise ValueError("not a txn_date")
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=ALMATY)


def parse_query(query: str) -> Check | Pay:
    """The request in a query string or urlencoded form; raises BadRequest, also when a parameter comes twice."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMS)
    except ValueError:
        raise BadRequest(Result.OTHER, "query") from None
    given = dict(pairs)
    if len(given) != len(pairs):
        # Two sums or two accounts: each reader would believe another one.
        raise BadRequest(Result.OTHER, "query")
    return parse_request(given)


def parse_request(params: Mapping[str, str]) -> Check | Pay:
    """The request in these parameters; raises BadRequest with the code to answer."""
    txn_id = params.get("txn_id", "")
    if not _TXN_ID.fullmatch(txn_id):
        raise BadRequest(Result.OTHER, "txn_id")
    command = params.get("command", "")
    if command not in ("check", "pay"):
        raise BadRequest(Result.OTHER, "command", txn_id)
    account, amount = _account(params, txn_id), _sum(params, txn_id)
    extra = {name: value for name, value in params.items() if name not in _OWN_PARAMS}
    if command == "check":
        return Check(txn_id, account, amount, extra)
    return Pay(txn_id, _txn_date(params, txn_id), account, amount, extra)


def _account(params: Mapping[str, str], txn_id: str) -> str:
    account = params.get("account", "")
    if not account.strip() or len(account) > MAX_ACCOUNT or not account.isprintable():
        raise BadRequest(Result.BAD_ACCOUNT, "account", txn_id)
    return account


def _sum(params: Mapping[str, str], txn_id: str) -> Money:
    try:
        return Money.from_wire(params.get("sum", ""))
    except ValueError:
        raise BadRequest(Result.OTHER, "sum", txn_id) from None


def _txn_date(params: Mapping[str, str], txn_id: str) -> datetime:
    try:
        return parse_txn_date(params.get("txn_date", ""))
    except ValueError:
        raise BadRequest(Result.OTHER, "txn_date", txn_id) from None


_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(answer: Answer) -> bytes:
    """The answer as XML in UTF-8; characters that XML cannot carry are left out."""
    root = ET.Element("response")
    _add(root, "osmp_txn_id", answer.txn_id)
    if answer.prv_txn:
        _add(root, "prv_txn", answer.prv_txn)
    if answer.sum is not None:
        _add(root, "sum", answer.sum.wire)
    _add(root, "result", str(int(answer.result)))
    if answer.fields:
        _add_fields(ET.SubElement(root, "fields"), answer.fields)
    _add(root, "comment", answer.comment)
    body = ET.tostring(root, encoding="unicode", short_empty_elements=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    clean = {name: _NOT_XML.sub("", value) for name, value in attributes.items()}
    ET.SubElement(parent, tag, clean).text = _NOT_XML.sub("", text)


def _add_fields(parent: ET.Element, fields: tuple[Field, ...]) -> None:
    for number, each in enumerate(fields, start=1):
        kind = {"type": each.type} if each.type else {}
        _add(parent, f"field{number}", each.value, name=each.name, **kind)


def parse_answer(body: bytes, *, txn_id: str | None = None) -> Answer:
    """The answer in `body`, which must be about `txn_id` if that is given; raises BrokenAnswer."""
    root = tree(body)
    if root.tag.lower() != "response":
        raise BrokenAnswer("root")
    said = text_of(root, "osmp_txn_id") or text_of(root, "txn_id")
    if txn_id is not None and said != txn_id:
        raise BrokenAnswer("txn_id")
    result, prv_txn = text_of(root, "result"), text_of(root, "prv_txn")
    if not _RESULT.fullmatch(result):
        raise BrokenAnswer("result")
    if prv_txn and not _TXN_ID.fullmatch(prv_txn):
        raise BrokenAnswer("prv_txn")
    return Answer(int(result), said, prv_txn, _sum_said(root), text_of(root, "comment"), tuple(_fields(root)))


def _sum_said(root: ET.Element) -> Money | None:
    text = text_of(root, "sum")
    try:
        return Money.from_wire(text) if text else None
    except ValueError:
        raise BrokenAnswer("sum") from None


_PLAIN_FIELDS = ("balance", "recipient_name")
_FIELD_TAG = re.compile(r"field[0-9]*", re.ASCII)


def _fields(root: ET.Element) -> list[Field]:
    """Fields wherever the dialects put them: under `fields`, beside the result, or as tags of their own."""
    inside = [each for group in root.findall("fields") for each in group]
    beside = [each for each in root if _FIELD_TAG.fullmatch(each.tag) or each.tag in _PLAIN_FIELDS]
    return [_field(each) for each in inside + beside]


def _field(each: ET.Element) -> Field:
    # Some billers write the kind as type="disp", some as a bare disp="1".
    kind = each.get("type") or next((mark for mark in ("disp", "prt-data") if each.get(mark) in ("1", "true")), "")
    return Field((each.get("name") or each.tag).strip(), "".join(each.itertext()).strip(), kind)
