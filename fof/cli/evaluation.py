"""Commands for evaluation and reporting duties. Registered with `app.add_typer(evaluation.app, name="evaluation")`."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof import words
from fof.cli.asked import (
    Asked,
    Why,
    asks,
    database,
    read_day,
    today,
)
from fof.cli.printed import placed, print_sentence, printed
from fof.cli.usage import both, helped
from fof.figures.answers import Answer
from fof.figures.documents import LOSSES, REINVESTMENT, SCORECARD, SCORES, WHOLE_LIFE
from fof.words import _
from models.text import Text

if TYPE_CHECKING:
    from fof.evaluation import Losses, Scorecard
    from fof.ledger import Booked, View

Row = dict[str, Any]
app = typer.Typer(
    help=both("绩效评价、容亏、返投、登记信息", "evaluation and reporting duties"), no_args_is_help=True
)
Fund = Annotated[
    str | None,
    typer.Option("--fund", metavar="CODE", help=both("基金编号，缺省为全部", "fund, all if left out")),
]
Since = Annotated[
    dt.date | None,
    typer.Option(
        "--from",
        parser=read_day,
        metavar="DAY",
        help=both("起始日，缺省为今天", "first day, today if left out"),
    ),
]
Rests = Annotated[str, typer.Option("--document", help=both("依据文件", "document it rests on"))]


@app.command("score")
@helped(
    "绩效评价：各基金得分；--fund 列出每项指标及缺项。",
    "Scores; with --fund every indicator and what is missing.",
)
@asks("as_of known_at lang json")
def score(asked: Asked, fund: Fund = None) -> None:
    view = asked.view()
    printed(scores_document(view) if fund is None else scorecard_document(view, asked, fund), asked)


def scores_document(view: View) -> Answer:
    """Every evaluated fund's score."""
    from fof import evaluation as use_case

    cards = [use_case.scorecard(view, code) for code in use_case.evaluated_funds(view)]
    rows = [{**_score(card), "record": card} for card in cards]
    return Answer(SCORES, rows, view.as_of, view.known_at, "CNY")


def scorecard_document(view: View, asked: Asked, fund: str) -> Answer:
    """A fund's indicators, computed or asked for."""
    from fof import evaluation as use_case

    card = use_case.scorecard(view, fund)
    head: Row = {
        "fund": fund,
        "final": card.final,
        "score": card.score,
        "so_far": _two(card.so_far),
        "weight_so_far": _two(card.weight_so_far),
        "bonus": card.bonus,
        "missing": len(card.missing),
        "refused": words.clauses(p.text(asked.language) for p in card.weights.problems) or None,
    }
    rows = [{"fund": fund, **row} for row in _lines(card, asked.language)]
    return Answer(SCORECARD, rows, view.as_of, view.known_at, "CNY", head)


def _two(points: Decimal | None) -> Decimal | None:
    return None if points is None else round(points, 2)


def _score(card: Scorecard) -> Row:
    return {
        "fund": card.fund,
        "name": card.name,
        "final": card.final,
        "score": card.score,
        **{block.name: _two(block.points) for block in card.blocks},
        "so_far": _two(card.so_far),
        "weight_so_far": _two(card.weight_so_far),
        "missing": len(card.missing),
        "missing_names": ", ".join(line.indicator.name for line in card.missing) or None,
    }


def _lines(card: Scorecard, language: str) -> list[Row]:
    return [
        {
            "block": x.indicator.block,
            "indicator": x.indicator.name,
            "title": x.indicator.text.of(language),
            "state": x.state,
            "value": x.value,
            "unit": x.indicator.unit,
            "zero": None if x.scale is None else x.scale.zero,
            "full": None if x.scale is None else x.scale.full,
            "weight": _two(x.weight),
            "points": _two(x.points),
            "note": x.text.of(language),
            "source": x.source,
            "scale_source": None if x.scale_source is None else x.scale_source.of(language),
            "record": x,
        }
        for x in card.lines
    ]


