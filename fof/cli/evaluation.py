"""Commands for evaluation and reporting duties. Registered with `app.add_typer(evaluation.app, name="evaluation")`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fof.cli.asked import Asked, FundOrAll, RestsOn, Since, Why, acting, asks, database
from fof.cli.printed import placed, print_booked, print_sentence, printed
from fof.cli.usage import argument, both, helped, option
from fof.words import today

app = typer.Typer(
    help=both("绩效评价、容亏、返投、登记信息。", "Evaluation and reporting duties."), no_args_is_help=True
)


@app.command("score")
@helped(
    "绩效评价：各基金得分；--fund 列出每项指标及缺项。",
    "Scores; with --fund every indicator and what is missing.",
)
@asks("as_of known_at lang json")
def score(asked: Asked, fund: FundOrAll = None) -> None:
    from fof.evaluation.evaluation_document import scorecard_document, scores_document

    view = asked.view()
    printed(scores_document(view) if fund is None else scorecard_document(view, fund), asked)


@app.command("losses")
@helped(
    "容亏：按类别和基金的已实现、未实现亏损及余量；不动用任何资金。",
    "Losses against tolerance; moves no money.",
)
@asks("as_of known_at unit lang json")
def losses(
    asked: Asked,
    deals: Annotated[bool, option("--deals", "列出每个项目", "every deal too")] = False,
) -> None:
    from fof.evaluation.evaluation_document import losses_document

    printed(losses_document(asked.view(), deals=deals), asked)


@app.command("whole-life")
@helped(
    "国有创投机构全生命周期：成立以来全部基金的投资、损益与净倍数。",
    "State venture institutions over the life of their funds.",
)
@asks("as_of known_at unit lang json")
def whole_life(asked: Asked) -> None:
    from fof.evaluation.evaluation_document import whole_life_document

    printed(whole_life_document(asked.view()), asked)


@app.command("reinvestment")
@helped("返投：合同约定的完成情况与政策提示。", "Reinvestment owed by contract, with the policy's warning.")
@asks("as_of known_at unit lang json")
def reinvestment(
    asked: Asked,
    claims: Annotated[bool, option("--claims", "列出每笔认定", "every claim instead")] = False,
) -> None:
    from fof.evaluation.evaluation_document import claims_document, reinvestment_document

    document = claims_document if claims else reinvestment_document
    printed(document(asked.view()), asked)


@app.command("leverage")
@helped(
    "放大倍数及其所除的金额，各基金的政府出资占比（两种口径、按层级）。",
    "Leverage with the amounts it divides; government shares by reading and level.",
)
@asks("as_of known_at portfolio unit lang json")
def leverage(asked: Asked) -> None:
    from fof.figures.leverage_document import leverage_document

    view = asked.view()
    printed(leverage_document(view, asked.chosen(view)), asked)


@app.command("register")
@helped(
    "登记信息导出与签署前完整性检查；--fund 列出一只基金的全部字段。",
    "The register's export, and whether it can be signed; with --fund every field of one fund.",
)
@asks("as_of known_at lang json")
def register(
    asked: Asked,
    fund: FundOrAll = None,
    year: Annotated[
        int | None,
        option("--year", "年度，缺省为上一年", "year, the last one if left out", min=1900, max=2999),
    ] = None,
    xlsx: Annotated[Path | None, option("--xlsx", "写出工作簿", "write the workbook", dir_okay=False)] = None,
) -> None:
    from fof import evaluation as use_case
    from fof.evaluation.register_document import fields_document, register_document, register_export

    view = asked.view()
    filed = use_case.register(view, year)
    if xlsx is not None:
        placed(xlsx, use_case.register_workbook(filed))
        print_sentence(f"{xlsx}")
    if fund is None:
        printed(register_document(view, filed), asked, register_export(filed))
    else:
        printed(fields_document(view, filed, fund), asked)


@app.command("weights")
@helped("设定三块权重（合计 100，各在区间内），写入日记账。", "Set the three weights; a journal entry.")
def weights(
    policy: Annotated[str, argument("政策权重", "policy")],
    compliance: Annotated[str, argument("合规权重", "compliance")],
    results: Annotated[str, argument("效益权重", "results")],
    fund: FundOrAll = None,
    since: Since = None,
    document: RestsOn = "",
    why: Why = None,
) -> None:
    from fof import evaluation as use_case

    named = {"policy": policy, "compliance": compliance, "results": results}
    print_booked(use_case.set_weights(database(), acting(), fund, named, since or today(), document, why))


@app.command("mark")
@helped("填报一项人工评分或加分，写入日记账。", "State a mark or the bonus; a journal entry.")
def mark(
    fund: Annotated[str, argument("基金编号", "fund")],
    indicator: Annotated[str, argument("须填报的指标名，或 bonus", "an indicator asked for, or bonus")],
    value: Annotated[
        str,
        argument("0 至 1 的分值（或百分数）；加分为分数", "0 to 1, or per cent; points for the bonus"),
    ],
    on: Since = None,
    document: RestsOn = "",
    why: Why = None,
) -> None:
    from fof import evaluation as use_case

    print_booked(
        use_case.set_input(database(), acting(), fund, indicator, value, on or today(), document, why)
    )


@app.command("scale")
@helped("设定一项指标的评分标准，写入日记账。", "Set an indicator's scale; a journal entry.")
def scale(
    indicator: Annotated[str, argument("由账簿计算的指标名", "a computed indicator")],
    zero: Annotated[str, argument("零分值", "no points at")],
    full: Annotated[str, argument("满分值", "full points at")],
    fund: FundOrAll = None,
    since: Since = None,
    document: RestsOn = "",
    why: Why = None,
) -> None:
    from fof import evaluation as use_case

    print_booked(
        use_case.set_scale(database(), acting(), fund, indicator, zero, full, since or today(), document, why)
    )
