"""How every story ends: everybody outside is well again, everything due happens, and all books say the same."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import text

from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from tests.properties import books
from tests.properties.bills import LATE
from tests.properties.model import Payment, total
from tests.properties.scenes import Scenes

_OPEN_CHARGES = text("SELECT COUNT(*) FROM card_charge WHERE state NOT IN ('captured', 'voided', 'declined')")
_OPEN_JOBS = text(
    "SELECT (SELECT COUNT(*) FROM card_refund WHERE state = 'new')"
    " + (SELECT COUNT(*) FROM card_payout WHERE state = 'new')"
    " + (SELECT COUNT(*) FROM return_request WHERE state = 'asked')"
)


class Ending(Scenes):
    """The end of a story."""

    def everything_is_true(self) -> None:
        """What has to be true after every step."""
        raise NotImplementedError

    def ends(self) -> None:
        """Everybody outside is well again and everything due happens: no money stays held but for a reason."""
        self.world.biller.clear()
        self.world.processor.clear()
        for _ in range(5):
            self.world.watch.later(minutes=61)
            self._everybody_works()
        self.credits_what_has_arrived(timedelta(minutes=3))
        assert self.model.books.of_kind("topups_on_way") == ZERO
        self.transfers_come_due(0, 8)
        self._everybody_works()
        self.look()
        for late_word in self.late_words:
            self.a_late_word(*late_word)
        for heard in self.late_charges:
            self.world.charging.late_word(heard)
            self.look()
        self._everybody_works()
        self.everything_is_true()
        self._payments_ended()
        self._cards_ended()
        self.a_day_is_reconciled()
        self._everybody_works()
        self.everything_is_true()
        self._registry_had_the_last_word()
        self.settles(days=1, later=1)
        self.everything_is_true()

    def _everybody_works(self) -> None:
        while self.workers_charge() + self.world.ask() + self.world.settle_due_transfers():
            self.look()

    def _payments_ended(self) -> None:
        for known in self.model.payments.values():
            said = self.said_of(known)
            right = known.state in ("registry", said) or self._waits_for_biller(known.state, said, known.account)
            # One whose card has declined, or that its registry never had, did not come to the biller.
            assert right or (known.state, said) == ("refused", ""), f"{known.state}, and the biller says {said}"
        states = Counter(each.state for each in self.model.payments.values())
        self.note("ended with payments in the registry" if states["registry"] else "ended with all paid")

    def _waits_for_biller(self, state: str, said: str, account: str) -> bool:
        return state == "on_way" and said == "pending" and account.endswith(LATE)

    def _cards_ended(self) -> None:
        """Nothing is charged but for what went through, and the processor's own book has the same sums."""
        waiting = total([each.money for each in self.model.payments.values() if each.state in ("on_way", "registry")])
        charges, jobs = self.world.read(_still_open)
        assert jobs == 0
        assert charges == 0 or waiting, "a charge that nobody waits for"
        captured, refunded, paid_out = self.world.charging.sums()
        booked = [(day, sum_) for day, account, sum_ in self.model.books.booked if account == books.PROCESSOR]
        assert captured - refunded == -total([sum_ for day, sum_ in booked if day != date.min])
        sent = [each.amount for each in self.model.transfers.values() if each.token and each.state == "done"]
        assert paid_out == total(sent)
        assert not any(each.is_open for each in self.model.transfers.values())

    def _held(self, known: Payment) -> Money:
        """Another bank's card holds its own money."""
        by_card = known.what.card is not None and not known.what.card.is_own
        return known.what.spend if by_card else known.amount

    def _registry_had_the_last_word(self) -> None:
        for known in self.model.payments.values():
            said = self.said_of(known)
            assert known.state in ("done", "refused") or said == "pending", f"{known.state}, the biller says {said}"
        assert self.model.books.of_kind("holds") == total(
            [self._held(each) for each in self.model.payments.values() if each.state in ("on_way", "registry")]
        )
        self.differences_are_those_of_contradictions()


def _still_open(unit: Unit) -> tuple[int, int]:
    return unit.sql(_OPEN_CHARGES).scalar_one(), unit.sql(_OPEN_JOBS).scalar_one()
