"""A person at a terminal: notes counted once, paid once, and no cash lost when the person goes away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaspi_web.domain.terminals import kiosk
from kaspi_web.domain.terminals.kiosk import CashLimit, NoCash, UnknownNote, Visit, VisitOver
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make.customers import PHONE
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once, refusals


def arrived(bank: Bank, terminal: str = "almaty-01") -> str:
    return bank.db.write_now(kiosk.arrive, terminal=terminal, phone=PHONE, masked_name="Айгүл Н.").id


def insert(bank: Bank, visit_id: str, tenge: int) -> Visit:
    return bank.db.write_now(kiosk.insert_note, visit_id=visit_id, note=Money.tenge(tenge))


def press_pay(bank: Bank, visit_id: str) -> Visit:
    return bank.db.write_now(kiosk.press_pay, visit_id=visit_id)


def leave(bank: Bank, visit_id: str) -> Visit:
    return bank.db.write_now(kiosk.leave, visit_id=visit_id)


def settle(bank: Bank, visit_id: str, state: str, result: int = 0) -> None:
    bank.db.write_now(kiosk.settle, visit_id=visit_id, result=result, state=state)


def claim(bank: Bank) -> list[Visit]:
    return bank.db.write_now(kiosk.claim_due)


def seen(bank: Bank, visit_id: str) -> Visit:
    return bank.db.read_now(kiosk.visit, visit_id=visit_id)


def test_every_note_is_counted(bank: Bank) -> None:
    here = arrived(bank)
    for note in (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000):
        insert(bank, here, note)
    assert seen(bank, here).inserted == Money.tenge(38_700)


def test_notes_put_in_at_once_are_all_counted(any_bank: Bank) -> None:
    here = arrived(any_bank)
    assert refusals(at_once(lambda: insert(any_bank, here, 500), times=8)) == []
    assert seen(any_bank, here).inserted == Money.tenge(4_000)


@pytest.mark.parametrize("tenge", [0, 1, 100, 50_000, -200])
def test_a_note_that_there_is_not_is_given_back(bank: Bank, tenge: int) -> None:
    here = arrived(bank)
    with pytest.raises(UnknownNote):
        insert(bank, here, tenge)
    assert seen(bank, here).inserted == ZERO


def test_a_note_above_the_limit_is_given_back_and_the_limit_told(bank: Bank) -> None:
    here = arrived(bank)
    for _ in range(25):
        insert(bank, here, 20_000)
    with pytest.raises(CashLimit) as refusal:
        insert(bank, here, 200)
    assert refusal.value.params == {"maximum": Money.tenge(500_000)}
    assert seen(bank, here).inserted == Money.tenge(500_000)


def test_there_is_no_such_terminal_or_visit(bank: Bank) -> None:
    with pytest.raises(NotFound):
        arrived(bank, "nowhere")
    with pytest.raises(NotFound):
        insert(bank, "nothing", 200)
    with pytest.raises(NotFound):
        seen(bank, "nothing")


def test_pay_without_cash_is_refused(bank: Bank) -> None:
    here = arrived(bank)
    with pytest.raises(NoCash):
        press_pay(bank, here)
    assert seen(bank, here).state == "open"


def test_pay_pressed_twice_is_pressed_once(bank: Bank) -> None:
    here = arrived(bank)
    insert(bank, here, 200)
    assert press_pay(bank, here) == press_pay(bank, here)
    assert [visit.id for visit in claim(bank)] == [here]
    assert claim(bank) == []


def test_pay_pressed_by_many_at_once_is_paid_by_one_worker(any_bank: Bank) -> None:
    here = arrived(any_bank)
    insert(any_bank, here, 200)
    assert refusals(at_once(lambda: press_pay(any_bank, here), times=4)) == []
    claimed = answers_of(at_once(lambda: claim(any_bank), times=4))
    assert [visit.id for batch in claimed for visit in batch] == [here]


def test_no_note_is_taken_after_pay(bank: Bank) -> None:
    here = arrived(bank)
    insert(bank, here, 200)
    press_pay(bank, here)
    with pytest.raises(VisitOver):
        insert(bank, here, 200)
    assert seen(bank, here).inserted == Money.tenge(200)


def test_a_note_put_in_while_pay_is_pressed_is_counted_or_given_back(any_bank: Bank) -> None:
    here = arrived(any_bank)
    insert(any_bank, here, 200)
    noted, _ = at_once(lambda: insert(any_bank, here, 500), lambda: press_pay(any_bank, here))
    (visit,) = claim(any_bank)
    assert visit.inserted == (Money.tenge(200) if isinstance(noted, VisitOver) else Money.tenge(700))


def test_cash_that_was_left_is_paid_after_75_seconds(bank: Bank, watch: Watch) -> None:
    here = arrived(bank)
    insert(bank, here, 2_000)
    watch.later(seconds=74)
    assert claim(bank) == []
    watch.later(seconds=2)
    (visit,) = claim(bank)
    assert (visit.id, visit.inserted, visit.state, visit.phone) == (here, Money.tenge(2_000), "paying", PHONE)
    with pytest.raises(VisitOver):
        insert(bank, here, 200)


def test_each_note_and_each_word_keep_the_terminal_waiting(bank: Bank, watch: Watch) -> None:
    here = arrived(bank)
    insert(bank, here, 200)
    for deed in (lambda: insert(bank, here, 200), lambda: bank.db.write_now(kiosk.stay, visit_id=here)):
        watch.later(seconds=50)
        deed()
    watch.later(seconds=50)
    assert claim(bank) == []


def test_an_empty_visit_just_ends(bank: Bank, watch: Watch) -> None:
    here = arrived(bank)
    watch.later(seconds=76)
    assert claim(bank) == []
    assert seen(bank, here).state == "left"
    assert bank.db.read_now(kiosk.due, until=watch.now() + timedelta(days=9)) == []


def test_going_away_pays_the_cash_that_was_left(bank: Bank) -> None:
    empty, full = arrived(bank), arrived(bank)
    insert(bank, full, 500)
    assert leave(bank, empty).state == "left"
    assert leave(bank, full).state == "paying"
    assert [visit.id for visit in claim(bank)] == [full]


def test_the_same_txn_id_is_told_however_often_it_is_asked(bank: Bank, watch: Watch) -> None:
    here = arrived(bank)
    insert(bank, here, 500)
    txn_id = press_pay(bank, here).txn_id
    for state in ("paying", "on_way", "on_way"):
        (visit,) = claim(bank)
        assert visit.txn_id == txn_id
        settle(bank, here, state)
        assert claim(bank) == []
        watch.later(seconds=6)
    settle(bank, here, "paid")
    watch.later(minutes=5)
    assert claim(bank) == []


def test_the_visit_of_a_dead_worker_is_paid_by_another(bank: Bank, watch: Watch) -> None:
    here = arrived(bank)
    insert(bank, here, 500)
    press_pay(bank, here)
    assert len(claim(bank)) == 1
    watch.later(seconds=29)
    assert claim(bank) == []
    watch.later(seconds=2)
    assert [visit.id for visit in claim(bank)] == [here]


@pytest.mark.parametrize("late", ["paying", "on_way", "refused"])
def test_a_late_answer_does_not_unpay_a_paid_visit(bank: Bank, late: str) -> None:
    """ps_checkout#1546: the screen said failed although it was paid, and people paid again."""
    here = arrived(bank)
    insert(bank, here, 500)
    press_pay(bank, here)
    claim(bank)
    settle(bank, here, "paid")
    settle(bank, here, late, result=90)
    assert seen(bank, here).state == "paid"


