"""The command for the small instruments."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fof.cli.asked import Asked, asks
from fof.cli.printed import printed
from fof.cli.usage import helped, option


class InstrumentTable(StrEnum):
    """What of the small instruments is listed."""

    VOUCHERS = "vouchers"
    SUBSIDIES = "subsidies"
    INCUBATORS = "incubators"
    ANGELS = "angels"
    RESULTS = "results"
    DEDUCTIONS = "deductions"
    SERVICES = "services"
    NATIONAL = "national"
    LEVERAGE = "leverage"
    STATISTICS = "statistics"


@helped(
    "专项工具：创新券；--table 列出后补助、孵化载体、天使投资人、财政资金成果、投资抵扣、投后服务、国家资金、财政资金放大或统计（PI-12）。",
    "Small instruments: vouchers; --table lists subsidies, incubators, angels, publicly funded results, deductions, services, national funds, the leverage of public money or statistics (PI-12).",
)
@asks("as_of known_at unit lang json")
def instruments(
    asked: Asked,
    table: Annotated[
        InstrumentTable,
        option("--table", "列出什么", "what is listed"),
    ] = InstrumentTable.VOUCHERS,
) -> None:
    from fof.figures.instruments import instrument_document

    printed(instrument_document(asked.view(), table.value), asked)
