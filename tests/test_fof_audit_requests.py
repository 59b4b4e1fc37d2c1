"""The request list: what unknown findings lack, asked for, answered in the workbook that comes back, read by the rules."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping

import openpyxl
import pytest
from audited import person
from second.institutions import AS_OF, Institution
from second.recorded import book_somehow

from fof import audit, intake, ledger
from fof.access import LOCAL
from fof.audit.casefile.case_file import case_file
from fof.audit.casefile.request_list import RequestLine, ask, request_lines, request_workbook
from fof.db import Database
from fof.errors import ImportRefused, NotAllowed, Unknown
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ledger import View
from fof.rules.registry import Verdict
from models.coinvest import PlanMode, RequestAnswer

ASKED, DUE, ANSWERED = dt.date(2026, 10, 8), dt.date(2026, 10, 31), dt.date(2026, 10, 20)
LATER = dt.date(2026, 11, 20)


@pytest.fixture
def book(furnished_book: Database) -> Database:
    return furnished_book


def at(book: Database, day: dt.date = LATER) -> View:
    return ledger.read(book).view(day)


def lines(book: Database, day: dt.date = LATER) -> dict[tuple[str | None, str], RequestLine]:
    return {(x.stake, x.item): x for x in request_lines(at(book, day), "CT", person("one"))}


def workbook(book: Database, answers: Mapping[str, tuple[str, ...]]) -> bytes:
    """The open requests, some of them answered: code → answer, by, on, document."""
    filled_in = openpyxl.load_workbook(
        io.BytesIO(request_workbook(request_lines(at(book), "CT", person("one"))))
    )
    sheet = filled_in[LAYOUTS["requests"].text.zh]
    headings = {cell.value: cell.column for cell in sheet[1]}
    names = ("答复", "答复人", "答复日")
    for row in sheet.iter_rows(min_row=2):
        answer = answers.get(str(row[0].value))
        for name, value in zip(names, answer or (), strict=False):
            sheet.cell(row[0].row, headings[name]).value = value
        if answer is not None and len(answer) > 3:
            document = LAYOUTS["requests"].column("document").text.zh
            sheet.cell(row[0].row, headings[document]).value = answer[3]
    out = io.BytesIO()
    filled_in.save(out)
    return out.getvalue()


def test_every_unknown_has_a_line_and_every_line_a_stake(book: Database) -> None:
    judged = audit.coinvestment(at(book, AS_OF), "CT", None, person("one"))
    asked = request_lines(at(book, AS_OF), "CT", person("one"))
    assert {rule for x in asked for rule in x.rules} >= {f.rule for f in judged.of(Verdict.UNKNOWN)}
    assert all(x.stake is not None and x.request is None for x in asked)
    assert [x.item for x in asked if not x.text.en.isascii()] == []
    own = {(x.stake, x.item) for x in asked}
    assert {("S2-P4", "money_proof"), ("S2-P5", "insured_from"), ("S1-P2", "payment_fees")} <= own
    assert not any(item in ("employed_until", "money_lender", "person_cap") for _, item in own)
    with pytest.raises(Unknown):
        request_lines(at(book, AS_OF), "CT", person("none"))


def test_asked_answered_and_read_by_the_rule(book: Database) -> None:
    done = ask(book, person("one"), "CT", ASKED, DUE, AS_OF)
    assert len(done.entries) == len(lines(book, AS_OF)) > 10
    assert all(x.open and x.due == DUE for x in lines(book).values())
    assert all(x.overdue(LATER) for x in lines(book).values())
    assert ask(book, person("one"), "CT", ASKED, DUE, AS_OF).entries == []
    own = lines(book)
    proof, insured, fees = (
        own[key].request or ""
        for key in (("S2-P4", "money_proof"), ("S2-P5", "insured_from"), ("S1-P2", "payment_fees"))
    )
    by = ("综合部 张某", "2026-10-20")
    answers = {
        proof: ("不存在", *by),
        insured: ("非本单位", *by),
        fees: ("已提供", *by, "付款回单 2020-81"),
    }
    back = workbook(book, answers)
    with pytest.raises(NotAllowed):
        intake.book(book, person("office"), back, "答复.xlsx")
    booked = intake.book(book, person("two"), back, "答复.xlsx")
    assert len(booked.entries) == 3
    view = at(book)
    answered = lines(book)
    assert answered["S2-P4", "money_proof"].answer is RequestAnswer.DOES_NOT_EXIST
    assert answered["S2-P4", "money_proof"].answered_on == ANSWERED
    assert answered["S2-P5", "insured_from"].answered_by == by[0]
    verdicts = {
        (f.rule, str(f.subject)): f.verdict
        for f in audit.coinvestment(view, "CT", None, person("one")).findings
    }
    assert verdicts["CI-14", "S2-P4"] is Verdict.BREACH  # does not exist: the limb is broken
    assert verdicts["CI-05", "S2-P5"] is Verdict.UNKNOWN  # not ours: still unknown, with the reason
    file = case_file(view, "CI-05", "S2-P5", history=False, actor=person("one"))
    [ground] = [g for g in file.grounds if g.state == "not_ours"]
    assert (ground.attribute, str(ground.value)) == ("insured_from", RequestAnswer.NOT_OURS.zh)
    before = {
        (f.rule, str(f.subject)): f.verdict
        for f in audit.coinvestment(at(book, AS_OF), "CT", None, person("one")).findings
    }
    assert before["CI-14", "S2-P4"] is Verdict.UNKNOWN  # an answer holds from its day
    assert intake.book(book, person("two"), back, "答复.xlsx").entries == []  # sent again: nothing new


def test_an_answer_to_what_is_not_open_is_refused_naming_the_row(book: Database) -> None:
    ask(book, person("one"), "CT", ASKED, DUE, AS_OF)
    own = lines(book)
    proof = own["S2-P4", "money_proof"].request or ""
    first = workbook(book, {proof: ("不存在", "综合部", "2026-10-20")})
    other = workbook(book, {proof: ("非本单位", "综合部", "2026-10-21")})
    intake.book(book, person("one"), first, "答复.xlsx")
    with pytest.raises(ImportRefused) as refused:
        intake.book(book, person("one"), other, "答复二.xlsx")
    [wrong] = refused.value.problems
    place = next(
        n
        for n, x in enumerate(sorted(own.values(), key=lambda x: (x.stake or "", x.item)), 2)
        if x.request == proof
    )
    assert (wrong.code, wrong.where.sheet, wrong.where.row) == (
        "request_not_open",
        LAYOUTS["requests"].text.zh,
        place,
    )


def test_an_answer_says_by_whom_when_and_with_what(book: Database) -> None:
    ask(book, person("one"), "CT", ASKED, DUE, AS_OF)
    proof = lines(book)["S2-P4", "money_proof"].request or ""
    with pytest.raises(ImportRefused) as refused:
        intake.book(book, person("one"), workbook(book, {proof: ("已提供",)}), "答复.xlsx")
    assert [p.code for p in refused.value.problems] == ["required"] * 3
    for on, codes in (("2026-10-07", ["request_not_open"]), ("2026-10-08", [])):  # asked on the eighth
        back = workbook(book, {proof: ("不存在", "综合部", on)})
        assert [p.code for p in intake.preview(book, back, "答复.xlsx").problems] == codes


def test_an_answer_to_no_request_is_refused(book: Database) -> None:
    row = {"code": "XQ-9999", "institution": "CT", "since": ANSWERED, "answer": RequestAnswer.NOT_OURS}
    with pytest.raises(ImportRefused) as refused:
        intake.book(book, person("one"), filled([(LAYOUTS["requests"], [row])]), "答复.xlsx")
    assert [(p.code, p.where.row) for p in refused.value.problems] == [("request_not_open", 2)]


def test_only_an_auditor_asks(book: Database) -> None:
    for code, error in (("office", NotAllowed), ("none", Unknown)):
        with pytest.raises(error):
            ask(book, person(code), "CT", ASKED, DUE, AS_OF)


def test_what_an_institution_says_of_itself_does_not_exist_breaks_its_own_limb(sqlite_book: Database) -> None:
    """Asked for without a stake; of another institution it says nothing."""
    own = Institution(3)
    own.find("parties", code="CT")["firm_level_holding"] = True
    book_somehow(sqlite_book, own)

    def said(day: dt.date) -> tuple[Verdict, set[str]]:
        view = ledger.read(sqlite_book).view(day)
        [finding] = [f for f in audit.coinvestment(view).findings if f.rule == "CI-22"]
        states = {g.attribute: g.state for g in case_file(view, "CI-22", "CT", history=False).grounds}
        return finding.verdict, {name for name, state in states.items() if state in ("missing", "denied")}

    asked = [x for x in request_lines(ledger.read(sqlite_book).view(AS_OF), "CT") if "CI-22" in x.rules]
    assert {(x.stake, x.item) for x in asked} == {
        (None, "external_revenue_share"),
        (None, "external_profit_share"),
        (None, "institution_owners"),
    }
    ask(sqlite_book, LOCAL, "CT", ASKED, DUE, AS_OF)
    view = ledger.read(sqlite_book).view(LATER)
    [line] = [x for x in request_lines(view, "CT") if x.item == "external_profit_share"]
    rows = [
        {
            "code": line.request,
            "institution": "CT",
            "since": line.asked_on,
            "request_item": line.item,
            "request_due": DUE,
            "answer": RequestAnswer.DOES_NOT_EXIST,
            "answered_by": "财务部",
            "answered_on": ANSWERED,
        }
    ]
    assert said(ASKED) == (Verdict.UNKNOWN, {"external_revenue_share", "external_profit_share"})
    intake.book(sqlite_book, LOCAL, filled([(LAYOUTS["requests"], rows)]), "答复.xlsx")
    assert said(ASKED)[0] is Verdict.UNKNOWN  # an answer holds from its day
    assert said(LATER) == (Verdict.BREACH, {"external_revenue_share", "external_profit_share"})


def test_what_a_record_over_all_projects_lacks_is_asked_for_at_the_stake_in_each(
    sqlite_book: Database,
) -> None:
    """CI-20: the day of choice of two projects is missing; that one of them does not exist says nothing of the other."""
    own = Institution(2)
    own.find("coinvest_plans", code="FA")["plan_mode"] = PlanMode.VOLUNTARY
    for code in ("M0-P2", "M1-P2"):
        del own.find("eligibilities", code=code)["chosen_on"]
    book_somehow(sqlite_book, own)

    def said(day: dt.date) -> tuple[Verdict, set[str]]:
        view = ledger.read(sqlite_book).view(day)
        [finding] = [
            f for f in audit.coinvestment(view).findings if (f.rule, f.subject.code) == ("CI-20", "P2")
        ]
        found = case_file(view, "CI-20", "P2", history=False).grounds
        return finding.verdict, {g.subject.code for g in found if g.state == "denied"}

    asked = [x for x in request_lines(ledger.read(sqlite_book).view(AS_OF), "CT") if "CI-20" in x.rules]
    assert {(x.stake, x.item) for x in asked} == {("S0-P2", "chosen_on"), ("S1-P2", "chosen_on")}
    ask(sqlite_book, LOCAL, "CT", ASKED, DUE, AS_OF)
    view = ledger.read(sqlite_book).view(LATER)
    answered = {"S0-P2": RequestAnswer.DOES_NOT_EXIST, "S1-P2": RequestAnswer.NOT_OURS}
    rows = [
        {
            "code": line.request,
            "staff_stake": line.stake,
            "institution": "CT",
            "since": line.asked_on,
            "request_item": line.item,
            "request_due": DUE,
            "answer": answered[line.stake or ""],
            "answered_by": "综合部",
            "answered_on": ANSWERED,
        }
        for line in request_lines(view, "CT")
        if line.item == "chosen_on"
    ]
    assert said(ASKED) == (Verdict.UNKNOWN, set())
    intake.book(sqlite_book, LOCAL, filled([(LAYOUTS["requests"], rows)]), "答复.xlsx")
    assert said(LATER) == (Verdict.BREACH, {"M0-P2"})
