"""A story in which every way of an order through the ledger is gone: each source, dropped, handed over and returned."""

from __future__ import annotations

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.models import Card
from kaspi_web.domain.orders import dropping
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.make import orders as make
from tests.make.orders import bought, by_buyer

_LINES = ((Money.tenge(6_000), 2),)
_SOURCES = ("wallet", "own_card", "bank_card", "red")
_EARNED = Money.tenge(120)


def tell(bank: Bank) -> None:
    """Every kind of entry that orders write, with every account it can be between."""
    for source in _SOURCES:
        made = bought(bank, source, lines=_LINES)
        bank.db.write_now(dropping.cancel_by_buyer, **by_buyer(made), line=1, cancelled=1)
        make.given_back(bank, make.handed_over(bank, made))
    make.handed_over(bank, bought(bank, lines=_LINES))
    _with_bonuses(bank)
    _refused_by_the_cards_bank(bank)
    _of_a_card_that_is_gone(bank)


def _with_bonuses(bank: Bank) -> None:
    """What one order earned another one spends, and goes back there; the bonus of the first is withheld then."""
    first = make.handed_over(bank, bought(bank, lines=_LINES))
    more = {"owner": first.customer_id, "has_bonus": True}
    made = bought(bank, lines=_LINES, spend=_EARNED, **more)
    bank.db.write_now(dropping.cancel_by_buyer, **by_buyer(made), line=1, cancelled=1)
    make.given_back(bank, make.handed_over(bank, made))
    spent = Money(_EARNED.tiyn - 6_000)
    bought(bank, "bonus", lines=[(spent, 1)], **more)
    make.given_back(bank, first, pieces=2)
    assert make.seen(bank, first).returns[0].withheld


def _refused_by_the_cards_bank(bank: Bank) -> None:
    made = bought(bank, "bank_card", lines=_LINES)
    bank.db.write_now(dropping.cancel_by_buyer, **by_buyer(made))
    make.card_refused(bank)


def _of_a_card_that_is_gone(bank: Bank) -> None:
    made = bought(bank, "own_card", lines=_LINES)
    public_id = bank.db.read_now(lambda unit: unit.get_one(Card, made.card_id).public_id)
    bank.db.write_now(cards.unlink, customer_id=made.customer_id, public_id=public_id)
    bank.db.write_now(dropping.cancel_by_buyer, **by_buyer(made))
