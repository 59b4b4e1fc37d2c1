"""Whose co-investment a person may see, and what an auditor may do: in use cases, commands, the library and the page."""

from __future__ import annotations

import datetime as dt
import inspect
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from screens import ROOT, drawn, screens_over
from test_second_institutions import planted

import fof
from fof import audit, intake, ledger, users
from fof.access import LOCAL, PERMISSIONS, Actor
from fof.audit.coinvestment.register import institutions
from fof.cli import main
from fof.db import Database
from fof.errors import BookingRefused, NotAllowed, Unknown
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.words import today
from models.kinds import Role

AS_OF, DAY = dt.date(2026, 9, 30), dt.date(2024, 1, 1)
OWN = planted(3)
LOGINS = {"u-admin": Role.ADMIN, "u-one": Role.AUDITOR, "u-none": Role.AUDITOR, "u-all": Role.AUDITOR}
AUDITOR_ONLY = ("read_audit", "sample", "request", "review", "unmask", "dispose")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An institution, CT, with an administrator, auditors of CT, of nothing and of everything, a viewer and a manager."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('rights') / 'book.sqlite'}")
    made.init()
    sheets = filled([(LAYOUTS[name], rows) for name, rows in OWN.rows.items() if rows])
    intake.book(made, LOCAL, sheets, "机构.xlsx")
    for code, role in (*LOGINS.items(), ("u-viewer", Role.VIEWER), ("u-manager", Role.MANAGER)):
        users.add_user(made, LOCAL if code == "u-admin" else person("u-admin"), code, "", code, [role], DAY)
    for code, seen in (("u-one", ["CT"]), ("u-viewer", ["CT"]), ("u-manager", ["CT"]), ("u-all", ["*"])):
        users.see_institutions(made, person("u-admin"), code, seen, DAY)
    yield made
    made.close()


def person(code: str) -> Actor:
    """A user who claims every role: the book is asked."""
    return Actor(code, frozenset(Role))


def view(book: Database) -> Any:
    return ledger.read(book).view(AS_OF)


def test_an_institution_is_listed_and_judged_for_who_may_see_it(book: Database) -> None:
    look = view(book)
    for code in ("u-one", "u-all", "u-viewer"):
        assert institutions(look, person(code)) == ["CT"]
        every, one = (audit.coinvestment(look, firm, None, person(code)).findings for firm in (None, "CT"))
        assert len(every) == len(one) > 20
    for code in ("u-none", "u-admin", "u-stranger"):
        assert institutions(look, person(code)) == []
        assert audit.coinvestment(look, None, None, person(code)).findings == ()
        with pytest.raises(Unknown) as unseen:
            audit.coinvestment(look, "CT", None, person(code))
        with pytest.raises(Unknown) as absent:
            audit.coinvestment(look, "XX", None, person(code))
        assert unseen.value.text("zh") == absent.value.text("zh").replace("XX", "CT")


@pytest.mark.parametrize("right", AUDITOR_ONLY)
def test_rights_of_the_audit_are_the_auditors_and_of_the_institutions_they_see(
    book: Database, right: str
) -> None:
    look = view(book)
    assert users.may(look, person("u-one"), right, "CT")
    assert not users.may(look, person("u-one"), right, "OTHER")
    assert users.may(look, person("u-all"), right, "OTHER")
    assert users.may(look, person("u-none"), right)
    assert not users.may(look, person("u-none"), right, "CT")
    for code in ("u-viewer", "u-manager", "u-admin", "u-stranger"):
        assert not users.may(look, person(code), right, "CT")
        with pytest.raises(NotAllowed, match="u-one"):
            users.require(look, person(code), right, "CT")
    users.require(look, person("u-one"), right, "CT")
    with pytest.raises(Unknown):
        users.require(look, person("u-one"), right, "OTHER")


def test_an_auditor_books_what_is_an_auditors_and_nothing_else() -> None:
    allowed = {action for action, permission in PERMISSIONS.items() if Role.AUDITOR in permission.roles}
    assert allowed == {"read", *AUDITOR_ONLY}


