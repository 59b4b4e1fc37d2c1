"""Pools and guarantors as the rules judge them: money, limits, leverage, liability by weight and borrower."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import TypeVar

from fof.audit.pools.claim_facts import ClaimReadings
from fof.book.pools.loans import Loan
from fof.book.pools.rates import LimitState
from fof.rules.facts_pools import GuarantorFacts, LimitFacts, PoolFacts, RelatedLoan
from models.kinds import PartyKind
from models.pools import LimitKind, LoanKind, PoolLeg, SizeClass
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

SMALL = (SizeClass.SMALL, SizeClass.MICRO)
TICKET = 500_000_000
FARM_TICKET = 200_000_000
"""Liability of one borrower up to which loans to small and micro firms, and to farms, weigh three quarters (RC-29)."""
_THREE_QUARTERS, _FOUR_FIFTHS = Fraction(3, 4), Fraction(4, 5)

_K = TypeVar("_K", bound=Hashable)


class PoolReadings(ClaimReadings):
    """Pools and guarantors of a book on a day."""

    def pool(self, number: int) -> PoolFacts:
        """A pool as the rules judge it."""
        own, day = self.own, self.day
        payments = [p for p in own.payments_of.get(number, ()) if p.day <= day]
        running = list(accumulate(p.fen if p.payee == number else -p.fen for p in payments))
        accounts = own.accounts(number, day).of
        agreements = [self.terms(a, day) for a in own.agreements_of(number, day)]
        floor = max((a.topup_floor for a in agreements if a is not None and a.topup_floor), default=None)
        refill = [a.topup_days for a in agreements if a is not None and a.topup_days is not None]
        multiples = [a.leverage_max for a in agreements if a is not None and a.leverage_max is not None]
        first = self._first_size(number)
        share = self.numbers("RC-23")["pool_floor"] if floor is None else floor
        least = None if first is None or share is None else int(Fraction(share) * first)
        statement = self.book.facts.dated(number, "account_balance", day)
        on, stated = statement[-1] if statement else (None, None)
        return PoolFacts(
            self.book.code(number),
            day,
            own.cash(number, day),
            sum(a.contributed for a in accounts.values()),
            first,
            own.standing(number, day)[1],
            len(own.loan_numbers(number, day)),
            min(multiples, default=None),
            floor,
            min(refill, default=None),
            _below_since([p.day for p in payments], running, least),
            sum(p.fen for p in payments if p.leg is PoolLeg.COMPENSATION and p.payer == number),
            min([0, *_closes([p.day for p in payments], running)]),
            sum(
                self.claim(c).uncompensated for c in own.claims_of.get(number, ()) if c.state(day) is not None
            ),
            tuple((self.book.code(p), a.balance) for p, a in sorted(accounts.items())),
            self._limits(number),
            stated,
            on,
            None if on is None else own.cash(number, on),
        )

    def _first_size(self, pool: int) -> int | None:
        """Agreed amounts; where none is stated what was contributed in the year of the first contribution."""
        agreed = [
            own.on("agreed_amount", self.day)
            for own in self.own.of(S.POOL_SHARE).values()
            if own.linked(R.POOL) == pool
        ]
        if any(agreed):
            return int(sum(fen for fen in agreed if fen))
        funded = [
            p for p in self.own.payments_of.get(pool, ()) if p.leg is PoolLeg.FUNDING and p.payee == pool
        ]
        if not funded:
            return None
        return sum(p.fen for p in funded if (p.day - funded[0].day).days <= 365)

    def _limits(self, pool: int) -> tuple[LimitFacts, ...]:
        """The limits of a pool; of an enrolment stop what was enrolled since."""
        states = self.own.limit_states(pool, self.day)
        stopped = [s for s in states if s.kind is LimitKind.ENROLMENT_STOP and s.stopped_on is not None]
        since: dict[int, int] = defaultdict(int)
        for loan in self.own.every_loan(pool, self.day, happened=False) if stopped else ():
            on = loan.enrolled_on(self.day)
            for state in stopped:
                ends = state.limit.linked(R.LENDER), state.limit.linked(R.GUARANTOR)
                fits = ends[0] in (None, loan.lender) and ends[1] in (None, loan.guarantor)
                if (
                    fits
                    and on is not None
                    and state.stopped_on is not None
                    and state.stopped_on < on <= self.day
                ):
                    since[state.limit.number] += loan.on("contract_amount", self.day) or 0
        return tuple(_limit(state, since[state.limit.number]) for state in states)

    # -- guarantors ---------------------------------------------------------------------------------------------------

    def guarantors(self) -> list[int]:
        """Parties that guarantee a loan, or of which a guarantor's figures are stated, by code."""
        named = self.own.guarantors_of(self.day)
        stated = set(self.book.facts.holders("guarantor_level"))
        own = {p for p in named | stated if self.book.parties[p].kind is PartyKind.GUARANTOR}
        return sorted(own, key=self.book.code)

    def guarantor(self, number: int) -> GuarantorFacts:
        """A guarantor with everything it guarantees on the day."""
        day = self.day
        loans, year_end, last = list[tuple[Loan, int]](), 0, last_year_end(day)
        for own in self.own.every_loan(day=day, guarantor=number):
            year_end += self._liability(own, last)
            if fen := self._liability(own):
                loans.append((own, fen))
        by_firm: dict[int | None, int] = defaultdict(int)
        for loan, fen in loans:
            by_firm[self.entities.of(loan.borrower)] += fen
        firms = [self.entities.of(x.borrower) for x, _ in loans]
        weighted = [self._weighted(x, fen, by_firm[f]) for (x, fen), f in zip(loans, firms, strict=True)]
        most = [fen if w is None else w for (_, fen), w in zip(loans, weighted, strict=True)]
        least = [
            int(fen * (_FOUR_FIFTHS if self._bond(x) else _THREE_QUARTERS)) if w is None else w
            for (x, fen), w in zip(loans, weighted, strict=True)
        ]
        groups = [self._family(x.borrower) for x, _ in loans]
        whole = most == least
        sizes = [self._small_or_farm(x) for x, _ in loans]
        bonds = [(x, fen, w) for (x, fen), w in zip(loans, weighted, strict=True) if self._bond(x)]
        stated = {
            name: self.of(number, name, day)
            for name in (
                "guarantor_level",
                "government_guarantor",
                "mainly_small_or_farm",
                "registered_capital",
                "cash_capital",
                "net_assets",
                "fee_income",
                "unearned_fee_reserve",
                "loss_reserve",
                "loss_provision",
                "controlling_holder",
                "actual_controller",
                "related_parties",
            )
        }
        controls = self._named({stated["controlling_holder"], stated["actual_controller"]})
        related = controls | self._named(stated["related_parties"] or ())
        return GuarantorFacts(
            self.book.code(number),
            day,
            **stated,
            liability=sum(fen for _, fen in loans),
            year_end_liability=year_end,
            weighted=None if None in weighted else sum(w for w in weighted if w is not None),
            bonds=sum(fen for _, fen, _ in bonds),
            bonds_weighted=sum(w or 0 for _, _, w in bonds),
            largest_borrower=max(_summed(firms, most).values(), default=0),
            largest_group=max(_summed(groups, most).values(), default=0),
            largest_borrower_least=None if whole else max(_summed(firms, least).values(), default=0),
            largest_group_least=None if whole else max(_summed(groups, least).values(), default=0),
            small_or_farm=None
            if None in sizes
            else sum(fen for (_, fen), small in zip(loans, sizes, strict=True) if small),
            small_tickets=sum(fen for (_, fen), f in zip(loans, firms, strict=True) if by_firm[f] <= TICKET),
            loans_to=tuple(sorted((self.code(p) or "", fen) for p, fen in _summed(firms, most).items())),
            related=tuple(
                RelatedLoan(
                    x.code,
                    f in controls,
                    x.on("guaranteed_on", day) or x.enrolled_on(day),
                    x.on("related_reported_on", day),
                    x.on("no_better_terms", day),
                    fen,
                )
                for (x, fen), f in zip(loans, firms, strict=True)
                if f in related
            ),
        )

    def _named(self, codes: Iterable[str | None]) -> set[int | None]:
        """The legal entities that some codes name; those that the book does not hold are none."""
        return {self.entities.of(self.book.by_code.get(code or "")) for code in codes} - {None}

    def _liability(self, loan: Loan, day: dt.date | None = None) -> int:
        """What is guaranteed of a loan: all but the lender's share where the agreement states it; on the day, or on an earlier one."""
        terms = self.terms(loan.agreement, loan.terms_day(self.day))
        lender = None if terms is None else terms.share_lender
        return int(Fraction(loan.outstanding(day or self.day)) * (1 - Fraction(lender or 0)))

    def _bond(self, loan: Loan) -> bool:
        return loan.on("loan_kind", self.day) is LoanKind.BOND

    def _size(self, loan: Loan) -> SizeClass | None:
        stated: SizeClass | None = loan.on("borrower_size", self.day)
        return stated or self.of(loan.borrower, "small_size", self.day)

    def _small_or_farm(self, loan: Loan) -> bool | None:
        size, farm = self._size(loan), self.of(loan.borrower, "farm_borrower", self.day)
        return True if farm or size in SMALL else None if size is None else False

    def _weighted(self, loan: Loan, fen: int, of_firm: int) -> int | None:
        """Liability by its weight; None where what is missing would change it."""
        if self._bond(loan):
            rating = loan.on("issuer_rating", self.day)
            if rating is None:
                return None
            return int(fen * (_FOUR_FIFTHS if str(rating).upper() in ("AA+", "AAA") else 1))
        if of_firm > TICKET:
            return fen
        size, farm = self._size(loan), self.of(loan.borrower, "farm_borrower", self.day)
        if size in SMALL or (farm and of_firm <= FARM_TICKET):
            return int(fen * _THREE_QUARTERS)
        return None if size is None else fen


