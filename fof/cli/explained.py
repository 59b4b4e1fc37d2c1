"""The command that opens a figure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof.book.parties import named, near, party
from fof.cli.asked import (
    Asked,
    TableUnit,
    WrongOption,
    asks,
    one_of,
)
from fof.cli.printed import printed
from fof.cli.usage import both, helped
from fof.figures import documents
from fof.figures.answers import Answer
from models.text import Text

if TYPE_CHECKING:
    from fof.book.portfolios import Portfolio
    from fof.explain import Explanation, FigureTerm
    from fof.figures.statement_items import Sale, Statement
    from fof.ledger import View

_FIGURES = " ".join(documents.OPENED)
SHARES = {"gov_direct": "direct", "gov_looked_through": "looked_through", "gov_with_soe": "with_soe"}
"""Figure of the command line -> reading of fof.explain."""


@helped("打开一个数字：公式、逐笔记录与文件。", "Open a figure: formula, rows and documents.")
@asks("as_of known_at portfolio unit lang json", TableUnit.YUAN)
def explain(
    asked: Asked,
    figure: Annotated[
        str,
        typer.Argument(
            help=both(
                f"{_FIGURES}；穿透：exposure_share exposure_cost exposure_value",
                f"{_FIGURES}; looked through: exposure_share exposure_cost exposure_value",
            )
        ),
    ],
    fund: Annotated[
        str | None, typer.Option("--fund", metavar="CODE", help=both("基金编号", "code of a fund"))
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", help=both("分组，direct（直投）或 combined（含直投）", "a grouping, direct or combined")
        ),
    ] = None,
    key: Annotated[str | None, typer.Option("--key", help=both("分组的编号", "code of the group"))] = None,
    of: Annotated[
        str | None,
        typer.Option(
            "--of",
            metavar="CODE",
            help=both("穿透指标所指的企业或基金", "company or fund that is looked through to"),
        ),
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner",
            metavar="CODE",
            help=both("穿透的持有人，缺省为组合", "who holds it, the portfolio if left out"),
        ),
    ] = None,
    currency: Annotated[
        str | None,
        typer.Option(
            "--currency",
            metavar="CODE",
            help=both(
                "组合有多种币种时，打开其中一种的小计",
                "the subtotal of one currency, where there are several",
            ),
        ),
    ] = None,
) -> None:
    printed(explain_document(asked.view(), asked, figure, fund, by, key, of, owner, currency), asked)


def explain_document(
    view: View,
    asked: Asked,
    figure: str,
    fund: str | None = None,
    by: str | None = None,
    key: str | None = None,
    of: str | None = None,
    owner: str | None = None,
    currency: str | None = None,
) -> Answer:
    """A figure opened: its formula above, and the rows and documents of every term."""
    from fof import explain as use_case
    from fof.book.succession import current
    from fof.errors import Unknown
    from fof.figures.of_facts import figures_of_facts

    chosen = asked.chosen(view)
    of_facts = () if figure in documents.OPENED else figures_of_facts()
    one_of(figure, (*documents.OPENED, *use_case.EXPOSURES, *of_facts), "FIGURE")
    number = None if fund is None else party(view, fund)
    if figure in of_facts:
        if of is None:
            raise WrongOption(Text("须指明 --of（主体编号）", "name the party: --of CODE"))
        explanation = use_case.explain_facts(view, figure, party(view, of))
    elif figure in use_case.EXPOSURES:
        holder = chosen.party if owner is None else party(view, owner)
        if holder is None or of is None:
            raise WrongOption(
                Text(
                    "穿透指标须指明 --of（与 --owner）", "name what is looked through to: --of (and --owner)"
                )
            )
        explanation = use_case.explain_exposure(view, holder, party(view, of), figure)
    elif figure in SHARES:
        if number is None:
            raise WrongOption(Text("政府出资比例按单只基金计算：须指明 --fund", "name the fund: --fund"))
        explanation = use_case.explain_government(view, number, SHARES[figure])
    elif figure.startswith("leverage_"):
        explanation = use_case.explain_leverage(
            view, chosen, figure.removeprefix("leverage_"), number, currency if number is None else None
        )
    elif number is not None:
        if current(view, number) not in {current(view, f) for f in chosen.funds}:
            raise Unknown(
                Text("组合内的基金", "fund of the portfolio"),
                named(view, number),
                near(view, str(fund), chosen.funds),
            )
        code = view.parties[current(view, number)].code
        explanation = use_case.explain(view, chosen, figure, "fund", code, currency)
    else:
        explanation = use_case.explain(view, chosen, figure, *_group(view, chosen, by, key), currency)
    document = _document(view, explanation, explanation.currency, asked)
    document.head = {**document.head, **_whose(explanation, chosen)}
    return document


def _whose(explanation: Explanation, portfolio: Portfolio) -> dict[str, Any]:
    """Whose the figure is: a government's share is of the whole fund, whoever asks; and of returns net or gross."""
    from fof.book import perspective

    if explanation.figure in SHARES or explanation.figure in SHARES.values():
        return {"whose": "whole_fund"}
    if explanation.by == "party":
        return {}
    if explanation.by in ("lookthrough", "stake"):
        return {"whose": "investor"}
    whose = perspective.whose(portfolio, explanation.by)
    returns = explanation.figure in ("nav", "dpi", "rvpi", "tvpi", "irr")
    return {"whose": whose, "basis": perspective.basis(explanation.by) if returns else None}


