"""Calls planned, issued and paid: exact to the fen, refused by name, and the same as the same notice by file."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from fof import intake, ledger
from fof.access import LOCAL, Actor
from fof.book.contents import content_text
from fof.book.notices import calls
from fof.book.stakes import stakes
from fof.errors import NotAllowed, Refused
from fof.intake.components import components_of
from fof.operations.calls import CallPlan, issue_call, plan_call
from fof.operations.payments import mark_paid, open_calls, state_of
from models.kinds import EntryKind, Role
from models.money import yuan_text
from models.posting_kinds import PostingKind
from models.rows import Setting

NOTICE, DUE = dt.date(2024, 3, 1), dt.date(2024, 3, 20)
COMMITTED = {"LP-A": 1_000.01, "LP-B": 500.0, "LP-C": 333.33}


@pytest.fixture
def fund(clerk: Any) -> Any:
    """Three investors with unequal commitments in one fund."""
    clerk.party("SF-1", "sub_fund", name="一号基金", established_on="2020-01-01")
    for code, yuan in COMMITTED.items():
        clerk.party(code, name=f"{code} 投资人")
        clerk.pay(PostingKind.COMMITMENT, code, "SF-1", yuan, "2020-01-01", entry=EntryKind.COMMITMENT)
    return clerk


def ids(clerk: Any) -> dict[str, int]:
    return {code: p.id for code, p in clerk.view("2024-12-31").by_code.items()}


def planned(clerk: Any, fen: int = 10_001, **more: Any) -> CallPlan:
    return plan_call(
        clerk.view("2024-12-31"),
        ids(clerk)["SF-1"],
        {"investment": fen, "fee_outside": 100},
        NOTICE,
        DUE,
        **more,
    )


def test_parts_add_up_to_the_fen_and_follow_commitment(fund: Any) -> None:
    plan = planned(fund)
    assert plan.problems == ()
    assert sum(line.due["investment"] for line in plan.lines) == 10_001
    assert sum(line.due["fee_outside"] for line in plan.lines) == 100
    whole = sum(line.commitment for line in plan.lines)
    for line in plan.lines:
        assert abs(line.due["investment"] - 10_001 * line.commitment / whole) < 1
        assert (
            line.unfunded_after == line.unfunded_before - line.due["investment"]
        )  # what is outside leaves it alone


@pytest.mark.parametrize("state", ["excused", "defaulting"])
def test_who_is_left_out_pays_nothing_and_the_others_carry_it(fund: Any, state: str) -> None:
    left_out = ids(fund)["LP-A"]
    plan = planned(fund, **{state: {left_out: "豁免函 1 号"}})
    lines = {line.investor: line for line in plan.lines}
    assert lines[left_out].state == state
    assert lines[left_out].total == 0
    assert lines[left_out].unfunded_after == lines[left_out].unfunded_before
    assert sum(line.total for line in plan.lines) == 10_101


@pytest.mark.parametrize(("above", "refused"), [(0, False), (1, True)])
def test_a_call_above_unfunded_is_refused_with_the_name(fund: Any, above: int, refused: bool) -> None:
    others = {ids(fund)[code]: "豁免" for code in ("LP-A", "LP-C")}
    plan = planned(fund, 50_000 + above, excused=others)
    assert [p.code for p in plan.problems] == (["call_over_unfunded"] if refused else [])
    assert all("LP-B 投资人" in p.expected.zh and "500.00" in p.expected.zh for p in plan.problems)


def test_a_fund_may_allow_calls_above_unfunded(fund: Any) -> None:
    fund.fact("SF-1", "2020-01-01", "call_over_unfunded", "yes")
    assert planned(fund, 1_000_000).problems == ()


def test_an_earlier_unpaid_notice_takes_room(fund: Any) -> None:
    issue_call(fund.database, LOCAL, planned(fund, 183_334), "2024-01")  # all commitments
    assert {p.code for p in planned(fund, 1).problems} == {"call_over_unfunded"}


def test_wrong_input_is_listed_as_a_whole(fund: Any) -> None:
    stranger = ids(fund)["SF-1"]
    plan = plan_call(
        fund.view("2024-12-31"),
        ids(fund)["SF-1"],
        {"dreams": 5, "investment": -10},
        DUE,
        NOTICE,
        excused={stranger: " "},
        defaulting={stranger: "x"},
    )
    assert {p.code for p in plan.problems} >= {
        "unknown_component",
        "not_positive",
        "due_before_notice",
        "not_an_investor",
        "reason_missing",
        "left_out_twice",
    }
    with pytest.raises(Refused):
        issue_call(fund.database, LOCAL, plan, "X")


def test_a_number_is_booked_once(fund: Any) -> None:
    plan = planned(fund)
    first = issue_call(fund.database, LOCAL, plan, "2024-01")
    again = issue_call(fund.database, LOCAL, plan, "2024-01")
    assert len(first.entries) == 1
    assert again.entries == []
    assert again.already[0].entry == first.entries[0]
    with pytest.raises(Refused, match="同一编号"):
        issue_call(fund.database, LOCAL, planned(fund, 9_999), "2024-01")


def test_only_who_may_book_books(fund: Any) -> None:
    with pytest.raises(NotAllowed):
        issue_call(fund.database, Actor("a", frozenset({Role.VIEWER})), planned(fund), "2024-01")


def test_two_persons_prepare_and_approve(fund: Any) -> None:
    approver = Actor("b", frozenset({Role.APPROVER}))
    entry = issue_call(fund.database, approver, planned(fund), "2024-01", prepared_by="a").entries[0]
    head = ledger.read(fund.database).view().entry(entry)
    assert (head.recorded_by, head.approved_by) == ("a", "b")


def test_a_plan_made_before_commitments_changed_is_refused(fund: Any) -> None:
    plan = planned(fund)
    fund.party("LP-D", name="新投资人")
    fund.pay(PostingKind.COMMITMENT, "LP-D", "SF-1", 100, "2024-01-01", entry=EntryKind.COMMITMENT)
    with pytest.raises(Refused, match="重新计划"):
        issue_call(fund.database, LOCAL, plan, "2024-01")


def test_paid_in_full_short_and_late(fund: Any) -> None:
    who = ids(fund)
    plan = planned(fund)
    issue_call(fund.database, LOCAL, plan, "2024-01")
    due = {line.investor: line for line in plan.lines}
    mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-01", DUE)
    mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-B"], "2024-01", DUE, 1_000)
    mark_paid(
        fund.database, LOCAL, who["SF-1"], who["LP-C"], "2024-01", DUE + dt.timedelta(days=5), late_interest=7
    )
    found = {c.investor: c for c in calls(fund.view("2024-03-30"))}
    assert found[who["LP-A"]].state == "paid"
    assert (found[who["LP-C"]].state, found[who["LP-C"]].days_late) == ("late", 5)
    short = found[who["LP-B"]]
    assert (short.state, short.paid, short.open) == ("overdue", 1_000, due[who["LP-B"]].total - 1_000)
    chased = open_calls(fund.view("2024-03-30"), overdue_only=True)
    assert [(c.investor, c.open, c.days_late, state_of(c)) for c in chased] == [
        (who["LP-B"], short.open, 10, "short")
    ]
    assert open_calls(fund.view("2024-03-20"), overdue_only=True) == []  # the due day itself is in time
    mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-B"], "2024-01", dt.date(2024, 4, 1))
    assert open_calls(fund.view("2024-04-01"), overdue_only=True) == []
    own = stakes(fund.view("2024-04-01")).of({who["LP-B"]}, {who["SF-1"]})
    assert int(own.paid_in[0]) == due[who["LP-B"]].total
    assert int(own.unfunded[0]) == 50_000 - due[who["LP-B"]].due["investment"]  # each component paid as asked


def test_the_same_payment_again_books_nothing(fund: Any) -> None:
    who = ids(fund)
    issue_call(fund.database, LOCAL, planned(fund), "2024-01")
    first = mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-01", DUE)
    again = mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-01", DUE)
    assert (len(first.entries), again.entries, again.already[0].entry) == (1, [], first.entries[0])


def test_more_than_is_open_is_refused(fund: Any) -> None:
    who = ids(fund)
    plan = planned(fund)
    issue_call(fund.database, LOCAL, plan, "2024-01")
    total = next(line.total for line in plan.lines if line.investor == who["LP-A"])
    with pytest.raises(Refused, match="不超过未缴"):
        mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-01", DUE, total + 1)
    with pytest.raises(Refused, match="没有此编号"):
        mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-99", DUE)


def test_two_payments_of_one_day_need_a_bank_reference(fund: Any) -> None:
    who = ids(fund)
    issue_call(fund.database, LOCAL, planned(fund), "2024-01")
    mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-01", DUE, 1_000)
    with pytest.raises(Refused, match="银行流水号"):
        mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-01", DUE)
    assert mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-01", DUE, 1_000).entries == []
    mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-01", DUE, reference="R-2")
    assert calls(fund.view("2024-12-31"), investors={who["LP-A"]})[0].open == 0


def test_late_interest_is_booked_beside_and_is_no_capital(fund: Any) -> None:
    who = ids(fund)
    plan = planned(fund)
    issue_call(fund.database, LOCAL, plan, "2024-01")
    due = next(line.total for line in plan.lines if line.investor == who["LP-A"])
    mark_paid(
        fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-01", dt.date(2024, 4, 1), late_interest=77
    )
    view = fund.view("2024-12-31")
    assert int(stakes(view).of({who["LP-A"]}, {who["SF-1"]}).paid_in.sum()) == due
    late = view.postings.where(view.postings.kind == PostingKind.LATE_INTEREST)
    assert late.fen.tolist() == [77]
    assert [(c.state, c.days_late) for c in calls(view, investors={who["LP-A"]})] == [("late", 12)]


def test_nothing_is_paid_before_its_notice(fund: Any) -> None:
    who = ids(fund)
    issue_call(fund.database, LOCAL, planned(fund), "2024-01")
    with pytest.raises(Refused, match="不得早于通知日"):
        mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-01", NOTICE - dt.timedelta(days=1))


def test_open_calls_are_the_overdue_first_then_those_to_come(fund: Any) -> None:
    who = ids(fund)
    issue_call(fund.database, LOCAL, planned(fund), "2024-01")
    mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "2024-01", NOTICE, 1)
    day, due = dt.date(2024, 4, 1), dt.date(2024, 5, 1)
    later = plan_call(fund.view("2024-04-01"), who["SF-1"], {"investment": 100}, day, due)
    issue_call(fund.database, LOCAL, later, "2024-02")
    found = open_calls(fund.view("2024-04-02"))
    assert [(c.number, state_of(c)) for c in found] == [
        ("2024-01", "short"),
        ("2024-01", "unpaid"),
        ("2024-01", "unpaid"),
        ("2024-02", "not_due"),
        ("2024-02", "not_due"),
        ("2024-02", "not_due"),
    ]
    assert [c.number for c in open_calls(fund.view("2024-04-02"), overdue_only=True)] == ["2024-01"] * 3


def test_a_notice_from_elsewhere_asks_for_components(fund: Any) -> None:
    who = ids(fund)
    fund.pay_many(
        "2024-03-01",
        [(PostingKind.CALL_DUE, "LP-A", "SF-1", 10)],
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "OLD-1", "2024-03-20"),
    )
    assert components_of(fund.view("2024-12-31"), who["SF-1"], "OLD-1") == {}
    with pytest.raises(Refused, match="分项"):
        mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "OLD-1", DUE)
    mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "OLD-1", DUE, parts={"investment": 1_000})
    assert calls(fund.view("2024-03-30"))[0].state == "paid"


def test_what_an_imported_notice_says_is_kept_and_splits_its_payments(fund: Any, tmp_path: Path) -> None:
    who = ids(fund)
    path = notice_file(tmp_path, investment="60.00", fee_inside="30.01", placement_fee="9.99")
    intake.book(fund.database, LOCAL, path)
    asked = {"investment": 6_000, "fee_inside": 3_001, "placement_fee": 999}
    assert components_of(fund.view("2024-12-31"), who["SF-1"], "IN-1") == {who["LP-A"]: asked}
    mark_paid(fund.database, LOCAL, who["SF-1"], who["LP-A"], "IN-1", DUE, 10_000)
    paid = fund.view("2024-12-31").postings
    mine = paid.where((paid.from_party == who["LP-A"]) & (paid.day == paid.day.max()))
    assert {PostingKind(k): f for k, f in zip(mine.kind.tolist(), mine.fen.tolist(), strict=True)} == {
        PostingKind.CALL_INVESTMENT: 6_000,
        PostingKind.CALL_FEE_INSIDE: 3_001,
        PostingKind.CALL_PLACEMENT_FEE: 999,
    }


def test_what_a_notice_asks_reads_as_words_in_either_form(fund: Any, tmp_path: Path) -> None:
    """As rows of its own, and as a book of before kept it: one setting."""
    intake.book(fund.database, LOCAL, notice_file(tmp_path, fee_inside="30.01", investment="60"))
    view, who = fund.view("2024-12-31"), ids(fund)
    lines = [line.row for line in view.notice_lines]
    assert [(line.component, line.fen) for line in lines] == [("investment", 6_000), ("fee_inside", 3_001)]
    texts = [content_text(view, "notice_line", line, "zh") for line in lines]
    assert all("IN-1" in text and "LP-A" in text for text in texts)
    assert "投资款" in texts[0]
    old = Setting(
        who["SF-1"],
        "call_components:IN-0",
        '{"LP-A":{"fee_inside":3001,"investment":6000}}',
        None,
        "出资通知 IN-0",
    )
    assert (
        content_text(view, "setting", old, "zh")
        == "出资通知 IN-0 的分项：LP-A 投资款 60.00、管理费（认缴内） 30.01"
    )
    assert (
        content_text(view, "setting", old, "en")
        == "Components of notice IN-0: LP-A Investment 60.00, Fee inside 30.01"
    )
    assert "IN-0" not in content_text(view, "setting", old._replace(name="no_deal_days"), "zh").split("；")[0]


def test_the_same_notice_with_other_components_is_refused(fund: Any, tmp_path: Path) -> None:
    intake.book(fund.database, LOCAL, notice_file(tmp_path, investment="60.00", fee_inside="30.00"))
    with pytest.raises(Refused, match=r"fee_inside 30\.00"):  # the sums inside the commitment are equal
        intake.book(fund.database, LOCAL, notice_file(tmp_path, investment="50.00", expenses="40.00"))


def notice_file(folder: Path, **amounts: str) -> Path:
    """A notice of another office for one investor, not paid."""
    head = {
        "fund": "SF-1",
        "number": "IN-1",
        "investor": "LP-A",
        "notice_on": str(NOTICE),
        "due_on": str(DUE),
    }
    row = head | {f"{name}（元）": text for name, text in amounts.items()}
    path = folder / f"notice-{'-'.join(amounts)}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    return path


def test_why_somebody_is_left_out_stands_in_the_entry(fund: Any) -> None:
    who = ids(fund)
    plan = planned(fund, excused={who["LP-A"]: "豁免函 1 号"}, defaulting={who["LP-B"]: "催告未缴"})
    [entry] = issue_call(fund.database, LOCAL, plan, "2024-01").entries
    note = fund.view("2024-12-31").entry(entry).note
    assert note == "豁免 LP-A 投资人：豁免函 1 号；违约 LP-B 投资人：催告未缴"


@pytest.mark.parametrize("status", ["closed", "merged"])
def test_a_fund_that_is_over_calls_nothing(fund: Any, status: str) -> None:
    fund.fact("SF-1", "2024-03-01", "status", status)
    assert [p.code for p in planned(fund).problems] == ["fund_over"]


def test_the_same_notice_as_a_workbook_is_known_already(fund: Any, tmp_path: Path) -> None:
    first = issue_call(fund.database, LOCAL, planned(fund), "2024-01")
    codes = {number: code for code, number in ids(fund).items()}
    rows = [
        {
            "fund": "SF-1",
            "number": "2024-01",
            "notice_on": NOTICE,
            "due_on": DUE,
            "investor": codes[x.investor],
            **{f"{name}（元）": yuan_text(fen) for name, fen in x.due.items()},
        }
        for x in planned_before(fund).lines
    ]
    path = tmp_path / "notice.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    again = intake.book(fund.database, LOCAL, path)
    assert again.entries == []
    assert [a.entry for a in again.already] == first.entries


def planned_before(clerk: Any) -> CallPlan:
    """The plan as it was before its own notice was booked."""
    view = clerk.view("2024-12-31")
    earlier = view.journal.view(view.as_of, view.known_at - 1)
    return plan_call(earlier, ids(clerk)["SF-1"], {"investment": 10_001, "fee_outside": 100}, NOTICE, DUE)
