"""Commands for what a manager does all year. Registered with `app.add_typer(operations.app, name="operations")`.

A plan is printed and nothing is written unless --book is given.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from fof.cli import operations_review
from fof.cli.asked import (
    Asked,
    AsOf,
    Json,
    KnownAt,
    Lang,
    PortfolioCode,
    Unit,
    UnitOption,
    database,
)
from fof.cli.operations_asked import (
    Book,
    Fund,
    Number,
    Reasons,
    by_party,
    day,
    document,
    entries,
    pairs,
    refuse,
    yuan,
)
from fof.cli.operations_specs import CALL, CHASE, DISTRIBUTION, MERGER
from fof.cli.printed import printed, told

app = typer.Typer(
    help="出资、分配、费用、结账、重组、期限 / calls, distributions, fees, close, mergers, clocks",
    no_args_is_help=True,
)


@app.command("call")
def call(
    fund: Fund,
    part: Annotated[
        list[str],
        typer.Option(
            "--part",
            metavar="NAME=YUAN",
            help="分项=金额（元）/ component=amount in yuan, e.g. investment=1000000",
        ),
    ],
    notice_on: Annotated[dt.date, day("--notice-on", "通知日 / notice day")],
    due_on: Annotated[dt.date, day("--due-on", "缴款截止日 / due day")],
    number: Number = "",
    excused: Reasons = None,
    defaulting: Reasons = None,
    book: Book = False,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """出资计划与通知。 / Plan a capital call; --book issues it."""
    from fof.access import LOCAL
    from fof.operations.calls import issue_call, plan_call

    asked = Asked(notice_on, None, json, None, unit, lang)
    view = asked.journal().view(notice_on)
    parts = {name: yuan(text) for name, text in pairs(part)}
    plan = plan_call(
        view, view.party(fund).id, parts, notice_on, due_on,
        excused=by_party(view, excused), defaulting=by_party(view, defaulting),
    )  # fmt: skip
    booked = (
        entries(issue_call(database(), LOCAL, plan, number)) if book else refuse(plan.problems, "出资通知")
    )
    rows = [
        {
            "investor": view.parties[x.investor].code, "name": x.name, "state": x.state, "commitment": x.commitment, "due": x.total,
            "unfunded_before": x.unfunded_before, "unfunded_after": x.unfunded_after, "note": x.reason or None,
        }
        for x in plan.lines
    ]  # fmt: skip
    printed(document(view, CALL, rows, {"fund": fund, "total": plan.total, "entries": booked}), asked)


@app.command("pay")
def pay(
    fund: Fund,
    number: Number,
    investor: Annotated[str, typer.Option("--investor", metavar="CODE", help="出资人 / investor")],
    paid_on: Annotated[dt.date, day("--paid-on", "实缴日 / day of payment")],
    amount: Annotated[
        str | None,
        typer.Option(
            "--amount", metavar="YUAN", help="金额（元），缺省为全部未缴 / all that is open if left out"
        ),
    ] = None,
    part: Annotated[
        list[str] | None, typer.Option("--part", metavar="NAME=YUAN", help="分项 / by component")
    ] = None,
    reference: Annotated[str | None, typer.Option("--reference", help="银行流水号 / bank reference")] = None,
) -> None:
    """登记缴款：足额、不足或迟缴。 / Mark a notice paid: in full, short or late."""
    from fof import ledger
    from fof.access import LOCAL
    from fof.operations.payments import mark_paid

    view = ledger.read(database()).view()
    parts = {name: yuan(text) for name, text in pairs(part or [])} or None
    booked = mark_paid(
        database(), LOCAL, view.party(fund).id, view.party(investor).id, number, paid_on,
        None if amount is None else yuan(amount), parts=parts, reference=reference,
    )  # fmt: skip
    told(f"分录 / entries: {entries(booked)}")


@app.command("chase")
def chase(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    portfolio: PortfolioCode = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """催缴清单：逾期与不足额。 / Who is overdue or short, by how much and how long."""
    from fof.operations.payments import chase_list

    asked = Asked(as_of, known_at, json, portfolio, unit, lang)
    view = asked.view()
    rows = [
        {
            "investor": view.parties[c.investor].code, "name": c.name, "fund": view.parties[x.fund].code, "number": x.number, "due_on": x.due_on,
            "due": x.due, "paid": x.paid, "open": x.overdue, "days": x.days_late,
        }
        for c in chase_list(view, asked.chosen(view).funds)
        for x in c.calls
    ]  # fmt: skip
    printed(document(view, CHASE, rows), asked)


@app.command("notices")
def notices(
    fund: Fund,
    number: Number,
    to: Annotated[Path, typer.Option("--to", help="写入的文件夹 / folder to write to")],
    distribution: Annotated[
        bool, typer.Option("--distribution", help="分配通知 / a distribution notice")
    ] = False,
) -> None:
    """生成通知书（xlsx 与 PDF）。 / Write the notices as a workbook and a PDF."""
    from fof import ledger
    from fof.operations.notices import notices as use_case
    from fof.operations.papers import notices_pdf, notices_workbook
    from models.kinds import NoticeKind

    view = ledger.read(database()).view()
    kind = NoticeKind.DISTRIBUTION if distribution else NoticeKind.CAPITAL_CALL
    found = use_case(view, view.party(fund).id, kind, number)
    to.mkdir(parents=True, exist_ok=True)
    stem = "".join(c if c.isalnum() or c in "-_." else "_" for c in f"{fund}-{number}")
    for suffix, made in ((".pdf", notices_pdf(found)), (".xlsx", notices_workbook(found))):
        (to / f"{stem}{suffix}").write_bytes(made)
        told(str(to / f"{stem}{suffix}"))


@app.command("distribute")
def distribute(
    fund: Fund,
    cash: Annotated[str, typer.Option("--cash", metavar="YUAN", help="可分配现金（元）/ cash in yuan")],
    pay_on: Annotated[dt.date, day("--pay-on", "分配日 / pay day")],
    number: Number = "",
    book: Book = False,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """按条款分配。 / A distribution by the fund's own terms; --book issues it."""
    from fof.access import LOCAL
    from fof.operations.distributions import issue_distribution, plan_distribution

    asked = Asked(pay_on, None, json, None, unit, lang)
    view = asked.view()
    plan = plan_distribution(view, view.party(fund).id, yuan(cash), pay_on)
    booked = (
        entries(issue_distribution(database(), LOCAL, plan, number))
        if book
        else refuse(plan.problems, "分配通知")
    )
    rows = [
        {
            "investor": view.parties[x.investor].code, "name": x.name, "side": x.side, "capital": x.capital, "gain": x.gain,
            "conceded": x.conceded, "total": x.total,
        }
        for x in plan.lines
    ]  # fmt: skip
    tiers = "；".join(f"{tier} / {side} {fen / 100:,.2f}" for tier, side, fen in plan.tiers)
    head = {"fund": fund, "cash": plan.cash, "carry": plan.carry, "tiers": tiers, "entries": booked}
    printed(document(view, DISTRIBUTION, rows, head), asked)


