"""Finding a service: by words, by category and city, by a number's first digits, and from what was paid before."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.bills import intents, lately
from kaspi_web.domain.cards import service as cards
from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.bill_lines import Debt
from kaspi_web.kernel.money import Money
from kaspi_web.ui.payments.category import CategoryState, MobileState
from kaspi_web.ui.payments.favourites import FavouritesState
from kaspi_web.ui.payments.intent import IntentState
from kaspi_web.ui.payments.service import ServiceState
from kaspi_web.ui.payments.state import PaymentsState
from kaspi_web.ui.star import StarState
from tests.billers import BillerProcess
from tests.domain.test_payment_sources import pay
from tests.make.bills import issued, paid
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import moved, sql
from tests.make.services import asked, favourite, service
from tests.make.sources import give_bonus, own_card
from tests.ui.harness import Page, Shown, Site, play, signed_in


@pytest.fixture
def owner(bank: Bank) -> int:
    return customer(bank, money=Money.tenge(50_000))


async def at(site: Site, owner: int, path: str) -> Page:
    return await site.open(path, cookie=signed_in(site.bank, owner))


def checked(page: Page) -> list[str]:
    return [each["value"] for each in page.shows(IntentState).sources if each["checked"]]


def slugs(shown: Shown) -> list[str]:
    return [each["key"] for each in shown.results]


class TestSearch:
    @pytest.mark.parametrize("locale", LOCALES)
    def test_a_service_is_found_by_its_name_in_any_language_on_any_page(
        self, app: Any, bank: Bank, owner: int, locale: str
    ):
        service(bank, "lake", name="Балқаш суы", search="балқаш суы балхаш вода balkhash water су вода water")

        async def story(site: Site) -> None:
            page = await at(site, owner, f"/{locale}/payments")
            for typed in ("балқаш", "БАЛХАШ ВОДА", "  balkhash  "):
                await page.call(PaymentsState.look_for, typed=typed)
                assert slugs(page.shows(PaymentsState)) == ["lake"], typed
            assert page.shows(PaymentsState).found == words(locale).count("services.found", 1)

        play(app, bank, story)

    def test_an_address_with_words_shows_what_it_searches_for(self, app: Any, bank: Bank, owner: int):
        async def story(site: Site) -> None:
            page = await at(site, owner, "/ru/payments?q=энергосбыт")
            shown = page.shows(PaymentsState)
            assert (shown.query, shown.searches) == ("энергосбыт", True)
            assert "almaty-energo" in slugs(shown)

        play(app, bank, story)

    def test_nothing_found_is_said_and_no_words_show_everything_again(self, app: Any, bank: Bank, owner: int):
        async def story(site: Site) -> None:
            page = await at(site, owner, "/en/payments")
            await page.call(PaymentsState.find, {"q": "no such thing"})
            shown = page.shows(PaymentsState)
            assert (shown.searches, shown.results, shown.found) == (True, [], "")
            await page.call(PaymentsState.find, {"q": "   "})
            assert not page.shows(PaymentsState).searches

        play(app, bank, story)

    @pytest.mark.parametrize("typed", ["%", "_", "\\", "'", "\x00", "x" * 5_000, None, 5, ["a"]])
    def test_odd_words_find_nothing_odd(self, app: Any, bank: Bank, owner: int, typed: Any):
        async def story(site: Site) -> None:
            page = await at(site, owner, "/en/payments")
            await page.call(PaymentsState.look_for, typed=typed)
            assert page.shows(PaymentsState).results == []

        play(app, bank, story)


class TestAtHand:
    def test_payments_show_favourites_and_what_was_paid_lately_each_once(self, app: Any, bank: Bank, owner: int):
        paid(bank, owner, Money.tenge(100))
        kept = favourite(bank, owner, slug="almaty-su", account="12345678", name="Dacha")

        async def story(site: Site) -> None:
            page = await at(site, owner, "/en/payments")
            shown = page.shows(PaymentsState)
            assert [(each["title"], each["href"]) for each in shown.favourites] == [
                ("Dacha", f"/en/payments/s/almaty-su?favourite={kept.id}")
            ]
            assert [each["note"] for each in shown.lately] == ["04512287"]
            favourite(bank, owner)
            await page.go("/en/payments")
            assert page.shows(PaymentsState).lately == []

        play(app, bank, story)

    def test_a_favourite_is_renamed_removed_and_brought_back(self, app: Any, bank: Bank, owner: int):
        kept = favourite(bank, owner, name="Home")

        async def story(site: Site) -> None:
            page = await at(site, owner, "/en/payments/favourites")
            await page.call(FavouritesState.rename, {"favourite": str(kept.id), "name": "Flat"})
            assert [each["name"] for each in page.shows(FavouritesState).kept] == ["Flat"]
            await page.call(FavouritesState.rename, {"favourite": str(kept.id), "name": " "})
            assert list(page.shows(FavouritesState).errors) == [str(kept.id)]
            await page.call(FavouritesState.remove, which=str(kept.id))
            assert page.shows(FavouritesState).kept == []
            assert "Flat" in page.shows(FavouritesState).said
            await page.call(FavouritesState.undo)
            await page.call(FavouritesState.undo)
            assert [each["name"] for each in page.shows(FavouritesState).kept] == ["Flat"]

        play(app, bank, story)

    @pytest.mark.parametrize("which", ["", "0", "-1", "9" * 40, "x", None, {"a": 1}])
    def test_odd_ids_of_favourites_do_nothing(self, app: Any, bank: Bank, owner: int, which: Any):
        favourite(bank, owner)

        async def story(site: Site) -> None:
            page = await at(site, owner, "/en/payments/favourites")
            await page.call(FavouritesState.remove, which=which)
            await page.call(FavouritesState.rename, {"favourite": which, "name": "x"})
            assert len(page.shows(FavouritesState).kept) == 1

        play(app, bank, story)

    def test_somebody_elses_favourite_is_neither_changed_nor_filled_in(self, app: Any, bank: Bank, owner: int):
        kept, thief = favourite(bank, owner, account="04512295", name="Home"), customer(bank, phone=OTHER_PHONE)

        async def story(site: Site) -> None:
            page = await at(site, thief, "/en/payments/favourites")
            await page.call(FavouritesState.rename, {"favourite": str(kept.id), "name": "Mine"})
            await page.call(FavouritesState.remove, which=str(kept.id))
            await page.go(f"/en/payments/s/almaty-energo?favourite={kept.id}")
            assert page.shows(ServiceState).way["value"] == ""
            assert kept.account not in page.everything

        play(app, bank, story)
        assert [tuple(row) for row in sql(bank, "SELECT name FROM favourite")] == [("Home",)]


class TestStar:
    def test_the_star_of_a_receipt_keeps_its_account_and_lets_it_go(self, app: Any, bank: Bank, owner: int):
        made = paid(bank, owner, Money.tenge(100))

        async def story(site: Site) -> None:
            page = await at(site, owner, f"/en/receipt/{made.receipt}")
            await page.call(StarState.look, receipt=f"/en/receipt/{made.receipt}")
            assert (page.shows(StarState).offered, page.shows(StarState).is_on) == (True, False)
            for expected in (True, False, True):
                await page.call(StarState.toggle, receipt=made.receipt)
                assert page.shows(StarState).is_on is expected

        play(app, bank, story)
        assert sql(bank, "SELECT COUNT(*) FROM favourite")[0][0] == 1

    def test_somebody_elses_receipt_has_no_star(self, app: Any, bank: Bank, owner: int):
        made, thief = paid(bank, owner, Money.tenge(100)), customer(bank, phone=OTHER_PHONE)

        async def story(site: Site) -> None:
            page = await at(site, thief, "/en/home")
            for receipt in (made.receipt, f"/en/receipt/{made.receipt}", "", "nobody", None, {"x": "y"}):
                await page.call(StarState.look, receipt=receipt)
                await page.call(StarState.toggle, receipt=receipt)
                assert not page.shows(StarState).get("offered")

        play(app, bank, story)
        assert sql(bank, "SELECT COUNT(*) FROM favourite")[0][0] == 0


class TestCategory:
    def test_services_stand_under_their_cities_and_the_last_one_of_the_person_first(
        self, app: Any, bank: Bank, owner: int
    ):
        def cities(page: Page) -> list[str]:
            return [each["title"] for each in page.shows(CategoryState).cities]

        async def story(site: Site) -> None:
            page = await at(site, owner, "/en/payments/c/water")
            assert cities(page) == ["Almaty", "Astana", "Karaganda"]
            paid(bank, owner, Money.tenge(100), slug="astana-energo")
            await page.go("/en/payments/c/water")
            assert cities(page) == ["Astana", "Almaty", "Karaganda"]

        play(app, bank, story)

    def test_a_category_of_one_service_goes_on_to_it(self, app: Any, bank: Bank, owner: int):
        sql(bank, "UPDATE biller SET active = FALSE WHERE category = 'gas' AND slug <> 'qazaqgaz-astana'")

        async def story(site: Site) -> None:
            page = await at(site, owner, "/kk/payments/c/gas")
            assert page.went_to == ["/kk/payments/s/qazaqgaz-astana"]
            await page.go("/kk/payments/s/qazaqgaz-astana")
            assert page.shows(ServiceState).form["back"] == "/kk/payments"

        play(app, bank, story)

    def test_a_category_without_services_and_one_that_is_none_are_told_apart(self, app: Any, bank: Bank, owner: int):
        sql(bank, "UPDATE biller SET active = FALSE WHERE category = 'gas'")

        async def story(site: Site) -> None:
            page = await at(site, owner, "/ru/payments/c/gas")
            assert (page.shows(CategoryState).missing, page.shows(CategoryState).cities) == (False, [])
            await page.go("/ru/payments/c/magic")
            assert page.shows(CategoryState).missing

        play(app, bank, story)


class TestMobile:
    @pytest.mark.parametrize(
        ("typed", "operator"),
        [
            ("701", "kcell-activ"),
            ("+7 705 1", "beeline"),
            ("8 707 123 45 67", "tele2"),
            ("77071234567", "tele2"),
            ("7", ""),
            ("", ""),
            ("x", ""),
        ],
    )
    def test_the_first_digits_suggest_the_operator(self, app: Any, bank: Bank, owner: int, typed: str, operator: str):
        async def story(site: Site) -> None:
            page = await at(site, owner, "/en/payments/c/mobile")
            await page.call(MobileState.suggest, typed=typed)
            assert page.shows(MobileState).suggested == operator

        play(app, bank, story)

    @pytest.mark.parametrize("chosen", ["", "beeline"])
    def test_the_chosen_operator_is_asked_and_else_the_suggested_one(
        self, app: Any, bank: Bank, biller: BillerProcess, owner: int, chosen: str
    ):
        async def story(site: Site) -> None:
            page = await at(site, owner, "/en/payments/c/mobile")
            form = {"account": "+7 701 123 45 67"} | ({"biller": chosen} if chosen else {})
            await page.call(MobileState.check, form)
            assert page.went_to[0].startswith("/en/payments/i/")

        play(app, bank, story)
        (made,) = sql(bank, "SELECT biller, account FROM payment_intent")
        assert tuple(made) == (chosen or "kcell-activ", "7011234567")

    def test_without_an_operator_the_page_asks_for_one(self, app: Any, bank: Bank, owner: int):
        async def story(site: Site) -> None:
            page = await at(site, owner, "/en/payments/c/mobile")
            await page.call(MobileState.check, {"account": "790"})
            assert list(page.shows(MobileState).errors) == ["biller"]
            await page.call(MobileState.check, {"account": "12", "biller": "beeline"})
            assert list(page.shows(MobileState).errors) == ["account"]

        play(app, bank, story)


class TestService:
    def test_a_service_asks_what_its_row_says_in_the_language_of_the_page(self, app: Any, bank: Bank, owner: int):
        service(bank, "crew", ways=[asked("plate"), asked("notice")], extra=[asked("group", kind="text")])

        async def story(site: Site) -> None:
            page = await at(site, owner, "/kk/payments/s/crew")
            shown = page.shows(ServiceState)
            assert shown.way["label"] == "Шот"
            assert shown.way["hint"] == "Мысалы, 04512287"
            assert [each["name"] for each in shown.form["ways"]] == ["plate", "notice"]
            assert [each["name"] for each in shown.form["extra"]] == ["group"]
            await page.call(ServiceState.choose, way="notice")
            assert page.shows(ServiceState).way["name"] == "notice"
            await page.call(ServiceState.choose, way="dream")
            assert page.shows(ServiceState).way["name"] == "notice"
            await page.go("/en/payments/s/crew")
            assert page.shows(ServiceState).way["hint"] == "On the bill. For example, 04512287"

        play(app, bank, story)

    def test_a_repeated_payment_fills_in_the_way_the_account_and_the_rest(self, app: Any, bank: Bank, owner: int):
        made = paid(bank, owner, Money.tenge(100))

        async def story(site: Site) -> None:
            page = await at(site, owner, f"/en/payments/s/almaty-energo?repeat={made.receipt}")
            assert page.shows(ServiceState).way["value"] == "04512287"
            assert [each["note"] for each in page.shows(ServiceState).form["saved"]] == ["04512287"]
            visit = page.shows(ServiceState).visit
            await page.go(f"/en/payments/s/astana-energo?repeat={made.receipt}")
            assert page.shows(ServiceState).way["value"] == "", "another service has other accounts"
            assert page.shows(ServiceState).visit == visit + 1

        play(app, bank, story)

    def test_a_repeated_payment_begins_with_its_sum_and_what_it_was_paid_from(self, app: Any, bank: Bank, owner: int):
        give_bonus(bank, owner, Money.tenge(400))
        card = own_card(bank, owner, money=Money.tenge(2_000))
        past = pay(bank, owner, Money.tenge(1_000), f"card:{card.public_id}", spend=Money.tenge(300))
        again, other = issued(bank, owner), issued(bank, owner, account="04512295")

        async def story(site: Site) -> None:
            page = await at(site, owner, f"/ru/payments/i/{again.id}?repeat={past.receipt}")
            assert (page.shows(IntentState).bill["amount"], page.shows(IntentState).bill["bonus"]) == ("1000", "100")
            assert checked(page) == [f"card:{card.public_id}"]
            await page.go(f"/ru/payments/i/{other.id}?repeat={past.receipt}")
            assert page.shows(IntentState).bill["amount"] == "", "another account is another bill"
            assert checked(page) == ["wallet"]
            bank.db.write_now(cards.freeze, customer_id=owner, public_id=card.public_id)
            await page.go(f"/ru/payments/i/{again.id}?repeat={past.receipt}")
            assert checked(page) == ["wallet"]
            thief = customer(bank, phone=OTHER_PHONE)
            theirs = await at(site, thief, f"/ru/payments/i/{issued(bank, thief).id}?repeat={past.receipt}")
            assert theirs.shows(IntentState).bill["amount"] == ""
            owed = Debt(amount=Money.tenge(55))
            bank.db.write_now(intents.answered, customer_id=owner, intent_id=again.id, debt=owed)
            await page.go(f"/ru/payments/i/{again.id}?repeat={past.receipt}")
            assert page.shows(IntentState).bill["amount"] == "55", "what is owed today goes before"

        play(app, bank, story)

    def test_nobody_is_filled_in_somebody_elses_payment(self, app: Any, bank: Bank, owner: int):
        made, thief = paid(bank, owner, Money.tenge(100)), customer(bank, phone=OTHER_PHONE)

        async def story(site: Site) -> None:
            page = await at(site, thief, f"/en/payments/s/almaty-energo?repeat={made.receipt}")
            assert page.shows(ServiceState).way["value"] == ""
            assert page.shows(ServiceState).form["saved"] == []

        play(app, bank, story)

    def test_a_way_by_the_own_iin_asks_nothing_and_is_never_filled_in(self, app: Any, bank: Bank, owner: int):
        async def story(site: Site) -> None:
            page = await at(site, owner, "/ru/payments/s/fines-traffic?way=iin")
            assert (page.shows(ServiceState).way["name"], page.shows(ServiceState).way["asks"]) == ("iin", False)
            await page.go("/ru/payments/s/fines-traffic?way=plate")
            assert page.shows(ServiceState).way["asks"]

        play(app, bank, story)

    def test_a_service_that_needs_the_iin_leads_to_where_it_is_asked_and_back(self, app: Any, bank: Bank, owner: int):
        before = moved(bank)

        async def story(site: Site) -> None:
            page = await at(site, owner, "/ru/payments/s/fines-traffic")
            await page.call(ServiceState.check, {"way": "iin"})
            assert page.went_to == ["/ru/identity?next=/ru/payments/s/fines-traffic"]

        play(app, bank, story)
        assert moved(bank) == before

    def test_a_service_that_is_none_is_missing(self, app: Any, bank: Bank, owner: int):
        async def story(site: Site) -> None:
            page = await at(site, owner, "/en/payments/s/nobody")
            assert page.shows(ServiceState).missing
            await page.go("/en/payments/s/almaty-energo")
            assert not page.shows(ServiceState).missing

        play(app, bank, story)

    def test_an_intent_that_was_never_paid_is_not_offered_again(self, app: Any, bank: Bank, owner: int):
        issued(bank, owner)
        assert bank.db.read_now(lately.paid_lately, customer_id=owner) == []
