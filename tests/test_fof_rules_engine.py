"""judge(): versions, waivers, two rule worlds, order, memory; nothing missing ever passes."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from fof.rules import catalogue
from fof.rules.engine import ask, judge
from fof.rules.facts import FundFacts, Matter, OfficeFacts, ReorganisationFacts
from fof.rules.facts_coinvest import (
    InstitutionFacts,
    ParticipationFacts,
    PlanFacts,
    ProjectFacts,
    StaffStakeFacts,
    VehicleFacts,
)
from fof.rules.facts_deals import DealFacts, FundThen, TransferFacts
from fof.rules.facts_instruments import DeductionFacts, GrantFacts, ResultFacts, StatisticsFacts
from fof.rules.facts_parties import CompanyFacts, Due, Flow, InvestorFacts, StakeFacts
from fof.rules.facts_pools import AgreementFacts, ClaimFacts, GuarantorFacts, LoanFacts, PoolFacts
from fof.rules.judging import Memo
from fof.rules.numbers_in_force import NumbersInForce, OwnNumber
from fof.rules.registry import (
    RULES,
    SEVERITY,
    Confidence,
    Level,
    Outcome,
    Rule,
    RuleSource,
    Scope,
    Verdict,
    Waiver,
)
from models.kinds import FundKind, Instrument, PartyKind
from models.subjects import Subject, SubjectKind
from models.text import Text

AS_OF = dt.date(2026, 6, 30)
F1, F2 = Subject(SubjectKind.PARTY, "F1"), Subject(SubjectKind.PARTY, "F2")
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)
GUIDANCE = InvestorFacts("GF", PartyKind.GUIDANCE_FUND)


def over_the_cap(committed_on: dt.date = dt.date(2025, 9, 1), **more: object) -> FundFacts:
    """A fund with 50 % guidance money seen through: above the 40 % of GF-04 ("in principle")."""
    stake = StakeFacts(
        GUIDANCE, 100, committed_on, committed_on, government_part=Fraction(1), state_part=Fraction(0)
    )
    given = {"fund_kind": FundKind.MARKET, "guidance_share": Fraction(1, 2), "stakes": (stake,)}
    return FundFacts("F1", AS_OF, **{**given, **more})


def office(*funds: FundFacts, **more: object) -> OfficeFacts:
    return OfficeFacts(AS_OF, funds, **more)


def waiver(
    rule: str = "GF-04", subject: Subject = F1, since: str = "2025-01-01", until: str = "2026-12-31"
) -> Waiver:
    return Waiver(
        rule, subject, "省财政厅复函 12", dt.date.fromisoformat(since), dt.date.fromisoformat(until)
    )


def lent(day: dt.date) -> FundFacts:
    deal = DealFacts(
        "D1", FundThen("F1", government_money=True), "C1", instrument=Instrument.LOAN, day=day, fen=100
    )
    return FundFacts("F1", AS_OF, deals=(deal,))


def one(rule: str, facts: OfficeFacts, **more: object):
    found = judge(facts, AS_OF, only=[rule], **more)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("given", "verdict", "note"),
    [
        (waiver(), PASS, "passes by waiver"),
        (waiver(until="2026-06-30"), PASS, "passes by waiver"),  # its last day
        (waiver(until="2026-06-29"), BREACH, "ended on 2026-06-29"),
        (waiver(since="2026-06-30"), PASS, "passes by waiver"),
        (waiver(since="2026-07-01"), BREACH, "starts on 2026-07-01"),
        (waiver(subject=F2), BREACH, None),
        (waiver(rule="GF-05"), BREACH, None),
    ],
)
def test_a_waiver_turns_a_breach_in_principle_into_a_pass_that_shows_it(given, verdict, note):
    finding = one("GF-04", office(over_the_cap(), waivers=(given,)))
    assert finding.verdict is verdict
    assert (finding.waiver is given) is (note is not None)
    assert [n[1] for n in finding.notes if "waiver" in n[1]] == (
        [] if note is None else [finding.notes[-1][1]]
    )
    assert note is None or note in finding.notes[-1][1]
    assert finding.measured == finding.parameters["gov_share_cap_lookthrough"][0] + type(finding.measured)(
        "0.1"
    )


@pytest.mark.parametrize(
    ("reference", "until"), [(" ", dt.date(2026, 1, 1)), ("省财政厅复函 12", dt.date(2024, 12, 31))]
)
def test_a_waiver_without_reference_or_with_its_days_crossed_is_refused(reference, until):
    with pytest.raises(ValueError, match="GF-04, F1"):
        Waiver("GF-04", F1, reference, dt.date(2025, 1, 1), until)


def test_of_two_waivers_the_one_in_force_counts():
    ended, open_ = waiver(until="2026-01-01"), waiver(since="2026-01-02")
    assert one("GF-04", office(over_the_cap(), waivers=(ended, open_))).waiver is open_


def test_a_rule_that_is_not_in_principle_admits_no_waiver():
    finding = one("GF-27", office(lent(AS_OF), waivers=(waiver("GF-27", Subject(SubjectKind.DEAL, "D1")),)))
    assert finding.verdict is BREACH
    assert "the rule admits none" in finding.notes[-1][1]


def test_an_event_rule_uses_the_version_of_its_day_with_todays_result_beside():
    """A loan of 2014 precedes 财预〔2015〕210号: not applicable then, a breach today."""
    finding = one("GF-27", office(lent(dt.date(2014, 5, 1))))
    assert (finding.verdict, finding.source, finding.rule_day) == (NA, None, dt.date(2014, 5, 1))
    assert finding.beside.verdict is BREACH
    later = one("GF-27", office(lent(dt.date(2016, 5, 1))))
    assert (later.verdict, later.source.document) == (BREACH, "财预〔2015〕210号")
    assert later.beside.verdict is BREACH


def test_rules_as_of_judges_events_too_with_their_own_days_result_beside():
    subject = office(lent(dt.date(2014, 5, 1)))
    today = one("GF-27", subject, rules_as_of=AS_OF)
    assert (today.verdict, today.rule_day, today.event_day) == (BREACH, AS_OF, dt.date(2014, 5, 1))
    assert today.beside.verdict is NA


def test_an_event_after_the_as_of_day_is_not_judged():
    assert judge(office(lent(dt.date(2026, 7, 1))), AS_OF, only=["GF-27"]) == []


def test_an_event_without_a_day_is_unknown():
    assert (
        one("GF-04", office(replace(over_the_cap(), stakes=(StakeFacts(GUIDANCE, 100),)))).verdict is UNKNOWN
    )


def test_two_rule_worlds_on_one_portfolio():
    """The fund of 2018 under the rules of 2017 and of 2026: the cap, the direction evaluation and the register came
    in between, and the same fund fails what did not exist. The day after the register's first deadline."""
    day, closed = dt.date(2026, 7, 1), dt.date(2018, 4, 20)
    subject = OfficeFacts(day, (replace(over_the_cap(closed, established_on=closed), as_of=day),))
    then = {f.rule: f.verdict for f in judge(subject, day, dt.date(2017, 12, 31))}
    now = {f.rule: f.verdict for f in judge(subject, day, day)}
    assert now["GF-04"] is BREACH
    assert {"GF-04", "GF-60", "PI-08"} <= now.keys() - then.keys()
    assert then.keys() - now.keys() == set()
    assert now["GF-60"] is BREACH


