"""Opens the government share of a fund and the leverage of a portfolio."""

from __future__ import annotations

import numpy as np

from fof.book.currencies import currency_of
from fof.book.declared import shares_declared
from fof.book.flows import places_in
from fof.book.government import deciding_fact, government_shares, investor_parts, looked_through
from fof.book.holdings import all_holdings, money_of
from fof.book.portfolios import Portfolio
from fof.book.stakes import contributions, stakes
from fof.errors import Unknown
from fof.explain.formulas import Explanation, declared
from fof.explain.sources import (
    FigureTerm,
    SourceRow,
    in_currency,
    part,
    posting_rows,
    with_documents,
)
from fof.figures.leverage import Leverage, leverage, not_government, paid_beside, with_funds_below
from fof.figures.register import figure
from fof.ledger import View
from models.money import WHOLE
from models.text import Text

SHARES = ("direct", "looked_through", "with_soe")
VARIANTS = ("a", "b", "c")


def explain_government(view: View, fund: int, reading: str = "looked_through") -> Explanation:
    """Each investor's contribution to a fund's government share. reading: direct, looked_through or with_soe."""
    if reading not in SHARES:
        raise Unknown(Text("口径", "reading"), reading)
    [share_row] = government_shares(view, [fund])
    rows = []
    vehicles = looked_through(view, fund) if reading != "direct" else []
    for owner, share in investor_parts(view, fund, reading):
        decided = None if owner in vehicles else deciding_fact(view, owner)
        rows.append(
            SourceRow(
                "owner",
                None if decided is None else decided.entry,
                None,
                view.as_of,
                "commitment",
                Text("出资份额", "Share of commitments"),
                owner,
                fund,
                fund,
                round(share_row.total * share),
                share=share,
                document=None if decided is None else decided.document,
                currency=currency_of(view, fund),
            )
        )
    value, text = getattr(share_row, reading), figure(f"gov_{reading}").text
    parts = [part("owners", text, None, rows, sum(r.share or 0.0 for r in rows))]
    parts.append(stakes_in(view, fund, "total", Text("该基金认缴总额", "All commitments to the fund")))
    for vehicle in vehicles:
        name = view.name(vehicle)
        parts.append(
            stakes_in(
                view, vehicle, "behind", Text(f"其后：{name}的认缴", f"Behind it: commitments to {name}")
            )
        )
    code = view.parties[fund].code
    missing = value != value
    return Explanation(
        reading,
        "fund",
        code,
        view.name(fund),
        *declared(f"gov_{reading}"),
        None if missing else value,
        share_row.note,
        with_documents(view, parts),
        view.as_of,
        view.known_at,
        currency=currency_of(view, fund),
    )


def stakes_in(view: View, fund: int, name: str, text: Text) -> FigureTerm:
    """What everybody committed to a fund, and the shares that are only declared: what its investors' shares rest on."""
    booked = _committed(view, [(fund, -1)], name, text)
    declared = [
        SourceRow(
            "edge",
            e.entry,
            e.line,
            e.day,
            str(e.row.basis),
            Text("登记的权属", "Declared share"),
            e.row.owner,
            fund,
            fund,
            None,
            share=e.row.share_nano / WHOLE,
        )
        for e in shares_declared(view).values()
        if e.row.owned == fund and e.row.share_nano
    ]
    return part(name, text, booked.fen if booked.rows else None, [*booked.rows, *declared])


def _committed(view: View, pairs: list[tuple[int, int]], name: str, text: Text) -> FigureTerm:
    places, fen = contributions(view, "committed", pairs)
    return part(name, text, int(fen.sum()), posting_rows(view, places, fen))


def explain_leverage(
    view: View, portfolio: Portfolio, variant: str, fund: int | None = None, currency: str | None = None
) -> Explanation:
    """The numerator and denominator of a leverage multiple, of the whole portfolio (or its funds of one currency) or of a fund.

    Over several currencies there is no multiple; the terms of each stand one after another.
    """
    if variant not in VARIANTS:
        raise Unknown(Text("放大倍数口径", "reading of the leverage multiple"), variant)
    figures = leverage(view, portfolio)
    row = figures.total
    funds = set(portfolio.funds)
    if fund is not None:
        row = next((r for r in figures.rows if r.key == view.parties[fund].code), row)
        funds = {fund}
    elif currency is not None:
        row = in_currency(row, currency)
    value = getattr(row, variant)
    parts = [
        p
        for part_of in row.by_currency or (row,)
        for p in _terms(
            view, portfolio, variant, part_of, {f for f in funds if currency_of(view, f) == part_of.currency}
        )
    ]
    return Explanation(
        f"leverage_{variant}",
        "fund" if fund is not None else "portfolio",
        row.key,
        row.label,
        *declared(f"leverage_{variant}"),
        None if value != value else value,
        row.reasons.get(variant),
        with_documents(view, parts),
        view.as_of,
        view.known_at,
        currency=row.currency,
    )


def _terms(
    view: View, portfolio: Portfolio, variant: str, row: Leverage, funds: set[int]
) -> list[FigureTerm]:
    """Numerator and denominator of the funds of one currency."""
    own = stakes(view).of(portfolio.holders, funds)
    pairs = list(zip(own.fund.tolist(), own.investor.tolist(), strict=True)) if portfolio.holders else []
    guidance = _committed(view, pairs, "guidance", Text("本组合认缴", "The portfolio's commitments"))
    parts = [_numerator(view, variant, row, funds), guidance]
    if variant == "b":
        every = [(f, -1) for f in sorted(funds)]
        zh_of, en_of = Text(
            "其中：所投基金认缴总额（含政府）",
            "Of which: all commitments of the funds, governments included",
        )
        parts.append(_committed(view, every, "total", Text(zh_of, en_of)))
    return parts


def _numerator(view: View, variant: str, row: Leverage, funds: set[int]) -> FigureTerm:
    if variant == "a":
        return _committed(
            view,
            [(f, -1) for f in sorted(funds)],
            "total",
            Text("所投基金认缴总额", "All commitments of the funds"),
        )
    if variant == "b":
        rows = []
        for government in government_shares(view, sorted(funds)):
            fen = not_government(government)
            if government.total and fen is not None:
                rows.append(
                    SourceRow(
                        "owner",
                        None,
                        None,
                        view.as_of,
                        "non_government",
                        Text("非政府认缴", "Non-government commitments"),
                        None,
                        government.fund,
                        government.fund,
                        fen,
                        share=1.0 - government.counted,
                        currency=currency_of(view, government.fund),
                    )
                )
        return part(
            "non_government", Text("非政府认缴", "Non-government commitments"), row.non_government, rows
        )
    every = with_funds_below(view, funds)
    own = [
        m.place
        for h in all_holdings(view)
        if h.fund in every
        for m in money_of(view, h.fund, h.company)
        if m.is_paid
    ]
    places = np.sort(np.r_[places_in(view, np.array(own, np.int64)), paid_beside(view, every)])
    return part(
        "to_companies",
        Text("到达企业的资金", "Money that reached companies"),
        row.to_companies,
        posting_rows(view, places, view.postings.fen[places]),
    )
