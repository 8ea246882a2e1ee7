"""A person in front of the wallet: what they do, in the words of the page, and what they can see."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from kaspi_web.i18n import words
from tests.journeys.givens import PASSWORD
from tests.journeys.server import Server

en = words("en")
PHONE, DESK = (360, 780), (1280, 900)
# Two cores may serve, browse and pay at once.
PATIENCE_MS = 20_000
_ALIVE = "() => Object.keys(document.querySelector('main') ?? {}).some((key) => key.startsWith('__reactFiber'))"


def tenge(locale: str, whole: int, tiyn: int | None = None) -> str:
    """A sum as the language writes it; Playwright takes any space for any other."""
    english = locale == "en"
    digits = f"{whole:,}" if english else f"{whole:,}".replace(",", " ")
    digits += "" if tiyn is None else f"{'.' if english else ','}{tiyn:02d}"
    return f"₸{digits}" if english else f"{digits} ₸"


def wait_until_alive(page: Page) -> None:
    """Wait until React has taken the page over. By hand: the content policy lets Playwright wait for no script."""
    for _ in range(500):
        if page.evaluate(_ALIVE):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{page.url} never came alive")


class Console:
    """What the pages of one person's devices complained of: errors, refusals of the content policy, failed scripts."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._forgiven: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a browser."""
        context.on("console", lambda message: message.type == "error" and self._lines.append(message.text))
        context.on("weberror", lambda failed: self._lines.append(str(failed.error)))

    def forgive(self, *patterns: str) -> None:
        """Take complaints that match for granted: this story makes them happen."""
        self._forgiven += patterns

    @property
    def complaints(self) -> list[str]:
        """The rest."""
        return [line for line in self._lines if not any(re.search(each, line) for each in self._forgiven)]


