"""Export of what the office decides (settings, mappings, dispositions, closes) and of money that no other sheet has a column for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from fof.book.known import CLOSE_SETTING, closes
from fof.intake.components import COMPONENTS_OF
from fof.intake.export_money import Money
from fof.intake.export_rows import Heads, Row, Sheets
from fof.ledger import Dated, View
from models.kinds import DispositionAction, EntryKind

PIECE = 1_500
"""Characters of a long value that go into one row."""


def office_rows(view: View, heads: Heads, sheets: Sheets) -> set[int]:
    """Fill the sheets of settings, dispositions and closes; returns the entries they carry."""
    carried: set[int] = set()
    for setting in view.settings:
        name = setting.row.name
        if name == CLOSE_SETTING or name.startswith(COMPONENTS_OF) or setting.entry not in heads.live:
            continue  # closes have a sheet of their own, components stand in their notice
        carried.add(setting.entry)
        sheets["settings"] += _setting(heads, setting)
    for disposition in view.dispositions:
        carried.add(disposition.entry)
        sheets["dispositions"].append(_disposition(view, heads, disposition))
    for close in closes(view):
        carried.add(close.entry)
        sheets["closes"].append(
            {
                "portfolio": close.portfolio,
                "day": close.quarter_end,
                "open_items": close.open_items,
                "reason": close.reason or None,
                "source": heads.source(close.entry),
            }
        )
    return carried


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


def _disposition(view: View, heads: Heads, disposition: Dated) -> Row:
    row = disposition.row
    return {
        "group": heads.live[disposition.entry].key,
        "day": disposition.day,
        "rule": row.rule,
        "subject": None if row.party is None else heads.code(row.party),
        "deal": None if row.deal is None else view.deal_by_id[row.deal].row.code,
        "action": DispositionAction(row.action),
        "reference": row.reference,
        "until": row.until,
        "reason": row.reason,
        "source": heads.source(disposition.entry),
    }


def other_rows(money: Money, heads: Heads, sheets: Sheets, written: Collection[int]) -> set[int]:
    """One row for each posting of an entry whose money no sheet has taken; returns those entries."""
    found = set()
    for head in heads.live.values():
        if head.id in written or head.id in money.deals or not (moved := money.paid.get(head.id)):
            continue
        found.add(head.id)
        notice = money.notices.get(head.id)
        for p in moved:
            fund = p.fund if p.fund >= 0 else None
            sheets["movements"].append(
                {
                    "group": head.key,
                    "entry": EntryKind(head.kind),
                    "day": head.effective_on,
                    "kind": p.kind.name,
                    "payer": heads.code(p.payer),
                    "payee": heads.code(p.payee),
                    "fund": None if fund is None else heads.code(fund),
                    "deal": None if p.deal < 0 else money.view.deal_by_id[p.deal].row.code,
                    "amount": heads.amount(
                        p.fen, heads.currency_of(p.payer, p.payee) if fund is None else fund
                    ),
                    "number": None if notice is None else notice.number,
                    "due_on": None if notice is None else notice.due_on,
                    "document": head.note,
                    "source": heads.source(head.id),
                }
            )
    return found
