"""What the pages of transfers show, put into words."""

from __future__ import annotations

from dataclasses import dataclass, field

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.transfers import drafts, limits, recipients, returns, sending
from kaspi_web.domain.transfers.drafts import Proposal, Source
from kaspi_web.domain.transfers.returns import IncomingView
from kaspi_web.domain.transfers.views import TransferView
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import long_day, moment_text, money
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.phone import spoken
from kaspi_web.ui.codes import epoch_ms

_SHOWN = {"done": "done", "undone": "refused", "refused": "refused", "returned": "refused"}
_TYPED_BY_BANK = ("declined", "lacks_money", "expired", "wrong_code", "challenge_over")


@dataclass
class Who:
    """A recipient in a list, or somebody who asks for money back."""

    key: str
    title: str
    note: str
    href: str = ""


@dataclass
class Account:
    """An account to choose: the wallet, the bonus account or a card."""

    value: str
    title: str
    balance: str
    reason: str
    disabled: bool
    checked: bool


@dataclass
class Draft:
    """To whom, and how much may be sent."""

    who: str = ""
    detail: str = ""
    """A number, or the last digits of a card."""
    caution: str = ""
    limit: str = ""
    limit_once: str = ""
    amount: str = ""
    bonuses: str = ""
    """What bonuses there are to spend; empty for none."""
    bonus: str = ""
    """The part that was to be paid with them before, as one types it."""
    note: str = ""
    takes_note: bool = True


@dataclass
class Review:
    """What the window that confirms shows."""

    amount: str = ""
    fee: str = ""
    spent: str = ""
    """The part that bonuses pay; empty for none, and for the whole."""
    source: str = ""
    arrives: str = ""


@dataclass
class Outcome:
    """What became of a transfer; `state` is done, on_way or refused. `undo_at` is when undoing ends, 0 for never."""

    state: str = ""
    title: str = ""
    text: str = ""
    amount: str = ""
    receipt: str = ""
    undo_at: int = 0
    can_undo: bool = False
    can_send_now: bool = False
    can_ask_back: bool = False
    asked_back: str = ""


@dataclass
class Seen:
    """Everything that the page of a transfer shows; `step` is amount, bank_code, result, expired or missing."""

    step: str
    draft: Draft = field(default_factory=Draft)
    accounts: list[Account] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)


def seen(unit: Unit, *, customer_id: int, transfer_id: str, locale: str) -> Seen:
    """The page of a sender's transfer; somebody else's is missing."""
    try:
        made = sending.transfer(unit, customer_id=customer_id, transfer_id=transfer_id)
    except NotFound:
        return Seen("missing")
    draft = _draft(unit, customer_id, made, locale)
    if made.state != "draft":
        at_bank = made.state == "funding" and made.charge_state == "challenge"
        return Seen("bank_code" if at_bank else "result", draft, outcome=outcome(made, locale=locale))
    found = drafts.sources(unit, customer_id=customer_id, transfer_id=transfer_id)
    return Seen("expired" if made.is_expired else "amount", draft, _accounts(found, made.source, locale))


def who(made: TransferView, w: Words) -> str:
    """The recipient: a masked name, a number, one's own account, or a card."""
    if made.kind == "own":
        return card_words(made.brand, made.last4, w) if made.last4 else w("source.wallet")
    return made.masked_name or (spoken(made.phone) if made.phone else card_words(made.brand, made.last4, w))


def card_words(brand: str, last4: str, w: Words) -> str:
    """A card by its brand and last digits."""
    return w("cards.name", brand=w(f"cards.brand.{brand}"), last4=last4)


def _draft(unit: Unit, customer_id: int, made: TransferView, locale: str) -> Draft:
    w = words(locale)
    kind = "card" if made.goes_to == "bank_card" else made.kind
    in_force = limits.limits(unit, customer_id=customer_id, kind=kind)
    bonuses = wallet.balances(unit, customer_id=customer_id).bonus
    detail = spoken(made.phone) if made.phone else card_words(made.brand, made.last4, w) if made.last4 else ""
    return Draft(
        who=who(made, w),
        detail=detail if made.masked_name else "",
        caution=_caution(made, w),
        limit=w("transfers.limit.left", left=money(in_force.left, locale)) if in_force else "",
        limit_once=w("transfers.limit.once", most=money(in_force.per_operation, locale)) if in_force else "",
        amount=_typed(made.amount, locale) if made.amount else "",
        bonuses=money(bonuses, locale) if bonuses else "",
        bonus=_typed(made.bonus, locale) if made.bonus and made.source != drafts.BONUS else "",
        note=made.note,
        takes_note=made.goes_to != "bank_card" and made.kind != "own",
    )


def _caution(made: TransferView, w: Words) -> str:
    if made.kind == "own" or made.is_known:
        return ""
    if made.goes_to == "phone":
        return w("transfers.caution.phone")
    return w("transfers.caution.first") if made.masked_name else w("transfers.caution.card")


def _typed(amount: Money, locale: str) -> str:
    """A sum as one types it here: `20000` or `4812,40`."""
    whole, _, tiyn = amount.wire.partition(".")
    return whole if tiyn == "00" else f"{whole}{'.' if locale == 'en' else ','}{tiyn}"


