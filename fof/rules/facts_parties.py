"""Parties as the rules see them: companies, investors and their stakes, managers.

Comments as in fof.rules.facts: `fact x`, `facts x`, `postings X`, `party`, `computed`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from models.kinds import GovernmentLevel, LegalForm, Ownership, PartyKind, Stage
from models.rule_kinds import AssetKind, DeemedQualified, NationalScheme, SeiGroup

PUBLIC_VEHICLES = frozenset({PartyKind.GOVERNMENT, PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND})
"""Investors whose money in a fund is provincial or municipal fiscal money, or a vehicle holding it."""
_HOME = frozenset({"黑龙江", "黑龙江省", "HLJ", "Heilongjiang"})


Facts = TypeVar("Facts")


def with_now(facts: Facts, now: Facts) -> Facts:
    """Facts of an event's day that also know those of the as-of day, for what answers the event afterwards."""
    if facts is now:
        return facts
    copy: Any = object.__new__(type(facts))
    copy.__dict__.update(facts.__dict__, seen_now=now)
    return copy  # type: ignore[no-any-return]


def in_home_province(province: str | None) -> bool | None:
    """True for Heilongjiang however written; None where the province is missing."""
    return None if province is None else province.strip() in _HOME


class Flow(NamedTuple):
    """An amount on a day."""

    day: dt.date
    fen: int
    notice: str = ""  # of a payment into a fund: number of the capital-call notice that its entry names


class Due(NamedTuple):
    """One party's part of one capital-call notice."""

    due_on: dt.date  # notice: due_on
    fen: int  # postings CALL_DUE, CALL_DUE_OUTSIDE
    notice: str = ""  # notice: number
    asked_on: dt.date | None = None  # entry of the notice: effective_on


class LeftOut(NamedTuple):
    """A call that asked the others and not this party."""

    due_on: dt.date  # last due day of the others
    fen: int  # computed: its part of the call by the commitments of that day
    notice: str  # notice: number, the first of the call's
    asked_on: dt.date  # entry of the notice: effective_on
    why: str | None = None  # note of the entry: "default" or "excused"; None: nobody recorded why


class YearFigures(NamedTuple):
    """A company's figures of one fiscal year: the facts whose own day lies in that year."""

    year: int
    staff: int | None = None  # fact staff
    rd_staff: int | None = None  # fact rd_staff
    degree_staff: int | None = None  # fact degree_staff
    technical_graduates: int | None = None  # fact technical_graduates
    revenue: int | None = None  # fact revenue
    costs: int | None = None  # fact costs
    rd_expense: int | None = None  # fact rd_expense
    net_profit: int | None = None  # fact net_profit
    total_assets: int | None = None  # fact total_assets
    net_assets: int | None = None  # fact net_assets
    ip_class_one: int | None = None  # fact ip_class_one
    ip_class_two: int | None = None  # fact ip_class_two


@dataclass(frozen=True)
class CompanyFacts:
    """A company on a day."""

    code: str
    as_of: dt.date
    currency: str | None = None  # fact currency
    founded_on: dt.date | None = None  # fact founded_on
    listed_on: dt.date | None = None  # fact listed_on
    closed_on: dt.date | None = None  # fact closed_on
    industry: str | None = None  # fact industry
    sei_known: bool = False  # whether fact sei_group is recorded at all
    sei_group: SeiGroup | None = None  # fact sei_group, read with SeiGroup.read; None: in no group
    stage: Stage | None = None  # fact stage
    stage_definition: str | None = None  # fact stage, its basis
    resident: bool | None = None  # fact resident
    audited_accounts: bool | None = None  # fact audited_accounts
    claims_st_sme: bool | None = None  # fact st_sme
    high_tech_until: dt.date | None = None  # fact high_tech_until
    banned_field: bool | None = None  # fact banned_field
    serious_incident: bool | None = None  # fact serious_incident
    st_award: bool | None = None  # fact st_award
    rd_body: bool | None = None  # fact rd_body
    standard_lead: bool | None = None  # fact standard_lead
    pre_ipo: bool | None = None  # fact pre_ipo
    publicly_funded_result: bool | None = None  # fact publicly_funded_result
    conversion_due: dt.date | None = None  # fact conversion_due
    converted_on: dt.date | None = None  # fact converted_on
    years: tuple[
        YearFigures, ...
    ] = ()  # oldest first, every year of which something is known on the as-of day

    def year(self, number: int) -> YearFigures | None:
        """The figures of one fiscal year."""
        return next((figures for figures in self.years if figures.year == number), None)

    @property
    def last_year(self) -> YearFigures | None:
        """The last full fiscal year before the as-of day, else the as-of day's own year. Figures of a year before the
        last two say nothing about a company of today: None."""
        closed = [figures for figures in self.years if figures.year < self.as_of.year]
        last = closed[-1] if closed else self.year(self.as_of.year)
        return last if last is not None and last.year >= self.as_of.year - 2 else None


