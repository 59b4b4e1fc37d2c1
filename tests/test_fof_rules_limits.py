"""GF-24…29, 32…34, 36, 64: what a fund puts its money into, and how much of it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from fof.rules import catalogue
from fof.rules.engine import ask, judge
from fof.rules.facts import FundFacts, OfficeFacts
from fof.rules.facts_deals import DealFacts, FieldList, FundThen
from fof.rules.facts_parties import CompanyFacts, Flow, InvestorFacts, StakeFacts
from fof.rules.mandate import in_field, inside_mandate
from fof.rules.numbers_in_force import NumbersInForce, OwnNumber
from fof.rules.registry import Verdict
from models.kinds import City, DealKind, FundStatus, Instrument, InvestmentMode, PartyKind, Stage, SupportMode
from models.rule_kinds import CashProduct, NationalScheme

AS_OF = dt.date(2026, 6, 30)
DAY = dt.date(2026, 3, 2)
WAN = 1_000_000
YI = 10_000 * WAN
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)
LIST = FieldList(dt.date(2026, 1, 12), ("C39", "I65"))
LATER_LIST = FieldList(dt.date(2026, 3, 1), ("C40",))


def then(**more: object) -> FundThen:
    given = {"kind": PartyKind.SUB_FUND, "government_money": True, "committed": 10 * YI}
    return FundThen("F1", **{**given, **more})


def deal(code: str = "D1", fund: FundThen | None = None, **more: object) -> DealFacts:
    given = {"company": "C1", "instrument": Instrument.EQUITY, "day": DAY, "fen": 100 * WAN}
    return DealFacts(code, fund or then(), **{**given, **more})


def tool(instrument: Instrument | None, **more: object) -> DealFacts:
    return deal(instrument=instrument, **more)


def of_national(post_money: int | None, fen: int | None = 5000 * WAN, **more: object) -> DealFacts:
    terms = then(schemes=frozenset({NationalScheme.VC_GUIDANCE}))
    return deal(fund=terms, post_money=post_money, fen=fen, **more)


def regional(through: int | None, direct: int | None, **more: object) -> FundFacts:
    """A parent fund that the national VC guidance fund joined: what it paid into funds, and into one company."""
    scheme = more.pop("scheme", NationalScheme.VC_GUIDANCE)
    national = InvestorFacts("NF", PartyKind.NATIONAL_FUND, national_scheme=scheme)
    given = {
        "kind": PartyKind.PARENT_FUND,
        "stakes": (StakeFacts(national, more.pop("committed", 100)),),
        "paid_into_funds": through,
        "deals": (deal(fen=direct),),
        "investment_period_end": dt.date(2025, 12, 31),
        "status": FundStatus.INVESTING,
    }
    return FundFacts("PF", AS_OF, **{**given, **more})


def follow(fen: int | None, lead: int | None = 600 * WAN, **more: object) -> DealFacts:
    more.setdefault("stage", Stage.STARTUP)
    more.setdefault("company_cost", fen)
    return deal(support_mode=SupportMode.FOLLOW_ON, fen=fen, lead_ticket=lead, **more)


def harbin(**more: object) -> DealFacts:
    given = {
        "fund": then(investment_mode=InvestmentMode.DIRECT_PROJECT, municipality=City.HARBIN),
        "fen": 2000 * WAN,
        "project_investment": 10_000 * WAN,
        "project_fixed_assets": 5000 * WAN,
        "project_owner_equity": 3000 * WAN,
        "planned_years": 5,
    }
    given["company_cost"] = more.get("fen", given["fen"])
    return deal(**{**given, **more})


def enterprise(
    *deals: DealFacts,
    cash: tuple[CashProduct, ...] | None = (CashProduct.DEPOSIT,),
    filed: bool | None = True,
) -> FundFacts:
    return FundFacts("F1", AS_OF, vc_enterprise=filed, cash_products=cash, deals=deals)


def parked(*products: CashProduct, **more: object) -> FundFacts:
    """A guidance fund whose idle cash lies in some products; none: nobody recorded where."""
    return FundFacts(
        "F1", AS_OF, **{"kind": PartyKind.GUIDANCE_FUND, "cash_products": products or None, **more}
    )


def purposed(inside: int, outside: int, unknown: int = 0, **more: object) -> FundFacts:
    terms = then(mandate_stages=(Stage.SEED, Stage.STARTUP))
    rows = ((inside, Stage.SEED), (outside, Stage.MATURE), (unknown, None))
    built = CompanyFacts("C", DAY, publicly_funded_result=more.pop("built", None))
    deals = tuple(
        deal(f"D{n}", terms, fen=fen, stage=stage, company_then=built)
        for n, (fen, stage) in enumerate(rows)
        if fen
    )
    scheme, committed = more.pop("scheme", None), more.pop("committed", 100)
    joins = PartyKind.SOCIAL_INVESTOR if scheme is None else PartyKind.NATIONAL_FUND
    national = InvestorFacts("NF", more.pop("joins", joins), national_scheme=scheme)
    stakes = (StakeFacts(InvestorFacts("GF", PartyKind.GUIDANCE_FUND), 100), StakeFacts(national, committed))
    more.setdefault("investment_period_end", dt.date(2025, 12, 31))
    more.setdefault("status", FundStatus.INVESTING)
    given = {"stakes": stakes, "deals": deals, **more}
    return FundFacts("F1", AS_OF, **given)


def converting(built: int, other: int, unknown: int = 0, paid: int = 0, **more: object) -> FundFacts:
    """All inside the mandate; `built` in companies that rest on publicly funded results; the conversion fund paid in."""
    terms = then(mandate_stages=(Stage.SEED,))
    rows = ((built, True), (other, False), (unknown, None))
    deals = tuple(
        deal(
            f"D{n}",
            terms,
            fen=fen,
            stage=Stage.SEED,
            company_then=CompanyFacts(f"C{n}", DAY, publicly_funded_result=result),
        )
        for n, (fen, result) in enumerate(rows)
        if fen
    )
    national = InvestorFacts("NF", PartyKind.NATIONAL_FUND, national_scheme=NationalScheme.CONVERSION_FUND)
    joined, left = more.pop("joined", dt.date(2021, 1, 1)), more.pop("left", False)
    stakes = (
        StakeFacts(InvestorFacts("GF", PartyKind.GUIDANCE_FUND), 100),
        StakeFacts(national, 0 if left else 100, joined, paid=(Flow(DAY, paid),)),
    )
    return purposed(0, 0, deals=deals, stakes=stakes, **more)


def guaranteed(**more: object) -> DealFacts:
    return tool(Instrument.GUARANTEE, **more)


PRIVATE_VCE = then(government_money=False, vc_enterprise=True)
VC = NationalScheme.VC_GUIDANCE
DAY_BEFORE = dt.date(2026, 6, 29)
AFTER = dt.date(2026, 3, 3)

CASES = [
    ("GF-24", "inside", (deal(group_cost=2 * YI - 1),), PASS),
    ("GF-24", "on the cap", (deal(group_cost=2 * YI),), PASS),
    ("GF-24", "a fen above", (deal(group_cost=2 * YI + 1),), BREACH),
    ("GF-24", "missing cost so far", (deal(),), UNKNOWN),
    ("GF-24", "missing base", (deal(fund=then(committed=None), group_cost=1),), UNKNOWN),
    (
        "GF-24",
        "a filed VC enterprise without government money",
        (deal(fund=PRIVATE_VCE, group_cost=2 * YI + 1),),
        BREACH,
    ),
    (
        "GF-24",
        "whether government money is in is unknown",
        (deal(fund=then(government_money=None, vc_enterprise=False), group_cost=2 * YI + 1),),
        UNKNOWN,
    ),
    (
        "GF-24",
        "no government money, and whether it is filed is unknown",
        (deal(fund=then(government_money=False), group_cost=1),),
        UNKNOWN,
    ),
    (
        "GF-24",
        "neither government money nor Order 39",
        (deal(fund=then(government_money=False, vc_enterprise=False), group_cost=9 * YI),),
        None,
    ),
    (
        "GF-24",
        "a follow-on counts what is held",
        (deal(kind=DealKind.FOLLOW_ON, fen=1, group_cost=2 * YI + 1),),
        BREACH,
    ),
    ("GF-24", "an exit", (deal(kind=DealKind.EXIT, group_cost=9 * YI),), None),
    ("GF-25", "on the floor", (purposed(60, 40),), PASS),
    ("GF-25", "above", (purposed(61, 39),), PASS),
    ("GF-25", "just below after the period", (purposed(59, 41),), BREACH),
    ("GF-25", "just below within the period", (purposed(59, 41, investment_period_end=AS_OF),), WARN),
    ("GF-25", "unknown deals decide", (purposed(59, 40, 1),), UNKNOWN),
    ("GF-25", "unknown deals do not decide", (purposed(60, 39, 1),), PASS),
    ("GF-25", "national VC fund: 70 % early", (purposed(70, 30, scheme=NationalScheme.VC_GUIDANCE),), PASS),
    ("GF-25", "national VC fund: 69 % early", (purposed(69, 31, scheme=NationalScheme.VC_GUIDANCE),), BREACH),
    ("GF-25", "national VC fund, stage unknown decides", (purposed(69, 30, 1, scheme=VC),), UNKNOWN),
    (
        "GF-25",
        "national VC fund: start-ups are early",
        (
            purposed(
                0,
                0,
                scheme=VC,
                deals=(deal(fund=then(mandate_stages=(Stage.STARTUP,)), stage=Stage.STARTUP),),
            ),
        ),
        PASS,
    ),
    ("GF-25", "national VC fund that left", (purposed(69, 31, scheme=VC, committed=0),), PASS),
    ("GF-25", "period ended yesterday", (purposed(59, 41, investment_period_end=DAY_BEFORE),), BREACH),
    ("GF-25", "no period known, still working", (purposed(59, 41, investment_period_end=None),), UNKNOWN),
    ("GF-25", "no period known, and kept", (purposed(60, 40, investment_period_end=None),), PASS),
    (
        "GF-25",
        "within the period, status missing",
        (purposed(59, 41, status=None, investment_period_end=AS_OF),),
        UNKNOWN,
    ),
    (
        "GF-25",
        "a national fund of no recorded scheme may ask for 70 %",
        (purposed(69, 31, joins=PartyKind.NATIONAL_FUND),),
        UNKNOWN,
    ),
    (
        "GF-25",
        "a national fund of no recorded scheme, whose terms were kept all the same",
        (purposed(100, 0, joins=PartyKind.NATIONAL_FUND, built=True),),
        PASS,
    ),
    (
        "GF-25",
        "no period known, being wound up",
        (purposed(59, 41, investment_period_end=None, status=FundStatus.LIQUIDATING),),
        BREACH,
    ),
    (
        "GF-25",
        "no period known, closed",
        (purposed(59, 41, investment_period_end=None, status=FundStatus.CLOSED),),
        BREACH,
    ),
    ("GF-25", "mandate missing", (purposed(0, 0, deals=(deal(fund=then()),)),), UNKNOWN),
    ("GF-25", "amount missing", (purposed(60, 40, deals=(deal(fen=None),)),), UNKNOWN),
    ("GF-25", "conversion fund: half built on results", (converting(50, 50),), PASS),
    ("GF-25", "conversion fund: just below half", (converting(49, 51),), BREACH),
    (
        "GF-25",
        "conversion fund: below half within the period",
        (converting(49, 51, investment_period_end=AS_OF),),
        WARN,
    ),
    ("GF-25", "conversion fund: unknown decides", (converting(49, 50, 1),), UNKNOWN),
    ("GF-25", "conversion fund: three times its money", (converting(90, 10, paid=30),), PASS),
    ("GF-25", "conversion fund: a fen below three times", (converting(89, 10, paid=30),), BREACH),
    ("GF-25", "conversion fund: three times, unknown decides", (converting(89, 10, 1, paid=30),), UNKNOWN),
    (
        "GF-25",
        "conversion fund: joined before its terms",
        (converting(49, 51, paid=30, joined=dt.date(2020, 12, 31)),),
        PASS,
    ),
    ("GF-25", "conversion fund: day of joining unknown", (converting(49, 51, joined=None),), BREACH),
    ("GF-25", "conversion fund: has left", (converting(49, 51, paid=30, left=True),), PASS),
    ("GF-25", "conversion fund: above three times", (converting(91, 10, paid=30),), PASS),
    ("GF-25", "private fund", (purposed(0, 100, stakes=()),), NA),
    ("GF-25", "parent fund", (purposed(0, 100, kind=PartyKind.PARENT_FUND),), NA),
    ("GF-25", "nothing invested", (purposed(0, 0),), NA),
    ("GF-26", "just under both", (of_national(5 * YI - 1),), PASS),
    ("GF-26", "valuation on the ceiling", (of_national(5 * YI),), WARN),
    ("GF-26", "ticket a fen above", (of_national(YI, 5000 * WAN + 1),), WARN),
    ("GF-26", "valuation a fen below, ticket on the mark", (of_national(5 * YI - 1, 5000 * WAN),), PASS),
    ("GF-26", "missing valuation, ticket too large", (of_national(None, 5000 * WAN + 1),), WARN),
    ("GF-26", "missing ticket, valuation too high", (of_national(5 * YI, None),), WARN),
    ("GF-26", "missing ticket", (of_national(YI, None),), UNKNOWN),
    ("GF-26", "an exit", (of_national(9 * YI, kind=DealKind.EXIT),), None),
    ("GF-26", "missing valuation", (of_national(None),), UNKNOWN),
    ("GF-26", "no such investor", (deal(post_money=9 * YI),), None),
    ("GF-26B", "on the share", (regional(80, 20),), PASS),
    ("GF-26B", "above it", (regional(81, 19),), PASS),
    ("GF-26B", "a fen below, after the period", (regional(7999, 2001),), BREACH),
    ("GF-26B", "a fen below, within it", (regional(7999, 2001, investment_period_end=AS_OF),), WARN),
    (
        "GF-26B",
        "a fen below, wound up",
        (regional(7999, 2001, investment_period_end=None, status=FundStatus.CLOSED),),
        BREACH,
    ),
    (
        "GF-26B",
        "below, neither period nor state known",
        (regional(79, 21, investment_period_end=None, status=None),),
        UNKNOWN,
    ),
    (
        "GF-26B",
        "shares of a fund bought by a deal",
        (regional(0, 20, deals=(deal(fen=80, instrument=Instrument.FUND_STAKE), deal("D2", fen=20))),),
        PASS,
    ),
    ("GF-26B", "amount of a deal missing", (regional(80, None),), UNKNOWN),
    ("GF-26B", "money of funds missing", (regional(None, 20),), UNKNOWN),
    ("GF-26B", "nothing placed yet", (regional(0, 0, deals=()),), None),
    ("GF-26B", "a national fund of no recorded scheme, below", (regional(79, 21, scheme=None),), UNKNOWN),
    ("GF-26B", "a national fund of no recorded scheme, above", (regional(80, 20, scheme=None),), PASS),
    ("GF-26B", "another national fund", (regional(0, 100, scheme=NationalScheme.CONVERSION_FUND),), None),
    ("GF-26B", "that left", (regional(0, 100, committed=0),), None),
    ("GF-26B", "a sub-fund", (regional(0, 100, kind=PartyKind.SUB_FUND),), None),
    ("GF-27", "equity", (tool(Instrument.EQUITY),), PASS),
    ("GF-27", "fund stake", (tool(Instrument.FUND_STAKE),), PASS),
    ("GF-27", "loan", (tool(Instrument.LOAN),), BREACH),
    ("GF-27", "entrusted loan", (tool(Instrument.ENTRUSTED_LOAN),), BREACH),
    ("GF-27", "listed shares", (tool(Instrument.LISTED_SHARES),), BREACH),
    ("GF-27", "derivative", (tool(Instrument.DERIVATIVE),), BREACH),
    ("GF-27", "property", (tool(Instrument.PROPERTY),), BREACH),
    ("GF-27", "AAA bond", (tool(Instrument.BOND, bond_rating="aaa"),), PASS),
    ("GF-27", "AA+ bond", (tool(Instrument.BOND, bond_rating="AA+"),), BREACH),
    ("GF-27", "unrated bond", (tool(Instrument.BOND),), UNKNOWN),
    ("GF-27", "financing guarantee", (tool(Instrument.GUARANTEE, financing_guarantee=True),), PASS),
    ("GF-27", "other guarantee", (tool(Instrument.GUARANTEE, financing_guarantee=False),), BREACH),
    ("GF-27", "guarantee of unknown kind", (tool(Instrument.GUARANTEE),), UNKNOWN),
    ("GF-27", "approved charity", (tool(Instrument.DONATION, approved_charity=True),), PASS),
    ("GF-27", "other donation", (tool(Instrument.DONATION, approved_charity=False),), BREACH),
    ("GF-27", "missing instrument", (tool(None),), UNKNOWN),
    ("GF-27", "convertible", (tool(Instrument.CONVERTIBLE),), PASS),
    ("GF-27", "donation, approval unknown", (tool(Instrument.DONATION),), UNKNOWN),
    ("GF-27", "AAA with blanks", (tool(Instrument.BOND, bond_rating=" AAA "),), PASS),
    ("GF-27", "AA bond", (tool(Instrument.BOND, bond_rating="AA"),), BREACH),
    ("GF-27", "shares of a listed company", (tool(Instrument.EQUITY, listed_then=True),), UNKNOWN),
    ("GF-28", "shares of a listed company", (tool(Instrument.EQUITY, listed_then=True),), UNKNOWN),
    ("GF-27", "an exit", (tool(Instrument.LOAN, kind=DealKind.EXIT),), None),
    ("GF-27", "a follow-on", (tool(Instrument.LOAN, kind=DealKind.FOLLOW_ON),), BREACH),
    (
        "GF-27",
        "whether government money is in is unknown",
        (tool(Instrument.LOAN, fund=then(government_money=None)),),
        BREACH,
    ),
    ("GF-27", "no government money", (deal(fund=then(government_money=False)),), None),
    ("GF-28", "equity", (tool(Instrument.EQUITY),), PASS),
    ("GF-28", "derivative", (tool(Instrument.DERIVATIVE),), BREACH),
    ("GF-28", "loan", (tool(Instrument.LOAN),), BREACH),
    ("GF-28", "entrusted loan", (tool(Instrument.ENTRUSTED_LOAN),), BREACH),
    ("GF-28", "listed shares", (tool(Instrument.LISTED_SHARES),), BREACH),
    ("GF-28", "guarantee", (guaranteed(financing_guarantee=False),), BREACH),
    ("GF-28", "property is not on this list", (tool(Instrument.PROPERTY),), PASS),
    ("GF-28", "donation is not on this list", (tool(Instrument.DONATION),), PASS),
    ("GF-28", "no government money", (tool(Instrument.LOAN, fund=then(government_money=False)),), None),
    ("GF-28", "bond is not on this list", (tool(Instrument.BOND),), PASS),
    ("GF-28", "guarantee of unknown kind", (tool(Instrument.GUARANTEE),), UNKNOWN),
    ("GF-28", "missing instrument", (tool(None),), UNKNOWN),
    ("GF-29", "equity", (tool(Instrument.EQUITY),), PASS),
    ("GF-29", "loan", (tool(Instrument.LOAN),), BREACH),
    ("GF-29", "bridge loan", (tool(Instrument.LOAN, bridge_loan=True),), WARN),
    ("GF-29", "convertible", (tool(Instrument.CONVERTIBLE, bridge_loan=False),), PASS),
    ("GF-29", "entrusted loan", (tool(Instrument.ENTRUSTED_LOAN),), BREACH),
    ("GF-29", "bridge by a convertible", (tool(Instrument.CONVERTIBLE, bridge_loan=True),), WARN),
    ("GF-29", "not a bridge", (tool(Instrument.LOAN, bridge_loan=False),), BREACH),
    (
        "GF-29",
        "also without government money",
        (tool(Instrument.LOAN, fund=then(government_money=False)),),
        BREACH,
    ),
    ("GF-29", "convertible of unknown kind", (tool(Instrument.CONVERTIBLE),), UNKNOWN),
    ("GF-29", "missing instrument", (tool(None),), UNKNOWN),
    ("GF-29", "an exit", (deal(kind=DealKind.EXIT, instrument=None),), None),
    ("GF-32", "equity, deposit", (enterprise(deal()),), PASS),
    ("GF-32", "guarantee", (enterprise(tool(Instrument.GUARANTEE)),), BREACH),
    ("GF-32", "property", (enterprise(tool(Instrument.PROPERTY, own_premises=False)),), BREACH),
    ("GF-32", "property, for whom is missing", (enterprise(tool(Instrument.PROPERTY)),), UNKNOWN),
    ("GF-32", "own premises", (enterprise(tool(Instrument.PROPERTY, own_premises=True)),), PASS),
    ("GF-27B", "deposits and bonds", (parked(CashProduct.DEPOSIT, CashProduct.TREASURY_BOND),), PASS),
    ("GF-27B", "a trust beside deposits", (parked(CashProduct.DEPOSIT, CashProduct.TRUST),), BREACH),
    ("GF-27B", "a wealth product", (parked(CashProduct.WEALTH_PRODUCT),), BREACH),
    ("GF-27B", "listed shares", (parked(CashProduct.STOCKS),), BREACH),
    ("GF-27B", "units of a securities fund", (parked(CashProduct.FUND_UNITS),), BREACH),
    ("GF-27B", "nobody knows where", (parked(),), UNKNOWN),
    ("GF-27B", "wound up", (parked(status=FundStatus.CLOSED),), NA),
    ("GF-27B", "no government money", (parked(CashProduct.TRUST, kind=PartyKind.SUB_FUND),), NA),
    ("GF-32", "trust product", (enterprise(cash=(CashProduct.DEPOSIT, CashProduct.TRUST)),), BREACH),
    (
        "GF-32",
        "every allowed product",
        (enterprise(cash=(CashProduct.DEPOSIT, CashProduct.TREASURY_BOND, CashProduct.FIXED_INCOME)),),
        PASS,
    ),
    ("GF-32", "wealth product", (enterprise(cash=(CashProduct.WEALTH_PRODUCT,)),), BREACH),
    ("GF-32", "shares", (enterprise(cash=(CashProduct.STOCKS,)),), BREACH),
    ("GF-32", "fund units", (enterprise(cash=(CashProduct.FUND_UNITS,)),), BREACH),
    ("GF-32", "no idle cash", (enterprise(cash=()),), PASS),
    ("GF-32", "financing guarantee", (enterprise(guaranteed(financing_guarantee=True)),), BREACH),
    ("GF-32", "a guarantee that ran out", (enterprise(guaranteed(kind=DealKind.EXIT)),), PASS),
    ("GF-32", "instrument missing", (enterprise(tool(None)),), UNKNOWN),
    ("GF-32", "instrument missing, and a guarantee", (enterprise(tool(None), guaranteed()),), BREACH),
    ("GF-32", "filing missing", (enterprise(filed=None),), UNKNOWN),
    ("GF-32", "missing cash products", (enterprise(cash=None),), UNKNOWN),
    ("GF-32", "not filed", (enterprise(filed=False),), NA),
    ("GF-33", "in the list", (deal(fund=then(field_lists=(LIST,)), industry="3921"),), PASS),
    ("GF-33", "not in the list", (deal(fund=then(field_lists=(LIST,)), industry="C4011"),), WARN),
    (
        "GF-33",
        "second version of the year",
        (deal(fund=then(field_lists=(LIST, LATER_LIST)), industry="C4011"),),
        WARN,
    ),
    (
        "GF-33",
        "no list yet",
        (deal(fund=then(field_lists=(FieldList(AS_OF, ("C",)),)), industry="C39"),),
        UNKNOWN,
    ),
    (
        "GF-33",
        "list of the deal's day",
        (deal(fund=then(field_lists=(FieldList(DAY, ("C39",)),)), industry="C39"),),
        PASS,
    ),
    (
        "GF-33",
        "list of the day after",
        (deal(fund=then(field_lists=(FieldList(AFTER, ("C39",)),)), industry="C39"),),
        UNKNOWN,
    ),
    (
        "GF-33",
        "one version in each year",
        (deal(fund=then(field_lists=(FieldList(dt.date(2025, 12, 31), ("C40",)), LIST)), industry="C39"),),
        PASS,
    ),
    (
        "GF-33",
        "the list before does not count",
        (deal(fund=then(field_lists=(FieldList(dt.date(2025, 12, 31), ("C40",)), LIST)), industry="C40"),),
        WARN,
    ),
    ("GF-33", "no government money", (deal(fund=then(government_money=False), industry="C40"),), None),
    ("GF-33", "an exit", (deal(kind=DealKind.EXIT, industry="C40"),), None),
    ("GF-33", "missing industry", (deal(fund=then(field_lists=(LIST,))),), UNKNOWN),
    ("GF-34", "half the ticket and 300万", (follow(300 * WAN),), PASS),
    ("GF-34", "a fen above half", (follow(250 * WAN + 1, 500 * WAN),), BREACH),
    ("GF-34", "a fen above 300万", (follow(300 * WAN + 1, 9000 * WAN),), BREACH),
    ("GF-34", "mature company", (follow(1, stage=Stage.MATURE, priority_company=False),), BREACH),
    ("GF-34", "mature priority company", (follow(1, stage=Stage.MATURE, priority_company=True),), PASS),
    ("GF-34", "no VC in the round", (follow(1, 0),), BREACH),
    ("GF-34", "on 300万 with what is held", (follow(100 * WAN, company_cost=300 * WAN),), PASS),
    (
        "GF-34",
        "a fen above 300万 with what is held",
        (follow(100 * WAN, company_cost=300 * WAN + 1),),
        BREACH,
    ),
    ("GF-34", "ours unknown, cost held known", (follow(None, company_cost=1),), UNKNOWN),
    ("GF-34", "cost held unknown", (follow(100 * WAN, company_cost=None),), UNKNOWN),
    ("GF-34", "seed company", (follow(1, stage=Stage.SEED),), PASS),
    ("GF-34", "growth company", (follow(1, stage=Stage.GROWTH, priority_company=False),), BREACH),
    ("GF-34", "growth company, priority unknown", (follow(1, stage=Stage.GROWTH),), UNKNOWN),
    ("GF-34", "missing stage of a priority company", (follow(1, stage=None, priority_company=True),), PASS),
    ("GF-34", "missing ticket", (follow(None),), UNKNOWN),
    ("GF-34", "an exit", (follow(1, kind=DealKind.EXIT),), None),
    ("GF-34", "missing lead ticket", (follow(1, None),), UNKNOWN),
    ("GF-34", "missing stage", (follow(1, stage=None),), UNKNOWN),
    ("GF-34", "not a follow-on", (deal(),), None),
    ("GF-36", "on every mark", (harbin(),), PASS),
    ("GF-36", "stake a fen above", (harbin(fen=2000 * WAN + 1),), BREACH),
    ("GF-36", "three years", (harbin(planned_years=3),), PASS),
    ("GF-36", "two years", (harbin(planned_years=2),), BREACH),
    ("GF-36", "six years", (harbin(planned_years=6),), BREACH),
    ("GF-36", "fixed assets a fen short", (harbin(project_fixed_assets=5000 * WAN - 1),), BREACH),
    ("GF-36", "own equity a fen short", (harbin(project_owner_equity=3000 * WAN - 1),), BREACH),
    ("GF-36", "stake a fen above with what is held", (harbin(fen=1, company_cost=2000 * WAN + 1),), BREACH),
    ("GF-36", "stake unknown", (harbin(company_cost=None),), UNKNOWN),
    ("GF-36", "years unknown", (harbin(planned_years=None),), UNKNOWN),
    ("GF-36", "fixed assets unknown", (harbin(project_fixed_assets=None),), UNKNOWN),
    ("GF-36", "own equity unknown", (harbin(project_owner_equity=None),), UNKNOWN),
    ("GF-36", "unknown does not hide a fault", (harbin(project_owner_equity=None, planned_years=2),), BREACH),
    ("GF-36", "an exit", (harbin(kind=DealKind.EXIT),), None),
    (
        "GF-36",
        "a fund of another city",
        (harbin(fund=then(investment_mode=InvestmentMode.DIRECT_PROJECT, municipality=City.DAQING)),),
        None,
    ),
    (
        "GF-36",
        "not a direct project",
        (harbin(fund=then(investment_mode=InvestmentMode.DIRECT_SUB_FUND, municipality=City.HARBIN)),),
        None,
    ),
    ("GF-36", "missing project", (harbin(project_investment=None),), UNKNOWN),
    ("GF-36", "another city", (deal(),), None),
    ("GF-64", "not related", (deal(related_party=False),), PASS),
    (
        "GF-64",
        "decided and disclosed",
        (deal(related_party=True, decision_ref="决议 1", disclosed_on=DAY),),
        PASS,
    ),
    ("GF-64", "not disclosed", (deal(related_party=True, decision_ref="决议 1"),), BREACH),
    ("GF-64", "not decided", (deal(related_party=True, disclosed_on=DAY),), BREACH),
    ("GF-64", "missing", (deal(),), UNKNOWN),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.text.zh and outcome.text.en)


@pytest.mark.parametrize(
    ("base", "verdict"), [("commitments", PASS), ("paid_in", BREACH), ("total_assets", UNKNOWN)]
)
def test_gf_24_is_measured_on_the_base_that_the_fund_has_set(base, verdict):
    rows = [OwnNumber("concentration_base", base, dt.date(2020, 1, 1), "合伙协议第9条", "tester", "F1")]
    settings = NumbersInForce(catalogue.parameters(), rows)
    subject = deal(fund=then(paid_in=5 * YI), group_cost=2 * YI)
    outcome = ask("GF-24", subject, day=AS_OF, settings=settings, fund="F1")
    assert outcome.verdict is verdict
    if verdict is BREACH:
        assert outcome.measured == Decimal("0.4")
        assert outcome.money == YI
        assert outcome.inputs["base_name"] == "paid_in"


@pytest.mark.parametrize(
    ("day", "number", "verdict"),
    [
        (dt.date(2017, 3, 31), None, None),  # the day before 2800号
        (dt.date(2017, 4, 1), "发改财金规〔2016〕2800号", BREACH),
        (dt.date(2026, 1, 11), "发改财金规〔2016〕2800号", BREACH),
        (dt.date(2026, 1, 12), "发改财金规〔2025〕1752号", BREACH),
    ],
)
def test_gf_28_uses_the_list_in_force_on_the_deals_day(day, number, verdict):
    derivative = deal(instrument=Instrument.DERIVATIVE, day=day)
    fund = FundFacts("F1", AS_OF, deals=(derivative,))
    found = [f for f in judge(OfficeFacts(AS_OF, (fund,)), AS_OF, only=["GF-28"]) if f.verdict is not NA]
    assert [(f.source.document, f.verdict) for f in found] == ([] if number is None else [(number, verdict)])


@pytest.mark.parametrize(
    ("industry", "fields", "inside"),
    [
        ("3921", ["C39"], True),
        ("C3921", ["39"], True),
        ("C3921", ["C"], True),
        ("6510", ["I"], True),
        ("0111", ["A01"], True),
        ("C3921", ["C40", "I"], False),
        ("C3921", [""], False),
    ],
)
def test_an_industry_lies_inside_a_section_division_group_or_class(industry, fields, inside):
    assert in_field(industry, fields) is inside


@pytest.mark.parametrize(
    ("stages", "fields", "stage", "industry", "inside"),
    [
        (None, None, Stage.SEED, "C39", None),
        ((Stage.SEED,), None, Stage.SEED, None, True),
        ((Stage.SEED,), None, Stage.MATURE, None, False),
        ((Stage.SEED,), ("C39",), Stage.SEED, None, None),
        ((Stage.SEED,), ("C39",), Stage.MATURE, None, False),
        ((Stage.SEED,), ("C39",), Stage.SEED, "C39", True),
        ((Stage.SEED,), ("C39",), Stage.SEED, "C40", False),
        ((Stage.SEED,), ("C39",), None, "C40", False),
        (None, ("C39",), Stage.SEED, "C39", True),
        (None, ("C39",), Stage.SEED, None, None),
        ((), ("C39",), None, "C39", True),
    ],
)
def test_a_deal_is_inside_the_mandate_only_when_nothing_that_could_decide_is_missing(
    stages, fields, stage, industry, inside
):
    terms = then(mandate_stages=stages, mandate_fields=fields)
    assert inside_mandate(deal(fund=terms, stage=stage, industry=industry)) is inside


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(dt.date(2025, 12, 25), PASS), (dt.date(2025, 12, 26), WARN), (dt.date(2025, 12, 27), WARN)],
)
def test_the_national_vc_funds_70_per_cent_is_asked_for_since_its_announcement(day, verdict):
    subject = replace(purposed(69, 31, scheme=VC, investment_period_end=AS_OF), as_of=day)
    assert ask("GF-25", subject, day=day).verdict is verdict


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(dt.date(2020, 12, 31), PASS), (dt.date(2021, 1, 1), BREACH), (dt.date(2021, 1, 2), BREACH)],
)
@pytest.mark.parametrize("subject", [converting(49, 51), converting(60, 1, paid=30)])
def test_the_conversion_funds_terms_are_asked_for_since_2021(subject, day, verdict):
    assert ask("GF-25", subject, day=day).verdict is verdict


def test_gf_25_says_by_how_much_the_worst_of_its_tests_falls_short():
    outcome = ask("GF-25", converting(60, 1, paid=30), day=AS_OF)
    assert (outcome.unit, outcome.measured, outcome.threshold, outcome.money) == (
        "multiple",
        Decimal(2),
        Decimal(3),
        30,
    )
    share = ask("GF-25", purposed(59, 41), day=AS_OF)
    assert (share.unit, share.measured, share.money) == ("share", Decimal("0.59"), 1)
    assert [item.code for item in share.items] == ["D1"]


def test_gf_24_tells_the_excess_to_the_fen():
    """20 per cent of 8 fen is 1.6: two fen are four tenths too many, which is a fen."""
    outcome = ask("GF-24", deal(fund=then(committed=8), group_cost=2), day=AS_OF)
    assert (outcome.verdict, outcome.money) == (BREACH, 1)
    assert ask("GF-24", deal(group_cost=2 * YI), day=AS_OF).money is None


def test_gf_32_lists_what_a_vc_enterprise_may_not_do():
    outcome = ask("GF-32", enterprise(deal("D1"), guaranteed(code="D2")), day=AS_OF)
    assert [(item.code, item.fen) for item in outcome.items] == [("D2", 100 * WAN)]
    assert outcome.money == 100 * WAN


def test_gf_34_tells_the_larger_of_the_two_excesses():
    assert ask("GF-34", follow(300 * WAN, 500 * WAN, company_cost=310 * WAN), day=AS_OF).money == 50 * WAN
    assert ask("GF-34", follow(200 * WAN, 500 * WAN, company_cost=310 * WAN), day=AS_OF).money == 10 * WAN
    late = follow(7, stage=Stage.MATURE, priority_company=False)
    assert ask("GF-34", late, day=AS_OF).money == 7  # the whole ticket where it should not have been


def test_gf_29_puts_the_ticket_at_stake_where_it_may_be_lending():
    assert ask("GF-29", tool(Instrument.LOAN), day=AS_OF).money == 100 * WAN
    assert ask("GF-29", tool(Instrument.CONVERTIBLE, bridge_loan=True), day=AS_OF).money == 100 * WAN
    kept = ask("GF-29", tool(Instrument.EQUITY), day=AS_OF)
    assert (kept.money, "no lending" in kept.text.en) == (None, True)
