"""Return figures at any node or group: a fund, vintage, strategy, city, manager, class, investor, the whole portfolio.

Paid-in, distributions, multiples and rates are the investor's own performance (fof.book.own_flows): who sold a stake keeps its
history and received the price, who bought one paid it. Commitment, called and unfunded are the fund's register, and so are
the registered amounts beside them. Multiples follow ILPA: recallable distributions are shown and not netted; excess calls
returned lower paid-in.
TVPI = DPI + RVPI. A figure that does not exist is nan (amounts: None) with its reason under its name. A group whose
stakes are in several currencies has no figures, only those of each currency.
Source: rulebook PI-03, PI-04; posting treatments in models.posting_kinds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from fof.book.currencies import by_currency, one
from fof.book.flows import Flows
from fof.book.lines import (
    MONEY,
    StakeLine,
    in_currencies,
    paid_in_rate,
    portfolio_lines,
    stake_lines,
    summed,
)
from fof.book.own_flows import own_flows, sums
from fof.book.portfolios import Portfolio
from fof.book.reading import Reason, once_per_question, ratio, several
from fof.book.succession import current
from fof.book.value_grid import ABSORBED
from fof.book.values import Value, add_values
from fof.figures.performance.groupings import GROUPINGS, UNSTATED, Group
from fof.figures.performance.measured import Known, Performance, PerformanceTable
from fof.figures.performance.rates_of_return import (
    AS_REPORTED,
    NO_DATED_FLOWS,
    Rate,
    Series,
    by_group,
    rates,
    unknown,
)
from fof.grouping import by_key
from fof.ledger import View
from fof.ledger.journal_columns import Ints
from models.money import known_sum
from models.text import Text

NOTHING_PAID_IN = Reason("nothing_paid_in", Text("尚无实缴", "nothing was paid in"))


@once_per_question
def by_groups(view: View, portfolio: Portfolio, by: str = "fund") -> PerformanceTable:
    """Stakes in funds by group, and their total."""
    lines = (
        portfolio_lines(view, portfolio, by_investor=True)
        if by == "investor"
        else portfolio_lines(view, portfolio)  # the question that others ask
    )
    groups = by_key(lines, lambda line: GROUPINGS[by](view, line.fund, line.investor))
    keys = sorted(groups)
    rows = _figures(view, portfolio, by, [(key, groups[key]) for key in keys])
    total = portfolio_total(view, portfolio)
    return PerformanceTable(view.as_of, view.known_at, portfolio, by, tuple(rows), total)


@once_per_question
def portfolio_total(view: View, portfolio: Portfolio) -> Performance:
    """The whole portfolio as one group."""
    key = (portfolio.code, portfolio.name)
    if portfolio.holders is None:
        return _consolidated(view, portfolio)
    return _figures(view, portfolio, "portfolio", [(key, portfolio_lines(view, portfolio))])[0]


def fund_performance(view: View, portfolio: Portfolio, fund: int) -> Performance:
    """One fund (with what it succeeds) from the portfolio's side."""
    key = GROUPINGS["fund"](view, fund, -1)
    return _figures(view, portfolio, "fund", [(key, _lines_of(view, portfolio, {current(view, fund)}))])[0]


def performance_of_funds(view: View, portfolio: Portfolio, codes: Collection[str]) -> tuple[Performance, ...]:
    """The rows by fund of some funds of a portfolio, by code, without those of the others; as `by_groups` has them."""
    wanted = {view.by_code[code].id for code in codes if code in view.by_code}
    groups: dict[Group, list[StakeLine]] = {}
    for line in _lines_of(view, portfolio, wanted):
        groups.setdefault(GROUPINGS["fund"](view, line.fund, line.investor), []).append(line)
    return tuple(_figures(view, portfolio, "fund", [(key, groups[key]) for key in sorted(groups)]))


def _lines_of(view: View, portfolio: Portfolio, funds: Collection[int]) -> tuple[StakeLine, ...]:
    """The lines of a portfolio in some funds and in what they succeed; the values of the others are not looked at."""
    own = tuple(fund for fund in portfolio.funds if current(view, fund) in funds)
    return portfolio_lines(view, replace(portfolio, funds=own))


