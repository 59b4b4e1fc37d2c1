"""What a prefix holds of its pools: agreements, loans, claims, payments and contributors, each indexed once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

import numpy as np

from fof.book.identities import Registered, registered_subjects, some_registered
from fof.book.pools.claims import Claim, PoolPayment
from fof.book.pools.concerned import loan_names
from fof.book.pools.contributors import DivisionTerms, PoolAccount, PoolAccounts, account_steps, accounts
from fof.book.pools.loans import SIGN, Loan, LoanStepRecord
from fof.book.pools.rates import DatedSums
from fof.book.pools.registered_loans import registered_loans
from fof.book.rows_of_subjects import places_of, rows_of_subjects
from fof.grouping import by_key
from fof.ledger import View, to_date
from fof.ledger.journal_columns import Ints32
from fof.ledger.postings import Ints
from models.kinds import PartyKind
from models.pools import ContributionBasis, EmptyPart, LoanStep, PoolLeg, RecoveryPart
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

_BESIDE_LOANS = frozenset(
    kind.value for kind in (S.AGREEMENT, S.POOL_LIMIT, S.POOL_SHARE, S.CLAIM, S.POOL_PAYMENT)
)
"""What is read of every pool, whichever loans are."""
_STEPS = {step.value: step for step in LoanStep}


class Chains(dict[int, int]):
    """Loan → the first loan of its chain of renewals; those that renew none are their own and not listed."""

    def __init__(self, renewals: Iterable[tuple[int, int]]) -> None:
        renews = dict(renewals)
        for number in renews:
            seen, at = {number}, number
            while (before := renews.get(at)) is not None and before not in seen:
                at = before
                seen.add(at)
            self[number] = at

    def __missing__(self, number: int) -> int:
        return number


class PoolBook:
    """See the module. Ids of parties and subjects throughout.

    only : ids of the loans that are read and of everything that happened to them (fof.book.pools.concerned); None: all.
           Claims, payments and rates are of all, always.
    """

    def __init__(self, view: View, only: Collection[int] | None = None) -> None:
        self.view = view
        self.prefix = view.prefix
        self._only = only
        self._accounts: dict[tuple[int, dt.date], PoolAccounts] = {}
        self._cash: dict[int, DatedSums] = {}
        self._divisions: dict[tuple[int, dt.date], DivisionTerms] = {}

    def of(self, kind: S) -> dict[int, Registered]:
        """Id → subject of a kind."""
        return self._registered.get(kind.value, {})

    @cached_property
    def _registered(self) -> dict[str, dict[int, Registered]]:
        """By kind: asked for each payment and loan, so looked up once."""
        if self._only is None:
            return registered_subjects(self.prefix)
        return some_registered(self.prefix, self._only, _BESIDE_LOANS)

    @cached_property
    def pools(self) -> list[int]:
        """The pools that an agreement, a limit, a contribution or a payment names, by code."""
        named = {
            own.linked(R.POOL)
            for kind in (S.AGREEMENT, S.POOL_LIMIT, S.POOL_SHARE)
            for own in self.of(kind).values()
        }
        named |= {p.pool for p in self.payments}
        return sorted((p for p in named if p is not None), key=lambda p: self.prefix.parties[p].code)

    # -- rows -------------------------------------------------------------------------------------------------------

    def _money(self, own: Collection[int]) -> dict[int, tuple[int, int, int, int, int]]:
        """Subject → (day, entry, payer, payee, fen) of its posting."""
        p, (subjects, order) = self.view.on(None).postings, self._posted
        at = order[places_of(subjects, np.sort(np.fromiter(own, np.int64, len(own))))[0]]
        columns = (p.loan, p.day, p.entry, p.from_party, p.to_party, p.fen)
        return {row[0]: row[1:] for row in zip(*(c[at].tolist() for c in columns), strict=True)}

    @cached_property
    def _posted(self) -> tuple[Ints32, Ints]:
        """The subjects of postings in order, and which posting each is of."""
        of = self.view.on(None).postings.loan
        at = np.flatnonzero(of >= 0)
        at = at[np.argsort(of[at], kind="stable")].astype(np.int64)
        return of[at], at

    @cached_property
    def payments(self) -> list[PoolPayment]:
        """Every payment of or beside a pool, by day and entry."""
        made, money = [], self._money(self.of(S.POOL_PAYMENT).keys())
        for number, own in self.of(S.POOL_PAYMENT).items():
            if number not in money:
                continue
            day, entry, payer, payee, fen = money[number]
            on = to_date(day)
            leg = own.on("pool_leg", on)
            pool = own.linked(R.POOL)
            for party in (payer, payee):
                if pool is None and self.prefix.parties[party].kind is PartyKind.POOL:
                    pool = party
            part = own.on("recovery_part", on) or RecoveryPart.PRINCIPAL
            claim, loan = own.linked(R.CLAIM), own.linked(R.LOAN)
            made.append(PoolPayment(on, entry, leg, payer, payee, fen, pool, claim, loan, part, own))
        return sorted(made, key=lambda p: (p.day, p.entry))

    @cached_property
    def loans(self) -> dict[int, Loan]:
        """Id → loan with everything that happened to it."""
        return self._made(self.of(S.LOAN), self.of(S.LOAN_EVENT))

    def some_loans(self, numbers: Collection[int], *, happened: bool = True) -> list[Loan]:
        """Loans in the order given, also those that are not among `loans`: they are read for whoever asks, and not held; with what
        happened to each, or without where nobody asks for that."""
        further: dict[int, Loan] = {}
        if self._only is not None and (others := [n for n in numbers if n not in self.loans]):
            wanted = loan_names(self.prefix).with_events(others) if happened else others
            read = some_registered(self.prefix, wanted)
            further = self._made(read.get(S.LOAN.value, {}), read.get(S.LOAN_EVENT.value, {}))
        known = (self.loans.get(n) or further.get(n) for n in numbers)
        return [loan for loan in known if loan is not None]

    def _made(self, own: Mapping[int, Registered], events: Mapping[int, Registered]) -> dict[int, Loan]:
        agreements = self.of(S.AGREEMENT)
        loans = {
            number: Loan(
                loan,
                agreements.get(loan.linked(R.AGREEMENT) or -1),
                loan.linked(R.BORROWER),
                loan.linked(R.LENDER),
                loan.linked(R.GUARANTOR),
                loan.linked(R.INSURER),
                loan.linked(R.LOAN),
            )
            for number, loan in own.items()
            if loan.linked(R.AGREEMENT) is not None
        }
        money, stated = self._money(events.keys()), self._last_steps(events.keys())
        for number, event in events.items():
            of = loans.get(event.linked(R.LOAN) or -1)
            if of is None or number not in stated:
                continue
            on, entry, step = stated[number]
            day, moved = to_date(on), money.get(number)
            fen = moved[4] if moved is not None and step in SIGN else event.on("step_amount", day) or 0
            of.steps.append(LoanStepRecord(day, entry, step, int(fen), event))
        for number, loan in loans.items():
            loan.steps.sort(key=lambda s: (s.day, s.entry))
            for payment in self._payments_by_loan.get(number, ()):
                if payment.leg is PoolLeg.RECOVERY:
                    loan.recovered.append((payment.day, payment.fen, payment.part))
                elif (
                    payment.leg in (PoolLeg.COMPENSATION, PoolLeg.GUARANTOR_PAID) and loan.settled_on is None
                ):
                    loan.settled_on = payment.day
        return loans

    @cached_property
    def _payments_by_loan(self) -> dict[int | None, list[PoolPayment]]:
        """Payments by the loan that they are about, of each by day and entry."""
        return by_key(self.payments, self.loan_of)

    def _last_steps(self, own: Collection[int]) -> dict[int, tuple[int, int, LoanStep]]:
        """What happened to a loan, by the subject of the event → (day number, entry, step) as stated last."""
        table = rows_of_subjects(self.prefix, "subject_fact")
        places, of = table.of(np.sort(np.fromiter(own, np.int64, len(own))))
        chosen = np.flatnonzero(table.coded(1, table.order[places]).among(["loan_step"]))
        places, of = places[chosen], of[chosen]
        rows = table.order[places]
        steps = map(_STEPS.__getitem__, table.coded(2, rows).listed())
        columns = (of.tolist(), table.day[places].tolist(), table.entry[rows].tolist(), steps)
        return {who: (day, entry, step) for who, day, entry, step in zip(*columns, strict=True)}

    def loan_of(self, payment: PoolPayment) -> int | None:
        """The loan that a payment is about: as it names it, else that of its claim."""
        if payment.loan is not None or payment.claim is None:
            return payment.loan
        claim = self.of(S.CLAIM).get(payment.claim)
        return None if claim is None else claim.linked(R.LOAN)

    @cached_property
    def claims(self) -> dict[int, Claim]:
        """Id → claim with its payments; recoveries that name the loan belong to the last claim on it."""
        agreements, loans = self.of(S.AGREEMENT), self.loans
        claims: dict[int, Claim] = {}
        on_loan: dict[int, Claim] = {}
        for number, own in sorted(self.of(S.CLAIM).items(), key=lambda item: item[1].first_day):
            loan = loans.get(own.linked(R.LOAN) or -1)
            agreement = agreements.get(own.linked(R.AGREEMENT) or -1)
            if loan is not None and agreement is None:
                agreement = loan.agreement
            claims[number] = Claim(own, loan, agreement, own.linked(R.CLAIMANT), own.linked(R.DEAL))
            if loan is not None:
                on_loan[loan.subject.number] = claims[number]
        for payment in self.payments:
            claim = claims.get(payment.claim or -1) or on_loan.get(self.loan_of(payment) or -1)
            if claim is not None:
                claim.payments.append(payment)
        return claims

    @cached_property
    def chains(self) -> Chains:
        """Loan → the first loan of the chain of renewals that it belongs to: one risk."""
        return Chains(registered_loans(self.view).renewals())

    def insurers_of(self, agreement: Registered) -> set[int]:
        """The insurers that loans under an agreement name."""
        every = registered_loans(self.view)
        named = every.insurer[every.agreement == agreement.number]
        return set(named[named >= 0].tolist())

    def pool_of(self, agreement: Registered | None) -> int | None:
        """The pool behind an agreement."""
        return None if agreement is None else agreement.linked(R.POOL)

    @cached_property
    def loans_of(self) -> dict[int, list[Loan]]:
        """Pool → its loans, by code."""
        by_pool: dict[int, list[Loan]] = defaultdict(list)
        for loan in sorted(self.loans.values(), key=lambda own: own.code):
            if (pool := self.pool_of(loan.agreement)) is not None:
                by_pool[pool].append(loan)
        return by_pool

    @cached_property
    def claims_of(self) -> dict[int, list[Claim]]:
        """Pool → the claims on it, by code."""
        by_pool: dict[int, list[Claim]] = defaultdict(list)
        for claim in sorted(self.claims.values(), key=lambda own: own.code):
            if (pool := self.pool_of(claim.agreement)) is not None:
                by_pool[pool].append(claim)
        return by_pool

    @cached_property
    def payments_of(self) -> dict[int, list[PoolPayment]]:
        """Pool → payments into and out of it, by day and entry."""
        by_pool: dict[int, list[PoolPayment]] = defaultdict(list)
        for payment in self.payments:
            for party in {payment.payer, payment.payee}:
                if self.prefix.parties[party].kind is PartyKind.POOL:
                    by_pool[party].append(payment)
        return by_pool

    def agreements_of(self, pool: int, day: dt.date) -> list[Registered]:
        """The agreements of a pool that were made by a day, by code."""
        return [a for a in self._agreements_by_pool.get(pool, ()) if a.first_day <= day]

    @cached_property
    def _agreements_by_pool(self) -> dict[int | None, list[Registered]]:
        return by_key(
            sorted(self.of(S.AGREEMENT).values(), key=lambda a: a.code),
            lambda agreement: agreement.linked(R.POOL),
        )

    # -- money ------------------------------------------------------------------------------------------------------

    def cash(self, pool: int, day: dt.date) -> int:
        """What is in a pool at the close of a day."""
        known = self._cash.get(pool)
        if known is None:
            paid = self.payments_of.get(pool, ())
            known = self._cash[pool] = DatedSums((p.day, p.fen if p.payee == pool else -p.fen) for p in paid)
        return known.until(day)

    def division(self, pool: int, day: dt.date) -> DivisionTerms:
        """How a pool's payments are divided on a day: as the first of its agreements that says so; by what was paid in, the
        others bearing an empty part, where none does."""
        known = self._divisions.get((pool, day))
        if known is None:
            basis = empty = None
            for agreement in self.agreements_of(pool, day):
                basis = basis or agreement.on("contribution_basis", day)
                empty = empty or agreement.on("empty_part", day)
            known = DivisionTerms(basis or ContributionBasis.PAID_IN, empty or EmptyPart.OTHERS_BEAR)
            self._divisions[pool, day] = known
        return known

    def accounts(self, pool: int, day: dt.date) -> PoolAccounts:
        """The contributors of a pool at the close of a day."""
        known = self._accounts.get((pool, day))
        if known is None:
            shares = [own for own in self.of(S.POOL_SHARE).values() if own.linked(R.POOL) == pool]
            payments = self.payments_of.get(pool, [])
            known = accounts(payments, pool, shares, lambda on: self.division(pool, on), day)
            self._accounts[pool, day] = known
        return known

    def account_steps(self, pool: int, day: dt.date) -> list[tuple[PoolPayment, dict[int, PoolAccount]]]:
        """Each payment of a pool up to a day with what it added to its contributors' accounts."""
        shares = [own for own in self.of(S.POOL_SHARE).values() if own.linked(R.POOL) == pool]
        return account_steps(
            self.payments_of.get(pool, []), pool, shares, lambda on: self.division(pool, on), day
        )
