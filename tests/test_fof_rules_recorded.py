"""For each rule, every way in which what it asks for can be recorded in the book; each way is recorded and gathered.

inputs.toml says which fields each rule asks its facts for. A field is either an attribute of the same name (all of them are
stated and gathered below), or has its ways in WAYS: what is booked about the n-th office of one book, and what the field is
then; without it the field is something else. A field without an entry fails, and a way that changes nothing. What verdicts
follow is held by tests/test_fof_audit_recorded.py; the rules of staff co-investment are recorded in whole registers
(tests/second/institutions.py), each of them both broken and nearly broken.
"""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from second import institutions
from second.institutions import PLANTS

from fof.audit import deals, funds, parties
from fof.audit.auditor import auditor_of
from fof.calendar import published
from fof.db import Database
from fof.rules.facts import Filing, FilingKind, FundFacts
from fof.rules.facts_parties import Due, Flow
from fof.rules.inputs import KNOWN, declared
from fof.rules.registry import RULES
from models import kinds, rule_kinds
from models.fact_specs import FactType
from models.facts import FACTS
from models.facts_industries import strategic_name
from models.journal import Deal, Edge, Fact, Party, Posting
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.rows import Identity, SubjectFact, SubjectLink
from models.subjects import LinkRole, SubjectKind, address_of
from tests.conftest import Clerk

DAY = dt.date.fromisoformat
AS_OF = "2024-06-30"
NOT_PUBLISHED = max(published().notices) + 1
KINDS = {
    "F": "sub_fund",
    "P": "parent_fund",
    "G": "guidance_fund",
    "V": "guidance_fund",
    "I": "social_investor",
    "J": "social_investor",
    "C": "company",
    "D": "company",
    "M": "manager",
    "S": "state_investor",
    "N": "national_fund",
    "O": "government",
    "B": "bank",
}
"""The parties of each office: its letter with the number of the way behind it."""


class Desk:
    """Books about the office of one way; parties by their letter."""

    def __init__(self, clerk: Clerk, number: int) -> None:
        self.clerk, self.number = clerk, number

    def code(self, letter: str) -> str:
        return f"{letter}{self.number}"

    def named(self, text: str) -> str:
        """A text with the office's number where it names one of its parties."""
        return text.format(self.number)

    def fact(
        self, letter: str, name: str, value: str, day: str = "2016-01-01", basis: str | None = None
    ) -> None:
        self.clerk.rows(
            EntryKind.TERMS,
            day,
            lambda v: [Fact(v.party(self.code(letter)).id, None, name, self.named(value), basis)],
        )

    def promise(self, who: str = "I", yuan: float = 40, day: str = "2016-01-01", fund: str = "F") -> None:
        self.pay(K.COMMITMENT, who, fund, yuan, day, fund, entry=EntryKind.COMMITMENT)

    def pay(
        self, kind: K, frm: str, to: str, yuan: float, day: str = "2017-01-01", fund: str = "F", **more: Any
    ) -> None:
        self.clerk.pay(kind, self.code(frm), self.code(to), yuan, day, fund=self.code(fund), **more)

    def paid_with(self, who: str, yuan: float, document: str) -> None:
        """A payment of a call whose document says how it was paid."""
        investor, fund = self.code(who), self.code("F")
        self.clerk.book(
            EntryKind.CALL_PAYMENT,
            "2017-01-01",
            lambda view, _: (
                [
                    Posting(
                        int(K.CALL_INVESTMENT),
                        view.party(investor).id,
                        view.party(fund).id,
                        view.party(fund).id,
                        None,
                        None,
                        round(yuan * 100),
                    )
                ],
                [],
            ),
            note=document,
        )

    def move(self, day: str, *rows: tuple[K, str, str, float], **more: Any) -> None:
        own = [(kind, self.code(frm), self.code(to), yuan) for kind, frm, to, yuan in rows]
        self.clerk.pay_many(day, own, fund=self.code("F"), **{"entry": EntryKind.COMMITMENT_TRANSFER, **more})

    def edge(
        self, owner: str, owned: str, share: float, basis: str = "equity", until: str | None = None
    ) -> None:
        end = None if until is None else DAY(until)
        self.clerk.rows(
            EntryKind.OWNERSHIP,
            "2016-01-01",
            lambda v: [
                Edge(
                    v.party(self.code(owner)).id, v.party(self.code(owned)).id, round(share * 1e9), basis, end
                )
            ],
        )

    def deal(
        self,
        kind: str = "initial",
        yuan: float = 10,
        day: str = "2017-01-01",
        fund: str = "F",
        company: str = "C",
        **more: Any,
    ) -> int:
        return self.clerk.deal(self.code(fund), self.code(company), kind, yuan, day, **more)

    def of_deal(self, entry: int, name: str, value: str, day: str = "2017-01-01") -> None:
        number = next(d.row.id for d in self.clerk.view("2030-01-01").deals if d.entry == entry)
        self.clerk.rows(EntryKind.TERMS, day, lambda _: [Fact(None, number, name, value)])

    def mark(
        self, holder: str, holding: str, yuan: float, day: str = "2018-12-31", method: str = "reported_nav"
    ) -> None:
        self.clerk.mark(self.code(holder), self.code(holding), yuan, day, method)

    def shares(self, view: Any, number: int) -> Any:
        """An exit in kind with what it hands to the investor."""
        fund, company, investor = (view.party(self.code(letter)).id for letter in "FCI")
        deal = Deal(number, f"kind-{number}", fund, company, "exit", exit_route="in_kind")
        return [Posting(int(K.DISTRIBUTION_IN_KIND), fund, investor, fund, number, None, 300)], [deal]

    def brought(self, view: Any, number: int) -> Any:
        """A deal of the fund that the investor pays in with shares of the company at 10."""
        fund, company, investor = (view.party(self.code(letter)).id for letter in "FCI")
        deal = Deal(number, f"brought-{number}", fund, company, "initial", share_nano=10**7)
        return [Posting(int(K.CONTRIBUTION_IN_KIND), investor, fund, fund, number, None, 1000)], [deal]

    def asked(self, who: str, yuan: float, number: str = "1", kind: K = K.CALL_DUE) -> None:
        self.move(
            "2017-03-01",
            (kind, who, "F", yuan),
            entry=EntryKind.CAPITAL_CALL,
            notice=("capital_call", number, "2017-03-31"),
        )


class Way(NamedTuple):
    """One way of recording what a field tells. expected: the field's value then."""

    field: str
    name: str
    record: Callable[[Desk], Any]
    expected: Any


WAYS: list[Way] = []


def way(field: str, name: str, expected: Any, *record: Callable[[Desk], Any]) -> None:
    """A way in several steps. A field that is several classes' is named once for each."""
    WAYS.append(Way(field, name, lambda d: [step(d) for step in record], expected))


