"""Membership of RED, plans with their payments, bills that fall due, repayments, and the dated terms."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field


class RedMember(SQLModel, table=True):
    """A member of RED; the limit is reserved at checkout and used from the hand-over on."""

    __tablename__ = "red_member"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("limit_tiyn > 0", name="limit_above_zero"),
        CheckConstraint("used_tiyn >= 0 AND reserved_tiyn >= 0", name="uses_not_negative"),
        CheckConstraint("used_tiyn + reserved_tiyn <= limit_tiyn", name="within_limit"),
    )

    customer_id: int = ref_field("customer.id", primary_key=True)
    limit_tiyn: int = tiyn_field()
    used_tiyn: int = tiyn_field(default=0)
    reserved_tiyn: int = tiyn_field(default=0)
    pays_automatically: bool = False
    consent: str = Field(max_length=20)
    """The version of the text that was agreed to."""
    because: str = Field(max_length=40)
    """The rule that gave the limit."""
    joined_at: datetime = moment_field()


class Loan(SQLModel, table=True):
    """A plan for what one order costs.

    signing ──> reserved ──> active ──> closed
       └───────────┴──> cancelled
    """

    __table_args__ = (
        CheckConstraint("kind IN ('red', 'instalment', 'credit')", name="kind_known"),
        CheckConstraint("state IN ('signing', 'reserved', 'active', 'closed', 'cancelled')", name="state_known"),
        CheckConstraint("months > 0 AND amount_tiyn >= 0", name="not_negative"),
        CheckConstraint("repaid_tiyn >= 0 AND returned_tiyn >= 0", name="parts_not_negative"),
        CheckConstraint("repaid_tiyn + returned_tiyn <= amount_tiyn", name="parts_in_range"),
        CheckConstraint("overpaid_tiyn BETWEEN 0 AND repaid_tiyn", name="overpaid_in_range"),
        CheckConstraint("interest_back_tiyn >= 0", name="interest_back_not_negative"),
        CheckConstraint("annulled_on IS NULL OR kind <> 'red'", name="red_has_nothing_to_annul"),
        CheckConstraint("(kind = 'credit') = (rate_basis_points > 0)", name="credit_has_interest"),
        CheckConstraint("(state IN ('active', 'closed')) = (opened_on IS NOT NULL)", name="opened_by_hand_over"),
        CheckConstraint("state <> 'closed' OR repaid_tiyn + returned_tiyn = amount_tiyn", name="closed_when_paid"),
        CheckConstraint("state <> 'cancelled' OR amount_tiyn = 0", name="cancelled_lends_nothing"),
        Index("ix_loan_customer", "customer_id", "state", "id"),
    )

    id: int | None = id_field()
    public_id: str = Field(max_length=26, unique=True)
    customer_id: int = ref_field("customer.id")
    kind: str = Field(max_length=10)
    subject: str = Field(max_length=80, unique=True)
    """The order that it pays: `order:7`."""
    months: int
    amount_tiyn: int = tiyn_field()
    """The principal; before the hand-over it shrinks with what is cancelled."""
    rate_basis_points: int = 0
    """Nominal, a year."""
    gesv_basis_points: int = 0
    repaid_tiyn: int = tiyn_field(default=0)
    """Principal paid back."""
    returned_tiyn: int = tiyn_field(default=0)
    """Principal cancelled by returned goods."""
    overpaid_tiyn: int = tiyn_field(default=0)
    """What was paid back for goods that were returned then, and went to the wallet."""
    interest_back_tiyn: int = tiyn_field(default=0)
    """Paid interest that went to the wallet because all goods were returned."""
    state: str = Field(max_length=10)
    pays_automatically: bool = False
    contract: str = Field(default="", max_length=20)
    """The version of the contract's text."""
    signed_at: datetime | None = moment_field(nullable=True, default=None)
    made_at: datetime = moment_field()
    opened_on: date | None = None
    interest_since: date | None = None
    """The day up to which interest was posted; it runs on from there."""
    annulled_on: date | None = None
    """All goods were returned on this day: from it on there is no interest."""
    closed_on: date | None = None


class LoanPayment(SQLModel, table=True):
    """One payment of a plan's schedule."""

    __tablename__ = "loan_payment"  # type: ignore[assignment]
    __table_args__ = (
        UniqueConstraint("loan_id", "number"),
        CheckConstraint(
            "paid_tiyn >= 0 AND cancelled_tiyn >= 0 AND paid_tiyn + cancelled_tiyn <= principal_tiyn",
            name="principal_in_range",
        ),
        CheckConstraint("early_tiyn BETWEEN 0 AND paid_tiyn", name="early_in_range"),
        CheckConstraint(
            "paid_interest_tiyn >= 0 AND paid_interest_tiyn <= accrued_tiyn AND accrued_tiyn <= interest_tiyn",
            name="interest_in_range",
        ),
        Index("ix_loan_payment_due", "loan_id", "due_on"),
    )

    id: int | None = id_field()
    loan_id: int = ref_field("loan.id")
    number: int
    due_on: date
    principal_tiyn: int = tiyn_field()
    interest_tiyn: int = tiyn_field(default=0)
    paid_tiyn: int = tiyn_field(default=0)
    """Principal paid."""
    early_tiyn: int = tiyn_field(default=0)
    """Of it, what was paid of a credit before its time: it made this and the later payments smaller."""
    cancelled_tiyn: int = tiyn_field(default=0)
    """Principal cancelled by returned goods."""
    accrued_tiyn: int = tiyn_field(default=0)
    """Interest that was posted, which happens on the day, or until the day of an early repayment or a return."""
    paid_interest_tiyn: int = tiyn_field(default=0)