def test_asked_about_some_subjects_the_engine_says_what_it_says_of_them_among_all():
    """The findings asked for are those of the whole audit, for funds, stakes and what a rule about the office says;
    nothing else is judged, and facts of other scopes are not asked for."""
    funds = [replace(over_the_cap(), code=code, kind=PartyKind.GUIDANCE_FUND) for code in ("F1", "F2")]
    whole = judge(office(*funds), AS_OF)
    about = {
        "GF-04": {F2},
        "GF-20": {F1},
        "GF-65": {F1, F2},
        "QI-06": {Subject(SubjectKind.STAKE, "F2", GUIDANCE.code)},
    }
    some = judge(office(*funds), AS_OF, about=about)
    assert some == [f for f in whole if f.subject in about.get(f.rule, ())]
    assert {(f.rule, f.subject) for f in some} >= {("GF-04", F2), ("GF-20", F1), ("GF-65", F2)}

    class Unwanted(OfficeFacts):
        @property
        def companies(self):
            raise AssertionError("nobody asked about a company")

    lazy = object.__new__(Unwanted)
    lazy.__dict__.update(as_of=AS_OF, funds=tuple(funds), waivers=(), further=())
    assert judge(lazy, AS_OF, about=about) == some


def test_the_rules_in_force_in_2017_and_in_2026_and_what_changed():
    def in_force(day):
        return {id_: source for id_, rule in RULES.items() if (source := rule.source_on(day)) is not None}

    old, new = in_force(dt.date(2017, 12, 31)), in_force(dt.date(2026, 1, 12))
    assert {"GF-27", "GF-24", "QI-01", "ST-02", "GF-69"} <= old.keys() & new.keys()
    assert {"GF-01", "GF-04", "GF-05", "GF-41", "GF-59", "GF-60", "PI-08", "GF-33"} <= new.keys() - old.keys()
    assert old["GF-28"].document == "发改财金规〔2016〕2800号"
    assert new["GF-28"].document == "发改财金规〔2025〕1752号"
    assert new["GF-60"].document == "发改财金规〔2025〕1753号"
    assert "GF-60" not in in_force(dt.date(2026, 1, 11))
    changed = {c.rule.id: c for c in catalogue.changes(dt.date(2017, 12, 31), dt.date(2026, 6, 30))}
    assert changed["GF-05"].before is None
    assert changed["GF-05"].after.document.startswith("龙江现代产业投资引导基金")
    assert changed["ST-01"].numbers["startup_staff_max"] == (200, 300)
    assert "GF-27" not in changed


