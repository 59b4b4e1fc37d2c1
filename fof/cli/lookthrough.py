"""Commands for what is held through every path, and who stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof.cli.asked import Asked, AsOf, Json, KnownAt, Lang, Unit, UnitOption, named, one_of, party
from fof.cli.printed import printed
from fof.cli.usage import both, helped
from fof.figures import documents
from fof.figures.answers import Answer
from models.text import Text

if TYPE_CHECKING:
    from fof.figures.lookthrough import Exposure
    from fof.ledger import View

Row = dict[str, Any]


@helped(
    "穿透：一个持有人下面的全部基金与企业，或一家企业后面的全部路径。", "Holdings below, or owners behind."
)
def lookthrough(
    code: Annotated[
        str, typer.Argument(help=both("主体编号", "code of a holder, or with --owners of a company or fund"))
    ],
    owners: Annotated[
        bool,
        typer.Option("--owners", help=both("反向：谁在其后，逐条路径", "who stands behind it, path by path")),
    ] = False,
    base: Annotated[
        str, typer.Option("--base", help=both("口径：commitment 或 paid_in", "by commitments or paid-in"))
    ] = "commitment",
    every: Annotated[
        bool,
        typer.Option("--all", help=both("已无份额与价值的也列出", "also what is worth nothing any more")),
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    unit: UnitOption = Unit.WAN,
    lang: Lang = None,
    json: Json = False,
) -> None:
    asked = Asked(as_of, known_at, json, None, unit, lang)
    view = asked.view()
    if owners:
        printed(owners_document(view, code, base), asked)
    else:
        printed(lookthrough_document(view, asked, code, base, every), asked)


def owners_document(view: View, code: str, base: str = "commitment") -> Answer:
    """Who stands behind a company or fund, path by path."""
    from fof.book.currencies import currency_of
    from fof.figures.lookthrough import reach

    target = party(view, code)
    rows: list[Row] = []
    for found in reach(view, target, _base(base)):
        for path in found.paths:
            rows.append(
                {
                    "owner": view.parties[found.owner].code,
                    "owner_label": view.name(found.owner),
                    "share": found.share,
                    "path": " > ".join(view.parties[p].code for p in path.parties),
                    "path_share": path.share,
                    "steps": ";".join(repr(s) for s in path.shares),
                    "record": path,
                }
            )
    head = {"target": code, "base": base, "texts": {"target": named(view, target)}}
    return Answer(documents.REACH, rows, view.as_of, view.known_at, currency_of(view, target), head)


def _base(text: str) -> Any:
    from fof.book.ownership import BASES

    return one_of(text, BASES, "--base")


def lookthrough_document(
    view: View, asked: Asked, holder: str | None = None, base: str = "commitment", every: bool = False
) -> Answer:
    """What a holder (None: the portfolio) has of everything below it, the largest first in the table for people, which
    leaves out what is worth nothing any more unless asked for.

    A company that funds of several currencies hold has a row without amounts, then one for each currency.
    """
    from fof.book.currencies import currency_of
    from fof.errors import Unknown
    from fof.figures.lookthrough import exposures

    owner = asked.chosen(view).party if holder is None else party(view, holder)
    if owner is None:
        raise Unknown(Text("穿透起点", "holder to look through from"), asked.chosen(view).code)
    rows = [row for e in exposures(view, owner, _base(base)) for row in _exposure(view, e)]
    currency = currency_of(view, owner)
    head = {
        "owner": view.parties[owner].code,
        "base": base,
        "texts": {"owner": named(view, owner)},
    }
    notes = []
    if not asked.json and not every:
        held = [r for r in rows if r["share"] is None or r["share"] or r["cost"] or r["value"]]
        held.sort(key=lambda r: r["size"])
        if left := len(rows) - len(held):
            notes = [
                Text(
                    f"（已无份额与价值的 {left} 项未列出；--all 全部列出）",
                    f"({left} that are worth nothing any more are left out; --all lists them)",
                ).of(asked.language)
            ]
        rows = held
    return Answer(documents.EXPOSURE, rows, view.as_of, view.known_at, currency, head, notes)


def _exposure(view: View, e: Exposure) -> list[Row]:
    """One row; of several currencies one more for each. size: funds by their share, then companies by value, the largest first."""
    from fof.book.reading import several
    from models.kinds import FUND_KINDS

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


def _no_share() -> Any:
    from fof.book.reading import Reason

    return Reason("no_share", Text("有交易未载明股权比例", "a deal does not state its share"))