def _deal(**more: Any) -> Callable[[Desk], Any]:
    return lambda d: d.deal(**more)


def _of_deal(name: str, value: str, day: str = "2017-01-01", **more: Any) -> Callable[[Desk], Any]:
    return lambda d: d.of_deal(d.deal(**more), name, value, day)


def _fact(
    letter: str, name: str, value: str, day: str = "2016-01-01", basis: str | None = None
) -> Callable[[Desk], Any]:
    return lambda d: d.fact(letter, name, value, day, basis)


def _pay(*args: Any, **more: Any) -> Callable[[Desk], Any]:
    return lambda d: d.pay(*args, **more)


def _promise(*args: Any, **more: Any) -> Callable[[Desk], Any]:
    return lambda d: d.promise(*args, **more)


def _edge(*args: Any, **more: Any) -> Callable[[Desk], Any]:
    return lambda d: d.edge(*args, **more)


def _mark(*args: Any, **more: Any) -> Callable[[Desk], Any]:
    return lambda d: d.mark(*args, **more)


def _move(*args: Any, **more: Any) -> Callable[[Desk], Any]:
    return lambda d: d.move(*args, **more)


def _party(letter: str) -> Callable[[Desk], str]:
    return lambda d: d.code(letter)


def _brought(d: Desk) -> None:
    """Shares of the company that the investor pays in with, at 10."""
    d.promise()
    d.clerk.book(EntryKind.CALL_PAYMENT, "2017-01-01", lambda v, ids: d.brought(v, ids.deal()))


def _hired(**stated: str) -> Callable[[Desk], Any]:
    """The investor, deemed qualified as staff, in an employment of the fund's manager with some attributes."""

    def record(d: Desk) -> None:
        def rows(view: Any, ids: Any) -> Any:
            number = ids.subject()
            ends = {LinkRole.PERSON: "I", LinkRole.EMPLOYER: "M"}
            links = [SubjectLink(number, r.value, party=view.party(d.code(x)).id) for r, x in ends.items()]
            kind = SubjectKind.EMPLOYMENT.value
            facts = [
                SubjectFact(kind, None, None, None, number, None, name, text) for name, text in stated.items()
            ]
            return [], [Identity(number, kind, f"RZ{d.number}"), *links, *facts]

        d.fact("F", "manager", "M{}")
        d.fact("I", "deemed_qualified", "manager_staff")
        d.clerk.book(EntryKind.COINVESTMENT, "2015-06-01", rows)
        d.promise()

    return record


def flow(day: str, fen: int, notice: str = "") -> Flow:
    return Flow(DAY(day), fen, notice)


# -- companies ----------------------------------------------------------------------------------------------------------

way("CompanyFacts.claims_st_sme", "attribute st_sme", True, _fact("C", "st_sme", "yes"))
way("CompanyFacts.sei_group", "attribute", rule_kinds.SeiGroup.BIOTECH, _fact("C", "sei_group", "biotech"))
way("CompanyFacts.sei_known", "a group that is none of them", True, _fact("C", "sei_group", "none"))
way(
    "CompanyFacts.sei_group",
    "the table of industries",
    rule_kinds.SeiGroup.BIOTECH,
    _fact("C", "industry", "B0610"),
    lambda d: d.clerk.rows(
        EntryKind.SETTING,
        "2016-01-01",
        lambda _: [SubjectFact(*address_of(("office",)), strategic_name(rule_kinds.SeiGroup.BIOTECH), "B06")],
    ),
)
way(
    "CompanyFacts.stage_definition",
    "basis of the stage",
    "口径一",
    _fact("C", "stage", "seed", basis="口径一"),
)
for _name in parties.YEARLY:
    way(f"YearFigures.{_name}", "attribute of the year", 7, _fact("C", _name, "7", "2023-12-31"))

# -- deals --------------------------------------------------------------------------------------------------------------

