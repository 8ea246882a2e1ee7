"""Billers, payment intents and bill payments."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field


class Biller(SQLModel, table=True):
    """A service whose bills are paid here; a row and not code, filled from a data file (docs/services.md)."""

    __table_args__ = (
        CheckConstraint("minimum_tiyn > 0 AND maximum_tiyn >= minimum_tiyn", name="limits_in_order"),
        CheckConstraint("dialect IN ('osmp', 'kaspi_xml', 'kaspi_json')", name="dialect_known"),
    )

    slug: str = Field(primary_key=True, max_length=32)
    category: str = Field(max_length=32, index=True)
    city: str = Field(default="", max_length=32)
    """Where it serves: empty for the whole country."""
    position: int = 0
    """Its place among the services of its category."""
    name_kk: str = Field(max_length=120)
    name_ru: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    search: str = Field(default="", max_length=500)
    """What searching looks through: the names and the words of category and city, in small letters."""
    bin: str = Field(max_length=12)
    address: str = Field(max_length=200)
    """Where its check/pay answers; a path is below the simulated biller's address."""
    dialect: str = Field(default="osmp", max_length=12)
    tells_owner: bool = False
    needs_iin: bool = False
    fields: str = "{}"
    """JSON: the `ways` to name an account, and `extra` fields that are sent beside it."""
    prefixes: str = Field(default="", max_length=80)
    """Prefixes of the numbers that a mobile operator suggests itself for, with spaces between."""
    kbk: str = Field(default="", max_length=6)
    knp: str = Field(default="", max_length=3)
    minimum_tiyn: int = tiyn_field()
    maximum_tiyn: int = tiyn_field()
    active: bool = True


class Holiday(SQLModel, table=True):
    """A day that is no working day of the country, beside its Saturdays and Sundays."""

    day: date = Field(primary_key=True)


class PaymentIntent(SQLModel, table=True):
    """The intent to pay one bill: what was asked, what the biller answered, what became of it.

    `id` is its address, `key` its idempotency key. It is made before the biller is asked and ends ten
    minutes later, unless it was paid.
    """

    __tablename__ = "payment_intent"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("(payment_id IS NULL) OR (amount_tiyn IS NOT NULL AND source <> '')", name="paid_has_content"),
        CheckConstraint(
            "spend_bonus_tiyn >= 0 AND (amount_tiyn IS NULL OR spend_bonus_tiyn <= amount_tiyn)", name="bonus_within"
        ),
        Index("ix_payment_intent_recent", "customer_id", "issued_at"),
    )

    id: str = Field(primary_key=True, max_length=26)
    key: str = Field(max_length=26, unique=True)
    customer_id: int = ref_field("customer.id")
    biller: str = Field(foreign_key="biller.slug", max_length=32)
    way: str = Field(default="", max_length=20)
    """Which of the service's ways names the account."""
    account: str = Field(max_length=200)
    """As it is shown; for an IIN masked, and then `account_sealed` holds what the biller is told."""
    account_sealed: str = ""
    extra: str = "{}"
    """JSON: the further fields that the customer filled in, by name."""
    offer: str = "{}"
    """JSON: the lines and the menu that the biller answered with."""
    chosen: str = "{}"
    """JSON: what of the offer is to be paid: the service of the menu, the lines with their sums, own readings."""
    proposal: int = 0
    """Counts proposals: whoever presses Pay must have seen the last one."""
    issued_at: datetime = moment_field()
    expires_at: datetime = moment_field()
    answered_at: datetime | None = moment_field(nullable=True, default=None)
    owner_name: str = Field(default="", max_length=120)
    address: str = Field(default="", max_length=200)
    debt_tiyn: int | None = tiyn_field(nullable=True, default=None)
    amount_tiyn: int | None = tiyn_field(nullable=True, default=None)
    source: str = Field(default="", max_length=12)
    card_id: int | None = ref_field("card.id", nullable=True, default=None)
    spend_bonus_tiyn: int = tiyn_field(default=0)
    confirmed_tiyn: int | None = tiyn_field(nullable=True, default=None)
    """The sum that a code from an SMS was typed for."""
    payment_id: int | None = ref_field("bill_payment.id", nullable=True, default=None, unique=True)


