"""What the processor of other banks' cards may say of a charge, a refund or a payout; words that both sides speak."""

from __future__ import annotations

from dataclasses import dataclass

CHARGE_STATES = ("challenge", "authorised", "captured", "voided", "declined", "wrong_code")
"""`wrong_code` is an answer to a typed code only: the charge itself stays in `challenge`."""


@dataclass(frozen=True, slots=True)
class Charged:
    """The processor's answer: how the charge stands, and why when it was declined.

    Reasons: declined, lacks_money, wrong_cvc, expired, unknown_card, wrong_code, challenge_over, closed.
    `tries_left` says how often a wrong code may be followed by another.
    """

    state: str
    reason: str = ""
    tries_left: int = 0


@dataclass(frozen=True, slots=True)
class PaidOut:
    """The answer to a refund or a payout: `done`, or `declined` with its reason."""

    state: str
    reason: str = ""
