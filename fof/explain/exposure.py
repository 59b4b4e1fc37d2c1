"""Opens what an owner holds of a company or fund below it: the paths, the holdings, the deals and stakes they rest on."""

from __future__ import annotations

import numpy as np

from fof.book.currencies import by_currency
from fof.book.flows import places_in
from fof.book.holdings import Holding, holders_of, money_of
from fof.book.reading import Reason, several
from fof.errors import Unknown
from fof.explain.formulas import Explanation, declared
from fof.explain.government_share import stakes_in
from fof.explain.sources import FigureTerm, SourceRow, part, posting_rows, with_documents
from fof.figures.lookthrough import Exposure, exposures, paths
from fof.ledger import View
from models.kinds import FUND_KINDS
from models.text import Text

EXPOSURES = ("exposure_share", "exposure_cost", "exposure_value")
"""Names of what `explain_exposure` opens."""
NO_SHARE = Reason("no_share", Text("有交易未载明股权比例", "a deal does not state its share"))
NO_VALUE = Reason("no_value", Text("有基金没有该企业的估值", "a fund has no value for the company"))
NOT_A_COMPANY = Reason(
    "not_a_company", Text("成本与价值只对企业计算", "cost and value are of companies only")
)


def explain_exposure(view: View, owner: int, target: int, figure: str) -> Explanation:
    """By shares of commitments. figure: one of EXPOSURES. Unknown where the owner holds nothing of the target, or there is no such figure."""
    if figure not in EXPOSURES:
        raise Unknown(Text("指标", "figure"), figure)
    below = {e.party: e for e in exposures(view, owner)}
    exposure = below.get(target)
    if exposure is None:
        raise Unknown(
            Text(f"{view.name(owner)}的穿透持有", f"holding that {view.name(owner)} looks through to"),
            view.parties[target].code,
        )
    measure = figure.removeprefix("exposure_")
    value = getattr(exposure, measure)
    held = [h for h in holders_of(view, target) if h.fund == owner or h.fund in below]
    parts = [_paths(view, owner, exposure)]
    if figure != "exposure_share":
        for code, own in by_currency(held, lambda h: h.currency).items():
            known = {c: cost if figure == "exposure_cost" else fen for c, cost, fen in exposure.amounts}
            parts.append(_holdings(own, figure, owner, below, known.get(code)))
    parts += [_deals(view, own) for own in by_currency(held, lambda h: h.currency).values()]
    on_the_way = {h.fund for h in held} | {p for way in paths(view, owner, target) for p in way.parties}
    for fund in sorted(on_the_way - {owner}, key=lambda p: view.parties[p].code):
        if view.parties[fund].kind in FUND_KINDS:
            name = view.name(fund)
            parts.append(stakes_in(view, fund, "stakes", Text(f"{name}的认缴", f"Commitments to {name}")))
    code = view.parties[target].code
    return Explanation(
        figure,
        "lookthrough",
        code,
        view.name(target),
        *declared(f"looked_through_{measure}"),
        value,
        None if value is not None else _why(view, figure, target, exposure),
        with_documents(view, parts),
        view.as_of,
        view.known_at,
        currency=exposure.currency,
    )


def _why(view: View, figure: str, target: int, exposure: Exposure) -> Reason:
    if figure == "exposure_share":
        return NO_SHARE
    if exposure.by_currency:
        return several(code for code, *_ in exposure.by_currency)
    return NOT_A_COMPANY if view.parties[target].kind in FUND_KINDS else NO_VALUE


def _paths(view: View, owner: int, exposure: Exposure) -> FigureTerm:
    rows = []
    for way in paths(view, owner, exposure.party):
        text = " → ".join(
            f"{view.parties[p].code} {share:.4%}"
            for p, share in zip(way.parties[1:], way.shares, strict=True)
        )
        rows.append(
            SourceRow(
                "path",
                None,
                None,
                view.as_of,
                "path",
                Text(text, text),
                owner,
                exposure.party,
                None,
                None,
                share=way.share,
            )
        )
    return part("paths", Text("路径", "Paths"), None, rows, exposure.share)


def _holdings(
    held: list[Holding], figure: str, owner: int, below: dict[int, Exposure], total: int | None
) -> FigureTerm:
    """Each fund's holding, the owner's part of it; rounded so that the rows add up to the figure."""
    rows, exact, before = [], 0.0, 0
    for h in held:
        share = 1.0 if h.fund == owner else below[h.fund].share or 0.0
        whole = h.cost if figure == "exposure_cost" else h.value.fen
        fen = None
        if whole is not None:
            exact += share * whole
            fen, before = round(exact) - before, round(exact)
        entry, line = h.value.marks[-1] if h.value.marks else (None, None)
        text = (
            Text("基金持有的成本", "Cost held by the fund")
            if figure == "exposure_cost"
            else Text("基金持有的价值", "Value held by the fund")
        )
        rows.append(
            SourceRow(
                "holding",
                entry,
                line,
                h.value.marked_on,
                figure,
                text,
                h.fund,
                h.company,
                h.fund,
                fen,
                share=share,
                currency=h.currency,
            )
        )
    return part("holdings", Text("各基金的持有", "Holdings of the funds"), total, rows)


def _deals(view: View, held: list[Holding]) -> FigureTerm:
    """Money between the funds and the company: what cost and equity shares rest on."""
    moves = [m for h in held for m in money_of(view, h.fund, h.company)]
    places = places_in(view, np.array([m.place for m in moves], np.int64))
    fen = np.array([m.fen for m in moves], np.int64)
    rows = posting_rows(view, places, fen)
    return part(
        "deals", Text("基金与企业间的收付", "Money between the funds and the company"), int(fen.sum()), rows
    )
