"""The house rules that no tool keeps: read from the sources themselves."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

import models
import valuation
from fof.book import contents
from fof.figures.register import figures
from fof.instruments import missing_places
from fof.ledger import backup, soundness
from fof.ledger.checks.storable import _COLUMNS as STORABLE
from fof.ui import menu
from models.facts import FACTS
from models.journal import ROW_TABLES
from models.posting_kinds import TREATMENTS, PostingKind
from models.rows import PARTY_FIELDS, ROW_CLASSES, SUBJECT_FIELDS

ROOT = Path(__file__).resolve().parents[1]
NAME_OF = {t.row: t.table.name for t in ROW_TABLES}
SOURCES = sorted(p for folder in ("fof", "models", "valuation") for p in (ROOT / folder).rglob("*.py"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Every node of a source file, read once for all tests of this module."""
    return list(ast.walk(ast.parse(path.read_text("utf-8"))))


@pytest.fixture(scope="module", autouse=True)
def _sources_are_let_go() -> Iterator[None]:
    """A million nodes would slow every later collection of the worker's garbage."""
    yield
    nodes.cache_clear()


def calls(name: str, *paths: Path) -> Iterator[tuple[Path, ast.Call]]:
    for path in paths:
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield path, node


def test_the_packages_load_from_this_checkout() -> None:
    for package in (models, valuation):
        assert package.__file__ is not None
        assert Path(package.__file__).is_relative_to(ROOT)


def test_no_package_in_the_tests_folder_shadows_ours() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_every_posting_kind_has_one_treatment() -> None:
    assert set(TREATMENTS) == set(PostingKind)


def test_row_classes_have_the_fields_of_their_tables() -> None:
    for row_table in ROW_TABLES:
        names = [c.name for c in row_table.table.columns]
        assert names == ["entry", "line", *row_table.row._fields]  # type: ignore[attr-defined]


def test_party_and_subject_fields_are_those_that_refer_to_them() -> None:
    for table, fields in (("party", PARTY_FIELDS), ("subject", SUBJECT_FIELDS)):
        found = {
            key.parent.name
            for row_table in ROW_TABLES
            for key in row_table.table.foreign_keys
            if key.column.table.name == table
        }
        assert set(fields) == found, table


_IN_ROUNDS = "".join(
    (ROOT / "tests" / name).read_text("utf-8")
    for name in ("test_fof_intake_subjects.py", "test_fof_intake_round.py", "test_fof_intake_export.py")
)
"""The tests in which every row goes out into sheets and comes back."""

PLACES_OF_ROWS: dict[str, Callable[[], Iterable[str]]] = {
    "row classes (models.rows)": lambda: ROW_CLASSES,
    "triggers of PostgreSQL (fof.ledger.soundness)": lambda: {
        guard.removesuffix("_closed") for guard in soundness.POSTGRES_GUARDS if guard.endswith("_closed")
    },
    "backup and restore (fof.ledger.backup)": lambda: backup.TABLES,
    "what can be kept (fof.ledger.checks.storable)": lambda: {NAME_OF[row] for row in STORABLE},
    "names of the fields (fof.book.contents)": lambda: {
        table
        for table, row in ROW_CLASSES.items()
        if table == "posting" or set(row._fields) <= {*contents._NAMES, "id"}  # type: ignore[attr-defined]
    },
    "the golden record (tests/test_fof_ledger_record.py)": lambda: re.findall(
        r'^    "([a-z_]+)": \[t\.',
        (ROOT / "tests/test_fof_ledger_record.py").read_text("utf-8"),
        re.MULTILINE,
    ),
    "forged rows (tests/test_fof_ledger_forged.py)": lambda: re.findall(
        r'^    "([a-z_]+)\.entry": \[',
        (ROOT / "tests/test_fof_ledger_forged.py").read_text("utf-8"),
        re.MULTILINE,
    ),
    "export and import (tests/test_fof_intake_subjects.py, tests/test_fof_intake_round.py)": lambda: {
        table
        for table, row in ROW_CLASSES.items()
        if table == "disposition"  # read as decisions (fof.ledger.former)
        or row.__name__ in _IN_ROUNDS
        or any(f"view.{name}" in _IN_ROUNDS for name in (f"{table}s", f"{table}es"))
    },
    "the migrations": lambda: re.findall(
        r'(?:create_table\(|_rows\()\s*"([a-z_]+)"',
        "".join(p.read_text("utf-8") for p in (ROOT / "fof/migrations/versions").glob("0*.py")),
    ),
}
"""Where a row table must be known, and which tables are known there."""


