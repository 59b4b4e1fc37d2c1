"""Commands for return figures and commitments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fof.cli.asked import Asked, OneFund, ShareOf, asks
from fof.cli.printed import printed
from fof.cli.usage import helped, option


@helped("业绩：认缴、实缴、分配、净值、DPI、RVPI、TVPI、IRR、PME。", "Returns at any node or group.")
@asks("as_of known_at portfolio unit lang json")
def performance(
    asked: Asked,
    fund: OneFund = None,
    by: Annotated[
        str,
        option(
            "--by",
            "分组，可用逗号列出多个",
            "groupings, separated by commas: fund,vintage,strategy,city,manager,class,kind,status,investor",
        ),
    ] = "fund",
    index: Annotated[
        Path | None,
        option(
            "--index",
            "指数 csv（日期,点位），计算 KS-PME",
            "csv of day,level for KS-PME",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    from fof.figures.performance.market import read_index
    from fof.figures.performance_document import groupings, performance_document

    benchmark = None if index is None else read_index(index)
    view = asked.view()
    printed(performance_document(view, asked.chosen(view), groupings(by), fund, benchmark), asked)


@helped("认缴、通知、实缴、未实缴，政府出资比例与放大倍数。", "Commitments, government share, leverage.")
@asks("as_of known_at portfolio unit lang json")
def commitments(
    asked: Asked,
    by: Annotated[
        str, option("--by", "分组：fund、investor 或 stake", "by fund, investor or stake")
    ] = "fund",
    look_through: Annotated[
        bool,
        option("--look-through", "列出穿透持有的基金与企业", "what is held through every path instead"),
    ] = False,
    base: ShareOf = "commitment",
) -> None:
    from fof.errors import one_of
    from fof.figures.commitments import GROUPINGS
    from fof.figures.commitments_document import commitments_document

    view = asked.view()
    chosen = asked.chosen(view)
    if look_through:
        from fof.figures.lookthrough_document import base_of, holder, lookthrough_document

        owner = holder(view, chosen, None)
        printed(lookthrough_document(view, owner, base_of(base), every=asked.json), asked)
    else:
        printed(commitments_document(view, chosen, one_of(by, GROUPINGS, "by")), asked)