def stake_performance(
    view: View, portfolio: Portfolio, investor: str, fund: str | None = None
) -> Performance | None:
    """What any investor, by code and with what it succeeds, has in the portfolio's funds, or in one of them."""
    lines = [
        x
        for x in stake_lines(view, None, portfolio.funds)
        if view.parties[current(view, x.investor)].code == investor
        and (fund is None or view.parties[current(view, x.fund)].code == fund)
    ]
    if not lines:
        return None
    name = view.name(current(view, lines[0].investor))
    if fund is None:
        return _figures(view, portfolio, "investor", [((investor, name), lines)])[0]
    label = f"{name} → {view.name(current(view, lines[0].fund))}"
    return _figures(view, portfolio, "stake", [((f"{fund}|{investor}", label), lines)])[0]


def group(view: View, portfolio: Portfolio, by: str, key: str) -> Performance | None:
    """One group of the portfolio's stakes in funds, None where there is no such group."""
    return next((row for row in by_groups(view, portfolio, by).rows if row.key == key), None)


def _consolidated(view: View, portfolio: Portfolio) -> Performance:
    """All funds of a currency: outside money only, where funds hold shares of each other."""
    inside = set(portfolio.funds)
    pairs = in_currencies(portfolio, stake_lines(view, None, portfolio.funds))
    outside = [x for x in pairs if x.investor not in inside]
    between = [x for x in pairs if x.investor in inside]
    whole = portfolio_lines(view, portfolio)
    values = [x.value for x in whole] + [_negative(x.value) for x in between]
    names = [view.name(x.fund) for x in [*whole, *between]]
    key = (portfolio.code, portfolio.name)
    [performance] = _figures(view, portfolio, "portfolio", [(key, outside)], {0: add_values(values, names)})
    valued = tuple(x.fund for x in with_value(view, whole))
    if performance.nav.fen is not None or not 0 < len(valued) < len(whole):
        return performance
    part = _consolidated(view, replace(portfolio, funds=valued))
    return with_known(performance, part, *_missing(view, whole, outside))


def _negative(value: Value) -> Value:
    return Value(
        None if value.fen is None else -value.fen,
        value.marked_on,
        value.age_days,
        value.rolled,
        -value.rolled_fen,
        value.note,
        value.marks,
        value.missing,
        value.currency,
    )


def _figures(
    view: View,
    portfolio: Portfolio,
    by: str,
    groups: Sequence[tuple[Group, Sequence[StakeLine]]],
    values: Mapping[int, Value] | None = None,
) -> list[Performance]:
    """Figures of groups of lines; `values` replaces the sum of the lines' values for some groups.

    A group over several currencies is cut by currency first, and has no figures itself.
    """
    pieces = [
        (group, part)
        for group, lines in groups
        for part in (by_currency(lines, lambda x: x.currency).values() if lines else ((),))
    ]
    rows = _same_currency(view, portfolio, by, pieces, values)
    answer = []
    for (key, label), lines in groups:
        count = max(1, len({x.currency for x in lines}))
        own, rows = rows[:count], rows[count:]
        answer.append(own[0] if count == 1 else apart(by, key, label, own))
    return answer


def apart(by: str, key: str, label: str, parts: Sequence[Performance]) -> Performance:
    """A group over several currencies: nothing is added, each has its subtotal."""
    why = several(p.currency for p in parts if p.currency is not None)
    nan, sources = float("nan"), {p.source for p in parts}
    return Performance(
        by=by,
        key=key,
        label=label,
        currency=None,
        pairs=tuple(pair for p in parts for pair in p.pairs),
        **dict.fromkeys(MONEY),
        nav=Value(None, note=why),
        paid_in_rate=nan,
        dpi=nan,
        rvpi=nan,
        tvpi=nan,
        irr=unknown(why),
        source=sources.pop() if len(sources) == 1 else "mixed",
        reasons=dict.fromkeys((*MONEY, "nav", "paid_in_rate", "dpi", "rvpi", "tvpi", "irr"), why),
        by_currency=tuple(parts),
    )


