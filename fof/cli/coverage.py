"""The command for lifecycle coverage."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

import typer

from fof.cli.asked import Asked, asks, read_day
from fof.cli.printed import printed
from fof.cli.usage import both, helped


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
        CoveragePart, typer.Option("--part", help=both("列示哪一部分", "which part is printed"))
    ] = CoveragePart.SURFACE,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="LIST",
            help=both(
                "覆盖面的维度，以逗号分隔：stage、city、industry、instrument",
                "dimensions of the surface: stage, city, industry, instrument",
            ),
        ),
    ] = "stage,instrument",
    stage: Annotated[
        str | None, typer.Option("--stage", help=both("只列该阶段的企业", "companies of a stage"))
    ] = None,
    city: Annotated[
        str | None, typer.Option("--city", help=both("只列该市（地）的企业", "companies of a city"))
    ] = None,
    industry: Annotated[
        str | None, typer.Option("--industry", help=both("只列该行业大类的企业", "companies of an industry"))
    ] = None,
    instrument: Annotated[
        str | None,
        typer.Option("--instrument", help=both("只列用过该工具的企业", "companies of an instrument")),
    ] = None,
    since: Annotated[
        dt.date | None,
        typer.Option(
            "--since",
            parser=read_day,
            metavar="DAY",
            help=both("变动：自哪一日起", "change: from which day"),
        ),
    ] = None,
    company: Annotated[
        str | None,
        typer.Option("--company", metavar="CODE", help=both("企业时间线：企业编号", "whose time line")),
    ] = None,
    definition: Annotated[
        str | None,
        typer.Option("--definition", metavar="ID", help=both("阶段口径，缺省 fof-2017", "stage definition")),
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
