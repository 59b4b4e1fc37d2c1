"""One pot of money under one waterfall: what is outstanding, and who gets how much of the next fen.

A pot is a whole fund, or one deal of a fund that shares deal by deal. `valuation.waterfall` and
`valuation.carry` feed it calls and distributions in the order of days. Money is int64 fen throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from valuation.exact import Ints, frozen
from valuation.hurdle import Account, open_account
from valuation.refusals import ValuationError
from valuation.split import Sharer
from valuation.terms import (
    CatchUp,
    LeftoverFen,
    Partners,
    PreferredReturn,
    ProfitSplit,
    ReturnOfCapital,
    Terms,
    Tier,
)


@dataclass(frozen=True, slots=True, eq=False)
class TierPayment:
    """What one tier paid of one distribution: (n,) fen to each partner, and fen to the manager.

    deal : the deal whose capital, return or profit was paid; empty for a whole fund
    """

    tier: str
    partners: Ints
    manager: int
    deal: str = ""

    @property
    def amount(self) -> int:
        """Fen the tier paid together."""
        return int(np.add.reduce(self.partners)) + self.manager


@dataclass(frozen=True, slots=True, eq=False)
class Payment:
    """One distribution: the tiers that paid anything, in order, which add up to `cash`.

    deal : the deal the cash came from; empty for a whole fund
    """

    day: int
    cash: int
    tiers: tuple[TierPayment, ...]
    holders: int
    deal: str = ""

    @property
    def partners(self) -> Ints:
        """(n,) fen each partner got of this distribution."""
        total = np.zeros(self.holders, np.int64)
        for paid in self.tiers:
            total += paid.partners
        return total

    @property
    def manager(self) -> int:
        """Fen the manager got of this distribution."""
        return sum(paid.manager for paid in self.tiers)


class Seats:
    """The partners in the order of their codes, so that ties do not depend on the order of rows."""

    def __init__(self, partners: Partners) -> None:
        order = sorted(range(len(partners.codes)), key=partners.codes.__getitem__)
        self.count = len(order)
        self.classes = [partners.classes[i] for i in order]
        self._sorted = order == list(range(len(order)))
        self._by_code = np.array(order, dtype=np.int64)
        self._back = np.argsort(self._by_code)

    def by_code(self, given: Ints) -> Ints:
        """(..., n) from the caller's order to the order of codes."""
        return given if self._sorted else np.ascontiguousarray(given[..., self._by_code])

    def as_given(self, by_code: Ints) -> Ints:
        """(n,) back to the caller's order, closed to writing."""
        return frozen(by_code if self._sorted else by_code[self._back])


