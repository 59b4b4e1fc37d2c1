"""GF-10…13, 15…18: managers, filing, head-count, least size and life."""

import datetime as dt
from dataclasses import replace

import pytest

from fof.calendar import HolidayNotice, published
from fof.rules.engine import ask
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import DealFacts, FundThen
from fof.rules.facts_parties import Due, Flow, InvestorFacts, ManagerFacts, StakeFacts
from fof.rules.registry import Verdict
from models.kinds import DealKind, FundClass, Instrument, LegalForm, Ownership, PartyKind, Strategy

AS_OF = dt.date(2026, 6, 30)
WAN = 1_000_000
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)
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
    more.setdefault("stakes", (PUBLIC,))
    return FundFacts("F1", AS_OF, manager=manager, manager_selected=manager, **more)


def angel(**more: object) -> FundFacts:
    return managed(manager(**more), strategy=Strategy.ANGEL)


def manager(**more: object) -> ManagerFacts:
    return replace(MANAGER, **more)


def filed(on: dt.date | None, **more: object) -> FundFacts:
    more.setdefault("final_close_on", CLOSED)
    return managed(amac_filed_on=on, **more)


def shut(closed: dt.date, on: dt.date) -> FundFacts:
    return filed(on, final_close_on=closed)


LAST = max(published().notices)
ENTERED = published().with_notices(
    [HolidayNotice(LAST + 1, frozenset({dt.date(LAST + 1, 1, 1)}), frozenset(), "a notice")]
)
"""The first year that the library does not hold, with one day off."""


def unpublished(days: int, **more: object) -> FundFacts:
    """Closed four working days before a year without a notice, and so many days of it gone without a filing."""
    fund = filed(None, final_close_on=dt.date(LAST, 12, 25), **more)
    return replace(fund, as_of=dt.date(LAST, 12, 31) + dt.timedelta(days=days))


def begun(registered: dt.date, first: dt.date | None, filed_on: dt.date | None = None) -> FundFacts:
    """A manager's first fund, where the fund itself was filed in time (or on the day given)."""
    own = manager(registered_on=registered, first_fund_filed_on=first)
    return filed(filed_on or dt.date(2025, 3, 28), manager=own)


def investors(count: int, gone: int = 0, **more: object) -> FundFacts:
    stakes = tuple(
        StakeFacts(InvestorFacts(f"L{n}", PartyKind.SOCIAL_INVESTOR), WAN if n < count else 0)
        for n in range(count + gone)
    )
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


def two_deep(members: int | None) -> FundFacts:
    """One investor before a conduit whose only member is a conduit with `members`."""
    inner_members = (
        None if members is None else tuple(InvestorFacts(f"M{n}", PartyKind.PERSON) for n in range(members))
    )
    form = LegalForm.LIMITED_PARTNERSHIP
    inner = InvestorFacts(
        "C2", PartyKind.SOCIAL_INVESTOR, legal_form=LegalForm.CONTRACT, members=inner_members
    )
    outer = InvestorFacts("C1", PartyKind.SOCIAL_INVESTOR, legal_form=form, members=(inner,))
    return FundFacts("F1", AS_OF, legal_form=form, stakes=(PUBLIC, StakeFacts(outer, WAN)))


def with_unknown(subject: FundFacts) -> FundFacts:
    return replace(subject, stakes=(*subject.stakes, *behind_conduit(None).stakes[1:]))


def gp(ownership: Ownership | None, **more: object) -> FundFacts:
    more.setdefault("legal_form", LegalForm.LIMITED_PARTNERSHIP)
    return FundFacts("F1", AS_OF, gp_code="G", gp_ownership=ownership, **more)


def bought(listed: bool | None = False, **more: object) -> DealFacts:
    return DealFacts("D", FundThen("F1"), "C1", listed_at_entry=listed, fen=7, **more)


def vc(**more: object) -> FundFacts:
    given = {
        "fund_class": FundClass.VENTURE,
        "name": "示例创业投资基金",
        "borrowing": 0,
        "established_on": dt.date(2024, 1, 1),
        "term_end": dt.date(2029, 1, 1),
        "deals": (bought(),),
    }
    return FundFacts("F1", AS_OF, **{**given, **more})


