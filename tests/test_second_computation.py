"""Performance, commitments, statements and look-through, computed a second time from the raw rows: every figure agrees.

The offices are random and made by the command line alone (tests/second/generate.py); the computation (tests/second)
knows nothing of the product. `make test` runs three offices and the demo office; `make soak` four dozen.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from second.compare import Comparison
from second.generate import Fof, Office

from fof.db import Database

SOAK = os.environ.get("FOF_SOAK") == "1"
SEEDS = range(1, 49) if SOAK else (1, 2)
ON_POSTGRES = range(49, 53) if SOAK else (3,)
DAYS = [dt.date(2017, 12, 31), dt.date(2020, 12, 31), dt.date(2022, 9, 30), dt.date(2024, 12, 31)]


def agrees(url: str, folder: Path, seed: int) -> None:
    """Book a random office, and hold every figure of it against the second computation."""
    fof = Fof(url, folder)
    Office(seed).book(fof, folder, initialise=url.startswith("sqlite"))  # on PostgreSQL the owner has done it
    compared = Comparison(fof, url)
    compared.everything(["GF", "PF", "PU"], DAYS, ["GF", "PF", "GOV-P", "LP-1"])
    assert compared.found == [], f"office {seed}: {compared.found[:5]} …"
    assert compared.compared > 2000


@pytest.mark.parametrize("seed", SEEDS)
def test_random_offices_agree(tmp_path: Path, seed: int) -> None:
    agrees(f"sqlite:///{tmp_path / 'office.sqlite'}", tmp_path, seed)


@pytest.mark.postgres
@pytest.mark.parametrize("seed", ON_POSTGRES)
def test_random_offices_agree_on_postgres(postgres_url: str, tmp_path: Path, seed: int) -> None:
    agrees(postgres_url, tmp_path, seed)


def test_the_demo_office_agrees(demo: Database, tmp_path: Path) -> None:
    fof = Fof(demo.address, tmp_path)
    compared = Comparison(fof, demo.address)
    for day in [dt.date(2016, 12, 31), dt.date(2026, 9, 30)] if SOAK else [dt.date(2026, 9, 30)]:
        compared.performance("PF-2023", day)
        compared.commitments("PF-2023", day)
        for owner in ("PF-2023", "SO-01", "GF-2023"):
            compared.lookthrough(owner, day)
        compared.statements(["PF-2023"], day, every=1 if SOAK else 9)
    # the two sales of part of a stake
    compared.statement("SF-2011-01", "GF-2011", dt.date(2014, 12, 31), dt.date(2015, 6, 30))
    compared.statement("SF-2011-01", "SO-01", dt.date(2014, 12, 31), dt.date(2015, 6, 30))
    compared.statement("SF-2014-01", "GF-2011", dt.date(2016, 6, 30), dt.date(2016, 9, 30))
    assert compared.found == [], compared.found[:5]
    assert compared.compared > 1500


def test_the_comparison_sees_a_wrong_figure(tmp_path: Path) -> None:
    """A fen more in one place of the second computation is found on every face that shows it."""
    url = f"sqlite:///{tmp_path / 'office.sqlite'}"
    fof = Fof(url, tmp_path)
    Office(1).book(fof, tmp_path, last=2017)
    compared = Comparison(fof, url)
    day = DAYS[0]
    paid = next(
        p
        for p in compared.rows.tables["posting"]
        if p["kind"] == 10 and compared.code(p["from_party"]) == "PF"
    )
    paid["fen"] += 1
    compared.performance("PF", day)
    compared.commitments("PF", day)
    assert {d.figure for d in compared.found} >= {"paid_in", "unfunded"}
