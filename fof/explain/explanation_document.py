"""A figure, or a line of a statement, opened as a document: its formula above, the rows and documents of every term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fof import words
from fof.book import perspective
from fof.book.currencies import currency_of
from fof.book.filed_documents import files_of
from fof.book.parties import named, near, party
from fof.book.portfolios import Portfolio
from fof.book.succession import current
from fof.book.written import document_text
from fof.errors import Unknown, WrongArgument, one_of
from fof.explain.coverage_figures import OF_COVERAGE, explain_coverage
from fof.explain.exposure import EXPOSURES, explain_exposure
from fof.explain.facts import explain_facts
from fof.explain.formulas import Explanation
from fof.explain.formulas import explain as opened
from fof.explain.government_share import explain_government, explain_leverage
from fof.explain.pool_figures import POOL_FIGURES, POOL_OWNERS, explain_pool_figure
from fof.explain.sources import FigureTerm
from fof.explain.statement import explain_item, sale_parts
from fof.figures.answers import Answer
from fof.figures.documents import EXPLANATION, OPENED
from fof.figures.of_facts import figures_of_facts
from fof.figures.performance import GROUPINGS, performance
from fof.figures.register import Kind, members
from fof.figures.statement_items import Sale, Statement
from fof.figures.statements import bridge
from fof.ledger import View
from models.money import known_sum
from models.text import Text, counted

Row = dict[str, Any]
SHARES = {"gov_direct": "direct", "gov_looked_through": "looked_through", "gov_with_soe": "with_soe"}
"""Name of a government share in documents -> its reading (fof.explain.government_share)."""


def explain_document(
    view: View,
    portfolio: Portfolio | None,
    figure: str,
    fund: str | None = None,
    by: str | None = None,
    key: str | None = None,
    of: str | None = None,
    owner: str | None = None,
    currency: str | None = None,
    *,
    unit: str = "元",
) -> Answer:
    """A figure opened: its formula above, and the rows and documents of every term.

    portfolio : None for figures of pools alone (POOL_FIGURES): they are nobody's portfolio
    unit      : of amounts in texts and headings
    WrongArgument where another argument is needed beside the figure; Unknown for codes the portfolio does not have.
    """
    explanation = _explanation(view, portfolio, figure, fund, by, key, of, owner, currency)
    money, reason = explanation.kind == "money", explanation.reason
    head: Row = {
        "texts": _texts(explanation, unit),
        "figure": explanation.figure,
        "by": explanation.by,
        "key": explanation.key,
        "label": explanation.label,
        "formula": explanation.equation,
        "value": None if money else explanation.value,
        "amount": explanation.value if money else None,
        "currency": explanation.currency,
        "reason": None if reason is None else reason.text,
        "left_out": sum(p.left_out for p in explanation.parts) or None,
        "known_value": None if money else explanation.known,
        "known_amount": explanation.known if money else None,
        "missing": ";".join(explanation.missing) or None,
        **_whose(explanation, portfolio),
    }
    return _answer(view, explanation.parts, explanation.currency, head, unit)


def _explanation(
    view: View,
    portfolio: Portfolio | None,
    figure: str,
    fund: str | None,
    by: str | None,
    key: str | None,
    of: str | None,
    owner: str | None,
    currency: str | None,
) -> Explanation:
    """The figure that is asked for, opened."""
    of_facts = () if figure in OPENED else figures_of_facts()
    one_of(figure, (*OPENED, *EXPOSURES, *OF_COVERAGE, *POOL_FIGURES, *of_facts), "figure")
    if figure in OF_COVERAGE:
        one_of(by or "coverage", ("coverage",), "by")
        return explain_coverage(view, figure, key, currency)
    number = None if fund is None else party(view, fund)
    if figure in of_facts:
        if of is None:
            raise WrongArgument(Text("须指明主体编号", "name the party"), "of")
        return explain_facts(view, figure, party(view, of))
    if figure in POOL_FIGURES:
        if of is None:
            text = Text("须指明资金池、限额、贷款或申请的编号", "name the pool, limit, loan or claim")
            raise WrongArgument(text, "of")
        return explain_pool_figure(view, figure, of, owner)
    assert portfolio is not None, "a portfolio's figure"
    if figure in EXPOSURES:
        holder = portfolio.party if owner is None else party(view, owner)
        if holder is None or of is None:
            text = Text(
                "穿透指标须指明企业或基金（与持有人）", "name what is looked through to (and who holds it)"
            )
            raise WrongArgument(text, "of")
        return explain_exposure(view, holder, party(view, of), figure)
    if figure in SHARES:
        if number is None:
            raise WrongArgument(Text("政府出资比例按单只基金计算：须指明基金", "name the fund"), "fund")
        return explain_government(view, number, SHARES[figure])
    if figure.startswith("leverage_"):
        own_currency = currency if number is None else None
        return explain_leverage(view, portfolio, figure.removeprefix("leverage_"), number, own_currency)
    if number is None:
        return opened(view, portfolio, figure, *_group(view, portfolio, by, key), currency)
    if current(view, number) not in {current(view, f) for f in portfolio.funds}:
        raise Unknown(
            Text("组合内的基金", "fund of the portfolio"),
            named(view, number),
            near(view, str(fund), portfolio.funds),
        )
    return opened(view, portfolio, figure, "fund", view.parties[current(view, number)].code, currency)


def _whose(explanation: Explanation, portfolio: Portfolio | None) -> Row:
    """Whose the figure is: a government's share is of the whole fund, whoever asks; and of returns net or gross."""
    if explanation.figure in SHARES or explanation.figure in SHARES.values():
        return {"whose": "whole_fund"}
    if portfolio is None or explanation.by in ("party", *POOL_OWNERS):
        return {}
    if explanation.by == "coverage":
        return {"whose": "whole_fund"} if explanation.kind == "money" else {}
    if explanation.by in ("lookthrough", "stake"):
        return {"whose": "investor"}
    whose = perspective.whose(portfolio, explanation.by)
    returns = explanation.figure in ("nav", "dpi", "rvpi", "tvpi", "irr")
    return {"whose": whose, "basis": perspective.basis(explanation.by) if returns else None}


