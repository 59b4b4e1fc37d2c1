"""Personal data: what is sealed, what is checked, what each half says where the other is missing; on both engines."""

from __future__ import annotations

import base64
import datetime as dt
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fof import intake, ledger, users
from fof.access import LOCAL, Actor
from fof.audit import unmasking
from fof.cli import main
from fof.db import Database
from fof.errors import BookingRefused, ImportRefused, NotAllowed, Refused, Unknown
from fof.identity_numbers import holds_identity_number, identity_check, is_identity_number
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled, template
from fof.ledger import Draft, Plan
from fof.personal import standing
from fof.personal.commitments import commitments
from fof.personal.keyring import required_keyring
from fof.personal.sealing import SealedRecord, masked, normalised, opened_record, sealed_record
from fof.personal.store import beside, book_identity, store_of
from models.kinds import EntryKind, PersonalField, Role
from models.rows import SubjectFact

DAY = dt.date(2024, 1, 1)
NAME, NUMBER, BANK, KIN = PersonalField


def person_number(seed: int) -> str:
    """An invented identity number with the right check character."""
    rng = random.Random(seed)
    body = f"23010{rng.randrange(1, 9)}19{rng.randrange(50, 99)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
    body += f"{rng.randrange(1000):03d}"
    return body + identity_check(body)


def planted(count: int) -> list[dict[str, Any]]:
    """People with a name, numbers and relatives that occur nowhere else."""
    rng = random.Random(7)
    marks = "甲乙丙丁戊己庚辛壬癸"
    return [
        {
            "person": f"RY-{n:03d}",
            "since": DAY,
            "name": f"虚构姓名{''.join(rng.choice(marks) for _ in range(4))}{n:03d}",
            "identity_number": person_number(n),
            "bank_number": f"62220{rng.randrange(10**13):013d}{n % 10}",
            "relatives": f"配偶虚构亲属{''.join(rng.choice(marks) for _ in range(4))}{n:03d}",
        }
        for n in range(count)
    ]


PEOPLE = planted(6)
SECRETS = [
    str(row[field]) for row in PEOPLE for field in ("name", "identity_number", "bank_number", "relatives")
]


def register(count: int = len(PEOPLE)) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Two institutions, and people by code employed by one or the other."""
    firms = [{"code": c, "kind": "国有创投机构", "name": f"示例{c}", "since": DAY} for c in ("CT-1", "CT-2")]
    people = [
        {"code": f"RY-{n:03d}", "kind": "个人", "name": f"RY-{n:03d}", "since": DAY} for n in range(count)
    ]
    spells = [
        {
            "code": f"RZ-{n}",
            "person": f"RY-{n:03d}",
            "employer": f"CT-{n % 2 + 1}",
            "since": DAY,
            "employed_from": DAY,
        }
        for n in range(count)
    ]
    return [(LAYOUTS["parties"], firms + people), (LAYOUTS["employments"], spells)]


def sheet(rows: list[dict[str, Any]]) -> bytes:
    return filled([(LAYOUTS["personal_data"], rows)])


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for the key, apart from the book."""
    file = tmp_path / "keys" / "personal.key"
    monkeypatch.setenv("FOF_PERSONAL_KEY_FILE", str(file))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path / "data"))
    return file


def peopled(database: Database, rows: list[dict[str, Any]] = PEOPLE) -> Database:
    """The register, the key, and the personal data of everybody."""
    intake.book(database, LOCAL, filled(register()), "名册.xlsx")
    unmasking.set_up(database, LOCAL)
    intake.book(database, LOCAL, sheet(rows), "个人信息.xlsx")
    return database


@pytest.fixture
def book(sqlite_book: Database) -> Database:
    return peopled(sqlite_book)


def refused(
    database: Database, rows: list[dict[str, Any]], **more: Any
) -> list[tuple[str, int | None, str | None]]:
    """Codes, rows and fields of what an import is refused for; nothing of a value is said, nothing is written."""
    head, stored = ledger.read(database).head, store_of(database).records()
    with pytest.raises(ImportRefused) as wrong:
        intake.book(database, LOCAL, sheet(rows), "个人信息.xlsx", **more)
    said = wrong.value.text("zh") + wrong.value.text("en") + repr(wrong.value.problems)
    assert not [s for row in rows for s in map(str, row.values()) if len(s) > 12 and s in said]
    assert ledger.read(database).head == head
    assert store_of(database).records() == stored
    assert {p.where.file for p in wrong.value.problems} == {"个人信息.xlsx"}
    assert {p.where.sheet for p in wrong.value.problems} == {"个人信息"}
    return [(p.code, p.where.row, p.where.named("zh")) for p in wrong.value.problems]


