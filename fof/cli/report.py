"""Reports as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fof.cli.asked import Asked, asks
from fof.cli.printed import placed, print_sentence
from fof.cli.usage import both, helped, option

app = typer.Typer(
    help=both("报告：资金池按月、按规模（PI-10）。", "Reports: pools by month and size class (PI-10)."),
    no_args_is_help=True,
)


@app.command("pools")
@helped(
    "资金池月度统计报告（PI-10）：按月与企业规模的入池、利率费率、申请、各方赔付、追偿与余额；写成工作簿。",
    "The report on pools by month (PI-10): enrolled by size class, rates, claims, what each payer paid, recoveries, balance; as a workbook.",
)
@asks("as_of known_at lang")
def pools(
    asked: Asked,
    out: Annotated[Path, option("-o", "写成工作簿", "write the workbook", "--out", metavar="F.xlsx")],
    pool: Annotated[
        str | None,
        option("--pool", "只看一个资金池", "one pool only", metavar="CODE"),
    ] = None,
) -> None:
    from fof.figures.pool_months import months_workbook

    placed(out, months_workbook(asked.view(), pool))
    print_sentence(f"{out}")
