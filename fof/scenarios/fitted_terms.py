"""What the book's own funds say about pacing and volatility: fitted quarter by quarter, shrunk to a published prior."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from fof.book.lines import promised
from fof.book.portfolios import Portfolio
from fof.book.reading import Bools, Floats, once_per_question, yuan
from fof.figures.performance.history import History, history
from fof.ledger import View, day_number
from fof.ledger.journal_columns import EPOCH
from fof.rules.calendar_days import quarter_ends
from fof.scenarios.opening_position import DAYS
from models.frozen import frozen
from valuation.scenario_fit import FitPanel, FittedEstimate, PacingFit, fit_pacing

RATE_YEARS = 7
"""Fund years with a call rate of their own, the last for all later ones: what is unfunded after the investment period is hardly
called any more, and a rate that years 3 to 5 share with it would call it all."""
PRIOR_YEARS = {"rates": 2.0, "growth": 40.0, "bow": 8.0}
"""Fund-years that the prior counts for: so many as make the error of a fit as wide as published parameters differ among kinds of
funds. In a book of 155 fund-years a call rate was off by 0.01 to 0.02, bow by 0.23, growth by 0.020 a year; published call
rates differ by about 0.1, bow by 1, growth by 0.04."""
PRIOR = "Takahashi & Alexander (2001), Yale base case"
PUBLISHED_RATES = (0.25, 1 / 3, 0.5)
PUBLISHED = {"life": 12.0, "bow": 2.5, "yield_rate": 0.0, "growth": 0.13}
"""The prior: Takahashi & Alexander, "Illiquid Alternative Asset Fund Modeling", Yale Investments Office, January 2001, p. 7.
It has no volatilities: what the book cannot fit of these has to be typed, and is 0 (said so) otherwise."""
FEWEST_FUNDS = 2
"""Funds of a strategy without which it has no fit of its own."""
FEWEST_YEARS = 10.0
"""Fund-years without which a volatility of the book's own says nothing."""


@frozen
class FittedTerm:
    """A parameter as fitted and as used: estimate, prior (nan: none), and the value drawn between the two."""

    name: str
    estimate: FittedEstimate
    prior: float
    value: float


@frozen
class FittedTerms:
    """The fit of a portfolio's funds up to the as-of day. smoothing: autocorrelation of values taken out, nan: not known.

    by_strategy : call rates, growth and bow of the funds of a strategy by themselves, drawn towards those of all funds
    """

    terms: tuple[FittedTerm, ...]
    smoothing: float
    funds: int
    by_strategy: Mapping[str, tuple[FittedTerm, ...]]

    def value(self, name: str) -> float:
        """The value used of a parameter of all funds."""
        return self.term(name).value

    def term(self, name: str, strategy: str | None = None) -> FittedTerm:
        """A parameter of a strategy; of all funds where the strategy has no fit of it."""
        own = self.by_strategy.get(strategy or "", ())
        return next(t for t in (*own, *self.terms) if t.name == name)


@once_per_question
def fitted_terms(view: View, portfolio: Portfolio) -> FittedTerms:
    """Call rates by fund year, growth, bow, volatilities and pacing noise of the portfolio's own stakes.

    Unfunded in the past is today's commitment less what was paid in by then. Only quarters between two known values enter
    growth; the term stated for a fund is its life, else the prior's.
    """
    panel, codes = fit_panel(view, portfolio)
    fit = fit_pacing(panel, RATE_YEARS)
    last = len(PUBLISHED_RATES) - 1
    terms = [
        _term(f"rates[{n + 1}]", estimate, PUBLISHED_RATES[min(n, last)])
        for n, estimate in enumerate(fit.rates)
    ]
    terms += [_term("growth", fit.growth, PUBLISHED["growth"]), _term("bow", fit.bow, PUBLISHED["bow"])]
    terms += [_unshrunk(name, estimate) for name, estimate in _volatilities(fit)]
    pooled = {term.name: term.value for term in terms}
    strategies = view.facts_each([view.party(code).id for code in codes], "strategy")
    by_strategy = {
        strategy.value: _of_strategy(panel, np.array([s is strategy for s in strategies]), pooled)
        for strategy in dict.fromkeys(strategies)
        if strategy is not None
    }
    return FittedTerms(tuple(terms), fit.smoothing, int(panel.commitment.size), by_strategy)


