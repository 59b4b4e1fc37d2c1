"""Pools of a scenario as arrays: typed first, then as the book has them, each number with where it came from.

Of a pool in the book: money, loans that are outstanding and when they fall due, what the agreements say it bears, how much was
enrolled in the last twelve months, how long a loan is, how often one fell into trouble, and the limits that hold for all its loans.
A bank with a limit of its own has its own loans, by what is outstanding with it and was enrolled; a limit of a guarantor counts what that pays,
which no scenario knows: it is listed and not applied.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Sequence
from decimal import Decimal
from difflib import get_close_matches

import numpy as np

from fof.book.identities import Registered
from fof.book.pools import Pools, pools_of
from fof.book.pools.loans import Loan
from fof.book.pools.rates import Tally, window
from fof.book.pools.sharing import shares_on
from fof.book.reading import Floats
from fof.errors import Problem, Where
from fof.ledger import View
from fof.scenarios.assumptions import Assumption, NumbersSought, SourceKind
from fof.scenarios.opening_position import DAYS
from fof.scenarios.pool_terms import CORRELATION, PoolLimitTerms, PoolTerms
from fof.scenarios.rules_over_time import LimitTerms, PoolStart, pool_limit_terms, pool_start
from models.frozen import frozen
from models.money import yuan_text
from models.pools import Denominator, Grossness, LimitKind, LimitPeriod
from models.subjects import LinkRole
from models.text import Text
from valuation.scenario_pools import MOST_LOANS, BankPart, PoolArrays, PoolLimit, step_defaults

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
        self._lenders: list[int] = []

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
        share = self._number_of("share", self._share())
        if terms.correlation is None:
            self._note(terms.code, "correlation", f"{CORRELATION:g}", "publication", BASEL)
        else:
            self._note(terms.code, "correlation", f"{terms.correlation:g}", "typed", terms.source)
        for name in ("venture_link", "recovery", "recovery_years"):
            self._note(terms.code, name, f"{getattr(terms, name):g}", "typed", terms.source)
        for name in ("top_up", "floor"):
            self._note(terms.code, name, yuan_text(getattr(terms, name)), "typed", terms.source)
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
        limits = tuple(self._limits(days))
        banks = self._banks(outstanding, round(loans), days, steps)
        return PoolArrays(
            stream=int.from_bytes(hashlib.sha256(terms.code.encode()).digest()[:4], "big") >> 2,
            loans=sum(bank.loans for bank in banks) or min(MOST_LOANS, max(1, round(loans))),
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
            stopped=self._stopped(None),
            reopens=terms.reopens,
            limits=limits,
            banks=banks,
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

    def _share(self) -> float | None:
        """The pool's share of what is covered, of its agreements by what is outstanding under them (alike where nothing is)."""
        if self._number is None:
            return None
        weights: dict[int, float] = {}
        for loan in self._live:
            if loan.agreement is not None:
                number = loan.agreement.number
                weights[number] = weights.get(number, 0.0) + loan.outstanding(self._day)
        total = weight = 0.0
        for agreement in self._book.agreements_of(self._number, self._day):
            stated = shares_on(agreement, self._day)
            part = stated.get(LinkRole.POOL)
            if part is None and sum(stated.values()) == 1:
                part = Decimal(0)  # others bear all of it
            own = weights.get(agreement.number, 0.0) if weights else 1.0
            if own and part is None:
                return None
            if part is not None:
                total += own * float(part) * float(agreement.on("coverage", self._day) or 1)
                weight += own
        return total / weight if weight else None

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

    def _banks(
        self, outstanding: float, loans: int, days: Sequence[dt.date], term: int
    ) -> tuple[BankPart, ...]:
        """The banks with a limit of their own, in the order of `_lenders`, and the rest; none where no bank has one."""
        if not self._lenders:
            return ()
        assert self._number is not None
        live = float(sum(loan.outstanding(self._day) for loan in self._live))
        span = window(LimitPeriod.ROLLING, self._day)
        enrolled = float(self._book.tally(self._number).enrolled.over(span))
        scale = outstanding / live if live else 0.0
        left, typed = 1.0, self._terms.outstanding is not None
        some = min(loans, MOST_LOANS - 1 - len(self._lenders))
        made: list[BankPart] = []
        for bank in (*self._lenders, None):
            own = [loan for loan in self._live if self._is_of(loan, bank)]
            owed = float(sum(loan.outstanding(self._day) for loan in own))
            lending, count = left, max(1, some - sum(part.loans for part in made))
            if bank is not None:
                new = float(self._book.tally(self._number, bank).enrolled.over(span))
                lending = min(left, new / enrolled if enrolled else (owed / live if live else 0.0))
                count = max(1, round(some * len(own) / max(1, len(self._live))))
            left -= lending
            falls = _evenly(scale * owed, term, len(days)) if typed else self._maturing(own, days, term)
            made.append(BankPart(scale * owed / 100, falls, count, lending, self._stopped(bank)))
        return tuple(made)

    def _is_of(self, loan: Loan, bank: int | None) -> bool:
        """Whether a loan is of a bank; None: of one that has no limit of its own."""
        return loan.lender == bank if bank is not None else loan.lender not in self._lenders

    # -- limits -----------------------------------------------------------------------------------------------------

    def _stopped(self, bank: int | None) -> bool:
        """Whether the enrolment of a bank, or of all, is stopped today."""
        if self._number is None or self._terms.limit is not None:
            return False
        states = self._book.limit_states(self._number, self._day)
        return any(
            state.stopped_on is not None
            and state.limit.linked(LinkRole.GUARANTOR) is None
            and state.limit.linked(LinkRole.LENDER) in (None, bank)
            for state in states
        )

    def _limits(self, days: Sequence[dt.date]) -> list[PoolLimit]:
        listed = self._terms.limit
        stated: list[tuple[PoolLimitTerms, SourceKind, str, Decimal | None, int | None]]
        if listed is not None:
            stated = [(limit, "typed", self._terms.source, None, None) for limit in listed]
        else:
            stated = list(self._agreed())
        made = []
        for n, (limit, source, detail, warning, lender) in enumerate(stated, 1):
            rate = "" if limit.rate is None else f"{limit.rate:g} {limit.denominator}"
            amount = "" if limit.amount is None else yuan_text(limit.amount)
            words = " ".join(
                word for word in (rate, amount, limit.period, "net" if limit.net else "") if word
            )
            self._note(self._scope, f"limit_{limit.kind}", words, source, detail)
            bank = -1
            if lender is not None:
                self._lenders += [] if lender in self._lenders else [lender]
                bank = self._lenders.index(lender)
            tally = None if self._number is None else self._book.tally(self._number, lender)
            made.append(_limit(limit, tally, self._day, days, bank))
            code = detail if source == "book" else f"limit[{n}]"
            own = pool_limit_terms(
                code, made[-1].kind, made[-1].rate, made[-1].amount, warning, source == "book"
            )
            self.limits.append(own)
        return made

    def _agreed(self) -> list[tuple[PoolLimitTerms, SourceKind, str, Decimal | None, int | None]]:
        if self._number is None:
            return []
        agreed: list[tuple[PoolLimitTerms, SourceKind, str, Decimal | None, int | None]] = []
        for limit in self._book.limits_of(self._number):
            kind = limit.on("limit_kind", self._day)
            if kind is None or limit.first_day > self._day:
                continue
            if limit.linked(LinkRole.GUARANTOR) is not None:
                self._note(self._scope, f"limit_{kind.value}", "—", "none", limit.code)
                self.beside.append(kind is LimitKind.ENROLMENT_STOP)
                continue
            warning = limit.on("warning_share", self._day)
            lender = limit.linked(LinkRole.LENDER)
            agreed.append((_as_agreed(limit, kind, self._day), "book", limit.code, warning, lender))
        return agreed