def _accounts(found: list[Source], chosen: str, locale: str) -> list[Account]:
    # Money is offered first, bonuses only to who asks for them or has nothing else.
    usable = sorted(found, key=lambda each: (_is_useless(each), each.value != chosen, each.kind == "bonus"))
    first = usable[0].value if usable and not _is_useless(usable[0]) else ""
    return [_account(each, each.value == first, locale) for each in found]


def _is_useless(of: Source) -> bool:
    return of.is_frozen or (of.kind == "bonus" and not of.balance)


def _account(of: Source, checked: bool, locale: str) -> Account:
    w = words(locale)
    return Account(
        value=of.value,
        title=w(f"source.{of.kind}") if of.kind in ("wallet", "bonus") else card_words(of.brand, of.last4, w),
        balance=money(of.balance, locale) if of.balance is not None else "",
        reason=w("transfers.frozen") if of.is_frozen else w("transfers.by_bank") if of.kind == "bank" else "",
        disabled=_is_useless(of),
        checked=checked,
    )


def own_accounts(unit: Unit, *, customer_id: int, locale: str) -> list[Account]:
    """The wallet and the cards of a customer, as goals of a transfer; none without an account to send from."""
    w, mine = words(locale), cards.cards(unit, customer_id=customer_id)
    if not mine and not wallet.balances(unit, customer_id=customer_id).bonus:
        return []
    return [
        Account(recipients.WALLET, w("source.wallet"), "", "", False, True),
        *(Account(each.public_id, card_words(each.brand, each.last4, w), "", "", False, False) for each in mine),
    ]


def review(made: Proposal, source: str, *, locale: str) -> Review:
    """What the window that confirms shows."""
    w, both = words(locale), made.spent and made.money
    when = "waits" if made.waits_for_wallet else "later" if made.can_be_undone else "now"
    return Review(
        amount=money(made.amount, locale, exact=True),
        fee=money(ZERO, locale, exact=True),
        spent=money(made.spent, locale, exact=True) if both else "",
        source=f"{source}: {money(made.money, locale, exact=True)}" if both else source,
        arrives=w(f"transfers.arrives.{when}"),
    )


def outcome(made: TransferView, *, locale: str) -> Outcome:
    """What became of a transfer, in words that say whose side it waits on."""
    w = words(locale)
    return Outcome(
        state=_SHOWN.get(made.state, "on_way"),
        title=w(f"transfers.{made.state}.title"),
        text=_text(made, w),
        amount=money(made.amount or ZERO, locale, exact=True),
        receipt=f"/{locale}/receipt/{made.receipt}" if made.receipt else "",
        undo_at=epoch_ms(made.undo_until) if made.state == "held" else 0,
        can_undo=made.state in ("held", "waiting", "funding"),
        can_send_now=made.state == "held",
        can_ask_back=made.can_ask_back,
        asked_back=_asked_back(made, w),
    )


def _text(made: TransferView, w: Words) -> str:
    if made.state == "waiting" and made.waits_until is not None:
        return w("transfers.waiting.text", payee=who(made, w), until=moment_text(made.waits_until, w.locale))
    if made.state == "refused" and made.reason in _TYPED_BY_BANK:
        return w("transfers.refused.by_bank")
    if made.state == "done" and made.kind == "own":
        return w("transfers.done.own", payee=who(made, w))
    return w(f"transfers.{made.state}.text", payee=who(made, w))


def _asked_back(made: TransferView, w: Words) -> str:
    if not made.return_state or made.return_expires_at is None:
        return ""
    until = long_day(made.return_expires_at.astimezone(ALMATY).date(), w.locale)
    return w(f"transfers.return.{made.return_state}", payee=who(made, w), until=until)


def recent(unit: Unit, *, customer_id: int, locale: str) -> list[Who]:
    """To whom the customer's money went."""
    w = words(locale)
    return [
        Who(
            each.public_id,
            each.masked_name or (spoken(each.phone) if each.phone else card_words(each.brand, each.last4, w)),
            (spoken(each.phone) if each.phone else card_words(each.brand, each.last4, w)) if each.masked_name else "",
        )
        for each in recipients.recents(unit, customer_id=customer_id)
    ]


def asked(unit: Unit, *, customer_id: int, locale: str) -> list[Who]:
    """Who asks this customer for money back."""
    w = words(locale)
    return [
        Who(
            each.public_id,
            w("transfers.asks", sender=each.sender),
            money(each.amount, locale),
            f"/{locale}/transfers/in/{each.public_id}",
        )
        for each in returns.asked_of(unit, customer_id=customer_id)
    ]


@dataclass
class Incoming:
    """A transfer that came in, for its recipient."""

    sender: str = ""
    amount: str = ""
    note: str = ""
    arrived: str = ""
    asked: str = ""
    """What the sender asks, or became of it; empty if nobody asked."""
    is_open: bool = False


def incoming(made: IncomingView, *, locale: str) -> Incoming:
    """What the recipient's page shows."""
    w = words(locale)
    until = long_day(made.return_expires_at.astimezone(ALMATY).date(), locale) if made.return_expires_at else ""
    return Incoming(
        sender=made.sender,
        amount=money(made.amount, locale, exact=True),
        note=made.note,
        arrived=moment_text(made.arrived_at, locale),
        asked=w(f"transfers.incoming.{made.return_state}", sender=made.sender, until=until)
        if made.return_state
        else "",
        is_open=made.return_state == "asked",
    )