way(
    "DealFacts.certified_until",
    "attribute of the company",
    DAY("2020-01-01"),
    _fact("C", "high_tech_until", "2020-01-01"),
    _deal(),
)
way("DealFacts.company", "deal", _party("C"), _deal())
way(
    "DealFacts.company_cost", "earlier deal", 1500, _deal(), _deal(kind="follow_on", yuan=5, day="2018-01-01")
)
way(
    "DealFacts.company_cost",
    "deal of what it succeeded",
    1500,
    _deal(fund="G", day="2016-06-01"),
    _fact("F", "successor_of", "G{}", "2016-12-31"),
    _deal(kind="follow_on", yuan=5),
)
way(
    "DealFacts.company_cost",
    "the company under another code",
    1500,
    _fact("C", "uscc", "91230100DEM{:07d}"),
    _fact("D", "uscc", "91230100DEM{:07d}"),
    _deal(company="D", day="2016-06-01"),
    _deal(kind="follow_on", yuan=5),
)
way(
    "DealFacts.company_cost",
    "the company it succeeded",
    1500,
    _fact("C", "successor_of", "D{}"),
    _deal(company="D", day="2016-06-01"),
    _deal(kind="follow_on", yuan=5),
)
way(
    "DealFacts.decision_ref",
    "attribute, recorded later",
    "决议",
    _of_deal("decision_ref", "决议", "2018-01-01"),
)
way(
    "DealFacts.disclosed_on",
    "attribute, recorded later",
    DAY("2018-01-01"),
    _of_deal("disclosed_on", "2018-01-01", "2018-01-01"),
)
way("DealFacts.fen", "payment for an investment", 1000, _deal())
way("DealFacts.fen", "contributed in kind by an investor", 1000, _brought)
way(
    "DealFacts.company_cost",
    "contributed in kind, and a later deal",
    1500,
    _brought,
    _deal(kind="follow_on", yuan=5, day="2018-01-01"),
)
way("DealFacts.fen", "proceeds of an exit", 300, _deal(day="2016-06-01"), _deal(kind="exit", yuan=3))
way("DealFacts.fen", "nothing for a write-off", 0, _deal(day="2016-06-01"), _deal(kind="write_off"))
way(
    "DealFacts.group_cost",
    "affiliate by an ownership edge",
    1500,
    _edge("C", "D", 0.3),
    _deal(company="D", day="2016-06-01"),
    _deal(yuan=5),
)
way(
    "DealFacts.group_cost",
    "affiliate by group head",
    1500,
    _fact("C", "group_head", "D{}"),
    _deal(company="D", day="2016-06-01"),
    _deal(yuan=5),
)
way(
    "DealFacts.group_cost",
    "common controller",
    1500,
    _edge("J", "C", 0.6),
    _edge("J", "D", 0.6),
    _deal(company="D", day="2016-06-01"),
    _deal(yuan=5),
)
way("DealFacts.industry", "attribute of the company", "C39", _fact("C", "industry", "C39"), _deal())
way("DealFacts.instrument", "deal", kinds.Instrument.LOAN, _deal(instrument="loan"))
way("DealFacts.kind", "deal", kinds.DealKind.FOLLOW_ON, _deal(kind="follow_on"))
way("DealFacts.listed_at_entry", "attribute of the deal", True, _of_deal("listed_at_entry", "yes"))
way(
    "DealFacts.listed_at_entry",
    "listing of the company",
    True,
    _fact("C", "listed_on", "2015-01-01"),
    _deal(),
)
way("DealFacts.listed_then", "attribute of the deal", True, _of_deal("listed_at_entry", "yes"))
way("DealFacts.listed_then", "listing of the company", True, _fact("C", "listed_on", "2015-01-01"), _deal())
way("DealFacts.post_money", "deal", 99, _deal(post_money=99))
way("DealFacts.related_party", "attribute of the deal", True, _of_deal("related_party", "yes"))
way(
    "DealFacts.related_party",
    "share of the manager",
    True,
    _fact("F", "manager", "M{}"),
    _edge("M", "C", 0.01),
    _deal(),
)
way(
    "DealFacts.related_party",
    "share of an investor's group",
    True,
    _promise(),
    _edge("I", "D", 0.6),
    _edge("D", "C", 0.05),
    _deal(),
)
way(
    "DealFacts.related_party",
    "group of the general partner",
    True,
    _fact("F", "gp", "J{}"),
    _fact("C", "group_head", "J{}"),
    _deal(),
)
way("DealFacts.round", "deal", "B轮", _deal(round="B轮"))
way(
    "DealFacts.sei_group",
    "attribute of the company",
    rule_kinds.SeiGroup.BIOTECH,
    _fact("C", "sei_group", "biotech"),
    _deal(),
)
way("DealFacts.sei_known", "attribute of the company", True, _fact("C", "sei_group", "none"), _deal())
way("DealFacts.stage", "deal", kinds.Stage.SEED, _deal(stage="seed"))
way("DealFacts.stage_definition", "deal", "口径二", _deal(stage="seed", stage_definition="口径二"))
way(
    "DealFacts.support_mode",
    "attribute deal_support_mode",
    kinds.SupportMode.FOLLOW_ON,
    _of_deal("deal_support_mode", "follow_on"),
)
way(
    "DealFacts.unlisted_two_years",
    "listing within two years",
    False,
    _fact("C", "listed_on", "2018-01-01", "2018-01-01"),
    _deal(),
)
way(
    "FundThen.committed", "commitments of the day", 4000, _promise(), _promise("J", day="2018-01-01"), _deal()
)
way(
    "FundThen.paid_in",
    "payments up to the day",
    700,
    _promise(),
    _pay(K.CALL_INVESTMENT, "I", "F", 7, "2016-06-01"),
    _pay(K.CALL_INVESTMENT, "I", "F", 9, "2018-06-01"),
    _deal(),
)
way(
    "FundThen.schemes",
    "scheme of an investor",
    frozenset({rule_kinds.NationalScheme.SME_FUND}),
    _fact("N", "national_scheme", "sme_fund"),
    _promise("N"),
    _deal(),
)
way("FundThen.government_money", "promise of a government", True, _promise("O"), _deal())
way("FundThen.government_money", "promise of a guidance fund", True, _promise("G"), _deal())
way("FundThen.government_money", "promise of a parent fund", True, _promise("P"), _deal())
way("FundThen.government_money", "declared share of a government", True, _edge("O", "F", 0.1), _deal())
way("FundThen.government_money", "declared share of a guidance fund", True, _edge("G", "F", 0.1), _deal())
way("FundThen.government_money", "declared share of a parent fund", True, _edge("P", "F", 0.1), _deal())
way(
    "FundThen.government_money",
    "stake bought by a government",
    True,
    _promise(day="2016-01-01"),
    _move("2016-06-01", (K.COMMITMENT_TRANSFER, "I", "O", 40)),
    _deal(),
)
way("FundThen.government_money", "a guidance fund's own deal", True, _deal(fund="G"))
way(
    "HoldingFacts.closed_on",
    "exit of the whole",
    DAY("2018-01-01"),
    _deal(),
    _deal(kind="exit", yuan=12, day="2018-01-01"),
)
way(
    "HoldingFacts.closed_on",
    "write-off",
    DAY("2018-01-01"),
    _deal(),
    _deal(kind="write_off", day="2018-01-01"),
)
way("HoldingFacts.cost", "payments", 1500, _deal(), _deal(kind="follow_on", yuan=5, day="2018-01-01"))
way("HoldingFacts.cost", "contributed in kind by an investor", 1000, _brought)
way("HoldingFacts.due_diligence", "attribute of a deal", True, _of_deal("due_diligence_doc", "尽调"))
way("HoldingFacts.exited_cost", "write-off", 1000, _deal(), _deal(kind="write_off", day="2018-01-01"))
way("HoldingFacts.exited_cost", "exit", 1000, _deal(), _deal(kind="exit", yuan=12, day="2018-01-01"))
way(
    "HoldingFacts.first_on",
    "first deal",
    DAY("2016-05-01"),
    _deal(day="2016-05-01"),
    _deal(kind="follow_on", day="2018-01-01"),
)
way(
    "HoldingFacts.local",
    "place where the money works",
    True,
    _fact("C", "money_place", "哈尔滨市"),
    _fact("C", "registered_place", "北京市"),
    _deal(),
)
way("HoldingFacts.local", "registered place", True, _fact("C", "registered_place", "黑龙江省"), _deal())
way("HoldingFacts.proceeds", "exit", 1200, _deal(), _deal(kind="exit", yuan=12, day="2018-01-01"))
way("HoldingFacts.proceeds", "dividend", 200, _deal(), _pay(K.DIVIDEND, "C", "F", 2, "2018-01-01"))
way("HoldingFacts.relocated", "attribute of a deal", True, _of_deal("reinvest_kind", "relocated"))
way(
    "HoldingFacts.route",
    "exit",
    kinds.ExitRoute.IPO,
    _deal(),
    _deal(kind="exit", yuan=12, day="2018-01-01", exit_route="ipo"),
)
way(
    "HoldingFacts.staff_at_entry",
    "attribute of the company",
    5,
    _fact("C", "staff", "5"),
    _deal(),
    _fact("C", "staff", "9", "2018-01-01"),
)
way(
    "HoldingFacts.staff_now",
    "attribute of the company",
    9,
    _fact("C", "staff", "5"),
    _deal(),
    _fact("C", "staff", "9", "2018-01-01"),
)
way("HoldingFacts.tax_paid", "attribute of the company", 3, _fact("C", "tax_paid", "3"), _deal())
way("HoldingFacts.value", "statement", 2200, _deal(), _mark("F", "C", 22))
way(
    "HoldingFacts.value",
    "statement of the successor",
    2200,
    _deal(),
    _fact("P", "successor_of", "F{}", "2018-06-30"),
    _mark("P", "C", 22),
)
for _short, _value, _read in (
    ("amount", "5", 5),
    ("factor", "1.5", Decimal("1.5")),
    ("evidence", "证明", "证明"),
    ("kind", "relocated", rule_kinds.ReinvestKind.RELOCATED),
):
    way(
        f"ReinvestClaim.{_short}",
        "attributes of a deal",
        _read,
        lambda d, n=_short, v=_value: [
            d.of_deal(e := d.deal(), "reinvest_lp", d.code("I")),
            d.of_deal(e, f"reinvest_{n}", v),
        ],
    )

