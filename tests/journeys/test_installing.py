"""The wallet as an installed app: nothing stands in the way of installing it, and without a connection it says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import FLAGS, chromium_path
from tests.journeys.givens import wallet_of
from tests.journeys.people import PATIENCE_MS, wait_until_alive
from tests.journeys.server import Server

_IS_SERVED = "() => navigator.serviceWorker.controller !== null"
_KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const each of await (await caches.open(name)).keys()) found.push(new URL(each.url).pathname);
  return found;
}"""


@pytest.fixture
def installed(chromium: Browser, server: Server, tmp_path: Path) -> Iterator[Page]:
    """A browser with a profile on disk: one without says that nothing can be installed in it."""
    context = chromium.browser_type.launch_persistent_context(
        tmp_path / "profile",
        executable_path=chromium_path(),
        args=FLAGS,
        viewport={"width": 360, "height": 780},
        locale="en",
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def open_page(page: Page, url: str) -> None:
    """Open a page and wait until the service worker stands between it and the network."""
    page.goto(url)
    wait_until_alive(page)
    for _ in range(500):
        if page.evaluate(_IS_SERVED):
            return
        page.wait_for_timeout(20)
    raise AssertionError("no service worker took the page over")


def test_nothing_stands_in_the_way_of_installing(installed: Page, server: Server) -> None:
    open_page(installed, f"{server.url}/en")
    asked = installed.context.new_cdp_session(installed)
    assert asked.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    manifest = asked.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"] == f"{server.url}/manifest.webmanifest"


@pytest.mark.parametrize(("locale", "title"), [("kk", "Байланыс жоқ"), ("ru", "Нет связи"), ("en", "No connection")])
def test_a_page_without_a_connection_says_so_in_its_language_and_comes_back(
    installed: Page, server: Server, locale: str, title: str
) -> None:
    open_page(installed, f"{server.url}/{locale}/login")
    installed.context.set_offline(True)
    installed.goto(f"{server.url}/{locale}/home")
    expect(installed.get_by_role("heading", level=1)).to_have_text(title)
    assert installed.evaluate("document.documentElement.lang") == locale
    assert installed.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert installed.evaluate("document.fonts.check('16px Onest')")
    installed.context.set_offline(False)
    installed.wait_for_url(f"{server.url}/{locale}/login")


def test_pages_of_the_signed_in_are_never_kept(installed: Page, server: Server) -> None:
    cookie = wallet_of(server.folder, "7000009001", tenge=7_000, language="en")
    installed.context.add_cookies([{"name": "sid", "value": cookie, "url": server.url}])
    for path in ("/en/home", "/en/payments", "/en/my-payments/history"):
        open_page(installed, f"{server.url}{path}")
    kept = installed.evaluate(_KEPT)
    pages = [path for path in kept if not path.startswith(("/assets/", "/fonts/", "/icons/", "/styles/", "/js/"))]
    assert pages == ["/offline.html"]
    assert [path for path in kept if path.startswith("/assets/")], "hashed files are kept"
    installed.context.set_offline(True)
    installed.goto(f"{server.url}/en/home")
    expect(installed.get_by_role("heading", level=1)).to_have_text("No connection")
    assert "7,000" not in installed.content()


def test_a_release_is_offered_and_taken_with_one_press(installed: Page, server: Server) -> None:
    open_page(installed, f"{server.url}/en")
    installed.reload()
    wait_until_alive(installed)
    bar = installed.locator("#update")
    expect(bar).to_be_hidden()
    # Another address of the worker is another worker, as the next release has.
    installed.evaluate("async () => { await navigator.serviceWorker.register('/sw.js?next'); }")
    expect(bar).to_contain_text("A new version is ready.")
    with installed.expect_navigation():
        bar.get_by_role("button", name="Update").click()
    wait_until_alive(installed)
    assert installed.evaluate("navigator.serviceWorker.controller.scriptURL").endswith("/sw.js?next")
