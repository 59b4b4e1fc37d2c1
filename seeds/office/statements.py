"""What was stated about value, and when it came: late here, corrected there."""

from __future__ import annotations

import datetime as dt

from office.days import LAST, after, quarter_name
from office.economy import Office
from office.positions import Position, value_on
from office.purse import Purse
from office.rows import Valuation
from office.stream import Stream, split

_D = dt.date

LATE = {
    ("SF-2012-02", _D(2016, 9, 30)): _D(2017, 8, 21),
    ("SF-2014-01", _D(2019, 6, 30)): _D(2020, 10, 12),
    ("SF-2015-01", _D(2021, 3, 31)): _D(2022, 2, 15),
    ("SF-2017-02", _D(2022, 6, 30)): _D(2023, 9, 18),
    ("SF-2022-02", _D(2024, 9, 30)): _D(2026, 1, 20),
}
"""(fund, quarter end): the day the statement came at last."""

MISSING = {
    ("SF-2019-02", _D(2026, 6, 30)),
    ("SF-2019-02", _D(2026, 9, 30)),
    ("SF-2020-01", _D(2026, 9, 30)),
}
"""Statements that had not come by the last file."""

RESTATED = {
    ("SF-2012-02", _D(2020, 12, 31)): (1240, _D(2022, 2, 15)),
    ("SF-2012-02", _D(2021, 3, 31)): (1240, _D(2022, 2, 15)),
    ("SF-2016-01", _D(2021, 12, 31)): (1180, _D(2023, 2, 21)),
    ("SF-2018-02", _D(2022, 12, 31)): (1125, _D(2024, 3, 19)),
    ("SF-2022-01", _D(2024, 12, 31)): (930, _D(2026, 3, 17)),
    ("SF-2021-01", _D(2025, 9, 30)): (1150, _D(2026, 7, 15)),
    ("PF-2023", _D(2024, 12, 31)): (1020, _D(2026, 4, 21)),
}
"""(fund, quarter end): (what was first stated in thousandths of what was right, the day of the correction)."""


def state_values(office: Office) -> None:
    """Write every vehicle's statements into its book."""
    for purse in office.vehicles:
        seen: set[str] = set()
        for day, accounts in sorted(purse.accounts.items()):
            gone = dict.fromkeys(seen - set(accounts), 0)
            seen = set(accounts)
            if (purse.code, day) not in MISSING:
                _state(purse, day, accounts | gone)
    for position in office.positions:
        holder = (office.sub_funds | office.uppers)[position.fund]  # type: ignore[operator]
        _marks(holder, position)


def _usual(day: dt.date, code: str) -> dt.date:
    """When a statement usually comes: six weeks after the quarter, after the audit for the year end."""
    wait = Stream(f"post {code} {day}").between(0, 9)
    return after(day, (105 if day.month == 12 else 41) + wait)


def received_on(code: str, day: dt.date) -> dt.date:
    """When the statement of a day came."""
    return LATE.get((code, day), _usual(day, code))


def _state(purse: Purse, day: dt.date, accounts: dict[str, int]) -> None:
    received = received_on(purse.code, day)
    key = (purse.code, day)
    if key in RESTATED:
        thousandths, corrected = RESTATED[key]
        total = sum(accounts.values()) * thousandths // 1000
        codes = sorted(code for code in accounts if accounts[code])
        first = dict(zip(codes, split(total, [accounts[c] for c in codes]), strict=True))
        _rows(purse, day, first, received, restated=False)
        _rows(purse, day, {code: accounts[code] for code in first}, corrected, restated=True)
    else:
        _rows(purse, day, accounts, received, restated=False)


def _rows(purse: Purse, day: dt.date, accounts: dict[str, int], received: dt.date, *, restated: bool) -> None:
    document = f"{purse.code} {quarter_name(day)} 报告" + ("（审计调整）" if restated else "")
    figures: list[tuple[str | None, int]] = [(None, sum(accounts.values())), *sorted(accounts.items())]
    purse.book.valuations += [
        Valuation(purse.code, day, code, None, fen, "报告净值", received, restated, document)
        for code, fen in figures
    ]


def _marks(holder: Purse, position: Position) -> None:
    """A value of each holding at every year end and on the last day."""
    days = [_D(year, 12, 31) for year in range(position.entry.year, LAST.year)] + [LAST]
    for day in days:
        fen = value_on(position, day)
        if fen > 0 and (holder.code, day) not in MISSING:
            holder.book.valuations.append(
                Valuation(
                    holder.code,
                    day,
                    None,
                    position.company,
                    fen,
                    _method(position, day),
                    _usual(day, holder.code),
                    document=f"{holder.code} {quarter_name(day)} 报告",
                )
            )


def _method(position: Position, day: dt.date) -> str:
    """The valuation technique a careful manager would have used."""
    sold = any(when <= day for when, _ in position.exits)
    fen = value_on(position, day)
    if sold:
        return "市场报价" if position.best >= 50_000 else "最近融资价格"
    since = position.follow_on if position.follow_on and position.follow_on <= day else position.entry
    if (day - since).days < 365:
        return "最近融资价格"
    if fen < position.cost:
        return "净资产"
    return "市场乘数" if fen > position.cost else "成本"
