"""Rules in one form that serves one state and many: the verdict of a state of the book, or of every path of a projection.

Arguments are whole fen, days and truth values, each a number or an array of one shape (any type with Python's arithmetic, so
that nothing is imported here); the rule's own function and the projection (fof.scenarios.rules_over_time) ask the same lines.
A share or multiple is compared as whole numbers: value · den against num · base, exact in int64 while both are below 2⁶³.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from fof.rules.registry import Verdict

Fen = Any
"""int, or an int64 array."""
Truth = Any
"""bool, or an array of them."""


class FormVerdicts(NamedTuple):
    """Whether each state has this verdict; at most one is true, none: a pass."""

    breach: Truth
    unknown: Truth
    warn: Truth
    not_applicable: Truth

    def of_one(self) -> Verdict:
        """The verdict of one state."""
        for verdict, holds in zip(_ORDER, self, strict=True):
            if holds:
                return verdict
        return Verdict.PASS


_ORDER = (Verdict.BREACH, Verdict.UNKNOWN, Verdict.WARN, Verdict.NOT_APPLICABLE)


class StopStand(NamedTuple):
    """A limit that stops enrolment: loans enrolled after the stop, enrolment stopped, its warning share reached, used without
    anything to be a part of."""

    enrolled_since: Truth
    stopped: Truth
    warned: Truth
    untold: Truth


class CapStand(NamedTuple):
    """A limit of payments: what counts against it, what is allowed; allowed_known False: it cannot be told."""

    used: Fen
    allowed: Fen
    allowed_known: Truth


def whole_ratio(number: Decimal | Fraction | int) -> tuple[int, int]:
    """Numerator and denominator of a parameter; up to ten decimals, so that int64 holds its product with 9 million yuan in fen
    and, with the four of a usual parameter, with 9,000 billion."""
    return Fraction(number).as_integer_ratio()


def not_(truth: Truth) -> Truth:
    """The opposite, of one or of many."""
    return truth ^ True


def enrolment_form(stops: Sequence[StopStand]) -> FormVerdicts:
    """RC-08: a breach where business went on after a stop; a warning where it is stopped or a warning share is reached."""
    if not stops:
        return FormVerdicts(False, True, False, False)
    breach = stopped = untold = False
    for stop in stops:
        breach = breach | stop.enrolled_since
        stopped = stopped | stop.stopped | stop.warned
        untold = untold | stop.untold
    warn = stopped & not_(breach)
    return FormVerdicts(breach, untold & not_(breach) & not_(stopped), warn, False)


def leverage_form(outstanding: Fen, cash: Fen, contributed: Fen, most: Decimal) -> FormVerdicts:
    """RC-18: outstanding ≤ most · cash, and something is in the pool."""
    num, den = whole_ratio(most)
    none = outstanding == 0
    unknown = not_(none) & (contributed == 0)
    over = (cash <= 0) | (outstanding * den > cash * num)
    return FormVerdicts(over & not_(none) & not_(unknown), unknown, False, none)


def compensation_form(anything: Truth, lowest_cash: Fen, caps: Sequence[CapStand]) -> FormVerdicts:
    """RC-22: never more paid than was in the pool, nothing above a cap. anything: whether anything is recorded at all."""
    breach, unknown = lowest_cash < 0, False
    for cap in caps:
        breach = breach | (cap.allowed_known & (cap.used > cap.allowed))
        unknown = unknown | not_(cap.allowed_known)
    return FormVerdicts(breach & anything, unknown & not_(breach) & anything, False, not_(anything))


def refill_form(
    cash: Fen, first_size: int | None, floor: Decimal, since_known: Truth, late: Truth
) -> FormVerdicts:
    """RC-23: below the floor of the first size a warning, past the days to refill it a breach; late: past them."""
    if first_size is None or first_size <= 0:
        return FormVerdicts(False, (cash == cash), False, False)
    num, den = whole_ratio(floor)
    below = cash * den < num * first_size
    since_when = below & since_known
    return FormVerdicts(since_when & late, below & not_(since_known), since_when & not_(late), False)


def idle_form(cash: Fen, cash_known: Truth, paid_in: Fen, since_known: Truth, long: Truth) -> FormVerdicts:
    """GF-65 of a vehicle with government money: a warning where cash has been above the level for longer than the months."""
    none = paid_in <= 0
    unknown = not_(none) & (not_(cash_known) | (cash < 0))
    return FormVerdicts(False, unknown, since_known & long & not_(none) & not_(unknown), none)


def tranches_form(came: Truth, deals_known: Truth, idle: Fen, cash_kept: Truth, cash: Fen) -> FormVerdicts:
    """AF-02 of a vehicle with government money: a breach where money of a tranche has lain for too long. idle: what is left of
    such tranches; where the vehicle's cash is kept, no more than its cash can be idle."""
    lies = (idle > 0) & (not_(cash_kept) | (cash > 0))
    return FormVerdicts(came & deals_known & lies, came & not_(deals_known), False, not_(came))


def fits(most: int, *numbers: Decimal | Fraction | int) -> bool:
    """Whether int64 holds the products of amounts up to `most` with the parameters."""
    return all(math.prod((max(1, abs(most)), max(whole_ratio(n)))) < 2**63 for n in numbers)