class BillPayment(SQLModel, table=True):
    """A bill payment from the hold to its last word; it is also the job that asks the biller."""

    __tablename__ = "bill_payment"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint("bonus_tiyn >= 0", name="bonus_not_negative"),
        CheckConstraint("state IN ('funding', 'on_way', 'registry', 'done', 'refused')", name="state_known"),
        CheckConstraint(
            "(finished_at IS NULL) = (state IN ('funding', 'on_way', 'registry'))", name="finished_when_final"
        ),
        CheckConstraint("source IN ('wallet', 'bonus', 'card')", name="source_known"),
        CheckConstraint("spent_bonus_tiyn BETWEEN 0 AND amount_tiyn", name="bonus_within"),
        CheckConstraint("(spent_bonus_tiyn > 0) = (bonus_hold_id IS NOT NULL)", name="bonus_is_held"),
        CheckConstraint(
            "(CASE WHEN hold_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN charge_id IS NULL THEN 0 ELSE 1 END)"
            " = (CASE WHEN spent_bonus_tiyn = amount_tiyn THEN 0 ELSE 1 END)",
            name="money_is_held_or_charged",
        ),
        CheckConstraint("refunded_tiyn BETWEEN 0 AND amount_tiyn", name="refunded_within"),
        CheckConstraint("refunded_tiyn = 0 OR state = 'done'", name="refunded_when_done"),
        CheckConstraint("taken_back_tiyn BETWEEN 0 AND bonus_tiyn", name="taken_back_within"),
        Index("ix_bill_payment_due", "state", "due_at"),
        Index("ix_bill_payment_day", "biller", "started_at"),
        Index("uq_bill_payment_charge", "charge_id", unique=True),
        Index("uq_bill_payment_bonus_hold", "bonus_hold_id", unique=True),
    )

    id: int | None = id_field()
    txn_id: int = Field(sa_type=BigInteger, unique=True)
    customer_id: int = ref_field("customer.id", index=True)
    biller: str = Field(foreign_key="biller.slug", max_length=32)
    account: str = Field(max_length=200)
    account_sealed: str = ""
    extra: str = "{}"
    """JSON: what the biller is told beside the account and the sum."""
    amount_tiyn: int = tiyn_field()
    bonus_tiyn: int = tiyn_field()
    """The bonus that the whole payment earns."""
    bonus_basis_points: int = 0
    """The rate it was worked out by, on what is not paid with bonuses."""
    source: str = Field(default="wallet", max_length=12)
    card_id: int | None = ref_field("card.id", nullable=True, default=None)
    spent_bonus_tiyn: int = tiyn_field(default=0)
    """How much of the sum is paid with bonuses; the rest comes from the source."""
    hold_id: int | None = ref_field("hold.id", nullable=True, default=None, unique=True)
    """The hold on the wallet or on a card of our own."""
    bonus_hold_id: int | None = ref_field("hold.id", nullable=True, default=None)
    charge_id: int | None = ref_field("card_charge.id", nullable=True, default=None)
    """The charge on another bank's card."""
    refunded_tiyn: int = tiyn_field(default=0)
    taken_back_tiyn: int = tiyn_field(default=0)
    """How much of the earned bonus went back after refunds, from the bonus account or withheld."""
    state: str = Field(default="on_way", max_length=10)
    last_word: str = Field(default="", max_length=24)
    """What the biller said last: a result code of the protocol, or why there was no answer."""
    tries: int = 0
    started_at: datetime = moment_field()
    """By the bank's clock, as is `finished_at`; what follows is about asking and runs on real time."""
    due_at: datetime = moment_field()
    gives_up_at: datetime = moment_field()
    """After an unknown answer from here on the payment waits for the biller's registry."""
    leased_until: datetime = moment_field()
    finished_at: datetime | None = moment_field(nullable=True, default=None)
    biller_txn: str = Field(default="", max_length=20)


