"""Users and roles: who may do what is one table, asked in the use case and at the door, on both engines."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fof import audit, intake, ledger, users
from fof.access import ENTRY_ACTIONS, LOCAL, PERMISSIONS, Actor, may
from fof.errors import BookingRefused, NotAllowed
from fof.ledger import Draft, Plan
from fof.ledger.users import Users
from fof.ledger.verify import verify
from models.kinds import EntryKind, Role
from models.rows import ColumnMapping as Mapping
from models.rows import Decision, Fact, Identity, Party, QuarterClose, Setting, SubjectFact

PRODUCT = Path(__file__).resolve().parents[1] / "fof"
DAY = dt.date(2024, 1, 1)


def today() -> dt.date:
    from fof.words import OFFICE

    return dt.datetime.now(OFFICE).date()


@pytest.fixture
def office(clerk_on_both: Any, offices: Any) -> Any:
    """A book with an administrator and a user of each role, whose login is the role's name."""
    return offices.furnished(clerk_on_both, peopled)


def peopled(clerk: Any) -> None:
    clerk.party("GF", "guidance_fund")
    users.add_user(clerk.database, LOCAL, "u-admin", "管理员甲", "admin", [Role.ADMIN], DAY)
    admin = who(clerk, "admin")
    for role in set(Role) - {Role.ADMIN}:
        users.add_user(clerk.database, admin, f"u-{role.value}", "", role.value, [role], DAY)
    users.add_user(clerk.database, admin, "u-maker", "", "maker", [Role.MANAGER], DAY)


def who(clerk: Any, login: str, day: dt.date | None = None) -> Actor:
    return Users.in_book(ledger.read(clerk.database).view()).actor(login, day or today())


def one(kind: EntryKind, *rows: Any) -> Callable[..., Plan]:
    return lambda view, _ids: Plan(
        [Draft(kind, DAY, f"{kind}/{view.known_at}", str(view.known_at).encode(), rows=list(rows))]
    )


def reversing(clerk: Any, kind: EntryKind) -> Callable[[Actor], object]:
    heads = ledger.read(clerk.database).entries(1, ledger.read(clerk.database).head)
    return lambda actor: ledger.reverse(
        clerk.database, actor, [h.id for h in heads if h.kind == kind][-1], "有误"
    )


def of_person(name: str, value: str) -> SubjectFact:
    return SubjectFact("party", 1, None, None, None, None, name, value, None, "文")


def drafted() -> list[Identity | SubjectFact]:
    """The first step of an audit case."""
    stated = {"case_step": "draft", "case_rule": "CI-01", "case_kind": "plan", "case_code": "P"}
    facts = [SubjectFact("audit_case", None, None, None, 900, None, n, v) for n, v in stated.items()]
    return [Identity(900, "audit_case", "SJ-1"), *facts]


def acts(clerk: Any, action: str) -> Callable[[Actor], object]:
    """What each action comes to, as a booking."""
    base = clerk.database

    def booked(kind: EntryKind, *rows: Any, **more: Any) -> Callable[[Actor], object]:
        return lambda actor: ledger.book(base, actor, one(kind, *rows), action=action, **more)

    party = 1
    stated = Fact(party, None, "short_name", "示例", None, None)
    made: dict[str, Callable[[Actor], object]] = {
        "book": booked(EntryKind.PARTIES, Party(90, "N-1", "company")),
        "approve": booked(EntryKind.PARTIES, Party(90, "N-1", "company"), prepared_by="u-maker"),
        "reverse": reversing(clerk, EntryKind.PARTIES),
        "set_parameter": booked(EntryKind.SETTING, Setting(party, "reinvest_ratio", "0.3", None, "文")),
        "dispose": lambda actor: audit.dispose(
            base, actor, "GF-11", "GF", "dismiss", "复函", None, "不属实", DAY
        ),
        "close_period": booked(EntryKind.PERIOD_CLOSE, QuarterClose(party, "GF", 1, "ab" * 32, 0)),
        "save_mapping": booked(EntryKind.MAPPING, Mapping("m", "{}", "文")),
        "administer": lambda actor: users.grant(base, actor, "u-viewer", [Role.ANALYST], DAY),
        "sample": booked(EntryKind.AUDIT_SAMPLE, stated),
        "request": booked(EntryKind.AUDIT_REQUEST, stated),
        "review": booked(EntryKind.AUDIT_CASE, *drafted()),
        "unmask": booked(EntryKind.UNMASKING, of_person("personal_unmasked", "name")),
        "erase": booked(EntryKind.ERASURE, of_person("personal_erased", "yes")),
    }
    return made[action]