@app.command("merge")
def merge(
    predecessor: Annotated[
        list[str], typer.Option("--from", metavar="CODE", help="并入的基金，可重复 / predecessors")
    ],
    successor: Annotated[str, typer.Option("--into", metavar="CODE", help="承继方 / successor")],
    on: Annotated[dt.date, day("--on", "重组日 / day")],
    rests_on: Annotated[str, typer.Option("--document", help="重组文件 / document")],
    book: Book = False,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """重组并入，证明前后合计分毫不差。 / Merge vehicles, with the proof that every total stays."""
    from fof.access import LOCAL
    from fof.operations.reorganisations import book_reorganisation, plan_reorganisation

    asked = Asked(on, None, json, None, unit, lang)
    view = asked.view()
    plan = plan_reorganisation(
        view, [view.party(c).id for c in predecessor], view.party(successor).id, on, rests_on
    )
    booked = (
        entries(book_reorganisation(database(), LOCAL, plan)) if book else refuse(plan.problems, "重组并入")
    )
    rows = [
        {
            "fund": view.parties[p.fund].code,
            "measure": p.measure,
            "before": p.before,
            "after": p.after,
            "gap": p.gap,
        }
        for p in plan.proofs
    ]
    printed(document(view, MERGER, rows, {"successor": successor, "entries": booked}), asked)


for _command in (operations_review.fees, operations_review.quarter, operations_review.clocks):
    app.command()(_command)
