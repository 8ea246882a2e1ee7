"""Purchases with their orders, put straight into the tables through the verbs that move money and stock."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.bonus import spending
from kaspi_web.domain.cards import charges
from kaspi_web.domain.catalogue import stock
from kaspi_web.domain.catalogue.models import Offer
from kaspi_web.domain.catalogue.stock import Pieces
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.loans import service as loans
from kaspi_web.domain.loans.models import RedMember
from kaspi_web.domain.orders import giving_back, hand_over, lifecycle, returns, views
from kaspi_web.domain.orders.models import Order, OrderLine, Purchase
from kaspi_web.domain.orders.timeline import note
from kaspi_web.domain.orders.views import OrderView
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.allocation import allocate
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.processing import Charged, PaidOut
from tests.make import goods
from tests.make.customers import customer
from tests.make.identity import iin_of, matched
from tests.make.ledger import sql
from tests.make.sms import last_code
from tests.make.sources import bank_card, give_bonus, own_card

_numbers, _iins = itertools.count(1), itertools.count(1)
PLANS = {"red": 3, "instalment": 3, "credit": 12}
SOURCES = ("wallet", "own_card", "bank_card", "bonus", "mixed", "red", "instalment", "credit")
"""`mixed` is bonuses beside the wallet; every other but `bonus` is money alone unless a test spends bonuses."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase of one order, and what a test needs to know of it."""

    customer_id: int
    phone: str
    purchase: str
    order: str
    order_id: int
    merchant_id: int
    merchant: str
    point_id: int
    offers: tuple[int, ...]
    card_id: int | None


