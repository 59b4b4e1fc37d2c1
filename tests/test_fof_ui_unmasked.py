"""The form by which an auditor opens personal data of a person: submitted as the page submits it."""

from __future__ import annotations

from pathlib import Path

import pytest
from audited import registered
from screens import drawn, screens_over
from second.institutions import AS_OF, START
from test_fof_personal import sheet

from fof import intake, ledger
from fof.access import LOCAL
from fof.audit import unmasking
from fof.db import Database
from models.kinds import PersonalField

NAME = "虚构姓名甲乙丙丁"


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
