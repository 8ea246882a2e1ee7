from __future__ import annotations

import logging
import sys

from kaspi_web.journal import Redactor, bare_trace, one_line, open_journal, redacted


def test_an_event_is_named_and_its_values_are_not_shown():
    text = (
        "Error processing event queue entry for "
        "Event(name='a.b.pay', router_data={'cookie': 'sid=abc'}, payload={'pin': '4711'})"
    )
    assert redacted(text) == "Error processing event queue entry for [event a.b.pay]"


def test_what_was_typed_is_not_shown():
    text = (
        "Error transforming event payload for handler S.pay: Error transforming event argument 'pin' with value '4711'"
    )
    assert "4711" not in redacted(text)


def test_the_token_of_a_page_is_not_shown():
    assert "5555" not in redacted("lost client '11111111-2222-4333-8444-555555555555'")


def test_a_strangers_text_stays_on_one_short_line():
    assert one_line("a\nb\x1b[31m" + "c" * 9999).startswith("a b [31mccc")
    assert len(one_line("c" * 9999)) == 500


def test_a_trace_tells_where_and_which_kind_but_not_what():
    try:
        try:
            raise ValueError("4711")
        except ValueError as cause:
            raise RuntimeError("sid=abc") from cause
    except RuntimeError as error:
        text = bare_trace(error)
    assert "RuntimeError" in text
    assert "ValueError" in text
    assert "test_journal.py" in text


def test_records_lose_the_texts_of_exceptions():
    try:
        raise ValueError("x4711".removeprefix("x") + "secret")
    except ValueError:
        record = logging.LogRecord("kaspi_web.x", logging.ERROR, "f", 1, "it failed", None, sys.exc_info())
    assert Redactor().filter(record)
    out = logging.Formatter("%(message)s").format(record)
    assert "4711secret" not in out
    assert "builtins.ValueError" in out


def test_the_servers_own_lines_are_redacted_too():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        open_journal("info")
        open_journal("info")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    server = logging.getLogger("_granian")
    (found,) = [each for each in server.filters if isinstance(each, Redactor)]
    record = server.makeRecord("_granian", logging.ERROR, "f", 1, "failed with token=4711\n4711", (), None)
    assert found.filter(record)
    assert "4711" not in record.getMessage()
