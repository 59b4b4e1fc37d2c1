"""Risk-compensation pools in figures: the cockpit, contributors, limits, the loan register, the claim desk, and the months of PI-10.

Every figure is asked of fof.book.pools on the view's day; what cannot be told is None.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from copy import copy
from itertools import accumulate
from typing import Any, overload

import numpy as np

from fof.book.pools import Pools, counted_pools
from fof.book.pools.claims import Claim
from fof.book.pools.clocks import clock
from fof.book.pools.loans import Loan
from fof.book.pools.rates import LimitState
from fof.book.pools.reading import LOANS_AT_ONCE
from fof.book.settings import rule_numbers
from fof.book.working_days import calendar_of
from fof.errors import Unknown
from fof.figures.answers import Answer, declared
from fof.figures.desk import Desk, Row
from fof.ledger import View
from models.kinds import PartyKind
from models.pools import (
    ClaimStep,
    Denominator,
    Grossness,
    LimitKind,
    LimitPeriod,
)
from models.subjects import LinkRole as R
from models.subjects import SubjectKind
from models.text import Text

POOLS = declared(
    "pools",
    Text("风险补偿资金池", "Risk-compensation pools"),
    "Each pool on the day: what is in it and what became of its money, loans guaranteed, leverage, the year's compensation rate by each denominator (gross), claims in hand, since when enrolment is stopped.",
    rows="""
        pool name pool_balance pool_contributed pool_compensated pool_recovered_all pool_interest pool_costs
        pool_returned pool_loans pool_outstanding pool_leverage pool_leverage_max rate_released rate_matured
        rate_outstanding rate_enrolled claims_open claims_amount pool_stopped_on statement_apart
    """,
)
POOL_CONTRIBUTORS = declared(
    "pool_contributors",
    Text("资金池出资方", "Contributors of pools"),
    "What each contributor put into a pool and what became of it, to the fen: contributions − compensation + recoveries + interest − costs − returned.",
    rows="""
        pool contributor name pool_contributed pool_compensated pool_recovered recovered_beside pool_interest
        pool_costs pool_returned pool_balance
    """,
)
POOL_LIMITS = declared(
    "pool_limits",
    Text("资金池限额", "Limits of pools"),
    "Each limit on the day: enrolment stop, excess no longer borne, payment cap; its rate by its own denominator, what counts against it, and the distance in points and in money.",
    rows="""
        limit pool limit_kind limit_of period_counted denominator rate_counted limit_rate limit_used
        limit_allowed limit_left points_left limit_state limit_stopped_on limit_resumed_on
    """,
)
POOL_LOANS = declared(
    "pool_loans",
    Text("入池贷款台账", "Loan register"),
    "Loans and bonds enrolled by the day: contract, balance, what is guaranteed of it, due day, how it stands, days overdue, its claim; the lender's last stated balance beside ours.",
    rows="""
        loan pool agreement borrower name lender guarantor enrolled contract balance pool_outstanding
        loan_due_on loan_state overdue_days claim stated_by_lender lender_apart
    """,
)
POOL_CLAIMS = declared(
    "pool_claims",
    Text("补偿申请台", "Claim desk"),
    "Claims by the day: how far each came, working days used for review and decision with the last day allowed, the covered loss, what the pool may pay now and what cuts it, what was paid and came back.",
    rows="""
        claim pool loan claimant claim_state submitted_on age_days clock_used clock_last principal covered_loss
        pool_part payable uncompensated cut_by paid_by_pool recovered_of_claim
    """,
)
_YEAR = {
    "rate_released": Denominator.RELEASED,
    "rate_matured": Denominator.MATURED,
    "rate_outstanding": Denominator.OUTSTANDING,
    "rate_enrolled": Denominator.ENROLLED,
}


def pool_chosen(view: View, code: str | None) -> list[int]:
    """The pools asked for. Unknown where the book has no such pool."""
    pools = counted_pools(view).pools
    if code is None:
        return pools
    party = view.by_code.get(code)
    if party is None or party.kind is not PartyKind.POOL:
        raise Unknown(Text("资金池", "pool"), code)
    return [party.id]


class PoolDesk(Desk):
    """The pools of a view on its day."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.own: Pools = counted_pools(view)