def _limit(state: LimitState, since: int) -> LimitFacts:
    rate = state.rate
    return LimitFacts(
        state.limit.code,
        state.kind,
        None if rate is None else rate.of,
        None if rate is None else rate.value,
        state.highest,
        state.used,
        state.allowed,
        state.warned,
        state.reached,
        state.stopped_on,
        since,
    )


def _summed(of: Sequence[_K], fen: Sequence[int]) -> dict[_K, int]:
    """Amounts by what they are of."""
    sums: dict[_K, int] = defaultdict(int)
    for one, own in zip(of, fen, strict=True):
        sums[one] += own
    return dict(sums)


def last_year_end(day: dt.date) -> dt.date:
    """The last 31 December on or before a day."""
    end = dt.date(day.year, 12, 31)
    return end if day == end else dt.date(day.year - 1, 12, 31)


def _closes(days: list[dt.date], running: list[int]) -> list[int]:
    """The balance at the close of each day on which something was paid."""
    return [fen for at, fen in enumerate(running) if at + 1 == len(days) or days[at + 1] != days[at]]


def _below_since(days: list[dt.date], running: list[int], least: int | None) -> dt.date | None:
    """Since when a running balance is below a floor without a break; None where it is not. What was never above is not yet paid
    in rather than fallen."""
    if least is None:
        return None
    since: dt.date | None = None
    reached = False
    for at, fen in enumerate(running):
        if at + 1 < len(days) and days[at + 1] == days[at]:
            continue
        if fen >= least:
            since, reached = None, True
        elif since is None and reached:
            since = days[at]
    return since
