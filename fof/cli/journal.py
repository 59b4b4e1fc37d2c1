"""Commands for the journal: find entries, show one, what changed, take one back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from fof.cli.asked import Asked, TableUnit, acting, asks, database, day_option
from fof.cli.printed import print_sentence, printed
from fof.cli.usage import argument, both, helped, option
from fof.words import today
from models.text import Text

if TYPE_CHECKING:
    from fof.ledger import View

app = typer.Typer(
    help=both("日记账：查找、查看、对比。", "The journal: find, show, compare."), no_args_is_help=True
)


@app.command("list")
@helped("查找分录，最新的在前。", "Find entries, newest first.")
@asks("known_at lang json", TableUnit.YUAN)
def list_entries(
    asked: Asked,
    kind: Annotated[str | None, option("--kind", "分录类型（代码或中文）", "kind of entry")] = None,
    first: Annotated[
        dt.date | None,
        day_option("--from", "生效日从", "effective from"),
    ] = None,
    last: Annotated[
        dt.date | None,
        day_option("--to", "生效日至", "effective to"),
    ] = None,
    text: Annotated[
        str | None,
        option("--text", "附注、编号、文件名、经办人", "in note, key, document, person"),
    ] = None,
    party_code: Annotated[
        str | None, option("--party", "涉及的主体", "a party it names", metavar="CODE")
    ] = None,
    amount: Annotated[
        str | None,
        option("--amount", "某一笔的金额（元）", "amount of a posting", metavar="YUAN"),
    ] = None,
    live: Annotated[
        bool,
        option("--live", "不列冲销与被冲销的", "leave out reversals and what they reverse"),
    ] = False,
    limit: Annotated[int, option("--limit", "最多列出", "rows at most", min=1, max=10_000)] = 100,
    offset: Annotated[int, option("--offset", "跳过最新的若干条", "newest entries to pass over", min=0)] = 0,
) -> None:
    from fof.audit.hidden_entries import unseen_records
    from fof.book.entries import Query, search
    from fof.book.parties import party
    from fof.errors import Problem, Refused, Unknown
    from fof.figures.journal_document import journal_document
    from models.kinds import EntryKind
    from models.money import fen_of

    view = asked.every_day()
    wanted = None if kind is None else EntryKind.read(kind)
    if kind is not None and wanted is None:
        raise Unknown(Text("分录类型", "kind of entry"), kind)
    try:
        fen = None if amount is None else fen_of(amount.replace(",", ""))
    except ValueError:
        problem = Problem(
            "amount", Text("金额以元计，至多两位小数", "an amount in yuan with at most two decimals"), amount
        )
        raise Refused([problem], "journal list") from None
    named = None if party_code is None else party(view, party_code)
    query = Query(wanted, first, last, text, named, fen, live, unseen_records(view).entries)
    matching = search(view, query, limit=limit, offset=offset)
    printed(journal_document(view, matching), asked)


@app.command("show")
@helped("一条分录及其全部记录。", "One entry with every row it brought.")
@asks("known_at unit lang json", TableUnit.YUAN)
def show_entry(
    asked: Asked,
    entry: Annotated[int, argument("分录编号", "entry", min=1)],
) -> None:
    from fof.audit.hidden_entries import unseen_records
    from fof.book.entries import detail
    from fof.figures.journal_document import entry_document

    view = asked.every_day()
    printed(entry_document(view, detail(view, entry, unseen_records(view).entries)), asked)


@app.command("changes")
@helped(
    "两个时点之间登记了什么，每条分录对主要数字各有多少影响。",
    "What was learnt, and what each entry did to the figures.",
)
@asks("as_of portfolio unit lang json")
def show_changes(
    asked: Asked,
    earlier: Annotated[
        str,
        option(
            "--from",
            "较早的时点：分录、日期（北京时间当日终）、已结账的季度或报告名称",
            "earlier: an entry, the end of a day (Beijing time), a closed quarter, a report",
            metavar="WHEN",
        ),
    ],
    later: Annotated[
        str | None,
        option(
            "--to",
            "较晚的时点，写法同上，缺省为最新",
            "later, written alike; the newest if left out",
            metavar="WHEN",
        ),
    ] = None,
) -> None:
    from fof.book.known import known_at
    from fof.changes import changes, changes_document

    asked = replace(asked, known_at=later)
    book = asked.journal()
    earlier_known = known_at(book, earlier, today(), asked.portfolio)
    known = asked.known(book)
    differences = changes(book, asked.day, earlier_known, known, asked.portfolio, same_too=True)
    currency = asked.chosen(book.view(asked.day, differences.later)).currency
    printed(changes_document(differences, currency, str(asked.unit)), asked)


@app.command("name")
@helped(
    "给一份报告命名：之后 --known-at 名称 即可原样重印。",
    "Give a report a name: --known-at NAME then prints it again as it was.",
)
@asks("known_at lang json", TableUnit.YUAN)
def name_state(
    asked: Asked,
    name: Annotated[str, argument("报告名称", "name of the report")],
    why: Annotated[
        str,
        option("--why", "是什么报告、交给了谁，必填", "what it is, who was given it; required"),
    ],
) -> None:
    from fof.figures.journal_document import booking_document
    from fof.operations.reports import name_report

    known = asked.known(asked.journal())
    booked = name_report(database(), acting(), name, known, why)
    answer = booking_document(booked, asked.journal().head)
    for row in answer.rows:
        text = Text(
            f"“{name}”指至分录 {known}（分录 {row['entry']}）",
            f"{name!r} is entry {known} (entry {row['entry']})",
        )
        print_sentence(str(text))
    if asked.json:
        printed(answer, asked)


def say_late_reversal(view: View, entry: int) -> None:
    """Tell the person that taking an entry back changes a quarter that was closed."""
    from fof.book.late import names, over_entry

    if closed := over_entry(view, entry):
        print_sentence(
            Text(
                f"分录 {entry} 的生效日在已结账的季度之内：{names(closed)}",
                f"entry {entry} is dated into a closed quarter",
            )
        )


@helped("冲销一条分录；两条都留在账上。", "Take an entry back; both stay in the book.")
@asks("lang json", TableUnit.YUAN)
def reverse(
    asked: Asked,
    entry: Annotated[int, argument("分录编号", "entry", min=1)],
    why: Annotated[str, option("--why", "冲销原因，必填", "reason, required")],
) -> None:
    from fof.figures.journal_document import booking_document
    from fof.intake import reversals

    say_late_reversal(asked.journal().view(), entry)
    booked = reversals.reverse(database(), acting(), entry, why)
    journal = asked.journal()
    answer = booking_document(booked, journal.head)
    for row in answer.rows:
        by = row["entry"]
        gone = journal.entries(by, by)[0].reverses  # shares that were paid in take their deals along
        print_sentence(Text(f"分录 {gone} 由分录 {by} 冲销", f"entry {gone} is reversed by {by}"))
    if asked.json:
        printed(answer, asked)