@pytest.mark.parametrize("place", PLACES_OF_ROWS)
@pytest.mark.parametrize("table", [t.table.name for t in ROW_TABLES])
def test_a_row_table_is_known_everywhere(table: str, place: str) -> None:
    assert table in set(PLACES_OF_ROWS[place]()), f"{place} does not know the row table {table}"


def test_no_money_column_is_a_float_or_a_decimal() -> None:
    for table in models.metadata.tables.values():
        for column in table.columns:
            assert column.type.__class__.__name__ in (
                "Integer",
                "SmallInteger",
                "BigInteger",
                "String",
                "Date",
                "LargeBinary",
            )


def test_a_text_is_two_literals() -> None:
    """What is said on a screen can be searched for, in either language, and has both."""
    for path, call in calls("_", *SOURCES, ROOT / "app.py"):
        assert len(call.args) == 2, f"{path}: a text has two languages, line {call.lineno}"
        for argument in call.args:
            assert isinstance(argument, ast.Constant), f"{path}: a text is a literal, line {call.lineno}"
            assert argument.value, f"{path}: a text is not empty, line {call.lineno}"


def test_every_page_has_a_place_in_the_menu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = menu.places()
    assert set(places) == {p.stem for p in (ROOT / "fof/ui/pages").glob("*.py")}
    for of in ("order", "title"):
        assert len({getattr(place, of) for place in places.values()}) == len(places)
    (tmp_path / "somewhere.py").write_text("TITLE = 'no place'")
    monkeypatch.setattr(menu, "PAGES", tmp_path)
    menu.places.cache_clear()
    with pytest.raises(RuntimeError, match="somewhere"):
        menu.places()
    menu.places.cache_clear()


def test_every_instrument_has_a_place_in_every_room() -> None:
    """docs/extending.md lists the places; tests/test_trial_instrument.py forgets each of them in turn."""
    assert missing_places() == []


def test_only_faces_ask_what_day_it_is() -> None:
    """Everything below the screens and commands is told its day (recorded_at and the like are UTC instants)."""
    for path in SOURCES:
        if path.is_relative_to(ROOT / "fof" / "ui") or path.is_relative_to(ROOT / "fof" / "cli"):
            continue
        assert ".today()" not in path.read_text("utf-8"), path


@pytest.mark.parametrize("pattern", [r"unsafe_allow_html\s*=\s*True", r"st\.html\("])
def test_no_page_writes_markup(pattern: str) -> None:
    """fof/ui/browser.py alone does, from files of ours, and tells nothing of the book."""
    for path in (ROOT / "fof" / "ui").rglob("*.py"):
        if path.name == "browser.py":
            continue
        assert not re.search(pattern, path.read_text("utf-8")), path


def test_locks_hold_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        assert not re.search(r"https?://|--(extra-)?index|--find-links", lock.read_text("utf-8")), lock


def test_the_lock_holds_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = (ROOT / "requirements" / "run.lock").read_text("utf-8").lower()
    for dependency in project["dependencies"]:
        name = re.split(r"[\[=<>]", dependency)[0].lower()
        assert f"\n{name}==" in f"\n{locked}", dependency


def test_one_module_says_lines_and_messages() -> None:
    """The framework reads them as Markdown: what comes from outside is text, and fof.ui.say makes it so."""
    for path in (ROOT / "fof" / "ui").rglob("*.py"):
        if path.name not in ("say.py",):
            found = re.findall(
                r"\bst\.(?:caption|error|info|success|warning|markdown|write|toast|header|latex)\b",
                path.read_text("utf-8"),
            )
            assert found == [], path


HAN = re.compile("[\u3400-\u9fff]")
PRODUCT = [*SOURCES, ROOT / "app.py"]
SAYS = {"models/text.py", "fof/words.py", "fof/cli/usage.py"}
"""Where a language is chosen, and where `_` and what describes a command take the two halves."""