BOOKED = (
    "book",
    "approve",
    "reverse",
    "set_parameter",
    "dispose",
    "close_period",
    "save_mapping",
    "administer",
    "sample",
    "request",
    "review",
    "unmask",
    "erase",
)
NOT_BOOKED = {"read", "prepare", "run_scenario", "read_audit", "keep_key"}


def test_every_action_of_the_table_is_tried() -> None:
    assert {*BOOKED, *NOT_BOOKED} == set(PERMISSIONS)
    assert set(ENTRY_ACTIONS) == set(EntryKind)
    assert set(ENTRY_ACTIONS.values()) <= set(PERMISSIONS)


GRANTED = [(role, action) for action in BOOKED for role in Role if role in PERMISSIONS[action].roles]


@pytest.mark.parametrize(("role", "action"), GRANTED)
def test_each_role_does_what_the_table_says(office: Any, role: Role, action: str) -> None:
    actor, head = who(office, role.value), ledger.read(office.database).head
    acts(office, action)(actor)
    assert ledger.read(office.database).head == head + 1
    booked = ledger.read(office.database).entries(head + 1, head + 1)[0]
    people = ("u-maker", actor.name) if action == "approve" else (actor.name, None)
    assert (booked.recorded_by, booked.approved_by) == people


@pytest.mark.parametrize("action", BOOKED)
def test_no_role_does_anything_else(office: Any, action: str) -> None:
    """Asked with the roles the book gives, and with all roles claimed: the door asks the book."""
    head, act = ledger.read(office.database).head, acts(office, action)
    for role in set(Role) - set(PERMISSIONS[action].roles):
        actor = who(office, role.value)
        for person in (actor, Actor(actor.name, frozenset(Role))):
            with pytest.raises(NotAllowed):
                act(person)
    assert ledger.read(office.database).head == head