# -- sales of public stakes ------------------------------------------------------------------------------------------------


def _sold(d: Desk, seller: str = "O", **basis: str) -> None:
    """A stake of 40 with 10 paid in, sold whole for 12."""
    d.promise(seller)
    d.pay(K.CALL_INVESTMENT, seller, "F", 10, "2016-06-01")
    d.move(
        "2018-01-01",
        (K.COMMITMENT_TRANSFER, seller, "J", 40),
        (K.PAID_IN_TRANSFER, seller, "J", 10),
        (K.SECONDARY_PURCHASE, "J", seller, 12),
    )


def _left(d: Desk, holder: str, **basis: str) -> None:
    """A company held directly for 10, sold for 12."""
    d.deal(fund=holder)
    entry = d.deal(kind="exit", yuan=12, day="2018-01-01", fund=holder, exit_route="merger")
    for name, value in basis.items():
        d.of_deal(entry, name, value, "2018-01-01")


_BASIS = {"price_basis": "appraisal", "appraisal_ref": "评 1", "appraisal_on": "2017-12-01"}
for _name, _direct, _stake in (
    ("price", 1200, 1200),
    ("cost", 1000, 1000),
    ("entered_on", DAY("2017-01-01"), DAY("2016-06-01")),
):
    way(f"TransferFacts.{_name}", "sale of a stake of a government", _stake, _sold)
    way(f"TransferFacts.{_name}", "sale of a stake of a guidance fund", _stake, lambda d: _sold(d, "G"))
    way(f"TransferFacts.{_name}", "direct sale of a guidance fund", _direct, lambda d: _left(d, "G"))
    way(f"TransferFacts.{_name}", "direct sale of a parent fund", _direct, lambda d: _left(d, "P"))
way(
    "TransferFacts.cost",
    "a stake given away",
    1000,
    _promise("O"),
    _pay(K.CALL_INVESTMENT, "O", "F", 10, "2016-06-01"),
    _move("2018-01-01", (K.COMMITMENT_TRANSFER, "O", "J", 40), (K.PAID_IN_TRANSFER, "O", "J", 10)),
)
way("TransferFacts.route", "deal", kinds.ExitRoute.MERGER, lambda d: _left(d, "G"))
way(
    "TransferFacts.price_basis",
    "attribute of the deal",
    rule_kinds.PriceBasis.APPRAISAL,
    lambda d: _left(d, "G", **_BASIS),
)
way("TransferFacts.appraisal_ref", "attribute of the deal", "评 1", lambda d: _left(d, "G", **_BASIS))
way(
    "TransferFacts.appraisal_on",
    "attribute of the deal",
    DAY("2017-12-01"),
    lambda d: _left(d, "G", **_BASIS),
)

# -- investors and their stakes ----------------------------------------------------------------------------------------------

way(
    "InvestorFacts.asset_proof",
    "attribute, kind and fen",
    ((rule_kinds.AssetKind.DEPOSIT, 500),),
    _fact("I", "asset_proof", "deposit:500"),
)
way(
    "InvestorFacts.deemed",
    "attribute deemed_qualified",
    rule_kinds.DeemedQualified.FILED_PLAN,
    _fact("I", "deemed_qualified", "filed_plan"),
)
way("InvestorFacts.employer", "attribute", _party("M"), _fact("I", "employer", "M{}"))
way(
    "InvestorFacts.members",
    "attribute conduit_members",
    ("J", "生人"),
    _fact("I", "conduit_members", "J{},生人"),
)
way("InvestorFacts.st_guidance_fund", "attribute", True, _fact("I", "st_guidance_fund", "yes"))


def _handed(d: Desk) -> None:
    """Shares of a company that are handed to the investor at 3."""
    d.deal(yuan=3)
    d.clerk.book(EntryKind.EXIT, "2018-01-01", lambda v, ids: d.shares(v, ids.deal()))


way("StakeFacts.committed", "promise", 4000, _promise())
way(
    "StakeFacts.committed",
    "promise, in part given up",
    3000,
    _promise(),
    _pay(K.COMMITMENT_REDUCTION, "F", "I", 10),
)
way(
    "StakeFacts.committed",
    "bought",
    1500,
    _promise("J"),
    _move("2018-01-01", (K.COMMITMENT_TRANSFER, "J", "I", 15)),
)
way(
    "StakeFacts.committed",
    "promise of whom it succeeded",
    4000,
    _promise("J"),
    _fact("I", "successor_of", "J{}"),
)
way(
    "StakeFacts.dues",
    "notice, inside the commitment",
    (Due(DAY("2017-03-31"), 700, "1", DAY("2017-03-01")),),
    _promise(),
    lambda d: d.asked("I", 7),
)
way(
    "StakeFacts.dues",
    "notice, outside the commitment",
    (Due(DAY("2017-03-31"), 700, "1", DAY("2017-03-01")),),
    _promise(),
    lambda d: d.asked("I", 7, kind=K.CALL_DUE_OUTSIDE),
)
way(
    "StakeFacts.dues",
    "notice to whom it succeeded",
    (Due(DAY("2017-03-31"), 700, "1", DAY("2017-03-01")),),
    _promise("J"),
    lambda d: d.asked("J", 7),
    _fact("I", "successor_of", "J{}", "2018-01-01"),
)
way(
    "StakeFacts.in_kind",
    "document of a payment",
    True,
    _promise(),
    lambda d: d.paid_with("I", 7, "以知识产权作价出资的协议"),
)
way(
    "StakeFacts.in_kind",
    "contribution in kind",
    True,
    _promise(),
    _move("2017-01-01", (K.CONTRIBUTION_IN_KIND, "I", "F", 7), entry=EntryKind.CALL_PAYMENT),
)
way(
    "StakeFacts.in_kind",
    "contribution in kind of whom it succeeded",
    True,
    _promise("J"),
    _move("2017-01-01", (K.CONTRIBUTION_IN_KIND, "J", "F", 7), entry=EntryKind.CALL_PAYMENT),
    _fact("I", "successor_of", "J{}", "2018-01-01"),
)
way(
    "StakeFacts.in_kind",
    "document of a payment of whom it succeeded",
    True,
    _promise("J"),
    lambda d: d.paid_with("J", 7, "Contribution in kind, agreement"),
    _fact("I", "successor_of", "J{}", "2018-01-01"),
)
way("StakeFacts.first_committed", "promise", 4000, _promise(), _promise(yuan=60, day="2018-01-01"))
way(
    "StakeFacts.first_committed",
    "bought",
    1500,
    _promise("J"),
    _move("2018-01-01", (K.COMMITMENT_TRANSFER, "J", "I", 15)),
)
for _part in ("government_part", "government_anywhere"):
    way(
        f"StakeFacts.{_part}",
        "declared owner",
        Fraction(3, 10),
        _fact("O", "province", "黑龙江省"),
        _promise(),
        _edge("O", "I", 0.3),
        _edge("J", "I", 0.7),
    )
    way(
        f"StakeFacts.{_part}",
        "owner of an owner",
        Fraction(3, 10),
        _fact("O", "province", "黑龙江省"),
        _promise(),
        _edge("O", "D", 0.5),
        _edge("D", "I", 0.6),
    )