def enterprise(
    *payments: tuple[dt.date, int], tickets: tuple[int | None, ...] = (100 * WAN,), **more: object
) -> FundFacts:
    in_kind, dues = more.pop("in_kind", None), more.pop("dues", ())
    stakes = [
        StakeFacts(InvestorFacts(f"L{n}", PartyKind.SOCIAL_INVESTOR), fen, in_kind=in_kind, dues=dues)
        for n, fen in enumerate(tickets)
    ]
    stakes[0] = replace(stakes[0], paid=tuple(Flow(day, fen) for day, fen in payments))
    more.setdefault("vc_enterprise", True)
    return FundFacts("F1", AS_OF, stakes=tuple(stakes), **more)


START = dt.date(2020, 1, 15)


def in_kind_too(subject: FundFacts) -> FundFacts:
    first, second = subject.stakes
    return replace(subject, stakes=(first, replace(second, in_kind=True)))


def at_filing(paid: int, later: int = 0, **more: object) -> FundFacts:
    flows = (Flow(dt.date(2025, 1, 10), paid), Flow(dt.date(2025, 7, 10), later))
    given = {
        "amac_filed_on": dt.date(2025, 1, 10),
        "fund_class": FundClass.INDUSTRIAL,
        "strategy": Strategy.INDUSTRIAL,
        "single_asset": False,
        "established_on": dt.date(2024, 1, 1),
        "term_end": dt.date(2029, 1, 1),
        "stakes": (replace(PUBLIC, paid=flows),),
    }
    return FundFacts("F1", more.pop("as_of", AS_OF), **{**given, **more})


INDUSTRIAL = {"fund_class": FundClass.INDUSTRIAL, "strategy": Strategy.INDUSTRIAL}
PARENT = {"kind": PartyKind.PARENT_FUND}
GUIDANCE = {"kind": PartyKind.GUIDANCE_FUND}
LONG_AGO = dt.date(2022, 5, 10)
"""Registered then, a manager's twelve months ended before the regulation."""

