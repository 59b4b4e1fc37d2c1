"""Opens a figure of lifecycle coverage: of a cell or margin, a mandate row, a target, moves up, an index, a change, a company.

What is asked for stands in one text: names and codes with commas between, as "stage=seed,city=230100,instrument=angel_fund"; a
name without a code is what is not known ("city="). Names: stage, city, industry, instrument, company; definition (of the stage); by (of
an index: city, industry, company); since (of a change: its earlier day).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from fof.book.company_money import INSTRUMENTS
from fof.book.currencies import DEFAULT_CURRENCY, in_order, number_of, of_number
from fof.book.reading import Bools, Reason, several
from fof.errors import Problem, Refused, Unknown, WrongArgument, one_of
from fof.explain.coverage_office import explain_mandate, explain_target
from fof.explain.coverage_terms import companies_term, company_row, money_term, postings_term, reached_by
from fof.explain.formulas import Explanation, declared
from fof.explain.sources import FigureTerm, SourceRow, part, with_documents
from fof.figures.coverage.concentration import BY, concentration
from fof.figures.coverage.continuity import StageMoves, continuity_of, moves_in, stage_moves
from fof.figures.coverage.stage_arrays import STAGES, UNKNOWN_STAGE
from fof.figures.coverage.surface import DIMENSIONS, NO_GOVERNMENT_PART, Coverage, coverage, reach_of
from fof.figures.coverage_document import NO_COMPANIES, NO_MOVES, UNKNOWN, continuity_row
from fof.figures.register import members
from fof.ledger import View, to_date
from fof.rules.stage_definitions import HOUSE_DEFINITION
from models.frozen import frozen
from models.kinds import Stage
from models.text import Text, counted

COUNTS = ("companies_known", "companies_supported", "companies_held", "companies_unknown")
MONEY = (
    "support_deployed",
    "support_at_risk",
    "support_government_deployed",
    "support_government_at_risk",
)
MANDATES = ("mandate_funds", "mandate_funds_able", "mandate_unfunded", "mandate_government_unfunded")
TARGETS = ("coverage_target", "coverage_missing", "target_share")
MOVES = (
    "stage_moves",
    "moves_over",
    "moves_supported",
    "moves_earlier",
    "moves_without",
    "continuity",
    "waiting_year",
    "waiting_low",
    "waiting_high",
    "waiting_two",
    "waiting_two_low",
    "waiting_two_high",
    "wait_median",
)
INDICES = ("hhi", "largest_part")
CHANGES = ("companies_before", "companies_entered", "companies_moved", "companies_left", "companies_after")
OF_COVERAGE = (
    *COUNTS,
    "reach",
    *MONEY,
    "public_per_company",
    *MANDATES,
    *TARGETS,
    *MOVES,
    *INDICES,
    *CHANGES,
)
"""Names of what `explain_coverage` opens, as the register has them."""
_NAMES = (*DIMENSIONS, "company", "definition", "by", "since")
_LISTS = {"stage": "stages", "city": "cities", "instrument": "support_kinds"}


@frozen
class CoverageTerms:
    """What a figure comes to, why it may be none, and its terms."""

    value: int | float | None
    reason: Reason | None
    parts: list[FigureTerm]


def coverage_key(**codes: str | None) -> str:
    """The text that names a cell: what is None is left out, "" is what is not known."""
    return ",".join(f"{name}={code}" for name, code in codes.items() if code is not None)


def read_key(key: str | None) -> dict[str, str]:
    """Names and codes of what is asked for. WrongArgument for a name that is none, a code of no list, or a name twice."""
    asked: dict[str, str] = {}
    for item in (key or "").split(","):
        if not item.strip():
            continue
        name, _, code = (part_.strip() for part_ in item.partition("="))
        one_of(name, _NAMES, "key")
        if name in asked:
            raise WrongArgument(Text(f"{name} 出现两次", f"{name} stands twice"), "key")
        if code and name in _LISTS:
            one_of(code, tuple(members(_LISTS[name])), name)
        asked[name] = code
    return asked


def explain_coverage(
    view: View, figure: str, key: str | None = None, currency: str | None = None
) -> Explanation:
    """A figure of the coverage of a view's day, opened.

    key      : as the module says; "" for the whole          currency : of money of which the cell has several
    The terms add up to the figure as the surface has it. WrongArgument for a key that cannot be read; Unknown for a figure,
    definition, target or index that there is none of; Refused for a change without an earlier day.
    """
    one_of(figure, OF_COVERAGE, "figure")
    asked = read_key(key)
    opened, code = _opened(view, figure, asked, currency)
    text, formula, kind = declared(figure)
    return Explanation(
        figure,
        "coverage",
        coverage_key(**asked),
        _label(asked),
        text,
        formula,
        kind,
        opened.value,
        opened.reason if opened.value is None else None,
        with_documents(view, opened.parts),
        view.as_of,
        view.known_at,
        currency=code if kind == "money" else None,
    )


def _opened(
    view: View, figure: str, asked: Mapping[str, str], currency: str | None
) -> tuple[CoverageTerms, str | None]:
    table = asked.get("definition") or HOUSE_DEFINITION
    if figure in MANDATES:
        value, reason, parts, code = explain_mandate(view, figure, asked.get("stage"), currency)
        return CoverageTerms(value, reason, parts), code
    surface = coverage(view, table)
    if figure in TARGETS:
        reached, parts = explain_target(view, surface, figure, asked.get("stage"), asked.get("city"))
        return CoverageTerms(reached, None, parts), DEFAULT_CURRENCY
    if figure in MOVES:
        return _moves(view, surface, figure, asked.get("stage"), table), None
    if figure in INDICES:
        return _index(surface, figure, asked, currency), None
    if figure in CHANGES:
        return _change(view, surface, figure, asked, table), None
    chosen = chosen_companies(surface, asked)
    if figure in MONEY or figure == "public_per_company":
        return _money(view, surface, figure, chosen, asked.get("instrument"), currency)
    return _counts(view, surface, figure, chosen, asked), None


def chosen_companies(surface: Coverage, asked: Mapping[str, str]) -> Bools:
    """The known companies of a cell in the dimensions that every company has one of."""
    chosen = surface.labels.known.copy()
    for name in DIMENSIONS[:3]:
        if name in asked:
            names = surface.names(name)
            chosen &= surface.codes(name) == (names.index(asked[name]) if asked[name] in names else -1)
    if "company" in asked:
        codes = np.array(surface.companies.codes)
        if asked["company"] not in surface.companies.codes:
            raise Unknown(Text("企业", "company"), asked["company"])
        chosen &= codes == asked["company"]
    return chosen


def _of_instrument(surface: Coverage, chosen: Bools, instrument: str | None, *, held: bool) -> Bools:
    """Of chosen companies those with money (held: with money at risk), of one instrument or of any."""
    money = surface.money
    there = (money.at_risk if held else money.deployed) > 0
    if instrument is not None:
        there &= money.instrument == INSTRUMENTS.index(instrument)
    mask = np.zeros(len(chosen), bool)
    mask[money.place[there]] = True
    return mask & chosen


def _counts(
    view: View, surface: Coverage, figure: str, chosen: Bools, asked: Mapping[str, str]
) -> CoverageTerms:
    kind = asked.get("instrument")
    unknown = chosen & (surface.labels.stage == UNKNOWN_STAGE)
    if figure == "reach":
        sorted_in = chosen if "stage" in asked else chosen & ~unknown
        there = _of_instrument(surface, sorted_in, kind, held=False)
        parts = [
            _listed(view, surface, there, "companies_supported"),
            _listed(view, surface, sorted_in, "companies_known"),
        ]
        if asked.get("stage") == "":
            return CoverageTerms(None, UNKNOWN, parts)
        value = reach_of(int(there.sum()), int(sorted_in.sum()))
        none = value != value
        return CoverageTerms(None if none else value, NO_COMPANIES if none else None, parts)
    mask = chosen if figure == "companies_known" else unknown
    if figure in ("companies_supported", "companies_held"):
        mask = _of_instrument(surface, chosen, kind, held=figure == "companies_held")
    return CoverageTerms(int(mask.sum()), None, [_listed(view, surface, mask, figure)])


def _listed(view: View, surface: Coverage, mask: Bools, figure: str) -> FigureTerm:
    return companies_term(view, surface, mask, figure, declared(figure)[0])


def _money(
    view: View, surface: Coverage, figure: str, chosen: Bools, kind: str | None, currency: str | None
) -> tuple[CoverageTerms, str | None]:
    measure = figure
    if figure == "public_per_company":
        measure, chosen = "support_government_at_risk", chosen & ~surface.public_unknown
    rows = reached_by(surface.money, chosen, kind, None)
    codes = in_order(of_number(n) for n in np.unique(surface.money.currency[rows]).tolist())
    if currency is not None:
        if currency not in codes:
            raise Unknown(Text("币种", "currency"), currency, codes)
        codes, rows = (currency,), reached_by(surface.money, chosen, kind, number_of(currency))
    parts, total, reason = [], 0, None
    for code in codes:
        own = rows[surface.money.currency[rows] == number_of(code)]
        amount, term = money_term(surface, own, measure)
        parts += [term, postings_term(view, surface, own, measure)]
        if amount is None:
            reason = NO_GOVERNMENT_PART
        total += amount or 0
    if len(codes) > 1:
        return CoverageTerms(None, several(codes), parts), None
    value: int | None = None if reason else total
    if figure == "public_per_company":
        held = _of_instrument(surface, chosen, kind, held=True)
        parts.append(_listed(view, surface, held, "companies_held"))
        if not held.any():
            value, reason = None, NO_COMPANIES
        value = None if value is None else round(value / int(held.sum()))
    return CoverageTerms(value, reason, parts), codes[0] if codes else DEFAULT_CURRENCY


# -- moves, indices, change ---------------------------------------------------------------------------------------------


def _moves(view: View, surface: Coverage, figure: str, stage: str | None, table: str) -> CoverageTerms:
    """Moves into a stage: each with the figures that show it, how long it waited and for what."""
    moves = stage_moves(view, table)
    row = continuity_row(next(c for c in continuity_of(moves, surface.day) if c.stage == (stage or None)))
    sets = moves_in(moves, None if not stage else STAGES.index(Stage(stage)), surface.day)
    field = {
        "stage_moves": "moves",
        "moves_over": "whole",
        "moves_supported": "supported",
        "moves_earlier": "earlier",
        "moves_without": "without",
        "wait_median": "median",
    }.get(figure, figure)
    terms = {"continuity": ("supported", "whole")}.get(figure, (field if field in sets else "moves",))
    value = row[field]
    none = value is None or value != value
    parts = [_moves_term(view, surface, moves, sets[name], name) for name in terms]
    return CoverageTerms(None if none else value, NO_MOVES if none else None, parts)


_OF_MOVES = {
    "moves": "stage_moves",
    "whole": "moves_over",
    "supported": "moves_supported",
    "earlier": "moves_earlier",
    "without": "moves_without",
}


def _moves_term(view: View, surface: Coverage, moves: StageMoves, mask: Bools, name: str) -> FigureTerm:
    rows: list[SourceRow] = []
    columns = (moves.place, moves.before, moves.after, moves.on, moves.wait, moves.paid)
    for place, old, new, on, wait, paid in zip(*(c[mask].tolist() for c in columns), strict=True):
        before, after, ended = STAGES[old], STAGES[new], to_date(on + wait)
        end = Text(f"{ended} 获新资金", f"new money on {ended}")
        if not paid:
            end = Text(f"至 {ended} 未获新资金", f"none until {ended}")
        detail = Text(
            f"{before.zh} → {after.zh}，等待 {wait} 天，{end.zh}",
            f"{before.en} → {after.en}, waited {counted(wait, 'day')}, {end.en}",
        )
        own = company_row(view, surface, place, detail)
        party = int(surface.companies.party[place])
        year = to_date(on).year
        stated = [f for f in view.history(party, "revenue") if f.since.year == year]
        if stated:
            own = replace(own, entry=stated[-1].entry, document=stated[-1].document)
        rows.append(replace(own, day=to_date(on)))
    return part(name, declared(_OF_MOVES[name])[0], None, rows)


def _index(surface: Coverage, figure: str, asked: Mapping[str, str], currency: str | None) -> CoverageTerms:
    by, code = one_of(asked.get("by", "company"), BY, "by"), currency or DEFAULT_CURRENCY
    own = next((c for c in concentration(surface) if (c.by, c.currency) == (by, code)), None)
    if own is None:
        raise Unknown(Text("集中度", "index of concentration"), f"{by} {code}")
    value = own.share if figure == "largest_part" else own.index
    at = reached_by(surface.money, surface.labels.known, None, number_of(code))
    _, term = money_term(surface, at, "support_at_risk")
    place = surface.money.place[at]
    names = surface.companies.codes if by == "company" else surface.names(by)
    fen = np.zeros(len(names), np.int64)
    np.add.at(fen, place if by == "company" else surface.codes(by)[place], surface.money.at_risk[at])
    whole = int(fen.sum())
    rows = [
        SourceRow(
            "share",
            None,
            None,
            surface.day,
            by,
            _group_text(by, names[n]),
            None,
            None,
            None,
            int(fen[n]),
            share=float(fen[n] / whole),
            currency=code,
        )
        for n in np.argsort(fen, kind="stable").tolist()
        if fen[n]
    ]
    title = Text("各部分在投金额及占比", "Money at risk of each part, and its share")
    return CoverageTerms(value, None, [part("parts", title, whole, rows), term])


def _group_text(by: str, name: str) -> Text:
    text = members("cities").get(name) if by == "city" else None
    return text or Text(name or "未登记", name or "not recorded")


def _change(
    view: View, surface: Coverage, figure: str, asked: Mapping[str, str], table: str
) -> CoverageTerms:
    since = asked.get("since")
    try:
        day = dt.date.fromisoformat(since or "")
    except ValueError:
        day = surface.day
    if day >= surface.day:
        text = Text("变动须写明早于截至日的起始日", "a change needs a day before the as-of day")
        raise Refused([Problem("empty_period", text, since)], Text("覆盖面变动", "change of coverage"))
    then = view.on(day)
    before = coverage(then, table)
    stage = asked.get("stage")
    of_stage = [s.value for s in STAGES].index(stage) if stage else UNKNOWN_STAGE

    def within(own: Coverage) -> Bools:
        return own.labels.known & ((own.labels.stage == of_stage) if stage is not None else True)

    old, new = within(before), within(surface)
    if figure in ("companies_before", "companies_after"):
        first = figure == "companies_before"
        mask, own, at = (old, before, then) if first else (new, surface, view)
        return CoverageTerms(int(mask.sum()), None, [_listed(at, own, mask, figure)])
    if figure == "companies_entered":
        mask = new & ~before.labels.known
        return CoverageTerms(int(mask.sum()), None, [_listed(view, surface, mask, figure)])
    if figure == "companies_left":
        mask = old & ~surface.labels.known
        return CoverageTerms(int(mask.sum()), None, [_listed(then, before, mask, figure)])
    inward = new & ~old & before.labels.known
    outward = old & ~new & surface.labels.known
    parts = [
        companies_term(view, surface, inward, "moved_in", Text("转入", "Moved in")),
        companies_term(view, surface, outward, "moved_out", Text("转出", "Moved out")),
    ]
    return CoverageTerms(int(inward.sum() - outward.sum()), None, parts)


def _label(asked: Mapping[str, str]) -> str:
    words: list[str] = []
    for name in DIMENSIONS:
        if name in asked:
            listed: Callable[[str], Text | None] = (
                members(_LISTS[name]).get if name in _LISTS else lambda _c: None
            )
            words.append(str(listed(asked[name]) or asked[name] or Text("未登记", "not recorded")))
    words += [f"{name}={code}" for name, code in asked.items() if name not in DIMENSIONS]
    return " · ".join(words) or str(Text("全部", "All"))
