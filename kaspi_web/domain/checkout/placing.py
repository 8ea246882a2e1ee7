"""Writing a purchase down: its orders, their lines with the stored share of each source, and the money set aside.

Everything of one purchase is written in one unit. Stock comes first, then the card, plans, and accounts of the ledger.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.bonus import spending
from kaspi_web.domain.cards import charges, means
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.checkout import fetching
from kaspi_web.domain.checkout.chosen import Agreed, Chosen
from kaspi_web.domain.checkout.intents import Intent
from kaspi_web.domain.checkout.lines import lines_of
from kaspi_web.domain.checkout.parts import Share, shared
from kaspi_web.domain.checkout.plans import KINDS
from kaspi_web.domain.checkout.proposals import BONUS_CATEGORY
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.loans import service as loans
from kaspi_web.domain.orders import transitions
from kaspi_web.domain.orders.models import Order, OrderLine, Purchase
from kaspi_web.domain.orders.timeline import Noted, note_all
from kaspi_web.domain.orders.transitions import Place
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Prepared, Unit, prepared
from kaspi_web.kernel.money import ZERO, Money

CHARGED = "purchase"
"""What the subjects of purchases' charges begin with."""
SIGN_WITHIN = timedelta(days=3)
"""By the bank's clock."""
_PLACES = {"funding": transitions.FUNDING, "signing": transitions.SIGNING, "placed": transitions.NEW}
_CODES_TAKEN = Prepared(
    "SELECT 1 FROM shop_order WHERE code IN (SELECT value FROM json_each(?)) LIMIT 1",
    "SELECT 1 FROM shop_order WHERE code = ANY(%s::text[]) LIMIT 1",
)
_HELD = prepared("UPDATE shop_order SET hold_id = ?, bonus_hold_id = ?, loan_id = ? WHERE id = ?")


@dataclass(frozen=True, slots=True)
class Tap:
    """What is written of a purchase; each field is a column of its row."""

    public_id: str
    customer_id: int
    state: str
    source: str
    months: int
    card_id: int | None
    amount_tiyn: int
    spent_bonus_tiyn: int
    made_at: datetime
    sign_until: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Made:
    """What was written of one order."""

    id: int
    public_id: str
    code: str
    agreed: Agreed
    share: Share
    promised: Money


@dataclass(frozen=True, slots=True)
class Placed:
    """A purchase that was just written, with its orders."""

    purchase_id: int
    row: Tap
    orders: tuple[Made, ...]
    receipt: str

    @property
    def promised(self) -> Money:
        """The bonus for all orders."""
        return sum((each.promised for each in self.orders), ZERO)


def place(unit: Unit, row: Intent, chosen: Chosen) -> Placed:
    """Write the purchase that was agreed on; its pieces are sold already.

    Raises InsufficientFunds, BonusShort, CardGone, CardFrozen and the refusals of loans.reserve; then nothing is moved.
    """
    money, used = chosen.total - Money(row.spend_bonus_tiyn), _card(unit, row)
    charge_id = _charge(unit, row, chosen, money) if used is not None and not used.is_own else None
    state = "funding" if charge_id is not None else "signing" if row.source == "credit" else "placed"
    made = _purchase(unit, row, chosen, state)
    written = {name: getattr(made, name) for name in made.__slots__}
    purchase_id = unit.insert(Purchase, **written, charge_id=charge_id)
    shares = shared(chosen.orders, Money(row.spend_bonus_tiyn))
    orders = tuple(
        _order(unit, made, purchase_id, *each)
        for each in zip(chosen.orders, shares, _new_codes(unit, len(shares)), strict=True)
    )
    unit.insert_many(OrderLine, [line for each in orders for line in lines_of(each.id, each.agreed, each.share)])
    _set_aside(unit, made, orders, used, is_charged=charge_id is not None)
    return Placed(purchase_id, made, orders, _listed(unit, made, purchase_id, orders, used))


def _card(unit: Unit, row: Intent) -> cards.CardView | None:
    if row.card_id is None:
        return None
    return cards.usable(unit, customer_id=row.customer_id, card_id=row.card_id)


def _charge(unit: Unit, row: Intent, chosen: Chosen, money: Money) -> int:
    assert row.card_id is not None, "a card was proposed"
    this = {"subject": f"{CHARGED}:{row.id}", "payee": chosen.sellers}
    return charges.begin(unit, customer_id=row.customer_id, card_id=row.card_id, amount=money, **this)


def _purchase(unit: Unit, row: Intent, chosen: Chosen, state: str) -> Tap:
    now = unit.clock.now()
    return Tap(
        public_id=public_id(),
        customer_id=row.customer_id,
        state=state,
        source=row.source,
        months=row.months,
        card_id=row.card_id,
        amount_tiyn=chosen.total.tiyn,
        spent_bonus_tiyn=row.spend_bonus_tiyn,
        made_at=now,
        sign_until=now + SIGN_WITHIN if state == "signing" else None,
        finished_at=now if state == "placed" else None,
    )


