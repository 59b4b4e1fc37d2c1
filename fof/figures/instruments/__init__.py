"""The small instruments in figures: a table for each, the leverage of public money by instrument, and the sheet of PI-12."""

from __future__ import annotations

from fof.errors import one_of
from fof.figures.answers import Answer
from fof.figures.instruments.applications import (
    INSTRUMENT_SUBSIDIES,
    INSTRUMENT_VOUCHERS,
    subsidies_document,
    vouchers_document,
)
from fof.figures.instruments.entitled import (
    INSTRUMENT_DEDUCTIONS,
    INSTRUMENT_RESULTS,
    deductions_document,
    results_document,
)
from fof.figures.instruments.hosted import (
    INSTRUMENT_ANGELS,
    INSTRUMENT_INCUBATORS,
    INSTRUMENT_SERVICES,
    angels_document,
    incubators_document,
    services_document,
)
from fof.figures.instruments.public_money import (
    FISCAL_LEVERAGE,
    INSTRUMENT_NATIONAL,
    fiscal_leverage_document,
    national_document,
)
from fof.figures.instruments.statistics_sheet import INSTRUMENT_STATISTICS, statistics_document
from fof.ledger import View

__all__ = [
    "FISCAL_LEVERAGE",
    "INSTRUMENT_ANGELS",
    "INSTRUMENT_DEDUCTIONS",
    "INSTRUMENT_INCUBATORS",
    "INSTRUMENT_NATIONAL",
    "INSTRUMENT_RESULTS",
    "INSTRUMENT_SERVICES",
    "INSTRUMENT_STATISTICS",
    "INSTRUMENT_SUBSIDIES",
    "INSTRUMENT_TABLES",
    "INSTRUMENT_VOUCHERS",
    "instrument_document",
]

INSTRUMENT_TABLES = {
    "vouchers": vouchers_document,
    "subsidies": subsidies_document,
    "incubators": incubators_document,
    "angels": angels_document,
    "results": results_document,
    "deductions": deductions_document,
    "services": services_document,
    "national": national_document,
    "leverage": fiscal_leverage_document,
    "statistics": statistics_document,
}
"""What can be asked of the small instruments → how its document is made of a view."""


def instrument_document(view: View, table: str) -> Answer:
    """The document of one table. Unknown for no such table."""
    return INSTRUMENT_TABLES[one_of(table, INSTRUMENT_TABLES, "table")](view)
