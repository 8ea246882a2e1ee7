"""The facts of one receipt: the page of it and its PDF say the same, because both are drawn from here."""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.domain.bills import payments, refunds
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.transfers.views import page_of
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.service import OperationView
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import moment_text, money
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.phone import masked
from kaspi_web.papers import called
from kaspi_web.papers.called import Names

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt in the reader's language; `state` is done, on_way or refused."""

    locale: str
    number: str
    state: str
    status: str
    title: str
    amount: str
    facts: tuple[tuple[str, str], ...]
    repeat: str = ""
    """The address of the same payment with its account filled in; empty where there is nothing to repeat."""
    transfer: str = ""
    """The address of the transfer that it is about, where it can be undone, asked back or returned."""


def receipt(unit: Unit, *, customer_id: int, receipt: str, locale: str) -> Receipt:
    """The receipt at this address, for its owner; raises NotFound for anybody else."""
    operation = wallet.operation(unit, customer_id=customer_id, receipt=receipt)
    w, names = words(locale), called.names(unit, locale=locale)
    return Receipt(
        locale=locale,
        number=operation.number,
        state=operation.state,
        status=w(f"receipt.status.{operation.state}"),
        title=called.title(operation, names, w),
        amount=money(operation.amount, locale, exact=True, sign=True),
        facts=(
            (w("receipt.number"), operation.number),
            (w("receipt.time"), moment_text(operation.occurred_at, locale)),
            *_of_kind(unit, customer_id, operation, names, w),
            *_of_money(operation, w),
        ),
        repeat=_repeat(operation, locale),
        transfer=_transfer(unit, customer_id, operation, locale),
    )


def _of_kind(unit: Unit, customer_id: int, operation: OperationView, names: Names, w: Words) -> Facts:
    if operation.kind == "bill":
        return _of_bill(unit, customer_id, operation, w)
    if operation.kind == "refund" and operation.subject.startswith("bill_refund:"):
        return _of_refund(unit, customer_id, operation, names, w)
    if operation.kind == "topup":
        return [
            (w("receipt.terminal"), called.side(operation, names, w)),
            (w("receipt.to"), called.source(operation, w)),
        ]
    return _of_sides(unit, customer_id, operation, names, w)


def _of_bill(unit: Unit, customer_id: int, operation: OperationView, w: Words) -> Facts:
    payment_id = int(operation.subject.removeprefix("bill_payment:"))
    made = payments.payment(unit, customer_id=customer_id, payment_id=payment_id)
    return [
        (w("receipt.payee"), made.biller.names[w.locale]),
        (w("receipt.bin"), made.biller.bin),
        (w("receipt.account"), made.account),
        (w("receipt.payer"), _masked(unit, customer_id)),
        (w("receipt.source"), called.source(operation, w)),
        *_sums(w, (w("receipt.spent_bonus"), made.spent_bonus), (w("receipt.refunded"), made.refunded)),
    ]


def _of_refund(unit: Unit, customer_id: int, operation: OperationView, names: Names, w: Words) -> Facts:
    """A refund: what the bonus that it cost took of it is said here."""
    refund_id = int(operation.subject.removeprefix("bill_refund:"))
    made = refunds.refund_of(unit, customer_id=customer_id, refund_id=refund_id)
    return [
        *_of_sides(unit, customer_id, operation, names, w),
        *_sums(w, (w("receipt.withheld"), made.withheld), (w("receipt.taken_back"), made.taken_back)),
    ]


def _sums(w: Words, *facts: tuple[str, Money]) -> Facts:
    """Facts whose sum is not zero."""
    return [(name, money(amount, w.locale, exact=True)) for name, amount in facts if amount]


def _of_sides(unit: Unit, customer_id: int, operation: OperationView, names: Names, w: Words) -> Facts:
    """Who gave and who took, from the row alone: transfers, refunds and what comes back."""
    if operation.kind == "own_transfer":
        return _of_own(operation, names, w)
    other, own = called.side(operation, names, w), called.source(operation, w)
    if operation.amount < wallet.ZERO:
        payer = (w("receipt.payer"), _masked(unit, customer_id))
        return [(w("receipt.payee"), other), *_account(operation, w), payer, (w("receipt.source"), own)]
    return [(w("receipt.sender"), other), *_account(operation, w), (w("receipt.to"), own)]


def _of_own(operation: OperationView, names: Names, w: Words) -> Facts:
    """Between own accounts: the row has the card as its other side, and where the money came from."""
    card, source = called.side(operation, names, w), called.source(operation, w)
    purse = called.account_words("wallet", w)
    origin, goal = (source, card) if operation.amount < wallet.ZERO else (card, purse)
    # What came from another bank's card may have gone to an own card as well: known once the wallet has it.
    is_known = operation.amount < wallet.ZERO or operation.source == "wallet" or bool(operation.wallet)
    return [(w("receipt.source"), origin), *([(w("receipt.to"), goal)] if is_known else [])]


def _account(operation: OperationView, w: Words) -> Facts:
    """What the deed went by: the last digits of a card, a phone, or an account as it is."""
    shown = operation.account
    if shown.startswith("*"):
        return [(w("receipt.card"), f"•• {shown[1:]}")]
    name = w("receipt.phone") if shown.startswith("+") else w("receipt.account")
    return [(name, shown)] if shown else []


def _of_money(operation: OperationView, w: Words) -> Facts:
    facts = [(w("receipt.fee"), money(operation.fee, w.locale, exact=bool(operation.fee)))]
    if operation.bonus and operation.state != "refused":
        words_for = w(f"receipt.bonus.{operation.state}")
        facts.append((words_for, money(operation.bonus, w.locale, exact=True, sign=True)))
    return facts


def _masked(unit: Unit, customer_id: int) -> str:
    payer = customers.card(unit, customer_id=customer_id)
    return f"{payer.masked_name}, {masked(payer.phone)}"


def _repeat(operation: OperationView, locale: str) -> str:
    if operation.kind != "bill":
        return ""
    return f"/{locale}/payments/s/{operation.counterparty}?repeat={operation.receipt}"


def _transfer(unit: Unit, customer_id: int, operation: OperationView, locale: str) -> str:
    page = page_of(unit, customer_id=customer_id, subject=operation.subject)
    return f"/{locale}/transfers/{page}" if page else ""