class Pot:
    """Running accounts: capital out, hurdles, profit and carry paid. Arrays inside follow the codes."""

    def __init__(self, terms: Terms, seats: Seats, deal: str = "") -> None:
        self._terms = terms
        self._deal = deal
        self._seats = seats
        self._sharer = Sharer(seats.count)
        self._capital = np.zeros(seats.count, np.int64)
        self._capital_sum = 0
        self._paid_in = np.zeros(seats.count, np.int64)
        self._paid_in_sum = 0
        self._profit = 0  # paid to partners above their capital
        self._carry = 0  # paid to the manager
        self._gave_back = False
        self._day: int | None = None
        self._masks = [_mask(tier, seats) for tier in terms.tiers]
        self._preferred: list[tuple[int, Account]] = []
        self._hurdles: dict[int, Account] = {}
        for i, tier in enumerate(terms.tiers):
            if isinstance(tier, PreferredReturn):
                self._preferred.append((i, open_account(tier.hurdle, seats.count)))
            elif isinstance(tier, ProfitSplit) and tier.until is not None:
                self._hurdles[i] = open_account(tier.until, 1)  # of all partners together

    def outstanding(self) -> tuple[Ints, Ints]:
        """(n,) fen of unreturned capital and of preferred return due, in the caller's order."""
        due = np.zeros(self._seats.count, np.int64)
        for _, account in self._preferred:
            due += np.maximum(account.due, 0)
        return self._seats.as_given(self._capital.copy()), self._seats.as_given(due)

    def call(self, day: int, amounts: Ints) -> None:
        """Capital comes in (below 0: goes back uncalled): (n,) fen in the order of codes."""
        self.look(day)
        self._capital += amounts
        if int(amounts.min()) < 0:
            self._gave_back = True
            worst = int(np.argmin(self._capital))
            if self._capital[worst] < 0:
                raise ValuationError(
                    "calls", "gives back more than is outstanding", found=int(amounts[worst])
                )
        self._paid_in += amounts
        total = int(amounts.sum())
        self._capital_sum += total
        self._paid_in_sum += total
        for i, account in self._preferred:
            account.called(_seen(self._masks[i], amounts))
        for account in self._hurdles.values():
            account.called(np.array([total], dtype=np.int64))
        self._settle()

    def look(self, day: int) -> None:
        """Accrue every hurdle up to `day`."""
        if self._day is not None and day < self._day:
            raise ValuationError("as_of", "is before the last event", found=day)
        self._day = day
        for i, account in self._preferred:
            standing = _seen(self._masks[i], self._capital)
            together = self._capital_sum if self._masks[i] is None else int(standing.sum())
            account.accrue(day, standing, together)
        for account in self._hurdles.values():
            account.accrue(day, np.array([self._capital_sum], dtype=np.int64), self._capital_sum)

    def pay(self, day: int, cash: int) -> Payment:
        """Share `cash` through all tiers."""
        claims, rest = self.pay_claims(day, cash)
        return self.payment(day, cash, claims + self.pay_profit(rest))

    def pay_claims(self, day: int, cash: int) -> tuple[list[TierPayment], int]:
        """Share `cash` through return of capital and preferred return; -> payments, what is left."""
        self.look(day)
        accounts = dict(self._preferred)
        paid = []
        rest = cash
        for i, tier in enumerate(self._terms.tiers):
            if isinstance(tier, ReturnOfCapital):
                parts, amount = self._return_capital(self._masks[i], rest)
            elif isinstance(tier, PreferredReturn):
                parts, amount = self._pay_preferred(accounts[i], rest)
            else:
                break
            if amount:
                paid.append(TierPayment(tier.name, parts, 0, self._deal))
                rest -= amount
            if not rest:
                break
        self._settle()
        return paid, rest

    def pay_profit(self, cash: int, profit_elsewhere: int = 0) -> list[TierPayment]:
        """Share `cash` through catch-up and profit split, on the day looked at last.

        profit_elsewhere : profit partners got out of the same cash on other accounts; the manager catches up
                           on it too
        """
        self._profit += profit_elsewhere
        paid = []
        rest = cash
        for i, tier in enumerate(self._terms.tiers):
            if not rest:
                break
            if isinstance(tier, CatchUp):
                amount, manager = self._catch_up(tier, rest)
            elif isinstance(tier, ProfitSplit):
                amount, manager = self._profit_split(tier, self._hurdles.get(i), rest)
            else:
                continue
            if amount:
                to_partners = self._to_partners(amount - manager)
                paid.append(TierPayment(tier.name, to_partners, manager, self._deal))
                self._carry += manager
                rest -= amount
        self._settle()
        return paid

    def payment(self, day: int, cash: int, paid: Sequence[TierPayment]) -> Payment:
        """The distribution as handed out; what is paid is what came in."""
        if (out := sum(p.amount for p in paid)) != cash:
            raise ArithmeticError(f"{out} fen paid out of {cash} on day {day}")
        back = self._seats.as_given
        given = tuple(TierPayment(p.tier, back(p.partners), p.manager, p.deal) for p in paid)
        return Payment(day, cash, given, self._seats.count, self._deal)

    def _return_capital(self, mask: npt.NDArray[np.bool_] | None, rest: int) -> tuple[Ints, int]:
        due = _seen(mask, self._capital)
        due_sum = self._capital_sum if mask is None else int(due.sum())
        amount = min(rest, due_sum)
        if amount:
            parts = self._sharer.share(amount, due, due_sum)
            self._capital -= parts
            self._capital_sum -= amount
            return parts, amount
        return due, 0

    def _pay_preferred(self, account: Account, rest: int) -> tuple[Ints, int]:
        due, due_sum = account.due, account.total
        if self._gave_back:  # a flat return may stand below 0 once capital it was paid on went back uncalled
            due = np.maximum(due, 0)
            due_sum = int(due.sum())
        amount = min(rest, due_sum)
        if amount > 0:
            parts = self._sharer.share(amount, due, due_sum)
            account.paid(parts, amount)
            self._add_profit(amount)
            return parts, amount
        return due, 0

    def _catch_up(self, tier: CatchUp, rest: int) -> tuple[int, int]:
        """Cash X of this tier after which the manager holds its carry c: X = (c P - (1 - c) M) / (s - c)."""
        carry, quick = Fraction(tier.carry), Fraction(tier.share)
        a, b, p, q = carry.numerator, carry.denominator, quick.numerator, quick.denominator
        missing = (a * self._profit - (b - a) * self._carry) * q // (p * b - a * q)
        amount = min(rest, max(0, missing))
        return amount, self._managers_part(quick, amount)

    def _profit_split(self, tier: ProfitSplit, account: Account | None, rest: int) -> tuple[int, int]:
        """Partners get X less the manager's part; a hurdle that leaves room for L ends at X = L / (1 - c)."""
        carry = Fraction(tier.carry)
        amount = rest
        if account is not None:
            room = max(0, account.total) * carry.denominator // (carry.denominator - carry.numerator)
            amount = min(rest, room)
        return amount, self._managers_part(carry, amount)

    def _managers_part(self, part: Fraction, amount: int) -> int:
        if self._terms.leftover_fen is LeftoverFen.PARTNERS:
            return part.numerator * amount // part.denominator
        return -(-part.numerator * amount // part.denominator)

    def _to_partners(self, amount: int) -> Ints:
        if not self._paid_in_sum:
            raise ValuationError("cash", "comes before any capital was paid in", found=amount)
        self._add_profit(amount)
        return self._sharer.share(amount, self._paid_in, self._paid_in_sum)

    def _add_profit(self, amount: int) -> None:
        self._profit += amount
        for account in self._hurdles.values():
            account.paid(np.array([amount], dtype=np.int64), amount)

    def _settle(self) -> None:
        for _, account in self._preferred:
            account.settle()
        for account in self._hurdles.values():
            account.settle()


def _mask(tier: Tier, seats: Seats) -> npt.NDArray[np.bool_] | None:
    """Which partners a tier serves; None for all."""
    if isinstance(tier, ReturnOfCapital | PreferredReturn) and tier.classes:
        return np.array([name in tier.classes for name in seats.classes])
    return None


def _seen(mask: npt.NDArray[np.bool_] | None, amounts: Ints) -> Ints:
    """`amounts` of the partners a tier serves, 0 for the others."""
    if mask is None:
        return amounts
    seen: Ints = np.where(mask, amounts, 0)
    return seen
