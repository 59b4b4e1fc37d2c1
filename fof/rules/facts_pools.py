"""What the rules of risk-compensation pools judge: agreements, pools, loans, claims and guarantors, frozen.

Each field that has the name of an attribute (models.facts_pools) is that attribute: of a loan and its agreement in force on the
day of enrolment, of the others on the as-of day. None means that nobody recorded it, and makes a rule answer UNKNOWN. Money is
whole fen, shares are decimal fractions.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from models.kinds import Stage
from models.pools import (
    Channel,
    ClaimDecision,
    ClaimStep,
    Collateral,
    Deducted,
    Denominator,
    GuarantorLevel,
    LimitKind,
    LoanKind,
    MoneySourceOfArm,
    Programme,
    RateBase,
    RecoveryOrder,
    SizeClass,
)


@dataclass(frozen=True)
class AgreementFacts:
    """An agreement as its version of a day has it."""

    code: str
    as_of: dt.date
    pool: str | None = None
    first_day: dt.date | None = None
    programme: Programme | None = None
    agreement_until: dt.date | None = None
    share_pool: Decimal | None = None
    share_lender: Decimal | None = None
    share_guarantor: Decimal | None = None
    share_insurer: Decimal | None = None
    share_reguarantor: Decimal | None = None
    share_national_fund: Decimal | None = None
    share_local_government: Decimal | None = None
    share_investor_arm: Decimal | None = None
    covers_principal: bool | None = None
    covers_interest: bool | None = None
    coverage: Decimal | None = None
    deducted_first: tuple[Deducted, ...] | None = None
    leverage_max: Decimal | None = None
    borrower_cap: int | None = None
    bank_cap: int | None = None
    loan_min: int | None = None
    loan_max: int | None = None
    term_months_max: int | None = None
    term_months_min: int | None = None
    loan_rate_base: RateBase | None = None
    loan_rate_margin: Decimal | None = None
    loan_rate_multiple: Decimal | None = None
    fee_cap: Decimal | None = None
    average_fee_rate: Decimal | None = None
    reguarantee_fee_rate: Decimal | None = None
    premium_rate: Decimal | None = None
    premium_refund: Decimal | None = None
    stop_loss: Decimal | None = None
    claim_wait_days: int | None = None
    review_days: int | None = None
    decision_days: int | None = None
    remit_days: int | None = None
    topup_floor: Decimal | None = None
    topup_days: int | None = None
    recovery_order: RecoveryOrder | None = None
    public_money_cap: Decimal | None = None
    compensation_rate: Decimal | None = None
    startup_compensation_rate: Decimal | None = None
    project_cap: int | None = None
    yearly_cap: int | None = None
    portfolio_loss_max: Decimal | None = None
    equity_money_source: MoneySourceOfArm | None = None
    loan_on_balance_sheet: bool | None = None
    loans: tuple[LoanFacts, ...] = ()  # of the agreement itself, enrolled by the as-of day; () behind a loan
    insured_loss: int | None = None  # fen the insurer paid under it, less what the pool paid it back
    insured_cut: int = 0  # fen of that which money and limits left with it: no debt of the pool (RC-22)
    premiums: int | None = None  # fen of premiums paid to the insurer under it

    @property
    def shares(self) -> tuple[Decimal, ...]:
        """The shares that are stated, in the fixed order of the parties."""
        every = (
            self.share_pool,
            self.share_lender,
            self.share_guarantor,
            self.share_insurer,
            self.share_reguarantor,
            self.share_national_fund,
            self.share_local_government,
            self.share_investor_arm,
        )
        return tuple(share for share in every if share is not None)


@dataclass(frozen=True)
class BorrowerFacts:
    """A borrowing firm on the day of enrolment."""

    code: str
    group_head: str | None = None
    small_size: SizeClass | None = None
    farm_borrower: bool | None = None
    founded_on: dt.date | None = None
    listed_on: dt.date | None = None
    paid_in_capital: int | None = None
    high_tech_until: dt.date | None = None
    st_sme_until: dt.date | None = None
    little_giant_until: dt.date | None = None
    specialised_until: dt.date | None = None
    state_project_until: dt.date | None = None
    innovation_scored_until: dt.date | None = None
    innovative_sme_until: dt.date | None = None


@dataclass(frozen=True)
class LoanFacts:
    """A loan or bond as it was enrolled, and what became of it by the as-of day."""

    code: str
    as_of: dt.date
    day: dt.date | None = None  # enrolled_on
    agreement: AgreementFacts | None = None
    borrower: BorrowerFacts | None = None
    lender: str | None = None
    guarantor: str | None = None
    loan_kind: LoanKind | None = None
    contract_amount: int | None = None
    enrolment_confirmation_id: str | None = None
    loan_due: dt.date | None = None
    term_months: int | None = None  # begun months from enrolment to the due day
    loan_rate: Decimal | None = None
    guarantee_fee_rate: Decimal | None = None
    loan_premium: int | None = None
    other_fees: int | None = None
    collateral: Collateral | None = None
    collateral_value: int | None = None
    ip_registration: str | None = None
    counter_guarantee_pledged: bool | None = None
    list_managed: bool | None = None
    working_capital: bool | None = None
    borrower_size: SizeClass | None = None
    borrower_stage: Stage | None = None
    borrower_revenue: int | None = None
    knowledge_score: Decimal | None = None
    loan_channel: Channel | None = None
    conversion_listed: bool | None = None
    lpr_1y: Decimal | None = None  # of the day of enrolment
    lpr_5y: Decimal | None = None
    benchmark_rate: Decimal | None = None
    guarantor_capital: int | None = None  # registered capital of the guarantor on that day
    outstanding: int = 0  # guaranteed, on the as-of day
    group_outstanding: int = 0  # of the borrower and its group under the programme
    firm_in_year: int = 0  # enrolled of the firm in the year of enrolment under the programme
    has_claim: bool = False
    covered_loss: int | None = None  # of its live claims; None where it cannot be told or there is none
    suffered: int | None = (
        None  # of that, what falls on those who are compensated: what guarantors paid lenders, else all
    )
    public_paid: int = 0  # compensation from all pools
    handed_back: int = 0  # recoveries handed back to the pools
    retained: int = 0  # recoveries that the lender kept

    @property
    def size(self) -> SizeClass | None:
        """The size stated with the loan, else that of the firm's register."""
        own = None if self.borrower is None else self.borrower.small_size
        return self.borrower_size or own


