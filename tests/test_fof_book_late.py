"""What is dated into a closed quarter: told, booked with a reason, and listed after the close with what it moved."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fof import audit, intake, ledger
from fof.access import LOCAL
from fof.book import late
from fof.book.entries import detail
from fof.book.known import closes
from fof.book.portfolios import portfolio
from fof.changes import AMOUNTS, after_close
from fof.cli import main
from fof.errors import BookingRefused, ImportRefused
from fof.evaluation import set_scale
from fof.figures.performance import portfolio_total
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.operations.calls import issue_call, plan_call
from fof.operations.closes import close_quarter
from fof.operations.payments import mark_paid
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date.fromisoformat
END = DAY("2024-06-30")
SCHEMAS = Path(__file__).resolve().parents[1] / "docs" / "schemas"


def office(clerk: Any) -> None:
    """PF holds F1, whose company is C1; PG, of another portfolio, holds F9. PF's second quarter of 2024 is closed."""
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("PG", "guidance_fund", portfolio="yes", name="示例引导基金")
    clerk.party("F1", "sub_fund", name="示例一号", status="investing", established_on="2020-01-01")
    clerk.party("F9", "sub_fund", name="示例九号", status="investing", established_on="2020-01-01")
    clerk.party("C1", "company", name="示例企业")
    clerk.party("C9", "company", name="别的企业")
    clerk.pay(K.COMMITMENT, "PF", "F1", 1000, "2020-01-01", fund="F1", entry=EntryKind.COMMITMENT)
    clerk.pay(K.COMMITMENT, "PG", "F9", 1000, "2020-01-01", fund="F9", entry=EntryKind.COMMITMENT)
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 100, "2023-05-01", fund="F1")
    clerk.deal("F1", "C1", "initial", 50, "2023-06-01", share=0.1)
    clerk.mark("PF", "F1", 110, "2024-06-30")


def close(clerk: Any) -> Any:
    view = clerk.view(END.isoformat())
    close_quarter(clerk.database, LOCAL, portfolio(view, "PF"), END, view.known_at, "示例说明")
    return closes(ledger.read(clerk.database).view(END))[-1]


def payments(day: dt.date, yuan: int = 40) -> bytes:
    from fof.importers.cells import Amount

    rows = [
        {
            "fund": "F1",
            "number": "N-1",
            "investor": "PF",
            "notice_on": day,
            "due_on": day,
            "investment": Amount(yuan * 100, "CNY"),
        }
    ]
    return filled([(LAYOUTS["capital_calls"], rows)])


def test_a_file_dated_into_a_closed_quarter_needs_one_reason(clerk_on_both: Any) -> None:
    clerk = clerk_on_both
    office(clerk)
    before = intake.preview(clerk.database, payments(DAY("2024-05-01")), "通知.xlsx")
    assert (before.ok, before.late) == (True, [])
    close(clerk)
    head = ledger.read(clerk.database).head
    shown = intake.preview(clerk.database, payments(DAY("2024-05-01")), "通知.xlsx")
    [told] = shown.late
    assert (shown.ok, told.code) == (True, "closed_quarter")
    assert "2024-Q2" in told.expected.zh
    for why in (None, "", "  \n"):
        with pytest.raises(ImportRefused) as refused:
            intake.book(clerk.database, LOCAL, payments(DAY("2024-05-01")), "通知.xlsx", why=why)
        assert [p.code for p in refused.value.problems] == ["closed_quarter"]
    assert ledger.read(clerk.database).head == head
    done = intake.book(
        clerk.database, LOCAL, payments(DAY("2024-05-01")), "通知.xlsx", why="托管行 \n 补送回单"
    )
    notes = [e.note for e in ledger.read(clerk.database).entries(head + 1, head + 99)]
    assert len(notes) == len(done.entries) > 0
    assert all("补记：托管行 补送回单" in (n or "") for n in notes)
    again = intake.book(clerk.database, LOCAL, payments(DAY("2024-05-01")), "通知.xlsx")  # booked already
    assert again.entries == []


def test_the_day_after_the_quarter_and_another_portfolio_need_none(clerk: Any) -> None:
    office(clerk)
    close(clerk)
    assert intake.preview(clerk.database, payments(DAY("2024-07-01")), "通知.xlsx").late == []
    assert intake.book(clerk.database, LOCAL, payments(DAY("2024-07-01")), "通知.xlsx").entries
    view = ledger.read(clerk.database).view()
    asked = {code: late.over(view, END, [view.party(code).id]) for code in view.by_code}
    assert {code for code, hit in asked.items() if hit} == {"PF", "F1", "C1"}
    assert late.over(view, DAY("2024-07-01"), [view.party("F1").id]) == []


