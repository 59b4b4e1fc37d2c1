"""Every way the subject of a rule can be recorded in the book: none of them passes unseen."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from fof import audit, ledger
from fof.access import LOCAL
from fof.audit.auditor import auditor_of
from fof.audit.since import with_since
from fof.evaluation.reinvestment import reinvestments
from fof.ledger import View
from fof.operations.calls import issue_call, plan_call
from fof.rules.facts import FundFacts
from fof.rules.registry import Verdict
from models.journal import Edge, Fact, Posting
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date.fromisoformat
YUAN = 100
UNKNOWN, BREACH, PASS, WARN, NA = (
    Verdict.UNKNOWN,
    Verdict.BREACH,
    Verdict.PASS,
    Verdict.WARN,
    Verdict.NOT_APPLICABLE,
)


@pytest.fixture
def office(clerk: Any) -> Any:
    """A guidance fund with 30 of the 100 million promised to a sub-fund, a company and two social investors with the rest."""
    clerk.party("GOV", "government", day="2015-01-01", province="黑龙江省", government_level="province")
    clerk.party("GF", "guidance_fund", day="2015-01-01", province="黑龙江省")
    clerk.party("MG", "manager", day="2015-01-01")
    clerk.party("GP", "manager", day="2015-01-01", ownership="private")
    for code in ("SO", "SP"):
        clerk.party(code, "social_investor", day="2015-01-01")
    clerk.party(
        "SF",
        "sub_fund",
        day="2015-01-01",
        fund_kind="market",
        strategy="vc",
        fund_class="venture",
        manager="MG",
        gp="GP",
        legal_form="limited_partnership",
        status="investing",
    )
    for code, yuan in (("GF", 30e6), ("SO", 40e6), ("SP", 30e6)):
        clerk.pay(K.COMMITMENT, code, "SF", yuan, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    return clerk


def fund(view: View, code: str = "SF") -> FundFacts:
    return next(f for f in auditor_of(view).office(view).funds if f.code == code)


def found(clerk: Any, rule: str, subject: str, day: str = "2018-06-30") -> Any:
    """The one finding of a rule about a subject."""
    (one,) = (
        f for f in audit.guidance(clerk.view(day)).findings if (f.rule, str(f.subject)) == (rule, subject)
    )
    return one


def edge(
    clerk: Any,
    owner: str,
    owned: str,
    share: float,
    day: str = "2016-06-01",
    until: str | None = None,
    basis: str = "equity",
) -> None:
    clerk.rows(
        EntryKind.OWNERSHIP,
        day,
        lambda v: [
            Edge(
                v.by_code[owner].id,
                v.by_code[owned].id,
                round(share * 1e9),
                basis,
                None if until is None else DAY(until),
            )
        ],
    )


# -- GF-24: one group of companies ---------------------------------------------------------------------------------------


def invested(clerk: Any, second: str = "CO2") -> None:
    """Fifteen million into one company, then fourteen into another: 29 % of the commitments."""
    clerk.deal("SF", "CO1", "initial", 15e6, "2017-01-01", instrument="equity")
    clerk.deal("SF", second, "initial", 14e6, "2017-02-01", instrument="equity")


def companies(clerk: Any, **more: dict[str, str]) -> None:
    for code in ("CO1", "CO2"):
        clerk.party(code, "company", day="2016-01-01", **more.get(code, {}))


def last_share(clerk: Any) -> tuple[Verdict, str]:
    """Verdict and measured share of the second deal."""
    one = [f for f in audit.guidance(clerk.view("2018-06-30")).findings if f.rule == "GF-24"]
    second = max(one, key=lambda f: (f.finding.event_day, str(f.subject)))
    return second.verdict, str(second.finding.measured)


@pytest.mark.parametrize(("owner", "owned"), [("CO1", "CO2"), ("CO2", "CO1")])
@pytest.mark.parametrize(("share", "one"), [(1.0, True), (0.6, True), (0.2, True), (0.19, False)])
def test_an_affiliate_may_be_an_ownership_edge(
    office: Any, owner: str, owned: str, share: float, one: bool
) -> None:
    companies(office)
    edge(office, owner, owned, share)
    invested(office)
    assert last_share(office) == ((BREACH, "0.29") if one else (PASS, "0.14"))


@pytest.mark.parametrize(
    ("kind", "one"), [("person", True), ("company", True), ("holding_vehicle", True), ("government", False)]
)
def test_a_common_controller_makes_one_group_but_not_a_government(office: Any, kind: str, one: bool) -> None:
    """Companies that a government controls both are strangers to each other, as the accounting standard has it."""
    companies(office)
    office.party("BOSS", kind, day="2016-01-01", province="黑龙江省")
    edge(office, "BOSS", "CO1", 0.8)
    edge(office, "BOSS", "CO2", 0.51)
    invested(office)
    assert last_share(office)[0] is (BREACH if one else PASS)


def test_a_common_holder_without_control_makes_no_group(office: Any) -> None:
    companies(office)
    office.party("VC", "social_investor", day="2016-01-01")
    edge(office, "VC", "CO1", 0.4)
    edge(office, "VC", "CO2", 0.4)
    invested(office)
    assert last_share(office) == (PASS, "0.14")


def test_control_over_several_steps_and_a_head_of_a_head(office: Any) -> None:
    companies(office, CO1={"group_head": "MID"})
    office.party("MID", "company", day="2016-01-01", group_head="TOP")
    office.party("TOP", "company", day="2016-01-01")
    office.party("SUB", "company", day="2016-01-01")
    edge(office, "TOP", "SUB", 0.7)
    edge(office, "SUB", "CO2", 0.7)
    invested(office)
    assert last_share(office) == (BREACH, "0.29")


def test_a_head_that_the_book_does_not_hold(office: Any) -> None:
    companies(office, CO1={"group_head": "某集团"}, CO2={"group_head": "某集团"})
    invested(office)
    assert last_share(office) == (BREACH, "0.29")


def test_one_company_under_two_codes(office: Any) -> None:
    """The same credit code, or a successor under a new code."""
    companies(office, CO1={"uscc": "91230100DEM0961281"}, CO2={"uscc": "91230100DEM0961281"})
    invested(office)
    assert last_share(office) == (BREACH, "0.29")


def test_a_company_that_succeeded_another(office: Any) -> None:
    companies(office)
    office.fact("CO2", "2017-01-15", "successor_of", "CO1")
    invested(office)
    assert last_share(office) == (BREACH, "0.29")


def test_an_edge_counts_while_it_is_in_force(office: Any) -> None:
    """Sold before the deal, or bought after it: no group on the day of the deal."""
    companies(office)
    edge(office, "CO1", "CO2", 0.9, "2016-06-01", "2017-01-31")
    edge(office, "CO1", "CO2", 0.9, "2017-02-02")
    invested(office)
    assert last_share(office) == (PASS, "0.14")


def test_what_a_vehicle_took_over_counts_for_it(office: Any) -> None:
    """The guidance fund's direct deal, and its predecessor's in the same company."""
    companies(office)
    office.party("OLD", "guidance_fund", day="2015-01-01")
    office.pay(K.COMMITMENT, "GOV", "GF", 100e6, "2015-06-01", entry=EntryKind.COMMITMENT, fund="GF")
    office.deal("OLD", "CO1", "initial", 15e6, "2016-01-01", instrument="equity")
    office.fact("GF", "2016-06-30", "successor_of", "OLD")
    office.deal("GF", "CO1", "follow_on", 14e6, "2017-02-01", instrument="equity")
    assert last_share(office) == (BREACH, "0.29")


# -- GF-64: related parties -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tie",
    [
        lambda c: edge(c, "MG", "CO1", 0.01),
        lambda c: c.fact("CO1", "2016-06-01", "group_head", "MG"),
        lambda c: c.fact("MG", "2016-06-01", "group_head", "CO1"),
        lambda c: (edge(c, "SO", "CO2", 0.8), edge(c, "CO2", "CO1", 0.8)),
        lambda c: (edge(c, "GP", "CO2", 0.8), edge(c, "CO2", "CO1", 0.05)),
        lambda c: c.fact("SO", "2016-06-01", "successor_of", "CO1"),
    ],
)
def test_a_related_party_in_any_guise(office: Any, tie: Any) -> None:
    companies(office)
    tie(office)
    office.deal("SF", "CO1", "initial", 1e6, "2017-01-01", instrument="equity")
    (one,) = (
        f for f in audit.guidance(office.view("2024-01-01"), DAY("2024-01-01")).findings if f.rule == "GF-64"
    )
    assert one.verdict is BREACH  # no decision, no disclosure


# -- AF-06: a call always asks the defaulter ---------------------------------------------------------------------------------


def called(clerk: Any, **left_out: dict[int, str]) -> None:
    """Ten million called on 2017-03-01, due on the 31st; who is asked pays in time."""
    view = clerk.view("2017-03-01")
    plan = plan_call(
        view,
        view.by_code["SF"].id,
        {"investment": 1_000_000_000},
        DAY("2017-03-01"),
        DAY("2017-03-31"),
        **left_out,
    )
    assert plan.problems == ()
    issue_call(clerk.database, LOCAL, plan, "2017-01")
    codes = {p.id: p.code for p in view.parties.values()}
    for line in plan.lines:
        if line.total:
            clerk.pay_many(
                "2017-03-20",
                [(K.CALL_INVESTMENT, codes[line.investor], "SF", line.total / 100)],
                entry=EntryKind.CALL_PAYMENT,
                fund="SF",
                notice=("capital_call", "2017-01", None),
            )


def test_a_defaulter_that_no_notice_was_made_out_to_owes_its_part(office: Any) -> None:
    """40 of 100 million promised: four of the ten million called, owed from the day after the due day, until paid."""
    party = office.view("2017-03-01").by_code["SO"].id
    called(office, defaulting={party: "催告未缴"})
    one = found(office, "AF-06", "SF/SO", "2017-06-30")
    assert (one.verdict, one.money_at_stake, one.since) == (BREACH, 4_000_000 * YUAN, DAY("2017-04-01"))
    assert found(office, "AF-06", "SF/GF", "2017-06-30").verdict is PASS
    office.pay(K.CALL_INVESTMENT, "SO", "SF", 4e6, "2017-07-10", entry=EntryKind.CALL_PAYMENT, fund="SF")
    assert found(office, "AF-06", "SF/SO", "2017-07-31").verdict is WARN  # late, and nothing more is owed


def test_who_is_excused_owes_nothing(office: Any) -> None:
    party = office.view("2017-03-01").by_code["SO"].id
    called(office, excused={party: "豁免函 1 号"})
    assert [
        f
        for f in audit.guidance(office.view("2017-06-30")).findings
        if (f.rule, str(f.subject)) == ("AF-06", "SF/SO")
    ] == []


def test_who_is_left_out_without_a_word_is_unknown(office: Any) -> None:
    """A notice by file that asks two of three, each the same part of its commitment."""
    for code, yuan in (("GF", 3e6), ("SP", 3e6)):
        office.pay_many(
            "2017-03-01",
            [(K.CALL_DUE, code, "SF", yuan)],
            entry=EntryKind.CAPITAL_CALL,
            fund="SF",
            notice=("capital_call", f"N-{code}", "2017-03-31"),
        )
        office.pay(K.CALL_INVESTMENT, code, "SF", yuan, "2017-03-20", entry=EntryKind.CALL_PAYMENT, fund="SF")
    one = found(office, "AF-06", "SF/SO", "2017-06-30")
    assert one.verdict is UNKNOWN
    assert "N-GF" in one.finding.text.en
    assert found(office, "AF-06", "SF/GF", "2017-06-30").verdict is PASS


def test_a_notice_of_its_own_weeks_later_is_the_same_call(office: Any) -> None:
    """The fiscal investor is asked the same part of its commitment three weeks after the others."""
    for code, yuan, day, due in (
        ("SO", 4e6, "2017-03-01", "2017-03-31"),
        ("SP", 3e6, "2017-03-01", "2017-03-31"),
        ("GF", 3e6, "2017-03-22", "2017-04-10"),
    ):
        office.pay_many(
            day,
            [(K.CALL_DUE, code, "SF", yuan)],
            entry=EntryKind.CAPITAL_CALL,
            fund="SF",
            notice=("capital_call", f"N-{code}", due),
        )
    assert fund(office.view("2017-06-30")).left_out == {}


def test_a_newcomer_that_catches_up_leaves_nobody_out(office: Any) -> None:
    called(office)
    office.party("NEW", "social_investor", day="2017-05-01")
    office.pay(K.COMMITMENT, "NEW", "SF", 50e6, "2017-06-01", entry=EntryKind.COMMITMENT, fund="SF")
    office.pay_many(
        "2017-06-01",
        [(K.CALL_DUE, "NEW", "SF", 5e6)],
        entry=EntryKind.CAPITAL_CALL,
        fund="SF",
        notice=("capital_call", "N-NEW", "2017-06-30"),
    )
    assert fund(office.view("2017-12-31")).left_out == {}


# -- owners that have promised nothing, money without a stake ----------------------------------------------------------------


def test_government_shares_may_be_declared(office: Any) -> None:
    """GF-05, GF-68: half of the fund is a city's by declaration, the investors share the other half: 50 % and 15 %."""
    office.party("CITY", "government", day="2015-01-01", province="黑龙江省", government_level="prefecture")
    edge(office, "CITY", "SF", 0.5, "2016-01-01")
    one = next(
        f
        for f in audit.guidance(office.view("2026-06-30"), DAY("2026-06-30")).findings
        if (f.rule, str(f.subject)) == ("GF-05", "SF")
    )
    assert (one.verdict, str(one.finding.measured)) == (BREACH, "0.65")
    assert fund(office.view("2018-06-30")).owners[0].share == Fraction(1, 2)