class GuarantorOfClaim(NamedTuple):
    """What RC-11 asks of a guarantor on the day of the claim."""

    guarantor_level: GuarantorLevel | None = None
    on_provincial_list: bool | None = None
    guarantor_rating: str | None = None
    on_abnormal_list: bool | None = None


class RecoveryFacts(NamedTuple):
    """Principal that one party of a claim bore, and what came back to it; how late what came back was handed on."""

    party: str
    borne: int
    returned: int
    fair: int | None  # its part of everything recovered, by what each has borne
    days: int | None  # the longest from receipt to hand-over; None: not told


@dataclass(frozen=True)
class ClaimFacts:
    """A claim on the as-of day."""

    code: str
    as_of: dt.date
    agreement: AgreementFacts | None = None
    loan: LoanFacts | None = None
    claimant: str | None = None
    submitted_on: dt.date | None = None
    steps: tuple[tuple[dt.date, ClaimStep], ...] = ()
    review_used: int | None = None  # working days; None where a notice of public holidays is missing
    decision_used: int | None = None
    reviewed: bool = False
    decided: bool = False
    overdue_since: dt.date | None = None
    claim_decision: ClaimDecision | None = None
    refusal_reason: str | None = None
    decided_amount: int | None = None
    principal: int | None = None
    loss: int | None = None
    pool_part: int | None = None  # of the covered loss, by the shares
    pool_paid: int = 0
    guarantor_paid: int = 0
    recovered: int = 0  # principal that the borrower paid afterwards
    recovered_when_paid: int = (
        0  # of that what came by the day of the pool's last payment, or is known where it paid nothing
    )
    other_compensation: int | None = None
    uncompensated: int = 0
    guarantor: GuarantorOfClaim | None = None
    recoveries: tuple[RecoveryFacts, ...] = ()
    paid_in_year: int = 0  # angel: paid to the claimant in the year of payment, this claim included
    loss_invested: int | None = None
    loss_recovered: int | None = None
    stage_invested: Stage | None = None
    all_invested: int | None = (
        None  # in all projects that the claimant stated under the agreement; None where one is untold
    )
    all_recovered: int | None = None
    deal_claims: tuple[str, ...] = ()  # other live claims on the same deal