for _part in ("state_part", "state_anywhere"):
    way(
        f"StakeFacts.{_part}",
        "owner by kind",
        Fraction(3, 10),
        _fact("S", "province", "黑龙江省"),
        _promise(),
        _edge("S", "I", 0.3),
    )
    way(
        f"StakeFacts.{_part}",
        "owner by its attribute",
        Fraction(3, 10),
        _fact("D", "province", "黑龙江省"),
        _fact("D", "ownership", "soe_wholly_owned"),
        _promise(),
        _edge("D", "I", 0.3),
    )
way(
    "StakeFacts.employment",
    "a spell at the fund's manager",
    lambda d: f"RZ{d.number}",
    _hired(employed_from="2015-06-01"),
)
way(
    "StakeFacts.formally_employed",
    "contract and insurance",
    True,
    _hired(staff_contract="labour", contract_from="2015-06-01", insured_from="2015-06-01"),
)
way(
    "StakeFacts.formally_employed",
    "a spell that began after the investor joined",
    False,
    _hired(employed_from="2016-01-02", staff_contract="labour"),
)
way("StakeFacts.is_gp", "attribute of the fund", True, _fact("F", "gp", "I{}"), _promise())
way(
    "StakeFacts.paid",
    "payment of a call",
    (flow("2017-01-01", 700),),
    _promise(),
    _pay(K.CALL_INVESTMENT, "I", "F", 7),
)
way(
    "StakeFacts.paid",
    "contribution in kind",
    (flow("2017-01-01", 700),),
    _promise(),
    _move("2017-01-01", (K.CONTRIBUTION_IN_KIND, "I", "F", 7), entry=EntryKind.CALL_PAYMENT),
)
way(
    "StakeFacts.paid",
    "payment of a fee inside the commitment",
    (flow("2017-01-01", 700),),
    _promise(),
    _pay(K.CALL_FEE_INSIDE, "I", "F", 7),
)
way(
    "StakeFacts.paid",
    "excess call returned",
    (flow("2017-01-01", 700), flow("2018-01-01", -200)),
    _promise(),
    _pay(K.CALL_INVESTMENT, "I", "F", 7),
    _pay(K.EXCESS_CALL_RETURNED, "F", "I", 2, "2018-01-01"),
)
way(
    "StakeFacts.paid",
    "payment of whom it succeeded",
    (flow("2017-01-01", 700),),
    _promise("J"),
    _pay(K.CALL_INVESTMENT, "J", "F", 7),
    _fact("I", "successor_of", "J{}", "2018-01-01"),
)
way(
    "StakeFacts.received",
    "distribution",
    (flow("2018-01-01", 300),),
    _promise(),
    _pay(K.DISTRIBUTION_GAIN, "F", "I", 3, "2018-01-01"),
)
way(
    "StakeFacts.received",
    "distribution in kind",
    (flow("2018-01-01", 300),),
    _promise(),
    _handed,
)
way(
    "StakeFacts.received",
    "given back",
    (flow("2018-01-01", 300), flow("2019-01-01", -100)),
    _promise(),
    _pay(K.DISTRIBUTION_GAIN, "F", "I", 3, "2018-01-01"),
    _pay(K.DISTRIBUTION_RETURNED, "I", "F", 1, "2019-01-01"),
)

# -- who owns and manages a vehicle -----------------------------------------------------------------------------------------

way("OwnerFacts.share", "declared share", Fraction(3, 10), _edge("O", "F", 0.3))
way(
    "OwnerFacts.government_part",
    "government of the province",
    Fraction(1),
    _fact("O", "province", "黑龙江省"),
    _edge("O", "F", 0.3),
)
way("OwnerFacts.government_anywhere", "government of any place", Fraction(1), _edge("O", "F", 0.3))
way(
    "OwnerFacts.state_part",
    "state company of the province",
    Fraction(1),
    _fact("S", "province", "黑龙江省"),
    _edge("S", "F", 0.3),
)
way(
    "ParentFacts.term_end",
    "attribute of an investor",
    DAY("2030-01-01"),
    _fact("P", "term_end", "2030-01-01"),
    _promise("P"),
)
way(
    "ParentFacts.term_end",
    "attribute of a declared owner",
    DAY("2030-01-01"),
    _fact("G", "term_end", "2030-01-01"),
    _edge("G", "F", 0.3),
)
way("ManagerFacts.code", "attribute of the fund", _party("M"), _fact("F", "manager", "M{}"))
way(
    "ManagerFacts.registered_on",
    "attribute manager_registered_on",
    DAY("2014-01-01"),
    _fact("F", "manager", "M{}"),
    _fact("M", "manager_registered_on", "2014-01-01"),
)
way("ManagerFacts.state_owned", "kind", True, _fact("F", "manager", "S{}"))
way(
    "ManagerFacts.state_owned",
    "attribute",
    True,
    _fact("F", "manager", "M{}"),
    _fact("M", "ownership", "soe_wholly_owned"),
)
way("ManagerFacts.state_owned", "declared owner", True, _fact("F", "manager", "M{}"), _edge("O", "M", 0.6))

# -- vehicles ----------------------------------------------------------------------------------------------------------------