def test_the_guidance_fund_may_be_the_largest_by_declaration(office: Any) -> None:
    """GF-07: 30 of 100 million promised is not the largest; a second guidance fund declares half."""
    assert found(office, "GF-07", "SF").verdict is PASS
    office.party("GF-2", "guidance_fund", day="2015-01-01", province="黑龙江省")
    edge(office, "GF-2", "SF", 0.5, "2016-01-01")
    assert found(office, "GF-07", "SF").verdict is BREACH


def test_a_bank_facility_is_borrowing(office: Any) -> None:
    """GF-15: nothing was borrowed by the attribute, five million by the cash that came in, three of them paid back."""
    office.party("BK", "bank", day="2015-01-01")
    office.fact("SF", "2016-01-01", "borrowing", "0")
    office.pay(K.FACILITY_DRAWDOWN, "BK", "SF", 5e6, "2017-01-01")
    office.pay(K.FACILITY_REPAYMENT, "SF", "BK", 3e6, "2017-06-01")
    view = office.view("2024-06-30")
    assert fund(view).facility == 2_000_000 * YUAN
    one = next(f for f in audit.guidance(view).findings if (f.rule, str(f.subject)) == ("GF-15", "SF"))
    assert (one.verdict, one.money_at_stake) == (BREACH, 2_000_000 * YUAN)
    office.pay(K.FACILITY_REPAYMENT, "SF", "BK", 2e6, "2024-01-01")
    assert fund(office.view("2024-06-30")).facility == 0


