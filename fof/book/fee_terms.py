"""The terms of a fund's management fee, read once for the fee run and for the rules (GF-41 … GF-43).

A fund's life has an investment period, an exit period and, where the term was extended, an extension; after it, and once
the fund was closed or merged, no fee is due. Base and rate are those agreed for each day: a change counts from its day
on, and what was first agreed later counts from the beginning.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from fof.book.attributes import Attributes
from fof.ledger import View
from fof.rules.calendar_days import add_months
from fof.rules.facts import FeePhase
from models.kinds import FeeBasis, FeeDayCount, FundStatus

_ONE_DAY = dt.timedelta(days=1)
_TERMS = {
    FeePhase.INVESTMENT: ("fee_basis_investment", "fee_rate_investment"),
    FeePhase.EXIT: ("fee_basis_exit", "fee_rate_exit"),
    FeePhase.EXTENSION: ("fee_basis_exit", "fee_rate_extension"),
}


class FeeStretch(NamedTuple):
    """Days of one phase with one base and rate; first and last day. After the term the rate is 0, without a base."""

    phase: FeePhase
    first: dt.date
    last: dt.date
    basis: FeeBasis | None = None
    rate: Decimal | None = None


def fee_start(facts: Attributes, fund: int, day: dt.date) -> dt.date | None:
    """The first close, else the day of set-up, as known on a day."""
    for name in ("first_close_on", "established_on"):
        stated: dt.date | None = facts.of(fund, name, day)
        if stated is not None:
            return stated
    return None


def fee_stretches(facts: Attributes, fund: int, start: dt.date, day: dt.date) -> list[FeeStretch]:
    """The stretches from a first day up to a day, oldest first; a phase that has not begun is left out."""
    stretches = []
    for phase, first, last in _phases(facts, fund, start, day):
        if phase is FeePhase.AFTER_TERM:
            stretches.append(FeeStretch(phase, first, last, None, Decimal(0)))
            continue
        changes = {on for name in _TERMS[phase] for on in _changes(facts, fund, name, first, last)}
        for opened, after in zip([first, *sorted(changes)], [*sorted(changes), last + _ONE_DAY], strict=True):
            basis, rate = (_agreed(facts, fund, name, opened) for name in _TERMS[phase])
            stretches.append(
                FeeStretch(
                    phase,
                    opened,
                    after - _ONE_DAY,
                    basis if isinstance(basis, FeeBasis) else None,
                    rate if isinstance(rate, Decimal) else None,
                )
            )
    return stretches


def _changes(facts: Attributes, fund: int, name: str, first: dt.date, last: dt.date) -> list[dt.date]:
    """Days after the first on which a term was agreed otherwise; what was agreed first is no change."""
    days = [on for on, _ in facts.dated(fund, name, last) if on > first]
    return days[facts.of(fund, name, first) is None :]


def _phases(
    facts: Attributes, fund: int, start: dt.date, day: dt.date
) -> list[tuple[FeePhase, dt.date, dt.date]]:
    ends = facts.dated(fund, "term_end", day)
    term = ends[0][1] if ends else None
    extended = ends[-1][1] if ends else None
    investing = facts.of(fund, "investment_period_end", day) or term
    over = next(
        (on for on, s in facts.dated(fund, "status", day) if s in (FundStatus.CLOSED, FundStatus.MERGED)),
        None,
    )
    last = day if over is None else min(over, day)
    phases, opened = [], start
    for phase, end in (
        (FeePhase.INVESTMENT, investing),
        (FeePhase.EXIT, term),
        (FeePhase.EXTENSION, extended),
    ):
        until = last if end is None else min(end, last)
        if until >= opened:
            phases.append((phase, opened, until))
            opened = until + _ONE_DAY
    if opened <= last:
        phases.append((FeePhase.AFTER_TERM, opened, last))
    return phases


def _agreed(facts: Attributes, fund: int, name: str, day: dt.date) -> object:
    agreed = facts.of(fund, name, day)
    if agreed is None:
        later = facts.dated(fund, name, dt.date.max)
        agreed = later[0][1] if later else None
    return agreed


def billed(counted: FeeDayCount, first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date, Fraction]]:
    """Some days cut so that each weighs the same: (first, last, part of a year), exact. By calendar years; where a full
    period costs a quarter of the rate whatever its days, by quarters."""
    periods, opened = [], first
    months = 3 if counted is FeeDayCount.FULL_PERIOD else 12
    while opened <= last:
        start = dt.date(opened.year, opened.month - (opened.month - 1) % months, 1)
        after = add_months(start, months)
        closed = min(last, after - _ONE_DAY)
        whole = {
            FeeDayCount.ACT_365: 365,
            FeeDayCount.ACT_360: 360,
            FeeDayCount.ACT_ACT: (after - start).days,
            FeeDayCount.FULL_PERIOD: 4 * (after - start).days,
        }[counted]
        periods.append((opened, closed, Fraction((closed - opened).days + 1, whole)))
        opened = after
    return periods


def manager_free(view: View, fund: int, of: str) -> frozenset[int]:
    """The manager and the general partner, where their own commitment bears no `of` ("fee" or "carry")."""
    if not view.fact(fund, f"manager_free_of_{of}", False):
        return frozenset()
    codes = {str(view.fact(fund, role, "")) for role in ("manager", "gp")}
    return frozenset(view.by_code[c].id for c in codes if c in view.by_code)
