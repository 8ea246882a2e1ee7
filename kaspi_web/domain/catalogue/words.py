"""Words of names and of queries: one tokenizer and one set of stems for both databases.

A word in Cyrillic letters may be Russian or Kazakh, and then has a stem of each; the same function makes the stems that
are kept and those that are looked for, so they meet.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

import snowballstemmer

from kaspi_web.domain.catalogue.letters import (
    HARDENED,
    KAZAKH_ENDINGS,
    KAZAKH_LETTERS,
    RUSSIAN_SAME,
    SOUNDS,
)

LONGEST = 40
"""Letters of a word that are looked at."""
_WORD = re.compile(r"[a-z0-9\u0430-\u0481\u048a-\u0527]+")
_NUMBER_AND_UNIT = re.compile(r"([0-9]+)([a-z\u0430-\u0527]+)")
_LATIN = re.compile("[a-z]+")
_MARKED = re.compile(r"[\u00c0-\u024f\uff00-\uffef]")
_SILENT = re.compile(r"['\u2019\u02bc`\u00ad\u0300-\u036f]")
_TWICE = re.compile(r"(.)\1+")
_SAID = (("ph", "f"), ("sch", "sh"), ("ck", "k"), ("x", "ks"), ("w", "v"), ("q", "k"), ("y", "i"))
_SHORTEST_STEM = 3
_ENDINGS_OF_A_WORD = 4

_russian = snowballstemmer.stemmer("russian")
_english = snowballstemmer.stemmer("english")
_stemming = threading.Lock()
"""A stemmer keeps the word that it works on; readers have a thread each."""


def tokens(text: str) -> list[str]:
    """The words of a text in small letters, as they stand: letters and digits of a model stay together."""
    folded = _SILENT.sub("", unicodedata.normalize("NFC", text).casefold())
    if _MARKED.search(folded):
        folded = "".join(_bare(letter) for letter in folded)
    return [word[:LONGEST] for word in _WORD.findall(folded.translate(RUSSIAN_SAME))]


def _bare(letter: str) -> str:
    """A Latin letter without its marks; Cyrillic ones keep theirs, which make other letters."""
    return _SILENT.sub("", unicodedata.normalize("NFKD", letter)) if _MARKED.match(letter) else letter


@lru_cache(maxsize=20_000)
def stems(word: str) -> tuple[str, ...]:
    """The stems of a word: one, or a Russian and a Kazakh one where nobody can say which it is."""
    if not word.isalpha():
        return (word,)
    if _LATIN.fullmatch(word):
        return (_snowball(_english, word),)
    kazakh = _kazakh(word)
    if not KAZAKH_LETTERS.isdisjoint(word):
        return (kazakh,)
    return tuple(dict.fromkeys((_snowball(_russian, word), kazakh)))


def _snowball(stemmer: Any, word: str) -> str:
    with _stemming:
        return stemmer.stemWord(word)


def _kazakh(word: str) -> str:
    for _ in range(_ENDINGS_OF_A_WORD):
        shorter = next((word[: -len(each)] for each in KAZAKH_ENDINGS if _may_lose(word, each)), word)
        if shorter == word:
            break
        word = shorter
    return word[:-1] + word[-1].translate(HARDENED)


def _may_lose(word: str, ending: str) -> bool:
    # A single letter tells little: more of the word must stay.
    return word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM + (len(ending) == 1)


def parted(word: str) -> tuple[str, str] | None:
    """The number and the unit that some write together, as 256gb."""
    found = _NUMBER_AND_UNIT.fullmatch(word)
    return (found[1], found[2]) if found else None


@lru_cache(maxsize=20_000)
def _findable(word: str) -> tuple[str, ...]:
    return tuple(stem for part in (word, *(parted(word) or ())) for stem in stems(part))


def stems_of(text: str) -> list[str]:
    """Every stem that a text can be found by, each once, in the order of the words."""
    return list(dict.fromkeys(stem for word in tokens(text) for stem in _findable(word)))


def is_speakable(word: str) -> bool:
    """Whether slips of the pen are looked for in a word: numbers and models have none, short words too many."""
    return word.isalpha() and len(word) >= 3


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """A word as it sounds, in Latin letters: names of brands are written in both alphabets."""
    said = word.translate(SOUNDS)
    for written, spoken in _SAID:
        said = said.replace(written, spoken)
    return _TWICE.sub(r"\1", re.sub("c(?!h)", "k", said))


def slips(one: str, other: str, *, most: int) -> int:
    """How many letters are wrong, missing, too many or swapped with a neighbour; `most` + 1 stands for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i] + [0] * len(other)
        for j, facing in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != facing))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == facing:
                row[j] = min(row[j], last[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
