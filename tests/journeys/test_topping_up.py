"""Cash at a terminal: at once, late, left behind."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.kiosk import Kiosk
from tests.journeys.people import DESK, en, is_green, is_red_with_mark, was_not_reloaded, without_reload
from tests.journeys.server import Server

_NOW = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-1 second')"


def test_the_open_home_shows_the_cash_without_a_reload_and_an_sms_says_so(new_person: NewPerson) -> None:
    person = new_person(tenge=0, size=DESK)
    person.has("₸0")
    without_reload(person.page)
    kiosk = Kiosk(person, "almaty-01")
    kiosk.top_up(person.phone, 20_000, 200)
    kiosk.sees_title("kiosk.done.title")
    is_green(kiosk.disc)
    slip = kiosk.page.locator("dl.summary")
    expect(slip).to_contain_text("₸20,200")
    expect(slip).to_contain_text(f"+7 700 000 {person.phone[6:8]} {person.phone[8:]}")
    person.sees_balance("₸20,200")
    is_green(person.row(en("operations.topup")).locator("svg.disc"))
    was_not_reloaded(person.page)
    assert person.messages()[0].count("₸20,200.00") == 2


def test_a_slow_terminal_shows_the_money_on_its_way_until_it_turns_green_by_itself(
    new_person: NewPerson, server: Server
) -> None:
    person = new_person(tenge=0)
    kiosk = Kiosk(person, "almaty-02")
    kiosk.top_up(person.phone, 500)
    kiosk.sees_title("kiosk.late.title")
    is_red_with_mark(kiosk.disc)
    expect(kiosk.page.get_by_role("main")).to_contain_text(en("kiosk.late.text"))

    person.open("/topup")
    row = person.row(en("operations.topup"))
    is_red_with_mark(row.locator("svg.disc"))
    expect(row).to_contain_text("₸500")
    expect(row).to_contain_text(en("topup.until").split("{")[0].strip())
    person.has("₸0")
    person.open("/my-payments/history")
    is_red_with_mark(row.locator("svg.disc"))
    expect(row).to_contain_text(en("operations.on_way.topup"))

    without_reload(person.page)
    server.sql(f"UPDATE topup SET due_at = {_NOW} WHERE state = 'on_way' AND account LIKE '%' || ?", person.phone)
    is_green(row.locator("svg.disc"))
    expect(row).to_contain_text(en("status.done"))
    was_not_reloaded(person.page)
    person.has("₸500")
    assert person.messages()[0].count("₸500.00") == 2


def test_a_terminal_left_alone_with_cash_forgets_the_person_and_pays_the_wallet(new_person: NewPerson) -> None:
    person = new_person(tenge=0)
    person.has("₸0")
    kiosk = Kiosk(person, "astana-01", with_clock=True)
    kiosk.takes(person.phone, 2_000)
    kiosk.waits(50)
    expect(kiosk.page.get_by_role("alertdialog")).to_contain_text(en("kiosk.idle.title"))
    kiosk.waits(15)
    person.sees_balance("₸2,000")
    kiosk.shows_nothing_of(person.phone)
    kiosk.waits(65)
    kiosk.has_forgotten(person.phone)


def test_a_terminal_left_alone_before_cash_forgets_the_number(new_person: NewPerson) -> None:
    person = new_person(tenge=0)
    kiosk = Kiosk(person, "astana-01", with_clock=True)
    kiosk.begins()
    kiosk.types(person.phone)
    kiosk.waits(65)
    kiosk.has_forgotten(person.phone)
    kiosk.finds(person.phone)
    kiosk.waits(65)
    kiosk.has_forgotten(person.phone)
    kiosk.begins()
    expect(kiosk.page.locator("#phone")).to_have_value("")


def test_who_is_still_here_may_go_on(new_person: NewPerson) -> None:
    person = new_person(tenge=0)
    kiosk = Kiosk(person, "astana-01", with_clock=True)
    kiosk.takes(person.phone, 1_000)
    kiosk.waits(50)
    kiosk.press("kiosk.idle.stay")
    kiosk.waits(20)
    kiosk.sees_title("kiosk.notes.title")
    expect(kiosk.page.locator(".kiosk-idle")).to_be_hidden()


def test_cash_in_a_terminal_that_went_dark_goes_to_the_wallet(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=0)
    person.has("₸0")
    kiosk = Kiosk(person, "almaty-01")
    kiosk.takes(person.phone, 5_000)
    kiosk.page.context.close()
    server.sql(f"UPDATE kiosk_visit SET due_at = {_NOW} WHERE state = 'open' AND phone = ?", f"+7{person.phone}")
    person.sees_balance("₸5,000")


def test_a_terminal_takes_no_cash_for_a_number_without_a_wallet(new_person: NewPerson) -> None:
    person = new_person()
    kiosk = Kiosk(person, "almaty-01")
    kiosk.begins()
    kiosk.types(person.phone)
    kiosk.press("kiosk.next")
    expect(kiosk.page.get_by_role("main")).to_contain_text(en("refusal.wallet_unknown"))
    expect(kiosk.page.locator("#phone")).to_have_value(person.phone)
