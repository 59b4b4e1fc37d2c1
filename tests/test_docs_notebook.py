"""docs/analyst.ipynb runs from top to bottom on the demo office, and what it writes is what the commands print."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fof.cli import main

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "analyst.ipynb"
CELLS: list[dict[str, Any]] = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]


def test_the_notebook_is_kept_without_outputs() -> None:
    for cell in CELLS:
        assert cell["id"]
        assert cell["cell_type"] in ("markdown", "code")
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
    assert len({cell["id"] for cell in CELLS}) == len(CELLS)


def test_prose_stands_in_both_languages() -> None:
    for cell in CELLS:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            assert any("\u4e00" <= c <= "\u9fff" for c in text)
            assert any(c.isascii() and c.isalpha() for c in text)


def test_the_notebook_runs_on_the_demo_office(
    demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{demo_file}")
    monkeypatch.setenv("FOF_LANG", "zh")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    answers = []
    for n, cell in enumerate(c for c in CELLS if c["cell_type"] == "code"):
        tree = ast.parse("".join(cell["source"]), f"cell {n}")
        last = tree.body[-1]
        if isinstance(last, ast.Expr):  # what a notebook shows under its cell
            tree.body.pop()
            exec(compile(tree, f"cell {n}", "exec"), names)
            answers.append(eval(compile(ast.Expression(last.value), f"cell {n}", "eval"), names))
        else:
            exec(compile(tree, f"cell {n}", "exec"), names)
    assert all(len(answer) for answer in answers if hasattr(answer, "columns")), "no table of it is empty"
    assert len(names["funds"]) == 27
    assert names["worst"].verdict.value == "breach"
    assert names["opened"].head["value"] == names["funds"]["tvpi"].iloc[0]

    assert main(["performance", "--as-of", "2026-09-30", "--json"]) == 0
    wanted = json.loads(capsys.readouterr().out)["rows"]
    sheet = openpyxl.load_workbook(tmp_path / "analysis.xlsx")["performance"]
    head, *rows = sheet.iter_rows(values_only=True)
    assert list(head) == list(wanted[0])
    place = head.index("paid_in")
    assert [f"{row[place]:.2f}" for row in rows] == [row["paid_in"] for row in wanted]
