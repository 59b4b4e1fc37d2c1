"""What the rules of staff co-investment judge: stakes, projects, plans, vehicles, institutions and people, frozen.

Each field that has the name of an attribute (models.facts_coinvest) is that attribute, in force on the event's day: of a
stake and a project the day the institution first paid into the round, unless the field says otherwise. None means that
nobody recorded it, and makes a rule answer UNKNOWN; `denied` names what the institution answered does not exist, which is
a failure of the limb that needs it. Money is whole fen, parts of a payment are exact fractions of fen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

from fof.rules.likeness import Likeness
from models.coinvest import (
    AppointedBy,
    CapBase,
    EvidenceItem,
    KinshipKind,
    LagUnit,
    LateEffect,
    LeaverKind,
    LeaverPrice,
    MoneySource,
    PaymentLeg,
    PlanMode,
    ReviewOutcome,
    RoleClass,
    RosterChoice,
    SideTerm,
    StaffContract,
    TeamRole,
    TieKind,
    Voting,
)
from models.kinds import LegalForm, Ownership, PartyKind

Denied = frozenset[str]
"""Names of inputs that the institution answered do not exist."""


@dataclass(frozen=True)
class PlanFacts:
    """A co-investment plan as its version of a day has it."""

    code: str
    institution: str | None
    first_day: dt.date  # of its first version
    plan_version: str | None = None
    plan_mode: PlanMode | None = None
    eligible_roles: tuple[RoleClass, ...] | None = None
    basis_doc: str | None = None
    board_approved_on: dt.date | None = None
    party_committee_approved_on: dt.date | None = None
    plan_filed_on: dt.date | None = None
    pilot_exemption_ref: str | None = None
    pilot_exemption_until: dt.date | None = None
    leaders_consent_ref: str | None = None
    total_cap: Decimal | None = None
    total_cap_base: CapBase | None = None
    total_floor: Decimal | None = None
    equity_cap: Decimal | None = None
    person_cap: Decimal | None = None
    pay_multiple_cap: Decimal | None = None
    deal_team_floor: Decimal | None = None
    yearly_quota: int | None = None
    payment_lag: int | None = None
    payment_lag_unit: LagUnit | None = None
    late_effect: LateEffect | None = None
    follow_on_allowed: bool | None = None
    committee_vote_allowed: bool | None = None
    publicity_days_min: int | None = None
    lock_months: int | None = None
    leaver_months: int | None = None
    promotion_months: int | None = None
    leaver_price: LeaverPrice | None = None
    exit_tolerance: Decimal | None = None
    exit_tolerance_days: int | None = None
    denied: Denied = frozenset()


@dataclass(frozen=True)
class SpellFacts:
    """One spell of a person's employment at an institution, as of a day."""

    code: str
    employer: str
    employed_from: dt.date | None = None
    employed_until: dt.date | None = None
    leaver_kind: LeaverKind | None = None
    staff_contract: StaffContract | None = None
    contract_from: dt.date | None = None
    contract_until: dt.date | None = None
    insured_from: dt.date | None = None
    insured_until: dt.date | None = None
    role_class: RoleClass | None = None
    annual_pay: int | None = None
    appointed_by: AppointedBy | None = None
    technical_staff: bool | None = None
    technical_approval_ref: str | None = None
    roles: tuple[tuple[dt.date, RoleClass], ...] = ()  # every change up to the as-of day


class PaymentFacts(NamedTuple):
    """A payment of staff money as it was booked."""

    code: str
    day: dt.date
    leg: PaymentLeg | None
    fen: int
    payer: str
    payee: str
    payment_shares: Decimal | None = None
    payment_fees: int | None = None
    payment_share_class: str | None = None
    money_source: MoneySource | None = None
    money_proof: str | None = None
    account_holder: str | None = None
    money_lender: str | None = None
    lender_is_related: bool | None = (
        None  # the institution, the investee or a company that trades with the institution
    )
    exit_deal: str | None = None
    denied: Denied = frozenset()


@runtime_checkable
class TermsOfDay(Protocol):
    """Facts of an event under terms of its own day that may have changed since."""

    def under_todays_terms(self) -> object:
        """The same event under the terms of the as-of day; itself where they are those of its own day."""


