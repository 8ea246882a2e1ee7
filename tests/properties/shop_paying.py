"""Rules of a story: people join RED and repay, early, late or by themselves, while days and months pass."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from kaspi_web.domain.checkout import expiring
from kaspi_web.domain.loans import book, red, repaying
from kaspi_web.domain.loans import due as loans_due
from kaspi_web.domain.loans.owing import owed
from kaspi_web.domain.orders import due as orders_due
from kaspi_web.domain.orders import giving_back, returns
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import Money
from tests.make.topups import top_up
from tests.properties.shop_base import which
from tests.properties.shop_model import FINES, NETWORK, Person, fines_owner
from tests.properties.shop_plans import FINE, Owner, Plan
from tests.properties.shop_returns import Returns

_STEPS = {"remind": -3, "due": 0, "late": 1, "fine": 2, "collect": 3}
_BILL = "SELECT customer_id, subject, due_on, fine_tiyn, paid_fine_tiyn FROM due_bill WHERE id = :id"
_BILLS = "SELECT due_on, fine_tiyn - paid_fine_tiyn FROM due_bill WHERE customer_id = :owner AND subject = :subject"
_PAID = "SELECT amount_tiyn, principal_tiyn, interest_tiyn, fine_tiyn FROM repayment WHERE key = :key"
_numbers = itertools.count(1)


class Paying(Returns):
    """Money of plans, and time."""

    @rule(who=which)
    def joins_red(self, who: int) -> None:
        person = self.person(who)
        said = self.tried(red.join, customer_id=person.id, consent=red.CONSENT)
        if isinstance(said, DomainError):
            assert self._is_late(person)
            return
        self.note("joined RED again" if person.limit else "joined RED")
        person.limit = max(person.limit, said.limit.tiyn)
        assert person.limit >= 5_000_000

    @rule(who=which, tenge=st.sampled_from([500, 5_000, 60_000]))
    def somebody_tops_up(self, who: int, tenge: int) -> None:
        self.tops_up(self.person(who), tenge)

    def tops_up(self, person: Person, tenge: int) -> None:
        """Cash, at a terminal."""
        top_up(self.shop.bank, Money.tenge(tenge), account=person.phone)
        self.model.move(NETWORK, ("wallet", str(person.id)), tenge * 100)
        person.put_in += tenge * 100

    @rule(who=which, number=which, on=st.booleans())
    def pays_automatically(self, who: int, number: int, on: bool) -> None:
        found = self._owners(self.person(who))
        if not found:
            return
        plan = found[number % len(found)]
        if plan.kind == "red":
            self.model.people[plan.owner].automatic = on
        plan.automatic = on
        name = "red" if plan.kind == "red" else plan.address
        self.shop.write(repaying.set_automatic, customer_id=plan.owner, plan=name, on=on)

    def _owners(self, person: Person) -> list[Plan]:
        """One active plan of each that is repaid together."""
        mine = [each for each in self.model.plans if each.owner == person.id and each.state == "active"]
        found = {each.subject: each for each in mine}
        return [found[subject] for subject in sorted(found)]

    @rule(who=which, number=which, way=st.sampled_from(["due", "early", "whole"]), part=st.integers(1, 100))
    def repays(self, who: int, number: int, way: str, part: int) -> None:
        found = self._owners(self.person(who))
        if found:
            self.repaid(found[number % len(found)], way, part)

    def repaid(self, plan: Plan, way: str, part: int) -> None:
        """A part of what may be paid this way."""
        name = "red" if plan.kind == "red" else plan.address
        owner, most = self.model.owes(plan.owner, plan.subject), self._most(plan, name, way)
        amount = most if way == "whole" else -(-most * part // 100)
        if amount <= 0:
            return
        this = {"customer_id": plan.owner, "plan": name, "key": f"story{next(_numbers)}", "amount": Money(amount)}
        deed = {"due": repaying.pay_due, "early": repaying.pay_early, "whole": repaying.pay_whole}[way]
        said = self.tried(deed, **this)
        if isinstance(said, DomainError):
            assert type(said).__name__ == "InsufficientFunds"
            assert amount > self.model.has("wallet", plan.owner)
            return
        assert self.shop.write(deed, **this).id == said.id, "the same key pays once"
        self._took(owner, amount, (said.amount.tiyn, said.principal.tiyn, said.interest.tiyn, said.fine.tiyn))
        if way == "whole":
            assert not any(each.left for each in owner.plans)
            assert not any(owner.fines.values())
        self.note(f"repaid {way}: {plan.kind}")
        if said.fine:
            self.note("a fine was paid")

    def _most(self, plan: Plan, name: str, way: str) -> int:
        """What may be paid; of plans without interest the bank's word is the model's."""
        owner = self.model.owes(plan.owner, plan.subject)
        now = self.shop.read(_owed, customer_id=plan.owner, plan=name)
        if plan.kind != "credit":
            assert (now.whole.tiyn, now.payable.tiyn) == (owner.whole, owner.payable(self.today))
            assert now.now.tiyn == owner.due(self.today)
        return now.payable.tiyn if way == "due" else now.whole.tiyn

    def _took(self, owner: Owner, amount: int, parts: tuple[int, int, int, int]) -> None:
        """A repayment in the model, after one in the bank: its parts are what the model says."""
        whole, principal, interest, fine = parts
        assert whole == amount == principal + interest + fine
        self.take_over_interest()
        if any(each.kind == "credit" for each in owner.plans):
            self._took_of_credit(owner, principal, interest, fine)
            return
        assert not interest
        spread, fined = owner.pays(self.today, amount)
        assert (sum(spread.values()), fined) == (principal, fine)
        self.model.repays(owner, spread, 0, fined)

    def _took_of_credit(self, owner: Owner, principal: int, interest: int, fine: int) -> None:
        (plan,) = owner.plans
        assert principal <= plan.left
        assert interest <= plan.interest - plan.interest_paid
        assert fine <= sum(owner.fines.values())
        plan.repaid += principal
        self.model.repays(owner, {plan.loan_id: principal}, interest, fine)
        for day, left in self.sql(_BILLS, owner=owner.customer_id, subject=owner.subject):
            if left:
                owner.fines[_day(day)] = int(left)
            else:
                owner.fines.pop(_day(day), None)

    @rule(days=st.sampled_from([0, 1, 2, 4, 8, 16, 31, 31, 62]), one_by_one=st.booleans())
    def days_pass(self, days: int, one_by_one: bool) -> None:
        steps = [1] * days if one_by_one and days <= 8 else [days]
        for each in steps:
            self.shop.jump(each)
            self.everybody_works()
        self.note("a month passed at once" if days >= 31 else "days passed")

    def everybody_works(self) -> None:
        """The workers of checkouts, orders and plans do all that is due."""
        for subject in self.shop.read(expiring.due_now):
            self._expired(subject)
        while found := self.shop.read(orders_due.due_now):
            for number in found:
                assert self.shop.write(orders_due.settle, order_id=number)
                self.overdue(next(each for each in self.model.orders if each.row == number))
        self._silent_sellers()
        while waiting := self.shop.read(loans_due.due_now):
            for bill_id, step in waiting:
                self._step(bill_id, step)
        self._nothing_was_forgotten()

    def _silent_sellers(self) -> None:
        for found, deed, done in (
            (orders_due.silent_now, returns.approve_unanswered, self.silence_was_a_yes),
            (orders_due.unreceived_now, giving_back.settle_unreceived, self.silence_has_received),
        ):
            for number in self.shop.read(found):
                assert self.shop.write(deed, return_id=number)
                ((address,),) = self.sql("SELECT public_id FROM order_return WHERE id = :id", id=number)
                done(address)

    def _expired(self, subject: str) -> None:
        self.shop.write(expiring.settle, subject=subject)
        word, _, number = subject.partition(":")
        if word == "checkout":
            self.note("set aside for too long")
            return
        ((name, made_at),) = self.sql("SELECT public_id, sign_until FROM purchase WHERE id = :id", id=int(number))
        for each in self.of_purchase(name):
            assert each.status == "SIGNING"
            self.drops(each, None, "CANCELLED")
        self.note("contract not signed in time")

    def _step(self, bill_id: int, step: str) -> None:
        ((customer_id, subject, due_on, _, _),) = self.sql(_BILL, id=bill_id)
        day = _day(due_on)
        assert self.today >= day + timedelta(days=_STEPS[step])
        owner = self.model.owes(customer_id, subject)
        assert self.shop.write(loans_due.run, bill_id=bill_id, step=step)
        self.take_over_interest()
        if step != "remind" and self._is_automatic(customer_id, subject):
            self._paid_by_itself(owner, bill_id, step)
        if step == "fine":
            self._fined(owner, bill_id, day)

    def _is_automatic(self, customer_id: int, subject: str) -> bool:
        if subject == "red":
            return self.model.people[customer_id].automatic
        return any(each.automatic for each in self.model.plans if each.subject == subject)

    def _paid_by_itself(self, owner: Owner, bill_id: int, step: str) -> None:
        found = self.sql(_PAID, key=f"bill:{bill_id}:{step}{f':{self.today}' * (step == 'collect')}")
        have = self.model.has("wallet", owner.customer_id)
        if not any(each.kind == "credit" for each in owner.plans):
            assert sum(row[0] for row in found) == min(have, owner.due(self.today))
        for row in found:
            self._took(owner, row[0], tuple(int(each) for each in row))  # type: ignore[arg-type]
            self.note("repaid automatically")

    def _fined(self, owner: Owner, bill_id: int, day: Any) -> None:
        ((_, _, _, fine, paid),) = self.sql(_BILL, id=bill_id)
        assert fine - paid in (0, FINE)
        if not any(each.kind == "credit" for each in owner.plans):
            late = [row for each in owner.plans for row in each.payments if row.due_on == day and row.left]
            assert bool(fine) == bool(late), "a fine is for what was not paid, once"
        if fine:
            owner.fines[day] = FINE
            self.model.move(("loan_fine", fines_owner(owner)), FINES, FINE)
            self.note(f"fined: {owner.subject.partition(':')[0]}")

    def _nothing_was_forgotten(self) -> None:
        """Whoever is two days late has been fined for that bill, whatever days the bank stood still."""
        for plan in self.model.plans:
            for row in () if plan.is_annulled else plan.payments:
                if row.left and row.due_on + timedelta(days=2) <= self.today:
                    ((many,),) = self.sql(
                        "SELECT COUNT(*) FROM due_bill WHERE customer_id = :owner AND subject = :subject"
                        " AND due_on = :day AND fine_tiyn = :fine",
                        owner=plan.owner,
                        subject=plan.subject,
                        day=str(row.due_on) if self.shop.bank.db.engine.dialect.name == "sqlite" else row.due_on,
                        fine=FINE,
                    )
                    assert many == 1
        late = [each for each in self.model.orders if each.due_on < self.today and each.status not in _STAY]
        assert not late, late


_STAY = ("COMPLETED", "CANCELLED", "RETURNED", "SIGNING", "FUNDING")


def _day(kept: Any) -> Any:
    """A date of either database."""
    return date.fromisoformat(kept) if isinstance(kept, str) else kept


def _owed(unit: Any, *, customer_id: int, plan: str) -> Any:
    return owed(book.held(unit, customer_id=customer_id, plan=plan, lock=False), unit.clock.today())
