"""QI-01…06: qualified investors."""

import datetime as dt
from dataclasses import replace

import pytest

from fof.rules.engine import ask
from fof.rules.facts import FundFacts, OfficeFacts
from fof.rules.facts_deals import DealFacts, FundThen
from fof.rules.facts_parties import Flow, InvestorFacts, ManagerFacts, StakeFacts
from fof.rules.registry import Verdict
from models.kinds import DealKind, LegalForm, PartyKind
from models.rule_kinds import AssetKind, DeemedQualified

AS_OF = dt.date(2026, 6, 30)
DAY = dt.date(2024, 5, 20)
WAN = 1_000_000
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)
FUND = FundFacts("F1", AS_OF, manager=ManagerFacts("M"), gp_code="G", vc_enterprise=True)
ENTITY = InvestorFacts("E", PartyKind.SOCIAL_INVESTOR, net_assets=1000 * WAN, wealth_evidence_on=DAY)
PERSON = InvestorFacts(
    "X", PartyKind.PERSON, financial_assets=300 * WAN, average_income=0, wealth_evidence_on=DAY
)


def joins(
    investor: InvestorFacts, fen: int | None = 100 * WAN, **more: object
) -> tuple[StakeFacts, FundFacts]:
    paid = () if fen is None else (Flow(DAY, fen),)
    stake = StakeFacts(investor, fen, DAY, DAY, **{"paid": paid, **more})
    return stake, replace(FUND, stakes=(stake,))


def entity(**more: object) -> InvestorFacts:
    return replace(ENTITY, **more)


def person(**more: object) -> InvestorFacts:
    return replace(PERSON, **more)


def proof(claimed: int | None, *assets: tuple[AssetKind, int]) -> InvestorFacts:
    return person(financial_assets=claimed, asset_proof=assets or None)


def conduit(*members: InvestorFacts, known: bool = True, **more: object) -> InvestorFacts:
    form = LegalForm.LIMITED_PARTNERSHIP
    return InvestorFacts(
        "C", PartyKind.SOCIAL_INVESTOR, legal_form=form, members=members if known else None, **more
    )


def deemed(kind: DeemedQualified, **more: object) -> InvestorFacts:
    return InvestorFacts("D", PartyKind.OTHER, deemed=kind, **more)


def employed(formal: bool | None, code: str | None = "E1", **more: object) -> tuple[StakeFacts, FundFacts]:
    """Staff of whom the manager's or general partner's employments say something."""
    investor = deemed(DeemedQualified.MANAGER_STAFF, **more)
    return joins(investor, employment=code, formally_employed=formal)


def among(others: int, *more: InvestorFacts) -> tuple[StakeFacts, FundFacts]:
    """PERSON and so many others in a fund whose general partner is one of them."""
    stake, fund = joins(PERSON)
    rest = [*(InvestorFacts(f"N{n}", PartyKind.PERSON) for n in range(others)), *more]
    return stake, replace(fund, gp_code="X", stakes=(stake, *(StakeFacts(i, WAN) for i in rest)))


def cut(left: int, joined: int = 100 * WAN, investor: InvestorFacts = ENTITY) -> OfficeFacts:
    """A stake that was cut from what it joined with."""
    return OfficeFacts(AS_OF, (joins(investor, left, first_committed=joined)[1],))


def crowd(code: str, size: int, day: dt.date, manager: str | None = "M", company: str = "C1") -> FundFacts:
    stakes = tuple(StakeFacts(InvestorFacts(f"{code}{n}", PartyKind.PERSON), WAN) for n in range(size))
    deal = DealFacts(f"{code}-D", FundThen(code), company, day=day)
    return FundFacts(
        code,
        AS_OF,
        legal_form=LegalForm.LIMITED_PARTNERSHIP,
        stakes=stakes,
        deals=(deal,),
        manager=ManagerFacts(manager) if manager else None,
    )


def pair(size: int, days: int = 0, second: str | None = "M", company: str = "C1") -> OfficeFacts:
    return OfficeFacts(
        AS_OF, (crowd("A", 25, DAY), crowd("B", size, DAY + dt.timedelta(days=days), second, company))
    )