EDGES = [(id_, n) for id_, rule in sorted(RULES.items()) for n in range(len(rule.sources))]


@pytest.mark.parametrize(("rule", "number"), EDGES, ids=[f"{r} {n}" for r, n in EDGES])
def test_each_version_is_in_force_from_its_first_to_its_last_day(rule, number):
    source = RULES[rule].sources[number]
    day = dt.timedelta(days=1)
    before = RULES[rule].source_on(source.since - day)
    assert before is not source
    assert RULES[rule].source_on(source.since) is not None
    assert RULES[rule].source_on(source.since).since == source.since
    assert RULES[rule].source_on(source.since + day).since >= source.since
    if source.until is not None:
        assert source.holds_on(source.until)
        assert not source.holds_on(source.until + day)


DATED = [
    (p.name, n) for p in catalogue.parameters().values() for n in range(len(p.values)) if len(p.values) > 1
]


@pytest.mark.parametrize(("name", "number"), DATED)
def test_each_dated_number_changes_on_its_day(name, number):
    """The day before, the day, the day after."""
    parameter = catalogue.parameters()[name]
    dated, day = parameter.values[number], dt.timedelta(days=1)
    before = parameter.on(dated.since - day)
    assert (before.value if before else None) == (parameter.values[number - 1].value if number else None)
    assert parameter.on(dated.since) is parameter.on(dated.since + day) is dated


def test_a_version_without_a_number_is_unknown_not_a_pass():
    settings = NumbersInForce(
        {
            name: replace(p, values=()) if name == "gov_share_cap_lookthrough" else p
            for name, p in catalogue.parameters().items()
        }
    )
    finding = one("GF-04", office(over_the_cap()), settings=settings)
    assert finding.verdict is UNKNOWN
    assert "gov_share_cap_lookthrough" in finding.text.en


