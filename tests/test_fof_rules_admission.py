"""GF-10…13, 15…18: managers, filing, head-count, least size and life."""

import datetime as dt
from dataclasses import replace

import pytest

from fof.rules.engine import ask
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import DealFacts, FundThen
from fof.rules.facts_parties import Flow, InvestorFacts, ManagerFacts, StakeFacts
from fof.rules.registry import Verdict
from models.kinds import FundClass, LegalForm, Ownership, PartyKind, Strategy

AS_OF = dt.date(2026, 6, 30)
WAN = 1_000_000
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS, Verdict.WARN, Verdict.BREACH, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE,
)  # fmt: skip
PUBLIC = StakeFacts(InvestorFacts("GF", PartyKind.GUIDANCE_FUND), 100 * WAN)
MANAGER = ManagerFacts(
    "M",
    "黑龙江",
    1000 * WAN,
    "P1000001",
    dt.date(2024, 1, 10),
    dt.date(2024, 6, 1),
    3,
    None,
    50_000 * WAN + 1,
    True,
)
CLOSED = dt.date(2025, 3, 3)  # a Monday


def managed(manager: ManagerFacts | None = MANAGER, **more: object) -> FundFacts:
    more.setdefault("strategy", Strategy.VC)
    return FundFacts("F1", AS_OF, stakes=(PUBLIC,), manager=manager, **more)


def manager(**more: object) -> ManagerFacts:
    return replace(MANAGER, **more)


def filed(on: dt.date | None, **more: object) -> FundFacts:
    return managed(
        final_close_on=CLOSED, amac_filed_on=on, holidays=more.pop("holidays", frozenset()), **more
    )


def investors(count: int, **more: object) -> FundFacts:
    stakes = tuple(StakeFacts(InvestorFacts(f"L{n}", PartyKind.SOCIAL_INVESTOR), WAN) for n in range(count))
    more.setdefault("legal_form", LegalForm.LIMITED_PARTNERSHIP)
    return FundFacts("F1", AS_OF, stakes=stakes, **more)


def behind_conduit(members: int | None, filing: str | None = None) -> FundFacts:
    people = (
        None if members is None else tuple(InvestorFacts(f"M{n}", PartyKind.PERSON) for n in range(members))
    )
    conduit = InvestorFacts(
        "C",
        PartyKind.SOCIAL_INVESTOR,
        legal_form=LegalForm.LIMITED_PARTNERSHIP,
        amac_id=filing,
        members=people,
    )
    return FundFacts(
        "F1", AS_OF, legal_form=LegalForm.LIMITED_PARTNERSHIP, stakes=(PUBLIC, StakeFacts(conduit, WAN))
    )


def gp(ownership: Ownership | None, **more: object) -> FundFacts:
    more.setdefault("legal_form", LegalForm.LIMITED_PARTNERSHIP)
    return FundFacts("F1", AS_OF, gp_code="G", gp_ownership=ownership, **more)


def vc(**more: object) -> FundFacts:
    given = {
        "fund_class": FundClass.VENTURE, "name": "示例创业投资基金", "borrowing": 0,
        "established_on": dt.date(2024, 1, 1), "term_end": dt.date(2029, 1, 1),
        "deals": (DealFacts("D", FundThen("F1"), listed_at_entry=False),),
    }  # fmt: skip
    return FundFacts("F1", AS_OF, **{**given, **more})


def enterprise(
    *payments: tuple[dt.date, int], tickets: tuple[int, ...] = (100 * WAN,), **more: object
) -> FundFacts:
    stakes = [
        StakeFacts(InvestorFacts(f"L{n}", PartyKind.SOCIAL_INVESTOR), fen, in_kind=more.get("in_kind"))
        for n, fen in enumerate(tickets)
    ]
    more.pop("in_kind", None)
    stakes[0] = replace(stakes[0], paid=tuple(Flow(day, fen) for day, fen in payments))
    more.setdefault("vc_enterprise", True)
    return FundFacts("F1", AS_OF, stakes=tuple(stakes), **more)


START = dt.date(2020, 1, 15)


def at_filing(paid: int, later: int = 0, **more: object) -> FundFacts:
    flows = (Flow(dt.date(2025, 1, 10), paid), Flow(dt.date(2025, 7, 10), later))
    given = {
        "amac_filed_on": dt.date(2025, 1, 10), "fund_class": FundClass.INDUSTRIAL,
        "established_on": dt.date(2024, 1, 1), "term_end": dt.date(2029, 1, 1),
        "stakes": (replace(PUBLIC, paid=flows),),
    }  # fmt: skip
    return FundFacts("F1", more.pop("as_of", AS_OF), **{**given, **more})