CASES = [
    ("GF-10", "private fund", (managed(stakes=()),), NA),
    ("GF-10", "parent fund", (managed(**PARENT),), NA),
    ("GF-10", "capital missing", (managed(manager(paid_in_capital=None)),), UNKNOWN),
    ("GF-10", "capital a fen above", (managed(manager(paid_in_capital=1000 * WAN + 1)),), PASS),
    ("GF-10", "four people", (managed(manager(team_with_3_years=4)),), PASS),
    ("GF-10", "team missing", (managed(manager(team_with_3_years=None)),), UNKNOWN),
    ("GF-10", "record missing", (managed(manager(clean_record=None)),), UNKNOWN),
    ("GF-10", "angel: size missing", (angel(managed_paid_in=None),), UNKNOWN),
    ("GF-10", "angel: place missing", (angel(province=None),), UNKNOWN),
    (
        "GF-10",
        "not angel: size and place are no matter",
        (managed(manager(province="北京", managed_paid_in=1)),),
        PASS,
    ),
    (
        "GF-10",
        "known today, not for the day of selection",
        (replace(managed(), manager_selected=None),),
        UNKNOWN,
    ),
    (
        "GF-10",
        "good today, poor when selected",
        (replace(managed(), manager_selected=manager(clean_record=False)),),
        BREACH,
    ),
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
    ("GF-11", "20 days, spring festival off", (shut(dt.date(2025, 1, 13), dt.date(2025, 2, 14)),), PASS),
    ("GF-11", "21 days, spring festival off", (shut(dt.date(2025, 1, 13), dt.date(2025, 2, 17)),), BREACH),
    ("GF-11", "no notice, 20 days of the week", (unpublished(16),), PASS),
    ("GF-11", "no notice, 21 days of the week", (unpublished(17),), UNKNOWN),
    ("GF-11", "no notice, 52 weekdays", (unpublished(68),), UNKNOWN),
    ("GF-11", "no notice, 53 weekdays", (unpublished(69),), BREACH),
    ("GF-11", "its notice entered, 20 days", (unpublished(25, calendar=ENTERED),), PASS),
    ("GF-11", "its notice entered, 21 days", (unpublished(26, calendar=ENTERED),), BREACH),
    ("GF-11", "filed before the close", (filed(dt.date(2025, 2, 3)),), PASS),
    ("GF-11", "not filed, 20th day", (filed(None, final_close_on=dt.date(2026, 6, 1)),), PASS),
    ("GF-11", "not filed, 21st day", (filed(None, final_close_on=dt.date(2026, 5, 29)),), BREACH),
    ("GF-11", "guidance fund that is not filed", (filed(None, **GUIDANCE),), NA),
    ("GF-11", "guidance fund filed late", (filed(dt.date(2025, 4, 1), **GUIDANCE),), BREACH),
    ("GF-11", "manager missing", (filed(dt.date(2025, 3, 28), manager=None),), UNKNOWN),
    ("GF-11", "first filing missing, this fund in time", (begun(dt.date(2024, 3, 28), None),), PASS),
    (
        "GF-11",
        "first filing missing, this fund a day late for it",
        (begun(dt.date(2024, 3, 27), None),),
        UNKNOWN,
    ),
    (
        "GF-11",
        "not filed, manager's year still runs",
        (
            filed(
                None,
                final_close_on=dt.date(2026, 6, 29),
                manager=manager(registered_on=dt.date(2025, 6, 30), first_fund_filed_on=None),
            ),
        ),
        PASS,
    ),
    (
        "GF-11",
        "not filed, manager's year is over",
        (
            filed(
                None,
                final_close_on=dt.date(2026, 6, 29),
                manager=manager(registered_on=dt.date(2025, 6, 29), first_fund_filed_on=None),
            ),
        ),
        UNKNOWN,
    ),
    ("GF-11", "first fund late, filed before the regulation", (begun(LONG_AGO, dt.date(2023, 8, 31)),), PASS),
    (
        "GF-11",
        "first fund late, filed on the regulation's first day",
        (begun(LONG_AGO, dt.date(2023, 9, 1)),),
        BREACH,
    ),
    (
        "GF-11",
        "manager's year ended on its first day",
        (begun(dt.date(2022, 9, 1), dt.date(2024, 9, 1)),),
        BREACH,
    ),
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
    ("GF-12", "49 partners", (investors(49),), PASS),
    ("GF-12", "contract with one", (investors(1, legal_form=LegalForm.CONTRACT),), PASS),
    (
        "GF-12",
        "company limited by shares with 51",
        (investors(51, legal_form=LegalForm.COMPANY, limited_liability=False),),
        PASS,
    ),
    ("GF-12", "LLC with 50", (investors(50, legal_form=LegalForm.COMPANY, limited_liability=True),), PASS),
    ("GF-12", "50 and one that left", (investors(50, gone=1),), PASS),
    ("GF-12", "all have left", (investors(0, gone=3),), NA),
    ("GF-12", "the partner besides 49 and the GP", (investors(50, gp_code="G"),), BREACH),
    ("GF-12", "the GP is one of the investors", (investors(50, gp_code="L0"),), PASS),
    ("GF-12", "49 and a conduit of unknown members", (with_unknown(investors(49)),), UNKNOWN),
    ("GF-12", "51 and a conduit of unknown members", (with_unknown(investors(51)),), BREACH),
    ("GF-12", "guidance fund", (investors(300, **GUIDANCE),), NA),
    ("GF-12", "no investors recorded", (FundFacts("F1", AS_OF, legal_form=LegalForm.CONTRACT),), UNKNOWN),
    ("GF-12", "conduit behind a conduit, 49 members", (two_deep(49),), PASS),
    ("GF-12", "conduit behind a conduit, 50 members", (two_deep(50),), BREACH),
    ("GF-12", "conduit behind a conduit, members unknown", (two_deep(None),), UNKNOWN),
    ("GF-12", "conduit with 49 members", (behind_conduit(49),), PASS),
    ("GF-12", "conduit with 50 members", (behind_conduit(50),), BREACH),
    ("GF-12", "filed conduit counts as one", (behind_conduit(50, "SX1"),), PASS),
    ("GF-12", "conduit of unknown members", (behind_conduit(None),), UNKNOWN),
    ("GF-12", "missing form", (investors(5, legal_form=None),), UNKNOWN),
    ("GF-13", "private", (gp(Ownership.PRIVATE),), PASS),
    ("GF-13", "wholly state-owned", (gp(Ownership.SOE_WHOLLY_OWNED),), BREACH),
    ("GF-13", "government office", (gp(Ownership.GOVERNMENT),), BREACH),
    ("GF-13", "public-interest body", (gp(Ownership.PUBLIC_BODY),), BREACH),
    ("GF-13", "foreign", (gp(Ownership.FOREIGN),), PASS),
    (
        "GF-13",
        "an opinion does not help a state company",
        (gp(Ownership.SOE, legal_opinion="法意 1"),),
        BREACH,
    ),
    ("GF-13", "missing legal form", (gp(Ownership.SOE, legal_form=None),), UNKNOWN),
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
    ("GF-15", "six years", (vc(term_end=dt.date(2030, 1, 1)),), PASS),
    ("GF-15", "five years stated, four at first", (vc(first_term_end=dt.date(2028, 1, 1)),), BREACH),
    ("GF-15", "five years stated, six at first", (vc(first_term_end=dt.date(2030, 1, 1)),), PASS),
    ("GF-15", "five years, one of them an extension", (vc(extensions=1, extension_years=1),), BREACH),
    (
        "GF-15",
        "six years, one of them an extension",
        (vc(term_end=dt.date(2030, 1, 1), extension_years=1),),
        PASS,
    ),
    ("GF-15", "life missing", (vc(established_on=None),), UNKNOWN),
    ("GF-15", "listing unknown", (vc(deals=(bought(None),)),), UNKNOWN),
    ("GF-15", "bought on the market", (vc(deals=(bought(instrument=Instrument.LISTED_SHARES),)),), BREACH),
    ("GF-15", "sold after listing", (vc(deals=(bought(), bought(True, kind=DealKind.EXIT))),), PASS),
    ("GF-15", "nothing bought yet", (vc(deals=()),), PASS),
    ("GF-15", "angel fund of no class", (vc(fund_class=None, strategy=Strategy.ANGEL, borrowing=1),), BREACH),
    ("GF-15", "seed fund of no class", (vc(fund_class=None, strategy=Strategy.SEED, borrowing=1),), BREACH),
    ("GF-15", "industrial fund", (vc(**INDUSTRIAL, name="示例产业基金"),), NA),
    ("GF-15", "industrial fund that calls itself a venture fund", (vc(**INDUSTRIAL, borrowing=1),), BREACH),
    ("GF-15", "class missing", (vc(fund_class=None, strategy=Strategy.GROWTH, name="示例基金"),), UNKNOWN),
    ("GF-15", "name missing", (vc(**INDUSTRIAL, name=None),), UNKNOWN),
    ("GF-15", "parent fund", (vc(borrowing=1, **PARENT),), NA),
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
    (
        "GF-16",
        "3000万 a fen short at the end",
        (enterprise((START, 1000 * WAN), (dt.date(2025, 1, 15), 2000 * WAN - 1)),),
        BREACH,
    ),
    ("GF-16", "five years still run", (enterprise((dt.date(2021, 6, 30), 1000 * WAN)),), PASS),
    ("GF-16", "five years ended yesterday", (enterprise((dt.date(2021, 6, 29), 1000 * WAN)),), BREACH),
    (
        "GF-16",
        "3000万 within the years, a small first part",
        (enterprise((START, 1), (dt.date(2021, 1, 15), 3000 * WAN)),),
        PASS,
    ),
    (
        "GF-16",
        "first notice paid by its due day",
        (
            enterprise(
                (dt.date(2024, 1, 15), 1),
                (dt.date(2024, 1, 20), 1000 * WAN),
                dues=(Due(dt.date(2024, 1, 20), 1, "N1"),),
            ),
        ),
        PASS,
    ),
    (
        "GF-16",
        "first notice paid the day after",
        (
            enterprise(
                (dt.date(2024, 1, 15), 1),
                (dt.date(2024, 1, 21), 1000 * WAN),
                dues=(Due(dt.date(2024, 1, 20), 1, "N1"),),
            ),
        ),
        BREACH,
    ),
    (
        "GF-16",
        "the second notice is no first part",
        (
            enterprise(
                (dt.date(2024, 1, 15), 1),
                (dt.date(2024, 3, 20), 1000 * WAN),
                dues=(Due(dt.date(2024, 1, 20), 1, "N1"), Due(dt.date(2024, 3, 20), 1, "N2")),
            ),
        ),
        BREACH,
    ),
    (
        "GF-16",
        "years still run, first part too small",
        (enterprise((dt.date(2024, 1, 15), 1000 * WAN - 1)),),
        BREACH,
    ),
    (
        "GF-16",
        "one of two pays in kind",
        (in_kind_too(enterprise((START, 3000 * WAN), tickets=(100 * WAN, 100 * WAN))),),
        BREACH,
    ),
    ("GF-16", "an investor that left", (enterprise((START, 3000 * WAN), tickets=(100 * WAN, 0)),), PASS),
    ("GF-16", "all have left", (enterprise((START, 3000 * WAN), tickets=(0,)),), NA),
    ("GF-16", "missing commitment", (enterprise((START, 3000 * WAN), tickets=(100 * WAN, None)),), UNKNOWN),
    ("GF-16", "nothing paid", (enterprise(),), UNKNOWN),
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
    ("GF-17", "equity fund above", (at_filing(1000 * WAN + 1),), PASS),
    (
        "GF-17",
        "vc fund: half, months over",
        (at_filing(500 * WAN, fund_class=FundClass.VENTURE, as_of=dt.date(2025, 7, 11)),),
        BREACH,
    ),
    (
        "GF-17",
        "vc fund: the rest a day late",
        (
            at_filing(
                500 * WAN,
                fund_class=FundClass.VENTURE,
                stakes=(
                    replace(
                        PUBLIC,
                        paid=(Flow(dt.date(2025, 1, 10), 500 * WAN), Flow(dt.date(2025, 7, 11), 500 * WAN)),
                    ),
                ),
            ),
        ),
        BREACH,
    ),
    (
        "GF-17",
        "paid the day after the filing",
        (at_filing(0, stakes=(replace(PUBLIC, paid=(Flow(dt.date(2025, 1, 11), 1000 * WAN),)),)),),
        BREACH,
    ),
    (
        "GF-17",
        "single-asset venture fund",
        (at_filing(2000 * WAN - 1, single_asset=True, fund_class=FundClass.VENTURE),),
        BREACH,
    ),
    ("GF-17", "single asset or not unknown", (at_filing(1000 * WAN, single_asset=None),), UNKNOWN),
    ("GF-17", "single asset or not is no matter", (at_filing(2000 * WAN, single_asset=None),), PASS),
    ("GF-17", "too little either way", (at_filing(1000 * WAN - 1, single_asset=None),), BREACH),
    (
        "GF-17",
        "two companies are not a single asset",
        (at_filing(1000 * WAN, single_asset=None, deals=(bought(), replace(bought(), company="C2"))),),
        PASS,
    ),
    (
        "GF-17",
        "one company bought twice",
        (at_filing(1000 * WAN, single_asset=None, deals=(bought(), bought())),),
        UNKNOWN,
    ),
    ("GF-17", "not filed", (at_filing(1000 * WAN, amac_filed_on=None),), UNKNOWN),
    (
        "GF-17",
        "class and strategy missing",
        (at_filing(999 * WAN, WAN, fund_class=None, strategy=None),),
        UNKNOWN,
    ),
    ("GF-17", "enough for every class", (at_filing(1000 * WAN, fund_class=None, strategy=None),), PASS),
    (
        "GF-17",
        "too little for every class",
        (at_filing(499 * WAN, 501 * WAN, fund_class=None, strategy=None),),
        BREACH,
    ),
    ("GF-17", "guidance fund that is filed", (at_filing(1, **GUIDANCE),), BREACH),
    (
        "GF-17",
        "a single-asset fund by word, two companies bought",
        (at_filing(2000 * WAN - 1, single_asset=True, deals=(bought(), replace(bought(), company="C2"))),),
        BREACH,
    ),
    ("GF-17", "guidance fund that is not filed", (at_filing(1, amac_filed_on=None, **GUIDANCE),), NA),
    ("GF-17", "five years, one of them an extension", (at_filing(1000 * WAN, extension_years=1),), BREACH),
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
    (
        "GF-18",
        "eight years, two of them extensions",
        (
            FundFacts(
                "F",
                AS_OF,
                vc_enterprise=True,
                established_on=dt.date(2020, 1, 1),
                term_end=dt.date(2028, 1, 1),
                extension_years=2,
            ),
        ),
        BREACH,
    ),
    ("GF-18", "day of set-up unknown", (FundFacts("F", AS_OF, vc_enterprise=True, term_end=AS_OF),), UNKNOWN),
    (
        "GF-18",
        "end of term unknown",
        (FundFacts("F", AS_OF, vc_enterprise=True, established_on=START),),
        UNKNOWN,
    ),
    (
        "GF-18",
        "whether it is filed is unknown",
        (FundFacts("F", AS_OF, established_on=START, term_end=AS_OF),),
        UNKNOWN,
    ),
    ("GF-18", "missing", (FundFacts("F", AS_OF, vc_enterprise=True),), UNKNOWN),
    ("GF-18", "not filed", (FundFacts("F", AS_OF, vc_enterprise=False),), NA),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.text.zh and outcome.text.en)


