"""Codes by SMS: what proves a phone, and the limits that no resend, browser or other sum renews."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaspi_web.domain.sms import codes
from kaspi_web.domain.sms.codes import CodeExpired, TooManyCodes, WrongCode
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

    def test_a_phone_gets_five_codes_an_hour_and_no_more(self, bank: Bank, watch: Watch) -> None:
        began = watch.now()
        for number in range(5):
            sent(bank, purpose="pay", subject=f"intent:{number}")
        with pytest.raises(TooManyCodes) as refusal:
            sent(bank, purpose="pay", subject="intent:6")
        assert timedelta() <= refusal.value.params["until"] - began - timedelta(hours=1) < timedelta(seconds=5)
        sent(bank, phone=OTHER_PHONE, subject=OTHER_PHONE)
        watch.later(hours=1, seconds=5)
        sent(bank, purpose="pay", subject="intent:6")

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

    def test_ten_wrong_tries_of_any_deed_stop_the_phone(self, bank: Bank, watch: Watch) -> None:
        """shesha#4772: a cap tied to the session instead of the phone."""
        for number in range(2):
            code = sent(bank, purpose="pay", subject=f"intent:{number}")
            guess_wrong(bank, 5, code, purpose="pay", subject=f"intent:{number}")
        watch.later(minutes=1)
        with pytest.raises(Busy):
            sent(bank, purpose="pay", subject="intent:3")
        with pytest.raises(Busy):
            tried(bank, "111111", purpose="pay", subject="intent:3")

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
        answers = at_once(
            *(lambda n=n: sent(any_bank, purpose="pay", subject=f"intent:{n}") for n in range(12)),
        )
        assert {type(each) for each in refusals(answers)} == {TooManyCodes}
        assert sql(any_bank, "SELECT COUNT(*) FROM sms_code") == [(5,)]

    def test_a_resend_pressed_twice_at_once_sends_once(self, any_bank: Bank) -> None:
        answers = at_once(lambda: sent(any_bank), times=4)
        assert len(refusals(answers)) == 3
        assert len(messages(any_bank)) == 1


class TestNothingInTheClear:
    def test_no_code_can_be_read_from_the_database(self, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
        # Longer than a real one, so that no moment or number can look like it by chance.
        code = "918273645546372819"
        monkeypatch.setattr(codes, "six_digits", lambda: code)
        assert sent(bank) == code
        rows = sql(bank, "SELECT * FROM sms_code") + sql(bank, "SELECT * FROM sms_message")
        assert len(rows) == 2
        assert code not in str(rows)
        data_dir = bank.settings.data_dir
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
