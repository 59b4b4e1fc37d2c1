"""The forms by which personal data and files of evidence are opened and stored: submitted as the pages submit them."""

from __future__ import annotations

from pathlib import Path

import pytest
from audited import RULE, SUBJECT, registered
from screens import drawn, screens_over
from second.institutions import AS_OF, START
from test_fof_personal import sheet
from test_fof_ui_casefile import at

from fof import intake, ledger
from fof.access import LOCAL
from fof.audit import unmasking
from fof.db import Database
from models.kinds import PersonalField

NAME, PAPER = "虚构姓名甲乙丙丁", b"%PDF-1.7 a paper of the test"


def test_a_value_is_opened_once_with_a_reason_and_an_entry(
    sqlite_book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOF_PERSONAL_KEY_FILE", str(tmp_path / "personal.key"))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    registered(sqlite_book)
    unmasking.set_up(sqlite_book, LOCAL)
    intake.book(sqlite_book, LOCAL, sheet([{"person": "P1", "since": START, "name": NAME}]), "个人信息.xlsx")
    head = ledger.read(sqlite_book).head
    with screens_over(sqlite_book.address, tmp_path):
        app = drawn("people", as_of=str(AS_OF), lang="zh", person="P1")
        assert not [t for t in app.text if NAME in t.value]
        [fields] = [box for box in app.multiselect if box.label == "项目"]
        fields.set_value([PersonalField.NAME])
        app.text_input(key="unmask_reason").set_value("核对缴款人")
        [opens] = [button for button in app.button if button.label == "查看"]
        opens.click().run()
        assert not app.exception
        assert [t.value for t in app.text] == [f"姓名: {NAME}"]
        app.run()
        assert not [t for t in app.text if NAME in t.value]
    journal = ledger.read(sqlite_book)
    [entry] = journal.entries(head + 1, journal.head)
    assert (entry.kind, entry.note) == ("unmasking", "核对缴款人")


def test_a_file_is_stored_and_opened_by_the_forms_of_a_case(
    sqlite_book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOF_PERSONAL_KEY_FILE", str(tmp_path / "personal.key"))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    registered(sqlite_book)
    unmasking.set_up(sqlite_book, LOCAL)
    with screens_over(sqlite_book.address, tmp_path):
        app = at("case", rule=RULE, kind="staff_stake", code=SUBJECT)
        code = str(app.selectbox(key="store_code").value)
        app.file_uploader(key="store_file").upload(f"{code}.pdf", PAPER, "application/pdf")
        [stores] = [button for button in app.button if button.label == "存入"]
        stores.click().run()
        assert not app.exception
        app.text_input(key="open_reason").set_value("核对缴款")
        [opens] = [button for button in app.button if button.label == "打开"]
        opens.click().run()
        assert not app.exception
        assert any("已登记打开" in done.value for done in app.success)
    stored, opened = list(ledger.read(sqlite_book).entries(1, ledger.read(sqlite_book).head))[-2:]
    assert (opened.kind, opened.note) == ("unmasking", "核对缴款")
    assert stored.kind != opened.kind