class EntryTranche(NamedTuple):
    """A payment into the company: of the institution's side, or a stake's part of one."""

    code: str
    day: dt.date
    fen: Fraction
    fees: Fraction | None = None
    shares: Fraction | None = None
    share_class: str | None = None
    price: Fraction | None = (
        None  # fen a share after fees, where the payment it is a part of was divided already
    )
    unit: Fraction | None = None  # fen a share before fees, likewise


class SaleFacts(NamedTuple):
    """Part of a holding that was sold."""

    code: str
    day: dt.date
    share: Fraction | None  # of the holding before the sale
    price: Fraction | None  # fen a share
    fen: Fraction | None = None
    sold: Fraction | None = None  # shares


class JointExit(NamedTuple):
    """An exit of the institution and what the stake sold with it; either may be None."""

    institution: SaleFacts | None
    staff: SaleFacts | None


class RosterFacts(NamedTuple):
    """A person's place on the roster of a project."""

    code: str
    person: str
    team_role: TeamRole | None = None
    choice: RosterChoice | None = None
    chosen_on: dt.date | None = None
    participation_waiver_ref: str | None = None
    joined: int | None = None  # fen that the person's stake paid in, None where there is no stake
    role_class: RoleClass | None = None
    annual_pay: int | None = None


class BallotFacts(NamedTuple):
    """What a member of the committee did about a project."""

    code: str
    person: str
    holds_stake: bool
    attended: bool | None = None
    interest_disclosed: bool | None = None
    recused: bool | None = None
    voted: bool | None = None


class DeclarationFacts(NamedTuple):
    """What a person declared about a project."""

    code: str
    declared_on: dt.date | None = None
    conflict_declared: bool | None = None
    reviewed_on: dt.date | None = None
    review_outcome: ReviewOutcome | None = None


class TieFacts(NamedTuple):
    """Trade of the investee with the institution."""

    code: str
    tie: TieKind | None
    tie_from: dt.date | None
    tie_until: dt.date | None
    years: tuple[tuple[int, int | None, int | None, int | None, int | None], ...] = ()
    # (year, related revenue, revenue, related profit, profit) of the company


class KinFacts(NamedTuple):
    """A relative of a person, and what he or she is to the institution and the investee."""

    code: str
    relative: str
    kinship: KinshipKind | None
    holds_in_plan: bool = False
    employed_by_investee: bool = False
    founder_of_investee: bool = False


class IncidentFacts(NamedTuple):
    """A leak."""

    code: str
    leaked_on: dt.date | None
    incident_cleared_on: dt.date | None


class NomineeFacts(NamedTuple):
    """An agreement to hold for another."""

    code: str
    holder: str | None
    beneficiary: str | None
    nominee_from: dt.date | None
    nominee_until: dt.date | None


class StaffYear(NamedTuple):
    """A year of an institution's projects, by the year of their first payment."""

    year: int
    eligible: int  # projects open to staff
    joined: int  # of these, or of others, that staff joined
    offered: tuple[tuple[RoleClass, int, int], ...]  # group, places on rosters, of these paid in
    staff: int  # fen that staff paid into companies
    ticket: int  # fen of the institution in the projects that staff joined
    largest: (
        Fraction | None
    )  # largest part of a company that one person bought; None where shares are missing
    price_apart: Fraction | None  # largest |staff price ÷ institution's − 1|; None where a price is missing
    lag: int | None  # most days from a payment of the institution to the next of staff that follows it
    evidence: Fraction | None  # items of CI-31 that are there over those that apply


@dataclass(frozen=True)
class InstitutionFacts:
    """A state venture firm on the as-of day."""

    code: str
    ownership: Ownership | None = None
    firm_level_holding: bool | None = None
    external_revenue_share: Decimal | None = None
    external_profit_share: Decimal | None = None
    state_share: Fraction | None = None  # computed: of its declared owners
    largest_is_state: bool | None = None
    non_public_share: Fraction | None = None
    staff_holdings: tuple[
        tuple[str, dt.date, Fraction], ...
    ] = ()  # person, since, share, at the firm's own level
    listed_on: dt.date | None = None
    years: tuple[StaffYear, ...] = ()
    denied: Denied = frozenset()