def _group(view: View, portfolio: Portfolio, by: str | None, key: str | None) -> tuple[str, str | None]:
    """The grouping and its key as asked for; WrongArgument or Unknown with what there is."""
    if by is None and key is None:
        return "portfolio", None
    chosen = one_of(by or "fund", (*GROUPINGS, "stake", "portfolio", "direct", "combined"), "by")
    if chosen not in GROUPINGS:
        return chosen, key
    groups = {r.key: r.label for r in performance(view, portfolio, chosen).rows}
    if key is None:
        listed = list(groups)[:20]
        text = Text(f"须指明：{'、'.join(listed)}", f"name the group: {', '.join(listed)}")
        raise WrongArgument(text, "key")
    if key not in groups and chosen != "investor":
        raise Unknown(
            Text(f"{members('groups')[chosen].zh}组", f"group by {members('groups')[chosen].en.lower()}"),
            key,
            [f"{k} {label}" for k, label in list(groups.items())[:10]],
        )
    return chosen, key


def line_document(view: View, statement: Statement, line: str, unit: str = "元") -> Answer:
    """One line of a capital account or NAV bridge, opened. Unknown for no such line."""
    sold = [(sale, own_line) for sale in statement.sales for own_line in sale.lines if own_line[0] == line]
    if sold:
        return _sales(view, statement, sold, unit)
    item = next((i for i in statement.items if i.name == line), None)
    if item is None:
        beside = [name for sale in statement.sales[:1] for name, *_ in sale.lines]
        lines = [*(i.name for i in statement.items), *beside]
        kind = Text(f"报表项目（{'、'.join(lines)}）", f"line of the statement ({', '.join(lines)})")
        raise Unknown(kind, line)
    parts = [explain_item(view, statement, item)]
    if item.whole is not None:  # a line that was shared out: the fund's own line stands behind it
        whole = bridge(view, statement.fund, statement.start)
        own = next(i for i in whole.items if i.name == line)
        of_fund = explain_item(view, whole, own)
        parts.append(replace(of_fund, text=Text(f"基金的{own.text.zh}", f"{own.text.en} of the fund")))
    head = _line_head(view, statement, item.name, item.text, item.fen) | {
        "whose": "whole_fund" if statement.investor is None else "investor",
        "basis": "net",
        "left_out": sum(p.left_out for p in parts) or None,
        "formula": _DERIVED.get(item.name),
    }
    return _answer(view, parts, currency_of(view, statement.fund), head, unit)


def _sales(
    view: View, statement: Statement, sold: list[tuple[Sale, tuple[str, Text, int | None]]], unit: str
) -> Answer:
    """What stands beside the account for every sale of the period, opened."""
    name, text, _ = sold[0][1]
    amounts = [line[2] for _, line in sold]
    parts = [p for sale, _ in sold for p in sale_parts(view, sale, name)]
    head = _line_head(view, statement, name, text, known_sum(amounts))
    return _answer(view, parts, currency_of(view, statement.fund), head, unit)


