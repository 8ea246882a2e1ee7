"""Reading answers that came over the network: XML that cannot harm us, and the refusal to rely on the rest."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from xml.parsers import expat

MAX_MESSAGE = 64 * 1024
"""Bytes that a request's form or an answer may have."""


class BrokenAnswer(Exception):
    """An answer that cannot be relied on: its outcome is unknown."""


def tree(body: bytes) -> ET.Element:
    """The root of the XML in `body`; raises BrokenAnswer, also for a DOCTYPE."""
    if len(body) > MAX_MESSAGE:
        raise BrokenAnswer("size")
    builder, parser = ET.TreeBuilder(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.data
    # Entities are declared in a DOCTYPE only; the parser sees it in any encoding, a search of bytes would not.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(body, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError):
        raise BrokenAnswer("xml") from None


def _refuse_doctype(*_: object) -> None:
    raise BrokenAnswer("doctype")


def text_of(root: ET.Element, tag: str) -> str:
    """The text of the one element `tag`, empty if there is none; raises BrokenAnswer if there are two."""
    found = root.findall(tag)
    if len(found) > 1:
        raise BrokenAnswer(tag)
    return (found[0].text or "").strip() if found else ""
