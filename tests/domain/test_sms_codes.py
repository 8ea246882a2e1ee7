"""Codes by SMS: what proves a phone, and the limits that no resend, browser or other sum renews."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaspi_web.domain.sms import codes
from kaspi_web.domain.sms.codes import CodeExpired, Sent, TooManyCodes, WrongCode
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import Busy
from tests.make.ledger import sql
from tests.make.moments import Watch
from tests.make.races import at_once, refusals
from tests.make.sms import PHONE, last_code, messages, other_than, sent, tried

OTHER_PHONE = "+77010000102"


def guess_wrong(bank: Bank, times: int, *right: str, **overrides: str) -> list[object]:
    return [tried(bank, other_than(*right), **overrides) for _ in range(times)]


class TestRightAndWrong:
    def test_the_right_code_is_taken(self, bank: Bank) -> None:
        assert tried(bank, sent(bank)) is None

    @pytest.mark.parametrize("shape", ["{} {}", " {}{} ", "{}-{}", "\u200b{}{}\u00a0"])
    def test_spaces_and_marks_around_the_digits_do_no_harm(self, bank: Bank, shape: str) -> None:
        code = sent(bank)
        assert tried(bank, shape.format(code[:3], code[3:])) is None

    def test_a_wrong_code_says_how_many_tries_are_left(self, bank: Bank) -> None:
        answers = guess_wrong(bank, 4, sent(bank))
        assert [type(answer) for answer in answers] == [WrongCode] * 4
        assert [answer.params["tries_left"] for answer in answers] == [4, 3, 2, 1]

    @pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６"])
    def test_what_is_no_code_is_wrong(self, bank: Bank, typed: str) -> None:
        sent(bank)
        assert isinstance(tried(bank, typed), WrongCode)

    def test_the_right_code_after_four_wrong_ones_is_taken(self, bank: Bank) -> None:
        code = sent(bank)
        guess_wrong(bank, 4, code)
        assert tried(bank, code) is None

    def test_five_wrong_tries_kill_the_code(self, bank: Bank) -> None:
        code = sent(bank)
        assert isinstance(guess_wrong(bank, 5, code)[-1], Busy)
        with pytest.raises(Busy):
            tried(bank, code)

    def test_a_code_is_good_once(self, bank: Bank) -> None:
        code = sent(bank)
        assert tried(bank, code) is None
        assert isinstance(tried(bank, code), CodeExpired)

    def test_without_a_code_there_is_nothing_to_try(self, bank: Bank) -> None:
        assert isinstance(tried(bank, "111111"), CodeExpired)

    def test_an_earlier_code_stays_good_while_a_later_one_is_on_its_way(self, bank: Bank, watch: Watch) -> None:
        first = sent(bank)
        watch.later(seconds=31)
        sent(bank)
        assert tried(bank, first) is None

    @pytest.mark.parametrize(
        "other", [{"purpose": "reset"}, {"subject": "intent:100"}, {"phone": OTHER_PHONE, "subject": OTHER_PHONE}]
    )
    def test_a_code_is_good_for_its_own_deed_only(self, bank: Bank, other: dict[str, str]) -> None:
        code = sent(bank)
        assert isinstance(tried(bank, code, **other), CodeExpired)
        assert tried(bank, code) is None

    def test_the_code_of_one_deed_is_wrong_for_another_that_has_a_code_of_its_own(self, bank: Bank) -> None:
        one = sent(bank, purpose="pay", subject="intent:100")
        two = sent(bank, purpose="pay", subject="intent:200")
        assert one == two or isinstance(tried(bank, one, purpose="pay", subject="intent:200"), WrongCode)


class TestTimes:
    def test_a_code_ends_after_five_minutes(self, bank: Bank, watch: Watch) -> None:
        code = sent(bank)
        watch.later(minutes=5)
        assert isinstance(tried(bank, code), CodeExpired)

    def test_a_code_is_good_until_its_end(self, bank: Bank, watch: Watch) -> None:
        code = sent(bank)
        watch.later(minutes=4, seconds=55)
        assert tried(bank, code) is None

    def test_a_jump_of_the_banks_clock_ends_no_code(self, bank: Bank) -> None:
        code = sent(bank)
        bank.clock.jump(timedelta(days=1))
        assert tried(bank, code) is None

    def test_another_code_has_to_wait_longer_each_time(self, bank: Bank, watch: Watch) -> None:
        sent(bank)
        for wait in (30, 60, 120, 120):
            watch.later(seconds=wait - 3)
            with pytest.raises(Busy):
                sent(bank)
            watch.later(seconds=3)
            sent(bank)

    def test_the_wait_is_told(self, bank: Bank, watch: Watch) -> None:
        given = {"phone": PHONE, "purpose": "register", "subject": PHONE, "language": "kk", "template": "t"}
        answer = bank.db.write_now(codes.send, **given)
        assert timedelta(seconds=29) < answer.resend_at - watch.now() <= timedelta(seconds=30)
        assert timedelta(minutes=4, seconds=59) < answer.expires_at - watch.now() <= timedelta(minutes=5)
        with pytest.raises(Busy) as refusal:
            bank.db.write_now(codes.send, **given)
        assert refusal.value.params["until"] == answer.resend_at

    def test_guests_get_five_codes_an_hour_for_a_number_in_both_flows_together(self, bank: Bank, watch: Watch) -> None:
        began = watch.now()
        for purpose in ("register", "reset", "register", "reset", "register"):
            sent(bank, purpose=purpose)
            watch.later(minutes=3)
        for purpose in ("register", "reset"):
            with pytest.raises(TooManyCodes) as refusal:
                sent(bank, purpose=purpose)
            assert timedelta() <= refusal.value.params["until"] - began - timedelta(hours=1) < timedelta(seconds=5)
        sent(bank, phone=OTHER_PHONE, subject=OTHER_PHONE)
        watch.later(minutes=45, seconds=5)
        sent(bank, purpose="reset")

    def test_one_payment_gets_three_codes_an_hour_whatever_its_sum(self, bank: Bank, watch: Watch) -> None:
        for content in ("600000", "600000", "700000"):
            sent(bank, purpose="pay", subject="intent", content=content)
            watch.later(minutes=3)
        for content in ("600000", "800000"):
            with pytest.raises(TooManyCodes):
                sent(bank, purpose="pay", subject="intent", content=content)
        sent(bank, purpose="pay", subject="another intent", content="600000")
        watch.later(minutes=52)
        sent(bank, purpose="pay", subject="intent", content="600000")

    def test_an_owner_gets_thirty_codes_an_hour_and_no_more(self, bank: Bank, watch: Watch) -> None:
        for number in range(30):
            sent(bank, purpose="pay", subject=f"intent {number}")
        with pytest.raises(TooManyCodes):
            sent(bank, purpose="pay", subject="intent 31")
        sent(bank, phone=OTHER_PHONE, purpose="pay", subject="intent 31")
        watch.later(hours=1, seconds=5)
        sent(bank, purpose="pay", subject="intent 31")

    def test_a_refused_send_writes_no_message(self, bank: Bank) -> None:
        sent(bank)
        before = messages(bank)
        with pytest.raises(Busy):
            sent(bank)
        assert messages(bank) == before


class TestNoBudgetIsRenewed:
    def test_a_resend_does_not_renew_the_tries(self, bank: Bank, watch: Watch) -> None:
        """nopCommerce#8314: a resend that renewed the budget."""
        first = sent(bank)
        guess_wrong(bank, 3, first)
        watch.later(seconds=31)
        second = sent(bank)
        answers = guess_wrong(bank, 2, first, second)
        assert answers[0].params["tries_left"] == 1
        assert isinstance(answers[1], Busy)
        with pytest.raises(Busy):
            tried(bank, second)

    def test_a_spent_budget_stops_the_resend_too(self, bank: Bank, watch: Watch) -> None:
        guess_wrong(bank, 5, sent(bank))
        watch.later(minutes=3)
        with pytest.raises(Busy):
            sent(bank)

    def test_the_end_of_the_code_does_not_renew_the_tries(self, bank: Bank, watch: Watch) -> None:
        guess_wrong(bank, 4, sent(bank))
        watch.later(minutes=6)
        again = sent(bank)
        assert isinstance(tried(bank, other_than(again)), Busy)

    def test_the_tries_come_back_after_an_hour(self, bank: Bank, watch: Watch) -> None:
        guess_wrong(bank, 5, sent(bank))
        watch.later(hours=1, seconds=1)
        assert tried(bank, sent(bank)) is None

    def test_another_sum_does_not_renew_the_tries_of_a_payment(self, bank: Bank) -> None:
        first = sent(bank, purpose="pay", subject="intent", content="600000")
        guess_wrong(bank, 3, first, purpose="pay", subject="intent", content="600000")
        second = sent(bank, purpose="pay", subject="intent", content="700000")
        answers = guess_wrong(bank, 2, second, purpose="pay", subject="intent", content="700000")
        assert [type(answer) for answer in answers] == [WrongCode, Busy]
        with pytest.raises(Busy):
            tried(bank, second, purpose="pay", subject="intent", content="700000")

    def test_ten_wrong_tries_of_guests_stop_the_phone_for_guests(self, bank: Bank, watch: Watch) -> None:
        """shesha#4772: a cap tied to the session instead of the phone."""
        for subject in (PHONE, "another operation of theirs"):
            guess_wrong(bank, 5, sent(bank, subject=subject), subject=subject)
        watch.later(minutes=1)
        with pytest.raises(Busy):
            sent(bank, purpose="reset")
        with pytest.raises(Busy):
            tried(bank, "111111", purpose="reset")

    def test_what_guests_do_with_a_number_does_not_stop_its_owner(self, bank: Bank, watch: Watch) -> None:
        for purpose in ("register", "reset"):
            guess_wrong(bank, 5, sent(bank, purpose=purpose), purpose=purpose)
        code = sent(bank, purpose="pay", subject="intent")
        assert tried(bank, code, purpose="pay", subject="intent") is None

    def test_codes_sent_to_guests_leave_the_owner_all_of_theirs(self, bank: Bank, watch: Watch) -> None:
        for _ in range(5):
            sent(bank)
            watch.later(minutes=3)
        for number in range(30):
            sent(bank, purpose="pay", subject=f"intent {number}")

    def test_what_the_owner_does_leaves_guests_all_of_theirs(self, bank: Bank) -> None:
        for number in range(30):
            subject = f"intent {number}"
            guess_wrong(bank, 1, sent(bank, purpose="pay", subject=subject), purpose="pay", subject=subject)
        assert tried(bank, sent(bank, purpose="reset"), purpose="reset") is None

    def test_another_phone_is_not_stopped_by_this_one(self, bank: Bank) -> None:
        guess_wrong(bank, 5, sent(bank))
        assert tried(bank, sent(bank, phone=OTHER_PHONE), phone=OTHER_PHONE) is None