class Person:
    """Somebody with a phone number and a browser of their own."""

    def __init__(
        self, server: Server, browser: Browser, *, phone: str, locale: str, size: tuple[int, int], **options: Any
    ) -> None:
        self.server, self.phone, self.locale, self.size = server, phone, locale, size
        self.origin = server.url
        self.console = Console()
        self._browser, self._devices = browser, []
        self.context = self.new_device(**options)
        self.page = self.context.new_page()
        self.w = words(locale)

    def new_device(self, **options: Any) -> BrowserContext:
        """Another browser, which shares nothing with the first. A second tab would leave the first one drowsy."""
        width, height = self.size
        made = self._browser.new_context(viewport={"width": width, "height": height}, locale=self.locale, **options)
        made.set_default_timeout(PATIENCE_MS)
        self.console.watch(made)
        self._devices.append(made)
        return made

    def leaves(self) -> None:
        """Close every device."""
        for each in self._devices:
            each.close()

    # --- getting about

    def url(self, path: str) -> str:
        return f"{self.origin}/{self.locale}{path}"

    def open(self, path: str) -> None:
        """Load a page and wait until it is alive; a tap before that is a tap on a picture."""
        self.page.goto(self.url(path))
        wait_until_alive(self.page)

    def arrives_at(self, path: str) -> None:
        """Be on the page with this path, alive."""
        self.page.wait_for_url(self.url(path))
        wait_until_alive(self.page)

    def press(self, key: str) -> None:
        """Press the button with these words of the catalogue."""
        self.button(key).click()

    def follow(self, key: str) -> None:
        """Follow the link with these words of the catalogue."""
        self.page.get_by_role("link", name=self.w(key), exact=True).first.click()

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.w(key), exact=True)

    def fill(self, **fields: str) -> None:
        """Type into fields by their ids."""
        for id, text in fields.items():
            self.page.locator(f"#{id}").fill(text)

    # --- seeing

    @property
    def title(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def sees_title(self, key: str) -> None:
        expect(self.title).to_have_text(self.w(key))

    def mistake(self, field: str) -> Locator:
        """Where a mistake of this field is named."""
        return self.page.locator(f"#{field}-error")

    def sees_mistake(self, field: str, text: str) -> None:
        """A mistake is named at the field, and assistive technology is told of it."""
        expect(self.mistake(field)).to_contain_text(text)
        control = self.page.locator(f"#{field}, #{field}_day").first
        if control.evaluate("(each) => each.tagName") == "INPUT":
            expect(control).to_have_attribute("aria-invalid", "true")
            assert f"{field}-error" in (control.get_attribute("aria-describedby") or "").split()

    def sees_balance(self, text: str) -> None:
        expect(self.page.locator(".balance-sum")).to_have_text(text)

    def sees_bonus(self, text: str) -> None:
        expect(self.page.locator(".chip-bonus")).to_have_text(text)

    def has(self, text: str, *, bonus: str | None = None) -> None:
        """Home, opened anew, shows this balance."""
        self.open("/home")
        self.sees_balance(text)
        if bonus is not None:
            self.sees_bonus(bonus)

    def messages(self) -> list[str]:
        """The texts on the simulated phone of the person's first browser, newest first."""
        phone = self.context.new_page()
        phone.goto(self.url("/sim"))
        wait_until_alive(phone)
        shown = phone.locator("main .bubble")
        expect(shown.first).to_be_visible()
        texts = [text.replace("\u00a0", " ") for text in shown.locator("p:nth-child(2)").all_inner_texts()]
        phone.close()
        return texts

    def code_in_messages(self, naming: str) -> str:
        """The code of the newest SMS, read on the first browser, whatever page the person is on elsewhere."""
        newest = self.messages()[0]
        assert naming.replace("\u00a0", " ") in newest
        return re.findall(r"\b\d{6}\b", newest)[0]

    def code_from_phone(self, naming: str = "") -> str:
        """The code of the newest SMS on the simulated phone beside the page, which has to name `naming`."""
        newest = self.page.locator(".peek .bubble").first
        expect(newest).to_contain_text(naming)
        found = re.search(r"\b\d{6}\b", newest.inner_text().split("\n", 1)[-1])
        assert found, f"no code in {newest.inner_text()!r}"
        return found.group()

    # --- deeds

    def asks_for_code(self, spelled: str = "") -> None:
        """Begin a registration, with the number spelled as one likes."""
        self.open("/register")
        self.fill(phone=spelled or self.phone)
        self.press("registration.phone.submit")

    def proves_number(self) -> None:
        """From the first page to the one that asks who the person is."""
        self.asks_for_code()
        self.arrives_at("/register/code")
        self.fill(code=self.code_from_phone())
        self.arrives_at("/register/person")

    def register(self, spelled: str = "") -> None:
        """Open a wallet, from the first page to the last."""
        self.asks_for_code(spelled)
        self.arrives_at("/register/code")
        self.fill(code=self.code_from_phone())
        self.arrives_at("/register/person")
        self.describes_themselves()
        self.arrives_at("/register/password")
        self.fill(password=PASSWORD)
        self.press("registration.password.submit")
        self.arrives_at("/register/done")

    def describes_themselves(self, **other: str) -> None:
        usual = {"given_name": "Айгүл", "family_name": "Нұрланова", "born_day": "27", "born_month": "3"}
        self.fill(**(usual | {"born_year": "1990"} | other))
        self.press("common.continue")

    def sign_in(self, password: str = PASSWORD, *, spelled: str = "") -> None:
        """Try to sign in."""
        self.open("/login")
        self.fill(phone=spelled or self.phone, password=password)
        self.press("sign_in.submit")

    def sign_out(self) -> None:
        self.open("/profile")
        self.press("profile.sign_out")
        self.page.wait_for_url(self.url(""))

    @property
    def window(self) -> Locator:
        """The window that confirms a payment."""
        return self.page.get_by_role("dialog")

    def asks_debt(self, account: str) -> None:
        """Type an account of an electricity company and press Check."""
        self.open("/payments/s/almaty-energo")
        self.fill(account=account)
        self.press("payments.check")

    def proposes(self, account: str, amount: str) -> None:
        """From the account to the window that confirms."""
        self.asks_debt(account)
        self.page.wait_for_url("**/payments/i/*")
        expect(self.page.locator("main dl.summary").first).to_contain_text(account)
        self.fill(amount=amount)
        self.press("payments.pay")
        expect(self.window).to_be_visible()

    @property
    def pay_button(self) -> Locator:
        return self.window.locator("button[data-money]")

    def pay_bill(self, account: str, amount: str) -> None:
        """The whole payment of a sum that needs no code, until the page says what became of it."""
        self.proposes(account, amount)
        self.pay_button.click()
        expect(self.page.locator(".result")).to_be_visible()

    def sees_result(self, state: str) -> None:
        """The page of the payment says `done`, `on_way` or `refused`."""
        self.sees_title(f"payments.result.{state}.title")
        expect(self.page.locator(f".result .disc-{'done' if state == 'done' else 'todo'}")).to_be_visible()

    def row(self, text: str) -> Locator:
        """A row of operations."""
        return self.page.locator(".operation").filter(has_text=text)


def is_green(disc: Locator) -> None:
    """A solid green circle with nothing inside."""
    expect(disc.locator("circle")).to_have_count(1)
    expect(disc.locator("circle")).to_have_attribute("r", "9")
    expect(disc.locator("path")).to_have_count(0)
    red, green, blue = _colour(disc)
    assert green > red
    assert green > blue


def is_red_with_mark(disc: Locator) -> None:
    """A solid red circle with an exclamation mark: a stem and a dot."""
    expect(disc.locator("circle")).to_have_count(2)
    expect(disc.locator("circle").first).to_have_attribute("r", "9")
    expect(disc.locator("circle").last).to_have_attribute("r", "1.5")
    expect(disc.locator("path")).to_have_attribute("d", "M10 5v6")
    red, green, blue = _colour(disc)
    assert red > 2 * green
    assert red > 2 * blue


def _colour(disc: Locator) -> list[int]:
    fill = disc.locator("circle").first.evaluate("(each) => getComputedStyle(each).fill")
    return [int(part) for part in re.findall(r"\d+", fill)[:3]]


def without_reload(page: Page) -> None:
    """Leave a mark in the document, to be found by `was_not_reloaded`."""
    page.evaluate("() => { window.stayed = true; }")


def was_not_reloaded(page: Page) -> None:
    """The document is the one that `without_reload` marked."""
    assert page.evaluate("window.stayed") is True, "the page was loaded anew"