def test_an_appropriation_without_a_stake_needs_a_budget_line(office: Any) -> None:
    """GF-21: fiscal money that came in with no commitment."""
    office.fact("GF", "2016-01-01", "fiscal_precheck", "yes")
    office.fact("GF", "2016-01-01", "budget_years", "2016")
    assert found(office, "GF-21", "GF").verdict is NA
    office.pay(K.FISCAL_APPROPRIATION, "GOV", "GF", 8e6, "2017-03-01", fund="GF")
    assert (found(office, "GF-21", "GF").verdict, found(office, "GF-21", "GF").money_at_stake) == (
        BREACH,
        8_000_000 * YUAN,
    )


def test_a_term_that_moved_farther_than_the_extension_on_record(office: Any) -> None:
    """GF-51: one extension of a year, approved, and an end of the term five years later than first agreed."""
    office.fact("SF", "2016-01-01", "term_end", "2017-12-31")
    office.fact("SF", "2016-01-01", "sponsor_level", "province")
    for name, value in (
        ("extensions", "1"),
        ("extension_years", "1"),
        ("extension_approval_level", "province"),
        ("term_end", "2018-12-31"),
    ):
        office.fact("SF", "2017-12-01", name, value)
    assert found(office, "GF-51", "SF").verdict is PASS
    office.fact("SF", "2018-03-01", "term_end", "2022-12-31")
    one = found(office, "GF-51", "SF")
    own = one.finding
    assert (own.verdict, own.measured, own.threshold) == (BREACH, DAY("2022-12-31"), DAY("2018-12-31"))
    view = office.view("2018-06-30")
    (dated,) = (
        f
        for f in with_since(view, audit.guidance(view)).findings
        if (f.rule, str(f.subject)) == ("GF-51", "SF")
    )
    assert dated.since == DAY("2018-03-01")


