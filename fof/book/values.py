"""Values: what a stake or a fund is worth on the day of a view. The rules are in fof.book.value_grid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from fof.book.currencies import currency_of, in_order
from fof.book.marks import marks
from fof.book.reading import Reason, as_of_day, several
from fof.book.value_accounts import stake_grid
from fof.book.value_funds import fund_accounts, fund_grid
from fof.book.value_grid import (
    ABSORBED,
    HANDED_OVER,
    NO_DAY,
    NO_MARK,
    NOTES,
    NOTHING_PAID,
    SUM_OF_ACCOUNTS,
    UNKNOWN,
    Grid,
)
from fof.ledger import View, to_date
from models.frozen import frozen
from models.text import Text, counted


@frozen
class Value:
    """What something is worth.

    fen       : whole fen, None where it is not known (`note` says why)
    marked_on : day of the statement (of several, the oldest); age_days counts from it to the as-of day
    rolled    : money moved after the statement and is in `fen`; rolled_fen is how much
    note      : why there is no value, or how it was come by; None for a plain statement
    marks     : (entry, line) of the statements behind it
    missing   : names of what has no value, where `fen` is None because a part is missing
    currency  : of `fen`; None of nothing at all, or of several together, which have no value
    """

    fen: int | None
    marked_on: dt.date | None = None
    age_days: int | None = None
    rolled: bool = False
    rolled_fen: int = 0
    note: Reason | None = None
    marks: tuple[tuple[int, int], ...] = ()
    missing: tuple[str, ...] = ()
    currency: str | None = None


_NAMED_AT_MOST = 5
"""Accounts without a statement that a reason names."""
_CERTAINLY_NOTHING = (HANDED_OVER, NOTHING_PAID, ABSORBED)


def add_values(values: Sequence[Value], names: Sequence[str]) -> Value:
    """The sum; None with the names of the missing parts where one has no value. As old as its oldest statement.

    What was handed over, absorbed or never paid for is 0 for certain: it neither ages the sum nor enters its count. What
    is stated to be worth nothing does not age it either: nobody states it again.
    Values of several currencies have no sum: None with that reason.
    """
    currencies = in_order(v.currency for v in values if v.currency is not None)
    if len(currencies) > 1:
        return Value(None, note=several(currencies), marks=tuple(m for v in values for m in v.marks))
    live = [(v, name) for v, name in zip(values, names, strict=True) if v.fen != 0]
    if len(live) <= 1:
        return live[0][0] if live else max(values, key=_last_word, default=Value(0))
    values, names = [v for v, _ in live], [name for _, name in live]
    oldest = min((v for v in values if v.marked_on), key=lambda v: v.marked_on or dt.date.max, default=None)
    missing = tuple(name for v, name in zip(values, names, strict=True) if v.fen is None)
    note = None
    if missing:
        listed = "、".join(missing[:3]) + (" 等" if len(missing) > 3 else "")
        note = Reason(
            "parts_missing",
            Text(
                f"{len(missing)}/{len(values)} 项没有净值：{listed}",
                f"{len(missing)} of {len(values)} have no value: {', '.join(missing[:3])}{' …' if len(missing) > 3 else ''}",
            ),
        )
    return Value(
        None if missing else sum(v.fen or 0 for v in values),
        None if oldest is None else oldest.marked_on,
        None if oldest is None else oldest.age_days,
        any(v.rolled for v in values),
        sum(v.rolled_fen for v in values),
        note,
        tuple(mark for v in values for mark in v.marks),
        missing,
        currencies[0] if currencies else None,
    )


def _last_word(value: Value) -> tuple[dt.date, int]:
    """Of values that are all 0 the one that says most: the newest statement, else the reason that says why."""
    certain = value.note in _CERTAINLY_NOTHING
    return value.marked_on or dt.date.min, _CERTAINLY_NOTHING.index(value.note) if certain else -1


def stake_values(view: View, pairs: Sequence[tuple[int, int]]) -> list[Value]:
    """The value of each (fund, investor) stake on the view's as-of day."""
    if not pairs:
        return []
    grid = stake_grid(view, pairs, [as_of_day(view)])
    return [_value(view, grid, n, fund) for n, (fund, _) in enumerate(pairs)]


def fund_values(view: View, funds: Sequence[int]) -> list[Value]:
    """The net asset value of each whole fund on the view's as-of day."""
    if not funds:
        return []
    grid = fund_grid(view, funds, [as_of_day(view)])
    values = [_value(view, grid, n, fund) for n, fund in enumerate(funds)]
    values = [
        _some_stated(view, f, v) if v.note == NO_MARK else v for f, v in zip(funds, values, strict=True)
    ]
    summed = {fund for fund, value in zip(funds, values, strict=True) if value.note == SUM_OF_ACCOUNTS}
    if not summed:
        return values
    marks_of = {
        fund: [m for value in stake_values(view, fund_accounts(view, fund)) for m in value.marks]
        for fund in summed
    }
    return [
        replace(v, marks=tuple(marks_of[f])) if f in summed else v for f, v in zip(funds, values, strict=True)
    ]


def _some_stated(view: View, fund: int, value: Value) -> Value:
    """A fund without a value of its own, with which of its accounts lack a statement where others have one."""
    accounts = fund_accounts(view, fund)
    own = stake_values(view, accounts)
    missing = [view.name(who) for (_, who), v in zip(accounts, own, strict=True) if v.fen is None]
    if not any(v.marks for v in own) or not missing:
        return value
    names = missing[:_NAMED_AT_MOST]
    more = len(missing) - len(names)
    zh = "、".join(names) + (f"等 {len(missing)} 户" if more else "")
    en = ", ".join(names) + (f" and {more} more" if more else "")
    stated = len(accounts) - len(missing)
    text = Text(
        f"全基金没有净值报告：{len(accounts)} 个出资账户中 {stated} 个有净值，尚缺 {zh}",
        f"no statement of value of the whole fund: of {counted(len(accounts), 'account')} {stated} with a value, none yet of {en}",
    )
    return replace(value, note=Reason("some_accounts", text))


def _value(view: View, grid: Grid, row: int, fund: int) -> Value:
    """One cell of a grid of one day; in the fund's currency."""
    columns = marks(view)
    note = NOTES[int(grid.note[row, 0])]
    since, place = int(grid.since[row, 0]), int(grid.mark[row, 0])
    day = to_date(since) if since > NO_DAY and note != HANDED_OVER else None
    rolled = day is not None and bool(grid.touched[row, 0])
    return Value(
        None if UNKNOWN[int(grid.note[row, 0])] else int(grid.fen[row, 0]),
        day,
        None if day is None or view.as_of is None else (view.as_of - day).days,
        rolled,
        int(grid.moved[row, 0]) if rolled else 0,
        note,
        ((int(columns.entry[place]), int(columns.line[place])),) if place >= 0 else (),
        currency=currency_of(view, fund),
    )
