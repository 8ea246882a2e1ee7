"""Parts of the shop's pages as they are drawn: what a card says of paying in parts, and what keeps the focus."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import reflex as rx

from kaspi_web.i18n import LOCALES, words
from kaspi_web.ui.components.product_card import product_card
from kaspi_web.ui.goods import Good
from kaspi_web.ui.shop import list_page, reviews_part, sellers_part

GOOD = rx.Var("good", _var_type=Good).to(Good)


def drawn(component: rx.Component) -> str:
    """What is sent to the browser, with its letters as they are read."""
    text = json.dumps(component.render(), ensure_ascii=False, default=str)
    return re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text).replace("\\", "")


@pytest.mark.parametrize(
    ("locale", "times", "free"),
    [("kk", "× 3 ай", "артық төлемсіз"), ("ru", "× 3 мес", "без переплаты"), ("en", "× 3 mo", "no overpayment")],
)
def test_a_card_says_how_often_is_paid_and_that_nothing_is_overpaid(locale: str, times: str, free: str):
    card = drawn(product_card(words(locale), GOOD))
    assert times in card
    assert free in card
    assert 'good?.["monthly"]' in card


@pytest.mark.parametrize("locale", LOCALES)
def test_the_button_for_more_goods_stays_the_same_element_when_it_leads_further(locale: str):
    (button,) = [each for each in kin(list_page.search_page(words(locale))) if "list-more" in str(each.class_name)]
    assert button.key is None
    assert "data-more" in drawn(button)


def test_two_taps_on_a_button_of_the_basket_are_one():
    button = drawn(sellers_part.add(words("en"), rx.Var("offer").to(int), "Shop"))
    assert f'["throttle"] : {sellers_part.GUARD_MS}' in button


@pytest.mark.parametrize(
    ("locale", "said"), [("ru", ("1 звезда:", "2 звезды:", "5 звёзд:")), ("en", ("1 star:", "2 stars:", "5 stars:"))]
)
def test_every_number_of_stars_has_its_form(locale: str, said: tuple[str, ...]):
    shown = drawn(reviews_part.reviews(words(locale)))
    assert not [each for each in said if each not in shown]


def kin(component: Any) -> Any:
    yield component
    for child in component.children:
        yield from kin(child)
