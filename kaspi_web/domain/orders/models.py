"""Purchases, the orders they consist of, their lines, what happened to them, and returns."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field

_ASKED, _APPROVED = text("state = 'asked'"), text("state = 'approved'")
_OPEN = text("state IN ('asked', 'approved')")
_SHARES = "bonus_tiyn >= 0 AND money_tiyn >= 0 AND bonus_tiyn + money_tiyn ="


class Purchase(SQLModel, table=True):
    """One tap: one payment for the orders of all its sellers.

    `funding` while another bank's card is charged, `signing` while a credit waits for its signature, then `placed`
    or `refused`.
    """

    __table_args__ = (
        CheckConstraint("state IN ('funding', 'signing', 'placed', 'refused')", name="state_known"),
        CheckConstraint("source IN ('wallet', 'bonus', 'card', 'red', 'instalment', 'credit')", name="source_known"),
        CheckConstraint("(source = 'card') = (card_id IS NOT NULL)", name="card_is_named"),
        CheckConstraint("charge_id IS NULL OR source = 'card'", name="cards_are_charged"),
        CheckConstraint("state <> 'funding' OR charge_id IS NOT NULL", name="funding_is_charged"),
        CheckConstraint("(months > 0) = (source IN ('red', 'instalment', 'credit'))", name="plans_have_months"),
        CheckConstraint("amount_tiyn > 0 AND spent_bonus_tiyn BETWEEN 0 AND amount_tiyn", name="parts_in_range"),
        CheckConstraint("(finished_at IS NULL) = (state IN ('funding', 'signing'))", name="finished_when_final"),
        Index("ix_purchase_customer", "customer_id", "id"),
        Index("ix_purchase_signing", "state", "sign_until"),
    )

    id: int | None = id_field()
    public_id: str = Field(max_length=26, unique=True)
    customer_id: int = ref_field("customer.id")
    state: str = Field(max_length=8)
    source: str = Field(max_length=10)
    months: int = 0
    card_id: int | None = ref_field("card.id", nullable=True, default=None)
    charge_id: int | None = ref_field("card_charge.id", nullable=True, default=None, unique=True)
    amount_tiyn: int = tiyn_field()
    spent_bonus_tiyn: int = tiyn_field(default=0)
    reason: str = Field(default="", max_length=24)
    """Why it was refused."""
    made_at: datetime = moment_field()
    """By the bank's clock, as is everything here."""
    sign_until: datetime | None = moment_field(nullable=True, default=None)
    finished_at: datetime | None = moment_field(nullable=True, default=None)


class Order(SQLModel, table=True):
    """What one seller owes to the buyer; state, status and mode are the words of the merchants' order API."""

    __tablename__ = "shop_order"  # type: ignore[assignment]
    __table_args__ = (
        UniqueConstraint("purchase_id", "merchant_id"),
        CheckConstraint(
            "state IN ('SIGN_REQUIRED', 'NEW', 'PICKUP', 'DELIVERY', 'KASPI_DELIVERY', 'ARCHIVE')", name="state_known"
        ),
        CheckConstraint(
            "status IN ('FUNDING', 'APPROVED_BY_BANK', 'ACCEPTED_BY_MERCHANT', 'ASSEMBLED', 'TRANSMITTED', 'ARRIVED',"
            " 'KASPI_DELIVERY_RETURN_REQUESTED', 'RETURN_ACCEPTED_BY_MERCHANT', 'RETURNED', 'COMPLETED', 'CANCELLED')",
            name="status_known",
        ),
        CheckConstraint(
            "(state = 'ARCHIVE') = (status IN ('RETURNED', 'COMPLETED', 'CANCELLED'))", name="archived_when_final"
        ),
        CheckConstraint(
            "delivery_mode IN ('DELIVERY_PICKUP', 'DELIVERY_LOCAL', 'DELIVERY_REGIONAL_TODOOR')", name="mode_known"
        ),
        CheckConstraint(f"{_SHARES} amount_tiyn", name="parts_add_up"),
        CheckConstraint("hold_id IS NULL OR loan_id IS NULL", name="held_or_lent"),
        CheckConstraint("taken_back_tiyn >= 0 AND taken_back_tiyn <= promised_bonus_tiyn", name="taken_in_range"),
        CheckConstraint("(cancelled_at IS NOT NULL) = (status IN ('RETURNED', 'CANCELLED'))", name="cancelled_when_so"),
        CheckConstraint("(cancelled_at IS NOT NULL) = (cancellation_reason <> '')", name="cancelled_for_a_reason"),
        CheckConstraint("handed_over_at IS NOT NULL OR status <> 'COMPLETED'", name="completed_by_hand_over"),
        Index("ix_shop_order_customer", "customer_id", "id"),
        Index("ix_shop_order_merchant", "merchant_id", "state", "id"),
        Index("ix_shop_order_due", "state", "due_on"),
        Index("uq_shop_order_loan", "loan_id", unique=True),
    )

    id: int | None = id_field()
    public_id: str = Field(max_length=26, unique=True)
    code: str = Field(max_length=12, unique=True)
    """The number that people say to one another."""
    purchase_id: int = ref_field("purchase.id")
    customer_id: int = ref_field("customer.id")
    merchant_id: int = ref_field("merchant.id")
    state: str = Field(max_length=16)
    status: str = Field(max_length=32)
    delivery_mode: str = Field(max_length=26)
    point_id: int = ref_field("pickup_point.id")
    """Where it is fetched, or sent from."""
    city: str = Field(max_length=12)
    address: str = Field(default="", max_length=200)
    amount_tiyn: int = tiyn_field()
    bonus_tiyn: int = tiyn_field(default=0)
    money_tiyn: int = tiyn_field()
    hold_id: int | None = ref_field("hold.id", nullable=True, default=None, unique=True)
    """Money of the wallet, of a card of ours, or captured from another bank's card, set aside until the hand-over."""
    bonus_hold_id: int | None = ref_field("hold.id", nullable=True, default=None, unique=True)
    loan_id: int | None = ref_field("loan.id", nullable=True, default=None)
    bonus_basis_points: int = 0
    promised_bonus_tiyn: int = tiyn_field(default=0)
    """The bonus for what is left of the money, given at the hand-over."""
    taken_back_tiyn: int = tiyn_field(default=0)
    cancellation_reason: str = Field(default="", max_length=40)
    spaces: int = 0
    """Parcels, once assembled."""
    planned_on: date
    due_on: date
    """The day after which the bank cancels what was not handed over."""
    made_at: datetime = moment_field()
    accepted_at: datetime | None = moment_field(nullable=True, default=None)
    handed_over_at: datetime | None = moment_field(nullable=True, default=None)
    cancelled_at: datetime | None = moment_field(nullable=True, default=None)