way(
    "FundFacts.appropriated",
    "money without a stake",
    (flow("2017-01-01", 700),),
    _pay(K.FISCAL_APPROPRIATION, "O", "F", 7),
)
way("FundFacts.budget_years", "attribute, codes", (2016, 2017), _fact("F", "budget_years", "2016,2017"))
way(
    "FundFacts.capital_in",
    "payment of a call",
    (flow("2017-01-01", 700),),
    _promise(),
    _pay(K.CALL_INVESTMENT, "I", "F", 7),
)
way(
    "FundFacts.capital_in",
    "appropriation",
    (flow("2017-01-01", 700),),
    _pay(K.FISCAL_APPROPRIATION, "O", "F", 7),
)
way(
    "FundFacts.carry",
    "carry, and given back",
    (flow("2017-01-01", 700), flow("2018-01-01", -200)),
    _pay(K.CARRY, "F", "M", 7),
    _pay(K.CLAWBACK, "M", "F", 2, "2018-01-01"),
)
way("FundFacts.deployed", "investment", (flow("2017-01-01", 1000),), _deal())
way(
    "FundFacts.deployed",
    "call of a lower fund",
    (flow("2017-01-01", 700),),
    _promise("F", fund="V"),
    lambda d: d.clerk.pay(K.CALL_INVESTMENT, d.code("F"), d.code("V"), 7, "2017-01-01", fund=d.code("V")),
)
way(
    "FundFacts.direction_evidence",
    "attribute of the year",
    (rule_kinds.DirectionTopic.SCIENCE_CONVERSION,),
    _fact("F", "direction_evidence", "science_conversion", "2024-01-01"),
)
way(
    "FundFacts.direction_weights",
    "attribute of the year",
    (Decimal(50), Decimal(50)),
    _fact("F", "direction_weights", "50,50", "2024-01-01"),
)
way("FundFacts.extension_years", "attribute", 2, _fact("F", "extension_years", "2"))
way("FundFacts.extensions", "attribute", 2, _fact("F", "extensions", "2"))
way(
    "FundFacts.facility",
    "drawn less repaid",
    500,
    _pay(K.FACILITY_DRAWDOWN, "B", "F", 7),
    _pay(K.FACILITY_REPAYMENT, "F", "B", 2, "2018-01-01"),
)
way(
    "FundFacts.fee_advances",
    "attribute, each time it is stated",
    ((DAY("2016-01-01"), 5), (DAY("2017-01-01"), 0)),
    _fact("F", "fee_advance", "5"),
    _fact("F", "fee_advance", "0", "2017-01-01"),
)
for _filing in FilingKind:
    way(
        "FundFacts.filings",
        _filing.value,
        (Filing(_filing, DAY("2016-12-31"), DAY("2017-03-01")),),
        _fact("F", _filing.value, "2016-12-31", "2017-03-01"),
    )
way(
    "FundFacts.first_term_end",
    "attribute as first stated",
    DAY("2025-01-01"),
    _fact("F", "term_end", "2025-01-01"),
    _fact("F", "term_end", "2027-01-01", "2020-01-01"),
)
way(
    "FundFacts.first_term_end",
    "less the extension stated with it",
    DAY("2025-01-01"),
    _fact("F", "extension_years", "2"),
    _fact("F", "term_end", "2027-01-01"),
)
way("FundFacts.gp_code", "attribute gp", _party("J"), _fact("F", "gp", "J{}"))
way(
    "FundFacts.gp_ownership",
    "attribute",
    kinds.Ownership.PRIVATE,
    _fact("F", "gp", "J{}"),
    _fact("J", "ownership", "private"),
)
way("FundFacts.gp_ownership", "kind", kinds.Ownership.SOE, _fact("F", "gp", "S{}"))
way(
    "FundFacts.gp_ownership",
    "listing",
    kinds.Ownership.LISTED,
    _fact("F", "gp", "J{}"),
    _fact("J", "listed_on", "2015-06-01"),
)
way(
    "FundFacts.gp_ownership",
    "declared owners",
    kinds.Ownership.SOE_WHOLLY_OWNED,
    _fact("F", "gp", "J{}"),
    _edge("O", "J", 1.0),
)
way("FundFacts.guidance_share", "promise", Fraction(1, 4), _promise("G", 10), _promise("I", 30))
way(
    "FundFacts.guidance_share",
    "promise through a parent fund",
    Fraction(1, 8),
    _promise("G", 10, fund="P"),
    _promise("J", 10, fund="P"),
    _promise("P", 10),
    _promise("I", 30),
)
way("FundFacts.guidance_share", "declared share", Fraction(1, 2), _edge("G", "F", 0.5), _promise("I", 30))
way(
    "FundFacts.paid_into_funds",
    "paid on a promise",
    700,
    _promise("F", fund="V"),
    _pay(K.CALL_INVESTMENT, "F", "V", 7, fund="V"),
)
way(
    "FundFacts.paid_into_funds",
    "a fund in another currency",
    None,
    _fact("V", "currency", "USD", "2015-01-01"),
    _promise("F", fund="V"),
    _pay(K.CALL_INVESTMENT, "F", "V", 7, fund="V"),
)
way("FundFacts.held_funds", "promise", ("V",), _promise("F", fund="V"))
way("FundFacts.held_funds", "declared share", ("V",), _edge("F", "V", 0.1))
way("FundFacts.held_funds", "a fund bought by a deal", ("V",), _deal(company="V"))
way("FundFacts.held_funds", "fund units of a company's code", ("C",), _deal(instrument="fund_stake"))
way(
    "FundFacts.held_funds",
    "stake bought from another",
    ("V",),
    _promise("I", fund="V"),
    lambda d: d.clerk.pay_many(
        "2018-01-01",
        [(K.COMMITMENT_TRANSFER, d.code("I"), d.code("F"), 40)],
        fund=d.code("V"),
        entry=EntryKind.COMMITMENT_TRANSFER,
    ),
)
way("FundFacts.layers", "promise through a parent fund", 2, _promise("G", fund="P"), _promise("P"))
way("FundFacts.layers", "declared share through a parent fund", 2, _edge("G", "P", 0.5), _edge("P", "F", 0.5))
way(
    "FundFacts.left_out",
    "a call that asked the others",
    ("I",),
    _promise(),
    _promise("J"),
    lambda d: d.asked("J", 4),
)
way(
    "FundFacts.nav",
    "statement of the whole fund",
    9000,
    _promise(),
    _pay(K.CALL_INVESTMENT, "I", "F", 7),
    _mark("F", "F", 90),
)
way(
    "FundFacts.nav",
    "statements of all accounts",
    9000,
    _promise(),
    _pay(K.CALL_INVESTMENT, "I", "F", 7),
    _mark("I", "F", 90),
)
way(
    "FundFacts.nav_distributed",
    "distribution",
    300,
    _promise(),
    _pay(K.CALL_INVESTMENT, "I", "F", 7),
    _pay(K.DISTRIBUTION_GAIN, "F", "I", 3, "2018-01-01"),
)
way("FundFacts.nav_paid_in", "payment", 700, _promise(), _pay(K.CALL_INVESTMENT, "I", "F", 7))
way(
    "FundFacts.nav_irr",
    "payment and statement",
    "a rate",
    _promise(),
    _pay(K.CALL_INVESTMENT, "I", "F", 7),
    _mark("F", "F", 90),
)
way("FundFacts.other_in", "interest", (flow("2017-01-01", 700),), _pay(K.INTEREST_INCOME, "B", "F", 7))
way(
    "FundFacts.other_in",
    "proceeds of an exit",
    (flow("2018-01-01", 1200),),
    _deal(),
    _deal(kind="exit", yuan=12, day="2018-01-01"),
)
way(
    "FundFacts.reinvest_milestones",
    "attribute, date:share",
    ((DAY("2020-01-01"), Decimal("0.5")),),
    _fact("F", "reinvest_milestones", "2020-01-01:0.5"),
)
way(
    "FundFacts.remitted",
    "payment to the treasury",
    (flow("2017-01-01", 700),),
    _pay(K.TREASURY_REMITTANCE, "F", "O", 7),
)
way(
    "FundFacts.status_history",
    "attribute, each time it is stated",
    ((DAY("2016-01-01"), kinds.FundStatus.RAISING),),
    _fact("F", "status", "raising"),
)
way(
    "FundFacts.tested_holdings",
    "holdings of the day of the test",
    1,
    _deal(),
    _fact("F", "tolerance_test_on", "2020-01-01"),
)
way("FundFacts.uses", "management fee", (flow("2017-01-01", 700),), _pay(K.MANAGEMENT_FEE, "F", "M", 7))
way("FundFacts.uses", "expense", (flow("2017-01-01", 700),), _pay(K.FUND_EXPENSE, "F", "D", 7))
way("FundFacts.uses", "tax", (flow("2017-01-01", 700),), _pay(K.TAX, "F", "O", 7))
way("FundFacts.uses", "investment", (flow("2017-01-01", 1000),), _deal())
for _score in ("policy", "compliance", "results", "bonus"):
    way(f"Evaluation.{_score}", "attribute evaluation_*", Decimal(9), _fact("F", f"evaluation_{_score}", "9"))