def test_gf_11_says_whose_notice_is_missing():
    open_one = ask("GF-11", unpublished(17), day=AS_OF)
    assert f"notice on public holidays of {LAST + 1}" in open_one.notes[0].en
    assert f"not before {LAST + 1}-01-16, notice of {LAST + 1} missing" in open_one.text.en
    assert ask("GF-11", filed(dt.date(2025, 3, 28)), day=AS_OF).notes == ()


def test_gf_10_says_what_was_only_known_after_the_selection():
    late = replace(MANAGER, later=("paid_in_capital", "clean_record"))
    outcome = ask("GF-10", managed(late), day=AS_OF)
    assert outcome.verdict is PASS
    assert outcome.notes == (
        (
            "遴选日尚无记载，按其后首次记载：实缴资本、近三年无重大违法违规",
            "not known on the day, first known later: Paid-in capital, Clean record",
        ),
    )
    assert ask("GF-10", managed(), day=AS_OF).notes == ()


def test_gf_12_names_the_investors_that_it_counted_as_one_without_knowing_their_form():
    known = InvestorFacts("K", PartyKind.SOCIAL_INVESTOR, legal_form=LegalForm.COMPANY)
    person = InvestorFacts("P", PartyKind.PERSON)
    plain = investors(2)
    above = [
        InvestorFacts(k.value, k)
        for k in (PartyKind.GOVERNMENT, PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND)
    ]
    partner = InvestorFacts("GP", PartyKind.MANAGER)
    others = tuple(StakeFacts(investor, WAN) for investor in (known, person, partner, *above))
    subject = replace(plain, gp_code="GP", stakes=(*plain.stakes, *others))
    (note,) = ask("GF-12", subject, day=AS_OF).notes
    assert note[1] == "legal form of 2 investors not recorded, each counted as one: L0, L1"


