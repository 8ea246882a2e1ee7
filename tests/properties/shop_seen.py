"""What has to have happened in the stories about the shop: without it they would prove nothing."""

from __future__ import annotations

_SOURCES = ("wallet", "own", "bank", "bonus", "red", "instalment", "credit")

_BUYING = {
    *(f"bought by {source}" for source in _SOURCES),
    *("bought by wallet and bonus", "bought by red and bonus", "bought by credit and bonus"),
    *("bought from several sellers", "price changed under a checkout", "set aside and not bought"),
    *("race for the last pieces: 1 won", "tapped twice, bought once", "set aside for too long"),
    *("card's bank: authorised", "card's bank: declined", "card's bank: lost"),
    *("contract signed", "contract declined", "contract not signed in time"),
    *("buy refused: CodeNeeded", "propose refused: InsufficientFunds", "propose refused: NotRedMember"),
}
_ORDERS = {
    *(f"handed over, paid by {source}" for source in _SOURCES),
    *(f"cancelled by {who}: {what}" for who in ("buyer", "merchant") for what in ("whole", "line", "piece")),
    *(f"cancelled, paid by {source}" for source in ("wallet", "own", "bank", "red", "instalment")),
    *("cancelled again", "handed over without what was cancelled", "hand_over refused: WrongCode"),
    *("order accept", "order arrive", "order not_taken", "order refuse_parcel", "order take_back", "order parcel_back"),
    *("time was up: CANCELLED", "time was up: GOING_BACK", "time was up: RETURNED"),
}
_RETURNS = {
    *(f"returned unused, paid by {source}" for source in _SOURCES),
    *(f"returned defective, paid by {source}" for source in ("wallet", "bank", "red", "credit")),
    *("return approved", "return refused", "return withdrawn", "ask refused: ReturnTooLate"),
    *("return approved by silence", "return received by silence", "returned to the last piece"),
    *("overpaid to the wallet", "bonus withheld"),
    *("card's bank took a refund", "refund to the wallet instead", "a card was unlinked"),
}
_PLANS = {
    *("joined RED", "joined RED again", "repaid automatically", "fined: red", "fined: loan", "a fine was paid"),
    *(f"repaid {way}: {kind}" for way in ("early", "whole") for kind in ("red", "instalment", "credit")),
    *("repaid due: red", "paid to the end: red", "paid to the end: instalment"),
    *("propose refused: HasOverdue", "propose refused: RedLimitShort", "propose refused: TermNeedsMore"),
    *("a month passed at once", "days passed"),
}

MUST_BE_SEEN = _BUYING | _ORDERS | _RETURNS | _PLANS
"""What the scripts lead to, whatever else is done."""
BY_CHANCE = {
    *("bought by wallet", "bought by red", "handed over, paid by wallet", "handed over, paid by red", "days passed"),
    *("returned to the last piece", "tapped twice, bought once", "card's bank: authorised", "time was up: CANCELLED"),
}
"""What many stories come to."""
