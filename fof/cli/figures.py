"""Commands for return figures and commitments."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof.cli.asked import (
    Asked,
    AsOf,
    Json,
    KnownAt,
    Lang,
    PortfolioCode,
    Unit,
    UnitOption,
    near,
    one_of,
    party,
)
from fof.cli.lookthrough import lookthrough_document
from fof.cli.printed import printed
from fof.cli.usage import both, helped
from fof.figures import documents
from fof.figures.answers import Answer
from models.text import Text

if TYPE_CHECKING:
    from fof.book.portfolios import Portfolio
    from fof.figures.commitments import Commitment
    from fof.figures.performance import Index, Known, Performance
    from fof.ledger import View

Row = dict[str, Any]


@helped("业绩：认缴、实缴、分配、净值、DPI、RVPI、TVPI、IRR、PME。", "Returns at any node or group.")
def performance(
    fund: Annotated[
        str | None, typer.Option("--fund", metavar="CODE", help=both("只看一只基金", "one fund only"))
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            help=both(
                "分组，可用逗号列出多个",
                "groupings, separated by commas: fund,vintage,strategy,city,manager,class,kind,status,investor",
            ),
        ),
    ] = "fund",
    index: Annotated[
        Path | None,
        typer.Option(
            "--index",
            exists=True,
            dir_okay=False,
            help=both("指数 csv（日期,点位），计算 KS-PME", "csv of day,level for KS-PME"),
        ),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    portfolio: PortfolioCode = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    from fof.figures.performance.market import read_index

    asked = Asked(as_of, known_at, json, portfolio, unit, lang)
    benchmark = None if index is None else read_index(index)
    printed(performance_document(asked.view(), asked, by, fund, benchmark), asked)


def performance_document(
    view: View, asked: Asked, by: str = "fund", fund: str | None = None, benchmark: Index | None = None
) -> Answer:
    """Rows of returns as the command prints them: groupings separated by commas, or one fund."""
    from fof.errors import Unknown
    from fof.figures import performance as use_case

    chosen = asked.chosen(view)
    rows: list[Performance] = []
    groupings = [one_of(name.strip(), use_case.GROUPINGS, "--by") for name in by.split(",")]
    for name in groupings if fund is None else ["fund"]:
        table = use_case.performance(view, chosen, name)
        rows += table.rows
    if fund is not None:
        known = view.parties[party(view, fund)].code
        rows = [r for r in rows if r.by == "fund" and r.key == known]
        if not rows:
            raise Unknown(Text("组合内的基金", "fund of the portfolio"), fund, near(view, fund, chosen.funds))
    else:
        rows += [r for r in (table.total, table.direct, table.combined) if r is not None]
    head = {"index": None if benchmark is None else benchmark.name, **_portfolio(chosen)}
    every = [own for r in rows for own in r.each]
    shown = [
        {
            **_performance(view, r, benchmark, asked.language),
            **_whose(view, chosen, r.by, r.pairs),
            "record": r,
        }
        for r in every
    ]
    notes = [text for r in every if (text := _missing(r, asked.language)) is not None]
    if any("irr" in r.get("texts", {}) for row in shown for r in (row, row.get("under") or {})):
        notes.append(_UNDER_A_YEAR.of(asked.language))
    return Answer(documents.PERFORMANCE, shown, view.as_of, view.known_at, chosen.currency, head, notes)


_UNDER_A_YEAR = Text(
    "* 存续不足一年：期间回报见旁列，年化的 IRR 仅供对照",
    "* of a life under a year: the return of the period stands beside, the yearly IRR is for comparison only",
)


def _whose(
    view: View, portfolio: Portfolio, by: str, pairs: Iterable[tuple[int, int]], *, whole: bool = False
) -> Row:
    """Whose the figures of a row are, and net or gross."""
    from fof.book.perspective import basis, predecessors, whose

    return {
        "whose": whose(portfolio, by, whole=whole),
        "basis": basis(by),
        "with_predecessors": ";".join(predecessors(view, pairs)) or None,
    }


def _portfolio(chosen: Portfolio) -> Row:
    """The portfolio at the top of a document: its code in JSON, its name beside it in the table."""
    name = "" if chosen.name == chosen.code else f" {chosen.name}"
    return {"portfolio": chosen.code, "texts": {"portfolio": f"{chosen.code}{name}"}}


def _performance(view: View, row: Performance, index: Index | None, language: str) -> Row:
    from fof.figures.performance import market

    found = _figures(row, language)
    if row.known is not None:
        found |= _known(row.known, language)
    if index is not None:
        compared = market(view, row, index)
        found |= {"ks_pme": compared.ks_pme, "direct_alpha": compared.direct_alpha}
        if compared.note is not None:
            found["reasons"] |= {"ks_pme": compared.note, "direct_alpha": compared.note}
        if row.known is not None:
            part = market(view, row.known.figures, index)
            found["known_ks_pme"] = part.ks_pme
            found["under"] |= {"ks_pme": part.ks_pme, "direct_alpha": part.direct_alpha}
    return found


def _figures(row: Performance, language: str) -> Row:
    note = row.nav.note
    found: Row = {
        name: getattr(row, name)
        for name in (
            "currency",
            "by",
            "key",
            "label",
            "source",
            "committed",
            "called",
            "paid_in",
            "distributed",
            "unfunded",
            "unfunded_callable",
            "unfunded_lapsed",
            "recallable",
            "registered_paid_in",
            "registered_distributed",
            "paid_in_rate",
            "dpi",
            "rvpi",
            "tvpi",
        )
    }
    from fof import words
    from fof.figures.performance import english_label

    found["texts"] = {"label": Text(row.label, english_label(row.by, row.key, row.label)).of(language)}
    if row.irr.period is not None and row.irr.value == row.irr.value:
        found["texts"]["irr"] = f"{words.percent(row.irr.value, 2)}*"
    return found | {
        "nav": row.nav.fen,
        "nav_on": row.nav.marked_on,
        "nav_age_days": row.nav.age_days,
        "nav_rolled": row.nav.rolled,
        "nav_note": None if note is None else note.text.of(language),
        "irr": row.irr.value,
        "irr_status": row.irr.status,
        "irr_roots": ";".join(repr(r) for r in row.irr.roots) or None,
        "irr_reading": row.irr.reading,
        "irr_period": row.irr.period,
        "reasons": dict(row.reasons),
    }


def _known(known: Known, language: str) -> Row:
    """What is known of a group of which a part has no value; in the table a row of its own beneath, labelled."""
    part = known.figures
    label = Text("└ 其中有净值的部分", "└ of which with a value").of(language)
    return {
        "known_nav": part.nav.fen,
        "known_paid_in": part.paid_in,
        "known_dpi": part.dpi,
        "known_rvpi": part.rvpi,
        "known_tvpi": part.tvpi,
        "known_irr": part.irr.value,
        "missing": ";".join(code for code, _ in known.missing),
        "missing_count": len(known.missing),
        "missing_paid_in": known.paid_in,
        "missing_share": known.share,
        "under": {**_figures(part, language), "label": label, "texts": {"key": ""}},
    }


def _missing(row: Performance, language: str) -> str | None:
    """The line beneath the table that names what has no value, and how much of the money it stands for."""
    from fof import words

    if row.known is None:
        return None
    named = [code if code == name else f"{code} {name}" for code, name in row.known.missing]
    share = words.percent(row.known.share, 2)
    subject = row.key or row.label
    return Text(
        f"└ {subject}：{len(named)} 项没有净值，占已实缴 {share}：{'、'.join(named)}；"
        "合计的净值、RVPI、TVPI、IRR 因此未知",
        f"└ {subject}: {len(named)} without a value, {share} of paid-in: {', '.join(named)}; "
        "NAV, RVPI, TVPI and IRR of the whole are therefore not known",
    ).of(language)


@helped("认缴、通知、实缴、未实缴，政府出资比例与放大倍数。", "Commitments, government share, leverage.")
def commitments(
    by: Annotated[
        str, typer.Option("--by", help=both("分组：fund、investor 或 stake", "by fund, investor or stake"))
    ] = "fund",
    look_through: Annotated[
        bool,
        typer.Option(
            "--look-through", help=both("列出穿透持有的基金与企业", "what is held through every path instead")
        ),
    ] = False,
    base: Annotated[
        str, typer.Option("--base", help=both("穿透口径：commitment 或 paid_in", "look-through by"))
    ] = "commitment",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    portfolio: PortfolioCode = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    asked = Asked(as_of, known_at, json, portfolio, unit, lang)
    view = asked.view()
    if look_through:
        printed(lookthrough_document(view, asked, None, base), asked)
    else:
        printed(commitments_document(view, asked, by), asked)


def commitments_document(view: View, asked: Asked, by: str = "fund") -> Answer:
    """Commitments by fund, investor or stake, then the total and its subtotals; shares and leverage of funds."""
    from fof.figures import commitments as use_case

    chosen = asked.chosen(view)
    found = use_case.commitments(view, chosen, one_of(by, use_case.GROUPINGS, "--by"))
    whole = found.side == "fund"

    def shown(name: str, own: Commitment) -> Row:
        row = _commitment(name, own)
        return {**row, **_whose(view, chosen, name, own.pairs, whole=whole), "record": own}

    rows = [shown(by, own) for r in found.rows for own in r.each]
    total, *subtotals = (shown("portfolio", own) for own in found.total.each)
    _add_shares(view, chosen, rows if by == "fund" else [], [total, *subtotals])
    head = {"side": found.side, **_portfolio(chosen)}
    every = [*rows, total, *subtotals]
    return Answer(documents.COMMITMENTS, every, view.as_of, view.known_at, chosen.currency, head)


def _commitment(by: str, row: Commitment) -> Row:
    names = (
        "currency",
        "key",
        "label",
        "committed",
        "called",
        "paid_in",
        "distributed",
        "unfunded",
        "unfunded_callable",
        "unfunded_lapsed",
        "recallable",
        "overdue",
        "paid_in_rate",
    )
    return {"by": by, **{name: getattr(row, name) for name in names}, "reasons": dict(row.reasons)}


def _add_shares(view: View, portfolio: Portfolio, rows: list[Row], totals: list[Row]) -> None:
    """Government shares and leverage on the rows of funds, and leverage on the total and the subtotals of its currencies."""
    from fof.book.government import government_shares
    from fof.figures.leverage import leverage

    multiples = leverage(view, portfolio)
    by_code = {r.key: r for r in multiples.rows}
    shares = {view.parties[s.fund].code: s for s in government_shares(view, portfolio.funds)}
    of_total = {lever.currency: lever for lever in multiples.total.each}
    together = [(row, of_total.get(row["currency"])) for row in totals]
    for row, lever in [*((r, by_code.get(r["key"])) for r in rows), *together]:
        if lever is not None:
            row |= {
                "leverage_a": lever.a,
                "leverage_b": lever.b,
                "leverage_c": lever.c,
                "soe_counts_as_government": lever.soe_counts,
            }
            row["reasons"] |= {f"leverage_{name}": reason for name, reason in lever.reasons.items()}
        share = shares.get(row["key"])
        if any(row is total for total in totals):
            row["reasons"] |= dict.fromkeys(("gov_direct", "gov_looked_through", "gov_with_soe"), _per_fund())
        elif share is not None:
            row |= {
                "gov_direct": share.direct,
                "gov_looked_through": share.looked_through,
                "gov_with_soe": share.with_soe,
            }
            row |= {
                f"gov_{level}": share.by_level.get(level)
                for level in ("national", "province", "prefecture", "county")
            }
            if share.note is not None:
                row["reasons"] |= dict.fromkeys(
                    ("gov_direct", "gov_looked_through", "gov_with_soe"), share.note
                )


def _per_fund() -> Any:
    from fof.book.reading import Reason

    return Reason(
        "per_fund", Text("政府出资比例按单只基金计算", "government shares are of one fund at a time")
    )
