"""Disclosed positions: the stated multiple beside ours, exceptions listed, and the roll-forward between two days.

Ours = (distributed + remaining) / called, from the disclosed amounts. What counts as agreement depends on how finely
the multiple was printed: half a unit of the last place where one decimal is printed (the amounts are finer than the
multiple), one unit where more are (the amounts themselves were rounded). A disclosed net IRR is shown as reported: no
dated flows stand behind it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

from fof.book.currencies import DEFAULT_CURRENCY, by_currency, currency_of, held_in
from fof.book.reading import Reason, ratio, several
from fof.errors import Problem, Refused
from fof.grouping import by_key
from fof.ledger import Dated, View
from models.frozen import frozen
from models.kinds import MultipleBasis
from models.text import Text

NO_STATED = Reason("no_stated_multiple", Text("未披露倍数", "no multiple is disclosed"))
NO_REMAINING = Reason("no_remaining", Text("未披露剩余价值", "the remaining value is not disclosed"))
NO_CALLED = Reason("no_called", Text("没有已缴金额", "no called amount"))
ONLY_ONE_DAY = Reason("only_one_day", Text("只有一个日期有披露", "disclosed on one of the two days only"))


@frozen
class DisclosedPosition:
    """One disclosed position; amounts in fen of `currency`, None where not disclosed.

    dpi, rvpi, tvpi : ours, from the amounts; nan where one is missing
    stated_multiple : as printed, None where none is         basis : who computed it (MultipleBasis)
    difference      : stated - ours, None where either is missing
    tolerance       : what still counts as agreement
    agrees          : None where there is nothing to compare
    stated_irr      : as reported, a fraction; None where none is
    """

    holder: int
    fund: int
    day: dt.date
    entry: int
    commitment: int | None
    called: int | None
    distributed: int | None
    remaining: int | None
    dpi: float
    rvpi: float
    tvpi: float
    stated_multiple: Decimal | None
    basis: str | None
    tolerance: Decimal | None
    difference: Decimal | None
    agrees: bool | None
    stated_irr: float | None
    document: str | None
    note: Reason | None = None
    currency: str = DEFAULT_CURRENCY


@frozen
class Agreement:
    """How many of a holder's stated multiples ours agree with."""

    holder: int
    basis: str
    positions: int
    compared: int
    agreeing: int
    tolerance: Decimal | None

    @property
    def exceptions(self) -> int:
        """Compared and not agreeing."""
        return self.compared - self.agreeing


def positions(
    view: View, holder: int | None = None, day: dt.date | None = None, *, every_day: bool = False
) -> list[DisclosedPosition]:
    """What the holder (None: everybody) disclosed, by holder, fund code and day.

    day       : disclosures for exactly that day; None: the latest of each fund on or before the as-of day
    every_day : all days instead of the latest; of two statements for one day the later entry counts
    """
    chosen: dict[tuple[int, int, dt.date | None], Dated] = {}
    for row in view.positions:
        if (holder is None or row.row.holder == holder) and (day is None or row.day == day):
            chosen[row.row.holder, row.row.fund, row.day if every_day else None] = row
    places = _places(chosen.values())
    rows = [
        _position(row, places[row.row.holder, row.day], held_in(view, row.row.fund, row.row.holder))
        for row in chosen.values()
    ]
    return sorted(rows, key=lambda p: (view.parties[p.holder].code, view.parties[p.fund].code, p.day))


def _places(rows: Collection[Dated]) -> dict[tuple[int, dt.date], int]:
    """(holder, day) -> decimals its multiples are printed with: the most any row of that statement has."""
    places: dict[tuple[int, dt.date], int] = defaultdict(int)
    for row in rows:
        text = row.row.stated_multiple
        decimals = len(text.partition(".")[2]) if text else 0
        places[row.row.holder, row.day] = max(places[row.row.holder, row.day], decimals)
    return places


def tolerance_of(decimals: int) -> Decimal:
    """What counts as agreement with a multiple printed with that many decimals; see the module."""
    unit = Decimal(1).scaleb(-decimals)
    return unit / 2 if decimals <= 1 else unit


def _position(row: Dated, decimals: int, currency: str) -> DisclosedPosition:
    p = row.row
    total = None if p.distributed is None or p.remaining is None else p.distributed + p.remaining
    stated = None if p.stated_multiple is None else Decimal(p.stated_multiple)
    tolerance = None if stated is None else tolerance_of(decimals)
    difference = agrees = None
    if stated is not None and total is not None and p.called is not None and p.called > 0:
        difference = stated - Decimal(total) / Decimal(p.called)
        agrees = abs(difference) <= (tolerance or 0)
    return DisclosedPosition(
        p.holder,
        p.fund,
        row.day,
        row.entry,
        p.commitment,
        p.called,
        p.distributed,
        p.remaining,
        ratio(p.distributed, p.called),
        ratio(p.remaining, p.called),
        ratio(total, p.called),
        stated,
        p.multiple_basis,
        tolerance,
        difference,
        agrees,
        None if p.stated_irr is None else float(p.stated_irr),
        p.document,
        _why_not(p.remaining, stated) if agrees is None else None,
        currency,
    )


def _why_not(remaining: int | None, stated: Decimal | None) -> Reason:
    if stated is None:
        return NO_STATED
    return NO_REMAINING if remaining is None else NO_CALLED


