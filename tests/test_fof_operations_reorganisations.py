"""A merger moves everything and changes no total: commitment, money, value, history, duties and declared shares."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fof.access import LOCAL
from fof.audit.reorganisations import reorganisations
from fof.book.index import book_of
from fof.book.notices import calls
from fof.book.portfolios import of_party, portfolio
from fof.book.stakes import stakes
from fof.errors import Refused
from fof.figures.performance import portfolio_total
from fof.operations.reorganisations import MOVES, ReorganisationPlan, book_reorganisation, plan_reorganisation
from models.journal import Edge
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

ON = dt.date(2023, 6, 30)


@pytest.fixture
def office(clerk: Any) -> Any:
    """A guidance fund with two sub-funds, a new parent fund that is in one of them already."""
    clerk.party("GF", "guidance_fund", portfolio="yes", established_on="2011-01-01", name="引导基金")
    clerk.party("PF", "parent_fund", established_on="2023-01-01", name="母基金")
    clerk.party("CO-1", "company")
    for code in ("SF-1", "SF-2"):
        clerk.party(code, "sub_fund", established_on="2012-01-01")
        pay(clerk, PostingKind.COMMITMENT, "GF", code, 100, "2012-01-01", EntryKind.COMMITMENT)
        pay(clerk, PostingKind.CALL_INVESTMENT, "GF", code, 60, "2012-06-01", EntryKind.CALL_PAYMENT)
        pay(clerk, PostingKind.DISTRIBUTION_RECALLABLE, code, "GF", 7, "2015-01-01", EntryKind.DISTRIBUTION)
        pay(clerk, PostingKind.DISTRIBUTION_GAIN, code, "GF", 5, "2016-01-01", EntryKind.DISTRIBUTION)
        clerk.mark("GF", code, 80.55, "2023-03-31")
    pay(clerk, PostingKind.COMMITMENT, "PF", "SF-2", 50, "2023-02-01", EntryKind.COMMITMENT)
    clerk.pay_many(
        "2023-06-01",
        [(PostingKind.CALL_DUE, "GF", "SF-1", 3)],
        fund="SF-1",
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "2023-01", "2023-07-15"),
    )
    clerk.rows(
        EntryKind.OWNERSHIP,
        "2014-01-01",
        lambda v: [Edge(v.by_code["GF"].id, v.by_code["CO-1"].id, 100_000_000, "equity")],
    )
    return clerk


def pay(clerk: Any, kind: PostingKind, frm: str, to: str, yuan: float, day: str, entry: EntryKind) -> None:
    clerk.pay(kind, frm, to, yuan, day, fund=to if to.startswith("SF") else frm, entry=entry)


def planned(clerk: Any, document: str = "重组方案 1 号", on: dt.date = ON) -> ReorganisationPlan:
    view = clerk.view("2030-01-01")
    return plan_reorganisation(view, [view.by_code["GF"].id], view.by_code["PF"].id, on, document)


def test_every_total_of_every_fund_stays(office: Any) -> None:
    plan = planned(office)
    assert plan.problems == ()
    view = office.view(ON.isoformat())
    proofs = {(view.parties[p.fund].code, p.measure): (p.before, p.after) for p in plan.proofs}
    assert len(proofs) == 2 * 5
    assert all(before == after for before, after in proofs.values())
    assert proofs["SF-1", "committed"] == (10_000, 10_000)
    assert proofs["SF-2", "committed"] == (15_000, 15_000)  # with what the parent fund had already
    assert proofs["SF-1", "unfunded"] == (4_700, 4_700)
    assert proofs["SF-1", "recallable"] == (700, 700)


def test_the_book_after_it_has_the_same_totals_with_the_successor(office: Any) -> None:
    before = office.view("2023-06-30")
    gf, pf = before.by_code["GF"].id, before.by_code["PF"].id
    own = stakes(before).of({gf, pf}, None)
    total = {
        n: int(getattr(own, n).sum())
        for n in ("committed", "paid_in", "distributed", "unfunded", "recallable")
    }
    old = portfolio_total(before, of_party(before, gf))
    first = book_reorganisation(office.database, LOCAL, planned(office))
    assert len(first.entries) == 1
    assert book_reorganisation(office.database, LOCAL, planned_again(office)).entries == []
    after = office.view("2023-06-30")
    held = stakes(after).of({pf}, None)
    assert {n: int(getattr(held, n).sum()) for n in total} == total
    left = stakes(after).of({gf}, None)
    assert not any(int(getattr(left, n).sum()) for n in total)
    new = portfolio_total(after, portfolio(after, "GF"))
    assert portfolio(after, "GF").code == "PF"
    assert (new.paid_in, new.distributed, new.dpi, new.irr.value) == (
        old.paid_in,
        old.distributed,
        old.dpi,
        old.irr.value,
    )
    assert after.fact(gf, "status") == "merged"


def planned_again(clerk: Any) -> ReorganisationPlan:
    """The plan as it was made before the booking: from the prefix the booking saw."""
    view = clerk.view("2030-01-01")
    earlier = view.journal.view(view.as_of, view.known_at - 1)
    return plan_reorganisation(earlier, [view.by_code["GF"].id], view.by_code["PF"].id, ON, "重组方案 1 号")


def test_value_moves_with_the_stake(office: Any) -> None:
    before = office.view("2023-06-30")
    old = portfolio_total(before, of_party(before, before.by_code["GF"].id))
    assert old.nav.fen == 16_110
    book_reorganisation(office.database, LOCAL, planned(office))
    after = office.view("2023-06-30")
    new = portfolio_total(after, portfolio(after, "PF"))
    assert (new.nav.fen, new.nav.marked_on) == (
        16_110,
        dt.date(2023, 3, 31),
    )  # with its own day, not a fresh one


def test_open_notices_and_declared_shares_pass_on(office: Any) -> None:
    book_reorganisation(office.database, LOCAL, planned(office))
    after = office.view("2023-07-20")
    pf = after.by_code["PF"].id
    (call,) = calls(after)
    assert (call.investor, call.open, call.days_late) == (pf, 300, 5)
    shares = {
        after.parties[e.row.owner].code: e.row.share_nano for e in after.edges
    }  # the latest of each owner
    assert shares == {"GF": 0, "PF": 100_000_000}


def test_the_rule_on_mergers_finds_no_difference(office: Any) -> None:
    book_reorganisation(office.database, LOCAL, planned(office))
    (merger,) = reorganisations(book_of(office.view("2023-12-31")), dt.date(2023, 12, 31))
    assert (merger.successor, merger.predecessors) == ("PF", ("GF",))
    assert merger.before == merger.after


def test_what_would_be_lost_is_refused_by_name(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Companies held directly; and, were something not moved, the totals that would not stay."""
    office.deal("GF", "CO-1", "initial", 9, "2014-01-01")
    assert {p.code for p in planned(office).problems} == {"direct_holdings"}
    office.fact("GF", "2011-01-01", "cash_kept", "no")
    office.pay(
        PostingKind.CALL_FEE_OUTSIDE, "GF", "SF-1", 2, "2013-01-01", fund="SF-1", entry=EntryKind.CALL_PAYMENT
    )
    assert {p.code for p in planned(office).problems} == {"direct_holdings"}
    monkeypatch.delitem(MOVES, "inside")
    problems = planned(office).problems
    assert {p.code for p in problems} == {"direct_holdings", "not_zero_sum"}
    assert any("SF-1" in p.expected.zh and "未实缴" in p.expected.zh for p in problems)
    with pytest.raises(Refused):
        book_reorganisation(office.database, LOCAL, planned(office))