def pools_document(view: View, pool: str | None = None) -> Answer:
    """A row for each pool."""
    desk = PoolDesk(view)
    return desk.answer(POOLS, [_pool(desk, number) for number in pool_chosen(view, pool)])


def _pool(desk: PoolDesk, number: int) -> Row:
    own, day = desk.own, desk.day
    accounts = own.accounts(number, day).of.values()
    cash = own.cash(number, day)
    waiting = [c for c in own.claims_of.get(number, ()) if waits(c, day)]
    terms = [a.on("leverage_max", day) for a in own.agreements_of(number, day)]
    stops = [s.stopped_on for s in own.limit_states(number, day) if s.stopped_on is not None]
    stated = desk.book.facts.dated(number, "account_balance", day)
    tally = own.tally(number)
    outstanding = tally.outstanding.until(day)
    rates = {name: tally.rate(of, Grossness.GROSS, LimitPeriod.YEAR, day).value for name, of in _YEAR.items()}
    return {
        "pool": desk.code(number),
        "name": desk.name(number),
        "pool_balance": cash,
        "pool_contributed": sum(a.contributed for a in accounts),
        "pool_compensated": sum(a.compensated for a in accounts),
        "pool_recovered_all": sum(a.recovered + a.recovered_beside for a in accounts),
        "pool_interest": sum(a.interest for a in accounts),
        "pool_costs": sum(a.costs for a in accounts),
        "pool_returned": sum(a.returned for a in accounts),
        "pool_loans": own.standing(number, day)[0],
        "pool_outstanding": outstanding,
        "pool_leverage": ratio(outstanding, cash),
        "pool_leverage_max": min((float(m) for m in terms if m is not None), default=None),
        **{name: None if rate is None else float(rate) for name, rate in rates.items()},
        "claims_open": len(waiting),
        "claims_amount": sum(c.on("claim_principal", day) or 0 for c in waiting),
        "pool_stopped_on": min(stops, default=None),
        "statement_apart": None if not stated else stated[-1][1] - own.cash(number, stated[-1][0]),
    }


def waits(claim: Claim, day: dt.date) -> bool:
    """Whether a claim is in hand: made, and neither paid nor refused nor withdrawn."""
    return claim.state(day) not in (None, "paid", "refused", ClaimStep.WITHDRAWN.value)


def ratio(part: int, whole: int) -> float | None:
    """part ÷ whole; None where the whole is nothing."""
    return part / whole if whole > 0 else None


def contributors_document(view: View, pool: str | None = None) -> Answer:
    """A row for each contributor of each pool."""
    desk = PoolDesk(view)
    rows = [
        {
            "pool": desk.code(number),
            "contributor": desk.code(party),
            "name": desk.name(party),
            "pool_contributed": own.contributed,
            "pool_compensated": own.compensated,
            "pool_recovered": own.recovered,
            "recovered_beside": own.recovered_beside,
            "pool_interest": own.interest,
            "pool_costs": own.costs,
            "pool_returned": own.returned,
            "pool_balance": own.balance,
        }
        for number in pool_chosen(view, pool)
        for party, own in sorted(desk.own.accounts(number, desk.day).of.items())
    ]
    return desk.answer(POOL_CONTRIBUTORS, rows)


def limits_document(view: View, pool: str | None = None) -> Answer:
    """A row for each limit of each pool."""
    desk = PoolDesk(view)
    rows = [
        _limit(desk, number, state)
        for number in pool_chosen(view, pool)
        for state in desk.own.limit_states(number, desk.day)
    ]
    return desk.answer(POOL_LIMITS, rows)


