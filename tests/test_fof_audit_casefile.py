"""Case files: what a finding rests on is what its rule read, each with its entry; the paper; the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from second.institutions import AS_OF, Institution
from test_second_institutions import planted

from fof import audit, intake, ledger, words
from fof.access import LOCAL
from fof.audit.casefile.case_document import case_document
from fof.audit.casefile.case_file import besides, case_file, working
from fof.audit.casefile.case_paper import case_pdf
from fof.audit.casefile.grounds import DENIED, MISSING, STATED, grounds
from fof.audit.casefile.judged_alone import judged_alone, rule_of
from fof.audit.findings_document import compared_texts, counts_conditions
from fof.book.funds import fact_text
from fof.db import Database
from fof.errors import Unknown
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ledger import View
from fof.rules.registry import Verdict, checklist
from fof.rules.wording import ratio
from models.coinvest import LagUnit, RequestAnswer
from models.subjects import SubjectKind
from models.text import Text

OWN: Institution = planted(3)
NEEDS = (Verdict.BREACH, Verdict.UNKNOWN, Verdict.WARN)


@pytest.fixture(scope="module")
def firm(register_file: Path) -> Iterator[Database]:
    """A random institution; never written to."""
    book = Database(f"sqlite:///{register_file}")
    yield book
    book.close()


@pytest.fixture(scope="module")
def view(firm: Database) -> View:
    return ledger.read(firm).view(AS_OF)


def test_each_finding_judged_by_itself_is_that_of_the_audit(view: View) -> None:
    for f in audit.coinvestment(view).of(*NEEDS):
        one = judged_alone(view, rule_of(f.rule), f.subject)
        assert [(x.verdict, x.finding.text, x.state, x.name) for x in one.findings] == [
            (f.verdict, f.finding.text, f.state, f.name)
        ]
        own = grounds(view, one.reads, f.subject)
        assert own, (f.rule, f.subject)
        if f.verdict is Verdict.UNKNOWN:
            assert any(g.state == MISSING for g in own), (f.rule, f.subject)


def test_a_statement_is_what_the_book_says_under_the_entry_that_is_named(view: View) -> None:
    seen = 0
    for f in audit.coinvestment(view).of(*NEEDS):
        for g in grounds(view, judged_alone(view, rule_of(f.rule), f.subject).reads, f.subject):
            if g.state != STATED:
                continue
            history = view.statements(view.bearer(g.subject), g.attribute)
            mine = [
                h
                for h in history
                if h.entry == g.entry and fact_text(g.attribute, h.value, "zh") == str(g.value)
            ]
            assert mine, g
            assert g.source is not None
            assert g.source.startswith("机构.xlsx · ")
            seen += 1
    assert seen > 100


def test_a_late_payment_rests_on_its_payment_plan_and_deal(view: View) -> None:
    rule, subject = next(k for k, v in OWN.expected.items() if v == "breach" and k[0] == "CI-12")
    case = case_file(view, rule, subject)
    names = {(g.subject.kind, g.attribute) for g in case.grounds}
    assert (SubjectKind.PLAN, "payment_lag") in names
    assert (SubjectKind.PLAN, "payment_lag_unit") in names
    stake = next(r for r in OWN.rows["staff_stakes"] if r["code"] == subject)
    paid = {g.fen for g in case.grounds if g.state == "money" and g.subject.code == stake["deal"]}
    bought = next(r for r in OWN.rows["deals"] if r["code"] == stake["deal"])
    assert paid == {bought["amount"].amount if hasattr(bought["amount"], "amount") else bought["amount"].fen}
    assert case.finding is not None
    line = working(case.finding)
    assert str(case.finding.finding.measured) in line
    assert str(case.finding.finding.threshold) in line
    assert "缴款期限 =" not in line
    plan = case.terms["payment_lag"]
    assert f"缴款期限 = {plan}" in working(case.finding, terms=case.terms)
    assert "跟投款最迟晚于" not in working(case.finding, terms=case.terms)
    one = {"payment_lag": 1, "payment_lag_unit": LagUnit.MONTHS}
    assert "缴款期限 = 1 个月（方案）" in working(case.finding, terms=one)
    words.use("en")
    try:
        assert "Time allowed for payment = 1 month (the plan's)" in working(case.finding, terms=one)
    finally:
        words.use("zh")
    assert "跟投款最迟晚于机构付款的天数 = 30 天" in working(case.finding, terms={})
    assert besides(case.finding) is not None
    head = case_document(view, case).head
    assert head["other_verdict"] == "breach"
    assert f"缴款期限 = {plan}" in head["working"]
    assert [(v.until, v.verdict) for v in case.verdicts][-1] == (AS_OF, Verdict.BREACH)


def test_what_does_not_exist_stands_with_the_entry_of_the_answer(database: Database) -> None:
    own = planted(3)
    answered = {
        "CI-14": ("S2-P4", "S2-P4", "money_proof"),
        "CI-05": ("S2-P5", "S2-P5", "insured_from"),
        "CI-02": ("D0", "S0-P1", "party_committee_approved_on"),
    }
    for rule, (subject, stake, item) in answered.items():
        assert own.expected[rule, subject] == "unknown"
        own.add(
            "requests",
            code=f"XQ-{rule}",
            staff_stake=stake,
            institution="CT",
            since=dt.date(2026, 9, 1),
            request_item=item,
            answer=RequestAnswer.DOES_NOT_EXIST,
        )
    book = filled([(LAYOUTS[n], rows) for n, rows in own.rows.items() if rows])
    intake.book(database, LOCAL, book, "机构.xlsx")
    at = ledger.read(database).view(AS_OF)
    for rule, (subject, _stake, item) in answered.items():
        case = case_file(at, rule, subject, history=False)
        assert case.finding is not None
        assert case.finding.verdict is Verdict.BREACH
        [entry] = [g.entry for g in case.grounds if g.state == DENIED and g.attribute == item]
        assert at.entry(entry or 0).source_sheet == LAYOUTS["requests"].text.zh


def test_every_family_of_rules_has_its_grounds(demo: Database) -> None:
    """Of the demo office, the first finding of each rule: the same verdict, and something that it rests on."""
    at = ledger.read(demo).view(AS_OF)
    first = {f.rule: f for f in reversed(audit.guidance(at).of(*NEEDS))}
    assert len(first) > 60
    empty = set()
    for rule, f in first.items():
        one = judged_alone(at, rule_of(rule), f.subject)
        assert (f.verdict, f.finding.text) in [(x.verdict, x.finding.text) for x in one.findings], rule
        if not grounds(at, one.reads, f.subject):
            empty.add(rule)
    assert empty <= {"GF-08", "GF-19", "GF-47", "GF-49", "GF-58"}  # what they read is counted, no statement


def test_document_and_paper_hold_every_ground(view: View) -> None:
    case = case_file(view, "CI-12", next(k[1] for k in OWN.expected if k[0] == "CI-12"))
    document = case_document(view, case)
    assert [r["record"] for r in document.rows if r["part"] == "ground"] == list(case.grounds)
    paper = case_pdf(document)
    assert paper.startswith(b"%PDF")
    assert paper == case_pdf(document)


def test_an_unknown_rule_or_subject_is_refused(view: View) -> None:
    for rule, subject in (("CI-99", "S0-P1"), ("CI-12", "no such stake"), ("CI-02", "no such deal")):
        with pytest.raises(Unknown):
            case_file(view, rule, subject)


def test_the_command_prints_the_file_and_writes_the_paper(
    firm: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    import jsonschema

    from fof.cli import main
    from fof.cli.schemas import documents, schema

    monkeypatch.setenv("FOF_DATABASE_URL", firm.address)
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    subject = next(k[1] for k in OWN.expected if k[0] == "CI-12")
    assert main(["audit", "case", "CI-12", subject, "--as-of", "2026-09-30", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schema(documents()["case_file"])).validate(document)
    assert document["verdict"] == "breach"
    out = tmp_path / "case.pdf"
    assert main(["audit", "case", "CI-12", subject, "--as-of", "2026-09-30", "-o", str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert main(["audit", "case", "CI-99", subject]) == 2


def test_a_count_of_conditions_says_so_and_shares_are_told_apart(view: View) -> None:
    """3 of 4 conditions is no figure against a threshold; a hair above a limit is printed to where it shows."""
    sample = audit.coinvestment(view).findings[0].finding
    conditions = checklist([(True, Text("甲", "a")), (False, Text("乙", "b"))])
    counted = sample._replace(
        measured=conditions.measured, threshold=conditions.threshold, unit="count", lacking=conditions.lacking
    )
    assert counts_conditions(counted)
    assert compared_texts(counted, "万元") == ("符合 1 项", "共 2 项条件")
    seats = sample._replace(measured=1, threshold=0, unit="count", lacking=())
    assert not counts_conditions(seats)
    assert compared_texts(seats, "万元") == ("1", "0")
    hair = sample._replace(measured=ratio(11_000_400, 1_100_000_000), threshold=Decimal("0.01"), unit="share")
    assert compared_texts(hair, "万元") == ("≈1.00004%", "1%")
    near = sample._replace(measured=Decimal("0.010000001"), threshold=Decimal("0.01"), unit="share")
    assert compared_texts(near, "万元") == ("1.0000001%", "1%")


def test_sums_rest_on_what_they_add_up(view: View) -> None:
    """All instalments of the institution, all payments of staff with their shares; the headcount of the company is no money."""
    for f in audit.coinvestment(view).of(*NEEDS, Verdict.PASS):
        if f.rule not in ("CI-17", "CI-18", "CI-19", "CI-24"):
            continue
        case = case_file(view, f.rule, f.subject, history=False)
        money = {(g.entry, g.fen) for g in case.grounds if g.state == "money"}
        bought = sum(
            g.fen or 0 for g in case.grounds if g.state == "money" and g.subject.kind is SubjectKind.DEAL
        )
        assert not any(g.attribute == "staff" for g in case.grounds)
        listed = [(g.entry, g.fen, g.day, str(g.value)) for g in case.grounds if g.state == "money"]
        assert len(listed) == len(set(listed)), f.subject  # each posting once
        inputs = f.finding.inputs
        if f.rule == "CI-17":
            assert bought == inputs["ticket"], f.subject
            staff = sum(fen or 0 for _, fen in money) - bought
            assert staff >= (inputs["staff"] or 0), f.subject
        if f.rule == "CI-24":
            assert bought > 0, f.subject
            assert any(g.attribute == "deal_shares" for g in case.grounds), f.subject
        if f.rule == "CI-18":
            assert any(g.attribute == "payment_shares" for g in case.grounds), f.subject
