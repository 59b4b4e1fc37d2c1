"""Terms of figures of lifecycle coverage: companies with what their stage rests on, and the money that reached them.

Each list of companies has a row for each of them, each amount a row for each company, instrument and payer that adds to it; the
postings behind an amount stand in a term of their own.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from fof.book.company_money import INSTRUMENTS, CompanyMoney
from fof.book.currencies import of_number
from fof.book.lent_money import loan_columns
from fof.book.reading import Bools
from fof.explain.sources import FigureTerm, SourceRow, part, posting_rows
from fof.figures.coverage.stage_arrays import MISSING, STAGES, UNKNOWN_STAGE, Ints
from fof.figures.coverage.surface import Coverage
from fof.ledger import FactInForce, View
from models.kinds import SupportKind
from models.posting_kinds import PostingKind
from models.text import Text

_FIGURES = ("revenue", "staff", "total_assets", "net_assets", "net_profit", "costs", "rd_expense")
_BACK = (PostingKind.EXIT_PROCEEDS, PostingKind.COINVEST_PAY_OUT, PostingKind.LOAN_REPAID)
_PAID = (
    PostingKind.INVESTMENT,
    PostingKind.COINVEST_PAY_IN,
    PostingKind.LOAN_DISBURSED,
    PostingKind.VOUCHER,
    PostingKind.SUBSIDY,
)


def stage_text(code: int) -> Text:
    """A stage in words, as the companies of it stand in a term."""
    return STAGES[code].text if code != UNKNOWN_STAGE else Text("阶段未知", "stage unknown")


def companies_term(view: View, surface: Coverage, chosen: Bools, name: str, text: Text) -> FigureTerm:
    """The chosen companies, each with its stage and the statement that decides it."""
    places = np.flatnonzero(chosen).tolist()
    return part(name, text, None, [company_row(view, surface, place) for place in places])


def company_row(view: View, surface: Coverage, place: int, detail: Text | None = None) -> SourceRow:
    """A company with its stage on the surface's day; detail: what is said of it instead."""
    party = int(surface.companies.party[place])
    year = int(surface.labels.year[place])
    ground = stage_ground(view, party, None if year == MISSING else year, surface, place)
    stage = stage_text(int(surface.labels.stage[place]))
    if detail is None and surface.labels.stated[place]:
        detail = Text(f"{stage.zh}（账中标签）", f"{stage.en} (a label of the book)")
    elif detail is None and year == MISSING:
        detail = Text(
            f"{stage.zh}（没有未过期的年度数据）", f"{stage.en} (no yearly figures that still count)"
        )
    elif detail is None:
        detail = Text(f"{stage.zh}（{year} 年数据）", f"{stage.en} (figures of {year})")
    return SourceRow(
        "fact",
        ground.entry if ground else view.parties[party].entry,
        None,
        ground.since if ground else None,
        "lifecycle_stage",
        detail,
        None,
        party,
        None,
        None,
        document=ground.document if ground else None,
    )


def stage_ground(
    view: View, party: int, year: int | None, surface: Coverage, place: int
) -> FactInForce | None:
    """The statement that a company's stage rests on: its label, a listing, the year's figures, else its founding day."""
    if surface.labels.stated[place]:
        return view.in_force(party, "stage")
    listed = view.in_force(party, "listed_on")
    if listed is not None and isinstance(listed.value, dt.date) and listed.value <= surface.day:
        return listed
    if year is not None:
        for name in _FIGURES:
            own = [f for f in view.history(party, name) if f.since.year == year]
            if own:
                return own[-1]
    return view.in_force(party, "founded_on")


# -- money ----------------------------------------------------------------------------------------------------------


def reached_by(money: CompanyMoney, chosen: Bools, instrument: str | None, currency: int | None) -> Ints:
    """The rows of money of chosen companies, of one instrument and currency where these are given."""
    own = chosen[money.place]
    if instrument is not None:
        own &= money.instrument == INSTRUMENTS.index(instrument)
    if currency is not None:
        own &= money.currency == currency
    return np.flatnonzero(own)