@dataclass(frozen=True)
class VehicleFacts:
    """A staff vehicle on the as-of day."""

    code: str
    institution: str | None
    kind: PartyKind | None = None
    legal_form: LegalForm | None = None
    gp: str | None = None
    gp_is_state_owned: bool | None = None
    vehicle_sponsor: str | None = None
    vehicle_voting: Voting | None = None
    vehicle_board_seats: int | None = None
    partners: tuple[str, ...] = ()
    partners_known: bool = False  # whether any ownership of it is recorded
    outsiders: tuple[
        str, ...
    ] = ()  # partners without an employment at the institution on the day they came in
    plans: tuple[PlanFacts, ...] = ()  # of the stakes held through it, on the day of the first
    first_day: dt.date | None = None  # of its first payment
    fen: int = 0  # paid into companies
    denied: Denied = frozenset()


@dataclass(frozen=True)
class ProjectFacts:
    """A project that staff joined or were offered: a round of the institution's in a company."""

    deal: str
    company: str
    institution: str | None
    day: dt.date  # the institution's first payment into the round
    plan: PlanFacts | None = None  # of the stakes, as of `day`
    plan_today: PlanFacts | None = None
    is_first_round: bool | None = None  # no earlier money of the institution or of a vehicle it manages
    tranches: tuple[EntryTranche, ...] = ()  # the institution's
    ticket: int = 0  # fen, all tranches up to the as-of day
    staff: int = 0  # fen that staff money paid into the company in the round
    round_total: int | None = None
    round_shares: Decimal | None = None
    total_shares_after: Decimal | None = None
    staff_shares: Fraction | None = None  # shares that staff money bought
    deal_share_class: str | None = None
    deal_side_terms: tuple[SideTerm, ...] | None = None
    coinvest_eligible: bool | None = None
    signed_on: dt.date | None = None
    met_on: dt.date | None = None  # committee
    minutes_ref: str | None = None
    ballots: tuple[BallotFacts, ...] = ()
    roster: tuple[RosterFacts, ...] = ()
    has_stakes: bool = False
    insiders: tuple[
        str, ...
    ] = ()  # participants who are insiders of the institution (executives, their kin, vehicles)
    insiders_known: bool | None = None
    institution_ownership: Ownership | None = None
    deal_consent_ref: str | None = None
    board_resolution_ref: str | None = None
    publicity_from: dt.date | None = None
    publicity_until: dt.date | None = None
    publicity_days: int | None = None  # computed: working days from the first to the last
    coinvest_filed_on: dt.date | None = None
    appraisal_ref: str | None = None
    appraisal_on: dt.date | None = None
    appraisal_filing_ref: str | None = None
    denied: Denied = frozenset()

    @cached_property
    def roster_by_person(self) -> Mapping[str, RosterFacts]:
        """The first line of the roster of each person."""
        return {line.person: line for line in reversed(self.roster)}

    def under_todays_terms(self) -> ProjectFacts:
        """The same event under the plan as it stands on the as-of day; itself where the plan has not changed."""
        return self._today

    @cached_property
    def _today(self) -> ProjectFacts:
        return self if self.plan == self.plan_today else replace(self, plan=self.plan_today)


