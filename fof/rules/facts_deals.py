"""Deals as the rules see them: investments and exits on their day, positions, claims, sales of public stakes.

Comments as in fof.rules.facts: `fact x`, `facts x`, `postings X`, `deal`, `entry`, `computed`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from fof.rules.facts_parties import CompanyFacts
from models.kinds import (
    City,
    DealKind,
    ExitRoute,
    Instrument,
    InvestmentMode,
    PartyKind,
    Stage,
    Strategy,
    SupportMode,
)
from models.rule_kinds import NationalScheme, PriceBasis, ReinvestKind, SeiGroup
from models.subjects import Subject


class FieldList(NamedTuple):
    """One version of the province's priority-field list."""

    since: dt.date  # facts priority_fields of the provincial government: the fact's own day
    codes: tuple[str, ...]  # GB/T 4754 codes; a longer code lies inside a shorter one


@dataclass(frozen=True)
class FundThen:
    """A fund's terms on the day of a deal; facts as of that day."""

    code: str
    kind: PartyKind | None = None  # party: kind
    strategy: Strategy | None = None  # fact strategy
    # computed: a PUBLIC_VEHICLES investor, or a vehicle of that kind itself
    government_money: bool | None = None
    vc_enterprise: bool | None = None  # fact vc_enterprise
    investment_mode: InvestmentMode | None = None  # fact investment_mode
    municipality: City | None = None  # fact municipality
    mandate_stages: tuple[Stage, ...] | None = None  # fact mandate_stages
    mandate_fields: tuple[str, ...] | None = None  # fact mandate_fields
    committed: int | None = None  # total commitments that day
    paid_in: int | None = None  # total paid in that day
    total_assets: int | None = None  # fact total_assets of the fund
    currency: str | None = None  # computed: as FundFacts.currency
    schemes: frozenset[NationalScheme] = frozenset()  # fact national_scheme of its investors
    field_lists: tuple[FieldList, ...] = ()  # oldest first, up to the as-of day


AFTER_THE_DEAL = frozenset(
    {"decision_ref", "disclosed_on", "certified_until", "company_then", "unlisted_two_years"}
)
"""Fields of a deal that are of the as-of day, because they answer it: what it made due, what the next two years told. What
is paid for a deal counts for it whenever it is paid."""


@dataclass(frozen=True)
class DealFacts:
    """A round, follow-on, exit or write-off of a fund; facts as of the deal's day."""

    code: str  # deal
    fund: FundThen  # computed; one object may serve all deals of one day
    company: str = ""  # deal: company's code
    kind: DealKind = DealKind.INITIAL  # deal: kind
    instrument: Instrument | None = None  # deal: instrument
    day: dt.date | None = None  # entry: effective_on
    fen: int | None = None  # postings INVESTMENT or CONTRIBUTION_IN_KIND (or EXIT_PROCEEDS) of the deal
    share: Decimal | None = None  # deal: share_nano / 1e9
    post_money: int | None = None  # deal: post_money
    stage: Stage | None = None  # deal: stage
    stage_definition: str | None = None  # deal: stage_definition
    route: ExitRoute | None = None  # deal: exit_route
    industry: str | None = None  # fact industry of the company
    sei_known: bool = False  # whether fact sei_group of the company is recorded
    sei_group: SeiGroup | None = None  # fact sei_group of the company; None: in no group
    # the company as of the deal's day, with its figures up to the year after as far as known on the as-of day
    company_then: CompanyFacts | None = None
    # computed: this fund's cost in the company and its group (fact group_head), this deal included
    group_cost: int | None = None
    # computed: False where it was listed within 24 months of the deal, True once they passed without, None until then
    unlisted_two_years: bool | None = None
    certified_until: dt.date | None = None  # fact high_tech_until of the company, as of the as-of day
    company_cost: int | None = None  # computed: the same in the company alone, under whatever code
    round: str | None = None  # deal: round, its name
    round_total: int | None = None  # fact round_total
    # fact listed_at_entry; False where listed_on is missing or later than the deal
    listed_at_entry: bool | None = None
    listed_then: bool = False  # computed: the same by what was known on the deal's day
    financing_guarantee: bool | None = None  # fact financing_guarantee
    bond_rating: str | None = None  # fact bond_rating
    approved_charity: bool | None = None  # fact approved_charity
    own_premises: bool | None = None  # fact own_premises
    bridge_loan: bool | None = None  # fact bridge_loan
    # fact related_party; also True where an edge ties the company to the fund's manager, gp or investors
    related_party: bool | None = None
    decision_ref: str | None = None  # fact decision_ref, as of the as-of day
    disclosed_on: dt.date | None = None  # fact disclosed_on, as of the as-of day
    support_mode: SupportMode | None = None  # fact deal_support_mode
    lead_ticket: int | None = None  # fact lead_ticket
    priority_company: bool | None = None  # fact priority_company
    project_investment: int | None = None  # fact project_investment
    project_fixed_assets: int | None = None  # fact project_fixed_assets
    project_owner_equity: int | None = None  # fact project_owner_equity
    planned_years: int | None = None  # fact planned_years

    @property
    def is_purchase(self) -> bool:
        return self.kind in (DealKind.INITIAL, DealKind.FOLLOW_ON)


@dataclass(frozen=True)
class HoldingFacts:
    """One fund's position in one company, open or closed."""

    company: str
    cost: int  # postings INVESTMENT: everything ever paid
    # latest mark rolled forward; 0 once exited or written off; None where there is no mark
    value: int | None = None
    proceeds: int = 0  # postings EXIT_PROCEEDS, DIVIDEND
    exited_cost: int = 0  # cost of what was sold or written off
    first_on: dt.date | None = None  # first deal's day
    closed_on: dt.date | None = None  # day of the last exit or write-off, None while open
    route: ExitRoute | None = None  # deal: exit_route of the last exit
    stage: Stage | None = None  # deal: stage of the first deal
    # fact money_place (else registered_place) of the company lies in the province
    local: bool | None = None
    relocated: bool | None = None  # computed: a deal of it has fact reinvest_kind = relocated
    staff_at_entry: int | None = None  # fact staff on the first deal's day
    staff_now: int | None = None  # fact staff
    tax_paid: int | None = None  # fact tax_paid of the last year
    due_diligence: bool = False  # facts due_diligence_doc of its deals: one is recorded


@dataclass(frozen=True)
class ReinvestClaim:
    """A deal claimed as local reinvestment."""

    deal: str  # deal
    investor: str  # fact reinvest_lp
    company: str  # deal: company
    day: dt.date  # entry: effective_on
    kind: ReinvestKind | None = None  # fact reinvest_kind
    amount: int | None = None  # fact reinvest_amount
    factor: Decimal | None = None  # fact reinvest_factor
    evidence: str | None = None  # fact reinvest_evidence


@dataclass(frozen=True)
class TransferFacts:
    """The sale of a government stake: in a fund, or of a company that a public vehicle holds directly."""

    subject: Subject  # the deal; of a stake sold without one, the stake on its day
    fund: str
    seller: str
    day: dt.date | None = None  # entry: effective_on
    price: int | None = None  # postings SECONDARY_PURCHASE, EXIT_PROCEEDS
    cost: int | None = None  # paid-in (or cost) that goes with the stake
    entered_on: dt.date | None = None  # first paid in
    route: ExitRoute | None = None  # deal: exit_route; None for a stake in a fund
    price_basis: PriceBasis | None = None  # fact price_basis
    appraisal_ref: str | None = None  # fact appraisal_ref
    appraisal_on: dt.date | None = None  # fact appraisal_on
    currency: str | None = None  # computed: of the fund