CASES = [
    ("GF-10", "all kept", (managed(),), PASS),
    ("GF-10", "capital a fen short", (managed(manager(paid_in_capital=1000 * WAN - 1)),), BREACH),
    ("GF-10", "two with 3 years, executives unknown", (managed(manager(team_with_3_years=2)),), UNKNOWN),
    (
        "GF-10",
        "two with 3 years, three executives",
        (managed(manager(team_with_3_years=2, executives_with_2_years=3)),),
        PASS,
    ),
    (
        "GF-10",
        "two and two",
        (managed(manager(team_with_3_years=2, executives_with_2_years=2)),),
        BREACH,
    ),
    ("GF-10", "no clean record", (managed(manager(clean_record=False)),), BREACH),
    ("GF-10", "angel: size just above", (managed(strategy=Strategy.ANGEL),), PASS),
    (
        "GF-10",
        "angel: size on the mark",
        (managed(manager(managed_paid_in=50_000 * WAN), strategy=Strategy.ANGEL),),
        BREACH,
    ),
    (
        "GF-10",
        "angel: manager elsewhere",
        (managed(manager(province="北京"), strategy=Strategy.ANGEL),),
        BREACH,
    ),
    ("GF-10", "missing registration", (managed(manager(amac_manager_id=None)),), UNKNOWN),
    ("GF-10", "missing manager", (managed(None),), UNKNOWN),
    ("GF-11", "19 days", (filed(dt.date(2025, 3, 28)),), PASS),
    ("GF-11", "20 days", (filed(dt.date(2025, 3, 31)),), PASS),
    ("GF-11", "21 days", (filed(dt.date(2025, 4, 1)),), BREACH),
    (
        "GF-11",
        "21 days, one a holiday",
        (filed(dt.date(2025, 4, 1), holidays=frozenset({dt.date(2025, 3, 10)})),),
        PASS,
    ),
    ("GF-11", "21 days, no calendar", (filed(dt.date(2025, 4, 1), holidays=None),), WARN),
    ("GF-11", "31 days, no calendar", (filed(dt.date(2025, 4, 15), holidays=None),), BREACH),
    ("GF-11", "never filed", (filed(None),), BREACH),
    (
        "GF-11",
        "missing manager's registration",
        (filed(dt.date(2025, 3, 28), manager=manager(registered_on=None)),),
        UNKNOWN,
    ),
    (
        "GF-11",
        "manager's first fund on the last day",
        (filed(dt.date(2025, 3, 28), manager=manager(first_fund_filed_on=dt.date(2025, 1, 10))),),
        PASS,
    ),
    (
        "GF-11",
        "manager's first fund a day late",
        (filed(dt.date(2025, 3, 28), manager=manager(first_fund_filed_on=dt.date(2025, 1, 11))),),
        BREACH,
    ),
    ("GF-11", "missing close", (managed(),), UNKNOWN),
    ("GF-12", "one partner", (investors(1),), BREACH),
    ("GF-12", "two partners", (investors(2),), PASS),
    ("GF-12", "50 partners", (investors(50),), PASS),
    ("GF-12", "51 partners", (investors(51),), BREACH),
    ("GF-12", "contract with 200", (investors(200, legal_form=LegalForm.CONTRACT),), PASS),
    ("GF-12", "contract with 201", (investors(201, legal_form=LegalForm.CONTRACT),), BREACH),
    ("GF-12", "LLC with 51", (investors(51, legal_form=LegalForm.COMPANY, limited_liability=True),), BREACH),
    ("GF-12", "company of unknown kind", (investors(51, legal_form=LegalForm.COMPANY),), UNKNOWN),
    ("GF-12", "conduit with 49 members", (behind_conduit(49),), PASS),
    ("GF-12", "conduit with 50 members", (behind_conduit(50),), BREACH),
    ("GF-12", "filed conduit counts as one", (behind_conduit(50, "SX1"),), PASS),
    ("GF-12", "conduit of unknown members", (behind_conduit(None),), UNKNOWN),
    ("GF-12", "missing form", (investors(5, legal_form=None),), UNKNOWN),
    ("GF-13", "private", (gp(Ownership.PRIVATE),), PASS),
    ("GF-13", "state company", (gp(Ownership.SOE),), BREACH),
    ("GF-13", "listed", (gp(Ownership.LISTED),), BREACH),
    ("GF-13", "mixed, no opinion", (gp(Ownership.SOE_CONTROLLED_MIXED),), WARN),
    ("GF-13", "mixed, with opinion", (gp(Ownership.SOE_CONTROLLED_MIXED, legal_opinion="法意 1"),), PASS),
    ("GF-13", "missing", (gp(None),), UNKNOWN),
    ("GF-13", "contract", (gp(None, legal_form=LegalForm.CONTRACT),), NA),
    ("GF-15", "kept, five years to the day", (vc(),), PASS),
    ("GF-15", "a day short of five years", (vc(term_end=dt.date(2028, 12, 31)),), BREACH),
    ("GF-15", "a fen borrowed", (vc(borrowing=1),), BREACH),
    (
        "GF-15",
        "listed at entry",
        (vc(deals=(DealFacts("D", FundThen("F1"), listed_at_entry=True),)),),
        BREACH,
    ),
    ("GF-15", "words only in scope", (vc(name="示例基金", business_scope="从事创业投资业务"),), PASS),
    ("GF-15", "words nowhere", (vc(name="示例基金", business_scope="股权投资"),), BREACH),
    ("GF-15", "scope missing", (vc(name="示例基金"),), UNKNOWN),
    ("GF-15", "borrowing missing", (vc(borrowing=None),), UNKNOWN),
    ("GF-15", "industrial fund", (vc(fund_class=FundClass.INDUSTRIAL),), NA),
    ("GF-16", "3000万 at once", (enterprise((START, 3000 * WAN)),), PASS),
    (
        "GF-16",
        "1000万, then the rest on the last day",
        (enterprise((START, 1000 * WAN), (dt.date(2025, 1, 15), 2000 * WAN)),),
        PASS,
    ),
    (
        "GF-16",
        "the rest a day late",
        (enterprise((START, 1000 * WAN), (dt.date(2025, 1, 16), 2000 * WAN)),),
        BREACH,
    ),
    ("GF-16", "first part a fen short", (enterprise((START, 1000 * WAN - 1)),), BREACH),
    (
        "GF-16",
        "ticket a fen short",
        (enterprise((START, 3000 * WAN), tickets=(100 * WAN, 100 * WAN - 1)),),
        BREACH,
    ),
    ("GF-16", "paid in kind", (enterprise((START, 3000 * WAN), in_kind=True),), BREACH),
    ("GF-16", "missing filing status", (enterprise((START, 3000 * WAN), vc_enterprise=None),), UNKNOWN),
    ("GF-16", "not filed", (enterprise((START, 1), vc_enterprise=False),), NA),
    ("GF-17", "equity fund on the mark", (at_filing(1000 * WAN),), PASS),
    ("GF-17", "equity fund a fen short", (at_filing(1000 * WAN - 1),), BREACH),
    (
        "GF-17",
        "vc fund: half, then the rest in 6 months",
        (at_filing(500 * WAN, 500 * WAN, fund_class=FundClass.VENTURE),),
        PASS,
    ),
    (
        "GF-17",
        "vc fund: half, rest a fen short",
        (at_filing(500 * WAN, 500 * WAN - 1, fund_class=FundClass.VENTURE),),
        BREACH,
    ),
    (
        "GF-17",
        "vc fund: half, months still running",
        (at_filing(500 * WAN, fund_class=FundClass.VENTURE, as_of=dt.date(2025, 7, 10)),),
        PASS,
    ),
    (
        "GF-17",
        "vc fund: first part a fen short",
        (at_filing(500 * WAN - 1, 900 * WAN, fund_class=FundClass.VENTURE),),
        BREACH,
    ),
    ("GF-17", "single asset a fen short", (at_filing(2000 * WAN - 1, single_asset=True),), BREACH),
    ("GF-17", "single asset on the mark", (at_filing(2000 * WAN, single_asset=True),), PASS),
    ("GF-17", "life a day short", (at_filing(1000 * WAN, term_end=dt.date(2028, 12, 31)),), BREACH),
    ("GF-17", "life missing", (at_filing(1000 * WAN, term_end=None),), UNKNOWN),
    (
        "GF-18",
        "seven years to the day",
        (
            FundFacts(
                "F",
                AS_OF,
                vc_enterprise=True,
                established_on=dt.date(2020, 2, 29),
                term_end=dt.date(2027, 2, 28),
            ),
        ),
        PASS,
    ),
    (
        "GF-18",
        "longer",
        (
            FundFacts(
                "F",
                AS_OF,
                vc_enterprise=True,
                established_on=dt.date(2020, 1, 1),
                term_end=dt.date(2028, 1, 1),
            ),
        ),
        PASS,
    ),
    (
        "GF-18",
        "a day short",
        (
            FundFacts(
                "F",
                AS_OF,
                vc_enterprise=True,
                established_on=dt.date(2020, 1, 1),
                term_end=dt.date(2026, 12, 31),
            ),
        ),
        BREACH,
    ),
    ("GF-18", "missing", (FundFacts("F", AS_OF, vc_enterprise=True),), UNKNOWN),
    ("GF-18", "not filed", (FundFacts("F", AS_OF, vc_enterprise=False),), NA),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.zh and outcome.en)


def test_gf_11_says_when_it_could_only_count_weekdays():
    assert (
        "Monday to Friday" in ask("GF-11", filed(dt.date(2025, 3, 28), holidays=None), day=AS_OF).notes[0][1]
    )
    assert ask("GF-11", filed(dt.date(2025, 3, 28)), day=AS_OF).notes == ()