# -- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_identity_numbers_of_the_standard_are_right(number: str) -> None:
    """The two examples of GB 11643-1999, annex A."""
    assert is_identity_number(number)
    assert holds_identity_number(f"证件：{number.lower()}，另见")
    for place in range(17):
        digit = str((int(number[place]) + 1) % 10)
        assert not is_identity_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    "text", ["110105194912310021", "11010519491331002X", "1101051949123100", "91230100MA18ABCD0", ""]
)
def test_what_is_no_identity_number(text: str) -> None:
    assert not is_identity_number(text)
    assert not holds_identity_number(f"x{text}")


def test_values_have_one_form_and_a_mask() -> None:
    assert normalised(NUMBER, " 110105 19491231 002ｘ ") == "11010519491231002X"
    assert normalised(BANK, "6222-0200 0000") == "622202000000"
    assert masked(NUMBER, "11010519491231002X") == "110***********002X"
    assert masked(BANK, "6222020000000001") == "************0001"
    assert (masked(NAME, "张三丰"), masked(KIN, "配偶")) == ("张**", "***")


# -- in and out ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_no_planted_value_stands_anywhere_in_plain_form(
    engine: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Database rows and bytes, store, derived copies, logs, messages, exports, reports, backups: no name, no number, no relative,
    neither as text nor as bytes. Shown on purpose (fof personal show) it stands on stdout alone."""
    url = request.getfixturevalue(f"{engine}_url")
    caplog.set_level(0)
    monkeypatch.setenv("FOF_DATABASE_URL", url)
    named = tmp_path / f"{PEOPLE[0]['name']}等.xlsx"  # even the file's name is somebody's
    (tmp_path / "名册.xlsx").write_bytes(filled(register()))
    named.write_bytes(filled([(LAYOUTS["personal_data"], PEOPLE)]))
    wrong = tmp_path / "有误.xlsx"
    wrong.write_bytes(sheet([{**PEOPLE[1], "identity_number": person_number(1)[:-1] + "Q"}, PEOPLE[2]]))
    capfd.readouterr()
    assert main(["personal", "init"]) == 0
    assert main(["import", str(tmp_path / "名册.xlsx")]) == 0
    assert main(["import", str(wrong), "--problems", str(tmp_path / "problems.xlsx")]) == 2
    assert main(["import", str(named), "--dry-run"]) == 0
    said = capfd.readouterr()
    assert main(["import", str(named)]) == 0
    assert main(["import", str(named), "--json"]) == 0
    for command in (
        ["personal", "list"],
        ["personal", "duplicates"],
        ["audit", "coinvest"],
        ["verify"],
        ["journal", "list"],
        ["journal", "show", str(ledger.read(Database(url)).head)],
        ["export", "-o", str(tmp_path / "out.xlsx")],
        ["backup", str(tmp_path / "backup.sqlite")],
        ["personal", "rotate"],
    ):
        assert main(command) == 0, command
    file_said = capfd.readouterr()
    text = said.out + said.err + file_said.out + file_said.err + caplog.text
    assert PEOPLE[0]["name"] in text  # the file's own name, to who gave it
    text = text.replace(named.stem, "")
    journal = _rows_of(Database(url))
    left = {
        "texts": text,
        "journal": journal,
        **{
            str(path): _plain(path)
            for path in sorted(tmp_path.rglob("*"))
            if path.is_file() and path not in (named, wrong)
        },
    }
    assert {"backup.sqlite", "backup.sqlite.personal", "out.xlsx", "problems.xlsx"} <= {
        Path(n).name for n in left
    }
    for place, content in left.items():
        for secret in SECRETS:
            for form in (
                secret,
                secret[::-1],
                base64.b64encode(secret.encode()).decode()[:-4],
                secret.encode().hex(),
            ):
                assert form not in content, place
    assert "RY-003" in journal
    assert main(["personal", "show", "RY-003", "--reason", "核对"]) == 0
    shown = capfd.readouterr()
    assert all(str(PEOPLE[3][f.value]) in shown.out for f in PersonalField)
    assert not [s for s in SECRETS if s in shown.err or s in _rows_of(Database(url))]


def _rows_of(database: Database) -> str:
    """Every row of every table, as text."""
    from models.journal import ROW_TABLES

    with database.read() as connection:
        tables = ["entry", *(t.table.name for t in ROW_TABLES)]
        rows = [connection.exec_driver_sql(f"SELECT * FROM {t}").fetchall() for t in tables]
    database.close()
    return repr([[tuple(map(_shown, row)) for row in own] for own in rows])


def _shown(value: object) -> object:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def _plain(path: Path) -> str:
    """What a file holds as text, of a workbook its parts."""
    import zipfile

    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return path.read_bytes().decode("utf-8", "replace")


def test_what_went_in_comes_out_for_an_auditor_with_an_entry_each(database: Database) -> None:
    peopled(database)
    head = ledger.read(database).head
    opened = unmasking.unmask(database, LOCAL, "RY-002", [NUMBER, NAME], "账户核对")
    assert [(o.field, o.value, o.entry) for o in opened] == [
        (NUMBER, PEOPLE[2]["identity_number"], head + 1),
        (NAME, PEOPLE[2]["name"], head + 2),
    ]
    journal = ledger.read(database)
    for entry, field in ((head + 1, NUMBER), (head + 2, NAME)):
        booked = journal.entries(entry, entry)[0]
        assert (booked.kind, booked.note, booked.recorded_by) == (EntryKind.UNMASKING, "账户核对", LOCAL.name)
        (row,) = [r.row for r in journal.rows("subject_fact") if r.entry == entry]
        assert (row.name, row.value) == ("personal_unmasked", field.value)  # type: ignore[attr-defined]
    with pytest.raises(Refused):
        unmasking.unmask(database, LOCAL, "RY-002", [NAME], " ")
    with pytest.raises(Refused) as wrong:
        unmasking.unmask(database, LOCAL, "RY-002", [NAME], f"核对{PEOPLE[2]['name']}")
    assert str(PEOPLE[2]["name"]) not in wrong.value.text("zh")
    for person in ("RY-999", "CT-1"):
        with pytest.raises(Unknown):
            unmasking.unmask(database, LOCAL, person, [NAME], "核对")
    assert ledger.read(database).head == head + 2
    assert standing.verify(database).passed("personal")


def test_the_same_file_again_books_nothing_and_a_later_value_stands_beside(book: Database) -> None:
    head = ledger.read(book).head
    assert intake.book(book, LOCAL, sheet(PEOPLE), "个人信息.xlsx").entries == []
    assert ledger.read(book).head == head
    moved = {"person": "RY-001", "since": dt.date(2025, 1, 1), "bank_number": "6217000000000000001"}
    intake.book(book, LOCAL, sheet([moved]), "个人信息.xlsx")
    (opened,) = unmasking.unmask(book, LOCAL, "RY-001", [BANK], "核对")
    assert opened.value == moved["bank_number"]
    earlier = {**moved, "since": DAY, "bank_number": "6217000000000000002"}
    assert refused(book, [earlier]) == [("booked_otherwise", 2, "银行账号")]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"identity_number": person_number(0)[:-1] + "Q"}, "wrong_identity_number", "公民身份号码"),
        ({"identity_number": "230101199913310012"}, "wrong_identity_number", "公民身份号码"),
        ({"identity_number": "2301011"}, "wrong_identity_number", "公民身份号码"),
        ({"identity_number": person_number(500)}, "another_identity_number", "公民身份号码"),
        (
            {"identity_number": person_number(500), "since": dt.date(2026, 1, 1)},
            "another_identity_number",
            "公民身份号码",
        ),
        ({"bank_number": "12?4567890123456"}, "wrong_bank_number", "银行账号"),
        ({"bank_number": "6217000000000000009"}, "booked_otherwise", "银行账号"),
        ({"person": "CT-1"}, "other_kind", "人员编号"),
        ({"person": "RY-999"}, "unknown_party", "人员编号"),
    ],
)
def test_a_wrong_value_is_refused_by_file_sheet_row_and_field(
    book: Database, change: dict[str, Any], code: str, field: str
) -> None:
    assert (code, 3, field) in refused(book, [PEOPLE[1], {**PEOPLE[0], **change}])


def test_one_person_with_two_identity_numbers_in_one_file(sqlite_book: Database) -> None:
    intake.book(sqlite_book, LOCAL, filled(register()), "名册.xlsx")
    unmasking.set_up(sqlite_book, LOCAL)
    again = {"person": "RY-000", "since": dt.date(2025, 5, 5), "identity_number": person_number(77)}
    assert refused(sqlite_book, [*PEOPLE, again]) == [
        ("another_identity_number", len(PEOPLE) + 2, "公民身份号码")
    ]


def grouped(number: str, *places: int) -> str:
    """A number as people write it, with a blank at these places."""
    for place in sorted(places, reverse=True):
        number = f"{number[:place]} {number[place:]}"
    return number


@pytest.mark.parametrize(
    "how",
    [
        lambda n: grouped(n, 6, 14),
        lambda n: grouped(n, 6, 14).replace(" ", "-"),
        lambda n: grouped(n, *range(1, 18)),
        lambda n: f"12 {grouped(n, 4, 8, 12, 16)}，已核",
        lambda n: n.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"}),
    ],
)
def test_an_identity_number_in_groups_or_full_width_is_one(how: Callable[[str], str]) -> None:
    assert holds_identity_number(how(person_number(3)))


@pytest.mark.parametrize("year", [1990, 2010, 2011, 2024])
def test_a_paper_s_number_in_groups_with_its_day_is_none(year: int) -> None:
    """The day of a paper may stand where one of birth does, and one in eleven has a fitting last digit."""
    body = f"230100{year}0305001"
    number = body + identity_check(body)
    assert holds_identity_number(number)
    assert holds_identity_number(grouped(number, 6, 14)) is (year < 2011)


@pytest.mark.parametrize(
    "how",
    [
        lambda row: f"经办：{row['name']}（已核）",
        lambda row: grouped(row["bank_number"], 4, 8, 12, 16),
        lambda row: f"账号{grouped(row['bank_number'], 4, 8, 12, 16).replace(' ', '-')}，开户行",
        lambda row: f"见{row['relatives']}",
    ],
)
def test_a_value_inside_another_sheet_of_the_file_is_refused(
    book: Database, how: Callable[[dict[str, Any]], str]
) -> None:
    fresh = {**PEOPLE[0], "person": "RY-100", "identity_number": person_number(100)}
    party = {"code": "RY-100", "kind": "个人", "since": DAY, "name": "代称", "short_name": how(fresh)}
    head = ledger.read(book).head
    with pytest.raises(ImportRefused) as wrong:
        intake.book(
            book,
            LOCAL,
            filled([(LAYOUTS["parties"], [party]), (LAYOUTS["personal_data"], [fresh])]),
            "混合.xlsx",
        )
    [problem] = [p for p in wrong.value.problems if p.code == "personal_elsewhere"]
    assert (problem.where.sheet, problem.where.row, problem.where.named("zh")) == ("主体", 2, "简称")
    assert ledger.read(book).head == head


def test_a_bank_number_of_the_store_stands_in_no_later_file(book: Database) -> None:
    """Whoever's it is; without the key nobody can tell."""
    party = {"code": "RY-100", "kind": "个人", "since": DAY, "name": "代称"}
    number, head = PEOPLE[2]["bank_number"], ledger.read(book).head
    for text in (number, f"付至 {grouped(number, 4, 8, 12, 16)}"):
        with pytest.raises(ImportRefused) as wrong:
            intake.book(
                book, LOCAL, filled([(LAYOUTS["parties"], [{**party, "short_name": text}])]), "主体.xlsx"
            )
        [problem] = wrong.value.problems
        assert (problem.code, problem.where.row, problem.where.named("zh")) == (
            "personal_elsewhere",
            2,
            "简称",
        )
        assert number not in wrong.value.text("zh")
    assert ledger.read(book).head == head
    other = str(int(number) + 1)
    intake.book(book, LOCAL, filled([(LAYOUTS["parties"], [{**party, "short_name": other}])]), "主体.xlsx")


