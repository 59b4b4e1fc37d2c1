"""Export → import → the same audit, evaluation, explanations, positions and figures; the second export is the first.

On random offices that speak the command line alone (tests/second/generate.py), to the last row, on any as-of day and at the
export's state of knowledge. `make test` takes one small office on each engine, `make soak` two dozen whole ones.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest
from live_rows import missing
from second.generate import LAST, Fof, Office
from test_fof_intake_round import same

from fof import ledger
from fof.db import Database

SOAK = os.environ.get("FOF_SOAK") == "1"
OFFICES = [(seed, LAST) for seed in range(1, 25)] if SOAK else [(5, 2017)]
QUESTIONS = (
    ("audit", "guidance", "--verdict", "all"),
    ("performance",),
    ("commitments", "--by", "stake"),
    ("evaluation", "score"),
    ("evaluation", "losses"),
    ("evaluation", "whole-life"),
    ("explain", "called"),
    ("explain", "nav"),
    ("explain", "irr"),
    ("positions",),
    ("lookthrough", "PF"),
    ("statement", "F-1"),
    ("operations", "clocks"),
    ("overview",),
)


def comes_back(url: str, folder: Path, seed: int, last: int, *, known_halfway: bool) -> None:
    """The office's export, taken by an empty book, answers as the office does."""
    first = Fof(url, folder)
    Office(seed).book(first, folder, initialise=url.startswith("sqlite"), last=last)
    head = ledger.read(Database(url)).head
    known = head // 2 if known_halfway else head
    second = Fof(f"sqlite:///{folder / 'second.sqlite'}", folder)
    second("init")
    sent, again = folder / "sent.xlsx", folder / "again.xlsx"
    first("export", "-o", str(sent), "--known-at", str(known))
    why = ("--why", "示例重报") if known_halfway else ()
    second("import", str(sent), *why)
    books = [Database(url), Database(f"sqlite:///{folder / 'second.sqlite'}")]
    before, after = ledger.read(books[0]).view(None, known), ledger.read(books[1]).view()
    assert missing(before, after) == {}
    second("export", "-o", str(again))
    assert again.read_bytes() == sent.read_bytes()
    for book in books:
        book.close()
    answered = 0
    for day in (dt.date(2015, 12, 31), dt.date(last, 9, 30), dt.date(2024, 12, 31)):
        for question in QUESTIONS:
            asked = (*question, "--as-of", str(day))
            code, one = _answer(first, *asked, "--known-at", str(known))
            assert _answer(second, *asked) == (code, one), (seed, asked)
            answered += code == 0
    assert answered >= 30, "the questions are answered, not refused alike"


def _answer(fof: Fof, *question: str) -> tuple[int, Any]:
    """Exit code and document of a question, without what numbers the entries of one book; of a refusal its words."""
    code, out, err = fof.run(*question, "--json")
    return code, same(json.loads(out, parse_float=_digits)) if code == 0 else err


def _digits(text: str) -> float:
    """A share or rate to twelve digits: parties have other numbers in another book, and a sum of floats another order."""
    return float(f"{float(text):.12g}")


@pytest.mark.parametrize(("seed", "last"), OFFICES)
def test_a_random_office_comes_back(tmp_path: Path, seed: int, last: int) -> None:
    comes_back(f"sqlite:///{tmp_path / 'office.sqlite'}", tmp_path, seed, last, known_halfway=seed % 3 == 2)


@pytest.mark.postgres
@pytest.mark.parametrize(("seed", "last"), [(25, LAST), (26, LAST)] if SOAK else [(6, 2016)])
def test_a_random_office_comes_back_from_postgres(
    postgres_url: str, tmp_path: Path, seed: int, last: int
) -> None:
    comes_back(postgres_url, tmp_path, seed, last, known_halfway=False)
