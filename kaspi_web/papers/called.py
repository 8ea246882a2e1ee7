"""What operations and their other sides are called in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kaspi_web.domain.bills.billers import OWN_IIN, BillerView, billers
from kaspi_web.domain.merchants.queries import all_merchants
from kaspi_web.domain.terminals.kiosk import places
from kaspi_web.domain.wallet.service import OperationView
from kaspi_web.i18n import Words
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.phone import spoken

_OF_BILLERS = ("bill", "refund")
OF_SELLERS = ("purchase", "order_refund")
"""Kinds whose counterparty is the slugs of sellers, with commas between them."""
_CARD = re.compile(r"card:(\w{4})")


@dataclass(frozen=True, slots=True)
class Names:
    """Names of counterparties in one language."""

    billers: dict[str, str]
    terminals: dict[str, str]
    sellers: dict[str, str] = field(default_factory=dict)

    def of(self, operation: OperationView) -> str:
        """What the other side of an operation is called; transfers keep a masked name themselves."""
        if operation.kind in OF_SELLERS:
            return ", ".join(self.sellers.get(slug, slug) for slug in operation.counterparty.split(","))
        known = self.billers if operation.kind in _OF_BILLERS else self.terminals if operation.kind == "topup" else {}
        return known.get(operation.counterparty, operation.counterparty)

    def slugs_like(self, text: str) -> tuple[str, ...]:
        """Slugs of those whose names hold the casefolded text."""
        both = (*self.billers.items(), *self.terminals.items(), *self.sellers.items())
        return tuple(slug for slug, name in both if text in name.casefold())


def names(unit: Unit, *, locale: str) -> Names:
    """Every counterparty's name."""
    return Names(
        {each.slug: each.names[locale] for each in billers(unit)},
        {each.slug: each.names[locale] for each in places(unit)},
        {each.slug: each.name for each in all_merchants(unit)},
    )


def title(operation: OperationView, called: Names, w: Words) -> str:
    """What a deed is called in a list and on its receipt."""
    name = side(operation, called, w)
    if operation.kind == "topup":
        return w("operations.topup_card") if _CARD.fullmatch(operation.counterparty) else w("operations.topup")
    if operation.kind == "own_transfer":
        return w("operations.own_transfer")
    if w.has(f"operations.title.{operation.kind}"):
        return w(f"operations.title.{operation.kind}", name=name)
    return name


def side(operation: OperationView, called: Names, w: Words) -> str:
    """The other side of a deed in words; one of the customer's own cards by its last digits."""
    last4 = operation.account.removeprefix("*")
    is_card = operation.counterparty == "card" and operation.account.startswith("*")
    return account_words(f"card:{last4}" if is_card else called.of(operation), w)


def category(operation: OperationView, w: Words) -> str:
    """The category of a deed in words."""
    return category_words(operation.category, w)


def category_words(name: str, w: Words) -> str:
    """A category in words; one that has none is called by what all have in common."""
    return w(f"operations.category.{name}") if w.has(f"operations.category.{name}") else w("operations.category.other")


def state(operation: OperationView, w: Words) -> str:
    """How a deed that is not done stands, in words."""
    stands, kind = operation.state, operation.kind
    return w(f"operations.{stands}.{kind if w.has(f'operations.{stands}.{kind}') else 'other'}")


def source(operation: OperationView, w: Words) -> str:
    """Where the money came from, or where it went to, in words: `wallet`, `bonus`, `card:1234`, joined by `+`."""
    return " + ".join(account_words(part, w) for part in operation.source.split("+"))


def way_words(of: BillerView, way: str, w: Words) -> str:
    """What a service calls the account that is named in this way: a phone, a plate, a contract."""
    named = next((each for each in of.ways if each.name == way), of.ways[0] if of.ways else None)
    if named is None:
        return w("receipt.account")
    return w("receipt.iin") if named.kind == OWN_IIN else named.label.get(w.locale) or w("receipt.account")


def account_shown(of: BillerView, way: str, account: str) -> str:
    """The account as people write it: a phone in its groups, any other as it is."""
    kinds = {each.name: each.kind for each in of.ways}
    is_phone = kinds.get(way, of.ways[0].kind if of.ways else "") == "phone" and re.fullmatch("[0-9]{10}", account)
    return spoken(f"+7{account}") if is_phone else account


def account_words(part: str, w: Words) -> str:
    """An account of the customer's own in words; any other text as it is."""
    card = _CARD.fullmatch(part)
    if card:
        return w("papers.source.card", last4=card[1])
    names = {
        "wallet": w("papers.source.wallet"),
        "bonus": w("papers.source.bonus"),
        "card": w("papers.source.own_card"),
        "red": w("operations.plan.red"),
        "instalment": w("operations.plan.instalment"),
        "credit": w("operations.plan.credit"),
    }
    return names.get(part, part)
