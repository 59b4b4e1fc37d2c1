"""Export of what the office decides (settings, mappings, dispositions, closes) and of money that no other sheet has a column for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from fof.book.known import closes
from fof.intake.export_money import MoneySheets
from fof.intake.export_rows import Heads, Row, Sheets
from fof.intake.subjects import of_settings, subject_named
from fof.ledger import Dated, EntryRecord, View
from models.facts import REPORT
from models.kinds import DispositionAction, EntryKind
from models.rows import Notice, Setting
from models.subjects import SubjectKind, bearer_of

PIECE = 1_500
"""Characters of a long value that go into one row."""


def office_rows(view: View, heads: Heads, sheets: Sheets) -> None:
    """Fill the sheets of settings, dispositions, closes and reports."""
    for setting in sorted(_set(view), key=lambda s: (s.day, s.entry)):
        heads.carried[setting.entry] += 1
        sheets["settings"] += _setting(heads, setting)
    for decision in view.decisions:
        if decision.row.deal is not None and decision.row.deal not in view.deal_by_id:
            continue  # about a deal that was taken back: under its code it would be about another
        heads.carried[decision.entry] += 1
        sheets["dispositions"] += _disposition(view, heads, decision)
    for stated in view.subject_facts:
        if stated.row.name == REPORT:
            heads.carried[stated.entry] += 1
            named = {"name": stated.row.basis, "day": stated.day, "reason": stated.row.document}
            sheets["reports"].append({**named, "source": heads.source(stated.entry)})
    for close in closes(view):
        heads.carried[close.entry] += 1
        sheets["closes"].append(
            {
                "portfolio": close.portfolio,
                "day": close.quarter_end,
                "open_items": close.open_items,
                "reason": close.reason or None,
                "source": heads.source(close.entry),
            }
        )


def _set(view: View) -> Iterator[Dated]:
    """Rule numbers, what evaluations rest on and column mappings, as the sheet of settings names them."""
    yield from view.settings
    for stated in view.subject_facts:
        if of_settings(stated):
            row = stated.row
            setting = Setting(row.party, row.name, row.value, row.until, row.document)
            yield stated._replace(row=setting)
    for mapping in view.column_mappings:
        name, content, source = mapping.row
        yield mapping._replace(row=Setting(None, f"mapping:{name}", content, None, source))


def _setting(heads: Heads, setting: Dated) -> Iterator[Row]:
    row, pieces = setting.row, list(_pieces(setting.row.value))
    for number, piece in enumerate(pieces, 1):
        yield {
            "group": heads.live[setting.entry].key,
            "subject": None if row.party is None else heads.code(row.party),
            "name": row.name,
            "day": setting.day,
            "value": piece,
            "part": number if len(pieces) > 1 else None,
            "until": row.until,
            "document": row.document,
            "source": heads.source(setting.entry),
        }


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that neither begin nor end with a blank: a cell loses those."""
    while len(text) > PIECE:
        end = PIECE
        while end > 1 and (text[end - 1].isspace() or text[end].isspace()):
            end -= 1
        yield text[:end]
        text = text[end:]
    yield text


def _disposition(view: View, heads: Heads, decision: Dated) -> Iterator[Row]:
    row = decision.row
    about = view.subject(bearer_of(row))
    if about.kind in (SubjectKind.OFFICE, SubjectKind.PARTY, SubjectKind.DEAL):
        column = "deal" if about.kind is SubjectKind.DEAL else "subject"
        named: dict[str, object] = {column: about.code or None}
    else:
        named = {"kind": about.kind, "code": about.code, "second": about.second or None}
    yield {
        "group": heads.live[decision.entry].key,
        "day": decision.day,
        "rule": row.rule,
        **named,
        "action": DispositionAction(row.action),
        "reference": row.reference,
        "until": row.until,
        "reason": row.reason,
        "source": heads.source(decision.entry),
    }


def other_rows(money: MoneySheets, written: Collection[int]) -> None:
    """Entries whose money, notices or deals no sheet of its own has taken: a row for each posting, for each notice that none of
    them names and for each line of what notices ask; and the deals without their money."""
    heads, sheets = money.heads, money.sheets
    parts = (money.paid, money.notices, money.asked, money.deals)
    for head in heads.live.values():
        if head.id in written or not (held := sum(len(own.get(head.id, ())) for own in parts)):
            continue
        sheets["movements"] += _moved(money, head)
        for deal in money.deals.get(head.id, ()):
            own = {"group": head.key, "fund": heads.code(deal.investor), "day": head.effective_on}
            sheets["deals"].append(own | money.terms(deal) | {"source": heads.source(head.id)})
        heads.carried[head.id] += held


def _moved(money: MoneySheets, head: EntryRecord) -> Iterator[Row]:
    view, heads = money.view, money.heads
    left = list(money.notices.get(head.id, ()))

    def base(fund: int | None, payer: int | None, notice: Notice | None) -> Row:
        return {
            "group": head.key,
            "entry": EntryKind(head.kind),
            "day": head.effective_on,
            "payer": None if payer is None else heads.code(payer),
            "fund": None if fund is None else heads.code(fund),
            "number": None if notice is None else notice.number,
            "due_on": None if notice is None else notice.due_on,
            "document": head.note,
            "source": heads.source(head.id),
        }

    for p in money.paid.get(head.id, ()):
        fund = p.fund if p.fund >= 0 else None
        notice = next((n for n in money.notices.get(head.id, ()) if n.fund == fund), None)
        if notice in left:
            left.remove(notice)
        own = heads.currency_of(p.payer, p.payee) if fund is None else fund
        yield base(fund, p.payer, notice) | {
            "kind": p.kind.name,
            "payee": heads.code(p.payee),
            "deal": None if p.deal < 0 else view.deal_by_id[p.deal].row.code,
            **dict(subject_named(view, p.loan)),
            "amount": heads.amount(p.fen, own),
        }
    for notice in left:
        yield base(notice.fund, None, notice)
    for line in money.asked.get(head.id, ()):
        notice = next((n for n in money.notices.get(head.id, ()) if n[::2] == line[:2]), None)
        amount = heads.amount(line.fen, line.fund)
        yield base(line.fund, line.investor, notice) | {
            "number": line.number,
            "component": line.component,
            "amount": amount,
        }