way(
    "Evaluation.grade",
    "attribute evaluation_grade",
    rule_kinds.Grade.EXCELLENT,
    _fact("F", "evaluation_grade", rule_kinds.Grade.EXCELLENT.value),
)


def _fees(d: Desk) -> None:
    """Two per cent of 100 promised on the first day of a year, paid at its end, with a rebate."""
    d.promise(yuan=100, day="2022-01-01")
    for name, value in (
        ("established_on", "2022-01-01"),
        ("investment_period_end", "2030-01-01"),
        ("fee_basis_investment", "commitment"),
        ("fee_rate_investment", "0.02"),
    ):
        d.fact("F", name, value, "2022-01-01")
    d.pay(K.CALL_INVESTMENT, "I", "F", 50, "2022-01-01")
    d.pay(K.MANAGEMENT_FEE, "F", "M", 2, "2022-12-31")
    d.pay(K.FEE_REBATE, "M", "F", 1, "2022-12-31")


way("FeePeriod.base_fen", "commitments", 10_000, _fees)
way("FeePeriod.rate", "attribute of the phase", Decimal("0.02"), _fees)
way("FeePeriod.booked", "fees less rebates", 100, _fees)
way(
    "FeePeriod.part",
    "attribute fee_day_count",
    Fraction(1),
    _fees,
    _fact("F", "fee_day_count", "act_act", "2022-01-01"),
)


def _merged(d: Desk) -> None:
    """A guidance fund's stake of 40 with 10 paid in goes to the parent fund that succeeds it."""
    d.promise("G")
    d.pay(K.CALL_INVESTMENT, "G", "F", 10, "2016-06-01")
    d.fact("P", "successor_of", d.code("G"), "2018-01-01")
    d.move("2018-01-01", (K.COMMITMENT_TRANSFER, "G", "P", 40), (K.PAID_IN_TRANSFER, "G", "P", 10))


way("Mapping.committed", "before: stakes of the predecessor", {"before": 4000, "after": 4000}, _merged)

# -- what is read of an office ---------------------------------------------------------------------------------------------

NOT_RECORDED = {
    "Mapping.nav": "what is handed over is promised, paid in and distributed; values follow the stakes (fof.book.absorbed)",
    "FundThen.field_lists": "one list for the whole book: test_lists_and_holidays_are_of_the_whole_book",
}
"""Fields that are no office's own, each with the reason."""


class Read(NamedTuple):
    """What is gathered of one office."""

    facts: Any
    number: int

    def party(self, letter: str) -> int:
        return self.facts.office.book.by_code[f"{letter}{self.number}"]

    @property
    def fund(self) -> FundFacts:
        return funds.fund_facts(self.facts.office, self.party("F"))

    def of(self, owner: str) -> Any:
        """The object that holds the fields of a class, None where there is none."""
        office, book = self.facts.office, self.facts.office.book
        made = [d for letter in "GPF" for d in funds.fund_facts(office, self.party(letter)).deals]
        sold = [t for t in self.facts.transfers if t.seller in {f"{x}{self.number}" for x in "OGP"}]
        return {
            "FundFacts": lambda: self.fund,
            "DealFacts": lambda: _last(made),
            "FundThen": lambda: _last([d.fund for d in made]),
            "HoldingFacts": lambda: _last(self.fund.holdings),
            "ReinvestClaim": lambda: _last(self.fund.claims),
            "TransferFacts": lambda: _last(sold),
            "CompanyFacts": lambda: parties.company_facts(book, self.party("C"), office.day),
            "YearFigures": lambda: _last(parties.year_figures(book, self.party("C"), office.day)),
            "InvestorFacts": lambda: office.investor(self.party("I")),
            "StakeFacts": lambda: _last(
                [s for s in self.fund.stakes if s.investor.code == f"I{self.number}"]
            ),
            "OwnerFacts": lambda: _last(self.fund.owners),
            "ParentFacts": lambda: _last(self.fund.parents),
            "ManagerFacts": lambda: self.fund.manager,
            "Evaluation": lambda: _last(self.fund.evaluations),
            "FeePeriod": lambda: self.fund.fees[0] if self.fund.fees else None,
            "Mapping": lambda: _last(
                [r for r in self.facts.reorganisations if r.successor == f"P{self.number}"]
            ),
        }[owner]()


def _last(rows: Any) -> Any:
    return rows[-1] if rows else None