def _literal(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return None


def _trees() -> Iterator[tuple[str, list[ast.AST]]]:
    for path in PRODUCT:
        yield path.relative_to(ROOT).as_posix(), nodes(path)


def test_a_text_in_two_languages_is_one_thing() -> None:
    """No parameter, field or variable holds one half of a text, and no option of a call gives one."""
    for path, tree in _trees():
        if path in SAYS | {"models/kinds.py"}:
            continue
        for node in tree:
            named = [getattr(node, "arg", None)]
            if isinstance(node, ast.AnnAssign | ast.Assign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                named += [t.id for t in targets if isinstance(t, ast.Name)]
            for name in named:
                half = name and re.search(r"(_|^)(zh|en)$", name) and not name.startswith("_en")
                assert not half or _is_local(node, name), f"{path}:{node.lineno}: {name}"  # type: ignore[attr-defined]


def _is_local(node: ast.AST, name: str) -> bool:
    """Whether a half is worked out on the way to a Text, in a plain assignment to a local name."""
    return isinstance(node, ast.Assign) and name in ("zh", "en")


def test_a_language_is_chosen_in_one_place() -> None:
    for path, tree in _trees():
        if path in SAYS:
            continue
        for node in tree:
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                chosen = any(isinstance(s, ast.Constant) and s.value in ("zh", "en") for s in sides)
                assert not chosen, f"{path}:{node.lineno}: {ast.unparse(node)}"


def test_no_literal_holds_both_languages() -> None:
    for path, tree in _trees():
        for node in tree:
            text = _literal(node)
            if text is not None and "/ " in text:
                before, _, after = text.partition("/ ")
                both = HAN.search(before) and re.search("[A-Za-z]{2}", after) and not HAN.search(after)
                assert not both, f"{path}:{node.lineno}: {text[:60]}"  # type: ignore[attr-defined]


def _errors() -> set[str]:
    """The names of FofError and of every class below it, and of what a command says of a wrong option."""
    found = {"FofError", "WrongOption"}
    while True:
        more = {
            node.name
            for _, tree in _trees()
            for node in tree
            if isinstance(node, ast.ClassDef) and any(getattr(b, "id", "") in found for b in node.bases)
        }
        if more <= found:
            return found
        found |= more


def test_every_error_says_both_languages() -> None:
    """A Chinese literal that reaches an error, or a problem of one, stands in a Text beside its English."""
    makers, seen = _errors() | {"Problem"}, 0
    for path, tree in _trees():
        for call in tree:
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in makers:
                seen += 1
                inside = {id(n) for text in ast.walk(call) if _is_text(text) for n in ast.walk(text)}
                for node in ast.walk(call):
                    said = _literal(node)
                    alone = said is not None and HAN.search(said) and id(node) not in inside
                    assert not alone, f"{path}:{call.lineno}: {said}"
    assert seen > 150


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Text", "_")


NAMED = sorted([*SOURCES, *(ROOT / "seeds").rglob("*.py"), ROOT / "app.py", ROOT / "bootstrap.py"])
HELD = {"str", "str | None", "object"}
DIALECT = frozenset(["told", "said", "shown", "kept", "behind", "had", "odd", "again", "nought", "reckoned"])


def bound_names(path: Path) -> Iterator[tuple[int, str, ast.expr | None]]:
    """Line, name and, of a parameter or field, its declared type, for every name that a module gives to something."""
    for node in nodes(path):
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                yield node.lineno, node.name, None
            case ast.arg():
                yield node.lineno, node.arg, node.annotation
            case ast.AnnAssign(target=ast.Name() as name):
                yield node.lineno, name.id, node.annotation
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id, None
            case ast.Attribute(ctx=ast.Store(), value=ast.Name("self")) if node.attr != "found":
                yield node.lineno, node.attr, None
            case ast.alias() if node.asname:
                yield node.lineno, node.asname, None


def dialect_names(path: Path) -> Iterator[str]:
    """`found` is the field or parameter that holds what an input held: the text of it, not a result."""
    found = {
        line
        for line, name, kind in bound_names(path)
        if name == "found" and kind is not None and ast.unparse(kind) in HELD
    }
    for line, name, _kind in bound_names(path):
        parts = set(name.strip("_").lower().split("_"))
        if name in FACTS or (not parts & DIALECT and (name.strip("_") != "found" or line in found)):
            continue
        yield f"{path.relative_to(ROOT)}:{line}: {name}"


def test_a_name_says_what_the_thing_is() -> None:
    """The field's nouns, so that a name can be searched; the name of a stored fact stays what it is."""
    assert [wrong for path in NAMED for wrong in dialect_names(path)] == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("told = 1", "told"),
        ("def _kept_rows(): ...", "_kept_rows"),
        ("class Odd: ...", "Odd"),
        ("def f(shown): ...", "shown"),
        ("for said, n in []: ...", "said"),
        ("class A:\n    def f(self): self._behind = 1", "_behind"),
        ("found = []", "found"),
        ("def f(found: list[int]): ...", "found"),
        ("class A:\n    found: str | None", None),
        ("def f(found: object): ...", None),
        ("untold = holding = cash_kept = 1", None),
    ],
)
def test_a_dialect_name_is_noticed(
    line: str, name: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "a.py").write_text(line, "utf-8")
    assert [wrong.rpartition(" ")[2] for wrong in dialect_names(tmp_path / "a.py")] == (
        [] if name is None else [name]
    )


