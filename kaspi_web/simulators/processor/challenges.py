"""3-D Secure: a code that the card's bank texts to its owner, typed on the merchant's page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from kaspi_web.simulators.processor.book import Book, Row, now_ms

LIFETIME_MS = 10 * 60 * 1000
MOST_WRONG = 3
MOST_TEXTS = 3
_LINK = {
    "kk": "Код {code}. Картаны қосу. Кодты ешкімге айтпаңыз.",
    "ru": "Код {code}. Привязка карты. Никому его не сообщайте.",
    "en": "Code {code}. Linking your card. Tell it to nobody.",
}
_CHARGE = {
    "kk": "Код {code}. {payee} төлемі, {sum} ₸. Кодты ешкімге айтпаңыз.",
    "ru": "Код {code}. Оплата {payee}, {sum} ₸. Никому его не сообщайте.",
    "en": "Code {code}. Payment to {payee}, {sum} ₸. Tell it to nobody.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a typed code came to: passed, wrong or failed."""

    state: str
    reason: str = ""
    tries_left: int = 0


def open_link(book: Book, key: str, token: str, phone: str, language: str) -> None:
    """Text a code for linking a card."""
    _open(book, key, "link", token, phone, _LINK.get(language, _LINK["ru"]))


def open_charge(book: Book, key: str, token: str, phone: str, language: str, *, payee: str, amount: str) -> None:
    """Text a code for a charge, naming the sum and the payee."""
    words = _CHARGE.get(language, _CHARGE["ru"]).replace("{payee}", payee).replace("{sum}", amount)
    _open(book, key, "charge", token, phone, words)


def _open(book: Book, key: str, purpose: str, token: str, phone: str, words: str) -> None:
    book.run(
        "INSERT INTO challenge (key, purpose, token, phone, words, code, ends_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(key, purpose, token, phone, words, f"{secrets.randbelow(1_000_000):06d}", now_ms() + LIFETIME_MS),
    )
    text(book, key)


def text(book: Book, key: str) -> bool:
    """Text the code, three times at most while it is open; whether it was texted."""
    row = find(book, key)
    if row is None or row["state"] != "open" or row["texts"] >= MOST_TEXTS or is_over(row):
        return False
    book.run("UPDATE challenge SET texts = texts + 1 WHERE key = ?", key)
    words = row["words"].replace("{code}", row["code"])
    book.run("INSERT INTO text (phone, words, ends_at_ms) VALUES (?, ?, ?)", row["phone"], words, row["ends_at_ms"])
    return True


def find(book: Book, key: str) -> Row | None:
    """The challenge of this key."""
    return book.one("SELECT * FROM challenge WHERE key = ?", key)


def is_over(row: Row) -> bool:
    """Whether its ten minutes are over."""
    return now_ms() >= row["ends_at_ms"]


def try_code(book: Book, key: str, typed: str) -> Verdict:
    """Check a typed code; a third wrong one is the last, and a verdict once given stands."""
    row = find(book, key)
    if row is None:
        return Verdict("failed", "challenge_over")
    if row["state"] != "open":
        return Verdict(row["state"], row["reason"])
    if is_over(row):
        return _ended(book, key, "failed", "challenge_over")
    if secrets.compare_digest(typed.encode(), row["code"].encode()):
        return _ended(book, key, "passed", "")
    if row["wrong"] + 1 >= MOST_WRONG:
        return _ended(book, key, "failed", "wrong_code")
    book.run("UPDATE challenge SET wrong = wrong + 1 WHERE key = ?", key)
    return Verdict("wrong", "wrong_code", MOST_WRONG - row["wrong"] - 1)


def _ended(book: Book, key: str, state: str, reason: str) -> Verdict:
    book.run("UPDATE challenge SET state = ?, reason = ? WHERE key = ?", state, reason, key)
    return Verdict(state, reason)
