"""The bank's own dialect of check/pay, in JSON and in XML: answers with lines and menus, and its result codes.

Requests are those of kernel/osmp.py, and so is the answer that both are read into: the bank knows one set of codes.
What is not certain is unknown, never a refusal.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Any

from kaspi_web.kernel.answers import MAX_MESSAGE, BrokenAnswer, text_of, tree
from kaspi_web.kernel.bill_lines import Choice, Line
from kaspi_web.kernel.kaspi_lines import (
    MAX_CHOICES,
    MAX_LINES,
    read_choice,
    read_line,
    written_choice,
    written_line,
)
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.osmp import Answer, Field, Result

JSON, XML = "kaspi_json", "kaspi_xml"
"""The two forms, by the names that a service's file uses."""

_MEANINGS = {0: Result.OK, 1: Result.NO_ACCOUNT, 2: Result.FORBIDDEN, 4: Result.UNFINISHED, 5: Result.OTHER}
_ALREADY_PAID = 3
_CODES = {
    Result.OK: 0,
    Result.BAD_ACCOUNT: 1,
    Result.NO_ACCOUNT: 1,
    Result.INACTIVE: 2,
    Result.FORBIDDEN: 2,
    Result.TECHNICAL: 2,
    Result.TOO_SMALL: 2,
    Result.TOO_BIG: 2,
    Result.UNCHECKABLE: _ALREADY_PAID,
    Result.UNFINISHED: 4,
}
_OTHER = 5
_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
_CODE = re.compile(r"[0-9]{1,6}", re.ASCII)
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class BillAnswer(Answer):
    """An answer that may bring the lines of a bill, or a menu of tariffs to choose from."""

    lines: tuple[Line, ...] = ()
    menu: tuple[Choice, ...] = ()


def meaning(code: int, *, command: str) -> Result:
    """The result that a code of this dialect stands for.

    "Already paid" (3) ends a check; to a payment it may be said of that very payment, so it is unknown there.
    """
    if code == _ALREADY_PAID:
        return Result.FORBIDDEN if command == "check" else Result.UNCHECKABLE
    return _MEANINGS.get(code, Result.OTHER)


def code_of(result: int) -> int:
    """The code of this dialect for a result, as a biller says it."""
    return next((code for known, code in _CODES.items() if known == result), _OTHER)


def parse(body: bytes, *, form: str, command: str, txn_id: str) -> BillAnswer:
    """The answer in `body`, which must be about `txn_id`; raises BrokenAnswer."""
    said = _from_json(body) if form == JSON else _from_xml(body)
    if said.get("txn_id") != txn_id:
        raise BrokenAnswer("txn_id")
    result, number = said.get("result", ""), said.get("prv_txn_id", "") or said.get("prv_txn", "")
    if not isinstance(result, str) or not _CODE.fullmatch(result):
        raise BrokenAnswer("result")
    if not isinstance(number, str) or (number and not _DIGITS.fullmatch(number)):
        raise BrokenAnswer("prv_txn_id")
    # Empty fields come as [] too: that is how PHP writes an empty map.
    comment, fields = _given(said, "comment", ""), said.get("fields") or {}
    if not isinstance(comment, str) or not isinstance(fields, dict):
        raise BrokenAnswer("fields")
    return BillAnswer(
        meaning(int(result), command=command),
        txn_id,
        number,
        _sum_said(said),
        comment,
        tuple(_fields(fields)),
        tuple(read_line(each) for each in _list(fields, "lines", MAX_LINES)),
        tuple(read_choice(each) for each in _list(fields, "services", MAX_CHOICES)),
    )


def _given(said: dict[str, Any], name: str, usual: Any) -> Any:
    value = said.get(name)
    return usual if value is None else value


def _sum_said(said: dict[str, Any]) -> Money | None:
    text = _given(said, "sum", "")
    try:
        return None if text == "" else Money.from_wire(text)
    except (ValueError, TypeError):
        raise BrokenAnswer("sum") from None


def _list(fields: dict[str, Any], name: str, most: int) -> list[dict[str, Any]]:
    given = _given(fields, name, [])
    if not isinstance(given, list) or len(given) > most or not all(isinstance(each, dict) for each in given):
        raise BrokenAnswer(name)
    return given


