"""Return figures as a document: a row a group, then the portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fof import words
from fof.book.parties import near, party
from fof.book.portfolios import Portfolio
from fof.errors import Unknown, one_of
from fof.figures.answers import Answer
from fof.figures.documents import PERFORMANCE
from fof.figures.performance import GROUPINGS, Index, Known, Performance, english_label, market, performance
from fof.figures.performance.rates_of_return import NEAR_MINUS_ONE
from fof.figures.portfolio_rows import portfolio_head, whose_row
from fof.ledger import View
from models.text import Text

Row = dict[str, Any]


def groupings(text: str) -> list[str]:
    """The groupings in a text, separated by commas; WrongArgument for one that is none."""
    return [one_of(name.strip(), GROUPINGS, "by") for name in text.split(",")]


def performance_document(
    view: View,
    chosen: Portfolio,
    by: Sequence[str] = ("fund",),
    fund: str | None = None,
    benchmark: Index | None = None,
) -> Answer:
    """Returns by group, groupings one after another, then of the whole portfolio; or of one fund.

    Every row has its `record`, a Performance. Unknown for a fund that is none of the portfolio.
    """
    rows: list[Performance] = []
    for name in by if fund is None else ["fund"]:
        table = performance(view, chosen, name)
        rows += table.rows
    if fund is not None:
        known = view.parties[party(view, fund)].code
        rows = [r for r in rows if r.by == "fund" and r.key == known]
        if not rows:
            raise Unknown(Text("组合内的基金", "fund of the portfolio"), fund, near(view, fund, chosen.funds))
    else:
        rows += [r for r in (table.total, table.direct, table.combined) if r is not None]
    head = {"index": None if benchmark is None else benchmark.name, **portfolio_head(chosen)}
    every = [own for r in rows for own in r.each]
    listed = [performance_row(view, chosen, r, benchmark) for r in every]
    notes = [text for r in every if (text := _missing(r)) is not None]
    if apart := [r.key or r.label for r in every if r.differs_from_registers]:
        notes.append(_own_reading(list(dict.fromkeys(apart))))
    for row in every:
        if row.irr.note is not None and row.irr.note.code == NEAR_MINUS_ONE:
            text = row.irr.note.text
            notes.append(Text(f"— IRR：{text.zh}（{row.key}）", f"— IRR: {text.en} ({row.key})"))
    if any("irr" in r.get("texts", {}) for row in listed for r in (row, row.get("under") or {})):
        notes.append(_UNDER_A_YEAR)
    return Answer(PERFORMANCE, listed, view.as_of, view.known_at, chosen.currency, head, notes)


_UNDER_A_YEAR = Text(
    "* 存续不足一年：期间回报见旁列，年化的 IRR 仅供对照",
    "* of a life under a year: the return of the period stands beside, the yearly IRR is for comparison only",
)


def _own_reading(rows: Sequence[str]) -> Text:
    """The line beneath the table that says why its paid-in is another than that of commitments."""
    zh = f"{'、'.join(rows[:8])}{'……' if len(rows) > 8 else ''}"
    en = f"{', '.join(rows[:8])}{' …' if len(rows) > 8 else ''}"
    return Text(
        f"— 已实缴、已分配为投资人口径（受让与出让的价款计入），与 fof commitments 的登记口径不同：{zh}",
        f"— paid in and distributed are the investor's own, prices of stakes included, unlike the registers' of fof commitments: {en}",
    )


def performance_row(view: View, chosen: Portfolio, row: Performance, index: Index | None = None) -> Row:
    """One group as a row of the document."""
    row_of = _figures(row) | whose_row(view, chosen, row.by, row.pairs) | {"record": row}
    if row.known is not None:
        row_of |= _known(row.known)
    if index is not None:
        compared = market(view, row, index)
        row_of |= {"ks_pme": compared.ks_pme, "direct_alpha": compared.direct_alpha}
        if compared.note is not None:
            row_of["reasons"] |= {"ks_pme": compared.note, "direct_alpha": compared.note}
        if row.known is not None:
            part = market(view, row.known.figures, index)
            row_of["known_ks_pme"] = part.ks_pme
            row_of["under"] |= {"ks_pme": part.ks_pme, "direct_alpha": part.direct_alpha}
    return row_of


def _figures(row: Performance) -> Row:
    note = row.nav.note
    figures = PERFORMANCE.fields(row)
    figures["texts"] = {"label": Text(row.label, english_label(row.by, row.key, row.label))}
    if row.irr.period is not None and row.irr.value == row.irr.value:
        figures["texts"]["irr"] = f"{words.percent(row.irr.value)}*"
    return figures | {
        "nav": row.nav.fen,
        "nav_on": row.nav.marked_on,
        "nav_age_days": row.nav.age_days,
        "nav_rolled": row.nav.rolled,
        "nav_note": None if note is None else note.text,
        "irr": row.irr.value,
        "irr_status": row.irr.status,
        "irr_roots": ";".join(repr(r) for r in row.irr.roots) or None,
        "irr_reading": row.irr.reading,
        "irr_period": row.irr.period,
        "reasons": dict(row.reasons),
    }


def _known(known: Known) -> Row:
    """What is known of a group of which a part has no value; in the table a row of its own beneath, labelled."""
    part = known.figures
    label = Text("└ 其中有净值的部分", "└ of which with a value")
    return {
        "known_nav": part.nav.fen,
        "known_paid_in": part.paid_in,
        "known_dpi": part.dpi,
        "known_rvpi": part.rvpi,
        "known_tvpi": part.tvpi,
        "known_irr": part.irr.value,
        "missing": ";".join(code for code, _ in known.missing),
        "missing_count": len(known.missing),
        "missing_paid_in": known.paid_in,
        "missing_share": known.share,
        "under": {**_figures(part), "label": label, "texts": {"key": ""}},
    }


def _missing(row: Performance) -> Text | None:
    """The line beneath the table that names what has no value, and how much of the money it stands for."""
    if row.known is None:
        return None
    named = [code if code == name else f"{code} {name}" for code, name in row.known.missing]
    share = words.percent(row.known.share)
    subject = row.key or row.label
    return Text(
        f"└ {subject}：{len(named)} 项没有净值，占已实缴 {share}：{'、'.join(named)}；"
        "合计的净值、RVPI、TVPI、IRR 因此未知",
        f"└ {subject}: {len(named)} without a value, {share} of paid-in: {', '.join(named)}; "
        "NAV, RVPI, TVPI and IRR of the whole are therefore not known",
    )
