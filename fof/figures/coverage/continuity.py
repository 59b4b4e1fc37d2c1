"""Continuity: whether companies that moved up a stage got new money in it, and how long they waited.

A move is dated to the year-end of the figures that show it. What counts is money paid after it; a company that lives on an
older stake is counted apart. The wait ends unanswered (is censored) when the company leaves the new stage, is struck off,
goes into another, or with the as-of day. Money is the company's to which it was paid, or of who had taken that over by then;
older money is what was paid to it and to whom it had taken over.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from fof.book.company_columns import MISSING, CompanyColumns, Takeovers, company_columns
from fof.book.company_money import CompanyPayments, company_payments
from fof.book.flows import sortable
from fof.book.reading import once_per_question
from fof.book.settings import rule_numbers
from fof.figures.coverage.labels import stages_by_year
from fof.figures.coverage.stage_arrays import STAGES, UNKNOWN_STAGE, Bools, Ints
from fof.figures.coverage.surface import day_of_coverage, definition_of
from fof.ledger import View, day_number
from fof.rules.calendar_days import add_months
from fof.rules.stage_definitions import HOUSE_DEFINITION
from models.frozen import frozen
from valuation.survival import SurvivalCurve, kaplan_meier

WINDOW_MONTHS = 24
"""Months after a move within which new money counts as continuous support."""


@frozen
class StageMoves:
    """Moves up a stage seen by a day, arrays of equal length.

    place   : of the company         before, after : places in STAGES         on : day number of the year-end
    wait    : days to the first money paid after the move, or to the end of observation          paid : it was money
    earlier : money had been paid to the company before the move
    """

    place: Ints
    before: Ints
    after: Ints
    on: Ints
    wait: Ints
    paid: Bools
    earlier: Bools


@frozen
class StageContinuity:
    """The moves into one stage, or into any (None).

    whole     : moves whose window of WINDOW_MONTHS is over          supported : of them those with new money within it
    earlier   : of the others those that had older money          without : those that never had any
    share     : supported / whole, nan without any
    curve     : Kaplan–Meier of the wait in days over all moves, with the 95 % band
    """

    stage: str | None
    moves: int
    whole: int
    supported: int
    earlier: int
    without: int
    share: float
    curve: SurvivalCurve

    def still_waiting(self, days: int) -> tuple[float, float, float]:
        """The curve with its band after so many days; nan beyond the last observation."""
        at = int(np.searchsorted(self.curve.times, days, side="right")) - 1
        if at < 0:
            return (1.0, 1.0, 1.0) if len(self.curve.times) else (float("nan"),) * 3
        if days > self.curve.times[-1]:
            return (float("nan"), float("nan"), float("nan"))
        return (
            float(self.curve.survival[at]),
            float(self.curve.lower[at]),
            float(self.curve.upper[at]),
        )

    def median(self) -> float:
        """Days by which half of them had new money; nan where the curve does not get there."""
        below = np.flatnonzero(self.curve.survival <= 0.5)
        return float(self.curve.times[below[0]]) if len(below) else float("nan")


def moves_up(
    companies: CompanyColumns, stages: Ints, payments: CompanyPayments, day: dt.date, takeovers: Takeovers
) -> StageMoves:
    """Every move up seen by a day. stages: of fof.figures.coverage.labels.stages_by_year; an unknown year is passed over."""
    first, last = companies.years
    until = min(last, day.year if (day.month, day.day) == (12, 31) else day.year - 1)
    stages = stages[:, : max(0, until - first + 1)]
    seen = stages != UNKNOWN_STAGE
    places = np.arange(stages.shape[1])
    latest = (
        np.maximum.accumulate(np.where(seen, places, -1), axis=1) if stages.size else seen.astype(np.int64)
    )
    before = np.concatenate([np.full((len(stages), 1), -1), latest[:, :-1]], axis=1)[:, : stages.shape[1]]
    row, year = np.nonzero(seen & (before >= 0))
    old, new = stages[row, before[row, year]], stages[row, year]
    changed = old != new
    row, year, old, new = row[changed], year[changed], old[changed], new[changed]
    ends = np.array([day_number(dt.date(y, 12, 31)) for y in range(first, first + stages.shape[1])], np.int64)
    on = ends[year] if len(ends) else year
    as_of = day_number(day)
    follows = np.append(row[1:] == row[:-1], False) if len(row) else np.zeros(0, bool)
    left = np.where(follows, np.append(on[1:], 0), as_of) if len(row) else on
    end = np.minimum(left, as_of)
    for gone in (companies.stated("closed_on").on(as_of)[row], takeovers.day[row]):
        end = np.minimum(end, np.where(gone == MISSING, as_of, gone))
    up = (new > old) & (end >= on)
    row, old, new, on, end = row[up], old[up], new[up], on[up], end[up]
    payee = takeovers.fresh(payments.paid_to, payments.day)
    key = np.sort(sortable(payee, payments.day))
    next_paid = np.searchsorted(key, sortable(row, on), side="right")
    there = next_paid < np.searchsorted(key, sortable(row, end), side="right")
    paid_on = (
        key[np.minimum(next_paid, max(len(key) - 1, 0))] - sortable(row, np.int64(0)) if len(key) else on
    )
    older = np.sort(sortable(*takeovers.handed_on(payee, payments.day)))
    earlier = np.searchsorted(older, sortable(row, on), side="right") > np.searchsorted(
        older, sortable(row, np.int64(-(2**31)))
    )
    wait = np.where(there, paid_on - on, end - on)
    return StageMoves(row, old, new, on, wait, there, earlier)


def stage_history(view: View, definition: str = HOUSE_DEFINITION) -> Ints:
    """(companies, years) the stage at each year-end, made once for a prefix. Raises Unknown as fof.figures.coverage.surface."""
    table = definition_of(definition)
    stages: Ints | None = view.prefix.answers.get((stages_by_year, definition))
    if stages is None:
        stages = stages_by_year(company_columns(view), rule_numbers(view).settings, table)
        view.prefix.answers[stages_by_year, definition] = stages
    return stages


@once_per_question
def stage_moves(view: View, definition: str = HOUSE_DEFINITION) -> StageMoves:
    """The moves of a view's companies. Raises Unknown for a definition that there is none of."""
    stages = stage_history(view, definition)
    companies = company_columns(view)
    return moves_up(
        companies, stages, company_payments(view), day_of_coverage(view), companies.takeovers(view)
    )