def _limit(desk: PoolDesk, pool: int, state: LimitState) -> Row:
    limit, rate, day = state.limit, state.rate, desk.day
    named = limit.linked(R.LENDER) or limit.linked(R.GUARANTOR)
    period: LimitPeriod | None = limit.on("limit_period", day)
    if state.kind is LimitKind.ENROLMENT_STOP and state.stopped_on is not None:
        stands = "stopped"
    elif state.reached:
        stands = "reached"
    elif state.warned:
        stands = "warned"
    else:
        stands = "unknown" if state.allowed is None else "open"
    points = state.points_left
    return {
        "limit": limit.code,
        "pool": desk.code(pool),
        "limit_kind": state.kind.value,
        "limit_of": desk.code(named),
        "period_counted": None if period is None else period.value,
        "denominator": None if rate is None else rate.of.value,
        "rate_counted": None if rate is None or rate.value is None else float(rate.value),
        "limit_rate": None if state.highest is None else float(state.highest),
        "limit_used": state.used,
        "limit_allowed": state.allowed,
        "limit_left": state.left,
        "points_left": None if points is None else float(points),
        "limit_state": stands,
        "limit_stopped_on": state.stopped_on,
        "limit_resumed_on": state.resumed_on,
    }


def loans_document(view: View, pool: str | None = None) -> Answer:
    """A row for each loan, by code."""
    register = LoanRegister(view, pool)
    return PoolDesk(view).answer(POOL_LOANS, register.every_row())


def loan_document(view: View, number: int) -> Answer:
    """The row of one loan, by its id; none where it is not registered by the day."""
    desk = PoolDesk(view)
    loans = [x for x in desk.own.some_loans([number]) if x.subject.first_day <= desk.day]
    last = _last_claims(desk.own)
    pools = ((desk.own.pool_of(x.agreement), x) for x in loans)
    return desk.answer(
        POOL_LOANS, [_loan(desk, of, x, last.get(number)) for of, x in pools if of is not None]
    )


PAGES_HELD = 4
"""Pages of a loan register whose rows are held."""


class LoanRegister(Sequence[Row]):
    """The loans of a view's day by pool and code, of one pool or of all: rows are made of those that somebody looks at."""

    def __init__(self, view: View, pool: str | None = None) -> None:
        self._desk = desk = PoolDesk(view)
        self._of = {
            number: np.array(desk.own.loan_numbers(number, desk.day), np.int64)
            for number in pool_chosen(view, pool)
        }
        self._last = _last_claims(desk.own)
        self._place()

    def _place(self) -> None:
        self._numbers = np.concatenate([np.zeros(0, np.int64), *self._of.values()])
        self._pools, self._ends = list(self._of), list(accumulate(map(len, self._of.values())))
        self._made: list[tuple[slice, list[Row]]] = []

    def about(self, pool: str) -> LoanRegister:
        """Those of one of its pools."""
        own = copy(self)
        number = self._desk.view.by_code[pool].id
        own._of = {number: self._of[number]}
        own._place()
        return own

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return self._slice(place)
        return self._rows([range(len(self))[place]])[0]

    def _slice(self, place: slice) -> list[Row]:
        """A page of the table; the last few are held, for whoever changes something else on the page asks again."""
        for held, rows in self._made:
            if held == place:
                return rows
        rows = self._rows(range(len(self))[place])
        self._made = [(place, rows), *self._made[: PAGES_HELD - 1]]
        return rows

    def of(self, code: str) -> Row | None:
        """The row of one loan by its code; None where none of these has it."""
        number = self._desk.view.subject_ids.get((SubjectKind.LOAN.value, code))
        places = [] if number is None else np.flatnonzero(self._numbers == number).tolist()
        return self._rows(places)[0] if places else None

    def every_row(self) -> Iterator[Row]:
        """All rows; loans are read some thousand at a time."""
        for at in range(0, len(self), LOANS_AT_ONCE):
            yield from self._rows(range(len(self))[at : at + LOANS_AT_ONCE])

    def _rows(self, places: Sequence[int]) -> list[Row]:
        numbers = self._numbers[list(places)].tolist()
        of = {n: self._pools[bisect_right(self._ends, p)] for n, p in zip(numbers, places, strict=True)}
        return [
            _loan(self._desk, of[x.subject.number], x, self._last.get(x.subject.number))
            for x in self._desk.own.some_loans(numbers)
        ]