class TestAtOnce:
    def test_a_code_typed_by_many_at_once_counts_once(self, any_bank: Bank) -> None:
        code = sent(any_bank)
        answers = at_once(lambda: tried(any_bank, code), times=8)
        assert answers.count(None) == 1
        assert {type(answer) for answer in answers if answer is not None} == {CodeExpired}

    def test_guesses_at_once_do_not_go_past_the_limit(self, any_bank: Bank) -> None:
        code = sent(any_bank)
        answers = at_once(lambda: tried(any_bank, other_than(code)), times=16)
        assert [type(answer) for answer in answers].count(WrongCode) == 4
        assert sql(any_bank, "SELECT SUM(wrong_tries) FROM sms_code") == [(5,)]
        with pytest.raises(Busy):
            tried(any_bank, code)

    def test_codes_asked_for_at_once_do_not_go_past_the_limit(self, any_bank: Bank) -> None:
        for number in range(25):
            sent(any_bank, purpose="pay", subject=f"intent:{number}")
        answers = at_once(
            *(lambda n=n: sent(any_bank, purpose="pay", subject=f"another:{n}") for n in range(12)),
        )
        assert {type(each) for each in refusals(answers)} == {TooManyCodes}
        assert sql(any_bank, "SELECT COUNT(*) FROM sms_code") == [(30,)]

    def test_a_resend_pressed_twice_at_once_sends_once(self, any_bank: Bank) -> None:
        answers = at_once(lambda: sent(any_bank), times=4)
        assert len(refusals(answers)) == 3
        assert len(messages(any_bank)) == 1