PLURAL = re.compile(
    r"(?<!=)\{([^{}]*)\} (?:more |other |new |whole )?"
    r"(accounts|cells|claims|columns|commitments|companies|conditions|days|deals|entries|exits|figures|files|findings|funds|groups|investors"
    r"|items|jobs|judgements|kinds|loans|months|notices|numbers|partners|paths|payments|people|places|problems|projects|rows|rules|shares"
    r"|stakes|steps|topics|values|versions|words|years)\b"
)
"""A number that is written in front of an English noun in the plural."""

NEVER_ONE = re.compile(
    r"[A-Z_]+|(file_limits|len)\W[A-Z_]+\W?|[a-z_]+_(min|max|years|months|groups)|all_topics"
)
"""Constants of ours, and numbers of the rulebook."""


def test_a_number_of_one_stands_in_front_of_a_singular() -> None:
    """`1 problems` is no English: models.text.counted writes a number with what it counts."""
    wrong = []
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.JoinedStr):
                parts = (
                    part.value if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
                    for part in node.values
                    if isinstance(part, ast.Constant | ast.FormattedValue)
                )
                text = "".join(map(str, parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            else:
                continue
            wrong += [
                f"{path.relative_to(ROOT)}:{node.lineno}: {own[0]}"
                for own in PLURAL.finditer(text)
                if not NEVER_ONE.fullmatch(own[1])
            ]
    assert wrong == []


def test_a_class_name_occurs_once() -> None:
    """A name that is searched for leads to one thing."""
    places: dict[str, list[str]] = defaultdict(list)
    for folder in ("fof", "models", "valuation"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in nodes(path):
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert {name: at for name, at in places.items() if len(at) > 1} == {}


def test_a_problem_names_its_field_in_words() -> None:
    """No internal name in front of a reader: a field is a text in both languages, an option or a variable of the environment;
    what a file calls its columns comes from the file. The library alone names an argument of its own."""
    for path in (p for p in SOURCES if p.is_relative_to(ROOT / "fof" / "library") is False):
        for node in nodes(path):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Where":
                for keyword in node.keywords:
                    if keyword.arg == "field" and isinstance(keyword.value, ast.Constant):
                        field = str(keyword.value.value)
                        assert field.startswith(("--", "FOF_")), f"{path}:{node.lineno}: {field}"


def test_no_page_types_a_name_that_the_register_has() -> None:
    """A figure has one name on screen, command and export: fof.ui.labels.named takes it from the register."""
    registered = {tuple(figure.text): name for name, figure in figures().items()}
    typed = []
    for path in sorted((ROOT / "fof" / "ui").rglob("*.py")):
        for node in nodes(path):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ("_", "Text"):
                continue
            pair = tuple(a.value if isinstance(a, ast.Constant) else None for a in node.args)
            if pair in registered:
                typed.append(f"{path.relative_to(ROOT)}:{node.lineno}: {pair[0]} is {registered[pair]!r}")
    assert typed == []


def test_a_choice_among_words_knows_when_the_words_change() -> None:
    """The browser names an option by its label (fof.ui.cited.in_new_words): each choice's key comes through fof.ui.cited."""
    bare = []
    for path in sorted((ROOT / "fof" / "ui").rglob("*.py")):
        for node in nodes(path):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr not in ("selectbox", "multiselect", "segmented_control", "radio", "pills"):
                continue
            words = {w.arg: ast.unparse(w.value) for w in node.keywords}
            if "format_func" in words and "cited." not in words.get("key", ""):
                bare.append(f"{path.relative_to(ROOT)}: {words.get('key')}")
    assert sorted(bare) == [
        "fof/ui/explained.py: key",
        "fof/ui/frame.py: 'lang_choice'",
        "fof/ui/frame.py: key",
        "fof/ui/journal.py: key",
        "fof/ui/operations_inputs.py: choice",
    ], "these take their key from fof.ui.cited a line before, or have the same labels in every language"


def test_records_are_made_in_one_way() -> None:
    """A frozen dataclass with slots compiles seven functions at import; `@frozen` of models.frozen is the same and compiles one."""
    usual = re.compile(r"@dataclass\((?=[^)]*frozen=True)(?=[^)]*slots=True)(?![^)]*(?:order|repr)=)")
    sources = [p for p in SOURCES if p.relative_to(ROOT).parts[0] != "valuation" and p.name != "frozen.py"]
    wrong = [str(p.relative_to(ROOT)) for p in sources if usual.search(p.read_text(encoding="utf-8"))]
    assert wrong == [], "write @frozen (from models.frozen import frozen), or @frozen(eq=False)"
