"""The library's face: its frames are the documents of the commands; what is not there is an error of the tree."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Clerk
from test_fof_ledger_replaced import PostgresPlace
from test_kept_book import book as kept_book  # noqa: F401 - a fixture
from test_kept_book import engine, postgres_kept  # noqa: F401 - fixtures of that one

import fof
from fof import ledger
from fof.cli import main
from fof.db import Database
from fof.errors import Closed, NotReady, Refused, Replaced, Unavailable, Unknown
from fof.figures.performance.market import read_index
from fof.figures.register import figure
from fof.ledger import View
from fof.library import Figures, FigureView, OpenBook
from fof.library.reference import with_reference
from models.journal import Position
from models.kinds import EntryKind

ROOT = Path(__file__).resolve().parents[1]
DAY = "2026-09-30"
Case = tuple[str, tuple[Any, ...], dict[str, Any], str]

OF_ANY_BOOK: list[Case] = [
    ("performance", (), {}, "performance"),
    (
        "performance",
        ("vintage,strategy,city,manager,class,kind,status,investor",),
        {},
        "performance --by vintage,strategy,city,manager,class,kind,status,investor",
    ),
    ("commitments", (), {}, "commitments"),
    ("commitments", ("investor",), {}, "commitments --by investor"),
    ("commitments", ("stake",), {}, "commitments --by stake"),
    ("leverage", (), {}, "evaluation leverage"),
    ("overview", (), {}, "overview"),
    ("overview", (800,), {}, "overview --days 800"),
    ("positions", (), {}, "positions"),
    ("positions", (), {"every_day": True, "exceptions": True}, "positions --every-day --exceptions"),
    ("audit", (), {}, "audit guidance"),
    ("audit", (), {"verdict": "all", "family": "AF"}, "audit guidance --verdict all --family AF"),
    ("rules", (), {}, "rules"),
    ("rules", ("gf",), {}, "rules --family gf"),
    ("scores", (), {}, "evaluation score"),
    ("losses", (), {"deals": True}, "evaluation losses --deals"),
    ("whole_life", (), {}, "evaluation whole-life"),
    ("reinvestment", (), {}, "evaluation reinvestment"),
    ("reinvestment_claims", (), {}, "evaluation reinvestment --claims"),
    ("clocks", (), {}, "operations clocks"),
    ("clawback", (), {}, "operations clawback"),
    ("open_calls", (), {}, "operations chase"),
    ("open_calls", (), {"every": True}, "operations chase --all"),
    ("explain", ("tvpi",), {}, "explain tvpi"),
    ("explain", ("leverage_b",), {}, "explain leverage_b"),
]
OF_THE_DEMO: list[Case] = [
    ("performance", (), {"fund": "SF-2011-01"}, "performance --fund SF-2011-01"),
    ("lookthrough", (), {}, "commitments --look-through"),
    ("lookthrough", ("PF-2023",), {"base": "paid_in"}, "lookthrough PF-2023 --base paid_in"),
    ("owners", ("SF-2018-02",), {}, "lookthrough SF-2018-02 --owners"),
    ("coverage", (), {}, "coverage"),
    ("coverage", ("mandates",), {}, "coverage --part mandates"),
    ("coverage", ("continuity",), {}, "coverage --part continuity"),
    ("coverage", ("company",), {"company": "QY-0001"}, "coverage --part company --company QY-0001"),
    ("coverage", ("companies",), {"stage": "seed"}, "coverage --part companies --stage 种子期"),
    (
        "coverage",
        ("stages",),
        {"since": dt.date(2020, 1, 1)},
        "coverage --part stages --since 2020-01-01",
    ),
    ("fund", ("SF-2018-02",), {}, "fund SF-2018-02"),
    ("statement", ("SF-2011-01",), {}, "statement SF-2011-01"),
    (
        "statement",
        ("SF-2011-01", "PF-2023", dt.date(2022, 12, 31)),
        {},
        "statement SF-2011-01 --investor PF-2023 --from 2022-12-31",
    ),
    ("statement_line", ("SF-2018-02", "closing"), {}, "statement SF-2018-02 --open closing"),
    (
        "audit",
        (),
        {"fund": "SF-2018-02", "only_open": True, "rules_as_of": dt.date(2020, 1, 1)},
        "audit guidance --fund SF-2018-02 --open --rules-as-of 2020-01-01",
    ),
    ("counterfactual", (), {}, "audit counterfactual"),
    ("counterfactual", (), {"by": "person"}, "audit counterfactual --by person"),
    ("participation", (), {}, "audit participation"),
    ("person_card", ("RY-MG-10-03",), {}, "audit person RY-MG-10-03"),
    ("deal_card", ("SF-2019-01-X14-1",), {}, "audit deal SF-2019-01-X14-1"),
    ("relations", ("RY-MG-10-03",), {}, "audit relations RY-MG-10-03"),
    ("scorecard", ("SF-2018-02",), {}, "evaluation score --fund SF-2018-02"),
    ("register", (2024,), {}, "evaluation register --year 2024"),
    ("register_fields", ("SF-2018-02",), {}, "evaluation register --fund SF-2018-02"),
    ("fees", ("SF-2018-02",), {}, "operations fees --fund SF-2018-02"),
    ("explain", ("irr",), {"by": "vintage", "key": "2018"}, "explain irr --by vintage --key 2018"),
    (
        "explain",
        ("gov_looked_through",),
        {"fund": "SF-2018-02"},
        "explain gov_looked_through --fund SF-2018-02",
    ),
]


def command(capsys: pytest.CaptureFixture[str], words: str, *more: str) -> dict[str, Any]:
    assert main([*words.split(), *more, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    found.pop("families", None)  # counts that stand beside the audit's rows
    if found.pop("funds", None) is not None:  # the register itself, beside its rows
        found.pop("currency")
    return found


def plain(value: Any, kind: str) -> Any:
    """A cell of a frame as JSON would hold it, by pandas' own idea of what is missing."""
    if pd.isna(value):
        return None
    if kind == "money":
        assert isinstance(value, Decimal)
        return f"{value:.2f}"
    if kind == "day":
        return value.date().isoformat()
    return {"flag": bool, "int": int, "text": str}.get(kind, float)(value)