def test_government_that_owns_by_an_edge_alone_is_no_fund_without_government_money(office: Any) -> None:
    """GF-31, GF-52: the guidance fund owns a third of SG by declaration, the rest was promised by a social investor."""
    office.party("SG", "sub_fund", day="2015-01-01", status="liquidating", established_on="2016-01-01")
    office.pay(K.COMMITMENT, "SO", "SG", 40e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SG")
    assert [found(office, rule, "SG").verdict for rule in ("GF-31", "GF-52")] == [NA, NA]
    edge(office, "GF", "SG", 0.3, "2016-01-01")
    assert [found(office, rule, "SG").verdict for rule in ("GF-31", "GF-52")] == [UNKNOWN, UNKNOWN]


# -- what a party is ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "verdict"),
    [
        (lambda c: None, PASS),
        (lambda c: c.fact("GP", "2016-01-01", "ownership", "soe_wholly_owned"), BREACH),
        (lambda c: edge(c, "GOV", "GP", 1.0, "2016-01-01"), BREACH),
        (lambda c: edge(c, "GOV", "GP", 0.6, "2016-01-01"), WARN),
        (lambda c: edge(c, "GOV", "GP", 0.4, "2016-01-01"), PASS),
        (lambda c: c.fact("GP", "2016-01-01", "listed_on", "2015-06-01"), BREACH),
        (lambda c: c.fact("SF", "2016-01-01", "gp", "STATE"), BREACH),
    ],
)
def test_a_state_firm_as_general_partner_by_attribute_kind_listing_or_owner(
    office: Any, record: Any, verdict: Verdict
) -> None:
    """GF-13; the recorded attribute says "private" throughout, but for the second case."""
    office.party("STATE", "state_investor", day="2015-01-01")
    record(office)
    assert found(office, "GF-13", "SF").verdict is verdict


