"""Commands that look: fees beside the terms, what a quarter lacks and its close, clocks."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from fof.cli.asked import Asked, AsOf, Json, KnownAt, Lang, PortfolioCode, Unit, UnitOption, database
from fof.cli.operations_asked import Fund, day, document, entries
from fof.cli.operations_specs import CLOCKS, FEES, QUARTER
from fof.cli.printed import printed, told


def fees(
    fund: Fund,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """管理费：按条款与已收。 / The fee by the terms beside what was charged, by quarter."""
    from fof.operations.fees import fee_run, phase_text

    asked = Asked(as_of, known_at, json, None, unit, lang)
    view = asked.view()
    run = fee_run(view, view.party(fund).id)
    chinese = asked.language == "zh"
    rows = [
        {
            "start": q.start, "end": q.end, "computed": q.computed, "charged": q.charged, "difference": q.difference,
            "phase": phase_text(q, asked.language) or None,
            "reasons": {} if q.note is None else {"computed": q.note},
        }
        for q in run.quarters
    ]  # fmt: skip
    missing = "；".join(r.zh if chinese else r.en for r in run.missing) or None
    head = {
        "fund": fund,
        "computed": run.computed,
        "charged": run.charged,
        "difference": run.difference,
        "missing": missing,
    }
    printed(document(view, FEES, rows, head), asked)


def quarter(
    end: Annotated[dt.date, day("--end", "季度末日 / quarter end")],
    known_at: KnownAt = None,
    portfolio: PortfolioCode = None,
    close: Annotated[
        bool, typer.Option("--close", help="结账，记录所依据的分录 / close, naming the entries it rests on")
    ] = False,
    reason: Annotated[
        str,
        typer.Option("--reason", help="有缺失仍结账的理由 / why it is closed although something is missing"),
    ] = "",
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """季度检查与结账。 / What a quarter lacks; --close books the close."""
    from fof.access import LOCAL
    from fof.operations.closes import checklist, close_quarter

    asked = Asked(end, known_at, json, portfolio, unit, lang)
    view = asked.view()
    chosen = asked.chosen(view)
    chinese = asked.language == "zh"
    rows = [
        {
            "what": m.code, "fund": view.parties[m.fund].code, "name": view.name(m.fund),
            "investor": None if m.investor is None else view.name(m.investor), "amount": m.fen, "note": m.zh if chinese else m.en,
        }
        for m in checklist(view, chosen, end)
    ]  # fmt: skip
    printed(document(view, QUARTER, rows), asked)
    if close:
        told(
            f"分录 / entries: {entries(close_quarter(database(), LOCAL, chosen, end, view.known_at, reason))}"
        )


def clocks(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    portfolio: PortfolioCode = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """各基金期限：设立、首投、投资期、存续期、延长期。 / What must happen by when, and what is past."""
    from fof.operations.clocks import clocks as use_case

    asked = Asked(as_of, known_at, json, portfolio, Unit.WAN, lang)
    view = asked.view()
    rows = [
        {
            "fund": view.parties[c.fund].code, "name": view.name(c.fund), "clock": c.zh if asked.language == "zh" else c.en,
            "started_on": c.started_on, "due_on": c.due_on, "days_left": c.days_left, "reached": c.reached,
        }
        for c in use_case(view, asked.chosen(view))
    ]  # fmt: skip
    printed(document(view, CLOCKS, rows), asked)
