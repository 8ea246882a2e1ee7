"""The processor's rules: every deed has a key, and a key that comes again has the same answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from kaspi_web.kernel.card_numbers import Expiry
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.processing import Charged, PaidOut
from kaspi_web.simulators.processor import challenges
from kaspi_web.simulators.processor.book import Book, Row
from kaspi_web.simulators.processor.cards import CARDS, CVC, SILENT_S, Habit, SimulatedCard


class OtherContent(Exception):
    """A key that was used for something else."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A JSON object to answer with, after `delay_s` seconds."""

    body: dict[str, Any] = field(default_factory=dict)
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a charge is asked with."""

    key: str
    token: str
    amount: Money
    phone: str
    language: str
    payee: str


class Counter:
    """Serves one book; with `no` a deed ends in the card's bank saying so."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._cards = {book.token_of(number): card for number, card in CARDS.items()}

    def link(
        self, key: str, number: str, expiry: Expiry, cvc: str, phone: str, language: str, *, no: bool = False
    ) -> Reply:
        """Check a card and text its owner a code; a token comes back, good for charges once the code was right."""
        token, card = self._book.token_of(number), CARDS.get(number)
        with self._book.deed():
            known = challenges.find(self._book, key)
            if known is not None and known["token"] != token:
                raise OtherContent
            reason = "declined" if no else _why_not(card, expiry, cvc)
            if reason or card is None:
                return Reply(asdict(Charged("declined", reason)))
            if known is None:
                challenges.open_link(self._book, key, token, phone, language)
        return Reply(asdict(Charged("challenge")) | {"token": token, "brand": card.brand, "last4": number[-4:]})

    def type_code(self, key: str, typed: str) -> Reply:
        """Check the code of a link or a charge."""
        with self._book.deed():
            verdict = challenges.try_code(self._book, key, typed)
            row = challenges.find(self._book, key)
            if verdict.state == "wrong":
                return Reply(asdict(Charged("wrong_code", verdict.reason, verdict.tries_left)))
            passed = verdict.state == "passed"
            if row is not None and row["purpose"] == "link" and passed:
                self._book.run("INSERT OR IGNORE INTO proved VALUES (?)", row["token"])
            if row is not None and row["purpose"] == "charge":
                self._turn(key, "challenge", "authorised" if passed else "declined", verdict.reason)
                return self._standing(key)
        return Reply(asdict(Charged("authorised" if passed else "declined", verdict.reason)))

    def text_again(self, key: str) -> Reply:
        """Text the same code once more."""
        with self._book.deed():
            return Reply({"texted": challenges.text(self._book, key)})

    def charge(self, asked: Asked, *, no: bool = False) -> Reply:
        """Ask the card's bank for a sum: refused, or to be proved by a code."""
        with self._book.deed():
            row = self._charge(asked.key)
            if row is not None and row["token"] and (row["token"], row["amount_tiyn"]) != _content(asked):
                raise OtherContent
            if row is not None:
                return self._standing(asked.key)
            card, reason = self._cards.get(asked.token), "declined" if no else self._why_no_charge(asked)
            state = "declined" if reason else "challenge"
            self._write(asked.key, asked.token, asked.amount, state, reason)
            if not reason:
                sum_ = asked.amount.wire.replace(".", ",")
                words = {"payee": asked.payee or "Kaspi wallet", "amount": sum_}
                challenges.open_charge(self._book, asked.key, asked.token, asked.phone, asked.language, **words)
        slow = card is not None and card.habit is Habit.SILENT_ONCE
        return Reply(self.look(asked.key).body, SILENT_S if slow else 0.0)

    def _why_no_charge(self, asked: Asked) -> str:
        card = self._cards.get(asked.token)
        if card is None or self._book.one("SELECT 1 FROM proved WHERE token = ?", asked.token) is None:
            return "unknown_card"
        if card.habit is Habit.REFUSES_CHARGES:
            return "declined"
        return "lacks_money" if asked.amount > card.balance - self._book.spent(asked.token) else ""

    def look(self, key: str) -> Reply:
        """How a charge stands; one whose code was never typed in time is declined."""
        with self._book.deed():
            row = challenges.find(self._book, key)
            if row is not None and row["state"] == "open" and challenges.is_over(row):
                self._turn(key, "challenge", "declined", "challenge_over")
            return self._standing(key)

    def capture(self, key: str) -> Reply:
        """Take what was authorised."""
        with self._book.deed():
            self._turn(key, "authorised", "captured", "")
            return self._standing(key)

    def void(self, key: str) -> Reply:
        """Give a charge up, also one that has not come yet: then it is over before it comes."""
        with self._book.deed():
            if self._charge(key) is None:
                self._write(key, "", Money(0), "voided", "")
            for state in ("challenge", "authorised"):
                self._turn(key, state, "voided", "")
            return self._standing(key)

    def refund(self, charge_key: str, key: str, amount: Money, *, no: bool = False) -> Reply:
        """Give back a part of what was captured."""
        with self._book.deed():
            row = self._charge(charge_key)
            known = self._movement(key, "refund", charge_key, amount)
            if known is not None:
                return known
            back = self._book.one("SELECT coalesce(sum(amount_tiyn), 0) FROM movement WHERE about = ?", charge_key)
            assert back is not None, "a sum is always a row"
            fits = row is not None and row["state"] == "captured" and back[0] + amount.tiyn <= row["amount_tiyn"]
            fits = fits and not no
            return self._moved(key, "refund", charge_key, row["token"] if row else "", amount, "" if fits else "closed")

    def payout(self, key: str, token: str, amount: Money, *, no: bool = False) -> Reply:
        """Pay money to a card."""
        with self._book.deed():
            known = self._movement(key, "payout", token, amount)
            card = self._cards.get(token)
            reason = "unknown_card" if card is None else "closed" if no or card.habit is Habit.REFUSES_CHARGES else ""
            return known or self._moved(key, "payout", token, token, amount, reason)

    def recipient(self, number: str) -> Reply:
        """The token of a card to pay to; an empty one when no card has this number."""
        card = CARDS.get(number)
        if card is None:
            return Reply({"token": ""})
        return Reply({"token": self._book.token_of(number), "brand": card.brand, "last4": number[-4:]})

    def cards(self) -> list[dict[str, str]]:
        """What is on each test card now, for demos and tests."""
        return [
            {"last4": card.number[-4:], "habit": card.habit, "balance": (card.balance - self._book.spent(token)).wire}
            for token, card in self._cards.items()
        ]

    def _movement(self, key: str, kind: str, about: str, amount: Money) -> Reply | None:
        row = self._book.one("SELECT * FROM movement WHERE key = ?", key)
        if row is None:
            return None
        if (row["kind"], row["about"], row["amount_tiyn"]) != (kind, about, amount.tiyn):
            raise OtherContent
        return Reply(asdict(PaidOut(row["state"], row["reason"])))

    def _moved(self, key: str, kind: str, about: str, token: str, amount: Money, reason: str) -> Reply:
        state = "declined" if reason else "done"
        self._book.run(
            "INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?, ?)", key, kind, about, token, amount.tiyn, state, reason
        )
        return Reply(asdict(PaidOut(state, reason)))

    def _charge(self, key: str) -> Row | None:
        return self._book.one("SELECT * FROM charge WHERE key = ?", key)

    def _write(self, key: str, token: str, amount: Money, state: str, reason: str) -> None:
        self._book.run("INSERT INTO charge VALUES (?, ?, ?, ?, ?)", key, token, amount.tiyn, state, reason)

    def _turn(self, key: str, old: str, new: str, reason: str) -> None:
        self._book.run("UPDATE charge SET state = ?, reason = ? WHERE key = ? AND state = ?", new, reason, key, old)

    def _standing(self, key: str) -> Reply:
        row = self._charge(key)
        if row is None:
            return Reply({"state": "none", "reason": ""})
        return Reply(asdict(Charged(row["state"], row["reason"])))


def _content(asked: Asked) -> tuple[str, int]:
    return asked.token, asked.amount.tiyn


def _why_not(card: SimulatedCard | None, expiry: Expiry, cvc: str) -> str:
    if card is None:
        return "unknown_card"
    if expiry.is_over(date.today()):
        return "expired"
    if cvc != CVC:
        return "wrong_cvc"
    return "declined" if card.habit is Habit.REFUSES_LINKS else ""