def test_silence_after_on_its_way_is_no_other_word(bank: Bank) -> None:
    here = arrived(bank)
    insert(bank, here, 500)
    press_pay(bank, here)
    settle(bank, here, "on_way")
    settle(bank, here, "paying")
    assert seen(bank, here).state == "on_way"


def test_a_word_about_a_visit_that_is_still_open_changes_nothing(bank: Bank) -> None:
    here = arrived(bank)
    insert(bank, here, 500)
    settle(bank, here, "paid")
    assert seen(bank, here).state == "open"


def test_unknown_answers_make_the_waits_grow_and_never_end_while_cash_is_unpaid(bank: Bank, watch: Watch) -> None:
    here = arrived(bank)
    insert(bank, here, 500)
    press_pay(bank, here)
    for wait in (*kiosk.WAITS_S, *(kiosk.WAITS_S[-1:] * 400)):
        assert [visit.id for visit in claim(bank)] == [here]
        settle(bank, here, "paying", result=-1)
        watch.later(seconds=wait - 1)
        assert claim(bank) == []
        watch.later(seconds=1.5)
    assert (kiosk.WAITS_S[0], kiosk.WAITS_S[-1]) == (5, 300)


class TestShown:
    """A reload finds the visit of this browser at this terminal again."""

    def arrived(self, bank: Bank, cookie: str = "mine", terminal: str = "almaty-01") -> str:
        given = {"terminal": terminal, "phone": PHONE, "masked_name": "Айгүл Н.", "cookie": cookie}
        return bank.db.write_now(kiosk.arrive, **given).id

    def shown(self, bank: Bank, cookie: str = "mine", terminal: str = "almaty-01") -> str | None:
        found = bank.db.read_now(kiosk.shown, terminal=terminal, cookie=cookie)
        return found.id if found else None

    def test_only_the_same_browser_at_the_same_terminal_finds_it(self, bank: Bank) -> None:
        here = self.arrived(bank)
        assert self.shown(bank) == here
        assert self.shown(bank, cookie="other") is None
        assert self.shown(bank, terminal="almaty-02") is None
        self.arrived(bank, cookie="")
        assert self.shown(bank, cookie="") is None

    def test_it_is_found_while_it_is_paid_and_for_two_minutes_after(self, bank: Bank, watch: Watch) -> None:
        here = self.arrived(bank)
        insert(bank, here, 500)
        press_pay(bank, here)
        watch.later(minutes=30)
        assert self.shown(bank) == here
        claim(bank)
        settle(bank, here, "paid")
        watch.later(seconds=119)
        assert self.shown(bank) == here
        watch.later(seconds=2)
        assert self.shown(bank) is None

    @pytest.mark.parametrize("state", ["paid", "on_way", "refused"])
    def test_what_was_read_is_not_shown_again(self, bank: Bank, state: str) -> None:
        here = self.arrived(bank)
        insert(bank, here, 500)
        press_pay(bank, here)
        bank.db.write_now(kiosk.seen, visit_id=here)
        assert self.shown(bank) == here, "nothing was said yet that could have been read"
        settle(bank, here, state)
        bank.db.write_now(kiosk.seen, visit_id=here)
        assert self.shown(bank) is None

    def test_an_empty_visit_that_was_left_is_not_shown(self, bank: Bank) -> None:
        leave(bank, self.arrived(bank))
        assert self.shown(bank) is None


def test_two_visits_never_share_a_txn_id(bank: Bank) -> None:
    assert len({seen(bank, arrived(bank)).txn_id for _ in range(20)}) == 20


def test_the_places_are_told_with_their_names_and_speed(bank: Bank) -> None:
    places = {place.slug: place for place in bank.db.read_now(kiosk.places)}
    assert set(places) == {"almaty-01", "almaty-02", "astana-01"}
    assert places["almaty-02"].is_slow
    assert not places["almaty-01"].is_slow
    assert set(places["astana-01"].names) == {"kk", "ru", "en"}
