"""Holdings: what a fund has in each company, at cost and at value, and what came back.

Cost, share and money are those of fof.book.cost_paths on the as-of day.
Value is the fund's latest mark of the company, plus money put in and less proceeds since (then labelled as rolled);
0 after a full exit or a write-off. Without a mark there is no value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import field

from fof.book.cost_paths import CostPath, DealMovement, companies_of, cost_paths
from fof.book.currencies import DEFAULT_CURRENCY, currency_of
from fof.book.marks import latest, marks
from fof.book.reading import Reason, as_of_day, once_per_view, ratio
from fof.book.succession import current
from fof.book.value_grid import BELOW_ZERO, NO_MARK
from fof.book.values import Value
from fof.ledger import Dated, View, to_date
from models.frozen import frozen
from models.kinds import DealKind
from models.text import Text

SOLD = Reason("sold", Text("已全部退出", "sold as a whole"))
WRITTEN_OFF = Reason("written_off", Text("已核销", "written off"))


@frozen
class Holding:
    """A fund's holding of one company, in fen of the fund's currency.

    invested, proceeds, dividends : money in, money of exits, dividends, since the first deal
    cost      : of what is still held
    share     : of the company, None where a deal does not state it
    multiple  : (received + value) / invested, nan where the value is not known
    stage, stage_definition : in force on the as-of day, else of the latest deal that states one
    state     : "held", "part_sold", "sold", "written_off"
    """

    fund: int
    company: int
    first_on: dt.date | None
    invested: int
    proceeds: int
    dividends: int
    cost: int
    value: Value
    multiple: float
    share: float | None
    stage: str | None
    stage_definition: str | None
    state: str
    deals: tuple[int, ...] = field(default=())
    currency: str = DEFAULT_CURRENCY

    @property
    def received(self) -> int:
        """Everything that came back: proceeds and dividends."""
        return self.proceeds + self.dividends

    @property
    def released(self) -> int:
        """Cost of what was sold or written off."""
        return self.invested - self.cost

    @property
    def realised(self) -> int:
        """Proceeds less the cost released."""
        return self.proceeds - self.released

    @property
    def unrealised(self) -> int:
        """Value less cost; only of a holding that has a value."""
        return (self.value.fen or 0) - self.cost


def money_of(view: View, fund: int, company: int) -> list[DealMovement]:
    """The money between a fund and a company up to the as-of day, by day."""
    return _path(view, fund, company).upto(as_of_day(view))


@once_per_view
def _known_holdings(view: View) -> dict[tuple[int, int], Holding]:
    return {}


def holdings(view: View, fund: int) -> list[Holding]:
    """Everything the fund holds or held, by company code."""
    paths, day = cost_paths(view), as_of_day(view)
    return [
        holding(view, fund, c) for c in companies_of(view).get(fund, ()) if paths[fund, c].held_before(day)
    ]


@once_per_view
def all_holdings(view: View) -> tuple[Holding, ...]:
    """Every holding of every fund, by fund and company code. fof.book.holding_columns tells the same without an object each."""
    return tuple(h for fund in sorted(companies_of(view)) for h in holdings(view, fund))


def holders_of(view: View, company: int) -> list[Holding]:
    """Every fund's holding of a company."""
    day = as_of_day(view)
    funds = [f for (f, c), path in cost_paths(view).items() if c == company and path.held_before(day)]
    return [holding(view, fund, company) for fund in sorted(funds, key=lambda f: view.parties[f].code)]


def holding(view: View, fund: int, company: int) -> Holding:
    """One holding; every amount 0 where the fund never had the company."""
    known = _known_holdings(view)
    own = known.get((fund, company))
    if own is None:
        own = known[fund, company] = _holding(view, fund, company)
    return own


def _path(view: View, fund: int, company: int) -> CostPath:
    return cost_paths(view).get((fund, company)) or CostPath((), ())


def _holding(view: View, fund: int, company: int) -> Holding:
    day, path = as_of_day(view), _path(view, fund, company)
    deals = path.deals_upto(day)
    kinds = {d.row.kind for d in deals}
    gone, written_off = path.closed_on(day) is not None, DealKind.WRITE_OFF in kinds
    invested, cost = path.invested(day), path.cost(day)
    proceeds, dividends = path.proceeds(day), path.dividends(day)
    value = value_of_holding(view, fund, company)
    total = None if value.fen is None else path.received(day) + value.fen
    stage, definition = _stage(view, company, deals)
    if gone:
        state = "written_off" if written_off and DealKind.EXIT not in kinds else "sold"
    else:
        state = "part_sold" if DealKind.PARTIAL_EXIT in kinds else "held"
    return Holding(
        fund,
        company,
        min((d.day for d in deals), default=None),
        invested,
        proceeds,
        dividends,
        cost,
        value,
        ratio(total, invested),
        path.share(day),
        stage,
        definition,
        state,
        tuple(d.row.id for d in deals),
        currency_of(view, fund),
    )


def value_of_holding(view: View, fund: int, company: int) -> Value:
    """What a holding is worth; see the module."""
    currency, path, today = currency_of(view, fund), _path(view, fund, company), as_of_day(view)
    if path.closed_on(today) is not None:
        gone = {d.row.kind for d in path.deals_upto(today)}
        return Value(0, note=WRITTEN_OFF if DealKind.WRITE_OFF in gone else SOLD, currency=currency)
    place = latest(view, company, stated_for(view, fund, company))
    if place < 0:
        return Value(None, note=NO_MARK, currency=currency)
    columns = marks(view)
    since = int(columns.day[place])
    day = to_date(since)
    later = path.rolled(since, today)
    fen = int(columns.fen[place]) + sum(later)
    where = ((int(columns.entry[place]), int(columns.line[place])),)
    age = None if view.as_of is None else (view.as_of - day).days
    below = bool(later) and fen < 0
    return Value(
        None if below else fen,
        day,
        age,
        bool(later),
        sum(later),
        BELOW_ZERO if below else None,
        where,
        currency=currency,
    )


def stated_for(view: View, fund: int, company: int) -> int:
    """Whose statement counts: the fund's own, or that of the successor it was merged into and which states it since."""
    after = current(view, fund)
    if after == fund or money_of(view, after, company) or latest(view, company, after) < 0:
        return fund
    return after


def _stage(view: View, company: int, deals: Sequence[Dated]) -> tuple[str | None, str | None]:
    stated = view.in_force(company, "stage")
    if stated is not None:
        return str(stated.value), stated.basis
    for deal in reversed(deals):
        if deal.row.stage is not None:
            return deal.row.stage, deal.row.stage_definition
    return None, None
