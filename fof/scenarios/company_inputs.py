"""Companies of a scenario's funds as arrays: those held today by the value the book states of them, those to come by the ticket.

A fund's stated value is spread over its companies by what each is worth; a fund none of whose companies has a value stays with the
pacing model, and is listed. Exits and moves between stages are counted in the book up to the day: events a company-year. Terms of
the waterfall are the fund's own; capital not returned and preferred return due today follow from the portfolio's flows to date.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Literal, NamedTuple

import numpy as np

from fof.book.carry_paid import carry_paid
from fof.book.company_columns import company_columns
from fof.book.cost_paths import companies_of, cost_paths
from fof.book.holdings import holdings
from fof.book.reading import Floats
from fof.book.stakes import stakes
from fof.errors import Problem, Where
from fof.figures.coverage.continuity import stage_history
from fof.figures.coverage.stage_arrays import UNKNOWN_STAGE
from fof.ledger import View, day_number
from fof.scenarios.assumptions import Assumption, NumbersSought, SourceKind, typed_or_default
from fof.scenarios.company_terms import BOUNDS, OUTCOMES, SHARES, OutcomeTerms
from fof.scenarios.opening_position import DAYS, OpeningPosition
from models.frozen import frozen
from models.text import Text
from valuation.arguments import Integers
from valuation.company_outcomes import STAGES, CompanyPathArrays, outcome_table

DIVISION = 3
"""Letters of an industry's code that name its division (GB/T 4754), as the surface of coverage has them."""
TABLE = "companies"
"""The table of the file; paths of problems begin with it."""


@frozen
class FundToCome:
    """What a fund with companies needs beside its row (city: in which a planned one is to invest, empty: not known): code, row, party (None: planned), commitment in yuan, its flows to date
    (years before today, yuan), expected calls and live steps of the pacing model."""

    code: str
    row: int
    party: int | None
    commitment: float
    nav: float
    history: tuple[Floats, Floats]
    calls: Floats
    begin: int
    end: int
    frozen: Floats
    marks: Floats
    city: str = ""


class CompanyPart(NamedTuple):
    """Companies of a city or an industry; code empty: of none that is known."""

    by: Literal["city", "industry"]
    code: str


class _OneCompany(NamedTuple):
    """A company of a fund: step in which it enters (−1: held), share, stage, stream, city and industry (empty: not known)."""

    entry: int
    share: float
    stage: int
    stream: int
    city: str
    industry: str


@frozen
class CompanyInputs:
    """The companies of a scenario and where their numbers are from; codes of the funds that have them; parts: cities and industries,
    in the order of the arrays."""

    arrays: CompanyPathArrays | None = None
    funds: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    parts: tuple[CompanyPart, ...] = ()


def missing_of_companies(
    view: View, terms: OutcomeTerms, opening: OpeningPosition, known: Sequence[str], lengths: Floats
) -> list[Problem]:
    """Every number of the companies that neither file nor book has, and funds that there are not; known: codes of all funds."""
    made = _Companies(view, terms, opening, lengths)
    made.sought(known)
    return made.problems


def company_inputs(
    view: View, terms: OutcomeTerms, opening: OpeningPosition, funds: Sequence[FundToCome], lengths: Floats
) -> CompanyInputs:
    """Arrays and assumptions of all companies, of which nothing is missing (`missing_of_companies`)."""
    made = _Companies(view, terms, opening, lengths)
    arrays = made.arrays(funds)
    assert not made.problems, made.problems
    return CompanyInputs(arrays, tuple(made.chosen), _listed(made.lines), made.parts)


def _listed(lines: Sequence[Assumption]) -> tuple[Assumption, ...]:
    """Every assumption; a term that several funds do not state stands once, with their number."""
    silent = [line for line in lines if line.source == "none" and line.scope]
    answer = [line for line in lines if line not in silent]
    for name in dict.fromkeys(line.name for line in silent):
        own = [line for line in silent if line.name == name]
        funds = ", ".join(dict.fromkeys(line.scope for line in own))
        answer.append(replace(own[0], scope="" if len(own) > 1 else own[0].scope, detail=funds))
    return tuple(answer)


