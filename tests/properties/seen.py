"""What has to have happened in the stories: without it they would prove nothing."""

from __future__ import annotations

_PEOPLE = {
    *("registered", "topped up", "reconciled"),
    *("settled biller_payable", "settled terminal_network", "settled card_processor", "settled card_payouts"),
}
_OUTSIDE = {
    *("fault temporary", "fault broken", "fault down", "fault refuse", "fault unknown", "fault pending"),
    *("fault slow", "fault silent", "billers asked"),
    *("processor down", "processor broken", "processor silent", "processor asked"),
    *("processor's answers lost with their worker", "payment by card authorised"),
    *("answers lost with their worker", "freeze own card", "freeze linked card"),
    *("late word of the processor on a charge", "code of the card's bank: wrong"),
    *("code of the card's bank: right", "code of the card's bank: wrong for good", "code of the card's bank: lost"),
}
_BILLS = {
    *("payment funding", "payment on_way", "payment done", "payment refused", "payment registry"),
    *("payment done by wallet", "payment done by bonus", "payment done by wallet and bonus"),
    *("payment done by own card", "payment done by another bank's card"),
    *("payment refused by wallet", "payment refused by own card", "payment refused by another bank's card"),
    *("registry settled done", "registry settled refused"),
    *("refund of a part", "refund to wallet", "refund to card", "refund to bank_card"),
    *("refund to the wallet instead", "refund with bonus withheld", "refund told of again", "unlink own card"),
}
_TRANSFERS = {
    *("transfer own done", "transfer phone done", "transfer phone held", "transfer phone funding"),
    *("transfer card held", "transfer card sending"),
    *("transfer held then done", "transfer held then undone", "transfer held then waiting"),
    *("transfer held then sending", "transfer sending then done", "transfer sending then refused"),
    *("transfer funding then held", "transfer funding then refused", "transfer funding then undone"),
    *("transfer waiting then done", "transfer waiting then returned", "transfer waiting then undone"),
    *("return request accepted", "return request declined", "return request expired"),
    *("transfer done by bonus", "transfer done by wallet and bonus", "transfer done by own card and bonus"),
    *("transfer done by another bank's card and bonus", "transfer given back by another bank's card and bonus"),
    *("transfer given back by wallet and bonus", "transfer given back by own card and bonus"),
    *("return request accepted, paid by wallet and bonus", "from one own bank card to another"),
}
_SLIPS = {
    *("topped up late", "topped up again", "late cash credited", "code accepted", "confirm refused: WrongCode"),
    *("pay refused: IntentContentChanged", "paid again with the same key"),
    *("a biller contradicted itself", "unlink linked card"),
}

MUST_BE_SEEN = _PEOPLE | _OUTSIDE | _BILLS | _TRANSFERS | _SLIPS
"""What the scenes lead to, so that it does not hang on chance."""