def _group(view: View, portfolio: Portfolio, by: str | None, key: str | None) -> tuple[str, str | None]:
    """The grouping and its key as asked for; wrong usage or Unknown with what there is."""
    from fof.errors import Unknown
    from fof.figures.performance import GROUPINGS, performance
    from fof.figures.register import members

    if by is None and key is None:
        return "portfolio", None
    chosen = one_of(by or "fund", (*GROUPINGS, "stake", "portfolio", "direct", "combined"), "--by")
    if chosen not in GROUPINGS:
        return chosen, key
    groups = {r.key: r.label for r in performance(view, portfolio, chosen).rows}
    if key is None:
        listed = list(groups)[:20]
        raise WrongOption(
            Text(f"须指明 --key：{'、'.join(listed)}", f"name the group: --key, as {', '.join(listed)}")
        )
    if key not in groups and chosen != "investor":
        raise Unknown(
            Text(f"{members('groups')[chosen].zh}组", f"group by {members('groups')[chosen].en.lower()}"),
            key,
            [f"{k} {label}" for k, label in list(groups.items())[:10]],
        )
    return chosen, key


def line_document(view: View, asked: Asked, statement: Statement, line: str) -> Answer:
    """One line of a capital account or NAV bridge, opened. Unknown for no such line."""
    from fof.book.currencies import currency_of
    from fof.errors import Unknown
    from fof.explain import explain_item
    from fof.figures.statements import bridge

    sold = [(sale, own_line) for sale in statement.sales for own_line in sale.lines if own_line[0] == line]
    if sold:
        return _sales(view, statement, sold, asked)
    item = next((i for i in statement.items if i.name == line), None)
    if item is None:
        beside = [name for sale in statement.sales[:1] for name, *_ in sale.lines]
        lines = [*(i.name for i in statement.items), *beside]
        kind = Text(f"报表项目（{'、'.join(lines)}）", f"line of the statement ({', '.join(lines)})")
        raise Unknown(kind, line)
    opened = [explain_item(view, statement, item)]
    if item.whole is not None:  # a line that was shared out: the fund's own line stands behind it
        whole = bridge(view, statement.fund, statement.start)
        own = next(i for i in whole.items if i.name == line)
        of_fund = explain_item(view, whole, own)
        opened.append(replace(of_fund, text=Text(f"基金的{own.text.zh}", f"{own.text.en} of the fund")))
    head = {
        "texts": {"figure": item.text.of(asked.language), "key": named(view, statement.fund)},
        "figure": item.name,
        "by": "statement",
        "key": view.parties[statement.fund].code,
        "label": item.text.of(asked.language),
        "amount": item.fen,
        "currency": statement.currency,
        "whose": "whole_fund" if statement.investor is None else "investor",
        "basis": "net",
        "left_out": sum(p.left_out for p in opened) or None,
        "formula": None if item.name not in _DERIVED else _DERIVED[item.name].of(asked.language),
    }
    rows = [row for p in opened for row in _rows(view, p)]
    headings = {p.text.of(asked.language): _heading(p, asked) for p in opened}
    currency = currency_of(view, statement.fund)
    return Answer(documents.EXPLANATION, rows, view.as_of, view.known_at, currency, head, (), headings)


