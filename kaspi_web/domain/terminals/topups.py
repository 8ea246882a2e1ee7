"""Top-ups told by terminal networks: accepted once, credited at once or when they arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.sessions.service import digest_of
from kaspi_web.domain.sms.outbox import text_to
from kaspi_web.domain.terminals.models import LookUp, Terminal, TerminalNetwork, TopUp
from kaspi_web.domain.wallet import service as wallet_street
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.due import MOST, Due
from kaspi_web.kernel.errors import Busy, NotFound, Refused
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.phone import BadPhone, parse_phone

JOB = "job:topups"
LOOK_UPS_A_MINUTE = 30
"""For one terminal; a network in all may look up ten times as many, whatever terminals it names."""
LOOK_UPS_OF_A_BROWSER = 10
"""In a minute, at the screens of our own terminals."""


class BadAccount(Refused):
    """The account is no mobile number of Kazakhstan."""

    code = "phone_unreadable"


class UnknownWallet(Refused):
    """Nobody has a wallet with this number."""

    code = "wallet_unknown"


class AmountOutOfRange(Refused):
    """The sum is below the least or above the most that is taken at once."""

    code = "amount_out_of_range"


class SameIdOtherContent(Refused):
    """The txn_id was used before with another sum or account."""

    code = "same_id_other_content"


@dataclass(frozen=True, slots=True)
class TopUpResult:
    """What became of a top-up: our number for it, and whether the money is in the wallet."""

    id: int
    amount: Money
    credited: bool


def authenticate(unit: Unit, *, network: str, secret: str) -> bool:
    """Whether `secret` is the network's password."""
    found = unit.get(TerminalNetwork, network)
    return found is not None and found.secret_digest == secret_digest(unit, network, secret)


def secret_digest(unit: Unit, network: str, secret: str) -> str:
    """What is stored of a network's password."""
    return unit.keys.digest("terminal_network", f"{network}:{secret}")


def network_names(unit: Unit) -> dict[str, str]:
    """Names of terminal networks by slug."""
    return dict(unit.exec(select(TerminalNetwork.slug, TerminalNetwork.name)).all())


def count_look_up(unit: Unit, *, network: str, terminal: str = "") -> None:
    """Count a look-up, in a unit of its own so that a refused one counts too; raises Busy above 30 a minute."""
    now = real_now()
    lock_name(unit, f"look_up:{network}")
    recent = (LookUp.network == network, LookUp.at > now - timedelta(minutes=1))
    of_terminal = func.sum(case((col(LookUp.terminal) == terminal, 1), else_=0))
    in_all, here = unit.exec(select(func.count(), of_terminal).where(*recent)).one()
    if (here or 0) >= LOOK_UPS_A_MINUTE or in_all >= 10 * LOOK_UPS_A_MINUTE:
        raise Busy(until=now + timedelta(minutes=1))
    unit.add(LookUp(network=network, terminal=terminal, at=now))


def count_browser(unit: Unit, *, cookie: str) -> None:
    """Count a look-up at a terminal's screen against the browser that shows it; raises Busy above 10 a minute."""
    now, browser = real_now(), digest_of(cookie)[:32]
    lock_name(unit, f"look_up_browser:{browser}")
    # No network is called "", so that these rows and those of networks never count for each other.
    recent = (LookUp.network == "", LookUp.terminal == browser, LookUp.at > now - timedelta(minutes=1))
    if unit.exec(select(func.count()).where(*recent)).one() >= LOOK_UPS_OF_A_BROWSER:
        raise Busy(until=now + timedelta(minutes=1))
    unit.add(LookUp(network="", terminal=browser, at=now))


def check(unit: Unit, *, network: str, account: str, amount: Money | None) -> str:
    """The masked name of the wallet's owner; `count_look_up` comes first.

    Raises BadAccount, UnknownWallet or AmountOutOfRange.
    """
    owner = _owner(unit, account)
    if amount is not None:
        _check_range(unit, network, amount)
    return owner.masked_name


def _owner(unit: Unit, account: str) -> customers.CustomerCard:
    try:
        phone = parse_phone(account)
    except BadPhone:
        raise BadAccount from None
    owner = customers.card_by_phone(unit, phone=phone)
    if owner is None:
        raise UnknownWallet
    return owner


def _check_range(unit: Unit, network: str, amount: Money) -> None:
    row = unit.get(TerminalNetwork, network)
    assert row is not None, "the network was authenticated"
    least, most = Money(row.minimum_tiyn), Money(row.maximum_tiyn)
    if not least <= amount <= most:
        raise AmountOutOfRange(minimum=least, maximum=most, too_small=amount < least)


def pay(
    unit: Unit, *, network: str, txn_id: str, txn_date: datetime, account: str, amount: Money, terminal: str = ""
) -> TopUpResult:
    """Accept a top-up once; a repeated txn_id answers what became of the first.

    Raises SameIdOtherContent, BadAccount, UnknownWallet or AmountOutOfRange; then nothing is moved.
    """
    before = unit.exec(select(TopUp).where(TopUp.network == network, TopUp.txn_id == txn_id)).one_or_none()
    if before is not None:
        return _repeated(before, account, amount)
    owner = _owner(unit, account)
    _check_range(unit, network, amount)
    delay = _delay(unit, network, terminal)
    row = TopUp(
        network=network,
        txn_id=txn_id,
        txn_date=txn_date,
        terminal=terminal,
        account=account,
        customer_id=owner.id,
        amount_tiyn=amount.tiyn,
        state="on_way" if delay else "credited",
        accepted_at=unit.clock.now(),
        due_at=unit.clock.now() + delay,
        credited_at=None if delay else unit.clock.now(),
    )
    unit.add(row)
    try:
        unit.flush()
    except IntegrityError:
        # The same txn_id came twice at once; the network is answered when it repeats.
        raise Busy(until=real_now() + timedelta(seconds=1)) from None
    return _accept(unit, row, owner, late=bool(delay))


