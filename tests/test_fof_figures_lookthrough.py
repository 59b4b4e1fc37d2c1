"""Look-through on small graphs worked out by hand: stakes, paths, exposure, the government's share, leverage."""

from __future__ import annotations

import math

import pytest

from fof.book.government import government_shares
from fof.book.ownership import graph
from fof.book.portfolios import portfolio
from fof.book.settings import rule_numbers
from fof.figures.leverage import leverage
from fof.figures.lookthrough import exposures, paths, reach
from fof.rules import catalogue
from models.journal import Edge, Setting
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K


def province(clerk) -> None:
    """Province 80 and a state company 20 in the parent fund PF; PF 40, CITY 20, SOE 20, PRIVATE 20 in F1;
    PF 30, PRIVATE 70 in F2. F1 holds 20 % of C1 and 10 % of C2, F2 holds 10 % of C1.
    """
    clerk.party("GOV", "government", government_level="province")
    clerk.party("CITY", "government", government_level="prefecture")
    clerk.party("SOE", "state_investor", ownership="soe_wholly_owned")
    clerk.party("PRIVATE")
    clerk.party("PF", "parent_fund", portfolio="yes")
    for code in ("F1", "F2"):
        clerk.party(code, "sub_fund")
    for code in ("C1", "C2"):
        clerk.party(code, "company")
    for who, fund, yuan in (
        ("GOV", "PF", 80),
        ("SOE", "PF", 20),
        ("PF", "F1", 40),
        ("CITY", "F1", 20),
        ("SOE", "F1", 20),
        ("PRIVATE", "F1", 20),
        ("PF", "F2", 30),
        ("PRIVATE", "F2", 70),
    ):
        clerk.pay(K.COMMITMENT, who, fund, yuan, "2020-01-01", fund=fund)
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 40, "2020-02-01", fund="F1")
    clerk.pay(K.CALL_INVESTMENT, "CITY", "F1", 10, "2020-02-01", fund="F1")
    clerk.deal("F1", "C1", "initial", 30, "2020-03-01", share=0.2, round="A")
    clerk.deal("F1", "C2", "initial", 10, "2020-03-01", share=0.1)
    clerk.deal("F2", "C1", "initial", 5, "2020-06-01", share=0.1, round="A")
    clerk.mark("F1", "C1", 60, "2020-12-31")
    clerk.mark("F1", "C2", 10, "2020-12-31")
    clerk.mark("F2", "C1", 10, "2020-12-31")


def ids(view, *codes: str) -> list[int]:
    return [view.party(c).id for c in codes]


def test_a_company_reached_by_two_paths_is_one_company(clerk):
    province(clerk)
    view = clerk.view("2020-12-31")
    pf, c1 = ids(view, "PF", "C1")
    found = paths(view, pf, c1)
    assert [[view.parties[p].code for p in path.parties] for path in found] == [
        ["PF", "F1", "C1"],
        ["PF", "F2", "C1"],
    ]
    assert [p.share for p in found] == pytest.approx([0.4 * 0.2, 0.3 * 0.1])
    [row] = [e for e in exposures(view, pf) if e.party == c1]
    assert row.share == pytest.approx(0.11)
    assert row.paths == 2
    assert (row.cost, row.value) == (1350, 2700)  # 40 % of 30 and 60, 30 % of 5 and 10


def test_who_stands_behind_a_company(clerk):
    province(clerk)
    view = clerk.view("2020-12-31")
    found = {view.parties[r.owner].code: r for r in reach(view, view.party("C1").id)}
    assert set(found) == {"GOV", "CITY", "SOE", "PRIVATE"}
    assert found["GOV"].share == pytest.approx(0.8 * 0.11)
    assert found["SOE"].share == pytest.approx(0.2 * 0.11 + 0.2 * 0.2)
    assert len(found["SOE"].paths) == 3
    assert sum(r.share for r in found.values()) == pytest.approx(0.3)
    everyone = {view.parties[r.owner].code for r in reach(view, view.party("C1").id, ultimate=False)}
    assert everyone == {"GOV", "CITY", "SOE", "PRIVATE", "PF", "F1", "F2"}


