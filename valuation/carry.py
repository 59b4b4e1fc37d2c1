"""Deal-by-deal (American) carry, and what takes it back: escrow and clawback. Exact to the fen.

CarriedDeal by deal the manager earns carry on a deal that did well before the fund as a whole has; what it got too
much is given back at the end (回拨). ILPA Principles 3.0 (2019): the manager returns the greater of carry above
its share of the fund's whole profit and what partners lack of capital and hurdle, at most the carry it got
after tax. GF-45: carry only after contributors have their money and the hurdle; clawback on liquidation.

Money is int64 fen, amounts of 0 or more, days dates, ISO texts or whole days since 1970-01-01. Nothing here is ever nan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from valuation.arguments import instance, instances, text, texts
from valuation.dates import DateLike
from valuation.exact import Ints, Rate, days, fen, frozen, rate, same_length, whole
from valuation.exact import day as day_of
from valuation.hurdle import open_account
from valuation.pot import Payment, Pot, Seats, TierPayment
from valuation.refusals import ValuationError
from valuation.split import split
from valuation.terms import Hurdle, Partners, PreferredReturn, Terms


@dataclass(frozen=True, slots=True)
class CarriedDeal:
    """One investment of a fund.

    closed_on : day number (a date or ISO text is turned into it), the day from which what was not recovered counts as lost (sold, or written off); None: open.
                Fees and expenses are a deal that is closed from the start.
    """

    code: str
    closed_on: DateLike | None = None

    def __post_init__(self) -> None:
        text("code", self.code)
        if self.closed_on is not None:
            object.__setattr__(self, "closed_on", day_of("closed_on", self.closed_on))


@dataclass(frozen=True, slots=True, eq=False)
class DealByDeal:
    """Every distribution of a fund that shares deal by deal.

    payments   : one per distribution, in order; each names its deal, each tier the deal it was paid for
    unreturned : (deals, n) fen of capital not returned on the last day
    """

    partners: Partners
    deals: tuple[CarriedDeal, ...]
    payments: tuple[Payment, ...]
    unreturned: Ints

    @property
    def to_partners(self) -> Ints:
        """(n,) fen each partner got in all."""
        total = np.zeros(len(self.partners.codes), np.int64)
        for payment in self.payments:
            total += payment.partners
        return total

    @property
    def to_manager(self) -> int:
        """Fen of carry in all, before clawback."""
        return sum(payment.manager for payment in self.payments)

    def carry_by_deal(self) -> dict[str, int]:
        """Fen of carry by the deal it was earned on."""
        out = {deal.code: 0 for deal in self.deals}
        for payment in self.payments:
            out[payment.deal] += payment.manager
        return out


def deal_by_deal(
    terms: Terms,
    partners: Partners,
    deals: Sequence[CarriedDeal],
    call_days: DateLike,
    call_deals: Sequence[str],
    calls: npt.ArrayLike,
    cash_days: DateLike,
    cash_deals: Sequence[str],
    cash: npt.ArrayLike,
    *,
    losses_first: bool,
) -> DealByDeal:
    """Share the proceeds of each deal by themselves.

    terms        : applied to each deal: its capital, the return on it, the manager's share of its profit
    deals        : with unlike codes
    call_days    : (c,) in order; call_deals: (c,) codes; calls: (c, n) fen paid in for that deal
    cash_days    : (e,) in order; cash_deals: (e,) codes; cash: (e,) fen that deal brought
    losses_first : cash of a deal first makes good, with the preferred return on it, the capital of deals
                   closed before that day, in the order of their closing; the manager catches up on that
                   return too. False: each deal stands alone, and only the clawback looks at losses
    -> DealByDeal

    Calls of a day come before its distributions; a deal closed on a day is made good from the next day on.
    Identity: the payments of an event add up to its cash.
    """
    instance("terms", terms, Terms)
    instance("partners", partners, Partners)
    deals = instances("deals", deals, CarriedDeal)
    pots, order = _open(terms, partners, deals)
    called_on, paid_on = days("call_days", call_days), days("cash_days", cash_days)
    called, amounts = fen("calls", calls, ndim=2), fen("cash", cash)
    same_length("calls", called.shape[0], called_on.size, "call_days")
    same_length("cash", amounts.size, paid_on.size, "cash_days")
    if called.shape[1] != len(partners.codes):
        raise ValuationError(
            "calls", f"must have a column a partner ({len(partners.codes)}), has {called.shape[1]}"
        )
    for_deal = _positions("call_deals", call_deals, deals, called_on.size)
    from_deal = _positions("cash_deals", cash_deals, deals, paid_on.size)
    called = order.by_code(called)
    closing = sorted(
        (day_of("deals", d.closed_on), i) for i, d in enumerate(deals) if d.closed_on is not None
    )
    payments = []
    next_call = 0
    for day, own, amount in zip(paid_on.tolist(), from_deal, amounts.tolist(), strict=True):
        while next_call < called_on.size and called_on[next_call] <= day:
            pots[for_deal[next_call]].call(int(called_on[next_call]), called[next_call])
            next_call += 1
        lost = [pots[i] for closed, i in closing if losses_first and closed < day and i != own]
        payments.append(_pay(pots[own], lost, terms, day, amount))
    for i in range(next_call, called_on.size):
        pots[for_deal[i]].call(int(called_on[i]), called[i])
    unreturned = np.array([pot.outstanding()[0] for pot in pots])
    return DealByDeal(partners, tuple(deals), tuple(payments), frozen(unreturned))


@dataclass(frozen=True, slots=True)
class ClawbackTerms:
    """When carry goes back.

    carry          : the manager's share of the whole fund's profit
    hurdle         : partners must have their capital and this return; None: their capital
    floor_multiple : partners must have this multiple of what they paid in; None: not agreed
    retained_for_tax   : the part of its carry the manager need not return, having paid tax on it
    """

    carry: Rate
    hurdle: Hurdle | None = None
    floor_multiple: Rate | None = None
    retained_for_tax: Rate = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "carry", rate("carry", self.carry, high=1))
        object.__setattr__(self, "retained_for_tax", rate("retained_for_tax", self.retained_for_tax, high=1))
        if self.hurdle is not None:
            instance("hurdle", self.hurdle, Hurdle)
        if self.floor_multiple is not None:
            object.__setattr__(self, "floor_multiple", rate("floor_multiple", self.floor_multiple))


@dataclass(frozen=True, slots=True)
class Clawback:
    """What the manager returns, and the figures behind it (fen).

    amount          : min(most, max(excess, shortfall, below_floor))
    profit          : what partners and manager got less what was paid in; below 0 for a loss
    carry_paid      : carry the manager got
    carry_due       : its share of the profit, 0 without one, rounded down
    excess          : carry_paid less carry_due, where above 0
    shortfall       : what partners lack of capital and hurdle return on the day
    below_floor     : what partners lack of the agreed multiple; 0 where none is agreed
    most            : carry_paid less what is kept for tax, rounded down
    not_recoverable : what partners lack even so
    """

    day: int
    amount: int
    profit: int
    carry_paid: int
    carry_due: int
    excess: int
    shortfall: int
    below_floor: int
    most: int

    @property
    def not_recoverable(self) -> int:
        """Fen partners lack beyond what the manager must return."""
        return max(self.shortfall, self.below_floor, self.excess) - self.amount

    def to_partners(self, weights: npt.ArrayLike) -> Ints:
        """The amount by partner, by largest remainder; weights (n,), commonly paid-in capital."""
        return frozen(split(self.amount, weights))


def clawback(
    terms: ClawbackTerms,
    call_days: DateLike,
    called: npt.ArrayLike,
    cash_days: DateLike,
    to_partners: npt.ArrayLike,
    to_manager: npt.ArrayLike,
    day: DateLike,
) -> Clawback:
    """What the manager would return on `day`, from the fund's flows up to and on that day.

    call_days   : (c,) in order; called: (c,) fen paid in by all partners together
    cash_days   : (e,) in order; to_partners, to_manager: (e,) fen, as the waterfall paid them
    -> Clawback

    Partners' receipts go to capital first, then to the hurdle return; what they got above both counts against
    later calls. Formula: see Clawback. Source: ILPA Principles 3.0 (2019), clawback; GF-45.
    """
    instance("terms", terms, ClawbackTerms)
    called_on, paid_on = days("call_days", call_days), days("cash_days", cash_days)
    paid_in, received, carried = (
        fen("called", called),
        fen("to_partners", to_partners),
        fen("to_manager", to_manager),
    )
    same_length("called", paid_in.size, called_on.size, "call_days")
    same_length("to_partners", received.size, paid_on.size, "cash_days")
    same_length("to_manager", carried.size, paid_on.size, "cash_days")
    on = day_of("day", day)
    in_time, back_in_time = called_on <= on, paid_on <= on
    money_in = int(paid_in[in_time].sum())
    money_back, carry_paid = int(received[back_in_time].sum()), int(carried[back_in_time].sum())
    flows = sorted(
        [(d, 0, x) for d, x in zip(called_on[in_time].tolist(), paid_in[in_time].tolist(), strict=True)]
        + [
            (d, 1, x)
            for d, x in zip(paid_on[back_in_time].tolist(), received[back_in_time].tolist(), strict=True)
        ],
        key=lambda flow: flow[:2],
    )
    profit = money_back + carry_paid - money_in
    carry_due = floor(Fraction(terms.carry) * max(0, profit))
    excess = max(0, carry_paid - carry_due)
    shortfall = max(0, _lacking(terms.hurdle or Hurdle(0), flows, on))
    multiple = Fraction(terms.floor_multiple) if terms.floor_multiple is not None else Fraction(0)
    below_floor = max(0, ceil(multiple * money_in) - money_back)
    most = floor((1 - Fraction(terms.retained_for_tax)) * carry_paid)
    amount = min(most, max(excess, shortfall, below_floor))
    return Clawback(on, amount, profit, carry_paid, carry_due, excess, shortfall, below_floor, most)


@dataclass(frozen=True, slots=True, eq=False)
class Escrow:
    """Carry held back against a clawback: (e,) fen held and fen paid out of each carry payment."""

    held: Ints
    paid: Ints

    @property
    def balance(self) -> int:
        """Fen held."""
        return int(self.held.sum())


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a clawback is met: out of the escrow first, then by the manager; what is left there is released."""

    from_escrow: int
    from_manager: int
    released: int