@dataclass(frozen=True)
class StaffStakeFacts:
    """One person's stake in one project."""

    code: str
    person: str
    institution: str | None
    project: ProjectFacts | None
    day: (
        dt.date | None
    )  # the event's day: of the institution's first payment, else of the stake's own first one
    as_of: dt.date
    vehicle: str | None = None
    plan: PlanFacts | None = None  # named by the stake, as of `day`
    plan_today: PlanFacts | None = None
    spell: SpellFacts | None = None  # at the institution, on `day`
    spells_known: bool = False  # whether any employment of the person at the institution is recorded
    last_spell: SpellFacts | None = None  # the last one up to the as-of day, as of that day
    payments: tuple[PaymentFacts, ...] = ()  # the person's own, up to the as-of day
    tranches: tuple[EntryTranche, ...] = ()  # the stake's part of what went into the company
    paid_in: int = 0  # fen the person paid
    shares: Fraction | None = None  # bought in all
    stake_share_class: str | None = None
    stake_side_terms: tuple[SideTerm, ...] | None = None
    no_side_terms: bool | None = None
    no_nominee: bool | None = None
    stake_tax_deduction: bool | None = None
    nominees: tuple[NomineeFacts, ...] = ()
    declarations: tuple[DeclarationFacts, ...] = ()
    roster: RosterFacts | None = None
    ballots: tuple[BallotFacts, ...] = ()
    kin: tuple[KinFacts, ...] = ()
    ties: tuple[TieFacts, ...] = ()  # of the investee with the institution
    ties_known: bool = False  # whether the institution recorded any business tie at all
    incidents: tuple[IncidentFacts, ...] = ()
    is_state_representative: bool | None = None
    is_founder_of_investee: bool | None = None
    employed_by_investee: bool = False
    related_share_of_investee: tuple[
        tuple[dt.date, Fraction], ...
    ] = ()  # institution and its related parties
    exits: tuple[JointExit, ...] = ()
    transfers: tuple[PaymentFacts, ...] = ()  # of the stake to another, or parts of it
    held: Fraction | None = None  # part of the shares bought that the stake still has on the as-of day
    transferee_is_state: bool | None = None
    audited_net_assets_per_share: Decimal | None = None  # of the investee, last before the transfer
    evidence: frozenset[EvidenceItem] = frozenset()  # provided, and fitting the stake
    evidence_untold: frozenset[EvidenceItem] = frozenset()  # provided, undated where a day decides
    evidence_denied: frozenset[EvidenceItem] = frozenset()  # answered that it does not exist
    denied: Denied = frozenset()
    likeness: ClassVar[Likeness | None] = None
    """What it has in common with others (fof.audit.coinvestment.alike_stakes); None: something of its own, or not looked for."""

    def under_todays_terms(self) -> StaffStakeFacts:
        """The same event under the plan as it stands on the as-of day; itself where the plan has not changed."""
        return self._today

    @cached_property
    def _today(self) -> StaffStakeFacts:
        return self if self.plan == self.plan_today else replace(self, plan=self.plan_today)


@dataclass(frozen=True)
class ParticipationFacts:
    """A person's record over the projects that were open while he or she worked at an institution, to the as-of day."""

    person: str
    institution: str
    as_of: dt.date
    projects: tuple[RosterFacts, ...] = ()  # eligible ones, by day
    plans: tuple[PlanFacts | None, ...] = ()  # of each project, as of its day
    days: tuple[dt.date, ...] = ()  # of each project
    met_on: tuple[dt.date | None, ...] = ()
    mandatory: tuple[bool | None, ...] = ()  # whether the person had to join it
    # at the institution's own level: from, until (None: still held), share in it, by day
    firm_holdings: tuple[tuple[dt.date, dt.date | None, Fraction], ...] = ()
    firm_listed_on: dt.date | None = None
    leads: bool | None = None  # director or executive of the institution
    denied_of: tuple[
        Denied, ...
    ] = ()  # of each project: answered of the person's stake in it, of any of the person's where there is none
    denied: Denied = frozenset()  # answered of any of the person's stakes

    def denied_at(self, place: int) -> Denied:
        """What was answered not to exist of a project, by its place among the projects."""
        return self.denied_of[place] if self.denied_of else self.denied

    def plan_at(self, place: int) -> PlanFacts | None:
        """The plan of a project as of its day; None where none was in force."""
        return self.plans[place] if self.plans else None


@dataclass(frozen=True)
class CoinvestmentFacts:
    """Everything about co-investment on a day."""

    plans: tuple[PlanFacts, ...] = ()
    projects: tuple[ProjectFacts, ...] = ()
    stakes: tuple[StaffStakeFacts, ...] = ()
    vehicles: tuple[VehicleFacts, ...] = ()
    institutions: tuple[InstitutionFacts, ...] = ()
    participation: tuple[ParticipationFacts, ...] = field(default=())
