"""Whole-fund (European) distribution waterfall, exact to the fen.

What comes in is paid out to the fen, tier by tier, and every fen of the result is named: day, tier, partner
or manager. Deal-by-deal carry, clawback and escrow are in `valuation.carry`, concession of upside (让利) in
`valuation.concession`.

    terms = standard_terms(carry="0.2", hurdle=Hurdle("0.08"), catch_up=1)
    result = whole_fund(terms, Partners(("A", "B")), call_days, calls, cash_days, cash)
    result.payments[3].tiers        # who got how much of the fourth distribution, and under which tier

Units and signs: money is int64 fen, calls and cash are amounts of 0 or more, days are dates, ISO
texts or whole days since 1970-01-01. There is no nan: a figure exists or the input is refused.

Within a tier partners share by largest remainder (`valuation.split`); equal remainders go to the partner
whose code sorts first, so the order of rows changes nothing. What more cash does: when the last distribution
grows, no tier and neither side (partners together, manager) gets less; a single partner may lose one fen in
each split (the Alabama paradox). More cash *earlier* may leave the partners with less in all, because capital
that comes back earlier stops earning the preferred return: that is the agreement, not the arithmetic.

Partners that bear no carry (often the manager's own commitment) are named as `free`: each distribution is first
apportioned between them and the others by capital paid in, and theirs is shared without carry and hurdle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from valuation.arguments import instance, texts
from valuation.dates import DateLike
from valuation.exact import Ints, days, fen, frozen, same_length
from valuation.exact import day as day_of
from valuation.pot import Payment, Pot, Seats, TierPayment
from valuation.refusals import ValuationError
from valuation.split import split
from valuation.terms import (
    MANAGER,
    Accrual,
    CatchUp,
    Hurdle,
    LeftoverFen,
    Partners,
    PreferredReturn,
    ProfitSplit,
    ReturnOfCapital,
    Step,
    Terms,
    standard_terms,
)

__all__ = [
    "Waterfall",
    "whole_fund",
    "standard_terms",
    "Terms",
    "Partners",
    "Hurdle",
    "Accrual",
    "LeftoverFen",
    "Step",
    "ReturnOfCapital",
    "PreferredReturn",
    "CatchUp",
    "ProfitSplit",
    "Payment",
    "TierPayment",
    "MANAGER",
    "FREE",
]

FREE = "free of carry"
"""The tier under which partners that bear no carry get what is above their capital."""

_WITHOUT_CARRY = Terms((ReturnOfCapital(), ProfitSplit(0, name=FREE)))


@dataclass(frozen=True, slots=True, eq=False)
class Waterfall:
    """Every distribution of a fund, explained.

    payments         : one per distribution, in order
    unreturned       : (n,) fen of capital not returned on the last day
    preferred_unpaid : (n,) fen of preferred return due and not paid on the last day
    """

    partners: Partners
    payments: tuple[Payment, ...]
    unreturned: Ints
    preferred_unpaid: Ints

    @property
    def to_partners(self) -> Ints:
        """(n,) fen each partner got in all."""
        total = np.zeros(len(self.partners.codes), np.int64)
        for payment in self.payments:
            for paid in payment.tiers:
                total += paid.partners
        return total

    @property
    def to_manager(self) -> int:
        """Fen of catch-up and carry in all, before any clawback."""
        return sum(payment.manager for payment in self.payments)

    def by_tier(self) -> dict[str, TierPayment]:
        """Totals of each tier that paid anything, over all distributions."""
        out: dict[str, TierPayment] = {}
        for payment in self.payments:
            for paid in payment.tiers:
                before = out.get(paid.tier)
                if before is not None:
                    paid = TierPayment(
                        paid.tier, before.partners + paid.partners, before.manager + paid.manager
                    )
                out[paid.tier] = paid
        return out

    def by_class(self) -> dict[str, int]:
        """Fen in all by class of partner, and the manager's."""
        out = dict.fromkeys(self.partners.classes, 0)
        for name, amount in zip(self.partners.classes, self.to_partners.tolist(), strict=True):
            out[name] += amount
        return out | {MANAGER: self.to_manager}

    def rows(self) -> Iterator[tuple[int, str, str, str, int]]:
        """(day, tier, class, code, fen) of every amount above 0: what an auditor adds up."""
        for payment in self.payments:
            for paid in payment.tiers:
                for i in np.flatnonzero(paid.partners).tolist():
                    kind, code = self.partners.classes[i], self.partners.codes[i]
                    yield payment.day, paid.tier, kind, code, int(paid.partners[i])
                if paid.manager:
                    yield payment.day, paid.tier, MANAGER, MANAGER, paid.manager