def money_term(surface: Coverage, rows: Ints, figure: str) -> tuple[int | None, FigureTerm]:
    """(the amount, None where the government's part of some is not known; its term with a row for each company, instrument
    and payer)."""
    money = surface.money.where(rows)
    government = "government" in figure
    fen = money.at_risk if figure.endswith("at_risk") else money.deployed
    there = np.flatnonzero(fen != 0)
    made: list[SourceRow] = []
    total: int | None = 0
    columns = (money.place, money.instrument, money.payer, money.currency, fen, money.government)
    for place, kind, payer, currency, amount, share in zip(
        *(c[there].tolist() for c in columns), strict=True
    ):
        own: int | None = amount
        if government:
            own = None if share != share else round(share * amount)
        total = None if own is None or total is None else total + own
        made.append(
            SourceRow(
                "holding",
                None,
                None,
                surface.day,
                INSTRUMENTS[kind].value,
                INSTRUMENTS[kind].text,
                payer,
                int(surface.companies.party[place]),
                None,
                own,
                share=share if government and share == share else None,
                currency=of_number(currency),
            )
        )
    title = Text("各出资方的资金", "Money of each payer")
    if government:
        title = Text("各出资方的资金 × 政府穿透比例", "Money of each payer × its government part")
    return total, part(figure, title, total, made)


def postings_term(view: View, surface: Coverage, rows: Ints, figure: str) -> FigureTerm:
    """The money paid to the companies by those payers, and of what is at risk also what came back."""
    money, p = surface.money.where(rows), view.postings
    at_risk = figure.endswith("at_risk")
    companies = surface.companies
    standing = companies.standing(view)
    forth = np.isin(p.kind, [int(k) for k in _PAID])
    back = np.isin(p.kind, [int(k) for k in _BACK]) if at_risk else np.zeros(len(p), bool)
    place = np.where(forth, companies.place_of[p.to_party], companies.place_of[p.from_party])
    at = np.flatnonzero((forth | back) & (place >= 0))
    payer = np.where(forth, p.from_party, p.to_party)[at].astype(np.int64)
    family = _families(view, p.kind[at].astype(np.int64), p.loan[at].astype(np.int64))
    wanted = np.where(money.instrument < _FIRST_OTHER, 0, money.instrument)
    at = at[
        np.isin(
            _joined(standing[place[at]], payer, family),
            _joined(money.place, money.payer.astype(np.int64), wanted),
        )
    ]
    fen = np.where(forth[at], p.fen[at], -p.fen[at])
    title = (
        Text("收付（收回为负）", "Payments, money back below zero") if at_risk else Text("支付", "Payments")
    )
    return part("payments", title, int(fen.sum()), posting_rows(view, at, fen))


_FIRST_OTHER = INSTRUMENTS.index(SupportKind.STAFF)
"""The instruments before it are equity: of one payer's money a company has one of them."""
_OF_KIND = {
    PostingKind.INVESTMENT: 0,
    PostingKind.EXIT_PROCEEDS: 0,
    PostingKind.COINVEST_PAY_IN: INSTRUMENTS.index(SupportKind.STAFF),
    PostingKind.COINVEST_PAY_OUT: INSTRUMENTS.index(SupportKind.STAFF),
    PostingKind.LOAN_DISBURSED: INSTRUMENTS.index(SupportKind.POOL_LOAN),
    PostingKind.LOAN_REPAID: INSTRUMENTS.index(SupportKind.POOL_LOAN),
    PostingKind.VOUCHER: INSTRUMENTS.index(SupportKind.VOUCHER),
    PostingKind.SUBSIDY: INSTRUMENTS.index(SupportKind.SUBSIDY),
}


def _families(view: View, kind: Ints, loan: Ints) -> Ints:
    """What each posting is of: 0 equity, else the instrument; a loan's by its agreement."""
    loans = loan_columns(view)
    return np.array(
        [
            INSTRUMENTS.index(loans.instrument[loans.events[event]])
            if event in loans.events
            else _OF_KIND[PostingKind(own)]
            for own, event in zip(kind.tolist(), loan.tolist(), strict=True)
        ],
        np.int64,
    )


def _joined(place: Ints, payer: Ints, family: Ints) -> Ints:
    return (place << 40) + (payer << 8) + family