def bought(
    bank: Bank,
    source: str = "wallet",
    *,
    lines: Sequence[tuple[Money, int]] = ((Money.tenge(10_000), 1),),
    spend: Money = ZERO,
    mode: str = "DELIVERY_PICKUP",
    delivery: Money = ZERO,
    status: str = "APPROVED_BY_BANK",
    owner: int | None = None,
    merchant_id: int | None = None,
    has_bonus: bool = False,
) -> Bought:
    """A new customer's order of a new seller's goods; `lines` are price and pieces of each.

    The money is the customer's just before, and so are the bonuses, unless they have earned some (`has_bonus`).
    """
    total = sum((Money(price.tiyn * many) for price, many in lines), delivery)
    spend = total if source == "bonus" else Money(total.tiyn // 3) if source == "mixed" else spend
    phone = f"+7705{next(_numbers):07d}"
    owner = owner or customer(bank, phone=phone)
    ((phone,),) = sql(bank, "SELECT phone FROM customer WHERE id = :id", id=owner)
    card_id = _means(bank, owner, source, total - spend, ZERO if has_bonus else spend)
    seller = merchant_id or goods.merchant(bank, token=f"token-of-a-seller-{next(_numbers)}")
    offers = tuple(goods.offer(bank, price, pieces=max(many, 5), merchant_id=seller) for price, many in lines)
    kind = {"own_card": "card", "bank_card": "card", "mixed": "wallet"}.get(source, source)
    given = {"owner": owner, "card_id": card_id, "kind": kind, "lines": lines, "spend": spend, "offers": offers}
    made = bank.db.write_now(_place, given | {"mode": mode, "delivery": delivery, "status": status, "seller": seller})
    if source == "bank_card" and total - spend:
        _charge(bank, made, total - spend)
    ((slug,),) = sql(bank, "SELECT slug FROM merchant WHERE id = :id", id=seller)
    return Bought(owner, phone, made.purchase, made.order, made.order_id, seller, slug, made.point_id, offers, card_id)


def _means(bank: Bank, owner: int, source: str, money: Money, spend: Money) -> int | None:
    if spend:
        give_bonus(bank, owner, spend)
    if source in ("wallet", "mixed") and money:
        bank.db.write_now(_fill, owner, money)
    if source == "red":
        bank.db.write_now(_join, owner)
    if source in ("instalment", "credit"):
        matched(bank, owner, iin_of(number=3 * next(_iins)))
    if source == "own_card":
        card_id = own_card(bank, owner).id
        bank.db.write_now(_fill, owner, money)
        bank.db.write_now(_to_card, owner, card_id, money)
        return card_id
    return bank_card(bank, owner).id if source == "bank_card" else None


def _fill(unit: Unit, owner: int, money: Money) -> None:
    to = wallet.account_id(unit, owner)
    move = ledger.Move(ledger.account(unit, "terminal_network", "kaspi"), to, money)
    ledger.post(unit, kind="topup", key=f"test:fill:{next(_numbers)}", moves=[move])
    named = {"subject": f"test:fill:{next(_numbers)}", "counterparty": "test"}
    wallet.note(unit, customer_id=owner, kind="transfer_in", **named, amount=money, state="done")


def _to_card(unit: Unit, owner: int, card_id: int, money: Money) -> None:
    move = ledger.Move(wallet.account_id(unit, owner), ledger.account(unit, "card", str(card_id)), money)
    named = {"subject": f"test:card:{next(_numbers)}", "counterparty": "card"}
    ledger.post(unit, kind="own_transfer", key=named["subject"], moves=[move])
    wallet.note(unit, customer_id=owner, kind="own_transfer", **named, amount=-money, state="done")


def _join(unit: Unit, owner: int) -> None:
    if unit.get(RedMember, owner) is None:
        limit = Money.tenge(150_000).tiyn
        member = RedMember(customer_id=owner, limit_tiyn=limit, consent="1", because="test", joined_at=unit.clock.now())
        unit.add(member)


@dataclass(frozen=True, slots=True)
class _Placed:
    purchase: str
    purchase_id: int
    order: str
    order_id: int
    point_id: int


def _place(unit: Unit, given: dict[str, Any]) -> _Placed:
    rows = [(price, many, offer) for (price, many), offer in zip(given["lines"], given["offers"], strict=True)]
    (point_id,) = (
        unit.connection()
        .exec_driver_sql(f"SELECT id FROM pickup_point WHERE merchant_id = {given['seller']} ORDER BY id LIMIT 1")
        .one()
    )
    totals = [Money(price.tiyn * many) for price, many, _ in rows]
    totals += [given["delivery"]] if given["delivery"] else []
    whole, spend = sum(totals, ZERO), given["spend"]
    purchase = _purchase(unit, given, whole, spend)
    row = _order(unit, given, purchase, point_id, whole)
    bonuses = allocate(spend, [each.tiyn for each in totals])
    for number, (price, many, offer) in enumerate(rows, start=1):
        _line(unit, row, number, price, many, offer, totals[number - 1], bonuses[number - 1])
    if given["delivery"]:
        _line(unit, row, len(rows) + 1, given["delivery"], 1, None, totals[-1], bonuses[-1])
    pieces = [Pieces(offer, point_id, many) for _, many, offer in rows]
    stock.set_aside(unit, pieces)
    stock.sell(unit, pieces)
    _hold(unit, given, purchase, row)
    note(unit, order_id=row.id or 0, kind="placed", amount=whole)
    return _Placed(purchase.public_id, purchase.id or 0, row.public_id, row.id or 0, point_id)


def _purchase(unit: Unit, given: dict[str, Any], whole: Money, spend: Money) -> Purchase:
    now, is_signing = unit.clock.now(), given["status"] == "SIGN_REQUIRED"
    row = Purchase(
        public_id=public_id(),
        customer_id=given["owner"],
        state="signing" if is_signing else "placed",
        source=given["kind"],
        months=PLANS.get(given["kind"], 0),
        card_id=given["card_id"],
        amount_tiyn=whole.tiyn,
        spent_bonus_tiyn=spend.tiyn,
        made_at=now,
        finished_at=None if is_signing else now,
    )
    unit.add(row)
    unit.flush()
    return row


def _order(unit: Unit, given: dict[str, Any], purchase: Purchase, point_id: int, whole: Money) -> Order:
    rate, money = bonus.rate(unit, service="", category="shop"), whole - given["spend"]
    state, status = ("SIGN_REQUIRED", "APPROVED_BY_BANK") if purchase.state == "signing" else ("NEW", given["status"])
    row = Order(
        public_id=public_id(),
        code=f"{next(_numbers):09d}",
        purchase_id=purchase.id or 0,
        customer_id=given["owner"],
        merchant_id=given["seller"],
        state=state,
        status=status,
        delivery_mode=given["mode"],
        point_id=point_id,
        city="almaty",
        amount_tiyn=whole.tiyn,
        bonus_tiyn=given["spend"].tiyn,
        money_tiyn=money.tiyn,
        bonus_basis_points=rate,
        promised_bonus_tiyn=bonus.earned(money, basis_points=rate).tiyn,
        planned_on=unit.clock.today() + timedelta(days=2),
        due_on=unit.clock.today() + timedelta(days=7),
        made_at=unit.clock.now(),
    )
    unit.add(row)
    unit.flush()
    return row


def _line(
    unit: Unit, row: Order, number: int, price: Money, many: int, offer: int | None, total: Money, spent: Money
) -> None:
    of = unit.get(Offer, offer) if offer else None
    made = OrderLine(
        order_id=row.id or 0,
        number=number,
        kind="goods" if of else "delivery",
        offer_id=offer,
        product_id=of.product_id if of else None,
        sku=of.sku if of else "",
        name_kk=f"зат {number}",
        name_ru=f"вещь {number}",
        name_en=f"thing {number}",
        quantity=many,
        price_tiyn=price.tiyn,
        bonus_tiyn=spent.tiyn,
        money_tiyn=(total - spent).tiyn,
        commission_tiyn=total.share(goods.COMMISSION).tiyn if of else 0,
    )
    unit.add(made)
    unit.flush()


def _hold(unit: Unit, given: dict[str, Any], purchase: Purchase, row: Order) -> None:
    subject, money, spend = f"order:{row.id}", Money(row.money_tiyn), Money(row.bonus_tiyn)
    if spend:
        this = {"kind": "bonus_held", "key": f"{subject}:bonus:held", "subject": f"{subject}:bonus"}
        row.bonus_hold_id = spending.hold(unit, customer_id=row.customer_id, amount=spend, with_accounts=(), **this)
    if purchase.months:
        plan = {"kind": purchase.source, "months": purchase.months, "signing": purchase.state == "signing"}
        row.loan_id = loans.reserve(unit, customer_id=row.customer_id, amount=money, subject=subject, **plan)
    elif money and not (purchase.card_id and not _is_own(unit, purchase.card_id)):
        of = (
            ledger.account(unit, "card", str(purchase.card_id))
            if purchase.card_id
            else wallet.account_id(unit, row.customer_id)
        )
        named = {"kind": "purchase_held", "key": f"{subject}:held", "subject": subject}
        row.hold_id = ledger.hold(unit, **named, account_id=of, amount=money)
    unit.flush()
    shown = {"kind": "purchase", "subject": f"purchase:{purchase.id}", "counterparty": "shop", "state": "done"}
    is_wallet = purchase.source == "wallet"
    wallet.note(
        unit, customer_id=row.customer_id, **shown, amount=-Money(row.amount_tiyn), wallet=-money if is_wallet else ZERO
    )


def _is_own(unit: Unit, card_id: int) -> bool:
    return unit.connection().exec_driver_sql(f"SELECT kind FROM card WHERE id = {card_id}").scalar() == "own"


def _charge(bank: Bank, made: _Placed, money: Money) -> None:
    """Another bank's card agrees and is charged, and the money is held for the order."""
    charge_id = bank.db.write_now(_begin, made, money)
    for state in ("authorised", "captured"):
        bank.db.write_now(sagas.charge_answered, charge_id=charge_id, answer=Charged(state))
        if state == "authorised":
            bank.db.write_now(charges.capture, charge_id=charge_id)
    bank.db.write_now(_hold_charged, made, money)


def _begin(unit: Unit, made: _Placed, money: Money) -> int:
    row = unit.get_one(Purchase, made.purchase_id)
    assert row.card_id is not None
    this = {"customer_id": row.customer_id, "card_id": row.card_id, "subject": f"test_purchase:{row.id}"}
    row.charge_id = charges.begin(unit, **this, amount=money)
    return row.charge_id


def _hold_charged(unit: Unit, made: _Placed, money: Money) -> None:
    subject, of = f"order:{made.order_id}", ledger.account(unit, "card_processor")
    named = {"kind": "purchase_charged", "key": f"{subject}:held", "subject": subject}
    unit.get_one(Order, made.order_id).hold_id = ledger.hold(unit, **named, account_id=of, amount=money)


# --- what its people do


def seen(bank: Bank, made: Bought) -> OrderView:
    """The order as its buyer sees it now."""
    return bank.db.read_now(views.order, customer_id=made.customer_id, order_id=made.order)


def by_merchant(made: Bought) -> dict[str, Any]:
    """Who asks, for the verbs of the merchant."""
    return {"merchant_id": made.merchant_id, "order_id": made.order}


def by_buyer(made: Bought) -> dict[str, Any]:
    """Who asks, for the verbs of the buyer."""
    return {"customer_id": made.customer_id, "order_id": made.order}


def accepted(bank: Bank, made: Bought) -> Bought:
    """The merchant accepts it."""
    bank.db.write_now(lifecycle.accept, **by_merchant(made))
    return made


def brought(bank: Bank, made: Bought) -> Bought:
    """It is accepted, and a parcel of it is in the buyer's city."""
    accepted(bank, made)
    if seen(bank, made).state == "KASPI_DELIVERY":
        bank.db.write_now(lifecycle.assemble, **by_merchant(made), spaces=1)
        bank.db.write_now(lifecycle.transmit, **by_merchant(made))
        bank.db.write_now(lifecycle.arrive, **by_merchant(made))
    return made


def handed_over(bank: Bank, made: Bought) -> Bought:
    """It is accepted, brought, and the buyer tells the code."""
    brought(bank, made)
    bank.db.write_now(hand_over.ask_code, **by_merchant(made))
    refusal = bank.db.write_now(hand_over.hand_over, **by_merchant(made), code=last_code(bank, made.phone))
    assert refusal is None
    return made


def asked_back(bank: Bank, made: Bought, *, line: int = 1, pieces: int = 1, reason: str = "unused") -> str:
    """The buyer asks to give pieces back; answers the return's address."""
    words = "broken" if reason == "defective" else ""
    this = by_buyer(made) | {"line": line, "pieces": pieces, "reason": reason, "words": words}
    return bank.db.write_now(returns.ask, **this)


def given_back(bank: Bank, made: Bought, *, line: int = 1, pieces: int = 1, reason: str = "unused") -> str:
    """The same, and the merchant agrees and has the goods."""
    name = asked_back(bank, made, line=line, pieces=pieces, reason=reason)
    bank.db.write_now(returns.approve, merchant_id=made.merchant_id, return_id=name)
    bank.db.write_now(giving_back.receive, merchant_id=made.merchant_id, return_id=name)
    return name


def card_refused(bank: Bank) -> None:
    """The other bank's card takes no refund."""
    refund_id = sql(bank, "SELECT MAX(id) FROM card_refund")[0][0]
    bank.db.write_now(sagas.refund_answered, refund_id=refund_id, answer=PaidOut("declined", "closed"))


def balances(bank: Bank, made: Bought) -> dict[str, Money]:
    """What everybody has: wallet, bonus, card of ours, merchant, commission, plan, and the list's sum of the wallet."""
    names = {
        "wallet": ("wallet", str(made.customer_id)),
        "bonus": ("bonus", str(made.customer_id)),
        "merchant": ("merchant", made.merchant),
        "commission": ("commission_income", ""),
    }
    if made.card_id:
        names["card"] = ("card", str(made.card_id))
    found = {word: _balance(bank, *name) for word, name in names.items()}
    plan = sql(bank, "SELECT COALESCE(SUM(amount_tiyn - repaid_tiyn - returned_tiyn), 0) FROM loan")[0][0]
    return found | {"plan": Money(int(plan))}


def _balance(bank: Bank, kind: str, owner: str) -> Money:
    found = sql(bank, "SELECT id FROM account WHERE kind = :kind AND owner = :owner", kind=kind, owner=owner)
    return bank.db.read_now(ledger.balance, found[0][0]) if found else ZERO


def listed(bank: Bank, made: Bought) -> Money:
    """What the list of operations says of the wallet."""
    asked = "SELECT COALESCE(SUM(wallet_tiyn), 0) FROM operation WHERE customer_id = :id"
    return Money(int(sql(bank, asked, id=made.customer_id)[0][0]))


def pieces_in_stock(bank: Bank, made: Bought) -> int:
    """How many pieces of all its offers lie at its point."""
    return sum(quantity for offer in made.offers for quantity, _ in goods.stock(bank, offer).values())