def test_a_national_fund_of_an_unknown_scheme_is_no_pass(office: Any) -> None:
    office.party("NF", "national_fund", day="2015-01-01")
    office.pay(K.COMMITMENT, "NF", "SF", 90e6, "2016-06-01", entry=EntryKind.COMMITMENT, fund="SF")
    assert found(office, "GF-67", "SF/NF").verdict is UNKNOWN
    office.fact("NF", "2016-06-01", "national_scheme", "emerging_2011")
    assert found(office, "GF-67", "SF/NF").verdict is BREACH


def test_a_direct_deal_of_unknown_kind_is_no_pass(office: Any) -> None:
    """GF-34: a guidance fund's deal that nobody called a follow-on or a direct project."""
    companies(office)
    number = office.deal("GF", "CO1", "initial", 4e6, "2017-01-01", instrument="equity", stage="seed")
    code = next(d.row.code for d in office.view("2018-06-30").deals if d.entry == number)
    assert found(office, "GF-34", code).verdict is UNKNOWN
    office.fact("GF", "2016-01-01", "investment_mode", "direct_project")
    assert [f for f in audit.guidance(office.view("2018-06-30")).findings if f.rule == "GF-34"] == []


def test_a_stake_that_was_given_away_is_a_sale_without_a_price(office: Any) -> None:
    """GF-47, GF-54: to somebody who is not the successor; to the successor it is no sale."""
    office.pay(K.CALL_INVESTMENT, "GF", "SF", 9e6, "2016-04-10", entry=EntryKind.CALL_PAYMENT, fund="SF")
    office.pay_many(
        "2018-01-15",
        [(K.COMMITMENT_TRANSFER, "GF", "SO", 10e6), (K.PAID_IN_TRANSFER, "GF", "SO", 3e6)],
        entry=EntryKind.COMMITMENT_TRANSFER,
        fund="SF",
    )
    for rule in ("GF-47", "GF-54"):
        assert found(office, rule, "SF/GF/2018-01-15").verdict is UNKNOWN
    office.party("PF", "parent_fund", day="2018-02-01")
    office.fact("PF", "2018-03-31", "successor_of", "GF")
    office.pay_many(
        "2018-03-31",
        [(K.COMMITMENT_TRANSFER, "GF", "PF", 20e6), (K.PAID_IN_TRANSFER, "GF", "PF", 6e6)],
        entry=EntryKind.COMMITMENT_TRANSFER,
        fund="SF",
    )
    view = office.view("2018-06-30")
    assert [str(t.subject) for t in auditor_of(view).office(view).transfers] == ["SF/GF/2018-01-15"]


def test_the_notes_of_notices_are_read_on_both_engines(clerk: Any, database: Any) -> None:
    """The defaulter's name stands in the entry of the call."""
    book = type(clerk)(database)
    for code in ("A", "B"):
        book.party(code, "social_investor", day="2015-01-01", name=f"示例{code}")
    book.party("GF", "guidance_fund", day="2015-01-01")
    book.party("SF", "sub_fund", day="2015-01-01", name="示例基金", status="investing")
    for code in ("A", "B", "GF"):
        book.pay(K.COMMITMENT, code, "SF", 10e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    called(book, defaulting={book.view("2017-03-01").by_code["A"].id: "催告未缴"})
    one = found(book, "AF-06", "SF/A", "2017-06-30")
    assert (one.verdict, one.money_at_stake) == (BREACH, 333_333_333)
    assert ledger.read(database).view(DAY("2017-06-30")).notices[0].row.number == "2017-01"


def test_a_fee_paid_in_arrears_is_judged_in_the_year_it_was_owed_for(office: Any) -> None:
    """GF-43, a fifth held for the grade: the poor grade of 2017 was told in June 2018, when 80 % of that year's fee had been
    paid; the whole fee of 2018, paid in January 2019, does not fill the year before up."""
    for name, value in (
        ("established_on", "2016-01-01"),
        ("first_close_on", "2016-01-01"),
        ("fee_basis_investment", "commitment"),
        ("fee_rate_investment", "0.02"),
        ("fee_held_share", "0.2"),
        ("term_end", "2026-01-01"),
    ):
        office.fact("SF", "2016-01-01", name, value)
    for day, yuan in (("2017-01-05", 2_005_479.45), ("2018-01-05", 1.6e6), ("2019-01-05", 2e6)):
        office.pay(K.MANAGEMENT_FEE, "SF", "MG", yuan, day)
    office.fact("SF", "2018-06-10", "evaluation_grade", "poor")
    assert found(office, "GF-43", "SF", "2019-06-30").verdict is PASS
    office.pay(K.MANAGEMENT_FEE, "SF", "MG", 0.1e6, "2018-02-01")  # before the grade: paid for 2017
    one = found(office, "GF-43", "SF", "2019-06-30")
    assert (one.verdict, one.money_at_stake, one.since) == (BREACH, 100_000 * YUAN, DAY("2018-06-10"))


# -- public money behind a deal's fund -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "public"),
    [
        (lambda c: edge(c, "GOV", "PF", 0.01), True),
        (lambda c: edge(c, "GF", "PF", 0.01), True),
        (lambda c: c.pay(K.COMMITMENT, "GOV", "PF", 1, "2016-06-01", fund="PF"), True),
        (lambda c: edge(c, "SO", "PF", 0.9), False),  # a private owner
        (
            lambda c: (edge(c, "GOV", "SO", 1.0), edge(c, "SO", "PF", 0.9)),
            False,
        ),  # behind another: a share, no vehicle
        (lambda c: edge(c, "GOV", "PF", 0.0), False),  # ended by a share of nothing
        (lambda c: edge(c, "GOV", "PF", 0.5, "2016-02-01", "2016-12-31"), False),  # sold before the deal
        (lambda c: edge(c, "GOV", "PF", 0.5, "2017-06-01"), False),  # bought after it
        (
            lambda c: edge(c, "GOV", "PF", 0.5, basis="paid_in"),
            False,
        ),  # of what was paid in: no share of the fund
        (lambda c: None, False),
    ],
)
def test_public_money_in_a_deal_s_fund(office: Any, record: Any, public: bool) -> None:
    """GF-27: a loan by a fund that a public vehicle promised money, or owns a share of by declaration, on the deal's day."""
    office.party("PF", "sub_fund", day="2015-01-01")
    office.party("CO1", "company", day="2016-01-01")
    record(office)
    office.deal("PF", "CO1", "initial", 1e6, "2017-01-01", instrument="loan")
    found_ones = [f for f in audit.guidance(office.view("2018-06-30")).findings if f.rule == "GF-27"]
    assert [f.verdict for f in found_ones] == ([BREACH] if public else [])
    facts = (
        next(
            f
            for f in auditor_of(office.view("2018-06-30")).office(office.view("2018-06-30")).funds
            if f.code == "PF"
        )
        if public
        else None
    )
    assert facts is None or facts.deals[0].fund.government_money is True