CASES = [
    ("QI-01", "entity on every mark", joins(ENTITY), PASS),
    ("QI-01", "ticket a fen short", joins(ENTITY, 100 * WAN - 1), BREACH),
    ("QI-01", "net assets a fen short", joins(entity(net_assets=1000 * WAN - 1)), BREACH),
    ("QI-01", "net assets missing", joins(entity(net_assets=None)), UNKNOWN),
    ("QI-01", "proof twelve months old", joins(entity(wealth_evidence_on=dt.date(2023, 5, 20))), PASS),
    ("QI-01", "proof a day older", joins(entity(wealth_evidence_on=dt.date(2023, 5, 19))), BREACH),
    ("QI-01", "proof of the next day", joins(entity(wealth_evidence_on=dt.date(2024, 5, 21))), BREACH),
    ("QI-01", "proof missing", joins(entity(wealth_evidence_on=None)), UNKNOWN),
    ("QI-01", "person with 300万", joins(PERSON), PASS),
    (
        "QI-01",
        "person a fen short, income on the mark",
        joins(person(financial_assets=1, average_income=50 * WAN)),
        PASS,
    ),
    (
        "QI-01",
        "person short on both",
        joins(person(financial_assets=300 * WAN - 1, average_income=50 * WAN - 1)),
        BREACH,
    ),
    (
        "QI-01",
        "person short, income missing",
        joins(person(financial_assets=1, average_income=None)),
        UNKNOWN,
    ),
    ("QI-01", "kind missing", joins(InvestorFacts("?")), UNKNOWN),
    ("QI-01", "government", joins(InvestorFacts("G", PartyKind.GOVERNMENT)), None),
    (
        "QI-01",
        "joined with the ticket, sold all of it since",
        joins(ENTITY, 0, first_committed=100 * WAN),
        PASS,
    ),
    (
        "QI-01",
        "joined a fen short, topped up since",
        joins(ENTITY, 200 * WAN, first_committed=100 * WAN - 1),
        BREACH,
    ),
    (
        "QI-01",
        "proof renewed since, the one of then counts",
        joins(entity(wealth_evidence_on=AS_OF), investor_then=ENTITY),
        PASS,
    ),
    (
        "QI-01",
        "short then, rich now",
        joins(ENTITY, investor_then=entity(net_assets=1000 * WAN - 1)),
        BREACH,
    ),
    ("QI-01", "filed fund", joins(entity(net_assets=1, amac_id="S1")), None),
    (
        "QI-01",
        "a person with a filing number is tested",
        joins(person(financial_assets=1, amac_id="S1")),
        BREACH,
    ),
    ("QI-01", "deemed", joins(deemed(DeemedQualified.PENSION_CHARITY)), None),
    ("QI-01", "conduit: looked through instead", joins(conduit(PERSON)), None),
    (
        "QI-01",
        "income on the mark, proof a day too old",
        joins(person(average_income=50 * WAN, wealth_evidence_on=dt.date(2023, 5, 19))),
        BREACH,
    ),
    ("QI-01", "income a fen short", joins(person(financial_assets=1, average_income=50 * WAN - 1)), BREACH),
    ("QI-01", "general partner", joins(entity(net_assets=1), is_gp=True), None),
    ("QI-02", "all of it financial", (proof(100, (AssetKind.DEPOSIT, 60), (AssetKind.INSURANCE, 40)),), PASS),
    (
        "QI-02",
        "a fen of it property",
        (proof(100, (AssetKind.DEPOSIT, 99), (AssetKind.PROPERTY, 900)),),
        BREACH,
    ),
    ("QI-02", "less claimed than proven", (proof(99, (AssetKind.DEPOSIT, 100)),), PASS),
    (
        "QI-02",
        "a fen of it other assets",
        (proof(100, (AssetKind.DEPOSIT, 99), (AssetKind.OTHER, 1)),),
        BREACH,
    ),
    (
        "QI-02",
        "each of the nine kinds counts",
        (proof(9, *((kind, 1) for kind in AssetKind if kind not in (AssetKind.PROPERTY, AssetKind.OTHER))),),
        PASS,
    ),
    (
        "QI-02",
        "ten claimed of nine",
        (proof(10, *((kind, 1) for kind in AssetKind if kind not in (AssetKind.PROPERTY, AssetKind.OTHER))),),
        BREACH,
    ),
    ("QI-02", "nothing claimed", (proof(None),), None),
    ("QI-02", "proof missing", (proof(100),), UNKNOWN),
    ("QI-02", "an entity", (ENTITY,), None),
    ("QI-03", "pension fund", joins(deemed(DeemedQualified.PENSION_CHARITY)), PASS),
    ("QI-03", "filed plan", joins(deemed(DeemedQualified.FILED_PLAN, amac_id="S1")), PASS),
    ("QI-03", "plan without filing id", joins(deemed(DeemedQualified.FILED_PLAN)), UNKNOWN),
    (
        "QI-03",
        "an employer stated alone",
        joins(deemed(DeemedQualified.MANAGER_STAFF, employer="M")),
        UNKNOWN,
    ),
    ("QI-03", "formally employed", employed(True), PASS),
    ("QI-03", "formally employed, another employer stated", employed(True, employer="N"), PASS),
    ("QI-03", "employed, not formally", employed(False, employer="M"), BREACH),
    ("QI-03", "employed, contract or insurance not recorded", employed(None, employer="M"), UNKNOWN),
    ("QI-03", "employed at other times", employed(False, code=None, employer="M"), BREACH),
    ("QI-03", "staff of another firm", joins(deemed(DeemedQualified.MANAGER_STAFF, employer="N")), BREACH),
    ("QI-03", "the manager itself", joins(replace(deemed(DeemedQualified.MANAGER_STAFF), code="M")), PASS),
    (
        "QI-03",
        "staff of the general partner",
        joins(deemed(DeemedQualified.MANAGER_STAFF, employer="G")),
        UNKNOWN,
    ),
    ("QI-03", "employer missing", joins(deemed(DeemedQualified.MANAGER_STAFF)), UNKNOWN),
    ("QI-03", "not deemed", joins(ENTITY), None),
    ("QI-04", "every member qualifies", joins(conduit(PERSON, ENTITY)), PASS),
    (
        "QI-04",
        "one member does not",
        joins(conduit(PERSON, person(financial_assets=1, average_income=1))),
        BREACH,
    ),
    (
        "QI-04",
        "a conduit in a conduit",
        joins(conduit(conduit(person(financial_assets=1, average_income=1)))),
        BREACH,
    ),
    ("QI-04", "member deemed qualified", joins(conduit(deemed(DeemedQualified.PENSION_CHARITY))), PASS),
    ("QI-04", "member a filed fund", joins(conduit(entity(net_assets=1, amac_id="S1"))), PASS),
    ("QI-04", "member the government", joins(conduit(InvestorFacts("G", PartyKind.GOVERNMENT))), PASS),
    ("QI-04", "a member's proof missing", joins(conduit(PERSON, person(wealth_evidence_on=None))), UNKNOWN),
    ("QI-04", "no members entered", joins(conduit()), UNKNOWN),
    (
        "QI-04",
        "a member's proof of then counts",
        joins(conduit(person(wealth_evidence_on=AS_OF)), investor_then=conduit(PERSON)),
        PASS,
    ),
    ("QI-04", "not a conduit", joins(ENTITY), None),
    ("QI-04", "members missing", joins(conduit(known=False)), UNKNOWN),
    ("QI-04", "filed", joins(conduit(known=False, amac_id="S1")), None),
    ("QI-06", "on the ticket", joins(PERSON), PASS),
    ("QI-06", "a fen short", joins(PERSON, 100 * WAN - 1), BREACH),
    ("QI-06", "nothing paid yet: how is not known", joins(PERSON, paid=()), UNKNOWN),
    ("QI-06", "sold out", joins(PERSON, 0), None),
    ("QI-06", "not filed under Order 39", (joins(PERSON)[0], replace(FUND, vc_enterprise=False)), None),
    ("QI-06", "200 investors", among(199), PASS),
    ("QI-06", "201 investors", among(200), BREACH),
    ("QI-06", "who is behind a conduit missing", among(1, conduit(known=False)), UNKNOWN),
    ("QI-06", "in kind", joins(PERSON, in_kind=True), BREACH),
    ("QI-06", "ticket missing", joins(PERSON, None), UNKNOWN),
    ("QI-06", "filing missing", (joins(PERSON)[0], replace(FUND, vc_enterprise=None)), UNKNOWN),
    ("QI-06", "an entity", joins(ENTITY), None),
]