def escrow(carry: npt.ArrayLike, share: Rate) -> Escrow:
    """Hold back `share` of each carry payment, an odd fen held.

    carry : (e,) fen; -> held + paid == carry
    """
    amounts = fen("carry", carry)
    part = rate("share", share, high=1)
    held = np.array([ceil(part * x) for x in amounts.tolist()], dtype=np.int64)
    return Escrow(frozen(held), frozen(amounts - held))


def settle(account: Escrow, owed: Clawback) -> Settlement:
    """Meet a clawback from the escrow, then from the manager: together they pay owed.amount."""
    instance("account", account, Escrow)
    instance("owed", owed, Clawback)
    carry = account.balance + int(account.paid.sum())
    if owed.carry_paid != carry:
        raise ValuationError("owed", f"is about {owed.carry_paid} fen of carry, the escrow about {carry}")
    from_escrow = min(account.balance, owed.amount)
    return Settlement(from_escrow, owed.amount - from_escrow, account.balance - from_escrow)


def total_return_carry(committed: int, carry: Rate, nav_before: npt.ArrayLike) -> Ints:
    """Carry by the total-return method: on net asset value, not on cash.

    committed  : fen; carry starts once value passes it
    nav_before : (years,) fen, value before distributions and carry at each year end
    -> (years,)  fen of carry of each year, rounded down

    carry[t] = c x max(0, nav[t] - max(committed, highest nav before t)): after the first year above
    commitments only new heights earn carry. Source: the "first total return method" of CFA Institute's
    private-equity readings, as worked in two published tables.
    """
    height = whole("committed", committed)
    part = rate("carry", carry, high=1)
    out = []
    for value in fen("nav_before", nav_before).tolist():
        out.append(floor(part * max(0, value - height)))
        height = max(height, value)
    return frozen(np.array(out, dtype=np.int64))


