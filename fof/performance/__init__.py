"""Return figures: of a fund, of any group of stakes, of a whole portfolio, on one day or on many."""

from fof.performance.figures import (
    GROUPINGS,
    Performance,
    Table,
    fund_performance,
    group,
    performance,
    portfolio_total,
)
from fof.performance.history import History, history, rates_on
from fof.performance.rates import Rate

__all__ = [
    "GROUPINGS", "History", "Performance", "Rate", "Table", "fund_performance", "group", "history", "performance",
    "portfolio_total", "rates_on",
]  # fmt: skip
