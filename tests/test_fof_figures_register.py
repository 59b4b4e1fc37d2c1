"""One register of figures: what a page, command, export or explanation has stands in it once, and nothing else stands there."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fof.cli.schemas import documents
from fof.explain import EXPOSURES, FIGURES
from fof.figures.answers import Answer, Document, plain
from fof.figures.documents import OPENED
from fof.figures.register import closed_lists, figure, figures
from models.text import Text

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "fof" / "ui").rglob("*.py"))
TABLES = {"table": 2, "record_table": 2}
"""Functions of pages that draw a table -> the place of its figures among their arguments."""


class Names(ast.NodeVisitor):
    """The figures that one page names: of its tables, and the labels it takes from the register by a literal."""

    def __init__(self, tree: ast.Module) -> None:
        self.assigned: dict[str, list[ast.expr]] = {}
        self.found: dict[str, int] = {}
        self.columns: list[ast.Call] = []
        self.typed: list[int] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        self.assigned.setdefault(target.id, []).append(node.value)
        self.visit(tree)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in TABLES and len(node.args) > TABLES[name]:
            self._take(node.args[TABLES[name]])
        if name == "named" and node.args:
            self._take(node.args[0])
        if name == "headline" and node.args:
            self.typed += [
                call.lineno
                for figure in ast.walk(node.args[0])
                if isinstance(figure, ast.Tuple) and len(figure.elts) == 3
                for call in ast.walk(figure.elts[0])
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_"
            ]
        if name == "Column":
            self.columns.append(node)
        self.generic_visit(node)

    def _take(self, node: ast.expr) -> None:
        match node:
            case ast.Constant(value=str(text)):
                for name in text.split():
                    self.found.setdefault(name.partition("=")[2] or name, node.lineno)
            case ast.List(elts=inner):
                for element in inner:
                    self._take(element)
            case ast.Starred(value=value):
                self._take(value)
            case ast.IfExp(body=body, orelse=orelse):
                self._take(body)
                self._take(orelse)
            case ast.JoinedStr(values=values):
                for part in values:
                    text = part.value if isinstance(part, ast.FormattedValue) else part
                    if not isinstance(text, ast.Constant) or not re.search(r"[=_]$", str(text.value)):
                        self._take(text)
            case ast.Name(id=name):
                for value in self.assigned.get(name, []):
                    if isinstance(value, ast.Constant | ast.List | ast.JoinedStr):
                        self._take(value)
            case ast.Call(func=ast.Attribute(value=value, attr="split")):
                self._take(value)


def pages() -> Iterator[tuple[str, Names]]:
    for path in PAGES:
        yield str(path.relative_to(ROOT)), Names(ast.parse(path.read_text("utf-8")))


def used() -> dict[str, str]:
    """Figure -> where it is used."""
    found = {name: f"{path}:{line}" for path, page in pages() for name, line in page.found.items()}
    for document in documents().values():
        for slot in (*document.head_slots, *document.columns):
            found[slot.figure.name] = f"document {document.name}"
    found |= dict.fromkeys(OPENED, "explain")
    return found | {f"gov_{level}": "page" for level in ("unstated",)}


def test_every_figure_that_is_used_stands_in_the_register() -> None:
    missing = {name: where for name, where in used().items() if name not in figures()}
    assert missing == {}, "not in fof/figures/register.csv"


def test_every_figure_of_the_register_is_used() -> None:
    assert set(figures()) - set(used()) == set(), "nobody uses these figures of fof/figures/register.csv"


def test_the_pages_are_read() -> None:
    """The reading of the pages above sees their tables: these figures stand on screens alone."""
    seen = {name for _path, page in pages() for name in page.found}
    assert {"vintage", "stage", "holding_share", "own_committed", "recorded_utc", "leverage_a", "nav"} <= seen
    page = Names(ast.parse('widgets.table("t", rows, ["fund=moon", *("sun" if x else "")], "key")'))
    assert set(page.found) == {"moon", "sun"}


def test_no_headline_types_its_words() -> None:
    """The label of a headline figure is that of the register, as the heading of a column is."""
    assert [f"{path}:{line}" for path, page in pages() for line in page.typed] == []
    page = Names(
        ast.parse('widgets.headline([(_("月", "Moon"), text, _("为", "why")), (named("nav"), text, None)])')
    )
    assert (page.typed, set(page.found)) == ([1], {"nav"})


def test_no_page_declares_a_figure_again() -> None:
    for path, page in pages():
        for call in page.columns:
            name = call.args[0] if call.args else None
            if not isinstance(name, ast.Constant) or name.value not in figures():
                continue
            assert not (isinstance(call.args[1], ast.Call) and getattr(call.args[1].func, "id", "") == "_"), (
                f"{path}:{call.lineno}: {name.value} has its words in fof/figures/register.csv"
            )


def test_a_figure_stands_once_and_is_whole() -> None:
    with (ROOT / "fof/figures/register.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names))
    for name, found in figures().items():
        assert re.fullmatch(r"[a-z][a-z_]*", name)
        assert all(found.text), name
        assert found.formula is None or all(found.formula), f"{name}: a formula in one language"
        assert not found.words or found.words in closed_lists(), f"{name}: no list {found.words}"
        assert found.unit != "money" or found.perspective is not None, f"{name}: whose money"


def test_what_opens_has_a_formula() -> None:
    for name in (*OPENED, *(e.replace("exposure", "looked_through") for e in EXPOSURES)):
        assert figure(name).formula is not None, name
    assert set(FIGURES) < set(OPENED)


def test_documents_name_their_figures_once() -> None:
    for document in documents().values():
        assert len(document.rows) == len(set(document.rows)), document.name
        assert len(document.head) == len(set(document.head)), document.name
        for names in (document.json_only, document.reasons, document.spare, document.meaning):
            assert {n.removeprefix("head.") for n in names} <= {*document.rows, *document.head}, document.name
        assert not document.section or document.section in document.rows
        assert all(own != meaning for own, meaning in document.meaning.items()), document.name


def test_a_figure_that_nobody_declared_is_named() -> None:
    with pytest.raises(KeyError, match="moon"):
        Document("d", Text("一", "d"), "", ("moon",)).slots  # noqa: B018


def test_codes_are_the_same_in_both_languages_and_texts_are_not() -> None:
    document = Document("d", Text("一", "d"), "", ("held_kind", "note", "nav"), reasons=frozenset({"nav"}))
    why = Text("未知", "unknown")
    rows = [{"held_kind": "fund", "note": Text("甲", "a"), "nav": None, "reasons": {"nav": why}}]
    zh, en = (Answer(document, rows, None, 1, "CNY").json(language)["rows"][0] for language in ("zh", "en"))
    assert zh["held_kind"] == en["held_kind"] == "fund"
    assert (zh["note"], en["note"], zh["nav_reason"], en["nav_reason"]) == ("甲", "a", "未知", "unknown")


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("nav", 123456789, "1234567.89"),
        ("dpi", float("nan"), None),
        ("irr", 0.1, 0.1),
        ("missing_count", 3, 3),
        ("nav_rolled", 1, True),
        ("key", "F1", "F1"),
        ("nav", None, None),
    ],
)
def test_values_are_written_by_their_unit(name: str, value: object, written: object) -> None:
    assert plain(figure(name), value) == written
