"""The procedure of an audit case: its order, who may take which step, what an issue stands on; by command, use case and file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from audited import OWN, RULE, SUBJECT, furnished, person
from second.institutions import AS_OF

from fof import audit, intake, ledger
from fof.audit.casefile.audit_cases import AuditCase, audit_cases
from fof.audit.casefile.case_steps import begin_case, take_step
from fof.audit.findings import AuditFinding
from fof.db import Database
from fof.errors import BookingRefused, ImportRefused, NotAllowed, Unknown
from fof.importers.cells import Amount
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ledger.verify import verify
from fof.rules.registry import Verdict
from models.audit_work import OF_LOSSES, CaseRetest, CaseReview, CaseStep, CaseTolerance
from models.subjects import SubjectKind

DAY = dt.date(2026, 10, 8)
LATER = dt.date(2026, 10, 30)
S = CaseStep
STATED: dict[CaseStep, dict[str, Any]] = {
    S.EVIDENCE_SHEET: {"case_statement": "平台迟于约定期限一日付款"},
    S.SENT: {"comment_due": dt.date(2026, 11, 10)},
    S.REPLIED: {"case_reply": "银行系统故障"},
    S.REVIEWED: {"case_review": CaseReview.APPROVED},
    S.ISSUED: {
        "case_loss": 0,
        "responsible_post": "投资部负责人",
        "case_tolerance": CaseTolerance.NO_LOSS,
        "rectify_due": dt.date(2026, 12, 31),
    },
    S.RECTIFIED: {"rectification": "修订付款流程"},
    S.RETESTED: {"case_retest": CaseRetest.PUT_RIGHT},
    S.CLOSED: {},
    S.REFERRED: {"referred_to": "纪检监察机构"},
}


@pytest.fixture
def book(furnished_book: Database) -> Database:
    return furnished_book


def only(book: Database, who: str = "one") -> AuditCase:
    [case] = audit_cases(ledger.read(book).view(dt.date(2027, 1, 1)), person(who))
    return case


def step(book: Database, one: CaseStep, who: str = "one", day: dt.date = LATER, **more: Any) -> None:
    take_step(book, person(who), "SJ-0001", one, day, STATED[one] | more, "取证记录")


def refusal(book: Database, one: CaseStep, who: str = "one", day: dt.date = LATER, **more: Any) -> list[str]:
    with pytest.raises(BookingRefused) as refused:
        step(book, one, who, day, **more)
    return [p.code for p in refused.value.problems]


@pytest.mark.postgres
def test_the_same_on_postgres(postgres_url: str) -> None:
    database = Database(postgres_url)
    furnished(database)
    whole_procedure(database)
    database.close()


def test_a_case_goes_from_draft_to_closed_and_every_step_is_an_entry(book: Database) -> None:
    whole_procedure(book)
    begin_case(book, person("one"), RULE, SUBJECT, LATER)  # it is found again: another case


def whole_procedure(book: Database) -> None:
    begin_case(book, person("one"), RULE, SUBJECT, DAY)
    assert only(book).institution == "CT"
    for who, one in (
        ("one", S.EVIDENCE_SHEET),
        ("one", S.SENT),
        ("one", S.REPLIED),
        ("two", S.REVIEWED),
        ("one", S.ISSUED),
        ("one", S.RECTIFIED),
        ("two", S.RETESTED),
        ("two", S.CLOSED),
    ):
        step(book, one, who)
    case = only(book)
    assert [s.step for s in case.steps] == [x for x in S if x is not S.REFERRED]
    assert len({s.entry for s in case.steps}) == len(case.steps)
    assert [s.who for s in case.steps][3:5] == ["one", "two"]
    assert case.stated("case_loss") == 0
    assert case.stated("responsible_post") == "投资部负责人"
    assert case.over
    assert verify(book).refusals == ()


def test_money_that_a_finding_cost_need_not_be_an_investment_loss(book: Database) -> None:
    """Tolerance covers cost less value and proceeds (GF-56): what staff got below price is a loss outside it."""
    begin_case(book, person("one"), RULE, SUBJECT, DAY)
    for who, one in (("one", S.EVIDENCE_SHEET), ("one", S.SENT), ("one", S.REPLIED), ("two", S.REVIEWED)):
        step(book, one, who)
    step(book, S.ISSUED, case_loss=1_200_000, case_tolerance=CaseTolerance.NO_LOSS)
    case = only(book)
    assert case.step is S.ISSUED
    assert (case.stated("case_loss"), case.stated("case_tolerance")) == (1_200_000, CaseTolerance.NO_LOSS)


def reviewed(book: Database, rule: str) -> None:
    """A case about the institution, brought by two files as far as its review."""
    about = {"case_rule": rule, "case_kind": SubjectKind.PARTY, "case_code": "CT"}
    steps = [
        {"code": "SJ-0001", "since": DAY + dt.timedelta(days=n), "case_step": one, **STATED.get(one, about)}
        for n, one in enumerate([S.DRAFT, S.EVIDENCE_SHEET, S.SENT, S.REPLIED, S.REVIEWED])
    ]
    steps[0]["institution"] = "CT"
    for who, rows in (("one", steps[:4]), ("two", steps[4:])):
        intake.book(book, person(who), filled([(LAYOUTS["audit_cases"], rows)]), "程序.xlsx")


def wrong_in_file(book: Database, **more: Any) -> list[tuple[str, int | None]]:
    """What is wrong with a file that issues the case: each problem with its row."""
    row = {"code": "SJ-0001", "since": LATER, "case_step": S.ISSUED, **STATED[S.ISSUED], **more}
    sheets = filled([(LAYOUTS["audit_cases"], [{n: v for n, v in row.items() if v is not None}])])
    return [(p.code, p.where.row) for p in intake.preview(book, sheets, "出具.xlsx").problems]


ALONE, APART, BELOW = "loss_alone", "tolerance_of_loss", "below_zero"
OF_A_LOSS: list[tuple[dict[str, Any], list[str]]] = [
    ({"due_care": True, "case_loss": 0}, [ALONE]),  # diligence was kept
    ({"case_loss": 0}, [ALONE]),  # nobody says whether
    ({"due_care": False, "case_loss": 0}, []),  # nothing lost: no tolerance to be asked
    ({"due_care": False, "case_loss": 1}, [APART]),
    ({"due_care": False, "case_loss": 1, "case_tolerance": CaseTolerance.ABOVE}, []),
    ({"due_care": False, "case_loss": 1, "case_tolerance": CaseTolerance.WITHIN}, []),
    ({"due_care": False, "case_loss": 1, "case_tolerance": CaseTolerance.NOT_TESTED}, []),
    ({"case_loss": 1}, [ALONE, APART]),  # all of it at once
    ({"due_care": False, "case_loss": -1}, [BELOW]),
    ({"due_care": False, "case_loss": None}, ["case_incomplete"]),
    ({"due_care": False, "case_loss": 1, "case_tolerance": None}, ["case_incomplete"]),
]
OF_ANOTHER: list[tuple[dict[str, Any], list[str]]] = [
    ({"case_loss": 1}, []),  # README, decision 37
    ({"due_care": True, "case_loss": 1}, []),
    ({"case_loss": -1}, [BELOW]),
]


@pytest.mark.parametrize("rule", [*sorted(OF_LOSSES), RULE])
def test_what_an_issue_says_of_the_loss_goes_together(book: Database, rule: str) -> None:
    """A loss alone is no finding (GF-57), and of rules about losses what was lost is an investment loss (GF-56): in a file and by the step,
    which asks for a breach as well."""
    reviewed(book, rule)
    for stated, wrong in OF_A_LOSS if rule in OF_LOSSES else OF_ANOTHER:
        cells = {n: Amount(v, "CNY") if n == "case_loss" and v is not None else v for n, v in stated.items()}
        of_cells = ["negative" if code == BELOW else code for code in wrong]  # the sheet's own word for it
        assert wrong_in_file(book, **cells) == [(code, 2) for code in of_cells], stated
        if "case_incomplete" not in wrong:
            assert refusal(book, S.ISSUED, **stated) == ["no_breach", *wrong], stated


def test_no_step_is_left_out_and_none_goes_back(book: Database) -> None:
    begin_case(book, person("one"), RULE, SUBJECT, DAY)
    for one in (
        S.DRAFT,
        S.SENT,
        S.REPLIED,
        S.REVIEWED,
        S.ISSUED,
        S.RECTIFIED,
        S.RETESTED,
        S.CLOSED,
        S.REFERRED,
    ):
        stated = STATED.get(one, {"case_rule": RULE, "case_kind": SubjectKind.STAFF_STAKE})
        with pytest.raises(BookingRefused) as refused:
            take_step(book, person("two"), "SJ-0001", one, LATER, stated)
        assert [p.code for p in refused.value.problems] == ["case_order"], one
    step(book, S.EVIDENCE_SHEET)
    assert refusal(book, S.SENT, comment_due=None) == ["case_incomplete"]
    step(book, S.SENT)
    assert refusal(book, S.REPLIED, day=DAY) == ["case_order"]  # a day before the step it follows


def test_who_made_a_step_does_not_review_it(book: Database) -> None:
    begin_case(book, person("one"), RULE, SUBJECT, DAY)
    step(book, S.EVIDENCE_SHEET, "two", DAY)
    step(book, S.SENT, day=DAY)
    step(book, S.REPLIED)
    assert refusal(book, S.REVIEWED) == ["second_person"]
    assert refusal(book, S.REVIEWED, "two") == ["second_person"]
    assert only(book).step is S.REPLIED


def test_without_a_reply_it_is_reviewed_when_the_day_has_passed(book: Database) -> None:
    begin_case(book, person("one"), RULE, SUBJECT, DAY)
    step(book, S.EVIDENCE_SHEET, day=DAY)
    step(book, S.SENT, day=DAY, comment_due=dt.date(2026, 10, 20))
    assert refusal(book, S.REVIEWED, "two", dt.date(2026, 10, 20)) == ["case_order"]
    case = only(book)
    assert not case.overdue(dt.date(2026, 10, 20))
    assert case.overdue(dt.date(2026, 10, 21))
    step(book, S.REVIEWED, "two", dt.date(2026, 10, 21), case_review=CaseReview.RETURNED)
    assert refusal(book, S.ISSUED) == ["case_order"]
    step(book, S.EVIDENCE_SHEET)


def test_an_issue_stands_on_a_breach(book: Database) -> None:
    unknown = next(k for k, v in OWN.expected.items() if v == "unknown")
    begin_case(book, person("one"), *unknown, DAY)
    for who, one in (("one", S.EVIDENCE_SHEET), ("one", S.SENT), ("one", S.REPLIED), ("two", S.REVIEWED)):
        step(book, one, who)
    assert refusal(book, S.ISSUED) == ["no_breach"]


def test_a_case_needs_a_finding_and_one_is_enough(book: Database) -> None:
    for rule, subject in ((RULE, "S0-P2"), ("CI-02", "D0")):
        if (rule, subject) in OWN.expected:
            continue
        with pytest.raises(BookingRefused):
            begin_case(book, person("one"), rule, subject, DAY)
    begin_case(book, person("one"), RULE, SUBJECT, DAY)
    with pytest.raises(BookingRefused) as refused:
        begin_case(book, person("two"), RULE, SUBJECT, LATER)
    assert [p.code for p in refused.value.problems] == ["case_open"]


def test_rights_and_sight(book: Database) -> None:
    with pytest.raises(NotAllowed):
        begin_case(book, person("office"), RULE, SUBJECT, DAY)
    with pytest.raises(Unknown):
        begin_case(book, person("none"), RULE, SUBJECT, DAY)
    begin_case(book, person("one"), RULE, SUBJECT, DAY)
    with pytest.raises(NotAllowed):
        step(book, S.EVIDENCE_SHEET, "office")
    with pytest.raises(Unknown):
        step(book, S.EVIDENCE_SHEET, "none")
    view = ledger.read(book).view(AS_OF.replace(year=2027))
    assert audit_cases(view, person("office")) == []  # not issued: for auditors alone
    assert audit_cases(view, person("none")) == []
    for who, one in (
        ("one", S.EVIDENCE_SHEET),
        ("one", S.SENT),
        ("one", S.REPLIED),
        ("two", S.REVIEWED),
        ("one", S.ISSUED),
    ):
        step(book, one, who)
    assert only(book, "office").step is S.ISSUED


def test_a_file_keeps_the_order_too(book: Database) -> None:
    def rows(*steps: CaseStep) -> bytes:
        head = {"code": "SJ-9", "institution": "CT", "since": LATER}
        first = {"case_rule": RULE, "case_kind": SubjectKind.STAFF_STAKE, "case_code": SUBJECT}
        listed = [
            {**head, "case_step": one, **(first if one is S.DRAFT else STATED[one])}
            | {"since": LATER + dt.timedelta(days=n)}
            for n, one in enumerate(steps)
        ]
        return filled([(LAYOUTS["audit_cases"], listed)])

    with pytest.raises(ImportRefused) as refused:
        intake.book(book, person("one"), rows(S.DRAFT, S.SENT), "程序.xlsx")
    [wrong] = refused.value.problems
    assert (wrong.code, wrong.where.row) == ("case_order", 3)
    with pytest.raises(ImportRefused) as refused:
        intake.book(
            book, person("one"), rows(S.DRAFT, S.EVIDENCE_SHEET, S.SENT, S.REPLIED, S.REVIEWED), "程序.xlsx"
        )
    assert "second_person" in [p.code for p in refused.value.problems]
    with pytest.raises(NotAllowed):
        intake.book(book, person("office"), rows(S.DRAFT), "程序.xlsx")
    intake.book(book, person("one"), rows(S.DRAFT, S.EVIDENCE_SHEET), "程序.xlsx")
    [case] = audit_cases(ledger.read(book).view(dt.date(2027, 1, 1)), person("two"))
    assert (case.step, case.subject.code) == (S.EVIDENCE_SHEET, SUBJECT)


def test_a_step_in_the_middle_is_not_taken_back(book: Database) -> None:
    begin_case(book, person("one"), RULE, SUBJECT, DAY)
    step(book, S.EVIDENCE_SHEET)
    step(book, S.SENT)
    middle, last = only(book).steps[1:]
    with pytest.raises(BookingRefused):
        ledger.reverse(book, person("one"), middle.entry, "误记")
    ledger.reverse(book, person("one"), last.entry, "误记")
    assert only(book).step is S.EVIDENCE_SHEET


def test_the_state_of_the_finding_follows_the_issued_case(book: Database) -> None:
    """Before it is issued a case changes nothing that others see; then to be rectified, overdue, closed; a decision made later counts."""

    def state(day: dt.date) -> tuple[str, str | None]:
        judged = audit.coinvestment(ledger.read(book).view(day), "CT", None, person("one")).findings
        [own] = [f for f in judged if (f.rule, str(f.subject)) == (RULE, SUBJECT)]
        return own.state.state, None if own.later is None else own.later.state

    assert state(LATER) == ("open", None)
    begin_case(book, person("one"), RULE, SUBJECT, DAY)
    for who, one in (("one", S.EVIDENCE_SHEET), ("one", S.SENT), ("one", S.REPLIED), ("two", S.REVIEWED)):
        step(book, one, who)
    assert state(LATER) == ("open", None)
    step(book, S.ISSUED)
    assert state(LATER) == ("rectify", None)
    assert state(dt.date(2026, 12, 31)) == ("rectify", None)
    assert state(dt.date(2027, 1, 1)) == ("overdue", None)
    assert state(DAY) == ("open", "rectify")  # of its own day, with what was done afterwards beside it
    ended = dt.date(2026, 11, 5)
    for one in (S.RECTIFIED, S.RETESTED, S.CLOSED):
        step(book, one, day=ended)
    assert state(LATER) == ("rectify", "closed")
    assert state(ended) == ("closed", None)
    audit.dispose(
        book, person("two"), RULE, SUBJECT, "dismiss", "复审纪要", None, "重新认定", ended + dt.timedelta(1)
    )
    assert state(ended + dt.timedelta(1)) == ("dismissed", None)


def test_a_case_that_the_review_drops_dismisses_its_finding(book: Database) -> None:
    """Two auditors did not uphold it: it waits for nobody, and may be taken up again; others see of the case its code alone."""

    def finding(who: str) -> AuditFinding:
        judged = audit.coinvestment(ledger.read(book).view(LATER), "CT", None, person(who)).findings
        [own] = [f for f in judged if (f.rule, str(f.subject)) == (RULE, SUBJECT)]
        return own

    begin_case(book, person("one"), RULE, SUBJECT, DAY)
    for one in (S.EVIDENCE_SHEET, S.SENT, S.REPLIED):
        step(book, one)
    step(book, S.REVIEWED, "two", case_review=CaseReview.DROPPED)
    assert finding("one").state.state == "open"  # until it is closed
    assert refusal(book, S.ISSUED) != []
    step(book, S.CLOSED)
    for who in ("one", "office"):
        state = finding(who).state
        assert (state.state, state.decision and state.decision.reference) == ("dismissed", "SJ-0001")
        assert not finding(who).needs_somebody
    assert audit_cases(ledger.read(book).view(LATER), person("office")) == []
    begin_case(book, person("two"), RULE, SUBJECT, LATER)
    assert [c.code for c in audit_cases(ledger.read(book).view(LATER), person("two"))] == [
        "SJ-0001",
        "SJ-0002",
    ]
    assert finding("one").verdict is Verdict.BREACH
