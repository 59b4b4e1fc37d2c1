"""The command that opens a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof.cli import specs
from fof.cli.asked import Asked, AsOf, Json, KnownAt, Lang, PortfolioCode, Unit, UnitOption, party
from fof.cli.fields import Document
from fof.cli.printed import printed, told

if TYPE_CHECKING:
    from fof.explain import Explanation, Part
    from fof.ledger import View
    from fof.statements import Statement

SHARES = {"gov_direct": "direct", "gov_looked_through": "looked_through", "gov_with_soe": "with_soe"}
"""Figure of the command line -> reading of fof.explain."""


def explain(
    figure: Annotated[
        str,
        typer.Argument(
            help="committed called paid_in distributed unfunded recallable overdue nav dpi rvpi tvpi paid_in_rate irr gov_direct gov_looked_through gov_with_soe leverage_a leverage_b leverage_c"
        ),
    ],
    fund: Annotated[
        str | None, typer.Option("--fund", metavar="CODE", help="基金编号 / code of a fund")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", help="分组，direct（直投）或 combined（含直投） / a grouping, direct or combined"
        ),
    ] = None,
    key: Annotated[str | None, typer.Option("--key", help="分组的编号 / code of the group")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    portfolio: PortfolioCode = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """打开一个数字：公式、逐笔记录与文件。 / Open a figure: formula, rows and documents."""
    from fof import explain as use_case
    from fof.errors import Unknown

    asked = Asked(as_of, known_at, json, portfolio, unit, lang)
    view = asked.view()
    chosen = asked.chosen(view)
    number = None if fund is None else party(view, fund)
    if figure in SHARES:
        if number is None:
            raise Unknown("基金（--fund）", "—")
        found = use_case.explain_government(view, number, SHARES[figure])
    elif figure.startswith("leverage_"):
        found = use_case.explain_leverage(view, chosen, figure.removeprefix("leverage_"), number)
    elif number is not None:
        found = use_case.explain(view, chosen, figure, "fund", view.parties[number].code)
    else:
        found = use_case.explain(view, chosen, figure, by or "portfolio", key)
    printed(_document(view, found, chosen.currency, asked), asked)


def print_line(view: View, statement: Statement, line: str, currency: str, asked: Asked) -> None:
    """One line of a capital account or NAV bridge, opened. Unknown for no such line."""
    from fof.errors import Unknown
    from fof.explain import explain_item

    item = next((i for i in statement.items if i.name == line), None)
    if item is None:
        raise Unknown(f"报表项目（{'、'.join(i.name for i in statement.items)}）", line)
    chinese = asked.language == "zh"
    opened = explain_item(view, statement, item)
    head = {
        "figure": item.name,
        "by": "statement",
        "key": view.parties[statement.fund].code,
        "label": item.zh if chinese else item.en,
        "amount": item.fen,
        "left_out": opened.left_out,
    }
    rows = _rows(view, opened, chinese)
    printed(Document(specs.EXPLANATION, rows, view.as_of, view.known_at, currency, head), asked)


def _rows(view: View, part: Part, chinese: bool) -> list[dict[str, Any]]:
    return [
        {
            "part": part.zh if chinese else part.en,
            "part_amount": part.fen,
            "table": row.table,
            "entry": row.entry,
            "line": row.line,
            "day": row.day,
            "kind": row.kind,
            "kind_label": row.kind_zh if chinese else row.kind_en,
            "from": _name(view, row.from_party),
            "to": _name(view, row.to_party),
            "fund": None if row.fund is None else view.parties[row.fund].code,
            "amount": row.fen,
            "share": row.share,
            "document": row.document,
        }
        for row in part.rows
    ]


def _document(view: View, found: Explanation, currency: str, asked: Asked) -> Document:
    chinese = asked.language == "zh"
    rows: list[dict[str, Any]] = []
    for part in found.parts:
        rows += _rows(view, part, chinese)
        if not asked.json:
            told(f"{part.zh if chinese else part.en}：{len(part.rows) + part.left_out}")
    money = found.unit == "fen"
    reason = found.reason
    head = {
        "figure": found.figure,
        "by": found.by,
        "key": found.key,
        "label": found.label,
        "formula": found.formula_zh if chinese else found.formula_en,
        "value": None if money else found.value,
        "amount": found.value if money else None,
        "reason": None if reason is None else (reason.zh if chinese else reason.en),
        "left_out": sum(p.left_out for p in found.parts),
    }
    return Document(specs.EXPLANATION, rows, found.as_of, found.known_at, currency, head)


def _name(view: View, number: int | None) -> str | None:
    return None if number is None else view.name(number)