def holds(figures: Figures[Any], wanted: dict[str, Any]) -> None:
    """The frames hold the rows of a command's document, cell by cell, and it stands above them."""
    exact, rough = figures.frame(), figures.frame(money="float")
    assert len(figures.rows) == len(exact) == len(rough) == len(wanted["rows"])
    kinds = {name: figure(column["figure"]).kind for name, column in exact.attrs["columns"].items()}
    assert all(list(exact.columns) == list(row) for row in wanted["rows"])
    for name in exact.columns:
        cells = [row[name] for row in wanted["rows"]]
        assert [plain(value, kinds.get(name, "text")) for value in exact[name]] == cells, name
        if kinds.get(name) == "money":
            for number, cell in zip(rough[name], cells, strict=True):
                assert np.isnan(number) if cell is None else number == float(cell)
    for name, value in wanted.items():
        if name != "rows":
            assert exact.attrs[name] == value
    assert all(rough[name].dtype == np.float64 for name, kind in kinds.items() if kind == "money")
    assert figures.document() == wanted


@pytest.fixture(scope="module")
def demo_view(demo_file: Path) -> Iterator[FigureView]:
    with fof.open(f"sqlite:///{demo_file}", language="zh") as book:
        yield book.at(DAY)


@pytest.mark.parametrize("case", [*OF_ANY_BOOK, *OF_THE_DEMO], ids=lambda case: case[3])
def test_a_frame_is_the_document_of_the_command(
    demo_view: FigureView,
    demo_file: Path,
    case: Case,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name, args, options, words = case
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{demo_file}")
    monkeypatch.setenv("FOF_LANG", "zh")
    holds(getattr(demo_view, name)(*args, **options), command(capsys, words, "--as-of", DAY))


def test_every_figure_of_the_view_is_compared() -> None:
    """A figure that is added to the face has a case here; co-investment in tests/test_fof_audit_coinvest.py, pools in
    tests/test_fof_audit_pools.py and test_fof_operations_claim_desk.py, the small instruments in tests/test_fof_audit_instruments.py."""
    figures = {
        name for name in dir(FigureView) if not name.startswith("_") and callable(getattr(FigureView, name))
    }
    assert figures == {name for name, *_ in (*OF_ANY_BOOK, *OF_THE_DEMO)} | {
        "roll_forward",
        "coinvestment",
        "coinvestment_institutions",
        "claim_plan",
        "pools",
        "pools_audit",
        "instruments",
        "instruments_audit",
    }


def test_the_index_is_the_command_s(
    demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{demo_file}")
    monkeypatch.setenv("FOF_LANG", "en")
    levels = tmp_path / "index.csv"
    levels.write_text("".join(f"{year}-12-31,{100 + 7 * (year - 2010)}\n" for year in range(2010, 2027)))
    with fof.open(f"sqlite:///{demo_file}") as book:
        assert book.language == "en"
        found = book.at(DAY).performance(index=read_index(levels))
        holds(found, command(capsys, f"performance --index {levels}", "--as-of", DAY))


def test_positions_roll_forward(
    clerk_on_both: Clerk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clerk_on_both.party("LP", "institution", portfolio="yes", currency="USD")
    clerk_on_both.party("A", "sub_fund", currency="USD")

    def disclosed(called: int, out: int, left: int) -> Callable[[View], list[Position]]:
        return lambda view: [
            Position(
                view.party("LP").id, view.party("A").id, 1000_00, called, out, left, None, "1.18", "disclosed"
            )
        ]

    clerk_on_both.rows(EntryKind.POSITION_STATEMENT, "2024-12-31", disclosed(100_00, 60_00, 58_00))
    clerk_on_both.rows(EntryKind.POSITION_STATEMENT, "2025-12-31", disclosed(150_00, 90_00, 70_00))
    url = clerk_on_both.database.address
    monkeypatch.setenv("FOF_DATABASE_URL", url)
    monkeypatch.setenv("FOF_LANG", "en")
    with fof.open(url) as book:
        rolled = book.at(DAY).roll_forward("LP", dt.date(2024, 12, 31))
    wanted = command(capsys, "positions --holder LP --roll-from 2024-12-31", "--as-of", DAY)
    holds(rolled, wanted)
    assert rolled.frame()["gain"].tolist() == [Decimal("-8.00"), Decimal("-8.00")], "70 - 58 - 50 + 30"


def test_a_kept_book_answers_the_library_as_it_answers_commands(
    kept_book: Database,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of revision 0001, upgraded, on both engines; at an earlier state of knowledge too."""
    url = kept_book.address
    monkeypatch.setenv("FOF_DATABASE_URL", url)
    monkeypatch.setenv("FOF_LANG", "en")
    assert main(["init"]) == 0
    capsys.readouterr()
    head = ledger.read(kept_book).head
    with fof.open(url) as book:
        for known_at in (head, head // 2):
            view = book.at(dt.date(2025, 6, 30), known_at)
            assert view.known_at == known_at
            for name, args, options, words in OF_ANY_BOOK:
                more = ("--as-of", "2025-06-30", *(() if name == "rules" else ("--known-at", str(known_at))))
                holds(getattr(view, name)(*args, **options), command(capsys, words, *more))


# -- what rows and frames are -------------------------------------------------------------------------------------


def test_rows_are_frozen_records_and_the_frame_keeps_types_and_reasons(demo_view: FigureView) -> None:
    found = demo_view.performance()
    with pytest.raises(FrozenInstanceError):
        found.rows[0].key = "X"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        found.rows = ()  # type: ignore[misc]
    frame = found.frame()
    assert str(frame.dtypes["irr"]) == "float64"
    assert str(frame.dtypes["nav_on"]) == "datetime64[s]"
    assert str(frame.dtypes["nav_age_days"]) == "Int64"
    assert str(frame.dtypes["nav_rolled"]) == "boolean"
    assert frame["paid_in"].map(type).eq(Decimal).all()
    without = frame[frame["tvpi"].isna()]
    assert len(without) > 0
    assert without["tvpi_reason"].notna().all(), "what is missing says why, and is no 0"
    assert frame.attrs["unit"] == "CNY"
    assert frame.attrs["columns"]["irr"]["unit"] == "rate"
    assert frame[frame["by"] == "fund"]["whose"].eq("own").all()
    assert demo_view.statement("SF-2011-01").frame().attrs["whose"] == "whole_fund"
    exact = sum(frame[frame["by"] == "fund"]["committed"], Decimal(0))
    assert exact == frame[frame["by"] == "portfolio"]["committed"].iloc[0], "decimals add up to the fen"


def test_an_empty_book_gives_frames_of_the_same_columns(database: Database, demo_view: FigureView) -> None:
    with fof.open(database.address) as book:
        view = book.at(DAY)
        for name in ("overview", "performance"):
            with pytest.raises(Unknown):
                getattr(view, name)()
        for name in ("positions", "losses", "scores"):
            found, full = getattr(view, name)().frame(), getattr(demo_view, name)().frame()
            assert len(found) == 0
            assert list(found.dtypes.items()) == list(full.dtypes.items())


# -- what is refused ----------------------------------------------------------------------------------------------


def test_a_book_that_is_not_there_is_never_made(tmp_path: Path, postgres_server: str) -> None:
    absent = tmp_path / "no" / "book.sqlite"
    with pytest.raises(NotReady):
        fof.open(f"sqlite:///{absent}")
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(NotReady):
        fof.open(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    (tmp_path / "text.sqlite").write_text("no book at all, " * 100)
    with pytest.raises(NotReady):
        fof.open(f"sqlite:///{tmp_path / 'text.sqlite'}")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty.sqlite", "text.sqlite"]
    assert (tmp_path / "empty.sqlite").stat().st_size == 0
    with pytest.raises(Refused):
        fof.open(str(absent))
    for base in (postgres_server.rpartition("/")[0] + "/fof_no_such_book", "postgresql://127.0.0.1:1/x"):
        with pytest.raises(Unavailable):
            fof.open(base)


@pytest.mark.parametrize(
    "day", ["2026-13-01", "30.9.2026", "", 20260930, dt.datetime(2026, 9, 30, 12), 45000.0], ids=repr
)
def test_what_is_no_day_is_refused(demo_file: Path, day: Any) -> None:
    with fof.open(f"sqlite:///{demo_file}") as book, pytest.raises(Refused, match="截至日"):
        book.at(as_of=day)


@pytest.mark.parametrize(
    ("known_at", "error"),
    [
        (-1, Refused),
        (10**9, Unknown),
        ("", Refused),
        ("soon", Refused),
        ("2026-02-30", Refused),
        (dt.datetime(2026, 1, 1), Refused),
        (dt.date(9999, 1, 1), Refused),
        ("1999-Q1", Unknown),
        (True, Refused),
    ],
    ids=repr,
)
def test_what_is_no_state_of_knowledge_is_refused(demo_file: Path, known_at: Any, error: type) -> None:
    with fof.open(f"sqlite:///{demo_file}") as book, pytest.raises(error):
        book.at(DAY, known_at)


def test_wrong_arguments_are_refused_and_unknown_codes_named(demo_file: Path) -> None:
    with fof.open(f"sqlite:///{demo_file}", language="en") as book:
        view = book.at(DAY)
        for wrong in (
            lambda: view.performance(by="colour"),
            lambda: view.commitments(by="vintage"),
            lambda: view.lookthrough(base="value"),  # type: ignore[arg-type]
            lambda: view.explain("happiness"),
            lambda: view.explain("gov_direct"),
            lambda: view.audit(verdict="maybe"),
            lambda: view.audit(family="ZZ"),
            lambda: view.overview(days=0),
            lambda: view.clocks().frame(money="yen"),  # type: ignore[arg-type]
        ):
            with pytest.raises(Refused) as refused:
                wrong()
            assert refused.value.text("en").isascii()
        for unknown in (
            lambda: view.fund("SF-0000"),
            lambda: view.statement("SF-2011-01", "SF-2011-01"),
            lambda: view.audit(fund="X"),
            lambda: book.at(DAY, portfolio="X").performance(),
        ):
            with pytest.raises(Unknown):
                unknown()


def test_a_closed_book_says_so(database: Database) -> None:
    book = fof.open(database.address)
    view = book.at(DAY)
    rules = view.rules()
    with book:
        assert len(view.rules()) == len(rules)
    book.close()
    for asked in (view.rules, lambda: book.at(DAY), book.__enter__):
        with pytest.raises(Closed):
            asked()
    assert len(rules.frame()) == len(rules), "what was answered is the caller's"


def test_another_book_in_its_place_is_not_read(demo_file: Path, sqlite_url: str, tmp_path: Path) -> None:
    place = tmp_path / "office.sqlite"
    shutil.copyfile(demo_file, place)
    with fof.open(f"sqlite:///{place}") as book:
        view = book.at(DAY)
        assert len(view.performance())
        shutil.copyfile(sqlite_url.removeprefix("sqlite:///"), place)
        for asked in (view.performance, view.commitments, lambda: book.at(DAY)):
            with pytest.raises(Replaced):
                asked()
        place.unlink()
        with pytest.raises(NotReady):
            view.performance()


@pytest.mark.parametrize("way", PostgresPlace.ways)
@pytest.mark.postgres
def test_another_book_in_its_place_on_a_server_is_not_read(
    postgres_url: str, postgres_server: str, postgres_template: str, tmp_path: Path, way: str
) -> None:
    """A database dropped and made again from another book, and another book's rows in the same one."""
    place = PostgresPlace(postgres_url, f"{postgres_server}|{postgres_template}", tmp_path)
    place.put(place.other(1000), "database")
    with fof.open(postgres_url) as book:
        view = book.at("2024-01-01")
        assert len(view.commitments())
        place.put(place.other(700), way)
        for asked in (view.commitments, view.performance, lambda: book.at("2024-01-01")):
            with pytest.raises(Replaced):
                asked()
    with fof.open(postgres_url) as book:
        assert len(book.at("2024-01-01").commitments())
        place.nothing(way)
        with pytest.raises((NotReady, Unavailable)):
            book.at("2024-01-01")
    place.put(place.other(700), "database")


def test_what_others_book_is_seen_by_new_views_alone(clerk_on_both: Clerk) -> None:
    with fof.open(clerk_on_both.database.address) as book:
        before = book.at(DAY)
        clerk_on_both.party("GF", "guidance_fund")
        after = book.at(DAY)
        assert after.known_at == before.known_at + 1
        with pytest.raises(Unknown):
            before.fund("GF")
        assert after.fund("GF").head["fund"] == "GF"


def test_views_in_threads_answer_as_one_after_another(demo_file: Path) -> None:
    def ask(view: FigureView) -> list[Any]:
        return [
            view.performance("vintage").document(),
            view.commitments().document(),
            view.overview().document(),
        ]

    days = ["2018-12-31", "2021-06-30", "2024-12-31", DAY]
    with fof.open(f"sqlite:///{demo_file}", language="zh") as book:
        one_by_one = [ask(book.at(day)) for day in days]
    zh = fof.open(f"sqlite:///{demo_file}", language="zh")
    en = fof.open(f"sqlite:///{demo_file}", language="en")
    with zh, en, ThreadPoolExecutor(8) as threads:
        chinese = [threads.submit(ask, zh.at(day)) for day in days]
        english = [threads.submit(ask, en.at(day)) for day in days]
        assert [f.result() for f in chinese] == one_by_one
        assert [f.result()[0]["rows"][0]["tvpi"] for f in english] == [
            a[0]["rows"][0]["tvpi"] for a in one_by_one
        ]


# -- what importing costs, and what a type checker sees -----------------------------------------------------------


def test_importing_loads_nothing_and_opening_no_pandas(demo_file: Path) -> None:
    program = (
        "import sys\nbefore = set(sys.modules)\nimport fof\n"
        "new = {m for m in set(sys.modules) - before if not m.startswith('_')}\n"
        "assert new <= {'fof', '__future__', 'typing', 're', 'collections', 'collections.abc', 'functools'} "
        "| {m for m in new if m.split('.')[0] in sys.stdlib_module_names}, new\n"
        "assert {m for m in new if m.startswith('fof')} == {'fof'}, new\n"
        f"view = fof.open('sqlite:///{demo_file}').at('{DAY}')\nview.commitments().document()\n"
        "heavy = {'pandas', 'numba', 'sqlalchemy', 'streamlit', 'alembic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def test_a_strict_type_checker_sees_rows_and_frames(tmp_path: Path) -> None:
    program = tmp_path / "analysis.py"
    program.write_text(
        "import datetime as dt\nimport fof\nimport pandas as pd\n"
        "with fof.open('sqlite:///x.sqlite') as book:\n"
        "    view = book.at(dt.date(2026, 9, 30), known_at='2026-Q2')\n"
        "    called: list[int | None] = [row.called for row in view.commitments().rows]\n"
        "    rates: list[float] = [row.irr.value for row in view.performance()]\n"
        "    frame: pd.DataFrame = view.lookthrough().frame(money='float')\n"
        "    view.performance(by=3)  # type: ignore[arg-type]\n"
        "    view.performance().frame(money='yen')  # type: ignore[arg-type]\n"
        "    view.performance().rows[0].happiness  # type: ignore[attr-defined]\n"
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(program)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_the_page_says_what_docstrings_say() -> None:
    """docs/api.md: `python -m fof.library.reference docs/api.md` writes the library's part."""
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    assert with_reference(page) == page
    for of in (FigureView, Figures, OpenBook):
        assert all(made.__doc__ for name, made in vars(of).items() if callable(made) and name[0] != "_")
    with pytest.raises(ValueError):
        with_reference("a page without marks")
