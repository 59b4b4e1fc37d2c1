"""Fee run: the management fee the terms give, quarter by quarter, beside what the manager charged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from itertools import groupby

import numpy as np

from fof.book.attributes import Attributes
from fof.book.fee_base import fee_base
from fof.book.fee_terms import fee_start, fee_stretches, manager_free
from fof.book.index import book_of
from fof.book.reading import Reason
from fof.book.timelines import Dates, Timeline
from fof.ledger import View, day_number
from fof.rules.calendar_days import add_months, quarter_end_before
from fof.rules.facts import FeePhase
from models.facts import FACTS
from models.frozen import frozen
from models.kinds import FeeBasis, FeeDayCount
from models.money import known_sum
from models.text import Text, joined
from valuation.fees import (
    ACTUAL,
    FULL_PERIOD,
    Balance,
    FeeMeasure,
    FeeStep,
    FeeTerms,
    Period,
    management_fees,
)
from valuation.refusals import ValuationError

_A_DAY = dt.timedelta(days=1)
NO_NAV = Reason(
    "no_nav", Text("本季初之前没有净值报告，无法按净值计费", "no statement of value before the quarter began")
)


@frozen
class FeeQuarter:
    """One quarter, in fen. computed: None where the terms or the base do not give it (`note` says why).

    start, end : first and last day      phases : parts of the fund's life in it, with base, rate and balance of each
    charged    : paid to the manager within the quarter, rebates taken off
    difference : charged - computed; > 0: more was charged than agreed
    """

    start: dt.date
    end: dt.date
    phases: tuple[tuple[str, str, str, int], ...]
    computed: int | None
    charged: int
    note: Reason | None = None

    @property
    def difference(self) -> int | None:
        """What was charged above the terms."""
        return None if self.computed is None else self.charged - self.computed


@frozen
class FeeRun:
    """The quarters of a fund, oldest first, and their sums; `missing`: terms the book does not state."""

    fund: int
    quarters: tuple[FeeQuarter, ...]
    missing: tuple[Reason, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)

    @property
    def computed(self) -> int | None:
        """Of all quarters; None where one is not known, or the terms are not."""
        return None if self.missing else known_sum(q.computed for q in self.quarters)

    @property
    def charged(self) -> int:
        """Of all quarters."""
        return sum(q.charged for q in self.quarters)

    @property
    def difference(self) -> int | None:
        """Charged above the terms, in all."""
        return None if self.computed is None else self.charged - self.computed


_PHASES = {
    "investment": Text("投资期", "investment"),
    "exit": Text("退出期", "exit"),
    "extension": Text("延长期", "extension"),
}


def phase_text(quarter: FeeQuarter) -> Text:
    """The phases of a quarter in words: phase, base, rate."""
    words = [
        Text(
            f"{_PHASES[phase].zh} {FeeBasis(base).zh} {rate}",
            f"{_PHASES[phase].en}: {FeeBasis(base).en.lower()} {rate}",
        )
        for phase, base, rate, _ in quarter.phases
    ]
    return joined(dict.fromkeys(words))


def fee_run(view: View, fund: int) -> FeeRun:
    """Quarter by quarter from the fund's first day to the as-of day, the last quarter up to it.

    rate x base x days / 365 (or by the fund's own day count) with base and rate in force on each day (valuation.fees);
    where the manager's own commitment bears no fee, the base is that of the others. The periods are those of the
    as-of day: investment period, exit period, extension beyond the first term (fof.book.fee_terms). Nothing is due before
    the first close (else the fund's first day), after the term, or once the fund was closed. Quarters add up to the fee of the whole span. A fee paid in
    arrears shows as charged in the quarter of its payment: the sum of the differences tells, not one alone.
    """
    assert view.as_of is not None, "a fee run needs an as-of day"
    paid = book_of(view).fees.get(fund, Timeline()).upto(view.as_of)
    charged = {day: sum(f.fen for f in own) for day, own in groupby(paid, lambda f: f.day)}
    facts = Attributes(view.prefix, Dates())
    terms, missing, term_texts = _terms(view, facts, fund)
    first = min([d for d in (fee_start(facts, fund, view.as_of), *charged) if d is not None], default=None)
    if first is None or first > view.as_of:
        return FeeRun(fund, (), tuple(missing), term_texts)
    quarters = _quarters(first, view.as_of)
    computed: list[int | None] = [None] * len(quarters)
    phases: list[list[tuple[str, str, str, int]]] = [[] for _ in quarters]
    notes: list[Reason | None] = [missing[0] if missing else None] * len(quarters)
    if terms is not None:
        balances = {b: _balance(view, fund, b) for b in {step.basis for step in terms.steps}}
        bounds = [day_number(a) for a, _ in quarters] + [day_number(add_months(quarters[-1][0], 3))]
        try:
            fees = management_fees(terms, balances, bounds)
        except ValuationError as error:
            wrong = Reason(
                "terms_refused", Text(f"费用条款无法执行：{error}", f"the fee terms cannot be run: {error}")
            )
            return FeeRun(
                fund,
                tuple(FeeQuarter(a, b, (), None, _within(charged, a, b), wrong) for a, b in quarters),
                (wrong,),
                term_texts,
            )
        for i, fee in enumerate(fees.fees.tolist()):
            computed[i] = fee
        for line in fees.lines:
            phases[line.billed].append(
                (str(line.period), str(line.basis), f"{float(line.rate):.4%}", line.balance)
            )
            if line.basis is FeeMeasure.NAV and not _known(balances[FeeMeasure.NAV], line.from_day):
                computed[line.billed], notes[line.billed] = None, NO_NAV
    return FeeRun(
        fund,
        tuple(
            FeeQuarter(a, b, tuple(dict.fromkeys(phases[i])), computed[i], _within(charged, a, b), notes[i])
            for i, (a, b) in enumerate(quarters)
        ),
        tuple(missing),
        term_texts,
    )


def _quarters(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    quarters, day = [], quarter_end_before(first - _A_DAY) + _A_DAY
    while day <= last:
        after = add_months(day, 3)
        quarters.append((day, min(after - _A_DAY, last)))
        day = after
    return quarters


def _terms(view: View, facts: Attributes, fund: int) -> tuple[FeeTerms | None, list[Reason], dict[str, str]]:
    """The fee clause, what it lacks, and what it says."""
    assert view.as_of is not None
    start = fee_start(facts, fund, view.as_of)
    history = view.history(fund, "term_end")
    term = history[0].value if history else None
    extended = view.fact(fund, "term_end")
    needed = {"fee_basis_investment": None, "fee_rate_investment": None, "term_end": None}
    investing = view.fact(fund, "investment_period_end")
    if investing is not None and term is not None and investing < term:
        needed |= {"fee_basis_exit": None, "fee_rate_exit": None}
    if extended is not None and term is not None and extended > term:
        needed |= {"fee_basis_exit": None, "fee_rate_extension": None}
    stated = {name: view.fact(fund, name) for name in needed}
    term_texts = {name: str(value) for name, value in stated.items() if value is not None}
    missing = [
        Reason("term_missing", Text(f"须登记“{FACTS[n].text.zh}”", f"{FACTS[n].text.en} must be stated"))
        for n, value in stated.items()
        if value is None
    ]
    if start is None:
        missing.append(
            Reason(
                "term_missing",
                Text("须登记首次交割日或成立日", "first close or establishment must be stated"),
            )
        )
    if missing or start is None or not isinstance(term, dt.date):
        return None, missing, term_texts
    stretches = [
        s for s in fee_stretches(facts, fund, start, view.as_of) if s.phase is not FeePhase.AFTER_TERM
    ]
    if start > view.as_of or not stretches:
        return None, [], term_texts
    steps = [FeeStep(day_number(s.first), _PERIODS[s.phase], _basis(s.basis), str(s.rate)) for s in stretches]
    try:
        counted = FeeDayCount(view.fact(fund, "fee_day_count", FeeDayCount.ACT_365))
        ends = day_number(stretches[-1].last) + 1
        return FeeTerms(tuple(steps), ends, _DAY_COUNTS[counted], 4), [], term_texts
    except ValuationError as error:
        return (
            None,
            [
                Reason(
                    "terms_refused",
                    Text(f"费用条款前后矛盾：{error}", f"the fee terms contradict each other: {error}"),
                )
            ],
            term_texts,
        )


_PERIODS = {
    FeePhase.INVESTMENT: Period.INVESTMENT,
    FeePhase.EXIT: Period.EXIT,
    FeePhase.EXTENSION: Period.EXTENSION,
}
_DAY_COUNTS = {
    FeeDayCount.ACT_365: "ACT/365F",
    FeeDayCount.ACT_360: "ACT/360",
    FeeDayCount.ACT_ACT: ACTUAL,
    FeeDayCount.FULL_PERIOD: FULL_PERIOD,
}


def _basis(word: object) -> FeeMeasure:
    return FeeMeasure(str(FeeBasis(str(word)).value))


def _within(charged: Mapping[dt.date, int], first: dt.date, last: dt.date) -> int:
    return sum(fen for day, fen in charged.items() if first <= day <= last)


def _balance(view: View, fund: int, basis: FeeMeasure) -> Balance:
    """The fee base day by day (fof.book.fee_base)."""
    base = fee_base(book_of(view), fund, FeeBasis(str(basis)), manager_free(view, fund, "fee")).closings()
    return Balance(np.array([day_number(d) for d in base], np.int64), np.array([*base.values()], np.int64))


def _known(balance: Balance, day: int) -> bool:
    return bool(balance.days.size) and int(balance.days[0]) <= day
