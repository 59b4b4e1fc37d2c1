"""Pools of a scenario as arrays: typed first, then as the book has them, each number with where it came from.

Of a pool in the book: money, loans that are outstanding and when they fall due, what the agreements say it bears, how much was
enrolled in the last twelve months, how long a loan is, how often one fell into trouble, and the limits that hold for all its loans.
Of banks and guarantors with limits of their own see fof.scenarios.pool_loan_parts; a stop of a guarantor counts what that pays itself: its share
as the agreements of its loans state it. Where they do not, the limit is listed and not applied.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches

import numpy as np

from fof.book.identities import Registered
from fof.book.pools import Pools, pools_of
from fof.book.pools.loans import Loan
from fof.book.pools.rates import window
from fof.book.pools.sharing import shares_on
from fof.book.pools.tallied import tallied
from fof.book.reading import Floats
from fof.errors import Problem
from fof.ledger import View
from fof.scenarios.assumptions import Assumption, NumbersSought, SourceKind, typed_or_default
from fof.scenarios.limit_inputs import ends_of, limit_as_agreed, limit_in_windows
from fof.scenarios.opening_position import DAYS
from fof.scenarios.pool_loan_parts import WHOLE, Ends, cell_of, cells_of, places_of
from fof.scenarios.pool_terms import CORRELATION, PoolLimitTerms, PoolTerms
from fof.scenarios.rules_over_time import LimitTerms, PoolStart, pool_limit_terms, pool_start
from models.frozen import frozen
from models.money import yuan_text
from models.pools import LimitKind, LimitPeriod, PoolLeg
from models.subjects import LinkRole
from valuation.scenario_pools import MOST_LOANS, PoolArrays, PoolLimit, PoolPart, step_defaults

BASEL = "BCBS (2006), para. 272"


@frozen
class PoolInputs:
    """The pools of a scenario and where their numbers are from; codes in their order."""

    codes: tuple[str, ...] = ()
    arrays: tuple[PoolArrays, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    starts: tuple[PoolStart, ...] = ()


def pool_inputs(
    view: View, pools: Sequence[PoolTerms], days: Sequence[dt.date], lengths: Floats, intensity: Floats
) -> tuple[PoolInputs, list[Problem]]:
    """Arrays and assumptions of all pools, and everything that is missing. days, lengths: of the steps; intensity: (pools, steps) by
    which shocks multiply that of defaults."""
    book, made, lines, problems, starts = pools_of(view), [], [], [], []
    known = {view.parties[number].code: number for number in book.pools}
    for n, terms in enumerate(pools, 1):
        own = _OnePool(view, book, known.get(terms.code), terms, f"pool[{n}]", list(known))
        arrays = own.arrays(days, lengths, intensity[n - 1])
        problems += own.problems
        lines += own.lines
        if arrays is not None:
            made.append(arrays)
            money = 100 * arrays.balance, 100 * arrays.outstanding
            starts.append(pool_start(view, terms.code, *money, own.limits, own.beside))
    return PoolInputs(tuple(p.code for p in pools), tuple(made), tuple(lines), tuple(starts)), problems


class _OnePool(NumbersSought[PoolTerms]):
    """Finds each number of a pool."""

    def __init__(
        self,
        view: View,
        book: Pools,
        number: int | None,
        terms: PoolTerms,
        path: str,
        known: Sequence[str],
    ) -> None:
        assert view.as_of is not None
        near = get_close_matches(terms.code, known, 3) if number is None else []
        super().__init__("pool", terms, path, view.as_of, terms.code, near)
        self._book, self._number = book, number
        loans = [] if number is None else book.loans_of.get(number, [])
        self._loans = [loan for loan in loans if loan.subject.first_day <= self._day]
        self._live = [loan for loan in self._loans if loan.outstanding(self._day) > 0]
        self.limits: list[LimitTerms] = []
        self.beside: list[bool] = []
        self._ends: list[Ends] = []

    def arrays(self, days: Sequence[dt.date], lengths: Floats, intensity: Floats) -> PoolArrays | None:
        """The pool as the kernels take it; None where something is missing."""
        terms = self._terms
        opening = self._number_of("opening", self._cash(), money=True)
        outstanding = self._number_of("outstanding", self._outstanding(), money=True)
        loans = self._number_of("loans", self._count())
        lending = self._number_of("lending", self._enrolled(), money=True)
        term = self._number_of("term", self._term())
        default, error, years = self._default()
        rate = self._number_of("default_rate", default, source="fit", error=error, years=years)
        share = self._number_of("share", self._share(LinkRole.POOL, self._live), silent=self._silent())
        if terms.correlation is None:
            self._note(terms.code, "correlation", f"{CORRELATION:g}", "publication", BASEL)
        else:
            self._note(terms.code, "correlation", f"{terms.correlation:g}", "typed", terms.source)
        for name in ("venture_link", "recovery", "recovery_years"):
            self._note(terms.code, name, f"{getattr(terms, name):g}", *typed_or_default(terms, name))
        for name in ("top_up", "floor"):
            self._note(terms.code, name, yuan_text(getattr(terms, name)), *typed_or_default(terms, name))
        if None in (opening, outstanding, loans, lending, term, rate, share):
            return None
        assert opening is not None
        assert outstanding is not None
        assert loans is not None
        assert lending is not None
        assert term is not None
        assert rate is not None
        assert share is not None
        step = float(lengths[-1])
        steps = max(1, round(term / step))
        typed = terms.outstanding is not None
        unplaced = self._limits(days)
        cells = cells_of(self._ends, [(loan.lender, loan.guarantor) for loan in self._loans])
        parts = self._parts(cells, outstanding, round(loans), days, steps)
        limits = [
            replace(own, parts=places_of(ends, cells)) for own, ends in zip(unplaced, self._ends, strict=True)
        ]
        return PoolArrays(
            stream=int.from_bytes(hashlib.sha256(terms.code.encode()).digest()[:4], "big") >> 2,
            loans=sum(part.loans for part in parts) or min(MOST_LOANS, max(1, round(loans))),
            default=step_defaults(rate, lengths * intensity),
            rho=CORRELATION if terms.correlation is None else terms.correlation,
            link=terms.venture_link,
            pays=share,
            balance=opening / 100,
            outstanding=outstanding / 100,
            maturing=_evenly(outstanding, steps, len(days))
            if typed
            else self._maturing(self._live, days, steps),
            lending=lending / 100 * lengths,
            inflow=terms.top_up / 100 * lengths,
            term=steps,
            back=terms.recovery,
            lag=max(1, round(terms.recovery_years / step)),
            floor=terms.floor / 100,
            stopped=self._stopped(WHOLE),
            reopens=terms.reopens,
            limits=tuple(limits),
            parts=parts,
        )

    # -- numbers ----------------------------------------------------------------------------------------------------

    def _cash(self) -> float | None:
        if self._number is None or not self._book.payments_of.get(self._number):
            return None
        return float(self._book.cash(self._number, self._day))

    def _outstanding(self) -> float | None:
        return (
            None
            if self._number is None
            else float(self._book.tally(self._number).outstanding.until(self._day))
        )

    def _count(self) -> float | None:
        return float(len(self._live)) if self._live else None

    def _enrolled(self) -> float | None:
        if self._number is None or not self._loans:
            return None
        span = window(LimitPeriod.ROLLING, self._day)
        return float(self._book.tally(self._number).enrolled.over(span))

    def _term(self) -> float | None:
        spans = [
            (due - since).days / DAYS
            for loan in self._loans
            if (due := loan.due(self._day)) and (since := loan.enrolled_on(self._day)) and due > since
        ]
        return sum(spans) / len(spans) if spans else None

    def _default(self) -> tuple[float | None, float, float]:
        """(loans that fell into trouble a loan-year, its standard error, loan-years); None where none ever did."""
        hits, years = 0, 0.0
        for loan in self._loans:
            trouble = loan.ever_in_trouble(self._day)
            years += max(0, (_end(loan, self._day) - loan.terms_day(self._day)).days) / DAYS
            hits += trouble is not None
        if not hits or years <= 0:
            return None, math.nan, years
        return min(1.0, hits / years), math.sqrt(hits) / years, years

    def _share(self, role: LinkRole, loans: Sequence[Loan]) -> float | None:
        """A party's share of what is covered, of the pool's agreements by what is outstanding of some loans under them (alike where
        nothing is)."""
        total = weight = 0.0
        for agreement, own, part in self._shares(role, loans):
            if own and part is None:
                return None
            if part is not None:
                total += own * float(part) * float(agreement.on("coverage", self._day) or 1)
                weight += own
        return total / weight if weight else None

    def _shares(
        self, role: LinkRole, loans: Sequence[Loan]
    ) -> Iterator[tuple[Registered, float, Decimal | None]]:
        """Each agreement, what it weighs, and a party's share by it; None where it does not say."""
        weights: dict[int, float] = {}
        for loan in loans:
            if loan.agreement is not None:
                number = loan.agreement.number
                weights[number] = weights.get(number, 0.0) + loan.outstanding(self._day)
        agreements = [] if self._number is None else self._book.agreements_of(self._number, self._day)
        for agreement in agreements:
            stated = shares_on(agreement, self._day)
            part = stated.get(role)
            if part is None and sum(stated.values()) == 1:
                part = Decimal(0)  # others bear all of it
            yield agreement, weights.get(agreement.number, 0.0) if weights else 1.0, part

    def _silent(self) -> list[str]:
        """Codes of the agreements for which the pool's share is not known: they have loans, and do not say what it bears."""
        shares = self._shares(LinkRole.POOL, self._live)
        return [agreement.code for agreement, own, part in shares if own and part is None]

    def _maturing(self, loans: Sequence[Loan], days: Sequence[dt.date], term: int) -> Floats:
        """Principal of loans of today by the step in which it falls due: overdue ones in the first, those without a day evenly."""
        falls = np.zeros(len(days))
        for loan in loans:
            due, fen = loan.due(self._day), loan.outstanding(self._day)
            if due is None:
                falls += _evenly(fen, term, len(days))
                continue
            at = sum(day < due for day in days)
            if at < len(days):
                falls[at] += fen / 100
        return falls

    def _parts(
        self, cells: Sequence[Ends], outstanding: float, loans: int, days: Sequence[dt.date], term: int
    ) -> tuple[PoolPart, ...]:
        """The loans of each cell; none where there is one alone."""
        if len(cells) == 1:
            return ()
        by_cell: dict[Ends, list[Loan]] = {cell: [] for cell in cells}
        for loan in self._loans:
            by_cell[cell_of((loan.lender, loan.guarantor), self._ends)].append(loan)
        span = window(LimitPeriod.ROLLING, self._day)
        new = {cell: tallied((), own, 0, PoolLeg.COMPENSATION) for cell, own in by_cell.items()}
        lent = {cell: float(rows.tally().enrolled.over(span)) for cell, rows in new.items()}
        enrolled = sum(lent.values())
        live = float(sum(loan.outstanding(self._day) for loan in self._live))
        scale = outstanding / live if live else 0.0
        left, typed = 1.0, self._terms.outstanding is not None
        some = min(loans, MOST_LOANS - len(cells))
        made: list[PoolPart] = []
        for cell in cells:
            own = [loan for loan in by_cell[cell] if loan.outstanding(self._day) > 0]
            owed = float(sum(loan.outstanding(self._day) for loan in own))
            lending, count = left, max(1, some - sum(part.loans for part in made))
            if cell != WHOLE:
                lending = min(left, lent[cell] / enrolled if enrolled else (owed / live if live else 0.0))
                count = max(1, round(some * len(own) / max(1, len(self._live))))
            left -= lending
            falls = _evenly(scale * owed, term, len(days)) if typed else self._maturing(own, days, term)
            paid = None if cell[1] is None else self._guarantor_share(cell[1])
            made.append(PoolPart(scale * owed / 100, falls, count, lending, self._stopped(cell), paid or 0.0))
        return tuple(made)

    def _guarantor_share(self, guarantor: int) -> float | None:
        """What a guarantor pays itself of its loans' defaulted principal; None where no agreement says, or it paid although by all
        of them it pays nothing."""
        typed = self._terms.guarantor_share
        if typed is not None:
            return typed
        assert self._number is not None
        own = [loan for loan in self._live if loan.guarantor == guarantor]
        share = self._share(LinkRole.GUARANTOR, own)
        paid = self._book.tally(self._number, None, guarantor, advanced=True).paid.until(self._day)
        return None if share == 0 and paid else share

    # -- limits -----------------------------------------------------------------------------------------------------

    def _stopped(self, cell: Ends) -> bool:
        """Whether the enrolment of a cell's loans, or of all, is stopped today."""
        if self._number is None or self._terms.limit is not None:
            return False
        states = self._book.limit_states(self._number, self._day)
        own = [ends_of(state.limit) for state in states if state.stopped_on is not None]
        return any(ends == WHOLE or places_of(ends, [cell]) for ends in own)

    def _limits(self, days: Sequence[dt.date]) -> list[PoolLimit]:
        """The limits, not yet placed; self._ends: of whom each is."""
        listed = self._terms.limit
        stated: list[tuple[PoolLimitTerms, Registered | None]]
        stated = [(limit, None) for limit in listed] if listed is not None else list(self._agreed())
        made = []
        for n, (limit, agreed) in enumerate(stated, 1):
            rate = "" if limit.rate is None else f"{limit.rate:g} {limit.denominator}"
            amount = "" if limit.amount is None else yuan_text(limit.amount)
            words = " ".join(
                word for word in (rate, amount, limit.period, "net" if limit.net else "") if word
            )
            ends = WHOLE if agreed is None else ends_of(agreed)
            self._ends.append(ends)
            advanced = ends[1] is not None and limit.kind == "enrolment_stop"
            tally = None if self._number is None else self._book.tally(self._number, *ends, advanced=advanced)
            own = limit_in_windows(limit, tally, self._day, days)
            code, warning = f"limit[{n}]", None
            if agreed is None or self._number is None:
                self._note(self._scope, f"limit_{limit.kind}", words, "typed", self._terms.source)
            else:
                code, warning = agreed.code, agreed.on("warning_share", self._day)
                self._note(self._scope, f"limit_{limit.kind}", words, "book", code)
                state = self._book.limit_state(agreed, self._number, self._day)
                own = replace(
                    own, advanced=advanced, stopped=state is not None and state.stopped_on is not None
                )
            made.append(own)
            self.limits.append(
                pool_limit_terms(code, own.kind, own.rate, own.amount, warning, agreed is not None)
            )
        self._note_guarantors()
        return made

    def _note_guarantors(self) -> None:
        """What each guarantor with a limit pays itself, and where that is from."""
        for guarantor in dict.fromkeys(own[1] for own in self._ends if own[1] is not None):
            share = self._guarantor_share(guarantor)
            if share is not None:
                typed = self._terms.guarantor_share is not None
                source: SourceKind = "typed" if typed else "book"
                detail = self._terms.source if typed else str(self._day)
                scope = f"{self._scope} · {self._book.view.parties[guarantor].code}"
                self._note(scope, "guarantor_share", f"{share:.6g}", source, detail)

    def _agreed(self) -> Iterator[tuple[PoolLimitTerms, Registered]]:
        for limit in () if self._number is None else self._book.limits_of(self._number):
            kind = limit.on("limit_kind", self._day)
            if kind is None or limit.first_day > self._day:
                continue
            guarantor = limit.linked(LinkRole.GUARANTOR)
            stops = kind is LimitKind.ENROLMENT_STOP
            if guarantor is not None and stops and self._guarantor_share(guarantor) is None:
                self._note(self._scope, f"limit_{kind.value}", "—", "none", limit.code)
                self.beside.append(stops)
                continue
            yield limit_as_agreed(limit, kind, self._day), limit


def _end(loan: Loan, day: dt.date) -> dt.date:
    """The last day up to which a loan could fall into trouble: when it did, was paid back, or the day asked."""
    trouble = loan.ever_in_trouble(day)
    if trouble is not None:
        return trouble
    left = [on for on, _ in loan.movements() if on <= day]
    return left[-1] if left and not loan.balance(day) else day


def _evenly(fen: float, term: int, steps: int) -> Floats:
    """Yuan that fall due in each step where nothing is known but the term."""
    falls = np.zeros(steps)
    falls[:term] = fen / 100 / term
    return falls