# -- one company, many tickets; funds of a fund; heads ---------------------------------------------------------------------


def test_what_was_paid_under_another_code_or_by_a_predecessor_counts_in_one_company(office: Any) -> None:
    """GF-34: three million in one company at most; two by the old fund, two by the new one, under two codes of it."""
    companies(office, CO1={"uscc": "91230100DEM0961281"}, CO2={"uscc": "91230100DEM0961281"})
    office.party("OLD", "guidance_fund", day="2015-01-01")
    office.deal("OLD", "CO1", "initial", 2e6, "2016-01-01", instrument="equity")
    office.fact("GF", "2016-06-30", "successor_of", "OLD")
    number = office.deal("GF", "CO2", "initial", 2e6, "2017-02-01", instrument="equity", stage="seed")
    code = next(d.row.code for d in office.view("2018-06-30").deals if d.entry == number)
    deal = next(d.row.id for d in office.view("2018-06-30").deals if d.entry == number)
    office.rows(
        EntryKind.TERMS,
        "2017-02-01",
        lambda _: [
            Fact(None, deal, "deal_support_mode", "follow_on"),
            Fact(None, deal, "lead_ticket", "1000000000"),
        ],
    )
    one = found(office, "GF-34", code)
    assert (one.verdict, one.finding.measured, one.money_at_stake) == (
        BREACH,
        4_000_000 * YUAN,
        1_000_000 * YUAN,
    )


def test_a_fund_that_was_bought_by_a_deal_is_a_further_layer(office: Any) -> None:
    """GF-19: no promise and no declared share, but a deal in a fund; sold again, nothing is nested."""
    assert found(office, "GF-19", "SF", "2024-06-30").verdict is PASS
    office.party("SF2", "sub_fund", day="2015-01-01")
    office.deal("SF", "SF2", "initial", 5e6, "2017-01-01", instrument="fund_stake")
    assert found(office, "GF-19", "SF", "2024-06-30").verdict is WARN
    office.deal("SF", "SF2", "exit", 6e6, "2018-01-15")
    assert found(office, "GF-19", "SF", "2024-06-30").verdict is PASS


def test_who_owns_a_share_by_declaration_alone_is_an_investor(office: Any) -> None:
    """GF-12: fifty partners at most; three have promised, the general partner is the fourth, the others declare a share."""
    assert found(office, "GF-12", "SF").finding.measured == 4
    for n in range(47):
        office.party(f"X{n}", "person", day="2015-01-01")
    office.rows(
        EntryKind.OWNERSHIP,
        "2016-06-01",
        lambda v: [Edge(v.by_code[f"X{n}"].id, v.by_code["SF"].id, 1_000_000, "equity") for n in range(47)],
    )
    one = found(office, "GF-12", "SF")
    assert (one.verdict, one.finding.measured) == (BREACH, 51)


