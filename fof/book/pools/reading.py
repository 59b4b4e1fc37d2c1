"""The pools of a prefix on any day: their rates and limits, and what may be paid for a claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from fof.book.identities import Registered
from fof.book.pools.angel import angel_terms
from fof.book.pools.claims import Claim
from fof.book.pools.concerned import LoanNames
from fof.book.pools.plain_loans import PlainLoans
from fof.book.pools.pool_book import PoolBook
from fof.book.pools.rates import LimitState, Tally, limit_state
from fof.book.pools.stop_loss import InsuredPayments, insured_payments
from fof.book.pools.tallied import TalliedRows, tallied
from fof.ledger import View
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
        names, plain = LoanNames(self.prefix), plain_loans(self.view)
        every = plain.others
        pieces = [every[at : at + LOANS_AT_ONCE] for at in range(0, len(every), LOANS_AT_ONCE)] or [[]]
        dated: dict[tuple[int | None, int | None, bool], list[Tally]] = {one: [] for one in asked}
        for place, piece in enumerate(pieces):
            own = Pools(self.view, names.with_events(piece))
            for one in asked:
                rows = own.tallied(pool, *one[:2], advanced=one[2], beside=place == 0)
                dated[one].append(rows.tally())
        made = {one: Tally.joined([*parts, plain.tally(pool, *one[:2])]) for one, parts in dated.items()}
        for one, tally in made.items():
            self.prefix.answers["tally", pool, *one] = tally
        return made

    def tallied(
        self,
        pool: int,
        lender: int | None = None,
        guarantor: int | None = None,
        *,
        advanced: bool = False,
        beside: bool = True,
    ) -> TalliedRows:
        """The rows that a tally sums; `beside`: of all loans the payments too, which stand beside loans."""
        chosen = [
            loan
            for loan in self.loans_of.get(pool, ())
            if lender in (None, loan.lender) and guarantor in (None, loan.guarantor)
        ]
        numbers = {loan.subject.number for loan in chosen}
        whole = lender is None and guarantor is None
        own = [p for p in self.payments if (beside if whole else self.loan_of(p) in numbers)]
        if advanced and guarantor is not None:
            return tallied(own, chosen, guarantor, PoolLeg.GUARANTOR_PAID)
        return tallied(own, chosen, pool, PoolLeg.COMPENSATION)

    def guaranteed(self, pool: int, day: dt.date) -> int:
        """How many loans of a pool are guaranteed at the close of a day."""
        if self._only is None:
            own = (x for x in self.loans_of.get(pool, ()) if x.subject.first_day <= day)
            return sum(1 for x in own if x.outstanding(day))
        known: int | None = self.prefix.answers.get(("guaranteed", pool, day))
        if known is not None:
            return known
        names, plain = LoanNames(self.prefix), plain_loans(self.view)
        count = plain.guaranteed(pool, day)
        for at in range(0, len(plain.others), LOANS_AT_ONCE):
            piece = Pools(self.view, names.with_events(plain.others[at : at + LOANS_AT_ONCE]))
            wanted = set(plain.others[at : at + LOANS_AT_ONCE])
            count += sum(
                1
                for x in piece.loans_of.get(pool, ())
                if x.subject.number in wanted and x.subject.first_day <= day and x.outstanding(day)
            )
        self.prefix.answers["guaranteed", pool, day] = count
        return count

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
            every = self if self._only is None else pools_of(self.view)
            own = every.of(S.AGREEMENT)[agreement.number]
            self._insured[key] = insured_payments(every, own, day)
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
        every = self if self._only is None else pools_of(self.view)
        granted = (
            c
            for c in every.claims.values()
            if c.agreement is not None
            and c.agreement.number == agreement.number
            and c.decision(day) in (ClaimDecision.WHOLLY, ClaimDecision.PARTLY)
        )
        owed = [(c, fen) for c in granted if (fen := every.to_insurer(c, day))]
        cut, before = 0, list[tuple[Claim, int]]()
        for claim, fen in sorted(owed, key=lambda own: _insurer_order(own[0])):
            offer = every.offer(claim, day, before)
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
        return sum(
            p.fen
            for other in self.claims_of.get(self.pool_of(claim.agreement) or -1, ())
            if other.agreement is claim.agreement and other.claimant == claim.claimant
            for p in other.payments
            if p.leg is PoolLeg.COMPENSATION and p.day.year == year and p.day <= day
        )

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
        apart = LoanNames(view.prefix).concerned(())
        known = view.prefix.answers[PlainLoans] = PlainLoans(view, apart)
    return known


def counted_pools(view: View) -> Pools:
    """The same as `pools_of` for whoever asks for no loan but those of claims and payments: accounts, rates, limits, claims. Of hundreds
    of thousands of loans the others are read in arrays alone."""
    known: Pools | None = view.prefix.answers.get(Pools)
    if known is not None or len(view.prefix.subjects.ids_of(S.LOAN)) < LOANS_AT_ONCE:
        return pools_of(view)
    counted: Pools | None = view.prefix.answers.get("counted pools")
    if counted is None:
        names = LoanNames(view.prefix)
        counted = Pools(view, names.with_events(names.concerned(())))
        view.prefix.answers["counted pools"] = counted
    return counted
