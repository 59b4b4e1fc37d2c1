"""With --lang en every refusal is English, in JSON the same codes stand in both languages, and no mark of Chinese stands
between English words. Names and documents of the book are left as they are."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from screens import as_a_new_server
from streamlit.testing.v1 import AppTest

from fof.cli import main
from fof.rules.registry import RULES
from models.text import use

ROOT = Path(__file__).resolve().parents[1]
HAN = re.compile("[\u3400-\u9fff]")
MARKS = re.compile("[：，；、。！？（）“”]")
WRONG = """
performance --fund NOPE
performance --fund PF-2023
performance --by nothing
performance --as-of 2026-13-01
performance --known-at soon
performance --known-at 999999
performance --known-at 1999-Q1
performance --known-at 2026-02-30
performance --portfolio NOPE
performance --portfolio ALL-XXX
performance --index {bad}
performance --index {index}
performance --unit 1
performance --bogus
nothing
commitments --by nothing
commitments --look-through --base x
lookthrough NOPE
lookthrough GF-2023 --base x
statement NOPE
statement SF-2011-01 --investor NOPE
statement SF-2011-01 --investor SF-2018-02
statement SF-2011-01 --from 2030-01-01 --as-of 2026-09-30
statement SF-2011-01 --open nothing --as-of 2026-09-30
statement
explain nothing
explain tvpi --by nothing
explain tvpi --by fund
explain tvpi --by fund --key NOPE
explain tvpi --by investor --key NOPE
explain tvpi --fund NOPE
explain tvpi --fund PF-2023
explain tvpi --currency XXX
explain gov_direct
explain exposure_cost
explain exposure_cost --of NOPE
explain exposure_cost --of SF-2011-01 --owner SF-2018-02
explain leverage_z
overview --portfolio NOPE
fund NOPE
positions --holder NOPE
positions --roll-from 2020-01-01
journal show 999999
journal show x
journal list --kind nothing
journal list --amount x
journal list --party NOPE
journal changes --from 999999
journal changes --from 5 --to 4
reverse 999999 --why x
reverse 5 --why=
backup {folder}/nowhere/x
restore {folder}/nowhere/x
restore {bad}
import {folder}/nowhere.csv
import {bad}
import {bad} --layout nothing
import {bad} --layout funds
import {bad} --mapping nothing
import {bad} --mapping {folder}/wrong.toml
template nothing -o {folder}/t.xlsx
template funds -o {folder}/nowhere/t.xlsx
export -o {folder}/nowhere/t.xlsx
seed pensions --from {bad}
audit guidance --fund NOPE
audit guidance --family XX
audit guidance --verdict maybe
audit guidance --portfolio NOPE
dispose NOPE GF accept --reason x --reference y
dispose GF-06 SF-2018-02 nothing --reason x --reference y
dispose GF-06 SF-2018-02 rectify --reason x --reference y
set nothing 1 --document x
set gov_share_cap_lookthrough 1.5 --document x
set gov_share_cap_lookthrough x --document x
set gov_share_cap_lookthrough 0.3 --document x --fund NOPE
evaluation score --fund NOPE
evaluation weights 10 10 10 --fund SF-2018-02 --document x
evaluation mark SF-2018-02 nothing 1 --document x
evaluation scale nothing 1 2 --document x
operations call --fund NOPE --part investment=5 --notice-on 2026-01-01 --due-on 2026-02-01
operations call --fund SF-2018-02 --part nothing=5 --notice-on 2026-01-01 --due-on 2026-02-01
operations call --fund SF-2018-02 --part investment=x --notice-on 2026-01-01 --due-on 2025-02-01
operations call --fund SF-2018-02 --part investment=5000000000000 --notice-on 2026-01-01 --due-on 2025-02-01 --book
operations pay --fund SF-2018-02 --investor NOPE --number x --paid-on 2026-01-01
operations pay --fund SF-2018-02 --investor PF-2023 --number x --paid-on 2026-01-01
operations chase --portfolio NOPE
operations notices --fund SF-2018-02 --number NOPE --to {folder}/notices
operations notices --fund SF-2018-02 --number NOPE --distribution --to {folder}/notices
operations distribute --fund SF-2018-02 --cash 500000000000 --pay-on 2026-01-01 --recallable 9999999999999
operations distribute --fund SF-2018-02 --cash x --pay-on 2026-01-01
operations closing --fund SF-2018-02 --on 2000-01-01 --rate x
operations closing --fund SF-2018-02 --on 2026-01-01 --rate 0.08 --join NOPE=5
operations closing --fund SF-2018-02 --on 2026-01-01 --rate -0.08
operations fees --fund NOPE
operations clawback --fund NOPE
operations quarter --end 2026-01-05 --close
operations quarter --end 2001-06-30 --after-close
operations clocks --portfolio NOPE
operations merge --from NOPE --into PF-2023 --on 2026-01-01 --document x
operations merge --from SF-2018-02 --into SF-2018-02 --on 2026-01-01 --document x
operations merge --from SF-2018-02 --into SF-2011-01 --on 2026-01-01 --document x
coverage --part nothing
coverage --since x
coverage --definition nothing
coverage --city NOPE
coverage --part companies --city NOPE
coverage --part gaps --by city
coverage --part companies --since 2020-01-01
pools --table nothing
pools --pool NOPE
pools --pool SF-2018-02
instruments --table nothing
audit pools --pool NOPE
audit coinvest --institution NOPE
audit counterfactual --institution NOPE
audit counterfactual --by nothing
audit case GF-06 NOPE
audit case XX-01 SF-2018-02
audit begin GF-06 NOPE
audit step NOPE issued
audit step NOPE nothing
audit requests --institution NOPE
audit requests --due x
audit workpaper --institution NOPE -o {folder}/w.xlsx
audit workpaper --institution MG-04 -o {folder}/w.docx
audit evidence NOPE
audit person NOPE
audit deal NOPE
audit relations NOPE
audit participation --institution NOPE
audit sample draw --institution NOPE
audit sample draw --institution MG-04 --confidence 1
audit sample draw --institution MG-04 --tolerable 0
audit sample draw --institution MG-04 --expected 0.05
audit sample draw --institution MG-04 --expected 0.0499999
audit sample draw --institution MG-04 --confidence x
audit sample draw --institution MG-04 --strata 0
audit sample show NOPE
audit sample evaluate NOPE
audit sample hints --institution NOPE
audit file store NOPE {bad}
audit file open NOPE --out {folder}/f
audit file erase NOPE
users add U1 nothing --login x
users grant NOPE viewer
users revoke NOPE viewer
users institutions NOPE
personal show NOPE --reason x
personal show P001 nothing --reason x
personal erase NOPE
personal rotate
evaluation register --year 0
evaluation register --year x
report pools --out {folder}/nowhere/t.xlsx
operations claim NOPE --on 2026-01-01 --step pay
operations claim SQ-2021-0003 --on 2026-01-01 --step nothing
project run {folder}/nowhere.toml
project run {bad}
project plan {bad}
project save {bad}
project compare {bad} {bad}
project backtest --years 0
"""
PRINTED = """
performance --by fund
performance --by vintage,strategy
commitments --look-through
lookthrough GF-2023
lookthrough SF-2011-01 --owners
statement SF-2018-02
statement SF-2018-02 --investor PF-2023
explain tvpi --fund SF-2018-02
explain gov_looked_through --fund SF-2018-02
overview
fund SF-2018-02 --all
positions
audit guidance --fund SF-2018-02 --verdict all
evaluation score --fund SF-2018-02
evaluation losses --deals
evaluation whole-life
operations chase
operations fees --fund SF-2018-02
operations clocks
"""


@pytest.fixture
def demo(demo_file, monkeypatch, tmp_path):
    """The demo office for reading, and files that are wrong."""
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{demo_file}")
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FOF_LANG", "en")
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n", "utf-8")
    (tmp_path / "index.csv").write_text("day,level\n2020-01-01,x\n", "utf-8")
    (tmp_path / "wrong.toml").write_text("name = 3", "utf-8")
    return {"folder": tmp_path, "bad": tmp_path / "bad.csv", "index": tmp_path / "index.csv"}


def own_words(file: str) -> re.Pattern[str]:
    """Whatever Chinese the book itself holds, and the documents that rules cite; the longest first."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as book:
        held = {t for (t,) in book.execute("SELECT value FROM fact UNION SELECT document FROM fact") if t}
        held |= {
            t for (t,) in book.execute("SELECT note FROM entry UNION SELECT source_name FROM entry") if t
        }
        held |= {t for (t,) in book.execute("SELECT document FROM setting") if t}
    held |= {s.cite for rule in RULES.values() for s in rule.sources}
    words = sorted((t for t in held if HAN.search(t) or MARKS.search(t)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def test_every_refusal_is_english(demo, demo_file, capsys):
    own = own_words(demo_file)
    for line in WRONG.strip().splitlines():
        code = main(line.format(**demo).split())
        said = "".join(capsys.readouterr())
        assert code == 2, (line, said)
        assert "Traceback" not in said, line
        asked = re.search("No such option|Missing (option|argument)|unexpected extra", said) is not None
        assert asked == ("--bogus" in line or line == "statement"), (line, said)
        left = own.sub("", said)
        assert not HAN.search(re.sub("'(元|万元|亿元)'", "", left)), (line, left)
        assert not MARKS.search(left), (line, left)


@pytest.mark.parametrize("of", ["missing", "damaged", "newer"])
def test_a_book_that_cannot_be_had_is_told_of_in_english(monkeypatch, tmp_path, capsys, of):
    place = tmp_path / "book.sqlite"
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{place}")
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("FOF_LANG", raising=False)
    if of == "damaged":
        place.write_bytes(b"no book at all" * 100)
    if of == "newer":
        assert main(["init"]) == 0
        with sqlite3.connect(place) as book:
            book.execute("UPDATE alembic_version SET version_num = '9999'")
    capsys.readouterr()
    for line in ("performance", "journal list", "audit guidance", "operations clocks"):
        assert main([*line.split(), "--lang", "en"]) == 4
        out, err = capsys.readouterr()
        assert out == ""
        assert err
        assert not HAN.search(err), err
        assert not MARKS.search(err), err
        assert main(line.split()) == 4
        assert HAN.search(capsys.readouterr().err)


def test_json_refusals_differ_in_their_sentences_alone(demo, capsys):
    for line in ("import {bad} --layout funds --json", "import {index} --layout distributions --json"):
        told = []
        for language in ("zh", "en"):
            assert main([*line.format(**demo).split(), "--lang", language]) == 2
            told.append(json.loads(capsys.readouterr().out))
        chinese, english = told
        assert chinese["rows"] or chinese.get("problems")
        assert _without_sentences(chinese) == _without_sentences(english)
        assert HAN.search(json.dumps(chinese, ensure_ascii=False))
        assert not HAN.search(json.dumps(english, ensure_ascii=False))


def _without_sentences(value: object) -> object:
    if isinstance(value, dict):
        return {k: _without_sentences(v) for k, v in value.items() if k not in ("expected", "field", "what")}
    return [_without_sentences(v) for v in value] if isinstance(value, list) else value


def test_no_chinese_mark_stands_between_english_words_of_a_command(demo, demo_file, capsys):
    own = own_words(demo_file)
    for line in PRINTED.strip().splitlines():
        assert main([*line.split(), "--as-of", "2026-09-30"]) == 0, line
        said = own.sub("", "".join(capsys.readouterr()))
        for row in said.splitlines():
            assert not MARKS.search(row), (line, row)


@pytest.fixture
def screens(demo):
    """The screens read the settings of this test, and later ones theirs."""
    as_a_new_server()
    use("en")  # what a page calls back is called in this thread
    yield
    use("zh")
    as_a_new_server()


ONE_OF_MANY = re.compile(
    r"(?<![\d.,])1 (rows|entries|days|months|years|items|funds|companies|findings|stakes|people|files|notices|problems)\b"
)
"""A number of one before a plural."""
PAGES = sorted(p.stem for p in (ROOT / "fof/ui/pages").glob("*.py"))


def test_no_chinese_mark_stands_between_english_words_of_a_page(screens, demo_file, monkeypatch):
    monkeypatch.setattr(
        "fof.ui.background.QUICK_SECONDS", 300.0
    )  # findings too, not the line that waits for them
    own = own_words(demo_file)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    app.query_params["lang"], app.query_params["as_of"] = "en", "2026-09-30"
    app.run()
    seen = 0
    for page in PAGES:
        app.query_params["pool"] = "ZJC-02"  # of one pool: a table with one row
        app.switch_page(f"fof/ui/pages/{page}.py").run()
        assert not app.exception, page
        for said in (*app.caption, *app.markdown, *app.text, *app.warning, *app.info, *app.button):
            text = str(said.label if hasattr(said, "label") and said.type == "button" else said.value)
            seen += bool(re.search("[A-Za-z]{3}", text))
            assert not MARKS.search(own.sub("", text)), (page, text)
            assert not ONE_OF_MANY.search(text), (page, text)
    assert seen > 50