def _line_head(view: View, statement: Statement, name: str, text: Text, amount: int | None) -> Row:
    """What stands above a line of a statement that was opened."""
    return {
        "texts": {"figure": text, "key": named(view, statement.fund)},
        "figure": name,
        "by": "statement",
        "key": view.parties[statement.fund].code,
        "label": text,
        "amount": amount,
        "currency": statement.currency,
    }


_DERIVED = {
    "result": Text("期末净值 − 期初净值 − 各笔收付", "ending NAV − beginning NAV − flows"),
    "residual": Text(
        "期末净值 − 期初净值 − 各笔收付 − 各项损益",
        "ending NAV − beginning NAV − flows − itemised results",
    ),
}
"""Lines that are worked out from the others: no entry stands behind them."""


def _answer(view: View, parts: Sequence[FigureTerm], currency: str | None, head: Row, unit: str) -> Answer:
    rows = [row for part in parts for row in term_rows(view, part)]
    headings = {str(part.text): _heading(part, unit) for part in parts}
    read = read_from(view, parts)
    notes = [] if read is None else [read]
    return Answer(EXPLANATION, rows, view.as_of, view.known_at, currency, head, notes, headings)


FILES_AT_MOST = 8
"""Files named beneath an explanation; how many more there are is said."""


def read_from(view: View, parts: Sequence[FigureTerm]) -> Text | None:
    """The files that the listed rows were read from, the latest first, with how many of their entries; None for none."""
    read_files = files_of(view, {row.entry for part in parts for row in part.rows if row.entry is not None})
    if not read_files:
        return None
    first = read_files[:FILES_AT_MOST]
    zh = "；".join(f"{f.name}（{len(f.entries)} 条分录）" for f in first)
    en = "; ".join(f"{f.name} ({counted(len(f.entries), 'entry')})" for f in first)
    more = len(read_files) - len(first)
    rest = Text(f"；另 {more} 个", f"; {more} more") if more else Text("", "")
    return Text(f"所据文件：{zh}{rest.zh}", f"Read from: {en}{rest.en}")


def term_rows(view: View, part: FigureTerm) -> list[Row]:
    """The rows of one term."""
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
            "kind_label": row.kind_text,
            "from": None if row.from_party is None else view.name(row.from_party),
            "to": None if row.to_party is None else view.name(row.to_party),
            "fund": None if row.fund is None else view.parties[row.fund].code,
            "amount": row.fen,
            "share": row.share,
            "document": row.document,
            "source": row.source,
            "texts": {
                "document": document_text(row.document),
                "source": "" if row.source in (None, row.document) else document_text(row.source),
            },
            "record": row,
        }
        for row in part.rows
    ]


def _texts(explanation: Explanation, unit: str) -> Row:
    """The figure as it stands in the tables it is from, and its name instead of its code."""
    texts: Row = {"figure": explanation.text}
    for name, value in (("value", explanation.value), ("known_value", explanation.known)):
        if explanation.kind != "money" and value is not None:
            texts[name] = value_text(explanation.kind, value)
        elif value is not None:
            of = words.unit_name(unit, explanation.currency)
            texts["amount" if name == "value" else "known_amount"] = f"{words.amount(value, unit)} {of}"
    return texts


def value_text(kind: Kind, value: float) -> str:
    """A value that is no amount, as it stands in the tables it is from; shares and multiples with all their digits beside it."""
    if kind == "int":
        return f"{value:,}"
    if kind == "number":
        return f"{value:,.4f}"
    text = words.multiple(value) if kind == "multiple" else words.percent(value)
    return f"{text}  {value:.6f}"


def _heading(part: FigureTerm, unit: str) -> str:
    """A term of the formula: its words, what it comes to, how many rows stand behind it."""
    text = str(part.text)
    if part.fen is not None:
        text += f"{Text('　', '  ')}{words.amount(part.fen, unit)}"
    elif part.share is not None:
        text += f"{Text('　', '  ')}{words.percent(part.share)}"
    if part.left_out:
        count, left = len(part.rows) + part.left_out, words.amount(part.left_out_fen, unit)
        more = Text(
            f"（共 {count} 行，较早的 {part.left_out} 行未列出，合计 {left}）",
            f" ({counted(count, 'row')}; left out: the oldest {part.left_out}, {left} in all)",
        )
        text += str(more)
    return text
