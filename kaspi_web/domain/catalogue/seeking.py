"""What somebody looks for: the words they typed as wishes, and the words they may have meant instead."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kaspi_web.domain.catalogue import terms, words
from kaspi_web.domain.catalogue.terms import Question, Wish
from kaspi_web.kernel.database import Prepared, Unit

_MOST_WORDS = 12
_CANDIDATES = 60
"""Words that share most with a slip; the nearest of them are taken."""
_MEANT = 3
_SLIPS = 2
"""In a word of five letters and more; a shorter one bears fewer."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A wish for each word; `instead` is the text as it was understood, empty if that is what was typed."""

    wishes: tuple[Wish, ...] = ()
    instead: str = ""


def typed(text: str) -> Sought:
    """The wishes of a text as it stands; blank text wishes for nothing, and one without words for what nobody has."""
    if not text.strip():
        return Sought()
    return Sought(tuple(map(terms.of_word, _words(text))) or (terms.NOTHING,))


def _words(text: str) -> list[str]:
    return words.tokens(text)[:_MOST_WORDS]


def meant(unit: Unit, text: str) -> Sought | None:
    """The wishes of a text that found nothing: a word that no product has stands for those that sound nearly alike.

    None if it has no slip.
    """
    plain, wishes = _words(text), typed(text).wishes
    if not plain or _is_there(unit, wishes):
        return None
    near = [
        [] if _is_there(unit, [wish]) or not words.is_speakable(word) else nearest(unit, word)
        for word, wish in zip(plain, wishes, strict=True)
    ]
    if not any(near):
        return None
    said = " ".join(each[0] if each else word for each, word in zip(near, plain, strict=True))
    read = (_any(each) if each else wish for each, wish in zip(near, wishes, strict=True))
    return Sought(tuple(read), said)


def _is_there(unit: Unit, wishes: Sequence[Wish]) -> bool:
    asked = Question(tuple(wishes)).written(unit)
    return unit.run(_ANY, asked).fetchone() is not None


def _any(near: Collection[str]) -> Wish:
    return tuple(dict.fromkeys(alternative for word in near for alternative in terms.of_word(word)))


def nearest(unit: Unit, word: str) -> list[str]:
    """The words of the catalogue that sound most like this one, the nearest first; none if all are far."""
    sound = words.sound(word)
    most = max(0, min(len(sound) - 3, _SLIPS))
    found = sorted((words.slips(sound, heard, most=most), known) for known, heard in _candidates(unit, sound))
    return [known for far, known in found if far == found[0][0] <= most][:_MEANT]


def _candidates(unit: Unit, sound: str) -> list[tuple[str, str]]:
    if not unit.on_sqlite:
        return [tuple(row) for row in unit.run(_ALIKE, sound, sound, _CANDIDATES)]
    pieces = " OR ".join(f'"{sound[at : at + 3]}"' for at in range(len(sound) - 2))
    return [tuple(row) for row in unit.run(_ALIKE, pieces, _CANDIDATES)] if pieces else []


_ANY = Prepared(
    sqlite="SELECT 1 FROM listed_search WHERE listed_search MATCH ? LIMIT 1",
    postgresql="SELECT 1 FROM listed_terms WHERE found_by @@ CAST(%s AS tsquery) LIMIT 1",
)
_ALIKE = Prepared(
    sqlite="SELECT word, catalogue_word.sound FROM catalogue_word_search"
    " JOIN catalogue_word ON catalogue_word.id = catalogue_word_search.rowid"
    " WHERE catalogue_word_search MATCH ? ORDER BY rank LIMIT ?",
    postgresql="SELECT word, sound FROM catalogue_word WHERE sound %% %s"
    " ORDER BY similarity(sound, %s) DESC, id LIMIT %s",
)
