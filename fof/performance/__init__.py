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
from fof.performance.lines import Line, portfolio_lines, stake_lines
from fof.performance.rates import Rate

__all__ = [
    "GROUPINGS", "Line", "Performance", "Rate", "Table", "fund_performance", "group", "performance", "portfolio_lines",
    "portfolio_total", "stake_lines",
]  # fmt: skip