class TestPending:
    def pending(self, bank: Bank, **overrides: str) -> Sent | None:
        usual = {"phone": PHONE, "purpose": "pay", "subject": "intent", "content": "600000"}
        return bank.db.read_now(codes.pending, **(usual | overrides))

    def send(self, bank: Bank) -> str:
        return sent(bank, purpose="pay", subject="intent", content="600000")

    def test_a_code_on_its_way_is_pending_with_its_times(self, bank: Bank, watch: Watch) -> None:
        assert self.pending(bank) is None
        self.send(bank)
        found = self.pending(bank)
        assert found
        assert timedelta(seconds=28) < found.resend_at - watch.now() <= timedelta(seconds=30)
        assert timedelta(minutes=4, seconds=58) < found.expires_at - watch.now() <= timedelta(minutes=5)

    @pytest.mark.parametrize(
        "other", [{"content": "700000"}, {"subject": "another"}, {"purpose": "reset"}, {"phone": OTHER_PHONE}]
    )
    def test_it_is_pending_for_its_own_deed_only(self, bank: Bank, other: dict[str, str]) -> None:
        self.send(bank)
        assert self.pending(bank, **other) is None

    def test_a_used_or_ended_code_is_not_pending(self, bank: Bank, watch: Watch) -> None:
        tried(bank, self.send(bank), purpose="pay", subject="intent", content="600000")
        assert self.pending(bank) is None
        watch.later(minutes=1)
        self.send(bank)
        assert self.pending(bank)
        watch.later(minutes=5)
        assert self.pending(bank) is None

    def test_a_code_that_cannot_be_tried_any_more_is_not_pending(self, bank: Bank) -> None:
        guess_wrong(bank, 5, self.send(bank), purpose="pay", subject="intent", content="600000")
        assert self.pending(bank) is None


