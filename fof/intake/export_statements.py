"""Export of what others state: values, and disclosed positions. A later statement for one day is a restatement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from fof.intake.export_rows import Heads, Row, Sheets
from fof.ledger import Dated, View
from models.kinds import FUND_KINDS, MarkMethod, MultipleBasis

_RECEIVED = "收到日 "


def statement_rows(view: View, heads: Heads, sheets: Sheets, written_off: Collection[int]) -> None:
    """Fill the statement sheets. written_off: entries whose value of zero comes back with their deal."""
    _marks(view, heads, sheets, written_off)
    places = ((p.row.holder, p.row.fund, p.day) for p in view.positions)
    for position, restated in zip(view.positions, _later(places), strict=True):
        row = position.row
        sheets["positions"].append(
            {
                "holder": heads.code(row.holder),
                "fund": heads.code(row.fund),
                "day": position.day,
                **{
                    name: heads.amount(getattr(row, name), heads.held_in(row.fund, row.holder))
                    for name in ("commitment", "called", "distributed", "remaining")
                },
                "stated_irr": row.stated_irr and Decimal(row.stated_irr),
                "stated_multiple": row.stated_multiple and Decimal(row.stated_multiple),
                "multiple_basis": row.multiple_basis and MultipleBasis(row.multiple_basis),
                "restated": restated or None,
                "document": row.document,
                "source": heads.source(position.entry),
            }
        )
        heads.carried[position.entry] += 1


def _later(places: Iterable[Any]) -> list[bool]:
    """For each place whether it came before."""
    seen: set[Any] = set()
    answer = []
    for place in places:
        answer.append(place in seen)
        seen.add(place)
    return answer


def _marks(view: View, heads: Heads, sheets: Sheets, written_off: Collection[int]) -> None:
    marks = [m for m in view.marks if m.entry not in written_off]
    later = _later((m.row.holder, m.row.holding, m.day) for m in marks)
    for mark, restated in zip(marks, later, strict=True):
        heads.carried[mark.entry] += 1
        row = _place(view, heads, mark)
        note = heads.live[mark.entry].note or ""
        if note.startswith(_RECEIVED):
            row["received_on"] = dt.date.fromisoformat(note.removeprefix(_RECEIVED))
        row |= {"day": mark.day, "method": MarkMethod(mark.row.method), "stated_by": mark.row.stated_by}
        row |= {
            "restated": restated or None,
            "document": mark.row.document,
            "source": heads.source(mark.entry),
        }
        sheets["valuations"].append(row)


def _place(view: View, heads: Heads, mark: Dated) -> Row:
    """Fund, investor and company columns of a mark, and its amount: of a fund, of an account in it, of what it holds, or of
    what an investor holds by no fund."""
    holder, holding = mark.row.holder, mark.row.holding
    if view.parties[holding].kind in FUND_KINDS:
        place = {"fund": holding} if holder == holding else {"fund": holding, "investor": holder}
    elif view.parties[holder].kind in FUND_KINDS:
        place = {"fund": holder, "company": holding}
    else:
        place = {"investor": holder, "company": holding}
    row: Row = {name: heads.code(party) for name, party in place.items()}
    return row | {"amount": heads.amount(mark.row.fen, place.get("fund", holder))}
