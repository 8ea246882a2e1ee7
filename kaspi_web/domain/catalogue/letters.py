"""Letters and endings by which words of the catalogue are compared: data of `words`."""

from __future__ import annotations

KAZAKH_LETTERS = frozenset("әғқңөұүһі")
"""Letters that Russian does not have: a word with one of them is Kazakh."""

_ENDINGS = """
лар лер дар дер тар тер
ымыз іміз мыз міз ыңыз іңіз ңыз ңіз ым ім ың ің сы сі ы і
ның нің дың дің тың тің ға ге қа ке на не ны ні ды ді ты ті
да де та те нда нде дан ден тан тен нан нен мен бен пен
дағы дегі тағы тегі ндағы ндегі лы лі
"""
KAZAKH_ENDINGS = tuple(sorted(_ENDINGS.split(), key=lambda ending: (-len(ending), ending)))
"""Endings of plural, possession and case, the longest first; a word may carry several."""

HARDENED = str.maketrans("бгғ", "пкқ")
"""What the last letter was before an ending with a vowel made it soft."""

RUSSIAN_SAME = str.maketrans("ё", "е")
"""Letters that people write one for the other."""

SOUNDS = str.maketrans(
    {
        **dict(zip("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцыіэ", "aabvggdeejziikklmnnooprstuuufhhciie", strict=True)),
        **{"ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ъ": "", "ь": ""},
    }
)
"""How Kazakh and Russian letters sound, in Latin ones."""