class TestNothingInTheClear:
    def test_no_code_can_be_read_from_the_database(self, sqlite_bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
        # Longer than a real one, so that no moment or number can look like it by chance.
        code = "918273645546372819"
        monkeypatch.setattr(codes, "six_digits", lambda: code)
        assert sent(sqlite_bank) == code
        rows = sql(sqlite_bank, "SELECT * FROM sms_code") + sql(sqlite_bank, "SELECT * FROM sms_message")
        assert len(rows) == 2
        assert code not in str(rows)
        data_dir = sqlite_bank.settings.data_dir
        files = [path for path in data_dir.iterdir() if path.name.startswith("bank.db")]
        assert {"bank.db", "bank.db-wal"} <= {path.name for path in files}
        assert all(code.encode() not in path.read_bytes() for path in files)
        assert any(PHONE.encode() in path.read_bytes() for path in files), "the search itself works"

    def test_equal_codes_leave_different_digests_for_different_deeds(
        self, bank: Bank, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(codes, "six_digits", lambda: "123456")
        sent(bank)
        sent(bank, purpose="pay", subject="intent:1")
        assert sql(bank, "SELECT COUNT(DISTINCT code_digest) FROM sms_code") == [(2,)]

    def test_a_code_that_is_not_delivered_counts_like_one_that_is(self, bank: Bank) -> None:
        given = {"phone": PHONE, "purpose": "reset", "subject": PHONE, "language": "kk", "template": "t"}
        bank.db.write_now(codes.send, deliver=False, **given)
        assert messages(bank) == []
        with pytest.raises(Busy):
            bank.db.write_now(codes.send, deliver=False, **given)

    def test_the_code_is_six_digits(self, bank: Bank) -> None:
        sent(bank)
        assert len(last_code(bank)) == 6
        assert last_code(bank).isdecimal()
