"""Loans and bonds under agreements as money that reached companies: drawn, still guaranteed, and whose risk it is.

A loan is at risk as far as it is owed and guaranteed: nothing of it from the first payment of a claim on, when the loss has
been borne. The government's part of a loan is what governments bear of its principal by the agreement in force on the day of
its enrolment: coverage × (Σ share × the government's part of who bears it), and of what is not covered the lender's. A pool's
money is its contributors', by what is left of theirs in it. Source: the shares of RC-01; the looking through of GF-04.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from fof.book.company_columns import CompanyColumns
from fof.book.currencies import DEFAULT_CURRENCY, Numbers, number_of
from fof.book.government import government_part
from fof.book.pools import Pools, pools_of
from fof.book.pools.loans import Loan
from fof.book.pools.sharing import shares_on, sums_to_one
from fof.book.reading import Bools, Floats, once_per_prefix
from fof.ledger import View, day_number
from fof.ledger.journal_columns import Ints, Ints32
from models.frozen import frozen
from models.kinds import PartyKind, SupportKind
from models.pools import Collateral, LoanKind, LoanStep
from models.subjects import LinkRole as R

_NEVER = np.iinfo(np.int64).max
_NAN = float("nan")


def support_of(loan: Loan) -> SupportKind:
    """A bond counts as a bond guarantee, what rests on pledged intellectual property as such a loan, any other as a loan."""
    day = loan.terms_day(dt.date.max)
    if loan.on("loan_kind", day) is LoanKind.BOND:
        return SupportKind.BOND_GUARANTEE
    return SupportKind.IP_LOAN if loan.on("collateral", day) is Collateral.IP else SupportKind.POOL_LOAN


@frozen
class LoanColumns:
    """The loans of a prefix, and everything that moved what is owed on each.

    loans    : by number                    instrument : SupportKind of each          settled : day number, far ahead of one never claimed
    at, day, fen : (movements,) place of the loan, day, change of what is owed          drawn : of it what was paid out
    events   : id of a loan's event -> its place
    """

    loans: tuple[Loan, ...]
    instrument: tuple[SupportKind, ...]
    settled: Ints
    at: Ints
    day: Ints
    fen: Ints
    drawn: Ints
    events: dict[int, int]


@once_per_prefix
def loan_columns(view: View) -> LoanColumns:
    """Every loan of the prefix with a borrower and a lender."""
    loans = tuple(own for own in pools_of(view).loans.values() if None not in (own.borrower, own.lender))
    moved = [
        (place, day_number(day), fen) for place, loan in enumerate(loans) for day, fen in loan.movements()
    ]
    drawn = [
        (place, day_number(s.day), s.fen)
        for place, loan in enumerate(loans)
        for s in loan.steps
        if s.step is LoanStep.DRAWN
    ]
    rows = np.array([*moved, *drawn], np.int64).reshape(-1, 3)
    paid_out = np.arange(len(rows)) >= len(moved)
    return LoanColumns(
        loans,
        tuple(map(support_of, loans)),
        np.array(
            [_NEVER if own.settled_on is None else day_number(own.settled_on) for own in loans], np.int64
        ),
        rows[:, 0],
        rows[:, 1],
        np.where(paid_out, 0, rows[:, 2]),
        np.where(paid_out, rows[:, 2], 0),
        {s.subject.number: place for place, own in enumerate(loans) for s in own.steps},
    )


@frozen
class LentMoney:
    """Loans on a day, a place each: of those with a company of the book behind them and money drawn.

    company : place in fof.book.company_columns          payer : party id of the lender          deployed, at_risk : fen
    government : part of the principal that governments bear, nan where shares, coverage or an owner are not known
    """

    company: Ints
    instrument: tuple[SupportKind, ...]
    payer: Ints
    currency: Numbers
    deployed: Ints
    at_risk: Ints
    government: Floats


def lent_money(view: View, companies: CompanyColumns) -> LentMoney:
    """The loans of a view's day."""
    columns, day = loan_columns(view), view.as_of or dt.date.max
    number, size = day_number(day), len(columns.loans)
    seen = columns.day <= number
    owed, drawn = np.zeros(size, np.int64), np.zeros(size, np.int64)
    np.add.at(owed, columns.at[seen], columns.fen[seen])
    np.add.at(drawn, columns.at[seen], columns.drawn[seen])
    owed[columns.settled <= number] = 0
    borrower = np.array([own.borrower for own in columns.loans], np.int64)
    company = companies.place_of[borrower] if size else borrower
    chosen = np.flatnonzero((company >= 0) & (drawn > 0))
    parts = _Bearers(view, day)
    loans = [columns.loans[n] for n in chosen.tolist()]
    return LentMoney(
        company[chosen],
        tuple(columns.instrument[n] for n in chosen.tolist()),
        np.array([own.lender for own in loans], np.int64),
        np.full(len(loans), number_of(DEFAULT_CURRENCY), np.int16),
        drawn[chosen],
        np.maximum(owed[chosen], 0),
        np.array([parts.of(own) for own in loans], np.float64),
    )


