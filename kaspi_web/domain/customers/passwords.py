"""Passwords: how strong one must be, and its argon2 hash. Slow on purpose: never inside a unit of work."""

from __future__ import annotations

import threading
import unicodedata

from passlib.context import CryptContext
from zxcvbn import zxcvbn

from kaspi_web.kernel.errors import Invalid

MIN_LENGTH = 8
MAX_LENGTH = 128
_SCORED = 72
_LEAST_SCORE = 2

_WORDS = """
kaspi wallet qazaqstan kazakhstan almaty astana алматы астана қазақстан казахстан шымкент қарағанды караганда
әмиян кошелек кошелёк каспи капуста пароль құпиясөз құпия секрет привет сәлем салем любовь люблю наташа қазақ казах
махаббат жаным күнім айым анам ата ана әке бала балам отан туған достық достар дос бақыт арман алтын аққу бауырсақ
домбыра құрмет рахмет рақмет тәңір қыран қасқыр барыс жұлдыз аспан дала тұлпар айгүл айгерим айгерім нұрлан нурлан
ерлан асхат данияр арман динара гүлнар гульнара мадина алия әлия аружан санжар тимур
спасибо солнце солнышко зайчик зайка котик котенок кошка собака малыш мама папа мамочка семья друг дружба жизнь
счастье удача весна зима лето осень москва россия королева принцесса ангел дракон тигр волк медведь
александр алексей андрей антон артем артём виктор владимир дмитрий евгений иван игорь максим михаил никита николай
олег павел роман руслан сергей юрий алина анастасия анна валентина вероника виктория галина дарья диана екатерина
елена ирина карина кристина ксения людмила марина мария надежда оксана ольга полина светлана татьяна юлия
привет мир йцукен йцукенг йцукенгш фывапрол фывапр ячсмить ячсмитьб админ админка доступ вход деньги тенге теңге ақша
"""
_COMMON = list(dict.fromkeys(_WORDS.split()))
"""Words of these parts that a guesser tries first; the library's own lists are English."""

_KEYS = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюё" + "әіңғүұқөһ",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.`" + "2345890-=",
)
"""The Russian and the Kazakh keyboard: what the same keys type in Latin."""

_hashing = CryptContext(schemes=["argon2"])
_NOBODY = _hashing.hash("a password that nobody has")
_scoring = threading.Lock()


class PasswordTooShort(Invalid):
    """Fewer than eight characters."""

    code, field = "password_too_short", "password"


class PasswordTooLong(Invalid):
    """More than 128 characters."""

    code, field = "password_too_long", "password"


class PasswordTooCommon(Invalid):
    """Among the first that anybody would guess."""

    code, field = "password_too_common", "password"


class PasswordLikePhone(Invalid):
    """Made of the phone number."""

    code, field = "password_like_phone", "password"


def check_strength(password: str, *, phone: str, names: tuple[str, ...] = ()) -> None:
    """Refuse a password that is short, overlong, common, or made of what everybody knows of the person."""
    password = _one_form(password)
    if len(password) < MIN_LENGTH:
        raise PasswordTooShort
    if len(password) > MAX_LENGTH:
        raise PasswordTooLong
    digits = "".join(c for c in password if c.isdigit())
    if (len(digits) >= 7 and digits in phone) or phone[-10:] in digits:
        raise PasswordLikePhone
    known = [*(_one_form(name).lower() for name in names), phone, phone[2:], *_COMMON]
    lowered = password.lower()
    if any(_score(each[:_SCORED], known) < _LEAST_SCORE for each in {password, lowered.translate(_KEYS)}):
        raise PasswordTooCommon


def _one_form(password: str) -> str:
    # The same letters reach us in different bytes from different keyboards: й is one sign or two.
    return unicodedata.normalize("NFKC", password)


def _score(password: str, known: list[str]) -> int:
    # The library keeps the list it was given in a global of its own: one at a time.
    with _scoring:
        return zxcvbn(password, user_inputs=known)["score"]


def hashed(password: str) -> str:
    """The argon2 hash to store."""
    return _hashing.hash(_one_form(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password fits; takes as long for a number that nobody has and for an overlong password."""
    typed = _one_form(password)
    fits = _hashing.verify(typed[:MAX_LENGTH], password_hash or _NOBODY)
    return fits and password_hash is not None and len(typed) <= MAX_LENGTH
