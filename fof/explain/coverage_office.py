"""Opens what the office states or may still call: mandate rows and coverage targets."""

from __future__ import annotations

from fof.book.currencies import DEFAULT_CURRENCY, in_order, number_of
from fof.book.reading import Reason, several
from fof.book.stakes import contributions
from fof.errors import Unknown
from fof.explain.coverage_terms import money_term, postings_term, reached_by
from fof.explain.sources import FigureTerm, SourceRow, part, posting_rows
from fof.figures.coverage.gaps import coverage_gaps
from fof.figures.coverage.mandates import MandateFund, mandate_funds
from fof.figures.coverage.surface import Coverage
from fof.figures.coverage_document import NO_PART
from fof.ledger import View
from models.facts_coverage import target_name
from models.kinds import City, Stage
from models.money import known_sum
from models.text import Text


def explain_mandate(
    view: View, figure: str, stage: str | None, currency: str | None
) -> tuple[int | None, Reason | None, list[FigureTerm], str | None]:
    """(value, why it is none, terms, currency) of a mandate row; stage None: all of them, "": funds without a mandate."""
    funds = [f for f in mandate_funds(view) if _stands_in(f, stage)]
    able = [f for f in funds if f.open]
    if figure == "mandate_funds":
        return len(funds), None, [_funds(view, funds)], None
    if figure == "mandate_funds_able":
        return len(able), None, [_funds(view, able)], None
    codes = in_order(f.currency for f in able)
    if currency is not None:
        if currency not in codes:
            raise Unknown(Text("币种", "currency"), currency, codes)
        codes, able = (currency,), [f for f in able if f.currency == currency]
    government = figure == "mandate_government_unfunded"
    parts, total, lacking = [], 0, False
    for code in codes:
        own = [f for f in able if f.currency == code]
        amounts = [f.government if government else f.unfunded for f in own]
        lacking = lacking or None in amounts
        whole = known_sum(amounts)
        total += whole or 0
        rows = [_fund(view, f, a) for f, a in zip(own, amounts, strict=True)]
        parts.append(part("funds", Text("可投子基金", "Sub-funds that can invest"), whole, rows))
        pairs = [(f.fund, -1) for f in own]
        places, fen = contributions(view, "unfunded", pairs)
        title = Text("认缴与缴款", "Commitments and payments")
        parts.append(part("postings", title, int(fen.sum()), posting_rows(view, places, fen)))
    if len(codes) > 1:
        return None, several(codes), parts, None
    return (
        (None if lacking else total),
        (NO_PART if lacking else None),
        parts,
        codes[0] if codes else DEFAULT_CURRENCY,
    )


def _stands_in(fund: MandateFund, stage: str | None) -> bool:
    if not stage:
        return stage is None or fund.stages is None
    return fund.stages is not None and Stage(stage) in fund.stages


def _funds(view: View, funds: list[MandateFund]) -> FigureTerm:
    return part("funds", Text("子基金", "Sub-funds"), None, [_fund(view, f, None) for f in funds])


def _fund(view: View, own: MandateFund, fen: int | None) -> SourceRow:
    """A fund with its mandate and status, by the statement of the mandate, else of the status."""
    stated = view.in_force(own.fund, "mandate_stages") or view.in_force(own.fund, "status")
    status = view.fact(own.fund, "status")
    stages = None if own.stages is None else (*own.stages,)
    zh = "、".join(s.zh for s in stages or ()) or "未登记投资阶段"
    en = ", ".join(s.en for s in stages or ()) or "no mandate recorded"
    if status is not None:
        zh, en = f"{zh}；{status.zh}", f"{en}; {status.en}"
    return SourceRow(
        "fact",
        stated.entry if stated else view.parties[own.fund].entry,
        None,
        stated.since if stated else None,
        "mandate_stages",
        Text(zh, en),
        None,
        own.fund,
        own.fund,
        fen,
        document=stated.document if stated else None,
        currency=own.currency,
    )


def explain_target(
    view: View, surface: Coverage, figure: str, stage: str | None, city: str | None
) -> tuple[int | float | None, list[FigureTerm]]:
    """(value, terms) of a target and what is at work in its cell. Unknown where no target is set for the cell."""
    wanted = (stage or None, city or None)
    gap = next((g for g in coverage_gaps(view, surface) if (g.stage, g.city) == wanted), None)
    if gap is None:
        raise Unknown(Text("覆盖目标", "coverage target"), ", ".join(w or "*" for w in wanted))
    name = target_name(Stage(stage) if stage else None, City(city) if city else None)
    row = SourceRow(
        "fact",
        gap.entry,
        None,
        gap.since,
        name,
        Text("覆盖目标", "Coverage target"),
        None,
        None,
        None,
        gap.target,
        document=gap.document,
        currency=DEFAULT_CURRENCY,
    )
    parts = [part("coverage_target", Text("目标", "Target"), gap.target, [row])]
    if figure == "coverage_target":
        return gap.target, parts
    chosen = surface.labels.known.copy()
    for dimension, code in (("stage", gap.stage), ("city", gap.city)):
        if code is not None:
            chosen &= surface.codes(dimension) == surface.names(dimension).index(code)
    rows = reached_by(surface.money, chosen, None, number_of(DEFAULT_CURRENCY))
    _, term = money_term(surface, rows, "support_at_risk")
    parts += [term, postings_term(view, surface, rows, "support_at_risk")]
    value = gap.missing if figure == "coverage_missing" else gap.share
    return (None if value != value else value), parts