def _repeated(before: TopUp, account: str, amount: Money) -> TopUpResult:
    if before.account != account or before.amount_tiyn != amount.tiyn:
        raise SameIdOtherContent
    assert before.id is not None
    return TopUpResult(before.id, amount, before.state == "credited")


def _delay(unit: Unit, network: str, terminal: str) -> timedelta:
    found = unit.get(Terminal, terminal) if terminal else None
    return timedelta(seconds=found.credit_delay_s if found and found.network == network else 0)


def _accept(unit: Unit, row: TopUp, owner: customers.CustomerCard, *, late: bool) -> TopUpResult:
    assert row.id is not None
    amount, network = Money(row.amount_tiyn), ledger.account(unit, "terminal_network", row.network)
    subject = f"topup:{row.id}"
    if late:
        on_way = ledger.account(unit, "topups_on_way")
        ledger.post(
            unit,
            kind="topup_accepted",
            key=f"{subject}:accepted",
            moves=[Move(network, on_way, amount)],
            subject=subject,
        )
        unit.tell(JOB)
    else:
        wallet = ledger.account(unit, "wallet", str(owner.id))
        ledger.post(
            unit, kind="topup", key=f"{subject}:credited", moves=[Move(network, wallet, amount)], subject=subject
        )
        _tell_credited(unit, row, owner)
    wallet_street.note(
        unit,
        customer_id=owner.id,
        kind="topup",
        subject=subject,
        counterparty=row.terminal or row.network,
        amount=amount,
        state="on_way" if late else "done",
    )
    return TopUpResult(row.id, amount, not late)


def _tell_credited(unit: Unit, row: TopUp, owner: customers.CustomerCard) -> None:
    left = ledger.balance(unit, ledger.account(unit, "wallet", str(owner.id)))
    text_to(
        unit,
        phone=owner.phone,
        language=owner.language,
        template="topup_credited",
        amount_tiyn=row.amount_tiyn,
        balance_tiyn=left.tiyn,
        terminal=_place_of(unit, row, owner.language),
    )


def _place_of(unit: Unit, row: TopUp, language: str) -> str:
    """Where the cash was taken, in the customer's language; the network's name for a terminal we do not know."""
    known = unit.get(Terminal, row.terminal) if row.terminal else None
    if known is not None:
        return {"kk": known.place_kk, "ru": known.place_ru, "en": known.place_en}[language]
    network = unit.get(TerminalNetwork, row.network)
    assert network is not None
    return network.name


def has_due(unit: Unit) -> bool:
    """Whether a late top-up has arrived by the bank's clock."""
    return unit.exec(select(TopUp.id).where(*_arrived(unit)).limit(1)).first() is not None


def _arrived(unit: Unit) -> tuple[bool, ...]:
    return TopUp.state == "on_way", TopUp.due_at <= unit.clock.now()


def credit_due(unit: Unit, *, most: int = 50) -> int:
    """Credit the late top-ups that have arrived by the bank's clock; answers how many."""
    due = select(TopUp).where(*_arrived(unit))
    rows = unit.exec(due.order_by(col(TopUp.id)).limit(most).with_for_update(skip_locked=True)).all()
    for row in rows:
        owner = customers.card(unit, customer_id=row.customer_id)
        on_way, wallet = ledger.account(unit, "topups_on_way"), ledger.account(unit, "wallet", str(owner.id))
        subject = f"topup:{row.id}"
        moves = [Move(on_way, wallet, Money(row.amount_tiyn))]
        ledger.post(unit, kind="topup_credited", key=f"{subject}:credited", moves=moves, subject=subject)
        row.state, row.credited_at = "credited", unit.clock.now()
        unit.flush()
        _tell_credited(unit, row, owner)
        wallet_street.turn(unit, customer_id=owner.id, subject=subject, state="done")
    return len(rows)


def arrives_at(unit: Unit, *, customer_id: int, subject: str) -> datetime | None:
    """When a customer's top-up is due, by the bank's clock; None once it is credited; raises NotFound."""
    mine = (TopUp.id == int(subject.removeprefix("topup:")), TopUp.customer_id == customer_id)
    row = unit.exec(select(TopUp).where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    return row.due_at if row.state == "on_way" else None


def due(unit: Unit, *, until: datetime) -> list[Due]:
    """The late top-ups that arrive until then, by the bank's clock, oldest first."""
    late = select(TopUp.id, TopUp.due_at).where(TopUp.state == "on_way", TopUp.due_at <= until)
    rows = unit.exec(late.order_by(col(TopUp.due_at), col(TopUp.id)).limit(MOST)).all()
    return [Due(f"topup:{number}", at) for number, at in rows]
