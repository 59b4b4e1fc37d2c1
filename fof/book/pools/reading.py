"""The pools of a prefix on any day: their rates and limits, and what may be paid for a claim."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from fof.book.identities import Registered
from fof.book.pools.angel import angel_terms
from fof.book.pools.claims import Claim
from fof.book.pools.concerned import loan_names
from fof.book.pools.loans import Loan
from fof.book.pools.plain_loans import PlainLoans
from fof.book.pools.pool_book import PoolBook
from fof.book.pools.rates import DatedSums, LimitState, Tally, limit_state
from fof.book.pools.registered_loans import registered_loans
from fof.book.pools.stop_loss import InsuredPayments, insured_payments
from fof.book.pools.tallied import TalliedRows, tallied
from fof.ledger import View, day_number
from fof.ledger.prefix import Prefix
from models.pools import ClaimDecision, CutPart, LimitKind, PoolLeg
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

LOANS_AT_ONCE = 10_000
"""Loans that are read at a time where all are summed and few are asked for."""


class Offer(NamedTuple):
    """What a pool may pay for a claim on a day, in fen.

    due           : the pool's part of the covered loss, as decided at most, less what it paid already and what was cut for good
    pay           : what it may pay of that
    uncompensated : the rest, with what was cut for good; no debt of the pool (RC-22)
    cut_by        : what cut it: the money of the pool (cash), a contributor's empty part, an institution's year (yearly_cap), or a
                    limit by its code
    """

    loss: int | None
    due: int
    pay: int
    uncompensated: int
    cut_by: tuple[str, ...]


class Pools(PoolBook):
    """See the module. Ids of parties and subjects throughout."""

    def __init__(self, view: View, only: Collection[int] | None = None) -> None:
        super().__init__(view, only)
        self._states: dict[tuple[int, dt.date], LimitState | None] = {}
        self._insured: dict[tuple[int, dt.date], InsuredPayments] = {}

    # -- rates and limits ---------------------------------------------------------------------------------------------

    def tally(
        self, pool: int, lender: int | None = None, guarantor: int | None = None, *, advanced: bool = False
    ) -> Tally:
        """What the rates of a pool are made of, of all its loans or of those of one bank or guarantor; `advanced`: what the guarantor
        paid itself is counted, else what the pool paid."""
        key = ("tally", pool, lender, guarantor, advanced)
        known: Tally | None = self.prefix.answers.get(key)
        if known is None:
            if self._only is None:
                rows = self.tallied(pool, lender, guarantor, advanced=advanced)
                known = self.prefix.answers[key] = rows.tally()
            else:
                known = self._in_pieces(pool)[lender, guarantor, advanced]
        return known

    def _in_pieces(self, pool: int) -> dict[tuple[int | None, int | None, bool], Tally]:
        """What every limit of a pool asks of all its loans: plain ones in arrays, of the others some thousand read at a time."""
        named = {(x.linked(R.LENDER), x.linked(R.GUARANTOR)) for x in self.limits_of(pool)} | {(None, None)}
        asked = {(*ends, advanced) for ends in named for advanced in {False, ends[1] is not None}}
        plain = plain_loans(self.view)
        dated: dict[tuple[int | None, int | None, bool], list[Tally]] = {one: [] for one in asked}
        for place, piece in enumerate(in_pieces(plain.others) or [[]]):
            own = [x for x in self.some_loans(piece) if self.pool_of(x.agreement) == pool]
            for one in asked:
                rows = self._rows(own, pool, *one[:2], advanced=one[2], beside=place == 0)
                dated[one].append(rows.tally())
        made = {one: Tally.joined([*parts, plain.tally(pool, *one[:2])]) for one, parts in dated.items()}
        for one, tally in made.items():
            self.prefix.answers["tally", pool, *one] = tally
        return made

    def tallied(
        self, pool: int, lender: int | None = None, guarantor: int | None = None, *, advanced: bool = False
    ) -> TalliedRows:
        """The rows that a tally sums."""
        return self._rows(self.every_loan(pool), pool, lender, guarantor, advanced=advanced)

    def _rows(
        self,
        loans: Iterable[Loan],
        pool: int,
        lender: int | None,
        guarantor: int | None,
        *,
        advanced: bool,
        beside: bool = True,
    ) -> TalliedRows:
        """The rows of a tally that some loans of a pool make; `beside`: of all loans the payments too, which stand beside loans."""
        chosen = [x for x in loans if lender in (None, x.lender) and guarantor in (None, x.guarantor)]
        numbers = {loan.subject.number for loan in chosen}
        whole = lender is None and guarantor is None
        own = [p for p in self.payments if (beside if whole else self.loan_of(p) in numbers)]
        if advanced and guarantor is not None:
            return tallied(own, chosen, guarantor, PoolLeg.GUARANTOR_PAID)
        return tallied(own, chosen, pool, PoolLeg.COMPENSATION)

    def standing(self, pool: int, day: dt.date) -> tuple[int, int]:
        """How many loans of a pool are guaranteed at the close of a day, and what is guaranteed of them in fen."""
        key = "standing", pool, day
        known: tuple[int, int] | None = self.prefix.answers.get(key)
        if known is None:
            count, fen = (0, 0) if self._only is None else plain_loans(self.view).standing(pool, day)
            others = (
                self.loans_of.get(pool, ())
                if self._only is None
                else (
                    x
                    for piece in in_pieces(plain_loans(self.view).others)
                    for x in self.some_loans(piece)
                    if self.pool_of(x.agreement) == pool
                )
            )
            left = [x.outstanding(day) for x in others if x.subject.first_day <= day]
            known = self.prefix.answers[key] = count + sum(map(bool, left)), fen + sum(left)
        return known

    def loan_numbers(
        self, pool: int | None = None, day: dt.date | None = None, guarantor: int | None = None
    ) -> list[int]:
        """Ids of every loan of the prefix by code: of one pool or guarantor or of all, registered by a day or ever."""
        numbers: list[int] = registered_loans(self.view).by_code(pool, day, guarantor).tolist()
        return numbers

    def guarantors_of(self, day: dt.date) -> set[int]:
        """Who guarantees loans that are registered by a day."""
        every = registered_loans(self.view)
        return set(every.guarantor[(every.guarantor >= 0) & (every.first_day <= day_number(day))].tolist())

    def every_loan(
        self,
        pool: int | None = None,
        day: dt.date | None = None,
        guarantor: int | None = None,
        *,
        happened: bool = True,
    ) -> Iterator[Loan]:
        """The same as loans; of hundreds of thousands some thousand are read at a time and let go when the next are. `happened`: with
        what happened to each, which takes as long again."""
        for piece in in_pieces(self.loan_numbers(pool, day, guarantor)):
            yield from self.some_loans(piece, happened=happened)

    def limited(self, limit: Registered, pool: int, day: dt.date) -> TalliedRows:
        """The rows that a limit counts: what the pool paid; of one guarantor's enrolment stop, a rate of its own payments, those."""
        ends = limit.linked(R.LENDER), limit.linked(R.GUARANTOR)
        return self.tallied(pool, *ends, advanced=_advanced(limit, day))

    def limits_of(self, pool: int) -> list[Registered]:
        """The limits of a pool, by code."""
        own = [x for x in self.of(S.POOL_LIMIT).values() if x.linked(R.POOL) == pool]
        return sorted(own, key=lambda x: x.code)

    def limit_states(self, pool: int, day: dt.date) -> list[LimitState]:
        """Every limit of a pool as it stands on a day."""
        states = (self.limit_state(limit, pool, day) for limit in self.limits_of(pool))
        return [state for state in states if state is not None]

    def limit_state(self, limit: Registered, pool: int, day: dt.date) -> LimitState | None:
        """One limit on a day."""
        key = limit.number, day
        if key not in self._states:
            ends = limit.linked(R.LENDER), limit.linked(R.GUARANTOR)
            tally = self.tally(pool, *ends, advanced=_advanced(limit, day))
            self._states[key] = limit_state(limit, tally, day)
        return self._states[key]

    def binding(self, claim: Claim, pool: int) -> Iterable[Registered]:
        """The limits that a claim counts against: the pool's, its bank's, its guarantor's."""
        loan = claim.loan
        ends = (None, None) if loan is None else (loan.lender, loan.guarantor)
        for limit in self.limits_of(pool):
            lender, guarantor = limit.linked(R.LENDER), limit.linked(R.GUARANTOR)
            if lender in (None, ends[0]) and guarantor in (None, ends[1]):
                yield limit

    # -- claims -------------------------------------------------------------------------------------------------------

    def share(self, claim: Claim, day: dt.date) -> int | None:
        """The pool's share of a claim in fen: of the loss of an investment as its programme pays (RC-37), else of the covered loss;
        None where it cannot be told."""
        terms = angel_terms(self.view, claim, day)
        if terms is None:
            return claim.parts(day).get(R.POOL)
        loss, stage = claim.loss(day), claim.on("stage_invested", day)
        return None if loss is None or stage is None else terms.due(loss, stage)

    def part(self, claim: Claim, day: dt.date) -> int | None:
        """The pool's part of a claim in fen: its share, and what its insurer paid beyond the stop loss; None where the share cannot
        be told."""
        share = self.share(claim, day)
        return None if share is None else share + self.beyond_stop_loss(claim, day)

    def insured(self, agreement: Registered, day: dt.date) -> InsuredPayments:
        """What the insurers of an agreement paid and received up to a day (RC-15)."""
        key = agreement.number, day
        if key not in self._insured:
            own = self.of(S.AGREEMENT)[agreement.number]
            self._insured[key] = insured_payments(self, own, day)
        return self._insured[key]

    def beyond_stop_loss(self, claim: Claim, day: dt.date) -> int:
        """What the insurer paid for a claim beyond the stop loss of the agreement, in fen, to be taken over by the pool."""
        if claim.agreement is None or claim.loan is None or claim.loan.insurer is None:
            return 0
        if claim.agreement.on("stop_loss", day) is None:
            return 0
        return self.insured(claim.agreement, day).beyond.get(claim.subject.number, 0)

    def to_insurer(self, claim: Claim, day: dt.date) -> int:
        """What the pool takes over of the insurer's payments for a claim and has not paid it yet, in fen (RC-15)."""
        beyond = self.beyond_stop_loss(claim, day)
        if not beyond or claim.loan is None:
            return 0
        return max(beyond - claim.compensated(day, claim.loan.insurer), 0)

    def insurer_cut(self, agreement: Registered, day: dt.date) -> int:
        """What money and limits cut, in fen, of what pools take over of the insurers of an agreement for claims that were granted: no
        debt (RC-22), so it stays with the insurers. Claims share what is left in the order in which the insurers paid; of each the
        lender's part goes before theirs."""
        granted = (
            c
            for c in self.claims.values()
            if c.agreement is not None
            and c.agreement.number == agreement.number
            and c.decision(day) in (ClaimDecision.WHOLLY, ClaimDecision.PARTLY)
        )
        owed = [(c, fen) for c in granted if (fen := self.to_insurer(c, day))]
        cut, before = 0, list[tuple[Claim, int]]()
        for claim, fen in sorted(owed, key=lambda own: _insurer_order(own[0])):
            offer = self.offer(claim, day, before)
            cut += min(fen, offer.uncompensated)
            before.append((claim, offer.pay))
        return cut

    def most(self, claim: Claim, day: dt.date) -> int | None:
        """What a pool owes for a claim in all, in fen: its share, as decided at most, and what it takes over of the insurer, within
        the agreement's cap on public money; None where neither share nor decision says."""
        share, decided = self.share(claim, day), claim.on("decided_amount", day)
        if share is None and decided is None:
            return None
        own = min(int(x) for x in (share, decided) if x is not None) + self.beyond_stop_loss(claim, day)
        public = claim.public_left(day)
        return own if public is None else min(own, public)

    def paid_in_year(self, claim: Claim, year: int, day: dt.date) -> int:
        """What was paid to a claim's claimant in a calendar year, up to a day, for all its claims under the same agreement."""
        if claim.agreement is None or self.pool_of(claim.agreement) is None:
            return 0
        paid = self._paid_by_year.get((claim.agreement.number, claim.claimant, year))
        return 0 if paid is None else paid.until(day)

    @cached_property
    def _paid_by_year(self) -> dict[tuple[int, int | None, int], DatedSums]:
        """(agreement, claimant, year) → what was paid for its claims."""
        paid: dict[tuple[int, int | None, int], list[tuple[dt.date, int]]] = defaultdict(list)
        for claim in self.claims.values():
            if claim.agreement is not None:
                for p in claim.payments:
                    if p.leg is PoolLeg.COMPENSATION:
                        paid[claim.agreement.number, claim.claimant, p.day.year].append((p.day, p.fen))
        return {key: DatedSums(own) for key, own in paid.items()}

    def lapsed(self, claim: Claim, day: dt.date) -> tuple[int, list[str]]:
        """(what was cut of a claim's first payment, in fen; the money or limits that cut it): no debt, so it is not offered again when
        a new period leaves room, unless the agreement carries it on (RC-22). A claim of which nothing was paid was not cut yet."""
        paid = [p.day for p in claim.payments if p.leg is PoolLeg.COMPENSATION and p.day <= day]
        pool = self.pool_of(claim.agreement)
        if not paid or pool is None or claim.agreement is None:
            return 0, []
        first = min(paid)
        whole = self.most(claim, first)
        due = 0 if whole is None else max(whole - claim.compensated(first), 0)
        if not due or claim.agreement.on("cut_part", claim.terms_day(day)) is CutPart.CARRIED:
            return 0, []
        room, cut = self._room(claim, pool, due, first)
        return due - room, cut

    def offer(self, claim: Claim, day: dt.date, before: Sequence[tuple[Claim, int]] = ()) -> Offer:
        """What the pool may pay for a claim on a day: its part as decided, cut by its money, by each limit (RC-22), and of a loss of
        an investment by what is left of the institution's year (RC-37). Nothing where it was refused or withdrawn.

        before : claims under the same pool that are paid first, and how much, in fen
        """
        pool, loss = self.pool_of(claim.agreement), claim.loss(day)
        whole = None if pool is None or not claim.live(day) else self.most(claim, day)
        if pool is None or whole is None:
            return Offer(loss, 0, 0, 0, ())
        paid = claim.compensated(day)
        if whole <= paid:
            return Offer(loss, 0, 0, 0, ())
        lapsed, first_cut = self.lapsed(claim, day)
        due = max(whole - paid - lapsed, 0)
        lapsed = whole - paid - due
        pay, cut = self._room(claim, pool, due, day, before) if due else (0, [])
        cut = [*first_cut, *(name for name in cut if name not in first_cut)]
        return Offer(loss, due, pay, due - pay + lapsed, tuple(cut))

    def _room(
        self, claim: Claim, pool: int, due: int, day: dt.date, before: Sequence[tuple[Claim, int]] = ()
    ) -> tuple[int, list[str]]:
        """(what of an amount in fen may be paid at the close of a day after some claims, what cuts it)."""
        pay, cut = due, []
        first = sum(fen for _, fen in before)
        _, missing = self.accounts(pool, day).divided(first + due, day)
        available = max(min(first + due - missing, max(self.cash(pool, day), 0)) - first, 0)
        if available < pay:
            pay, cut = available, ["cash"]
        terms = angel_terms(self.view, claim, day)
        if terms is not None:
            left = max(terms.yearly_cap - self.paid_in_year(claim, day.year, day), 0)
            if left < pay:
                pay = left
                cut.append("yearly_cap")
        for limit in self.binding(claim, pool):
            state = self.limit_state(limit, pool, day)
            if state is None or state.kind is LimitKind.ENROLMENT_STOP or state.left is None:
                continue
            left = state.left - sum(fen for other, fen in before if limit in self.binding(other, pool))
            if left < pay:
                pay = max(left, 0)
                cut.append(limit.code)
        return pay, cut