class _Companies(NumbersSought[OutcomeTerms]):
    """Finds each number of the companies."""

    def __init__(self, view: View, terms: OutcomeTerms, opening: OpeningPosition, lengths: Floats) -> None:
        assert view.as_of is not None
        super().__init__("company", terms, TABLE, view.as_of)
        self._view, self._lengths = view, lengths
        self._held = {view.party(fund.code).id: fund for fund in opening.funds}
        self.chosen: list[str] = []
        self.parts: tuple[CompanyPart, ...] = ()

    def sought(self, known: Sequence[str]) -> tuple[float, float, Floats, Floats] | None:
        """Ticket in fen, exits and moves a year, the outcomes; None where something is missing. known: codes of all funds."""
        terms = self._terms
        for n, code in enumerate(terms.funds, 1):
            if code not in known:
                near = ", ".join(get_close_matches(code, known, 3) or known[:3])
                text = Text(
                    f"起点没有这个基金，相近：{near}", f"there is no such fund at the start; near: {near}"
                )
                self.problems.append(Problem("unknown_code", text, code, Where(field=f"{TABLE}.funds[{n}]")))
        ticket = self._number_of("ticket", self._ticket(), money=True)
        exits, error, years = self._exits()
        rate = self._number_of("exit_rate", exits, source="fit", error=error, years=years)
        moves = self._moves()
        table = self._outcomes()
        for name in ("link", "staff", "entry_stage"):
            self._note("", name, f"{getattr(terms, name)}", *typed_or_default(terms, name))
        if ticket is None or rate is None or self.problems:
            return None
        return ticket, rate, moves, table

    def arrays(self, funds: Sequence[FundToCome]) -> CompanyPathArrays | None:
        """The companies as the kernels take them; None where something is missing, or no fund has any."""
        terms, sought = self._terms, self.sought([fund.code for fund in funds])
        if sought is None:
            return None
        ticket, rate, moves, table = sought
        rows: list[tuple[int, list[_OneCompany], FundToCome]] = []
        for fund in funds:
            if not terms.funds or fund.code in terms.funds:
                own = self._of_fund(fund, ticket / 100)
                if own is not None:
                    rows.append((fund.row, own, fund))
        if not rows:
            return None
        self.chosen = [fund.code for _, _, fund in rows]
        every = [company for _, own, _ in rows for company in own]
        places = [(CompanyPart("city", c.city), CompanyPart("industry", c.industry)) for c in every]
        self.parts = tuple(sorted({part for own in places for part in own}))
        waterfalls = [self._waterfall(fund) for _, _, fund in rows]
        return CompanyPathArrays(
            funds=np.array([row for row, _, _ in rows], np.int64),
            first=np.cumsum([0, *(len(own) for _, own, _ in rows)]).astype(np.int64),
            entry=np.array([c.entry for c in every], np.int64),
            share=np.array([c.share for c in every], np.float64),
            stage=np.array([c.stage for c in every], np.int64),
            streams=_distinct([c.stream for c in every]),
            outcome=table,
            link=terms.link,
            exits=rate,
            moves=moves,
            fees=np.stack([self._fees(fund) for _, _, fund in rows]),
            staff=terms.staff,
            hurdle=np.stack([w[0] for w in waterfalls]),
            terms=np.array([w[1] for w in waterfalls]).T.copy(),
            opening=np.array([w[2] for w in waterfalls]).T.copy(),
            delay=np.stack([_delays(fund.frozen) for _, _, fund in rows]),
            marks=np.stack([np.cumprod([1.0, *fund.marks.tolist()]) for _, _, fund in rows]),
            parts=np.array([[self.parts.index(part) for part in own] for own in places], np.int64)
            .reshape(-1, 2)
            .T.copy(),
            part_count=len(self.parts),
        )

    # -- companies --------------------------------------------------------------------------------------------------

    def _of_fund(self, fund: FundToCome, ticket: float) -> list[_OneCompany] | None:
        """Each company; None where the book values none of those held."""
        companies: list[_OneCompany] = []
        if fund.party is not None and fund.nav > 0:
            held = [(h, h.value.fen) for h in holdings(self._view, fund.party) if h.value.fen]
            total = float(sum(fen for _, fen in held))
            if total <= 0:
                self._note(fund.code, "companies", "—", "none", "")
                return None
            for own, fen in held:
                stage = STAGES.index(own.stage) if own.stage in STAGES else len(STAGES) - 1
                code = self._view.parties[own.company].code
                city, industry = (self._view.fact(own.company, name) for name in ("city", "industry"))
                companies.append(
                    _OneCompany(
                        -1,
                        fund.nav * fen / total,
                        stage,
                        _number(f"{fund.code} {code}"),
                        "" if city is None else city.value,
                        str(industry or "")[:DIVISION],
                    )
                )
        at = STAGES.index(self._terms.entry_stage)
        fees = self._fees(fund)
        into = np.cumsum(np.maximum(fund.calls - np.minimum(fees, fund.calls), 0.0)) / ticket
        last, done = fund.end - 1 if fund.end < fund.calls.size else fund.end, 0
        for step in range(fund.begin, last):
            wanted = round(float(into[step])) if step + 1 < last else math.ceil(float(into[step]) - 1e-9)
            for n in range(done, wanted):
                stream = _number(f"{fund.code} {n + 1}")
                companies.append(_OneCompany(step, 1.0 / (wanted - done), at, stream, fund.city, ""))
            done = max(done, wanted)
        text = f"{sum(c.entry < 0 for c in companies)} + {done}"
        self._note(fund.code, "companies", text, "book" if fund.party is not None else "typed", "")
        return companies

    def _ticket(self) -> float | None:
        """Mean of the first money that each fund paid a company; fen."""
        firsts = []
        for fund in self._held:
            for company in companies_of(self._view).get(fund, ()):
                paid = [
                    m.fen
                    for m in cost_paths(self._view)[fund, company].upto(day_number(self._day))
                    if m.fen > 0
                ]
                firsts += paid[:1]
        return sum(firsts) / len(firsts) if firsts else None

    def _exits(self) -> tuple[float | None, float, float]:
        """(exits a company-year, its standard error, company-years); None where nothing was ever left."""
        today, hits, years = day_number(self._day), 0, 0.0
        for fund in self._held:
            for company in companies_of(self._view).get(fund, ()):
                path = cost_paths(self._view)[fund, company]
                own = path.upto(today)
                if own:
                    closed = path.closed_on(today)
                    hits += closed is not None
                    years += max(0, (today if closed is None else closed) - own[0].day) / DAYS
        if not hits or years <= 0:
            return None, math.nan, years
        return hits / years, math.sqrt(hits) / years, years

    def _moves(self) -> Floats:
        """Moves a company-year out of each stage but the last; 0 with a note where neither book nor file says anything."""
        typed = self._terms.move_rates
        answer = np.zeros(3)
        counted = None if typed is not None else self._counted_moves()
        for n, stage in enumerate(STAGES[:3]):
            if typed is not None:
                answer[n] = typed[n]
                self._note("", f"moves_{stage}", f"{typed[n]:g}", "typed", self._terms.source)
            elif counted is not None and counted[1][n] > 0 and counted[0][n] > 0:
                hits, years = counted[0][n], counted[1][n]
                answer[n] = hits / years
                self._note(
                    "", f"moves_{stage}", f"{answer[n]:.6g}", "fit", "", math.sqrt(hits) / years, years
                )
            else:
                self._note("", f"moves_{stage}", "—", "none", "")
        return answer

    def _counted_moves(self) -> tuple[Floats, Floats]:
        """(moves, company-years) by stage over the year-ends up to the day at which both stages are known."""
        stages = stage_history(self._view)
        first, _ = company_columns(self._view).years
        until = self._day.year if (self._day.month, self._day.day) == (12, 31) else self._day.year - 1
        stages = stages[:, : max(0, until - first + 1)]
        moves, years = np.zeros(3), np.zeros(3)
        if stages.shape[1] > 1:
            before, after = stages[:, :-1], stages[:, 1:]
            both = (before != UNKNOWN_STAGE) & (after != UNKNOWN_STAGE)
            for n in range(3):
                years[n] = float((both & (before == n)).sum())
                moves[n] = float((both & (before == n) & (after > n)).sum())
        return moves, years

    def _outcomes(self) -> Floats:
        terms = self._terms
        bounds, shares = terms.bounds or BOUNDS, terms.shares or SHARES
        typed = terms.bounds is not None or terms.shares is not None
        source: SourceKind = "typed" if typed else "publication"
        detail = terms.source if typed else OUTCOMES
        self._note(
            "",
            "outcomes",
            ", ".join(f"≥{b:g}: {s:g}" for b, s in zip(bounds, shares, strict=False)),
            source,
            detail,
        )
        # the Pareto index that the last two brackets of the law have themselves
        own = (
            math.log((shares[-2] + shares[-1]) / shares[-1]) / math.log(bounds[-1] / bounds[-2])
            if bounds[-2] > 0
            else 2.0
        )
        tail = max(own, 1.05) if terms.tail is None else terms.tail
        self._note(
            "",
            "tail",
            f"{tail:.6g}",
            source if terms.tail is None else "typed",
            detail if terms.tail is None else terms.source,
        )
        return outcome_table(np.array(bounds), np.array(shares), tail)

    # -- the fund's terms -------------------------------------------------------------------------------------------

    def _term(self, fund: FundToCome, name: str, fact: str, *, silent: bool = False) -> float | None:
        typed = getattr(self._terms, name)
        stated = None if fund.party is None else self._view.fact(fund.party, fact)
        value, source = (typed, "typed") if typed is not None else (stated, "book")
        if not silent:
            kind: SourceKind = "none" if value is None else source  # type: ignore[assignment]
            self._note(fund.code, name, "—" if value is None else f"{float(value):g}", kind, "")
        return None if value is None else float(value)

    def _fees(self, fund: FundToCome) -> Floats:
        rate = self._term(
            fund,
            "fee_rate",
            "fee_rate_investment",
            silent=any(a.scope == fund.code and a.name == "fee_rate" for a in self.lines),
        )
        return np.zeros(self._lengths.size) if rate is None else rate * fund.commitment * self._lengths

    def _waterfall(self, fund: FundToCome) -> tuple[Floats, list[float], list[float]]:
        """(preferred return by step, terms, state of the account today)."""
        hurdle = self._term(fund, "hurdle", "hurdle_rate") or 0.0
        carry = self._term(fund, "carry", "carry_rate") or 0.0
        catch_up = self._term(fund, "catch_up", "catch_up_rate") or 0.0
        concession = self._term(fund, "concession", "concession_rate") or 0.0
        capital = preferred = above = 0.0
        before = None
        for at, amount in zip(*(x.tolist() for x in fund.history), strict=True):
            if before is not None:
                preferred += ((1.0 + hurdle) ** (at - before) - 1.0) * (capital + preferred)
            before = at
            if amount < 0:
                capital -= amount
                continue
            back = min(amount, capital)
            due = min(amount - back, preferred)
            capital, preferred, above = capital - back, preferred - due, above + amount - back
        if before is not None:
            preferred += ((1.0 + hurdle) ** -before - 1.0) * (capital + preferred)
        carried = self._carried(fund)
        return (
            (1.0 + hurdle) ** self._lengths - 1.0,
            [carry, catch_up if catch_up > carry else 0.0, concession, 0.0],
            [capital, preferred, above + carried, carried],
        )

    def _carried(self, fund: FundToCome) -> float:
        """The portfolio's part, by paid-in capital, of the carry that the fund paid so far; yuan."""
        if fund.party is None:
            return 0.0
        paid, returned = carry_paid(self._view, fund.party)
        whole = sum(paid.values()) - sum(returned.values())
        own = self._held.get(fund.party)
        if not whole or own is None or not own.committed:
            return 0.0
        total = self._committed(fund.party)
        return whole / 100 * own.committed / total if total else 0.0

    def _committed(self, party: int) -> int:
        held = stakes(self._view).of(None, {party})
        return int(held.total("committed")) if len(held) else 0


def _delays(frozen: Floats) -> Floats:
    """−ln(1 − share): a unit exponential lies below it with that probability."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log1p(-frozen), np.float64)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 3


def _distinct(numbers: Sequence[int]) -> Integers:
    """The numbers, of two that are the same the later one the next that is free."""
    used: set[int] = set()
    answer = []
    for number in numbers:
        while number in used:
            number = (number + 1) % 2**29
        used.add(number)
        answer.append(number)
    return np.array(answer, np.int64)