class BillRefund(SQLModel, table=True):
    """Money that a biller gave back of a payment: a cancellation of the whole or of a part of it."""

    __tablename__ = "bill_refund"  # type: ignore[assignment]
    __table_args__ = (
        UniqueConstraint("biller", "cancel_id"),
        CheckConstraint("amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint("to_bonus_tiyn >= 0 AND to_money_tiyn >= 0 AND withheld_tiyn >= 0", name="parts_not_negative"),
        CheckConstraint("to_bonus_tiyn + to_money_tiyn + withheld_tiyn = amount_tiyn", name="parts_add_up"),
        CheckConstraint("taken_back_tiyn >= 0", name="taken_back_not_negative"),
        CheckConstraint("goes_to IN ('wallet', 'card', 'bank_card')", name="goes_to_known"),
    )

    id: int | None = id_field()
    payment_id: int = ref_field("bill_payment.id", index=True)
    biller: str = Field(foreign_key="biller.slug", max_length=32)
    cancel_id: str = Field(max_length=64)
    asked_tiyn: int | None = tiyn_field(nullable=True, default=None)
    """What the biller asked for; None for all that was left."""
    amount_tiyn: int = tiyn_field()
    to_bonus_tiyn: int = tiyn_field(default=0)
    to_money_tiyn: int = tiyn_field(default=0)
    goes_to: str = Field(default="wallet", max_length=10)
    """Where the money went: to the wallet, to a card of our own, or to another bank's card."""
    taken_back_tiyn: int = tiyn_field(default=0)
    """Bonus that was given too much and taken from the bonus account."""
    withheld_tiyn: int = tiyn_field(default=0)
    """Bonus that was given too much and spent already: kept back from the money."""
    reason: str = Field(default="", max_length=200)
    refunded_at: datetime = moment_field()


class Difference(SQLModel, table=True):
    """Where the bank's books and a biller's registry of a day do not agree."""

    __table_args__ = (
        UniqueConstraint("biller", "txn_id", "kind"),
        CheckConstraint(
            "kind IN ('not_at_biller', 'not_here', 'other_sum', 'other_account', 'late_success', 'late_refusal',"
            " 'other_refund', 'not_finished', 'twice')",
            name="kind_known",
        ),
        CheckConstraint("resolved_at IS NOT NULL OR NOT by_hand", name="by_hand_when_resolved"),
    )

    id: int | None = id_field()
    biller: str = Field(foreign_key="biller.slug", max_length=32)
    day: date = Field(index=True)
    """The accounting day of the registry."""
    txn_id: str = Field(max_length=20)
    kind: str = Field(max_length=16)
    our_state: str = Field(default="", max_length=10)
    our_tiyn: int | None = tiyn_field(nullable=True, default=None)
    their_state: str = Field(default="", max_length=10)
    their_tiyn: int | None = tiyn_field(nullable=True, default=None)
    """Of an `other_refund` both sums are what was given back; of a `twice` theirs is of all rows together."""
    found_at: datetime = moment_field()
    resolved_at: datetime | None = moment_field(nullable=True, default=None)
    by_hand: bool = False
    """Whether an operator resolved it, and not the books."""


class Favourite(SQLModel, table=True):
    """An account that a customer keeps at hand under a name."""

    __table_args__ = (UniqueConstraint("customer_id", "biller", "account"),)

    id: int | None = id_field()
    customer_id: int = ref_field("customer.id")
    biller: str = Field(foreign_key="biller.slug", max_length=32)
    way: str = Field(default="", max_length=20)
    account: str = Field(max_length=200)
    name: str = Field(max_length=60)
    added_at: datetime = moment_field()
