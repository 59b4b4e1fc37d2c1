"""Who acts stands on every page; a button that they may not press is disabled and says who may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from screens import as_a_new_server, drawn, screens_over

from fof import ledger, users
from fof.access import LOCAL
from fof.words import OFFICE, use
from models.kinds import Role


@pytest.fixture
def office(clerk: Any, tmp_path: Path) -> Iterator[Any]:
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("F1", "sub_fund", name="示例一号")
    with screens_over(str(clerk.database.url), tmp_path):
        yield clerk
    use("zh")


def signed_on(monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    monkeypatch.setattr("fof.users.process_owner", lambda: login)


def in_language(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.setenv("FOF_LANG", lang)
    use(lang)  # the test asks the widgets in its own thread
    as_a_new_server()


def peopled(office: Any) -> None:
    day = dt.date(2024, 1, 1)
    users.add_user(office.database, LOCAL, "boss", "管理员甲", "root-login", [Role.ADMIN], day)
    admin = users.acting(ledger.read(office.database).view(), dt.datetime.now(OFFICE).date())
    assert admin.name == "boss"
    users.add_user(office.database, admin, "clerk", "经办[乙](http://x)", "clerk-login", [Role.MANAGER], day)
    users.add_user(office.database, admin, "sasac", "审计丙", "sasac-login", [Role.AUDITOR], day)


def captions(app: Any) -> str:
    return "\n".join(c.value for c in app.caption)


def test_without_users_the_header_names_the_owner_of_the_process(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_on(monkeypatch, "wang")
    assert "经办：wang" in captions(drawn(entry="1"))
    in_language(monkeypatch, "en")
    assert "Acting: wang" in captions(drawn(entry="1"))


@pytest.mark.parametrize(("lang", "words"), [("zh", "无权冲销分录"), ("en", "may not reverse entries")])
def test_a_button_says_why_it_cannot_be_pressed(
    office: Any, monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    signed_on(monkeypatch, "root-login")
    peopled(office)
    in_language(monkeypatch, lang)
    for login, may, role in (
        ("clerk-login", True, {"zh": "经办", "en": "Manager"}),
        ("sasac-login", False, {"zh": "审计", "en": "Auditor"}),
        ("root-login", False, {"zh": "管理员", "en": "Admin"}),
    ):
        signed_on(monkeypatch, login)
        app = drawn()
        app.text_input(key="entry_number").set_value("1").run()
        text = captions(app)
        assert role[lang] in text
        assert "](http" not in text.replace("\\]", "").replace("\\(", "")
        [button] = [b for b in app.button if b.label in ("冲销", "Reverse")]
        assert button.disabled is not may
        assert (words in text) is not may
        assert may or "clerk" in text.rpartition(words)[2]


def test_a_stranger_reads_nothing(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_on(monkeypatch, "root-login")
    peopled(office)
    signed_on(monkeypatch, "stranger")
    in_language(monkeypatch, "en")
    app = drawn()
    assert not app.dataframe
    assert "the book has no user with the login stranger" in app.error[0].value


def test_the_command_line_and_the_library_refuse_a_stranger(
    office: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import fof
    from fof.cli import main
    from fof.errors import NotAllowed

    signed_on(monkeypatch, "root-login")
    assert main(["users", "add", "boss", "admin", "--login", "root-login", "--name", "甲"]) == 0
    assert main(["users", "add", "clerk", "manager", "--login", "clerk-login"]) == 0
    assert main(["users", "list", "--json"]) == 0
    assert '"roles": "manager"' in capsys.readouterr().out
    stored = str(tmp_path / "backup.sqlite")
    assert main(["backup", stored]) == 0
    signed_on(monkeypatch, "clerk-login")
    assert main(["users", "grant", "clerk", "admin"]) == 2
    head = str(ledger.read(office.database).head)
    assert main(["restore", stored, "--over", head]) == 2
    signed_on(monkeypatch, "stranger")
    for command in (
        ["commitments"],
        ["journal", "list"],
        ["users", "list"],
        ["export", "x.xlsx"],
        ["backup", "y"],
    ):
        assert main(command) == 2, command
    assert "stranger" in capsys.readouterr().err
    book = fof.open(office.database.address)
    with pytest.raises(NotAllowed, match="boss"):
        book.at("2024-01-01")
    book.close()
