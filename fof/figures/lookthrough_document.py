"""What is held through every path, and who stands behind it, as documents."""

from __future__ import annotations

from typing import Any

from fof.book.currencies import currency_of
from fof.book.ownership import Base
from fof.book.parties import named
from fof.book.reading import Reason, several
from fof.figures.answers import Answer
from fof.figures.documents import EXPOSURE, REACH
from fof.figures.lookthrough import Exposure, exposures, reach
from fof.ledger import View
from models.kinds import FUND_KINDS
from models.text import Text

Row = dict[str, Any]


def owners_document(view: View, target: int, base: Base = "commitment") -> Answer:
    """Who stands behind a company or fund, path by path."""
    rows: list[Row] = []
    for reached in reach(view, target, base):
        for path in reached.paths:
            rows.append(
                {
                    "owner": view.parties[reached.owner].code,
                    "owner_label": view.name(reached.owner),
                    "share": reached.share,
                    "path": " > ".join(view.parties[p].code for p in path.parties),
                    "path_share": path.share,
                    "steps": ";".join(repr(s) for s in path.shares),
                    "record": path,
                }
            )
    head = {"target": view.parties[target].code, "base": base, "texts": {"target": named(view, target)}}
    return Answer(REACH, rows, view.as_of, view.known_at, currency_of(view, target), head)


def lookthrough_document(view: View, owner: int, base: Base = "commitment", *, every: bool = True) -> Answer:
    """What a holder has of every fund and company below it; without `every` what is worth nothing any more is left out,
    and the largest stand first.

    A company that funds of several currencies hold has a row without amounts, then one for each currency.
    """
    rows = [row for e in exposures(view, owner, base) for row in _exposure(view, e)]
    currency = currency_of(view, owner)
    head = {
        "owner": view.parties[owner].code,
        "base": base,
        "whose": "investor",
        "basis": "gross",
        "texts": {"owner": named(view, owner)},
    }
    notes = []
    if not every:
        held = [r for r in rows if r["share"] is None or r["share"] or r["cost"] or r["value"]]
        held.sort(key=lambda r: r["size"])
        if left := len(rows) - len(held):
            notes = [
                Text(
                    f"（已无份额与价值的 {left} 项未列出；--all 全部列出）",
                    f"({left} that are worth nothing any more are left out; --all lists them)",
                )
            ]
        rows = held
    return Answer(EXPOSURE, rows, view.as_of, view.known_at, currency, head, notes)


def _exposure(view: View, e: Exposure) -> list[Row]:
    """One row; of several currencies one more for each. size: funds by their share, then companies by value, the largest first."""
    company = view.parties[e.party].kind not in FUND_KINDS
    largest = max((value or 0 for _, _, value in e.amounts), default=0)
    reasons = {} if e.share is not None else {"share": _no_share()}
    row: Row = {
        "kind": "company" if company else "fund",
        "key": view.parties[e.party].code,
        "label": view.name(e.party),
        "share": e.share,
        "direct": e.direct,
        "paths": e.paths,
        "cost": e.cost,
        "value": e.value,
        "currency": e.currency,
        "reasons": reasons,
        "record": e,
        "size": (company, -float(largest if company else e.share or 0), view.parties[e.party].code),
    }
    if e.by_currency:
        row["reasons"] |= dict.fromkeys(("cost", "value"), several(code for code, *_ in e.by_currency))
    return [row, *(row | {"currency": c, "cost": cost, "value": fen} for c, cost, fen in e.by_currency)]


def _no_share() -> Reason:
    return Reason("no_share", Text("有交易未载明股权比例", "a deal does not state its share"))
