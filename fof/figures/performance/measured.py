"""What performance says of a group of stakes, and of the groups of a portfolio together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field

from fof.book.portfolios import Portfolio
from fof.book.reading import Reason
from fof.book.values import Value
from fof.figures.performance.rates_of_return import Rate
from models.frozen import frozen


@frozen
class Performance:
    """Return figures of one group of stakes on the as-of day.

    by, key, label : what it is grouped by, the group's code and its name (key "" where not stated)
    pairs          : the (fund, investor) stakes in it; investor -1: a fund with all its investors
    committed … recallable : fen; None where a part is not known. recallable is part of distributed
    paid_in, distributed   : the investor's own, prices of stakes included, those within the group left out
    unfunded_callable, unfunded_lapsed : parts of unfunded; what lapsed can no longer be called (fof.book.unfunded)
    registered_…           : what the funds' registers hold for the stakes today
    nav            : value with age, roll-forward label and statements behind it
    paid_in_rate   : registered_paid_in / committed;  dpi, rvpi, tvpi : multiples of paid_in
    irr            : of the dated flows and the value; as reported for a single disclosed position
    reasons        : figure -> why it does not exist
    known          : where only a part has a value, the figures of that part; nav, rvpi, tvpi and irr stay unknown
    source         : "book", "statement" (disclosed figures), "direct" (companies held without a fund) or "mixed"
    currency       : of the amounts; None where the stakes are in several: then every figure is unknown
    by_currency    : of such a group the figures of each currency, the yuan first
    """

    by: str
    key: str
    label: str
    currency: str | None
    pairs: tuple[tuple[int, int], ...]
    committed: int | None
    called: int | None
    paid_in: int | None
    distributed: int | None
    unfunded: int | None
    recallable: int | None
    nav: Value
    paid_in_rate: float
    dpi: float
    rvpi: float
    tvpi: float
    irr: Rate
    source: str = "book"
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    known: Known | None = None
    registered_paid_in: int | None = None
    registered_distributed: int | None = None
    unfunded_callable: int | None = None
    unfunded_lapsed: int | None = None
    by_currency: tuple[Performance, ...] = ()

    @property
    def each(self) -> tuple[Performance, ...]:
        """Itself, then the subtotals of its currencies where it has several."""
        return (self, *self.by_currency)

    def value_of(self, figure: str) -> int | float | None:
        """A figure by its name in the register; None where it does not exist."""
        value = (
            self.nav.fen if figure == "nav" else self.irr.value if figure == "irr" else getattr(self, figure)
        )
        return None if value != value else value

    @property
    def differs_from_registers(self) -> bool:
        """Whether paid-in or distributed money of the investor is another than what the funds' registers hold."""
        return any(
            registered is not None and registered != own
            for own, registered in (
                (self.paid_in, self.registered_paid_in),
                (self.distributed, self.registered_distributed),
            )
        )

    @property
    def funds(self) -> tuple[int, ...]:
        """Ids of the funds in the group."""
        return tuple(dict.fromkeys(fund for fund, _ in self.pairs))


@frozen
class Known:
    """The part of a group that has a value, where another part has none: never to be read as the whole.

    figures : of the stakes with a value alone, their own paid-in, distributions, value, multiples and rate
    missing : (code, name) of what has no value
    paid_in : what was paid into the missing part, in fen; None where that is not known
    share   : paid_in over everything paid in, nan where that is not known
    """

    figures: Performance
    missing: tuple[tuple[str, str], ...]
    paid_in: int | None
    share: float


@frozen
class PerformanceTable:
    """Performance of the groups of a portfolio, and of all together.

    total    : all stakes in funds
    direct   : what the portfolio itself invested in companies, None where it did not; it has no commitments
    combined : the two together, None without direct investments
    """

    as_of: dt.date | None
    known_at: int
    portfolio: Portfolio
    by: str
    rows: tuple[Performance, ...]
    total: Performance
    direct: Performance | None = None
    combined: Performance | None = None