class LimitFacts(NamedTuple):
    """A limit of a pool, or of one bank or guarantor in it, on the as-of day."""

    code: str
    kind: LimitKind
    denominator: Denominator | None
    rate: Fraction | None
    highest: Fraction | None
    used: int
    allowed: int | None
    warned: bool | None
    reached: bool | None
    stopped_on: dt.date | None
    enrolled_since: int = 0  # fen enrolled after the stop, and not resumed


@dataclass(frozen=True)
class PoolFacts:
    """A pool on the as-of day."""

    code: str
    as_of: dt.date
    cash: int = 0
    contributed: int = 0
    first_size: int | None = None  # agreed amounts; else the first year's contributions
    outstanding: int = 0
    loans: int = 0
    leverage_max: Decimal | None = None
    topup_floor: Decimal | None = None
    topup_days: int | None = None
    below_floor_since: dt.date | None = None
    compensated: int = 0
    lowest_cash: int = 0  # the lowest it ever was
    uncompensated: int = 0
    balances: tuple[tuple[str, int], ...] = ()  # contributor → balance
    limits: tuple[LimitFacts, ...] = ()
    statement: int | None = None  # last statement of the bank
    statement_on: dt.date | None = None
    statement_cash: int | None = None  # the book's on that day
    average_rate_known: bool = False


class RelatedLoan(NamedTuple):
    """A guarantee for a related party."""

    loan: str
    controls: bool  # the borrower is the controlling holder or actual controller
    day: dt.date | None
    related_reported_on: dt.date | None
    no_better_terms: bool | None
    outstanding: int


@dataclass(frozen=True)
class GuarantorFacts:
    """A guarantor with what it guarantees on the as-of day, over all pools."""

    code: str
    as_of: dt.date
    guarantor_level: GuarantorLevel | None = None
    government_guarantor: bool | None = None
    mainly_small_or_farm: bool | None = None
    registered_capital: int | None = None
    cash_capital: int | None = None
    net_assets: int | None = None
    fee_income: int | None = None
    unearned_fee_reserve: int | None = None
    loss_reserve: int | None = None
    loss_provision: int | None = None  # set aside in the last year that ended
    controlling_holder: str | None = None
    actual_controller: str | None = None
    related_parties: tuple[str, ...] | None = None
    liability: int = 0
    year_end_liability: int = 0  # on the last 31 December
    weighted: int | None = None  # None where the size of a borrower that would change the weight is not known
    bonds: int = 0
    bonds_weighted: int = 0
    largest_borrower: int = 0  # liability by its weight (RC-29); a weight that is not known counts as whole
    largest_group: int = 0
    largest_borrower_least: int | None = (
        None  # the same with the lowest weight where it is not known; None: it is known
    )
    largest_group_least: int | None = None
    small_or_farm: int | None = None  # liability for small and micro firms and farms
    small_tickets: int = 0  # liability for borrowers of at most the ticket
    loans_to: tuple[tuple[str, int], ...] = ()  # borrower → liability
    related: tuple[RelatedLoan, ...] = ()


@dataclass(frozen=True)
class PoolsRegister:
    """Everything about pools on a day."""

    agreements: tuple[AgreementFacts, ...] = ()
    pools: tuple[PoolFacts, ...] = ()
    loans: tuple[LoanFacts, ...] = ()
    claims: tuple[ClaimFacts, ...] = ()
    guarantors: tuple[GuarantorFacts, ...] = ()