def _same_currency(
    view: View,
    portfolio: Portfolio,
    by: str,
    groups: Sequence[tuple[Group, Sequence[StakeLine]]],
    values: Mapping[int, Value] | None = None,
) -> list[Performance]:
    """Figures of groups each of which is in one currency."""
    assert view.as_of is not None, "performance needs an as-of day"
    navs = [(values or {}).get(n) or _value_of(view, lines) for n, (_, lines) in enumerate(groups)]
    flows, number = group_flows(view, [lines for _, lines in groups])
    money = zip(*sums(flows, number, len(groups)), strict=True)
    rated = _rates(view, groups, navs, by_group(number, flows.day, flows.fen, len(groups)))
    rows = [
        figures_of(by, key, label, currency_for(portfolio, lines), lines, nav, rate, own)
        for ((key, label), lines), nav, rate, own in zip(groups, navs, rated, money, strict=True)
    ]
    return rows if values else _with_known(view, portfolio, by, groups, rows)


def _with_known(
    view: View,
    portfolio: Portfolio,
    by: str,
    groups: Sequence[tuple[Group, Sequence[StakeLine]]],
    rows: list[Performance],
) -> list[Performance]:
    """The same figures; those of a group of which a part has no value carry the figures of the rest."""
    valued = {n: with_value(view, lines) for n, (_, lines) in enumerate(groups) if rows[n].nav.fen is None}
    partly = [n for n, lines in valued.items() if lines]
    parts = _same_currency(view, portfolio, by, [(groups[n][0], valued[n]) for n in partly]) if partly else []
    answer = list(rows)
    for n, part in zip(partly, parts, strict=True):
        lines = groups[n][1]
        answer[n] = with_known(rows[n], part, *_missing(view, lines, lines))
    return answer


def with_value(view: View, lines: Sequence[StakeLine]) -> list[StakeLine]:
    """The lines that have a value; what was absorbed has one only together with its successor's line."""
    unknown = {_standing(view, x) for x in lines if x.value.fen is None}
    return [
        x
        for x in lines
        if x.value.fen is not None and not (x.value.note == ABSORBED and _standing(view, x) in unknown)
    ]


def _standing(view: View, line: StakeLine) -> tuple[int, int]:
    """Fund and investor that stand in a line's place today."""
    return current(view, line.fund), line.investor if line.investor < 0 else current(view, line.investor)


def _missing(
    view: View, lines: Sequence[StakeLine], paid: Sequence[StakeLine]
) -> tuple[list[tuple[str, str]], int | None]:
    """Code and name of every fund without a value, and what `paid` says was paid into them."""
    valued = with_value(view, lines)
    funds = dict.fromkeys(x.fund for x in lines if x not in valued)
    named = [(view.parties[f].code, view.name(f)) for f in funds]
    return named, own_paid_in(view, [x for x in paid if x.fund in funds])


def own_paid_in(view: View, lines: Sequence[StakeLine]) -> int | None:
    """What some stakes paid in together, as their own; None where a disclosure does not say."""
    flows, number = group_flows(view, [lines])
    return _with_disclosed(lines, "paid_in", sums(flows, number, 1)[0][0])


def _with_disclosed(lines: Sequence[StakeLine], name: str, booked: int) -> int | None:
    """What the book's flows add up to, with what disclosures and direct investments say of theirs."""
    return known_sum([booked, *(getattr(x, name) for x in lines if x.source != "book")])


def with_known(
    whole: Performance, part: Performance, missing: Sequence[tuple[str, str]], paid_in: int | None
) -> Performance:
    """The whole, carrying the figures of the part that has a value; as it is where nothing was paid into that part."""
    if not part.paid_in or part.nav.fen is None:
        return whole
    return replace(whole, known=Known(part, tuple(missing), paid_in, ratio(paid_in, whole.paid_in)))


def _value_of(view: View, lines: Sequence[StakeLine]) -> Value:
    if len(lines) == 1:
        return lines[0].value
    return add_values([x.value for x in lines], [view.name(x.fund) for x in lines])


