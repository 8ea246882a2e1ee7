"""What a PDF says to a reader: its text, language, title and tags."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader


def text_of(body: bytes) -> str:
    """Everything that the pages say, with every run of spaces as one."""
    return plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages))


def plain(text: str) -> str:
    """The text as it is compared: spaces of any kind and ends of lines count alike."""
    return re.sub(r"[\s\u00a0]+", " ", text).strip()


def squeezed(text: str) -> str:
    """The text without any spaces: a line may end anywhere between two words of a narrow column."""
    return re.sub(r"[\s\u00a0]+", "", text)


def root_of(body: bytes) -> dict[str, object]:
    """The document's own facts."""
    return dict(PdfReader(io.BytesIO(body)).trailer["/Root"])


def roles_of(body: bytes) -> set[str]:
    """Which tags the document has."""
    found: set[str] = set()

    def walk(node: object) -> None:
        each = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(each, list):
            for child in each:
                walk(child)
        elif isinstance(each, dict):
            if "/S" in each:
                found.add(str(each["/S"]))
            walk(each.get("/K", []))

    walk(root_of(body)["/StructTreeRoot"])
    return found
