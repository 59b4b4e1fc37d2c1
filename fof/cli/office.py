"""Commands for what needs attention, one fund, and disclosed positions."""

from __future__ import annotations

import datetime as dt
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
    fund_party,
    named,
    party,
    read_day,
)
from fof.cli.printed import printed
from fof.cli.usage import both, helped
from fof.figures import documents
from fof.figures.answers import Answer
from fof.words import _
from models.text import Text

if TYPE_CHECKING:
    from fof.book.funds import Cash
    from fof.book.notices import Call
    from fof.book.reading import Reason
    from fof.ledger import View

Row = dict[str, Any]


def _said(reason: Reason | None, asked: Asked) -> str | None:
    return None if reason is None else reason.text.of(asked.language)


@helped("待缴、逾期、净值过期、条款到期。", "What is due, late, old, or about to end.")
def overview(
    days: Annotated[
        int, typer.Option("--days", min=1, help=both("向前看多少天", "how many days ahead"))
    ] = 90,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    portfolio: PortfolioCode = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    asked = Asked(as_of, known_at, json, portfolio, unit, lang)
    printed(overview_document(asked.view(), asked, days), asked)


def overview_document(view: View, asked: Asked, days: int = 90) -> Answer:
    """What needs attention: calls due and overdue, old values, closed funds with a value, terms about to end."""
    from fof.figures.overview import CLOSED_WITH_VALUE
    from fof.figures.overview import overview as use_case
    from models.facts import FACTS

    chosen = asked.chosen(view)
    found = use_case(view, chosen, days)
    rows = [
        _call(view, "overdue", c, c.overdue, c.days_late)
        | {"whose": "own" if found.own(c) else "others"}
        | {"texts": {"days": _days(c.days_late, Text("逾期 {} 天", "{} days late"), asked)}}
        for c in found.overdue
    ]
    for c in found.due:
        left = None if c.due_on is None else (c.due_on - asked.day).days
        whose = "own" if found.own(c) else "others"
        rows.append(
            _call(view, "due", c, c.open, left) | {"whose": whose, "texts": {"days": _left(left, asked)}}
        )
    for stale in found.stale:
        rows.append(
            {
                "what": "stale",
                **_fund(view, stale.fund),
                "day": stale.value.marked_on,
                "days": stale.age_days,
                "amount": stale.value.fen,
                "note": _said(stale.value.note, asked),
                "currency": stale.value.currency,
                "texts": {"days": _days(stale.age_days, Text("已 {} 天", "{} days old"), asked)},
                "reasons": {} if stale.value.note is None else {"amount": stale.value.note},
                "record": stale,
            }
        )
    for rest in found.closed:
        rows.append(
            {
                "what": "closed",
                **_fund(view, rest.fund),
                "day": rest.value.marked_on,
                "days": rest.age_days,
                "amount": rest.value.fen,
                "note": _said(CLOSED_WITH_VALUE, asked),
                "currency": rest.value.currency,
                "texts": {"days": _days(rest.age_days, Text("已 {} 天", "{} days old"), asked)},
                "reasons": {} if rest.value.note is None else {"amount": rest.value.note},
                "record": rest,
            }
        )
    for ending in found.ending:
        term = FACTS[ending.name]
        rows.append(
            {
                "what": "ending",
                **_fund(view, ending.fund),
                "number": term.text.of(asked.language),
                "day": ending.day,
                "days": ending.days_left,
                "texts": {"days": _left(ending.days_left, asked)},
                "record": ending,
            }
        )
    head = {
        "portfolio": chosen.code,
        "noticed": found.noticed,
        "unnoticed": len(found.unnoticed),
        "undated": len(found.undated),
        "texts": {"portfolio": named(view, chosen.party)} if chosen.party else {},
    }
    return Answer(documents.OVERVIEW, rows, view.as_of, view.known_at, chosen.currency, head)


def _days(days: int | None, said: Text, asked: Asked) -> str:
    """A number of days with what it counts; a dash for none."""
    if days is None:
        return "—"
    return said.of(asked.language).format(days)


def _left(days: int | None, asked: Asked) -> str:
    """Days to a day that is still to come, or since one that has gone by."""
    if days is not None and days < 0:
        return _days(-days, Text("已过 {} 天", "{} days past"), asked)
    return _days(days, Text("还有 {} 天", "{} days left"), asked)


def _fund(view: View, number: int) -> Row:
    from fof.book.currencies import currency_of

    code = view.parties[number].code
    return {"fund": code, "label": view.name(number), "currency": currency_of(view, number)}


def _call(view: View, what: str, call: Call, fen: int, days: int | None) -> Row:
    return {
        "what": what,
        **_fund(view, call.fund),
        "investor": view.name(call.investor),
        "number": call.number or None,
        "day": call.due_on,
        "days": days,
        "amount": fen,
        "record": call,
    }


@helped("一只基金的条款、现金、持有、通知与文件。", "Terms, cash, holdings, notices and documents of a fund.")
def fund(
    code: Annotated[str, typer.Argument(help=both("基金编号", "code of the fund"))],
    every: Annotated[
        bool, typer.Option("--all", help=both("已缴清的通知也列出", "also notices that are paid in full"))
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    portfolio: PortfolioCode = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    asked = Asked(as_of, known_at, json, portfolio, unit, lang)
    printed(fund_document(asked.view(), asked, code, every), asked)


def fund_document(view: View, asked: Asked, code: str, every: bool = False) -> Answer:
    """Terms in force, cash, holdings, notices, what the manager reports, documents; `every` for the table for people."""
    from fof.book.funds import fund_detail

    number = fund_party(view, code)
    chosen = asked.chosen(view)
    found = fund_detail(view, chosen, number)
    rows: list[Row] = [
        {
            "part": "term",
            "name": t.name,
            "label": t.text.of(asked.language),
            "value": t.value_text(asked.language),
            "day": t.since,
            "entry": t.entry,
            "document": t.document,
            "texts": {"value": _with_names(view, t.value_text(asked.language))},
            "record": t,
        }
        for t in found.terms
    ]
    rows.append(
        {
            "part": "cash",
            "name": "cash",
            "label": Text("现金余额", "Cash").of(asked.language),
            "value": _said(found.cash.note, asked),
            "amount": found.cash.fen,
            "day": found.cash.last_deal_on,
            "idle_ratio": found.cash.idle_ratio,
            "texts": {
                "value": "" if found.cash.fen is not None else _said(found.cash.note, asked),
                "day": _last_deal(found.cash),
            },
            "record": found.cash,
        }
    )
    rows += _holdings(view, number)
    from fof.book.notices import calls

    notices = calls(view, {number})
    rows += [_notice(view, c) for c in notices if c.open or every or asked.json]
    rows += _reported(view, number, asked, every)
    rows += [
        {
            "part": "document",
            "name": d.digest,
            "label": d.name,
            "value": f"{len(d.entries)}",
            "day": d.last_on,
            "entry": d.entries[-1],
            "document": d.name,
            "texts": {
                "value": Text(f"{len(d.entries)} 条分录", f"{len(d.entries)} entries").of(asked.language),
                "document": "",
            },
            "record": d,
        }
        for d in found.documents
    ]
    notes = []
    if (paid := sum(not c.open for c in notices)) and not every:
        notes = [
            Text(
                f"（已缴清的通知 {paid} 份未列出；--all 全部列出）",
                f"({paid} notices paid in full are left out; --all lists them)",
            ).of(asked.language)
        ]
    head = {
        "fund": code,
        "label": view.name(number),
        "predecessors": ",".join(view.parties[p].code for p in found.predecessors) or None,
    }
    from fof.book.currencies import currency_of

    currency = currency_of(view, number)
    return Answer(documents.FUND, rows, view.as_of, view.known_at, currency, head, notes)


def _reported(view: View, fund: int, asked: Asked, every: bool) -> list[Row]:
    """The newest report and every figure that differs from the book's; all reports where all are asked for."""
    from fof.figures.reported import reported

    found = reported(view, [fund])
    newest = found[0].day if found else None
    states = {
        True: Text("一致", "agrees"),
        False: Text("不一致", "differs"),
        None: Text("无法核对", "cannot be compared"),
    }
    return [
        {
            "part": "reported",
            "name": r.figure,
            "label": r.figure.upper(),
            "value": states[r.agrees].of(asked.language),
            "day": r.day,
            "stated": float(r.stated),
            "ours": None if r.ours != r.ours else r.ours,
            "difference": r.difference,
            "entry": r.entry,
            "document": r.document,
            "texts": {
                k: r.said(v)
                for k, v in (("stated", float(r.stated)), ("ours", r.ours), ("difference", r.difference))
            },
            "reasons": {} if r.note is None else {"ours": r.note},
            "record": r,
        }
        for r in found
        if every or asked.json or r.day == newest or r.agrees is False
    ]


def _with_names(view: View, text: str) -> str:
    """A party's code with its name."""
    found = view.by_code.get(text)
    return text if found is None else named(view, found.id)


def _last_deal(cash: Cash) -> str:
    if cash.last_deal_on is None:
        return _("尚未投资", "nothing invested yet")
    return f"{_('最近投资', 'last deal')} {cash.last_deal_on}"


def _notice(view: View, call: Call) -> Row:
    return {
        "part": "call",
        "name": call.number,
        "label": view.name(call.investor),
        "value": call.state,
        "day": call.due_on,
        "amount": call.due,
        "open": call.open,
        "entry": call.entry,
        "record": call,
    }


def _holdings(view: View, fund: int) -> list[Row]:
    from fof.book.holdings import holdings

    return [
        {
            "part": "holding",
            "name": view.parties[h.company].code,
            "label": view.name(h.company),
            "value": h.state,
            "day": h.first_on,
            "amount": h.value.fen,
            "cost": h.cost,
            "multiple": h.multiple,
            "entry": h.value.marks[-1][0] if h.value.marks else None,
            "record": h,
        }
        for h in holdings(view, fund)
    ]


@helped("披露持仓：披露倍数与我们的并列；两个披露日之间滚动核对。", "Stated and our multiples; roll-forward.")
def positions(
    holder: Annotated[
        str | None, typer.Option("--holder", metavar="CODE", help=both("机构编号", "code of the institution"))
    ] = None,
    exceptions: Annotated[
        bool, typer.Option("--exceptions", help=both("只列不一致的", "only those that do not agree"))
    ] = False,
    every_day: Annotated[
        bool,
        typer.Option(
            "--every-day", help=both("全部披露日，不只最近一次", "every disclosure, not the latest only")
        ),
    ] = False,
    roll_from: Annotated[
        str | None,
        typer.Option(
            "--roll-from",
            metavar="DAY",
            help=both("滚动核对的期初披露日", "roll forward from this disclosure"),
        ),
    ] = None,
    roll_to: Annotated[
        str | None,
        typer.Option(
            "--roll-to",
            metavar="DAY",
            help=both("期末披露日，缺省为最近一次", "to this one, the latest if left out"),
        ),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    asked = Asked(as_of, known_at, json, None, unit, lang)
    view = asked.view()
    if roll_from is None:
        printed(positions_document(view, asked, holder, every_day=every_day, exceptions=exceptions), asked)
    else:
        last = None if roll_to is None else read_day(roll_to)
        printed(roll_document(view, asked, holder, read_day(roll_from), last), asked)


def positions_document(
    view: View,
    asked: Asked,
    holder: str | None = None,
    *,
    every_day: bool = False,
    exceptions: bool = False,
) -> Answer:
    """Disclosed positions, the stated multiple beside ours; of one institution or of all."""
    from fof.book.currencies import DEFAULT_CURRENCY, currency_of
    from fof.figures import positions as use_case

    number = None if holder is None else party(view, holder)
    found = use_case.positions(view, number, every_day=every_day)
    compared = [p for p in found if p.agrees is not None]
    wrong = use_case.exceptions(found)
    head = {
        "positions": len(found),
        "compared": len(compared),
        "agreeing": len(compared) - len(wrong),
        "exceptions": len(wrong),
    }
    rows = [_position(view, p, asked) for p in (wrong if exceptions else found)]
    currency = DEFAULT_CURRENCY if number is None else currency_of(view, number)
    return Answer(documents.POSITIONS, rows, view.as_of, view.known_at, currency, head)


def _position(view: View, p: Any, asked: Asked) -> Row:
    row: Row = {
        name: getattr(p, name)
        for name in (
            "day",
            "called",
            "distributed",
            "remaining",
            "dpi",
            "rvpi",
            "tvpi",
            "tolerance",
            "difference",
            "agrees",
            "stated_multiple",
            "stated_irr",
            "basis",
            "document",
            "entry",
            "currency",
        )
    }
    for name in ("tolerance", "difference", "stated_multiple"):
        row[name] = None if row[name] is None else float(row[name])
    row |= {
        "holder": view.parties[p.holder].code,
        "fund": view.parties[p.fund].code,
        "label": view.name(p.fund),
        "committed": p.commitment,
        "record": p,
    }
    row["note"] = _said(p.note, asked)
    missing = p.note if p.tvpi != p.tvpi else None
    row["reasons"] = {} if missing is None else dict.fromkeys(("dpi", "rvpi", "tvpi"), missing)
    return row


def roll_document(
    view: View, asked: Asked, institution: str | None, start: dt.date, end: dt.date | None = None
) -> Answer:
    """Positions rolled forward between two disclosures of an institution, the latest where no end is given."""
    from fof.book.currencies import currency_of
    from fof.errors import Unknown
    from fof.figures.positions import disclosure_days, roll_forward

    if institution is None:
        raise Unknown(Text("机构（--holder）", "institution (--holder)"), "—")
    holder = party(view, institution)
    days = disclosure_days(view, holder)
    last = end if end is not None else (days[-1] if days else asked.day)
    found = roll_forward(view, holder, start, last)
    rows: list[Row] = []
    for r in (*found.rows, *found.total.each):
        row: Row = {
            n: getattr(r, n) for n in ("opening", "calls", "distributions", "gain", "closing", "currency")
        }
        row |= {"restated": ",".join(r.restated) or None, "note": _said(r.note, asked), "record": r}
        row |= (
            {"fund": view.parties[r.fund].code, "label": view.name(r.fund)}
            if r.fund >= 0
            else {"fund": None, "label": Text("合计", "Total").of(asked.language)}
        )
        rows.append(row)
    head = {
        "holder": view.parties[holder].code,
        "start": found.start,
        "end": found.end,
        "restatements": len(found.restatements),
    }
    return Answer(documents.ROLL, rows, view.as_of, view.known_at, currency_of(view, holder), head)
