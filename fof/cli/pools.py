"""Commands for risk-compensation pools."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fof.cli.asked import Asked, asks
from fof.cli.printed import printed
from fof.cli.usage import helped, option


class PoolTable(StrEnum):
    """What of the pools is listed."""

    POOLS = "pools"
    CONTRIBUTORS = "contributors"
    LIMITS = "limits"
    LOANS = "loans"
    CLAIMS = "claims"
    MONTHS = "months"


@helped(
    "风险补偿资金池：余额、放大倍数、各分母代偿率、在办申请；--table 列出资方、限额、贷款、申请或月度统计（PI-10）。",
    "Pools: balance, leverage, compensation rates by denominator, claims in hand; --table lists contributors, limits, loans, claims or months (PI-10).",
)
@asks("as_of known_at unit lang json")
def pools(
    asked: Asked,
    table: Annotated[
        PoolTable,
        option("--table", "列出什么", "what is listed"),
    ] = PoolTable.POOLS,
    pool: Annotated[
        str | None,
        option("--pool", "只看一个资金池", "one pool only", metavar="CODE"),
    ] = None,
) -> None:
    from fof.figures.pool_months import pool_document

    printed(pool_document(asked.view(), table.value, pool), asked)