class DueBill(SQLModel, table=True):
    """What falls due on one day: of RED everything together, of another plan its one payment.

    `step` is the next thing to be done about it on `next_on`: remind, due, late, fine, collect; then none.
    """

    __tablename__ = "due_bill"  # type: ignore[assignment]
    __table_args__ = (
        UniqueConstraint("customer_id", "subject", "due_on"),
        CheckConstraint("step IN ('remind', 'due', 'late', 'fine', 'collect', 'none')", name="step_known"),
        CheckConstraint("(step = 'none') = (next_on IS NULL)", name="steps_have_days"),
        CheckConstraint("paid_fine_tiyn >= 0 AND paid_fine_tiyn <= fine_tiyn", name="fine_in_range"),
        Index("ix_due_bill_next", "next_on"),
        Index("ix_due_bill_customer", "customer_id", "due_on"),
    )

    id: int | None = id_field()
    customer_id: int = ref_field("customer.id")
    subject: str = Field(max_length=40)
    """`red`, or `loan:5`."""
    due_on: date
    step: str = Field(default="remind", max_length=8)
    next_on: date | None
    late_on: date | None = None
    """The day on which it was noted as late."""
    fine_tiyn: int = tiyn_field(default=0)
    paid_fine_tiyn: int = tiyn_field(default=0)


class DueRun(SQLModel, table=True):
    """A step that was done for a bill: once for each, whoever runs it."""

    __tablename__ = "due_run"  # type: ignore[assignment]

    bill_id: int = ref_field("due_bill.id", primary_key=True)
    step: str = Field(primary_key=True, max_length=8)
    run_on: date
    """The business day on which it was run; later than the bill's own day after a stop."""


class Repayment(SQLModel, table=True):
    """Money that a customer paid for plans, once for a key, and where it went."""

    __table_args__ = (
        CheckConstraint("amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint(
            "principal_tiyn >= 0 AND interest_tiyn >= 0 AND fine_tiyn >= 0"
            " AND principal_tiyn + interest_tiyn + fine_tiyn = amount_tiyn",
            name="parts_add_up",
        ),
        CheckConstraint("way IN ('due', 'early', 'whole', 'automatic')", name="way_known"),
        Index("ix_repayment_customer", "customer_id", "id"),
    )

    id: int | None = id_field()
    key: str = Field(max_length=64, unique=True)
    customer_id: int = ref_field("customer.id")
    subject: str = Field(max_length=40)
    """`red`, or `loan:5`."""
    way: str = Field(max_length=10)
    amount_tiyn: int = tiyn_field()
    principal_tiyn: int = tiyn_field(default=0)
    interest_tiyn: int = tiyn_field(default=0)
    fine_tiyn: int = tiyn_field(default=0)
    paid_at: datetime = moment_field()


class LoanTerm(SQLModel, table=True):
    """What a kind of plan is offered at for sums from `minimum_tiyn` on, from a day on."""

    __tablename__ = "loan_term"  # type: ignore[assignment]
    __table_args__ = (
        UniqueConstraint("kind", "months", "valid_from"),
        CheckConstraint("kind IN ('red', 'instalment', 'credit')", name="kind_known"),
        CheckConstraint("minimum_tiyn > 0 AND maximum_tiyn >= minimum_tiyn", name="sums_in_order"),
        CheckConstraint("(kind = 'credit') = (rate_basis_points > 0)", name="credit_has_interest"),
    )

    id: int | None = id_field()
    kind: str = Field(max_length=10)
    months: int
    minimum_tiyn: int = tiyn_field()
    maximum_tiyn: int = tiyn_field()
    rate_basis_points: int = 0
    valid_from: date
    withdrawn: bool = False
    """Whether from that day on it is not offered any more."""


class LoanRule(SQLModel, table=True):
    """A dated number of the bank's lending: the legal cap, the late rule, bill days, and steps of the decision."""

    __tablename__ = "loan_rule"  # type: ignore[assignment]
    __table_args__ = (UniqueConstraint("name", "valid_from"),)

    id: int | None = id_field()
    name: str = Field(max_length=40)
    value: int = tiyn_field()
    valid_from: date