def _insurer_order(claim: Claim) -> tuple[dt.date, int, str]:
    """By the first payment of a guarantor or insurer."""
    paid = [(p.day, p.entry) for p in claim.payments if p.leg is PoolLeg.GUARANTOR_PAID]
    return *min(paid, default=(dt.date.max, 0)), claim.code


def in_pieces(numbers: list[int]) -> list[list[int]]:
    """Numbers in pieces of LOANS_AT_ONCE."""
    return [numbers[at : at + LOANS_AT_ONCE] for at in range(0, len(numbers), LOANS_AT_ONCE)]


def _advanced(limit: Registered, day: dt.date) -> bool:
    """Whether a limit counts what its guarantor paid: the rate at which enrolment of its loans stops."""
    of_guarantor = limit.linked(R.GUARANTOR) is not None
    return of_guarantor and limit.on("limit_kind", day) is LimitKind.ENROLMENT_STOP


def pools_of(view: View) -> Pools:
    """The pools of a view's prefix, indexed once; of every day, whatever the view's is."""
    known: Pools | None = view.prefix.answers.get(Pools)
    if known is None:
        known = view.prefix.answers[Pools] = Pools(view)
    return known


def plain_loans(view: View) -> PlainLoans:
    """The plain loans of a view's prefix, read once."""
    known: PlainLoans | None = view.prefix.answers.get(PlainLoans)
    if known is None:
        apart = loan_names(view.prefix).concerned(())
        known = view.prefix.answers[PlainLoans] = PlainLoans(view, apart)
    return known


def many_loans(prefix: Prefix) -> bool:
    """Whether a prefix has so many loans that nobody holds them all at once."""
    return len(prefix.subjects.ids_of(S.LOAN)) >= LOANS_AT_ONCE


def counted_pools(view: View) -> Pools:
    """The same as `pools_of` for whoever asks for no loan but those of claims and payments: accounts, rates, limits, claims. Of hundreds
    of thousands of loans the others are read in arrays alone."""
    answers = view.prefix.answers
    known: Pools | None = answers.get(Pools) or answers.get("counted pools")  # asked for each claim of a desk
    if known is not None:
        return known
    if not many_loans(view.prefix):
        return pools_of(view)
    names = loan_names(view.prefix)
    counted = answers["counted pools"] = Pools(view, names.with_events(names.concerned(())))
    return counted