def _order(unit: Unit, made: Tap, purchase_id: int, agreed: Agreed, share: Share, code: str) -> Made:
    rate = agreed.bonus_basis_points
    promised, names = bonus.earned(share.money, basis_points=rate), {"public_id": public_id(), "code": code}
    order_id = unit.insert(
        Order,
        purchase_id=purchase_id,
        customer_id=made.customer_id,
        **names,
        **_where(unit, made.made_at, agreed, _PLACES[made.state]),
        amount_tiyn=share.amount.tiyn,
        bonus_tiyn=share.bonus.tiyn,
        money_tiyn=share.money.tiyn,
        bonus_basis_points=rate,
        promised_bonus_tiyn=promised.tiyn,
    )
    unit.tell(f"merchant:{agreed.merchant_id}")
    return Made(order_id, **names, agreed=agreed, share=share, promised=promised)


def _where(unit: Unit, now: datetime, agreed: Agreed, place: Place) -> dict[str, Any]:
    today = unit.clock.today()
    return {
        "merchant_id": agreed.merchant_id,
        "state": place.state,
        "status": place.status,
        "delivery_mode": agreed.mode,
        "point_id": agreed.point_id,
        "city": agreed.city,
        "address": agreed.address,
        "planned_on": fetching.planned_on(agreed.mode, today=today),
        "due_on": fetching.due_on(agreed.mode, today=today),
        "made_at": now,
    }


def _new_codes(unit: Unit, many: int) -> list[str]:
    """Numbers that no order has yet."""
    while True:
        codes = [str(10**8 + secrets.randbelow(9 * 10**8)) for _ in range(many)]
        these = json.dumps(codes) if unit.on_sqlite else codes
        if len(set(codes)) == many and unit.run(_CODES_TAKEN, these).fetchone() is None:
            return codes


def _set_aside(
    unit: Unit, made: Tap, orders: tuple[Made, ...], used: cards.CardView | None, *, is_charged: bool
) -> None:
    """Hold every order's bonuses and money, or reserve its plan; what another bank's card pays is not here yet."""
    loan_ids = [_reserve(unit, made, each) for each in orders]
    of = means.account(unit, customer_id=made.customer_id, used=used)
    is_ours = made.source not in KINDS and not is_charged
    bonus_holds = _hold_bonuses(unit, made.customer_id, orders, also=of)
    money = {each.id: each.share.money for each in orders if is_ours and each.share.money}
    holds = hold(unit, of, money, "purchase_held")
    rows = [
        (holds.get(each.id), bonus_holds.get(each.id), loan_id, each.id)
        for each, loan_id in zip(orders, loan_ids, strict=True)
    ]
    unit.run_many(_HELD, rows)
    note_all(unit, [event for row, each in zip(rows, orders, strict=True) for event in _events(made, each, *row)])


def _events(
    made: Tap, order: Made, hold_id: int | None, bonus_hold_id: int | None, loan_id: int | None, order_id: int
) -> list[Noted]:
    share = order.share
    happened = (
        ("placed", share.amount, True),
        ("bonus_promised", order.promised, bool(order.promised)),
        ("plan_reserved", share.money, loan_id is not None and made.state == "placed"),
        ("bonus_spent", share.bonus, bonus_hold_id is not None),
        ("money_held", share.money, hold_id is not None),
    )
    return [Noted(order_id, kind, amount) for kind, amount, is_so in happened if is_so]


def _reserve(unit: Unit, made: Tap, order: Made) -> int | None:
    if made.source not in KINDS:
        return None
    return loans.reserve(
        unit,
        customer_id=made.customer_id,
        kind=made.source,
        months=made.months,
        amount=order.share.money,
        subject=f"order:{order.id}",
        signing=made.state == "signing",
    )


def _hold_bonuses(unit: Unit, customer_id: int, orders: tuple[Made, ...], *, also: int) -> dict[int, int]:
    held = {}
    for order in (each for each in orders if each.share.bonus):
        subject = f"order:{order.id}:bonus"
        named = {"kind": "bonus_held", "key": f"{subject}:held", "subject": subject}
        held[order.id] = spending.hold(
            unit, customer_id=customer_id, amount=order.share.bonus, with_accounts=(also,), **named
        )
    return held


def hold(unit: Unit, account_id: int, money: Mapping[int, Money], kind: str) -> dict[int, int]:
    """Set the money of orders aside, by their ids; answers the hold of each; raises InsufficientFunds."""
    amounts = {f"order:{order_id}": amount for order_id, amount in money.items()}
    held = ledger.hold_all(unit, kind=kind, account_id=account_id, amounts=amounts)
    return {order_id: held[f"order:{order_id}"] for order_id in money}


def _listed(unit: Unit, made: Tap, purchase_id: int, orders: tuple[Made, ...], used: cards.CardView | None) -> str:
    """Put the purchase into the customer's list; answers the receipt's address."""
    spend = Money(made.spent_bonus_tiyn)
    return wallet.note(
        unit,
        customer_id=made.customer_id,
        kind="purchase",
        subject=f"purchase:{purchase_id}",
        counterparty=_sellers(orders),
        account=", ".join(each.code for each in orders)[:200],
        amount=-Money(made.amount_tiyn),
        bonus=sum((each.promised for each in orders), ZERO),
        state="done" if made.state == "placed" else "on_way",
        wallet=spend - Money(made.amount_tiyn) if made.source == "wallet" else ZERO,
        source=spending.source_words(made.source, spend, used.last4 if used else ""),
        category=BONUS_CATEGORY,
    )


def _sellers(orders: tuple[Made, ...]) -> str:
    """The sellers' slugs with commas between them, as many as there is room for."""
    slugs = [each.agreed.merchant for each in orders]
    while len(",".join(slugs)) > 64:
        slugs.pop()
    return ",".join(slugs)
