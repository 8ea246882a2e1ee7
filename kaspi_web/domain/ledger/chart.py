"""The chart of accounts: what each kind of account is, which side it grows on, and whether it may go below zero."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Side(StrEnum):
    """The side on which an account's balance grows."""

    DEBIT = "debit"
    CREDIT = "credit"


class AccountType(NamedTuple):
    """What the bank promises of one kind of account."""

    normal: Side
    may_go_below_zero: bool
    keeps_balance: bool
    """Whether a balance row is kept and checked; system accounts are summed, so that payments do not queue on them."""
    meaning: str


CHART: dict[str, AccountType] = {
    "wallet": AccountType(Side.CREDIT, False, True, "what the bank owes a customer and the customer may spend"),
    "bonus": AccountType(Side.CREDIT, False, True, "bonuses a customer may spend, one bonus for one tenge"),
    "merchant": AccountType(
        Side.CREDIT, True, True, "what the bank owes a merchant; a debt is netted from later sales"
    ),
    "card": AccountType(Side.CREDIT, False, True, "what the bank owes a customer on a card of its own"),
    "holds": AccountType(Side.CREDIT, False, False, "customers' money set aside for deeds that are under way"),
    "topups_on_way": AccountType(Side.CREDIT, False, False, "cash accepted by a network and not yet in the wallet"),
    "biller_payable": AccountType(Side.CREDIT, True, False, "collected for a biller and not yet settled"),
    "terminal_network": AccountType(Side.DEBIT, True, False, "cash that a terminal network took and owes to the bank"),
    "card_processor": AccountType(
        Side.DEBIT, True, False, "money of other banks' cards that the processor owes to the bank"
    ),
    "card_payouts": AccountType(Side.CREDIT, True, False, "paid to other banks' cards by the processor and owed to it"),
    "settlement": AccountType(Side.DEBIT, True, False, "the bank's own money at its settlement bank"),
    "loan": AccountType(Side.DEBIT, False, False, "principal that a customer owes on a plan"),
    "loan_interest": AccountType(Side.DEBIT, False, False, "interest on a plan that has fallen due and is not paid"),
    "loan_fine": AccountType(Side.DEBIT, False, False, "fines for late bills that a customer has not paid"),
    "interest_income": AccountType(Side.CREDIT, True, False, "what the bank has earned by interest"),
    "fine_income": AccountType(Side.CREDIT, True, False, "what the bank has earned by fines for late bills"),
    "commission_income": AccountType(Side.CREDIT, True, False, "what the bank has earned by its share of sales"),
    "bonus_expense": AccountType(Side.DEBIT, True, False, "what bonuses have cost the bank"),
}

assert all(type_.normal is Side.CREDIT for type_ in CHART.values() if type_.keeps_balance), "kept balances are credits"
PROFIT = ("interest_income", "fine_income", "commission_income", "bonus_expense")
"""What the bank earns, and what it costs: their credits without their debits are its profit."""
KEPT = tuple(kind for kind, type_ in CHART.items() if type_.keeps_balance)
NEVER_BELOW_ZERO = tuple(kind for kind in KEPT if not CHART[kind].may_go_below_zero)