def _as_agreed(limit: Registered, kind: LimitKind, day: dt.date) -> PoolLimitTerms:
    amount, rate = limit.on("limit_amount", day), limit.on("limit_rate", day)
    of = limit.on("limit_denominator", day)
    period: LimitPeriod = limit.on("limit_period", day) or LimitPeriod.YEAR
    stated = {
        "kind": kind.value,
        "amount": None if amount is None else yuan_text(int(amount)),
        "rate": None if rate is None or of is None else float(rate),
        "denominator": None if rate is None or of is None else of.value,
        "period": period.value,
        "net": limit.on("limit_grossness", day) is Grossness.NET,
    }
    return PoolLimitTerms.model_validate(stated)


def _limit(
    limit: PoolLimitTerms, tally: Tally | None, as_of: dt.date, days: Sequence[dt.date], bank: int
) -> PoolLimit:
    """The limit with its window at each step, and what the book holds of windows that began before today."""
    start, used, of = np.zeros(len(days), np.int64), np.zeros(len(days)), np.zeros(len(days))
    for n, day in enumerate(days):
        span = window(LimitPeriod(limit.period), day)
        if span.after >= as_of:
            start[n] = sum(end <= span.after for end in days)
        elif tally is not None:
            before = span._replace(until=as_of)
            fen = tally.paid.over(before) - (tally.recovered.over(before) if limit.net else 0)
            used[n] = fen / 100
            if limit.denominator is not None and limit.denominator != "outstanding":
                of[n] = tally.denominator(Denominator(limit.denominator), before) / 100
    by_rate = limit.rate is not None and limit.denominator is not None
    return PoolLimit(
        limit.kind,
        limit.denominator if by_rate and limit.denominator is not None else "amount",
        float(limit.rate) if by_rate and limit.rate is not None else math.inf,
        math.inf if limit.amount is None else limit.amount / 100,
        limit.net,
        start,
        used,
        of,
        bank,
    )


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


def unfit_limits(pools: Sequence[PoolTerms]) -> list[Problem]:
    """Limits that limit nothing: neither an amount nor a rate of something."""
    text = Text("amount，或 rate 与 denominator", "amount, or rate with denominator")
    return [
        Problem("no_limit", text, None, Where(field=f"pool[{n}].limit[{m}]"))
        for n, pool in enumerate(pools, 1)
        for m, limit in enumerate(pool.limit or (), 1)
        if (limit.amount is None and limit.rate is None)
        or (limit.rate is None) != (limit.denominator is None)
    ]
