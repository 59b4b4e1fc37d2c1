"""The small instruments of a prefix, each indexed once and of every day: applications for vouchers and subsidies with what was
paid, deductions, results, services, residents of incubators."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from fof.book.identities import Registered, registered_subjects
from fof.book.index import Book
from fof.book.legal_entities import LegalEntities
from fof.ledger import Dated, View, to_date
from models.instruments import GrantDecision, GrantStep, VoucherPeriod
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S


class Grant:
    """An application for a voucher or a post-subsidy: its steps, what was granted, what was paid (whole fen)."""

    __slots__ = ("payments", "subject")

    def __init__(self, subject: Registered, payments: list[tuple[dt.date, int]]) -> None:
        self.subject, self.payments = subject, payments

    @property
    def code(self) -> str:
        return self.subject.code

    @property
    def rule(self) -> str:
        """The rule that limits it."""
        return "IV-01" if self.subject.kind == S.VOUCHER else "IN-02"

    @property
    def claimant(self) -> int | None:
        """Who applied."""
        return self.subject.linked(R.CLAIMANT)

    def on(self, name: str, day: dt.date) -> Any:
        """An attribute in force on a day."""
        return self.subject.on(name, day)

    def step_on(self, step: GrantStep, day: dt.date) -> dt.date | None:
        """The last day up to `day` on which a step was taken."""
        days = [on for on, taken in self.subject.ever("grant_step", day) if taken is step]
        return max(days, default=None)

    def withdrawn(self, day: dt.date) -> bool:
        """Whether it was taken back by a day."""
        return self.on("grant_step", day) is GrantStep.WITHDRAWN

    def granted(self, day: dt.date) -> int | None:
        """What was granted by a day; None where nothing was decided, or it was refused or withdrawn."""
        if self.withdrawn(day) or self.on("grant_decision", day) in (None, GrantDecision.REFUSED):
            return None
        fen: int | None = self.on("granted_amount", day)
        return fen

    def paid(self, day: dt.date) -> int:
        """What was paid by a day."""
        return sum(fen for on, fen in self.payments if on <= day)


class DecidedGrants:
    """What was granted by a day, by applicant (one legal entity, whatever its codes) and kind, in the order of the decisions (of
    two on one day by code)."""

    def __init__(self, grants: Iterable[Grant], day: dt.date, entities: LegalEntities) -> None:
        self._day, self._entities = day, entities
        self._of: dict[tuple[str, int | None], list[tuple[dt.date, Grant, int]]] = defaultdict(list)
        for grant in grants:
            on, fen = grant.step_on(GrantStep.DECIDED, day), grant.granted(day)
            if on is not None and fen is not None:
                self._of[grant.subject.kind, entities.of(grant.claimant)].append((on, grant, fen))
        for own in self._of.values():
            own.sort(key=lambda item: (item[0], item[1].code))

    def before(self, grant: Grant) -> Iterator[tuple[dt.date, Grant, int]]:
        """(day, application, fen granted) of the applicant's others that were decided before this one; of one that is not decided all of them."""
        on = grant.step_on(GrantStep.DECIDED, self._day)
        for day, other, fen in self._of.get((grant.subject.kind, self._entities.of(grant.claimant)), ()):
            if other is not grant and (on is None or (day, other.code) < (on, grant.code)):
                yield day, other, fen

    def in_period(self, grant: Grant, period: VoucherPeriod) -> int:
        """What was granted before to the applicant of a voucher in the period that its cap counts, in fen."""
        day, signed = self._day, grant.on("service_contract_on", self._day)
        contract = (signed, self._entities.of(grant.subject.linked(R.PROVIDER)))
        year = (grant.step_on(GrantStep.DECIDED, day) or day).year

        def counts(on: dt.date, other: Grant) -> bool:
            if period is VoucherPeriod.CALENDAR_YEAR:
                return on.year == year
            provider = self._entities.of(other.subject.linked(R.PROVIDER))
            theirs = (other.on("service_contract_on", day), provider)
            return period is VoucherPeriod.ONCE or (None not in contract and theirs == contract)

        return sum(fen for on, other, fen in self.before(grant) if counts(on, other))


class Deduction:
    """An investment of which a part may be taken off taxable income."""

    __slots__ = ("subject",)

    def __init__(self, subject: Registered) -> None:
        self.subject = subject

    @property
    def code(self) -> str:
        return self.subject.code

    @property
    def invested(self) -> int | None:
        """The investment as last stated, in fen."""
        fen: int | None = self.subject.on("deduction_invested", dt.date.max)
        return fen

    def years(self, day: dt.date) -> list[tuple[int, int | None, int]]:
        """(year, taxable income, deducted) of each year stated by a day, oldest first."""
        taken = dict(self.subject.ever("deducted", day))
        income = dict(self.subject.ever("taxable_income", day))
        return [(on.year, income.get(on), fen) for on, fen in sorted(taken.items())]

    def deducted(self, day: dt.date) -> int:
        """Deducted in all by a day."""
        return sum(fen for _, _, fen in self.years(day))


class NamedInvestment(NamedTuple):
    """The investment on which a reward is paid or from which a deduction is taken.

    deal     : that it names, where it was made by the day
    day, fen : as stated, else of the deal; None where neither says when, or how much
    """

    deal: Dated | None
    day: dt.date | None
    fen: int | None


def named_investment(book: Book, own: Registered, day: dt.date) -> NamedInvestment:
    """Of an application or a deduction, as known on a day.

    A partner deducts from its own part of what its partnership paid (财税〔2018〕55号, 一(二)): what was paid under a deal is the
    investment of who made the deal alone.
    """
    stated = "reward_invested" if own.kind == S.SUBSIDY else "deduction_invested"
    fen, on = own.on(stated, day), own.on(f"{stated}_on", day)
    deal = book.view.deal_by_id.get(own.linked(R.DEAL) or -1)
    if deal is None or deal.day > day:
        return NamedInvestment(None, on, fen)
    investor = deal.row.investor
    if fen is None and own.linked(R.HOLDER) in (None, investor, book.holder(investor, day)):
        fen = book.paid_under(deal, day)
    return NamedInvestment(deal, on or deal.day, fen)


def of_kind(view: View, kind: S) -> dict[int, Registered]:
    """Id → subject of a kind, by code."""
    own = registered_subjects(view.prefix).get(kind.value, {})
    return dict(sorted(own.items(), key=lambda item: item[1].code))


def grants_of(view: View) -> dict[int, Grant]:
    """Id → application, vouchers first, each by code; made once for a prefix."""
    known: dict[int, Grant] | None = view.prefix.answers.get(Grant)
    if known is None:
        subjects = {**of_kind(view, S.VOUCHER), **of_kind(view, S.SUBSIDY)}
        paid: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
        if subjects:
            p = view.on(None).postings
            at = (p.loan >= 0).nonzero()[0]
            for number, day, fen in zip(
                p.loan[at].tolist(), p.day[at].tolist(), p.fen[at].tolist(), strict=True
            ):
                if number in subjects:
                    paid[number].append((to_date(day), fen))
        known = {n: Grant(own, sorted(paid[n])) for n, own in subjects.items()}
        view.prefix.answers[Grant] = known
    return known


def deductions_of(view: View) -> dict[int, Deduction]:
    """Id → deduction, by code."""
    return {number: Deduction(own) for number, own in of_kind(view, S.DEDUCTION).items()}
