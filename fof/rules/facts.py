"""What the rules judge: frozen facts of one as-of day. None means missing, and makes a rule answer UNKNOWN.

Each field says where the gatherer finds it:
  `fact x`      the fact named x in models.facts, in force on the as-of day (on the deal's day for a deal)
  `facts x`     every row of that fact up to the as-of day
  `postings X`  postings of that kind (models.posting_kinds) up to the as-of day
  `deal`, `notice`, `edge`, `mark`, `party`, `disposition`   that row of the journal
  `computed`    worked out by the gatherer as the comment says
Parties are in fof.rules.facts_parties, deals in fof.rules.facts_deals. Money is whole fen. An empty tuple means "none in the book"; None means "nobody recorded it".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, NamedTuple, Protocol

from fof.calendar import WorkingCalendar, published
from fof.rules.facts_deals import DealFacts, FieldList, HoldingFacts, ReinvestClaim, TransferFacts
from fof.rules.facts_parties import (
    PUBLIC_VEHICLES,
    CompanyFacts,
    Flow,
    LeftOut,
    ManagerFacts,
    StakeFacts,
)
from fof.rules.registry import Scope, Waiver
from models.kinds import (
    City,
    FeeBasis,
    FundClass,
    FundKind,
    FundStatus,
    GovernmentLevel,
    InvestmentMode,
    LegalForm,
    Ownership,
    PartyKind,
    Stage,
    Strategy,
    SupportMode,
)
from models.rule_kinds import CashProduct, DirectionTopic, Grade, ProceedsUse, SideLetter
from models.subjects import Subject

VENTURE_STRATEGIES = frozenset({Strategy.ANGEL, Strategy.SEED, Strategy.VC})


class FilingKind(StrEnum):
    """A report handed in; the value is the name of the fact."""

    QUARTERLY_STATEMENT = "filed_quarterly_statement"
    ANNUAL_REPORT = "filed_annual_report"
    AUDIT_REPORT = "filed_audit_report"
    CUSTODIAN_REPORT = "filed_custodian_report"
    ANNUAL_EVALUATION = "filed_annual_evaluation"
    REGISTER_UPDATE = "filed_register_update"
    TRUTH_COMMITMENT = "signed_truth_commitment"


class Filing(NamedTuple):
    """facts of FilingKind: the value is the period's end, the fact's own day the day it was handed in."""

    kind: FilingKind
    period_end: dt.date
    filed_on: dt.date


class FeePhase(StrEnum):
    INVESTMENT = "investment"
    EXIT = "exit"
    EXTENSION = "extension"
    AFTER_TERM = "after_term"


@dataclass(frozen=True)
class FeePeriod:
    """One stretch of time with one fee base and rate, from the fee run."""

    start: dt.date  # first day
    end: dt.date  # last day
    phase: FeePhase
    basis: FeeBasis | None = None  # fact fee_basis_investment or fee_basis_exit
    base_fen: int | None = None  # computed: the base's amount over the stretch
    rate: Decimal | None = None  # fact fee_rate_investment, fee_rate_exit or fee_rate_extension
    booked: int = 0  # postings MANAGEMENT_FEE less FEE_REBATE for the stretch
    # computed: the part of a year by fact fee_day_count; None: days / 365
    part: Fraction | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


class Evaluation(NamedTuple):
    """A yearly evaluation: the facts evaluation_* of one day."""

    day: dt.date
    grade: Grade | None = None  # fact evaluation_grade
    policy: Decimal | None = None  # fact evaluation_policy
    compliance: Decimal | None = None  # fact evaluation_compliance
    results: Decimal | None = None  # fact evaluation_results
    bonus: Decimal | None = None  # fact evaluation_bonus


class OwnerFacts(NamedTuple):
    """Who owns a share of a vehicle by declaration (edge) and has promised it nothing; the others share what is left."""

    code: str
    share: Fraction  # edge: share_nano
    kind: PartyKind | None = None  # party: kind
    # computed, as of a stake
    government_part: Fraction | None = None
    state_part: Fraction | None = None
    government_anywhere: Fraction | None = None
    government_level: GovernmentLevel | None = None  # fact government_level
    st_guidance_fund: bool = False  # fact st_guidance_fund


class ParentFacts(NamedTuple):
    """A vehicle above a fund: an investor of kind guidance or parent fund, or the owner of an edge."""

    code: str
    kind: PartyKind | None = None  # party: kind
    term_end: dt.date | None = None  # fact term_end of the parent, extensions included


class VehicleHistory(Protocol):
    """What was known of one vehicle on other days; facts made by hand have none."""

    def fund(self, day: dt.date) -> FundFacts:
        """The vehicle on another day: its owners, terms and successors as they were at its close."""

    def stake(self, investor: str, day: dt.date) -> StakeFacts | None:
        """The stake that a party, or whoever stood for it then, had in the vehicle on another day."""


@dataclass(frozen=True)
class FundFacts:
    """A vehicle (guidance fund, parent fund, sub-fund) on a day."""

    history: ClassVar[VehicleHistory | None] = None

    code: str
    as_of: dt.date
    # identity
    kind: PartyKind | None = PartyKind.SUB_FUND  # party: kind
    name: str | None = None  # fact name
    business_scope: str | None = None  # fact business_scope
    province: str | None = None  # fact province
    municipality: City | None = None  # fact municipality
    fund_class: FundClass | None = None  # fact fund_class
    fund_kind: FundKind | None = None  # fact fund_kind
    mandate_doc: str | None = None  # fact mandate_doc
    strategy: Strategy | None = None  # fact strategy
    legal_form: LegalForm | None = None  # fact legal_form
    limited_liability: bool | None = None  # fact limited_liability
    investment_mode: InvestmentMode | None = None  # fact investment_mode
    support_mode: SupportMode | None = None  # fact support_mode
    owner_government: str | None = None  # fact owner_government
    sponsor_level: GovernmentLevel | None = None  # fact sponsor_level
    approval_level: GovernmentLevel | None = None  # fact approval_level
    approved_by_centre: bool | None = None  # fact approved_by_centre
    st_guidance_fund: bool = False  # fact st_guidance_fund
    vc_enterprise: bool | None = None  # fact vc_enterprise
    single_asset: bool | None = None  # fact single_asset
    mandate_stages: tuple[Stage, ...] | None = None  # fact mandate_stages
    mandate_fields: tuple[str, ...] | None = None  # fact mandate_fields
    # life
    status: FundStatus | None = None  # fact status
    status_history: tuple[tuple[dt.date, FundStatus], ...] = ()  # facts status, oldest first
    selected_on: dt.date | None = None  # fact selected_on
    approved_on: dt.date | None = None  # fact approved_on
    approved_amount: int | None = None  # fact approved_amount
    established_on: dt.date | None = None  # fact established_on
    first_close_on: dt.date | None = None  # fact first_close_on
    final_close_on: dt.date | None = None  # fact final_close_on
    investment_period_end: dt.date | None = None  # fact investment_period_end
    term_end: dt.date | None = None  # fact term_end, extensions included
    # facts term_end: the first stated, without the extension_years stated by then
    first_term_end: dt.date | None = None
    extensions: int | None = None  # fact extensions; 0 where it was never recorded
    extension_history: tuple[tuple[dt.date, int], ...] = ()  # facts extensions, oldest first
    extension_years: int | None = None  # fact extension_years; 0 where it was never recorded
    extension_approval_level: GovernmentLevel | None = None  # fact extension_approval_level
    liquidity_plan: str | None = None  # fact liquidity_plan
    parents: tuple[ParentFacts, ...] = ()  # party, edge
    # computed: fund layers from the guidance fund down to this one (a fund it holds itself: 1)
    layers: int | None = None
    held_funds: tuple[
        str, ...
    ] = ()  # codes of funds this vehicle has committed to, owns (edge) or bought into (deal)
    # computed: postings that pay in (Treatment.paid_in) to funds below, by the balance of its stakes; None where one of
    # them is in another currency
    paid_into_funds: int | None = None
    # registration and reports
    amac_id: str | None = None  # fact amac_id
    amac_filed_on: dt.date | None = None  # fact amac_filed_on
    ndrc_registered_on: dt.date | None = None  # fact ndrc_registered_on
    filings: tuple[Filing, ...] = ()  # facts of FilingKind
    calendar: WorkingCalendar = field(
        default_factory=published
    )  # published notices, and facts public_holidays and makeup_workdays of the provincial government
    # people
    manager: ManagerFacts | None = None  # fact manager
    manager_selected: ManagerFacts | None = None  # the manager chosen, as known for the day selected_on
    manager_closed: ManagerFacts | None = None  # the manager on the day final_close_on, as known today
    gp_code: str | None = None  # fact gp
    gp_ownership: Ownership | None = None  # fact ownership of the gp
    legal_opinion: str | None = None  # fact legal_opinion
    custodian: str | None = None  # fact custodian
    custody_waiver: str | None = None  # fact custody_waiver
    safeguard_clause: str | None = None  # fact safeguard_clause
    # contract
    side_letters: tuple[SideLetter, ...] | None = None  # fact side_letters
    loss_free_partners: tuple[str, ...] | None = None  # fact loss_free_partners
    loss_ranking_doc: str | None = None  # fact loss_ranking_doc
    fee_basis_investment: FeeBasis | None = None  # fact fee_basis_investment
    fee_rate_investment: Decimal | None = None  # fact fee_rate_investment
    fee_basis_exit: FeeBasis | None = None  # fact fee_basis_exit
    fee_rate_exit: Decimal | None = None  # fact fee_rate_exit
    fee_rate_extension: Decimal | None = None  # fact fee_rate_extension
    fee_held_share: Decimal | None = None  # fact fee_held_share
    hurdle_rate: Decimal | None = None  # fact hurdle_rate
    hurdle_compound: bool | None = None  # fact hurdle_compound
    carry_rate: Decimal | None = None  # fact carry_rate
    concession_rate: Decimal | None = None  # fact concession_rate
    reinvest_multiple: Decimal | None = None  # fact reinvest_multiple
    reinvest_base: FeeBasis | None = None  # fact reinvest_base
    reinvest_to: tuple[str, ...] | None = None  # fact reinvest_to; None: every public investor
    # fact reinvest_milestones, each code "date:share"; None where one of them cannot be read
    reinvest_milestones: tuple[tuple[dt.date, Decimal], ...] | None = ()
    distribution_use: ProceedsUse | None = None  # fact distribution_use
    recycle_clause: str | None = None  # fact recycle_clause
    # money
    currency: str | None = None  # computed: fact currency, the last stated, for all days; None: the yuan
    cash_kept: bool | None = None  # fact cash_kept
    stakes: tuple[StakeFacts, ...] = ()
    owners: tuple[OwnerFacts, ...] = ()
    # computed: the same owners as stakes whose amounts nobody recorded, where they never had a stake of commitments
    declared_stakes: tuple[StakeFacts, ...] = ()
    # computed: investor -> calls up to the as-of day that asked the others and not it
    left_out: Mapping[str, tuple[LeftOut, ...]] = field(default_factory=dict)
    # the stakes by the party that made the promise, whoever stands for it today; None: as `stakes`
    made: tuple[StakeFacts, ...] | None = None
    cut_on: dt.date | None = (
        None  # computed: last day on which COMMITMENT_REDUCTION changed who has what share
    )
    # computed: guidance fund's look-through share of commitments, all paths
    guidance_share: Fraction | None = None
    # computed: where that cannot be told, the least and the most that it can be
    guidance_between: tuple[Fraction, Fraction] | None = None
    borrowing: int | None = None  # fact borrowing
    facility: int = 0  # postings FACILITY_DRAWDOWN less FACILITY_REPAYMENT: what is drawn
    capital_in: tuple[
        Flow, ...
    ] = ()  # postings with Treatment.paid_in = 1 into the vehicle, FISCAL_APPROPRIATION to it
    other_in: tuple[Flow, ...] = ()  # every other cash posting to the vehicle
    uses: tuple[
        Flow, ...
    ] = ()  # cash out for INVESTMENT, MANAGEMENT_FEE, FUND_EXPENSE, TAX, calls of lower funds, EXCESS_CALL_RETURNED
    # postings CALL_FEES_AND_EXPENSES, CALL_FEE_INSIDE, CALL_FEE_OUTSIDE, CALL_EXPENSE, CALL_PLACEMENT_FEE,
    # CALL_FACILITY_COST into the vehicle, with their notice (part of `capital_in`)
    cost_calls: tuple[Flow, ...] = ()
    # postings INVESTMENT from the vehicle, and its calls paid to lower funds (part of `uses`)
    deployed: tuple[Flow, ...] = ()
    other_out: tuple[Flow, ...] = ()  # every other cash posting from the vehicle
    appropriated: tuple[Flow, ...] = ()  # postings FISCAL_APPROPRIATION to the vehicle (part of `capital_in`)
    remitted: tuple[Flow, ...] = ()  # postings TREASURY_REMITTANCE from the vehicle
    carry: tuple[Flow, ...] = ()  # postings CARRY, and CLAWBACK as negative fen
    fees: tuple[FeePeriod, ...] = ()
    fee_payments: tuple[Flow, ...] = ()  # postings MANAGEMENT_FEE, and FEE_REBATE as negative fen
    fee_advance: int | None = None  # fact fee_advance
    fee_advances: tuple[tuple[dt.date, int], ...] = ()  # facts fee_advance, oldest first
    concession_paid: int | None = None  # fact concession_paid
    concession_approval: str | None = None  # fact concession_approval
    concession_conditions_met: bool | None = None  # fact concession_conditions_met
    government_receivable: int | None = None  # fact government_receivable
    nav: int | None = None  # mark of the whole vehicle rolled forward; None where there is none
    nav_irr: float | None = None  # computed by valuation.returns; None where it does not exist
    nav_paid_in: int | None = (
        None  # beside the IRR: paid into the vehicle and what it succeeds; None: its own stakes'
    )
    nav_distributed: int | None = None  # the same of what was paid out
    budget_years: tuple[int, ...] | None = None  # fact budget_years
    fiscal_precheck: bool | None = None  # fact fiscal_precheck
    cash_products: tuple[CashProduct, ...] | None = None  # fact cash_products
    # work
    deals: tuple[DealFacts, ...] = ()
    holdings: tuple[HoldingFacts, ...] = ()
    claims: tuple[ReinvestClaim, ...] = ()
    due_care: bool | None = None  # fact due_care
    tolerance_test_on: dt.date | None = None  # fact tolerance_test_on
    # computed: holdings as they stood on tolerance_test_on, once it has passed
    tested_holdings: tuple[HoldingFacts, ...] | None = None
    evaluations: tuple[Evaluation, ...] = ()  # facts evaluation_*, oldest first
    direction_weights: tuple[Decimal, ...] | None = None  # fact direction_weights of the last twelve months
    direction_evidence: tuple[DirectionTopic, ...] | None = (
        None  # facts direction_evidence of the last twelve months, all topics together
    )

    def on(self, day: dt.date) -> FundFacts:
        """The vehicle on another day; facts made by hand are those of every day."""
        return self if self.history is None else self.history.fund(day)

    def stake_on(self, stake: StakeFacts, day: dt.date) -> StakeFacts:
        """A stake in it on another day, in the hands of whoever held it then."""
        past = None if self.history is None else self.history.stake(stake.investor.code, day)
        return past or stake

    @cached_property
    def stake_by_investor(self) -> Mapping[str, StakeFacts]:
        """The stakes by the code of their investor."""
        return {stake.investor.code: stake for stake in self.every_stake}

    @property
    def every_stake(self) -> tuple[StakeFacts, ...]:
        """The stakes by commitment, then those that are known by declaration alone."""
        return (*self.stakes, *self.declared_stakes)

    @property
    def now(self) -> FundFacts:
        """The vehicle on the as-of day; itself unless an event rule that names later facts is judged."""
        return self.__dict__.get("seen_now", self)  # type: ignore[no-any-return]

    @cached_property
    def promises(self) -> tuple[StakeFacts, ...]:
        """Stakes by the party that made the promise: a merger of investors leaves them apart."""
        return (*(self.stakes if self.made is None else self.made), *self.declared_stakes)

    @cached_property
    def committed(self) -> int | None:
        """Total commitments; None if there are no stakes or one is unknown."""
        amounts = [stake.committed for stake in self.stakes]
        return sum(a for a in amounts if a is not None) if amounts and None not in amounts else None

    @cached_property
    def undeclared(self) -> Fraction:
        """The part of the vehicle that its investors share by commitment: what no owner has by declaration."""
        return max(1 - sum((owner.share for owner in self.owners), Fraction(0)), Fraction(0))

    @cached_property
    def paid_in(self) -> int:
        return sum(stake.paid_in for stake in self.stakes)

    @cached_property
    def purchases(self) -> tuple[DealFacts, ...]:
        return tuple(deal for deal in self.deals if deal.is_purchase)

    @cached_property
    def last_committed_on(self) -> dt.date | None:
        """The day the commitments took their present shape: the event that share caps are judged on. A promise, a
        transfer, or a reduction that was not in proportion: who lets the others withdraw takes a larger share."""
        days = [s.last_committed_on for s in self.stakes if s.last_committed_on]
        return max(days, default=None) if self.cut_on is None else max([*days, self.cut_on])

    @cached_property
    def public_stakes(self) -> tuple[StakeFacts, ...]:
        return tuple(stake for stake in self.stakes if stake.is_public)

    @cached_property
    def is_public(self) -> bool:
        """True if public money is in it, or it is a public vehicle itself."""
        return self.kind in PUBLIC_VEHICLES or bool(self.public_stakes) or self._publicly_owned

    @cached_property
    def was_public(self) -> bool:
        """True if public money was ever promised to it, whoever holds that stake today, or it is a public vehicle."""
        promised = any(stake.is_public for stake in self.promises)
        return self.kind in PUBLIC_VEHICLES or promised or self._publicly_owned

    @cached_property
    def public_money_unrecorded(self) -> bool:
        """Public money is in it by declaration alone: what was paid in and paid out for it nobody recorded."""
        return self._publicly_owned and not self.public_stakes

    @property
    def _publicly_owned(self) -> bool:
        """A public vehicle owns a share of it by declaration, whatever was promised."""
        return any(owner.kind in PUBLIC_VEHICLES and owner.share > 0 for owner in self.owners)

    @cached_property
    def cash(self) -> int:
        """Cash from the first posting on, as booked."""
        into = sum(f.fen for f in self.capital_in) + sum(f.fen for f in self.other_in)
        return into - sum(f.fen for f in self.uses) - sum(f.fen for f in self.other_out)


@dataclass(frozen=True)
class ReorganisationFacts:
    """A merger of vehicles: totals of the predecessors just before, of the successor just after."""

    successor: str
    predecessors: tuple[str, ...]  # fact successor_of
    day: dt.date | None = None  # entry: effective_on
    before: Mapping[str, int | None] = field(
        default_factory=dict
    )  # computed: committed, paid_in, distributed, cost, nav
    after: Mapping[str, int | None] = field(default_factory=dict)
    currency: str | None = None  # computed: of these totals; over two currencies each has its own


class Matter(NamedTuple):
    """What a rule's function is called with, and the address and codes that its findings carry."""

    scope: Scope
    args: tuple[object, ...]
    subject: Subject
    fund: str | None = None
    party: str | None = None


@dataclass(frozen=True)
class OfficeFacts:
    """Everything at once, as of one day."""

    as_of: dt.date
    funds: tuple[FundFacts, ...] = ()
    companies: tuple[CompanyFacts, ...] = ()
    transfers: tuple[TransferFacts, ...] = ()
    reorganisations: tuple[ReorganisationFacts, ...] = ()
    field_lists: tuple[FieldList, ...] = ()
    waivers: tuple[Waiver, ...] = ()  # disposition: accept, with reference and until
    further: tuple[
        Matter, ...
    ] = ()  # subjects of scopes that have no list above (staff stakes, pools, loans …)
