"""The machine dies in the worst moments of a payment: what was promised is kept, and nothing happens twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson, NewServer

ACCOUNT = "04512287"


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("bills.payments.pay.after_commit", id="after-the-commit-before-the-answer"),
        pytest.param("bills.answered", id="after-the-biller-said-yes"),
    ],
)
def test_a_payment_is_made_once_though_the_server_was_killed(
    new_server: NewServer, new_person: NewPerson, point: str
) -> None:
    server = new_server()
    server.start(FAULTS=f"{point}=kill")
    person = new_person(at=server, tenge=9_000)
    person.console.forgive("WebSocket connection", "ERR_CONNECTION_REFUSED")
    person.proposes(ACCOUNT, "4000")
    person.pay_button.click()
    server.wait_for_end()

    server.start()
    # The dead process had taken the job for a minute of real time.
    server.sql("UPDATE bill_payment SET leased_until = started_at")
    person.page.reload()
    person.sees_result("done")
    assert server.payments(person.phone) == [(ACCOUNT, "done", 400_000)]
    assert server.registry(ACCOUNT) == [("4000.00", "done")]
    person.has("₸5,000", bonus="₸40")
    assert server.audit().endswith("\nclean")


def test_an_sms_is_sent_though_the_server_was_killed(new_server: NewServer, new_person: NewPerson) -> None:
    server = new_server()
    server.start(FAULTS="sms.sent=kill")
    person = new_person(at=server)
    person.console.forgive(
        "WebSocket connection", "ERR_CONNECTION_REFUSED", "Failed to load", "route module", "imported"
    )
    person.asks_for_code()
    server.wait_for_end()

    server.start()
    server.sql("UPDATE sms_message SET due_at = created_at WHERE sent_at IS NULL")
    person.page.goto(person.url("/register/code"))
    person.fill(code=person.code_from_phone())
    person.arrives_at("/register/person")
    expect(person.page.locator("#given_name")).to_be_visible()
    assert server.sql("SELECT count(*) FROM arrival", of="phone.db") == [(1,)]
