"""Commands for the journal: find entries, show one, what changed, take one back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof.book.contents import content_text
from fof.book.parties import party
from fof.cli.asked import (
    Asked,
    AsOf,
    Json,
    Lang,
    PortfolioCode,
    TableUnit,
    UnitOption,
    asks,
    database,
    read_day,
    today,
)
from fof.cli.printed import print_sentence, printed
from fof.cli.usage import both, helped
from fof.figures import documents
from fof.figures.answers import Answer
from models.text import Text

if TYPE_CHECKING:
    from fof.changes import Effect
    from fof.ledger import EntryRecord, View

app = typer.Typer(
    help=both("日记账：查找、查看、对比。", "The journal: find, show, compare."), no_args_is_help=True
)
Row = dict[str, Any]


@app.command("list")
@helped("查找分录，最新的在前。", "Find entries, newest first.")
@asks("known_at lang json", TableUnit.YUAN)
def list_entries(
    asked: Asked,
    kind: Annotated[
        str | None, typer.Option("--kind", help=both("分录类型（代码或中文）", "kind of entry"))
    ] = None,
    first: Annotated[
        dt.date | None,
        typer.Option("--from", parser=read_day, metavar="DAY", help=both("生效日从", "effective from")),
    ] = None,
    last: Annotated[
        dt.date | None,
        typer.Option("--to", parser=read_day, metavar="DAY", help=both("生效日至", "effective to")),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option("--text", help=both("附注、编号、文件名、经办人", "in note, key, document, person")),
    ] = None,
    party_code: Annotated[
        str | None, typer.Option("--party", metavar="CODE", help=both("涉及的主体", "a party it names"))
    ] = None,
    amount: Annotated[
        str | None,
        typer.Option("--amount", metavar="YUAN", help=both("某一笔的金额（元）", "amount of a posting")),
    ] = None,
    live: Annotated[
        bool,
        typer.Option("--live", help=both("不列冲销与被冲销的", "leave out reversals and what they reverse")),
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help=both("最多列出", "rows at most"))
    ] = 100,
    offset: Annotated[
        int, typer.Option("--offset", min=0, help=both("跳过最新的若干条", "newest entries to pass over"))
    ] = 0,
) -> None:
    from fof.book.entries import Query, search
    from fof.errors import Problem, Refused, Unknown
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
    query = Query(
        wanted, first, last, text, None if party_code is None else party(view, party_code), fen, live
    )
    matching = search(view, query, limit=limit, offset=offset)
    rows = [{**_head(h, asked), "record": h} for h in matching.entries]
    printed(Answer(documents.JOURNAL, rows, None, view.known_at, "CNY", {"count": matching.count}), asked)


def _head(head: EntryRecord, asked: Asked) -> Row:
    from fof import words
    from fof.book.entries import document_of
    from models.kinds import EntryKind

    kind = EntryKind(head.kind)
    return {
        "entry": head.id,
        "kind": head.kind,
        "kind_label": kind.text.of(asked.language),
        "effective_on": head.effective_on,
        "recorded_at": head.recorded_at,
        "texts": {
            "recorded_at": words.office_minute(head.recorded_at),
            "kind": kind.text.of(asked.language),
        },
        "recorded_by": head.recorded_by,
        "approved_by": head.approved_by,
        "postings": head.posting_count,
        "reverses": head.reverses,
        "reversed_by": head.reversed_by,
        "note": head.note,
        "document": document_of(head),
        "key": head.key,
    }


@app.command("show")
@helped("一条分录及其全部记录。", "One entry with every row it brought.")
@asks("known_at unit lang json", TableUnit.YUAN)
def show_entry(
    asked: Asked,
    entry: Annotated[int, typer.Argument(min=1, help=both("分录编号", "entry"))],
) -> None:
    from fof.book.entries import detail
    from models.posting_kinds import TREATMENTS, PostingKind

    view = asked.every_day()
    opened = detail(view, entry)
    rows: list[Row] = []
    for p in opened.postings:
        treatment = TREATMENTS[PostingKind(p.kind)]
        rows.append(
            {
                "table": "posting",
                "line": p.line,
                "kind": treatment.text.of(asked.language),
                "from": view.name(p.from_party),
                "to": view.name(p.to_party),
                "fund": None if p.fund is None else view.parties[p.fund].code,
                "amount": p.fen,
                "currency": p.currency,
            }
        )
    rows += [_other(view, table, line, row, asked) for table, line, row in opened.rows]
    head = _head(opened.head, asked)
    printed(Answer(documents.ENTRY, rows, None, view.known_at, "CNY", head), asked)


def _other(view: View, table: str, line: int, row: Any, asked: Asked) -> Row:
    """A row of a small table: parties by code, the rest as stored."""
    from fof.book.currencies import of_row
    from models.rows import PARTY_FIELDS

    content = []
    for name, value in row._asdict().items():
        if value is not None:
            text = view.parties[value].code if name in PARTY_FIELDS and value in view.parties else value
            content.append(f"{name}={text}")
    return {
        "table": table,
        "line": line,
        "amount": getattr(row, "fen", None),
        "currency": of_row(view, row),
        "content": "；".join(content),
        "texts": {"content": content_text(view, table, row, asked.language)},
    }


When = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="WHEN",
        help=both("较晚的时点，写法同上，缺省为最新", "later, written alike; the newest if left out"),
    ),
]


@app.command("changes")
@helped(
    "两个时点之间登记了什么，每条分录对主要数字各有多少影响。",
    "What was learnt, and what each entry did to the figures.",
)
def show_changes(
    earlier: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="WHEN",
            help=both(
                "较早的时点：分录、日期（北京时间当日终）或已结账的季度",
                "earlier: an entry, the end of a day (Beijing time), a closed quarter",
            ),
        ),
    ],
    later: When = None,
    as_of: AsOf = None,
    portfolio: PortfolioCode = None,
    unit: UnitOption = TableUnit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    from fof.book.known import known_at
    from fof.book.portfolios import portfolio as chosen
    from fof.changes import changes

    asked = Asked(as_of, later, json, portfolio, unit, lang)
    book = asked.journal()
    differences = changes(
        book,
        asked.day,
        known_at(book, earlier, today(), portfolio),
        asked.known(book),
        portfolio,
        same_too=True,
    )
    rows = [_effect(e, asked) for e in differences.effects]
    for what, entries in (
        ("reversed", differences.reversed),
        ("superseded", differences.superseded),
        ("added", differences.entries),
    ):
        for h in entries:
            head = _head(h, asked)
            common = {
                "what": what,
                "name": head["kind_label"],
                "entry": h.id,
                "day": h.effective_on,
                "recorded_at": h.recorded_at,
                "note": h.note or head["document"],
                "texts": {"recorded_at": head["texts"]["recorded_at"]},
            }
            rows += [{**common, **own} for own in differences.of_entry(h.id)]
    for m in differences.moved:
        if m.other:
            rows.append({"what": "other", "name": None, "currency": m.currency, **m.other})
    rows += [{"what": "total", "name": None, **own} for own in differences.sums()]
    head_values = {"earlier": differences.earlier, "portfolio": differences.portfolio}
    unit_of = chosen(book.view(asked.day, differences.later), portfolio).currency
    printed(Answer(documents.CHANGES, rows, asked.day, differences.later, unit_of, head_values), asked)


AMOUNT_FIELDS = ("committed", "called", "paid_in", "distributed", "unfunded", "nav")


def _effect(effect: Effect, asked: Asked) -> Row:
    """A headline figure before and after."""
    from fof.figures.register import figure

    money = effect.figure in AMOUNT_FIELDS
    suffix = "_amount" if money else ""
    return {
        "what": "figure",
        "name": figure(effect.figure).text,
        f"before{suffix}": effect.before,
        f"after{suffix}": effect.after,
        "change_amount": effect.change if money else None,
        "currency": effect.currency,
        "texts": {
            "before": _figure_text(effect.figure, effect.before, asked),
            "after": _figure_text(effect.figure, effect.after, asked),
        },
    }


def _figure_text(figure: str, value: float | None, asked: Asked) -> str:
    """A headline figure in its own form."""
    from fof import words

    if figure in ("dpi", "rvpi", "tvpi"):
        return words.multiple(value)
    return words.percent(value) if figure == "irr" else words.amount(value, str(asked.unit))


def say_late_reversal(view: View, entry: int) -> None:
    """Tell the person that taking an entry back changes a quarter that was closed."""
    from fof.book.late import names, over_entry

    if closed := over_entry(view, entry):
        print_sentence(
            str(
                Text(
                    f"分录 {entry} 的生效日在已结账的季度之内：{names(closed)}",
                    f"entry {entry} is dated into a closed quarter",
                )
            )
        )


@helped("冲销一条分录；两条都留在账上。", "Take an entry back; both stay in the book.")
@asks("lang json", TableUnit.YUAN)
def reverse(
    asked: Asked,
    entry: Annotated[int, typer.Argument(min=1, help=both("分录编号", "entry"))],
    why: Annotated[str, typer.Option("--why", help=both("冲销原因，必填", "reason, required"))],
) -> None:
    from fof import ledger
    from fof.access import LOCAL

    say_late_reversal(asked.journal().view(), entry)
    booked = ledger.reverse(database(), LOCAL, entry, why)
    rows = [{"entry": e, "state": "booked"} for e in booked.entries]
    rows += [{"entry": a.entry, "state": "already"} for a in booked.already]
    for row in rows:
        print_sentence(
            str(
                Text(
                    f"分录 {entry} 由分录 {row['entry']} 冲销", f"entry {entry} is reversed by {row['entry']}"
                )
            )
        )
    head = asked.journal().head
    if asked.json:
        printed(Answer(documents.BOOKING, rows, None, head, "CNY"), asked)