def _sales(
    view: View,
    statement: Statement,
    sold: list[tuple[Sale, tuple[str, Text, int | None]]],
    asked: Asked,
) -> Answer:
    """What stands beside the account for every sale of the period, opened."""
    from fof.book.currencies import currency_of
    from fof.explain import sale_parts

    name, text, _ = sold[0][1]
    amounts = [line[2] for _, line in sold]
    opened = [p for sale, _ in sold for p in sale_parts(view, sale, name)]
    head = {
        "texts": {"figure": text.of(asked.language), "key": named(view, statement.fund)},
        "figure": name,
        "by": "statement",
        "key": view.parties[statement.fund].code,
        "label": text.of(asked.language),
        "amount": None if None in amounts else sum(fen or 0 for fen in amounts),
        "currency": statement.currency,
        "formula": None,
    }
    rows = [row for p in opened for row in _rows(view, p)]
    headings = {p.text.of(asked.language): _heading(p, asked) for p in opened}
    currency = currency_of(view, statement.fund)
    return Answer(documents.EXPLANATION, rows, view.as_of, view.known_at, currency, head, (), headings)


_DERIVED = {
    "result": Text("期末净值 − 期初净值 − 各笔收付", "ending NAV − beginning NAV − flows"),
    "residual": Text(
        "期末净值 − 期初净值 − 各笔收付 − 各项损益",
        "ending NAV − beginning NAV − flows − itemised results",
    ),
}
"""Lines that are worked out from the others: no entry stands behind them."""


def _rows(view: View, part: FigureTerm) -> list[dict[str, Any]]:
    return [
        {
            "part": str(part.text),
            "part_amount": part.fen,
            **({"currency": code} if (code := row.currency or part.currency) is not None else {}),
            "table": row.table,
            "entry": row.entry,
            "line": row.line,
            "day": row.day,
            "kind": row.kind,
            "kind_label": str(row.kind_text),
            "from": _name(view, row.from_party),
            "to": _name(view, row.to_party),
            "fund": None if row.fund is None else view.parties[row.fund].code,
            "amount": row.fen,
            "share": row.share,
            "document": row.document,
            "source": row.source,
            "texts": {"source": ""} if row.source in (None, row.document) else {},
            "record": row,
        }
        for row in part.rows
    ]


def _document(view: View, explanation: Explanation, currency: str | None, asked: Asked) -> Answer:
    rows = [row for part in explanation.parts for row in _rows(view, part)]
    money = explanation.kind == "money"
    reason = explanation.reason
    head = {
        "texts": _texts(explanation, currency, asked),
        "figure": explanation.figure,
        "by": explanation.by,
        "key": explanation.key,
        "label": explanation.label,
        "formula": explanation.equation,
        "value": None if money else explanation.value,
        "amount": explanation.value if money else None,
        "currency": explanation.currency,
        "reason": None if reason is None else reason.text.of(asked.language),
        "left_out": sum(p.left_out for p in explanation.parts) or None,
        "known_value": None if money else explanation.known,
        "known_amount": explanation.known if money else None,
        "missing": ";".join(explanation.missing) or None,
    }
    headings = {p.text.of(asked.language): _heading(p, asked) for p in explanation.parts}
    return Answer(
        documents.EXPLANATION, rows, explanation.as_of, explanation.known_at, currency, head, (), headings
    )


def _texts(explanation: Explanation, currency: str | None, asked: Asked) -> dict[str, str]:
    """The figure as it stands in the tables it is from, and its name instead of its code."""
    from fof import words

    words.use(asked.language)
    unit = words.unit_name(str(asked.unit), currency)
    texts = {"figure": explanation.text.of(asked.language)}
    for name, value in (("value", explanation.value), ("known_value", explanation.known)):
        if explanation.kind != "money" and value is not None:
            texts[name] = (
                f"{words.multiple(value) if explanation.kind == 'multiple' else words.percent(value)}  {value:.6f}"
            )
        elif value is not None:
            texts["amount" if name == "value" else "known_amount"] = (
                f"{words.amount(value, str(asked.unit))} {unit}"
            )
    return texts


def _heading(part: FigureTerm, asked: Asked) -> str:
    """A term of the formula: its words, what it comes to, how many rows stand behind it."""
    from fof import words

    count = len(part.rows) + part.left_out
    text = part.text.of(asked.language)
    if part.fen is not None:
        text += Text(
            f"　{words.amount(part.fen, str(asked.unit))}", f"  {words.amount(part.fen, str(asked.unit))}"
        ).of(asked.language)
    elif part.share is not None:
        text += Text(f"　{words.percent(part.share)}", f"  {words.percent(part.share)}").of(asked.language)
    if part.left_out:
        left = words.amount(part.left_out_fen, str(asked.unit))
        text += Text(
            f"（共 {count} 行，较早的 {part.left_out} 行未列出，合计 {left}）",
            f" ({count} rows; the {part.left_out} oldest are left out, {left} in all)",
        ).of(asked.language)
    return text


def _name(view: View, number: int | None) -> str | None:
    return None if number is None else view.name(number)