def test_a_declared_owner_that_may_be_many_is_no_pass(office: Any) -> None:
    """GF-12: whether an unfiled partnership stands there is not asked of an owner without a promise."""
    office.party("POOL", "social_investor", day="2015-01-01")
    edge(office, "POOL", "SF", 0.1)
    assert found(office, "GF-12", "SF").verdict is UNKNOWN


def test_shares_of_a_listed_company_may_be_bought_on_the_market(office: Any) -> None:
    """GF-27: an equity deal in what was listed by its day is no pass; what is listed later is another matter."""
    office.party("CO1", "company", day="2016-01-01", listed_on="2014-05-05")
    office.party("CO2", "company", day="2016-01-01")
    office.fact("CO2", "2018-03-01", "listed_on", "2018-03-01")
    codes = {}
    for company in ("CO1", "CO2"):
        number = office.deal("SF", company, "initial", 1e6, "2017-01-01", instrument="equity")
        codes[company] = next(d.row.code for d in office.view("2018-06-30").deals if d.entry == number)
    assert found(office, "GF-27", codes["CO1"]).verdict is UNKNOWN
    assert found(office, "GF-27", codes["CO2"]).verdict is PASS


def test_where_idle_cash_lies(office: Any) -> None:
    """GF-27B: nobody said; deposits; a trust, with the money that is there."""
    assert found(office, "GF-27B", "SF").verdict is UNKNOWN
    office.fact("SF", "2017-01-01", "cash_products", "deposit,treasury_bond")
    assert found(office, "GF-27B", "SF").verdict is PASS
    office.fact("SF", "2017-06-01", "cash_products", "deposit,trust")
    office.fact("SF", "2016-01-01", "cash_kept", "yes")
    office.pay(K.CALL_INVESTMENT, "GF", "SF", 9e6, "2017-04-10", entry=EntryKind.CALL_PAYMENT, fund="SF")
    one = found(office, "GF-27B", "SF")
    assert (one.verdict, one.money_at_stake) == (BREACH, 9_000_000 * YUAN)


def test_a_direct_sale_of_a_parent_fund_is_a_sale_of_public_money(office: Any) -> None:
    """GF-54: without a price found in a way that the rule knows it is no pass."""
    office.party("PF", "parent_fund", day="2015-01-01")
    companies(office)
    office.deal("PF", "CO1", "initial", 4e6, "2017-01-01", instrument="equity")
    number = office.deal("PF", "CO1", "exit", 5e6, "2018-01-15", exit_route="merger")
    code = next(d.row.code for d in office.view("2018-06-30").deals if d.entry == number)
    assert found(office, "GF-54", code).verdict is not PASS


# -- who owns by declaration alone -----------------------------------------------------------------------------------------


def about_stake(clerk: Any, investor: str, day: str = "2018-06-30") -> dict[str, Any]:
    """Rule -> its finding about a party's stake in the sub-fund."""
    findings = audit.guidance(clerk.view(day)).findings
    return {f.rule: f for f in findings if str(f.subject) == f"SF/{investor}"}


def test_a_person_that_owns_by_declaration_alone_is_asked_for_its_ticket(office: Any) -> None:
    """QI-01, QI-05, QI-06: no promise and no payment is recorded; what is missing is said, what is known is judged."""
    office.party("P1", "person", day="2015-01-01")
    assert about_stake(office, "P1") == {}
    edge(office, "P1", "SF", 0.02, "2016-06-01")
    office.fact("SF", "2016-01-01", "vc_enterprise", "yes")
    own = about_stake(office, "P1")
    assert {rule: own[rule].verdict for rule in ("QI-01", "QI-06")} == {"QI-01": UNKNOWN, "QI-06": UNKNOWN}
    assert "QI-05" not in own
    assert own["QI-01"].finding.event_day == DAY("2016-06-01")
    office.fact(
        "P1", "2016-01-01", "financial_assets", "1000000"
    )  # 10,000 yuan: a certain breach whatever the ticket
    office.fact("P1", "2016-01-01", "average_income", "1000000")
    office.fact("P1", "2016-01-01", "wealth_evidence_on", "2016-05-01")
    assert about_stake(office, "P1")["QI-01"].verdict is BREACH
    edge(office, "P1", "SF", 0.005, "2017-03-01")  # a part was given away: what is left nobody recorded
    assert about_stake(office, "P1", "2024-06-30")["QI-05"].verdict is UNKNOWN
    edge(office, "P1", "SF", 0.0, "2017-06-01")
    assert about_stake(office, "P1") == {}