def agreement(view: View, disclosed: Sequence[DisclosedPosition]) -> list[Agreement]:
    """Counts by holder and basis."""
    groups = by_key(disclosed, lambda position: (position.holder, position.basis or ""))
    return [
        Agreement(
            holder,
            basis,
            len(rows),
            sum(p.agrees is not None for p in rows),
            sum(p.agrees is True for p in rows),
            max((p.tolerance for p in rows if p.tolerance is not None), default=None),
        )
        for (holder, basis), rows in sorted(
            groups.items(), key=lambda g: (view.parties[g[0][0]].code, g[0][1])
        )
    ]


def exceptions(rows: Sequence[DisclosedPosition]) -> list[DisclosedPosition]:
    """Stated multiples that ours do not agree with, the largest difference first."""
    return sorted((p for p in rows if p.agrees is False), key=lambda p: -abs(p.difference or Decimal(0)))


def basis_text(basis: str | None, language: str = "zh") -> str:
    """Who computed a stated multiple, in words."""
    if basis is None:
        return "—"
    word = MultipleBasis(basis)
    return word.text.of(language)


# -- between two days ---------------------------------------------------------------------------------------------


@frozen
class DisclosureRoll:
    """One fund from one disclosure to a later one, fen: opening + calls - distributions + gain = closing.

    calls, distributions : change of the cumulative figures; below 0 is a restatement or a transfer, and said so
    gain                 : what is left: the change of value that no money explains
    restated             : what fell although it is cumulative: "calls", "distributions"
    note                 : why the row is not rolled forward; then the amounts are None
    currency             : None of a total over several, which has no amounts; `by_currency` has those
    """

    fund: int
    opening: int | None
    calls: int | None
    distributions: int | None
    gain: int | None
    closing: int | None
    restated: tuple[str, ...]
    note: Reason | None = None
    currency: str | None = None
    by_currency: tuple[DisclosureRoll, ...] = ()

    @property
    def each(self) -> tuple[DisclosureRoll, ...]:
        """Itself, then the subtotals of its currencies where it has several."""
        return (self, *self.by_currency)


@frozen
class RollForward:
    """All funds of a holder between two disclosure days. `total` sums the rows that roll forward."""

    holder: int
    start: dt.date
    end: dt.date
    rows: tuple[DisclosureRoll, ...]
    total: DisclosureRoll

    @property
    def restatements(self) -> tuple[DisclosureRoll, ...]:
        """Rows in which a cumulative figure fell."""
        return tuple(r for r in self.rows if r.restated)


def disclosure_days(view: View, holder: int) -> list[dt.date]:
    """The days the holder disclosed positions for, ascending."""
    return sorted({p.day for p in view.positions if p.row.holder == holder})


def roll_forward(view: View, holder: int, start: dt.date, end: dt.date) -> RollForward:
    """The holder's positions from one disclosure day to another. Refused where it disclosed nothing on either day."""
    days = disclosure_days(view, holder)
    problems = [
        Problem(
            "no_disclosure",
            Text("该日没有持仓披露", "no positions were disclosed for that day"),
            day.isoformat(),
        )
        for day in (start, end)
        if day not in days
    ]
    if start >= end:
        problems.append(
            Problem(
                "empty_period",
                Text("期初必须早于期末", "the period must begin before it ends"),
                start.isoformat(),
            )
        )
    if problems:
        raise Refused(problems, Text("滚动核对", "roll-forward"))
    first = {p.fund: p for p in positions(view, holder, start)}
    last = {p.fund: p for p in positions(view, holder, end)}
    funds = sorted(first.keys() | last.keys(), key=lambda f: view.parties[f].code)
    rows = tuple(_roll(fund, first.get(fund), last.get(fund)) for fund in funds)
    rolled = by_currency([r for r in rows if r.note is None], lambda r: str(r.currency))
    parts = [_sum(own, code) for code, own in rolled.items()]
    if len(parts) > 1:
        total = DisclosureRoll(-1, None, None, None, None, None, (), several(rolled), None, tuple(parts))
    else:
        total = parts[0] if parts else _sum((), currency_of(view, holder))
    return RollForward(holder, start, end, rows, total)


def _sum(rows: Sequence[DisclosureRoll], currency: str) -> DisclosureRoll:
    opening, calls, distributions, gain, closing = (
        sum(getattr(r, name) for r in rows)
        for name in ("opening", "calls", "distributions", "gain", "closing")
    )
    return DisclosureRoll(-1, opening, calls, distributions, gain, closing, (), None, currency)


def _roll(fund: int, first: DisclosedPosition | None, last: DisclosedPosition | None) -> DisclosureRoll:
    if first is None or last is None:
        only = first or last
        value = None if only is None else only.remaining
        opening, closing = (value, None) if last is None else (None, value)
        return DisclosureRoll(
            fund,
            opening,
            None,
            None,
            None,
            closing,
            (),
            ONLY_ONE_DAY,
            None if only is None else only.currency,
        )
    amounts = (
        first.remaining,
        last.remaining,
        first.called,
        last.called,
        first.distributed,
        last.distributed,
    )
    if any(a is None for a in amounts):
        return DisclosureRoll(
            fund, first.remaining, None, None, None, last.remaining, (), NO_REMAINING, last.currency
        )
    opening, closing, called, called_later, out, out_later = (a or 0 for a in amounts)
    calls, distributions = called_later - called, out_later - out
    restated = tuple(n for n, fen in (("calls", calls), ("distributions", distributions)) if fen < 0)
    return DisclosureRoll(
        fund,
        opening,
        calls,
        distributions,
        closing - opening - calls + distributions,
        closing,
        restated,
        currency=last.currency,
    )
