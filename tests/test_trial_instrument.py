"""What a new instrument takes: eight places, and none can be forgotten unnoticed (docs/extending.md lists them).

The instrument lies in tests/trial and is added to a copy of the program: one layout, two attributes, one rule, one figure on
page, command, export and explanation.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fof.db import Database
from valuation.warmup import warm

ROOT = Path(__file__).resolve().parents[1]
OFFICE = ROOT / "tests" / "kept" / "0005" / "office-31.sqlite.gz"
TRIAL = ROOT / "tests" / "trial"
NEW = sorted(path.relative_to(TRIAL) for path in (TRIAL / "fof").rglob("*.py"))
"""Modules of the instrument, one in each room."""
ADDED = {
    "models/facts.py": (
        None,
        """
fact("voucher_issued", _T.FEN, Text("创新券累计发放", "Vouchers given"), instrument="vouchers")
fact("voucher_redeemed", _T.FEN, Text("创新券累计兑付", "Vouchers used"), instrument="vouchers")
""",
    ),
    "fof/rules/facts_parties.py": (
        "    converted_on: dt.date | None = None  # fact converted_on\n",
        """    voucher_issued: int | None = None  # fact voucher_issued
    voucher_redeemed: int | None = None  # fact voucher_redeemed
""",
    ),
    "fof/figures/register.csv": (
        None,
        "voucher_use,share,创新券使用率,Part of vouchers used,累计兑付 ÷ 累计发放,used ÷ given,,\n",
    ),
}
"""File -> (line after which it stands, None for the end; what is added)."""


CHECKED_AND_STARTED = """
import os, runpy, sys, traceback
os.dup2(1, 2)
sys.stdout.reconfigure(line_buffering=True)
try:
    runpy.run_module("fof.instruments", run_name="__main__", alter_sys=True)
except SystemExit as ended:
    code = ended.code
except BaseException:
    traceback.print_exc()
    code = 1
print("checked:", code)
from fof.ui.server import prepare
prepare()
"""
"""`python -m fof.instruments` and the start of the server in one process: loading the program is most of both."""


def copied(folder: Path, left_out: str = "") -> Path:
    """A copy of the program with the trial instrument in it, but for one place."""
    for name in ("fof", "models", "valuation", ".streamlit"):
        shutil.copytree(
            ROOT / name, folder / name
        )  # with what is compiled: modules, and kernels after `warm`
    shutil.copy(ROOT / "app.py", folder)
    for path in NEW:
        if str(path) != left_out:
            shutil.copy(TRIAL / path, folder / path)
    for name, (after, text) in ADDED.items():
        if name != left_out:
            before = (folder / name).read_text("utf-8")
            assert after is None or after in before
            made = before + text if after is None else before.replace(after, after + text, 1)
            (folder / name).write_text(made, "utf-8")
    return folder


def run(copy: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    here = {k: v for k, v in os.environ.items() if not k.startswith("FOF_")}
    here |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "FOF_LANG": "zh", **environment}
    return subprocess.run(
        [sys.executable, *words], cwd=copy, env=here, capture_output=True, text=True, check=False
    )


def test_it_takes_eight_places() -> None:
    assert len(NEW) + len(ADDED) == 8
    page = (ROOT / "docs" / "extending.md").read_text("utf-8")
    for place in [*map(str, NEW), *ADDED]:
        assert place.replace("vouchers", "NOUN") in page, "docs/extending.md lists every place"


def test_the_recipes_name_files_that_are_there() -> None:
    page = (ROOT / "docs" / "extending.md").read_text("utf-8")
    named = re.findall(r"`((?:fof|models|tests|docs)/[^`\s]+\.(?:py|csv|toml|md))`", page)
    assert len(named) > 20
    for path in named:
        if "NOUN" not in path and "…" not in path:
            assert (ROOT / path).is_file(), path


def test_a_trial_instrument_stands_on_every_face(tmp_path: Path) -> None:
    warm()
    copy = copied(tmp_path / "copy")
    (tmp_path / "office.sqlite").write_bytes(gzip.decompress(OFFICE.read_bytes()))
    book = Database(f"sqlite:///{tmp_path / 'office.sqlite'}")
    book.init()
    book.close()
    where = {"FOF_DATABASE_URL": str(book.url), "FOF_DATA_DIR": str(tmp_path)}
    asked = run(copy, str(TRIAL / "ask.py"), str(copy), str(tmp_path), **where)
    assert asked.returncode == 0, asked.stdout + asked.stderr
    assert asked.stdout.endswith("done\n")


@pytest.mark.parametrize("place", [*map(str, NEW), *ADDED])
def test_a_forgotten_place_is_named_by_the_check_and_by_the_server(place: str, tmp_path: Path) -> None:
    copy = copied(tmp_path / "copy", place)
    both = run(copy, "-c", CHECKED_AND_STARTED, FOF_DATA_DIR=str(tmp_path))
    check, start = (both.stdout + both.stderr).split("checked: 1\n")
    assert both.returncode != 0
    assert place in check
    assert place in start
