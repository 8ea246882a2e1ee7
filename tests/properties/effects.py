"""What each deed does to everybody's money, by the rules of docs/ledger.md."""

from __future__ import annotations

from kaspi_web.kernel.money import ZERO, Money
from tests.properties import books
from tests.properties.books import EXPENSE, HOLDS, PAYOUTS, PROCESSOR
from tests.properties.model import Model, Payment, Refund, Transfer


def pay(model: Model, made: Payment) -> None:
    """Every part is set aside; a charge elsewhere moves nothing yet."""
    owner, card = made.customer_id, made.what.card
    model.books.move(books.bonus(owner), HOLDS, made.what.spend)
    if card is None or card.is_own:
        model.books.move(card.account if card else books.wallet(owner), HOLDS, made.money)


def taken(model: Model, made: Payment) -> None:
    """The biller has it, and its customer a bonus."""
    charged = made.what.card is not None and not made.what.card.is_own
    model.books.move(HOLDS, books.payable(made.biller), made.what.spend)
    model.books.move(PROCESSOR if charged else HOLDS, books.payable(made.biller), made.money)
    model.books.move(EXPENSE, books.bonus(made.customer_id), made.earns(made.money))


def given_back(model: Model, made: Payment) -> None:
    """Each part returns to where it came from."""
    model.books.move(HOLDS, books.bonus(made.customer_id), made.what.spend)
    if made.what.card is None or made.what.card.is_own:
        back = model.home_of(model.phone_of(made.customer_id), made.what.card)
        model.books.move(HOLDS, back, made.money)


def refund(model: Model, made: Payment, number: int, cancel_id: str, amount: Money) -> Refund:
    """A biller gives back a part: bonuses their share, the bonus as the rule on what remains, the rest as money."""
    spend, whole = made.what.spend.tiyn, made.amount.tiyn
    before, after = made.refunded.tiyn, made.refunded.tiyn + amount.tiyn
    to_bonus = Money(after * spend // whole - before * spend // whole)
    money_left = made.money - Money(after - after * spend // whole)
    too_much = made.earns(made.money) - made.taken_back - made.earns(money_left)
    taken = min(too_much, model.books.money[books.bonus(made.customer_id)] + to_bonus)
    withheld = min(too_much - taken, amount - to_bonus)
    goes_to, account = _destination(model, made)
    payable, bonuses = books.payable(made.biller), books.bonus(made.customer_id)
    model.books.move(payable, bonuses, to_bonus)
    model.books.move(payable, account, amount - to_bonus - withheld)
    model.books.move(payable, EXPENSE, withheld)
    model.books.move(bonuses, EXPENSE, taken)
    made.refunded += amount
    made.taken_back += taken + withheld
    found = Refund(number, cancel_id, made, amount, amount - to_bonus - withheld, goes_to)
    model.refunds[number] = found
    return found


def _destination(model: Model, made: Payment) -> tuple[str, books.Account]:
    card = made.what.card
    if card is None or not card.live:
        return "wallet", books.wallet(made.customer_id)
    return ("card", card.account) if card.is_own else ("bank_card", PROCESSOR)


def refund_declined(model: Model, known: Refund) -> None:
    """The card's bank takes it not: it comes to the wallet."""
    model.books.move(PROCESSOR, books.wallet(known.payment.customer_id), known.to_money)
    known.goes_to = "wallet"


def send(model: Model, made: Transfer) -> None:
    """What sending has done at once, by the state that the bank answered."""
    bonuses = books.bonus(model.customers[made.sender])
    if made.from_another_bank:
        assert made.state == "funding"
        model.books.move(bonuses, HOLDS, made.spend)
        return
    source = made.card.account if made.card else model.wallet_of(made.sender)
    if made.state == "done":
        assert not made.token, "another bank's card is paid by its processor, and not at once"
        assert made.known or made.kind == "own", "the first transfer to somebody can be undone"
        model.books.move(source, _to(model, made), made.money)
        model.books.move(bonuses, _to(model, made), made.spend)
        return
    assert made.state == ("sending" if made.known or made.kind == "own" else "held")
    model.books.move(source, HOLDS, made.money)
    model.books.move(bonuses, HOLDS, made.spend)


def _to(model: Model, made: Transfer) -> books.Account:
    if made.token:
        return PAYOUTS
    return model.home_of(made.recipient or made.phone, made.to_card)


def delivered(model: Model, made: Transfer) -> None:
    """It has arrived."""
    model.books.move(PROCESSOR if made.from_another_bank else HOLDS, _to(model, made), made.money)
    model.books.move(HOLDS, _to(model, made), made.spend)


def sent_back(model: Model, made: Transfer) -> None:
    """It was undone, refused, or nobody came for it: each part returns to where it came from."""
    model.books.move(HOLDS, books.bonus(model.customers[made.sender]), made.spend)
    if not made.from_another_bank:
        model.books.move(HOLDS, model.home_of(made.sender, made.card), made.money)


def given_back_by_its_recipient(model: Model, made: Transfer) -> None:
    """From their wallet: what bonuses paid is bonuses again, the rest comes to the sender's wallet."""
    giver = model.wallet_of(made.recipient)
    model.books.move(giver, model.wallet_of(made.sender), made.money)
    model.books.move(giver, books.bonus(model.customers[made.sender]), made.spend)


def unlinked(model: Model, card: books.Account, owner: str) -> None:
    """What is on a card of ours goes to the wallet before it is gone."""
    left = model.books.money[card]
    assert left >= ZERO
    model.books.move(card, model.wallet_of(owner), left)