def continuity_of(moves: StageMoves, day: dt.date) -> list[StageContinuity]:
    """The moves into each stage above the first, and all together."""
    return [_continuity(code, moves, day) for code in (*range(1, len(STAGES)), None)]


def _window_ends(on: Ints) -> Ints:
    """The last day of each move's window."""
    days, place = np.unique(on, return_inverse=True)
    ends = [day_number(add_months(_EPOCH + dt.timedelta(days=n), WINDOW_MONTHS)) for n in days.tolist()]
    return np.array(ends, np.int64)[place] if len(on) else on


_EPOCH = dt.date(1970, 1, 1)


def moves_in(moves: StageMoves, after: int | None, day: dt.date) -> dict[str, Bools]:
    """The moves into a stage (by its place in STAGES; None: into any) by what became of them: all of them ("moves"), those whose
    window is over ("whole"), and of these those with new money within it, with older money only, with none."""
    window = _window_ends(moves.on)
    own = np.ones(len(moves.on), bool) if after is None else moves.after == after
    over = own & (window <= day_number(day))
    within = over & moves.paid & (moves.on + moves.wait <= window)
    rest = over & ~within
    return {
        "moves": own,
        "whole": over,
        "supported": within,
        "earlier": rest & moves.earlier,
        "without": rest & ~moves.earlier,
    }


def _continuity(code: int | None, moves: StageMoves, day: dt.date) -> StageContinuity:
    sets = moves_in(moves, code, day)
    count = {name: int(mask.sum()) for name, mask in sets.items()}
    own, whole = sets["moves"], count["whole"]
    return StageContinuity(
        None if code is None else STAGES[code].value,
        **count,
        share=count["supported"] / whole if whole else float("nan"),
        curve=kaplan_meier(moves.wait[own].astype(np.float64), moves.paid[own]),
    )
