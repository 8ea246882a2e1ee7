"""Charges on other banks' cards: asked once, proved, captured or voided, refunded; never both, never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kaspi_web.domain.cards import charges, jobs, refunds
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.charges import ChargeCaptured, ChargeNotAuthorised, ChargeView, RefundTooLarge
from kaspi_web.domain.cards.jobs import ChargeKeyReused
from kaspi_web.domain.cards.service import CardFrozen, CardGone
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.processing import Charged, PaidOut
from tests.make.cards import (
    TOKEN,
    answered,
    asked,
    asked_for,
    begun,
    captured,
    charge,
    linked,
    own_card,
    refund,
    refund_answered,
    subject,
)
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import moved, sql
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once, refusals

SUM = Money.tenge(20_000)
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)


def state(bank: Bank, charge_id: int) -> tuple[str, str]:
    found = charge(bank, charge_id)
    return found.state, found.wanted


def capture(bank: Bank, charge_id: int) -> ChargeView:
    return bank.db.write_now(charges.capture, charge_id=charge_id)


def void(bank: Bank, charge_id: int) -> ChargeView:
    return bank.db.write_now(charges.void, charge_id=charge_id)


def unknown(bank: Bank, charge_id: int) -> None:
    bank.db.write_now(charges.unknown, charge_id=charge_id, word="timeout")


@pytest.fixture
def owner(bank: Bank) -> int:
    return customer(bank)


@pytest.fixture
def charge_id(bank: Bank, owner: int) -> int:
    return begun(bank, owner, linked(bank, owner), SUM)


class TestBeginning:
    def test_a_subject_of_another_charge_is_refused(self, bank: Bank, owner: int) -> None:
        card, other = linked(bank, owner), linked(bank, owner, token="tok_b", last4="4444")
        begun(bank, owner, card, SUM, subject="t:1")
        for of, amount in ((card, SUM + Money(1)), (other, SUM)):
            with pytest.raises(ChargeKeyReused):
                begun(bank, owner, of, amount, subject="t:1")
        assert sql(bank, "SELECT COUNT(*) FROM card_charge") == [(1,)]

    def test_a_charge_is_a_row_that_a_worker_finds(self, bank: Bank, owner: int) -> None:
        before = moved(bank)
        made = begun(bank, owner, linked(bank, owner), SUM, payee="АлматыЭнергоСбыт")
        (job,) = bank.db.write_now(charges.claim)
        assert (job.id, job.deed, job.token, job.amount, job.phone) == (made, "authorise", TOKEN, SUM, PHONE)
        assert (job.payee, job.language) == ("АлматыЭнергоСбыт", "kk")
        assert moved(bank) == before, "nothing is posted"

    def test_one_subject_has_one_charge_however_often_it_is_asked_for(self, bank: Bank, owner: int) -> None:
        card, about = linked(bank, owner), subject()
        answers = at_once(lambda: begun(bank, owner, card, SUM, subject=about), times=8)
        assert refusals(answers) == []
        assert len(set(answers)) == 1
        assert len(asked(bank)) == 1

    @pytest.mark.parametrize("case", ["frozen", "unlinked", "own", "stranger"])
    def test_what_cannot_be_charged_is_refused_and_nothing_is_asked(self, bank: Bank, owner: int, case: str) -> None:
        card, payer = (own_card if case == "own" else linked)(bank, owner), owner
        refusal: type[DomainError] = NotFound
        if case == "frozen":
            bank.db.write_now(cards.freeze, customer_id=owner, public_id=card.public_id)
            refusal = CardFrozen
        if case == "unlinked":
            bank.db.write_now(cards.unlink, customer_id=owner, public_id=card.public_id)
            refusal = CardGone
        if case == "stranger":
            payer = customer(bank, phone=OTHER_PHONE)
        before = moved(bank) | asked_for(bank)
        with pytest.raises(refusal):
            begun(bank, payer, card, SUM)
        assert moved(bank) | asked_for(bank) == before
        assert asked(bank) == []


class TestAnswers:
    def test_a_charge_goes_through_its_code_to_its_capture(self, bank: Bank, charge_id: int) -> None:
        assert answered(bank, charge_id, "challenge").changed
        assert state(bank, charge_id) == ("challenge", "authorise")
        assert answered(bank, charge_id, "authorised").changed
        assert state(bank, charge_id) == ("authorised", "")
        assert capture(bank, charge_id).wanted == "capture"
        assert asked(bank) == [(charge_id, "capture")]
        assert answered(bank, charge_id, "captured").changed
        assert state(bank, charge_id) == ("captured", "")
        assert asked(bank) == []

    @pytest.mark.parametrize("said", ["challenge", "authorised", "captured", "declined"])
    def test_the_same_answer_twice_is_news_once(self, bank: Bank, charge_id: int, said: str) -> None:
        assert answered(bank, charge_id, said).changed
        before = asked_for(bank)
        assert not answered(bank, charge_id, said).changed
        assert asked_for(bank) == before

    def test_an_older_answer_that_comes_late_changes_nothing(self, bank: Bank, charge_id: int) -> None:
        answered(bank, charge_id, "authorised")
        for late in ("challenge", "wrong_code", "declined", "gibberish"):
            assert not answered(bank, charge_id, late).changed
            assert state(bank, charge_id) == ("authorised", "")

    @pytest.mark.parametrize("end", ["captured", "voided", "declined"])
    @pytest.mark.parametrize("late", ["challenge", "authorised", "captured", "voided", "declined"])
    def test_nothing_changes_after_the_end(self, bank: Bank, charge_id: int, end: str, late: str) -> None:
        answered(bank, charge_id, end)
        assert not answered(bank, charge_id, late).changed
        assert state(bank, charge_id) == (end, "")

    def test_a_no_is_told_with_its_reason(self, bank: Bank, charge_id: int) -> None:
        assert answered(bank, charge_id, "declined", "lacks_money").reason == "lacks_money"
        assert asked(bank) == []

    def test_of_many_answers_at_once_one_is_news(self, bank: Bank, charge_id: int) -> None:
        answers = at_once(lambda: answered(bank, charge_id, "authorised"), times=8)
        assert refusals(answers) == []
        assert [each.changed for each in answers].count(True) == 1

    @pytest.mark.parametrize(
        "deed",
        [
            lambda bank: charge(bank, 999),
            lambda bank: answered(bank, 999, "captured"),
            lambda bank: capture(bank, 999),
            lambda bank: void(bank, 999),
            lambda bank: unknown(bank, 999),
            lambda bank: refund(bank, 999, SUM),
        ],
    )
    def test_a_word_about_no_charge_is_not_found(self, bank: Bank, deed: object) -> None:
        with pytest.raises(NotFound):
            deed(bank)  # type: ignore[operator]


class TestCaptureAndVoid:
    @pytest.mark.parametrize("before", ["new", "challenge", "declined", "voided"])
    def test_only_what_the_card_agreed_to_is_captured(self, bank: Bank, charge_id: int, before: str) -> None:
        if before != "new":
            answered(bank, charge_id, before)
        asked_before = asked_for(bank)
        with pytest.raises(ChargeNotAuthorised):
            capture(bank, charge_id)
        assert asked_for(bank) == asked_before

    @pytest.mark.parametrize("before", ["new", "challenge", "authorised"])
    def test_a_charge_can_be_given_up_until_it_is_captured(self, bank: Bank, charge_id: int, before: str) -> None:
        if before != "new":
            answered(bank, charge_id, before)
        void(bank, charge_id)
        assert state(bank, charge_id) == (before, "void")
        assert asked(bank) == [(charge_id, "void")]
        assert answered(bank, charge_id, "voided").changed
        assert state(bank, charge_id) == ("voided", "")

    def test_a_yes_that_comes_after_giving_up_does_not_revive_the_charge(self, bank: Bank, charge_id: int) -> None:
        void(bank, charge_id)
        answered(bank, charge_id, "authorised")
        assert state(bank, charge_id) == ("authorised", "void")
        with pytest.raises(ChargeNotAuthorised):
            capture(bank, charge_id)

    def test_capturing_and_voiding_twice_change_nothing(self, bank: Bank, charge_id: int) -> None:
        answered(bank, charge_id, "authorised")
        assert capture(bank, charge_id) == capture(bank, charge_id)
        answered(bank, charge_id, "captured")
        assert capture(bank, charge_id).state == "captured"
        with pytest.raises(ChargeCaptured):
            void(bank, charge_id)

    def test_of_a_capture_and_a_void_at_once_one_is_refused(self, bank: Bank, owner: int) -> None:
        card = linked(bank, owner)
        for _ in range(3):
            made = begun(bank, owner, card, SUM)
            answered(bank, made, "authorised")
            answers = at_once(lambda made=made: capture(bank, made), lambda made=made: void(bank, made))
            assert len(answers_of(answers)) == 1
            assert isinstance(refusals(answers)[0], ChargeCaptured | ChargeNotAuthorised)

    def test_a_charge_can_be_voided_after_its_card_was_unlinked(self, bank: Bank, owner: int) -> None:
        card = linked(bank, owner)
        made = begun(bank, owner, card, SUM)
        answered(bank, made, "authorised")
        bank.db.write_now(cards.unlink, customer_id=owner, public_id=card.public_id)
        void(bank, made)
        assert [(job.deed, job.token) for job in bank.db.write_now(charges.claim)] == [("void", TOKEN)]

    def test_freezing_the_card_does_not_stop_what_is_under_way(self, bank: Bank, owner: int) -> None:
        card = linked(bank, owner)
        made = begun(bank, owner, card, SUM)
        bank.db.write_now(cards.freeze, customer_id=owner, public_id=card.public_id)
        answered(bank, made, "authorised")
        assert capture(bank, made).wanted == "capture"


class TestTime:
    def test_a_time_out_is_asked_again_later_and_later(self, bank: Bank, charge_id: int, watch: Watch) -> None:
        for wait in jobs.WAITS_S[:5]:
            assert asked(bank) == [(charge_id, "authorise")]
            unknown(bank, charge_id)
            watch.later(seconds=wait - 0.5)
            assert asked(bank) == []
            watch.later(seconds=0.6)

    def test_a_leased_charge_is_not_asked_twice_until_the_lease_ends(
        self, bank: Bank, charge_id: int, watch: Watch
    ) -> None:
        assert len(asked(bank)) == 1
        assert asked(bank) == []
        bank.db.write_now(charges.hand_back, charge_ids=[charge_id])
        assert len(asked(bank)) == 1
        assert bank.db.write_now(jobs.end_leases) == 1
        assert len(asked(bank)) == 1
        watch.later(seconds=61)
        assert len(asked(bank)) == 1

    def test_many_workers_take_each_charge_once(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        card = linked(any_bank, owner)
        made = {begun(any_bank, owner, card, SUM) for _ in range(12)}
        taken = at_once(lambda: asked(any_bank), times=4)
        assert sorted(number for each in taken for number, _ in each) == sorted(made)

    def test_a_code_whose_answer_was_lost_is_looked_after(self, bank: Bank, charge_id: int, watch: Watch) -> None:
        answered(bank, charge_id, "challenge")
        assert asked(bank) == []
        watch.later(seconds=21)
        assert asked(bank) == [(charge_id, "look")]
        answered(bank, charge_id, "challenge")
        assert asked(bank) == []
        watch.later(seconds=21)
        assert asked(bank) == [(charge_id, "look")]

    @pytest.mark.parametrize("before", ["new", "challenge"])
    def test_what_is_not_agreed_in_time_is_given_up(
        self, bank: Bank, charge_id: int, watch: Watch, before: str
    ) -> None:
        if before == "challenge":
            answered(bank, charge_id, "challenge")
        bank.clock.jump(timedelta(days=1))
        unknown(bank, charge_id)
        assert state(bank, charge_id)[1] == "authorise", "the bank's clock gives nothing up"
        watch.later(minutes=15)
        if before == "new":
            unknown(bank, charge_id)
        else:
            answered(bank, charge_id, "challenge")
        assert state(bank, charge_id) == (before, "void")
        assert asked(bank) == [(charge_id, "void")]

    @pytest.mark.parametrize("wanted", ["capture", "void"])
    def test_capturing_and_voiding_are_never_given_up(
        self, bank: Bank, charge_id: int, watch: Watch, wanted: str
    ) -> None:
        answered(bank, charge_id, "authorised")
        (capture if wanted == "capture" else void)(bank, charge_id)
        for _ in range(30):
            assert asked(bank) == [(charge_id, wanted)]
            unknown(bank, charge_id)
            watch.later(hours=2)

    def test_the_agenda_names_what_waits(self, bank: Bank, charge_id: int) -> None:
        assert [each.subject for each in bank.db.read_now(jobs.due, until=FOREVER)] == [f"card_charge:{charge_id}"]
        answered(bank, charge_id, "declined")
        assert bank.db.read_now(jobs.due, until=FOREVER) == []


class TestRefunds:
    def test_parts_are_given_back_until_the_whole_is(self, bank: Bank, owner: int) -> None:
        made = captured(bank, owner, linked(bank, owner), SUM)
        half = Money.tenge(10_000)
        first, second = refund(bank, made, half), refund(bank, made, half)
        assert [job.id for job in bank.db.write_now(refunds.claim)] == [first, second]
        with pytest.raises(RefundTooLarge):
            refund(bank, made, Money(1))
        assert charge(bank, made).refunded == SUM
        assert refund_answered(bank, first, "done").changed
        assert not refund_answered(bank, first, "done").changed

    def test_one_key_gives_back_once(self, bank: Bank, owner: int) -> None:
        made = captured(bank, owner, linked(bank, owner), SUM)
        answers = at_once(lambda: refund(bank, made, SUM, key="r:1"), times=6)
        assert refusals(answers) == []
        assert len(set(answers)) == 1
        assert charge(bank, made).refunded == SUM

    def test_a_key_of_another_refund_is_refused(self, bank: Bank, owner: int) -> None:
        card = linked(bank, owner)
        made, another = captured(bank, owner, card, SUM), captured(bank, owner, card, SUM)
        refund(bank, made, Money.tenge(5), key="r:1")
        for charge_id, amount in ((made, Money.tenge(6)), (another, Money.tenge(5))):
            with pytest.raises(ChargeKeyReused):
                refund(bank, charge_id, amount, key="r:1")
        assert (charge(bank, made).refunded, charge(bank, another).refunded) == (Money.tenge(5), Money(0))

    def test_refunds_at_once_never_add_up_to_more_than_was_charged(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        made = captured(any_bank, owner, linked(any_bank, owner), SUM)
        answers = at_once(lambda: refund(any_bank, made, Money.tenge(7_000)), times=6)
        assert len(answers_of(answers)) == 2
        assert {type(each) for each in refusals(answers)} == {RefundTooLarge}
        assert charge(any_bank, made).refunded == Money.tenge(14_000)

    @pytest.mark.parametrize("before", ["new", "challenge", "authorised", "voided", "declined"])
    def test_nothing_is_given_back_of_what_was_not_taken(self, bank: Bank, charge_id: int, before: str) -> None:
        if before != "new":
            answered(bank, charge_id, before)
        asked_before = asked_for(bank)
        with pytest.raises(ChargeNotAuthorised):
            refund(bank, charge_id, SUM)
        assert asked_for(bank) == asked_before

    def test_a_refund_waits_for_the_capture(self, bank: Bank, charge_id: int) -> None:
        answered(bank, charge_id, "authorised")
        capture(bank, charge_id)
        made = refund(bank, charge_id, SUM)
        assert bank.db.write_now(refunds.claim) == []
        answered(bank, charge_id, "captured")
        assert [job.id for job in bank.db.write_now(refunds.claim)] == [made]

    def test_a_refund_to_an_unlinked_card_is_refused_and_nothing_is_asked(self, bank: Bank, owner: int) -> None:
        card = linked(bank, owner)
        made = captured(bank, owner, card, SUM)
        bank.db.write_now(cards.unlink, customer_id=owner, public_id=card.public_id)
        before = asked_for(bank)
        with pytest.raises(CardGone):
            refund(bank, made, SUM)
        assert asked_for(bank) == before

    def test_what_the_card_would_not_take_back_is_not_counted_as_given_back(self, bank: Bank, owner: int) -> None:
        made = captured(bank, owner, linked(bank, owner), SUM)
        first = refund(bank, made, SUM)
        assert refund_answered(bank, first, "declined").state == "declined"
        assert charge(bank, made).refunded == Money(0)
        assert not refund_answered(bank, first, "done").changed, "the first word stands"

    def test_a_time_out_is_asked_again(self, bank: Bank, owner: int, watch: Watch) -> None:
        made = captured(bank, owner, linked(bank, owner), SUM)
        number = refund(bank, made, SUM)
        (job,) = bank.db.write_now(refunds.claim)
        assert job.charge_key == charge(bank, made).key
        bank.db.write_now(refunds.unknown, refund_id=number, word="timeout")
        assert bank.db.write_now(refunds.claim) == []
        watch.later(seconds=2)
        assert [each.key for each in bank.db.write_now(refunds.claim)] == [job.key]


class TestSagas:
    """A street hears of what is new, in the same transaction, and of nothing else."""

    @pytest.fixture
    def heard(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
        heard: list[tuple[str, str]] = []

        def note(unit: Unit, view: object) -> None:
            heard.append((view.subject, view.state))  # type: ignore[attr-defined]

        monkeypatch.setitem(sagas.STREETS, "test", sagas.Street(note, note, note))
        return heard

    def test_each_answer_is_told_once_to_the_street_of_its_subject(
        self, bank: Bank, owner: int, heard: list[tuple[str, str]]
    ) -> None:
        made = begun(bank, owner, linked(bank, owner), SUM, subject="test:1")
        for said in ("challenge", "authorised", "authorised", "challenge"):
            bank.db.write_now(sagas.charge_answered, charge_id=made, answer=Charged(said))
        assert heard == [("test:1", "challenge"), ("test:1", "authorised")]

    def test_of_a_charge_that_is_given_up_only_the_end_is_told(
        self, bank: Bank, owner: int, heard: list[tuple[str, str]]
    ) -> None:
        made = begun(bank, owner, linked(bank, owner), SUM, subject="test:2")
        void(bank, made)
        for said in ("authorised", "voided"):
            bank.db.write_now(sagas.charge_answered, charge_id=made, answer=Charged(said))
        assert heard == [("test:2", "voided")]

    def test_a_street_that_fails_leaves_the_answer_unwritten(
        self, bank: Bank, owner: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(unit: Unit, view: ChargeView) -> None:
            raise RuntimeError("planned")

        monkeypatch.setitem(sagas.STREETS, "test", sagas.Street(charged=fail))
        made = begun(bank, owner, linked(bank, owner), SUM)
        with pytest.raises(RuntimeError, match="planned"):
            bank.db.write_now(sagas.charge_answered, charge_id=made, answer=Charged("authorised"))
        assert state(bank, made) == ("new", "authorise")

    def test_refunds_are_told_too(self, bank: Bank, owner: int, heard: list[tuple[str, str]]) -> None:
        made = captured(bank, owner, linked(bank, owner), SUM)
        number = refund(bank, made, SUM, subject="test:9")
        for _ in range(2):
            bank.db.write_now(sagas.refund_answered, refund_id=number, answer=PaidOut("done"))
        assert heard == [("test:9", "done")]


def test_the_database_itself_refuses_a_refund_above_the_charge(bank: Bank, owner: int) -> None:
    made = captured(bank, owner, linked(bank, owner), SUM)
    with pytest.raises(Exception, match="refunded_within"):
        sql(bank, "UPDATE card_charge SET refunded_tiyn = amount_tiyn + 1 WHERE id = :id", id=made)
