"""The workpaper holds what was found, decided, asked and drawn, on a prefix of the journal; again on that prefix, the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from audited import OWN, RULE, SUBJECT, person
from second.institutions import AS_OF
from test_fof_audit_cases import DAY

from fof import audit, ledger
from fof.audit.casefile.audit_samples import draw_sample
from fof.audit.casefile.case_steps import begin_case
from fof.audit.casefile.request_list import ask
from fof.audit.casefile.workpaper import workpaper, workpaper_pdf, workpaper_xlsx
from fof.db import Database
from fof.errors import NotAllowed, Unknown
from fof.ledger.verify import verify
from models.audit_work import SampleMethod, SamplePopulation


@pytest.fixture(scope="module")
def book(furnished_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("paper") / "book.sqlite"
    shutil.copyfile(furnished_file, path)
    database = Database(f"sqlite:///{path}")
    begin_case(database, person("one"), RULE, SUBJECT, DAY)
    ask(database, person("one"), "CT", DAY, dt.date(2026, 10, 31), AS_OF)
    audit.dispose(database, person("two"), "CI-13", "S3-P1", "dismiss", "会议纪要3号", None, "核实无误", DAY)
    draw_sample(
        database, person("two"), "CT", SamplePopulation.PAYMENTS, SampleMethod.MONETARY_UNIT, AS_OF, DAY
    )
    yield database
    database.close()


def cells(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_workbook_holds_findings_decisions_requests_and_samples(book: Database) -> None:
    view = ledger.read(book).view(AS_OF)
    made = openpyxl.load_workbook(io.BytesIO(workpaper_xlsx(workpaper(view, "CT", person("one")))))
    cover = {row[0]: row[1] for row in cells(made["封面"])}
    assert cover["日记账前缀（已知至分录）"] == str(view.known_at)
    assert cover["前缀的默克尔根"] == verify(book).root.hex()
    listed = cells(made["审计结论"])
    assert {(row[0], row[2]) for row in listed[1:]} == set(OWN.expected)
    [late] = [row for row in listed if (row[0], row[2]) == (RULE, SUBJECT)]
    assert "实测" in str(late[3])
    assert late[4]
    behind = cells(made["结论所依据的事实与分录"])
    assert {row[0] for row in behind[1:]} == {rule for (rule, _), v in OWN.expected.items() if v == "breach"}
    steps = cells(made["审计程序"])
    assert [row[1:3] for row in steps[1:]] == [["SJ-0001", "立项"]]
    [decided] = cells(made["处置与豁免"])[1:]
    assert decided[1] == "CI-13 S3-P1"
    assert "two" in str(decided[3])
    assert len(cells(made["资料需求"])) > 10
    [sample] = cells(made["审计抽样"])[1:]
    assert str(sample[11]).isdigit()
    assert len(cells(made["样本项目"])) > 1


def test_the_same_prefix_gives_the_same_bytes(book: Database) -> None:
    view = ledger.read(book).view(AS_OF)
    paper, again = (workpaper(view, "CT", person(code)) for code in ("one", "two"))
    assert workpaper_xlsx(paper) == workpaper_xlsx(again)
    printed = workpaper_pdf(paper)
    assert printed.startswith(b"%PDF")
    assert printed == workpaper_pdf(again)


def test_the_workpaper_is_the_auditors(book: Database) -> None:
    view = ledger.read(book).view(AS_OF)
    with pytest.raises(NotAllowed):
        workpaper(view, "CT", person("office"))
    with pytest.raises(Unknown):
        workpaper(view, "CT", person("none"))


def test_the_paper_of_a_case_holds_its_steps(book: Database) -> None:
    from fof.audit.casefile.audit_cases import audit_cases
    from fof.audit.casefile.case_document import case_document
    from fof.audit.casefile.case_file import case_file

    view = ledger.read(book).view(AS_OF)
    case = case_file(view, RULE, SUBJECT, history=False, actor=person("one"))
    cases = audit_cases(view.journal.view(None, view.known_at), person("one"))
    steps = [row for row in case_document(view, case, "元", cases).rows if row["part"] == "step"]
    assert [(row["subject"], row["day"]) for row in steps] == [("SJ-0001", DAY)]
    other = case_file(view, "CI-13", "S3-P1", history=False, actor=person("one"))
    assert [row for row in case_document(view, other, "元", cases).rows if row["part"] == "step"] == []