def test_values_stand_in_no_other_sheet_of_the_file_and_a_name_that_the_book_has_is_pointed_out(
    book: Database,
) -> None:
    fresh = {**PEOPLE[0], "person": "RY-100", "identity_number": person_number(100), "since": DAY}
    party = {"code": "RY-100", "kind": "个人", "since": DAY}
    for other in ({"name": fresh["name"]}, {"name": "代称", "short_name": f"账号{fresh['bank_number']}"}):
        file = filled([(LAYOUTS["parties"], [{**party, **other}]), (LAYOUTS["personal_data"], [fresh])])
        with pytest.raises(ImportRefused) as wrong:
            intake.book(book, LOCAL, file, "混合.xlsx")
        (problem,) = wrong.value.problems
        assert (problem.code, problem.where.sheet, problem.where.row) == ("personal_elsewhere", "主体", 2)
        assert not [s for s in SECRETS if s in wrong.value.text("zh")]
    intake.book(book, LOCAL, filled([(LAYOUTS["parties"], [{**party, "name": fresh["name"]}])]), "旧.xlsx")
    warned = intake.preview(book, sheet([fresh]), "个人信息.xlsx").warnings
    assert "name_in_book" in [w.code for w in warned]


def test_without_a_key_nothing_is_taken_and_everything_works_on_codes(
    book: Database,
    key_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    away = key_file.rename(tmp_path / "away")
    assert refused(book, [PEOPLE[0]]) == [("no_personal_key", None, None)]
    lines = unmasking.personal_lines(book)
    assert {(line.state, line.mask) for line in lines} == {("held", None)}
    with pytest.raises(Refused):
        unmasking.unmask(book, LOCAL, "RY-001", [NAME], "核对")
    with pytest.raises(Refused):  # a new key would not open what the lost one sealed
        unmasking.set_up(book, LOCAL)
    check = next(c for c in standing.verify(book).checks if c.name == "personal")
    assert check.ok
    assert "without the key" in check.text.en
    monkeypatch.setenv("FOF_DATABASE_URL", book.address)
    assert main(["audit", "coinvest", "--lang", "en"]) == 0
    assert "people stand by their codes alone" in capsys.readouterr().err
    away.rename(key_file)
    assert main(["audit", "coinvest", "--lang", "en"]) == 0
    assert "codes alone" not in capsys.readouterr().err
    key_file.chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        unmasking.personal_lines(book)


def test_an_identity_number_enters_the_book_by_no_other_way(book: Database) -> None:
    """A note, a reason, a document, a code: refused at the door, and the number is not repeated."""
    number = person_number(3)
    head = ledger.read(book).head
    for sheets in (
        [(LAYOUTS["parties"], [{"code": number, "kind": "个人", "name": "甲", "since": DAY}])],
        [
            (
                LAYOUTS["employments"],
                [
                    {
                        "code": "RZ-9",
                        "person": "RY-000",
                        "employer": "CT-2",
                        "since": DAY,
                        "post": f"见{number}",
                    }
                ],
            )
        ],
    ):
        with pytest.raises(ImportRefused) as wrong:
            intake.book(book, LOCAL, filled(sheets), "名册.xlsx")
        assert "identity_number" in {p.code for p in wrong.value.problems}
        assert {p.where.row for p in wrong.value.problems} == {2}
        assert number not in wrong.value.text("zh") or sheets[0][0].name == "parties"
    with pytest.raises(BookingRefused):
        ledger.reverse(book, LOCAL, 1, f"登记有误 {number}")
    fake = SubjectFact("party", 3, None, None, None, None, "personal.name", "某人", None, "x")
    for kind, row, code in (
        (EntryKind.PERSONAL, fake, "no_commitment"),
        (EntryKind.COINVESTMENT, fake, "not_personal"),
        (EntryKind.UNMASKING, fake, "not_personal"),
    ):
        with pytest.raises(BookingRefused) as not_booked:
            ledger.book(book, LOCAL, lambda _v, _i, k=kind, r=row: Plan([Draft(k, DAY, "k", b"k", rows=[r])]))
        assert code in [p.code for p in not_booked.value.problems]
    assert ledger.read(book).head == head


# -- equals -------------------------------------------------------------------------------------------------------


def test_one_person_under_two_codes_of_two_institutions_is_found_without_opening(
    database: Database, key_file: Path
) -> None:
    people = [dict(row) for row in PEOPLE]
    people[3]["identity_number"] = " ".join(str(people[0]["identity_number"]))  # CT-2 wrote it with blanks
    people[4]["bank_number"] = people[2]["bank_number"]
    preview = None
    intake.book(database, LOCAL, filled(register()), "名册.xlsx")
    unmasking.set_up(database, LOCAL)
    preview = intake.preview(database, sheet(people), "个人信息.xlsx")
    assert [(w.code, w.where.row) for w in preview.warnings] == [("same_number", 5), ("same_number", 6)]
    intake.book(database, LOCAL, sheet(people), "个人信息.xlsx")
    key_file.unlink()
    assert [(s.field, s.people) for s in unmasking.shared_numbers(database)] == [
        (NUMBER, (("RY-000", ("CT-1",)), ("RY-003", ("CT-2",)))),
        (BANK, (("RY-002", ("CT-1",)), ("RY-004", ("CT-1",)))),
    ]


# -- rights -------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(book: Database) -> Database:
    """Users: an administrator, and for each of the other roles one who may see CT-1."""
    users.add_user(book, LOCAL, "admin", "", "admin", [Role.ADMIN], DAY)
    for role in set(Role) - {Role.ADMIN}:
        users.add_user(book, actor("admin"), role.value, "", role.value, [role], DAY)
        users.see_institutions(book, actor("admin"), role.value, ["CT-1"], DAY)
    return book


def actor(code: str) -> Actor:
    return Actor(code, frozenset(Role))


def test_an_auditor_opens_whom_they_may_see_and_nobody_else_opens(office: Database) -> None:
    head = ledger.read(office).head
    assert unmasking.unmask(office, actor("auditor"), "RY-000", [NAME], "核对")[0].value == PEOPLE[0]["name"]
    with pytest.raises(Unknown):
        unmasking.unmask(office, actor("auditor"), "RY-001", [NAME], "核对")  # of CT-2
    for role in set(Role) - {Role.AUDITOR}:
        with pytest.raises(NotAllowed):
            unmasking.unmask(office, actor(role.value), "RY-000", [NAME], "核对")
    assert ledger.read(office).head == head + 1
    assert {x.commitment.person for x in unmasking.personal_lines(office, actor("viewer"))} == {
        "RY-000",
        "RY-002",
        "RY-004",
    }
    assert unmasking.personal_lines(office, actor("admin")) == []
    with pytest.raises(Unknown):
        unmasking.personal_lines(office, actor("viewer"), "CT-2")


def test_erasing_and_the_key_are_the_administrators(office: Database) -> None:
    for role in set(Role) - {Role.ADMIN}:
        for act in (
            lambda who: unmasking.erase(office, who, "RY-000", "离职"),
            lambda who: unmasking.rotate(office, who),
            lambda who: unmasking.set_up(office, who),
        ):
            with pytest.raises(NotAllowed):
                act(actor(role.value))
    unmasking.erase(office, actor("admin"), "RY-000", "离职")
    assert unmasking.rotate(office, actor("admin"))[1] == 4 * (len(PEOPLE) - 1)
    for code in ("admin", "auditor", "viewer"):
        with pytest.raises(NotAllowed):
            intake.book(office, actor(code), sheet([PEOPLE[0]]), "个人信息.xlsx")
    assert len(store_of(office).records("RY-000")) == 0
    intake.book(office, actor("manager"), sheet([PEOPLE[0]]), "个人信息.xlsx")
    assert len(store_of(office).records("RY-000")) == 4


# -- rotation and erasure -----------------------------------------------------------------------------------------


def test_rotation_keeps_commitments_and_equals_and_older_keys_open_older_backups(
    book: Database, key_file: Path, tmp_path: Path
) -> None:
    before, named = required_keyring(), commitments(ledger.read(book).view())
    old = store_of(book).records()
    standing.backup(book, tmp_path / "before.sqlite")
    ring, number = unmasking.rotate(book, LOCAL)
    assert (number, list(ring.keys)[:-1]) == (4 * len(PEOPLE), list(before.keys))
    fresh = store_of(book).records()
    assert [r.commitment for r in fresh] == [r.commitment for r in old]
    assert not {r.sealed for r in fresh} & {r.sealed for r in old}
    assert not {r.blind for r in fresh if r.blind} & {r.blind for r in old}
    assert commitments(ledger.read(book).view()) == named
    assert standing.verify(book).passed("personal")
    assert intake.book(book, LOCAL, sheet(PEOPLE), "个人信息.xlsx").entries == []
    ring, _ = unmasking.rotate(book, LOCAL, drop=True)
    assert list(ring.keys) == [required_keyring().current]
    assert standing.verify(book).passed("personal")
    stored = Database(f"sqlite:///{tmp_path / 'before.sqlite'}")
    assert not standing.store_check(stored).ok  # sealed under a key that was dropped
    stored.close()


def test_rotation_that_stops_half_way_leaves_everything_open(
    book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fof.personal.store import PersonalStore

    def stop(self: object, records: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(PersonalStore, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            unmasking.rotate(book, LOCAL)
    check = next(c for c in standing.verify(book).checks if c.name == "personal")
    assert check.ok
    assert "under an older key" in check.text.en
    assert unmasking.unmask(book, LOCAL, "RY-001", [NAME], "核对")[0].value == PEOPLE[1]["name"]
    assert intake.book(book, LOCAL, sheet(PEOPLE), "个人信息.xlsx").entries == []
    unmasking.rotate(book, LOCAL)
    assert (
        "under an older key"
        not in next(c for c in standing.verify(book).checks if c.name == "personal").text.en
    )


def test_erasing_leaves_the_journal_valid_and_nothing_to_open(database: Database, tmp_path: Path) -> None:
    peopled(database)
    root = [e.id for e in ledger.read(database).entries(1, ledger.read(database).head)]
    records = store_of(database).records("RY-002")
    unmasking.erase(database, LOCAL, "RY-002", "离职满五年")
    verification = standing.verify(database)
    assert [c.name for c in verification.problems if c.name != "durability"] == []
    assert "erased beside them: 4" in next(c for c in verification.checks if c.name == "personal").text.en
    assert len(ledger.read(database).entries(1, ledger.read(database).head)) == len(root) + 1
    content = store_of(database).path.read_bytes()
    assert not [r for r in records if r.sealed in content or r.commitment.encode() in content]
    lines = [x for x in unmasking.personal_lines(database) if x.commitment.person == "RY-002"]
    assert {(x.state, x.mask) for x in lines} == {("erased", None)}
    for act in (
        lambda: unmasking.unmask(database, LOCAL, "RY-002", [NAME], "核对"),
        lambda: unmasking.erase(database, LOCAL, "RY-002", "再次"),
        lambda: unmasking.erase(database, LOCAL, "RY-999", "查无此人"),
    ):
        with pytest.raises(Unknown):
            act()
    ledger.reverse(
        database, LOCAL, ledger.read(database).head, "误登"
    )  # brings nothing back, and nothing is missed
    assert standing.verify(database).passed("personal")


# -- two halves ---------------------------------------------------------------------------------------------------

_DIES = """
import os, sys
sys.path.insert(0, {tests!r})
from fof.access import LOCAL
from fof.db import Database
import fof.ledger.booking as booking
import fof.audit.unmasking as unmasking
from fof.personal.store import PersonalStore
from fof import intake
die = lambda *_, **__: os.kill(os.getpid(), 9)
{patch}
base = Database({url!r})
{act}
"""


def dies(database: Database, patch: str, act: str) -> None:
    """A process that is killed in the middle."""
    script = _DIES.format(tests=str(Path(__file__).parent), url=database.address, patch=patch, act=act)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], check=False, capture_output=True, text=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_killed_between_store_and_journal(database: Database, tmp_path: Path) -> None:
    """The store has what no entry names: harmless, said by verify, gone with the next import; nothing is booked twice."""
    peopled(database, PEOPLE[:2])
    head, held = ledger.read(database).head, len(store_of(database).records())
    (tmp_path / "x.xlsx").write_bytes(sheet(PEOPLE[2:4]))
    act = f"intake.book(base, LOCAL, __import__('pathlib').Path({str(tmp_path / 'x.xlsx')!r}))"
    dies(database, "booking._append = die", act)
    assert ledger.read(database).head == head
    assert len(store_of(database).records()) == held + 8
    check = next(c for c in standing.verify(database).checks if c.name == "personal")
    assert check.ok
    assert "8 left by an import" in check.text.en
    intake.book(database, LOCAL, sheet(PEOPLE[2:5]), "个人信息.xlsx")
    assert len(store_of(database).records()) == held + 12
    check = next(c for c in standing.verify(database).checks if c.name == "personal")
    assert check.ok
    assert "left by" not in check.text.en


def test_killed_between_the_entry_of_an_erasure_and_the_store(book: Database) -> None:
    dies(book, "PersonalStore.remove = die", "unmasking.erase(base, LOCAL, 'RY-002', '离职')")
    head = ledger.read(book).head
    check = next(c for c in standing.verify(book).checks if c.name == "personal")
    assert not check.ok
    assert "RY-002" in check.text.en
    with pytest.raises(Unknown):
        unmasking.unmask(book, LOCAL, "RY-002", [NAME], "核对")
    assert unmasking.erase(book, LOCAL, "RY-002", "离职").entries == []
    assert ledger.read(book).head == head
    assert standing.verify(book).passed("personal")


def test_what_is_not_booked_leaves_nothing_in_the_store(book: Database) -> None:
    """Refused by the book's own checks after the store was written, and by a missing right."""
    stored = store_of(book).records()
    fresh = [{**PEOPLE[0], "person": "RY-100", "since": dt.date(2024, 2, 1)}]
    parties = [{"code": "RY-100", "kind": "个人", "name": "RY-100", "since": dt.date(2024, 2, 1)}]
    shares = [
        {"owner": o, "owned": w, "share": "60%", "basis": "股权", "since": DAY}
        for o, w in (("CT-1", "CT-2"), ("CT-2", "CT-1"))
    ]
    file = filled(
        [(LAYOUTS["parties"], parties), (LAYOUTS["edges"], shares), (LAYOUTS["personal_data"], fresh)]
    )
    with pytest.raises(ImportRefused):
        intake.book(book, LOCAL, file, "混合.xlsx")
    assert store_of(book).records() == stored


def test_a_lost_older_or_foreign_store_and_a_changed_record_are_named(book: Database, tmp_path: Path) -> None:
    path = store_of(book).path
    older = shutil.copy(path, tmp_path / "older")
    later = {"person": "RY-001", "since": dt.date(2025, 1, 1), "bank_number": "6217000000000000001"}
    intake.book(book, LOCAL, sheet([later]), "个人信息.xlsx")
    whole = path.read_bytes()

    def said() -> str:
        check = next(c for c in standing.verify(book).checks if c.name == "personal")
        return "" if check.ok else check.text.en

    shutil.copy(older, path)
    assert "lacks 1 value: RY-001" in said()
    path.unlink()
    assert "no store of personal data" in said()
    with pytest.raises(ImportRefused):  # a new store would hide the loss
        intake.book(book, LOCAL, sheet([{**later, "since": dt.date(2025, 2, 2)}]), "个人信息.xlsx")
    path.write_bytes(b"nothing of the kind")
    assert "damaged" in said()
    for statement, word in (
        ("UPDATE about SET value = 'x' WHERE name = 'book'", "another book"),
        ("UPDATE record SET sealed = zeroblob(length(sealed)) WHERE person = 'RY-003'", "RY-003"),
        ("UPDATE record SET person = 'RY-004' WHERE person = 'RY-003'", "under another person"),
        ("UPDATE record SET key = 'abc' WHERE person = 'RY-003'", "the key abc"),
    ):
        path.write_bytes(whole)
        with closing(sqlite3.connect(path)) as raw:
            raw.execute(statement)
            raw.commit()
        assert word in said()
    path.write_bytes(whole)
    assert said() == ""


def test_a_record_opens_only_where_it_was_sealed(book: Database) -> None:
    ring, identity = required_keyring(), book_identity(book)
    record = sealed_record(ring, identity, "RY-001", NAME, "示例甲")
    assert opened_record(ring, identity, record)[1] == "示例甲"
    again = sealed_record(ring, identity, "RY-001", NAME, "示例甲")
    assert (again.commitment, again.sealed) != (record.commitment, record.sealed)
    assert len(record.sealed) == len(sealed_record(ring, identity, "RY-001", NAME, "示例甲乙丙").sealed)
    for changed in (
        record._replace(person="RY-002"),
        record._replace(field="relatives"),
        record._replace(commitment="0" * 64),
        record._replace(sealed=record.sealed[:-1] + bytes([record.sealed[-1] ^ 1])),
    ):
        with pytest.raises(Refused):
            opened_record(ring, identity, SealedRecord(*changed))
    with pytest.raises(Refused):
        opened_record(ring, "another book", record)


# -- backup -------------------------------------------------------------------------------------------------------


def test_the_store_goes_along_with_a_backup_and_comes_back(database: Database, tmp_path: Path) -> None:
    peopled(database)
    file = tmp_path / "backup.sqlite"
    stored = standing.backup(database, file)
    assert stored.verification.passed("personal")
    assert beside(file).stat().st_mode & 0o077 == 0
    with pytest.raises(Refused):
        standing.backup(database, file)
    store_of(database).path.unlink()
    assert not standing.verify(database).passed("personal")
    back = standing.restore(database, file, over=None)
    assert back.verification.passed("personal")
    assert unmasking.unmask(database, LOCAL, "RY-000", [NAME], "核对")[0].value == PEOPLE[0]["name"]
    other = Database(f"sqlite:///{tmp_path / 'other' / 'book.sqlite'}")
    assert standing.restore(other, file).verification.passed("personal")
    assert len(store_of(other).records()) == 4 * len(PEOPLE)
    other.close()
    with closing(sqlite3.connect(beside(file))) as raw:
        raw.execute("UPDATE about SET value = 'x' WHERE name = 'book'")
        raw.commit()
    with pytest.raises(Refused, match="另一本账"):
        standing.restore(database, file)


def test_the_template_brings_the_sheet_and_json_documents_fit(
    book: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert template([LAYOUTS["personal_data"]], unit="元", language="zh")
    monkeypatch.setenv("FOF_DATABASE_URL", book.address)
    for command in (["list"], ["duplicates"], ["show", "RY-001", "name", "--reason", "核对"]):
        assert main(["personal", *command, "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)["rows"]
        assert all(row["person"].startswith("RY-") for row in rows)
    assert main(["personal", "show", "RY-001"]) == 2  # no reason
    assert main(["personal", "erase", "RY-001", "--reason", "离职"]) == 0
    assert main(["verify"]) == 0