CASES_OF_LISTS = [
    ("QI-05", "50 together", pair(25), [PASS]),
    ("QI-05", "51 together", pair(26), [WARN]),
    ("QI-05", "183 days apart", pair(26, 183), [WARN]),
    ("QI-05", "184 days apart", pair(26, 184), [PASS]),
    ("QI-05", "another manager", pair(26, 0, "N"), [PASS]),
    ("QI-05", "another company", pair(26, 0, "M", "C2"), [PASS]),
    ("QI-05", "cut to the ticket", cut(100 * WAN, 200 * WAN), [PASS]),
    ("QI-05", "cut a fen below the ticket", cut(100 * WAN - 1, 200 * WAN), [WARN]),
    ("QI-05", "sold in whole", cut(0), [PASS]),
    ("QI-05", "joined below the ticket: QI-01 says so", cut(50 * WAN, 60 * WAN), [PASS]),
    ("QI-05", "a filed fund's stake was cut", cut(1, 200 * WAN, entity(amac_id="S1")), [PASS]),
    ("QI-05", "manager missing", pair(26, 0, None), [UNKNOWN]),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.text.zh and outcome.text.en)


@pytest.mark.parametrize(
    ("rule", "case", "facts", "verdicts"), CASES_OF_LISTS, ids=[f"{c[0]} {c[1]}" for c in CASES_OF_LISTS]
)
def test_boundaries_of_office_rules(rule, case, facts, verdicts):
    assert [outcome.verdict for outcome in ask(rule, facts, day=AS_OF)] == verdicts


