"""My payments: green for done, red with a mark for not yet, turning by itself; the receipt."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.people import DESK, Person, en, is_green, is_red_with_mark, was_not_reloaded, without_reload
from tests.journeys.server import Server

ACCOUNT = "04512295"
PAYEE = "AlmatyEnergoSbyt"


def _opens_history(person: Person) -> None:
    person.open("/my-payments/history")
    expect(person.row(PAYEE)).to_be_visible()
    without_reload(person.page)


def test_a_payment_that_the_provider_puts_off_turns_green_in_place(new_person: NewPerson) -> None:
    person = new_person(tenge=4_000, size=DESK)
    # The first three answers of this account are "temporary": asked again after 2, 5 and 15 seconds.
    person.pay_bill("04512329", "3126,75")
    person.sees_result("on_way")
    expect(person.page.get_by_role("main")).to_contain_text(en("payments.result.on_way.text", payee=PAYEE))
    _opens_history(person)
    row = person.row(PAYEE)
    is_red_with_mark(row.locator("svg.disc"))
    expect(row).to_contain_text(en("operations.on_way.bill"))
    is_green(person.row(en("operations.topup")).locator("svg.disc"))

    person.server.hurry(person.phone)
    is_green(row.locator("svg.disc"))
    expect(row).not_to_contain_text(en("operations.on_way.bill"))
    expect(row).to_contain_text("−₸3,126.75")
    was_not_reloaded(person.page)
    person.has("₸873.25", bonus="₸31.26")


def test_the_page_of_a_pending_payment_turns_green_by_itself(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=4_000)
    with server.fault("pending", times=1, account=ACCOUNT):
        person.pay_bill(ACCOUNT, "1000")
        person.sees_result("on_way")
        without_reload(person.page)
        person.sees_result("done")
    was_not_reloaded(person.page)
    assert server.registry(ACCOUNT) == [("1000.00", "done")]


def test_a_refused_payment_gives_the_money_back(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=4_000)
    person.pay_bill("04512337", "1500")
    person.sees_result("refused")
    expect(person.page.get_by_role("main")).to_contain_text(en("payments.result.refused.text", payee=PAYEE))
    _opens_history(person)
    row = person.row(PAYEE)
    is_red_with_mark(row.locator("svg.disc"))
    expect(row).to_contain_text(en("operations.refused.bill"))
    person.has("₸4,000", bonus="₸0")
    assert server.payments(person.phone) == [("04512337", "refused", 150_000)]
    assert person.messages()[0] == en("sms.payment_refused", payee=PAYEE, amount="₸1,500.00")


def test_the_receipt_opens_from_its_row_and_from_its_address(new_person: NewPerson) -> None:
    person = new_person(tenge=4_000)
    person.pay_bill(ACCOUNT, "1234,50")
    person.sees_result("done")
    _opens_history(person)
    person.row(PAYEE).click()
    person.page.wait_for_url("**/receipt/*")
    _shows_the_receipt(person)
    person.page.reload()
    _shows_the_receipt(person)
    person.follow("receipt.back")
    person.arrives_at("/my-payments/history")
    person.row(en("operations.topup")).click()
    person.page.wait_for_url("**/receipt/*")
    expect(person.page.get_by_role("main")).to_contain_text("44 Abay Avenue, Almaty")


def _shows_the_receipt(person: Person) -> None:
    main = person.page.get_by_role("main")
    is_green(main.locator(".result svg.disc"))
    for fact in (
        "−₸1,234.50",
        PAYEE,
        "060640002375",
        ACCOUNT,
        "Айгүл Н., +7 700",
        en("source.wallet"),
        "₸0",
        "+₸12.34",
        "(UTC+5)",
    ):
        expect(main).to_contain_text(fact)


def test_a_provider_that_takes_twelve_seconds_is_waited_for_and_never_failed(
    new_person: NewPerson, server: Server
) -> None:
    person = new_person(tenge=4_000)
    # It takes the money at once and answers after 12 seconds; the bank waits for 8 and then asks again, in vain too.
    with server.fault("slow", seconds=12, times=2, account=ACCOUNT, command="pay"):
        person.pay_bill(ACCOUNT, "1000")
        person.sees_result("on_way")
        person.page.wait_for_timeout(8_500)
        person.sees_result("on_way")
        _opens_history(person)
        is_red_with_mark(person.row(PAYEE).locator("svg.disc"))
        expect(person.row(PAYEE)).to_contain_text(en("operations.on_way.bill"))
    server.hurry(person.phone)
    is_green(person.row(PAYEE).locator("svg.disc"))
    was_not_reloaded(person.page)
    assert server.registry(ACCOUNT) == [("1000.00", "done")]
    person.has("₸3,000", bonus="₸10")


def test_history_is_empty_at_first_and_says_what_to_do(new_person: NewPerson) -> None:
    person = new_person(tenge=0)
    person.open("/my-payments/history")
    expect(person.page.locator(".empty")).to_contain_text(en("history.empty"))
    person.page.locator(".empty a").click()
    person.arrives_at("/topup")