def whole_fund(
    terms: Terms,
    partners: Partners,
    call_days: DateLike,
    calls: npt.ArrayLike,
    cash_days: DateLike,
    cash: npt.ArrayLike,
    *,
    as_of: DateLike | None = None,
    free: Sequence[str] = (),
) -> Waterfall:
    """Share every distribution of a fund among its partners and the manager.

    terms     : the agreement
    partners  : n partners
    call_days : (c,) in order; repeats allowed
    calls     : (c, n) fen each partner paid in; below 0 only where capital goes back to earlier partners at a
                later closing, at most what the partner has outstanding
    cash_days : (e,) in order; repeats allowed; the calls of a day come before its distributions
    cash      : (e,) fen to distribute, fees and expenses already taken
    as_of     : last day of accrual; default the last event, which it may not precede
    free      : codes of partners that bear no carry: of each distribution they get the part of capital paid in so far
    -> Waterfall

    Identity: the payments of an event add up to its cash. ValuationError for wrong shapes, negative cash,
    days out of order, classes the terms do not serve, cash before any capital.
    Source: the European waterfall of ILPA Principles 3.0 (2019); GF-14, GF-30, GF-31, GF-45.
    """
    instance("terms", terms, Terms)
    instance("partners", partners, Partners)
    called_on, paid_on = days("call_days", call_days), days("cash_days", cash_days)
    called, amounts = fen("calls", calls, ndim=2, low=None), fen("cash", cash)
    same_length("calls", called.shape[0], called_on.size, "call_days")
    same_length("cash", amounts.size, paid_on.size, "cash_days")
    if called.shape[1] != len(partners.codes):
        raise ValuationError(
            "calls", f"must have a column a partner ({len(partners.codes)}), has {called.shape[1]}"
        )
    if names := texts("free", free):
        return _with_free(terms, partners, called_on, called, paid_on, amounts, as_of, names)
    terms.check_classes(sorted(set(partners.classes)))
    seats = Seats(partners)
    pot = Pot(terms, seats)
    called = seats.by_code(called)
    payments = []
    next_call = 0
    for day, amount in zip(paid_on.tolist(), amounts.tolist(), strict=True):
        while next_call < called_on.size and called_on[next_call] <= day:
            pot.call(int(called_on[next_call]), called[next_call])
            next_call += 1
        payments.append(pot.pay(day, amount))
    for i in range(next_call, called_on.size):
        pot.call(int(called_on[i]), called[i])
    if as_of is not None:
        pot.look(day_of("as_of", as_of))
    return Waterfall(partners, tuple(payments), *pot.outstanding())


def _with_free(
    terms: Terms,
    partners: Partners,
    call_days: Ints,
    calls: Ints,
    cash_days: Ints,
    cash: Ints,
    as_of: DateLike | None,
    free: Sequence[str],
) -> Waterfall:
    """Two waterfalls side by side: one for the partners that bear carry, one for those that do not."""
    for i, code in enumerate(free):
        if code not in partners.codes:
            raise ValuationError("free", "no such partner", index=i, found=code)
    alone = np.isin(np.array(partners.codes), np.array(free))
    paid_in = np.vstack([np.zeros((1, alone.size), np.int64), np.cumsum(calls, axis=0)])
    until = np.searchsorted(call_days, cash_days, side="right")
    parts = np.zeros((cash.size, 2), np.int64)
    for j, (place, amount) in enumerate(zip(until.tolist(), cash.tolist(), strict=True)):
        weights = [int(paid_in[place][~alone].sum()), int(paid_in[place][alone].sum())]
        parts[j] = split(amount, weights)
    groups: list[tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], Waterfall]] = []
    for side, which, agreed in ((0, ~alone, terms), (1, alone, _WITHOUT_CARRY)):
        if not which.any():
            continue
        codes, classes = (
            tuple(name for name, own in zip(names, which.tolist(), strict=True) if own)
            for names in (partners.codes, partners.classes)
        )
        own = Partners(codes, classes)
        groups.append(
            (
                which,
                whole_fund(agreed, own, call_days, calls[:, which], cash_days, parts[:, side], as_of=as_of),
            )
        )
    return Waterfall(
        partners,
        tuple(_joined(j, int(cash[j]), groups, alone.size) for j in range(cash.size)),
        _spread([(which, result.unreturned) for which, result in groups], alone.size),
        _spread([(which, result.preferred_unpaid) for which, result in groups], alone.size),
    )


def _joined(
    j: int, cash: int, groups: Sequence[tuple[npt.NDArray[np.bool_], Waterfall]], holders: int
) -> Payment:
    """One distribution out of two; tiers of one name stand together."""
    tiers: dict[str, TierPayment] = {}
    for which, result in groups:
        for paid in result.payments[j].tiers:
            whole = _spread([(which, paid.partners)], holders)
            before = tiers.get(paid.tier)
            if before is not None:
                whole = frozen(before.partners + whole)
            tiers[paid.tier] = TierPayment(paid.tier, whole, paid.manager + (before.manager if before else 0))
    return Payment(groups[0][1].payments[j].day, cash, tuple(tiers.values()), holders)


def _spread(parts: Sequence[tuple[npt.NDArray[np.bool_], Ints]], holders: int) -> Ints:
    """(holders,) amounts of some partners each, in the order of all."""
    whole = np.zeros(holders, np.int64)
    for which, amounts in parts:
        whole[which] = amounts
    return frozen(whole)
