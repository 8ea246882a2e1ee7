"""A payment terminal and somebody in front of it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from kaspi_web.i18n import words
from tests.journeys.people import Person, tenge


class Kiosk:
    """The screen of one terminal, in the language of the person in front of it."""

    def __init__(self, person: Person, slug: str, *, with_clock: bool = False) -> None:
        """With a clock of its own, `waits` lets time go by for the screen."""
        self.page: Page = person.new_device().new_page()
        if with_clock:
            self.page.clock.install()
        self.w, self._locale = words(person.locale), person.locale
        self.page.goto(person.url(f"/kiosk/{slug}"))

    def press(self, key: str) -> None:
        self.page.get_by_role("button", name=self.w(key), exact=True).click()

    def sees_title(self, key: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.w(key))

    @property
    def disc(self) -> Locator:
        return self.page.locator(".kiosk-disc svg")

    def begins(self) -> None:
        self.page.get_by_role("button", name=self.w("kiosk.topup")).click()
        self.sees_title("kiosk.phone.ask")

    def types(self, digits: str) -> None:
        """On the keys of the screen, as a finger does."""
        for digit in digits:
            self.page.locator(f"[data-key='{digit}']").click()
        expect(self.page.locator("#phone")).to_have_value(digits)

    def finds(self, phone: str) -> None:
        """From the start to the question whose wallet it is."""
        self.begins()
        self.types(phone)
        self.press("kiosk.next")
        self.sees_title("kiosk.name.title")

    def takes(self, phone: str, *notes: int) -> None:
        """From the start to Pay, which is not pressed."""
        self.finds(phone)
        self.press("kiosk.name.yes")
        self.sees_title("kiosk.notes.title")
        total = 0
        for note in notes:
            self.page.locator(f".note-{note}").click()
            total += note
            shown = self.page.locator(".kiosk-sum[role=status]")
            expect(shown).to_have_text(tenge(self._locale, total))

    def top_up(self, phone: str, *notes: int) -> None:
        """All of it, Pay included."""
        self.takes(phone, *notes)
        self.press("kiosk.notes.pay")

    def waits(self, seconds: int) -> None:
        """Nobody touches the screen for so long; needs `with_clock`."""
        self.page.clock.run_for(seconds * 1000)

    def has_forgotten(self, phone: str) -> None:
        """The screen is at its start and nothing of the former person is on it."""
        self.sees_title("kiosk.title")
        self.shows_nothing_of(phone)

    def shows_nothing_of(self, phone: str) -> None:
        """Neither the whole number nor the name is on the screen."""
        left = "".join(character for character in self.page.get_by_role("main").inner_text() if character.isdigit())
        assert phone not in left, "the former person's number is on the screen"
        expect(self.page.get_by_role("main")).not_to_contain_text("Айгүл")