@app.command("losses")
@helped(
    "容亏：按类别和基金的已实现、未实现亏损及余量；不动用任何资金。",
    "Losses against tolerance; moves no money.",
)
@asks("as_of known_at unit lang json")
def losses(
    asked: Asked,
    deals: Annotated[bool, typer.Option("--deals", help=both("列出每个项目", "every deal too"))] = False,
) -> None:
    printed(losses_document(asked.view(), deals=deals), asked)


def losses_document(view: View, *, deals: bool = False) -> Answer:
    """Losses against tolerance by class and fund, and by deal where asked for."""
    from fof import evaluation as use_case

    rows = _loss_rows(use_case.losses(view), deals)
    return Answer(LOSSES, rows, view.as_of, view.known_at, "CNY")


def _loss_rows(measured: Losses, deals: bool) -> list[Row]:
    groups = [
        ("class", measured.classes),
        ("fund", measured.funds),
        *([("deal", measured.deals)] if deals else []),
    ]
    return [
        {
            **{f.name: getattr(loss, f.name) for f in LOSSES.slots if f.name != "by"},
            "by": by,
            "currency": loss.currency,
            "reasons": {} if loss.reason is None else {"lost": loss.reason, "headroom_fen": loss.reason},
            "record": loss,
        }
        for by, rows in groups
        for loss in rows
    ]


@app.command("whole-life")
@helped(
    "国有创投机构全生命周期：成立以来全部基金的投资、损益与净倍数。",
    "State venture institutions over the life of their funds.",
)
@asks("as_of known_at unit lang json")
def whole_life(
    asked: Asked,
) -> None:
    printed(whole_life_document(asked.view(), asked), asked)


def whole_life_document(view: View, asked: Asked) -> Answer:
    """State venture institutions since inception over all their funds."""
    from fof import evaluation as use_case

    rows: list[Row] = [
        {
            "institution": institution.life.institution,
            "name": institution.name,
            "funds": ", ".join(institution.life.funds),
            "invested": institution.life.result.cost,
            "proceeds": institution.life.result.proceeds,
            "realised": institution.life.result.realised,
            "unrealised": institution.life.result.unrealised,
            "loss_ratio": institution.life.loss_ratio,
            "net_multiple": institution.life.net,
            "losses": institution.asked,
            "lacking": institution.lacking,
            "grades": words.listed(
                f"{fund} {grade.text.of(asked.language)}" for fund, grade in institution.life.grades.items()
            )
            or None,
            "currency": institution.life.currency or "CNY",
            "reasons": {},
            "record": institution,
        }
        for institution in use_case.institutions(view)
    ]
    return Answer(WHOLE_LIFE, rows, view.as_of, view.known_at, "CNY")


@app.command("reinvestment")
@helped("返投：合同约定的完成情况与政策提示。", "Reinvestment owed by contract, with the policy's warning.")
@asks("as_of known_at unit lang json")
def reinvestment(
    asked: Asked,
) -> None:
    printed(reinvestment_document(asked.view()), asked)


def reinvestment_document(view: View) -> Answer:
    """Reinvestment owed by contract and what is recognised of it."""
    from fof import evaluation as use_case

    rows = [
        {
            **{f.name: getattr(duty, f.name) for f in REINVESTMENT.slots},
            "claims": len(duty.claims),
            "twice": len(duty.twice),
            "currency": duty.currency,
            "reasons": {} if duty.reason is None else {"shortfall": duty.reason},
            "record": duty,
        }
        for duty in use_case.reinvestments(view)
    ]
    return Answer(REINVESTMENT, rows, view.as_of, view.known_at, "CNY")