def test_a_conduit_and_deemed_investors_that_own_by_declaration_alone_are_seen(office: Any) -> None:
    """QI-02, QI-03, QI-04: an unfiled partnership is looked through, a deemed investor shows why."""
    office.party("LP9", "social_investor", day="2015-01-01", legal_form="limited_partnership")
    office.party("ST", "person", day="2015-01-01", deemed_qualified="manager_staff", employer="XX")
    office.fact("ST", "2016-01-01", "financial_assets", "500000000")
    edge(office, "LP9", "SF", 0.05, "2016-06-01")
    edge(office, "ST", "SF", 0.01, "2016-06-01")
    assert about_stake(office, "LP9")["QI-04"].verdict is UNKNOWN
    assert about_stake(office, "ST")["QI-03"].verdict is BREACH
    assert found(office, "QI-02", "ST").verdict is UNKNOWN


@pytest.mark.parametrize(
    ("share", "scheme", "verdict"),
    [
        (0.2, "sme_fund", UNKNOWN),  # within the cap; the ticket is not known
        (0.9, "sme_fund", BREACH),  # above it, whatever the ticket
        (0.1, "emerging_2011", UNKNOWN),  # in and out together with local money: no payment is recorded
        (0.1, None, UNKNOWN),  # of which scheme
    ],
)
def test_a_national_fund_that_owns_by_declaration_alone(
    office: Any, share: float, scheme: str | None, verdict: Any
) -> None:
    """GF-67: the share is declared, ticket and payments are not."""
    more = {} if scheme is None else {"national_scheme": scheme}
    office.party("NF", "national_fund", day="2015-01-01", **more)
    edge(office, "NF", "SF", share, "2016-06-01")
    assert about_stake(office, "NF")["GF-67"].verdict is verdict


def test_reinvestment_is_owed_to_who_owns_by_declaration_alone(office: Any) -> None:
    """GF-37, GF-38: of what the multiple is, nobody recorded."""
    office.party("CITY", "guidance_fund", day="2015-01-01")
    edge(office, "CITY", "SF", 0.1, "2016-06-01")
    for name, value in (
        ("reinvest_multiple", "1.2"),
        ("reinvest_base", "paid_in"),
        ("reinvest_milestones", "2017-06-30:0.5"),
    ):
        office.fact("SF", "2016-01-01", name, value)
    own = about_stake(office, "CITY")
    assert (own["GF-37"].verdict, own["GF-38"].verdict) == (UNKNOWN, UNKNOWN)
    [duty] = [d for d in reinvestments(office.view("2018-06-30")) if d.investor == "CITY"]
    assert (duty.base, duty.state) == (None, "unknown")
    office.pay(K.COMMITMENT, "CITY", "SF", 5e6, "2017-07-01", entry=EntryKind.COMMITMENT, fund="SF")
    assert fund(office.view("2018-06-30")).declared_stakes == ()  # a stake like any other from now on


@pytest.mark.parametrize("until", [None, "2017-06-30"], ids=["still stated", "ended"])
def test_who_sold_all_it_promised_and_is_still_stated_to_own_a_share(office: Any, until: str | None) -> None:
    """GF-67: of the two statements one is out of date; the share is judged, what is left of the money is not known."""
    office.party("NF", "national_fund", day="2015-01-01", national_scheme="sme_fund")
    office.pay(K.COMMITMENT, "NF", "SF", 10e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    edge(office, "NF", "SF", 0.5, until=until)
    office.pay(
        K.COMMITMENT_TRANSFER, "NF", "SO", 10e6, "2017-03-01", entry=EntryKind.COMMITMENT_TRANSFER, fund="SF"
    )
    own = next(s for s in fund(office.view("2018-06-30")).stakes if s.investor.code == "NF")
    assert (own.committed, own.declared) == ((0, None) if until else (None, Fraction(1, 2)))
    if until is None:
        one = found(office, "GF-67", "SF/NF")
        assert (one.verdict, float(one.finding.measured)) == (BREACH, 0.5)


@pytest.mark.parametrize(
    ("document", "verdict"),
    [("出资协议", PASS), ("以专利作价出资的协议", BREACH), ("Payment in kind", BREACH)],
)
def test_a_payment_may_be_in_kind_by_its_document(office: Any, document: str, verdict: Verdict) -> None:
    """QI-06 wants money; the book takes what is paid for money, so that its document alone can tell."""
    office.fact("SF", "2016-01-01", "vc_enterprise", "yes")
    office.party("X1", "person", day="2015-01-01")
    office.pay(K.COMMITMENT, "X1", "SF", 3e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")

    def paid(view: View, _: Any) -> tuple[list[Posting], list[Any]]:
        x, own = view.by_code["X1"].id, view.by_code["SF"].id
        return [Posting(int(K.CALL_INVESTMENT), x, own, own, None, None, 3_000_000_00)], []

    office.book(EntryKind.CALL_PAYMENT, "2016-02-01", paid, note=document)
    assert found(office, "QI-06", "SF/X1").verdict is verdict
