"""The facts of one receipt: the page of it and its PDF say the same, because both are drawn from here."""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.domain.bills import payments, refunds
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.loans.book import RED
from kaspi_web.domain.loans.repaid import repayment
from kaspi_web.domain.loans.repaying import RepaymentView
from kaspi_web.domain.orders.on_receipts import bonus_of_purchase, kept_of_return
from kaspi_web.domain.transfers.views import bonus_spent, page_of
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.service import OperationView
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import NBSP, moment_text, money
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
    plan: str = ""
    """The address of RED or of the plan that was repaid."""


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
        plan=_plan(unit, customer_id, operation, locale),
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
    if operation.kind in called.OF_SELLERS:
        return _of_sellers(unit, customer_id, operation, names, w)
    if operation.kind == "repayment":
        return _of_repayment(unit, customer_id, operation, names, w)
    spent = bonus_spent(unit, customer_id=customer_id, subject=operation.subject)
    return [*_of_sides(unit, customer_id, operation, names, w), *_sums(w, (w("receipt.spent_bonus"), spent))]


def _of_bill(unit: Unit, customer_id: int, operation: OperationView, w: Words) -> Facts:
    payment_id = int(operation.subject.removeprefix("bill_payment:"))
    made = payments.payment(unit, customer_id=customer_id, payment_id=payment_id)
    return [
        (w("receipt.payee"), made.biller.names[w.locale]),
        (w("receipt.bin"), made.biller.bin),
        _paid_account(made, w),
        (w("receipt.payer"), _masked(unit, customer_id)),
        (w("receipt.source"), called.source(operation, w)),
        *_sums(w, (w("receipt.spent_bonus"), made.spent_bonus), (w("receipt.refunded"), made.refunded)),
    ]


def _of_refund(unit: Unit, customer_id: int, operation: OperationView, names: Names, w: Words) -> Facts:
    """A refund: what the bonus that it cost took of it is said here."""
    refund_id = int(operation.subject.removeprefix("bill_refund:"))
    made = refunds.refund_of(unit, customer_id=customer_id, refund_id=refund_id)
    paid = payments.payment(unit, customer_id=customer_id, payment_id=made.payment_id)
    return [
        *_of_sides(unit, customer_id, operation, names, w, account=_paid_account(paid, w)),
        *_sums(w, (w("receipt.withheld"), made.withheld), (w("receipt.taken_back"), made.taken_back)),
    ]


def _of_sellers(unit: Unit, customer_id: int, operation: OperationView, names: Names, w: Words) -> Facts:
    """A purchase, or what came back of one: with the bonuses in it."""
    this = {"customer_id": customer_id, "subject": operation.subject}
    spent, (withheld, taken_back) = bonus_of_purchase(unit, **this), kept_of_return(unit, **this)
    return [
        *_of_sides(unit, customer_id, operation, names, w, account=(w("receipt.order"), operation.account)),
        *_sums(w, (w("receipt.spent_bonus"), spent)),
        *_sums(w, (w("receipt.withheld"), withheld), (w("receipt.taken_back"), taken_back)),
    ]


def _of_repayment(unit: Unit, customer_id: int, operation: OperationView, names: Names, w: Words) -> Facts:
    """A repayment, and where its money went."""
    made = _repayment(unit, customer_id, operation)
    return [
        *_of_sides(unit, customer_id, operation, names, w),
        (w("receipt.way"), w(f"plans.way.{made.way}")),
        *_sums(
            w,
            (w("plans.review.principal"), made.principal),
            (w("plans.review.interest"), made.interest),
            (w("plans.review.fine"), made.fine),
        ),
    ]


def _sums(w: Words, *facts: tuple[str, Money]) -> Facts:
    """Facts whose sum is not zero."""
    return [(name, money(amount, w.locale, exact=True)) for name, amount in facts if amount]


def _of_sides(
    unit: Unit,
    customer_id: int,
    operation: OperationView,
    names: Names,
    w: Words,
    *,
    account: tuple[str, str] | None = None,
) -> Facts:
    """Who gave and who took: transfers, refunds and what comes back; from the row alone but for a bill's `account`."""
    if operation.kind == "own_transfer":
        return _of_own(operation, names, w)
    other, own = called.side(operation, names, w), called.source(operation, w)
    if operation.amount < wallet.ZERO:
        payer = (w("receipt.payer"), _masked(unit, customer_id))
        return [(w("receipt.payee"), other), *_account(operation, w, account), payer, (w("receipt.source"), own)]
    return [(w("receipt.sender"), other), *_account(operation, w, account), (w("receipt.to"), own)]


def _of_own(operation: OperationView, names: Names, w: Words) -> Facts:
    """Between own accounts: the row has the card as its other side, and where the money came from."""
    card, source = called.side(operation, names, w), called.source(operation, w)
    purse = called.account_words("wallet", w)
    origin, goal = (source, card) if operation.amount < wallet.ZERO else (card, purse)
    if operation.source.startswith("bonus"):
        origin = source
    # What came from another bank's card may have gone to an own card as well: known once the wallet has it.
    is_known = operation.amount < wallet.ZERO or operation.source == "wallet" or bool(operation.wallet)
    return [(w("receipt.source"), origin), *([(w("receipt.to"), goal)] if is_known else [])]


def _account(operation: OperationView, w: Words, paid: tuple[str, str] | None) -> Facts:
    """What the deed went by: the last digits of a card, a phone, or an account as it is."""
    shown = operation.account
    if shown.startswith("*"):
        return [(w("receipt.card"), f"•• {shown[1:]}")]
    name = w("receipt.phone") if shown.startswith("+") else w("receipt.account")
    return [paid or (name, shown)] if shown else []


def _paid_account(paid: payments.PaymentView, w: Words) -> tuple[str, str]:
    """The account of a bill under the name that its service has for it."""
    return called.way_words(paid.biller, paid.way, w), called.account_shown(paid.biller, paid.way, paid.account)


def _of_money(operation: OperationView, w: Words) -> Facts:
    facts = [(w("receipt.fee"), money(operation.fee, w.locale, exact=bool(operation.fee)))]
    if operation.bonus and operation.state != "refused":
        words_for = w(f"receipt.bonus.{operation.state}")
        facts.append((words_for, money(operation.bonus, w.locale, exact=True, sign=True)))
    return facts


def _masked(unit: Unit, customer_id: int) -> str:
    payer = customers.card(unit, customer_id=customer_id)
    # The number stays on one line.
    return f"{payer.masked_name}, {masked(payer.phone).replace(' ', NBSP)}"


def _repeat(operation: OperationView, locale: str) -> str:
    if operation.kind != "bill":
        return ""
    return f"/{locale}/payments/s/{operation.counterparty}?repeat={operation.receipt}"


def _transfer(unit: Unit, customer_id: int, operation: OperationView, locale: str) -> str:
    page = page_of(unit, customer_id=customer_id, subject=operation.subject)
    return f"/{locale}/transfers/{page}" if page else ""


def _plan(unit: Unit, customer_id: int, operation: OperationView, locale: str) -> str:
    if operation.kind != "repayment":
        return ""
    plan = _repayment(unit, customer_id, operation).plan
    return f"/{locale}/red" if plan == RED else f"/{locale}/plans/{plan}"


def _repayment(unit: Unit, customer_id: int, operation: OperationView) -> RepaymentView:
    return repayment(unit, customer_id=customer_id, repayment_id=int(operation.subject.removeprefix("repayment:")))
