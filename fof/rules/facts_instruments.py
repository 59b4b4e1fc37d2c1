"""What the rules of the small instruments judge: applications, results, deductions and a year's statistics, frozen.

Each field that has the name of an attribute (models.facts_instruments) is that attribute on the as-of day. None means that nobody
recorded it, and makes a rule answer UNKNOWN. Money is whole fen, shares are decimal fractions.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from fof.rules.facts_parties import CompanyFacts
from models.instruments import (
    DeductionForm,
    GrantDecision,
    GrantStep,
    PriorityAnswer,
    RefusalReason,
    ResultException,
    SubsidyKind,
)
from models.rule_kinds import SeiGroup


@dataclass(frozen=True)
class GrantFacts:
    """An application for a voucher or a post-subsidy."""

    code: str
    as_of: dt.date
    claimant: str | None = None
    grant_step: GrantStep | None = None
    decided_on: dt.date | None = None  # day of the last decision
    grant_decision: GrantDecision | None = None
    granted_amount: int | None = None
    refusal_reasons: tuple[RefusalReason, ...] | None = None
    paid: int = 0
    eligible_cost: int | None = None
    cost_invoiced: int | None = None
    cost_paid: int | None = None
    cost_evidence: str | None = None
    other_grants: int | None = None
    # of a voucher
    contract_on: dt.date | None = None  # service_contract_on
    service_accepted_on: dt.date | None = None
    voucher_valid_until: dt.date | None = None
    provider: str | None = None
    provider_independent: bool | None = None
    affiliated: bool = False  # by the ownership, groups and credit codes of the book on the contract's day
    st_sme_then: bool | None = None  # registered S&T-SME on the contract's day
    granted_in_year: int = 0  # to the firm on other vouchers decided before, in the year of the decision
    granted_in_contract: int = 0  # the same under the same contract: provider and day
    granted_ever: int = 0  # the same since the first
    # of a post-subsidy
    subsidy_kind: SubsidyKind | None = None
    service_score: Decimal | None = None
    score_evidence: str | None = None
    own_funds: int | None = None
    cap: int | None = None  # of its kind, of the issuer on the day of the decision
    own_share_min: Decimal | None = None
    invested: int | None = None  # reward_invested, else the deal's money
    invested_on: dt.date | None = None  # reward_invested_on, else the deal's day
    sold_on: dt.date | None = None  # all that the deal's investor had in the company was sold or written off
    part_sold_on: dt.date | None = None  # its first sale of a part
    rewarded_before: int = 0  # to the investor by rewards decided before

    @property
    def refused(self) -> bool:
        """Whether nothing will be paid: refused or withdrawn."""
        return self.grant_decision is GrantDecision.REFUSED or self.grant_step is GrantStep.WITHDRAWN


@dataclass(frozen=True)
class ResultFacts:
    """A publicly funded result."""

    code: str
    as_of: dt.date
    company: str | None = None
    funder: str | None = None
    licensee: str | None = None
    result_field: SeiGroup | None = None
    result_due: dt.date | None = None
    result_converted_on: dt.date | None = None
    result_exception: ResultException | None = None
    priority_offered_on: dt.date | None = None
    priority_answer: PriorityAnswer | None = None
    licensed_on: dt.date | None = None


class YearDeducted(NamedTuple):
    """A year's deduction from one investment."""

    year: int
    taxable_income: int | None
    deducted: int


@dataclass(frozen=True)
class DeductionFacts:
    """An investment of which a part may be deducted."""

    code: str
    as_of: dt.date
    day: dt.date | None = None  # deduction_invested_on, else the deal's day
    holder: str | None = None
    company: CompanyFacts | None = None  # of the day of the investment, with the figures known since
    deduction_form: DeductionForm | None = None
    invested: int | None = None  # deduction_invested, else the deal's money
    paid_in_money: bool | None = None
    new_shares: bool | None = None
    side_conditions_met: bool | None = None
    unlisted_two_years: bool | None = None
    deduction_sold_on: dt.date | None = None
    left_on: dt.date | None = (
        None  # the deal's investor sold all it had in the company, by the deals of the book
    )
    part_left_on: dt.date | None = None  # its first sale of a part
    deduction_liquidated_on: dt.date | None = None
    years: tuple[YearDeducted, ...] = ()  # oldest first


@dataclass(frozen=True)
class StatisticsFacts:
    """A closed year's statistics: the companies that got public money in it, and what of them nobody stated."""

    code: str  # the year
    as_of: dt.date
    supported: int = 0
    without_city: tuple[str, ...] = ()
    without_class: tuple[str, ...] = ()
    foreign_class: tuple[str, ...] = ()  # companies whose class is none of the classification's
    without_staff: tuple[str, ...] = ()
    without_patents: tuple[str, ...] = ()