def currency_for(portfolio: Portfolio, lines: Sequence[StakeLine]) -> str:
    """The one currency of some lines; without any, the portfolio's first. CurrenciesDiffer for several."""
    return one({x.currency for x in lines} or portfolio.currencies[:1])


def figures_of(
    by: str,
    key: str,
    label: str,
    currency: str,
    lines: Sequence[StakeLine],
    nav: Value,
    rate: Rate,
    own: tuple[int, int],
) -> Performance:
    """The figures of a group. own: paid in and distributed as the book's flows of the group have them."""
    registered, reasons = summed(lines)
    money = registered | {
        name: _with_disclosed(lines, name, fen)
        for name, fen in zip(("paid_in", "distributed"), own, strict=True)
    }
    rate_paid, no_rate = paid_in_rate(registered, reasons)
    if nav.fen is None and nav.note is not None:
        reasons["nav"] = nav.note
    committed, paid_in, distributed = money["committed"], money["paid_in"], money["distributed"]
    total = None if distributed is None or nav.fen is None else distributed + nav.fen
    multiples = {
        "dpi": ratio(distributed, paid_in),
        "rvpi": ratio(nav.fen, paid_in),
        "tvpi": ratio(total, paid_in),
    }
    for name, inputs in _INPUTS.items():
        if np.isnan(multiples[name]):
            missing = next((reasons[i] for i in inputs if i in reasons), None)
            reasons[name] = missing or NOTHING_PAID_IN
    if no_rate is not None:
        reasons["paid_in_rate"] = no_rate
    if np.isnan(rate.value):
        reasons["irr"] = rate.note or reasons.get("nav") or UNSTATED
    sources = {line.source for line in lines}
    return Performance(
        by=by,
        key=key,
        label=label,
        currency=currency,
        pairs=tuple((x.fund, x.investor) for x in lines if x.source != "direct"),
        committed=committed,
        called=money["called"],
        paid_in=paid_in,
        distributed=distributed,
        unfunded=money["unfunded"],
        recallable=money["recallable"],
        nav=nav,
        paid_in_rate=rate_paid,
        dpi=multiples["dpi"],
        rvpi=multiples["rvpi"],
        tvpi=multiples["tvpi"],
        irr=rate,
        source=sources.pop() if len(sources) == 1 else "mixed" if sources else "book",
        reasons=reasons,
        registered_paid_in=registered["paid_in"],
        registered_distributed=registered["distributed"],
        unfunded_callable=money["unfunded_callable"],
        unfunded_lapsed=money["unfunded_lapsed"],
    )


_INPUTS = {
    "dpi": ("paid_in", "distributed"),
    "rvpi": ("paid_in", "nav"),
    "tvpi": ("paid_in", "distributed", "nav"),
}


def _rates(
    view: View, groups: Sequence[tuple[Group, Sequence[StakeLine]]], navs: Sequence[Value], series: Series
) -> list[Rate]:
    assert view.as_of is not None
    computed = rates(series, [nav.fen for nav in navs], view.as_of)
    answer = []
    for (_, lines), rate in zip(groups, computed, strict=True):
        disclosed = [line for line in lines if line.statement is not None]
        if not disclosed:
            answer.append(rate)
        elif len(lines) == 1:
            answer.append(_reported(disclosed[0]))
        else:
            answer.append(unknown(NO_DATED_FLOWS))
    return answer


def _reported(line: StakeLine) -> Rate:
    assert line.statement is not None
    stated = line.statement.row.stated_irr
    if stated is None:
        return unknown(NO_DATED_FLOWS)
    return Rate(float(stated), "reported", (), AS_REPORTED)


def group_flows(view: View, groups: Sequence[Sequence[StakeLine]]) -> tuple[Flows, Ints]:
    """The dated flows behind groups of lines, and the number of the group each belongs to; see fof.book.own_flows.

    A line of a fund with all its investors (investor -1) takes every flow of the fund. Disclosed lines have none.
    """
    return own_flows(view, [[(x.fund, x.investor) for x in lines if x.source == "book"] for lines in groups])
