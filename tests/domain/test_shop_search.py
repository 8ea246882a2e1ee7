"""Search of the shop: in three languages, in any form of a word, whatever the case, and past slips of the pen."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.catalogue import indexing, listing
from kaspi_web.domain.catalogue.listing import Asked
from kaspi_web.domain.catalogue.models import Category
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from tests.make import goods
from tests.make.ledger import sql

PHONE = {"name_kk": "Смартфон Samsung Galaxy A55", "name_ru": "Смартфон Samsung Galaxy A55"}
PHONE |= {"name_en": "Samsung Galaxy A55 smartphone", "brand": "Samsung", "slug": "phone"}
FRIDGE = {
    "name_kk": "Bosch тоңазытқышы, ақ",
    "name_ru": "Холодильник Bosch белый",
    "name_en": "Bosch refrigerator, white",
}
FRIDGE |= {"brand": "Bosch", "slug": "fridge"}
COVER = {
    "name_kk": "Samsung Galaxy A55 қабы",
    "name_ru": "Чехол для Samsung Galaxy A55",
    "name_en": "Case for Galaxy A55",
}
COVER |= {"brand": "Alma", "slug": "cover"}
TOY = {"name_kk": "Балаларға арналған ойыншық", "name_ru": "Игрушка детская", "name_en": "Toy for children"}
TOY |= {"brand": "Lego", "slug": "toy", "sold": 500}


@pytest.fixture
def shop(bank: Bank) -> Bank:
    phones = goods.category(bank, slug="phones", name_kk="Ұялы телефондар", name_ru="Телефоны", name_en="Mobiles")
    memory = goods.attribute(bank, phones, "memory", ("256gb",))
    ids = [goods.product(bank, **given) for given in (PHONE | {"category_id": phones}, FRIDGE, COVER, TOY)]
    sql(bank, "UPDATE attribute_value SET name_kk = '256 ГБ', name_ru = '256 ГБ', name_en = '256 GB'")
    goods.fact(bank, ids[0], memory, "256gb")
    for number, id in enumerate(ids):
        goods.offer(bank, Money.tenge(1_000 + number), product_id=id)
    bank.db.write_now(indexing.index, ids)
    return bank


def found(bank: Bank, text: str, **asked: Any) -> list[str]:
    return [card.slug for card in bank.db.read_now(listing.page, Asked(text=text, **asked)).cards]


def test_what_was_found_is_also_what_is_counted(shop: Bank) -> None:
    for text in ("смартфон", "самсунк", "bosch", "nothing at all"):
        told = shop.db.read_now(listing.facets, Asked(text=text))
        assert told.total.number == len(found(shop, text))


@pytest.mark.parametrize(
    "text",
    [
        "смартфон",
        "СМАРТФОНЫ",
        "смартфонами",
        "смартфондар",
        "смартфондардың",
        "smartphones",
        "Smartphone",
        "a55 смартфон",
    ],
)
def test_a_phone_is_found_by_any_form_of_its_word_in_any_case(shop: Bank, text: str) -> None:
    assert found(shop, text) == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "тоңазытқыш",
        "ТОҢАЗЫТҚЫШТАР",
        "тоңазытқыштың",
        "холодильники",
        "ХОЛОДИЛЬНИКОВ",
        "refrigerators",
        "ақ тоңазытқыш",
        "белые холодильники",
    ],
)
def test_a_fridge_is_found_in_three_languages(shop: Bank, text: str) -> None:
    assert found(shop, text) == ["fridge"]


@pytest.mark.parametrize("text", ["ойыншықтар", "игрушки", "toys", "бала", "детские игрушки", "children"])
def test_a_toy_is_found_in_three_languages(shop: Bank, text: str) -> None:
    assert found(shop, text) == ["toy"]


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("самсунк смартфон", "samsung смартфон"),
        ("самсунг смартфон", "samsung смартфон"),
        ("smasung smartphone", "samsung smartphone"),
        ("смартфн", "смартфон"),
        ("galaksy smartfon", "galaxy смартфон"),
    ],
)
def test_slips_and_the_other_alphabet_find_what_was_meant_and_say_so(shop: Bank, text: str, instead: str) -> None:
    assert "phone" in found(shop, text)
    assert shop.db.read_now(listing.page, Asked(text=text)).instead == instead


@pytest.mark.parametrize("text", ["холадилник", "тоназыткыш", "бош", "боск"])
def test_slips_find_the_fridge(shop: Bank, text: str) -> None:
    assert found(shop, text) == ["fridge"]


def test_what_is_spelt_well_is_searched_as_it_is(shop: Bank) -> None:
    assert shop.db.read_now(listing.page, Asked(text="samsung")).instead == ""


def test_words_that_are_known_but_meet_in_no_product_find_nothing(shop: Bank) -> None:
    assert found(shop, "bosch смартфон") == []
    assert shop.db.read_now(listing.page, Asked(text="bosch смартфон")).instead == ""


@pytest.mark.parametrize("text", ["256gb", "256 gb", "256гб", "256 ГБ смартфон"])
def test_number_and_unit_are_found_written_together_or_apart(shop: Bank, text: str) -> None:
    assert found(shop, text) == ["phone"]


def test_the_names_of_its_category_find_a_product_too(shop: Bank) -> None:
    assert found(shop, "телефоны") == found(shop, "mobile") == found(shop, "ұялы телефондар") == ["phone"]


def test_words_in_the_name_stand_before_words_elsewhere_and_then_what_is_sold_more(shop: Bank) -> None:
    other = goods.product(shop, name_ru="Mobiles и ещё", slug="named", brand="")
    goods.offer(shop, product_id=other)
    shop.db.write_now(indexing.index, [other])
    sql(shop, "UPDATE product SET sold = 90 WHERE slug = 'phone'")
    assert found(shop, "mobiles") == ["named", "phone"]
    sql(shop, "UPDATE product SET sold = 10 WHERE slug = 'cover'")
    assert found(shop, "galaxy") == ["phone", "cover"]
    sql(shop, "UPDATE product SET sold = 2000 WHERE slug = 'cover'")
    assert found(shop, "galaxy") == ["cover", "phone"]


def test_a_search_is_sorted_and_narrowed_like_any_list(shop: Bank) -> None:
    assert found(shop, "galaxy", sort="dear") == ["cover", "phone"]
    assert found(shop, "galaxy", sort="cheap") == ["phone", "cover"]
    assert found(shop, "galaxy", brands=("Alma",)) == ["cover"]
    assert found(shop, "galaxy", category="phones") == ["phone"]
    assert found(shop, "galaxy", price_to=Money.tenge(1_001)) == ["phone"]


def test_what_nobody_has_stands_last(shop: Bank) -> None:
    sql(shop, "UPDATE product SET price_tiyn = NULL, sellers = 0, sold = 5000 WHERE slug = 'phone'")
    assert found(shop, "galaxy") == ["cover", "phone"]


@pytest.mark.parametrize(
    "text",
    [
        "!!!",
        "*",
        '"',
        "'",
        "%",
        "_",
        "c_1",
        "n_galaxy",
        "\x00",
        "\ud800",
        "NEAR(",
        "a OR b",
        "' | 'x",
        "terms:galaxy",
        "中文",
        "()" * 40,
    ],
)
def test_marks_and_commands_are_no_words_and_break_nothing(shop: Bank, text: str) -> None:
    assert found(shop, text) == []


def test_blank_text_is_no_search(shop: Bank) -> None:
    assert len(found(shop, "  ")) == 4


def test_a_new_name_is_found_once_the_product_is_indexed_and_the_old_no_more(shop: Bank) -> None:
    sql(shop, "UPDATE product SET name_ru = 'Морозильник Zenit' WHERE slug = 'fridge'")
    id = sql(shop, "SELECT id FROM product WHERE slug = 'fridge'")[0][0]
    shop.db.write_now(indexing.index, [id])
    assert found(shop, "морозильники") == found(shop, "zenith") == ["fridge"]
    assert found(shop, "холодильник") == []


def test_a_category_that_is_renamed_is_found_by_its_new_name(shop: Bank) -> None:
    def rename(unit: Unit) -> None:
        row = unit.get_one(Category, sql_id)
        row.name_ru = "Рации"
        unit.flush()
        indexing.index(unit, [id])

    sql_id, id = sql(shop, "SELECT category_id, id FROM product WHERE slug = 'phone'")[0]
    shop.db.write_now(rename)
    assert found(shop, "рация") == ["phone"]