def test_a_funds_own_setting_overrides_the_rulebook_and_says_so():
    own = OwnNumber("gov_share_cap_lookthrough", "0.5", dt.date(2025, 5, 1), "合伙协议 4.2", "经办人甲", "F1")
    settings = NumbersInForce(catalogue.parameters(), [own])
    finding = one("GF-04", office(over_the_cap()), settings=settings)
    assert finding.verdict is PASS
    assert finding.parameters["gov_share_cap_lookthrough"][1].zh == "合伙协议 4.2 (经办人甲, 2025-05-01)"
    earlier = one("GF-04", office(over_the_cap(dt.date(2025, 4, 30))), settings=settings)
    assert earlier.verdict is BREACH  # committed before the setting
    assert earlier.beside.verdict is PASS


def test_findings_come_worst_first_then_by_money():
    cheap = replace(over_the_cap(), code="CHEAP")
    dear_stake = replace(cheap.stakes[0], committed=10**12)
    dear = replace(over_the_cap(), code="DEAR", stakes=(dear_stake,))
    found = judge(office(cheap, dear), AS_OF)
    ranks = [SEVERITY[f.verdict] for f in found]
    assert ranks == sorted(ranks)
    gf04 = [f.subject.code for f in found if f.rule == "GF-04"]
    assert gf04 == ["DEAR", "CHEAP"]


def test_remembered_answers_are_the_same_answers():
    funds = tuple(replace(lent(dt.date(2010 + n, 5, 1)), code=f"F{n}") for n in range(16))
    subject, memo = office(*funds), Memo()
    assert judge(subject, AS_OF) == judge(subject, AS_OF, memo=memo)
    assert memo.answers
    assert judge(subject, AS_OF) == judge(subject, AS_OF, memo=memo)
    earlier = replace(
        subject, as_of=dt.date(2020, 1, 1), funds=tuple(replace(f, as_of=dt.date(2020, 1, 1)) for f in funds)
    )
    assert judge(earlier, dt.date(2020, 1, 1)) == judge(earlier, dt.date(2020, 1, 1), memo=memo)


def test_facts_are_never_judged_for_another_day():
    with pytest.raises(AssertionError):
        judge(office(), dt.date(2026, 6, 29))


def test_later_families_bring_their_own_subjects(monkeypatch):
    """A rule about a pool needs no change of the engine: its subjects come in OfficeFacts.further."""
    pools = Rule(
        "RC-99",
        Level.CONFIG,
        Scope.POOL,
        Confidence.OWN_DESIGN,
        Text("示例", "example"),
        (RuleSource("示例法", "第1条", AS_OF),),
        (),
        None,
        False,
        lambda pool: Outcome(PASS if pool == "full" else BREACH, Text("示例", "example")),
    )
    monkeypatch.setitem(RULES, "RC-99", pools)
    further = (
        Matter(Scope.POOL, ("full",), Subject(SubjectKind.PARTY, "P1")),
        Matter(Scope.POOL, ("empty",), Subject(SubjectKind.PARTY, "P2"), None, "BANK"),
    )
    found = judge(office(further=further), AS_OF, only=["RC-99"])
    assert [(str(f.subject), f.party, f.verdict) for f in found] == [
        ("P2", "BANK", BREACH),
        ("P1", None, PASS),
    ]


# -- a subject about which nothing is recorded

