"""What is held through every path, and who stands behind it, as documents."""

from __future__ import annotations

from typing import Any

from fof.book.currencies import currency_of
from fof.book.ownership import BASES, Base
from fof.book.parties import named, party
from fof.book.portfolios import Portfolio
from fof.book.reading import Reason, several
from fof.errors import Unknown, one_of
from fof.figures.answers import Answer
from fof.figures.documents import EXPOSURE, REACH
from fof.figures.lookthrough import Exposure, ExposurePath, Reach, exposures, reach
from fof.ledger import View
from models.kinds import FUND_KINDS
from models.text import Text

Row = dict[str, Any]


def holder(view: View, portfolio: Portfolio, code: str | None) -> int:
    """Who is looked through from: a party by its code, the portfolio's where none is named."""
    if code is not None:
        return party(view, code)
    if portfolio.party is None:
        raise Unknown(Text("穿透起点", "holder to look through from"), portfolio.code)
    return portfolio.party


def base_of(text: str) -> Base:
    """What shares are of; WrongArgument for what is none."""
    return "paid_in" if one_of(text, BASES, "base") == "paid_in" else "commitment"


def owners_document(view: View, target: int, base: Base = "commitment") -> Answer:
    """Who stands behind a company or fund, path by path."""
    rows: list[Row] = []
    for reached in reach(view, target, base):
        for path in reached.paths:
            rows.append(owner_row(view, reached) | path_row(view, path))
    head = {"target": view.parties[target].code, "base": base, "texts": {"target": named(view, target)}}
    return Answer(REACH, rows, view.as_of, view.known_at, currency_of(view, target), head)


def owner_row(view: View, reached: Reach) -> Row:
    """Who stands behind something, with the share through all paths."""
    return {
        "owner": view.parties[reached.owner].code,
        "owner_label": view.name(reached.owner),
        "share": reached.share,
        "direct": reached.direct,
        "paths": len(reached.paths),
        "record": reached,
    }


def path_row(view: View, path: ExposurePath) -> Row:
    """One path: codes from the owner down, its share and that of each step."""
    return {
        "path": " > ".join(view.parties[p].code for p in path.parties),
        "path_share": path.share,
        "steps": ";".join(repr(s) for s in path.shares),
        "record": path,
    }


def lookthrough_document(view: View, owner: int, base: Base = "commitment", *, every: bool = True) -> Answer:
    """What a holder has of every fund and company below it; without `every` what is worth nothing any more is left out,
    and the largest stand first.

    A company that funds of several currencies hold has a row without amounts, then one for each currency.
    """
    rows = [
        exposure_row(view, e, part) for e in exposures(view, owner, base) for part in (None, *e.by_currency)
    ]
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


def exposure_row(view: View, e: Exposure, part: tuple[str, int, int | None] | None = None) -> Row:
    """What is held of a fund or company, or the part of it in one currency (code, cost, value).

    size : funds by their share, then companies by value, the largest first
    """
    company = view.parties[e.party].kind not in FUND_KINDS
    largest = max((value or 0 for _, _, value in e.amounts), default=0)
    reasons = {} if e.share is not None else {"share": _no_share()}
    if e.by_currency:
        reasons |= dict.fromkeys(("cost", "value"), several(code for code, *_ in e.by_currency))
    currency, cost, value = part or (e.currency, e.cost, e.value)
    return {
        "kind": "company" if company else "fund",
        "key": view.parties[e.party].code,
        "label": view.name(e.party),
        "share": e.share,
        "direct": e.direct,
        "paths": e.paths,
        "cost": cost,
        "value": value,
        "currency": currency,
        "reasons": reasons,
        "record": e,
        "size": (company, -float(largest if company else e.share or 0), view.parties[e.party].code),
    }


def _no_share() -> Reason:
    return Reason("no_share", Text("有交易未载明股权比例", "a deal does not state its share"))
