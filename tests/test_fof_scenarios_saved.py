"""Saved scenarios: entries of the book on both engines, the latest of a name, author and digest, rights, commands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from fof import ledger
from fof.access import LOCAL, Actor
from fof.cli import main
from fof.errors import NotAllowed, Unknown
from fof.scenarios.saved_scenarios import (
    choices,
    save_scenario,
    saved_document,
    saved_scenario,
    saved_scenarios,
)
from fof.scenarios.scenario_spec import read_scenario
from models.kinds import EntryKind, Role

DAY = dt.date(2026, 9, 30)
ONE = read_scenario('name = "基准"\nhorizon = 10\n[cash]\nopening = "12345678.90"\n')
TWO = read_scenario('name = "基准"\nhorizon = 12\n')
OTHER = read_scenario('name = "冻结"\n[[shock]]\nkind = "exit_freeze"\nsince = 2027-01-01\n')


def test_a_scenario_is_an_entry_and_the_latest_of_a_name_counts(clerk_on_both) -> None:
    book = clerk_on_both.database
    first = save_scenario(book, LOCAL, ONE, DAY)
    assert len(first.entries) == 1
    assert not save_scenario(book, LOCAL, ONE, DAY).entries
    save_scenario(book, LOCAL, OTHER, DAY)
    before = ledger.read(book).view().known_at
    save_scenario(book, LOCAL, TWO, DAY)
    view = ledger.read(book).view()
    assert [(s.code, s.scenario, s.versions) for s in saved_scenarios(view)] == [
        ("QJ-0001", TWO, 2),
        ("QJ-0002", OTHER, 1),
    ]
    # as it was known before
    assert saved_scenario(ledger.read(book).view(None, before), "基准").scenario == ONE
    own = saved_scenario(view, "QJ-0001")
    assert (own.author, own.scenario.digest()) == (LOCAL.name, TWO.digest())
    assert view.entry(own.entry).kind == EntryKind.SCENARIO
    [row, _] = saved_document(view).rows
    assert (row["scenario_digest"], row["scenario_versions"], row["recorded_by"]) == (
        TWO.digest(),
        2,
        "local",
    )
    # the table speaks of the office's clock, as its heading says
    recorded = dt.datetime.fromisoformat(row["recorded_at"]) + dt.timedelta(hours=8)
    assert row["texts"]["recorded_at"] == f"{recorded:%Y-%m-%d %H:%M:%S}"
    assert "QJ-0002" in choices(saved_scenarios(view))["QJ-0002"]
    assert choices(saved_scenarios(view))["QJ-0001"].endswith(f"{recorded:%Y-%m-%d}")
    with pytest.raises(Unknown):
        saved_scenario(view, "QJ-0003")
    with pytest.raises(NotAllowed):
        save_scenario(book, Actor("viewer", frozenset({Role.VIEWER})), ONE, DAY)


def test_commands(sqlite_book, clerk, tmp_path: Path, monkeypatch, capsys) -> None:
    clerk.party("PF", "parent_fund", portfolio="yes")
    monkeypatch.setenv("FOF_DATABASE_URL", str(sqlite_book.url))
    spec = tmp_path / "a.toml"
    planned = '[[planned]]\ncode = "N"\ncommitment = "100"\nsigned_on = 2049-12-31\nstrategy = "vc"\n'
    spec.write_text(f'name = "基准"\nhorizon = 40\n{planned}', encoding="utf-8")
    assert main(["project", "save", str(spec)]) == 0
    assert main(["project", "saved", "--json"]) == 0
    assert '"QJ-0001"' in capsys.readouterr().out
    assert main(["project", "saved", "QJ-0001", "-o", str(tmp_path / "b.toml")]) == 0
    assert read_scenario((tmp_path / "b.toml").read_text("utf-8")) == read_scenario(spec.read_text("utf-8"))
    assert main(["project", "saved", "QJ-0009"]) == 2


@pytest.mark.parametrize("command", ["run", "plan", "save", "backtest"])
def test_every_command_holds_its_file_against_the_book(
    clerk, tmp_path: Path, monkeypatch, capsys, command
) -> None:
    """What the file says wrong and what the book finds wrong is one list, nothing is saved; a portfolio that there is not as well."""
    clerk.party("PF", "parent_fund", portfolio="yes")
    monkeypatch.setenv("FOF_DATABASE_URL", str(clerk.database.url))
    spec = tmp_path / "a.toml"
    plan = '[plan]\nyears = 2\nstrategies = ["vc"]\n[cash]\nopening = "1"\n'
    of_book = plan + '[[shock]]\nkind = "manager_haircut"\nmanager = "NONE-1"\nshare = 0.1\n'
    head = ledger.read(clerk.database).head

    def refused(text: str) -> str:
        spec.write_text(text, encoding="utf-8")
        assert main(["project", command, str(spec)]) == 2
        assert ledger.read(clerk.database).head == head
        return capsys.readouterr().err

    both = refused('name = "x"\npaths = -1\n' + of_book)
    assert "  paths：" in both
    assert "  shock[1].manager：" in both
    alone = refused('name = "x"\npaths = 8\n' + of_book)
    assert "  shock[1].manager：" in alone
    assert "NONE-9" in refused('name = "x"\npaths = 8\nportfolio = "NONE-9"\n' + plan)
    assert "  portfolio：" in refused('name = "x"\npaths = -1\nportfolio = "NONE-9"\n' + plan)