def gathered(read: Read, field: str) -> Any:
    """A field of an office as the table writes it: parties without the number of their office."""
    owner, name = field.split(".")
    holder = read.of(owner)
    if holder is None:
        return None
    if owner == "Mapping":
        return (
            {"before": holder.before[name], "after": holder.after[name]}
            if name in holder.before
            else "not stated"
        )
    value = getattr(holder, name)
    if field in ("InvestorFacts.members", "FundFacts.held_funds", "FundFacts.left_out"):
        codes = [one if isinstance(one, str) else one.code for one in value or ()]
        return tuple(code.removesuffix(str(read.number)) for code in codes)
    if field == "FundFacts.tested_holdings":
        return value and len(value)
    return value if field != "FundFacts.nav_irr" or value is None else "a rate"


PLAIN = {
    "FundFacts": ("F", funds._PLAIN),
    "FundThen": ("F", deals._THEN),
    "CompanyFacts": ("C", parties._COMPANY),
    "InvestorFacts": ("I", parties._INVESTOR),
    "ManagerFacts": ("M", parties._MANAGER),
    "DealFacts": ("", deals._OF_DEAL),
}
"""Classes of facts: whose attributes of the same name they hold, and which; of a deal no party's."""
BARE, STATED = 0, 1
"""Numbers of an office with a promise and a deal alone, and of one of which every attribute is stated; then come the ways."""


def _sample(name: str) -> str:
    """Some value of an attribute, as it is stored."""
    spec = FACTS[name]
    if name in ("currency", "cash_kept"):
        return {"currency": "CNY", "cash_kept": "no"}[name]
    if spec.words is not None:
        return next(iter(spec.words)).value
    return {
        FactType.DATE: "2016-05-05",
        FactType.BOOL: "yes",
        FactType.PARTY: f"M{STATED}",
        FactType.RANGE: "0.1;0.2",
        FactType.SHARE: "0.5",
    }.get(spec.kind, "7")


def _desk_of_everything(clerk: Clerk) -> None:
    """Every attribute that a class holds under its own name, stated of one office and of its deal."""
    by_letter: dict[str, set[str]] = {}
    for letter, names in PLAIN.values():
        by_letter.setdefault(letter, set()).update(names)
    own = Desk(clerk, STATED)
    for letter in "FCIM":
        names, who = sorted(by_letter[letter]), own.code(letter)
        clerk.rows(
            EntryKind.TERMS,
            "2016-01-01",
            lambda v, who=who, names=names: [
                Fact(v.party(who).id, None, name, _sample(name)) for name in names
            ],
        )
    own.fact("F", "manager", "M{}")
    entry = own.deal()
    for name in sorted(by_letter[""]):
        own.of_deal(entry, name, _sample(name))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The facts of one book with an office for every way."""
    book = Database(f"sqlite:///{tmp_path_factory.mktemp('recorded') / 'book.sqlite'}")
    book.init()
    clerk = Clerk(book)

    def registered(_: Any, ids: Any) -> Any:
        rows: list[Any] = []
        for number in range(len(WAYS) + 2):
            for letter, kind in KINDS.items():
                party = ids.party()
                rows += [
                    Party(party, f"{letter}{number}", kind),
                    Fact(party, None, "name", f"{letter}{number}"),
                ]
        return [], rows

    clerk.book(EntryKind.PARTIES, "2015-01-01", registered)
    bare = Desk(clerk, BARE)
    bare.promise(yuan=1)
    bare.deal(yuan=1, company="D")
    _desk_of_everything(clerk)
    for number, own in enumerate(WAYS, STATED + 1):
        own.record(Desk(clerk, number))
    view = clerk.view(AS_OF)
    yield auditor_of(view).office(view)
    book.close()


def asked() -> dict[str, list[str]]:
    """Field of a class of facts -> the rules that ask for it."""
    by_field: dict[str, list[str]] = {}
    for id_, says in declared().items():
        for own in says.inputs.values():
            by_field.setdefault(f"{getattr(own.owner, '__name__', 'Mapping')}.{own.path[-1]}", []).append(id_)
    return by_field


def _attribute(field: str) -> bool:
    owner, name = field.split(".")
    return name in PLAIN.get(owner, ("", frozenset()))[1]


def test_every_rule_says_how_its_subject_is_recorded() -> None:
    """A rule without a declaration is refused by `declared`; of staff co-investment each has something planted."""
    ways = {own.field for own in WAYS}
    lacking = {
        f: rules
        for f, rules in asked().items()
        if f not in {*ways, *KNOWN, *NOT_RECORDED} and not _attribute(f)
    }
    assert lacking == {}
    assert set(RULES) == set(declared())
    planted = {name[:5] for name in PLANTS} | set(
        re.findall(r'say\("(CI-\d+)"', inspect.getsource(institutions))
    )
    assert {id_ for id_, rule in RULES.items() if rule.family == "CI"} <= planted


def test_no_way_is_of_a_field_that_no_rule_asks_for() -> None:
    assert {own.field for own in WAYS} - asked().keys() - KNOWN == set()
    assert NOT_RECORDED.keys() <= asked().keys()


@pytest.mark.parametrize("number", range(len(WAYS)), ids=[f"{own.field} {own.name}" for own in WAYS])
def test_what_is_recorded_in_a_way_is_gathered(office: Any, number: int) -> None:
    own = WAYS[number]
    expected = own.expected(Desk(office, number + 2)) if callable(own.expected) else own.expected
    assert gathered(Read(office, number + 2), own.field) == expected
    assert gathered(Read(office, BARE), own.field) != expected


@pytest.mark.parametrize(
    ("owner", "name"), [(owner, name) for owner, (_, names) in PLAIN.items() for name in sorted(names)]
)
def test_an_attribute_is_gathered_under_its_own_name(office: Any, owner: str, name: str) -> None:
    assert getattr(Read(office, STATED).of(owner), name) == FACTS[name].parse(_sample(name))
    assert getattr(Read(office, BARE).of(owner), name, None) != FACTS[name].parse(_sample(name))


def test_lists_and_holidays_are_of_the_whole_book(clerk: Any) -> None:
    """Of the province or of nobody's recorded level; those of a city are not."""
    for code, level in (("GOV", "province"), ("ANY", None), ("CITY", "prefecture")):
        clerk.party(
            code, "government", day="2015-01-01", **({} if level is None else {"government_level": level})
        )
        clerk.fact(code, "2016-01-01", "priority_fields", f"C39,{code}")
        clerk.fact(
            code,
            "2016-01-01",
            "public_holidays",
            f"{NOT_PUBLISHED}-10-{ {'GOV': '04', 'ANY': '05'}.get(code, '06') }",
        )
    view = clerk.view(AS_OF)
    office = auditor_of(view).office(view).office
    assert {codes for _, codes in office.lists} == {("C39", "GOV"), ("C39", "ANY")}
    days = (dt.date(NOT_PUBLISHED, 10, n) for n in (4, 5))
    assert office.calendar.notices[NOT_PUBLISHED].off == {d for d in days if d.weekday() < 5}