@pytest.mark.parametrize("action", BOOKED)
def test_nobody_else_books_anything(office: Any, action: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown login, the name of a book without users, a made-up code: each is refused with who may and who grants."""
    head = ledger.read(office.database).head
    act = acts(office, action)
    for person in (who(office, "nobody"), LOCAL, Actor("u-made-up", frozenset(Role))):
        with pytest.raises(NotAllowed) as refused:
            act(person)
        text = refused.value.text("en")
        assert "u-admin" in text
        assert "fof users add" in text
        able = next(r for r in sorted(PERMISSIONS[action].roles))
        assert f"u-{able.value}" in text
    assert ledger.read(office.database).head == head
    view = ledger.read(office.database).view()
    for login in (*Role, "nobody"):
        monkeypatch.setattr("fof.users.process_owner", lambda login=login: str(login))
        if login == "nobody":
            with pytest.raises(NotAllowed, match="u-admin"):
                users.reader(view, today())
        else:
            assert users.reader(view, today()).name == f"u-{login}"


def test_an_entry_takes_what_its_kind_takes_whatever_the_use_case_says(office: Any) -> None:
    """A decision, a setting, a close or a role that comes in by a use case of another action is refused."""
    manager = who(office, "manager")
    decision = Decision("GF-11", "party", 1, None, None, None, None, "dismiss", "文", None, "由")
    for kind, row in (
        (EntryKind.DISPOSITION, decision),
        (EntryKind.PERIOD_CLOSE, QuarterClose(1, "GF", 1, "ab" * 32, 0)),
        (EntryKind.USERS, SubjectFact("user", None, None, None, 1, None, "role.manager", "yes")),
    ):
        with pytest.raises(NotAllowed):
            ledger.book(office.database, manager, one(kind, row), action="book")
    row = SubjectFact("user", None, None, None, 1, None, "role.manager", "yes")
    elsewhere = one(EntryKind.POOL, row)
    assert refused_users(lambda: ledger.book(office.database, manager, elsewhere)) == ["not_of_users"]


def test_what_another_role_decided_another_role_takes_back(office: Any) -> None:
    """A manager reverses no auditor's decision and no administrator's grant."""
    acts(office, "dispose")(who(office, "auditor"))
    for kind, able in ((EntryKind.DISPOSITION, "auditor"), (EntryKind.USERS, "admin")):
        for role in set(Role) - {Role(able)}:
            with pytest.raises(NotAllowed):
                reversing(office, kind)(who(office, role.value))
        reversing(office, kind)(who(office, able))


def test_maker_and_approver_are_two_people(office: Any) -> None:
    approver = who(office, "approver")
    with pytest.raises(BookingRefused) as refused:
        ledger.book(
            office.database,
            approver,
            one(EntryKind.PARTIES, Party(90, "N", "company")),
            prepared_by="U-Approver ",
        )
    assert [p.code for p in refused.value.problems] == ["four_eyes"]
    for maker in ("u-viewer", "u-nobody"):
        with pytest.raises(NotAllowed):
            ledger.book(
                office.database,
                approver,
                one(EntryKind.PARTIES, Party(90, "N", "company")),
                prepared_by=maker,
            )


def test_verify_names_entries_that_the_door_would_refuse(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the door: by somebody without the role, by nobody, by one person under two spellings; damage from 0007 on."""
    base = office.database
    head = ledger.read(base).head
    monkeypatch.setattr("fof.ledger.booking._People.admit", lambda *_: None)
    monkeypatch.setattr("fof.ledger.booking.folded", str)
    people = (
        ("u-viewer", None),
        ("stranger", None),
        ("u-manager", None),
        ("u-approver", "U-APPROVER"),
        ("u-approver", "u-maker"),
    )
    for number, (name, maker) in enumerate(people):
        party = one(EntryKind.PARTIES, Party(90 + number, f"N-{number}", "company"))
        ledger.book(base, Actor(name, frozenset(Role)), party, prepared_by=maker)
    monkeypatch.undo()
    found = verify(base)
    assert [(r.entry - head, r.code, r.damage) for r in found.refusals] == [
        (1, "not_allowed", True),
        (2, "not_allowed", True),
        (4, "four_eyes", True),
        (4, "not_allowed", True),
    ]


def refused_users(act: Callable[[], object]) -> list[str]:
    with pytest.raises(BookingRefused) as refused:
        act()
    return [p.code for p in refused.value.problems]


def test_the_first_user_is_an_administrator_and_the_last_one_stays(clerk_on_both: Any) -> None:
    base = clerk_on_both.database
    add, revoke = users.add_user, users.revoke
    head = ledger.read(base).head
    assert refused_users(lambda: add(base, LOCAL, "m", "", "m", [Role.MANAGER], DAY)) == ["no_admin"]
    ends = dt.date(2025, 1, 1)
    assert refused_users(lambda: add(base, LOCAL, "a", "", "a", [Role.ADMIN], DAY, ends)) == ["no_admin"]
    assert ledger.read(base).head == head
    add(base, LOCAL, "a", "甲", "a", [Role.ADMIN, Role.MANAGER], DAY)
    admin = who(clerk_on_both, "a")
    assert (admin.name, admin.label, admin.roles) == ("a", "甲", {Role.ADMIN, Role.MANAGER})
    assert add(base, admin, "a", "甲", "a", [Role.ADMIN, Role.MANAGER], DAY).entries == []
    assert refused_users(lambda: revoke(base, admin, "a", [Role.ADMIN], dt.date(2030, 1, 1))) == ["no_admin"]
    assert refused_users(lambda: ledger.reverse(base, admin, head + 1, "有误")) == ["no_admin"]
    assert refused_users(lambda: add(base, admin, "b", "", "A", [Role.VIEWER], today())) == ["login_taken"]
    assert refused_users(lambda: add(base, admin, " ", "", "b", [Role.VIEWER], today())) == ["missing"]
    assert refused_users(lambda: users.grant(base, admin, "x", [Role.VIEWER], today())) == ["unknown_user"]
    add(base, admin, "b", "乙", "b", [Role.ADMIN], today())
    revoke(base, admin, "a", [Role.ADMIN], today())
    assert who(clerk_on_both, "a").roles == {Role.MANAGER}
    with pytest.raises(NotAllowed):
        users.grant(base, admin, "a", [Role.ADMIN], today())  # with the roles of before
    assert refused_users(lambda: revoke(base, who(clerk_on_both, "b"), "b", [Role.ADMIN], today())) == [
        "no_admin"
    ]
    assert [c.name for c in verify(base).problems if c.name != "durability"] == []
    assert verify(base).refusals == ()


def test_roles_hold_from_their_day_to_their_end(office: Any) -> None:
    base, admin = office.database, who(office, "admin")
    users.grant(base, admin, "u-viewer", [Role.ANALYST], dt.date(2024, 3, 1), dt.date(2024, 3, 31))
    for day, roles in (
        ("2024-02-29", {Role.VIEWER}),
        ("2024-03-01", {Role.VIEWER, Role.ANALYST}),
        ("2024-03-31", {Role.VIEWER, Role.ANALYST}),
        ("2024-04-01", {Role.VIEWER}),
    ):
        assert who(office, "viewer", dt.date.fromisoformat(day)).roles == roles
    assert not who(office, "viewer", dt.date(2023, 12, 31)).known


def test_users_go_out_into_sheets_and_come_back(office: Any, tmp_path: Path) -> None:
    from fof.db import Database

    users.revoke(office.database, who(office, "admin"), "u-analyst", [Role.ANALYST], today())
    view = ledger.read(office.database).view()
    workbook = intake.export_workbook(view)
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.init()
    intake.book(other, LOCAL, workbook, "导出.xlsx")
    back = ledger.read(other).view()
    days = [DAY, today()]
    assert [users.users_of(back, d) for d in days] == [users.users_of(view, d) for d in days]
    assert len(users.users_of(back, DAY)) == len(Role) + 1
    admin = Users.in_book(back).actor("admin", today())
    with pytest.raises(NotAllowed):  # the file holds more than users
        intake.book(other, admin, workbook, "导出.xlsx")
    assert verify(other).ok
    other.close()


def test_every_booking_use_case_states_its_action() -> None:
    """By name, where it calls the ledger; an action that is none is found, too."""
    without, calls = [], 0
    for path in sorted(PRODUCT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("ledger.book", "book_plan"):
                continue
            calls += 1
            action = next((k.value for k in node.keywords if k.arg == "action"), None)
            named = (
                action.value if isinstance(action, ast.Constant) else ast.unparse(action) if action else None
            )
            if named not in PERMISSIONS and named != "actions":
                without.append(f"{path.name}:{node.lineno}")
    assert calls > 10
    assert without == []


def test_a_person_is_the_owner_of_the_process_and_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import pwd

    from fof.access import process_owner

    for name in ("FOF_USER", "USER", "LOGNAME", "USERNAME", "LNAME"):
        monkeypatch.setenv(name, "boss")
    assert process_owner() == pwd.getpwuid(os.geteuid()).pw_name != "boss"


def test_a_role_that_is_none_may_nothing() -> None:
    assert not may({Role.ADMIN}, "book")
    assert not may(set(), "read")
    assert not may(set(Role), "no such action")
