"""Lifecycle coverage as documents: the surface, mandates, gaps, continuity, concentration, companies, and change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fof.book.currencies import DEFAULT_CURRENCY
from fof.book.parties import named, party
from fof.book.reading import Reason
from fof.errors import Unknown
from fof.figures.answers import Answer, declared
from fof.figures.coverage.change import REASON_TEXTS, CoverageChange, CoverageMove, coverage_change
from fof.figures.coverage.company_line import CompanyEvent, company_line
from fof.figures.coverage.concentration import concentration
from fof.figures.coverage.continuity import StageContinuity, continuity_of, stage_moves
from fof.figures.coverage.gaps import CoverageGap, coverage_gaps
from fof.figures.coverage.mandates import StageMandate, mandates
from fof.figures.coverage.stage_arrays import UNKNOWN_STAGE
from fof.figures.coverage.supported import SupportedCompany, companies_in
from fof.figures.coverage.surface import DIMENSIONS, CellAmounts, Coverage, CoverageCell, coverage, one_amount
from fof.figures.register import members
from fof.ledger import View
from fof.rules.stage_definitions import HOUSE_DEFINITION
from models.kinds import PartyKind, SupportKind
from models.text import Text

Row = dict[str, Any]

_MONEY = "deployed at_risk government_deployed government_at_risk"
_MEANS = (
    "stage=lifecycle_stage city=coverage_city industry=industry_code instrument=support_kind companies=companies_known "
    "supported=companies_supported held=companies_held deployed=support_deployed at_risk=support_at_risk "
    "government_deployed=support_government_deployed government_at_risk=support_government_at_risk"
)
COVERAGE = declared(
    "coverage",
    Text("覆盖面", "Lifecycle coverage"),
    "The coverage surface: a row for each cell of the dimensions asked for. A company counts once in every margin, with its stage, city and industry of the day; only instruments of one company add up to more. Empty text: not known; null: all of them. A cell with money of several currencies has a row without amounts, then one for each currency.",
    rows=f"stage city industry instrument companies supported held reach {_MONEY}",
    head="definition whose companies supported unknown reach public_per_company public_unknown",
    reasons=f"reach {_MONEY}",
    spare="government_deployed held industry",
    meaning=f"{_MEANS} head.definition=stage_table head.companies=companies_known head.supported=companies_supported head.unknown=companies_unknown",
)
COVERAGE_MANDATES = declared(
    "coverage_mandates",
    Text("授权覆盖", "Mandate coverage"),
    "For each stage the sub-funds at work whose mandate includes it, and what those that can still invest may call. A fund with several stages stands in each and once in the sum (stage null).",
    rows="stage funds able unclear unfunded government_unfunded codes",
    reasons="government_unfunded",
    spare="codes",
    meaning="stage=lifecycle_stage funds=mandate_funds able=mandate_funds_able unclear=mandate_funds_unclear unfunded=mandate_unfunded government_unfunded=mandate_government_unfunded codes=mandate_fund_codes",
)
COVERAGE_GAPS = declared(
    "coverage_gaps",
    Text("缺口", "Gaps"),
    "Every target of the office and what is at work in its cell, the most money missing first; in yuan.",
    rows="stage city target at_risk missing target_share companies supported since document entry",
    meaning="stage=lifecycle_stage city=coverage_city target=coverage_target at_risk=support_at_risk missing=coverage_missing companies=companies_known supported=companies_supported since=target_since",
)
COVERAGE_CONTINUITY = declared(
    "coverage_continuity",
    Text("接续", "Continuity"),
    "Moves up into each stage (null: any), dated to the year-end of the figures: how many had new money within 24 months, and the Kaplan–Meier curve of the wait with its log-log Greenwood band of 95 %.",
    rows="stage moves whole supported earlier without continuity waiting_year waiting_low waiting_high waiting_two waiting_two_low waiting_two_high median",
    head="definition",
    reasons="continuity",
    json_only="waiting_low waiting_high waiting_two_low waiting_two_high",
    meaning="stage=lifecycle_stage moves=stage_moves whole=moves_over supported=moves_supported earlier=moves_earlier without=moves_without median=wait_median head.definition=stage_table",
)
COVERAGE_CONCENTRATION = declared(
    "coverage_concentration",
    Text("集中度", "Concentration"),
    "Herfindahl–Hirschman index (0 to 10,000) of money at risk by city, industry and company, each currency by itself.",
    rows="by currency hhi largest largest_part parts",
    meaning="by=concentration_by largest=largest_of parts=parts_count",
)
COVERAGE_COMPANIES = declared(
    "coverage_companies",
    Text("覆盖面企业", "Companies of the surface"),
    "Known companies of a cell or margin with all money that reached each, the most public money first.",
    rows=f"company label stage stage_from year city industry size instruments {_MONEY}",
    head="definition",
    reasons=_MONEY,
    spare="government_deployed size year stage_from",
    meaning=f"{_MEANS} year=figures_year size=company_size instruments=support_kinds label=name_of head.definition=stage_table".replace(
        "instrument=support_kind ", ""
    )
    .replace("companies=companies_known ", "")
    .replace("supported=companies_supported ", "")
    .replace("held=companies_held ", ""),
)
COVERAGE_CHANGE = declared(
    "coverage_change",
    Text("覆盖面变动", "Change of coverage"),
    "Companies that stand elsewhere than on the earlier day: entered or left, another stage, city or industry, money for the first time, nothing at risk any more.",
    rows="company label reasons_of stage_before stage city_before city industry_before industry",
    head="since definition",
    spare="industry_before city_before",
    meaning="label=name_of stage=lifecycle_stage city=coverage_city industry=industry_code reasons_of=change_reasons head.since=compared_since head.definition=stage_table",
)
COVERAGE_STAGES = declared(
    "coverage_stages",
    Text("阶段变动", "Change by stage"),
    "Companies of each stage on the earlier day, who entered, moved in less moved out, left, and on the later day: before + entered + moved − left = after.",
    rows="stage before entered moved left after",
    head="since definition",
    meaning="stage=lifecycle_stage before=companies_before entered=companies_entered moved=companies_moved left=companies_left after=companies_after head.since=compared_since head.definition=stage_table",
)
COVERAGE_COMPANY = declared(
    "coverage_company",
    Text("企业时间线", "Company time line"),
    "One company by day: its stage by each year's figures, what was paid to it by every path and by whom, what came back (below zero), and what happened to it.",
    rows="day what payer amount entry",
    head="company definition",
    meaning="day=event_day what=event_what payer=event_payer amount=event_amount head.definition=stage_table",
)
NO_COMPANIES = Reason("no_companies", Text("没有可计的企业", "no company counts"))
NO_MOVES = Reason("no_moves", Text("没有满 24 个月的上移", "no move up is 24 months old"))
UNKNOWN = Reason("stage_unknown", Text("阶段未知，不计入分母", "stage unknown: in no denominator"))
NO_PART = Reason("no_government_part", Text("政府出资比例未知", "the government's part is not known"))


def coverage_document(
    view: View, by: Sequence[str] = ("stage", "instrument"), definition: str = HOUSE_DEFINITION
) -> Answer:
    """The surface by some of its dimensions. Raises Unknown for a definition that there is none of."""
    surface = coverage(view, definition)
    rows = [row for cell in surface.cells(by) for row in cell_rows(cell)]
    return Answer(COVERAGE, rows, view.as_of, view.known_at, DEFAULT_CURRENCY, coverage_head(surface))


def coverage_head(surface: Coverage) -> Row:
    """What stands over the surface: companies known and supported, those of unknown stage, reach, public money per company.

    public_per_company : government money at risk over companies that hold any money at risk, in yuan; those of which the
    government's part of some is not known are left out on both sides, and counted (public_unknown). None where no company is
    left, or money is in several currencies
    """
    total = surface.cells(())[0]
    unknown = sum(c.companies for c in surface.cells(("stage",)) if c.stage == "")
    of_unknown = sum(c.supported for c in surface.cells(("stage",)) if c.stage == "")
    counted = total.companies - unknown
    return {
        "definition": surface.labels.definition.id,
        "whose": "whole_fund",
        "companies": total.companies,
        "supported": total.supported,
        "unknown": unknown,
        "reach": (total.supported - of_unknown) / counted if counted else None,
        "public_per_company": _public_per_company(surface),
        "public_unknown": int(surface.public_unknown.sum()),
    }


def _public_per_company(surface: Coverage) -> int | None:
    counted = surface.held & ~surface.public_unknown
    money = surface.money.where(counted[surface.money.place])
    if not counted.any() or len(np.unique(money.currency)) > 1:
        return None
    fen = np.rint(np.where(money.at_risk > 0, money.government, 0.0) * money.at_risk).astype(np.int64)
    return round(int(fen.sum()) / int(counted.sum()))


def cell_rows(cell: CoverageCell) -> list[Row]:
    """A cell as rows of the document: one, and one more for each currency where there are several."""
    own, missing = one_amount(cell)
    row: Row = {name: getattr(cell, name) for name in (*DIMENSIONS, "companies", "supported", "held")}
    why = UNKNOWN if cell.stage == "" else NO_COMPANIES
    reasons = dict(missing) if cell.reach == cell.reach else {**missing, "reach": why}
    row |= {"reach": cell.reach, "reasons": reasons, "record": cell}
    rows = [row | _amounts(own)]
    if own is None:
        place = {name: getattr(cell, name) for name in DIMENSIONS}
        rows += [{**place, **_amounts(part), "record": cell} for part in cell.amounts]
    return rows


def _amounts(own: CellAmounts | None) -> Row:
    if own is None:
        return {"currency": None}
    missing = {n: NO_PART for n in ("government_deployed", "government_at_risk") if getattr(own, n) is None}
    amounts = {name: getattr(own, name) for name in (*_MONEY.split(), "currency")}
    return amounts | ({"reasons": missing} if missing else {})


def mandates_document(view: View) -> Answer:
    """Mandate coverage."""
    rows = [row for own in mandates(view) for row in mandate_rows(view, own)]
    return Answer(COVERAGE_MANDATES, rows, view.as_of, view.known_at, DEFAULT_CURRENCY)


def mandate_rows(view: View, own: StageMandate) -> list[Row]:
    """One stage as rows: a row for each currency, one of nothing where nothing can be called."""
    row: Row = {
        "stage": own.stage,
        "funds": len(own.funds),
        "able": len(own.able),
        "unclear": own.unclear,
        "codes": "、".join(view.parties[f].code for f in own.able),
        "record": own,
    }
    money = own.unfunded or ((DEFAULT_CURRENCY, 0, 0),)
    return [
        row
        | {
            "unfunded": fen,
            "government_unfunded": part,
            "currency": code,
            "reasons": {} if part is not None else {"government_unfunded": NO_PART},
        }
        for code, fen, part in money
    ]


def gaps_document(view: View, definition: str = HOUSE_DEFINITION) -> Answer:
    """Targets and what is missing to them."""
    names = (
        "stage",
        "city",
        "target",
        "at_risk",
        "missing",
        "companies",
        "supported",
        "since",
        "document",
        "entry",
    )
    gaps = coverage_gaps(view, coverage(view, definition))
    rows = [
        {name: getattr(gap, name) for name in names}
        | {"target_share": gap.share, "currency": DEFAULT_CURRENCY, "record": gap}
        for gap in gaps
    ]
    notes = [_gap_note(gap) for gap in gaps if gap.apart]
    return Answer(COVERAGE_GAPS, rows, view.as_of, view.known_at, DEFAULT_CURRENCY, notes=notes)


def _gap_note(gap: CoverageGap) -> Text:
    """What a target leaves out, with the cell that it is of."""
    stage = () if gap.stage is None else (members("stages")[gap.stage],)
    city = () if gap.city is None else (members("cities")[gap.city],)
    cell = [*stage, *city]
    return Text(
        f"{'·'.join(one.zh for one in cell)}：{gap.note.zh}",
        f"{' · '.join(o.en for o in cell)}: {gap.note.en}",
    )


def continuity_document(view: View, definition: str = HOUSE_DEFINITION) -> Answer:
    """Moves up and what followed."""
    surface = coverage(view, definition)
    rows = [continuity_row(own) for own in continuity_of(stage_moves(view, definition), surface.day)]
    return Answer(
        COVERAGE_CONTINUITY, rows, view.as_of, view.known_at, DEFAULT_CURRENCY, {"definition": definition}
    )


def continuity_row(own: StageContinuity) -> Row:
    """The moves into one stage as a row."""
    year, two, median = own.still_waiting(365), own.still_waiting(730), own.median()
    return {
        **{n: getattr(own, n) for n in ("stage", "moves", "whole", "supported", "earlier", "without")},
        "continuity": own.share,
        **dict(zip(("waiting_year", "waiting_low", "waiting_high"), year, strict=True)),
        **dict(zip(("waiting_two", "waiting_two_low", "waiting_two_high"), two, strict=True)),
        "median": None if median != median else int(median),
        "reasons": {} if own.whole else {"continuity": NO_MOVES},
        "record": own,
    }


def concentration_document(view: View, definition: str = HOUSE_DEFINITION) -> Answer:
    """The indices of concentration."""
    rows = [
        {
            "by": own.by,
            "currency": own.currency,
            "hhi": own.index,
            "largest": own.largest,
            "largest_part": own.share,
            "parts": own.parts,
            "record": own,
        }
        for own in concentration(coverage(view, definition))
    ]
    return Answer(COVERAGE_CONCENTRATION, rows, view.as_of, view.known_at, DEFAULT_CURRENCY)


def companies_document(
    view: View,
    stage: str | None = None,
    city: str | None = None,
    industry: str | None = None,
    instrument: str | None = None,
    definition: str = HOUSE_DEFINITION,
) -> Answer:
    """The companies of a cell or margin."""
    surface = coverage(view, definition)
    listed = companies_in(surface, stage, city, industry, instrument)
    rows = [row for own in listed for row in company_rows(view, own)]
    head = {"definition": surface.labels.definition.id}
    return Answer(COVERAGE_COMPANIES, rows, view.as_of, view.known_at, DEFAULT_CURRENCY, head)


def company_rows(view: View, own: SupportedCompany) -> list[Row]:
    """A company as rows: a row for each currency, one of nothing where no money reached it."""
    row: Row = {
        "company": view.parties[own.party].code,
        "label": view.name(own.party),
        "stage": own.stage,
        "stage_from": "unknown" if not own.stage else "label" if own.stated else "table",
        "year": None if own.year is None else str(own.year),
        "city": own.city,
        "industry": own.industry,
        "size": None if own.size is None else own.size.value,
        "instruments": ",".join(own.instruments),
        "texts": {"instruments": _kinds(own.instruments)},
        "record": own,
    }
    return [row | _amounts(part) for part in own.amounts or (CellAmounts(DEFAULT_CURRENCY, 0, 0, 0, 0),)]


def _kinds(instruments: Sequence[str]) -> Text:
    kinds = [SupportKind(i) for i in instruments]
    return Text("、".join(k.zh for k in kinds), ", ".join(k.en for k in kinds))


def change_document(view: View, earlier: View, definition: str = HOUSE_DEFINITION) -> Answer:
    """Who stands elsewhere than on an earlier day of the same state of knowledge."""
    change = coverage_change(coverage(earlier, definition), coverage(view, definition))
    rows = [change_row(view, change, move) for move in change.moves]
    head = {"since": earlier.as_of, "definition": definition}
    return Answer(COVERAGE_CHANGE, rows, view.as_of, view.known_at, DEFAULT_CURRENCY, head)


def change_row(view: View, change: CoverageChange, move: CoverageMove) -> Row:
    """A company that moved, as a row."""
    party = int(change.after.companies.party[move.place])
    before, after = (p or (None, None, None) for p in (move.before, move.after))
    texts = [REASON_TEXTS[name] for name in move.reasons]
    return {
        "company": view.parties[party].code,
        "label": view.name(party),
        "reasons_of": ",".join(move.reasons),
        **dict(zip(("stage_before", "city_before", "industry_before"), before, strict=True)),
        **dict(zip(("stage", "city", "industry"), after, strict=True)),
        "texts": {"reasons_of": Text("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))},
        "record": move,
    }


def stages_document(view: View, earlier: View, definition: str = HOUSE_DEFINITION) -> Answer:
    """What the change did to each stage."""
    change = coverage_change(coverage(earlier, definition), coverage(view, definition))
    head = {"since": earlier.as_of, "definition": definition}
    return Answer(COVERAGE_STAGES, stage_rows(change), view.as_of, view.known_at, DEFAULT_CURRENCY, head)


def stage_rows(change: CoverageChange) -> list[Row]:
    """A row for each stage, the unknown last."""
    names = change.after.names("stage")
    rows: list[Row] = []
    for code in range(UNKNOWN_STAGE + 1):
        parts: Mapping[str, int] = dict(
            zip(("before", "entered", "moved", "left", "after"), change.explained(names[code]), strict=True)
        )
        rows.append({"stage": names[code], **parts, "record": change})
    return rows


def company_document(view: View, code: str, definition: str = HOUSE_DEFINITION) -> Answer:
    """One company on its time line. Raises Unknown for a code that is no company's."""
    own = party(view, code)
    if view.parties[own].kind is not PartyKind.COMPANY:
        raise Unknown(Text("企业", "company"), code)
    rows = [line_row(view, e) for e in company_line(view, own, definition)]
    head = {"company": code, "definition": definition}
    return Answer(COVERAGE_COMPANY, rows, view.as_of, view.known_at, DEFAULT_CURRENCY, head)


def line_row(view: View, event: CompanyEvent) -> Row:
    """An event as a row."""
    return {
        "day": event.day,
        "what": event.what,
        "payer": None if event.payer is None else view.parties[event.payer].code,
        "amount": event.fen,
        "currency": event.currency,
        "entry": event.entry,
        "texts": {} if event.payer is None else {"payer": named(view, event.payer)},
        "record": event,
    }