def test_every_form_asks_for_the_reason(clerk: Any) -> None:
    """Calls, payments, parameters, evaluation, dispositions: refused without, booked with; a reversal has its own."""
    office(clerk)
    close(clerk)
    db, day = clerk.database, DAY("2024-03-01")
    fund, investor = (clerk.view("2024-03-01").party(c).id for c in ("F1", "PF"))

    def call(why: str | None) -> Any:
        plan = plan_call(clerk.view("2024-03-01"), fund, {"investment": 30_00}, day, DAY("2024-03-20"))
        return issue_call(db, LOCAL, plan, "N-2", why=why)

    acts = [
        call,
        lambda why: mark_paid(db, LOCAL, fund, investor, "N-2", DAY("2024-03-10"), why=why),
        lambda why: audit.set_parameter(db, LOCAL, "F1", "idle_days_max", "90", day, None, "合同", why),
        lambda why: audit.set_parameter(db, LOCAL, None, "idle_days_max", "80", day, None, "纪要", why),
        lambda why: set_scale(db, LOCAL, "F1", "tvpi", "1", "2", day, "文件", why),
        lambda why: audit.dispose(db, LOCAL, "AF-02", "F1", "rectify", "通知", DAY("2025-01-01"), why, day),
    ]
    for act in acts:
        head = ledger.read(db).head
        with pytest.raises(BookingRefused) as refused:
            act(None)
        assert "closed_quarter" in [p.code for p in refused.value.problems], act
        assert ledger.read(db).head == head
        [entry] = act("示例理由").entries
        assert "补记：示例理由" in str(ledger.read(db).view().entry(entry).note)
    view = ledger.read(db).view()
    assert [c.quarter_end for c in late.over_entry(view, 9)] == [END]
    assert late.over_entry(view, 8) == []  # of the other portfolio
    assert ledger.reverse(db, LOCAL, 9, "登记有误").entries


def test_what_stands_after_the_close_and_what_it_moved(clerk_on_both: Any) -> None:
    """A late payment, a value that replaces the reported one, a reversal; not what is dated later or belongs to others."""
    clerk = clerk_on_both
    office(clerk)
    closed = close(clerk)
    paid = clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 7, "2024-02-01", fund="F1")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 9, "2024-07-02", fund="F1")
    clerk.pay(K.CALL_INVESTMENT, "PG", "F9", 9, "2024-02-01", fund="F9")
    clerk.fact("C9", "2024-01-01", "province", "示例省")
    told = clerk.fact("C1", "2024-01-01", "province", "示例省")
    value = clerk.mark("PF", "F1", 130, "2024-06-30")
    [taken] = ledger.reverse(clerk.database, LOCAL, 9, "登记有误").entries
    view = clerk.view("2024-12-31")
    stands = after_close(view, closed)
    assert [e.id for e in stands.entries] == [paid, told, value, taken]
    assert {e.figure: e.change for e in stands.changes.effects}["paid_in"] == -93_00
    [moved] = stands.changes.moved
    parts = moved.parts
    assert (parts[paid]["paid_in"], parts[9]["paid_in"]) == (7_00, -100_00)
    assert (parts[value]["nav"], parts[11]["nav"]) == (130_00, -110_00)
    then, now = ledger.read(clerk.database).view(END, closed.known_at), clerk.view(END.isoformat())
    for figure in ("committed", "paid_in", "distributed", "unfunded"):
        before, later = (getattr(portfolio_total(v, portfolio(v, "PF")), figure) for v in (then, now))
        assert moved.total(figure) == later - before
    assert after_close(clerk.view("2024-12-31", closed.entry), closed).entries == ()