@app.command("register")
@helped("登记信息导出与签署前完整性检查。", "The register's export, and whether it can be signed.")
@asks("as_of known_at lang json")
def register(
    asked: Asked,
    year: Annotated[
        int | None, typer.Option("--year", help=both("年度，缺省为上一年", "year, the last one if left out"))
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", dir_okay=False, help=both("写出工作簿", "write the workbook"))
    ] = None,
) -> None:
    from fof import evaluation as use_case

    filed = use_case.register(asked.view(), year)
    if xlsx is not None:
        placed(xlsx, use_case.register_workbook(filed))
        print_sentence(f"{xlsx}")
    if asked.json:
        sys.stdout.write(use_case.register_json(filed))
        return
    for fund in filed.funds:
        names = (Text("、", ", ").of(asked.language)).join(f.text.of(asked.language) for f in fund.missing)
        state = (
            (Text("可签署", "can sign").of(asked.language))
            if fund.can_sign
            else (Text(f"缺 {names}", f"missing {names}").of(asked.language))
        )
        sys.stdout.write(
            _("{} {}：{}{}\n", "{} {}: {}{}\n").format(
                fund.fund,
                fund.name,
                state,
                (Text("（逾期未报）", " (late)").of(asked.language)) if fund.late else "",
            )
        )
    due = "—" if filed.due_on is None else str(filed.due_on)
    signed = Text("可签署", "can be signed") if filed.can_sign else Text("尚不可签署", "not yet to be signed")
    print_sentence(
        Text(f"{filed.year} · 期限 {due} · {signed.zh}", f"{filed.year} · due {due} · {signed.en}")
    )


@app.command("weights")
@helped("设定三块权重（合计 100，各在区间内），写入日记账。", "Set the three weights; a journal entry.")
def weights(
    policy: Annotated[str, typer.Argument(help=both("政策权重", "policy"))],
    compliance: Annotated[str, typer.Argument(help=both("合规权重", "compliance"))],
    results: Annotated[str, typer.Argument(help=both("效益权重", "results"))],
    fund: Fund = None,
    since: Since = None,
    document: Rests = "",
    why: Why = None,
) -> None:
    from fof import evaluation as use_case
    from fof.access import LOCAL

    named = {"policy": policy, "compliance": compliance, "results": results}
    _print_booked(use_case.set_weights(database(), LOCAL, fund, named, since or today(), document, why))


@app.command("mark")
@helped("填报一项人工评分或加分，写入日记账。", "State a mark or the bonus; a journal entry.")
def mark(
    fund: Annotated[str, typer.Argument(help=both("基金编号", "fund"))],
    indicator: Annotated[
        str, typer.Argument(help=both("须填报的指标名，或 bonus", "an indicator asked for, or bonus"))
    ],
    value: Annotated[
        str,
        typer.Argument(
            help=both("0 至 1 的分值（或百分数）；加分为分数", "0 to 1, or per cent; points for the bonus")
        ),
    ],
    on: Since = None,
    document: Rests = "",
    why: Why = None,
) -> None:
    from fof import evaluation as use_case
    from fof.access import LOCAL

    _print_booked(use_case.set_input(database(), LOCAL, fund, indicator, value, on or today(), document, why))


@app.command("scale")
@helped("设定一项指标的评分标准，写入日记账。", "Set an indicator's scale; a journal entry.")
def scale(
    indicator: Annotated[str, typer.Argument(help=both("由账簿计算的指标名", "a computed indicator"))],
    zero: Annotated[str, typer.Argument(help=both("零分值", "no points at"))],
    full: Annotated[str, typer.Argument(help=both("满分值", "full points at"))],
    fund: Fund = None,
    since: Since = None,
    document: Rests = "",
    why: Why = None,
) -> None:
    from fof import evaluation as use_case
    from fof.access import LOCAL

    _print_booked(
        use_case.set_scale(database(), LOCAL, fund, indicator, zero, full, since or today(), document, why)
    )


def _print_booked(done: Booked) -> None:
    for entry in done.entries:
        print_sentence(Text(f"已登记分录 {entry}", f"booked as entry {entry}"))
    for already in done.already:
        print_sentence(Text(f"账中已有，分录 {already.entry}", f"already booked as entry {already.entry}"))