class OrderLine(SQLModel, table=True):
    """Pieces of one product in an order, or its delivery, with the stored share of each source."""

    __tablename__ = "order_line"  # type: ignore[assignment]
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        CheckConstraint("(offer_id IS NULL) = (kind = 'delivery')", name="goods_are_offered"),
        CheckConstraint("kind IN ('goods', 'delivery')", name="kind_known"),
        CheckConstraint("quantity > 0 AND price_tiyn > 0", name="above_zero"),
        CheckConstraint(
            "cancelled >= 0 AND returned >= 0 AND cancelled + returned <= quantity", name="dropped_in_range"
        ),
        CheckConstraint(f"{_SHARES} quantity * price_tiyn", name="parts_add_up"),
        CheckConstraint("commission_tiyn BETWEEN 0 AND quantity * price_tiyn", name="commission_in_range"),
    )

    id: int | None = id_field()
    order_id: int = ref_field("shop_order.id")
    number: int
    kind: str = Field(default="goods", max_length=8)
    offer_id: int | None = ref_field("offer.id", nullable=True, default=None)
    product_id: int | None = ref_field("product.id", nullable=True, default=None)
    sku: str = Field(default="", max_length=20)
    name_kk: str = Field(max_length=160)
    name_ru: str = Field(max_length=160)
    name_en: str = Field(max_length=160)
    quantity: int
    price_tiyn: int = tiyn_field()
    bonus_tiyn: int = tiyn_field(default=0)
    money_tiyn: int = tiyn_field()
    commission_tiyn: int = tiyn_field(default=0)
    """Of the whole line; pieces take their share, so that parts add up."""
    cancelled: int = 0
    """Pieces that dropped out before the hand-over."""
    returned: int = 0


class OrderEvent(SQLModel, table=True):
    """Something that happened to an order, for its timeline; written once and never changed."""

    __tablename__ = "order_event"  # type: ignore[assignment]
    __table_args__ = (Index("ix_order_event_order", "order_id", "id"),)

    id: int | None = id_field()
    order_id: int = ref_field("shop_order.id")
    kind: str = Field(max_length=32)
    """What happened: the word that the screens translate."""
    detail: str = Field(default="", max_length=200)
    amount_tiyn: int | None = tiyn_field(nullable=True, default=None)
    happened_at: datetime = moment_field()


class OrderReturn(SQLModel, table=True):
    """A buyer's wish to give pieces of a line back, and what became of it."""

    __tablename__ = "order_return"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("reason IN ('unused', 'defective')", name="reason_known"),
        CheckConstraint("state IN ('asked', 'approved', 'refused', 'done', 'withdrawn')", name="state_known"),
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        CheckConstraint("(state = 'refused') = (refusal <> '')", name="refused_for_a_reason"),
        Index("ix_order_return_order", "order_id", "id"),
        Index("ix_order_return_asked", "asked_at", sqlite_where=_ASKED, postgresql_where=_ASKED),
        Index("ix_order_return_approved", "answered_at", sqlite_where=_APPROVED, postgresql_where=_APPROVED),
        Index("uq_order_return_open", "line_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: int | None = id_field()
    public_id: str = Field(max_length=26, unique=True)
    order_id: int = ref_field("shop_order.id")
    line_id: int = ref_field("order_line.id")
    quantity: int
    reason: str = Field(max_length=10)
    words: str = Field(default="", max_length=500)
    state: str = Field(default="asked", max_length=10)
    refusal: str = Field(default="", max_length=300)
    to_bonus_tiyn: int = tiyn_field(default=0)
    to_money_tiyn: int = tiyn_field(default=0)
    """What went back to the wallet or the card."""
    off_plan_tiyn: int = tiyn_field(default=0)
    """What the plan shrank by."""
    taken_back_tiyn: int = tiyn_field(default=0)
    withheld_tiyn: int = tiyn_field(default=0)
    goes_to: str = Field(default="", max_length=10)
    asked_at: datetime = moment_field()
    answered_at: datetime | None = moment_field(nullable=True, default=None)
    done_at: datetime | None = moment_field(nullable=True, default=None)
