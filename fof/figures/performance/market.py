"""Public market equivalents: what the same money would have done in a stated index (rulebook PI-04)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fof.book.flows import Flows
from fof.book.own_flows import goes_in, own_flows
from fof.book.reading import Floats, Reason, yuan
from fof.errors import ImportRefused, Problem
from fof.figures.performance.measured import Performance
from fof.ledger import View, day_number
from fof.ledger.journal_columns import Ints, Ints32
from models.frozen import frozen
from models.text import Text

NO_LEVEL = Reason(
    "index_starts_later", Text("指数序列晚于首笔现金流", "the index starts after the first flow")
)
NO_VALUE = Reason("no_value", Text("截至日没有净值", "there is no value on the as-of day"))
NO_FLOWS = Reason("no_flows", Text("没有逐笔现金流", "no dated flows"))
STALE_LEVEL_DAYS = 10
"""A level may be this many days old: markets close at weekends and on holidays."""
OLD_LEVEL = Reason("index_gap", Text("指数序列缺少所需日期", "the index has no level near one of the days"))


@frozen
class Index:
    """Levels of a total-return index; days ascending (day numbers), levels > 0."""

    name: str
    days: Ints32
    levels: Floats

    def on(self, days: Ints) -> tuple[Floats, Ints]:
        """The latest level on or before each day (nan before the first), and how many days old it is."""
        place = np.searchsorted(self.days, days, side="right") - 1
        level = np.where(place >= 0, self.levels[place], np.nan)
        return level, np.where(place >= 0, days - self.days[place], 0)


@frozen
class Market:
    """KS-PME (above 1 the stakes did better than the index) and direct alpha a year; nan with the reason in `note`."""

    index: str
    ks_pme: float
    direct_alpha: float
    note: Reason | None = None


def read_index(path: Path) -> Index:
    """An index from a csv or workbook of two columns, day and level, in any form that an import takes. Refused with every bad
    row.
    """
    from fof.importers.layouts.index_series import INDEX  # late: who compares with no index reads no file
    from fof.importers.side import read_side

    table = read_side(path, INDEX)
    problems, levels = list(table.problems), dict[int, float]()
    for row in table.rows:
        day, level = row.day("day"), row.share("level")
        assert day is not None
        assert level is not None
        if level <= 0 or day_number(day) in levels:
            text = Text("点位须大于零，日期不重复", "a level above zero, each day once")
            problems.append(Problem("bad_index", text, f"{day} {level}", table.where(row.number, "level")))
        levels[day_number(day)] = float(level)
    if problems:
        raise ImportRefused(sorted(problems, key=lambda p: p.where.row or 0), path.name)
    days = sorted(levels)
    return Index(path.stem, np.array(days, np.int32), np.array([levels[d] for d in days]))


def market(view: View, row: Performance, index: Index) -> Market:
    """The group's public market equivalents against an index, on the view's as-of day."""
    from valuation.pme import direct_alpha, ks_pme

    assert view.as_of is not None, "an equivalent needs an as-of day"
    nothing = float("nan")
    if row.nav.fen is None:
        return Market(index.name, nothing, nothing, NO_VALUE)
    own, _ = own_flows(view, [row.pairs])
    if not len(own) or row.source != "book":
        return Market(index.name, nothing, nothing, NO_FLOWS)
    days, calls, out = _by_day(own, day_number(view.as_of))
    level, age = index.on(days)
    if np.isnan(level[0]):
        return Market(index.name, nothing, nothing, NO_LEVEL)
    if int(age.max()) > STALE_LEVEL_DAYS:
        return Market(index.name, nothing, nothing, OLD_LEVEL)
    value = row.nav.fen / 100.0
    alpha = direct_alpha(yuan(calls), yuan(out), level, value, (days - days[0]) / 365.0)
    return Market(index.name, float(ks_pme(yuan(calls), yuan(out), level, value)), float(alpha.rate))


def _by_day(own: Flows, last: int) -> tuple[Ints, Ints, Ints]:
    """Days with money and the last one, and what went in and came out on each, both in fen and not below zero."""
    days = np.unique(np.r_[own.day.astype(np.int64), last])
    calls, out = np.zeros(len(days), np.int64), np.zeros(len(days), np.int64)
    at, into = np.searchsorted(days, own.day), goes_in(own)
    np.add.at(calls, at[into], -own.fen[into])
    np.add.at(out, at[~into], own.fen[~into])
    moving = (calls != 0) | (out != 0) | (days == last)
    return days[moving], calls[moving], out[moving]