NOBODY = StakeFacts(GUIDANCE)
BARE_FUND = FundFacts("F0", AS_OF, stakes=(NOBODY,))
SPENT = DealFacts("D0", FundThen("F0", government_money=True))
BARE = {
    Scope.FUND: [(BARE_FUND,), (FundFacts("F0", AS_OF),), (replace(BARE_FUND, deals=(SPENT,)),)],
    Scope.STAKE: [
        (NOBODY, BARE_FUND),
        (StakeFacts(InvestorFacts("X"), first_committed_on=AS_OF, paid=(Flow(AS_OF, 1),)), BARE_FUND),
    ],
    Scope.DEAL: [(SPENT,), (replace(SPENT, day=AS_OF, company_then=CompanyFacts("C0", AS_OF)),)],
    Scope.COMPANY: [(CompanyFacts("C0", AS_OF),)],
    Scope.INVESTOR: [(InvestorFacts("X"),), (InvestorFacts("X", PartyKind.PERSON, financial_assets=1),)],
    Scope.TRANSFER: [(TransferFacts(Subject(SubjectKind.DEAL, "T0"), "F0", "GF"),)],
    Scope.REORGANISATION: [(ReorganisationFacts("N", ("O",)),)],
    Scope.PLAN: [(PlanFacts("FA", None, AS_OF),)],
    Scope.PROJECT: [
        (ProjectFacts("D0", "C0", None, AS_OF),),
        (ProjectFacts("D0", "C0", "CT", AS_OF, plan=PlanFacts("FA", "CT", AS_OF), has_stakes=True),),
    ],
    Scope.STAFF_STAKE: [
        (StaffStakeFacts("S0", "X", None, None, None, AS_OF),),
        (
            StaffStakeFacts(
                "S0",
                "X",
                "CT",
                ProjectFacts("D0", "C0", "CT", AS_OF, has_stakes=True),
                AS_OF,
                AS_OF,
                paid_in=1,
            ),
        ),
    ],
    Scope.VEHICLE: [(VehicleFacts("V0", None),)],
    Scope.INSTITUTION: [(InstitutionFacts("CT"),)],
    Scope.PARTICIPATION: [(ParticipationFacts("X", "CT", AS_OF),)],
    Scope.AGREEMENT: [(AgreementFacts("XY", AS_OF),)],
    Scope.POOL: [(PoolFacts("P", AS_OF),)],
    Scope.LOAN: [(LoanFacts("L", AS_OF),), (LoanFacts("L", AS_OF, AS_OF, has_claim=True),)],
    Scope.CLAIM: [(ClaimFacts("S", AS_OF),)],
    Scope.GUARANTOR: [(GuarantorFacts("G", AS_OF),), (GuarantorFacts("G", AS_OF, liability=1),)],
    Scope.VOUCHER: [(GrantFacts("V", AS_OF),)],
    Scope.SUBSIDY: [(GrantFacts("B", AS_OF),)],
    Scope.RESULT: [(ResultFacts("C", AS_OF),)],
    Scope.DEDUCTION: [(DeductionFacts("D", AS_OF),), (DeductionFacts("D", AS_OF, AS_OF),)],
    Scope.STATISTICS: [(StatisticsFacts("2025", AS_OF),)],
    Scope.OFFICE: [(OfficeFacts(AS_OF, (BARE_FUND, replace(BARE_FUND, kind=PartyKind.GUIDANCE_FUND))),)],
}
BARE_PASSES = {"GF-40", "QI-05", "CI-29"}
"""About the catalogue itself; about a pattern, or an incident, that an empty book does not show."""
BARE_CASES = [(id_, n) for id_, rule in sorted(RULES.items()) for n in range(len(BARE[rule.scope]))]


@pytest.mark.parametrize(("rule", "number"), BARE_CASES, ids=[f"{r} {n}" for r, n in BARE_CASES])
def test_nothing_passes_of_which_nothing_is_known(rule, number):
    answer = ask(rule, *BARE[RULES[rule].scope][number], day=AS_OF)
    outcomes = [answer] if isinstance(answer, Outcome) else answer or []
    if rule not in BARE_PASSES:
        assert [o.verdict for o in outcomes if o.verdict is PASS] == []
    assert all(o.text.zh and o.text.en for o in outcomes)


def test_an_empty_office_is_judged_without_complaint():
    assert {f.verdict for f in judge(office(), AS_OF)} <= {PASS, BREACH}
    assert {f.rule for f in judge(office(), AS_OF)} == {"GF-40", "QI-05"}


def test_a_notice_of_today_is_not_overdue_today():
    stake = StakeFacts(GUIDANCE, 100, dues=(Due(AS_OF, 5),))
    assert ask("AF-06", stake, replace(BARE_FUND, stakes=(stake,)), day=AS_OF).verdict is PASS
