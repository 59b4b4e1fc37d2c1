"""Commands for return figures, commitments, look-through and statements."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof.cli import specs
from fof.cli.asked import Asked, AsOf, Json, KnownAt, Lang, PortfolioCode, Unit, UnitOption, party, read_day
from fof.cli.fields import Document
from fof.cli.printed import printed, told

if TYPE_CHECKING:
    from fof.commitments import Commitment
    from fof.ledger import View
    from fof.performance import Index, Performance
    from fof.portfolios import Portfolio

Row = dict[str, Any]


def performance(
    fund: Annotated[
        str | None, typer.Option("--fund", metavar="CODE", help="只看一只基金 / one fund only")
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            help="分组，可用逗号列出多个 / groupings, separated by commas: fund,vintage,strategy,city,manager,class,kind,status,investor",
        ),
    ] = "fund",
    index: Annotated[
        Path | None,
        typer.Option(
            "--index",
            exists=True,
            dir_okay=False,
            help="指数 csv（日期,点位），计算 KS-PME / csv of day,level for KS-PME",
        ),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    portfolio: PortfolioCode = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """业绩：认缴、实缴、分配、净值、DPI、RVPI、TVPI、IRR、PME。 / Returns at any node or group."""
    from fof import performance as use_case
    from fof.errors import Unknown
    from fof.performance.market import read_index

    asked = Asked(as_of, known_at, json, portfolio, unit, lang)
    view = asked.view()
    chosen = asked.chosen(view)
    benchmark = None if index is None else read_index(index)
    rows: list[Performance] = []
    for name in by.split(","):
        if name not in use_case.GROUPINGS:
            raise Unknown("分组", name)
        table = use_case.performance(view, chosen, name)
        rows += table.rows
    if fund is not None:
        known = view.parties[party(view, fund)].code
        rows = [r for r in rows if r.by == "fund" and r.key == known]
        if not rows:
            raise Unknown("组合内的基金", fund)
    else:
        rows += [r for r in (table.total, table.direct, table.combined) if r is not None]
    head = {"portfolio": chosen.code, "index": None if benchmark is None else benchmark.name}
    document = Document(
        specs.PERFORMANCE, [_performance(view, r, benchmark, asked.language) for r in rows], view.as_of, view.known_at, chosen.currency, head
    )  # fmt: skip
    printed(document, asked)


def _performance(view: View, row: Performance, index: Index | None, language: str) -> Row:
    from fof.performance import market

    note = row.nav.note
    found: Row = {
        name: getattr(row, name)
        for name in (
            "by", "key", "label", "source", "committed", "called", "paid_in", "distributed", "unfunded", "recallable",
            "paid_in_rate", "dpi", "rvpi", "tvpi",
        )
    }  # fmt: skip
    found |= {
        "nav": row.nav.fen,
        "nav_on": row.nav.marked_on,
        "nav_age_days": row.nav.age_days,
        "nav_rolled": row.nav.rolled,
        "nav_note": None if note is None else (note.zh if language == "zh" else note.en),
        "irr": row.irr.value,
        "irr_status": row.irr.status,
        "irr_roots": ";".join(repr(r) for r in row.irr.roots) or None,
        "reasons": dict(row.reasons),
    }
    if index is not None:
        compared = market(view, row, index)
        found |= {"ks_pme": compared.ks_pme, "direct_alpha": compared.direct_alpha}
        if compared.note is not None:
            found["reasons"] |= {"ks_pme": compared.note, "direct_alpha": compared.note}
    return found


def commitments(
    by: Annotated[str, typer.Option("--by", help="fund、investor 或 stake")] = "fund",
    look_through: Annotated[
        bool,
        typer.Option(
            "--look-through", help="列出穿透持有的基金与企业 / what is held through every path instead"
        ),
    ] = False,
    base: Annotated[str, typer.Option("--base", help="穿透口径：commitment 或 paid_in")] = "commitment",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    portfolio: PortfolioCode = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """认缴、通知、实缴、未实缴，政府出资比例与放大倍数。 / Commitments, government share, leverage."""
    from fof import commitments as use_case
    from fof.errors import Unknown

    asked = Asked(as_of, known_at, json, portfolio, unit, lang)
    view = asked.view()
    chosen = asked.chosen(view)
    if by not in use_case.GROUPINGS:
        raise Unknown("分组", by)
    if look_through:
        if chosen.party is None:
            raise Unknown("穿透起点", chosen.code)
        _print_exposures(view, chosen.party, base, chosen.currency, asked)
        return
    found = use_case.commitments(view, chosen, by)
    rows = [_commitment(by, r) for r in found.rows]
    total = _commitment("portfolio", found.total)
    _add_shares(view, chosen, rows if by == "fund" else [], total)
    head = {"portfolio": chosen.code, "side": found.side}
    printed(
        Document(specs.COMMITMENTS, [*rows, total], view.as_of, view.known_at, chosen.currency, head), asked
    )


def _commitment(by: str, row: Commitment) -> Row:
    names = (
        "key",
        "label",
        "committed",
        "called",
        "paid_in",
        "distributed",
        "unfunded",
        "recallable",
        "overdue",
        "paid_in_rate",
    )
    return {"by": by, **{name: getattr(row, name) for name in names}, "reasons": dict(row.reasons)}


def _add_shares(view: View, portfolio: Portfolio, rows: list[Row], total: Row) -> None:
    """Government shares and leverage on the rows of funds, and leverage on the total."""
    from fof.leverage import leverage
    from fof.lookthrough import government_shares

    multiples = leverage(view, portfolio)
    by_code = {r.key: r for r in multiples.rows}
    shares = {view.parties[s.fund].code: s for s in government_shares(view, portfolio.funds)}
    for row, lever in [*((r, by_code.get(r["key"])) for r in rows), (total, multiples.total)]:
        if lever is not None:
            row |= {
                "leverage_a": lever.a,
                "leverage_b": lever.b,
                "leverage_c": lever.c,
                "soe_counts_as_government": lever.soe_counts,
            }
            row["reasons"] |= {f"leverage_{name}": reason for name, reason in lever.reasons.items()}
        share = shares.get(row["key"])
        if share is not None and row is not total:
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


def lookthrough(
    code: Annotated[
        str, typer.Argument(help="主体编号 / code of a holder, or with --owners of a company or fund")
    ],
    owners: Annotated[
        bool, typer.Option("--owners", help="反向：谁在其后，逐条路径 / who stands behind it, path by path")
    ] = False,
    base: Annotated[str, typer.Option("--base", help="commitment 或 paid_in")] = "commitment",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """穿透：一个持有人下面的全部基金与企业，或一家企业后面的全部路径。 / Holdings below, or owners behind."""
    from fof.portfolios import currency_of

    asked = Asked(as_of, known_at, json, None, unit, lang)
    view = asked.view()
    target = party(view, code)
    if not owners:
        _print_exposures(view, target, base, currency_of(view, target), asked)
        return
    from fof.lookthrough import reach

    rows: list[Row] = []
    for found in reach(view, target, _base(base)):
        for path in found.paths:
            rows.append(
                {
                    "owner": view.parties[found.owner].code,
                    "owner_label": view.name(found.owner),
                    "share": found.share,
                    "path": " > ".join(view.parties[p].code for p in path.parties),
                    "path_share": path.share,
                    "steps": ";".join(repr(s) for s in path.shares),
                }
            )
    head = {"target": code, "base": base}
    printed(Document(specs.REACH, rows, view.as_of, view.known_at, currency_of(view, target), head), asked)


def _base(text: str) -> Any:
    from fof.errors import Unknown
    from fof.lookthrough import BASES

    if text not in BASES:
        raise Unknown("口径", text)
    return text


def _print_exposures(view: View, owner: int, base: str, currency: str, asked: Asked) -> None:
    from fof.lookthrough import exposures
    from models.kinds import FUND_KINDS

    rows = [
        {
            "kind": "fund" if view.parties[e.party].kind in FUND_KINDS else "company",
            "key": view.parties[e.party].code,
            "label": view.name(e.party),
            "share": e.share,
            "direct": e.direct,
            "paths": e.paths,
            "cost": e.cost,
            "value": e.value,
            "reasons": {} if e.share is not None else {"share": _no_share()},
        }
        for e in exposures(view, owner, _base(base))
    ]
    head = {"owner": view.parties[owner].code, "base": base}
    printed(Document(specs.EXPOSURE, rows, view.as_of, view.known_at, currency, head), asked)


def _no_share() -> Any:
    from fof.stakes import Reason

    return Reason("no_share", "有交易未载明股权比例", "a deal does not state its share")


def statement(
    fund: Annotated[str, typer.Argument(help="基金编号 / code of the fund")],
    investor: Annotated[
        str | None,
        typer.Option(
            "--investor",
            metavar="CODE",
            help="出资人；缺省为全基金净值桥 / capital account; the fund's bridge if left out",
        ),
    ] = None,
    start: Annotated[
        dt.date | None,
        typer.Option(
            "--from",
            parser=read_day,
            metavar="DAY",
            help="期初，缺省为上年末 / start, last year end if left out",
        ),
    ] = None,
    line: Annotated[
        str | None,
        typer.Option("--open", metavar="LINE", help="打开一行（项目代码） / open a line by its id"),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """资本账户或净值桥，分毫闭合。 / A capital account or NAV bridge that closes."""
    from fof.portfolios import currency_of
    from fof.statements import bridge, capital_account

    asked = Asked(as_of, known_at, json, None, unit, lang)
    view = asked.view()
    begin = start or dt.date(asked.day.year - 1, 12, 31)
    number = party(view, fund)
    found = (
        bridge(view, number, begin)
        if investor is None
        else capital_account(view, number, party(view, investor), begin)
    )
    if line is not None:
        from fof.cli.explained import print_line

        print_line(view, found, line, currency_of(view, number), asked)
        return
    chinese = asked.language == "zh"
    rows = [
        {
            "name": i.name,
            "label": i.zh if chinese else i.en,
            "kind": i.kind,
            "amount": i.fen,
            "postings": len(i.places) or None,
        }
        for i in found.items
    ]
    head = {
        "fund": fund,
        "investor": investor,
        "start": found.start,
        "opening_on": found.opening.marked_on,
        "closing_on": found.closing.marked_on,
        "residual": found.residual,
        "itemised": found.itemised,
        "reason": None if found.note is None else (found.note.zh if chinese else found.note.en),
    }
    if found.note is not None:
        told(str(head["reason"]))
    printed(
        Document(specs.STATEMENT, rows, view.as_of, view.known_at, currency_of(view, number), head), asked
    )