def _of_strategy(panel: FitPanel, own: Bools, pooled: Mapping[str, float]) -> tuple[FittedTerm, ...]:
    """What the funds of a strategy say by themselves, drawn towards all funds by the same number of fund-years as all are towards
    the publication. Nothing of a single fund: it has no error. Volatilities stay those of all."""
    if own.sum() < FEWEST_FUNDS:
        return ()
    fit = fit_pacing(FitPanel(*(getattr(panel, name)[own] for name in FitPanel.__slots__)), RATE_YEARS)
    estimates = {f"rates[{n + 1}]": estimate for n, estimate in enumerate(fit.rates)}
    estimates |= {"growth": fit.growth, "bow": fit.bow}
    return tuple(
        _term(name, estimate, pooled[name])
        for name, estimate in estimates.items()
        if np.isfinite(estimate.value) and np.isfinite(estimate.error)
    )


def _volatilities(fit: PacingFit) -> list[tuple[str, FittedEstimate]]:
    return [("market", fit.market), ("fund", fit.fund), ("own", fit.own), ("pacing", fit.pacing)]


def _term(name: str, estimate: FittedEstimate, prior: float) -> FittedTerm:
    weight = PRIOR_YEARS[name.partition("[")[0]]
    return FittedTerm(name, estimate, prior, estimate.shrunk(prior, weight))


def _unshrunk(name: str, estimate: FittedEstimate) -> FittedTerm:
    known = np.isfinite(estimate.value) and estimate.fund_years >= FEWEST_YEARS
    return FittedTerm(name, estimate, float("nan"), estimate.value if known else float("nan"))


def fit_panel(view: View, portfolio: Portfolio) -> tuple[FitPanel, tuple[str, ...]]:
    """What each fund did in each quarter up to the as-of day, and the codes of the funds."""
    assert view.as_of is not None
    first = dt.date(1990, 1, 1)
    days = quarter_ends(first, view.as_of)
    past = history(view, portfolio, days, "fund")
    begun = past.paid_in > 0
    if not begun.any():
        return _no_panel(), ()
    start = int(begun.any(axis=0).argmax())
    rows = np.flatnonzero(begun.any(axis=1))
    firsts, lives, committed = _lives(view, portfolio, past, rows)
    ends = np.array([d.toordinal() for d in days])
    age = (ends[None, :] - firsts[:, None]) / DAYS
    paid_in, distributed = yuan(past.paid_in[rows]), yuan(past.distributed[rows])
    nav = np.where(past.nav_known[rows], yuan(past.nav[rows]), np.nan)
    nav = np.where(paid_in > 0, nav, 0.0)
    zero = np.zeros((rows.size, 1))
    before = np.concatenate([zero, nav[:, :-1]], axis=1)
    alive = (age > 0) & ((before != 0) | (paid_in < committed[:, None]) | np.isnan(before))
    chosen = slice(max(0, start), None)
    calls = np.diff(paid_in, axis=1, prepend=0.0)
    paid = np.diff(distributed, axis=1, prepend=0.0)
    left = np.maximum(committed[:, None] - np.concatenate([zero, paid_in[:, :-1]], axis=1), 0.0)

    def part(values: Floats) -> Floats:
        return np.where(alive, values, np.nan)[:, chosen]

    panel = FitPanel(
        part(age),
        lives,
        committed,
        part(before),
        part(nav),
        part(left),
        part(np.maximum(calls, 0.0)),
        part(paid),
    )
    return panel, tuple(past.groups[row][0] for row in rows.tolist())


def _lives(
    view: View, portfolio: Portfolio, past: History, rows: np.ndarray
) -> tuple[Floats, Floats, Floats]:
    """First flow (ordinal), life in years, commitment in yuan of each row."""
    committed = {view.parties[fund].code: fen for fund, fen in promised(view, portfolio).items()}
    begun = np.full(len(past.groups), np.iinfo(np.int64).max)
    np.minimum.at(begun, past.group_of, past.flows.day.astype(np.int64))
    firsts = begun[rows].tolist()
    paid = yuan(past.paid_in[rows].max(axis=1)).tolist()
    codes = [past.groups[row][0] for row in rows.tolist()]
    terms = view.facts_each([view.by_code[code].id for code in codes], "term_end")
    lives = [
        PUBLISHED["life"] if term is None else max(1.0, (day_number(term) - first) / DAYS)
        for term, first in zip(terms, firsts, strict=True)
    ]
    sizes = [max((committed.get(code) or 0) / 100, own) for code, own in zip(codes, paid, strict=True)]
    ordinals = [float(first + EPOCH.toordinal()) for first in firsts]
    return np.array(ordinals), np.array(lives), np.array(sizes)


def _no_panel() -> FitPanel:
    none = np.empty((0, 0))
    return FitPanel(none, np.empty(0), np.empty(0), none, none, none, none, none)
