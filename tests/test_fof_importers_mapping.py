"""Mappings: a foreign table read as a layout of ours; what it neither reads nor ignores is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from fof.errors import Refused
from fof.importers.cells import Amount
from fof.importers.layouts import LAYOUTS
from fof.importers.mapping import Mapping, mapping_from_json, mapping_from_toml, suggest
from fof.importers.reader import read_file
from fof.importers.row_reader import read_table
from fof.importers.tables import Table
from models.kinds import MultipleBasis, Strategy

SEEDS = Path(__file__).resolve().parents[1] / "seeds"

TOML = """
name = "foreign"
layout = "positions"
ignore = ["comment"]
[columns]
holder = "plan"
fund = "partnership"
day = "as_of"
called = "called_mm"
remaining = "value (USD million)"
stated_irr = "irr"
stated_multiple = "tvpi"
[constants]
multiple_basis = "reported"
[units]
called = "USD million"
[shares]
stated_irr = "fraction"
[words.fund]
"n/a" = ""
[skip]
plan = ["Total"]
[create.fund]
kind = "sub_fund"
facts = { strategy = "style" }
constants = { currency = "USD" }
[words."fund.strategy"]
"Buyout " = "merger"
"""
HEADER = "plan,partnership,as_of,called_mm,value (USD million),irr,tvpi,style,comment"


def mapped(text: str, toml: str = TOML) -> Table:
    file = read_file(text.encode(), "p.csv")
    mapping = mapping_from_toml(toml)
    return read_table(file, file.sheets[0], LAYOUTS[mapping.layout], mapping)


def test_a_foreign_row_is_read_as_ours():
    found = mapped(
        f"{HEADER}\nOregon,Fund I,2025-09-30,24.096354,-1.5,0.059,1.3738,BUYOUT,x\nTotal,,,,,,,,\n"
    )
    assert found.problems == []
    assert found.skipped == 1
    assert found.rows[0].stated() == {
        "holder": "Oregon",
        "fund": "Fund I",
        "day": dt.date(2025, 9, 30),
        "called": Amount(2_409_635_400, "USD"),
        "remaining": Amount(-150_000_000, "USD"),
        "stated_irr": Decimal("0.059"),
        "stated_multiple": Decimal("1.3738"),
        "multiple_basis": MultipleBasis.REPORTED,
        "fund.strategy": Strategy.MERGER,
        "fund.currency": "USD",
    }


def test_what_the_mapping_does_not_mention_is_refused():
    found = mapped(
        "plan,partnership,as_of,called_mm,irr,tvpi,style,style,comment,extra\nO,F,2025-09-30,1,,,,,,5\n"
    )
    assert [(p.code, p.found) for p in found.problems] == [
        ("duplicate_header", "style"),
        ("missing_header", "value (USD million)"),
        ("unknown_header", "extra"),
    ]


def test_problems_carry_the_file_s_own_headers():
    found = mapped(f"{HEADER}\nOregon,n/a,30/9/2025,abc,,,,Pirate,\n")
    assert [(p.code, p.where.row, p.where.named()) for p in found.problems] == [
        ("required", 2, "partnership"),
        ("not_a_date", 2, "as_of"),
        ("not_a_number", 2, "called_mm"),
        ("not_listed", 2, "style"),
    ]


def test_one_row_can_be_two_of_ours():
    toml = """
name = "two"
layout = "positions"
[columns]
fund = "f"
[constants]
holder = "NY"
[units]
called = "USD million"
[[variants]]
columns = { called = "c24" }
constants = { day = "2024-03-31" }
[[variants]]
columns = { called = "c25" }
constants = { day = "2025-03-31" }
"""
    found = mapped("f,c24,c25\nFund I,1,2\n", toml)
    assert [(r.number, str(r.day("day")), r.fen("called")) for r in found.rows] == [
        (2, "2024-03-31", 10**8),
        (2, "2025-03-31", 2 * 10**8),
    ]
    assert found.totals == {("called", "USD"): 3 * 10**8}


def test_a_mapping_survives_the_journal():
    mapping = mapping_from_toml(TOML)
    assert mapping_from_json(mapping.as_json()) == mapping


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda t: t.replace('layout = "positions"', 'layout = "nonsense"'), "layout"),
        (lambda t: t.replace('called = "called_mm"', 'caled = "called_mm"'), "columns.caled"),
        (lambda t: t.replace('"USD million"\n', '"pieces of eight"\n', 1), "units.called"),
        (lambda t: t.replace('"fraction"', '"permille"'), "shares.stated_irr"),
        (lambda t: t + "\n[nonsense]\nx = 1\n", "nonsense"),
        (lambda t: t + "\n[[[", None),
    ],
)
def test_a_mapping_that_names_what_is_not_there_is_refused(change, field):
    with pytest.raises(Refused) as caught:
        mapping_from_toml(change(TOML), "m.toml")
    problem = caught.value.problems[0]
    assert problem.code == "bad_mapping"
    assert (problem.where.file, problem.where.named()) == ("m.toml", field)


def test_a_required_column_that_nothing_gives_is_refused():
    found = mapped(
        HEADER + "\n", TOML.replace('day = "as_of"\n', "").replace('["comment"]', '["comment", "as_of"]')
    )
    assert [(p.code, p.expected.zh) for p in found.problems] == [
        ("missing_header", "列映射未给出必填列“披露日”")
    ]


def test_likely_columns_are_suggested_once_each():
    headers = [
        "pension_fund_name",
        "fund_name",
        "as_of_date",
        "commitment_mm",
        "net_irr",
        "net_multiple",
        "zzz",
    ]
    found = suggest(LAYOUTS["positions"], headers)
    assert found["fund"] == "fund_name"
    assert found["day"] == "as_of_date"
    assert found["commitment"] == "commitment_mm"
    assert found["stated_irr"] == "net_irr"
    assert found["stated_multiple"] == "net_multiple"
    assert "zzz" not in found.values()
    assert len(set(found.values())) == len(found)


def test_headers_in_our_own_words_are_suggested_for_their_own_columns():
    layout = LAYOUTS["capital_calls"]
    wanted = {c.name: c.text.zh for c in layout.columns}
    assert suggest(layout, list(wanted.values())) == wanted


@pytest.mark.parametrize("path", sorted(SEEDS.rglob("*.toml")), ids=lambda p: p.name)
def test_shipped_mappings_are_whole(path):
    mapping = mapping_from_toml(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(mapping, Mapping)
    assert mapping.source
