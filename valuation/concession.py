"""Concession of excess return by a guidance fund (让利).

A government may give others part of what it earned; it may not promise them their principal or a floor return
(财预〔2015〕210号 Art. 13; 国务院令第762号 Art. 20, 32; rule GF-30). So what is conceded is paid out of money the
fund has already received above its own capital (GF-46). Terms that reach further are refused when they are
written down. The other concession, a sale of the stake at a set price, is `valuation.buy_out`.

Money is int64 fen, days are dates, ISO texts or whole days since 1970-01-01. Amounts conceded are rounded down:
the odd fen stays with the public side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

import numpy as np
import numpy.typing as npt

from valuation.arguments import instance, instances, mapping, text
from valuation.dates import DateLike
from valuation.exact import Ints, Rate, days, fen, frozen, member, rate, same_length, whole
from valuation.exact import day as day_of
from valuation.hurdle import open_account
from valuation.refusals import ValuationError
from valuation.split import split
from valuation.terms import PROMISE, Hurdle


class ConcessionBasis(StrEnum):
    """What a concession is measured on. Only EXCESS_RETURN is lawful; the others exist to be refused by name.

    EXCESS_RETURN what the fund received above its own paid-in capital (and hurdle)
    DISTRIBUTIONS what the fund receives, its own capital included
    PAID_IN       what the fund or the other party paid in
    SHORTFALL     what the other party lacks of its principal or of a return
    """

    EXCESS_RETURN = "excess_return"
    DISTRIBUTIONS = "distributions"
    PAID_IN = "paid_in"
    SHORTFALL = "shortfall"


@dataclass(frozen=True, slots=True)
class Milestone:
    """Once met, `rate` of the excess return may go to others (20 % to 100 % are recalled, GF-46)."""

    name: str
    rate: Rate

    def __post_init__(self) -> None:
        text("name", self.name)
        value = rate("rate", self.rate)
        if value > 1:
            raise ValuationError("rate", f"above the whole excess return: {PROMISE}", found=self.rate)
        object.__setattr__(self, "rate", value)


@dataclass(frozen=True, slots=True)
class Concession:
    """An agreed concession of excess return.

    milestones    : at least one; of those met on a day the highest rate holds
    beneficiaries : who gets it, with whole-number weights
    approval      : the document that approves it (GF-46 asks for one)
    hurdle        : a return the fund keeps before anything counts as excess; None: excess over paid-in
                    capital
    basis         : see ConcessionBasis
    """

    milestones: tuple[Milestone, ...]
    beneficiaries: tuple[tuple[str, int], ...]
    approval: str
    hurdle: Hurdle | None = None
    basis: ConcessionBasis = ConcessionBasis.EXCESS_RETURN

    def __post_init__(self) -> None:
        object.__setattr__(self, "milestones", instances("milestones", self.milestones, Milestone))
        object.__setattr__(self, "beneficiaries", _beneficiaries(self.beneficiaries))
        if self.hurdle is not None:
            instance("hurdle", self.hurdle, Hurdle)
        if member(ConcessionBasis, "basis", self.basis) is not ConcessionBasis.EXCESS_RETURN:
            raise ValuationError("basis", PROMISE, found=str(self.basis))
        if not text("approval", self.approval).strip():
            raise ValuationError("approval", "name the document that approves the concession (GF-46)")
        _check_names("milestones", [m.name for m in self.milestones])
        _check_names("beneficiaries", [name for name, _ in self.beneficiaries])
        for i, (_, weight) in enumerate(self.beneficiaries):
            if whole("beneficiaries", weight) == 0:
                raise ValuationError("beneficiaries", "weight must be above 0", index=i)

    def rate_on(self, day: int, met: Mapping[str, int]) -> Fraction:
        """The highest rate of the milestones met by `day`; 0 while none is."""
        reached = [Fraction(m.rate) for m in self.milestones if m.name in met and met[m.name] <= day]
        return max(reached, default=Fraction(0))


@dataclass(frozen=True, slots=True, eq=False)
class Conceded:
    """What one receipt of the fund led to (fen).

    excess        : received so far above capital out and hurdle due, 0 without any
    rate          : of the milestones met
    amount        : conceded out of this receipt: min(received, floor(rate x excess) - conceded before)
    beneficiaries : (b,) its parts
    """

    day: int
    received: int
    excess: int
    rate: Fraction
    amount: int
    beneficiaries: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Concessions:
    """A whole history: one entry per receipt.

    over_conceded : fen conceded above what the excess at the end would allow, because capital was called
                    again after it; later concessions count it, nobody is asked to pay it back
    """

    steps: tuple[Conceded, ...]
    over_conceded: int

    @property
    def total(self) -> int:
        """Fen conceded in all."""
        return sum(step.amount for step in self.steps)


def concede(
    terms: Concession,
    call_days: DateLike,
    called: npt.ArrayLike,
    receipt_days: DateLike,
    receipts: npt.ArrayLike,
    met: Mapping[str, DateLike],
) -> Concessions:
    """What the fund gives up of each receipt.

    call_days    : (c,) in order; called: (c,) fen the fund paid in
    receipt_days : (e,) in order; receipts: (e,) fen it received, before any concession
    met          : milestone -> day on which it was met; absent while it is not
    -> Concessions

    Receipts pay capital, then the hurdle, then become excess. A milestone met later counts on all excess so
    far, but is paid out of later receipts only. Identity, on every day on which something is conceded: what
    the fund keeps >= what it paid in (+ hurdle due). Source: GF-46.
    """
    instance("terms", terms, Concession)
    paid_on, got_on = days("call_days", call_days), days("receipt_days", receipt_days)
    paid, got = fen("called", called), fen("receipts", receipts)
    same_length("called", paid.size, paid_on.size, "call_days")
    same_length("receipts", got.size, got_on.size, "receipt_days")
    for name in mapping("met", met):
        if name not in {m.name for m in terms.milestones}:
            raise ValuationError("met", "no such milestone in the terms", found=name)
    reached = {name: day_of("met", on) for name, on in met.items()}
    excess = _Excess(terms.hurdle or Hurdle(0))
    steps: list[Conceded] = []
    total = 0
    next_call = 0
    weights = [weight for _, weight in terms.beneficiaries]
    for day, received in zip(got_on.tolist(), got.tolist(), strict=True):
        while next_call < paid_on.size and paid_on[next_call] <= day:
            excess.call(int(paid_on[next_call]), int(paid[next_call]))
            next_call += 1
        excess.receive(day, received)
        now = terms.rate_on(day, reached)
        amount = min(received, max(0, floor(now * excess.fen) - total))
        total += amount
        steps.append(Conceded(day, received, excess.fen, now, amount, frozen(split(amount, weights))))
    for i in range(next_call, paid_on.size):
        excess.call(int(paid_on[i]), int(paid[i]))
    last = max([*got_on[-1:].tolist(), *paid_on[-1:].tolist()], default=0)
    allowed = floor(terms.rate_on(last, reached) * excess.fen)
    return Concessions(tuple(steps), max(0, total - allowed))


class _Excess:
    """What has been received above capital out and hurdle due."""

    def __init__(self, hurdle: Hurdle) -> None:
        self._account = open_account(hurdle, 1)
        self._capital = 0
        self._surplus = 0
        self.fen = 0

    def call(self, day: int, amount: int) -> None:
        self._accrue(day)
        self._capital += amount
        self._account.called(_one(amount))
        self._close()

    def receive(self, day: int, amount: int) -> None:
        self._accrue(day)
        returned = min(self._capital, amount)
        self._capital -= returned
        hurdle = min(max(0, self._account.total), amount - returned)
        self._account.paid(_one(hurdle), hurdle)
        self._surplus += amount - returned - hurdle
        self._close()

    def _accrue(self, day: int) -> None:
        self._account.accrue(day, _one(self._capital), self._capital)

    def _close(self) -> None:
        self._account.settle()
        self.fen = max(0, self._surplus - self._capital - self._account.total)


def _beneficiaries(values: object) -> tuple[tuple[str, int], ...]:
    if isinstance(values, str | bytes) or not isinstance(values, Sequence):
        raise ValuationError("beneficiaries", "must be a tuple of (name, weight)", found=values)
    for i, pair in enumerate(values):
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not isinstance(pair[0], str):
            raise ValuationError("beneficiaries", "must be (name, weight)", index=i, found=pair)
    return tuple((name, whole("beneficiaries", weight)) for name, weight in values)


def _one(amount: int) -> Ints:
    return np.array([amount], dtype=np.int64)


def _check_names(argument: str, names: Sequence[str]) -> None:
    if not names:
        raise ValuationError(argument, "names none")
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ValuationError(argument, "stands twice", index=i, found=name)