def test_business_after_the_day_is_refused(office: Any) -> None:
    assert [p.code for p in planned(office, on=dt.date(2015, 6, 30)).problems] == ["business_after"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("document", "document_missing"),
        ("itself", "same_party"),
        ("company", "not_a_fund"),
        ("merged", "merged_before"),
    ],
)
def test_wrong_input(office: Any, change: str, code: str) -> None:
    view = office.view("2030-01-01")
    former, to = view.by_code["GF"].id, view.by_code["PF"].id
    if change == "merged":
        office.fact("GF", "2020-01-01", "status", "merged")
        view = office.view("2030-01-01")
    former, to = (
        (to, to)
        if change == "itself"
        else (view.by_code["CO-1"].id, to)
        if change == "company"
        else (former, to)
    )
    plan = plan_reorganisation(view, [former], to, ON, " " if change == "document" else "方案")
    assert code in {p.code for p in plan.problems}
    assert plan.postings == ()


def test_a_plan_made_before_the_book_moved_is_refused(office: Any) -> None:
    plan = planned(office)
    pay(office, PostingKind.CALL_INVESTMENT, "GF", "SF-1", 1, "2023-06-15", EntryKind.CALL_PAYMENT)
    with pytest.raises(Refused, match="重新计划"):
        book_reorganisation(office.database, LOCAL, plan)
