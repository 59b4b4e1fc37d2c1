"""Every command once as somebody would call it, with what it is where it is left out; and none with a value that holds nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import typer.main
from test_fof_cli_shared_options import every_command

from fof.cli import app, main
from fof.cli.lazy import EMPTY_IS_UNKNOWN, ready

CALLS = """
init
seed demo --if-empty
seed pensions --if-empty
template all -o {folder}/template.xlsx
export -o {folder}/book.xlsx
performance
commitments
statement SF-2018-02
explain tvpi
overview
fund SF-2018-02
positions
coverage
coverage --part companies --city= --stage=
instruments
lookthrough GF-2023
pools
rules
audit guidance
audit coinvest
audit pools
audit instruments
audit counterfactual
audit participation
audit requests
audit case GF-11 SF-2024-01
audit person {person}
audit deal {deal}
audit relations {person}
audit evidence FE-SF-2017-02-X07-1-02
audit workpaper --institution MG-04 -o {folder}/paper.xlsx
audit sample hints --institution MG-04
audit sample draw --institution MG-04
audit sample list
audit sample show {sample}
audit sample evaluate {sample} --document 底稿
audit begin GF-11 SF-2024-01
audit step {case} evidence_sheet --statement 事实
audit cases
personal init
personal rotate
personal list
personal duplicates
audit file store ZJ-SF-2017-02-X07-1-02-01 {file}
audit file open ZJ-SF-2017-02-X07-1-02-01 --out {folder}/opened --reason 核对
audit file erase ZJ-SF-2017-02-X07-1-02-01 --reason 误存
users list
dispose GF-30 SF-2012-02 rectify --reason 限期 --reference 号 --until 2027-06-30
set gov_share_cap_lookthrough 0.3 --document 文
evaluation score
evaluation losses
evaluation whole-life
evaluation reinvestment
evaluation leverage
evaluation register
evaluation weights 40 20 40 --document 文
evaluation mark SF-2018-02 {indicator} 0.8 --document 文
report pools -o {folder}/pools.xlsx
operations chase
operations fees --fund SF-2018-02
operations clawback
operations quarter --end 2026-09-30
operations clocks
operations call --fund SF-2025-03 --part investment=1000 --notice-on 2026-11-01 --due-on 2026-11-20
operations distribute --fund SF-2018-02 --cash 1000 --pay-on 2026-11-20
operations claim SQ-2022-0001 --on 2026-11-20 --step pay
project saved
journal list
journal show 1
journal changes --from 32000
journal name 季报 --why 报告
verify
backup {folder}/backup.sqlite
reverse 32673 --why 误登
users add U1 admin --login root
users grant U1 auditor
users institutions U1
users revoke U1 auditor
warmup
"""
ELSEWHERE = {
    "import": "the files of the demo office and of the tests of files",
    "restore": "tests of backups",
    "personal show": "tests of personal data, where a person stands in the store",
    "personal erase": "the same",
    "evaluation scale": "tests of evaluation",
    "operations pay": "tests of notices",
    "operations notices": "the same",
    "operations merge": "tests of mergers",
    "operations closing": "tests of later closings",
    "project run": "tests of scenarios",
    "project plan": "the same",
    "project save": "the same",
    "project compare": "the same",
    "project backtest": "the same",
    "ui": "tests of the server",
}
"""Commands that need a book or files of their own -> where they are called."""


@pytest.fixture
def clerk(demo_file, monkeypatch, tmp_path):
    """A copy of the demo office for one test."""
    book = tmp_path / "book.sqlite"
    shutil.copy(demo_file, book)
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{book}")
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FOF_PERSONAL_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("FOF_LANG", "en")
    return tmp_path


def paths() -> dict[str, Any]:
    return {" ".join(path): one for path, one in every_command(ready(typer.main.get_command(app))).items()}


def test_every_command_is_called_here_or_named() -> None:
    lines = CALLS.strip().splitlines()
    called = {path for path in paths() if any(f"{line} ".startswith(f"{path} ") for line in lines)}
    assert sorted(paths()) == sorted(called | set(ELSEWHERE))
    assert not called & set(ELSEWHERE)


def test_every_command_answers(clerk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the order of a working day, on one book; the codes of what was made before are taken from its answers."""
    (clerk / "file.pdf").write_bytes(b"%PDF-1.4 evidence")
    names = {"folder": clerk, "file": clerk / "file.pdf", "person": "HM-01"}
    names |= {
        "deal": "SF-2017-02-X07-1",
        "indicator": "internal_control",
        "sample": "CY-0001",
        "case": "SJ-0001",
    }
    wrong = {}
    for line in CALLS.strip().splitlines():
        code = main(line.format(**names).split())
        written = capsys.readouterr()
        if code not in (0, 1) or "Traceback" in written.err:
            wrong[line] = (code, written.err[-300:])
    assert wrong == {}


def test_no_command_takes_a_value_that_holds_nothing() -> None:
    """A variable of a script that is not set must not turn `--fund "$F"` into all funds, nor `--known-at` into today."""
    refused = 0
    for command in paths().values():
        for parameter in command.params:
            if getattr(parameter, "is_flag", False) or parameter.default == "":
                continue
            given = ("",) if parameter.multiple or parameter.nargs == -1 else ""
            if parameter.name in EMPTY_IS_UNKNOWN:
                continue
            with pytest.raises(typer.BadParameter, match="不能为空"):
                parameter.process_value(typer.Context(command), given)
            refused += 1
    assert refused > 300