def registered_events(view: View, loan: Ints32) -> Bools:
    """Which of a column of subjects are events of registered loans."""
    return np.isin(loan.astype(np.int64), np.fromiter(loan_columns(view).events, np.int64))


class _Bearers:
    """The government's part of what the agreements of a day make each party bear; each set of parties is asked once."""

    def __init__(self, view: View, day: dt.date) -> None:
        self._view, self._day, self._pools = view, day, pools_of(view)
        self._of_party: dict[int, float] = {}
        self._of_terms: dict[tuple[int | dt.date | None, ...], float] = {}

    def of(self, loan: Loan) -> float:
        """Part of the loan's principal that governments bear."""
        if loan.agreement is None:
            return _NAN
        on = loan.terms_day(self._day)
        key = (loan.agreement.number, on, loan.lender, loan.guarantor, loan.insurer)
        if key not in self._of_terms:
            self._of_terms[key] = borne_by_governments(loan, on, self._party)
        return self._of_terms[key]

    def _party(self, party: int) -> float:
        if party not in self._of_party:
            of_pool = self._view.parties[party].kind is PartyKind.POOL
            self._of_party[party] = (
                pool_part(self._view, self._pools, party, self._day)
                if of_pool
                else government_part(self._view, party)
            )
        return self._of_party[party]


def pool_part(view: View, pools: Pools, pool: int, day: dt.date) -> float:
    """The government's part of a pool's money: of what is left of each contributor's, or of what they put in where nothing is;
    nan of a pool that nobody put anything into."""
    accounts = pools.accounts(pool, day).of
    left = {party: max(own.balance, 0) for party, own in accounts.items()}
    if not any(left.values()):
        left = {party: own.contributed for party, own in accounts.items()}
    whole = sum(left.values())
    if not whole:
        return _NAN
    return sum(fen * government_part(view, party) for party, fen in left.items() if fen) / whole


def borne_by_governments(loan: Loan, on: dt.date, part_of: Callable[[int], float]) -> float:
    """coverage × Σ share × part of who bears it, and the rest × the lender's; nan where shares do not add to one, what is covered
    is not stated, or nobody is named behind a share. A local government that is not named is one all the same."""
    agreement = loan.agreement
    assert agreement is not None
    shares = shares_on(agreement, on)
    covers = agreement.on("covers_principal", on)
    if covers is None or not sums_to_one(shares):
        return _NAN
    cover = Fraction(agreement.on("coverage", on) or 1) if covers else Fraction(0)
    parties = {R.LENDER: loan.lender, R.GUARANTOR: loan.guarantor, R.INSURER: loan.insurer}
    borne = 0.0
    for role, share in shares.items():
        if not share:
            continue
        party = parties.get(role) or agreement.linked(role)
        if party is None:
            borne += float(share) if role is R.LOCAL_GOVERNMENT else _NAN
        else:
            borne += float(share) * part_of(party)
    rest = float(1 - cover)
    return float(cover) * borne + (rest * part_of(loan.lender) if rest and loan.lender is not None else 0.0)
