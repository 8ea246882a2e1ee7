"""The one family of refusals.

A refusal is a fact about the deed, never a sentence: it carries a code and parameters, is raised
beside the deed that is refused, and is put into words at the edge, in the reader's language.

    DomainError
    ├── Invalid      what was typed cannot be read or is out of range (says which field)
    ├── Refused      the deed is understood and may not be done now
    │   ├── NotFound the thing does not exist, or is somebody else's
    │   └── Overloaded  more callers wait than the bank takes on
    └── Busy         too many tries; says until when
"""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A deed that was refused; `code` names the fact and `params` fill the sentence."""

    code = "refused"

    def __init__(self, **params: Any) -> None:
        super().__init__(self.code)
        self.params = params

    def __str__(self) -> str:
        # Parameters may hold sums or numbers of people; logs get the fact alone.
        return self.code


class Invalid(DomainError):
    """Something typed cannot be accepted; `field` names the control that the words belong to."""

    field = ""


class Refused(DomainError):
    """The deed is understood and may not be done as things stand."""


class NotFound(Refused):
    """The thing does not exist, or belongs to somebody else: the two look alike from outside."""

    code = "not_found"


class Busy(Refused):
    """Too many tries; `until` (aware datetime, UTC) says when another may be made."""

    code = "too_many_tries"


class Overloaded(Refused):
    """So many deeds wait that another would wait too long; nothing was done."""

    code = "overloaded"
