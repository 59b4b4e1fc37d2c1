"""The command for lifecycle coverage."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

from fof.cli.asked import Asked, asks, day_option
from fof.cli.printed import printed
from fof.cli.usage import helped, option


class CoveragePart(StrEnum):
    """What of the coverage is printed."""

    SURFACE = "surface"
    MANDATES = "mandates"
    GAPS = "gaps"
    CONTINUITY = "continuity"
    CONCENTRATION = "concentration"
    COMPANIES = "companies"
    COMPANY = "company"
    CHANGE = "change"
    STAGES = "stages"


@helped(
    "全生命周期覆盖面：阶段 × 工具 × 市（地）× 行业，授权、缺口、接续、集中度、企业与变动。",
    "Lifecycle coverage: the surface, mandates, gaps, continuity, concentration, companies, change.",
)
@asks("as_of known_at unit lang json")
def coverage(
    asked: Asked,
    part: Annotated[
        CoveragePart, option("--part", "列示哪一部分", "which part is printed")
    ] = CoveragePart.SURFACE,
    by: Annotated[
        str,
        option(
            "--by",
            "覆盖面的维度，以逗号分隔：stage、city、industry、instrument",
            "dimensions of the surface: stage, city, industry, instrument",
            metavar="LIST",
        ),
    ] = "stage,instrument",
    stage: Annotated[str | None, option("--stage", "只列该阶段的企业", "companies of a stage")] = None,
    city: Annotated[str | None, option("--city", "只列该市（地）的企业", "companies of a city")] = None,
    industry: Annotated[
        str | None, option("--industry", "只列该行业大类的企业", "companies of an industry")
    ] = None,
    instrument: Annotated[
        str | None,
        option("--instrument", "只列用过该工具的企业", "companies of an instrument"),
    ] = None,
    since: Annotated[
        dt.date | None,
        day_option("--since", "变动：自哪一日起", "change: from which day"),
    ] = None,
    company: Annotated[
        str | None,
        option("--company", "企业时间线：企业编号", "whose time line", metavar="CODE"),
    ] = None,
    definition: Annotated[
        str | None,
        option("--definition", "阶段口径，缺省 fof-2017", "stage definition", metavar="ID"),
    ] = None,
) -> None:
    from fof.figures.coverage_asked import coverage_asked

    printed(
        coverage_asked(
            asked.view(),
            part.value,
            by=by,
            stage=stage,
            city=city,
            industry=industry,
            instrument=instrument,
            since=since,
            company=company,
            definition=definition,
        ),
        asked,
    )