@pytest.mark.parametrize("seed", range(4))
def test_after_the_close_by_a_second_way_of_looking(clerk: Any, seed: int) -> None:
    """Entries at random before and after a close: those listed are those of which any row names PF, F1 or C1."""
    dice = random.Random(seed)
    office(clerk)
    closed = close(clerk)
    names = ("PF", "PG", "F1", "F9", "C1", "C9")
    for _ in range(30):
        day = dice.choice(("2021-03-31", "2024-06-30", "2024-07-01", "2025-01-01"))
        match dice.choice(("pay", "fact", "mark", "reverse", "close")):
            case "pay":
                who, fund = dice.choice((("PF", "F1"), ("PG", "F9")))
                clerk.pay(K.CALL_INVESTMENT, who, fund, dice.randint(1, 5), day, fund=fund)
            case "fact":
                clerk.fact(dice.choice(names), day, "province", f"省{dice.random()}")
            case "mark":
                who, fund = dice.choice((("PF", "F1"), ("PG", "F9"), ("F1", "C1")))
                clerk.mark(who, fund, dice.randint(1, 99), day)
            case "reverse":
                view = ledger.read(clerk.database).view()
                open_ones = [
                    e.id
                    for e in view.journal.entries(9, view.known_at)
                    if e.reversed_by is None and e.reverses is None
                ]
                ledger.reverse(clerk.database, LOCAL, dice.choice(open_ones[2:] or [9]), "更正")
            case _:
                pass
    view = ledger.read(clerk.database).view()
    own = {view.party(c).id for c in ("PF", "F1", "C1")}

    def names_own(entry: int) -> bool:
        shown = detail(view, entry)
        target = shown if shown.head.reverses is None else detail(view, shown.head.reverses)
        said = {x for p in target.postings for x in (p.from_party, p.to_party, p.fund)}
        said |= {
            v
            for _t, _l, row in target.rows
            for f, v in row._asdict().items()
            if f in ("party", "holder", "holding", "fund", "investor", "company")
        }
        return bool(said & own)

    expected = [
        e.id
        for e in view.journal.entries(closed.known_at + 1, view.known_at)
        if e.effective_on <= END and e.kind != "period_close" and names_own(e.id)
    ]
    still_closed = closed in closes(view)
    assert not still_closed or late.after(view, closed) == expected


def test_the_command_line_asks_tells_and_lists(
    clerk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", str(clerk.database.url))
    office(clerk)
    close(clerk)
    file = tmp_path / "通知.xlsx"
    file.write_bytes(payments(DAY("2024-05-01")))

    def run(*words: str) -> tuple[int, Any, str]:
        code = main(list(words))
        out, err = capsys.readouterr()
        return code, json.loads(out) if out.startswith("{") else out, err

    code, shown, _ = run("import", str(file), "--dry-run", "--json")
    assert (code, [(r["level"], r["code"]) for r in shown["rows"] if r["level"] != "entries"]) == (
        0,
        [("warning", "closed_quarter")],
    )
    code, shown, _ = run("import", str(file), "--json")
    assert (code, shown["booked"], [r["code"] for r in shown["rows"] if r["level"] == "problem"]) == (
        2,
        False,
        ["closed_quarter"],
    )
    assert run("import", str(file), "--why", "补送")[0] == 0
    paid = (
        "operations",
        "pay",
        "--fund",
        "F1",
        "--number",
        "N-1",
        "--investor",
        "PF",
        "--paid-on",
        "2024-05-10",
    )
    code, _, err = run(*paid)
    assert (code, "2024-Q2" in err, "--why" in err) == (2, True, True)
    assert run(*paid, "--why", "回单迟到")[0] == 0
    code, _, err = run("operations", "quarter", "--end", "2024-06-30", "--portfolio", "PF")
    assert (code, "--after-close" in err) == (0, True)
    code, told, _ = run(
        "operations", "quarter", "--end", "2024-06-30", "--portfolio", "PF", "--after-close", "--json"
    )
    assert code == 0
    jsonschema.validate(told, json.loads((SCHEMAS / "quarter_after.json").read_text(encoding="utf-8")))
    after = [r for r in told["rows"] if r["what"] == "after"]
    assert {r["note"].partition("补记：")[2] for r in after} == {"补送", "回单迟到"}
    [total] = [r for r in told["rows"] if r["what"] == "total"]
    assert (total["paid_in"], total["nav"]) == ("40.00", "0.00")
    for figure in AMOUNTS:
        if total[figure] is not None:
            told_parts = sum(round(100 * float(r[figure] or 0)) for r in told["rows"] if r["what"] != "total")
            assert told_parts == round(100 * float(total[figure])), figure
    assert run("operations", "quarter", "--end", "2024-03-31", "--portfolio", "PF", "--after-close")[0] == 2