def test_qi_05_names_the_stake_that_was_cut():
    (outcome,) = ask("QI-05", cut(40 * WAN, 100 * WAN), day=AS_OF)
    assert (str(outcome.subject), outcome.money, outcome.since) == ("F1/E", 40 * WAN, DAY)


def test_qi_05_looks_at_larger_funds_with_the_larger_limit():
    """A company and a partnership together: 200 is the limit, not 50."""
    office = pair(26)
    first, second = office.funds
    mixed = OfficeFacts(AS_OF, (first, replace(second, legal_form=LegalForm.COMPANY)))
    assert [o.verdict for o in ask("QI-05", mixed, day=AS_OF)] == [PASS]


def test_qi_02_names_what_does_not_count_and_the_excess_claimed():
    short = ask("QI-02", proof(100, (AssetKind.DEPOSIT, 93), (AssetKind.PROPERTY, 900)), day=AS_OF)
    assert (short.money, "不计" in short.text.zh) == (7, True)
    exact = ask("QI-02", proof(100, (AssetKind.DEPOSIT, 100)), day=AS_OF)
    assert (exact.money, "不计" in exact.text.zh) == (None, False)


def test_qi_03_staff_of_a_fund_whose_manager_is_not_recorded_cannot_be_told():
    stake, _ = joins(deemed(DeemedQualified.MANAGER_STAFF, employer="N"))
    nobody = replace(FUND, manager=None, gp_code=None)
    assert ask("QI-03", stake, nobody, day=AS_OF).verdict is UNKNOWN
    assert ask("QI-03", stake, replace(FUND, gp_code=None), day=AS_OF).verdict is UNKNOWN
    assert ask("QI-03", stake, FUND, day=AS_OF).verdict is BREACH


def test_qi_rules_say_nothing_of_who_never_committed():
    """Paid, or was asked, without a commitment in the book: there is no day to judge by."""
    for rule, investor in (("QI-01", ENTITY), ("QI-04", conduit(PERSON))):
        stake = StakeFacts(investor, 5, None, None)
        assert ask(rule, stake, replace(FUND, stakes=(stake,)), day=AS_OF) is None
    own, fund = joins(conduit(PERSON), is_gp=True)
    assert ask("QI-04", own, fund, day=AS_OF) is None


def test_qi_05_later_rounds_and_one_fund_alone_are_no_pattern():
    office = pair(26)
    second = office.funds[1]
    later = replace(second, deals=tuple(replace(d, kind=DealKind.FOLLOW_ON) for d in second.deals))
    assert [o.verdict for o in ask("QI-05", OfficeFacts(AS_OF, (office.funds[0], later)), day=AS_OF)] == [
        PASS
    ]
    twice = replace(second, deals=(*second.deals, replace(second.deals[0], code="again")))
    assert [o.verdict for o in ask("QI-05", OfficeFacts(AS_OF, (twice,)), day=AS_OF)] == [PASS]


def test_qi_05_and_06_on_the_limit_with_unknown_heads_are_unknown():
    """49 and one conduit nobody looked behind: 50 are counted, more may stand there. Likewise 200."""
    office = pair(24)
    first, second = office.funds
    hidden = replace(second, stakes=(*second.stakes, StakeFacts(conduit(known=False), WAN)))
    assert [o.verdict for o in ask("QI-05", OfficeFacts(AS_OF, (first, hidden)), day=AS_OF)] == [UNKNOWN]
    assert ask("QI-06", *among(198, conduit(known=False)), day=AS_OF).verdict is UNKNOWN
    assert ask("QI-06", *among(199, conduit(known=False)), day=AS_OF).verdict is BREACH