def _open(terms: Terms, partners: Partners, deals: Sequence[CarriedDeal]) -> tuple[list[Pot], Seats]:
    terms.check_classes(sorted(set(partners.classes)))
    codes = [deal.code for deal in deals]
    for i, code in enumerate(codes):
        if code in codes[:i]:
            raise ValuationError("deals", "stands twice", index=i, found=code)
    order = Seats(partners)
    return [Pot(terms, order, code) for code in codes], order


def _positions(argument: str, codes: Sequence[str], deals: Sequence[CarriedDeal], expected: int) -> list[int]:
    codes = texts(argument, codes)
    same_length(argument, len(codes), expected, "its days")
    known = {deal.code: i for i, deal in enumerate(deals)}
    for i, code in enumerate(codes):
        if code not in known:
            raise ValuationError(argument, "no such deal", index=i, found=code)
    return [known[code] for code in codes]


def _pay(own: Pot, lost: Sequence[Pot], terms: Terms, day: int, cash: int) -> Payment:
    """One distribution of a deal: losses of others, its own claims, its profit."""
    returns = {tier.name for tier in terms.tiers if isinstance(tier, PreferredReturn)}
    paid: list[TierPayment] = []
    rest = cash
    for pot in lost:
        claims, rest = pot.pay_claims(day, rest)
        paid += claims
    elsewhere = sum(p.amount for p in paid if p.tier in returns)
    claims, rest = own.pay_claims(day, rest)
    return own.payment(day, cash, paid + claims + own.pay_profit(rest, elsewhere))


def _lacking(hurdle: Hurdle, flows: Sequence[tuple[int, int, int]], day: int) -> int:
    """Capital and hurdle return all holders together lack on `day`; below 0 where they have more."""
    account = open_account(hurdle, 1)
    capital = 0
    for when, kind, amount in flows:
        account.accrue(when, np.array([capital], dtype=np.int64), capital)
        if kind == 0:
            capital += amount
            account.called(np.array([amount], dtype=np.int64))
        else:
            returned = min(capital, amount)
            capital -= returned
            account.paid(np.array([amount - returned], dtype=np.int64), amount - returned)
        account.settle()
    account.accrue(day, np.array([capital], dtype=np.int64), capital)
    return capital + account.total
