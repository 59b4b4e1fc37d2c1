"""Commands for what a manager does all year. Registered with `app.add_typer(operations.app, name="operations")`.

A plan is printed and nothing is written unless --book is given.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from fof.cli import operations_claims, operations_closing, operations_review
from fof.cli.asked import Asked, TableUnit, Why, acting, asks, database, day_option, readable
from fof.cli.operations_asked import (
    Book,
    Defaulting,
    Excused,
    Fund,
    Number,
    Within,
    amounts,
    by_party,
    entries,
    numbered,
    of_portfolio,
    refuse,
    say_late,
    say_taken,
    unknown,
    yuan,
)
from fof.cli.printed import folder, placed, print_sentence, printed
from fof.cli.usage import both, helped, option
from models.text import Text

app = typer.Typer(
    help=both("出资、分配、费用、结账、重组、期限。", "Calls, distributions, fees, closes, mergers, clocks."),
    no_args_is_help=True,
)


@app.command("call")
@helped("出资计划与通知。", "Plan a capital call; --book issues it.")
@asks("unit lang json", TableUnit.YUAN)
def call(
    asked: Asked,
    fund: Fund,
    part: Annotated[
        list[str],
        option(
            "--part",
            "分项=金额（元），如 investment=1000000",
            "component=amount in yuan, e.g. investment=1000000",
            metavar="NAME=YUAN",
        ),
    ],
    notice_on: Annotated[dt.date, day_option("--notice-on", "通知日", "notice day")],
    due_on: Annotated[dt.date, day_option("--due-on", "缴款截止日", "due day")],
    number: Number = "",
    excused: Excused = None,
    defaulting: Defaulting = None,
    book: Book = False,
    why: Why = None,
    portfolio: Within = None,
) -> None:
    from fof.operations.calls import issue_call, plan_call
    from fof.operations.plans_document import call_document
    from models.kinds import NoticeKind

    asked = replace(asked, as_of=notice_on)
    view = asked.view()
    own = view.party(fund).id
    parts, wrong_parts = amounts(part, "--part")
    left_out, wrong_excused = by_party(view, excused, "--excused")
    in_default, wrong_defaulting = by_party(view, defaulting, "--defaulting")
    plan = plan_call(view, own, parts, notice_on, due_on, excused=left_out, defaulting=in_default)
    problems = [
        *of_portfolio(view, own, portfolio),
        *wrong_parts,
        *wrong_excused,
        *wrong_defaulting,
        *plan.problems,
    ]
    refuse([*problems, *numbered(number, book)], Text("出资通知", "call notice"))
    say_late(view, notice_on, [own], why)
    booked = entries(issue_call(database(), acting(), plan, number, why=why)) if book else ""
    if not book:
        say_taken(view, own, NoticeKind.CAPITAL_CALL, number)
    printed(call_document(view, plan, booked), asked)


@app.command("pay")
@helped("登记缴款：足额、不足或迟缴。", "Mark a notice paid: in full, short or late.")
def pay(
    fund: Fund,
    number: Number,
    investor: Annotated[str, option("--investor", "出资人", "investor", metavar="CODE")],
    paid_on: Annotated[dt.date, day_option("--paid-on", "实缴日", "day of payment")],
    amount: Annotated[
        str | None,
        option("--amount", "金额（元），缺省为全部未缴", "all that is open if left out", metavar="YUAN"),
    ] = None,
    part: Annotated[list[str] | None, option("--part", "分项", "by component", metavar="NAME=YUAN")] = None,
    late_interest: Annotated[
        str | None,
        option("--late-interest", "逾期利息，不计入实缴", "interest for paying late", metavar="YUAN"),
    ] = None,
    reference: Annotated[str | None, option("--reference", "银行流水号", "bank reference")] = None,
    in_kind: Annotated[
        bool,
        option(
            "--in-kind",
            "以货币以外的财产出资：须写明作价（--amount）与评估或作价文件（--document）",
            "paid with something other than money: needs its value (--amount) and the document of it (--document)",
        ),
    ] = False,
    document: Annotated[str | None, option("--document", "文件", "document")] = None,
    why: Why = None,
) -> None:
    from fof.operations.payments import mark_paid

    view = readable().view()
    parts, problems = amounts(part, "--part")
    fen, wrong_amount = (None, []) if amount is None else yuan(amount, "--amount")
    late, wrong_interest = (0, []) if late_interest is None else yuan(late_interest, "--late-interest")
    problems += wrong_amount + wrong_interest + unknown(view, [fund], "--fund")
    refuse([*problems, *unknown(view, [investor], "--investor")], Text("缴款", "payment"))
    say_late(view, paid_on, [view.party(fund).id], why)
    booked = mark_paid(
        database(),
        acting(),
        view.party(fund).id,
        view.party(investor).id,
        number,
        paid_on,
        fen,
        parts=parts or None,
        late_interest=late or 0,
        reference=reference,
        in_kind=in_kind,
        document=document,
        why=why,
    )
    print_sentence(Text(f"分录：{entries(booked)}", f"entries: {entries(booked)}"))


@app.command("chase")
@helped("催缴清单：逾期与不足额。", "Who is overdue or short, by how much and how long.")
@asks("as_of known_at portfolio unit lang json")
def chase(
    asked: Asked,
    every: Annotated[bool, option("--all", "也列出未到期的", "those not due yet, too")] = False,
) -> None:
    from fof.operations.operations_document import chase_document

    view = asked.view()
    printed(chase_document(view, asked.chosen(view), every=every), asked)


@app.command("notices")
@helped("生成通知书（xlsx 与 PDF）。", "Write the notices as a workbook and a PDF.")
@asks("lang")
def notices(
    asked: Asked,
    fund: Fund,
    number: Number,
    to: Annotated[Path, option("--to", "写入的文件夹", "folder to write to")],
    distribution: Annotated[bool, option("--distribution", "分配通知", "a distribution notice")] = False,
) -> None:
    from fof.operations.notices import notices as use_case
    from fof.operations.papers import notices_pdf, notices_workbook
    from models.kinds import NoticeKind

    view = asked.journal().view()
    kind = NoticeKind.DISTRIBUTION if distribution else NoticeKind.CAPITAL_CALL
    made_out = use_case(view, view.party(fund).id, kind, number)
    folder(to)
    stem = "".join(c if c.isalnum() or c in "-_." else "_" for c in f"{fund}-{number}")
    for suffix, made in ((".pdf", notices_pdf(made_out)), (".xlsx", notices_workbook(made_out))):
        placed(to / f"{stem}{suffix}", made)
        print_sentence(str(to / f"{stem}{suffix}"))


@app.command("distribute")
@helped("按条款分配。", "A distribution by the fund's own terms; --book issues it.")
@asks("unit lang json", TableUnit.YUAN)
def distribute(
    asked: Asked,
    fund: Fund,
    cash: Annotated[str, option("--cash", "可分配现金（元）", "cash in yuan", metavar="YUAN")],
    pay_on: Annotated[dt.date, day_option("--pay-on", "分配日", "pay day")],
    recallable: Annotated[
        str | None,
        option(
            "--recallable",
            "返还本金中可再召回的金额",
            "returned capital that may be called again",
            metavar="YUAN",
        ),
    ] = None,
    number: Number = "",
    book: Book = False,
    why: Why = None,
    portfolio: Within = None,
) -> None:
    from fof.operations.distributions import issue_distribution, plan_distribution
    from fof.operations.plans_document import distribution_document
    from models.kinds import NoticeKind

    asked = replace(asked, as_of=pay_on)
    view = asked.view()
    own = view.party(fund).id
    fen, problems = yuan(cash, "--cash")
    recalled, wrong = (0, []) if recallable is None else yuan(recallable, "--recallable")
    refuse([*problems, *wrong], Text("分配通知", "distribution notice"))
    plan = plan_distribution(view, own, fen or 0, pay_on, recalled or 0)
    refuse(
        [*of_portfolio(view, own, portfolio), *plan.problems, *numbered(number, book)],
        Text("分配通知", "distribution notice"),
    )
    say_late(view, pay_on, [own], why)
    booked = entries(issue_distribution(database(), acting(), plan, number, why=why)) if book else ""
    if not book:
        say_taken(view, own, NoticeKind.DISTRIBUTION, number)
    printed(distribution_document(view, plan, booked), asked)


@app.command("merge")
@helped("重组并入，证明前后合计分毫不差。", "Merge vehicles, with the proof that every total stays.")
@asks("unit lang json")
def merge(
    asked: Asked,
    predecessor: Annotated[list[str], option("--from", "并入的基金，可重复", "predecessors", metavar="CODE")],
    successor: Annotated[str, option("--into", "承继方", "successor", metavar="CODE")],
    on: Annotated[dt.date, day_option("--on", "重组日", "day")],
    rests_on: Annotated[str, option("--document", "重组文件", "document")],
    book: Book = False,
    why: Why = None,
) -> None:
    from fof.operations.plans_document import merger_document
    from fof.operations.reorganisations import book_reorganisation, plan_reorganisation

    asked = replace(asked, as_of=on)
    view = asked.view()
    plan = plan_reorganisation(
        view, [view.party(c).id for c in predecessor], view.party(successor).id, on, rests_on
    )
    refuse(plan.problems, Text("重组并入", "merger"))
    say_late(view, on, [*plan.predecessors, plan.successor], why)
    booked = entries(book_reorganisation(database(), acting(), plan, why=why)) if book else ""
    printed(merger_document(view, plan, booked), asked)


app.command()(operations_closing.closing)
app.command()(operations_claims.claim)
for _command in (
    operations_review.fees,
    operations_review.clawback,
    operations_review.quarter,
    operations_review.clocks,
):
    app.command()(_command)