def test_over_paid_in_the_shares_are_others(clerk):
    province(clerk)
    view = clerk.view("2020-12-31")
    pf, f1 = ids(view, "PF", "F1")
    assert paths(view, pf, f1)[0].share == pytest.approx(0.4)
    assert paths(view, pf, f1, "paid_in")[0].share == pytest.approx(0.8)


def test_the_government_share_direct_looked_through_and_in_both_readings(clerk):
    province(clerk)
    view = clerk.view("2020-12-31")
    [f1] = government_shares(view, ids(view, "F1"))
    assert f1.direct == pytest.approx(0.6)
    assert f1.looked_through == pytest.approx(0.4 * 0.8 + 0.2)
    assert f1.by_level["province"] == pytest.approx(0.32)
    assert f1.by_level["prefecture"] == pytest.approx(0.2)
    assert f1.with_soe == pytest.approx(0.52 + 0.4 * 0.2 + 0.2)
    assert f1.counted == f1.looked_through
    clerk.rows(
        EntryKind.SETTING,
        "2020-06-01",
        lambda v: [Setting(None, "soe_counts_as_government", "yes", None, "示例文件")],
    )
    [f1] = government_shares(clerk.view("2020-12-31"), ids(view, "F1"))
    assert f1.soe_counts
    assert f1.counted == f1.with_soe
    [before] = government_shares(clerk.view("2020-05-31"), ids(view, "F1"))
    assert not before.soe_counts


def test_a_setting_that_cannot_be_read_counts_nowhere(clerk):
    """The audit lists it and goes on with the number before; the government share did as it said."""
    province(clerk)
    for day, value, document in (("2020-02-01", "yes", "示例文件"), ("2020-03-01", "no", " ")):
        clerk.rows(
            EntryKind.SETTING,
            day,
            lambda v, row=(value, None, document): [Setting(None, "soe_counts_as_government", *row)],
        )
    view = clerk.view("2020-12-31")
    [f1] = government_shares(view, ids(view, "F1"))
    assert f1.soe_counts
    assert len(rule_numbers(view).unread) == 1
    known = catalogue.parameters()["soe_counts_as_government"].on(view.as_of)
    assert known is not None
    assert known.value is False  # what is taken where the book states nothing


def test_a_state_company_is_never_looked_through_to_its_government(clerk):
    province(clerk)
    clerk.rows(
        EntryKind.OWNERSHIP,
        "2019-01-01",
        lambda v: [Edge(v.party("GOV").id, v.party("SOE").id, 1_000_000_000, "equity")],
    )
    view = clerk.view("2020-12-31")
    [f1] = government_shares(view, ids(view, "F1"))
    assert f1.looked_through == pytest.approx(0.52)


def test_a_vehicle_without_investors_is_money_of_its_level(clerk):
    clerk.party("GF", "guidance_fund", government_level="province")
    clerk.party("F1", "sub_fund")
    clerk.party("EMPTY", "sub_fund")
    clerk.party("P")
    clerk.pay(K.COMMITMENT, "GF", "F1", 40, "2020-01-01", fund="F1")
    clerk.pay(K.COMMITMENT, "P", "F1", 60, "2020-01-01", fund="F1")
    view = clerk.view("2020-12-31")
    f1, empty = government_shares(view, ids(view, "F1", "EMPTY"))
    assert f1.by_level["province"] == pytest.approx(0.4)
    assert math.isnan(empty.looked_through)
    assert empty.note.code == "no_investors"


def test_declared_shares_hold_from_their_day_and_leave_the_rest_to_the_book(clerk):
    province(clerk)
    clerk.party("FRIEND")
    clerk.rows(
        EntryKind.OWNERSHIP,
        "2021-01-01",
        lambda v: [
            Edge(v.party("FRIEND").id, v.party("F2").id, 500_000_000, "commitment"),
            Edge(v.party("F1").id, v.party("C1").id, 150_000_000, "equity"),
        ],
    )
    before, after = clerk.view("2020-12-31"), clerk.view("2021-01-01")
    pf, f2, f1, c1 = ids(after, "PF", "F2", "F1", "C1")
    assert paths(before, pf, f2)[0].share == pytest.approx(0.3)
    assert paths(after, pf, f2)[0].share == pytest.approx(0.15)
    assert paths(before, f1, c1)[0].share == pytest.approx(0.2)
    assert paths(after, f1, c1)[0].share == pytest.approx(0.15)