def test_gf_15_lists_what_was_listed_at_entry_and_adds_up_what_is_at_stake():
    outcome = ask("GF-15", vc(borrowing=5, deals=(bought(), replace(bought(True), code="E"))), day=AS_OF)
    assert [(item.code, item.fen) for item in outcome.items] == [("E", 7)]
    assert outcome.money == 12


def test_gf_11_puts_the_commitments_at_stake_unless_it_passes():
    assert ask("GF-11", filed(dt.date(2025, 4, 1)), day=AS_OF).money == 100 * WAN
    assert ask("GF-11", filed(dt.date(2025, 3, 28), manager=None), day=AS_OF).money == 100 * WAN
    assert ask("GF-11", filed(dt.date(2025, 3, 28)), day=AS_OF).money is None


def test_gf_13_names_the_opinion_it_rests_on():
    assert (
        "法律意见：法意 1"
        in ask("GF-13", gp(Ownership.SOE_CONTROLLED_MIXED, legal_opinion="法意 1"), day=AS_OF).text.zh
    )
    assert "法律意见：无" in ask("GF-13", gp(Ownership.SOE_CONTROLLED_MIXED), day=AS_OF).text.zh
    assert "法律意见" not in ask("GF-13", gp(Ownership.PRIVATE), day=AS_OF).text.zh


@pytest.mark.parametrize(
    ("more", "steps"),
    [
        ({}, False),
        ({"fund_class": FundClass.VENTURE}, True),
        ({"fund_class": FundClass.VENTURE, "single_asset": True}, False),
    ],
)
def test_gf_17_speaks_of_six_months_only_where_a_fund_may_take_them(more, steps):
    outcome = ask("GF-17", at_filing(2000 * WAN, **more), day=AS_OF)
    assert ("within 6 months" in outcome.text.en, "6 个月内" in outcome.text.zh) == (steps, steps)


def test_gf_16_measures_what_was_there_in_time():
    """20m within the five years and 10m a year late are 20m of 30m, and not 30m of 30m."""
    late = enterprise((START, 2000 * WAN), (dt.date(2026, 1, 16), 1000 * WAN))
    outcome = ask("GF-16", late, day=AS_OF)
    assert (outcome.verdict, outcome.measured, outcome.threshold) == (BREACH, 2000 * WAN, 3000 * WAN)
    assert outcome.money == 1000 * WAN
    assert "实缴 2000万元" in outcome.text.zh
