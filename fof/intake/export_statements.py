"""Export of what others state: values, and disclosed positions. A later statement for one day is a restatement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from fof.intake.export_rows import Heads, Row, Sheets
from fof.ledger import Dated, View
from models.kinds import FUND_KINDS, DealKind, MarkMethod, MultipleBasis

_RECEIVED = "收到日 "


def statement_rows(view: View, heads: Heads, sheets: Sheets) -> set[int]:
    """Fill the statement sheets; returns the entries they carry."""
    carried = _marks(view, heads, sheets)
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
        carried.add(position.entry)
    return carried


def _later(places: Iterable[Any]) -> list[bool]:
    """For each place whether it came before."""
    seen: set[Any] = set()
    answer = []
    for place in places:
        answer.append(place in seen)
        seen.add(place)
    return answer


def _marks(view: View, heads: Heads, sheets: Sheets) -> set[int]:
    written_off = {d.entry for d in view.deals if d.row.kind == DealKind.WRITE_OFF}
    marks = [m for m in view.marks if m.entry not in written_off]
    missed: set[int] = set()
    carried: set[int] = set()
    later = _later((m.row.holder, m.row.holding, m.day) for m in marks)
    for mark, restated in zip(marks, later, strict=True):
        row = _place(view, heads, mark)
        if row is None:
            missed.add(mark.entry)
            continue
        carried.add(mark.entry)
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
    return carried - missed


def _place(view: View, heads: Heads, mark: Dated) -> Row | None:
    """Fund, investor and company columns of a mark; None where it is of neither form."""
    holder, holding = mark.row.holder, mark.row.holding
    if view.parties[holder].kind not in FUND_KINDS or holder == holding:
        fund, other = holding, None if holder == holding else {"investor": heads.code(holder)}
    elif view.parties[holding].kind in FUND_KINDS:
        fund, other = holding, {"investor": heads.code(holder)}
    else:
        fund, other = holder, {"company": heads.code(holding)}
    if view.parties[fund].kind not in FUND_KINDS:
        return None
    return {"fund": heads.code(fund), "amount": heads.amount(mark.row.fen, fund), **(other or {})}