def _fields(given: dict[str, Any]) -> list[Field]:
    found = [each for each in given.values() if isinstance(each, dict) and "@name" in each]
    return [Field(str(each["@name"]).strip(), str(each.get("#text") or "").strip()) for each in found]


def _from_json(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_MESSAGE:
        raise BrokenAnswer("size")
    try:
        # Numbers stay as they were written: no sum becomes a float on its way.
        given = json.loads(body, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BrokenAnswer("json") from None
    if not isinstance(given, dict):
        raise BrokenAnswer("json")
    return given


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    given = dict(pairs)
    if len(given) != len(pairs):
        raise BrokenAnswer("json")
    return given


_TEXTS = ("txn_id", "prv_txn_id", "prv_txn", "result", "sum", "comment")


def _from_xml(body: bytes) -> dict[str, Any]:
    root = tree(body)
    if root.tag.lower() != "response":
        raise BrokenAnswer("root")
    said: dict[str, Any] = {tag: text for tag in _TEXTS if (text := text_of(root, tag))}
    return said | {"fields": _xml_fields(root.find("fields"))}


def _xml_fields(group: ET.Element | None) -> dict[str, Any]:
    if group is None:
        return {}
    fields: dict[str, Any] = {
        f"field{number}": {"@name": each.get("name") or each.tag, "#text": (each.text or "").strip()}
        for number, each in enumerate(group, start=1)
        if each.tag not in ("lines", "services")
    }
    fields["services"] = [dict(each.attrib) | {"name": each.text or ""} for each in group.findall("services/service")]
    fields["lines"] = [_xml_line(each) for each in group.findall("lines/line")]
    return fields


def _xml_line(each: ET.Element) -> dict[str, Any]:
    return dict(each.attrib) | {"tariffs": [dict(tariff.attrib) for tariff in each.findall("tariff")]}


def render(answer: Answer, *, form: str, bin_: str = "") -> bytes:
    """The answer as this dialect writes it, in UTF-8."""
    said: dict[str, Any] = {"txn_id": answer.txn_id}
    if answer.prv_txn:
        said["prv_txn_id"] = int(answer.prv_txn)
    said |= {"result": code_of(answer.result)}
    if answer.sum is not None:
        said["sum"] = answer.sum.wire
    if bin_:
        said["bin"] = bin_
    said |= {"comment": answer.comment, "fields": _written_fields(answer)}
    return _as_json(said) if form == JSON else _as_xml(said)


def _written_fields(answer: Answer) -> dict[str, Any]:
    fields: dict[str, Any] = {
        f"field{number}": {"@name": each.name, "#text": each.value} for number, each in enumerate(answer.fields, 1)
    }
    if isinstance(answer, BillAnswer) and answer.menu:
        fields["services"] = [written_choice(choice) for choice in answer.menu]
    if isinstance(answer, BillAnswer) and answer.lines:
        fields["lines"] = [written_line(line) for line in answer.lines]
    return fields


def _as_json(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def _as_xml(said: dict[str, Any]) -> bytes:
    root = ET.Element("response")
    for name, value in said.items():
        if name != "fields":
            _add(root, name, str(value))
    group = ET.SubElement(root, "fields")
    for name, value in said["fields"].items():
        if name.startswith("field"):
            _add(group, name, value["#text"], name=value["@name"])
    _add_lists(group, said["fields"])
    body = ET.tostring(root, encoding="unicode", short_empty_elements=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def _add_lists(group: ET.Element, fields: dict[str, Any]) -> None:
    services = ET.SubElement(group, "services") if "services" in fields else None
    for choice in fields.get("services", []):
        assert services is not None
        _add(services, "service", choice["name"], **{name: text for name, text in choice.items() if name != "name"})
    lines = ET.SubElement(group, "lines") if "lines" in fields else None
    for line in fields.get("lines", []):
        assert lines is not None
        each = _add(lines, "line", "", **{name: text for name, text in line.items() if name != "tariffs"})
        for tariff in line.get("tariffs", []):
            _add(each, "tariff", "", **tariff)


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    clean = {name: _NOT_XML.sub("", value) for name, value in attributes.items()}
    child = ET.SubElement(parent, tag, clean)
    child.text = _NOT_XML.sub("", text)
    return child