@dataclass(frozen=True)
class InvestorFacts:
    """A party that holds, or held, a stake in a fund."""

    code: str
    kind: PartyKind | None = None  # party: kind
    government_level: GovernmentLevel | None = None  # fact government_level
    ownership: Ownership | None = None  # fact ownership
    province: str | None = None  # fact province
    legal_form: LegalForm | None = None  # fact legal_form
    amac_id: str | None = None  # fact amac_id
    st_guidance_fund: bool = False  # fact st_guidance_fund
    national_scheme: NationalScheme | None = None  # fact national_scheme
    currency: str | None = None  # fact currency
    net_assets: int | None = None  # fact net_assets
    financial_assets: int | None = None  # fact financial_assets
    average_income: int | None = None  # fact average_income
    wealth_evidence_on: dt.date | None = None  # fact wealth_evidence_on
    asset_proof: tuple[tuple[AssetKind, int], ...] | None = None  # fact asset_proof, each code "kind:fen"
    deemed: DeemedQualified | None = None  # fact deemed_qualified
    employer: str | None = None  # fact employer
    members: tuple[InvestorFacts, ...] | None = None  # fact conduit_members, each gathered like an investor

    @property
    def is_conduit(self) -> bool:
        """A partnership or contract vehicle that is not filed and not deemed qualified (looked through, QI-04)."""
        pooled = self.legal_form in (LegalForm.LIMITED_PARTNERSHIP, LegalForm.CONTRACT)
        return pooled and self.amac_id is None and self.deemed is None and self.kind not in PUBLIC_VEHICLES


@dataclass(frozen=True)
class StakeFacts:
    """One investor in one fund."""

    investor: InvestorFacts
    committed: int | None = None  # postings COMMITMENT, COMMITMENT_REDUCTION, COMMITMENT_TRANSFER: balance
    first_committed_on: dt.date | None = None  # postings COMMITMENT, COMMITMENT_TRANSFER: first day
    last_committed_on: dt.date | None = None  # the same kinds: last day
    first_committed: int | None = None  # the same kinds: balance on the first day; None: as `committed`
    # computed: the investor with the proof of wealth that stood behind its first commitment (a later proof is about
    # a later stake); None: as `investor`
    investor_then: InvestorFacts | None = None
    is_gp: bool = False  # fact gp of the fund names this investor
    in_kind: bool | None = (
        None  # True: a posting CONTRIBUTION_IN_KIND, or a payment's document says so (fof.book.paid_in_kind); None: neither
    )
    dues: tuple[Due, ...] = ()  # postings CALL_DUE, CALL_DUE_OUTSIDE with the notice's due_on
    paid: tuple[
        Flow, ...
    ] = ()  # postings with Treatment.paid_in = 1 (paid_in = -1 as negative fen), in day order
    received: tuple[Flow, ...] = ()  # postings with Treatment.distributed = 1
    # computed: part of the investor that is in-province government money
    government_part: Fraction | None = None
    # computed: further part held by in-province state companies (fof.book.owners)
    state_part: Fraction | None = None
    # computed: the same two parts for governments of every level and place, and state companies anywhere
    government_anywhere: Fraction | None = None
    state_anywhere: Fraction | None = None
    # postings PAID_IN_TRANSFER and DISTRIBUTED_TRANSFER to this stake less those from it: a stake that was bought or sold
    paid_in_moved: int = 0
    distributed_moved: int = 0
    # computed: the share that is declared of a party that has no promise in the book (any more), now and when it began;
    # then no amount of the stake is known. None: the stake is one of commitments
    declared: Fraction | None = None
    first_declared: Fraction | None = None
    # computed: of who is deemed qualified as staff, the employment at the fund's manager or general partner on the day it joined (its
    # code), and whether it meets CI-05; False too where such employments are recorded and none covers that day
    employment: str | None = None
    formally_employed: bool | None = None
    # computed, of FundFacts.made: parties that succeeded one another stand behind the stake, each with its own part of it
    shared: bool = False

    @property
    def now(self) -> StakeFacts:
        """The stake on the as-of day; itself unless an event rule that names later facts is judged."""
        return self.__dict__.get("seen_now", self)  # type: ignore[no-any-return]

    @property
    def ticket(self) -> int | None:
        """What the investor joined with."""
        return self.committed if self.first_committed is None else self.first_committed

    @property
    def on_entry(self) -> InvestorFacts:
        """The investor as it was proved to be when it joined."""
        return self.investor_then or self.investor

    @cached_property
    def paid_in(self) -> int:
        return sum(flow.fen for flow in self.paid)

    @property
    def is_public(self) -> bool:
        return self.investor.kind in PUBLIC_VEHICLES


@dataclass(frozen=True)
class ManagerFacts:
    """A fund's manager (fact manager).

    later : of a manager as of the day it was selected: attributes not known for that day, taken as first known later
    """

    code: str
    province: str | None = None  # fact province
    paid_in_capital: int | None = None  # fact paid_in_capital
    amac_manager_id: str | None = None  # fact amac_manager_id
    registered_on: dt.date | None = None  # fact manager_registered_on
    first_fund_filed_on: dt.date | None = None  # fact first_fund_filed_on
    team_with_3_years: int | None = None  # fact team_with_3_years
    executives_with_2_years: int | None = None  # fact executives_with_2_years
    managed_paid_in: int | None = None  # fact managed_paid_in
    clean_record: bool | None = None  # fact clean_record
    # computed: kind, ownership or owners make it a state company; None where none of them is recorded
    state_owned: bool | None = None
    later: tuple[str, ...] = ()
