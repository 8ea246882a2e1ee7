"""What every screen owes everybody: room, its language, one title, targets for thumbs, and nothing that axe finds."""

from __future__ import annotations

from functools import cache
from importlib import resources

from playwright.sync_api import Page, expect

from tests.journeys.people import wait_until_alive

# A link of 44 px, or one inside a sentence; a control that is its label's is as large as the label.
_TOO_SMALL = """() => [...document.querySelectorAll('main :is(a, button, summary, input:not([type=hidden]))')]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled)
  .map((each) => (['radio', 'checkbox'].includes(each.type) ? each.labels[0] : each))
  .filter((each) => each.getBoundingClientRect().height < 43.9 || each.getBoundingClientRect().width < 43.9)
  .filter((each) => {
    const around = each.parentElement;
    const words = around.textContent.replace(each.textContent, '').trim();
    return !(each.tagName === 'A' && around.tagName === 'P' && words);
  })
  .map((each) => `${each.tagName} "${(each.textContent || each.id).trim()}" ` +
    `${Math.round(each.getBoundingClientRect().width)}x${Math.round(each.getBoundingClientRect().height)}`)"""
# What can be pressed and stands under the phone's button, with the page scrolled to its end.
_COVERED = """() => {
  const phone = document.querySelector('.phone-button');
  if (!phone) return [];
  scrollTo(0, document.documentElement.scrollHeight);
  const lid = phone.getBoundingClientRect();
  return [...document.querySelectorAll('main :is(a, button, summary, input:not([type=hidden]))')]
    .map((each) => [each, each.getBoundingClientRect()])
    .filter(([each, box]) => box.width && each.checkVisibility({ visibilityProperty: true }) &&
      box.bottom > lid.top + 0.5 && box.top < lid.bottom && box.right > lid.left && box.left < lid.right)
    .map(([each]) => `${each.tagName} "${(each.textContent || each.id).trim()}"`);
}"""
# What may be pushed along inside a frame of its own does not make the page wider.
_TOO_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5 && !each.closest('.vh'))
  .map((each) => `${each.tagName}.${each.className}`).slice(0, 5)"""
_AXE = """async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const found = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} ${node.target} ${node.html}`));
}"""


def settle(page: Page) -> None:
    """Wait until the page is alive and shows what it loaded."""
    wait_until_alive(page)
    expect(page.locator("main .skeleton")).to_have_count(0)
    expect(page.locator("h1").first).to_be_visible()


def owes_nothing(page: Page, locale: str, where: str) -> list[str]:
    """What is wrong with the page in front of us."""
    wrong = []
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{where}: wider than the screen: {page.evaluate(_TOO_WIDE)}")
    if page.evaluate("document.documentElement.lang") != locale:
        wrong.append(f"{where}: html lang is {page.evaluate('document.documentElement.lang')!r}")
    if page.locator("h1").count() != 1:
        wrong.append(f"{where}: {page.locator('h1').count()} h1")
    wrong += [f"{where}: too small: {each}" for each in page.evaluate(_TOO_SMALL)]
    wrong += [f"{where}: under the phone: {each}" for each in page.evaluate(_COVERED)]
    return wrong


def axe_finds(page: Page, where: str) -> list[str]:
    """What axe finds wrong: contrast, names, roles, labels."""
    # What slides in is half transparent for a moment.
    page.evaluate(
        "() => document.getAnimations().forEach((each) => each.effect.getTiming().iterations < 9 && each.finish())"
    )
    page.evaluate(_axe())
    return [f"{where}: axe: {each[:300]}" for each in page.evaluate(_AXE)]


@cache
def _axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