def _last_claims(pools: Pools) -> dict[int, Claim]:
    """Loan → the last claim on it."""
    return {c.loan.subject.number: c for c in pools.claims.values() if c.loan is not None}


def _loan(desk: PoolDesk, pool: int, loan: Loan, claim: Claim | None) -> Row:
    day = desk.day
    stated = loan.subject.ever("stated_balance", day)
    state = loan.state(day)
    return {
        "loan": loan.code,
        "pool": desk.code(pool),
        "agreement": None if loan.agreement is None else loan.agreement.code,
        "borrower": desk.code(loan.borrower),
        "name": desk.name(loan.borrower),
        "lender": desk.code(loan.lender),
        "guarantor": desk.code(loan.guarantor),
        "enrolled": loan.enrolled_on(day),
        "contract": loan.on("contract_amount", day),
        "balance": loan.balance(day),
        "pool_outstanding": loan.outstanding(day),
        "loan_due_on": loan.due(day),
        "loan_state": None if state is None else state.value,
        "overdue_days": loan.overdue_days(day),
        "claim": None if claim is None or claim.state(day) is None else claim.code,
        "stated_by_lender": stated[-1][1] if stated else None,
        "lender_apart": stated[-1][1] - loan.balance(stated[-1][0]) if stated else None,
    }


def claims_document(view: View, pool: str | None = None) -> Answer:
    """A row for each claim, by code."""
    desk = PoolDesk(view)
    calendar = calendar_of(desk.book, desk.day)
    rows = []
    for number in pool_chosen(view, pool):
        for claim in desk.own.claims_of.get(number, ()):
            if claim.state(desk.day) is not None:
                rows.append(_claim(desk, number, claim, calendar))
    return desk.answer(POOL_CLAIMS, rows)


def _claim(desk: PoolDesk, pool: int, claim: Claim, calendar: Any) -> Row:
    day, own = desk.day, desk.own
    submitted = claim.submitted_on(day)
    reviewed = any(step is ClaimStep.REVIEWED for _, step in claim.steps(day))
    start, ends = (
        (ClaimStep.REVIEWED, (ClaimStep.DECIDED,))
        if reviewed
        else (ClaimStep.SUBMITTED, (ClaimStep.REVIEWED, ClaimStep.DECIDED))
    )
    runs = clock(claim, start, ends, day, calendar)
    allowed = _allowed(desk, claim, reviewed=reviewed)
    last = None if allowed is None else runs.last_day(calendar, allowed)
    offer = own.offer(claim, day)
    back = claim.recovered(day)
    return {
        "claim": claim.code,
        "pool": desk.code(pool),
        "loan": None if claim.loan is None else claim.loan.code,
        "claimant": desk.code(claim.claimant),
        "claim_state": claim.state(day),
        "submitted_on": submitted,
        "age_days": None if submitted is None or not waits(claim, day) else (day - submitted).days,
        "clock_used": runs.used,
        "clock_last": None if last is None else str(last),
        "principal": None if claim.on("claim_principal", day) is None else claim.principal(day),
        "covered_loss": claim.loss(day),
        "pool_part": own.part(claim, day),
        "payable": offer.pay,
        "uncompensated": offer.uncompensated,
        "cut_by": ", ".join(offer.cut_by) or None,
        "paid_by_pool": claim.compensated(day),
        "recovered_of_claim": back,
    }


def _allowed(desk: PoolDesk, claim: Claim, *, reviewed: bool) -> int | None:
    """Working days for the step that runs: as the agreement has it, else by the number of RC-20 in force."""
    name = "decision_days" if reviewed else "review_days"
    own = None if claim.agreement is None else claim.agreement.on(name, desk.day)
    if own is not None:
        return int(own)
    number = rule_numbers(desk.view).settings.on(f"claim_{name}", desk.day)
    return None if number is None else int(str(number.value))