def test_rights_are_those_of_today_whatever_state_of_the_book_is_looked_at(book: Database) -> None:
    """Before there were users anybody saw everything; who looks back to then sees what they may see now."""
    journal = ledger.read(book)
    early = next(e.id for e in journal.entries(1, journal.head) if e.kind == "users") - 1
    before = journal.view(AS_OF, early)
    assert institutions(before, person("u-none")) == []
    assert institutions(before, person("u-one")) == ["CT"]


def test_a_decision_about_an_institution_takes_seeing_it(book: Database) -> None:
    rule, subject = next(key for key, verdict in sorted(OWN.expected.items()) if verdict == "breach")
    with pytest.raises(Unknown):
        audit.dispose(book, person("u-none"), rule, subject, "dismiss", "复函", None, "不属实", AS_OF)
    with pytest.raises(NotAllowed):
        audit.dispose(book, person("u-manager"), rule, subject, "dismiss", "复函", None, "不属实", AS_OF)
    done = audit.dispose(book, person("u-one"), rule, subject, "dismiss", "复函", None, "不属实", AS_OF)
    assert len(done.entries) == 1


def test_commands_and_library_show_what_the_person_may_see(
    book: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", book.address)
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    asked = ["audit", "coinvest", "--as-of", str(AS_OF), "--json", "--verdict", "all"]
    rows = {}
    for login in ("u-one", "u-none"):
        monkeypatch.setattr("fof.users.process_owner", lambda login=login: login)
        assert main(asked) == 0
        rows[login] = json.loads(capsys.readouterr().out)["rows"]
        with fof.open(book.address) as opened:
            assert len(opened.at(AS_OF).coinvestment(verdict="all").rows) == len(rows[login])
    assert (len(rows["u-one"]) > 20, rows["u-none"]) == (True, [])
    assert main([*asked, "--institution", "CT"]) == 2
    assert "CT" in capsys.readouterr().err
    monkeypatch.setattr("fof.users.process_owner", lambda: "u-admin")
    assert main(["users", "institutions", "u-none", "GONE"]) == 2
    assert "GONE" in capsys.readouterr().err
    assert main(["users", "list", "--json"]) == 0
    listed = {r["user"]: r["institutions"] for r in json.loads(capsys.readouterr().out)["rows"]}
    assert (listed["u-one"], listed["u-none"], listed["u-all"]) == ("CT", "", "*")


def test_the_page_lists_no_institution_that_one_may_not_see(
    book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for login, seen in (("u-one", True), ("u-none", False)):
        monkeypatch.setattr("fof.users.process_owner", lambda login=login: login)
        with screens_over(book.address, tmp_path):
            app = drawn("coinvest", as_of=str(AS_OF), lang="zh", institution="CT")
        boxes = [box.label for box in app.selectbox]
        assert ("机构编号" in boxes or "机构" in boxes) == seen, boxes
        assert any("fof users institutions" in note.value for note in app.info) != seen


def test_institutions_of_a_user_hold_from_their_day_to_their_end(clerk_on_both: Any) -> None:
    base = clerk_on_both.database
    clerk_on_both.party("CT", "soe_vc")
    users.add_user(base, LOCAL, "a", "", "a", [Role.ADMIN], DAY)
    users.add_user(base, person("a"), "b", "", "b", [Role.AUDITOR], DAY)
    users.see_institutions(base, person("a"), "b", ["CT"], dt.date(2024, 3, 1), dt.date(2024, 3, 31))
    with pytest.raises(NotAllowed):
        users.see_institutions(base, person("b"), "b", ["*"], today())
    for unknown, codes in (("c", ["CT"]), ("b", ["XX"])):
        with pytest.raises(BookingRefused):
            users.see_institutions(base, person("a"), unknown, codes, today())
    look = ledger.read(base).view()
    for day, seen in (
        ("2024-02-29", False),
        ("2024-03-01", True),
        ("2024-03-31", True),
        ("2024-04-01", False),
    ):
        assert users.may(look, person("b"), "sample", "CT", dt.date.fromisoformat(day)) == seen
    users.see_institutions(base, person("a"), "b", ["*"], dt.date(2024, 5, 1))
    users.see_institutions(base, person("a"), "b", [], dt.date(2024, 6, 1))
    look = ledger.read(base).view()
    assert users.may(look, person("b"), "sample", "ANY", dt.date(2024, 5, 31))
    assert not users.may(look, person("b"), "sample", "CT", dt.date(2024, 6, 1))


def test_without_users_everything_is_as_it_was(clerk_on_both: Any) -> None:
    look = ledger.read(clerk_on_both.database).view()
    assert users.seen_institutions(look, LOCAL) is None
    assert all(users.may(look, LOCAL, right, "CT") for right in PERMISSIONS)


def test_the_journal_is_cut_by_institution_and_by_right(furnished_book: Database, tmp_path: Path) -> None:
    """Samples and cases before they are issued are the auditors' alone; co-investment is that of who may see its institution."""
    from audited import RULE, SUBJECT
    from audited import person as of

    from fof.audit.casefile.audit_samples import draw_sample
    from fof.audit.casefile.case_steps import begin_case
    from fof.audit.hidden_entries import unseen_records
    from fof.book.entries import Query, detail, search
    from fof.intake import export_workbook
    from models.audit_work import SampleMethod, SamplePopulation
    from models.kinds import EntryKind
    from models.subjects import Subject, SubjectKind

    begun = begin_case(furnished_book, of("one"), RULE, SUBJECT, AS_OF).entries
    drawn = draw_sample(
        furnished_book, of("one"), "CT", SamplePopulation.PAYMENTS, SampleMethod.MONETARY_UNIT, AS_OF, AS_OF
    )
    look = ledger.read(furnished_book).view()
    auditor, office, none = (unseen_records(look, of(who)) for who in ("one", "office", "none"))
    assert auditor.entries == frozenset()
    assert {*begun} <= office.entries
    assert {s.kind for s in office.subjects} == {SubjectKind.AUDIT_CASE, SubjectKind.SAMPLE}
    assert drawn
    stake = Subject(SubjectKind.STAFF_STAKE, SUBJECT)
    assert stake in none.subjects
    payments = search(look, Query(kind=EntryKind.COINVESTMENT)).count
    assert payments
    assert search(look, Query(kind=EntryKind.COINVESTMENT, hidden=none.entries)).count == 0
    assert search(look, Query(kind=EntryKind.COINVESTMENT, hidden=office.entries)).count == payments
    assert search(look, Query(kind=EntryKind.DEAL, hidden=none.entries)).count  # the fund's own money
    with pytest.raises(Unknown):
        detail(look, begun[0], office.entries)
    whole, cut = export_workbook(look), export_workbook(look, none.subjects)
    for content, there in ((whole, True), (cut, False)):
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        texts = {str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row}
        assert (SUBJECT in texts) is there


TRACES = re.compile(r"S\d-P\d|Z\d-P\d|SB\d-P\d|M\d-P\d|\bE-P\d|\bTJ\d|\bP\d\b|\bPT\b|示例平台|\bFA\b")
"""Codes of the institution's people, vehicle, plan, stakes, payments and papers."""
COMMANDS = """
    performance; commitments; commitments --by investor; fund F1; fund PT; fund P1; positions; overview; coverage
    lookthrough CT; lookthrough PT; lookthrough Q0 --owners; lookthrough PT --owners; explain paid_in
    explain exposure_share --of PT --owner P1; explain exposure_share --of Q0 --owner PT
    journal list; journal list --party PT; journal show 8; journal show 36; journal show 120; journal changes --from 1
    audit guidance; audit coinvest; audit pools; audit counterfactual; audit case CI-12 S0-P2; audit cases
    audit person P1; audit deal D0; audit participation; audit relations P1; audit relations PT; audit requests
    audit sample list; audit sample hints --institution CT; audit evidence S0-P2; personal list; personal show P1
    personal duplicates; operations clocks; evaluation whole-life; evaluation losses; evaluation register; users list
"""


def test_no_command_tells_of_an_institution_to_who_may_not_see_it(
    book: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the person named does not count; every trace of anything else does. Who may see it sees it by the same commands."""
    monkeypatch.setenv("FOF_DATABASE_URL", book.address)
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    found: dict[str, set[str]] = {}
    for login in ("u-none", "u-one"):
        monkeypatch.setattr("fof.users.process_owner", lambda login=login: login)
        for line in (part.strip() for part in re.split(r"[;\n]", COMMANDS) if part.strip()):
            dated = [] if line.split()[0] in ("journal", "personal", "users") else ["--as-of", str(AS_OF)]
            assert main([*line.split(), *dated, "--json"]) in (0, 2), line
            told = capsys.readouterr()
            named = {trace for word in line.split() for trace in TRACES.findall(word)}
            found.setdefault(login, set()).update(set(TRACES.findall(told.out + told.err)) - named)
    assert found["u-none"] == set()
    assert {"PT", "P1"} <= found["u-one"]


def test_an_export_is_cut_of_everything_that_one_may_not_see(book: Database) -> None:
    from fof.audit.hidden_entries import unseen_records
    from fof.intake import export_workbook

    look = ledger.read(book).view()
    for login, there in (("u-none", False), ("u-one", True)):
        unseen = unseen_records(look, person(login))
        content = export_workbook(look, unseen.subjects, unseen.judged)
        sheets = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        cells = (str(c) for sheet in sheets for row in sheet.iter_rows(values_only=True) for c in row)
        assert any(TRACES.search(cell) for cell in cells) is there, login


def test_no_method_of_the_library_tells_of_it(book: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every method that asks for nothing, and those that are given codes of what is not to be seen."""
    monkeypatch.setattr("fof.users.process_owner", lambda: "u-none")
    with fof.open(book.address) as opened:
        figures = opened.at(AS_OF)
        asked = 0
        for name in (n for n in dir(figures) if not n.startswith("_")):
            method = getattr(figures, name)
            if not callable(method):
                continue
            needs = [
                p
                for p in inspect.signature(method).parameters.values()
                if p.default is p.empty and p.kind is not p.VAR_KEYWORD
            ]
            if needs:
                continue
            try:
                made = method()
            except Unknown:  # of a book with no parent fund there is no holder by itself
                continue
            asked += hasattr(made, "rows")
            traces = {t for row in getattr(made, "rows", ()) for t in TRACES.findall(repr(row))}
            assert traces == set(), name
        assert asked > 8
        for ask in (
            lambda: figures.lookthrough("PT").rows,
            lambda: figures.owners("PT").rows,
            lambda: figures.explain("exposure_share", of="PT", owner="P1").rows,
        ):
            with pytest.raises(Unknown):
                ask()


def test_no_page_tells_of_it(book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page, drawn for an auditor of nothing: no widget, text or table names anything of the institution."""
    pages = sorted(p.stem for p in (ROOT / "fof" / "ui" / "pages").glob("*.py") if p.stem != "__init__")
    assert len(pages) > 15
    monkeypatch.setattr("fof.users.process_owner", lambda: "u-none")
    with screens_over(book.address, tmp_path):
        for page in pages:
            app = drawn(page, as_of=str(AS_OF), lang="zh", institution="CT", company="Q0", person="P9")
            assert set(TRACES.findall(_text_of(app))) <= {"P9"}, page


def _text_of(app: Any) -> str:
    """All that a page says: its elements with their labels, values and options, tables cell by cell."""
    tables = [frame.value.to_csv() for frame in (*app.dataframe, *app.table)]
    choices = [str(getattr(box, "options", "")) for box in (*app.selectbox, *app.multiselect, *app.radio)]
    return "\n".join([repr(app.main), repr(app.sidebar), *tables, *choices])
