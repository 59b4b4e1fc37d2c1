"""Return figures: of a fund, of any group of stakes, of a whole portfolio, on one day or on many."""

from fof.figures.performance.direct import combined, direct, direct_holdings, handed_within, performance
from fof.figures.performance.groupings import GROUPINGS, english_label
from fof.figures.performance.history import History, history, rates_on
from fof.figures.performance.market import Index, Market, market
from fof.figures.performance.measured import Known, Performance, PerformanceTable
from fof.figures.performance.rates_of_return import Rate
from fof.figures.performance.returns import fund_performance, group, portfolio_total, stake_performance

__all__ = [
    "GROUPINGS",
    "History",
    "Index",
    "Known",
    "Market",
    "Performance",
    "Rate",
    "PerformanceTable",
    "combined",
    "direct",
    "direct_holdings",
    "handed_within",
    "english_label",
    "fund_performance",
    "group",
    "history",
    "market",
    "performance",
    "portfolio_total",
    "rates_on",
    "stake_performance",
]