def test_a_deal_without_a_share_is_unknown_and_not_nought(clerk):
    province(clerk)
    clerk.party("C3", "company")
    clerk.deal("F1", "C3", "initial", 4, "2020-07-01")
    view = clerk.view("2020-12-31")
    f1, c3, pf = ids(view, "F1", "C3", "PF")
    assert graph(view).unknown == ((f1, c3),)
    [row] = [e for e in exposures(view, pf) if e.party == c3]
    assert row.share is None
    assert (row.cost, row.value) == (160, None)


def test_what_was_sold_is_no_longer_held(clerk):
    province(clerk)
    clerk.deal("F1", "C2", "exit", 15, "2020-11-01", share=0.1)
    view = clerk.view("2020-12-31")
    pf, c2 = ids(view, "PF", "C2")
    assert paths(view, pf, c2) == []
    assert paths(clerk.view("2020-10-31"), pf, c2) != []


def test_leverage_in_three_variants(clerk):
    province(clerk)
    view = clerk.view("2020-12-31")
    found = leverage(view, portfolio(view))
    f1 = found.rows[0]
    assert (f1.key, f1.guidance, f1.total) == ("F1", 40_00, 100_00)
    assert f1.a == 2.5
    assert f1.non_government == 48_00  # 100 less 52 % government
    assert f1.b == 1.2
    assert f1.to_companies == 45_00  # 30 + 10, and 5 of F2 in the same round of C1
    assert f1.c == 1.125
    assert found.total.a == pytest.approx(200 / 70)
    assert found.total.to_companies == 45_00
    assert found.total.non_government == 48_00 + 76_00  # F2: 100 less 30 % of 80 %


@pytest.mark.parametrize(("day", "reached"), [("2021-03-01", 52_00), ("2021-03-02", 45_00)])
def test_a_round_of_the_same_name_long_after_is_another_round(clerk, day, reached):
    province(clerk)
    clerk.deal("F2", "C1", "follow_on", 7, day, share=0.05, round="A")
    view = clerk.view("2022-12-31")
    assert leverage(view, portfolio(view)).rows[0].to_companies == reached


def test_the_number_of_paths_is_that_of_the_paths_there_are(clerk) -> None:
    """Not of the holdings: what was sold as a whole has no path, a holding of a fund reached twice has two."""
    clerk.party("GF", "guidance_fund", portfolio="yes")
    clerk.party("PF", "parent_fund")
    for code in ("F1", "F2"):
        clerk.party(code, "sub_fund")
    for code in ("C1", "C2", "C3"):
        clerk.party(code, "company")
    for who, fund, yuan in (("GF", "PF", 100), ("GF", "F1", 50), ("PF", "F1", 50), ("PF", "F2", 100)):
        clerk.pay(K.COMMITMENT, who, fund, yuan, "2020-01-01", fund=fund, entry=EntryKind.COMMITMENT)
    clerk.deal("F1", "C1", "initial", 10, "2020-02-01", share=0.2)
    clerk.deal("F2", "C1", "initial", 10, "2020-02-01", share=0.1)
    clerk.deal("F1", "C2", "initial", 10, "2020-02-01", share=0.1)
    clerk.deal("F1", "C3", "initial", 10, "2020-02-01")
    clerk.deal("F2", "C1", "exit", 12, "2021-02-01")
    clerk.deal("F1", "C2", "exit", 12, "2022-02-01")

    def counted(day: str) -> dict[str, int]:
        view = clerk.view(day)
        found = exposures(view, view.party("GF").id)
        return {view.parties[e.party].code: e.paths for e in found if view.parties[e.party].kind == "company"}

    assert counted("2020-12-31") == {
        "C1": 3,
        "C2": 2,
        "C3": 2,
    }  # F1 by two ways, F2 by one; C3 states no share
    assert counted("2021-12-31") == {"C1": 2, "C2": 2, "C3": 2}
    assert counted("2022-12-31") == {"C1": 2, "C2": 0, "C3": 2}
    view = clerk.view("2021-12-31")
    assert len(paths(view, view.party("GF").id, view.party("C1").id)) == 2
